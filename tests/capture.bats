# SPDX-License-Identifier: GPL-3.0-only
# capture: the packets of several nodes in one pcapng, in the order of time, as tcpdump reads it; or a line a packet.
# What the file says of its interfaces, which tcpdump does not show, a small reader in Python tells.

load lib/common
load lib/terminal
load lib/two_gateways

setup() {
	export XDG_RUNTIME_DIR=$BATS_TEST_TMPDIR/runtime
	mkdir -m 700 "$XDG_RUNTIME_DIR"
	export VPCLAB; [[ $VPCLAB == /* ]] || VPCLAB=$PWD/$VPCLAB
	cd "$BATS_TEST_TMPDIR" || exit
}

teardown() {
	"$VPCLAB" down --all -q
}

up() {
	design >"$LAB"
	"$VPCLAB" up -q lab "$LAB"
}

# on COMMAND...: each as a -c in the running lab
on() {
	local command words=()
	for command; do words+=(-c "$command"); done
	"$VPCLAB" -n lab "${words[@]}"
}

# interfaces FILE: "NUMBER NAME FILTER" of each; packets FILE: "INTERFACE NANOSECONDS in|out"; statistics FILE: "INTERFACE RECEIVED"
blocks() {
	python3 - "$@" <<-'EOF'
		import struct, sys
		what, data = sys.argv[1], open(sys.argv[2], 'rb').read()
		at, names = 0, []
		def options(body):
		    found = {}
		    while True:
		        code, size = struct.unpack_from('=HH', body)
		        if code == 0: return found
		        found[code] = body[4:4 + size]
		        body = body[4 + size + -size % 4:]
		while at < len(data):
		    kind, size = struct.unpack_from('=II', data, at)
		    assert size % 4 == 0 and struct.unpack_from('=I', data, at + size - 4)[0] == size
		    body = data[at + 8:at + size - 4]
		    if kind == 1:
		        o = options(body[8:])
		        assert o[9] == b'\x09'
		        names.append(o[2].decode())
		        if what == 'interfaces': print(len(names) - 1, names[-1], o.get(11, b'\0-')[1:].decode())
		    elif kind == 6:
		        i, high, low, kept, length = struct.unpack_from('=IIIII', body)
		        flags = struct.unpack('=I', options(body[20 + kept + -kept % 4:])[2])[0]
		        if what == 'packets': print(names[i], high << 32 | low, ['', 'in', 'out'][flags])
		    elif kind == 5:
		        i = struct.unpack_from('=I', body)[0]
		        o = options(body[12:])
		        if what == 'statistics': print(names[i], *struct.unpack('=Q', o[4]), *struct.unpack('=Q', o[5]))
		    at += size
		assert at == len(data)
	EOF
}

@test "several nodes in one file: an interface a port, named, and the packets in the order of time" {
	up
	on 'capture ECS1,NAT1,ECS2 to a.pcapng filter tcp port 80 &' 'ECS1 curl -sS -o out http://EIP2'
	run blocks interfaces a.pcapng
	[ "$output" = "0 ECS1:eth0 tcp port 80
1 NAT1:VPC1 tcp port 80
2 NAT1:internet tcp port 80
3 ECS2:eth0 tcp port 80" ]
	blocks packets a.pcapng >seen
	[ "$(head -4 seen | cut -d' ' -f1,3)" = "ECS1:eth0 out
NAT1:VPC1 in
NAT1:internet out
ECS2:eth0 in" ]
	sort -nsk2 seen | diff - seen
	tcpdump -nr a.pcapng >text 2>/dev/null
	[ "$(wc -l <text)" -eq "$(wc -l <seen)" ]
	[[ $(sed -n 1p text) == *'192.168.1.10.'*' > 203.0.113.2.80: Flags [S]'* ]]
	[[ $(sed -n 4p text) == *'203.0.113.1.'*' > 192.168.2.10.80: Flags [S]'* ]]
	# What the statistics count is what stands in the file.
	cut -d' ' -f1 seen | sort | uniq -c | awk '{ print $2, $1, 0 }' | diff - <(blocks statistics a.pcapng | sort)
}

# capture NAME OPTION-OR-COMMAND...: `capture` in the running lab beside the test; from when this returns, no packet is
# missed. What it answers is in NAME.out and NAME.err.
capture() {
	local name=$1
	shift
	env --default-signal=INT timeout 60 "$VPCLAB" -n lab "$@" >"$name.out" 2>"$name.err" 3>&- &
	capture=$!
	eventually grep -q capturing "$name.err"
}

# Ctrl-C; it has to end well.
finish() {
	kill -INT "$capture"
	wait "$capture"
}

@test "a line a packet with the lab's names where no file is meant, and a line of JSON" {
	up
	echo 'capture ECS1,NAT1 filter tcp port 80 count 3 &' >>"$LAB"
	echo 'ECS1 curl -sS -o out http://EIP2' >>"$LAB"
	run "$VPCLAB" run -q "$LAB"
	[[ $output =~ ' 0.000000  ECS1:eth0       out  tcp   ECS1:'[0-9]+' -> EIP2:80 SYN'$'\n' ]]
	[[ $output =~ ' 0.00'[0-9]+'  NAT1:VPC1       in   tcp   ECS1:'[0-9]+' -> EIP2:80 SYN'$'\n' ]]
	[[ $output =~ ' 0.00'[0-9]+'  NAT1:internet   out  tcp   EIP1:'[0-9]+' -> EIP2:80 SYN' ]]
	[ "$(grep -c SYN <<<"$output")" -eq 3 ]

	capture json -j -c 'capture ECS2 count 2'
	on 'probe ECS1 -> EIP2'
	wait "$capture"
	jq -es '.[0] | .node == "ECS2" and .port == "eth0" and .direction == "in" and .at == 0 and .from == "EIP1"
		and .packet.src == "203.0.113.1" and .packet.dst == "192.168.2.10" and .packet.dport == 80 and .packet.protocol == "tcp"
		and .to == "ECS2" and .flags == ["SYN"]' json.out
	jq -es 'length == 2 and .[1].direction == "out" and .[1].flags == ["SYN", "ACK"]' json.out
}

@test "on a terminal it is a line a packet, too, and pcapng is refused there" {
	up
	run script -qec "'$VPCLAB' -n lab -c 'capture ECS1 count 1 &' -c 'ECS1 ping -qc1 -W1 ECS2' -c 'kill 1'" /dev/null
	[[ $output == *'ECS1:eth0       out  icmp  ECS1 -> '*' echo request 1 56 bytes'* ]]
	run -2 script -qec "'$VPCLAB' -n lab -c 'capture ECS1 to -'" /dev/null
	[[ $output == *'a terminal cannot show a pcapng file'* ]]
}

@test "the program's own call writes into a pipe, and a reader that goes away is a normal end" {
	up
	mkfifo pipe
	: >err
	tcpdump -c 2 -nr pipe >text 2>/dev/null 3>&- &
	timeout 60 "$VPCLAB" capture lab ECS1,ECS2 filter icmp >pipe 2>err 3>&- &
	program=$!
	eventually grep -q capturing err
	on 'expect fail ECS1 ping -qc2 -i0.2 -W1 ECS2'
	wait "$program"
	[ "$(grep -c 'ICMP echo request' text)" -eq 2 ]

	# Nothing comes that could be written, and yet it ends.
	mkfifo quiet
	: >err
	timeout 60 "$VPCLAB" capture lab ECS1 filter 'udp port 9' >quiet 2>err 3>&- &
	program=$!
	head -c 4 quiet >/dev/null
	wait "$program"
}

@test "Ctrl-C ends it well, with all that had come; count ends it by itself" {
	up
	capture a -c 'capture VSW1,ECS2 to a.pcapng filter icmp'
	on 'ECS1 ping -qc3 -i0.2 -W1 192.168.1.1' >/dev/null || true
	finish
	[[ $(<a.err) == *'captured '*' packets on 3 ports'* ]]
	run -1 grep -n '^$' a.err # no line is left for a ^C that no terminal has shown
	[ "$(tcpdump -nr a.pcapng 2>/dev/null | grep -c 'echo request')" -ge 3 ]
	capture b -c 'capture ECS1,VSW1 to b.pcapng count 5'
	on 'probe ECS1 -> EIP2'
	wait "$capture"
	[ "$(tcpdump -nr b.pcapng 2>/dev/null | wc -l)" -eq 5 ]
}

@test "in a file: & goes on beside the lines, kill and the file's end leave a whole file" {
	design >"$LAB"
	cat >>"$LAB" <<-'EOF'
		capture ECS1 to ends.pcapng filter icmp &
		capture ECS2 to killed.pcapng filter tcp port 80 &
		expect reachable ECS1 -> EIP2
		kill 2
		expect fail ECS1 ping -qc1 -W1 ECS2
	EOF
	"$VPCLAB" run "$LAB"
	grep -q 'Flags \[S\.\]' < <(tcpdump -nr killed.pcapng 2>/dev/null)
	grep -q 'echo request' < <(tcpdump -nr ends.pcapng 2>/dev/null)
}

@test "a host that comes later is seen at the switch by its name, and one that goes is let go" {
	up
	capture a -j -c 'capture VSW1 count 1 filter icmp'
	on 'ecs create ECS9 vswitch VSW1' 'expect fail ECS9 ping -qc1 -W1 ECS1'
	wait "$capture"
	jq -es '.[0] | .port == "ECS9" and .direction == "in" and .from == "ECS9" and .to == "ECS1"' a.out
	capture a -c 'capture ECS9,ECS1 to a.pcapng'
	capture b -c 'capture ECS9 to b.pcapng'
	on 'ecs delete ECS9' verify
	wait "$capture"
	[[ $(<b.err) == *'ECS9 is gone from the lab'* ]]
	eventually grep -q 'ECS9 is gone from the lab' a.err
	on verify
}

@test "a filter is libpcap's, knows the lab's names, and a wrong one is told with its place" {
	up
	on 'capture ECS1 to a.pcapng filter host EIP2 and not port 81 &' 'probe ECS1 -> EIP2' 'probe ECS1 -> EIP2 tcp 81' || true
	[ "$(tcpdump -nr a.pcapng 2>/dev/null | grep -c 'Flags \[S\]')" -eq 1 ]
	on 'capture ECS1 to b.pcapng count 9 filter "tcp[tcpflags] & tcp-syn != 0" to b.pcapng' && return 1
	on 'capture ECS1 filter "tcp[tcpflags] & tcp-syn != 0" to b.pcapng &' 'probe ECS1 -> EIP2'
	[ "$(tcpdump -nr b.pcapng 2>/dev/null | wc -l)" -eq 2 ]
	for expression in 'tcp prot 80' 'host nobody' 'port 80 and' '('; do
		run -2 on "capture ECS1 to c.pcapng filter $expression"
		[[ $output == *'-c:1:33: error: libpcap does not take the filter: '* ]]
		[ ! -e c.pcapng ]
	done
	run ! on 'capture ECS1 to a.pcapng filter nonsense'
	[ -s a.pcapng ]
}

@test "wrong words are refused with a way out" {
	up
	run -2 on 'capture ECS1,ECS3'
	[[ $output == *'-c:1:9: error: there is no node ECS3'*'did you mean ECS'* ]]
	run -2 on 'capture ECS1,ECS1'
	[[ $output == *'ECS1 is named twice'* ]]
	run -2 on 'capture ECS1 count 0'
	[[ $output == *'count has to be at least 1'* ]]
	run -2 on 'capture EIP1'
	[[ $output == *'there is no node EIP1'* ]]
	run -2 on 'capture ECS1, to x'
	run -2 on capture
	[[ $output == *'capture NODE[,NODE]... [to FILE] [count N] [filter EXPR] [&]'* ]]
	run -2 "$VPCLAB" capture lab
	run -2 "$VPCLAB" capture nolab ECS1
	design >"$LAB"
	printf '%s\n' 'capture ECS1,ECS7 to x' 'capture internet to x count 1 &' >>"$LAB"
	run -2 "$VPCLAB" validate "$LAB"
	[[ $output == *'there is no node ECS7'* ]]
	[ ! -e x ]
}

@test "a file that cannot be written, and a disk that is full, are the machine's fault" {
	up
	run -3 on 'capture ECS1 to nowhere/x'
	[[ $output == *'cannot write nowhere/x: No such file or directory'* ]]
	run -3 on "capture ECS1 to $BATS_TEST_TMPDIR"
	[[ $output == *"cannot write $BATS_TEST_TMPDIR: Is a directory"* ]]
	run -3 on 'capture ECS1 to /dev/full'
	[[ $output == *'cannot write /dev/full: No space left on device'* ]]
}

@test "a node without a port yet, the internet, and many nodes at once" {
	up
	on 'vswitch create EMPTY vpc VPC1 cidr 192.168.9.0/24' 'capture EMPTY to a.pcapng &' 'ecs create LATE vswitch EMPTY' \
		'expect fail LATE ping -qc1 -W1 ECS1'
	blocks interfaces a.pcapng | grep EMPTY:LATE
	on 'capture internet to b.pcapng count 2 &' 'probe ECS1 -> EIP2'
	[ "$(blocks packets b.pcapng | head -2 | cut -d' ' -f1,3)" = "internet:NAT1 in
internet:NAT2 out" ]
	for ((i = 0; i < 100; i++)); do echo "ecs create many$i vswitch VSW2"; done | "$VPCLAB" -q shell lab
	many=$(seq -s, -f many%g 0 99)
	on "capture $many,ECS1 to c.pcapng filter icmp &" 'ECS1 ping -qc1 many99' >/dev/null
	[ "$(blocks interfaces c.pcapng | wc -l)" -eq 101 ]
	[ "$(blocks packets c.pcapng | cut -d' ' -f1,3)" = "ECS1:eth0 out
many99:eth0 in
many99:eth0 out
ECS1:eth0 in" ]
	bash -c "ulimit -n 100; '$VPCLAB' -n lab -c 'capture $many'" && return 1
	run -3 bash -c "ulimit -n 100; '$VPCLAB' -n lab -c 'capture $many'"
	[[ $output == *'too few open files are allowed'* ]]
}

@test "a capture leaves no process, and ends with its session and with its lab" {
	up
	on 'capture ECS1 to gone.pcapng &' 'jobs' >out
	grep -q 'Running capture ECS1 to gone.pcapng' out
	run ! pgrep -f "gone[.]pcapng"
	capture b -c 'capture ECS1 to b.pcapng'
	"$VPCLAB" down lab
	wait "$capture" && return 1
	tcpdump -nr b.pcapng >/dev/null
}

@test "at the prompt Ctrl-C ends a capture, not the prompt; one in the background can be brought to the front" {
	up
	at_prompt shell lab <<-'EOF'
		want "lab> "
		send "capture ECS1 filter icmp\r"
		want "Ctrl-C ends it"
		exec $env(VPCLAB) exec lab ECS1 -- sh -c {ping -qc1 -W1 ECS2 || true}
		want "echo request"
		send "\003"
		want "captured 1 packet on 1 port"
		want "lab> "
		send "capture ECS1 to a.pcapng &\r"
		want "\[1]"
		want "lab> "
		send "fg\r"
		want "capture ECS1 to a.pcapng"
		send "\003"
		want "captured 0 packets"
		want "lab> "
		send "exit\r"
		leaves 0
	EOF
}
