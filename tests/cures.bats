# SPDX-License-Identifier: GPL-3.0-only
# The classic mistakes, one by one: explain gives each its name and says why on the first screen, and what it names as the
# cure cures: a real packet that did not get through does so when those commands have been pasted.

load lib/common
load lib/two_gateways

setup() {
	LAB=$BATS_TEST_TMPDIR/test.lab
}

# as_text FLOW: the first screen of what explain says, in one line
as_text() {
	"$VPCLAB" explain "$LAB" "$1" >"$BATS_TEST_TMPDIR/text" || return
	! grep -E '^.{81}' "$BATS_TEST_TMPDIR/text" || return
	head -n 24 "$BATS_TEST_TMPDIR/text" | sed ':a; /\\$/ { N; s/\\\n//; ta }' | tr -s ' \n' ' '
}

# cured FLOW CODE CAUSE CURE...: in the lab on standard input. CAUSE is a part of the sentence; each CURE is all commands of one,
# the best first, and there is no other. Each, pasted, lets a real packet through.
cured() {
	local flow=$1 said text cure i expected=("${@:4}")
	cat >"$LAB"
	said=$("$VPCLAB" -j explain "$LAB" "$flow")
	text=$(as_text "$flow")
	echo "$text"
	gojq -r '.cures[] | "---", .[]' <<<"$said"
	[ "$(gojq -r .code <<<"$said")" = "$2" ]
	cure=$(gojq -r '.cure[]' <<<"$said")
	[[ $text == *"$2 "*"$3"*'This would cure it: '"${cure//$'\n'/ } "* ]]
	[ "$(gojq '.cures[0] == .cure' <<<"$said")" = true ]
	[ "$(gojq '.cures | length' <<<"$said")" -eq ${#expected[@]} ]
	for ((i = 0; i < ${#expected[@]}; i++)); do
		cure=$(gojq -r ".cures[$i][]" <<<"$said")
		[ "$cure" = "${expected[i]}" ]
		{
			cat "$LAB"
			echo "expect blocked $flow because $2"
			echo "$cure"
			echo "expect reachable $flow"
		} >"$BATS_TEST_TMPDIR/cured.lab"
		run -0 "$VPCLAB" run "$BATS_TEST_TMPDIR/cured.lab"
	done
}

# An address of its own is mostly another way out.
OWN='eip create EIP3
eip associate EIP3 ecs ECS1'

# A client on the internet and a server that a gateway publishes; what a test says of the rest comes behind it.
published() {
	cat <<-'EOF'
		vpc create VPC1 cidr 192.168.0.0/16
		vswitch create VSW1 vpc VPC1 cidr 192.168.1.0/24
		sg create SG1 vpc VPC1
		sg allow SG1 in tcp 8080 from 0.0.0.0/0
		ecs create ECS1 vswitch VSW1 ip 192.168.1.10 security-group SG1
		service start ECS1 http port 8080 name web
		internet-host create client
		service start client http
		nat-gateway create NAT1 vpc VPC1 vswitch VSW1
		eip create EIP1 ip 203.0.113.1
		eip associate EIP1 nat-gateway NAT1
		dnat create dnat1 nat-gateway NAT1 eip EIP1 protocol tcp public-port 80 to ECS1 private-port 8080
	EOF
}

@test "no SNAT entry for the source" {
	cured 'ECS1 -> EIP2' NO_SNAT_ENTRY 'NAT1 has no SNAT entry that covers' \
		'snat create snat1 nat-gateway NAT1 source vswitch VSW1 eip EIP1' "$OWN" < <(design | grep -v '^snat')
}

@test "no gateway, and no address left for one in the host's own vSwitch" {
	full() {
		cat <<-'EOF'
			vpc create VPC1 cidr 10.0.0.0/16
			vswitch create VSW1 vpc VPC1 cidr 10.0.1.0/29
			ecs create ECS1 vswitch VSW1
			ecs create ECS2 vswitch VSW1
			ecs create ECS3 vswitch VSW1
			ecs create ECS4 vswitch VSW1
			internet-host create client
			service start client http
		EOF
	}
	# Least is opened for the host alone, by an address of its own or by an entry for it.
	local gateway='nat-gateway create NAT1 vpc VPC1 vswitch VSW2
eip create EIP1
eip associate EIP1 nat-gateway NAT1
snat create snat1 nat-gateway NAT1 source'
	{ full; echo 'vswitch create VSW2 vpc VPC1 cidr 10.0.2.0/29'; } |
		cured 'ECS1 -> client' NO_ROUTE 'has no route to client' "${OWN//EIP3/EIP1}" "$gateway ecs ECS1 eip EIP1" \
			"$gateway vswitch VSW1 eip EIP1"
	full | cured 'ECS1 -> client' NO_ROUTE 'has no route to client' "${OWN//EIP3/EIP1}"
}

@test "an SNAT entry, but the route table leads to another gateway" {
	cured 'ECS1 -> client' NO_SNAT_ENTRY 'the SNAT entry snat1 covers ECS1 (192.168.1.10), but on NAT1' \
		'snat create snat2 nat-gateway NAT2 source vswitch VSW1 eip EIP2' 'route-table disassociate VTB2 vswitch VSW1' "$OWN" < <(
		design | grep -v 'associate VTB1'
		echo 'route-table associate VTB2 vswitch VSW1'
		echo 'internet-host create client'
		echo 'service start client http'
	)
}

@test "a port that is published is no way out" {
	cured 'ECS1 -> client' NO_SNAT_ENTRY 'dnat1 publishes a port of it' \
		'snat create snat1 nat-gateway NAT1 source vswitch VSW1 eip EIP1' < <(published)
}

@test "an EIP that was never associated" {
	cured 'ECS1 -> EIP2' NO_EIP 'no EIP is associated with NAT1' \
		'eip associate EIP1 ecs ECS1' 'eip associate EIP1 nat-gateway NAT1
snat create snat1 nat-gateway NAT1 source vswitch VSW1 eip EIP1' < <(design | grep -v '^eip associate EIP1\|^snat')
	cured 'client -> EIP1' EIP_UNBOUND 'EIP1 is associated with nothing' \
		'eip associate EIP1 nat-gateway NAT1
dnat create dnat1 nat-gateway NAT1 eip EIP1 protocol tcp public-port 80 to ECS1 private-port 8080' \
		'eip associate EIP1 ecs ECS1
sg allow SG1 in tcp 80 from 198.51.100.1
service start ECS1 http port 80' < <(published | grep -v '^eip associate\|^dnat')
}

@test "the answer goes to another gateway" {
	# VTB2 is there, but VSW2 is not associated with it.
	cured 'ECS1 -> EIP2' RETURN_PATH 'the request came in through NAT2, but' \
		'route-table associate VTB2 vswitch VSW2' < <(design | grep -v '^route-table associate VTB2')
	cured 'ECS1 -> EIP2' RETURN_PATH 'the request came in through NAT2, but' \
		'route-table disassociate VTB1 vswitch VSW2
route-table associate VTB2 vswitch VSW2' < <(design | sed 's/associate VTB2 vswitch VSW2/associate VTB1 vswitch VSW2/')
	# There is no second table.
	cured 'ECS1 -> EIP2' RETURN_PATH 'VPC1/system, the route table of VSW2, sends the answer to NAT1' \
		'route-table create VTB2 vpc VPC1
route create Route2 table VTB2 to 0.0.0.0/0 via nat-gateway NAT2
route-table associate VTB2 vswitch VSW2' < <(design | grep -v 'VTB2')
}

@test "one gateway for SNAT and DNAT" {
	cured 'ECS1 -> EIP2' HAIRPIN 'NAT1 is both the way out for SNAT and the owner of' \
		'nat-gateway set NAT1 eip-bind-mode nat' "$OWN" < <(design | sed 's/NAT2/NAT1/g' | grep -v 'create NAT1 vpc VPC1 vswitch VSW2')
}

@test "one gateway for SNAT and DNAT, and no address left for the bind mode that would do" {
	cat >"$LAB" <<-'EOF'
		vpc create VPC1 cidr 192.168.0.0/16
		vswitch create VSW1 vpc VPC1 cidr 192.168.1.0/29
		ecs create ECS1 vswitch VSW1
		ecs create ECS2 vswitch VSW1
		nat-gateway create NAT1 vpc VPC1 vswitch VSW1
		eip create EIP1
		eip associate EIP1 nat-gateway NAT1
		dnat create dnat1 nat-gateway NAT1 eip EIP1 protocol any to ECS2
	EOF
	bind_modes() { "$VPCLAB" -j explain "$LAB" 'ECS1 -> EIP1' | gojq -c '[.code, [.cures[] | select(index("nat-gateway set NAT1 eip-bind-mode nat"))] != []]'; }
	[ "$(bind_modes)" = '["HAIRPIN",false]' ]
	sed -i 's,/29,/28,' "$LAB"
	[ "$(bind_modes)" = '["HAIRPIN",true]' ]
}

@test "the security group admits the public port" {
	cured 'client -> EIP1' SG_INGRESS 'SG1 admits the public port' 'sg allow SG1 in tcp 8080 from 198.51.100.1' \
		< <(published | sed 's/in tcp 8080/in tcp 80/')
}

@test "the security group admits the wrong source" {
	# The vSwitch, but SNAT has put an EIP in its place; or a group, which is its members' private addresses.
	cured 'ECS1 -> EIP2' SG_INGRESS "SG2 admits the sender's private address 192.168.1.10" \
		'sg allow SG2 in tcp 80 from 203.0.113.1' < <(design | sed 's|tcp 80 from 0.0.0.0/0|tcp 80 from 192.168.1.0/24|')
	cured 'ECS1 -> EIP2' SG_INGRESS '(SG2 rule 1: allow in tcp 80 from SG1), but after SNAT the packet comes from EIP1' \
		'sg allow SG2 in tcp 80 from 203.0.113.1' < <(design | sed 's|tcp 80 from 0.0.0.0/0|tcp 80 from SG1|')
}

@test "the security group has no rule, or one that drops" {
	cured 'ECS1 -> EIP2' SG_INGRESS 'no rule of SG2 allows it' 'sg allow SG2 in tcp 80 from 203.0.113.1' \
		< <(design | grep -v '^sg allow')
	cured 'ECS1 -> EIP2' SG_INGRESS 'SG2 rule 2 drops it' 'sg revoke SG2 rule 2' \
		< <(design; echo 'sg drop SG2 in tcp 1-1023 from 203.0.113.0/24')
	cured 'ECS1 -> EIP2' SG_EGRESS 'the security group of ECS1 does not let tcp 80 out to' 'sg revoke SG1 rule 1' \
		< <(design; echo 'sg drop SG1 out all to 0.0.0.0/0')
}

@test "a custom route table without a default route" {
	cured 'ECS1 -> EIP2' NO_ROUTE 'the custom route table VTB1 of VSW1 has no route to' \
		'route create Route1 table VTB1 to 0.0.0.0/0 via nat-gateway NAT1' "$OWN" < <(design | grep -v '^route create Route1')
	cured 'ECS1 -> EIP2' NO_ROUTE 'the answer has no way back: the custom route table VTB2' \
		'route create Route2 table VTB2 to 0.0.0.0/0 via nat-gateway NAT2' < <(design | grep -v '^route create Route2')
}

@test "nothing listens" {
	cured 'ECS1 -> EIP2' NOT_LISTENING 'nothing on ECS2 listens on tcp 80' 'service start ECS2 http port 80' \
		< <(design | grep -v '^service')
}

@test "the DNAT entry has the wrong private port, or the wrong public one" {
	cured 'client -> EIP1' NOT_LISTENING 'dnat1 leads to tcp 80 of ECS1, where nothing listens; web listens on 8080' \
		'dnat set dnat1 private-port 8080' 'service start ECS1 http port 80' \
		< <(published | sed 's/private-port 8080/private-port 80/; s|tcp 8080 from|tcp 1-65535 from|')
	cured 'client -> EIP1 tcp 8080' NO_DNAT_ENTRY 'dnat1 publishes tcp 8080 of ECS1 as tcp 80 of EIP1' \
		'dnat set dnat1 public-port 8080' < <(published)
	cured 'client -> EIP2' NO_DNAT_ENTRY 'dnat1 publishes tcp 8080 of ECS1 as tcp 80 of EIP1' \
		'dnat set dnat1 eip EIP2' < <(published; echo 'eip create EIP2'; echo 'eip associate EIP2 nat-gateway NAT1')
}

@test "the DNAT entry has the wrong private port, and its public one has become SNAT's" {
	cured 'client -> EIP1 tcp 2000' NOT_LISTENING 'dnat1 leads to tcp 81 of ECS1, where nothing listens; web listens on 8080' \
		'dnat set dnat1 private-port 8080 port-break on' 'service start ECS1 http port 81' < <(
			echo 'profile today'
			published | sed 's/in tcp 8080/in all/; s/public-port 80 to ECS1 private-port 8080/public-port 2000 to ECS1 private-port 81/'
			echo 'snat create snat1 nat-gateway NAT1 source vswitch VSW1 eip EIP1'
		)
}

# cloud-semantics: dnat-7
@test "a DNAT entry to an address that nobody holds, be it the router's or the gateway's own, has no effect" {
	cured 'client -> EIP1' NO_DNAT_ENTRY 'the DNAT entry dnat1 leads to 192.168.1.77, which no ECS and no ENI holds' \
		'dnat set dnat1 to ECS1' < <(published | sed 's/to ECS1 private/to 192.168.1.77 private/')
	{
		published | sed 's/^dnat create.*/dnat create dnat1 nat-gateway NAT1 eip EIP1 protocol any to 192.168.1.253/'
		echo 'expect blocked client -> EIP1 icmp because NO_DNAT_ENTRY'
		echo 'dnat set dnat1 to $NAT1'
		echo 'expect blocked client -> EIP1 icmp because NO_DNAT_ENTRY'
		echo 'dnat set dnat1 to ECS1'
		echo 'sg allow SG1 in icmp from 0.0.0.0/0'
		echo 'expect reachable client -> EIP1 icmp'
	} >"$LAB"
	run -0 "$VPCLAB" run "$LAB"
}

@test "a ping to an EIP of which only a port is published" {
	cured 'client -> EIP1 icmp' NO_DNAT_ENTRY 'NAT1 answers no pings to EIP1' 'nat-gateway set NAT1 icmp-reply on' < <(published)
}

@test "a network ACL, and that it is stateless" {
	acl() {
		design
		echo 'acl create ACL1 vpc VPC1'
		echo 'acl associate ACL1 vswitch VSW2'
	}
	cured 'ECS1 -> ECS2' ACL_INGRESS 'the network ACL of VSW2 does not let tcp 80 in from ECS1' \
		'acl add ACL1 in 10 accept tcp 80 from 192.168.1.10
acl add ACL1 out 10 accept tcp 1024-65535 to 192.168.1.10' < <(acl)
	cured 'ECS1 -> ECS2' ACL_EGRESS 'an ACL is stateless' 'acl add ACL1 out 10 accept tcp 1024-65535 to 192.168.1.10' \
		< <(acl; echo 'acl add ACL1 in 1 accept tcp 80 from 0.0.0.0/0')
	# 80 is where the question went, not where the answer goes.
	cured 'ECS1 -> ECS2' ACL_EGRESS 'an ACL is stateless' 'acl add ACL1 out 11 accept tcp 1024-65535 to 192.168.1.10' \
		< <(acl; echo 'acl add ACL1 in 1 accept all from 0.0.0.0/0'; echo 'acl add ACL1 out 1 accept tcp 80 to 0.0.0.0/0')
}

@test "the answer leaves by another interface" {
	cured 'client -> EIP3 tcp 8080' RETURN_PATH 'came in by eth1 of ECS1, but its answer leaves by another interface' \
		'ECS1 ip route replace default via 192.168.2.253 dev eth1 table 101
ECS1 ip rule add from 192.168.2.10 lookup 101' < <(
		published
		echo 'vswitch create VSW2 vpc VPC1 cidr 192.168.2.0/24'
		echo 'eni create ENI1 vswitch VSW2 ip 192.168.2.10 security-group SG1'
		echo 'eni attach ENI1 ecs ECS1'
		echo 'eip create EIP3'
		echo 'eip associate EIP3 eni ENI1'
	)
}

@test "a published host that has a public address of its own" {
	cured 'client -> EIP1' RETURN_PATH 'ECS1 has a public address of its own, and its answers leave by that' \
		'eip disassociate EIP3' < <(
		echo 'profile today'
		published | sed -e '/^dnat/i eip create EIP3' -e '/^dnat/i eip associate EIP3 ecs ECS1'
	)
}

@test "a route to a host that forwards nothing" {
	cured 'ECS1 -> client' NOT_FORWARDING 'leads to Middle' "Middle sysctl -qw net.ipv4.ip_forward=1
Middle nft add table ip nat
Middle nft add chain ip nat out '{ type nat hook postrouting priority 100; }'
Middle nft add rule ip nat out masquerade" < <(
		published
		echo 'vswitch create VSW2 vpc VPC1 cidr 192.168.2.0/24'
		echo 'ecs create Middle vswitch VSW2 public-ip 203.0.113.9'
		echo 'sg allow VPC1/default in all from 0.0.0.0/0'
		echo 'route create Route1 table VPC1/system to 198.51.100.0/24 via ecs Middle'
		echo 'route-table create VTB2 vpc VPC1'
		echo 'route-table associate VTB2 vswitch VSW2'
	)
}

@test "what is only a step is not called a cure" {
	published >"$LAB"
	text=$(as_text 'NAT1 -> client')
	[[ $text == *'NO_SNAT_ENTRY '*'This would be a step: '*'and then there is still RETURN_PATH at NAT1: NAT1 is a gateway'* ]]
	[ "$("$VPCLAB" -j explain "$LAB" 'NAT1 -> client' | gojq '.cure | length')" -eq 0 ]
}

@test "one thing after another: all that is in the way is in the cure" {
	cured 'client -> EIP1' EIP_UNBOUND 'EIP1 is associated with nothing' \
		'eip associate EIP1 nat-gateway NAT1
dnat create dnat1 nat-gateway NAT1 eip EIP1 protocol tcp public-port 80 to ECS1 private-port 8080
acl add ACL1 in 10 accept tcp 8080 from 198.51.100.1
sg allow SG1 in tcp 8080 from 198.51.100.1
acl add ACL1 out 10 accept tcp 1024-65535 to 198.51.100.1' 'eip associate EIP1 ecs ECS1
acl add ACL1 in 10 accept tcp 80 from 198.51.100.1
sg allow SG1 in tcp 80 from 198.51.100.1
service start ECS1 http port 80
acl add ACL1 out 10 accept tcp 1024-65535 to 198.51.100.1' < <(
		published | grep -v '^eip associate\|^dnat\|^sg allow'
		echo 'acl create ACL1 vpc VPC1'
		echo 'acl associate ACL1 vswitch VSW1'
	)
}

# ---- AWS ----

# A private host that reaches a site through a NAT gateway in a public subnet.
aws() {
	cat <<-'EOF'
		provider aws
		vpc create VPC1 cidr 10.0.0.0/16
		subnet create public-a vpc VPC1 cidr 10.0.0.0/24
		subnet create private-a vpc VPC1 cidr 10.0.1.0/24
		instance create app subnet private-a
		internet-host create site
		service start site http
		internet-gateway create IGW1
		internet-gateway attach IGW1 vpc VPC1
		eip create EIP1 ip 203.0.113.1
		nat-gateway create NAT1 subnet public-a eip EIP1
		route-table create private-rt vpc VPC1
		route create private-default table private-rt to 0.0.0.0/0 via nat-gateway NAT1
		route-table associate private-rt subnet private-a
		route-table create public-rt vpc VPC1
		route create public-default table public-rt to 0.0.0.0/0 via internet-gateway IGW1
		route-table associate public-rt subnet public-a
	EOF
}

@test "AWS: the NAT gateway is in a private subnet" {
	cured 'app -> site' NO_INTERNET_GATEWAY 'NAT1 is in the private subnet public-a' \
		'route create Route1 table public-rt to 0.0.0.0/0 via internet-gateway IGW1' < <(aws | grep -v '^route create public')
	cured 'app -> site' NO_INTERNET_GATEWAY 'NAT1 is in the private subnet public-a' \
		'route-table associate public-rt subnet public-a' < <(aws | grep -v '^route-table associate public')
}

@test "AWS: a route narrower than the default one is the one that is taken away" {
	cured 'app -> site' NO_INTERNET_GATEWAY 'public-rt, has the route narrow, whose next hop NAT2 was deleted' \
		'route delete narrow' < <(
		aws
		echo 'nat-gateway create NAT2 subnet private-a type private'
		echo 'route create narrow table public-rt to 198.51.100.0/24 via nat-gateway NAT2'
		echo 'nat-gateway delete NAT2'
	)
	cured 'site -> EIP2' RETURN_PATH 'public-a is a private subnet: its route table, public-rt, sends the answer to NAT2' \
		'route delete narrow' < <(
		aws
		echo 'nat-gateway create NAT2 subnet private-a type private'
		echo 'route create narrow table public-rt to 198.51.100.0/24 via nat-gateway NAT2'
		echo 'instance create web subnet public-a'
		echo 'sg allow VPC1/default in tcp 80 from 0.0.0.0/0'
		echo 'service start web http'
		echo 'eip create EIP2'
		echo 'eip associate EIP2 instance web'
	)
}

@test "AWS: the route table of the private subnet leads nowhere" {
	cured 'app -> site' NO_ROUTE 'the route table of private-a, VPC1/main, has no route to' \
		'route-table associate private-rt subnet private-a' 'route-table associate public-rt subnet private-a
eip create EIP2
eip associate EIP2 instance app' < <(aws | grep -v '^route-table associate private')
}

@test "AWS: the NAT gateway is gone, and the route to it is a blackhole" {
	cured 'app -> site' BLACKHOLE_ROUTE 'whose next hop NAT1 was deleted: a blackhole' \
		'nat-gateway create NAT1 subnet public-a eip EIP1
route delete private-default
route create Route1 table private-rt to 0.0.0.0/0 via nat-gateway NAT1' < <(aws; echo 'nat-gateway delete NAT1')
	cured 'app -> site' BLACKHOLE_ROUTE 'whose next hop NAT1 was deleted: a blackhole' \
		'route delete private-default
route create Route1 table private-rt to 0.0.0.0/0 via nat-gateway NAT2' < <(
		aws
		echo 'nat-gateway delete NAT1'
		echo 'nat-gateway create NAT2 subnet public-a eip EIP1'
	)
}

@test "AWS: the internet gateway is gone" {
	cured 'web -> site' NO_INTERNET_GATEWAY 'which is not attached to VPC1 any more: a blackhole' \
		'internet-gateway attach IGW1 vpc VPC1
eip associate EIP1 instance web' < <(
		aws
		echo 'nat-gateway delete NAT1'
		echo 'internet-gateway detach IGW1'
		echo 'instance create web subnet public-a'
	)
}

@test "AWS: a host in a public subnet without a public address" {
	cured 'web -> site' NO_PUBLIC_ADDRESS 'web has no public address' \
		'eip create EIP2
eip associate EIP2 instance web' < <(aws; echo 'instance create web subnet public-a')
}

@test "AWS: a public address in a private subnet" {
	cured 'site -> EIP2' RETURN_PATH 'private-a is a private subnet' \
		'route-table disassociate private-rt subnet private-a
route-table associate public-rt subnet private-a' < <(
		aws
		echo 'sg allow VPC1/default in tcp 80 from 0.0.0.0/0'
		echo 'service start app http'
		echo 'eip create EIP2'
		echo 'eip associate EIP2 instance app'
	)
}

@test "AWS: the answer leaves by another interface" {
	cured 'site -> EIP2' RETURN_PATH 'came in by eth1 of app, but its answer leaves by another interface' \
		'app ip route replace default via 10.0.0.1 dev eth1 table 101
app ip rule add from 10.0.0.10 lookup 101' < <(
			aws
			echo 'instance set app source-dest-check off'
			echo 'sg allow VPC1/default in tcp 80 from 0.0.0.0/0'
			echo 'service start app http'
			echo 'eni create ENI1 subnet public-a ip 10.0.0.10'
			echo 'eni attach ENI1 instance app'
			echo 'eip create EIP2'
			echo 'eip associate EIP2 eni ENI1'
		)
}

@test "AWS: a private NAT gateway has no way to the internet" {
	cured 'app -> site' NO_EIP 'NAT1 is a private NAT gateway: it has no EIP' \
		'nat-gateway create NAT2 subnet public-a eip EIP1
route delete private-default
route create Route1 table private-rt to 0.0.0.0/0 via nat-gateway NAT2' < <(aws | sed 's/public-a eip EIP1/public-a type private/')
}

@test "AWS: a host that shall forward for others, and its source/destination check" {
	cured 'app -> site' SOURCE_DEST_CHECK 'whose source/destination check drops what is not for itself' \
		"instance set Middle source-dest-check off
sg allow VPC1/default in tcp 80 from 10.0.1.4
Middle sysctl -qw net.ipv4.ip_forward=1
Middle nft add table ip nat
Middle nft add chain ip nat out '{ type nat hook postrouting priority 100; }'
Middle nft add rule ip nat out masquerade" < <(
		aws | grep -v '^route create private'
		echo 'sg create app-sg vpc VPC1'
		echo 'instance create Middle subnet public-a public-ip 203.0.113.9'
		echo 'instance set app security-group app-sg'
		echo 'route create Route1 table private-rt to 0.0.0.0/0 via instance Middle'
	)
}

@test "AWS: nobody comes in by a NAT gateway, and no command changes that" {
	aws >"$LAB"
	text=$(as_text 'site -> EIP1')
	[[ $text == *'UNSOLICITED NAT1 lets nothing in'*'needs a public address of its own'* ]]
	[ "$("$VPCLAB" -j explain "$LAB" 'site -> EIP1' | gojq '.cure | length')" -eq 0 ]
	echo 'expect blocked site -> EIP1 because UNSOLICITED' >>"$LAB"
	run -0 "$VPCLAB" run "$LAB"
}

# ---- the documents ----

# For each `expect blocked` of a file: what stands before it, then each cure, and the flow gets through.
@test "every telling failure of the topologies has its cause and cure on the first screen" {
	local file line flow said code cure text process i runs=() failures=0 without=0
	for file in topologies/*.lab; do
		: >"$LAB"
		while IFS= read -r line; do
			case $line in
			'expect blocked '*) ;;
			expect*) continue ;;
			*)
				echo "$line" >>"$LAB"
				continue
				;;
			esac
			flow=${line#expect blocked } flow=${flow% because *}
			echo "$file: $flow"
			said=$("$VPCLAB" -j explain "$LAB" "$flow")
			code=$(gojq -r .code <<<"$said") cure=$(gojq -r '.cure[]' <<<"$said")
			text=$(as_text "$flow")
			failures=$((failures + 1))
			[[ $text == *": blocked at "*", $code "* ]]
			if [ "$code" = UNSOLICITED ]; then # as the design wants it
				without=$((without + 1))
				[ -z "$cure" ]
				continue
			fi
			[[ $text == *"This would cure it: ${cure//$'\n'/ } "* ]]
			for ((i = 0; i < $(gojq '.cures | length' <<<"$said"); i++)); do
				{
					cat "$LAB"
					echo "expect blocked $flow because $code"
					gojq -r ".cures[$i][]" <<<"$said" |
						sed 's/^[^ ]* ip /try &/' # which the file may have done by hand, unseen by explain
					echo "expect reachable $flow"
				} >"$LAB.$failures.$i"
				"$VPCLAB" run -q "$LAB.$failures.$i" &
				runs+=($!)
			done
		done <"$file"
	done
	for process in "${runs[@]}"; do wait "$process"; done
	[ "$failures" -gt 30 ]
	[ "${#runs[@]}" -gt 40 ]
	[ "$without" -eq 3 ]
}

@test "AWS: a NAT gateway whose own subnet is led to it, by the main table that both subnets use" {
	cured 'app -> site' NO_INTERNET_GATEWAY 'NAT1 is in the private subnet public: the subnet'"'"'s route table, VPC1/main, leads back' \
		$'route-table create RTB1 vpc VPC1\nroute create Route1 table RTB1 to 0.0.0.0/0 via internet-gateway IGW1\nroute-table associate RTB1 subnet public' <<-'EOF'
		provider aws
		vpc create VPC1 cidr 10.0.0.0/16
		subnet create public vpc VPC1 cidr 10.0.0.0/24
		subnet create private vpc VPC1 cidr 10.0.1.0/24
		instance create app subnet private
		eip create EIP1
		internet-gateway create IGW1
		internet-gateway attach IGW1 vpc VPC1
		nat-gateway create NAT1 subnet public eip EIP1
		internet-host create site
		service start site http
		route create way-out table VPC1/main to 0.0.0.0/0 via nat-gateway NAT1
	EOF
}

@test "an SNAT entry of several EIPs: as data, whether it is blocked with some of them, and all that it is seen as" {
	two() {
		design | sed 's,^snat create.*,eip create EIP3 ip 203.0.113.3\neip associate EIP3 nat-gateway NAT1\nsnat create snat1 nat-gateway NAT1 source vswitch VSW1 eip EIP1\,EIP3,' |
			sed "s,^sg allow SG2.*,sg allow SG2 in tcp 80 from $1," | "$VPCLAB" -j explain - 'ECS1 -> EIP2' |
			gojq -c '[.verdict, .sometimes, .seen_as]'
	}
	[ "$(two 0.0.0.0/0)" = '["reachable",null,["203.0.113.1","203.0.113.3"]]' ]
	[ "$(two 203.0.113.1)" = '["blocked",true,null]' ]
}

@test "cures that differ in the EIP taken are one, and a search that ends before all was tried says so" {
	cat >"$LAB" <<-'END'
		vpc create VPC1 cidr 10.0.0.0/16
		vswitch create VSW{1..2} vpc VPC1 cidr 10.0.{1..2}.0/24
		sg create SG{1..2} vpc VPC1
		ecs create ECS{1..2} vswitch VSW{1..2} security-group SG{1..2}
		service start ECS2 http
		internet-host create client
		service start client http
		eip create EIP{1..5}
		nat-gateway create NAT1 vpc VPC1 vswitch VSW1
		eip associate EIP{1..3} nat-gateway NAT1
	END
	run --separate-stderr "$VPCLAB" -j explain "$LAB" 'ECS1 -> client'
	gojq -e '.cures == [["snat create snat1 nat-gateway NAT1 source vswitch VSW1 eip EIP1"],["eip associate EIP4 ecs ECS1"]]
		and (has("cures_complete") | not)' <<<"$output"
	# Six things in the way, and for each two ways out of it.
	cat >>"$LAB" <<-'END'
		sg drop SG1 out all to 0.0.0.0/0 priority 5
		sg drop SG2 in all from 0.0.0.0/0 priority 5
		acl create ACL{1..2} vpc VPC1
		acl add ACL{1..2} out 20 drop all to 10.0.0.0/16
		acl add ACL{1..2} in 20 drop all from 10.0.0.0/16
		acl associate ACL{1..2} vswitch VSW{1..2}
	END
	run --separate-stderr "$VPCLAB" -j explain "$LAB" 'ECS1 -> ECS2'
	gojq -e '.cures_complete == false and (.cures | length) > 3' <<<"$output"
	run "$VPCLAB" explain "$LAB" 'ECS1 -> ECS2'
	[[ $output == *$'\nNot every way was tried: there may be more, and a better one.\n'* ]]
}
