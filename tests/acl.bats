# SPDX-License-Identifier: GPL-3.0-only
# Network ACLs: stateless, ordered, on vSwitches; nothing inside a vSwitch meets them.

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
