# SPDX-License-Identifier: GPL-3.0-only
# A running transfer is not disturbed by changes that do not concern it.

load lib/common

teardown() {
	"$VPCLAB" -q down "$NAME" 2>/dev/null || true
}

@test "a transfer through SNAT and DNAT goes on while entries, groups' rules, hosts and EIPs come and go" {
	NAME=transfer-$$
	head -c 20000000 /dev/urandom >"$BATS_TEST_TMPDIR/data"
	cat >"$BATS_TEST_TMPDIR/test.lab" <<-EOF2
		vpc create VPC1 cidr 192.168.0.0/16
		vswitch create VSW1 vpc VPC1 cidr 192.168.1.0/24
		vswitch create VSW2 vpc VPC1 cidr 192.168.2.0/24
		sg create SG2 vpc VPC1
		sg allow SG2 in tcp 80 from 0.0.0.0/0
		ecs create ECS1 vswitch VSW1
		ecs create ECS2 vswitch VSW2 security-group SG2
		ecs create ECS9 vswitch VSW1
		nat-gateway create NAT1 vpc VPC1 vswitch VSW1 size small
		nat-gateway create NAT2 vpc VPC1 vswitch VSW2 size small
		eip create EIP1
		eip create EIP2
		eip create EIP3
		eip associate EIP1 nat-gateway NAT1
		eip associate EIP2 nat-gateway NAT2
		eip associate EIP3 nat-gateway NAT1
		snat create snat1 nat-gateway NAT1 source vswitch VSW1 eip EIP1
		dnat create dnat1 nat-gateway NAT2 eip EIP2 protocol tcp public-port 80 to ECS2
		route-table create VTB2 vpc VPC1
		route create Route2 table VTB2 to 0.0.0.0/0 via nat-gateway NAT2
		route-table associate VTB2 vswitch VSW2
		service start ECS2 exec name files -- perl -MSocket -e 'socket(S, PF_INET, SOCK_STREAM, 0); setsockopt(S, SOL_SOCKET, SO_REUSEADDR, 1); bind(S, sockaddr_in(80, INADDR_ANY)) or die; listen(S, 5); accept(C, S); sysread(C, \$r, 4096); open(F, "<", "$BATS_TEST_TMPDIR/data"); syswrite(C, "HTTP/1.0 200 OK\r\nContent-Length: 20000000\r\n\r\n"); syswrite(C, \$b) while sysread(F, \$b, 65536); close(C);'
	EOF2
	# Both ends on one processor: a sender that moves to another overtakes its own packets, which looks like a loss.
	taskset -c 0 "$VPCLAB" up "$NAME" "$BATS_TEST_TMPDIR/test.lab"
	taskset -c 0 "$VPCLAB" exec "$NAME" ECS1 -- curl -sS --retry 5 --retry-connrefused --max-time 120 --limit-rate 6M http://EIP2 >"$BATS_TEST_TMPDIR/copy" &
	curl=$!
	eventually test -s "$BATS_TEST_TMPDIR/copy" # else it might begin with EIP3, and end with that
	rounds=0
	while kill -0 "$curl" 2>/dev/null; do
		# What is said in one call is gathered: made in one, taken away in another.
		"$VPCLAB" -q -n "$NAME" -c 'snat create other nat-gateway NAT1 source ecs ECS9 eip EIP3' -c 'snat set snat1 eip EIP1,EIP3' \
			-c 'dnat create forward nat-gateway NAT2 eip EIP2 protocol tcp public-port 81 to ECS2' \
			-c 'sg allow SG2 in udp 53 from 0.0.0.0/0 priority 7' -c 'sg allow VPC1/default in tcp 99 from SG2' \
			-c 'ecs create ECS8 vswitch VSW2 security-group SG2' -c 'eip create EIP9' -c 'eip associate EIP9 ecs ECS8'
		"$VPCLAB" -q -n "$NAME" -c 'snat delete other' -c 'snat set snat1 eip EIP1' -c 'dnat delete forward' \
			-c "sg revoke SG2 rule $((2 + rounds))" -c "sg revoke VPC1/default rule $((4 + rounds))" \
			-c 'eip disassociate EIP9' -c 'eip delete EIP9' -c 'ecs delete ECS8'
		rounds=$((rounds + 1))
	done
	wait "$curl"
	echo "$rounds rounds"
	[ "$rounds" -ge 2 ]
	cmp "$BATS_TEST_TMPDIR/data" "$BATS_TEST_TMPDIR/copy"
	# Nothing on the way lost a segment. (A probe at the tail of a transfer that its receiver slows down is no loss.)
	run "$VPCLAB" exec "$NAME" ECS2 -- awk '$1 == "TcpExt:" && !n++ { for (i = 2; i <= NF; i++) name[i] = $i; next }
		$1 == "TcpExt:" { for (i = 2; i <= NF; i++) if (name[i] ~ /^TCP(FastRetrans|SackRecovery|RenoRecovery|LossProbeRecovery|Timeouts|LostRetransmit)$/ && $i > 0)
			print name[i], $i }' /proc/net/netstat
	echo "$output"
	[ -z "$output" ]
}
