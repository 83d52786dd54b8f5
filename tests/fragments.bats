# SPDX-License-Identifier: GPL-3.0-only
# Packets larger than a link takes, by way of each kind of NAT gateway.

load lib/common

setup() {
	LAB=$BATS_TEST_TMPDIR/test.lab
}

# One datagram to the echo service, and how much of it comes back.
large_datagram() { # NODE BYTES SECONDS
	# shellcheck disable=SC2016 # bash in the node expands it
	printf '%s bash -c '\''exec 3<>/dev/udp/198.51.100.1/7; head -c %s /dev/zero | dd bs=20000 iflag=fullblock >&3 2>/dev/null
	echo "got $(timeout %s dd bs=20000 count=1 <&3 2>/dev/null | wc -c)"'\' "$1" "$2" "$3" | tr '\n' ';'
}

alibaba() { # TYPE [KEY VALUE]...
	cat <<-EOF
		vpc create VPC1 cidr 192.168.0.0/16
		vswitch create VSW1 vpc VPC1 cidr 192.168.1.0/24
		ecs create ECS1 vswitch VSW1
		nat-gateway create NAT1 vpc VPC1 type $*
		eip create EIP1
		eip associate EIP1 nat-gateway NAT1
		snat create snat1 nat-gateway NAT1 source vswitch VSW1 eip EIP1
		internet-host create site ip 198.51.100.1
		service start site echo protocol udp port 7
		expect ok ECS1 ping -c 1 -W 20 -s 1000 site
	EOF
}

@test "an enhanced gateway passes fragments on (nat-5)" {
	{
		alibaba enhanced vswitch VSW1
		echo 'expect ok ECS1 ping -c 1 -W 20 -s 4000 site'
		echo "expect output 'got 4000' $(large_datagram ECS1 4000 20)"
	} >"$LAB"
	"$VPCLAB" run "$LAB"
}

@test "a standard gateway loses fragments (nat-5)" {
	{
		alibaba standard
		echo 'expect fail ECS1 ping -c 1 -W 1 -s 4000 site'
		echo "expect output 'got 0' $(large_datagram ECS1 4000 1)"
	} >"$LAB"
	"$VPCLAB" run "$LAB"
}

# 9001 bytes leave the instance in one piece, and in one datagram with DF, which the 1500 of the internet then
# stops. What is larger it cuts up itself, without DF. cloud-semantics: mtu-1
@test "an AWS gateway passes fragments of UDP on and loses those of ICMP (aws-7)" {
	cat >"$LAB" <<-EOF
		provider aws
		vpc create VPC1 cidr 10.0.0.0/16
		subnet create Public vpc VPC1 cidr 10.0.0.0/24
		subnet create Private vpc VPC1 cidr 10.0.1.0/24
		internet-gateway create IGW1
		internet-gateway attach IGW1 vpc VPC1
		eip create EIP1
		nat-gateway create NAT1 subnet Public eip EIP1
		route create ToInternet table VPC1/main to 0.0.0.0/0 via internet-gateway IGW1
		route-table create PrivateRT vpc VPC1
		route create ToNat table PrivateRT to 0.0.0.0/0 via nat-gateway NAT1
		route-table associate PrivateRT subnet Private
		instance create I1 subnet Private
		internet-host create site ip 198.51.100.1
		service start site echo protocol udp port 7
		expect ok I1 ping -c 1 -W 20 -s 1000 site
		expect fail I1 ping -c 1 -W 1 -s 10000 site
		expect output 'got 12000' $(large_datagram I1 12000 20)
		expect output 'got 0' $(large_datagram I1 4000 1)
	EOF
	"$VPCLAB" run "$LAB"
}
