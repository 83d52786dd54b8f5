#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-3.0-only
# What a packet meets on its way: hops.

load lib/common

# hops FROM TO HOP...: a line that expects just these hops of a traceroute, each an address or a star
hops() {
	# shellcheck disable=SC2016 # awk's own dollars
	printf 'traceroute -n -q1 -w1 -m 6 "$1" | awk '\''NR == 1 { printf "hops" } NR > 1 { printf " %%s", $2 } END { print "." }'\' >"$BATS_TEST_TMPDIR/hops.sh"
	echo "expect output 'hops ${*:3}.' $1 sh $BATS_TEST_TMPDIR/hops.sh $2"
}

# What of a packet with each TTL comes to the other end, with ids of all kinds of bits: python3 sends and receives.
datagrams() {
	cat >"$BATS_TEST_TMPDIR/send.py" <<-'END'
		import socket, struct, sys
		raw = socket.socket(socket.AF_INET, socket.SOCK_RAW, socket.IPPROTO_RAW)
		to = socket.inet_aton(sys.argv[1])
		for ttl in range(1, 256):
		    for ident in 0x00ff, 0x0100, 0xfeff, 0xffff:
		        data = bytes([ttl]) + struct.pack("!H", ident)
		        udp = struct.pack("!HHHH", 7000, 7000, 8 + len(data), 0) + data
		        raw.sendto(struct.pack("!BBHHHBBH4s4s", 0x45, 0, 20 + len(udp), ident, 0, ttl, 17, 0, bytes(4), to) + udp, (sys.argv[1], 0))
	END
	cat >"$BATS_TEST_TMPDIR/receive.py" <<-'END'
		import socket, struct
		raw = socket.socket(socket.AF_INET, socket.SOCK_RAW, socket.IPPROTO_UDP)
		raw.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1 << 20)
		raw.settimeout(20)
		print("ready", flush=True)
		wrong = {}
		for _ in range(4 * 255):
		    packet = raw.recv(2048)
		    sent, ident = packet[28], struct.unpack("!H", packet[29:31])[0]
		    if packet[8] != sent or struct.unpack("!H", packet[4:6])[0] != ident:
		        wrong.setdefault((sent, packet[8]), []).append(ident)
		print("wrong:", sorted(wrong) or "none")
	END
}

vpc() {
	cat <<-'END'
		vpc create VPC1 cidr 192.168.0.0/16
		vswitch create VSW{1..2} vpc VPC1 cidr 192.168.{1..2}.0/24
		sg create SG1 vpc VPC1
		sg allow SG1 in all from 0.0.0.0/0
		ecs create ECS{1..2} vswitch VSW{1..2} security-group SG1
	END
}

@test "a traceroute has no router of the cloud's for a hop, nor a gateway of Alibaba's (icmp-1, icmp-4)" {
	command -v traceroute >/dev/null || skip "no traceroute"
	{
		vpc
		cat <<-'END'
			ecs create ECS3 vswitch VSW1 security-group SG1 public-ip 203.0.113.9
			nat create NAT1 vpc VPC1 vswitch VSW2
			eip create EIP1
			eip associate EIP1 nat-gateway NAT1
			snat create snat1 nat-gateway NAT1 source vpc VPC1 eip EIP1
			internet-host create client ip 198.51.100.9
			expect ok ECS1 ping -c 1 -W 20 192.168.1.253
		END
		hops ECS1 192.168.1.2 192.168.1.2
		hops ECS1 192.168.2.1 192.168.2.1
		hops ECS1 198.51.100.9 '*' 198.51.100.9
		hops ECS3 198.51.100.9 '*' 198.51.100.9
		hops client 203.0.113.9 '*' 203.0.113.9
	} >"$LAB"
	lab_passes
}

@test "aws: a NAT gateway is a hop, the first; internet gateway and routers are none, a transit gateway is a silent one (icmp-1, aws-9)" {
	command -v traceroute >/dev/null || skip "no traceroute"
	{
		cat <<-'END'
			provider aws
			vpc create VPC{1..2} cidr 10.{1..2}.0.0/16
			subnet create Public{1..2} vpc VPC{1..2} cidr 10.{1..2}.1.0/24
			subnet create Private1 vpc VPC1 cidr 10.1.2.0/24
			sg create SG{1..2} vpc VPC{1..2}
			sg allow SG{1..2} in all from 0.0.0.0/0
			internet-gateway create IGW1
			internet-gateway attach IGW1 vpc VPC1
			eip create EIP1
			nat create NAT1 subnet Public1 eip EIP1 ip 10.1.1.9
			route-table create RT1 vpc VPC1
			route-table associate RT1 subnet Private1
			route create out table VPC1/main to 0.0.0.0/0 via internet-gateway IGW1
			route create through table RT1 to 0.0.0.0/0 via nat-gateway NAT1
			instance create I1 subnet Public1 ip 10.1.1.5 security-group SG1 public-ip auto
			instance create I2 subnet Private1 ip 10.1.2.5 security-group SG1
			instance create I3 subnet Public2 ip 10.2.1.5 security-group SG2
			transit-gateway create TGW1
			attachment create ATT{1..2} transit-gateway TGW1 vpc VPC{1..2} subnet Public{1..2}
			route create there table VPC1/main to 10.2.0.0/16 via transit-gateway TGW1
			route create back table VPC2/main to 10.1.0.0/16 via transit-gateway TGW1
			internet-host create client ip 198.51.100.9
		END
		hops I1 10.1.2.5 10.1.2.5
		hops I1 198.51.100.9 '*' 198.51.100.9
		hops I2 198.51.100.9 10.1.1.9 '*' 198.51.100.9
		hops I1 10.2.1.5 '*' 10.2.1.5
	} >"$LAB"
	lab_passes
}

@test "no router of a VPC takes from the TTL, and each packet's header stays right (icmp-1)" {
	datagrams
	{
		vpc
		echo "expect output ready ECS2 sh -c 'python3 $BATS_TEST_TMPDIR/receive.py >$BATS_TEST_TMPDIR/got & until grep ready $BATS_TEST_TMPDIR/got; do :; done'"
		echo "expect ok ECS1 python3 $BATS_TEST_TMPDIR/send.py 192.168.2.1"
		echo "expect eventually output wrong ECS2 grep wrong $BATS_TEST_TMPDIR/got"
		# The most that a TTL can be has no room for one more at the first router; at the others it has.
		echo "expect output 'wrong: [(255, 254)]' ECS2 cat $BATS_TEST_TMPDIR/got"
	} >"$LAB"
	lab_passes
}

@test "what runs in a circle between a VPC and a transit gateway dies there" {
	cat >"$LAB" <<-'END'
		provider aws
		vpc create VPC1 cidr 10.1.0.0/16
		subnet create S1 vpc VPC1 cidr 10.1.1.0/24
		instance create I1 subnet S1
		transit-gateway create TGW1
		attachment create ATT1 transit-gateway TGW1 vpc VPC1 subnet S1
		transit-route create R1 table TGW1/default to 0.0.0.0/0 attachment ATT1
		route create R2 table VPC1/main to 0.0.0.0/0 via transit-gateway TGW1
		expect fail I1 ping -c 1 -W 1 198.51.100.9
		# As often as the TTL says, and the ping's own.
		expect ok TGW1 awk '/ATT1:/ { exit !($3 >= 60 && $3 < 70) }' /proc/net/dev
	END
	lab_passes
}
