# SPDX-License-Identifier: GPL-3.0-only
# Transit router and transit gateway: attachments, tables, propagation, and one way out for many VPCs.

load lib/common
load lib/three_vpcs

# Three VPCs with an ECS each, all attached; the second and the third send all that is not theirs there.
attached() {
	three_vpcs
	cat <<-'EOF'
		transit-router create TR1
		attachment create ATT{1..3} transit-router TR1 vpc VPC{1..3} vswitch VSW{1..3}
		route create out{2..3} table VPC{2..3}/system to 0.0.0.0/0 via attachment ATT{2..3}
	EOF
}

said() {
	[[ $(tr -s '\n ' ' ' <<<"$output") == *"$1"* ]]
}

# cloud-semantics: tr-4, tr-5, tr-7
@test "attached VPCs reach each other by a route on each side, and the propagated ones in between" {
	cat >"$LAB" <<-EOF
		$(attached)
		expect reachable ECS2 -> ECS3 seen-as ECS2
		trace ECS2 -> ECS3
		explain ECS1 -> ECS2
		expect blocked ECS1 -> ECS2 because NO_ROUTE
		route create there table VPC1/system to 10.2.0.0/16 via attachment ATT1
		expect reachable ECS1 -> ECS2
		transit-route-table show
		verify
	EOF
	lab_passes
	said 'TR1/default propagated by ATT3'
	said 'Explain says the same'
	said 'TR1 joins the two, but only by a route to it'
}

# cloud-semantics: tr-3, tr-11
@test "without an association nothing that comes in goes on; with propagation off nobody knows the way" {
	cat >"$LAB" <<-EOF
		$(attached)
		transit-route-table disassociate TR1/default attachment ATT2
		explain ECS2 -> ECS3
		expect blocked ECS2 -> ECS3 because NO_ROUTE
		transit-route-table associate TR1/default attachment ATT2
		expect reachable ECS2 -> ECS3
		transit-route-table disable-propagation TR1/default attachment ATT3
		explain ECS2 -> ECS3
		expect blocked ECS2 -> ECS3 because NO_ROUTE
		transit-route-table enable-propagation TR1/default attachment ATT3
		expect reachable ECS2 -> ECS3
	EOF
	lab_passes
	said 'ATT2 is associated with no route table of TR1'
	said 'transit-route-table associate TR1/default attachment ATT2'
	said 'ATT3 does not propagate the routes of VPC3 into it'
	said 'transit-route-table enable-propagation TR1/default attachment ATT3'
}

# cloud-semantics: tr-10
@test "a blackhole route keeps two VPCs apart, the longest prefix decides, and a table of its own knows others" {
	cat >"$LAB" <<-EOF
		$(attached)
		transit-route create apart table TR1/default to 10.3.1.0/24 blackhole
		explain ECS2 -> ECS3
		expect blocked ECS2 -> ECS3 because BLACKHOLE_ROUTE
		trace ECS2 -> ECS3
		transit-route create one table TR1/default to \$ECS3/32 attachment ATT3
		expect reachable ECS2 -> ECS3
		transit-route-table create TRT2 transit-router TR1
		transit-route-table disassociate TR1/default attachment ATT2
		transit-route-table associate TRT2 attachment ATT2
		expect blocked ECS2 -> ECS3 because NO_ROUTE
		transit-route create to3 table TRT2 to 10.3.0.0/16 attachment ATT3
		expect reachable ECS2 -> ECS3
	EOF
	lab_passes
	said 'the route apart to 10.3.1.0/24, a blackhole'
	said 'Explain says the same'
}

# cloud-semantics: tr-12, tr-16, tr-17
@test "central egress: each of its routes missing has its cause, and with all of them the far end sees the hub's EIP" {
	cat >"$LAB" <<-EOF
		$(attached)
		vswitch create NATVSW vpc VPC1 cidr 10.1.2.0/24
		nat-gateway create NAT1 vpc VPC1 vswitch NATVSW
		eip create EIP1
		eip associate EIP1 nat-gateway NAT1
		explain ECS2 -> web
		expect blocked ECS2 -> web because NO_ROUTE
		transit-route create out table TR1/default to 0.0.0.0/0 attachment ATT1
		explain ECS2 -> web
		expect blocked ECS2 -> web because NO_SNAT_ENTRY
		snat create snat1 nat-gateway NAT1 source cidr 10.0.0.0/8 eip EIP1
		explain ECS2 -> web
		expect blocked ECS2 -> web because RETURN_PATH
		route create back table VPC1/system to 10.2.0.0/16 via attachment ATT1
		expect reachable ECS2 -> web seen-as EIP1
		trace ECS2 -> web
		expect blocked ECS3 -> web because RETURN_PATH
		expect reachable ECS1 -> web seen-as EIP1
		verify
	EOF
	lab_passes
	said 'the answer has no way back: VPC1/system, the route table of NATVSW'
	said 'Explain says the same'
}

aws_attached() {
	cat <<-'EOF'
		provider aws
		vpc create VPC{1..2} cidr 10.{1..2}.0.0/16
		subnet create S{1..2} vpc VPC{1..2} cidr 10.{1..2}.1.0/24 zone a
		subnet create S1b vpc VPC1 cidr 10.1.2.0/24 zone b
		sg create SG{1..2} vpc VPC{1..2}
		sg allow SG{1..2} in tcp 80 from 10.0.0.0/8
		instance create I{1..2} subnet S{1..2} security-group SG{1..2}
		instance create I1b subnet S1b security-group SG1
		service start I{1..2} http
		transit-gateway create TGW1
		attachment create ATT{1..2} transit-gateway TGW1 vpc VPC{1..2} subnet S{1..2}
		route create r{1..2} table VPC{1..2}/main to 10.0.0.0/8 via transit-gateway TGW1
	EOF
}

# cloud-semantics: tr-22, tr-24
@test "aws: a zone without a subnet of the attachment does not reach the gateway, route or not" {
	cat >"$LAB" <<-EOF
		$(aws_attached)
		expect reachable I1 -> I2 seen-as I1
		explain I1b -> I2
		expect blocked I1b -> I2 because NO_ATTACHMENT
		trace I1b -> I2
		attachment set ATT1 subnet S1,S1b
		expect reachable I1b -> I2
		verify
	EOF
	lab_passes
	said 'S1b is in the zone b, where ATT1 has no subnet'
	said 'attachment set ATT1 subnet S1,S1b'
	said 'Explain says the same'
}

# cloud-semantics: tr-26
@test "aws: a second VPC with the same addresses is attached, and not propagated" {
	cat >"$LAB" <<-EOF
		$(aws_attached)
		vpc create VPC3 cidr 10.2.0.0/17
		subnet create S3 vpc VPC3 cidr 10.2.1.0/24
		attachment create ATT3 transit-gateway TGW1 vpc VPC3 subnet S3
		transit-route-table show
		expect reachable I1 -> I2
	EOF
	lab_passes
	[[ $output == *'10.2.0.0/16'* && $output != *'10.2.0.0/17 ATT3'* ]]
}

@test "aws: an attachment that is deleted leaves blackholes behind" {
	cat >"$LAB" <<-EOF
		$(aws_attached)
		attachment delete ATT2
		expect blocked I2 -> I1 because BLACKHOLE_ROUTE
		expect blocked I1 -> I2 because NO_ROUTE
		verify
	EOF
	lab_passes
}

@test "a lab with a transit router saves itself" {
	local cloud
	for cloud in attached aws_attached; do
		{
			"$cloud"
			echo 'transit-route-table create TRT2 transit-router TR1' | if [ $cloud = attached ]; then cat; else sed 's/router TR1/gateway TGW1/'; fi
			echo 'transit-route-table enable-propagation TRT2 attachment ATT1'
			echo 'transit-route create apart table TRT2 to 10.3.1.0/24 blackhole'
			echo "save $BATS_TEST_TMPDIR/saved.lab"
		} >"$LAB"
		lab_passes
		{
			cat "$BATS_TEST_TMPDIR/saved.lab"
			echo "save $BATS_TEST_TMPDIR/again.lab"
		} >"$LAB"
		lab_passes
		cmp "$BATS_TEST_TMPDIR/saved.lab" "$BATS_TEST_TMPDIR/again.lab"
	done
}

# cloud-semantics: tr-15
@test "what a refusal hints goes through: force, and leaving the table of before" {
	local lab hint refused
	lab=(-c 'vpc create VPC1 cidr 10.1.0.0/16' -c 'vswitch create VSW1 vpc VPC1 cidr 10.1.1.0/24' -c 'transit-router create TR1'
		-c 'attachment create ATT1 transit-router TR1 vpc VPC1 vswitch VSW1')
	for refused in 'transit-router delete TR1' 'transit-route-table associate TR1/default attachment ATT1'; do
		run "$VPCLAB" -q "${lab[@]}" -c "$refused"
		[ "$status" -eq 2 ]
		hint=${output##*hint: }
		"$VPCLAB" -q "${lab[@]}" -c "$hint" -c "$refused"
	done
}

@test "what comes by an attachment and has no way on: the trace names the table of the attachment's subnet, as explain does" {
	cat >"$LAB" <<-'EOF'
		provider aws
		vpc create VPC{1..2} cidr 10.{1..2}.0.0/16
		subnet create SN{1..2} vpc VPC{1..2} cidr 10.{1..2}.1.0/24
		instance create web subnet SN2
		eip create EIP1
		transit-gateway create TGW1
		attachment create ATT{1..2} transit-gateway TGW1 vpc VPC{1..2} subnet SN{1..2}
		route create out table VPC2/main to 0.0.0.0/0 via transit-gateway TGW1
		transit-route create egress table TGW1/default to 0.0.0.0/0 attachment ATT1
		trace web -> EIP1 tcp 80
	EOF
	lab_passes
	said 'It ended at VPC1: VPC1/main: no route Explain says the same: NO_INTERNET_GATEWAY'
}

@test "a sender with an address that is no VPC's: the cure has no route for it" {
	cat >"$LAB" <<-'EOF'
		vpc create VPC{1..2} cidr 10.{1..2}.0.0/16
		vswitch create VSW{1..2} vpc VPC{1..2} cidr 10.{1..2}.1.0/24
		ecs create ECS{1..2} vswitch VSW{1..2}
		transit-router create TR1
		attachment create ATT{1..2} transit-router TR1 vpc VPC{1..2} vswitch VSW{1..2}
		ECS1 ip address add 10.77.0.5/24 dev eth0
		ECS1 ip address del 10.1.1.1/32 dev eth0
	EOF
	run "$VPCLAB" explain "$LAB" 'ECS1 -> ECS2'
	[ "$status" -eq 0 ]
	said 'tcp 10.77.0.5 -> 10.2.1.1:80'
	said 'route create Route1 table VPC1/system to 10.2.0.0/16 via attachment ATT1'
	said 'has no route to 10.77.0.5'
}

# codes LINE: what explain and the Reachability Analyzer say of I1 -> I2 with that line
codes() {
	cat >"$LAB" <<-LAB
		provider aws
		vpc create VPC{1..2} cidr 10.{1..2}.0.0/16
		subnet create S{1..2} vpc VPC{1..2} cidr 10.{1..2}.0.0/24
		instance create I{1..2} subnet S{1..2}
		transit-gateway create TGW1
		attachment create ATT1 transit-gateway TGW1 vpc VPC1 subnet S1
		route create way table VPC1/main to 10.2.0.0/16 via transit-gateway TGW1
		$1
	LAB
	"$VPCLAB" explain -j "$LAB" 'I1 -> I2' | jq -r '"\(.code) \(.aws_code)"'
}

@test "aws: explain gives the analyzer's code for what a transit gateway loses a packet for" { # cloud-semantics: aws-13
	[ "$(codes '')" = 'NO_ROUTE TGW_RTB_NO_ROUTE_TO_TGW_ATTACHMENT' ]
	[ "$(codes 'transit-route create hole table TGW1/default to 10.2.0.0/16 blackhole')" = 'BLACKHOLE_ROUTE TGW_RTB_BAD_STATE_ROUTE' ]
	[ "$(codes 'transit-route-table disassociate TGW1/default attachment ATT1')" = 'NO_ROUTE TGW_ATTACH_MISSING_TGW_RTB_ASSOCIATION' ]
}
