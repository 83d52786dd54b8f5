# SPDX-License-Identifier: GPL-3.0-only
# Hard times: kills at any moment, several hands on one lab, a machine that runs out of something.

load lib/common

setup() {
	export XDG_RUNTIME_DIR=$BATS_TEST_TMPDIR/runtime
	mkdir -m 700 "$XDG_RUNTIME_DIR"
	cat >"$LAB" <<-'EOF'
		vpc create VPC1 cidr 10.0.0.0/8
		vswitch create VSW1 vpc VPC1 cidr 10.0.1.0/24
		sg create SG1 vpc VPC1
		sg allow SG1 in all from 10.0.0.0/8
		ecs create ECS1 vswitch VSW1 security-group SG1
	EOF
}

teardown() {
	"$VPCLAB" down --all
}

gone() {
	[ ! -e "/proc/$1" ] || grep -q '^State:.*Z' "/proc/$1/status" 2>/dev/null
}

keeper_of() {
	"$VPCLAB" ls -j | jq -e --arg name "$1" '.[] | select(.name == $name) | .keeper'
}

running() {
	pgrep -f -- "$1" >/dev/null
}

not_running() {
	! running "$1"
}

@test "SIGKILL of a run ends everything that was in it" {
	local marker=100.$RANDOM$$
	echo "ECS1 sleep $marker" >>"$LAB"
	"$VPCLAB" run "$LAB" >/dev/null 2>&1 3>&- &
	local pid=$!
	eventually running "^sleep $marker"
	kill -KILL "$pid"
	eventually not_running "^sleep $marker"
	eventually gone "$pid"
}

@test "SIGINT of a run removes everything, exit status 130" {
	local marker=100.$RANDOM$$ status=0
	echo "ECS1 sleep $marker" >>"$LAB"
	setsid --wait bash -c 'trap - INT; exec "$0" run "$1"' "$VPCLAB" "$LAB" >/dev/null 2>&1 3>&- &
	local pid=$!
	eventually running "^sleep $marker"
	# As a terminal does it: to the whole group.
	kill -INT -- "-$(ps -o pgid= -p "$(pgrep -f -- "^sleep $marker")" | tr -d ' ')" 2>/dev/null || true
	pkill -INT -f -- "vpclab run $LAB" || true
	wait "$pid" || status=$?
	[ "$status" -eq 130 ]
	eventually not_running "^sleep $marker"
}

@test "SIGKILL of the keeper ends the lab; its name is free again" {
	"$VPCLAB" up one "$LAB"
	"$VPCLAB" -n one -c 'ECS1 sleep 1000 &' -c 'service start ECS1 http'
	local keeper
	keeper=$(keeper_of one)
	kill -KILL "$keeper"
	eventually gone "$keeper"
	run -2 "$VPCLAB" exec one ECS1 -- true
	[ "$("$VPCLAB" ls -j | jq length)" -eq 0 ]
	"$VPCLAB" up one "$LAB"
	"$VPCLAB" exec one ECS1 -- true
}

# The lab is not there, or it is there to the last host and nobody's to take away.
settled() {
	"$VPCLAB" ls -j | jq -e 'length == 0' >/dev/null ||
		{ [ "$("$VPCLAB" -n half -j -c 'ecs show' 2>/dev/null | jq length)" = 101 ] &&
			"$VPCLAB" exec half X100 -- ip -4 route get 10.0.1.1 >/dev/null 2>&1; }
}

@test "SIGKILL of up leaves no lab half made, at whatever moment" {
	local i delay
	for i in {1..100}; do echo "ecs create X$i vswitch VSW1"; done >>"$LAB"
	for delay in 0.002 0.01 0.02 0.04 0.06 0.1; do
		timeout -s KILL "$delay" "$VPCLAB" up half "$LAB" >/dev/null 2>&1 || true
		# Either it was done before the signal, and then it is whole, or it goes with its builder.
		eventually settled
		if "$VPCLAB" ls -j | jq -e 'length > 0'; then "$VPCLAB" down half; fi
	done
}

@test "SIGKILL of a command leaves the lab before or after it, and fit for the next" {
	local i
	"$VPCLAB" up one "$LAB"
	for i in {1..15}; do
		timeout -s KILL "0.00$((i % 10))" "$VPCLAB" -n one -c "ecs create K$i vswitch VSW1 security-group SG1" >/dev/null 2>&1 || true
	done
	"$VPCLAB" -n one -c 'ecs create LAST vswitch VSW1 security-group SG1'
	# What the model has, the kernel has, and nothing else.
	"$VPCLAB" -n one -j -c 'ecs show' | jq -r '.[].name' | sort >"$BATS_TEST_TMPDIR/model"
	within one ls /run/netns | grep -v -e '^internet$' -e '^VPC1$' -e '^VSW1$' | sort >"$BATS_TEST_TMPDIR/kernel"
	diff "$BATS_TEST_TMPDIR/model" "$BATS_TEST_TMPDIR/kernel"
	while read -r name; do
		"$VPCLAB" exec one ECS1 -- ping -c1 -W20 "$name"
	done <"$BATS_TEST_TMPDIR/model"
}

@test "a journal that was removed from inside is told, not taken for an empty lab" {
	"$VPCLAB" up one "$LAB"
	within one rm /run/vpclab/journal
	run "$VPCLAB" -n one -c 'ecs show'
	[ "$status" -ne 0 ]
	[[ $output == *'no journal'* ]]
}

@test "writers take turns: ten at once all get their host" {
	local i pids=()
	"$VPCLAB" up one "$LAB"
	for i in {0..9}; do
		"$VPCLAB" -n one -c "ecs create P$i vswitch VSW1 security-group SG1" 3>&- &
		pids+=($!)
	done
	for i in "${pids[@]}"; do wait "$i"; done
	[ "$("$VPCLAB" -n one -j -c 'ecs show' | jq length)" -eq 11 ]
	for i in {0..9}; do "$VPCLAB" exec one ECS1 -- ping -c1 -W20 "P$i"; done
}

@test "two labs of the same addresses stand side by side" {
	"$VPCLAB" up one "$LAB"
	"$VPCLAB" up two "$LAB"
	"$VPCLAB" -n one -c 'service start ECS1 http'
	[ "$("$VPCLAB" ls -j | jq -c 'map(.name)')" = '["one","two"]' ]
	"$VPCLAB" exec one ECS1 -- curl -sf http://ECS1
	run ! "$VPCLAB" exec two ECS1 -- curl -sf http://ECS1
	"$VPCLAB" down one
	"$VPCLAB" exec two ECS1 -- true
}

@test "one name, two ups at once: exactly one lab" {
	local ok=0 a b
	"$VPCLAB" up same "$LAB" 3>&- &
	a=$!
	"$VPCLAB" up same "$LAB" 3>&- &
	b=$!
	if wait "$a"; then ok=$((ok + 1)); fi
	if wait "$b"; then ok=$((ok + 1)); fi
	[ "$ok" -eq 1 ]
	[ "$("$VPCLAB" ls -j | jq length)" -eq 1 ]
	"$VPCLAB" exec same ECS1 -- true
}

@test "the host stays as it was: links, routes, rules, names, mounts, sysctls" {
	state() {
		ip -j link | jq -c 'map({ifname, link_type, address})'
		ip -j -4 route show table all
		ip rule
		ip netns list
		cat /proc/self/mountinfo
		if [ "$(id -u)" -eq 0 ]; then nft list ruleset; fi
		cat /proc/sys/net/ipv4/ip_forward /proc/sys/net/ipv4/conf/*/rp_filter /proc/sys/net/ipv4/conf/*/forwarding
	}
	state >"$BATS_TEST_TMPDIR/before"
	"$VPCLAB" up one "$LAB"
	state >"$BATS_TEST_TMPDIR/during"
	"$VPCLAB" down one
	state >"$BATS_TEST_TMPDIR/after"
	diff "$BATS_TEST_TMPDIR/before" "$BATS_TEST_TMPDIR/during"
	diff "$BATS_TEST_TMPDIR/before" "$BATS_TEST_TMPDIR/after"
}

@test "inside, the places of the system are open to all, whatever the caller's umask" {
	(umask 077 && "$VPCLAB" -q up "umask$$" "$LAB")
	run -0 "$VPCLAB" exec "umask$$" internet -- stat -c '%A %n' /run /run/netns /run/lock
	"$VPCLAB" -q down "umask$$"
	[ "$output" = 'drwxr-xr-x /run
drwxr-xr-x /run/netns
drwxrwxrwt /run/lock' ]
}

@test "the lab's registration is its owner's alone" {
	"$VPCLAB" up one "$LAB"
	[ "$(stat -c %a "$XDG_RUNTIME_DIR/vpclab")" = 700 ]
	[ "$(stat -c %a "$XDG_RUNTIME_DIR/vpclab/one")" = 600 ]
	"$VPCLAB" down one
	[ ! -e "$XDG_RUNTIME_DIR/vpclab/one" ]
}

@test "out of network namespaces: one clear error, exit 3; a running lab stays as it was" {
	cp "$LAB" "$BATS_TEST_TMPDIR/big.lab"
	for i in {1..10}; do echo "ecs create X$i vswitch VSW1"; done >>"$BATS_TEST_TMPDIR/big.lab"
	run -3 unshare -Ur sh -c 'echo 6 >/proc/sys/user/max_net_namespaces; exec "$0" run "$1"' "$VPCLAB" "$BATS_TEST_TMPDIR/big.lab"
	[[ $output == *max_net_namespaces* ]]

	# Room for the lab (its own two, internet, VPC1, VSW1, ECS1) and one host more.
	run -3 unshare -Ur sh -c '
		echo 7 >/proc/sys/user/max_net_namespaces
		"$0" up small "$1" || exit 9
		"$0" -n small -c "ecs create A1 vswitch VSW1 security-group SG1" || exit 9
		"$0" -n small -c "ecs create A2 vswitch VSW1 security-group SG1"; status=$?
		"$0" exec small ECS1 -- ping -c1 -W20 A1 || exit 9
		"$0" -n small -j -c "ecs show" | jq -e length==2 || exit 9
		"$0" down small
		exit $status' "$VPCLAB" "$LAB"
	[[ $output == *max_net_namespaces* ]]
}

@test "too few open files: one clear error, exit 3" {
	for i in {1..40}; do echo "ecs create X$i vswitch VSW1"; done >>"$LAB"
	run -3 bash -c 'ulimit -n 24; exec "$0" run -q "$1"' "$VPCLAB" "$LAB"
	[[ $output == *'open files'* ]]
}

@test "no place for the registration: exit 3, what to do, and nothing is left" {
	run -3 env XDG_RUNTIME_DIR=/proc/self "$VPCLAB" up none "$LAB" # a directory of ours that takes nothing
	[[ $output == *'/proc/self/vpclab'*'hint: set XDG_RUNTIME_DIR'* ]]
	# Room for the directory, and none for the lab's file.
	run -3 unshare -Urm sh -c '
		mount -t tmpfs -o nr_inodes=2,mode=700 tmpfs "$XDG_RUNTIME_DIR"
		"$0" up full "$1"; status=$?
		ls -A "$XDG_RUNTIME_DIR"
		exit $status' "$VPCLAB" "$LAB"
	[[ $output == *"No space left"*"hint: make room in $XDG_RUNTIME_DIR/vpclab" ]]
	run -3 unshare -Urm sh -c '
		mount -t tmpfs -o ro,mode=700 tmpfs "$XDG_RUNTIME_DIR"
		exec "$0" up none "$1"' "$VPCLAB" "$LAB"
	[[ $output == *'Read-only file system'*'hint: set XDG_RUNTIME_DIR'* ]]
}

@test "a system without /run, or without /proc: exit 3 and the cure, from up, run and doctor" {
	local without
	for without in run proc; do
		# LeakSanitizer itself needs /proc.
		[[ $without != proc || ${VPCLAB_BUILD:-build} != */san ]] || continue
		for call in "up none LAB" "run LAB" doctor; do
			# shellcheck disable=SC2086 # words on purpose
			run unshare -Urmpf sh -c '
				without=$1 root=$2 program=$(realpath "$3") lab=$4
				shift 4
				mount -t tmpfs tmpfs "$root" && cd "$root" && mkdir old proc run v
				for directory in bin lib lib64 sbin usr dev etc; do
					[ ! -d "/$directory" ] || { mkdir "$directory" && mount --rbind "/$directory" "$directory"; }
				done
				mount --bind "$(dirname "$program")" v && mount -t proc proc proc && cp "$lab" v.lab
				pivot_root . old && cd / && export XDG_RUNTIME_DIR=/run && umount -l old
				[ "$without" != run ] || { mkdir -m 700 names && export XDG_RUNTIME_DIR=/names && rm -r run; }
				[ "$without" != proc ] || umount proc
				chmod 700 "$XDG_RUNTIME_DIR"
				for word; do
					[ "$word" != LAB ] || word=v.lab
					set -- "$@" "$word"
					shift
				done
				exec /v/vpclab "$@"' sh "$without" "$XDG_RUNTIME_DIR" "$VPCLAB" "$LAB" $call
			echo "without /$without, $call: $output"
			[ "$status" -eq 3 ]
			case $without in
			run) [[ $output == *'sudo mkdir /run'* ]] ;;
			proc) [[ $output == *'sudo mount -t proc proc /proc'* ]] ;;
			esac
		done
	done
}

@test "any bytes as input: refused, never a crash" {
	local i
	for i in {1..20}; do
		head -c $((RANDOM % 5000)) /dev/urandom >"$BATS_TEST_TMPDIR/bytes"
		run "$VPCLAB" validate "$BATS_TEST_TMPDIR/bytes"
		[ "$status" -eq 0 ] || [ "$status" -eq 2 ]
		run "$VPCLAB" <"$BATS_TEST_TMPDIR/bytes"
		[ "$status" -eq 0 ] || [ "$status" -eq 2 ]
	done
}

@test "texts never reach a shell" {
	run "$VPCLAB" -c "vpc create '\$(touch $BATS_TEST_TMPDIR/pwned)' cidr 10.0.0.0/8"
	[ "$status" -eq 2 ]
	printf '%s\n' "service start ECS1 exec name x -- sh -c 'exit 0' ';' touch $BATS_TEST_TMPDIR/pwned" >>"$LAB"
	printf '%s\n' "ECS1 echo ';' touch $BATS_TEST_TMPDIR/pwned '&&' '\`touch $BATS_TEST_TMPDIR/pwned\`'" >>"$LAB"
	run -0 "$VPCLAB" run "$LAB"
	[ ! -e "$BATS_TEST_TMPDIR/pwned" ]
}

@test "a resource may have any name that the language allows, whatever the kernel uses it for" {
	cat >"$LAB" <<-'EOF'
		vpc create default cidr 192.168.0.0/16
		vswitch create public vpc default cidr 192.168.1.0/24
		vswitch create sit0 vpc default cidr 192.168.2.0/24
		sg allow default/default in all from 0.0.0.0/0
		ecs create all vswitch public public-ip auto
		ecs create lo vswitch sit0
		nat-gateway create tunl0 vpc default vswitch sit0
		eip create EIP1
		eip associate EIP1 nat-gateway tunl0
		snat create snat1 nat-gateway tunl0 source vswitch sit0 eip EIP1
		internet-host create eth0
		service start eth0 http
		service start all http
		expect reachable all -> eth0
		expect reachable lo -> eth0 seen-as EIP1
		expect reachable lo -> all
		verify
	EOF
	run "$VPCLAB" run "$LAB"
	[ "$status" -eq 0 ]
	[[ $output == *"the kernel is as the lab has it"*"3 passed"* ]]
}

@test "a file that the machine cannot read is no mistake of whoever includes it" {
	local fault command inner=$BATS_TEST_TMPDIR/inner.lab outer=$BATS_TEST_TMPDIR/outer.lab
	echo 'vpc create VPC1 cidr 10.0.0.0/16' >"$inner"
	echo 'include inner.lab' >"$outer"
	for fault in EMFILE ENOMEM EIO; do
		for command in validate run lint; do
			ASAN_OPTIONS=detect_leaks=0 run -3 strace -qq -o /dev/null -P "$inner" -e "inject=openat:error=$fault" "$VPCLAB" "$command" "$outer"
			[[ $output == *'cannot read '*'inner.lab: '* ]]
		done
	done
	rm "$inner"
	run -2 "$VPCLAB" validate "$outer"
}
