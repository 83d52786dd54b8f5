# SPDX-License-Identifier: GPL-3.0-only
# What a change of the configuration does to connections that are open, as each cloud has it: real ones, held open by a
# program in a host while the change is made.

# shellcheck disable=SC2154 # output, stderr and status are of run

load lib/common

setup() {
	NAME=open-$$-$BATS_TEST_NUMBER
	TALKER=$BATS_TEST_DIRNAME/lib/talker.py
	cd "$BATS_TEST_TMPDIR" || return
	cp "$TALKER" .
	mkfifo question.{1..5} answer.{1..5}
	QUESTION=() ANSWER=() # descriptors, by the program's number
}

teardown() {
	local fd
	for fd in "${QUESTION[@]}"; do exec {fd}>&-; done # that ends the programs
	wait
	"$OLDPWD/$VPCLAB" -q down "$NAME" 2>/dev/null || true
}

lab() {
	"$OLDPWD/$VPCLAB" -n "$NAME" -q "$@"
}

# talk N NODE PROTOCOL ADDRESS [PORT]: the N-th program
talk() {
	local n=$1 node=$2 question answer
	shift 2
	"$OLDPWD/$VPCLAB" exec "$NAME" "$node" -- python3 talker.py "$@" <"question.$n" >"answer.$n" 2>"error.$n" 3>&- &
	exec {question}>"question.$n" {answer}<"answer.$n"
	QUESTION[n]=$question ANSWER[n]=$answer
	stays "$n"
}

# Does an answer still come by the N-th program's connection?
answers() {
	local said
	echo >&"${QUESTION[$1]}"
	read -rt 20 said <&"${ANSWER[$1]}" || { cat "error.$1" && return 2; }
	echo "connection $1 is $said"
	[ "$said" = "$2" ]
}
stays() { answers "$1" open; }
is_cut() { answers "$1" cut; }

# change COUNT COMMAND: made with -v, which says how many connections it has cut
change() {
	local count
	run --separate-stderr "$OLDPWD/$VPCLAB" -n "$NAME" -v -c "$2"
	echo "$stderr"
	[ "$status" -eq 0 ]
	count=$(grep -c ' conntrack -D ' <<<"$stderr") || true
	[ "$count" -eq "$1" ]
	[ "$1" -eq 0 ] || [[ $stderr == *"# $1 open connection"*' cut'* ]]
}

alibaba() {
	"$OLDPWD/$VPCLAB" -q up "$NAME" - <<-'LAB'
		vpc create VPC1 cidr 192.168.0.0/16
		vswitch create VSW1 vpc VPC1 cidr 192.168.1.0/24
		sg create SG1 vpc VPC1
		sg create SG2 vpc VPC1
		sg allow SG2 in tcp 7 from 0.0.0.0/0
		sg allow SG2 in udp 7 from 0.0.0.0/0
		sg allow SG2 in tcp 70 from 0.0.0.0/0
		sg allow SG2 in icmp from 0.0.0.0/0
		ecs create client vswitch VSW1 security-group SG1
		ecs create server vswitch VSW1 security-group SG2
		ecs create alone vswitch VSW1 security-group SG2
		internet-host create site ip 198.51.100.1
		service start server echo protocol tcp port 7
		service start server echo protocol udp port 7
		service start server echo protocol tcp port 70
		service start alone echo protocol tcp port 7
		service start alone echo protocol udp port 7
		service start site echo protocol tcp port 7
		service start site echo protocol udp port 7
		nat-gateway create NAT1 vpc VPC1 vswitch VSW1
		eip create EIP1 ip 203.0.113.1
		eip create EIP2 ip 203.0.113.2
		eip create EIP3 ip 203.0.113.3
		eip create EIP4 ip 203.0.113.4
		eip associate EIP1 nat-gateway NAT1
		eip associate EIP2 nat-gateway NAT1
		eip associate EIP3 nat-gateway NAT1
		snat create snat1 nat-gateway NAT1 source ecs client eip EIP1
		dnat create dnat1 nat-gateway NAT1 eip EIP2 protocol tcp public-port 7 to server private-port 7
		dnat create dnat2 nat-gateway NAT1 eip EIP2 protocol tcp public-port 70 to server private-port 70
	LAB
}

@test "a rule that forbids what is open cuts it, and nothing else" { # cloud-semantics: open-5, q-f
	alibaba
	talk 1 client tcp server 7
	talk 2 client udp server 7
	talk 3 client icmp server
	talk 4 client tcp site 7
	change 0 'sg allow SG1 in tcp 9 from 0.0.0.0/0'
	change 1 'sg drop SG1 out udp 7 to 192.168.1.0/24'
	is_cut 2
	change 1 'sg drop SG1 out icmp to 0.0.0.0/0'
	is_cut 3
	stays 1
	change 1 'sg revoke SG2 rule 1'
	is_cut 1
	stays 4
}

@test "an SNAT entry's connections end with the EIP that they have, and with the entry" { # cloud-semantics: open-8, open-9
	alibaba
	talk 1 client tcp site 7
	talk 2 client udp site 7
	talk 3 client tcp server 7
	talk 5 client icmp site
	change 0 'snat set snat1 eip EIP1,EIP3'
	stays 1
	change 0 'snat create snat2 nat-gateway NAT1 source cidr 192.168.1.0/24 eip EIP3'
	stays 2
	change 3 'snat set snat1 eip EIP3'
	is_cut 1
	stays 2 # the next datagram begins a connection, from the other EIP
	stays 5 # and so does the next ping
	talk 4 client tcp site 7
	change 0 'snat delete snat1' # the other entry gives it the same EIP
	stays 4
	change 3 'snat delete snat2'
	is_cut 4
	is_cut 2
	is_cut 5
	stays 3
}

@test "a DNAT entry takes its own connections along" { # cloud-semantics: open-9
	alibaba
	talk 1 site tcp 203.0.113.2 7
	talk 2 site tcp 203.0.113.2 70
	change 0 'dnat create dnat3 nat-gateway NAT1 eip EIP2 protocol tcp public-port 71 to server private-port 71'
	change 1 'dnat delete dnat1'
	is_cut 1
	stays 2
	lab -c 'dnat create dnat4 nat-gateway NAT1 eip EIP2 protocol udp public-port 7 to server private-port 7'
	talk 3 site udp 203.0.113.2 7
	change 1 'dnat delete dnat4'
	is_cut 3
	lab -c 'dnat create dnat5 nat-gateway NAT1 eip EIP3 protocol any to alone'
	talk 4 site icmp 203.0.113.3
	change 1 'dnat delete dnat5'
	is_cut 4
	stays 2
}

@test "a public address that goes takes its connections along" { # cloud-semantics: open-10
	alibaba
	lab -c 'eip associate EIP4 ecs alone' -c 'ecs create other vswitch VSW1 public-ip auto'
	talk 1 site tcp 203.0.113.4 7
	talk 2 alone tcp site 7
	talk 3 client tcp site 7
	talk 4 site icmp 203.0.113.4
	talk 5 site udp 203.0.113.4 7
	change 4 'eip disassociate EIP4'
	is_cut 1
	is_cut 2
	is_cut 4
	is_cut 5
	stays 3
}

@test "an EIP in cut-through mode loses what its groups forbid, and all when it goes" { # cloud-semantics: open-5, open-10
	alibaba
	lab -c 'eni create N1 vswitch VSW1 security-group SG2' -c 'eip associate EIP4 eni N1 mode binded' -c 'eni attach N1 ecs alone' \
		-c 'alone ip route replace default dev eth1'
	talk 1 site tcp 203.0.113.4 7
	talk 2 alone tcp site 7
	talk 3 site udp 203.0.113.4 7
	change 1 'sg revoke SG2 rule 2'
	is_cut 3
	stays 1
	stays 2
	change 0 'eip disassociate EIP4'
	is_cut 1
	is_cut 2
}

@test "aws: what a group tracks outlives its rule, what it need not track is cut" { # cloud-semantics: open-1, open-2, open-12
	"$OLDPWD/$VPCLAB" -q up "$NAME" - <<-'LAB'
		provider aws
		vpc create VPC1 cidr 10.0.0.0/16
		internet-gateway create IGW1
		internet-gateway attach IGW1 vpc VPC1
		subnet create S1 vpc VPC1 cidr 10.0.0.0/24
		route create r1 table VPC1/main to 0.0.0.0/0 via internet-gateway IGW1
		sg create SG1 vpc VPC1
		sg allow SG1 in tcp 7 from 0.0.0.0/0
		sg allow SG1 in tcp 70 from 198.51.100.0/24
		sg allow SG1 in icmp from 0.0.0.0/0
		instance create web subnet S1 security-group SG1
		eip create EIP1 ip 203.0.113.1
		eip associate EIP1 instance web
		service start web echo protocol tcp port 7
		service start web echo protocol tcp port 70
		sg allow SG1 in udp 7 from 0.0.0.0/0
		service start web echo protocol udp port 7
		internet-host create site ip 198.51.100.1
	LAB
	talk 1 site tcp 203.0.113.1 7
	talk 2 site tcp 203.0.113.1 70
	talk 3 site icmp 203.0.113.1
	talk 4 site udp 203.0.113.1 7
	change 1 'sg revoke SG1 rule 5'
	is_cut 4
	change 1 'sg revoke SG1 rule 2'
	is_cut 1
	change 0 'sg revoke SG1 rule 3'
	change 0 'sg revoke SG1 rule 4'
	stays 2
	stays 3
	change 4 'eip disassociate EIP1'
	is_cut 2
	is_cut 3
}

# Does it answer again, once what was lost meanwhile has been sent again?
lives() {
	local try
	for try in {1..50}; do
		! stays "$1" || return 0
	done
	echo "connection $1 is dead after $try questions"
	return 1
}

# three_to N NODE ADDRESS: the N-th program and the next two, by TCP, UDP and ping
three_to() {
	talk "$1" "$2" tcp "$3" 7
	talk $(($1 + 1)) "$2" udp "$3" 7
	talk $(($1 + 2)) "$2" icmp "$3"
}
three_cut() { is_cut "$1" && is_cut $(($1 + 1)) && is_cut $(($1 + 2)); }

# Hosts one and two in two vSwitches of a VPC, far in another VPC, and a site; each answers.
wide() {
	"$OLDPWD/$VPCLAB" -q up "$NAME" - <<-LAB
		$1
		security-group allow VPC1/default in all from 0.0.0.0/0
		security-group allow VPC2/default in all from 0.0.0.0/0
		internet-host create site ip 198.51.100.1
		service start one echo protocol tcp port 7
		service start one echo protocol udp port 7
		service start two echo protocol tcp port 7
		service start two echo protocol udp port 7
		service start far echo protocol tcp port 7
		service start far echo protocol udp port 7
		service start site echo protocol tcp port 7
		service start site echo protocol udp port 7
	LAB
}
wide_alibaba() {
	wide "vpc create VPC{1..2} cidr 10.{1..2}.0.0/16
		vswitch create VSW1 vpc VPC1 cidr 10.1.1.0/24
		vswitch create VSW2 vpc VPC1 cidr 10.1.2.0/24
		vswitch create VSW3 vpc VPC2 cidr 10.2.1.0/24
		ecs create one vswitch VSW1
		ecs create two vswitch VSW2
		ecs create far vswitch VSW3
		$1"
}
wide_aws() {
	wide "provider aws
		vpc create VPC{1..2} cidr 10.{1..2}.0.0/16
		subnet create PUB vpc VPC1 cidr 10.1.3.0/24
		subnet create S1 vpc VPC1 cidr 10.1.1.0/24
		subnet create S2 vpc VPC1 cidr 10.1.2.0/24
		subnet create S3 vpc VPC2 cidr 10.2.1.0/24
		instance create one subnet S1
		instance create two subnet S2
		instance create far subnet S3
		internet-gateway create IGW1
		internet-gateway attach IGW1 vpc VPC1
		route-table create RTB1 vpc VPC1
		route-table associate RTB1 subnet PUB
		route create out table RTB1 to 0.0.0.0/0 via internet-gateway IGW1
		eip create EIP{1..2}
		nat-gateway create NAT1 subnet PUB eip EIP1
		nat-gateway create NAT2 subnet PUB eip EIP2
		route create way table VPC1/main to 0.0.0.0/0 via nat-gateway NAT1"
}

# What is denied ends, and begins where it stopped if it is allowed again: an ACL knows no connections.
acl_cuts() {
	three_to 1 one two
	change 0 "$1"
	is_cut 1
	stays 2
	stays 3
	change 0 "$2"
	lives 1
}

@test "an ACL stops at once what it denies, and nothing else" { # cloud-semantics: acl-14, open-3
	wide_alibaba "acl create ACL1 vpc VPC1
		acl add ACL1 in 1 drop tcp 7 from 0.0.0.0/0
		acl add ACL1 in 2 accept all from 0.0.0.0/0
		acl add ACL1 out 1 accept all to 0.0.0.0/0"
	acl_cuts 'acl associate ACL1 vswitch VSW2' 'acl disassociate ACL1 vswitch VSW2'
}

@test "aws: an ACL stops at once what it denies, and nothing else" { # cloud-semantics: open-3
	wide_aws
	acl_cuts 'network-acl add VPC1/default-acl in 50 deny tcp 7 from 10.1.1.0/24' 'network-acl remove VPC1/default-acl in 50'
}

# By another gateway TCP has another source, which its peer does not know; a datagram or ping begins anew.
route_cuts() {
	three_to 1 one 198.51.100.1
	change 0 "route set $1 via nat-gateway NAT2"
	is_cut 1
	stays 2
	stays 3
}

@test "a changed route leads the next packet, and a route that is put back revives what it had stranded" { # cloud-semantics: open-13, open-14
	wide_alibaba "nat-gateway create NAT1 vpc VPC1 vswitch VSW1
		nat-gateway create NAT2 vpc VPC1 vswitch VSW1
		eip create EIP{1..2}
		eip associate EIP{1..2} nat-gateway NAT{1..2}
		snat create snat{1..2} nat-gateway NAT{1..2} source vpc VPC1 eip EIP{1..2}"
	route_cuts VPC1/default-route
	change 0 'route set VPC1/default-route via nat-gateway NAT1'
	lives 1
}

@test "aws: a changed route leads the next packet" { # cloud-semantics: open-13
	wide_aws
	route_cuts way
}

@test "a gateway that is deleted by force takes all its connections along" { # cloud-semantics: open-9, nat-20
	wide_alibaba "nat-gateway create NAT1 vpc VPC1 vswitch VSW1
		eip create EIP{1..2}
		eip associate EIP{1..2} nat-gateway NAT1
		snat create snat1 nat-gateway NAT1 source vswitch VSW1 eip EIP1
		dnat create dnat1 nat-gateway NAT1 eip EIP2 protocol any to two"
	three_to 1 one 198.51.100.1
	talk 4 site tcp 203.0.113.2 7
	change 0 'nat-gateway delete NAT1 force'
	three_cut 1
	is_cut 4
}

@test "aws: a gateway that is deleted leaves a blackhole, and a new one with its EIP knows nothing of the old connections" { # cloud-semantics: open-11
	wide_aws
	three_to 1 one 198.51.100.1
	change 3 'nat-gateway delete NAT1'
	three_cut 1
	lab -c 'nat-gateway create NAT3 subnet PUB eip EIP1' -c 'route set way via nat-gateway NAT3'
	is_cut 1
	stays 2
	stays 3
}

@test "a peering connection that is deleted cuts all that went by it" { # cloud-semantics: peer-17
	wide_alibaba "vpc-peer-connection create PCC1 vpc VPC1 accepting-vpc VPC2
		route create there table VPC1/system to 10.2.0.0/16 via vpc-peer-connection PCC1
		route create back table VPC2/system to 10.1.0.0/16 via vpc-peer-connection PCC1"
	three_to 1 one far
	change 0 'vpc-peer-connection delete PCC1 force'
	three_cut 1
}

@test "aws: a peering connection that is deleted cuts all that went by it" { # cloud-semantics: peer-32
	wide_aws
	lab -c 'vpc-peering-connection create PCX1 vpc VPC1 peer-vpc VPC2' -c 'vpc-peering-connection accept PCX1' \
		-c 'route create there table VPC1/main to 10.2.0.0/16 via vpc-peering-connection PCX1' \
		-c 'route create back table VPC2/main to 10.1.0.0/16 via vpc-peering-connection PCX1'
	three_to 1 one far
	change 0 'vpc-peering-connection delete PCX1'
	three_cut 1
}

@test "aws: an endpoint cuts the TCP connections to its service that are open" { # cloud-semantics: end-2
	wide_aws
	three_to 1 one 198.51.100.1
	talk 4 one tcp two 7
	change 0 'vpc-endpoint create VPCE1 vpc VPC1 service site route-table VPC1/main'
	is_cut 1
	stays 2
	stays 3
	stays 4
}

@test "what a transit router forgets counts at once, and its connections live on once it knows it again" { # cloud-semantics: open-13, tr-4, tr-11
	wide_alibaba "transit-router create TR1
		attachment create ATT1 transit-router TR1 vpc VPC1 vswitch VSW1
		attachment create ATT2 transit-router TR1 vpc VPC2 vswitch VSW3
		route create there table VPC1/system to 10.2.0.0/16 via attachment ATT1
		route create back table VPC2/system to 10.1.0.0/16 via attachment ATT2"
	three_to 1 one far
	talk 4 one tcp two 7
	change 0 'transit-route-table disable-propagation TR1/default attachment ATT2'
	is_cut 1
	change 0 'transit-route-table enable-propagation TR1/default attachment ATT2'
	lives 1
	change 0 'transit-route-table disassociate TR1/default attachment ATT1'
	three_cut 1
	stays 4
}

@test "an IPv4 gateway that is activated interrupts for a moment what stays public, and cuts the rest" { # cloud-semantics: addr-7, addr-11
	wide_alibaba "eip create EIP1
		eip associate EIP1 ecs one
		ipv4-gateway create GW1 vpc VPC1"
	three_to 1 one 198.51.100.1
	talk 4 site tcp 203.0.113.1 7
	change 0 'ipv4-gateway activate GW1 route-table VPC1/system'
	lives 1
	stays 2
	stays 3
	lives 4
	change 0 'route delete GW1.default-route'
	three_cut 1
	is_cut 4
}
