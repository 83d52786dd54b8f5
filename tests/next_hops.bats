# SPDX-License-Identifier: GPL-3.0-only
# Routes by way of an ECS or ENI, and answers that leave by another interface than the question came in.

load lib/common

check() {
	run "$VPCLAB" run "$LAB"
	echo "$output"
	[ "$status" -eq 0 ]
}

# ECS1 in VSW1 reaches 172.31.0.0/16 by way of ECS3 in VSW3; ECS3 has that network behind it, on a loopback.
design() {
	cat <<-'EOF2'
		vpc create VPC1 cidr 192.168.0.0/16
		vswitch create VSW1 vpc VPC1 cidr 192.168.1.0/24
		vswitch create VSW2 vpc VPC1 cidr 192.168.2.0/24
		vswitch create VSW3 vpc VPC1 cidr 192.168.3.0/24
		sg create open vpc VPC1
		sg allow open in all from 0.0.0.0/0
		sg create SG3 vpc VPC1
		ecs create ECS1 vswitch VSW1 security-group open
		ecs create ECS3 vswitch VSW3 security-group SG3
		service start ECS3 http port 80 name web
		ECS3 ip address add 172.31.0.1/32 dev lo
		route-table create VTB1 vpc VPC1
		route-table associate VTB1 vswitch VSW1
	EOF2
}

@test "a route via an ECS leads to it, through its security group" {
	{
		design
		echo 'expect fail ECS1 ping -c 1 -W 1 172.31.0.1'
		echo 'route create R1 table VTB1 to 172.31.0.0/16 via ecs ECS3'
		echo 'expect fail ECS1 ping -c 1 -W 1 172.31.0.1'
		echo 'sg allow SG3 in all from 192.168.1.0/24'
		echo 'expect ok ECS1 ping -c 1 -W 20 172.31.0.1'
		echo 'expect output ECS3 ECS1 curl -sS --max-time 20 http://172.31.0.1'
		echo 'expect error DependencyViolation.RouterEntry ecs delete ECS3'
		echo 'route delete R1'
		echo 'expect fail ECS1 ping -c 1 -W 1 172.31.0.1'
	} >"$LAB"
	check
}

@test "an ECS that forwards: it is asked at its security group on the way in and on the way out" {
	{
		design
		echo 'sg allow SG3 in all from 192.168.1.0/24'
		echo 'vswitch create VSW4 vpc VPC1 cidr 192.168.4.0/24'
		echo 'nat-gateway create NAT1 vpc VPC1 vswitch VSW4'
		echo 'eip create EIP1'
		echo 'eip associate EIP1 nat-gateway NAT1'
		echo 'snat create s1 nat-gateway NAT1 source vpc VPC1 eip EIP1'
		echo 'internet-host create server'
		echo 'service start server http port 80 name web'
		echo 'route create R1 table VTB1 to 0.0.0.0/0 via ecs ECS3'
		echo 'expect blocked ECS1 -> server'
		echo 'ECS3 sysctl -qw net.ipv4.ip_forward=1'
		echo 'expect reachable ECS1 -> server seen-as EIP1'
		echo 'sg drop SG3 out tcp 80 to 0.0.0.0/0'
		echo 'expect blocked ECS1 -> server'
		echo 'sg revoke SG3 rule 2'
		echo 'expect reachable ECS1 -> server'
		echo 'sg revoke SG3 rule 1'
		echo 'expect blocked ECS1 -> server'
	} >"$LAB"
	check
}

@test "an ECS that forwards for its own vSwitch, by a route of that vSwitch: it loops and dies, as in the cloud" {
	{
		design
		echo 'sg allow SG3 in all from 0.0.0.0/0'
		echo 'ECS3 sysctl -qw net.ipv4.ip_forward=1'
		echo 'route create R1 table VPC1/system to 8.8.8.0/24 via ecs ECS3'
		echo 'expect fail ECS1 ping -c 1 -W 1 8.8.8.8'
		echo 'expect reachable ECS1 -> ECS3'
	} >"$LAB"
	check
}

@test "a route via a secondary ENI comes in on eth1; while it is detached nobody is there" {
	{
		design
		echo 'eni create a-long-name-for-an-eni vswitch VSW3 security-group open'
		echo 'route create R1 table VTB1 to 172.31.0.0/16 via eni a-long-name-for-an-eni'
		echo 'expect fail ECS1 ping -c 1 -W 1 172.31.0.1'
		echo 'eni attach a-long-name-for-an-eni ecs ECS3'
		echo 'expect ok ECS1 ping -c 1 -W 20 172.31.0.1'
		echo 'eni detach a-long-name-for-an-eni'
		echo 'expect fail ECS1 ping -c 1 -W 1 172.31.0.1'
	} >"$LAB"
	check
}

@test "an ACL sees what comes by way of a next hop, too" {
	{
		design
		echo 'sg allow SG3 in all from 192.168.1.0/24'
		echo 'route create R1 table VTB1 to 172.31.0.0/16 via ecs ECS3'
		echo 'expect ok ECS1 ping -c 1 -W 20 172.31.0.1'
		echo 'acl create ACL1 vpc VPC1'
		echo 'acl add ACL1 out 1 accept all to 0.0.0.0/0'
		echo 'acl associate ACL1 vswitch VSW3'
		echo 'expect fail ECS1 ping -c 1 -W 1 172.31.0.1'
		echo 'acl add ACL1 in 1 accept icmp from 192.168.1.0/24'
		echo 'expect ok ECS1 ping -c 1 -W 20 172.31.0.1'
	} >"$LAB"
	check
}

# An EIP on a secondary ENI of ECS1, whose default route in the guest is eth0.
two_interfaces() { # GATEWAY
	cat <<-EOF2
		vpc create VPC1 cidr 192.168.0.0/16
		vswitch create VSW1 vpc VPC1 cidr 192.168.1.0/24
		sg create open vpc VPC1
		sg allow open in all from 0.0.0.0/0
		ecs create ECS1 vswitch VSW1 security-group open
		service start ECS1 http port 80 name web
		$1
		eip create EIP1
		eip create EIP2
		eip associate EIP1 nat-gateway NAT1
		snat create s1 nat-gateway NAT1 source vswitch VSW1 eip EIP1
		eni create ENI1 vswitch VSW1 security-group open
		eni attach ENI1 ecs ECS1
		eip associate EIP2 eni ENI1
		internet-host create client
		service start client http port 80 name web
	EOF2
}

# cloud-semantics: dnat-9
@test "an answer that leaves by another ENI: blocked with an enhanced gateway, until the guest has a rule" {
	{
		two_interfaces 'nat-gateway create NAT1 vpc VPC1 vswitch VSW1'
		echo 'expect blocked client -> EIP2'
		echo 'expect reachable ECS1 -> client seen-as EIP1'
		echo 'ECS1 ip route add default via 192.168.1.253 dev eth1 table 101'
		echo 'ECS1 ip rule add from $ENI1 lookup 101'
		echo 'expect reachable client -> EIP2'
		echo 'expect output EIP2 ECS1 curl -sS --interface $ENI1 http://client'
		echo 'expect reachable ECS1 -> client seen-as EIP1'
		# What the user did stays across changes of the lab.
		echo 'vswitch create VSW2 vpc VPC1 cidr 192.168.2.0/24'
		echo 'ecs create ECS2 vswitch VSW2'
		echo 'eni create ENI2 vswitch VSW2'
		echo 'eni attach ENI2 ecs ECS1'
		echo 'sg allow open in tcp 81 from 1.2.3.4'
		echo 'eip create EIP3'
		echo 'eip associate EIP3 nat-gateway NAT1'
		echo 'snat set s1 eip EIP3'
		echo 'expect reachable client -> EIP2'
		echo 'expect output "lookup 101" ECS1 ip rule'
	} >"$LAB"
	check
}

@test "an answer that leaves by another ENI: tolerated with a standard gateway" {
	{
		two_interfaces 'nat-gateway create NAT1 vpc VPC1 type standard'
		echo 'expect reachable client -> EIP2'
		echo 'expect reachable ECS1 -> client seen-as EIP1'
	} >"$LAB"
	check
}

# cloud-semantics: nat-4
@test "an answer that leaves by another ENI: what counts is the route to the client, not the default route" {
	cat >"$LAB" <<-'EOF2'
		vpc create VPC1 cidr 192.168.0.0/16
		vswitch create VSW1 vpc VPC1 cidr 192.168.1.0/24
		vswitch create VSW2 vpc VPC1 cidr 192.168.2.0/24
		sg create open vpc VPC1
		sg allow open in all from 0.0.0.0/0
		ecs create ECS1 vswitch VSW1 security-group open
		eni create ENI1 vswitch VSW2 security-group open
		eni attach ENI1 ecs ECS1
		service start ECS1 http port 80 name web
		nat-gateway create NAT1 vpc VPC1 vswitch VSW1
		eip create EIP1
		eip associate EIP1 nat-gateway NAT1
		dnat create d1 nat-gateway NAT1 eip EIP1 protocol tcp public-port 80 to ENI1 private-port 80
		internet-host create client ip 198.51.100.7
		internet-host create other ip 198.51.101.7
		route delete VPC1/default-route
		route create narrow table VPC1/system to 198.51.100.0/24 via nat-gateway NAT1
		expect blocked client -> EIP1 because RETURN_PATH
		expect blocked other -> EIP1 because NO_ROUTE
		nat-gateway create NAT2 vpc VPC1 vswitch VSW2
		ECS1 ip route add default via 192.168.2.253 dev eth1 table 101
		ECS1 ip rule add from $ENI1 lookup 101
		expect reachable client -> EIP1
	EOF2
	check
}

@test "a public address of its own wins over every route to the internet, but over none to a private address" { # cloud-semantics: addr-1, addr-2
	cat >"$LAB" <<-'LAB'
		vpc create VPC1 cidr 192.168.0.0/16
		vswitch create VSW1 vpc VPC1 cidr 192.168.1.0/24
		ecs create ECS1 vswitch VSW1
		ecs create router vswitch VSW1
		internet-host create site ip 198.51.100.1
		service start site http
		nat-gateway create NAT1 vpc VPC1 vswitch VSW1
		eip create EIP1
		eip create EIP2
		eip associate EIP1 nat-gateway NAT1
		snat create snat1 nat-gateway NAT1 source vswitch VSW1 eip EIP1
		route create narrow table VPC1/system to 198.51.100.1/32 via nat-gateway NAT1
		route create inside table VPC1/system to 10.0.0.0/8 via ecs router
		expect reachable ECS1 -> site seen-as EIP1
		eip associate EIP2 ecs ECS1
		expect reachable ECS1 -> site seen-as EIP2
		expect blocked ECS1 -> 10.1.2.3 because NOT_FORWARDING
	LAB
	lab_passes
}

@test "today a firewall stands between two vSwitches: a system route's next hop is changed, and set back (addr-13, rt-7)" {
	cat >"$LAB" <<-'END'
		profile today
		vpc create VPC1 cidr 192.168.0.0/16
		vswitch create VSW{1..3} vpc VPC1 cidr 192.168.{1..3}.0/24
		sg create open vpc VPC1
		sg allow open in all from 0.0.0.0/0
		ecs create ECS{1..3} vswitch VSW{1..3} security-group open
		service start ECS2 http
		route-table create VTB{1..2} vpc VPC1
		route-table associate VTB{1..2} vswitch VSW{1..2}
		expect reachable ECS1 -> ECS2
		route create R1 table VTB1 to 192.168.2.0/24 via ecs ECS3
		route create R2 table VTB2 to 192.168.1.0/24 via ecs ECS3
		expect blocked ECS1 -> ECS2 because NOT_FORWARDING
		ECS3 sysctl -qw net.ipv4.ip_forward=1
		expect reachable ECS1 -> ECS2 seen-as $ECS1
		ECS3 nft 'add table ip fw; add chain ip fw c { type filter hook forward priority 0; policy drop; }'
		expect fail ECS1 curl -sS --max-time 1 http://192.168.2.1
		route delete R1
		route delete R2
		expect reachable ECS1 -> ECS2
	END
	lab_passes
	run "$VPCLAB" run - < <(sed '/route delete/,$d' "$LAB" && echo 'route show')
	[[ $output == *"VTB1/VSW1 "* && $output != *"VTB1/VSW2 "* && $output == *"VTB2/VSW2 "* ]]
}

@test "what is bound to eth1 leaves by eth1's own default route, all else by eth0 (eni-6)" {
	cat >"$LAB" <<-'END'
		vpc create VPC1 cidr 192.168.0.0/16
		vswitch create VSW{1..2} vpc VPC1 cidr 192.168.{1..2}.0/24
		sg create open vpc VPC1
		sg allow open in all from 0.0.0.0/0
		ecs create ECS1 vswitch VSW1 security-group open
		eni create ENI1 vswitch VSW2 security-group open
		eni attach ENI1 ecs ECS1
		eip create EIP{1..2}
		eip associate EIP1 ecs ECS1
		eip associate EIP2 eni ENI1
		internet-host create server
		service start server http
		expect output 'via 192.168.2.253 dev eth1 metric 1001' ECS1 ip route
		expect output "client $EIP1:" ECS1 curl -sS --max-time 20 http://$server
		expect output "client $EIP2:" ECS1 curl -sS --max-time 20 --interface eth1 http://$server
		expect reachable ECS1 -> server seen-as $EIP1
	END
	lab_passes
	"$VPCLAB" run - < <(cat "$LAB" && echo verify)
}

# cloud-semantics: open-13, lb-10
@test "a route gets another next hop in one step, the one that a gateway brought too, and a saved lab has it" {
	cat >"$LAB" <<-'END'
		vpc create VPC1 cidr 192.168.0.0/16
		vswitch create VSW{1..2} vpc VPC1 cidr 192.168.{1..2}.0/24
		sg create open vpc VPC1
		sg allow open in all from 192.168.0.0/16
		ecs create ECS1 vswitch VSW1
		ecs create ECS2 vswitch VSW2 security-group open public-ip auto
		ECS2 sysctl -qw net.ipv4.ip_forward=1
		ECS2 nft 'add table ip nat; add chain ip nat out { type nat hook postrouting priority srcnat; }; add rule ip nat out oifname eth0 masquerade'
		internet-host create site
		service start site http
		nat-gateway create NAT{1..2} vpc VPC1 vswitch VSW1
		expect blocked ECS1 -> site because NO_EIP
		route set VPC1/default-route via ecs ECS2
		expect reachable ECS1 -> site seen-as $ECS2.public
		verify
	END
	lab_passes
	"$VPCLAB" up "hop-$$" "$LAB"
	"$VPCLAB" -n "hop-$$" -c save >"$BATS_TEST_TMPDIR/saved.lab"
	grep -Fx 'route set VPC1/default-route via ecs ECS2' "$BATS_TEST_TMPDIR/saved.lab"
	diff "$BATS_TEST_TMPDIR/saved.lab" <({ cat "$BATS_TEST_TMPDIR/saved.lab" && echo save; } | "$VPCLAB" -q)
	# Without any gateway nothing would bring that name.
	run -0 "$VPCLAB" -n "hop-$$" -c 'nat-gateway delete NAT2' -c 'nat-gateway delete NAT1' -c 'expect reachable ECS1 -> site' -c save
	[[ $output == *'route create VPC1.default-route table VPC1/system to 0.0.0.0/0 via ecs ECS2'* ]]
	"$VPCLAB" -q down "hop-$$"
}
