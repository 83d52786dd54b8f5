# SPDX-License-Identifier: GPL-3.0-only
# The scenario of the two-gateway tutorial, and each way of getting it wrong: what fails in the cloud fails here, by
# itself and at the same place.

load lib/common
load lib/two_gateways

# cloud-semantics: s1-2, s1-3
@test "the topology file passes, every check of it" {
	run "$VPCLAB" run topologies/two-nat-gateways.lab
	[ "$status" -eq 0 ]
	[[ ${lines[-1]} =~ ^[1-9][0-9]*\ passed,\ 0\ failed$ ]]
}

# cloud-semantics: s1-4, snat-15, q-b
@test "curl from ECS1 to EIP2, by name and by address, gets 200 from ECS2, which saw EIP1" {
	{
		design
		echo 'expect output 200 ECS1 curl -s -o /dev/null -w %{http_code} http://EIP2'
		echo 'expect output 200 ECS1 curl -s -o /dev/null -w %{http_code} http://203.0.113.2'
		echo 'expect output ECS2 ECS1 curl -s http://EIP2/'
		echo 'expect output 203.0.113.1 ECS1 curl -s http://EIP2/'
		echo 'expect reachable ECS1 -> EIP2 seen-as EIP1'
		echo 'service log ECS2 web'
	} >"$LAB"
	lab_passes
	[[ $output == *'5 passed, 0 failed'* ]]
	[[ $output == *203.0.113.1:*GET* ]]
}

# cloud-semantics: s1-7, vpc-9
@test "ECS1 reaches ECS2's private address straight, seen as itself" {
	{
		design
		echo 'expect reachable ECS1 -> ECS2 seen-as ECS1'
		echo 'expect reachable ECS1 -> 192.168.2.10 seen-as 192.168.1.10'
	} >"$LAB"
	lab_passes
}

# cloud-semantics: s1-8
@test "ECS2 has no egress of its own: a DNAT entry gives none" {
	{
		design
		echo 'internet-host create client'
		echo 'service start client http'
		echo 'expect reachable ECS1 -> client seen-as EIP1'
		echo 'expect blocked ECS2 -> client'
	} >"$LAB"
	lab_passes
}

@test "an internet client reaches ECS2 at EIP2, seen with its own address" {
	{
		design
		echo 'internet-host create client'
		echo 'expect reachable client -> EIP2 seen-as client'
		echo 'expect blocked client -> EIP1'
	} >"$LAB"
	lab_passes
}

@test "fails without Route2: the SYN arrives, the answer goes to the other gateway and dies" {
	{
		design | grep -v 'Route2'
		echo 'expect blocked ECS1 -> EIP2'
		segments_in ECS2
	} >"$LAB"
	lab_passes
	[[ $output == *'ECS2 got segments'* ]]
}

# cloud-semantics: s1-5, snat-14, nat-23
@test "fails with VSW2 on the system table, whose default leads to NAT1: the answer dies there" {
	{
		design | grep -v 'associate VTB2'
		echo 'expect blocked ECS1 -> EIP2'
		segments_in ECS2
	} >"$LAB"
	lab_passes
	[[ $output == *'ECS2 got segments'* ]]
}

@test "fails with VSW2 on VTB1: the answer dies at NAT1" {
	{
		design | sed 's/route-table associate VTB2 vswitch VSW2/route-table associate VTB1 vswitch VSW2/'
		echo 'expect blocked ECS1 -> EIP2'
		segments_in ECS2
	} >"$LAB"
	lab_passes
	[[ $output == *'ECS2 got segments'* ]]
}

# cloud-semantics: s1-6
@test "fails with one enhanced gateway for both entries (hairpin): the SYN never arrives" {
	{
		design | sed 's/NAT2/NAT1/g' | grep -v 'nat-gateway create NAT1 vpc VPC1 vswitch VSW2'
		echo 'expect blocked ECS1 -> EIP2'
		segments_in ECS2
		# The same service is open to the rest of the internet.
		echo 'internet-host create client'
		echo 'expect reachable client -> EIP2'
	} >"$LAB"
	lab_passes
	[[ $output == *'ECS2 got nothing'* ]]
}

@test "fails without an SNAT entry" {
	{
		design | grep -v '^snat'
		echo 'expect blocked ECS1 -> EIP2'
		segments_in ECS2
	} >"$LAB"
	lab_passes
	[[ $output == *'ECS2 got nothing'* ]]
}

@test "fails without a DNAT entry" {
	{
		design | grep -v '^dnat'
		echo 'expect blocked ECS1 -> EIP2'
		segments_in ECS2
	} >"$LAB"
	lab_passes
	[[ $output == *'ECS2 got nothing'* ]]
}

@test "fails on another port than 80, by time-out and not by refusal" {
	{
		design
		echo 'service start ECS2 http port 8080 name other'
		echo 'sg allow SG2 in tcp 8080 from 0.0.0.0/0'
		echo 'expect blocked ECS1 -> EIP2 tcp 8080'
		echo 'probe ECS1 -> EIP2 tcp 8080'
	} >"$LAB"
	lab_passes
	[[ $output == *'timed out'* ]]
}

# cloud-semantics: s2-6
@test "fails without the rule in ECS2's security group; adding it helps at once" {
	{
		design | grep -v 'sg allow'
		echo 'expect blocked ECS1 -> EIP2'
		segments_in ECS2
		echo 'sg allow SG2 in tcp 80 from 203.0.113.1'
		echo 'expect reachable ECS1 -> EIP2'
	} >"$LAB"
	lab_passes
	[[ $output == *'ECS2 got nothing'* ]]
}

# cloud-semantics: sg-7
@test "fails when the rule admits VSW1's addresses: ECS2 sees EIP1" {
	{
		design | sed 's#in tcp 80 from 0.0.0.0/0#in tcp 80 from 192.168.1.0/24#'
		echo 'expect blocked ECS1 -> EIP2'
		echo 'expect reachable ECS1 -> ECS2'
	} >"$LAB"
	lab_passes
}

@test "fails with egress dropped in ECS1's security group" {
	{
		design
		echo 'sg drop SG1 out all to 0.0.0.0/0'
		echo 'expect blocked ECS1 -> EIP2'
		segments_in ECS2
	} >"$LAB"
	lab_passes
	[[ $output == *'ECS2 got nothing'* ]]
}

@test "fails with an EIP that is not associated: the entries are refused, and nothing gets through" {
	{
		design | grep -v -e '^eip associate' -e '^snat' -e '^dnat'
		echo 'expect error InvalidSnatIp.NotFound snat create snat1 nat-gateway NAT1 source vswitch VSW1 eip EIP1'
		echo 'expect error Invalid* dnat create dnat1 nat-gateway NAT2 eip EIP2 protocol tcp public-port 80 to ECS2 private-port 80'
		echo 'expect blocked ECS1 -> EIP2'
	} >"$LAB"
	lab_passes
	[[ $output == *'3 passed, 0 failed'* ]]
}

# cloud-semantics: s1-1
@test "the first gateway adds the default route to the system table, the second adds none" {
	{
		design | grep -v -e NAT2 -e EIP2 -e VTB
		echo 'route show'
	} >"$LAB"
	run --separate-stderr "$VPCLAB" run -q -j "$LAB"
	[ "$status" -eq 0 ]
	jq -es '[.[0][] | select(.to == "0.0.0.0/0")] | length == 1 and .[0].table == "VPC1/system" and .[0].via.name == "NAT1"' <<<"$output"

	{
		design | grep -v -e VTB
		echo 'route show'
	} >"$LAB"
	run --separate-stderr "$VPCLAB" run -q -j "$LAB"
	[ "$status" -eq 0 ]
	jq -es '[.[0][] | select(.to == "0.0.0.0/0")] | length == 1 and .[0].via.name == "NAT1"' <<<"$output"
}

@test "the guest sees what a cloud guest sees: its address in the vSwitch, the gateway at broadcast-2" {
	{
		design
		echo 'ECS1 ip -4 -br addr show dev eth0'
		echo 'ECS1 ip route'
		echo 'expect ok ECS1 ping -c1 -W20 192.168.1.253'
	} >"$LAB"
	lab_passes
	[[ $output == *192.168.1.10/24* ]]
	[[ $output == *'default via 192.168.1.253 dev eth0'* ]]
}
