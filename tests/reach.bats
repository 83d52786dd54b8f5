# SPDX-License-Identifier: GPL-3.0-only
# reach, diff, what-if, expect never and always, lint: all packets at once.

load lib/common

setup() {
	DESIGN=topologies/two-nat-gateways.lab
}

# bats file_tags=pure

@test "reach: the attack surface in one line, with what the far end sees" {
	run "$VPCLAB" reach "$DESIGN" 'internet -> VPC1'
	[ "$status" -eq 0 ]
	[ "${lines[0]}" = 'Gets through:' ]
	[ "${lines[1]}" = '  internet -> EIP2 tcp 80, at ECS2, seen as itself' ]
	[ "${#lines[@]}" -eq 3 ]
}

@test "reach: a star is no end, any is" {
	run "$VPCLAB" reach "$DESIGN" '* -> ECS2'
	[ "$status" -eq 2 ]
	[[ $output == *'* is no node, EIP'*'hint: any is all of them'* ]]
	for flow in 'explain * -> ECS2' 'explain ECS1 -> *' 'trace any -> ECS2' 'expect reachable ECS1 -> any'; do
		(cat "$DESIGN" && echo "$flow") >"$LAB"
		run -2 "$VPCLAB" validate "$LAB"
		[[ $output == *'hint: explain and reach take any, for all of them'* ]]
	done
}

@test "reach: addresses that the lab holds make no hole in the internet" {
	cat >"$LAB" <<-'END'
		vpc create VPC1 cidr 10.0.0.0/16
		vswitch create VSW1 vpc VPC1 cidr 10.0.1.0/24
		sg create SG1 vpc VPC1
		sg allow SG1 in tcp 80 from 0.0.0.0/0
		sg allow SG1 in tcp 81 from 203.0.113.0/29
		ecs create ECS1 vswitch VSW1 security-group SG1
		nat-gateway create NAT1 vpc VPC1 vswitch VSW1
		eip create EIP{1..3} ip 203.0.113.{2..4}
		eip associate EIP{1..3} nat-gateway NAT1
		dnat create dnat1 nat-gateway NAT1 eip EIP1 protocol tcp public-port 80-81 to ECS1 private-port 80-81
		route create Route1 table VPC1/system to 203.0.113.2/32 via nat-gateway NAT1
	END
	run "$VPCLAB" reach "$LAB" 'internet -> EIP1'
	[ "${lines[0]}" = 'Open, but nothing listens:' ]
	[ "${lines[1]}" = '  internet -> EIP1 tcp 80, at ECS1, seen as itself' ]
	[[ ${lines[2]} == *'203.0.113.0/29 -> EIP1 tcp 81, at ECS1, seen as itself' || ${lines[3]} == *'203.0.113.0/29 -> EIP1 tcp 81, at ECS1, seen as itself' ]]
}

@test "reach: EIPs of several addresses of one interface, and a stranger with the address of a router" {
	cat >"$LAB" <<-'END'
		profile today
		vpc create VPC1 cidr 11.18.0.0/16
		vswitch create VSW1 vpc VPC1 cidr 11.18.16.0/28
		sg create SG1 vpc VPC1
		sg allow SG1 in udp 53 from 0.0.0.0/0
		ecs create ECS1 vswitch VSW1 security-group SG1
		eni create ENI1 vswitch VSW1 security-group SG1
		eni attach ENI1 ecs ECS1
		eni assign ENI1 ip 11.18.16.9
		eip create EIP{1,2}
		eip associate EIP1 eni ENI1
		eip associate EIP2 eni ENI1 private-ip 11.18.16.9
		service start ECS1 echo protocol udp port 53
	END
	run "$VPCLAB" explain "$LAB" 'internet -> EIP1,EIP2 udp 53'
	[[ $output == *'internet except 11.18.0.0/16 -> EIP1 udp 53: reachable'* ]]
	[[ $output == *'internet -> EIP2 udp 53: UNREACHABLE_ADDRESS'* ]]
	[[ $output == *$'\n11.18.16.13 -> EIP1 udp 53: UNREACHABLE_ADDRESS'* ]]
}

@test "reach: the way out, and that there is none" {
	run "$VPCLAB" reach "$DESIGN" 'ECS1 -> internet tcp'
	[ "${lines[1]}" = '  ECS1 -> internet tcp 1-24,26-65535, seen as EIP1' ]
	run "$VPCLAB" reach "$DESIGN" 'ECS2 -> internet'
	[ "$output" = 'Nothing gets through.' ]
}

@test "reach: JSON has the keys of the contract" {
	run --separate-stderr "$VPCLAB" -j reach "$DESIGN" 'internet -> EIP2 tcp'
	[ "$status" -eq 0 ]
	jq -e 'length == 1 and (.[0] | .from == "internet" and .to == "EIP2" and .protocol == "tcp" and .ports == "80"
		and .seen_as == "itself" and .target == "ECS2" and .verdict == "reachable"
		and (.witness | endswith(" -> EIP2 tcp 80")))' <<<"$output"
}

@test "reach: a rule for some addresses and ports cuts the internet" {
	sed 's/from 0.0.0.0\/0/from 198.51.100.0\/25/' "$DESIGN" >"$LAB"
	run "$VPCLAB" reach "$LAB" 'internet -> EIP2'
	[ "${lines[1]}" = '  198.51.100.0/25 -> EIP2 tcp 80, at ECS2, seen as itself' ]
	run "$VPCLAB" reach "$LAB" '198.51.100.200-198.51.101.0 -> EIP2 tcp 1-100,443'
	[ "$output" = 'Nothing gets through.' ]
	printf 'sg drop SG2 in tcp 80 from 198.51.100.64/26 priority 1\n' >>"$LAB"
	run "$VPCLAB" reach "$LAB" 'internet -> EIP2'
	[ "${lines[1]}" = '  198.51.100.0/26 -> EIP2 tcp 80, at ECS2, seen as itself' ]
}

@test "reach: a pool whose EIPs do not all get through is an answer of its own" {
	cat >"$LAB" <<-'END'
		vpc create VPC1 cidr 10.0.0.0/16
		vswitch create VSW1 vpc VPC1 cidr 10.0.1.0/24
		vswitch create VSW2 vpc VPC1 cidr 10.0.2.0/24
		ecs create ECS1 vswitch VSW1
		nat-gateway create NAT1 vpc VPC1 vswitch VSW1
		eip create EIP1 ip 203.0.113.1
		eip create EIP2 ip 203.0.113.2
		eip associate EIP1 nat-gateway NAT1
		eip associate EIP2 nat-gateway NAT1
		snat create snat1 nat-gateway NAT1 source vswitch VSW1 eip EIP1,EIP2
		vpc create VPC2 cidr 10.1.0.0/16
		vswitch create VSW3 vpc VPC2 cidr 10.1.0.0/24
		sg create SG1 vpc VPC2
		sg allow SG1 in tcp 80 from 203.0.113.1/32
		ecs create ECS2 vswitch VSW3 security-group SG1 public-ip 203.0.113.9
		service start ECS2 http
	END
	run --separate-stderr "$VPCLAB" -j reach "$LAB" 'ECS1 -> ECS2 tcp'
	[ "$status" -eq 0 ]
	jq -e '[.[] | select(.ports == "80")] | length == 1 and .[0].verdict == "sometimes"
		and .[0].seen_as == ["203.0.113.1","203.0.113.2"] and .[0].to == "ECS2.public"' <<<"$output"
	run "$VPCLAB" reach "$LAB" 'ECS1 -> ECS2 tcp 80'
	[[ $output == *'now and then'*'ECS1 -> ECS2.public tcp 80, seen as EIP1 or EIP2'* ]]
	run --separate-stderr "$VPCLAB" -j explain "$LAB" 'ECS1,ECS2 -> ECS2.public tcp 80,81'
	jq -e 'any(.[]; .from == "ECS1" and .ports == "80" and .verdict == "sometimes" and .code == "SG_INGRESS"
		and .seen_as == ["203.0.113.1","203.0.113.2"])' <<<"$output"
}

@test "reach: open where nothing listens is said apart" {
	grep -v '^service start' "$DESIGN" >"$LAB"
	run "$VPCLAB" reach "$LAB" 'internet -> VPC1'
	[ "${lines[0]}" = 'Open, but nothing listens:' ]
	[ "${lines[1]}" = '  internet -> EIP2 tcp 80, at ECS2, seen as itself' ]
}

# bats file_tags=

@test "a stranger's witness can be sent" {
	sed '/^expect/d' "$DESIGN" >"$LAB"
	witness=$("$VPCLAB" -j reach "$LAB" 'internet -> VPC1' | jq -r '.[0].witness')
	[[ $witness == *.*.*.*' -> EIP2 tcp 80' ]]
	printf 'expect reachable %s seen-as %s\nexpect blocked %s1\n' "$witness" "${witness%% *}" "$witness" >>"$LAB"
	echo 'expect fail internet sh -c "ip addr | grep -q '"${witness%% *}"'"' >>"$LAB"
	run "$VPCLAB" run "$LAB"
	[ "$status" -eq 0 ]
	[[ $output == *'3 passed, 0 failed'* ]]
}

# The rows without their witnesses.
rows() {
	output=$("$VPCLAB" reach "$LAB" "$1" | grep -v 'for example')
}

# bats file_tags=pure

@test "reach: hosts that all reach each other are one row, whatever tells them apart" {
	cat >"$LAB" <<-'END'
		vpc create VPC1 cidr 10.0.0.0/16
		vswitch create VSW1 vpc VPC1 cidr 10.0.1.0/24
		sg create SG1 vpc VPC1
		sg allow SG1 in tcp 80 from 0.0.0.0/0
		ecs create web{1..10} vswitch VSW1 security-group SG1
		service start web{1..10} http
		service start web2 ssh
		nat-gateway create NAT1 vpc VPC1 vswitch VSW1
		eip create EIP1
		eip associate EIP1 nat-gateway NAT1
		dnat create dnat1 nat-gateway NAT1 eip EIP1 protocol tcp public-port 80 to web1 private-port 80
		internet-host create client
		internet-host create office
	END
	rows 'VPC1 -> VPC1 tcp 80'
	[ "$output" = $'Gets through:\n  VPC1 -> VPC1 tcp 80, seen as itself' ]
	rows 'VPC1 -> VPC1 tcp 22'
	[ "$output" = $'Gets through:\n  VPC1 -> web2 tcp 22, seen as itself\n\nOpen, but nothing listens:\n  VPC1 -> VPC1 except web2 tcp 22, seen as itself' ]
	# Names of sets mean the hosts in them; what is no host is not in any.
	rows 'any -> any icmp'
	[[ $output == *'  VPC1 -> VPC1 icmp, seen as itself'* ]]
	[[ $output != *'router'* ]]
	rows 'VPC1 -> 10.0.1.253'
	[[ $output == *'  VPC1 -> VSW1 (router) icmp, seen as itself'* ]]
	# The lab's own hosts on the internet do not answer everything; strangers do.
	echo 'snat create snat1 nat-gateway NAT1 source vpc VPC1 eip EIP1' >>"$LAB"
	rows 'VPC1 -> internet tcp 443'
	[[ $output == *'  VPC1 -> internet except client,office tcp 443, seen as EIP1'*'nothing listens'*'VPC1 -> client,office tcp 443'* ]]
	# Nor is a host its own target.
	rows 'client -> internet tcp 443'
	[[ $output == *'  client -> internet except client,office tcp 443, seen as itself'*'  client -> client,office tcp 443'* ]]
	sed -i '/office/d' "$LAB"
	rows 'client -> internet tcp 443'
	[[ $output == *'  client -> internet tcp 443, seen as itself'* ]]
	# JSON says the same.
	run --separate-stderr "$VPCLAB" -j reach "$LAB" 'VPC1 -> VPC1 tcp 80'
	jq -e 'map([.from, .to]) == [["VPC1", "VPC1"]]' <<<"$output"
}

@test "explain with sets: each part with its cause" {
	run "$VPCLAB" explain "$DESIGN" 'internet -> EIP2 tcp'
	[ "$status" -eq 0 ]
	[[ $output == *'internet -> EIP2 tcp 80: reachable, at ECS2, seen as itself'* ]]
	[[ $output == *'internet -> EIP2 tcp 1-79,81-65535: NO_DNAT_ENTRY at NAT2: '* ]]
	run --separate-stderr "$VPCLAB" -j explain "$DESIGN" 'internet -> EIP2 tcp'
	jq -e 'map(.code) | sort == [null, "NO_DNAT_ENTRY"]' <<<"$output"
}

@test "what is no set of flows is refused, with the nearest name" {
	run "$VPCLAB" reach "$DESIGN" 'intrnet -> VPC1'
	[ "$status" -eq 2 ]
	[[ $output == *'did you mean internet?'* ]]
	for bad in 'ECS1 -> ' 'ECS1 EIP2' 'ECS1 -> EIP2 sctp' 'ECS1 -> EIP2 icmp 8' 'ECS1 -> EIP2 tcp 0' \
		'ECS1 -> EIP2 tcp 80 90' 'ECS1, -> EIP2' '10.0.0.9-10.0.0.1 -> EIP2'; do
		run "$VPCLAB" reach "$DESIGN" "$bad"
		[ "$status" -eq 2 ] || { echo "accepted: $bad"; false; }
	done
}

# Two labs, the second with a port more and an entry less.
two_labs() {
	sed '/^expect/d' "$DESIGN" >"$BATS_TEST_TMPDIR/a.lab"
	sed '/^snat/d' "$BATS_TEST_TMPDIR/a.lab" >"$BATS_TEST_TMPDIR/b.lab"
	cat >>"$BATS_TEST_TMPDIR/b.lab" <<-'END'
		sg allow SG2 in tcp 22 from 203.0.113.128/25
		dnat create dnat2 nat-gateway NAT2 eip EIP2 protocol tcp public-port 2222 to ECS2 private-port 22
	END
}

@test "diff: what opens, closes and is cut, and by what; status 1, and 0 where nothing changes" {
	two_labs
	run "$VPCLAB" diff "$BATS_TEST_TMPDIR/a.lab" "$BATS_TEST_TMPDIR/b.lab"
	[ "$status" -eq 1 ]
	[[ $output == *$'Opened:\n  203.0.113.128/25 -> EIP2 tcp 2222\n'*'before: NO_DNAT_ENTRY'*'after:  open, nothing listens, at ECS2 port 22'*'entry dnat2; SG2 rule 2'* ]]
	[[ $output == *$'Closed:\n  ECS1 -> internet tcp 1-24,26-65535; udp; icmp\n'*'seen as EIP1, by SNAT entry snat1: EIP1'* ]]
	[[ $output == *$'that break:\n  ECS1 -> internet tcp 1-24,26-65535; udp; icmp\n'* ]]
	run awk 'length > 80' <<<"$output"
	[ -z "$output" ]
	run "$VPCLAB" diff "$BATS_TEST_TMPDIR/a.lab" "$BATS_TEST_TMPDIR/a.lab"
	[ "$status" -eq 0 ]
	[ "$output" = 'No flow changes.' ]
}

@test "diff: JSON has the keys of the contract, and Markdown is a table" {
	two_labs
	run --separate-stderr "$VPCLAB" -j diff "$BATS_TEST_TMPDIR/a.lab" "$BATS_TEST_TMPDIR/b.lab"
	[ "$status" -eq 1 ]
	jq -e '(keys_unsorted == ["opened","closed","retranslated","cut","complete"])
		and (.opened[0] | keys_unsorted == ["from","to","protocol","ports","before","after","witness"])
		and (.opened[0].before.code == "NO_DNAT_ENTRY") and (.opened[0].after.verdict == "not_listening")
		and any(.opened[0].after.decisions[]; .rule.name == "dnat2")' <<<"$output"
	run "$VPCLAB" diff "$BATS_TEST_TMPDIR/a.lab" "$BATS_TEST_TMPDIR/b.lab" --format github
	[ "$status" -eq 1 ]
	# The numbers first, what is opened, and the rest folded.
	[[ ${lines[0]} =~ ^\*\*[0-9]+\ opened ]]
	[[ ${lines[1]} =~ ^'<details open><summary>Opened: '[0-9]+'</summary>'$ ]]
	[ "${lines[3]}" = '| --- | --- | --- | --- |' ]
}

# bats file_tags=

@test "diff: a running lab against a file, and what is no lab" {
	two_labs
	"$VPCLAB" up one "$BATS_TEST_TMPDIR/a.lab" -q
	run "$VPCLAB" diff one "$BATS_TEST_TMPDIR/a.lab"
	[ "$output" = 'No flow changes.' ]
	run "$VPCLAB" -n one -c "diff $BATS_TEST_TMPDIR/b.lab"
	[ "$status" -eq 1 ]
	[[ $output == *'203.0.113.128/25 -> EIP2 tcp 2222'* ]]
	run "$VPCLAB" -n one -c 'diff nowhere.lab'
	[ "$status" -eq 2 ]
	echo nonsense >"$LAB"
	run "$VPCLAB" diff one "$LAB"
	[ "$status" -eq 2 ]
	[[ $output == *'is no lab: 1 mistake'* ]]
	"$VPCLAB" down one -q
}

@test "diff: a lab without resources is of no cloud yet, others are of one" {
	: >"$BATS_TEST_TMPDIR/empty.lab"
	echo 'vpc create VPC1 cidr 10.0.0.0/16' >"$BATS_TEST_TMPDIR/alibaba.lab"
	printf '%s\n' 'provider aws' 'vpc create VPC1 cidr 10.0.0.0/16' 'subnet create S1 vpc VPC1 cidr 10.0.0.0/24' \
		'internet-gateway create IGW1' 'internet-gateway attach IGW1 vpc VPC1' \
		'route create R1 table VPC1/main to 0.0.0.0/0 via internet-gateway IGW1' \
		'instance create web subnet S1 security-group VPC1/default' 'eip create EIP1' 'eip associate EIP1 instance web' >"$LAB"
	run "$VPCLAB" diff "$BATS_TEST_TMPDIR/empty.lab" "$LAB"
	[ "$status" -eq 1 ]
	[[ $output == *$'Opened:\n'*'web -> internet'* ]]
	run "$VPCLAB" diff "$LAB" "$BATS_TEST_TMPDIR/empty.lab"
	[ "$status" -eq 1 ]
	[[ $output == *$'Closed:\n  web -> '* ]]
	run "$VPCLAB" diff "$BATS_TEST_TMPDIR/alibaba.lab" "$LAB"
	[ "$status" -eq 2 ]
	[[ $output == *'the labs are of two clouds'*'hint: '* ]]
}

@test "diff, what-if: what the lines of a file, or its user, have changed in a host counts" {
	sed '/^expect/d' "$DESIGN" >"$BATS_TEST_TMPDIR/a.lab"
	{ cat "$BATS_TEST_TMPDIR/a.lab"; echo 'ECS1 ip route add blackhole 192.0.2.0/24'; } >"$BATS_TEST_TMPDIR/b.lab"
	run "$VPCLAB" diff "$BATS_TEST_TMPDIR/a.lab" "$BATS_TEST_TMPDIR/b.lab"
	[ "$status" -eq 1 ]
	[[ $output == *$'Closed:\n  ECS1 -> 192.0.2.0/24 tcp 1-24,26-65535; udp; icmp\n'*'after:  NO_ROUTE'* ]]
	[[ $output != *Opened* ]]
	run "$VPCLAB" -q -c "include $BATS_TEST_TMPDIR/b.lab" -c 'what-if snat delete snat1'
	[[ $output == *$'Closed:\n  ECS1 -> internet except 192.0.2.0/24 tcp 1-24,26-65535; udp; icmp\n'* ]]
	"$VPCLAB" up hosts "$BATS_TEST_TMPDIR/a.lab" -q
	"$VPCLAB" exec hosts ECS1 -- ip route add blackhole 192.0.2.0/24
	run "$VPCLAB" -n hosts -c "diff $BATS_TEST_TMPDIR/a.lab"
	[[ $output == *$'Opened:\n  ECS1 -> 192.0.2.0/24 '* ]]
	"$VPCLAB" down hosts -q
}

@test "what-if: what a command would do, and it does not do it" {
	sed '/^expect/d' "$DESIGN" >"$LAB"
	echo 'what-if route-table disassociate VTB2 vswitch VSW2' >>"$LAB"
	run "$VPCLAB" -q -c "include $LAB" -c 'route-table show VTB2'
	[ "$status" -eq 1 ]
	[[ $output == *$'Closed:\n  internet -> EIP2 tcp 80\n'*'RETURN_PATH'* ]]
	[[ $output == *VSW2* ]]
	run "$VPCLAB" -q -c "include $LAB" -c 'what-if snat delete snat9'
	[ "$status" -eq 2 ]
	run "$VPCLAB" -q -c "include $LAB" -c 'what-if show'
	[ "$status" -eq 2 ]
	[[ $output == *'takes a command that changes the lab'*'hint: one that creates'* ]]
	# What is refused is marked in the whole line, and the cure is a whole line, too.
	run "$VPCLAB" -q -c "include $LAB" -c 'what-if what-if vpc create VPC9 cidr 10.9.0.0/16'
	[[ $output == *$'\n     |         ^^^^^^^\n'* ]]
	run "$VPCLAB" -q -c 'vpc create VPC1 cidr 10.1.0.0/16' -c 'vswitch create SN1 vpc VPC1 cidr 10.1.1.0/24' -c 'transit-router create TR1' \
		-c 'attachment create ATT1 transit-router TR1 vpc VPC1 vswitch SN1' -c 'what-if attachment delete ATT1'
	[[ $output == *$'^^^^\n  hint: what-if attachment delete ATT1 force' ]]
}

@test "what-if: another address is another translation, another target too" {
	sed '/^expect/d' "$DESIGN" >"$LAB"
	printf 'eip create EIP3\neip associate EIP3 nat-gateway NAT1\n' >>"$LAB"
	run "$VPCLAB" -q -c "include $LAB" -c 'what-if snat set snat1 eip EIP3'
	[[ $output == *$'Translated otherwise:\n  ECS1 -> internet tcp 1-24,26-65535; udp; icmp\n'*'seen as EIP1, by SNAT entry snat1: EIP1'*'seen as EIP3, by SNAT entry snat1: EIP3'* ]]
	run "$VPCLAB" -q -c "include $LAB" -c 'what-if dnat set dnat1 to ECS1'
	[[ $output == *'internet -> EIP2 tcp 80'* ]]
}

@test "what-if --each delete: the blast radius of each entry" {
	sed '/^expect/d' "$DESIGN" >"$LAB"
	run --separate-stderr "$VPCLAB" -j -q -c "include $LAB" -c 'what-if --each delete'
	jq -e 'any(.[]; .command == "snat delete snat1" and (.diff.closed | length) == 4)
		and any(.[]; .command == "route delete VPC1/default-route" and (.diff.closed | length) == 0)' <<<"$output"
	run "$VPCLAB" -q -c "include $LAB" -c 'what-if --each delete'
	[[ $output == *'snat delete snat1'*' 4 '* ]]
	# What joins VPCs is an entry as well; its routes go with it, or stay and lead nowhere.
	for cloud in 'alibaba vswitch vpc-peer-connection accepting-vpc transit-router system' \
		'aws subnet vpc-peering-connection peer-vpc transit-gateway main'; do
		read -r provider subnet peering peer router table <<<"$cloud"
		printf '%s\n' "provider $provider" 'vpc create VPC1 cidr 10.1.0.0/16' 'vpc create VPC2 cidr 10.2.0.0/16' \
			"$subnet create SN1 vpc VPC1 cidr 10.1.1.0/24" "$subnet create SN2 vpc VPC2 cidr 10.2.1.0/24" \
			"$peering create PCX1 vpc VPC1 $peer VPC2" \
			"$router create TR1" "attachment create ATT1 $router TR1 vpc VPC1 $subnet SN1" \
			'transit-route create TRR1 table TR1/default to 10.9.0.0/16 attachment ATT1' \
			"route create R1 table VPC1/$table to 10.2.0.0/16 via $peering PCX1" >"$LAB"
		run "$VPCLAB" -q -c "include $LAB" -c 'what-if --each delete'
		[ "$status" -eq 0 ]
		[[ $output == *"$peering delete PCX1"*'attachment delete ATT1'*'transit-route delete TRR1'* ]]
		run ! grep -E 'OperationDenied|OperationFailed|InvalidParameter' <<<"$output"
	done
}

@test "expect never, always: for every packet, with a witness, its way and what would keep it" {
	sed '/^expect/d' "$DESIGN" >"$BATS_TEST_TMPDIR/base.lab"
	cp "$BATS_TEST_TMPDIR/base.lab" "$LAB"
	cat >>"$LAB" <<-'END'
		expect never internet -> VPC1 except internet -> EIP2 tcp 80
		expect never internet -> VPC1 except internet -> EIP2 tcp 1-79,81, any -> EIP2 tcp 80
		expect never ECS2 -> internet
		expect always ECS1 -> internet tcp 443
		expect always internet -> EIP2 tcp except internet -> EIP2 tcp 1-79,81-65535
	END
	lab_passes
	echo 'expect never internet -> VPC1' >>"$LAB"
	run "$VPCLAB" run "$LAB"
	[ "$status" -eq 1 ]
	[[ $output == *'internet -> EIP2 tcp 80: reachable, at ECS2'*'dnat       DNAT entry dnat1'*'This would keep it'*'dnat delete dnat1'* ]]
	printf 'dnat delete dnat1\nexpect never internet -> VPC1\n' | cat "$BATS_TEST_TMPDIR/base.lab" - >"$LAB"
	lab_passes
	echo 'expect always VPC1 -> internet tcp 443' >>"$LAB"
	run "$VPCLAB" run "$LAB"
	[ "$status" -eq 1 ]
	[[ $output == *'ECS2 -> internet tcp 443: NO_SNAT_ENTRY'*'snat create'* ]]
	# An open way is one by which it gets through: where nothing listens, nothing has to.
	cp "$BATS_TEST_TMPDIR/base.lab" "$LAB"
	echo 'expect never ECS1 -> ECS2 tcp 80' | sed '/^service/d' "$BATS_TEST_TMPDIR/base.lab" - >"$LAB"
	run -1 "$VPCLAB" run "$LAB"
	[[ $output == *NOT_LISTENING*'This would keep it'* && $output != *'This would cure it'* ]]
	echo 'expect always ECS2 -> ECS1 tcp 443' | cat "$BATS_TEST_TMPDIR/base.lab" - >"$LAB"
	run -1 "$VPCLAB" run "$LAB"
	[[ $output == *SG_INGRESS*'This would cure it'* && $output != *'would cure it'*'service start'* ]]
}

@test "expect never: what nobody could send is no proof" {
	sed '/^expect/d' "$DESIGN" >"$LAB"
	echo 'expect never 10.9.0.0/16 -> internet' >>"$LAB"
	run "$VPCLAB" run "$LAB"
	[ "$status" -eq 1 ]
	[[ $output == *'there are no such packets'* ]]
}

@test "the proof that cells are complete, a few packets of it" {
	[ -x "${VPCLAB_BUILD:-build}/prove" ] || skip 'make prove builds it'
	run "${VPCLAB_BUILD:-build}/prove" cells 5000 1
	[ "$status" -eq 0 ]
	[[ $output == *"each is in one cell, with explain's answer"* ]]
}

@test "ten thousand rules of any prefix and port are looked at, or it is said that they were not" {
	awk 'BEGIN {
		srand(1)
		print "vpc create VPC1 cidr 10.0.0.0/8\nvswitch create VSW1 vpc VPC1 cidr 10.0.0.0/16"
		for (g = 0; g < 100; g++) {
			print "sg create SG" g " vpc VPC1"
			for (i = 0; i < 100; i++) {
				p = 1 + int(rand() * 60000)
				printf "sg %s SG%d in %s %d-%d from %d.%d.%d.%d/32 priority %d\n", rand() < 0.5 ? "allow" : "drop", g,
					rand() < 0.5 ? "tcp" : "udp", p, p + int(rand() * 2000), 1 + int(rand() * 8), int(rand() * 256),
					int(rand() * 256), int(rand() * 256), 1 + int(rand() * 100)
			}
			print "ecs create E" g "x vswitch VSW1 security-group SG" g " public-ip 203.0.113." g + 1
		}
	}' >"$LAB"
	run "$VPCLAB" reach "$LAB" 'internet -> VPC1 tcp'
	[ "$status" -eq 0 ]
	[ "${#lines[@]}" -gt 1000 ] || [[ $output == *'too many cells'* ]]
}
