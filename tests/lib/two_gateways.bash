# SPDX-License-Identifier: GPL-3.0-only
# shellcheck shell=bash
# The working design, a line at a time, so that a test can leave out or change one.
design() {
	cat <<-'EOF'
		vpc create VPC1 cidr 192.168.0.0/16
		vswitch create VSW1 vpc VPC1 cidr 192.168.1.0/24
		vswitch create VSW2 vpc VPC1 cidr 192.168.2.0/24
		sg create SG1 vpc VPC1
		sg create SG2 vpc VPC1
		sg allow SG2 in tcp 80 from 0.0.0.0/0
		ecs create ECS1 vswitch VSW1 ip 192.168.1.10 security-group SG1
		ecs create ECS2 vswitch VSW2 ip 192.168.2.10 security-group SG2
		service start ECS2 http port 80 name web
		nat-gateway create NAT1 vpc VPC1 vswitch VSW1
		nat-gateway create NAT2 vpc VPC1 vswitch VSW2
		eip create EIP1 ip 203.0.113.1
		eip create EIP2 ip 203.0.113.2
		eip associate EIP1 nat-gateway NAT1
		eip associate EIP2 nat-gateway NAT2
		snat create snat1 nat-gateway NAT1 source vswitch VSW1 eip EIP1
		dnat create dnat1 nat-gateway NAT2 eip EIP2 protocol tcp public-port 80 to ECS2 private-port 80
		route-table create VTB1 vpc VPC1
		route create Route1 table VTB1 to 0.0.0.0/0 via nat-gateway NAT1
		route-table associate VTB1 vswitch VSW1
		route-table create VTB2 vpc VPC1
		route create Route2 table VTB2 to 0.0.0.0/0 via nat-gateway NAT2
		route-table associate VTB2 vswitch VSW2
	EOF
}
