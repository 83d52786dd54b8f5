# SPDX-License-Identifier: GPL-3.0-only
# trace sends a real packet and tells its way from the kernel's own trace events. It and explain agree, wherever the packet
# ends; and where somebody has changed the lab by hand, it says that they do not. trace watch waits for others' packets.

load lib/common
load lib/two_gateways

setup() {
	export XDG_RUNTIME_DIR=$BATS_TEST_TMPDIR/runtime
	mkdir -m 700 "$XDG_RUNTIME_DIR"
	cd "$BATS_TEST_DIRNAME/.." || exit
}

teardown() {
	"$VPCLAB" down --all -q
}

# trace STATUS FLOW: in the lab on standard input; the answer as JSON in $output
trace() {
	local status=$1
	shift
	cat >"$LAB"
	echo "trace $*" >>"$LAB"
	run "-$status" --separate-stderr "$VPCLAB" run -q -j "$LAB"
	output=$(gojq -cs 'map(select(type == "object" and has("forward"))) | last' <<<"$output")
	echo "$output"
}

# says FILTER: the answer passes it
says() {
	gojq -e "$1" <<<"$output" >/dev/null
}

# dies_at NODE CODE [FLOW]: blocked there, and explain says the same, for that reason
dies_at() {
	local node=$1 code=$2
	trace 0 "${3:-ECS1 -> EIP2}"
	says ".verdict == \"blocked\" and .hop == \"$node\" and .code == \"$code\" and .agrees and .complete"
}

# same_words NODE: at that node trace names what decided as explain does; where the packet ends, the rule that dropped it
same_words() {
	gojq -e --arg node "$1" '
		def rules: map(select(.node == $node)) | if any(.out == null) then [last.rule.text] else map(.rule.text) end
			| map(sub("(^|; )from [^;]*$"; "") | select(. != "")) | join("; ");
		[.explain, .trace | [.forward | rules], [.return | rules]] | .[0] == .[2] and .[1] == .[3]' <<<"$both"
}

# explain_and_trace FLOW: in the lab on standard input; both answers in $both
explain_and_trace() {
	trace 0 "$1"
	with_explain "$1"
}

# with_explain FLOW: what explain says beside the trace in $output
with_explain() {
	both=$(gojq -cn --argjson trace "$output" --argjson explain "$("$VPCLAB" -j explain "$LAB" "$1")" '{$trace, $explain}')
	echo "$both"
}

NODES='internet VPC1 VSW1 VSW2 NAT1 NAT2 ECS1 ECS2'

@test "the two gateways: SNAT at the first, DNAT at the second, and turned round on the way back" {
	trace 0 'ECS1 -> EIP2' < <(design)
	says '.verdict == "reachable" and .agrees and .complete and .seen_as == "203.0.113.1"'
	says '[.forward[].node] == ["ECS1", "VSW1", "VPC1", "NAT1", "internet", "NAT2", "VPC1", "VSW2", "ECS2"]'
	says '[.return[].node] == ["ECS2", "VSW2", "VPC1", "NAT2", "internet", "NAT1", "VPC1", "VSW1", "ECS1"]'
	says '.forward[3] | .action == "snat" and .in.src == "192.168.1.10" and .out.src == "203.0.113.1"
		and (.rule.text | startswith("SNAT entry snat1: EIP1;"))'
	says '.forward[5] | .action == "dnat" and .in.dst == "203.0.113.2" and .out.dst == "192.168.2.10" and (.rule.text | startswith("DNAT entry dnat1;"))'
	says '.forward[7].rule.text | startswith("SG2 rule 1: allow in tcp 80 from 0.0.0.0/0;")'
	says '.return[5] | .action == "translate" and .in.dst == "203.0.113.1" and .out.dst == "192.168.1.10"'
	# As they happened: the times go up, hop by hop, there and back.
	says '[.forward[].at, .return[].at] | . == sort and .[0] == 0 and .[-1] > 0'
}

@test "in words" {
	{
		design
		echo 'trace ECS1 -> EIP2'
	} >"$LAB"
	run -0 "$VPCLAB" run -q "$LAB"
	[[ $output == *'ECS1 -> EIP2 tcp 80: reached in '*' ms, seen as 203.0.113.1 (EIP1)'* ]]
	[[ $output == *'Explain says the same'* ]]
	[[ $(tr -s ' \n' ' ' <<<"$output") == *'The way there '*'* NAT1 snat SNAT entry snat1: EIP1; from VPC1 to internet tcp 192.168.1.10:'*' => tcp 203.0.113.1:'*'The way back '* ]]
}

@test "a ping and a datagram" {
	trace 0 'ECS1 -> ECS2 icmp' < <(design; echo 'sg allow SG2 in icmp from 0.0.0.0/0')
	says '.verdict == "reachable" and .agrees and [.forward[].node] == ["ECS1", "VSW1", "VPC1", "VSW2", "ECS2"]'
	trace 0 'ECS1 -> ECS2 udp 7000' < <(
		design
		echo 'sg allow SG2 in udp 7000 from 0.0.0.0/0'
		echo 'service start ECS2 echo protocol udp port 7000'
	)
	says '.verdict == "reachable" and .agrees and (.return | length) == 5'
}

@test "without Route2 the answer dies where explain says" {
	dies_at VPC1 NO_ROUTE < <(design | grep -v Route2)
}

@test "with VSW2 on the other table the answer dies at the other gateway" {
	dies_at NAT1 RETURN_PATH < <(design | sed 's/associate VTB2 vswitch VSW2/associate VTB1 vswitch VSW2/')
	says '(.forward[-1].node == "ECS2") and (.return[-1] | .out == null and (.rule.text | contains("belongs to no connection")))'
}

@test "one gateway for both entries: hairpin" {
	dies_at NAT1 HAIRPIN < <(design | sed 's/NAT2/NAT1/g' | grep -v 'nat-gateway create NAT1 vpc VPC1 vswitch VSW2')
}

@test "no SNAT entry, no DNAT entry" {
	dies_at NAT1 NO_SNAT_ENTRY < <(design | grep -v '^snat')
	says '.forward[-1].rule.text == "no SNAT entry for this source"'
	dies_at NAT2 NO_DNAT_ENTRY < <(design | grep -v '^dnat')
}

@test "security groups, and a port on which nothing listens" {
	dies_at VSW2 SG_INGRESS < <(design | grep -v '^sg allow')
	says '.forward[-1].rule.text == "SG2: in, denied unless a rule allows it"'
	dies_at VSW1 SG_EGRESS < <(design; echo 'sg drop SG1 out all to 0.0.0.0/0')
	dies_at ECS2 NOT_LISTENING < <(design | grep -v '^service start ECS2')
	says '.answer == "refused"'
}

@test "flows that lead nowhere, and from routers" {
	for flow in 'ECS1 -> 192.168.2.77' 'ECS1 -> 192.168.9.9' 'ECS1 -> 198.51.100.99' 'VPC1 -> ECS2' 'NAT1 -> EIP2' \
		'VSW1 -> ECS1 icmp' 'ECS1 -> ECS1' 'internet -> EIP2' 'ECS1 -> 127.0.0.1'; do
		echo "$flow"
		trace 0 "$flow" < <(design)
		says '.agrees and .complete'
	done
}

@test "what somebody has changed by hand makes trace and explain differ, and it says so" {
	{
		design
		echo 'NAT1 nft flush chain ip vpclab snat.snat1'
		echo 'trace ECS1 -> EIP2'
	} >"$LAB"
	run -0 "$VPCLAB" run -q "$LAB"
	[[ $(tr -s ' \n' ' ' <<<"$output") == *'On the way there it ended at NAT1, where explain has it go on (SNAT entry snat1: EIP1)'* ]]
	trace 0 'ECS1 -> EIP2' < <(design; echo 'VPC1 ip rule add pref 1 blackhole')
	says '(.agrees | not) and .code == null and .hop == "VPC1" and .cause != null and (.differences | length) > 0'
	trace 0 'ECS1 -> EIP2' < <(design; echo 'VSW2 nft insert rule ip vpclab in.SG2 drop')
	says '(.agrees | not) and .code == null and .hop == "VSW2" and (.forward[-1].rule.text | contains("not as the lab made it"))'
}

@test "a way back that somebody has changed by hand is named, though the answer arrives" {
	trace 0 'ECS1 -> EIP2' < <(design
		echo 'VPC1 ip route add 192.168.1.0/24 via 169.254.0.1 dev VSW2 onlink table 77'
		echo 'VPC1 ip rule add pref 1 iif NAT1 lookup 77')
	says '.verdict == "reachable" and (.agrees | not) and .differences == ["On the way back it was decided at VPC1 by \"from NAT1 to VSW2\", and explain says \"system route: 192.168.1.0/24 Local\""]'
}

@test "a packet that somebody has led astray is seen wherever it goes" {
	trace 0 'ECS1 -> ECS2' < <(design
		echo 'VPC1 ip route add default via 169.254.0.1 dev NAT1 onlink table 77'
		echo 'VPC1 ip rule add pref 1 iif VSW1 lookup 77'
		echo 'NAT1 ip route add 192.168.2.10 via 169.254.0.1 dev internet onlink')
	says '(.agrees | not) and (.forward | map(.node)) == ["ECS1", "VSW1", "VPC1", "NAT1", "internet"]'
	# The first of all by its name, a host.
	trace 0 'ECS1 -> ECS2' < <(design
		echo 'ecs create AA vswitch VSW2 ip 192.168.2.9 security-group SG2'
		echo 'VSW2 ip route replace 192.168.2.10 via 192.168.2.9 dev AA onlink')
	says '(.agrees | not) and (.forward | map(.node)) == ["ECS1", "VSW1", "VPC1", "VSW2", "AA"]'
}

@test "more nodes than can be watched: the trace says that it may not be complete" {
	{
		design
		for ((i = 3; i < 260; i++)); do echo "ecs create ECS$i vswitch VSW$((1 + i % 2))"; done
	} >"$BATS_TEST_TMPDIR/many.lab"
	trace 0 'ECS1 -> EIP2' <"$BATS_TEST_TMPDIR/many.lab"
	says '.verdict == "reachable" and (.complete | not)'
}

@test "nothing is left behind, and verify finds nothing" {
	{
		design
		echo 'trace ECS1 -> EIP2'
		echo 'trace ECS1 -> EIP2 udp 99'
		for node in $NODES; do
			echo "$node nft list tables"
		done
		echo verify
	} >"$LAB"
	run -0 "$VPCLAB" run "$LAB"
	[[ $output != *vpclab-trace* ]]
	[[ $output == *'the kernel is as the lab has it'* ]]
}

@test "security groups and network ACLs are named as explain names them" {
	filters() {
		design
		echo 'sg allow SG1 out udp 53 to 192.168.2.0/24'
		echo 'sg create SG3 vpc VPC1'
		echo 'sg allow SG3 in tcp 8080 from SG1 priority 5'
		echo 'sg drop SG3 in tcp 22 from 192.168.1.0/24 priority 1'
		echo 'sg allow SG2 in tcp 22 from 0.0.0.0/0'
		echo 'ecs create ECS3 vswitch VSW2 security-group SG2,SG3'
		echo 'ecs create ECS4 vswitch VSW1 security-group SG3'
		echo 'sg create SG4 vpc VPC1 type enterprise'
		echo 'sg allow SG4 out tcp 80 to 0.0.0.0/0'
		echo 'ecs create ECS5 vswitch VSW1 security-group SG4'
		echo 'acl create ACL1 vpc VPC1'
		echo 'acl add ACL1 in 10 accept tcp 1-100 from 0.0.0.0/0'
		echo 'acl add ACL1 out 20 accept all to 0.0.0.0/0'
		echo 'acl associate ACL1 vswitch VSW2'
	}
	filters >"$LAB"
	"$VPCLAB" up w "$LAB" -q
	for flow in 'ECS1 -> EIP2' 'ECS1 -> ECS3 tcp 22' 'ECS1 -> ECS3 tcp 8080' 'ECS1 -> ECS3 tcp 99' 'ECS4 -> ECS3 tcp 22' \
		'ECS3 -> ECS2 tcp 99' 'ECS5 -> ECS2' 'ECS5 -> ECS2 tcp 81' 'ECS3 -> ECS4 tcp 8080' 'ECS2 -> ECS3 tcp 22'; do
		echo "$flow"
		output=$("$VPCLAB" -n w -j -c "trace $flow") || [ $? -eq 1 ]
		with_explain "$flow"
		same_words VSW1
		same_words VSW2
	done
}

# ---- trace watch ----

# up [LINE...]: the design and those lines, as the lab w
up() {
	{
		design
		printf '%s\n' "$@"
	} >"$LAB"
	"$VPCLAB" up w "$LAB" -q
}

# watch NAME WORDS...: in the background; what it says in NAME.out and NAME.err, its pid in $watcher
watch() {
	local name=$BATS_TEST_TMPDIR/$1
	shift
	: >"$name.err"
	env --default-signal=INT timeout 60 "$VPCLAB" -n w -j -c "trace watch $*" >"$name.out" 2>"$name.err" 3>&- &
	watcher=$!
	eventually grep -q '^-c:1: watching ' "$name.err"
}

# ends STATUS [PID]: the watcher, or that process, with that status
ends() {
	local status=0
	wait "${2:-$watcher}" || status=$?
	[ "$status" -eq "$1" ]
}

# node NODE COMMAND...
node() {
	"$VPCLAB" exec w "$1" -- "${@:2}"
}

# seen NAME FILTER: the connections that were written, as an array, pass it
seen() {
	gojq -c . "$BATS_TEST_TMPDIR/$1.out"
	gojq -se "$2" "$BATS_TEST_TMPDIR/$1.out" >/dev/null
}

no_tables() {
	local node
	for node in $NODES; do
		node "$node" nft list tables
	done >"$BATS_TEST_TMPDIR/tables"
	! grep vpclab-trace "$BATS_TEST_TMPDIR/tables"
}

some_table() {
	node NAT1 nft list tables | grep -q vpclab-trace
}

changed() {
	[ "$(grep -c '^-c:1: the lab has changed; watching on$' "$BATS_TEST_TMPDIR/$1.err")" -eq "$2" ]
}

@test "watch: a connection as a program makes it, hop by hop, and nothing before it" {
	up
	watch one 'ECS1 -> EIP2 count 1'
	node ECS1 curl -sS http://EIP2
	ends 0
	seen one 'length == 1 and (.[0] | .verdict == "reachable" and .answer == "reached" and .agrees and .complete)'
	seen one '.[0] | .seen_as == "203.0.113.1" and .seconds > 0 and (.began | test("^20[0-9]{2}-[01][0-9]-[0-3][0-9]T[0-9:]{8}[.][0-9]{6}Z$"))
		and .flow == {"from": "ECS1", "to": "EIP2", "destination": "203.0.113.2", "protocol": "tcp", "port": 80}'
	seen one '.[0] | [.forward[].node] == ["ECS1", "VSW1", "VPC1", "NAT1", "internet", "NAT2", "VPC1", "VSW2", "ECS2"]'
	seen one '.[0] | [.return[].node] == ["ECS2", "VSW2", "VPC1", "NAT2", "internet", "NAT1", "VPC1", "VSW1", "ECS1"]'
	seen one '.[0].forward[3] | .action == "snat" and .in.src == "192.168.1.10" and .out.src == "203.0.113.1"
		and (.rule.text | startswith("SNAT entry snat1: EIP1;"))'
	seen one '.[0] | [.forward[].at, .return[].at] | . == sort and .[0] == 0 and .[-1] > 0'
	no_tables
}

@test "watch: it sends nothing, and takes what fits only" {
	up 'service start ECS2 http port 81 name other' 'sg allow SG2 in tcp 81 from 0.0.0.0/0' \
		'sg allow SG2 in icmp from 0.0.0.0/0' 'service start ECS1 http' 'sg allow SG1 in all from 0.0.0.0/0'
	watch one 'ECS1 -> ECS2 tcp 81 count 1'
	node ECS1 curl -sS http://ECS2
	node ECS2 curl -sS http://ECS1
	node ECS1 curl -sS http://EIP2
	node ECS1 ping -c 1 ECS2
	node ECS1 curl -sS http://ECS2:81
	ends 0
	seen one 'length == 1 and .[0].forward[0].in.dport == 81'
	# Five connections, and no other, have come by the host's vSwitch: nobody has sent anything for the watch.
	[ "$(node VSW1 cat /proc/sys/net/netfilter/nf_conntrack_count)" -eq 5 ]
}

@test "watch: in words" {
	up
	"$VPCLAB" -n w -c 'trace watch ECS1 -> EIP2 count 1' >"$BATS_TEST_TMPDIR/out" 2>"$BATS_TEST_TMPDIR/err" 3>&- &
	local pid=$!
	eventually grep -q watching "$BATS_TEST_TMPDIR/err"
	grep -qx -- '-c:1: watching ECS1 -> EIP2 tcp 80 for new connections; Ctrl-C ends it' "$BATS_TEST_TMPDIR/err"
	node ECS1 curl -sS http://EIP2
	wait "$pid"
	cat "$BATS_TEST_TMPDIR/out"
	[[ $(tr -s ' \n' ' ' <"$BATS_TEST_TMPDIR/out") == [0-9][0-9]:[0-9][0-9]:*' tcp 192.168.1.10:'*' -> 203.0.113.2:80: answered after '*' ms, seen as 203.0.113.1 (EIP1) Explain says the same '*' SNAT entry snat1: EIP1;'*'The way back '* ]]
	[ "$(awk '{ if (length > 80) n++ } END { print n + 0 }' "$BATS_TEST_TMPDIR/out")" -eq 0 ]
}

@test "watch: one that is dropped, one that is refused; what is sent again is no new one" {
	up 'sg allow SG2 in tcp 82 from 0.0.0.0/0'
	watch one 'ECS1 -> ECS2 tcp 81 count 2'
	node ECS1 curl -sS -m 1.5 http://ECS2:81 && false # its SYN is sent twice
	node ECS1 curl -sS -m 0.1 http://ECS2:81 && false
	ends 0
	seen one 'length == 2 and all([.verdict, .code, .hop, .answer] == ["blocked", "SG_INGRESS", "VSW2", "timed_out"])'
	seen one 'map(.forward[0].in.sport) | unique | length == 2'
	seen one 'all(.forward[-1].rule.text == "SG2: in, denied unless a rule allows it")'
	watch two 'ECS1 -> ECS2 tcp 82 count 1'
	node ECS1 curl -sS http://ECS2:82 && false
	ends 0
	seen two '.[0] | .code == "NOT_LISTENING" and .answer == "refused" and .hop == "ECS2"'
}

@test "watch: pings of one program and datagrams of one socket are one connection each" {
	up 'sg allow SG2 in icmp from 0.0.0.0/0' 'sg allow SG2 in udp 7000 from 0.0.0.0/0' 'sg allow SG1 in icmp from 0.0.0.0/0' \
		'service start ECS2 echo protocol udp port 7000'
	watch ping 'ECS1 -> ECS2 icmp count 2'
	node ECS2 ping -c 1 ECS1 # its answer is no new one
	node ECS1 ping -c 3 -i 0.2 ECS2
	node ECS1 ping -c 1 ECS2
	ends 0
	seen ping 'length == 2 and all(.answer == "reached" and .agrees and .forward[0].in.protocol == "icmp" and (.return | length) == 5)'
	watch udp 'ECS1 -> ECS2 udp 7000 count 1'
	node ECS1 bash -c 'exec 4<>/dev/udp/192.168.2.10/7000; for i in 1 2 3; do echo $i >&4; dd bs=9 count=1 <&4; done 2>/dev/null | tail -1 | grep 3'
	ends 0
	seen udp 'length == 1 and (.[0] | .answer == "reached" and .agrees)'
}

@test "watch: two at once, and trace beside them" {
	up
	watch one 'ECS1 -> EIP2 count 3'
	local first=$watcher
	watch two 'ECS1 -> EIP2 count 3'
	run -0 "$VPCLAB" -n w -j -c 'trace ECS1 -> EIP2'
	[ "$(gojq -c '[.agrees, .complete]' <<<"$output")" = '[true,true]' ]
	node ECS1 curl -sS http://EIP2
	run -0 "$VPCLAB" -n w -c verify
	node ECS1 curl -sS http://EIP2
	wait "$first"
	ends 0
	seen one 'length == 3 and all(.agrees and .complete and .answer == "reached")'
	seen two 'length == 3 and all(.agrees and .complete and .answer == "reached")'
	no_tables
}

@test "watch: 200 connections at once, each with its own hops" {
	up
	watch many 'ECS1 -> EIP2 count 200 within 40'
	node ECS1 curl -sS -Z --parallel-max 40 -H 'Connection: close' -o /dev/null 'http://EIP2/[1-200]'
	# A machine too busy to read the kernel's events in time loses some; then it has to say so.
	wait "$watcher" || grep -q 'connections may be missing$' "$BATS_TEST_TMPDIR/many.err"
	seen many 'length > 0 and (map(.forward[0].in.sport) | unique | length) == length'
	# The port that the sender took stays the same on its way: whoever mixed two ways would have two.
	seen many 'all([.forward[].in.sport, .return[].in.dport] | unique | length == 1)'
	# What the kernel could not tell is marked, and the rest is whole.
	seen many 'all((.complete | not) or (.agrees and (.forward | length) == 9 and (.return | length) == 9))'
}

@test "watch: what others change in the lab is followed" {
	up
	watch one 'ECS1 -> EIP2 count 2'
	"$VPCLAB" -n w -c 'route-table disassociate VTB2 vswitch VSW2'
	eventually changed one 1
	node ECS1 curl -sS -m 0.2 http://EIP2 && false
	"$VPCLAB" -n w -c 'route-table associate VTB2 vswitch VSW2'
	eventually changed one 2
	node ECS1 curl -sS http://EIP2
	ends 0
	seen one 'map([.code, .agrees]) == [["RETURN_PATH", true], [null, true]]'
	"$VPCLAB" -n w -c 'internet-host create client'
	watch two 'client -> EIP2'
	"$VPCLAB" -n w -c 'internet-host delete client'
	ends 2 || { cat "$BATS_TEST_TMPDIR/two.err"; false; }
	grep -q 'there is no node named client' "$BATS_TEST_TMPDIR/two.err"
	no_tables
}

@test "watch: within ends it; without what it was to count that is a failure" {
	up
	run -0 "$VPCLAB" -n w -q -c 'trace watch ECS1 -> EIP2 within 1'
	[ -z "$output" ]
	run -1 "$VPCLAB" -n w -c 'trace watch ECS1 -> EIP2 count 2 within 1'
	[[ $output == *'the time is up: 0 of 2 connections were seen' ]]
	no_tables
}

@test "watch: a flood that is faster than it can be read does not hold it up" {
	local floods=()
	up 'sg allow SG1 in icmp from 0.0.0.0/0' 'sg allow SG2 in icmp from 0.0.0.0/0'
	for _ in 1 2; do
		timeout 120 "$VPCLAB" exec w ECS1 -- ping -f -q ECS2 >/dev/null 2>&1 3>&- &
		floods+=($!)
		timeout 120 "$VPCLAB" exec w ECS2 -- ping -f -q ECS1 >/dev/null 2>&1 3>&- &
		floods+=($!)
	done
	watch none 'ECS1 -> 192.168.1.77 icmp within 1'
	ends 0
	watch some 'ECS2 -> ECS1 icmp count 1'
	ends 0
	kill "${floods[@]}"
}

@test "watch: a signal ends it, and nothing is left behind" {
	local signal
	up
	for signal in INT:130 TERM:143 HUP:129; do
		watch one 'ECS1 -> EIP2'
		some_table
		kill "-${signal%:*}" "$(pgrep -P "$watcher")"
		ends "${signal#*:}"
		no_tables
	done
	watch one 'ECS1 -> EIP2'
	kill -KILL "$(pgrep -P "$watcher")"
	eventually no_tables
}

@test "watch: nobody to watch, nowhere to watch for, bounds that are none" {
	up
	refused() {
		run -2 "$VPCLAB" -n w -c "trace watch $1"
		[[ $output == *"$2"* ]]
		run -2 "$VPCLAB" validate <(design; echo "trace watch $1")
	}
	refused 'ECS9 -> EIP2' 'did you mean ECS1?'
	refused 'EIP1 -> ECS2' 'EIP1 is an EIP, not a node that packets can start from'
	refused 'ECS1 -> nobody' 'nobody is no node, EIP, ENI, DNS name or address'
	refused 'ECS1 -> internet' 'internet has no address of its own'
	refused 'ECS1 -> 224.0.0.1' '224.0.0.1 is not the address of a host'
	refused 'ECS1 -> EIP2 count 0' 'count has to be at least 1'
	refused 'ECS1 -> EIP2 within soon' 'within takes a number, not soon'
	refused 'ECS1 -> EIP2 whithin 1' 'did you mean within?'
	refused 'ECS1' 'FROM -> TO [tcp PORT|udp PORT|icmp]'
	run -2 "$VPCLAB" -n w -c 'internet-host create watch' # or else what would `trace watch -> ECS1` be
}

@test "watch: from a router, to oneself, to an address that nobody has" {
	up
	watch router 'VPC1 -> ECS2 count 1'
	node VPC1 bash -c ': </dev/tcp/192.168.2.10/80'
	ends 0
	seen router '.[0] | .agrees and .verdict == "reachable" and .forward[0].node == "VPC1"'
	watch self 'ECS2 -> ECS2 count 1'
	node ECS2 curl -sS http://192.168.2.10
	ends 0
	seen self '.[0] | .agrees and .verdict == "reachable"'
	watch nobody 'ECS1 -> 192.168.2.77 count 1'
	node ECS1 curl -sS -m 0.2 http://192.168.2.77 && false
	ends 0
	seen nobody '.[0] | .agrees and .verdict == "blocked" and .code == "UNREACHABLE_ADDRESS"'
}

@test "a signal ends trace while it waits, and nothing is left behind" {
	local signal pid
	# Explain expects an answer, so that trace waits for it: by hand it is kept away.
	up 'service start ECS2 echo protocol udp port 7000' 'sg allow SG2 in udp 7000 from 0.0.0.0/0' \
		'ECS2 nft add table ip by_hand' "ECS2 nft 'add chain ip by_hand in { type filter hook input priority 0; }'" \
		'ECS2 nft add rule ip by_hand in meta mark 0 drop'
	for signal in INT:130 TERM:143; do
		env --default-signal=INT "$VPCLAB" -n w -c 'trace ECS1 -> ECS2 udp 7000' >"$BATS_TEST_TMPDIR/out" 2>&1 3>&- &
		pid=$!
		eventually some_table
		kill "-${signal%:*}" "$pid"
		ends "${signal#*:}" "$pid"
		[ ! -s "$BATS_TEST_TMPDIR/out" ]
		no_tables
	done
}
