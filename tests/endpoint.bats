# SPDX-License-Identifier: GPL-3.0-only
# AWS's gateway endpoints: a way to a service past the gateways, for their own VPC alone.

load lib/common

design() {
	cat <<-'END'
		provider aws
		vpc create VPC{1..2} cidr 10.{1..2}.0.0/16
		internet-gateway create IGW1
		internet-gateway attach IGW1 vpc VPC1
		subnet create public vpc VPC1 cidr 10.1.1.0/24
		subnet create private vpc VPC1 cidr 10.1.2.0/24
		subnet create spoke vpc VPC2 cidr 10.2.1.0/24
		route create public-out table VPC1/main to 0.0.0.0/0 via internet-gateway IGW1
		eip create EIP1
		nat-gateway create NAT1 subnet public eip EIP1
		route-table create private-rt vpc VPC1
		route create out table private-rt to 0.0.0.0/0 via nat-gateway NAT1
		route-table associate private-rt subnet private
		sg create open{1..2} vpc VPC{1..2}
		sg allow open{1..2} in all from 0.0.0.0/0
		instance create app subnet private security-group open1
		instance create pub subnet public security-group open1 public-ip auto
		instance create far subnet spoke security-group open2
		internet-host create s3 dns s3.amazonaws.com
		internet-host create site
		service start s3 http
		service start site http
		service start app http
		service start pub http
	END
}

said() {
	[[ $(tr -s '\n ' ' ' <<<"$output") == *"$1"* ]]
}

# cloud-semantics: end-1, end-3
@test "what the tables of an endpoint lead to the service passes no gateway; the service begins nothing, and the rest stays" {
	cat >"$LAB" <<-END
		$(design)
		expect reachable app -> s3 seen-as EIP1
		vpc-endpoint create VPCE1 vpc VPC1 service s3 route-table private-rt
		expect reachable app -> s3 seen-as app
		expect reachable app -> s3.amazonaws.com seen-as app
		expect ok app ping -c 3 -i 0.1 -W 20 -s 3000 s3
		expect reachable app -> site seen-as EIP1
		expect reachable pub -> s3 seen-as \$pub.public
		expect reachable s3 -> pub
		expect blocked s3 -> \$app because UNSOLICITED
		expect blocked s3 -> \$app icmp because UNSOLICITED
		expect blocked s3 -> 10.1.9.9 because UNREACHABLE_ADDRESS
		expect blocked site -> \$app because UNREACHABLE_ADDRESS
		network-acl add VPC1/default-acl in 50 deny tcp from \$s3
		expect blocked app -> s3 because ACL_INGRESS
		network-acl remove VPC1/default-acl in 50
		trace app -> s3
		verify
		vpc-endpoint delete VPCE1
		expect reachable app -> s3 seen-as EIP1
		verify
	END
	lab_passes
	said 'Explain says the same'
	said 'VPC1 forward private-rt VPCE1/private-rt/s3: 198.51.100.1/32 via VPCE1'
}

# cloud-semantics: end-3
@test "neither a peer nor what comes by a transit gateway uses the endpoint" {
	cat >"$LAB" <<-END
		$(design)
		vpc-endpoint create VPCE1 vpc VPC1 service s3 route-table private-rt
		transit-gateway create TGW1
		attachment create ATT1 transit-gateway TGW1 vpc VPC1 subnet private
		attachment create ATT2 transit-gateway TGW1 vpc VPC2 subnet spoke
		transit-route create all table TGW1/default to 0.0.0.0/0 attachment ATT1
		route create far-out table VPC2/main to 0.0.0.0/0 via transit-gateway TGW1
		explain far -> s3
		expect blocked far -> s3 because NO_TRANSIT
		trace far -> s3
		vpc-peering-connection create PCX1 vpc VPC1 peer-vpc VPC2
		vpc-peering-connection accept PCX1
		route create far-s3 table VPC2/main to \$s3 via vpc-peering-connection PCX1
		expect blocked far -> s3 because NO_TRANSIT
		verify
	END
	lab_passes
	said 'Explain says the same: NO_TRANSIT'
}

# cloud-semantics: end-1, end-11
@test "explain says what is paid for that need not be: a gateway to S3, and one of another zone" {
	cat >"$LAB" <<-END
		$(design)
		subnet create private-b vpc VPC1 cidr 10.1.3.0/24 zone zone-b
		route-table associate private-rt subnet private-b
		instance create app-b subnet private-b
	END
	run -0 "$VPCLAB" -q run - < <(cat "$LAB" && echo 'explain app -> s3')
	said 'Pays: NAT1 is paid for each GB to s3'
	said 'vpc-endpoint create NAME vpc VPC1 service s3 route-table private-rt'
	[[ $output != *'zone-b'* ]]
	run -0 "$VPCLAB" -q run - < <(cat "$LAB" && echo 'explain app-b -> site')
	said 'Pays: NAT1 is in zone zone-a, and what comes there from zone zone-b is paid for once more; a NAT gateway in zone zone-b'
	run -0 --separate-stderr "$VPCLAB" -q -j < <(cat "$LAB" && echo 'explain app-b -> s3')
	[ "$(jq '.pays | length' <<<"$output")" -eq 2 ]
	run -0 "$VPCLAB" -q run - < <(cat "$LAB" && echo 'explain pub -> s3')
	[[ $output != *'Pays:'* ]]
}

@test "an endpoint is saved, drawn, shown, and planned" {
	{ design && echo 'vpc-endpoint create VPCE1 vpc VPC1 service s3 route-table private-rt,VPC1/main'; } >"$LAB"
	{ cat "$LAB" && echo save; } | "$VPCLAB" -q >"$BATS_TEST_TMPDIR/saved.lab"
	diff "$BATS_TEST_TMPDIR/saved.lab" <({ cat "$BATS_TEST_TMPDIR/saved.lab" && echo save; } | "$VPCLAB" -q)
	grep -Fx 'vpc-endpoint create VPCE1 vpc VPC1 service s3 route-table private-rt,VPC1/main' "$BATS_TEST_TMPDIR/saved.lab"
	run -0 "$VPCLAB" graph "$LAB"
	[[ $output == *'VPCE1: s3'* ]]
	run -0 --separate-stderr "$VPCLAB" -q -j < <(cat "$LAB" && echo 'vpc-endpoint show')
	[ "$(jq -c 'map({name, vpc, service, route_table})' <<<"$output")" = '[{"name":"VPCE1","vpc":"VPC1","service":["s3"],"route_table":["private-rt","VPC1/main"]}]' ]
	run -0 "$VPCLAB" plan "$LAB"
	[[ $output == *'VPCE1'* ]]
}
