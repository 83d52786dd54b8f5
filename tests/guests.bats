# SPDX-License-Identifier: GPL-3.0-only
# What the hosts themselves hold: explain, matrix, because, cures and verify know it, and say where an answer rests on it.

load lib/common

setup() {
	NAME=guests$$-$BATS_TEST_NUMBER
	cat >"$LAB" <<-'EOF'
		vpc create VPC1 cidr 192.168.0.0/16
		vswitch create VSW1 vpc VPC1 cidr 192.168.1.0/24
		vswitch create VSW2 vpc VPC1 cidr 192.168.2.0/24
		sg create open vpc VPC1
		sg allow open in all from 0.0.0.0/0
		ecs create ECS1 vswitch VSW1 ip 192.168.1.10 security-group open
		ecs create ECS2 vswitch VSW1 ip 192.168.1.20 security-group open
		ecs create ECS3 vswitch VSW2 ip 192.168.2.30 security-group open
		service start ECS2 http
		route create R1 table VPC1/system to 172.31.0.0/16 via ecs ECS2
	EOF
	"$VPCLAB" -q up "$NAME" "$LAB"
}

teardown() {
	"$VPCLAB" -q down --all 2>/dev/null || :
}

lab() {
	local line arguments=()
	for line; do arguments+=(-c "$line"); done
	"$VPCLAB" -n "$NAME" "${arguments[@]}"
}

# says FLOW CODE: what explain says now; null is that it gets through
says() {
	[ "$("$VPCLAB" -j -n "$NAME" -c "explain $1" | gojq -r .code)" = "$2" ]
}

# The output of run as one line.
flat() {
	output=$(tr -s ' \n' ' ' <<<"$output")
}

# Explain, a probe and a trace are of one mind about the flow, and the matrix and verify have nothing to say of a fault.
agree() {
	run lab "trace $1"
	[[ $output == *'Explain says the same'* ]] || { echo "$output"; false; }
	run -0 lab verify
}

# cured FLOW CODE HOP CAUSE CURE [REST]: what explain says in the running lab, and that each line of CURE, pasted, helps; REST is
# what the flow does not need, and the host lacks still
cured() {
	local x line
	x=$("$VPCLAB" -j -n "$NAME" -c "explain $1")
	echo "$x" | gojq -c '.code, .hop, .cause, .cure'
	[ "$(gojq -r .code <<<"$x")" = "$2" ]
	[ "$(gojq -r .hop <<<"$x")" = "$3" ]
	[ "$(gojq -r .cause <<<"$x")" = "$4" ]
	[ "$(gojq -r '.cure[]' <<<"$x")" = "$5" ]
	run -0 lab "expect blocked $1 because $2"
	run lab "trace $1"
	[[ $output == *'Explain says the same'* ]] || { echo "$output"; false; }
	while read -r line; do lab "$line"; done <<<"$5"
	lab "expect reachable $1"
	[ -z "${6:-}" ] || lab "$6"
	agree "$1"
}

@test "a route of a host's own: for what it sends, and for its answer" {
	lab 'ECS1 ip route add blackhole 192.168.2.0/24'
	cured 'ECS1 -> ECS3 icmp' NO_ROUTE ECS1 \
		"ECS1 itself sends nothing to ECS3 (192.168.2.30): ECS1's own route blackhole 192.168.2.0/24" \
		'ECS1 ip route del blackhole 192.168.2.0/24'
	lab 'ECS2 ip route add unreachable 192.168.1.10'
	cured 'ECS1 -> ECS2' NO_ROUTE ECS2 \
		"the answer is lost: ECS2 itself sends nothing to ECS1 (192.168.1.10): ECS2's own route unreachable 192.168.1.10" \
		'ECS2 ip route del unreachable 192.168.1.10'
}

@test "a rule of a host's own, with its number" {
	lab 'ECS3 ip route add prohibit 192.168.1.0/24 table 77' 'ECS3 ip rule add from 192.168.2.30 lookup 77'
	cured 'ECS3 -> ECS2' NO_ROUTE ECS3 \
		"ECS3 itself sends nothing to ECS2 (192.168.1.20): ECS3's own rule 32765: from 192.168.2.30 lookup 77, prohibit 192.168.1.0/24 table 77" \
		'ECS3 ip rule del priority 32765'
}

@test "what the lab made and is gone: a route, an address, a link" {
	lab 'ECS1 ip route del default'
	cured 'ECS3 -> ECS1 icmp' NO_ROUTE ECS1 \
		'the answer is lost: ECS1 itself has no route to ECS3 (192.168.2.30); the one that the lab made is gone' \
		'ECS1 ip route replace default via 192.168.1.253 dev eth0'
	lab 'ECS2 ip address del 192.168.1.20/24 dev eth0'
	cured 'ECS1 -> ECS2' UNREACHABLE_ADDRESS ECS2 'ECS2 does not have 192.168.1.20 any more' \
		'ECS2 ip address add 192.168.1.20/24 dev eth0' 'ECS2 ip route replace default via 192.168.1.253 dev eth0'
	lab 'ECS2 ip link set eth0 down'
	cured 'ECS1 -> ECS2' UNREACHABLE_ADDRESS VSW1 'eth0 of ECS2 is down' \
		$'ECS2 ip link set eth0 up\nECS2 ip route replace default via 192.168.1.253 dev eth0'
}

@test "forwarding, and an address that somebody has added" {
	lab 'ECS2 ip address add 172.31.0.1/32 dev lo'
	lab 'expect reachable ECS3 -> 172.31.0.1 icmp'
	agree 'ECS3 -> 172.31.0.1 icmp'
	lab 'expect blocked ECS3 -> 172.31.0.2 icmp because NOT_FORWARDING'
	agree 'ECS3 -> 172.31.0.2 icmp'
	lab 'ECS2 sysctl -qw net.ipv4.ip_forward=1' 'ECS2 ip route add 172.31.0.2/32 via 192.168.1.10 dev eth0' \
		'ECS1 ip address add 172.31.0.2/32 dev lo'
	# By the vSwitch's router, to which nobody has said that 172.31.0.2 is ECS1's: it comes back, and round it goes.
	run lab 'explain ECS3 -> 172.31.0.2 icmp'
	[[ $output == *"ECS2  forward    ECS2's own route 172.31.0.2 via 192.168.1.10 dev eth0"* ]]
	agree 'ECS3 -> 172.31.0.2 icmp'
}

# firewall NODE RULES...: an inet table of the node's own, anew
firewall() {
	local node=$1
	shift
	lab "$node nft flush ruleset" "$node nft add table inet mine" "$node nft add chain inet mine f"
	for rule; do lab "$node nft '$rule'"; done
}

@test "a host's own firewall: what comes in, what goes out, the answer" {
	firewall ECS2 'add chain inet mine in { type filter hook input priority 0; policy drop; }' \
		'add rule inet mine in iif lo accept' 'add rule inet mine in ct state established,related accept'
	says 'ECS2 -> ECS1 icmp' null
	agree 'ECS2 -> ECS1 icmp'
	cured 'ECS1 -> ECS2' HOST_FIREWALL ECS2 \
		"ECS2 itself drops it: ECS2's own policy of chain in (nftables table inet mine)" \
		'ECS2 nft insert rule inet mine in ip saddr 192.168.1.10 ip daddr 192.168.1.20 tcp dport 80 accept'
	cured 'ECS3 -> ECS2 icmp' HOST_FIREWALL ECS2 \
		"ECS2 itself drops it: ECS2's own policy of chain in (nftables table inet mine)" \
		'ECS2 nft insert rule inet mine in ip saddr 192.168.2.30 ip daddr 192.168.1.20 icmp type echo-request accept'
	firewall ECS2 'add chain inet mine out { type filter hook output priority 0; }' \
		'add rule inet mine out ip daddr 192.168.2.0/24 reject' 'add rule inet mine out tcp sport { 80, 443 } drop'
	cured 'ECS2 -> ECS3 icmp' HOST_FIREWALL ECS2 \
		"ECS2 itself drops it: ECS2's own rule 1 of chain out (nftables table inet mine)" \
		'ECS2 nft insert rule inet mine out ip saddr 192.168.1.20 ip daddr 192.168.2.30 icmp type echo-request accept'
	cured 'ECS1 -> ECS2' HOST_FIREWALL ECS2 \
		"the answer is lost: ECS2 itself drops it: ECS2's own rule 3 of chain out (nftables table inet mine)" \
		'ECS2 nft insert rule inet mine out ip saddr 192.168.1.20 ip daddr 192.168.1.10 tcp sport 80 accept'
}

@test "a host's own firewall: chains, sets, maps, ranges, links; and what it forwards" {
	firewall ECS2 'add set inet mine bad { type ipv4_addr; flags interval; }' \
		'add element inet mine bad { 192.168.1.8/29, 192.168.2.30 }' \
		'add chain inet mine in { type filter hook prerouting priority 0; }' \
		'add rule inet mine in ct state vmap { new : jump f, invalid : drop }' \
		'add rule inet mine f iifname "eth*" ip saddr @bad tcp dport 80-90 counter drop'
	for flow in 'ECS1 -> ECS2' 'ECS3 -> ECS2'; do
		says "$flow" HOST_FIREWALL
		lab "expect blocked $flow because HOST_FIREWALL"
		agree "$flow"
	done
	for flow in 'ECS1 -> ECS2 icmp' 'ECS1 -> ECS2 tcp 91' 'ECS2 -> ECS2'; do
		! says "$flow" HOST_FIREWALL
		agree "$flow"
	done
	run -0 lab 'matrix --live'
	[[ $output == *'HOST_FIREWALL: a host'*'0  not as predicted'* ]]
	run -0 lab 'expect never ECS1 -> ECS2 tcp 80-90' 'expect always ECS1 -> ECS2 icmp'
	lab 'ECS2 sysctl -qw net.ipv4.ip_forward=1' 'ECS2 ip route add 172.31.0.2/32 via 192.168.1.10 dev eth0'
	firewall ECS2 'add chain inet mine through { type filter hook forward priority 0; policy drop; }'
	says 'ECS3 -> 172.31.0.2 icmp' HOST_FIREWALL
	agree 'ECS3 -> 172.31.0.2 icmp'
}

@test "a route that names no next hop: the host sends with its link's first address" {
	cat >"$LAB" <<-'END'
		vpc create VPC1 cidr 10.0.0.0/16
		vswitch create VSW1 vpc VPC1 cidr 10.0.1.0/24
		ecs create ECS1 vswitch VSW1
		internet-host create client
		ECS1 ip rule add to all lookup 100
		ECS1 ip address add 198.51.100.77/24 dev eth0
		ECS1 ip route add 198.51.100.0/24 dev eth0 table 100
		trace ECS1 -> client icmp
	END
	run "$VPCLAB" run -q "$LAB"
	[ "$status" -eq 0 ]
	[[ $(tr -s '\n ' ' ' <<<"$output") == *'Explain says the same: NO_ROUTE'*'icmp 10.0.1.1 -> 198.51.100.1'* ]]
}

@test "answers to the broadcast address of a host's own network: the kernel sends its own, a program does not" {
	cat >"$LAB" <<-'END'
		vpc create VPC1 cidr 10.0.0.0/16
		vswitch create VSW1 vpc VPC1 cidr 10.0.1.0/24
		ecs create ECS1 vswitch VSW1
		sg allow VPC1/default in all from 0.0.0.0/0
		eip create EIP1
		eip associate EIP1 ecs ECS1
		service start ECS1 echo protocol tcp port 80
		service start ECS1 echo protocol udp port 53
		internet-host create last ip 198.51.100.255
		ECS1 ip address add 198.51.100.1/24 dev eth0
		expect reachable last -> EIP1 tcp 80 seen-as last
		expect reachable last -> EIP1 icmp seen-as last
		expect blocked last -> EIP1 udp 53 because RETURN_PATH
		trace last -> EIP1 tcp 80
		trace last -> EIP1 udp 53
	END
	run "$VPCLAB" run -q "$LAB"
	[ "$status" -eq 0 ]
	[[ $(tr -s '\n ' ' ' <<<"$output") == *'Explain says the same The way there'*'internet forward to last;'*'last deliver'*'Explain says the same: RETURN_PATH'* ]]
}

@test "what a host says to itself, and its own firewall: the trace says so, too" {
	cat >"$LAB" <<-'END'
		vpc create VPC1 cidr 10.0.0.0/16
		vswitch create VSW1 vpc VPC1 cidr 10.0.1.0/24
		ecs create ECS1 vswitch VSW1
		ECS1 nft 'add table ip own; add chain ip own c { type filter hook input priority 0; }'
		ECS1 nft add rule ip own c icmp type echo-reply drop
		trace ECS1 -> ECS1 icmp
	END
	run "$VPCLAB" run -q "$LAB"
	[ "$status" -eq 0 ]
	[[ $(tr -s '\n ' ' ' <<<"$output") == *'Explain says the same: HOST_FIREWALL, the answer is lost: ECS1 itself drops it'* ]]
}

@test "of a host's own firewall explain says what it does not understand" {
	firewall ECS2 'add chain inet mine in { type filter hook input priority 0; }' \
		'add rule inet mine in tcp dport 80 meta mark 0 drop'
	run -0 lab 'explain ECS1 -> ECS2'
	flat
	[[ $output == *'reachable, seen as 192.168.1.10 (ECS1), unless what is not understood says otherwise: '"rule 1 of chain in (nftables table inet mine) in ECS2 The way"* ]]
	for line in matrix 'reach ECS1 -> ECS2' 'explain ECS1,ECS3 -> ECS2'; do
		run -0 lab "$line"
		flat
		[[ $output == *"Not understood, and taken for nothing: rule 1 of chain in (nftables table inet mine) in ECS2"* ]]
	done
	# As data, and by all that rests on it.
	for line in matrix 'reach ECS1 -> ECS2' 'explain ECS1,ECS3 -> ECS2' 'what-if ecs set ECS1 security-group VPC1/default'; do
		run --separate-stderr "$VPCLAB" -j -n "$NAME" -c "$line"
		gojq -e '[.. | .not_understood? // empty] | flatten | unique == ["rule 1 of chain in (nftables table inet mine) in ECS2"]' <<<"$output"
	done
	for line in 'what-if ecs set ECS1 security-group VPC1/default' 'expect never ECS1 -> ECS2' 'expect always ECS1 -> ECS2 tcp 80'; do
		run lab "$line"
		flat
		[[ $output == *"ot understood, and taken for nothing: rule 1 of chain in (nftables table inet mine) in ECS2"* ]]
	done
	# It is not asked about this one.
	for line in 'matrix icmp' 'reach ECS1 -> ECS2 icmp' 'explain ECS1 -> ECS2 icmp'; do
		run -0 lab "$line"
		[[ $output != *understood* ]]
	done
	# A later rule is understood, and blocks, if this one does not let it through before.
	lab 'ECS2 nft add rule inet mine in drop'
	run -0 lab 'explain ECS1 -> ECS2'
	flat
	[[ $output == *'blocked at ECS2, HOST_FIREWALL, unless what is not understood says otherwise: rule 1 of'*'rule 2 of chain in'* ]]
}

# doubts FLOW WHAT: explain takes nothing for certain, for that is not understood
doubts() {
	[ "$("$VPCLAB" -j -n "$NAME" -c "explain $1" | gojq -r '.not_understood[]?')" = "$2" ]
}

@test "of iptables-legacy the policies are understood, and that there are rules" {
	# A machine without that table has nothing to understand.
	"$VPCLAB" exec "$NAME" ECS2 -- iptables-legacy -P INPUT DROP || skip 'this kernel has no iptables-legacy'
	says 'ECS1 -> ECS2' HOST_FIREWALL
	agree 'ECS1 -> ECS2'
	run -0 "$VPCLAB" -j -n "$NAME" -c 'explain ECS1 -> ECS2'
	gojq -e '.cause == "ECS2 itself drops it: ECS2'"'"'s own policy of chain INPUT (iptables-legacy table filter)"' <<<"$output"
	gojq -e '.cure == ["ECS2 iptables-legacy -t filter -I INPUT -p tcp -s 192.168.1.10 -d 192.168.1.20 -j ACCEPT"]' <<<"$output"
	lab 'ECS2 iptables-legacy -t filter -I INPUT -p tcp -s 192.168.1.10 -d 192.168.1.20 -j ACCEPT' 'expect reachable ECS1 -> ECS2'
	doubts 'ECS1 -> ECS2' 'rule 1 of chain INPUT (iptables-legacy table filter) in ECS2'
	doubts 'ECS2 -> ECS1 tcp 22' ''
	lab 'ECS2 iptables-legacy -F' 'ECS2 iptables-legacy -P INPUT ACCEPT'
	doubts 'ECS1 -> ECS2' ''
}

@test "what limits, translates or hangs on a device is not understood" {
	firewall ECS2 'add chain inet mine in { type filter hook input priority 0; policy drop; }' \
		'add rule inet mine in tcp dport 80 limit rate 1/hour accept'
	doubts 'ECS1 -> ECS2' "rule 1 of chain in (nftables table inet mine) in ECS2"
	doubts 'ECS1 -> ECS2 tcp 81' ''
	firewall ECS2 'add chain inet mine nat { type nat hook prerouting priority -100; }' \
		'add rule inet mine nat tcp dport 80 redirect to :81' \
		'add rule inet mine nat tcp sport 80 drop' # no answer comes by
	doubts 'ECS1 -> ECS2' "rule 1 of chain nat (nftables table inet mine) in ECS2"
	doubts 'ECS1 -> ECS2 icmp' ''
	firewall ECS1 'add chain inet mine nat { type nat hook prerouting priority -100; policy drop; }'
	says 'ECS1 -> ECS3 icmp' null
	agree 'ECS1 -> ECS3 icmp'
	for table in 'netdev mine2' 'inet mine'; do
		firewall ECS2 'add table netdev mine2' "add chain $table dev { type filter hook ingress device eth0 priority 0; }" \
			"add rule $table dev counter" "add rule $table dev tcp dport 80 drop"
		doubts 'ECS1 -> ECS2' "rule 2 of chain dev (nftables table $table) in ECS2"
		doubts 'ECS1 -> ECS2 icmp' ''
		doubts 'ECS2 -> ECS2' ''
		agree 'ECS1 -> ECS2 icmp'
	done
	firewall ECS2 'add table netdev mine2' \
		'add chain netdev mine2 dev { type filter hook egress device eth0 priority 0; policy drop; }'
	doubts 'ECS1 -> ECS2' "the policy of chain dev (nftables table netdev mine2) in ECS2"
	doubts 'ECS2 -> ECS2' ''
}

@test "before connection tracking every packet is invalid, and beside it nobody knows" {
	for hook in prerouting output; do
		firewall ECS2 "add chain inet mine raw { type filter hook $hook priority raw; }" \
			'add rule inet mine raw ct state { new, established } drop'
		says 'ECS1 -> ECS2' null
		agree 'ECS1 -> ECS2'
		lab 'ECS2 nft add rule inet mine raw ct state invalid drop'
		says 'ECS1 -> ECS2' HOST_FIREWALL
		agree 'ECS1 -> ECS2'
	done
	firewall ECS2 'add chain inet mine raw { type filter hook prerouting priority raw; }' \
		'add rule inet mine raw iif lo ct state invalid drop'
	says 'ECS2 -> ECS2' null
	agree 'ECS2 -> ECS2'
	firewall ECS2 'add chain inet mine raw { type filter hook prerouting priority -200; }' \
		'add rule inet mine raw ct state new drop'
	doubts 'ECS1 -> ECS2' "rule 1 of chain raw (nftables table inet mine) in ECS2"
}

@test "what decided is data" {
	lab 'ECS3 ip route add default dev eth0 table 77' 'ECS3 ip rule add to 192.168.1.0/24 lookup 77'
	"$VPCLAB" -j -n "$NAME" -c 'explain ECS3 -> ECS2' >"$BATS_TEST_TMPDIR/x"
	gojq -e '.forward[0].rule | .type == "guest_rule" and .name == "ECS3" and .number == 32765 and .table == 77 and
		.from == "0.0.0.0/0" and .to == "0.0.0.0/0" and .link == "eth0" and .via == null' "$BATS_TEST_TMPDIR/x"
	lab 'ECS3 ip rule del to 192.168.1.0/24 lookup 77' 'ECS3 ip route replace default via 192.168.2.252 dev eth0'
	"$VPCLAB" -j -n "$NAME" -c 'explain ECS3 -> ECS2' >"$BATS_TEST_TMPDIR/x"
	gojq -e '.forward[0].rule | .type == "guest_route" and .number == null and .via == "192.168.2.252"' "$BATS_TEST_TMPDIR/x"
}

@test "a program that somebody started is seen, and that one has died" {
	lab 'expect blocked ECS1 -> ECS3 tcp 8000 because NOT_LISTENING'
	"$VPCLAB" exec "$NAME" ECS3 -- perl -MSocket -e 'socket(S, PF_INET, SOCK_STREAM, 0);
		bind(S, sockaddr_in(8000, INADDR_ANY)) or die; listen(S, 5); close C while accept(C, S)' 3>&- &
	pid=$!
	eventually says 'ECS1 -> ECS3 tcp 8000' null
	lab 'expect reachable ECS1 -> ECS3 tcp 8000'
	agree 'ECS1 -> ECS3 tcp 8000'
	run lab 'explain ECS1 -> ECS3 tcp 8000'
	[[ $output == *'ECS3  deliver    a program that listens on port 8000'* ]]
	lab 'matrix tcp 8000 --live'
	kill "$pid"
	eventually says 'ECS1 -> ECS3 tcp 8000' NOT_LISTENING
	lab 'expect blocked ECS1 -> ECS3 tcp 8000 because NOT_LISTENING'

	# shellcheck disable=SC2016 # it is a shell in the node that reads it
	"$VPCLAB" exec "$NAME" internet -- sh -c 'kill -9 $(cat /run/vpclab/service/ECS2/http.pid)'
	eventually says 'ECS1 -> ECS2' NOT_LISTENING
	lab 'expect blocked ECS1 -> ECS2 because NOT_LISTENING'
	x=$("$VPCLAB" -j -n "$NAME" -c 'explain ECS1 -> ECS2')
	[[ $(gojq -r .cause <<<"$x") == 'it gets there, but the service http does not listen on tcp 80'* ]]
	[ "$(gojq -r '.cure[]' <<<"$x")" = $'service stop ECS2 http\nservice start ECS2 http port 80 name http' ]
	lab 'service stop ECS2 http' 'service start ECS2 http port 80 name http'
	lab 'expect reachable ECS1 -> ECS2'
	run -0 lab verify
}

@test "the matrix knows it, too" {
	lab 'ECS1 ip route add blackhole 192.168.2.0/24' 'ECS3 ip rule add from all to 192.168.1.20 blackhole'
	run -0 lab 'matrix icmp --live'
	[[ $output == *'0  not as predicted'* ]]
	[ "$("$VPCLAB" -j -n "$NAME" -c 'matrix icmp' | gojq -r '.[] | select(.from == "ECS3" and .to == "ECS2") | .code')" = NO_ROUTE ]
}

@test "a host whose programs change its network meanwhile gets one answer or the other" {
	"$VPCLAB" exec "$NAME" ECS1 -- sh -c 'while ip route add blackhole 192.168.2.0/24 && ip route del blackhole 192.168.2.0/24; do :; done' 3>&- &
	pid=$!
	for _ in 1 2 3 4 5 6 7 8; do
		run -0 "$VPCLAB" -j -n "$NAME" -c 'explain ECS1 -> ECS3 icmp'
		[ "$(gojq -r '.code // "none"' <<<"$output")" = none ] || [ "$(gojq -r .code <<<"$output")" = NO_ROUTE ]
	done
	kill "$pid"
}

@test "many sockets in a host do not hide the one that listens" {
	"$VPCLAB" exec "$NAME" ECS3 -- perl -MSocket -e 'for (1 .. 900) { socket($s[$_], PF_INET, SOCK_DGRAM, 0);
		bind($s[$_], sockaddr_in(0, INADDR_ANY)) or die } bind_one(); sleep 600;
		sub bind_one { socket(S, PF_INET, SOCK_DGRAM, 0); bind(S, sockaddr_in(5353, INADDR_ANY)) or die }' 3>&- &
	pid=$!
	eventually says 'ECS1 -> ECS3 udp 5353' null
	run lab 'explain ECS1 -> ECS3 udp 5354'
	[[ $output == *NOT_LISTENING* ]]
	kill "$pid"
}

@test "of a host that is gone explain says that it could not be asked" {
	within "$NAME" ip netns del ECS2
	run -0 lab 'explain ECS1 -> ECS2'
	flat
	[[ $output == *'Assumed, for nobody can be asked: ECS2 is as set up by the lab, and services run'* ]]
}

# ---- files ----

@test "on a file the lines of its hosts count, and what is assumed is said" {
	run -0 "$VPCLAB" explain "$LAB" 'ECS1 -> ECS2'
	flat
	[[ $output == 'ECS1 -> ECS2 tcp 80: reachable'*'Assumed, for nobody can be asked: ECS1 and ECS2 are as set up by the lab'* ]]
	cat >>"$LAB" <<-'EOF'
		ECS1 ip -4 route add blackhole 192.168.2.0/24
		ECS2 ip address add 172.31.0.1/32 dev lo
		ECS2 sysctl -qw net.ipv4.ip_forward=1
		ECS3 ip route add prohibit default table 9
		try ECS3 ip rule add to $ECS1 lookup 9
		ECS3 nft add table ip mine
		ECS3 ip neigh add 192.168.2.9 lladdr 02:00:00:00:00:01 dev eth0
		ECS3 ip route show
		ECS3 curl http://ECS2
	EOF
	run -0 "$VPCLAB" -j explain "$LAB" 'ECS1 -> ECS3 icmp'
	[ "$(gojq -r '.code, .cure[0]' <<<"$output")" = $'NO_ROUTE\nECS1 ip route del blackhole 192.168.2.0/24' ]
	run -0 "$VPCLAB" -j explain "$LAB" 'ECS3 -> 172.31.0.1 icmp'
	gojq -e '.verdict == "reachable" and .assumed == ["ECS3", "ECS2"] and .not_understood == ["ECS3 nft add table ip mine",
		"ECS3 ip neigh add 192.168.2.9 lladdr 02:00:00:00:00:01 dev eth0"]' <<<"$output"
	run -0 "$VPCLAB" explain "$LAB" 'ECS3 -> ECS1 icmp'
	flat
	[[ $output == *"ECS3's own rule 32765: from all to 192.168.1.10 lookup 9, prohibit default table 9"* ]]
	[[ $output == *'unless what is not understood says otherwise: ECS3 nft add table ip mine ECS3 ip neigh'* ]]
}

@test "an exec service listens where it says, and nowhere else" {
	echo 'service start ECS1 exec name a -- server --port 81' >>"$LAB"
	echo 'service start ECS1 exec name b protocol udp port 82 -- server 83' >>"$LAB"
	for flow in 'tcp 81' 'udp 83' 'tcp 82' 'tcp 90'; do
		[ "$("$VPCLAB" -j explain "$LAB" "ECS2 -> ECS1 $flow" | gojq -r .code)" = NOT_LISTENING ]
	done
	[ "$("$VPCLAB" -j explain "$LAB" "ECS2 -> ECS1 udp 82" | gojq -r .verdict)" = reachable ]
}

@test "explain keeps to its own cure: the interface that answers" {
	"$VPCLAB" -q up unify topologies/unify-egress.lab
	run -0 "$VPCLAB" -n unify -c 'explain laptop -> EIP1 tcp 22' -c 'trace laptop -> EIP1 tcp 22' -c verify
	[[ $output == *'tcp 22: reachable'*"ECS1's own rule 32765: from 192.168.2.1 lookup 101,"* ]]
	[[ $output == *'Explain says the same'* ]]
	[[ $output == *'ECS ECS1: routing rule 32765 in ECS1 was added by hand'* ]]
}
