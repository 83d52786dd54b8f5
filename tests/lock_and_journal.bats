# SPDX-License-Identifier: GPL-3.0-only
# Whoever dies, stops or cannot read while a lab is changed: the lab is before or after the command, others hear for whom they wait, and
# what happened long ago costs nothing.

load lib/common

setup() {
	export XDG_RUNTIME_DIR=$BATS_TEST_TMPDIR/runtime
	mkdir -m 700 "$XDG_RUNTIME_DIR"
	cat >"$LAB" <<-'EOF'
		vpc create VPC1 cidr 10.0.0.0/8
		vswitch create VSW1 vpc VPC1 cidr 10.0.1.0/24
		sg create SG1 vpc VPC1
		ecs create ECS1 vswitch VSW1 security-group SG1
		nat-gateway create NAT1 vpc VPC1 vswitch VSW1
	EOF
	"$VPCLAB" up -q one "$LAB"
}

teardown() {
	"$VPCLAB" down --all
	rmdir "$XDG_RUNTIME_DIR"
}

# Calls the command with a fault injected into its system calls (strace's words).
with_fault() {
	ASAN_OPTIONS=detect_leaks=0 strace -f -o "$BATS_TEST_TMPDIR/strace" -e "trace=${1%%:*}" -e "inject=$1" "${@:2}"
}

eips() {
	"$VPCLAB" -n one -j -c 'eip show' | jq -r '.[].name' | paste -sd' '
}

@test "a journal that cannot be read again: the command happened, or it did not, and the lab goes on" {
	local n before wanted
	for n in {1..12}; do
		before=$(eips)
		wanted=$before
		# 0: it says that it happened; else that it did not.
		if with_fault "pread64:error=EIO:when=$n" "$VPCLAB" -n one -c "eip create E$n" 2>/dev/null; then
			wanted="$before${before:+ }E$n"
		fi
		[ "$(eips)" = "$wanted" ]
		"$VPCLAB" -n one -c verify
	done
}

@test "who dies after the batch was written, and before the work begins, has done nothing" {
	ASAN_OPTIONS=detect_leaks=0 run strace -o "$BATS_TEST_TMPDIR/strace" -e trace=pwrite64,pipe2 -e inject=pipe2:signal=KILL:when=1 \
		"$VPCLAB" -n one -c 'eip create E1'
	[ "$status" -ne 0 ]
	grep -A1 'pwrite64.*eip create E1' "$BATS_TEST_TMPDIR/strace" | grep -q pipe2
	"$VPCLAB" -n one -c 'eip create E2'
	[ "$(eips)" = E2 ]
}

@test "who waits says for whom, gives up after the time that was given, and goes on when it is free" {
	local stopped
	ASAN_OPTIONS=detect_leaks=0 strace -o "$BATS_TEST_TMPDIR/strace" -e trace=pwrite64 -e inject=pwrite64:signal=STOP:when=1 \
		sh -c "echo \$\$ >$BATS_TEST_TMPDIR/pid; exec \"\$0\" -n one -c 'eip create E1'" "$VPCLAB" 3>&- &
	local pid=$!
	eventually grep -qs 'stopped by SIGSTOP' "$BATS_TEST_TMPDIR/strace"
	stopped=$(<"$BATS_TEST_TMPDIR/pid")
	run "$VPCLAB" -n one --wait 1.5 -c 'eip create E2'
	[ "$status" -eq 3 ]
	[[ $output == *"vpclab: waiting for process $stopped ("*'vpclab -n one -c eip create E1), which is stopped'* ]]
	[[ $output == *"cannot change the lab: it has been held for more than 1.5 s by process $stopped ("* ]]
	[[ $output == *"kill -CONT $stopped"* ]]
	# Who only looks does not wait.
	"$VPCLAB" -n one -c 'eip show'
	[ "$("$VPCLAB" ls -j | jq length)" -eq 1 ]
	kill -CONT "$stopped"
	wait "$pid"
	"$VPCLAB" -n one -c 'eip create E2'
	[ "$(eips)" = 'E1 E2' ]
	run "$VPCLAB" -n one --wait x -c 'eip show'
	[ "$status" -eq 2 ]
}

@test "who locks what he finds of the lab's files inside holds nobody up" {
	local held=$BATS_TEST_TMPDIR/held
	within one flock /run/vpclab/journal sh -c 'echo; exec sleep 1000' 3>&- >"$held" &
	eventually test -s "$held"
	"$VPCLAB" -n one --wait 5 -c 'eip create E1'
	[ "$(eips)" = E1 ]
}

@test "a stopped ls blocks neither ls nor up nor down" {
	with_fault "getdents64:signal=STOP:when=1" "$VPCLAB" ls 3>&- &
	eventually grep -qs 'stopped by SIGSTOP' "$BATS_TEST_TMPDIR/strace"
	"$VPCLAB" ls
	"$VPCLAB" up -q two "$LAB"
	"$VPCLAB" down two
	kill -KILL "$(sed -n '1s/ .*//p' "$BATS_TEST_TMPDIR/strace")"
}

@test "a journal stays as short as what it comes to, and the lab stays what it was" {
	"$VPCLAB" -n one -c 'sg allow SG1 in tcp 80 from 0.0.0.0/0' -c 'sg allow SG1 in tcp 81 from 0.0.0.0/0' -c 'sg revoke SG1 rule 1' \
		-c 'eip create E1' -c 'eip associate E1 nat-gateway NAT1' -c 'snat create s1 nat-gateway NAT1 source vswitch VSW1 eip E1' \
		-c 'service start ECS1 http' -c 'internet-host create client dns a.example'
	"$VPCLAB" -n one -j -c show >"$BATS_TEST_TMPDIR/before"
	# A prompt that is open all the while.
	mkfifo "$BATS_TEST_TMPDIR/typed"
	"$VPCLAB" -n one -j <"$BATS_TEST_TMPDIR/typed" >"$BATS_TEST_TMPDIR/seen" 3>&- &
	local pid=$!
	exec 9>"$BATS_TEST_TMPDIR/typed"
	echo 'eip show' >&9
	eventually test -s "$BATS_TEST_TMPDIR/seen"
	seq 600 | sed 's/.*/eip create X&\neip delete X&/' >"$BATS_TEST_TMPDIR/changes"
	# Long names fill the journal sooner.
	sed -i "s/X[0-9]*/&$(printf 'x%.0s' {1..100})/" "$BATS_TEST_TMPDIR/changes"
	"$VPCLAB" -n one -q <"$BATS_TEST_TMPDIR/changes"
	[ "$(within one stat -c %s /run/vpclab/journal)" -lt 80000 ]
	within one grep -q '^# next-id' /run/vpclab/journal
	"$VPCLAB" -n one -j -c show | diff "$BATS_TEST_TMPDIR/before" -
	"$VPCLAB" -n one -c verify
	echo 'expect ok ECS1 true' >&9
	echo 'eip create E2' >&9
	exec 9>&-
	wait "$pid"
	[ "$(eips)" = 'E1 E2' ]
	# Numbers of rules are never used twice: the second is still the second.
	"$VPCLAB" -n one -c 'sg revoke SG1 rule 2'
	"$VPCLAB" -n one -c verify
}

@test "a journal that a program in the lab has written to is told as such, at once" {
	within one sh -c 'printf "# committed 00000000002000000000\n" | dd conv=notrunc of=/run/vpclab/journal 2>/dev/null'
	run "$VPCLAB" -n one -c show
	[ "$status" -eq 3 ]
	[[ $output == *'damaged: it is longer than 256 MiB'* ]]
	within one sh -c 'printf "# committed 00000000000200000000\n" | dd conv=notrunc of=/run/vpclab/journal 2>/dev/null' || true
	run "$VPCLAB" -n one -c show
	[ "$status" -eq 3 ]
	[[ $output == *'damaged'* ]]
}

@test "a prompt whose lab has ended says so of every command, and lets one leave" {
	mkfifo "$BATS_TEST_TMPDIR/typed"
	"$VPCLAB" -n one <"$BATS_TEST_TMPDIR/typed" >"$BATS_TEST_TMPDIR/seen" 2>&1 3>&- &
	local pid=$!
	exec 9>"$BATS_TEST_TMPDIR/typed"
	echo 'vpc show' >&9
	eventually grep -q VPC1 "$BATS_TEST_TMPDIR/seen"
	"$VPCLAB" down one
	: >"$BATS_TEST_TMPDIR/seen"
	echo 'show' >&9
	exec 9>&-
	status=0
	wait "$pid" || status=$?
	echo "status $status"
	cat "$BATS_TEST_TMPDIR/seen"
	[ "$status" -eq 3 ]
	grep -q 'the lab one has ended' "$BATS_TEST_TMPDIR/seen"
	run ! grep -q VPC1 "$BATS_TEST_TMPDIR/seen"
	"$VPCLAB" -q -c exit
}

@test "down while others take the name and give it up: it never says that the lab still runs" {
	local i
	for ((i = 0; i < 30; i++)); do
		"$VPCLAB" up -q one "$LAB" 2>/dev/null || true
	done 3>&- &
	local pid=$!
	for ((i = 0; i < 60; i++)); do
		run "$VPCLAB" down one
		# Either it ended one, or there was none at that moment.
		[ "$status" -eq 0 ] || [ "$status" -eq 2 ]
	done
	wait "$pid"
}

@test "down: the name is free at once, and no program of the lab runs on" {
	local keeper
	keeper=$("$VPCLAB" ls -j | jq .[0].keeper)
	"$VPCLAB" exec one ECS1 -- sh -c 'while :; do echo x; sleep 0.01; done' 3>&- >"$BATS_TEST_TMPDIR/ticks" &
	local pid=$!
	eventually test -s "$BATS_TEST_TMPDIR/ticks"
	"$VPCLAB" down one
	status=0
	wait "$pid" || status=$?
	[ "$status" -eq 137 ]
	[ "$("$VPCLAB" ls -j)" = '[]' ]
	"$VPCLAB" up -q one "$LAB"
	[ "$("$VPCLAB" ls -j | jq .[0].keeper)" != "$keeper" ]
	"$VPCLAB" -n one -c verify
}

@test "a running lab holds its name by nothing that outlives its keeper's death" {
	flock -n "$XDG_RUNTIME_DIR/vpclab/one" true
	run -2 "$VPCLAB" up one "$LAB"
	[[ $output == *'lab one runs already'* ]]
	kill -KILL "$("$VPCLAB" ls -j | jq .[0].keeper)"
	eventually "$VPCLAB" up -q one "$LAB"
	"$VPCLAB" -n one -c verify
}

@test "a runtime directory that cannot be looked at for once is not exchanged for another one" {
	ASAN_OPTIONS=detect_leaks=0 strace -f -o "$BATS_TEST_TMPDIR/strace" -P "$XDG_RUNTIME_DIR" \
		-e inject=newfstatat,stat:error=EIO:when=1 "$VPCLAB" up -q two "$LAB" 3>&- &
	eventually test -e "$XDG_RUNTIME_DIR/vpclab/two"
	grep -q INJECTED "$BATS_TEST_TMPDIR/strace"
	eventually "$VPCLAB" down two
	wait
}

# As the versions before the resolver left it, in what another build of the program has noted.
@test "a lab that another version has built is first made what this one wants, then takes every change" {
	lab() { "$VPCLAB" -n one "$@"; }
	lab -c 'sg allow SG1 in tcp 80 from 10.0.0.0/8'
	lab -c 'VPC1 ip address delete 100.100.2.136/32 dev lo' -c 'VSW1 nft flush chain ip vpclab forward' \
		-c 'VSW1 nft add chain ip vpclab silent' -c 'ECS1 ip route add blackhole 10.97.0.0/16'
	within one sh -c 'cd /run/vpclab && mv hosts/nodes nodes && rmdir hosts && mv nodes hosts && rm builder resolv.conf'
	run -1 lab -c verify
	[[ $output == *'chain silent in VSW1 does not belong here'*'verify --repair puts them right'* ]]
	[[ $output != *'another version'* ]]

	run -0 lab -c 'ecs create NEW vswitch VSW1 security-group SG1'
	[[ $output == 'vpclab: another version has built this lab: its kernel was first made what this one wants ('*' differences)'$'\n'* ]]
	[[ $output == *'chain silent in VSW1 did not belong here, is gone'* ]]
	[[ $output != *'by hand'* ]] # the route of ECS1, which is its user's
	run -0 lab -c verify
	[[ $output == *'added by hand'*"the kernel is as the lab has it"* ]]
	run -0 lab -c 'NEW getent hosts ECS1' -c 'ECS1 getent hosts NEW' -c 'service start NEW http' \
		-c 'expect output NEW ECS1 curl -sS http://NEW' -c 'trace ECS1 -> NEW' -c 'service stop NEW http' -c 'ecs delete NEW' -c verify
	[[ $output != *'another version'* ]]
	run -2 lab -c 'ECS1 getent hosts NEW'

	# Who only traces would compare with what is not there.
	lab -c 'VSW1 nft add chain ip vpclab silent'
	within one rm /run/vpclab/builder
	run -0 lab -c 'trace ECS1 -> VSW1 icmp'
	[[ $output == *'another version'*'(1 difference)'* ]]
}
