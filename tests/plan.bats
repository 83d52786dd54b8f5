# SPDX-License-Identifier: GPL-3.0-only
# The lab in the words of ip, sysctl and nft: what a plan builds is what vpclab builds; -v and show linux say the same.

load lib/common

setup() {
	NAME=plan$$-$BATS_TEST_NUMBER
}

teardown() {
	"$VPCLAB" -q down "$NAME" 2>/dev/null || :
}

# same FILE: the file's lab, built by vpclab and built by its plan, told by the same witnesses
same() {
	local dump=$PWD/tests/lib/dump-lab
	# what a file has done inside a node is no part of the lab's plan
	grep -v -e '^expect' -e '^ECS1 ' "$1" >"$BATS_TEST_TMPDIR/built.lab"
	"$VPCLAB" -q up "$NAME" "$BATS_TEST_TMPDIR/built.lab"
	within "$NAME" "$dump" >"$BATS_TEST_TMPDIR/built"
	"$VPCLAB" plan "$1" >"$BATS_TEST_TMPDIR/plan.sh"
	unshare -Urnmpf --mount-proc sh "$BATS_TEST_TMPDIR/plan.sh" "$dump" >"$BATS_TEST_TMPDIR/plan"
	[ -s "$BATS_TEST_TMPDIR/plan" ]
	diff -u "$BATS_TEST_TMPDIR/built" "$BATS_TEST_TMPDIR/plan"
}

# Something of everything.
everything() {
	cat <<-'END'
		vpc create VPC1 cidr 10.0.0.0/8
		vpc create A-VPC-with-a-name-that-is-no-link cidr 172.16.0.0/12
		vswitch create VSW1 vpc VPC1 cidr 10.1.0.0/24
		vswitch create VSW2 vpc VPC1 cidr 10.2.0.0/20
		vswitch create up vpc A-VPC-with-a-name-that-is-no-link cidr 172.16.5.0/28
		sg create SG1 vpc VPC1
		sg create SG2 vpc VPC1 type enterprise
		sg create SG3 vpc VPC1
		sg allow SG1 in all from SG3
		sg allow SG1 in tcp 8000-8010 from 203.0.113.0/24 priority 7
		sg drop SG1 in udp 53 from 10.2.0.0/20
		sg allow SG2 in icmp from 0.0.0.0/0
		sg allow SG2 out all to 10.0.0.0/9
		ecs create ECS1 vswitch VSW1 security-group SG1,SG3
		ecs create ECS2 vswitch VSW2 security-group SG2
		ecs create ECS3 vswitch VSW2 public-ip auto
		ecs create ECS4 vswitch up
		ecs create An-instance-with-a-long-name vswitch VSW1
		eni create ENI1 vswitch VSW2 security-group SG3
		eni attach ENI1 ecs ECS1
		nat-gateway create NAT1 vpc VPC1 vswitch VSW1 size large icmp-reply off
		nat-gateway create NAT2 vpc VPC1 vswitch VSW2 eip-bind-mode nat
		eip create EIP1
		eip create EIP2
		eip create EIP3
		eip create EIP4
		eip associate EIP1 nat-gateway NAT1
		eip associate EIP2 nat-gateway NAT1
		eip associate EIP3 nat-gateway NAT2
		eip associate EIP4 eni ENI1
		snat create pool nat-gateway NAT1 source vswitch VSW1 eip EIP1,EIP2
		snat create one nat-gateway NAT1 source cidr 10.2.0.0/30 eip EIP2
		dnat create range nat-gateway NAT2 eip EIP3 protocol tcp public-port 8000-8003 to ECS2 private-port 80-83
		route-table create VTB1 vpc VPC1
		route create Route1 table VTB1 to 0.0.0.0/0 via nat-gateway NAT2
		route-table associate VTB1 vswitch VSW2
		internet-host create client dns www.example.com
		service start client http
		service start ECS2 echo protocol udp port 7 name echo
		service start ECS1 exec name words -- sh -c "while :; do sleep 1000; done # it's"
	END
}

@test "the script of a plan builds what vpclab builds: every topology" {
	for file in topologies/*.lab; do
		echo "$file"
		same "$file"
		"$VPCLAB" -q down "$NAME"
	done
}

@test "the script of a plan builds what vpclab builds: something of everything" {
	everything >"$LAB"
	same "$LAB"
}

@test "a lab that came about by changes is what a plan of its end builds" {
	{
		everything
		echo 'internet true'
		cat <<-'END'
			snat delete pool
			snat delete one
			eip disassociate EIP4
			internet true
			eip associate EIP4 ecs An-instance-with-a-long-name
			sg revoke SG1 rule 1
			nat-gateway set NAT1 icmp-reply on
			internet true
			service stop ECS2 echo
			route-table associate VTB1 vswitch VSW1
			nat-gateway set NAT1 icmp-reply off
			ecs delete ECS4
			snat create two nat-gateway NAT1 source ecs ECS1 eip EIP1
			internet true
			vswitch delete up
		END
	} >"$LAB"
	same "$LAB"
}

@test "plan needs no kernel and no privilege, and refuses what validate refuses" {
	run -0 setpriv --no-new-privs --bounding-set=-all "$VPCLAB" plan topologies/two-nat-gateways.lab
	[[ $output == *'ip netns add NAT1'* ]]
	printf 'vpc create VPC1 cidr 1.2.3.4/16\nvswitch create VSW1 vpc VPC1 cidr 10.0.0.0/24\n' >"$LAB"
	run -2 --separate-stderr "$VPCLAB" plan "$LAB"
	[ -z "$output" ]
	[[ $stderr == *"$LAB:1:"* ]]
	run -2 "$VPCLAB" plan "$BATS_TEST_TMPDIR/none.lab"
}

@test "the script works: curl from ECS1 through both gateways" {
	"$VPCLAB" plan topologies/two-nat-gateways.lab >"$BATS_TEST_TMPDIR/plan.sh"
	run -0 unshare -Urnmpf --mount-proc sh "$BATS_TEST_TMPDIR/plan.sh" \
		ip netns exec ECS1 curl -sS --retry 20 --retry-connrefused --retry-delay 1 http://EIP2
	[[ $output == *'client 203.0.113.1:'* ]]
}

@test "plan -j: the script in an object" {
	run -0 "$VPCLAB" -j plan topologies/two-nat-gateways.lab
	[ "$(jq -r .script <<<"$output")" = "$("$VPCLAB" plan topologies/two-nat-gateways.lab)" ]
}

@test "-v says each change in the words that make it, where it is made" {
	"$VPCLAB" -q up "$NAME" topologies/two-nat-gateways.lab >/dev/null
	run -0 --separate-stderr "$VPCLAB" -n "$NAME" -v -c 'eip create EIP9' -c 'eip associate EIP9 nat-gateway NAT1'
	[ -z "$output" ]
	[ "$stderr" = "ip netns exec NAT1 nft 'add element ip vpclab eip { 203.0.113.3 }'  # EIP EIP9
ip -n internet route add 203.0.113.3 via 169.254.0.1 dev NAT1 onlink  # EIP EIP9" ]
	run -0 --separate-stderr "$VPCLAB" -n "$NAME" -v -c 'route delete Route2'
	[[ $stderr == 'ip -n VPC1 route del default via 169.254.0.1 dev NAT2 onlink table '*'  # route Route2, route table VTB2' ]]
	run -0 --separate-stderr "$VPCLAB" -n "$NAME" -v -c 'service stop ECS2 web'
	[ "$stderr" = 'kill "$(cat /run/vpclab/service/ECS2/web.pid)"  # service ECS2/web' ]
	run -0 --separate-stderr "$VPCLAB" -n "$NAME" -c 'route create Route3 table VTB2 to 0.0.0.0/0 via nat-gateway NAT2'
	[ -z "$stderr" ]
}

@test "what -v says can be done by hand" {
	"$VPCLAB" -q up "$NAME" topologies/two-nat-gateways.lab >/dev/null
	within "$NAME" "$PWD/tests/lib/dump-lab" >"$BATS_TEST_TMPDIR/before"
	"$VPCLAB" -n "$NAME" -v -c 'snat delete snat1' 2>"$BATS_TEST_TMPDIR/forth"
	within "$NAME" "$PWD/tests/lib/dump-lab" >"$BATS_TEST_TMPDIR/after"
	"$VPCLAB" -n "$NAME" -v -c 'snat create snat1 nat-gateway NAT1 source vswitch VSW1 eip EIP1' 2>"$BATS_TEST_TMPDIR/back"
	within "$NAME" sh -e "$BATS_TEST_TMPDIR/forth"
	within "$NAME" "$PWD/tests/lib/dump-lab" | diff "$BATS_TEST_TMPDIR/after" -
	within "$NAME" sh -e "$BATS_TEST_TMPDIR/back"
	within "$NAME" "$PWD/tests/lib/dump-lab" | diff "$BATS_TEST_TMPDIR/before" -
}

@test "show linux: what one resource became" {
	cat topologies/two-nat-gateways.lab >"$LAB"
	"$VPCLAB" -q up "$NAME" "$LAB" >/dev/null
	run -0 "$VPCLAB" -n "$NAME" -c 'show linux EIP2'
	[ "$output" = "ip netns exec NAT2 nft 'add element ip vpclab eip { 203.0.113.2 }'  # EIP EIP2
ip -n internet route add 203.0.113.2 via 169.254.0.1 dev NAT2 onlink  # EIP EIP2" ]
	run -0 "$VPCLAB" -n "$NAME" -c 'show linux NAT1'
	[[ $output == *'ip netns add NAT1'* ]]
	[[ $output == *'policy drop;'* ]]
	[[ $output != *NAT2* ]]
	run -0 "$VPCLAB" -n "$NAME" -c 'show linux internet'
	[[ $output == 'ip netns add internet'* ]]
	run -0 "$VPCLAB" -n "$NAME" -c 'show linux ECS2/web'
	[[ $output == *'vpclab-service http --name ECS2 --port 80'* ]]
	[ "$("$VPCLAB" -n "$NAME" -j -c 'show linux EIP2' | jq -r '.name, (.commands | length)' | tr '\n' ' ')" = 'EIP2 2 ' ]
	run -2 "$VPCLAB" -n "$NAME" -c 'show linux EIP22'
	[[ $output == *'did you mean EIP2?'* ]]
}
