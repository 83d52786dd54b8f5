#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-3.0-only
# Nothing gets out of a lab, whoever started it: root, too.
load lib/common

setup() {
	cd "$BATS_TEST_TMPDIR" || return
	VPCLAB=$(realpath "$BATS_TEST_DIRNAME/../$VPCLAB" 2>/dev/null || realpath "$VPCLAB")
	cat >"$LAB" <<-'EOF'
		vpc create VPC1 cidr 192.168.0.0/16
		vswitch create VSW1 vpc VPC1 cidr 192.168.1.0/24
		ecs create ECS1 vswitch VSW1
		ecs create ECS2 vswitch VSW1
	EOF
}

teardown() {
	"$VPCLAB" down sealed >/dev/null 2>&1 || true
}

up() {
	"$VPCLAB" up sealed "$LAB" -q
}

node() {
	"$VPCLAB" exec sealed "$1" -- "${@:2}"
}

@test "sysctls: those of its own network can be written, those of the machine cannot" {
	local before after
	before=$(cat /proc/sys/kernel/printk_ratelimit_burst /proc/sys/net/ipv4/ip_forward)
	up
	node ECS1 sh -c 'echo 1 >/proc/sys/net/ipv4/ip_forward && cat /proc/sys/net/ipv4/ip_forward' | grep -x 1
	run ! node ECS1 sh -c 'echo 11 >/proc/sys/kernel/printk_ratelimit_burst'
	run ! node VSW1 sh -c 'echo 11 >/proc/sys/kernel/printk_ratelimit_burst'
	run ! node ECS1 sh -c 'echo 1 >/proc/sys/vm/drop_caches'
	after=$(cat /proc/sys/kernel/printk_ratelimit_burst /proc/sys/net/ipv4/ip_forward)
	[ "$before" = "$after" ]
}

@test "the seal cannot be broken by the lab's root: no mount of it taken away, made writable or gone around" {
	up
	for who in ECS1 VSW1; do
		run ! node $who umount /proc/sys
		run ! node $who umount /proc/sys/net
		run ! node $who mount -o remount,rw,bind /proc/sys
		run ! node $who mount -o remount,rw /sys
		run ! node $who mount -o remount,rw,bind /
		run ! node $who mount -t proc proc /mnt
		run ! node $who unshare -Urpf mount -t proc proc /mnt
		run ! node $who unshare -Urn mount -t sysfs sysfs /mnt
		run ! node $who unshare -C true
		run ! node $who mount -t cgroup2 cgroup2 /mnt
		run ! node $who ls /proc/1/root/
		run ! node $who stat -L /proc/1/fd/0
		run ! node $who nsenter -t 1 -m true
		run ! node $who nsenter -t 1 -U true
		# The lab's own root stays root over the rest.
		node $who sh -c 'mount -t tmpfs none /mnt && touch /mnt/x'
	done
}

@test "/proc, /sys, /dev: what speaks for the machine is empty or read-only, and no device but the harmless ones" {
	up
	run ! node ECS1 sh -c 'find /sys -maxdepth 3 -writable -type f -exec sh -c "echo >{}" \; 2>/dev/null | grep .'
	run ! node ECS1 sh -c 'echo h >/sys/power/state'
	[ "$(node ECS1 sh -c 'cat /proc/kmsg /proc/keys /proc/timer_list /proc/slabinfo 2>/dev/null | wc -c')" -eq 0 ]
	run ! node ECS1 sh -c 'test -s /proc/kcore'
	run ! node ECS1 sh -c 'for f in /proc/irq/*/smp_affinity /proc/bus/*/* /proc/acpi/*; do test ! -f $f || echo 1 >$f; done 2>/dev/null; false'
	run ! node ECS1 mknod /tmp/null c 1 3
	[ "$(node ECS1 find /dev -xdev \( -type c -o -type b \) -printf '%P ' | tr ' ' '\n' | sort | tr '\n' ' ')" = "" ]
	[ "$(node ECS1 sh -c 'cd /dev; for i in * net/*; do test ! -c $i || test -L $i || echo $i; done' | tr '\n' ' ')" = "full null random tty urandom zero $([ ! -c /dev/net/tun ] || echo 'net/tun ')" ]
	node ECS1 sh -c 'echo >/dev/null && head -c 4 /dev/urandom | wc -c' | grep -x 4
	node ECS1 python3 -c 'import os; m, s = os.openpty(); os.write(s, b"x\n"); print(os.ttyname(s), os.read(m, 1))' | grep -x "/dev/pts/0 b'x'"
}

@test "shared memory, queues and the name of a host are its own, and gone with the lab" {
	local before name
	before=$(ipcs -a)
	name=$(hostname)
	up
	node ECS1 ipcmk -M 4096
	node ECS1 sh -c 'ipcs -m | grep -c 4096' | grep -x 1
	run ! node ECS2 sh -c 'ipcs -m | grep 4096'
	node VSW1 ipcmk -Q
	node ECS1 sh -c 'echo x >/dev/shm/x'
	run ! node ECS2 test -e /dev/shm/x
	[ ! -e /dev/shm/x ]
	node ECS1 hostname other
	[ "$(node ECS1 hostname)" = other ]
	[ "$(node ECS2 hostname)" = ECS2 ]
	[ "$(hostname)" = "$name" ]
	"$VPCLAB" down sealed
	[ "$(ipcs -a)" = "$before" ]
}

@test "no program gets new privileges, or puts characters into its terminal" {
	up
	node ECS1 grep -x 'NoNewPrivs:	1' /proc/self/status
	node VSW1 grep -x 'NoNewPrivs:	1' /proc/self/status
	cat >push.py <<-'EOF'
		import fcntl, os, pty, sys
		pid, terminal = pty.fork()
		if pid == 0:
		    for request in (0x5412, 0x541c, 0x5412 | 1 << 32):
		        try:
		            fcntl.ioctl(0, request & 0xffffffff, b"x")
		            os._exit(1)
		        except PermissionError:
		            pass
		    os._exit(0)
		sys.exit(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]))
	EOF
	node ECS1 python3 push.py
	node VSW1 python3 push.py
}

@test "what a program writes stays in the lab and is its host's own, but for the directory where the lab was started" {
	local home places="/etc /usr/bin /var/lib /var/log /tmp /run"
	home=$(getent passwd "$(id -u)" | cut -d: -f6)
	up
	for place in $places "$home"; do
		if [ -w "$place" ] || [ "$place" = /run ]; then
			node ECS1 touch "$place/vpclab-sealed-$$"
			node ECS1 test -e "$place/vpclab-sealed-$$"
			run ! node ECS2 test -e "$place/vpclab-sealed-$$"
			run ! node VSW1 test -e "$place/vpclab-sealed-$$"
		fi
		[ ! -e "$place/vpclab-sealed-$$" ]
	done
	run ! node ECS1 touch /vpclab-sealed
	node ECS1 sh -c 'echo "192.0.2.1 other" >>/etc/hosts; echo "export X=1" >>/etc/profile' 2>/dev/null || true
	run ! grep 192.0.2.1 /etc/hosts
	run ! node ECS2 grep 192.0.2.1 /etc/hosts
	node ECS1 sh -c 'echo here >written'
	[ "$(cat written)" = here ]
	[ "$(node ECS2 cat written)" = here ]
	[ "$(node VSW1 cat written)" = here ]
	node VSW1 sh -c 'echo there >written'
	[ "$(cat written)" = there ]
}

@test "names: a host knows those made after its first program; what it writes into /etc/hosts is its own" {
	up
	node ECS1 true
	"$VPCLAB" -n sealed -c 'ecs create ECS3 vswitch VSW1'
	node ECS1 getent hosts ECS3
	node ECS1 sh -c 'echo "192.0.2.7 mine" >>/etc/hosts'
	node ECS1 getent hosts mine
	run ! node ECS2 getent hosts mine
	"$VPCLAB" -n sealed -c verify
}

@test "a host that is deleted and made again has nothing of the old one's" {
	up
	node ECS1 sh -c "touch /tmp/old.$$ /run/old.$$; hostname old; ipcmk -M 4096"
	"$VPCLAB" -n sealed -c 'ecs delete ECS1' -c 'ecs create ECS1 vswitch VSW1'
	run ! node ECS1 test -e "/tmp/old.$$"
	run ! node ECS1 test -e "/run/old.$$"
	[ "$(node ECS1 hostname)" = ECS1 ]
	run ! node ECS1 sh -c 'ipcs -m | grep 4096'
}

# Where the processes that a host sees lead: a line for each way to the lab's own files, or to a socket of the machine's, and
# to each that can be written; last the processes.
write_look() {
	cat >look.py <<-'EOF'
		import glob, os, socket, sys
		own = ("journal", "node", "machine", "filter", "share", "mark", "read", "outside", "part", "empty")
		def can(act):
		    try:
		        return act() or True
		    except OSError:
		        return False
		def connect(path):
		    with socket.socket(socket.AF_UNIX) as s:
		        s.connect(path)
		def look(top):
		    for run in (top + "/run", top):
		        for name in own:
		            if os.path.exists(f"{run}/vpclab/{name}"):
		                yield "leads to " + name
		        for name in ("cloud", "hosts", "names", "service"):
		            if can(lambda: open(f"{run}/vpclab/{name}/sealed", "w").close()):
		                yield "writes " + name
		        if can(lambda: os.listdir(run + "/netns")) and os.listdir(run + "/netns"):
		            yield "leads to netns"
		    if can(lambda: connect(top + sys.argv[1] + "/socket")):
		        yield "connects"
		    can(lambda: open(top + sys.argv[1] + "/file", "a").write("written"))
		seen = set()
		for path in glob.glob("/proc/[0-9]*"):
		    try:
		        name = open(path + "/comm").read().strip()
		        words = open(path + "/cmdline").read().split("\0")
		    except OSError:
		        continue
		    seen.add(words[1] if name == "vpclab-service" else name)
		    for way in [path + "/root", path + "/cwd", *glob.glob(path + "/fd/*")]:
		        for top in (way, way + "/..", way + "/../..") if os.path.isdir(way) else ():
		            for found in look(top):
		                print(name, top, found)
		print("seen", *sorted(seen))
	EOF
}

@test "no process that a host sees leads to the lab's own files, or to the machine's: services, routers' programs, vpclab's own" {
	local tmp all
	tmp=$(mktemp -d /tmp/vpclab-sealed-XXXXXX)
	chmod 755 "$tmp"
	echo before >"$tmp/file"
	python3 -c '
import socket, sys, time
s = socket.socket(socket.AF_UNIX)
s.bind(sys.argv[1])
s.listen()
time.sleep(1000)' "$tmp/socket" 3>&- &
	cat >>"$LAB" <<-'EOF'
		vpc create VPC2 cidr 172.16.0.0/16
		service start ECS2 http
		service start ECS2 https
		service start ECS2 echo protocol udp port 7
		service start ECS2 exec name own -- sleep 1000
		service start ECS2 ssh
	EOF
	write_look
	up
	run ! node ECS1 ls /run/vpclab/journal
	run ! node VSW1 ls /run/vpclab/journal
	node ECS1 python3 -c 'import socket; s = socket.create_connection(("100.100.100.200", 80)); s.send(b"GET / HTTP/1.0\r\n\r\n"); s.recv(1)'
	node VPC1 timeout 1000 sleep 1000 3>&- &
	node ECS2 tail -f /dev/null 3>&- &
	"$VPCLAB" -n sealed -c 'trace watch ECS1 within 600' >/dev/null 2>&1 3>&- &
	"$VPCLAB" capture sealed ECS1,VPC1 >capture.pcapng 2>/dev/null 3>&- &
	eventually test -s capture.pcapng
	all='alibaba echo http https python3 sleep ssh tail timeout vpclab vpclab-keeper vpclab-waiter'
	looks() {
		node ECS1 python3 look.py "$tmp" >looked
		grep -qx "seen $all" looked
	}
	eventually looks
	run ! grep -v '^seen' looked
	[ "$(cat "$tmp/file")" = before ]
	kill %1 %2 %3 %4 %5
	"$VPCLAB" down sealed
	rm -r "$tmp"
}

@test "what a router's program does to its files stops no worker" {
	up
	node VPC1 sh -c 'umount -l /run; umount -l /run; umount -l /etc; umount -l /proc; umount -l /tmp; umount -l /usr' || true
	for directory in /*/; do node VPC1 umount -l "$directory" || true; done
	"$VPCLAB" -n sealed -c 'ecs create ECS3 vswitch VSW1' -c 'service start ECS3 http' -c 'expect reachable ECS1 -> ECS3' -c verify
	node ECS1 getent hosts ECS3
}

@test "a host that fills up its files holds up no other host, and no change of the lab" {
	up
	run node ECS1 sh -c 'for place in /run/vpclab/ssh /tmp; do fallocate -l 1G $place/full || dd if=/dev/zero of=$place/full bs=64k; done 2>/dev/null'
	run ! node ECS1 sh -c 'head -c 1M /dev/zero >/tmp/more'
	node ECS2 true
	"$VPCLAB" -n sealed -c 'ecs create ECS3 vswitch VSW1' -c 'ECS3 true' -c 'service start ECS3 http' \
		-c 'expect reachable ECS1 -> ECS3' -c verify
}

@test "sockets of kinds that are no network namespace's, as those of virtual machines, are none" {
	up
	for who in ECS1 VSW1; do
		node $who python3 -c '
import ctypes, errno, os, socket
libc = ctypes.CDLL(None, use_errno=True)
number = {"x86_64": 41}.get(os.uname().machine, 198)
for family in (40, 40 | 1 << 32, 42, 45):
    for kind in (1, 2, 5):
        assert libc.syscall(ctypes.c_long(number), ctypes.c_long(family), kind, 0) < 0 and ctypes.get_errno() == errno.EAFNOSUPPORT, family
for family in (socket.AF_UNIX, socket.AF_INET, socket.AF_INET6):
    socket.socket(family, socket.SOCK_STREAM)
socket.socket(socket.AF_NETLINK, socket.SOCK_RAW)
socket.socket(socket.AF_PACKET, socket.SOCK_RAW)'
	done
}

@test "a lab has no more processes than half of what the machine can have" {
	local host
	host=$(cat /proc/sys/kernel/pid_max)
	up
	run node ECS1 cat /proc/sys/kernel/pid_max
	[ "$(cat /proc/sys/kernel/pid_max)" = "$host" ]
	# Linux 6.14: the limit is a PID namespace's own; before, an ordinary user's lab has RLIMIT_NPROC.
	if [ "$(printf '%s\n' 6.14 "$(uname -r)" | sort -V | head -n 1)" = 6.14 ]; then
		[ "$output" -le $((host / 2)) ]
	fi
}

@test "the process that makes another inside can be killed at any moment: the lab is before or after, never between" {
	printf '%s\n' 'nat-gateway create NAT1 vpc VPC1 vswitch VSW1' 'service start ECS1 http' >>"$LAB"
	for _ in {1..8}; do
		up
		strace -f -o /dev/null -e trace=write -e inject=write:signal=KILL:when=1 \
			"$VPCLAB" -n sealed -c 'ecs create X1 vswitch VSW1' || true
		"$VPCLAB" -n sealed -c verify
		"$VPCLAB" down sealed
	done
}

@test "nothing is left on the machine: mounts, links, IPC, processes" {
	state() {
		cat /proc/self/mountinfo
		ip -br link
		ipcs
		find /sys/fs/cgroup -maxdepth 3 -type d 2>/dev/null | sort
	}
	state >before
	up
	node ECS1 sh -c 'touch /tmp/x; mount -t tmpfs none /mnt; ipcmk -M 4096'
	"$VPCLAB" down sealed
	state >after
	diff before after
}

@test "--share: what is written below a directory stays, as below the one where the lab was started" {
	mkdir -p "$BATS_TEST_TMPDIR/start" "$BATS_TEST_TMPDIR/shared/below" "$BATS_TEST_TMPDIR/other"
	cd "$BATS_TEST_TMPDIR/start"
	for where in shared other; do echo before >"$BATS_TEST_TMPDIR/$where/file"; done
	"$VPCLAB" up sealed "$LAB" -q --share ../shared
	node ECS1 sh -c 'for i in start shared/below other; do echo after >../$i/new || echo no; done; echo after >../shared/file; echo after >../other/file'
	[ "$(cat "$BATS_TEST_TMPDIR/start/new" "$BATS_TEST_TMPDIR/shared/below/new" "$BATS_TEST_TMPDIR/shared/file")" = $'after\nafter\nafter' ]
	[ ! -e "$BATS_TEST_TMPDIR/other/new" ]
	[ "$(cat "$BATS_TEST_TMPDIR/other/file")" = before ]
	node VSW1 grep after ../shared/file
	"$VPCLAB" down sealed

	echo "expect ok ECS1 sh -c 'echo run >../shared/file'" >>"$LAB"
	"$VPCLAB" run "$LAB" --share "$BATS_TEST_TMPDIR/shared"
	[ "$(cat "$BATS_TEST_TMPDIR/shared/file")" = run ]

	# Where labs are registered no program comes, be it below such a directory: it could hold up every writer.
	mkdir -m 700 "$BATS_TEST_TMPDIR/shared/runtime"
	XDG_RUNTIME_DIR=$BATS_TEST_TMPDIR/shared/runtime
	"$VPCLAB" up sealed "$LAB" -q --share ../shared
	[ -e "$XDG_RUNTIME_DIR/vpclab/sealed~" ]
	[ -z "$(node ECS1 sh -c "ls -A ../shared/runtime/vpclab")" ]
	[ -z "$(node VSW1 sh -c "ls -A ../shared/runtime/vpclab")" ]
	node ECS1 touch ../shared/runtime/mine
	"$VPCLAB" down sealed
	[ -e "$XDG_RUNTIME_DIR/mine" ]

	run -2 "$VPCLAB" run "$LAB" --share ../nowhere
	[[ $output == *'--share ../nowhere: No such file or directory'* ]]
	run -2 "$VPCLAB" run "$LAB" --share ../shared/file
	[[ $output == *'is not a directory'* ]]
}

@test "a program does not get at sockets and files of the machine by taking its node's mounts away" {
	local tmp
	tmp=$(mktemp -d /tmp/vpclab-sealed-XXXXXX)
	chmod 755 "$tmp"
	python3 -c '
import socket, sys
s = socket.socket(socket.AF_UNIX)
s.bind(sys.argv[1])
s.listen()
while True:
    s.accept()[0].close()' "$tmp/socket" 3>&- &
	eventually test -S "$tmp/socket"
	cat >connect.py <<-'EOF'
		import os, socket, sys
		for top in ("", "/proc/1/root", "/proc/self/root", "/run/vpclab/sealed", "/run/vpclab/machine"):
		    s = socket.socket(socket.AF_UNIX)
		    try:
		        s.connect(top + sys.argv[1])
		        print("connected", top)
		    except OSError:
		        pass
	EOF
	python3 connect.py "$tmp/socket" | grep connected
	up
	for who in ECS1 VSW1; do
		run -0 node $who python3 connect.py "$tmp/socket"
		[ -z "$output" ]
		run -0 node $who sh -c "cp connect.py /dev/shm/; cd /; umount -l /tmp; umount -l /tmp; ls /tmp; python3 /dev/shm/connect.py $tmp/socket"
		[[ $output != *connected* && $output != *vpclab-sealed* ]]
		run ! node $who sh -c 'umount -l /run; umount -l /run; ls /run/vpclab/journal'
		run ! node $who sh -c 'umount -l /etc; umount -l /etc; test -e /etc/passwd'
	done
	kill %1
	rm -r "$tmp"
}

# strace fails the calls as a kernel without them does: overlays by the places that they are mounted on, which it has to be root
# over the processes of a lab to read.
without_overlay() {
	local i places=()
	for i in {0..40}; do places+=(-P "/run/vpclab/node/.lab/$i" -P "/run/vpclab/node/ECS1/$i" -P "/run/vpclab/node/ECS2/$i"); done
	ASAN_OPTIONS=detect_leaks=0 unshare -Ur strace -f -o /dev/null "${places[@]}" -e inject=mount:error=ENODEV "$@"
}

@test "a kernel without overlays: files are read-only but for what has to be written, and the lab has its own names" {
	run --separate-stderr without_overlay "$VPCLAB" doctor -j
	[ "$status" -eq 0 ]
	[ "$(jq -c '.[] | select(.name == "overlay") | [.ok, .optional]' <<<"$output")" = '[false,true]' ]
	cat >>"$LAB" <<-'EOF'
		expect ok ECS1 getent hosts ECS2
		expect ok VSW1 getent hosts ECS2
		expect ok ECS1 grep -x 'hosts: files dns' /etc/nsswitch.conf
		expect output 'nameserver 100.100.2.136' ECS1 head -1 /etc/resolv.conf
		expect fail ECS1 touch /etc/new
		expect fail VSW1 touch /usr/new
		expect ok ECS1 touch /tmp/new /var/log/new /run/new
		expect ok ECS1 test -e /tmp/new
		expect fail ECS2 test -e /tmp/new
		expect fail ECS2 test -e /var/log/new
		expect ok ECS1 touch written
	EOF
	run -0 without_overlay "$VPCLAB" run "$LAB"
	[[ $output == *"11 passed, 0 failed"* ]]
	[ -e written ]
	[ ! -e /tmp/new ]
}

@test "a kernel without seccomp: labs run, and doctor says what they lack" {
	no_seccomp=(strace -f -o /dev/null -e trace=seccomp -e inject=seccomp:error=ENOSYS)
	export ASAN_OPTIONS=detect_leaks=0
	run -0 --separate-stderr "${no_seccomp[@]}" "$VPCLAB" doctor -j
	[ "$(jq -c '.[] | select(.name == "seccomp") | [.ok, .optional]' <<<"$output")" = '[false,true]' ]
	echo "expect output 'Seccomp: 0' ECS1 sh -c 'echo \$(grep ^Seccomp: /proc/self/status)'" >>"$LAB"
	run -0 "${no_seccomp[@]}" "$VPCLAB" run "$LAB"
}

@test "doctor: how much memory a lab may use, or how to limit it" {
	run -0 jq -r '.[] | select(.name == "limit of memory") | [.ok, .optional, .detail, .cure] | @tsv' <<<"$("$VPCLAB" doctor -j)"
	[[ $output == $'true\ttrue\t'*' MiB, by the control group'* || $output == $'false\ttrue\t'*'systemd-run '*MemoryMax=* ]]
}
