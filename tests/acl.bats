# SPDX-License-Identifier: GPL-3.0-only
# Network ACLs: stateless, ordered, on vSwitches; nothing inside a vSwitch meets them. Then in EC2's words, where
# every subnet has one.

load lib/common

# Two vSwitches, open security groups, web servers.
design() {
	cat <<-'EOF2'
		vpc create VPC1 cidr 192.168.0.0/16
		vswitch create VSW1 vpc VPC1 cidr 192.168.1.0/24
		vswitch create VSW2 vpc VPC1 cidr 192.168.2.0/24
		sg create open vpc VPC1
		sg allow open in all from 0.0.0.0/0
		ecs create ECS1 vswitch VSW1 security-group open
		ecs create ECS2 vswitch VSW2 security-group open
		ecs create ECS3 vswitch VSW2 security-group open
		service start ECS1 http port 80 name web
		service start ECS2 http port 80 name web
		service start ECS2 http port 81 name admin
		acl create ACL1 vpc VPC1
	EOF2
}

# cloud-semantics: acl-12, acl-16
@test "an ACL without rules denies both ways, but not inside the vSwitch" {
	{
		design
		echo 'expect reachable ECS1 -> ECS2'
		echo 'acl associate ACL1 vswitch VSW2'
		echo 'expect blocked ECS1 -> ECS2'
		echo 'expect blocked ECS2 -> ECS1'
		echo 'expect reachable ECS3 -> ECS2'
		echo 'acl disassociate ACL1 vswitch VSW2'
		echo 'expect reachable ECS1 -> ECS2'
	} >"$LAB"
	lab_passes
}

@test "it is stateless: the answer needs a rule of its own" {
	{
		design
		echo 'acl associate ACL1 vswitch VSW2'
		echo 'acl add ACL1 in 1 accept tcp 80 from 0.0.0.0/0'
		echo 'expect blocked ECS1 -> ECS2'
		echo 'acl add ACL1 out 1 accept tcp 1024-65535 to 192.168.1.0/24'
		echo 'expect reachable ECS1 -> ECS2'
		echo 'expect blocked ECS1 -> ECS2 tcp 81'
		echo 'acl remove ACL1 out 1'
		echo 'expect blocked ECS1 -> ECS2'
	} >"$LAB"
	lab_passes
}

@test "the lowest number that matches decides, whatever the order of the commands" {
	{
		design
		echo 'acl associate ACL1 vswitch VSW2'
		echo 'acl add ACL1 out 10 accept all to 0.0.0.0/0'
		echo 'acl add ACL1 in 30 accept all from 0.0.0.0/0'
		echo 'expect reachable ECS1 -> ECS2 tcp 81'
		echo 'acl add ACL1 in 20 drop tcp 81 from 192.168.1.0/24'
		echo 'expect blocked ECS1 -> ECS2 tcp 81'
		echo 'expect reachable ECS1 -> ECS2 tcp 80'
		echo 'acl add ACL1 in 10 accept tcp 80-90 from $ECS1'
		echo 'expect reachable ECS1 -> ECS2 tcp 81'
	} >"$LAB"
	lab_passes
}

@test "show and save know it all, and save builds it again" {
	{
		design
		echo 'acl add ACL1 out 5 drop udp to 10.0.0.0/8'
		echo 'acl add ACL1 in 7 accept tcp 80-90 from 0.0.0.0/0'
		echo 'acl add ACL1 in 3 drop icmp from 192.168.1.5'
		echo 'acl associate ACL1 vswitch VSW2'
	} >"$LAB"
	"$VPCLAB" up "acl-$$" "$LAB"
	run --separate-stderr "$VPCLAB" -j -n "acl-$$" -c 'acl show'
	"$VPCLAB" -n "acl-$$" -c save >"$BATS_TEST_TMPDIR/saved.lab"
	"$VPCLAB" down "acl-$$"
	[ "$(jq -c '.[0] | [.name, .vpc, .vswitches, [.rules[] | [.direction, .number, .policy, .protocol, .port, .from, .to]]]' <<<"$output")" = \
		'["ACL1","VPC1",["VSW2"],[["in",3,"drop","icmp",null,"192.168.1.5/32",null],["in",7,"accept","tcp","80-90","0.0.0.0/0",null],["out",5,"drop","udp",null,null,"10.0.0.0/8"]]]' ]
	"$VPCLAB" up "acl-$$" "$BATS_TEST_TMPDIR/saved.lab"
	"$VPCLAB" -n "acl-$$" -c save >"$BATS_TEST_TMPDIR/again.lab"
	"$VPCLAB" down "acl-$$"
	diff "$BATS_TEST_TMPDIR/saved.lab" "$BATS_TEST_TMPDIR/again.lab"
	grep -q 'acl associate ACL1 vswitch VSW2' "$BATS_TEST_TMPDIR/again.lab"
}

# ---- provider aws ----

# A public subnet with a NAT gateway, a private one behind it, open security groups, web servers.
aws_design() {
	cat <<-'EOF2'
		provider aws
		vpc create VPC1 cidr 10.0.0.0/16
		subnet create Public vpc VPC1 cidr 10.0.1.0/24
		subnet create Private vpc VPC1 cidr 10.0.2.0/24
		internet-gateway create IGW1
		internet-gateway attach IGW1 vpc VPC1
		eip create EIP1
		nat-gateway create NAT1 subnet Public eip EIP1
		route-table create PublicRT vpc VPC1
		route create R1 table PublicRT to 0.0.0.0/0 via internet-gateway IGW1
		route-table associate PublicRT subnet Public
		route-table create PrivateRT vpc VPC1
		route create R2 table PrivateRT to 0.0.0.0/0 via nat-gateway NAT1
		route-table associate PrivateRT subnet Private
		sg create open vpc VPC1
		sg allow open in all from 0.0.0.0/0
		instance create WEB subnet Public security-group open
		eip create EIP2
		eip associate EIP2 instance WEB
		instance create WEB2 subnet Public security-group open
		instance create APP subnet Private security-group open
		internet-host create site
		service start WEB http
		service start WEB2 http
		service start APP http
		service start site http
		network-acl create ACL1 vpc VPC1
	EOF2
}

# cloud-semantics: acl-1, acl-3
@test "aws: the default ACL passes all; one without rules denies all at the edge of the subnet, and not within" {
	{
		aws_design
		echo 'expect reachable APP -> WEB'
		echo 'expect reachable APP -> site'
		echo 'expect reachable site -> EIP2'
		echo 'network-acl associate ACL1 subnet Public'
		echo 'expect blocked APP -> WEB'
		echo 'expect blocked WEB -> APP'
		echo 'expect blocked site -> EIP2'
		echo 'expect blocked APP -> site'
		echo 'expect reachable WEB2 -> WEB'
		echo 'network-acl associate VPC1/default-acl subnet Public'
		echo 'network-acl delete ACL1'
		echo 'expect reachable APP -> WEB'
		echo 'network-acl remove VPC1/default-acl in 100'
		echo 'expect blocked APP -> WEB'
		echo 'expect reachable WEB2 -> WEB'
	} >"$LAB"
	lab_passes
}

# cloud-semantics: acl-2, acl-4, acl-5
@test "aws: answers need the ephemeral ports; explain says so, its cure is one, and a trace sees the same" {
	{
		aws_design
		echo 'network-acl add ACL1 in 100 allow tcp 80 from 0.0.0.0/0'
		echo 'network-acl add ACL1 out 100 allow tcp 80 to 0.0.0.0/0'
		echo 'network-acl associate ACL1 subnet Public'
		echo 'expect blocked site -> EIP2'
	} >"$LAB"
	"$VPCLAB" -q up "acl-$$" "$LAB"
	run --separate-stderr "$VPCLAB" -j -n "acl-$$" -c 'explain site -> EIP2'
	jq -e '.code == "ACL_EGRESS" and .hop == "VPC1"' <<<"$output"
	cure=$(jq -r '.cure[0]' <<<"$output")
	[[ $cure == 'network-acl add ACL1 out 110 allow tcp 1024-65535 to '* ]]
	run --separate-stderr "$VPCLAB" -j -n "acl-$$" -c 'trace site -> EIP2'
	jq -e '.code == "ACL_EGRESS" and .agrees' <<<"$output"
	"$VPCLAB" -n "acl-$$" -c "$cure" -c 'expect reachable site -> EIP2' -c 'trace site -> EIP2' -c verify
	"$VPCLAB" -n "acl-$$" -c 'network-acl add ACL1 out 50 deny tcp 32768-60999 to 198.51.100.0/24' -c 'expect blocked site -> EIP2'
	run "$VPCLAB" -n "acl-$$" -c 'VPC1 nft list ruleset'
	"$VPCLAB" -q down "acl-$$"
	[[ $output == *'ACL1 out rule 50: deny tcp 32768-60999 to 198.51.100.0/24'* && $output == *'ACL1 in rule *: deny all'* ]]
}

# cloud-semantics: aws-8, acl-5
@test "aws: the ACL of its subnet concerns a NAT gateway, in all four directions" {
	{
		aws_design
		echo 'network-acl associate ACL1 subnet Public'
		echo 'network-acl add ACL1 in 100 allow tcp 80 from 10.0.2.0/24'
		echo 'expect blocked APP -> site'
		echo 'network-acl add ACL1 out 100 allow tcp 80 to 0.0.0.0/0'
		echo 'expect blocked APP -> site'
		echo 'network-acl add ACL1 in 110 allow tcp 1024-65535 from 0.0.0.0/0'
		echo 'expect blocked APP -> site'
		echo 'network-acl add ACL1 out 110 allow tcp 1024-65535 to 10.0.2.0/24'
		echo 'expect reachable APP -> site'
		echo 'expect blocked APP -> site icmp'
	} >"$LAB"
	lab_passes
}

# Every connection takes another port, 1024 to 65535, of which these are fewer than half.
@test "aws: an ACL without all of a NAT gateway's ports blocks its connections now and then; each trace agrees (acl-5, aws-12)" {
	local n verdict seen=()
	{
		aws_design
		echo 'network-acl associate ACL1 subnet Public'
		echo 'network-acl add ACL1 in 90 allow all from 10.0.0.0/16'
		echo 'network-acl add ACL1 out 100 allow all to 0.0.0.0/0'
		echo 'network-acl add ACL1 in 100 allow tcp 32768-60999 from 0.0.0.0/0'
	} >"$LAB"
	[[ $("$VPCLAB" lint "$LAB") == *"ACL1"*"the NAT gateway's own choice, 1024 to 65535"* ]]
	"$VPCLAB" -q up "acl-$$" "$LAB"
	[[ $("$VPCLAB" -n "acl-$$" -c 'explain APP -> site') == *'blocked now and then at VPC1, ACL_INGRESS'*'network-acl add ACL1 in 110 allow tcp 1024-65535'* ]]
	[[ $("$VPCLAB" -n "acl-$$" -c 'reach APP -> site tcp 80') == *'now and then, by some of the EIPs or ports that a gateway chooses from:'* ]]
	for ((n = 0; n < 60 && ${#seen[@]} < 2; n++)); do
		run --separate-stderr "$VPCLAB" -j -n "acl-$$" -c 'trace APP -> site'
		jq -e .agrees <<<"$output"
		verdict=$(jq -r .verdict <<<"$output")
		[[ " ${seen[*]} " == *" $verdict "* ]] || seen+=("$verdict")
	done
	[[ " ${seen[*]} " == *' reachable '* && " ${seen[*]} " == *' blocked '* ]]
	"$VPCLAB" -n "acl-$$" -c 'network-acl add ACL1 in 110 allow tcp 1024-65535 from 0.0.0.0/0' -c 'expect reachable APP -> site'
	"$VPCLAB" -q down "acl-$$"
}

# cloud-semantics: acl-4
@test "aws: a rule takes any protocol by its number, -1 for all; the kernel has them" {
	{
		aws_design
		for number in 58 136 254 255 -1; do
			echo "security-group allow VPC1/default in $number from 10.9.0.0/16"
		done
		echo 'network-acl add ACL1 in 9 deny 58 from 0.0.0.0/0'
		echo 'network-acl associate ACL1 subnet Public'
	} >"$LAB"
	"$VPCLAB" -q up "acl-$$" "$LAB"
	"$VPCLAB" -n "acl-$$" -c verify
	run --separate-stderr "$VPCLAB" -j -n "acl-$$" -c 'security-group show VPC1/default'
	"$VPCLAB" -n "acl-$$" -c save >"$BATS_TEST_TMPDIR/saved.lab"
	"$VPCLAB" -q down "acl-$$"
	[ "$(jq -c '[.[0].rules[] | select(.from == "10.9.0.0/16").protocol]' <<<"$output")" = '["58","136","254","255","all"]' ]
	grep -q 'network-acl add ACL1 in 9 deny 58 from 0.0.0.0/0' "$BATS_TEST_TMPDIR/saved.lab"
	run "$VPCLAB" validate "$BATS_TEST_TMPDIR/saved.lab"
	[ "$status" -eq 0 ]
}

# cloud-semantics: acl-1
@test "aws: show has the rule * and the subnets, the picture and save what differs; save builds it again" {
	{
		aws_design
		echo 'network-acl add ACL1 out 5 deny udp 53 to 10.0.0.0/8'
		echo 'network-acl associate ACL1 subnet Private'
		echo 'network-acl remove VPC1/default-acl out 100'
		echo 'network-acl add VPC1/default-acl out 100 allow tcp to 0.0.0.0/0'
	} >"$LAB"
	"$VPCLAB" -q up "acl-$$" "$LAB"
	run --separate-stderr "$VPCLAB" -j -n "acl-$$" -c 'network-acl show'
	"$VPCLAB" -n "acl-$$" -c save >"$BATS_TEST_TMPDIR/saved.lab"
	"$VPCLAB" -n "acl-$$" -c graph >"$BATS_TEST_TMPDIR/graph"
	"$VPCLAB" -q down "acl-$$"
	[ "$(jq -c '[.[] | [.name, .subnets, [.rules[] | [.direction, .number, .policy, .protocol, .port, .from, .to]]]]' <<<"$output")" = \
		'[["VPC1/default-acl",["Public"],[["in",100,"allow","all",null,"0.0.0.0/0",null],["in","*","deny","all",null,"0.0.0.0/0",null],["out",100,"allow","tcp",null,null,"0.0.0.0/0"],["out","*","deny","all",null,null,"0.0.0.0/0"]]],["ACL1",["Private"],[["in","*","deny","all",null,"0.0.0.0/0",null],["out",5,"deny","udp",53,null,"10.0.0.0/8"],["out","*","deny","all",null,null,"0.0.0.0/0"]]]]' ]
	grep -q 'network ACL ACL1' "$BATS_TEST_TMPDIR/graph"
	grep -q 'network ACL VPC1/default-acl' "$BATS_TEST_TMPDIR/graph"
	"$VPCLAB" -q up "acl-$$" "$BATS_TEST_TMPDIR/saved.lab"
	"$VPCLAB" -n "acl-$$" -c save >"$BATS_TEST_TMPDIR/again.lab"
	"$VPCLAB" -q down "acl-$$"
	diff "$BATS_TEST_TMPDIR/saved.lab" "$BATS_TEST_TMPDIR/again.lab"
	grep -q 'network-acl remove VPC1/default-acl out 100' "$BATS_TEST_TMPDIR/again.lab"
}

@test "aws: a rule may be for one type of ICMP, with or without its code (acl-4, acl-7)" {
	cat >"$LAB" <<-'END'
		provider aws
		vpc create VPC1 cidr 10.0.0.0/16
		subnet create S{1..2} vpc VPC1 cidr 10.0.{1..2}.0/24
		sg create SG{1..2} vpc VPC1
		sg allow SG1 in icmp from 0.0.0.0/0 icmp-type 8
		sg allow SG2 in icmp from 0.0.0.0/0 icmp-type 3/4
		sg allow SG2 in 50 from 0.0.0.0/0
		instance create I{1..2} subnet S{1..2} security-group SG{1..2}
		network-acl create ACL1 vpc VPC1
		network-acl add ACL1 in 10 allow icmp from 0.0.0.0/0 icmp-type 8/0
		network-acl add ACL1 out 10 allow icmp to 0.0.0.0/0 icmp-type 0
		expect reachable I2 -> I1 icmp
		expect blocked I1 -> I2 icmp because SG_INGRESS
		network-acl associate ACL1 subnet S1
		expect reachable I2 -> I1 icmp
		network-acl remove ACL1 out 10
		network-acl add ACL1 out 10 allow icmp to 0.0.0.0/0 icmp-type 8
		expect blocked I2 -> I1 icmp because ACL_EGRESS
	END
	lab_passes
	"$VPCLAB" run - < <(cat "$LAB" && echo verify)
	run "$VPCLAB" run - < <(cat "$LAB" && echo save)
	[[ $output == *"security-group allow SG1 in icmp from 0.0.0.0/0 icmp-type 8"$'\n'* ]]
	[[ $output == *"security-group allow SG2 in 50 from 0.0.0.0/0"$'\n'* ]]
	[[ $output == *"network-acl add ACL1 in 10 allow icmp from 0.0.0.0/0 icmp-type 8/0"$'\n'* ]]
}

@test "aws: host bits of a rule's CIDR are cut off, where a group refuses them (acl-8)" {
	cat >"$LAB" <<-'END'
		provider aws
		vpc create VPC1 cidr 10.0.0.0/16
		network-acl create ACL1 vpc VPC1
		network-acl add ACL1 in 10 allow all from 100.68.0.18/18
		expect error InvalidPermission.Malformed sg allow VPC1/default in all from 100.68.0.18/18
	END
	lab_passes
	run "$VPCLAB" run - < <(cat "$LAB" && echo save)
	[[ $output == *"network-acl add ACL1 in 10 allow all from 100.68.0.0/18"$'\n'* ]]
}
