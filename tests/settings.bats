# SPDX-License-Identifier: GPL-3.0-only
# The lab's settings: kept by journal and save, shown, and what they change.

load lib/common

gateway() {
	cat <<-'EOF2'
		vpc create VPC1 cidr 192.168.0.0/16
		vswitch create VSW1 vpc VPC1 cidr 192.168.1.0/24
		internet-host create client
	EOF2
}

@test "a gateway needs the authorisation once, where it is required" {
	{
		echo 'authorization required'
		gateway
		echo 'expect error OperationFailed.EnhancedUserIsUnAuthorized nat-gateway create NAT1 vpc VPC1 vswitch VSW1'
		echo 'authorize nat-gateway'
		echo 'nat-gateway create NAT1 vpc VPC1 vswitch VSW1'
		echo 'nat-gateway create NAT2 vpc VPC1 vswitch VSW1'
		echo 'expect error InvalidStatus.LabNotEmpty authorization granted'
		echo 'expect error InvalidStatus.LabNotEmpty profile today'
	} >"$LAB"
	lab_passes
}

# cloud-semantics: icmp-5
@test "ping to an EIP of a gateway: not in 2021 unless asked for, answered today" {
	{
		gateway
		echo 'nat-gateway create NAT1 vpc VPC1 vswitch VSW1'
		echo 'nat-gateway create NAT2 vpc VPC1 vswitch VSW1 icmp-reply on'
		echo 'eip create EIP1'
		echo 'eip create EIP2'
		echo 'eip associate EIP1 nat-gateway NAT1'
		echo 'eip associate EIP2 nat-gateway NAT2'
	} >"$LAB"
	{
		echo 'profile 2021'
		cat "$LAB"
		echo 'expect blocked client -> EIP1 icmp'
		echo 'expect reachable client -> EIP2 icmp'
	} >"$BATS_TEST_TMPDIR/2021.lab"
	{
		echo 'profile today'
		cat "$LAB"
		echo 'expect reachable client -> EIP1 icmp'
		echo 'expect error OperationFailed.NormalInventoryNotEnough nat-gateway create NAT3 vpc VPC1 type standard'
	} >"$BATS_TEST_TMPDIR/today.lab"
	run "$VPCLAB" run "$BATS_TEST_TMPDIR/2021.lab"
	echo "$output"
	[ "$status" -eq 0 ]
	run "$VPCLAB" run "$BATS_TEST_TMPDIR/today.lab"
	echo "$output"
	[ "$status" -eq 0 ]
}

@test "a VPC's ranges and masks are the profile's" {
	printf '%s\n' 'expect error InvalidParameter vpc create V1 cidr 20.0.0.0/16' 'expect error InvalidParameter vpc create V1 cidr 10.0.0.0/25' \
		'vpc create V1 cidr 10.0.0.0/8' >"$LAB"
	"$VPCLAB" run "$LAB"
	printf '%s\n' 'profile today' 'vpc create V1 cidr 20.0.0.0/16' 'vpc create V2 cidr 10.0.0.0/28' \
		'expect error InvalidParameter vpc create V3 cidr 10.0.0.0/8' \
		'expect error OperationDenied.CidrInExcludeCidrs vpc create V3 cidr 100.64.0.0/16' >"$LAB"
	"$VPCLAB" run "$LAB"
}

@test "DNAT to an instance with an EIP: refused in 2021; today accepted, and dead until the EIP is gone" {
	design() {
		gateway
		echo 'sg create SG1 vpc VPC1'
		echo 'sg allow SG1 in tcp 80 from 0.0.0.0/0'
		echo 'ecs create ECS1 vswitch VSW1 security-group SG1'
		echo 'service start ECS1 http port 80 name web'
		echo 'nat-gateway create NAT1 vpc VPC1 vswitch VSW1'
		echo 'eip create EIP1'
		echo 'eip create EIP2'
		echo 'eip associate EIP1 nat-gateway NAT1'
		echo 'eip associate EIP2 ecs ECS1'
	}
	{
		design
		echo 'expect error Forbindden dnat create d1 nat-gateway NAT1 eip EIP1 protocol tcp public-port 80 to ECS1'
	} >"$LAB"
	lab_passes
	{
		echo 'profile today'
		design
		echo 'dnat create d1 nat-gateway NAT1 eip EIP1 protocol tcp public-port 80 to ECS1'
		echo 'expect reachable client -> EIP2'
		echo 'expect blocked client -> EIP1'
		echo 'eip disassociate EIP2'
		echo 'expect reachable client -> EIP1'
		echo 'expect error BIND_INSTANCE_HAVE_PORTMAP_OR_BIND_EIP eip associate EIP2 ecs ECS1'
	} >"$LAB"
	lab_passes
}

@test "PortBreak is asked for today where SNAT shares the EIP" {
	{
		gateway
		echo 'ecs create ECS1 vswitch VSW1'
		echo 'nat-gateway create NAT1 vpc VPC1 vswitch VSW1'
		echo 'eip create EIP1'
		echo 'eip associate EIP1 nat-gateway NAT1'
		echo 'snat create s1 nat-gateway NAT1 source vswitch VSW1 eip EIP1'
		echo 'dnat create d1 nat-gateway NAT1 eip EIP1 protocol tcp public-port 80 to ECS1'
	} >"$LAB"
	{
		cat "$LAB"
		echo 'dnat create d2 nat-gateway NAT1 eip EIP1 protocol tcp public-port 8080 to ECS1'
	} >"$BATS_TEST_TMPDIR/2021.lab"
	"$VPCLAB" validate "$BATS_TEST_TMPDIR/2021.lab"
	{
		echo 'profile today'
		cat "$LAB"
		echo 'expect error Forbidden.ExternalIp.UsedInSnatTable dnat create d2 nat-gateway NAT1 eip EIP1 protocol tcp public-port 8080 to ECS1'
		echo 'dnat create d2 nat-gateway NAT1 eip EIP1 protocol tcp public-port 8080 to ECS1 port-break on'
	} >"$BATS_TEST_TMPDIR/today.lab"
	"$VPCLAB" validate "$BATS_TEST_TMPDIR/today.lab"
}

@test "settings are saved and shown, and a later process knows them" {
	printf '%s\n' 'profile today' 'authorization required' 'vpc create VPC1 cidr 20.0.0.0/16' >"$LAB"
	"$VPCLAB" up "set-$$" "$LAB"
	run --separate-stderr "$VPCLAB" -j -n "set-$$" -c show
	"$VPCLAB" -n "set-$$" -c save >"$BATS_TEST_TMPDIR/saved.lab"
	"$VPCLAB" -n "set-$$" -c 'vpc create VPC2 cidr 10.0.0.0/28'
	"$VPCLAB" down "set-$$"
	[ "$(jq -c '.settings | map({profile, authorization})' <<<"$output")" = '[{"profile":"today","authorization":"required"}]' ]
	[ "$(head -2 "$BATS_TEST_TMPDIR/saved.lab")" = "$(printf 'profile today\nauthorization required')" ]
}

@test "a vSwitch moves from one custom table to another today, in 2021 it leaves the first before" { # cloud-semantics: rt-3
	design() {
		echo 'vpc create VPC1 cidr 192.168.0.0/16'
		echo 'vswitch create VSW1 vpc VPC1 cidr 192.168.1.0/24'
		echo 'route-table create VTB1 vpc VPC1'
		echo 'route-table create VTB2 vpc VPC1'
		echo 'route-table associate VTB1 vswitch VSW1'
	}
	{
		design
		echo 'expect error Forbidden.VSwitchAlreadyAssociatedRouteTable route-table associate VTB2 vswitch VSW1'
	} >"$LAB"
	lab_passes
	{
		echo 'profile today'
		design
		echo 'route-table associate VTB2 vswitch VSW1'
		echo 'expect error ResourceAlreadyAssociated.RouteTable route-table associate VTB2 vswitch VSW1'
	} >"$LAB"
	lab_passes
}

# cloud-semantics: addr-33
@test "a quota is raised, in the journal, in a copy and in a saved lab, and lowered by nobody" {
	printf '%s\n' 'profile today' 'quota vpcs 12' 'vpc create VPC{1..10} cidr 10.{1..10}.0.0/16' >"$LAB"
	"$VPCLAB" up "set-$$" "$LAB"
	run -0 --separate-stderr "$VPCLAB" -j -n "set-$$" -c show
	[ "$(jq -c '.settings | map({profile, vpcs})' <<<"$output")" = '[{"profile":"today","vpcs":12}]' ]
	"$VPCLAB" -n "set-$$" -c 'what-if vpc create VPC11 cidr 10.11.0.0/16' -c 'vpc create VPC{11..12} cidr 10.{11..12}.0.0/16' \
		-c 'expect error QuotaExceeded.Vpc vpc create VPC13 cidr 10.13.0.0/16' -c 'quota vpcs 13' -c 'vpc create VPC13 cidr 10.13.0.0/16'
	"$VPCLAB" -n "set-$$" -c save >"$BATS_TEST_TMPDIR/saved.lab"
	"$VPCLAB" down "set-$$"
	[ "$(head -2 "$BATS_TEST_TMPDIR/saved.lab")" = "$(printf 'profile today\nquota vpcs 13')" ]
	"$VPCLAB" validate "$BATS_TEST_TMPDIR/saved.lab"
}

@test "quota and price alone list what there is, with what a new account has, in either cloud" {
	run -0 --separate-stderr "$VPCLAB" -c 'profile today' -c 'quota vpcs 12' -c quota
	[[ $output == "NAME "*NUMBER*DEFAULT*$'\n'vpcs\ *12*10$'\n'* ]]
	run -0 --separate-stderr "$VPCLAB" -j -c 'provider aws' -c 'quota eips 7' -c 'quota show'
	[ "$(jq -c '.[] | select(.name == "eips" or .name == "vpcs")' <<<"$output")" = \
		$'{"name":"vpcs","number":5,"default":5}\n{"name":"eips","number":7,"default":5}' ]
	run -0 --separate-stderr "$VPCLAB" -j -c 'price nat-gateway-hour 0.045' -c price
	[ "$(jq -c '.[] | select(.amount)' <<<"$output")" = '{"name":"nat-gateway-hour","amount":0.045}' ]
	[ "$(jq 'map(select(.amount == null)) | length' <<<"$output")" -gt 1 ]
	run -0 "$VPCLAB" -c 'help quota'
	[[ $output == 'quota QUOTA NUMBER'*'quota alone lists them'* ]]
	run -0 "$VPCLAB" complete -c 'quota sh'
	[[ $output == *show* ]]
	for words in 'quota show vpcs' 'quota vpcs' 'price nosuch'; do
		run -2 "$VPCLAB" -c "$words"
	done
}
