# SPDX-License-Identifier: GPL-3.0-only
# Files and words of strangers: they cost no more than they are long, hang nothing, write nothing and show nothing.
load lib/common

@test "validate's time grows with the file, not with its square: variables, and mistakes that follow from others" {
	seq 1 300000 | sed 's/.*/set V& x/' >"$LAB"
	timeout 60 "$VPCLAB" validate "$LAB"
	seq 1 60000 | sed 's/.*/vpc create VX& cidr 10.0.0.0\/8 foo bar\nvswitch create S& vpc VX& cidr 10.0.0.0\/8/' >"$LAB"
	run timeout 60 "$VPCLAB" validate -q "$LAB"
	[ "$status" -eq 2 ]
	[[ $output == *': and 59,997 more like: vpc create has no key foo' ]]
}

@test "a file is a regular file or -: a pipe, a device and a directory are refused, not waited for" {
	local path
	mkfifo "$BATS_TEST_TMPDIR/pipe"
	for path in "$BATS_TEST_TMPDIR/pipe" /dev/zero "$BATS_TEST_TMPDIR"; do
		echo "include $path" >"$LAB"
		for file in "$LAB" "$path"; do
			run timeout 20 "$VPCLAB" validate "$file"
			[ "$status" -eq 2 ]
			[[ $output == *'it is a '*', no file'* ]]
		done
	done
	run timeout 20 "$VPCLAB" run "$BATS_TEST_TMPDIR/pipe"
	[ "$status" -eq 2 ]
	[[ $output == *'- is standard input'* ]]
	echo 'vpc create VPC1 cidr 10.0.0.0/8' | "$VPCLAB" validate -
}

@test "an include that includes ten that include ten ...: there is an end to it" {
	local i
	for i in {1..15}; do
		for _ in {1..10}; do echo "include $BATS_TEST_TMPDIR/b$((i + 1)).lab"; done >"$BATS_TEST_TMPDIR/b$i.lab"
	done
	: >"$BATS_TEST_TMPDIR/b16.lab"
	run timeout 60 "$VPCLAB" run "$BATS_TEST_TMPDIR/b1.lab"
	[ "$status" -eq 2 ]
	[[ $output == *'more than 10000 files are included'* ]]
}

@test "what is no lab is not shown by way of an include or a link; a lab is" {
	printf 'root:$6$topsecret:19000\n' >"$BATS_TEST_TMPDIR/shadow"
	printf '# settings\nTOKEN=topsecret\n' >"$BATS_TEST_TMPDIR/env"
	printf 'set -e\nexport TOKEN=topsecret $TOPSECRET "\n' >"$BATS_TEST_TMPDIR/script"
	ln -s shadow "$BATS_TEST_TMPDIR/link.lab"
	for file in shadow env script /proc/self/environ; do
		echo "include $file" >"$LAB"
		for call in validate run; do
			TOPSECRET=topsecret run "$VPCLAB" $call "$LAB"
			[ "$status" -eq 2 ]
			[[ $output != *topsecret* ]]
			[[ $output == *"$file: error: line "*' begins with no command and no node'* || $file = script ]]
		done
	done
	run "$VPCLAB" validate "$BATS_TEST_TMPDIR/link.lab"
	[ "$status" -eq 2 ]
	[[ $output != *topsecret* ]]
	# One's own mistakes are shown as ever, in an included file, too.
	printf 'vpc create VPC1 cidr 10.0.0.0/99\n' >"$BATS_TEST_TMPDIR/base"
	echo 'include base' >"$LAB"
	run "$VPCLAB" validate "$LAB"
	[[ $output == *'base:1:22: error: '*'1 | vpc create VPC1 cidr 10.0.0.0/99'* ]]
	echo 'vcp create VPC1' >"$LAB"
	run "$VPCLAB" validate "$LAB"
	[[ $output == *'1 | vcp create VPC1'* ]]
}

@test "explain's flow is one line: a second one is no command" {
	printf 'vpc create VPC1 cidr 10.0.0.0/8\nvswitch create VSW1 vpc VPC1 cidr 10.0.1.0/24\necs create ECS1 vswitch VSW1\n' >"$LAB"
	run "$VPCLAB" explain "$LAB" "ECS1 -> ECS1
save $BATS_TEST_TMPDIR/written"
	[ "$status" -eq 2 ]
	[[ $output == *'a flow is one line'* ]]
	[ ! -e "$BATS_TEST_TMPDIR/written" ]
}

@test "JUnit stays XML whatever a program prints" {
	printf 'vpc create VPC1 cidr 10.0.0.0/8\nexpect ok VPC1 printf "a\\357\\277\\276b\\357\\277\\277\\001" -- \nexpect fail VPC1 printf "\\357\\277\\276"\n' >"$LAB"
	run "$VPCLAB" run -q --junit "$BATS_TEST_TMPDIR/junit.xml" "$LAB"
	[ "$status" -eq 1 ]
	python3 -c 'import sys, xml.dom.minidom as m; m.parse(sys.argv[1])' "$BATS_TEST_TMPDIR/junit.xml"
	grep -q '\\xef\\xbf\\xbe' "$BATS_TEST_TMPDIR/junit.xml"
}

@test "a limit on the size of files is told, and kills nothing" {
	printf 'vpc create VPC1 cidr 10.0.0.0/8\n' >"$LAB"
	yes 'expect fail VPC1 sh -c "echo a rather long line to fill the file with something; exit 0"' | head -n 300 >>"$LAB"
	run bash -c 'ulimit -f 8; exec "$@"' - "$VPCLAB" run -q --junit "$BATS_TEST_TMPDIR/junit.xml" "$LAB"
	[ "$status" -eq 3 ]
	[[ $output == *'cannot write the JUnit report: File too large'* ]]
}

@test "a name in /tmp that another user has taken is not in the way" {
	local own=(-m)
	[ "$(id -u)" -eq 0 ] || own=(-Urm) # then the host's root is the other user
	unshare "${own[@]}" bash -ec '
		mount -t tmpfs tmpfs /mnt && cp "$0" /mnt/vpclab # the tree may be in /tmp
		mount -t tmpfs tmpfs /tmp -o mode=1777
		mount -t tmpfs tmpfs /run
		unset XDG_RUNTIME_DIR
		mkdir -p /tmp/vpclab-0
		chown nobody /tmp/vpclab-0 2>/dev/null || mount --rbind /usr /tmp/vpclab-0
		[ "$(stat -c %u /tmp/vpclab-0)" -ne 0 ]
		echo "vpc create VPC1 cidr 10.0.0.0/8" >/tmp/x.lab
		/mnt/vpclab up one /tmp/x.lab
		/mnt/vpclab ls -j | jq -e "length == 1"
		! mountpoint -q /tmp/vpclab-0 || umount -l /tmp/vpclab-0
		rmdir /tmp/vpclab-0
		/mnt/vpclab ls -j | jq -e "length == 1"
		/mnt/vpclab down one
		! ls -d /tmp/vpclab-*
	' "$(realpath "$VPCLAB")"
}
