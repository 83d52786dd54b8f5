#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-3.0-only
# What a packet meets on its way: hops, what is too large, and what is too much.

load lib/common

# hops FROM TO HOP...: a line that expects just these hops of a traceroute, each an address or a star; a silent one is
# waited for 500 times as long as the next one took to answer
hops() {
	# shellcheck disable=SC2016 # awk's own dollars
	printf 'traceroute -n -q1 -w 20,0,500 -m 6 "$1" | awk '\''NR == 1 { printf "hops" } NR > 1 { printf " %%s", $2 } END { print "." }'\' >"$BATS_TEST_TMPDIR/hops.sh"
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

aws_vpcs() {
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
		aws_vpcs
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

# A ping with a size that must not be fragmented: whole, or who says that it is too large.
fits() { echo "expect ok $1 ping -M do -c 1 -W 20 -s $(($3 - 28)) $2"; }
too_large() {
	echo "expect output 'From $4 icmp_seq=1 Frag needed and DF set (mtu = $3)' $1 sh -c 'ping -M do -c 1 -W 20 -s $(($3 - 27)) $2; true'"
}

@test "aws: 9001 bytes pass in a VPC and through a peering, 8500 through a transit or NAT gateway, 1500 to the internet; more is told by base plus 1 (mtu-1, mtu-3, mtu-4, mtu-5, mtu-8)" {
	{
		aws_vpcs
		cat <<-'END'
			vpc create VPC3 cidr 10.3.0.0/16
			subnet create S3 vpc VPC3 cidr 10.3.1.0/24
			sg create SG3 vpc VPC3
			sg allow SG3 in all from 0.0.0.0/0
			instance create I4 subnet S3 ip 10.3.1.5 security-group SG3
			vpc-peering-connection create PCX vpc VPC1 peer-vpc VPC3
			vpc-peering-connection accept PCX
			route create p1 table VPC1/main to 10.3.0.0/16 via vpc-peering-connection PCX
			route create p3 table VPC3/main to 10.1.0.0/16 via vpc-peering-connection PCX
		END
		fits I1 10.1.2.5 9001
		fits I1 10.3.1.5 9001
		fits I1 10.2.1.5 8500
		too_large I1 10.2.1.5 8500 10.1.1.1
		fits I1 198.51.100.9 1500
		too_large I1 198.51.100.9 1500 10.1.1.1
		fits I2 198.51.100.9 1500
		too_large I2 198.51.100.9 1500 10.1.2.1
		too_large I2 198.51.100.8 8500 10.1.2.1
		# Without the flag it is cut up, and put together again.
		echo 'expect ok I1 ping -M dont -c 1 -W 20 -s 4000 198.51.100.9'
		echo 'expect ok I2 ping -M dont -c 1 -W 20 -s 4000 10.1.1.5'
	} >"$LAB"
	lab_passes
}

@test "aws: that a packet is too large comes in by a rule of the group only, and to a TCP connection by the gateway (mtu-3, mtu-6)" {
	{
		aws_vpcs
		cat <<-'END'
			sg create tcp1 vpc VPC1
			sg create tcp2 vpc VPC2
			sg allow tcp1 in tcp from 0.0.0.0/0
			sg allow tcp2 in tcp from 0.0.0.0/0
			instance create IA subnet Public1 ip 10.1.1.6 security-group tcp1
			instance create IB subnet Public2 ip 10.2.1.6 security-group tcp2
			service start IB echo protocol tcp port 9
			expect fail IA sh -c 'ping -M do -c 1 -W 1 -s 8473 10.2.1.5 | grep Frag'
			# 9001 bytes at both ends, 8500 between them.
			expect ok IA python3 -c 'import socket; s = socket.create_connection(("10.2.1.6", 9), 20); s.sendall(bytes(99999)); s.shutdown(1); assert len(s.makefile("rb").read()) == 99999'
			sg allow tcp1 in icmp from 0.0.0.0/0 icmp-type 3/4
			expect ok IA sh -c 'ping -M do -c 1 -W 20 -s 8473 10.2.1.5 | grep Frag'
		END
	} >"$LAB"
	lab_passes
}

# blast FROM TO N: N datagrams of 1,400 bytes at once
blast() {
	cat >"$BATS_TEST_TMPDIR/blast.py" <<-'END'
		import socket, sys
		s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
		for _ in range(int(sys.argv[2])):
		    s.sendto(bytes(1400), (sys.argv[1], 7000))
	END
	echo "$1 python3 $BATS_TEST_TMPDIR/blast.py $2 $3"
}

# A line that expects that the limit has dropped something, or fail: nothing of it
dropped() { echo "expect ${2:-ok} NAT1 sh -c 'nft list chain ip vpclab $1 | grep \"counter packets [1-9]\"'"; }

@test "an EIP's bandwidth is what leaves by it at most, and comes in, 10 Mbit/s at least; without one nothing is limited (eip-14)" {
	{
		vpc
		cat <<-'END'
			nat create NAT1 vpc VPC1 vswitch VSW2
			eip create EIP1 ip 203.0.113.1 bandwidth 1
			eip create EIP2 ip 203.0.113.2 bandwidth 1
			eip create EIP3 ip 203.0.113.3
			eip associate EIP1 nat-gateway NAT1
			eip associate EIP2 ecs ECS2
			snat create snat1 nat-gateway NAT1 source vpc VPC1 eip EIP1
			ecs create ECS3 vswitch VSW1 security-group SG1
			eip associate EIP3 ecs ECS3
			internet-host create client ip 198.51.100.9
			service start client http
			service start ECS2 http
			# What is within the limit gets through, both ways.
			expect reachable ECS1 -> client seen-as EIP1
			expect reachable client -> EIP2
		END
		# 1 Mbit/s takes ten seconds for what is sent at once here, 10 Mbit/s nine.
		dropped bandwidth_out.EIP1 fail
		blast ECS1 198.51.100.9 1000
		dropped bandwidth_out.EIP1
		dropped bandwidth_in.EIP1 fail
		blast client 203.0.113.2 8000
		echo "expect ok ECS2 awk '\$1 == \"Udp:\" && ++n == 2 { exit !(\$3 > 50 && \$3 < 7000) }' /proc/net/snmp"
		printf '%s\n' 'show linux EIP2' 'eip set EIP2 bandwidth 1000' 'show linux EIP2' 'show linux EIP3' verify
	} >"$LAB"
	lab_passes
	[[ $output == *'bandwidth_in.EIP2'*' 1250000 bytes/second'*'bandwidth_out.EIP2'*' 125000 bytes/second'* ]]
	[[ $output == *' 125000000 bytes/second'*' 125000000 bytes/second'* ]]
	[[ $output != *'.EIP3'* ]]
}

@test "a TCP transfer through a limited EIP loses packets and comes whole (eip-14)" {
	cat >"$BATS_TEST_TMPDIR/send.py" <<-'END'
		import socket
		s = socket.create_connection(("198.51.100.9", 9))
		# More than the burst, so that the limit is met.
		s.sendall(bytes(300000))
		s.shutdown(socket.SHUT_WR)
		assert len(s.makefile("rb").read()) == 300000
	END
	{
		vpc
		cat <<-END
			nat create NAT1 vpc VPC1 vswitch VSW2
			eip create EIP1 bandwidth 1
			eip associate EIP1 nat-gateway NAT1
			snat create snat1 nat-gateway NAT1 source vpc VPC1 eip EIP1
			internet-host create site ip 198.51.100.9
			service start site echo protocol tcp port 9
			expect ok ECS1 python3 $BATS_TEST_TMPDIR/send.py
			$(dropped bandwidth_out.EIP1)
			eip set EIP1 unlimited
			expect fail NAT1 nft list chain ip vpclab bandwidth_out.EIP1
			expect reachable ECS1 -> site tcp 9 seen-as EIP1
			verify
		END
	} >"$LAB"
	lab_passes
}

@test "an EIP's bandwidth is shown, saved and kept, and is unlimited again; AWS's have none" {
	printf '%s\n' 'eip create EIP1 bandwidth 7' 'eip create EIP2 bandwidth 9' 'eip set EIP1 bandwidth 8' 'eip set EIP2 unlimited' save >"$LAB"
	run -0 "$VPCLAB" run "$LAB"
	[[ $output == *'eip create EIP1 ip 203.0.113.1 bandwidth 8'*'eip create EIP2 ip 203.0.113.2'* ]]
	[[ $output != *'EIP2 ip 203.0.113.2 bandwidth'* ]]
	"$VPCLAB" -q up b "$LAB"
	[ "$("$VPCLAB" -n b -j -c 'eip show' | jq -c 'map(.bandwidth)')" = '[8,null]' ]
	"$VPCLAB" -q down b
	printf '%s\n' 'provider aws' 'eip create EIP1 bandwidth 7' >"$LAB"
	run -2 "$VPCLAB" validate "$LAB"
	echo 'eip create EIP1 bandwidth 0' >"$LAB"
	run -2 "$VPCLAB" validate "$LAB"
}
