#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-3.0-only
# Programs run in a host as their packages bring them, with no option for the lab's sake: for root, who has all users, for an
# ordinary user whom /etc/subuid grants a range, and for one who is the only user of the lab.
load lib/common

setup() {
	PACKAGES=$PWD/build/packages # by tests/lib/need-unpacked
	PATH=$PATH:/usr/sbin:/sbin
	chmod 711 "$BATS_RUN_TMPDIR" "$BATS_RUN_TMPDIR/test" "$BATS_TEST_TMPDIR"
	mkdir -m 777 "$BATS_TEST_TMPDIR/work"
	cat >"$BATS_TEST_TMPDIR/work/packaged.lab" <<-EOF
		vpc create VPC1 cidr 192.168.0.0/16
		vswitch create VSW1 vpc VPC1 cidr 192.168.1.0/24
		ecs create ECS1 vswitch VSW1
		ecs create ECS2 vswitch VSW1
		ecs create ECS3 vswitch VSW1

		# What the postinst scripts do; on a machine that has the packages it is done already.
		expect ok ECS2 sh -c 'cp -a $PACKAGES/etc/nginx $PACKAGES/etc/pam.d /etc/ && mkdir -p /etc/nginx/sites-enabled /var/lib/nginx /var/log/nginx /var/www/html'
		expect ok ECS2 sh -c 'ln -sf ../sites-available/default /etc/nginx/sites-enabled/ && echo by nginx >/var/www/html/index.html'
		expect ok ECS2 sh -c 'cp $PACKAGES/usr/share/openssh/sshd_config /etc/ssh/ && ssh-keygen -q -t ed25519 -N "" -f /etc/ssh/ssh_host_ed25519_key'
		expect ok ECS2 sh -c 'getent passwd sshd || { { cat /etc/passwd; echo sshd:x:\$(getent passwd nobody | cut -d: -f3,4)::/run/sshd:/usr/sbin/nologin; } >/etc/p && mv /etc/p /etc/passwd; }'

		expect ok ECS2 $PACKAGES/usr/sbin/nginx
		expect output 'by nginx' ECS1 curl -sS http://ECS2
		expect output 'by nginx' ECS1 wget -qO- http://ECS2
		expect ok ECS2 test -s /run/nginx.pid
		expect ok ECS2 test -s /var/log/nginx/access.log
		expect fail ECS1 test -e /run/nginx.pid
		# The same one on another host.
		expect ok ECS3 sh -c 'cp -a $PACKAGES/etc/nginx /etc/ && mkdir -p /etc/nginx/sites-enabled /var/lib/nginx /var/log/nginx /var/www/html'
		expect ok ECS3 sh -c 'ln -sf ../sites-available/default /etc/nginx/sites-enabled/ && echo by the other >/var/www/html/index.html'
		expect ok ECS3 $PACKAGES/usr/sbin/nginx
		expect output 'by the other' ECS1 curl -sS http://ECS3
		expect output 'by nginx' ECS1 curl -sS http://ECS2

		expect ok ECS2 $PACKAGES/usr/sbin/sshd
		expect ok ECS1 ssh-keygen -q -t ed25519 -N '' -f /etc/ssh/test_key
		expect ok ECS1 sh -c 'cp /etc/ssh/test_key.pub key.pub'
		expect ok ECS2 sh -c 'mkdir -p -m 700 ~root/.ssh && cp key.pub ~root/.ssh/authorized_keys && chmod 600 ~root/.ssh/authorized_keys'
		expect ok ECS2 sh -c 'until ss -ltn | grep -q :22; do sleep 0.05; done'
		expect output 'ECS2 root' ECS1 ssh -i /etc/ssh/test_key -o StrictHostKeyChecking=no -o UserKnownHostsFile=/dev/null root@ECS2 'echo \$(hostname) \$(id -un)'

		expect ok ECS2 dnsmasq
		expect output 'by name 192.168.1' ECS1 python3 $BATS_TEST_TMPDIR/work/ask.py ECS2

		expect ok ECS2 iperf3 -s -D
		expect ok ECS2 sh -c 'until ss -ltn | grep -q :5201; do sleep 0.05; done'
		expect ok ECS1 iperf3 -c ECS2 -n 1M
		ECS2 python3 -m http.server 8000 &
		ECS2 socat TCP-LISTEN:8001,fork,reuseaddr 'SYSTEM:echo by socat' &
		ECS2 sh -c 'echo by nc | nc -l -N 8002' &
		expect ok ECS1 sh -c 'until curl -sS http://ECS2:8000; do sleep 0.05; done'
		expect output 'by socat' ECS1 sh -c 'until socat - TCP:ECS2:8001 2>/dev/null | grep .; do sleep 0.05; done'
		expect output 'by nc' ECS1 sh -c 'until nc -d ECS2 8002 2>/dev/null | grep .; do sleep 0.05; done'
		expect ok ECS1 ping -c 1 ECS2
		expect ok ECS1 traceroute -n ECS2
		expect ok ECS1 sh -c 'ip -o route get 192.168.1.1'

		ECS1 tcpdump -i eth0 -c 2 -w /tmp/dump.$$ icmp &
		ECS1 sh -c 'until grep -q 0003 /proc/net/packet; do sleep 0.05; done'
		ECS1 ping -c 2 ECS2
		expect output 'echo request' ECS1 sh -c 'until tcpdump -nr /tmp/dump.$$ 2>/dev/null | grep "echo request"; do sleep 0.05; done'
		expect output 'exited with 0' ECS1 strace -f -o /dev/stdout true
	EOF
	cat >"$BATS_TEST_TMPDIR/work/ask.py" <<-'EOF'
		# Asks the name server for the address of ECS2.
		import socket, struct, sys
		s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
		s.settimeout(60)
		s.sendto(struct.pack(">6H", 7, 0x100, 1, 0, 0, 0) + b"\4ECS2\0" + struct.pack(">2H", 1, 1), (sys.argv[1], 53))
		print("by name", ".".join(map(str, s.recv(512)[-4:])))
	EOF
}

# The lab, run by the user that the words before make; what fails is shown.
packaged() {
	cd "$BATS_TEST_TMPDIR/work" || return
	run "$@" "$(realpath "$OLDPWD/$VPCLAB" 2>/dev/null || realpath "$VPCLAB")" run packaged.lab
	echo "$output" | grep -A 12 -e '^FAIL' -e error || true
	[ "$status" -eq 0 ]
}

as_nobody() {
	setpriv --reuid=nobody "--regid=$(id -g nobody)" --clear-groups env "HOME=$PWD" "XDG_RUNTIME_DIR=$PWD" "$@"
}

@test "programs as packaged: by whoever runs the tests" {
	packaged
}

@test "programs as packaged: by an ordinary user who is the only one of his lab" {
	if [ "$(id -u)" -ne 0 ]; then return; fi
	packaged as_nobody
}

@test "programs as packaged: by an ordinary user with a range of subordinate users" {
	if [ "$(id -u)" -ne 0 ]; then return; fi
	echo nobody:200000:65536 >"$BATS_TEST_TMPDIR/ranges"
	# A view of /etc for this test alone.
	with_ranges() {
		unshare -m sh -c 'mount --bind "$0" /etc/subuid && mount --bind "$0" /etc/subgid && exec "$@"' "$BATS_TEST_TMPDIR/ranges" \
			setpriv --reuid=nobody "--regid=$(id -g nobody)" --clear-groups env "HOME=$PWD" "XDG_RUNTIME_DIR=$PWD" "$@"
	}
	packaged with_ranges
	# Others exist, and files are theirs.
	run with_ranges "$OLDPWD/$VPCLAB" -c 'internet-host create one' -c 'one sh -c "touch x && chown 33:33 x && stat -c %u x && grep -c . /proc/self/uid_map"'
	[[ $output == *33*2* ]]
}
