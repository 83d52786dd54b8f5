# SPDX-License-Identifier: GPL-3.0-only
# Which addresses are a VPC's and an interface's: secondary and user CIDRs.

load lib/common

@test "a secondary CIDR has vSwitches like the primary one, behind the same gateways (vpc-3, addr-6)" {
	cat >"$LAB" <<-'END'
		vpc create VPC1 cidr 192.168.0.0/16
		vpc associate VPC1 cidr 10.0.0.0/8
		vswitch create VSW1 vpc VPC1 cidr 192.168.1.0/24
		vswitch create VSW2 vpc VPC1 cidr 10.9.1.0/24
		sg create SG1 vpc VPC1
		sg allow SG1 in all from 0.0.0.0/0
		ecs create ECS1 vswitch VSW1 security-group SG1 public-ip auto
		ecs create ECS2 vswitch VSW2 security-group SG1
		nat create NAT1 vpc VPC1 vswitch VSW1
		eip create EIP1
		eip create EIP2
		eip associate EIP1 nat-gateway NAT1
		eip associate EIP2 nat-gateway NAT1
		snat create snat1 nat-gateway NAT1 source vswitch VSW2 eip EIP1
		dnat create dnat1 nat-gateway NAT1 eip EIP2 protocol tcp public-port 80 to ECS2 private-port 80
		internet-host create client
		service start client http
		service start ECS2 http
		expect reachable ECS1 -> ECS2 seen-as $ECS1
		expect reachable ECS2 -> client seen-as $EIP1
		expect reachable client -> EIP2
		expect blocked ECS2 -> 10.9.2.1 because UNREACHABLE_ADDRESS
	END
	lab_passes
}

@test "a secondary CIDR comes and goes in a running lab, and is saved and shown" {
	"$VPCLAB" -q up c - <<-'END'
		vpc create VPC1 cidr 192.168.0.0/16 user-cidr 30.0.0.0/8,31.0.0.0/8
		vpc associate VPC1 cidr 10.0.0.0/8
		vpc associate VPC1 cidr 172.16.0.0/12
		vpc disassociate VPC1 cidr 10.0.0.0/8
		vswitch create VSW1 vpc VPC1 cidr 172.16.1.0/24
	END
	[ "$("$VPCLAB" -n c -c save | head -n 2)" = "vpc create VPC1 cidr 192.168.0.0/16 user-cidr 30.0.0.0/8,31.0.0.0/8
vpc associate VPC1 cidr 172.16.0.0/12" ]
	"$VPCLAB" -n c -c verify
	"$VPCLAB" -n c -j -c "vpc show" | jq -e '.[0] | .secondary_cidr == ["172.16.0.0/12"] and .user_cidr == ["30.0.0.0/8", "31.0.0.0/8"]'
	"$VPCLAB" -n c -c "vswitch delete VSW1" -c "vpc disassociate VPC1 cidr 172.16.0.0/12" -c "verify"
	"$VPCLAB" -q down c
}

@test "a user CIDR is private: a route for it counts for hosts with a public address, too (addr-1, addr-3)" {
	cat >"$LAB" <<-'END'
		vpc create VPC1 cidr 192.168.0.0/16 user-cidr 106.11.0.0/16
		vswitch create VSW1 vpc VPC1 cidr 192.168.1.0/24
		sg create SG1 vpc VPC1
		sg allow SG1 in all from 0.0.0.0/0
		ecs create ECS1 vswitch VSW1 security-group SG1 public-ip auto
		ecs create ECS2 vswitch VSW1 security-group SG1
		ECS2 ip address add 106.11.1.1/32 dev lo
		ECS2 ip address add 107.11.1.1/32 dev lo
		route create R1 table VPC1/system to 106.11.0.0/16 via ecs ECS2
		route create R2 table VPC1/system to 107.11.0.0/16 via ecs ECS2
		expect ok ECS1 ping -c 1 -W 20 106.11.1.1
		expect fail ECS1 ping -c 1 -W 1 107.11.1.1
	END
	lab_passes
}

@test "aws: each CIDR of a VPC is local in all its tables (addr-17)" {
	cat >"$LAB" <<-'END'
		provider aws
		vpc create VPC1 cidr 10.0.0.0/16
		vpc associate VPC1 cidr 100.64.0.0/24
		vpc associate VPC1 cidr 10.1.0.0/16
		subnet create S1 vpc VPC1 cidr 10.0.1.0/24
		subnet create S2 vpc VPC1 cidr 100.64.0.0/24
		route-table create RTB1 vpc VPC1
		route-table associate RTB1 subnet S2
		sg create SG1 vpc VPC1
		sg allow SG1 in all from 0.0.0.0/0
		instance create I1 subnet S1 security-group SG1
		instance create I2 subnet S2 security-group SG1
		service start I2 http
		expect reachable I1 -> I2 seen-as $I1
		expect blocked I2 -> 10.1.2.3 because UNREACHABLE_ADDRESS
	END
	lab_passes
	run "$VPCLAB" run - < <(cat "$LAB" && echo "route show")
	[[ $output == *"VPC1/main/local-100.64.0.0 VPC1/main 100.64.0.0/24 System"* ]]
	[[ $output == *"RTB1/local-10.1.0.0 "*"RTB1 "*"10.1.0.0/16"* ]]
}

@test "aws: an accepter's new CIDR that overlaps makes a waiting peering fail, another one does not (peer-29)" {
	"$VPCLAB" -q up c - <<-'END'
		provider aws
		vpc create VPC1 cidr 10.0.0.0/16
		vpc create VPC2 cidr 10.1.0.0/16
		vpc-peering-connection create PCX1 vpc VPC1 peer-vpc VPC2
	END
	state() {
		"$VPCLAB" -n c -j -c 'vpc-peering-connection show' | jq -r '.[0].status'
	}
	"$VPCLAB" -n c -c 'vpc associate VPC2 cidr 100.64.0.0/24'
	[ "$(state)" = pending-acceptance ]
	"$VPCLAB" -n c -c 'vpc create VPC3 cidr 100.65.0.0/16' -c 'vpc-peering-connection create PCX3 vpc VPC3 peer-vpc VPC2'
	"$VPCLAB" -n c -c 'vpc associate VPC2 cidr 100.65.1.0/24'
	[ "$(state)" = pending-acceptance ]
	[ "$("$VPCLAB" -n c -j -c 'vpc-peering-connection show PCX3' | jq -r '.[0].status')" = failed ]
	"$VPCLAB" -q down c
}

@test "a secondary address that nobody has set up in its host: explain, trace and the cure (eni-4)" {
	cat >"$LAB" <<-'END'
		vpc create VPC1 cidr 192.168.0.0/16
		vswitch create VSW1 vpc VPC1 cidr 192.168.1.0/24
		ecs create E1 vswitch VSW1
		ecs create E2 vswitch VSW1
		security-group allow VPC1/default in tcp 80 from 0.0.0.0/0
		service start E1 http
		eni create N1 vswitch VSW1
		eni attach N1 ecs E1
		eni assign N1 ip 192.168.1.20
		eni assign E1 ip 192.168.1.21
	END
	run "$VPCLAB" explain "$LAB" 'E2 -> 192.168.1.20'
	echo "$output"
	[ "$status" -eq 0 ]
	[[ $output == *'192.168.1.20, a secondary address of its eth1, is not set up in E1'* ]]
	[[ $output == *'E1 ip address add 192.168.1.20/24 dev eth1'* ]]
	cp "$LAB" "$BATS_TEST_TMPDIR/set-up.lab"
	echo 'E1 ip address add 192.168.1.20/24 dev eth1' >>"$BATS_TEST_TMPDIR/set-up.lab"
	"$VPCLAB" explain "$BATS_TEST_TMPDIR/set-up.lab" 'E2 -> 192.168.1.20' | grep -F reachable
	cat >>"$LAB" <<-'END'
		expect blocked E2 -> 192.168.1.20 because UNREACHABLE_ADDRESS
		E1 ip address add 192.168.1.20/24 dev eth1
		expect reachable E2 -> 192.168.1.20 seen-as $E2
		expect blocked E2 -> 192.168.1.21 because UNREACHABLE_ADDRESS
	END
	lab_passes
}

@test "secondary addresses come and go in a running lab: verify, save, show, graph, reach, what-if (addr-26, eni-8)" {
	"$VPCLAB" -q up s - <<-'END'
		provider aws
		vpc create V1 cidr 10.0.0.0/16
		subnet create S1 vpc V1 cidr 10.0.1.0/24
		internet-gateway create IGW1
		internet-gateway attach IGW1 vpc V1
		route create R1 table V1/main to 0.0.0.0/0 via internet-gateway IGW1
		security-group create SG1 vpc V1
		security-group allow SG1 in tcp 80 from 0.0.0.0/0
		instance create I1 subnet S1 security-group SG1
		instance create I2 subnet S1 security-group SG1
		service start I1 http
		internet-host create H1
		eip create EIP1
		eip create EIP2
		eni assign I1 ip 10.0.1.20
		eni assign I1 ip 10.0.1.21
		eip associate EIP1 instance I1 private-ip 10.0.1.20
	END
	"$VPCLAB" -n s -c verify
	"$VPCLAB" -n s -c 'trace H1 -> EIP1' -c 'trace I2 -> 10.0.1.21'
	"$VPCLAB" -n s -j -c 'instance show I1' | jq -e '.[0].secondary_ips == ["10.0.1.20", "10.0.1.21"]'
	"$VPCLAB" -n s -j -c 'eip show EIP1' | jq -e '.[0] | .private_ip == "10.0.1.20" and .associated.name == "I1"'
	"$VPCLAB" graph s | grep -F 'also 10.0.1.20  EIP1 203.0.113.1  also 10.0.1.21'
	"$VPCLAB" -n s -c save >"$BATS_TEST_TMPDIR/saved.lab"
	grep -Fx 'eip associate EIP1 instance I1 private-ip 10.0.1.20' "$BATS_TEST_TMPDIR/saved.lab"
	run -0 "$VPCLAB" diff s "$BATS_TEST_TMPDIR/saved.lab"
	"$VPCLAB" -n s -c 'reach I2 -> 10.0.1.20 tcp 80' | grep -F '10.0.1.20'
	run "$VPCLAB" -n s -c 'what-if eni unassign I1 ip 10.0.1.20'
	echo "$output"
	[[ $output == *EIP1* && $output == *10.0.1.20* ]]
	"$VPCLAB" -n s -c 'eni unassign I1 ip 10.0.1.20' -c verify -c 'expect blocked H1 -> EIP1 because EIP_UNBOUND'
	"$VPCLAB" -n s -c 'eni assign I2 ip 10.0.1.20' -c verify -c 'instance delete I2' -c verify
	"$VPCLAB" -n s -c 'eni assign I1 ip 10.0.1.20' -c verify
	"$VPCLAB" -q down s
}
