# SPDX-License-Identifier: GPL-3.0-only
# lint: each finding where there is reason for it, and not where there is none.

load lib/common

# A sound lab: a server behind a gateway, published on port 80, with a way out.
setup() {
	cat >"$LAB" <<-'END'
		vpc create VPC1 cidr 10.0.0.0/16
		vswitch create VSW1 vpc VPC1 cidr 10.0.1.0/24
		sg create SG1 vpc VPC1
		sg allow SG1 in tcp 80 from 0.0.0.0/0
		ecs create ECS1 vswitch VSW1 security-group SG1
		service start ECS1 http
		nat-gateway create NAT1 vpc VPC1 vswitch VSW1
		eip create EIP1
		eip associate EIP1 nat-gateway NAT1
		eip create EIP2
		eip associate EIP2 nat-gateway NAT1
		snat create snat1 nat-gateway NAT1 source vswitch VSW1 eip EIP2
		dnat create dnat1 nat-gateway NAT1 eip EIP1 protocol tcp public-port 80 to ECS1 private-port 80
	END
}

ids() {
	"$VPCLAB" lint -j "$LAB" | jq -r '.[].id' | sort | uniq -c | awk '{ print $2 "x" $1 }' | paste -sd ' '
}

# Of that id there is one finding, its witness is one that a reader knows for an example, and with its cure it is gone.
cured() {
	local commands
	commands=$("$VPCLAB" lint -j "$LAB" | jq -r --arg id "$1" '.[] | select(.id == $id) | .cure // "none"')
	# shellcheck disable=SC2053 # a pattern
	[[ $commands == $2 ]] || { echo "$commands"; false; }
	run jq -r --arg id "$1" '.[] | select(.id == $id and .witness != null) | .witness' <<<"$("$VPCLAB" lint -j "$LAB")"
	[[ -z $output || $output =~ (192\.0\.2|198\.51\.100|203\.0\.113)\.[0-9]+ ]]
	echo "$commands" >>"$LAB"
	"$VPCLAB" validate -q "$LAB"
	[[ $(ids) != *"$1"* ]]
}

# bats file_tags=pure

@test "each cure is whole: with it the finding is gone" {
	sed -i '/^sg allow/d' "$LAB"
	cured dnat-shut 'sg allow SG1 in tcp 80 from 0.0.0.0/0'
	setup
	printf '%s\n' 'nat-gateway create NAT2 vpc VPC1 vswitch VSW1' 'route-table create VTB1 vpc VPC1' \
		'route create Route1 table VTB1 to 0.0.0.0/0 via nat-gateway NAT2' 'route-table associate VTB1 vswitch VSW1' >>"$LAB"
	cured answer-lost '*'
	setup
	printf 'acl %s\n' 'create ACL1 vpc VPC1' 'add ACL1 in 2 accept tcp 80 from 0.0.0.0/0' 'add ACL1 out 2 accept tcp 80 to 0.0.0.0/0' \
		'associate ACL1 vswitch VSW1' >>"$LAB"
	cured acl-ephemeral $'acl add ACL1 out * to 0.0.0.0/0\nacl add ACL1 in * from 0.0.0.0/0'
	# The rule of that port goes; one that is for more stays, and the port is shut before it.
	setup
	sed -i '/nat\|EIP/d' "$LAB"
	printf '%s\n' 'sg allow SG1 in tcp 22 from 0.0.0.0/0' 'eip create EIP3' 'eip associate EIP3 ecs ECS1' 'service start ECS1 ssh' >>"$LAB"
	cured admin-open 'security-group revoke SG1 rule 2'
	sed -i '$d; s/^sg allow SG1 in tcp 22/sg allow SG1 in tcp 20-22/' "$LAB"
	cured admin-open 'security-group drop SG1 in tcp 22 from 0.0.0.0/0 priority 1'
}

@test "nothing is said of a lab without a fault" {
	run "$VPCLAB" lint "$LAB"
	[ "$status" -eq 0 ]
	[ -z "$output" ]
	run "$VPCLAB" lint topologies/two-nat-gateways.lab topologies/nat-overview.lab topologies/dnat-any-port.lab
	[ "$status" -eq 0 ]
	[ -z "$output" ]
}

@test "a rule behind one that matches all of it, or before one that decides the same" {
	printf 'sg drop SG1 in tcp 1-100 from 10.0.0.0/8 priority 1\nsg allow SG1 in tcp 50 from 10.1.0.0/16 priority 2\n' >>"$LAB"
	run "$VPCLAB" lint "$LAB"
	[ "$status" -eq 1 ]
	[ "${lines[0]}" = "$LAB:15:1: warning: SG1 rule 3 (allow tcp 50 from 10.1.0.0/16) never decides: rule 2 (drop tcp 1-100 from 10.0.0.0/8) matches all of it first [rule-shadowed]" ]
	[ "${lines[1]}" = '  cure: security-group revoke SG1 rule 3' ]
	[ "${#lines[@]}" -eq 2 ]
	setup
	printf 'sg allow SG1 in tcp 1-100 from 0.0.0.0/0\n' >>"$LAB"
	[ "$(ids)" = 'rule-redundantx1' ]
	run "$VPCLAB" lint "$LAB" # it is asked first, so that it does decide
	[ "${lines[0]}" = "$LAB:4:1: warning: SG1 rule 1 (allow tcp 80 from 0.0.0.0/0) changes nothing: rule 2 (allow tcp 1-100 from 0.0.0.0/0) decides the same after it [rule-redundant]" ]
	# One of the other policy between the two: both are needed.
	setup
	printf 'sg drop SG1 in tcp 1-100 from 10.0.0.0/8 priority 2\nsg allow SG1 in tcp 1-100 from 0.0.0.0/0 priority 3\n' >>"$LAB"
	[ "$(ids)" = '' ]
}

@test "a rule that several before it match together, and one that they leave something of" {
	printf '%s\n' 'sg drop SG1 in tcp 1-50 from 10.0.0.0/8 priority 1' 'sg allow SG1 in tcp 51-100 from 10.0.0.0/9 priority 2' \
		'sg drop SG1 in tcp 40-100 from 10.128.0.0/9 priority 3' 'sg drop SG1 in tcp 20-90 from 10.0.0.0/8 priority 4' >>"$LAB"
	run "$VPCLAB" lint "$LAB"
	[ "$status" -eq 1 ]
	[ "${#lines[@]}" -eq 2 ]
	[[ ${lines[0]} == *'SG1 rule 5 (drop tcp 20-90 from 10.0.0.0/8) never decides: rules 2, 3 and 4 match all of it first [rule-shadowed]' ]]
	# One port, or half of the addresses, of one of them less.
	for hole in 's/51-100 from/52-100 from/' 's/10.128.0.0.9/10.192.0.0\/10/' 's/drop SG1 in tcp 40-100/drop SG1 in udp 40-100/'; do
		sed "$hole" "$LAB" >"$BATS_TEST_TMPDIR/hole.lab"
		run "$VPCLAB" lint "$BATS_TEST_TMPDIR/hole.lab"
		[[ $output != *'rule 5'* ]]
	done
	# An ACL's rules, too.
	setup
	printf '%s\n' 'acl create ACL1 vpc VPC1' 'acl add ACL1 in 1 accept all from 0.0.0.0/1' 'acl add ACL1 in 2 accept all from 128.0.0.0/1' \
		'acl add ACL1 in 3 drop tcp 25 from 0.0.0.0/0' 'acl add ACL1 out 1 accept all to 0.0.0.0/0' 'acl associate ACL1 vswitch VSW1' >>"$LAB"
	run "$VPCLAB" lint "$LAB"
	[[ $output == *'ACL1 rule 3 (drop tcp 25 from 0.0.0.0/0) never decides: rules 1 and 2 match all of it first [rule-shadowed]'*'cure: acl remove ACL1 in 3'* ]]
	# In the words of the cloud.
	printf '%s\n' 'provider aws' 'vpc create VPC1 cidr 10.0.0.0/16' 'network-acl create ACL1 vpc VPC1' \
		'network-acl add ACL1 in 100 allow all from 0.0.0.0/0' 'network-acl add ACL1 in 200 allow tcp 80 from 0.0.0.0/0' >"$LAB"
	run "$VPCLAB" lint "$LAB"
	[ "${lines[1]}" = '  cure: network-acl remove ACL1 in 200' ]
}

@test "what nothing uses" {
	printf '%s\n' 'eip create EIP3' 'sg create SG2 vpc VPC1' 'route-table create VTB1 vpc VPC1' 'acl create ACL1 vpc VPC1' \
		'eni create ENI1 vswitch VSW1 security-group SG1' 'nat-gateway create NAT2 vpc VPC1 vswitch VSW1' >>"$LAB"
	[ "$(ids)" = 'unusedx6' ]
	run "$VPCLAB" lint "$LAB"
	[ "$status" -eq 1 ]
	[[ $output == *"$LAB:14:1: warning: EIP EIP3 is used by nothing: it is associated with nothing [unused]"* ]]
}

@test "entries that lead nowhere, are shut, or that no packet comes by" {
	sed -i '/^sg allow/d' "$LAB"
	[ "$(ids)" = 'dnat-shutx1' ]
	setup
	echo 'dnat create dnat2 nat-gateway NAT1 eip EIP1 protocol tcp public-port 81 to 10.0.1.99 private-port 81' >>"$LAB"
	[ "$(ids)" = 'dnat-nowherex1' ]
	setup
	echo 'snat create snat2 nat-gateway NAT1 source cidr 10.0.1.128/25 eip EIP2' >>"$LAB"
	[ "$(ids)" = 'entry-unusedx1' ]
}

@test "two ways out, where only one is used" {
	printf 'eip create EIP3\nvswitch create VSW2 vpc VPC1 cidr 10.0.2.0/24\necs create ECS2 vswitch VSW2 security-group SG1\n' >>"$LAB"
	printf 'eip associate EIP3 ecs ECS2\nsnat create snat2 nat-gateway NAT1 source vswitch VSW2 eip EIP2\n' >>"$LAB"
	[ "$(ids)" = 'two-ways-outx1' ]
}

@test "answers that are lost, with a flow that shows it" {
	printf 'nat-gateway create NAT2 vpc VPC1 vswitch VSW1\nroute-table create VTB1 vpc VPC1\n' >>"$LAB"
	printf 'route create Route1 table VTB1 to 0.0.0.0/0 via nat-gateway NAT2\nroute-table associate VTB1 vswitch VSW1\n' >>"$LAB"
	run "$VPCLAB" lint -j "$LAB"
	[ "$status" -eq 1 ]
	jq -e 'any(.[]; .id == "answer-lost" and .object == "NAT2" and (.witness | endswith(" -> EIP1 tcp 80")) and .cure != null)' <<<"$output"
}

@test "ports of administration that the internet reaches, in earnest or as a note" {
	echo 'sg allow SG1 in tcp 22 from 0.0.0.0/0' >>"$LAB"
	[ "$(ids)" = '' ] # no way in leads there
	printf 'ecs create ECS2 vswitch VSW1 security-group SG1\neip create EIP3\neip associate EIP3 ecs ECS2\n' >>"$LAB"
	run "$VPCLAB" lint "$LAB"
	[[ $output == *'note: port 22, of administration, of EIP3 is open to the internet, though nothing listens now [admin-open]'* ]]
	echo 'service start ECS2 echo protocol tcp port 22' >>"$LAB"
	run "$VPCLAB" lint "$LAB"
	[ "$status" -eq 1 ]
	[[ $output == *'warning: port 22, of administration, of EIP3 is open to the internet [admin-open]'*'witness: '*' -> EIP3 tcp 22'* ]]
	sed -i 's/tcp 22 from 0.0.0.0\/0/tcp 22 from 203.0.113.0\/24/' "$LAB"
	run "$VPCLAB" lint "$LAB"
	[[ $output != *admin-open* ]]
}

@test "an ACL that forgets the ports of answers" {
	printf '%s\n' 'acl create ACL1 vpc VPC1' 'acl add ACL1 in 1 accept tcp 80 from 0.0.0.0/0' 'acl add ACL1 out 1 accept tcp 80 to 0.0.0.0/0' \
		'acl associate ACL1 vswitch VSW1' >>"$LAB"
	run "$VPCLAB" lint -j "$LAB"
	jq -e 'any(.[]; .id == "acl-ephemeral" and .object == "ACL1")' <<<"$output"
	printf '%s\n' 'acl add ACL1 in 2 accept all from 0.0.0.0/0' 'acl add ACL1 out 2 accept all to 0.0.0.0/0' >>"$LAB"
	run "$VPCLAB" lint "$LAB"
	[[ $output != *acl-ephemeral* ]]
}

@test "a route into nothing" {
	cat >"$LAB" <<-'END'
		provider aws
		vpc create VPC1 cidr 10.0.0.0/16
		subnet create S1 vpc VPC1 cidr 10.0.0.0/24
		internet-gateway create IGW1
		internet-gateway attach IGW1 vpc VPC1
		route create Route1 table VPC1/main to 0.0.0.0/0 via internet-gateway IGW1
	END
	[ "$(ids)" = '' ]
	echo 'internet-gateway detach IGW1' >>"$LAB"
	[ "$(ids)" = 'route-nowherex1' ]
}

@test "a comment at the line or above it keeps a finding quiet, of that id alone" {
	echo 'eip create EIP3 # kept for later, lint:ignore unused' >>"$LAB"
	[ "$(ids)" = '' ]
	sed -i '$d' "$LAB"
	printf '# lint:ignore unused\neip create EIP3\n' >>"$LAB"
	[ "$(ids)" = '' ]
	sed -i 's/ignore unused/ignore entry-unused/' "$LAB"
	[ "$(ids)" = 'unusedx1' ]
}

# bats file_tags=

@test "a lab of too many cells: it is said, of a file and at the prompt" {
	# Each group tells half of the hosts apart, and has ports of its own for all.
	awk 'BEGIN {
		print "vpc create VPC1 cidr 10.0.0.0/16\nvswitch create VSW1 vpc VPC1 cidr 10.0.0.0/16"
		for (g = 0; g < 90; g++) {
			print "sg create SG" g " vpc VPC1"
			for (i = 0; i < 45; i++) {
				print "sg allow SG" g " in tcp " 2 * (g + 99 * i) + 1 " from 10.0.0." (g * 7 + i) % 90 + 1
				print "sg allow SG" g " in tcp " 20000 + 2 * (g + 99 * i) " from 10.0.0.0/16"
			}
			print "ecs create ECS" g " vswitch VSW1 ip 10.0.0." g + 1 " security-group SG" g
		}
	}' >"$LAB"
	said='There are too many cells to look at them all: what a flow shows is not said.'
	run "$VPCLAB" lint "$LAB"
	[ "$status" -eq 1 ]
	[ "$output" = "$said" ]
	run "$VPCLAB" -q -c "include $LAB" -c lint
	[ "$status" -eq 1 ]
	[ "$output" = "$said" ]
	run "$VPCLAB" -j -c "include $LAB" -c lint
	[ "$status" -eq 1 ]
	jq -e '. == []' <<<"$output"
}

@test "lint as data: JSON, annotations, SARIF; and at the prompt" {
	echo 'eip create EIP3' >>"$LAB"
	run --separate-stderr "$VPCLAB" lint "$LAB" --format json
	[ "$status" -eq 1 ]
	jq -e '.[0] | keys_unsorted == ["id","severity","file","line","column","object","message","witness","cure"]
		and .line == 14 and .column == 1 and .object == "EIP3" and .cure == "eip delete EIP3"' <<<"$output"
	run "$VPCLAB" lint "$LAB" --format github
	[ "$status" -eq 1 ]
	[[ $output == *'::warning '*'line=14'*'EIP3'* ]]
	run --separate-stderr "$VPCLAB" lint "$LAB" --format sarif
	jq -e '.runs[0].results[0].ruleId == "unused"' <<<"$output"
	run "$VPCLAB" -q -c "include $LAB" -c lint
	[ "$status" -eq 1 ]
	[[ $output == *'EIP EIP3 is used by nothing'* ]]
	echo nonsense >>"$LAB"
	run "$VPCLAB" lint "$LAB"
	[ "$status" -eq 2 ]
}
