# SPDX-License-Identifier: GPL-3.0-only
# What a newcomer and a tired user stumble over.

load lib/common

setup() {
	cat >"$LAB" <<-'EOF'
		vpc create VPC1 cidr 10.0.0.0/8
		vswitch create VSW1 vpc VPC1 cidr 10.0.1.0/24
		ecs create ECS1 vswitch VSW1
		service start ECS1 http name web
	EOF
}

teardown() {
	"$VPCLAB" down --all
}

web_pid() {
	"$VPCLAB" exec busy internet -- cat /run/vpclab/service/ECS1/web.pid
}

@test "a service that is stopped and started in one go is a new one" {
	"$VPCLAB" up busy "$LAB" -q
	before=$(web_pid)
	"$VPCLAB" -n busy -c 'service stop ECS1 web' -c 'service start ECS1 http name web'
	[ "$before" != "$(web_pid)" ]
	"$VPCLAB" -n busy -c 'expect reachable ECS1 -> ECS1'
	"$VPCLAB" -n busy -c verify
}

@test "an ECS that is deleted and made again in one go keeps no process" {
	"$VPCLAB" up busy "$LAB" -q
	"$VPCLAB" exec busy ECS1 -- sh -c 'echo ready; exec sleep 600' >"$BATS_TEST_TMPDIR/ready" 3>&- &
	sleeper=$!
	for ((i = 0; i < 400; i++)); do
		[ ! -s "$BATS_TEST_TMPDIR/ready" ] || break
		read -rt 0.05 <> <(:) || true
	done
	"$VPCLAB" -n busy -c 'ecs delete ECS1' -c 'ecs create ECS1 vswitch VSW1'
	status=0
	wait "$sleeper" || status=$?
	[ "$status" -eq 137 ]
	"$VPCLAB" -n busy -c verify
}

@test "variables made of variables end in an error, not in all the memory" {
	{
		echo 'set A0 xxxxxxxxxx'
		for i in {0..9}; do echo "set A$((i + 1)) \$A$i\$A$i\$A$i\$A$i\$A$i\$A$i\$A$i\$A$i\$A$i\$A$i"; done
		echo 'vpc create $A10 cidr 10.0.0.0/8'
	} >"$BATS_TEST_TMPDIR/bomb.lab"
	run "$VPCLAB" validate "$BATS_TEST_TMPDIR/bomb.lab"
	[ "$status" -eq 2 ]
	[[ $output == *"the names of this line stand for more than 1048576 characters"* ]]
}

@test "what a host fills /run with stays small and its own; a full /run of the lab is told, and the lab goes on" {
	"$VPCLAB" up busy "$LAB" -q
	"$VPCLAB" exec busy ECS1 -- dd if=/dev/zero of=/run/fill bs=64k count=16384 2>/dev/null || true
	size=$("$VPCLAB" exec busy ECS1 -- stat -c %s /run/fill)
	[ "$size" -lt $((512 << 20)) ]
	"$VPCLAB" -n busy -c 'quota eips 100' -c 'eip create EIP1'
	"$VPCLAB" exec busy ECS1 -- rm /run/fill

	within busy dd if=/dev/zero of=/run/fill bs=64k count=16384 2>/dev/null || true
	# The journal has the rest of its page to itself.
	for i in $(seq 10 99); do echo "eip create a-rather-long-name-so-that-the-page-is-full-soon-$i"; done >"$BATS_TEST_TMPDIR/more.lab"
	run "$VPCLAB" -n busy -c "include $BATS_TEST_TMPDIR/more.lab"
	[ "$status" -eq 3 ]
	[[ $output == *"No space left on device"* ]]
	"$VPCLAB" -n busy -c verify
	[ "$("$VPCLAB" -n busy -j -c "eip show" | jq length)" -eq 1 ]
	within busy rm /run/fill
	"$VPCLAB" -n busy -c "include $BATS_TEST_TMPDIR/more.lab"
	[ "$("$VPCLAB" -n busy -j -c "eip show" | jq length)" -eq 91 ]
}

@test "a service's command is shown as it would be typed" {
	echo "service start ECS1 exec name wait -- sh -c 'sleep 600 # long'" >>"$LAB"
	"$VPCLAB" up busy "$LAB" -q
	run "$VPCLAB" -n busy -c 'service show wait'
	[[ $output == *"sh -c 'sleep 600 # long'"* ]]
	[ "$("$VPCLAB" -n busy -j -c 'service show wait' | jq -r '.[0].command[2]')" = 'sleep 600 # long' ]
}

@test "a slip in a node's name offers the node" {
	"$VPCLAB" up busy "$LAB" -q
	run "$VPCLAB" -n busy -c 'ECS9 true'
	[ "$status" -eq 2 ]
	[[ $output == *"did you mean ECS1?"* ]]
	run "$VPCLAB" -n busy -c 'ecss show'
	[[ $output == *"did you mean ecs?"* ]]
}

@test "what cures a failure is said, also where undoing it fails" {
	ulimit -n 40
	run "$VPCLAB" run "$LAB"
	[ "$status" -eq 3 ]
	[[ $output == *"hint: sudo prlimit --pid"* ]]
}
