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
	mkfifo question.{1..4} answer.{1..4}
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
	change 0 'snat set snat1 eip EIP1,EIP3'
	stays 1
	change 0 'snat create snat2 nat-gateway NAT1 source cidr 192.168.1.0/24 eip EIP3'
	stays 2
	change 2 'snat set snat1 eip EIP3'
	is_cut 1
	stays 2 # the next datagram begins a connection, from the other EIP
	talk 4 client tcp site 7
	change 0 'snat delete snat1' # the other entry gives it the same EIP
	stays 4
	change 2 'snat delete snat2'
	is_cut 4
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
}

@test "a public address that goes takes its connections along" { # cloud-semantics: open-10
	alibaba
	lab -c 'eip associate EIP4 ecs alone' -c 'ecs create other vswitch VSW1 public-ip auto'
	talk 1 site tcp 203.0.113.4 7
	talk 2 alone tcp site 7
	talk 3 client tcp site 7
	change 2 'eip disassociate EIP4'
	is_cut 1
	is_cut 2
	stays 3
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
		internet-host create site ip 198.51.100.1
	LAB
	talk 1 site tcp 203.0.113.1 7
	talk 2 site tcp 203.0.113.1 70
	talk 3 site icmp 203.0.113.1
	lab -c 'sg show SG1'
	change 1 'sg revoke SG1 rule 2'
	is_cut 1
	change 0 'sg revoke SG1 rule 3'
	change 0 'sg revoke SG1 rule 4'
	stays 2
	stays 3
	change 3 'eip disassociate EIP1'
	is_cut 2
	is_cut 3
}
