# SPDX-License-Identifier: GPL-3.0-only
# The limits of a NAT gateway, met with real connections, and what it counts of them.

load lib/common

setup() {
	NAME=limits-$$-$BATS_TEST_NUMBER
	# One UDP packet from each source port: as many connections. FIRST LAST ADDRESS PORT
	cat >"$BATS_TEST_TMPDIR/flood.pl" <<-'EOF2'
		use Socket;
		my ($first, $last, $address, $port) = @ARGV;
		my $to = sockaddr_in($port, inet_aton($address));
		for my $from ($first .. $last) {
			socket(my $s, PF_INET, SOCK_DGRAM, 0) or die "socket: $!";
			bind($s, sockaddr_in($from, INADDR_ANY)) or die "bind $from: $!";
			send($s, "x", 0, $to);
			close($s);
		}
	EOF2
}

teardown() {
	"$VPCLAB" -q down "$NAME" 2>/dev/null || true
}

design() { # SIZE
	cat <<-EOF2
		vpc create VPC1 cidr 192.168.0.0/16
		vswitch create VSW1 vpc VPC1 cidr 192.168.1.0/24
		ecs create ECS1 vswitch VSW1
		internet-host create server ip 198.51.100.1
		nat-gateway create NAT1 vpc VPC1 vswitch VSW1 size $1
		eip create EIP1
		eip create EIP2
		eip associate EIP1 nat-gateway NAT1
		eip associate EIP2 nat-gateway NAT1
		snat create snat1 nat-gateway NAT1 source vswitch VSW1 eip EIP1
	EOF2
}

counter() { # NAME
	"$VPCLAB" -j -n "$NAME" -c 'nat-gateway show NAT1' | jq ".[0].$1"
}

lab() {
	"$VPCLAB" -n "$NAME" "$@"
}

flood() {
	"$VPCLAB" exec "$NAME" ECS1 -- perl "$BATS_TEST_TMPDIR/flood.pl" "$@"
}

@test "nothing is known of a lab that does not run" {
	design small >"$LAB"
	"$VPCLAB" up "$NAME" "$LAB"
	[ "$(counter 'connections')" -ge 0 ]
	"$VPCLAB" down "$NAME"
	echo 'nat-gateway show NAT1' >>"$LAB"
	run "$VPCLAB" validate "$LAB"
	[ "$status" -eq 0 ]
}

@test "small: some 1,000 new connections a second, the rest is dropped and counted (nat-6, nat-7)" {
	design small >"$LAB"
	"$VPCLAB" up "$NAME" "$LAB"
	flood 10001 15000 198.51.100.1 9
	connections=$(counter connections) dropped=$(counter dropped_by_limit)
	echo "$connections connections, $dropped dropped"
	[ $((connections + dropped)) -eq 5000 ]
	[ "$dropped" -gt 0 ]
	[ "$connections" -ge 1000 ]
	[ "$(counter port_allocation_errors)" -eq 0 ]
	# Whether the next one is too many no explain can know, but what has been it says.
	run -0 "$VPCLAB" -n "$NAME" -c 'explain ECS1 -> server icmp'
	[ "${lines[0]}" = 'ECS1 -> server icmp: reachable, seen as 203.0.113.1 (EIP1)' ]
	[[ $(tr -s ' \n' ' ' <<<"$output") == *"beyond 1,000 new connections a second it has dropped $(sed -E ':a;s/^([0-9]+)([0-9]{3})/\1,\2/;ta' <<<"$dropped") so far"* ]]
	# The same rule with a smaller number, so that the packet that is watched is the one too many.
	"$VPCLAB" exec "$NAME" NAT1 -- nft 'flush chain ip vpclab size_limit; add rule ip vpclab size_limit limit rate over 1/hour burst 1 packets counter drop'
	run "$VPCLAB" -n "$NAME" -c 'trace ECS1 -> server icmp'
	run -0 "$VPCLAB" -n "$NAME" -c 'trace ECS1 -> server icmp'
	[[ $output == *'It ended at NAT1: chain size_limit'*'LIMIT: limit reached'* ]]
	run -0 "$VPCLAB" -j -n "$NAME" -c 'trace ECS1 -> server icmp'
	jq -e '.code == "LIMIT" and .hop == "NAT1" and .agrees' <<<"$output"
}

@test "the rate is of connections: further packets of one are none" {
	design small >"$LAB"
	"$VPCLAB" up "$NAME" "$LAB"
	"$VPCLAB" exec "$NAME" ECS1 -- perl -MSocket -e 'socket($s, PF_INET, SOCK_DGRAM, 0);
		$to = sockaddr_in(9, inet_aton("198.51.100.1")); send($s, "x", 0, $to) for 1 .. 5000'
	[ "$(counter connections)" -eq 1 ]
	[ "$(counter dropped_by_limit)" -eq 0 ]
	# They all arrived: nobody listens, but the server counted them.
	run "$VPCLAB" exec "$NAME" server -- awk '$1 == "Udp:" && ++n == 2 { print $3 }' /proc/net/snmp
	[ "$output" -eq 5000 ]
}

@test "small: 10,000 connections at once, and no limit on what DNAT brings (nat-6)" {
	design small >"$LAB"
	cat >>"$LAB" <<-'EOF2'
		sg create open vpc VPC1
		sg allow open in all from 0.0.0.0/0
		ecs create ECS2 vswitch VSW1 security-group open
		service start ECS2 http port 80 name web
		dnat create d1 nat-gateway NAT1 eip EIP2 protocol tcp public-port 80 to ECS2
		service start server http
	EOF2
	"$VPCLAB" up "$NAME" "$LAB"
	for i in {0..9}; do # as fast as the rate allows it
		flood $((10001 + 1000 * i)) $((11000 + 1000 * i)) 198.51.100.1 9
		sleep 1
	done
	before=$(counter dropped_by_limit)
	flood 60001 60100 198.51.100.1 9
	echo "$(counter connections) connections, dropped $before before and $(counter dropped_by_limit) after"
	[ "$(counter connections)" -eq 10000 ]
	[ $(($(counter dropped_by_limit) - before)) -eq 100 ]
	run "$VPCLAB" exec "$NAME" server -- curl -sS -o /dev/null -w '%{http_code}' http://EIP2
	[ "$output" = 200 ]

	# Now that it is full, everybody says so, and the cure cures.
	lab -c 'expect blocked ECS1 -> server because LIMIT' -c 'expect reachable server -> EIP2'
	run -0 "$VPCLAB" -n "$NAME" -c 'explain ECS1 -> server'
	[ "${lines[0]}" = 'ECS1 -> server tcp 80: blocked at NAT1, LIMIT' ]
	[[ ${output//$'\n'/ } == *'limit reached: 10,000 connections that SNAT began are open at NAT1, and its size, small, allows 10,000'* ]]
	[[ $output == *$'cure it:\n  nat-gateway set NAT1 size medium\n'* ]]
	run -0 "$VPCLAB" -j -n "$NAME" -c 'trace ECS1 -> server'
	jq -e '.code == "LIMIT" and .hop == "NAT1" and .agrees and .forward[-1].rule.type == "limit"' <<<"$output"
	lab -c 'nat-gateway set NAT1 size medium' -c 'expect reachable ECS1 -> server'
	# A file knows of no connections.
	[[ $("$VPCLAB" explain "$LAB" 'ECS1 -> server') == *'reachable'* ]]
}

@test "an EIP's connections to one destination are limited, each destination by itself (nat-10)" {
	design small >"$LAB"
	"$VPCLAB" up "$NAME" "$LAB"
	run "$VPCLAB" exec "$NAME" NAT1 -- nft list chain ip vpclab port_limit
	[ "$(grep -c 'add @destination .* numgen random mod 11 ct count over 5000 } counter' <<<"$output")" -eq 2 ]
	# A small gateway has fewer connections than that: the same rule with a smaller number.
	"$VPCLAB" exec "$NAME" NAT1 -- nft flush chain ip vpclab port_limit
	"$VPCLAB" exec "$NAME" NAT1 -- nft 'add rule ip vpclab port_limit ct status confirmed return
		add rule ip vpclab port_limit meta l4proto udp add @destination { ip saddr . ip daddr . meta l4proto . th dport . numgen random mod 1 ct count over 300 } counter drop'
	flood 10001 10400 198.51.100.1 9
	[ "$(counter connections)" -eq 300 ]
	[ "$(counter port_allocation_errors)" -eq 100 ]
	flood 10001 10100 198.51.100.1 10
	[ "$(counter connections)" -eq 400 ]
	[ "$(counter port_allocation_errors)" -eq 100 ]
	[ "$(counter dropped_by_limit)" -eq 0 ]
}

@test "no ports left for a destination: explain counts them, and another EIP is the cure (nat-10)" {
	design large >"$LAB"
	echo 'service start server echo protocol udp port 9' >>"$LAB"
	"$VPCLAB" up "$NAME" "$LAB"
	# The kernel's counting would take minutes, so the connections are made without it, and then dropped as it would.
	"$VPCLAB" exec "$NAME" NAT1 -- nft 'flush chain ip vpclab size_limit; flush chain ip vpclab port_limit'
	# Not from ports that others are given: what goes on with a connection of the flood would not be a new one.
	"$VPCLAB" exec "$NAME" ECS1 -- sysctl -qw net.ipv4.ip_local_port_range='1024 9999'
	flood 10001 65000 198.51.100.1 9
	[ "$(counter connections)" -eq 55000 ]
	"$VPCLAB" exec "$NAME" NAT1 -- nft 'add rule ip vpclab port_limit ct status confirmed return
		add rule ip vpclab port_limit ip saddr 203.0.113.1 ip daddr 198.51.100.1 udp dport 9 counter drop'
	lab -c 'expect blocked ECS1 -> server udp 9 because LIMIT'
	run -0 "$VPCLAB" -n "$NAME" -c 'explain ECS1 -> server udp 9'
	[ "${lines[0]}" = 'ECS1 -> server udp 9: blocked at NAT1, LIMIT' ]
	[[ ${output//$'\n'/ } == *'limit reached: 55,000 connections from EIP1 to server udp 9 are open at NAT1'* ]]
	[[ $output == *$'cure it:\n  snat set snat1 eip EIP2\n'* ]]
	lab -c 'expect blocked ECS1 -> server udp 10 because NOT_LISTENING' # each destination by itself
	lab -c 'snat set snat1 eip EIP1,EIP2'
	[[ $(lab -c 'explain ECS1 -> server udp 9') == *'blocked now and then'*'snat set snat1 eip EIP2'* ]]
	lab -c 'snat set snat1 eip EIP2' -c 'expect reachable ECS1 -> server udp 9 seen-as EIP2'
}

@test "a pool spreads connections over its EIPs; with affinity a destination sees one of them (snat-6)" {
	design large >"$LAB"
	{
		echo 'snat set snat1 eip EIP1,EIP2'
		echo 'service start server http port 80 name web'
	} >>"$LAB"
	"$VPCLAB" up "$NAME" "$LAB"
	seen() {
		for i in $(seq 12); do
			"$VPCLAB" exec "$NAME" ECS1 -- curl -s http://server | grep -oE '203\.0\.113\.[0-9]+'
		done | sort -u | wc -l
	}
	[ "$(seen)" -eq 2 ]
	"$VPCLAB" -n "$NAME" -c 'snat set snat1 affinity on'
	[ "$(seen)" -eq 1 ]
	"$VPCLAB" -n "$NAME" -c 'snat set snat1 affinity off'
	[ "$(seen)" -eq 2 ]
}

@test "source ports are 1025 to 65535, whatever the host chose, by one EIP or by several (nat-11)" {
	design small >"$LAB"
	echo 'service start server http' >>"$LAB"
	"$VPCLAB" up "$NAME" "$LAB"
	leaves_by_a_high_port() { # PORT...: each but once, for a closed connection holds on to its port
		for port; do
			run "$VPCLAB" exec "$NAME" ECS1 -- curl -sS --local-port "$port" http://198.51.100.1/
			[[ $output =~ client\ 203\.0\.113\.[12]:([0-9]+) ]] || echo "$output"
			[ "${BASH_REMATCH[1]}" -ge 1025 ]
		done
	}
	leaves_by_a_high_port 53 1024 1025 65535
	"$VPCLAB" -n "$NAME" -c 'snat set snat1 eip EIP1,EIP2'
	leaves_by_a_high_port 54 123 500 1023 1026 65534
}
