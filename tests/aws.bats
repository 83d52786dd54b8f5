# SPDX-License-Identifier: GPL-3.0-only
# The NAT gateway of AWS: document 004 statement by statement, what the sources say besides, and each way of getting it wrong.

load lib/common

teardown() {
	"$VPCLAB" -q down "aws-$$" 2>/dev/null || true
}

# The working design, a line at a time, so that a test can leave out or change one.
design() {
	cat <<-'EOF'
		provider aws
		vpc create VPC1 cidr 10.0.0.0/16
		subnet create Public vpc VPC1 cidr 10.0.0.0/24
		subnet create Private vpc VPC1 cidr 10.0.1.0/24
		internet-gateway create IGW1
		internet-gateway attach IGW1 vpc VPC1
		eip create EIP1 ip 203.0.113.1
		nat-gateway create NAT1 subnet Public eip EIP1
		route-table create PublicRT vpc VPC1
		route create ToInternet table PublicRT to 0.0.0.0/0 via internet-gateway IGW1
		route-table associate PublicRT subnet Public
		route-table create PrivateRT vpc VPC1
		route create ToNat table PrivateRT to 0.0.0.0/0 via nat-gateway NAT1
		route-table associate PrivateRT subnet Private
		sg create Web vpc VPC1
		sg allow Web in all from 0.0.0.0/0
		instance create I1 subnet Private security-group Web
		instance create I2 subnet Private security-group Web
		instance create P1 subnet Public security-group Web
		service start I1 http
		service start P1 http
		internet-host create site ip 198.51.100.1 dns www.example.com
		service start site http
		service start site echo protocol udp port 53
	EOF
}

# The same for a gateway: whether anything ever came in from the VPC.
packets_in() {
	# shellcheck disable=SC2016 # awk's own dollars
	printf '%s awk '\''$1 == "VPC1:" { print "%s saw " ($2 > 0 ? "packets" : "nothing") }'\'' /proc/net/dev\n' "$1" "$1"
}

@test "show: JSON in EC2's words, for every noun" {
	design >"$LAB"
	run -0 --separate-stderr "$VPCLAB" -q -j -c "include $LAB" -c show
	echo "$output" >"$BATS_TEST_TMPDIR/show.json"
	is() { # FILTER JSON
		run -0 jq -c "$1" "$BATS_TEST_TMPDIR/show.json"
		[ "$output" = "$2" ] || { echo "$1 is $output"; false; }
	}
	is keys '["attachment","eip","eni","hosted_zone","instance","internet_gateway","internet_host","listener","load_balancer","nat_gateway","network_acl","prefix_list","record_set","route","route_table","security_group","service","settings","subnet","target_group","transit_gateway","transit_route","transit_route_table","vpc","vpc_endpoint","vpc_peering_connection"]'
	is '.vpc' '[{"name":"VPC1","cidr":"10.0.0.0/16","secondary_cidr":[],"internet_gateway":"IGW1","dns_support":"on","dns_hostnames":"off","status":"available"}]'
	is '.internet_gateway' '[{"name":"IGW1","vpc":"VPC1","status":"attached"}]'
	is '.subnet[0]' '{"name":"Public","vpc":"VPC1","cidr":"10.0.0.0/24","zone":"zone-a","gateway":"10.0.0.1","route_table":"PublicRT","network_acl":"VPC1/default-acl","status":"available"}'
	is '.nat_gateway[0] | [.vpc, .subnet, .ip, .type, .eip, .idle_timeout]' '["VPC1","Public","10.0.0.4","public","EIP1",350]'
	is '.instance[0] | [.name, .ip, .subnet, .security_group, .enis, .public_ip, .eip, .source_dest_check]' \
		'["I1","10.0.1.4","Private",["Web"],[],null,null,"on"]'
	is '.route | map([.table, .to, .type, .via.name])[2:4]' \
		'[["PublicRT","0.0.0.0/0","Custom","IGW1"],["PrivateRT","10.0.0.0/16","System",null]]'
}

@test "the topology file passes, every check of it" {
	run "$VPCLAB" run topologies/aws-nat-gateway.lab
	[ "$status" -eq 0 ]
	[[ ${lines[-1]} == "$(grep -c '^expect' topologies/aws-nat-gateway.lab) passed, 0 failed" ]]
}

# ---- the document, "How a NAT gateway works" ----

# cloud-semantics: s4-1
@test "1 to 4: a private host's request leaves as the gateway's EIP, and the answer comes back, over TCP, UDP and ICMP" {
	{
		design
		echo 'expect reachable I1 -> site seen-as EIP1'
		echo 'expect reachable I1 -> site udp 53 seen-as EIP1'
		echo 'expect reachable I1 -> site icmp seen-as EIP1'
		echo 'expect output 203.0.113.1 I1 curl -sS http://www.example.com/'
	} >"$LAB"
	lab_passes
}

@test "the answer's way: both gateways turn round what bears the NAT gateway's address" {
	design >"$LAB"
	run -0 "$VPCLAB" explain "$LAB" 'I1 -> site'
	[[ $output == *'The way back'*'IGW1'*'answer by the address of NAT1'*'NAT1'*'answer by the address of NAT1'* ]]
}

@test "show linux: an internet gateway's part are the ways to its addresses, too" {
	{
		design
		echo 'show linux IGW1'
	} >"$LAB"
	run -0 "$VPCLAB" run "$LAB"
	[[ $output == *'ip -n internet route add 203.0.113.1 '*' dev IGW1 onlink  # EIP EIP1, internet gateway IGW1'* ]]
}

# cloud-semantics: s4-1
@test "5: no unsolicited inbound: what comes to the EIP of itself ends at the gateway, whatever the ports" {
	{
		design
		echo 'expect blocked site -> EIP1'
		echo 'expect blocked site -> EIP1 tcp 22'
		echo 'expect blocked site -> EIP1 udp 53'
		echo 'expect within 5 fail site curl -sS -m 1 http://203.0.113.1/'
		segments_in I1
		segments_in I2
	} >"$LAB"
	lab_passes
	[[ $output == *'I1 got nothing'* ]]
	[[ $output == *'I2 got nothing'* ]]
}

# cloud-semantics: s4-1
@test "the gateway answers no ping, on its EIP or on its private address" {
	{
		design
		echo 'expect blocked site -> EIP1 icmp'
		echo 'expect blocked I1 -> NAT1 icmp'
		echo 'expect blocked P1 -> NAT1 icmp'
	} >"$LAB"
	lab_passes
}

@test "everything that is routed to it is translated, of several subnets, by one address" {
	{
		design
		echo 'subnet create Private2 vpc VPC1 cidr 10.0.2.0/24 zone other'
		echo 'route-table associate PrivateRT subnet Private2'
		echo 'instance create I3 subnet Private2'
		echo 'expect reachable I1 -> site seen-as EIP1'
		echo 'expect reachable I2 -> site seen-as EIP1'
		echo 'expect reachable I3 -> site seen-as EIP1'
	} >"$LAB"
	lab_passes
}

@test "inside the VPC the way is straight, never by the gateway" {
	{
		design
		echo 'expect reachable I1 -> P1 seen-as I1'
		echo 'expect reachable P1 -> I1 seen-as P1'
	} >"$LAB"
	lab_passes
}

@test "a port of the host's own choice is another one behind the gateway, for each destination (aws-12)" {
	{
		design
		echo 'internet-host create other'
		echo 'service start other http'
		echo 'expect ok I1 curl -sS --local-port 5000 http://$site/'
		echo 'expect ok I1 curl -sS --local-port 5000 http://$other/'
		echo 'service log site http'
		echo 'service log other http'
	} >"$LAB"
	run "$VPCLAB" run "$LAB"
	[ "$(grep -c '203\.0\.113\.1:[0-9]* .*GET' <<<"$output")" -eq 2 ] || echo "$output"
	# One of 64,512 each time: both are never the host's own.
	[ "$(grep -c '203\.0\.113\.1:5000 .*GET' <<<"$output")" -lt 2 ]
}

@test "source ports are 1024 to 65535, whatever the host chose (aws-5)" {
	{
		design
		echo 'expect ok I1 curl -sS --local-port 53 http://198.51.100.1/'
		echo 'service log site http'
	} >"$LAB"
	run "$VPCLAB" run "$LAB"
	[[ $output =~ 203\.0\.113\.1:([0-9]+)\ .*GET ]] || echo "$output"
	[ "${BASH_REMATCH[1]}" -ge 1024 ]
}

# cloud-semantics: aws-9
@test "traceroute from inside shows the gateway's private address" {
	command -v traceroute >/dev/null || skip "no traceroute"
	{
		design
		echo 'I1 traceroute -n -q1 -w 20,0,500 -m 8 198.51.100.1'
	} >"$LAB"
	lab_passes
	[[ $output == *10.0.0.4* ]]
}

@test "explain gives the code of AWS's own analyzer beside ours, as the document has it (aws-13)" {
	design >"$LAB"
	sed -i '/sg allow Web/d' "$LAB"
	run -0 --separate-stderr "$VPCLAB" explain -j "$LAB" 'P1 -> I1'
	[ "$(jq -r '"\(.code) \(.aws_code)"' <<<"$output")" = "SG_INGRESS ENI_SG_RULES_MISMATCH" ]
	grep -q '| SG_EGRESS, SG_INGRESS | ENI_SG_RULES_MISMATCH |' "$BATS_TEST_DIRNAME/../docs/cloud-semantics.md"
	design >"$LAB"
	run -0 --separate-stderr "$VPCLAB" explain -j "$LAB" 'I1 -> site'
	[ "$(jq -c 'has("aws_code")' <<<"$output")" = false ]
	run -0 --separate-stderr "$VPCLAB" explain -j "$LAB" 'site -> EIP1'
	[ "$(jq -c '[.code, has("aws_code")]' <<<"$output")" = '["UNSOLICITED",false]' ]
}

# ---- what it hangs on ----

# cloud-semantics: s4-2
@test "a gateway in a private subnet: no Internet, for no route leads on from there; the route makes it one at once" {
	{
		design | grep -v -e 'ToInternet'
		echo 'expect blocked I1 -> site'
		echo 'route create ToInternet table PublicRT to 0.0.0.0/0 via internet-gateway IGW1'
		echo 'expect reachable I1 -> site seen-as EIP1'
	} >"$LAB"
	lab_passes
}

@test "a gateway in the very subnet that it serves: its own route leads back to it" {
	{
		design | sed 's/subnet Public eip/subnet Private eip/'
		echo 'expect blocked I1 -> site'
	} >"$LAB"
	lab_passes
}

# cloud-semantics: s4-2, addr-31
@test "without an internet gateway the public gateway is refused, and so is an EIP for an instance" {
	{
		design | grep -v -e IGW1 -e NAT1 -e ToNat
		echo 'expect error Gateway.NotAttached nat-gateway create NAT1 subnet Public eip EIP1'
		echo 'expect error Gateway.NotAttached eip associate EIP1 instance P1'
		echo 'expect blocked I1 -> site'
		echo 'expect blocked P1 -> site'
	} >"$LAB"
	lab_passes
}

@test "a private gateway's packets are dropped at the internet gateway" {
	{
		design | sed 's/subnet Public eip EIP1/subnet Public type private/'
		echo 'expect blocked I1 -> site'
		# They get that far.
		packets_in IGW1
	} >"$LAB"
	lab_passes
	[[ $output == *'IGW1 saw packets'* ]]
}

@test "a private gateway translates between subnets that are routed to it" {
	{
		design | grep -v -e NAT1 -e ToNat
		echo 'subnet create Middle vpc VPC1 cidr 10.0.3.0/24'
		echo 'nat-gateway create NAT2 subnet Middle type private ip 10.0.3.9'
		echo 'route create ByNat table PrivateRT to 10.0.0.0/24 via nat-gateway NAT2'
		echo 'expect reachable I1 -> P1 seen-as NAT2'
		# The other way round the answer would take that route, too, and the gateway knows nothing of it.
		echo 'expect blocked P1 -> I1'
	} >"$LAB"
	lab_passes
}

# cloud-semantics: aws-2
@test "nothing is routed by itself: a subnet without a route has no Internet" {
	{
		design | grep -v ToNat
		echo 'expect blocked I1 -> site'
	} >"$LAB"
	lab_passes
}

# ---- public addresses ----

@test "an instance's public address works by the internet gateway, in a subnet that is routed there" {
	{
		design
		echo 'instance create P2 subnet Public public-ip 203.0.113.9 security-group Web'
		echo 'service start P2 http'
		echo 'eip create EIP2 ip 203.0.113.8'
		echo 'eip associate EIP2 instance P1'
		echo 'expect reachable P2 -> site seen-as 203.0.113.9'
		echo 'expect reachable site -> 203.0.113.9 seen-as site'
		echo 'expect reachable P1 -> site seen-as EIP2'
		echo 'expect reachable site -> EIP2 seen-as site'
		# By its public address, the neighbour is reached from outside.
		echo 'expect reachable P2 -> EIP2 seen-as 203.0.113.9'
		echo 'expect reachable I1 -> EIP2 seen-as EIP1'
	} >"$LAB"
	lab_passes
}

@test "an instance with a public address in a private subnet is not reachable; the request arrives, the answer is lost" {
	{
		design
		echo 'instance create I3 subnet Private public-ip 203.0.113.9 security-group Web'
		echo 'service start I3 http'
		echo 'expect blocked site -> 203.0.113.9'
		segments_in I3
		# Its own address does not win here, as it does elsewhere: the route table alone decides.
		echo 'expect reachable I3 -> site seen-as EIP1'
	} >"$LAB"
	lab_passes
	[[ $output == *'I3 got segments'* ]]
}

@test "a host without a public address in a public subnet has no Internet" {
	{
		design
		echo 'expect blocked P1 -> site'
	} >"$LAB"
	lab_passes
}

# cloud-semantics: addr-28
@test "an EIP that is associated takes the place of the address that the instance had" {
	{
		design
		echo 'instance create P2 subnet Public public-ip 203.0.113.9'
		echo 'eip create EIP2 ip 203.0.113.8'
		echo 'eip associate EIP2 instance P2'
		echo 'expect reachable P2 -> site seen-as EIP2'
		echo 'expect blocked site -> 203.0.113.9 icmp'
		echo 'eip create EIP3 ip 203.0.113.9'
	} >"$LAB"
	lab_passes
}

# ---- deleting ----

# cloud-semantics: s4-3
@test "deleting the gateway is not refused: the route stays as a blackhole, the EIP is kept" {
	{
		design
		echo 'nat-gateway delete NAT1'
		echo 'expect blocked I1 -> site'
		echo 'show'
	} >"$LAB"
	run --separate-stderr "$VPCLAB" run -q -j "$LAB"
	[ "$status" -eq 0 ]
	jq -es '[.[].route? // empty] | .[0][] | select(.name == "ToNat") |
		.status == "blackhole" and .via == { type: "nat-gateway", name: "NAT1" } and .type == "Custom"' <<<"$output"
	jq -es '[.[].eip? // empty] | .[0] == [{ name: "EIP1", ip: "203.0.113.1", dns: [], status: "Available", associated: null, private_ip: null }]' <<<"$output"
}

@test "a new gateway does not mend the route of the old one, not even under its name" {
	{
		design
		echo 'nat-gateway delete NAT1'
		echo 'nat-gateway create NAT1 subnet Public eip EIP1'
		echo 'expect blocked I1 -> site'
		echo 'expect error RouteAlreadyExists route create Again table PrivateRT to 0.0.0.0/0 via nat-gateway NAT1'
		echo 'route delete ToNat'
		echo 'route create ToNat table PrivateRT to 0.0.0.0/0 via nat-gateway NAT1'
		echo 'expect reachable I1 -> site seen-as EIP1'
	} >"$LAB"
	lab_passes
}

@test "a detached internet gateway leaves blackholes, which it mends when it comes back" {
	{
		design | grep -v -e NAT1 -e ToNat
		echo 'expect error DependencyViolation internet-gateway delete IGW1'
		echo 'internet-gateway detach IGW1'
		echo 'expect output blackhole VPC1 ip route show table all 0.0.0.0/0'
		echo 'internet-gateway attach IGW1 vpc VPC1'
		echo 'eip associate EIP1 instance P1'
		echo 'expect reachable P1 -> site seen-as EIP1'
		echo 'expect error DependencyViolation internet-gateway detach IGW1'
	} >"$LAB"
	lab_passes
}

# ---- idle ----

# A client that says something, waits, says something again, and tells what it gets.
late_client() {
	cat >"$BATS_TEST_TMPDIR/late.py" <<-'EOF'
		import socket, sys, time
		s = socket.create_connection((sys.argv[1], 7), timeout=5)
		s.sendall(b"first\n")
		print(s.recv(100).decode().strip(), flush=True)
		time.sleep(float(sys.argv[2]))
		try:
		    s.sendall(b"late\n")
		    print(s.recv(100).decode().strip() or "closed")
		except OSError as e:
		    print(e.strerror)
	EOF
	echo "I1 python3 $BATS_TEST_TMPDIR/late.py 198.51.100.1 $1"
}

# cloud-semantics: s4-4
@test "idle for too long: the inside host that goes on gets a reset, and not a silence (aws-6, misc-11)" {
	command -v python3 >/dev/null || skip "no python3"
	{
		design | sed 's/eip EIP1$/eip EIP1 idle-timeout 1/'
		echo 'service start site echo protocol tcp port 7'
		late_client 3
	} >"$LAB"
	lab_passes
	[[ $output == *first*'Connection reset by peer'* ]]
}

@test "idle, but not for too long: the connection goes on" {
	command -v python3 >/dev/null || skip "no python3"
	{
		design
		echo 'service start site echo protocol tcp port 7'
		late_client 1.5
	} >"$LAB"
	lab_passes
	[[ $output == *first*late* ]]
}

@test "the time is 350 seconds for whatever is open, TCP, UDP and ICMP (aws-6)" {
	{
		design
		echo 'NAT1 sh -c "cd /proc/sys/net/netfilter; head -n1 nf_conntrack_*timeout_established nf_conntrack_udp_timeout nf_conntrack_udp_timeout_stream nf_conntrack_icmp_timeout nf_conntrack_tcp_timeout_close_wait | grep -c ^350"'
	} >"$LAB"
	lab_passes
	[[ $output == *$'\n5\n'* ]]
}

# ---- security groups, routes, addresses ----

@test "a new group lets nothing in and everything out; the default group's members talk to each other" {
	{
		design
		echo 'sg create New vpc VPC1'
		echo 'instance create I3 subnet Private security-group New'
		echo 'instance create D1 subnet Private'
		echo 'instance create D2 subnet Public'
		echo 'service start I3 http'
		echo 'service start D1 http'
		echo 'expect blocked I1 -> I3'
		echo 'expect reachable I3 -> I1'
		echo 'expect reachable D2 -> D1'
		echo 'expect blocked I1 -> D1'
		echo 'sg allow New in tcp 80 from Web'
		echo 'expect reachable I1 -> I3'
		echo 'expect blocked D1 -> I3'
		echo 'sg revoke New rule 1'
		echo 'expect blocked I3 -> I1'
	} >"$LAB"
	lab_passes
}

@test "a whole subnet can be routed by way of an instance, once its source/destination check is off" {
	{
		design
		echo 'instance create Middlebox subnet Public security-group Web'
		echo 'route create Inspect table PrivateRT to 10.0.0.0/24 via instance Middlebox'
		echo 'Middlebox sysctl -qw net.ipv4.ip_forward=1'
		echo 'expect blocked I1 -> P1'
		echo 'instance set Middlebox source-dest-check off'
		echo 'expect reachable I1 -> P1 seen-as I1'
		echo 'instance delete Middlebox'
		echo 'expect blocked I1 -> P1'
		echo 'route delete Inspect'
		echo 'expect reachable I1 -> P1'
	} >"$LAB"
	lab_passes
}

@test "the guest sees what a cloud guest sees: its address in the subnet, the router at base+1; the first address is base+4" {
	{
		design | sed 's/eip EIP1$/eip EIP1 ip 10.0.0.20/'
		echo 'expect output 10.0.1.4/24 I1 ip -4 -br addr show dev eth0'
		echo 'expect output "default via 10.0.1.1 dev eth0" I1 ip route'
		echo 'expect output 10.0.0.4/24 P1 ip -4 -br addr show dev eth0'
	} >"$LAB"
	lab_passes
}

@test "an address of the VPC that is in no subnet is local, too: it does not go to the gateway" {
	{
		design
		echo 'expect blocked I1 -> 10.0.200.1'
		packets_in NAT1
	} >"$LAB"
	lab_passes
	[[ $output == *'NAT1 saw nothing'* ]]
}

# ---- the language ----

@test "a lab knows the words of its provider only, and says whose a word is" {
	echo 'subnet create S1 vpc VPC1 cidr 10.0.0.0/24' >"$LAB"
	run "$VPCLAB" run "$LAB"
	[ "$status" -eq 2 ]
	[[ $output == *'provider aws'* ]]
	printf 'provider aws\nvswitch create S1 vpc VPC1 cidr 10.0.0.0/24\n' >"$LAB"
	run "$VPCLAB" run "$LAB"
	[ "$status" -eq 2 ]
	[[ $output == *'provider alibaba'* ]]
	printf 'provider aws\nhelp all\n' >"$LAB"
	run --separate-stderr "$VPCLAB" run -q "$LAB"
	[[ $output == *'subnet create'* && $output != *vswitch* && $output != *snat* ]]
	printf 'help all\n' >"$LAB"
	run --separate-stderr "$VPCLAB" run -q "$LAB"
	[[ $output != *'subnet create'* && $output == *vswitch* ]]
}

@test "the provider stays with a running lab, and show uses its words" {
	design >"$LAB"
	"$VPCLAB" -q up "aws-$$" "$LAB"
	run "$VPCLAB" -n "aws-$$" -c 'instance create I9 subnet Private' -c 'probe I9 -> site'
	[ "$status" -eq 0 ]
	run "$VPCLAB" -n "aws-$$" -j -c show
	[ "$status" -eq 0 ]
	jq -e 'keys_unsorted == ["settings", "vpc", "subnet", "prefix_list", "security_group", "instance", "eni", "route_table", "route",
		"internet_gateway", "vpc_peering_connection", "vpc_endpoint", "transit_gateway", "transit_route_table", "attachment",
		"transit_route", "nat_gateway", "eip", "internet_host", "network_acl", "hosted_zone",
		"record_set", "load_balancer", "target_group", "listener", "service"]' <<<"$output"
	jq -e '.nat_gateway[0] | .subnet == "Public" and .eip == "EIP1" and .type == "public" and .idle_timeout == 350' <<<"$output"
	jq -e '.route[] | select(.name == "PrivateRT/local") | .type == "System" and .via == null and .status == "active"' <<<"$output"
	jq -e '.route_table[0] | .name == "VPC1/main" and .type == "Main"' <<<"$output"
	run "$VPCLAB" -n "aws-$$" -c verify
	[ "$status" -eq 0 ]
}

@test "what was deleted and what was detached is saved, and said again" {
	{
		design | grep -v -e NAT1 -e ToNat
		echo 'internet-gateway detach IGW1'
		echo 'nat-gateway create NAT2 subnet Public type private idle-timeout 77'
		echo 'route create ToNat table PrivateRT to 0.0.0.0/0 via nat-gateway NAT2'
		echo 'nat-gateway delete NAT2'
		echo 'route-table associate VPC1/main subnet Private'
	} | sed 's/route-table associate PrivateRT subnet Private$//' >"$LAB"
	{
		cat "$LAB"
		echo "save $BATS_TEST_TMPDIR/saved.lab"
	} >"$LAB.1"
	"$VPCLAB" run -q "$LAB.1"
	grep 'via blackhole nat-gateway/NAT2' "$BATS_TEST_TMPDIR/saved.lab"
	{
		cat "$BATS_TEST_TMPDIR/saved.lab"
		echo "save $BATS_TEST_TMPDIR/again.lab"
	} >"$LAB.2"
	"$VPCLAB" run -q "$LAB.2"
	cmp "$BATS_TEST_TMPDIR/saved.lab" "$BATS_TEST_TMPDIR/again.lab"
}
