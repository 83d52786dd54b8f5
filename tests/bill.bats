# SPDX-License-Identifier: GPL-3.0-only
# bill: what the lab would cost, from the kernel's counters and the user's prices.

load lib/common

cost() { # JSON, name, dimension: quantity in billionths, price, and cost in millionths
	jq -c --arg name "$2" --arg what "$3" '.[] | select(.name == $name and .dimension == $what) |
		[(.quantity * 1e9 | round), .price, (.cost | if . then . * 1e6 | round else . end)]' <<<"$1"
}

# cloud-semantics: end-11, end-12
@test "AWS: hours, the bytes that a gateway passed on, those that left for the internet, and those between zones" {
	cat >"$LAB" <<-'END'
		provider aws
		price nat-gateway-gb 0.045
		price public-ipv4-hour 0.005
		vpc create VPC1 cidr 10.0.0.0/16
		internet-gateway create IGW1
		internet-gateway attach IGW1 vpc VPC1
		subnet create public vpc VPC1 cidr 10.0.1.0/24 zone a
		subnet create private-{a,b} vpc VPC1 cidr 10.0.{3,4}.0/24 zone {a,b}
		route create public-out table VPC1/main to 0.0.0.0/0 via internet-gateway IGW1
		instance create app-{a,b} subnet private-{a,b}
		eip create EIP1
		nat-gateway create NAT1 subnet public eip EIP1
		route-table create private-rt vpc VPC1
		route create out table private-rt to 0.0.0.0/0 via nat-gateway NAT1
		route-table associate private-rt subnet private-a
		route-table associate private-rt subnet private-b
		load-balancer create LB1 subnet public
		internet-host create site
		expect ok app-a ping -c 3 -i 0.01 -s 972 $site
		expect ok app-b ping -c 2 -i 0.01 -s 972 $site
		expect fail app-a ping -c 1 -W 0.1 -s 972 $LB1
	END
	"$VPCLAB" up "bill-$$" "$LAB"
	run -0 --separate-stderr "$VPCLAB" -j -n "bill-$$" -c 'bill hours 10'
	[ "$(cost "$output" NAT1 nat-gateway-hour)" = '[10000000000,null,null]' ]
	[ "$(cost "$output" NAT1 nat-gateway-gb)" = '[10000,0.045,0]' ]
	[ "$(cost "$output" IGW1 internet-gb)" = '[5000,null,null]' ]
	[ "$(cost "$output" VPC1 zone-gb)" = '[4000,null,null]' ]
	[ "$(cost "$output" LB1 load-balancer-hour)" = '[10000000000,null,null]' ]
	[ "$(cost "$output" LB1 load-balancer-gb)" = '[1000,null,null]' ]
	[ "$(cost "$output" EIP1 public-ipv4-hour)" = '[10000000000,0.005,50000]' ]
	run -0 --separate-stderr "$VPCLAB" -j -n "bill-$$" -c 'bill times 1000000'
	[ "$(cost "$output" NAT1 nat-gateway-gb)" = '[10000000000,0.045,450000]' ]
	[ "$(jq '.[-1].cost' <<<"$output")" = 0.455 ]
	run -0 "$VPCLAB" -n "bill-$$" -c verify -c save
	[[ $output == *$'\nprice nat-gateway-gb 0.045000\n'* ]]
	"$VPCLAB" -q down "bill-$$"
}

# cloud-semantics: end-9, end-10
@test "Alibaba Cloud: capacity units, EIPs, attachments, and what is sent to a transit router" {
	cat >"$LAB" <<-'END'
		price nat-gateway-hour 0.034
		price nat-gateway-cu 0.034
		vpc create VPC{1..2} cidr 10.{1..2}.0.0/16
		vswitch create VSW{1..2} vpc VPC{1..2} cidr 10.{1..2}.1.0/24
		sg create SG2 vpc VPC2
		sg allow SG2 in icmp from 10.0.0.0/8
		ecs create ECS1 vswitch VSW1
		ecs create ECS2 vswitch VSW2 security-group SG2
		nat-gateway create NAT1 vpc VPC1 vswitch VSW1
		eip create EIP1
		eip associate EIP1 nat-gateway NAT1
		snat create snat1 nat-gateway NAT1 source vswitch VSW1 eip EIP1
		transit-router create TR1
		attachment create ATT{1..2} transit-router TR1 vpc VPC{1..2} vswitch VSW{1..2}
		route create there table VPC1/system to 10.2.0.0/16 via attachment ATT1
		route create back table VPC2/system to 10.1.0.0/16 via attachment ATT2
		internet-host create site
		eni create N1 vswitch VSW2
		eip create EIP2
		eip associate EIP2 eni N1 mode binded
		eni attach N1 ecs ECS2
		expect ok ECS2 ping -c 3 -i 0.01 -s 972 -I eth1 $site
		expect ok ECS1 ping -c 4 -i 0.01 -s 972 $site
		expect ok ECS1 ping -c 2 -i 0.01 -s 972 $ECS2
	END
	"$VPCLAB" up "bill-$$" "$LAB"
	run -0 --separate-stderr "$VPCLAB" -j -n "bill-$$" -c 'bill times 1000000'
	[ "$(cost "$output" NAT1 nat-gateway-cu)" = '[8000000000,0.034,272000]' ]
	[ "$(cost "$output" NAT1 internet-gb)" = '[4000000000,null,null]' ]
	[ "$(cost "$output" EIP2 internet-gb)" = '[3000000000,null,null]' ]
	[ "$(cost "$output" ATT1 transit-router-gb)" = '[2000000000,null,null]' ]
	[ "$(cost "$output" ATT2 transit-router-gb)" = '[2000000000,null,null]' ]
	[ "$(cost "$output" ATT2 attachment-hour)" = '[1000000000,null,null]' ]
	"$VPCLAB" -q down "bill-$$"
	# Nothing ran, and nobody asks a kernel.
	run -0 --separate-stderr "$VPCLAB" validate - <<<bill
}
