# SPDX-License-Identifier: GPL-3.0-only
# Peering connections between VPCs: what flows, what does not, and what explain says about it.

load lib/common
load lib/terminal
load lib/three_vpcs

# VPC1, VPC2 and VPC3 with an ECS each, and PCC1 between the first two.
peered() {
	three_vpcs
	cat <<-'EOF'
		vpc-peer-connection create PCC1 vpc VPC1 accepting-vpc VPC2
	EOF
}

routed() {
	cat <<-'EOF'
		route create there table VPC1/system to 10.2.0.0/16 via vpc-peer-connection PCC1
		route create back table VPC2/system to 10.1.0.0/16 via vpc-peer-connection PCC1
	EOF
}

# cloud-semantics: peer-2, peer-4, peer-5, peer-11
@test "nothing flows before both VPCs have a route; pasting the cure makes it flow" {
	cat >"$LAB" <<-EOF
		$(peered)
		explain ECS1 -> ECS2
		expect blocked ECS1 -> ECS2 because NO_ROUTE
		route create there table VPC1/system to 10.2.0.0/16 via vpc-peer-connection PCC1
		explain ECS1 -> ECS2
		expect blocked ECS1 -> ECS2 because NO_ROUTE
		route create back table VPC2/system to 10.1.0.0/16 via vpc-peer-connection PCC1
		expect reachable ECS1 -> ECS2 seen-as ECS1
		expect reachable ECS2 -> ECS1 seen-as ECS2
		trace ECS1 -> ECS2
		sg revoke SG2 rule 1
		expect blocked ECS1 -> ECS2 because SG_INGRESS
		verify
	EOF
	lab_passes
	[[ $output == *'but only by a route to it'*'the answer has no way back'*'Explain says the same'* ]]
}

# cloud-semantics: peer-7
@test "a route may be narrower than the peer's VPC, down to one address" {
	cat >"$LAB" <<-EOF
		$(peered)
		ecs create other vswitch VSW2 security-group SG2 ip 10.2.1.50
		service start other http
		route create there table VPC1/system to 10.2.1.50 via vpc-peer-connection PCC1
		route create back table VPC2/system to 10.1.1.0/24 via vpc-peer-connection PCC1
		expect reachable ECS1 -> other
		expect blocked ECS1 -> ECS2 because NO_ROUTE
	EOF
	lab_passes
}

# cloud-semantics: peer-6, peer-12
@test "a peering connection ends in the VPC that it leads to: no third VPC, no gateway, no EIP" {
	cat >"$LAB" <<-EOF
		$(peered)
		$(routed)
		vpc-peer-connection create PCC2 vpc VPC2 accepting-vpc VPC3
		route create on table VPC1/system to 10.3.0.0/16 via vpc-peer-connection PCC1
		route create on2 table VPC2/system to 10.3.0.0/16 via vpc-peer-connection PCC2
		route create on3 table VPC3/system to 10.0.0.0/8 via vpc-peer-connection PCC2
		explain ECS1 -> ECS3
		expect blocked ECS1 -> ECS3 because NO_TRANSIT
		nat-gateway create NAT2 vpc VPC2 vswitch VSW2
		eip create EIP2
		eip associate EIP2 nat-gateway NAT2
		snat create snat2 nat-gateway NAT2 source cidr 10.1.0.0/16 eip EIP2
		route create out table VPC1/system to 0.0.0.0/0 via vpc-peer-connection PCC1
		explain ECS1 -> web
		expect blocked ECS1 -> web because NO_TRANSIT
		trace ECS1 -> web
	EOF
	lab_passes
	[[ $(tr '\n' ' ' <<<"$output") == *'peering is not transitive, and ECS3 is in'*'uses no gateway of that'*'Explain says the same'* ]]
}

# cloud-semantics: peer-8, peer-9
@test "where the addresses of two VPCs overlap, packets stay at home, and never meet" {
	cat >"$LAB" <<-'EOF'
		vpc create VPC{1..2} cidr 10.1.0.0/16
		vswitch create VSW{1..2} vpc VPC{1..2} cidr 10.1.1.0/24
		sg create SG{1..2} vpc VPC{1..2}
		sg allow SG{1..2} in all from 0.0.0.0/0
		ecs create one{1..2} vswitch VSW{1..2} security-group SG{1..2} ip 10.1.1.10
		ecs create two vswitch VSW2 security-group SG2 ip 10.1.1.20
		ecs create three vswitch VSW1 security-group SG1 ip 10.1.1.30
		service start one2 http
		service start two http
		service start three http
		vpc-peer-connection create PCC1 vpc VPC1 accepting-vpc VPC2
		explain one1 -> two
		expect blocked one1 -> two because UNREACHABLE_ADDRESS
		expect output three one1 curl -sS http://10.1.1.30
		expect output two one2 curl -sS http://10.1.1.20
	EOF
	lab_passes
	[[ $(tr '\n' ' ' <<<"$output") == *'two in VPC2 has it, but where the addresses of two VPCs overlap'* ]]
}

# cloud-semantics: peer-10
@test "a host with a public address of its own sends what is for a peer with public addresses to the internet" {
	cat >"$LAB" <<-'EOF'
		profile today
		vpc create VPC1 cidr 10.1.0.0/16
		vpc create VPC2 cidr 30.0.0.0/16
		vswitch create VSW1 vpc VPC1 cidr 10.1.1.0/24
		vswitch create VSW2 vpc VPC2 cidr 30.0.1.0/24
		sg create SG2 vpc VPC2
		sg allow SG2 in all from 0.0.0.0/0
		ecs create plain vswitch VSW1
		ecs create public vswitch VSW1 public-ip auto
		ecs create ECS2 vswitch VSW2 security-group SG2
		service start ECS2 http
		vpc-peer-connection create PCC1 vpc VPC1 accepting-vpc VPC2
		route create there table VPC1/system to 30.0.0.0/16 via vpc-peer-connection PCC1
		route create back table VPC2/system to 10.1.0.0/16 via vpc-peer-connection PCC1
		expect reachable plain -> ECS2
		expect blocked public -> ECS2 because UNREACHABLE_ADDRESS
	EOF
	lab_passes
}

# cloud-semantics: peer-9
@test "a name means that node: a flow whose packets another one gets, who has the address, too, is none" {
	cat >"$LAB" <<-'EOF'
		vpc create VA cidr 10.0.0.0/16
		vpc associate VA cidr 10.1.0.0/16
		vpc create VB cidr 10.1.0.0/16
		vswitch create SA vpc VA cidr 10.0.1.0/24
		vswitch create SA9 vpc VA cidr 10.1.1.0/24
		vswitch create SB vpc VB cidr 10.1.1.0/24
		sg create G{A,B} vpc V{A,B}
		sg allow G{A,B} in all from 0.0.0.0/0
		ecs create EA vswitch SA security-group GA
		ecs create E9 vswitch SA9 security-group GA ip 10.1.1.1
		ecs create EB vswitch SB security-group GB ip 10.1.1.1
		vpc-peer-connection create PCC1 vpc VA accepting-vpc VB
		expect reachable EA -> E9 icmp
		expect reachable EA -> 10.1.1.1 icmp
		matrix icmp --live
	EOF
	lab_passes
	[[ $output == *'EA  .    ++   aU'*'! '*' 0  not as predicted'* ]]
	for asked in explain reach trace 'expect reachable' 'expect blocked'; do
		{
			sed '/^expect/d; /^matrix/d' "$LAB"
			echo "$asked EA -> EB icmp"
		} >"$BATS_TEST_TMPDIR/asked.lab"
		run "$VPCLAB" run "$BATS_TEST_TMPDIR/asked.lab"
		[ "$status" -ne 0 ]
		[[ $output == *'E9 of VA has the address of EB, too'*'EA -> E9 is where it goes'* ]]
	done
	{
		sed '/^expect/d; /^matrix/d' "$LAB"
		echo 'reach VA -> EB icmp'
	} >"$BATS_TEST_TMPDIR/asked.lab"
	run "$VPCLAB" run "$BATS_TEST_TMPDIR/asked.lab"
	echo "$output"
	[[ $output == *'Nothing gets through'* ]]
}

# cloud-semantics: peer-8
@test "VPCs that overlap elsewhere: the missing route back for a secondary CIDR is the cure" {
	cat >"$LAB" <<-'EOF'
		vpc create VA cidr 10.0.0.0/16
		vpc create VB cidr 10.1.0.0/16
		vpc associate VA cidr 172.17.0.0/16
		vpc associate VA cidr 10.1.0.0/16
		vpc associate VB cidr 192.168.0.0/16
		vswitch create SA vpc VA cidr 172.17.1.0/24
		vswitch create SB vpc VB cidr 192.168.1.0/24
		sg create G{A,B} vpc V{A,B}
		sg allow G{A,B} in all from 0.0.0.0/0
		ecs create EA vswitch SA security-group GA
		ecs create EB vswitch SB security-group GB
		vpc-peer-connection create PP vpc VA accepting-vpc VB
		route create there table VA/system to 192.168.0.0/16 via vpc-peer-connection PP
		explain EA -> EB icmp
		expect blocked EA -> EB icmp because NO_ROUTE
		route create Route1 table VB/system to 172.17.0.0/16 via vpc-peer-connection PP
		expect reachable EA -> EB icmp
	EOF
	lab_passes
	[[ $(tr -d '\\\n' <<<"$output" | tr -s ' ') == *'would cure it: route create Route1 table VB/system to 172.17.0.0/16 via vpc-peer-connection PP'* ]]
}

@test "aws: blackholes whose deletion would leave no route are not deleted by a cure" {
	cat >"$LAB" <<-'EOF'
		provider aws
		vpc create VPC{1..2} cidr 10.{1..2}.0.0/16
		subnet create S1 vpc VPC1 cidr 10.1.1.0/24
		instance create I1 subnet S1
		vpc-peering-connection create PCX1 vpc VPC1 peer-vpc VPC2
		route create wide table VPC1/main to 10.0.0.0/8 via vpc-peering-connection PCX1
		route create narrow table VPC1/main to 10.2.0.0/16 via vpc-peering-connection PCX1
		vpc-peering-connection delete PCX1
		explain I1 -> 10.2.1.99
		expect blocked I1 -> 10.2.1.99 because BLACKHOLE_ROUTE
	EOF
	lab_passes
	[[ $output == *'a blackhole'* && $output != *'route delete'* ]]
}

# cloud-semantics: peer-8, peer-9
@test "an answer that stays with a namesake is told as the overlap that it is" {
	cat >"$LAB" <<-'EOF'
		vpc create VA cidr 10.0.0.0/16
		vpc create VB cidr 10.0.0.0/16
		vpc associate VB cidr 10.1.0.0/16
		vswitch create SA vpc VA cidr 10.0.1.0/24
		vswitch create SB0 vpc VB cidr 10.0.1.0/24
		vswitch create SB vpc VB cidr 10.1.1.0/24
		sg create G{A,B} vpc V{A,B}
		sg allow G{A,B} in all from 0.0.0.0/0
		ecs create EA vswitch SA security-group GA ip 10.0.1.7
		ecs create EB vswitch SB security-group GB
		ecs create EB0 vswitch SB0 security-group GB ip 10.0.1.7
		vpc-peer-connection create PP vpc VA accepting-vpc VB
		route create there table VA/system to 10.1.0.0/16 via vpc-peer-connection PP
		explain EA -> EB icmp
		expect blocked EA -> EB icmp because RETURN_PATH
	EOF
	lab_passes
	[[ $(tr '\n' ' ' <<<"$output") == *'the answer to EA (10.0.1.7) stays in VB, where EB0 has that address, too'* ]]
}

# cloud-semantics: peer-17
@test "what deletes a connection: its routes go first, or with force; traffic ends at once" {
	cat >"$LAB" <<-EOF
		$(peered)
		$(routed)
		expect reachable ECS1 -> ECS2
		expect error OperationDenied.RouteEntryExist vpc-peer-connection delete PCC1
		vpc-peer-connection delete PCC1 force
		expect blocked ECS1 -> ECS2 because NO_ROUTE
		route show
		verify
	EOF
	lab_passes
	[[ ${output##*NAME} != *PCC1* ]]
}

aws_peered() {
	cat <<-'EOF'
		provider aws
		vpc create VPC{1..2} cidr 10.{1..2}.0.0/16
		subnet create S{1..2} vpc VPC{1..2} cidr 10.{1..2}.1.0/24
		sg create SG{1..2} vpc VPC{1..2}
		sg allow SG{1..2} in tcp 80 from 10.0.0.0/8
		instance create I{1..2} subnet S{1..2} security-group SG{1..2}
		service start I{1..2} http
		internet-host create web
		service start web http
		vpc-peering-connection create PCX1 vpc VPC1 peer-vpc VPC2
		route create there table VPC1/main to 10.2.0.0/16 via vpc-peering-connection PCX1
		route create back table VPC2/main to 10.1.0.0/16 via vpc-peering-connection PCX1
	EOF
}

# cloud-semantics: peer-21, peer-23, peer-32, peer-33
@test "aws: a connection waits to be accepted, and its routes are blackholes until then and after its end" {
	cat >"$LAB" <<-EOF
		$(aws_peered)
		explain I1 -> I2
		expect blocked I1 -> I2 because BLACKHOLE_ROUTE
		vpc-peering-connection accept PCX1
		expect reachable I1 -> I2 seen-as I1
		expect error InvalidStateTransition vpc-peering-connection accept PCX1
		vpc-peering-connection delete PCX1
		expect blocked I1 -> I2 because BLACKHOLE_ROUTE
		verify
	EOF
	lab_passes
	[[ $(tr '\n' ' ' <<<"$output") == *'nobody has accepted the peering connection PCX1'* ]]
}

# cloud-semantics: peer-24
@test "aws: no edge-to-edge: the peer's NAT gateway and internet gateway are out of reach" {
	cat >"$LAB" <<-EOF
		$(aws_peered)
		vpc-peering-connection accept PCX1
		internet-gateway create IGW2
		internet-gateway attach IGW2 vpc VPC2
		eip create EIP2
		nat-gateway create NAT2 subnet S2 eip EIP2
		route create out table VPC1/main to 0.0.0.0/0 via vpc-peering-connection PCX1
		expect blocked I1 -> web because NO_TRANSIT
		trace I1 -> web
	EOF
	lab_passes
	[[ $output == *'Explain says the same'* ]]
}

# cloud-semantics: peer-22
@test "aws: between VPCs that overlap a connection fails, without an error of the call" {
	cat >"$LAB" <<-'EOF'
		provider aws
		vpc create VPC1 cidr 10.1.0.0/16
		vpc create VPC2 cidr 10.1.128.0/17
		vpc-peering-connection create PCX1 vpc VPC1 peer-vpc VPC2
		vpc-peering-connection show
		vpc-peering-connection delete PCX1
		vpc delete VPC2
	EOF
	lab_passes
	[[ $output == *failed* ]]
}

# cloud-semantics: peer-21
@test "aws: a failed connection goes with the overlap that it failed for, and another one takes its place" {
	cat >"$LAB" <<-EOF
		provider aws
		vpc create VPC{1..2} cidr 10.{1..2}.0.0/16
		vpc associate VPC2 cidr 10.3.0.0/16
		vpc associate VPC1 cidr 10.3.128.0/17
		subnet create S{1..2} vpc VPC{1..2} cidr 10.{1..2}.1.0/24
		sg create SG{1..2} vpc VPC{1..2}
		sg allow SG{1..2} in all from 10.0.0.0/8
		instance create I{1..2} subnet S{1..2} security-group SG{1..2}
		vpc-peering-connection create PCX1 vpc VPC1 peer-vpc VPC2
		route create there table VPC1/main to 10.2.0.0/16 via vpc-peering-connection PCX1
		expect blocked I1 -> I2 icmp because BLACKHOLE_ROUTE
		vpc disassociate VPC1 cidr 10.3.128.0/17
		expect error InvalidVpcPeeringConnectionID.NotFound vpc-peering-connection accept PCX1
		save $BATS_TEST_TMPDIR/saved.lab
		explain I1 -> I2 icmp
		vpc-peering-connection create PCX1 vpc VPC1 peer-vpc VPC2
		vpc-peering-connection accept PCX1
		route delete there
		route create there table VPC1/main to 10.2.0.0/16 via vpc-peering-connection PCX1
		route create back table VPC2/main to 10.1.0.0/16 via vpc-peering-connection PCX1
		expect reachable I1 -> I2 icmp
		verify
	EOF
	lab_passes
	[[ $output == *'vpc-peering-connection create PCX'*'accept PCX'*'route create'*'route create'* ]]
	{
		cat "$BATS_TEST_TMPDIR/saved.lab"
		echo "save $BATS_TEST_TMPDIR/again.lab"
	} >"$LAB"
	lab_passes
	cmp "$BATS_TEST_TMPDIR/saved.lab" "$BATS_TEST_TMPDIR/again.lab"
}

@test "aws: the prompt says of a connection that it has failed, and why, as soon as it is made" {
	export VPCLAB XDG_STATE_HOME=$BATS_TEST_TMPDIR/state; VPCLAB=$(realpath "$VPCLAB")
	cd "$BATS_TEST_TMPDIR" || exit
	at_prompt <<-'EOF'
		want "vpclab> "
		send "provider aws\r"
		want "vpclab> "
		send "vpc create VPC1 cidr 10.1.0.0/16\r"
		want "vpclab> "
		send "vpc create VPC2 cidr 10.1.128.0/17\r"
		want "vpclab> "
		send "vpc-peering-connection create PCX1 vpc VPC1 peer-vpc VPC2\r"
		want "PCX1: VPC peering connection, failed, for VPC1 and VPC2 overlap"
		want "vpclab> "
		send "\004"
		leaves 0
	EOF
}

@test "a lab with peering connections saves itself" {
	{
		peered
		routed
		echo "save $BATS_TEST_TMPDIR/alibaba.lab"
	} >"$LAB"
	lab_passes
	{
		aws_peered
		echo 'vpc-peering-connection accept PCX1'
		echo 'vpc create VPC3 cidr 10.3.0.0/16'
		echo 'vpc-peering-connection create PCX2 vpc VPC3 peer-vpc VPC1'
		echo "save $BATS_TEST_TMPDIR/aws.lab"
	} >"$LAB"
	lab_passes
	for saved in alibaba aws; do
		{
			cat "$BATS_TEST_TMPDIR/$saved.lab"
			echo "save $BATS_TEST_TMPDIR/again.lab"
		} >"$LAB"
		lab_passes
		cmp "$BATS_TEST_TMPDIR/$saved.lab" "$BATS_TEST_TMPDIR/again.lab"
	done
}
