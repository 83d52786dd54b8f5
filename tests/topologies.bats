# SPDX-License-Identifier: GPL-3.0-only
# The documents' scenarios: the topology files as they are, and their finer claims one by one.

load lib/common

topology() {
	run "$VPCLAB" run "topologies/$1.lab"
	[ "$status" -eq 0 ] || echo "$output"
	[ "$status" -eq 0 ]
	[[ ${lines[-1]} == "$(grep -c '^expect' "topologies/$1.lab") passed, 0 failed" ]]
}

# The saved lab, as run leaves it, builds again and saves the same.
saves_itself() {
	local saved=$BATS_TEST_TMPDIR/saved.lab again=$BATS_TEST_TMPDIR/again.lab
	{
		# What is done inside a node is no part of the model.
		grep -v -e '^expect' -e '^ECS1 ' "topologies/$1.lab"
		echo "save $saved"
	} >"$LAB"
	"$VPCLAB" run -q "$LAB"
	{
		cat "$saved"
		echo "save $again"
	} >"$LAB"
	"$VPCLAB" run -q "$LAB"
	cmp "$saved" "$again"
}

# ---- 000: the four steps ----

overview() {
	cat <<-'EOF'
		vpc create VPC1 cidr 192.168.0.0/16
		vswitch create VSW1 vpc VPC1 cidr 192.168.1.0/24
		ecs create ECS1 vswitch VSW1
		service start ECS1 http port 80 name web
		internet-host create client
		internet-host create server
		service start server http
	EOF
}

@test "nat-overview passes, every check of it, and saves itself" {
	topology nat-overview
	saves_itself nat-overview
}

# cloud-semantics: s0-1, nat-13
@test "000: before there is an EIP the gateway exists, nothing gets out, and entries are refused with the API's codes" {
	cat >"$LAB" <<-EOF
		$(overview)
		nat-gateway create NAT1 vpc VPC1 vswitch VSW1
		eip create EIP1
		expect ok NAT1 true
		expect blocked ECS1 -> server
		expect error InvalidSnatIp.NotFound snat create snat1 nat-gateway NAT1 source vswitch VSW1 eip EIP1
		expect error InvalidIp.NotInNatgw dnat create dnat1 nat-gateway NAT1 eip EIP1 protocol tcp public-port 80 to ECS1
	EOF
	lab_passes
}

# cloud-semantics: s0-2
@test "000: the first gateway of a VPC adds the default route of the system table" {
	{
		overview
		echo 'nat-gateway create NAT1 vpc VPC1 vswitch VSW1'
		echo 'route show'
	} >"$LAB"
	run --separate-stderr "$VPCLAB" run -q -j "$LAB"
	[ "$status" -eq 0 ]
	jq -es '[.[0][] | select(.to == "0.0.0.0/0")]
		| length == 1 and .[0].table == "VPC1/system" and .[0].type == "Custom" and .[0].via.name == "NAT1"' <<<"$output"
}

# cloud-semantics: s0-3, nat-17, dnat-10
@test "000: an EIP without entries: nothing out, nothing in, but the gateway answers a ping" {
	cat >"$LAB" <<-EOF
		$(overview)
		sg allow VPC1/default in all from 0.0.0.0/0
		nat-gateway create NAT1 vpc VPC1 vswitch VSW1 icmp-reply on
		eip create EIP1
		eip associate EIP1 nat-gateway NAT1
		expect blocked ECS1 -> server
		expect blocked client -> EIP1
		expect reachable client -> EIP1 icmp
		nat-gateway set NAT1 icmp-reply off
		expect blocked client -> EIP1 icmp
	EOF
	lab_passes
}

# cloud-semantics: s0-4, dnat-8
@test "000: through DNAT the server's log shows the client's own address, if the security group admits it" {
	cat >"$LAB" <<-EOF
		$(overview)
		nat-gateway create NAT1 vpc VPC1 vswitch VSW1
		eip create EIP1
		eip associate EIP1 nat-gateway NAT1
		dnat create dnat1 nat-gateway NAT1 eip EIP1 protocol tcp public-port 80 to ECS1 private-port 80
		expect blocked client -> EIP1
		sg allow VPC1/default in tcp 80 from 0.0.0.0/0
		expect output 'client 198.51.100.' client curl -sS http://EIP1
		service log ECS1 web
	EOF
	lab_passes
	[[ $output =~ 198\.51\.100\.[0-9]+:[0-9]+\ GET\ /\ 200 ]]
}

# cloud-semantics: s0-5, dnat-4
@test "000: a port-mapped host has no egress until there is an SNAT entry, and then leaves as that EIP" {
	cat >"$LAB" <<-EOF
		$(overview)
		nat-gateway create NAT1 vpc VPC1 vswitch VSW1
		eip create EIP1
		eip create EIP2
		eip associate EIP1 nat-gateway NAT1
		eip associate EIP2 nat-gateway NAT1
		dnat create dnat1 nat-gateway NAT1 eip EIP1 protocol tcp public-port 80 to ECS1 private-port 80
		expect blocked ECS1 -> server
		snat create snat1 nat-gateway NAT1 source vswitch VSW1 eip EIP2
		expect reachable ECS1 -> server seen-as EIP2
	EOF
	lab_passes
}

# ---- 002: DNAT ----

published() {
	cat <<-'EOF'
		vpc create VPC1 cidr 192.168.0.0/16
		vswitch create VSW1 vpc VPC1 cidr 192.168.1.0/24
		sg create SG1 vpc VPC1
		ecs create ECS1 vswitch VSW1 security-group SG1
		ecs create ECS2 vswitch VSW1 security-group SG1
		service start ECS1 http port 8080
		internet-host create client
		service start client http
		eip create EIP1
		eip create EIP2
	EOF
}

@test "dnat-port passes, every check of it, and saves itself" {
	topology dnat-port
	saves_itself dnat-port
}

@test "dnat-any-port passes, every check of it, and saves itself" {
	topology dnat-any-port
	saves_itself dnat-any-port
}

# cloud-semantics: s2-2
@test "002: a VPC with a default route of its own: no standard gateway, an enhanced one that leaves the route alone" {
	cat >"$LAB" <<-EOF
		$(published)
		route create own table VPC1/system to 0.0.0.0/0 via ecs ECS2
		expect error * nat-gateway create NAT1 vpc VPC1 type standard
		nat-gateway create NAT1 vpc VPC1 vswitch VSW1
		route show
	EOF
	lab_passes
	[[ $(grep -c '0.0.0.0/0' <<<"$output") -ge 1 ]]
	run ! grep -q 'default-route' <<<"$output"
}

# cloud-semantics: s2-1
@test "002: where it is required, the first enhanced gateway is refused until NAT gateway is authorized" {
	cat >"$LAB" <<-EOF
		authorization required
		vpc create VPC1 cidr 192.168.0.0/16
		vswitch create VSW1 vpc VPC1 cidr 192.168.1.0/24
		expect error OperationFailed.EnhancedUserIsUnAuthorized nat-gateway create NAT1 vpc VPC1 vswitch VSW1
		authorize nat-gateway
		nat-gateway create NAT1 vpc VPC1 vswitch VSW1
		expect ok NAT1 true
	EOF
	lab_passes
}

# cloud-semantics: s2-3
@test "002: any port: every port and protocol, ping too, and the host's own egress" {
	cat >"$LAB" <<-EOF
		$(published)
		nat-gateway create NAT1 vpc VPC1 vswitch VSW1 icmp-reply off
		eip associate EIP1 nat-gateway NAT1
		eip associate EIP2 nat-gateway NAT1
		sg allow SG1 in all from 0.0.0.0/0
		service start ECS1 echo protocol udp port 53
		service start ECS1 echo protocol tcp port 65535
		dnat create dnat1 nat-gateway NAT1 eip EIP1 protocol any to ECS1
		expect reachable client -> EIP1 tcp 8080 seen-as client
		expect reachable client -> EIP1 tcp 65535 seen-as client
		expect reachable client -> EIP1 udp 53
		expect reachable client -> EIP1 icmp
		expect reachable ECS1 -> client seen-as EIP1
		expect blocked ECS2 -> client
		expect error Forbidden.* dnat create dnat2 nat-gateway NAT1 eip EIP1 protocol udp public-port 1 to ECS2 private-port 1
	EOF
	lab_passes
}

@test "002: a ping that any port forwards comes from the host, not from the gateway" {
	cat >"$LAB" <<-EOF
		$(published)
		nat-gateway create NAT1 vpc VPC1 vswitch VSW1
		eip associate EIP1 nat-gateway NAT1
		dnat create dnat1 nat-gateway NAT1 eip EIP1 protocol any to ECS1
		expect blocked client -> EIP1 icmp
		sg allow SG1 in icmp from 0.0.0.0/0
		expect reachable client -> EIP1 icmp
	EOF
	lab_passes
}

# cloud-semantics: s2-4, icmp-6
@test "002: a specific port: nothing else, by time-out and not by refusal" {
	{
		published
		echo 'nat-gateway create NAT1 vpc VPC1 vswitch VSW1'
		echo 'eip associate EIP1 nat-gateway NAT1'
		echo 'sg allow SG1 in all from 0.0.0.0/0'
		echo 'dnat create dnat1 nat-gateway NAT1 eip EIP1 protocol tcp public-port 80 to ECS1 private-port 8080'
		echo 'expect reachable client -> EIP1 seen-as client'
		echo 'probe client -> EIP1 tcp 81'
		echo 'probe client -> EIP1 tcp 8080'
	} >"$LAB"
	lab_passes
	[ "$(grep -c 'timed out' <<<"$output")" -eq 2 ]
}

# cloud-semantics: sg-13
@test "002: the security group is asked about the private port" {
	cat >"$LAB" <<-EOF
		$(published)
		nat-gateway create NAT1 vpc VPC1 vswitch VSW1
		eip associate EIP1 nat-gateway NAT1
		dnat create dnat1 nat-gateway NAT1 eip EIP1 protocol tcp public-port 80 to ECS1 private-port 8080
		sg allow SG1 in tcp 80 from 0.0.0.0/0
		expect blocked client -> EIP1
		sg allow SG1 in tcp 8080 from 0.0.0.0/0
		expect reachable client -> EIP1
		sg revoke SG1 rule 2
		expect blocked client -> EIP1
	EOF
	lab_passes
}

# cloud-semantics: s2-5, q-e
@test "002: on a standard gateway an EIP is in SNAT entries or in DNAT entries, on an enhanced one in both" {
	cat >"$LAB" <<-EOF
		$(published)
		nat-gateway create NAT1 vpc VPC1 type standard
		eip associate EIP1 nat-gateway NAT1
		eip associate EIP2 nat-gateway NAT1
		snat create snat1 nat-gateway NAT1 source vswitch VSW1 eip EIP1
		dnat create dnat1 nat-gateway NAT1 eip EIP2 protocol tcp public-port 80 to ECS1 private-port 8080
		expect error Forbidden.ExternalIp.UsedInSnatTable dnat create dnat2 nat-gateway NAT1 eip EIP1 protocol tcp public-port 81 to ECS2 private-port 80
		expect error Forbidden.IpUsedInForwardTable snat create snat2 nat-gateway NAT1 source ecs ECS2 eip EIP2
	EOF
	lab_passes
	cat >"$LAB" <<-EOF
		$(published)
		sg allow SG1 in all from 0.0.0.0/0
		nat-gateway create NAT1 vpc VPC1 vswitch VSW1
		eip associate EIP1 nat-gateway NAT1
		snat create snat1 nat-gateway NAT1 source vswitch VSW1 eip EIP1
		dnat create dnat1 nat-gateway NAT1 eip EIP1 protocol tcp public-port 80 to ECS1 private-port 8080
		expect reachable client -> EIP1 seen-as client
		expect reachable ECS1 -> client seen-as EIP1
	EOF
	lab_passes
}

# ---- several gateways ----

# cloud-semantics: misc-6
@test "multiple-gateways passes, every check of it, and saves itself" {
	topology multiple-gateways
	saves_itself multiple-gateways
}

# ---- 003: one address for what goes out ----

unify() {
	cat <<-'EOF'
		vpc create VPC1 cidr 192.168.0.0/16
		vswitch create VSW1 vpc VPC1 cidr 192.168.1.0/24
		vswitch create VSW2 vpc VPC1 cidr 192.168.2.0/24
		ecs create ECS1 vswitch VSW1 public-ip 203.0.113.10
		ecs create ECS2 vswitch VSW1
		service start ECS1 echo protocol tcp port 22
		internet-host create laptop
		internet-host create myip dns myip.ipip.net
		service start myip http
		eip create EIP2 ip 203.0.113.20
	EOF
}
enhanced() {
	cat <<-'EOF'
		nat-gateway create NAT1 vpc VPC1 vswitch VSW1
		eip associate EIP2 nat-gateway NAT1
		snat create snat1 nat-gateway NAT1 source vswitch VSW1 eip EIP2
	EOF
}
# Steps 1 to 5 of the document.
moved() {
	cat <<-'EOF'
		ecs convert-public-ip ECS1 eip EIP1
		sg create SG1 vpc VPC1
		eni create ENI1 vswitch VSW2 security-group SG1
		eni attach ENI1 ecs ECS1
		eip disassociate EIP1
		eip associate EIP1 eni ENI1
	EOF
}
routed() {
	cat <<-'EOF'
		ECS1 ip route add default via 192.168.2.253 dev eth1 table 101
		ECS1 ip rule add from $ENI1 lookup 101
	EOF
}

@test "overlapping-vpcs passes, every check of it, and saves itself" {
	topology overlapping-vpcs
	saves_itself overlapping-vpcs
}

@test "unify-egress passes, every check of it, and saves itself" {
	topology unify-egress
	saves_itself unify-egress
}

# cloud-semantics: s3-1, eip-7
@test "003: at the start ECS1 leaves as itself, ECS2 as the SNAT EIP, although the entry is for both" {
	cat >"$LAB" <<-EOF
		$(unify)
		$(enhanced)
		expect reachable ECS1 -> myip seen-as 203.0.113.10
		expect reachable ECS2 -> myip seen-as EIP2
	EOF
	lab_passes
}

# cloud-semantics: s3-2
@test "003: converting keeps the address and changes nothing; by subscription it is refused" {
	cat >"$LAB" <<-EOF
		$(unify)
		$(enhanced)
		ecs set ECS1 billing subscription
		expect error InvalidInternetChargeType.ValueNotSupported ecs convert-public-ip ECS1 eip EIP1
		ecs set ECS1 billing pay-as-you-go
		ecs convert-public-ip ECS1 eip EIP1
		expect output 203.0.113.10 laptop getent hosts EIP1
		expect reachable ECS1 -> myip seen-as 203.0.113.10
		expect reachable laptop -> EIP1 tcp 22 seen-as laptop
		expect error OperationDenied ecs convert-public-ip ECS1 eip EIP3
	EOF
	lab_passes
}

# cloud-semantics: s3-3
@test "003: an attached ENI is eth1 in the guest, with its address and a default route behind that of eth0" {
	cat >"$LAB" <<-EOF
		$(unify)
		eni create ENI1 vswitch VSW2
		eni attach ENI1 ecs ECS1
		expect output ENI1 ECS1 ip -4 addr show dev eth1
		expect output 'metric 1001' ECS1 ip route show default dev eth1
		expect output 'dev eth0' ECS1 ip route get 198.51.100.1
		eni detach ENI1
		expect fail ECS1 ip link show dev eth1
	EOF
	lab_passes
}

# cloud-semantics: s3-4
@test "003: without its EIP ECS1 leaves through SNAT, and the old address is dead" {
	cat >"$LAB" <<-EOF
		$(unify)
		$(enhanced)
		ecs convert-public-ip ECS1 eip EIP1
		eip disassociate EIP1
		expect reachable ECS1 -> myip seen-as EIP2
		expect blocked laptop -> EIP1 tcp 22
	EOF
	lab_passes
}

# cloud-semantics: s3-5, s3-6, eip-5, eip-10
@test "003: the EIP on eth1 is reached if the ENI's own group admits it; egress stays with eth0, unless bound to eth1" {
	cat >"$LAB" <<-EOF
		$(unify)
		$(enhanced)
		$(moved)
		$(routed)
		expect blocked laptop -> EIP1 tcp 22
		sg allow SG1 in tcp 22 from 0.0.0.0/0
		expect reachable laptop -> EIP1 tcp 22 seen-as laptop
		expect output EIP2 ECS1 curl -sS http://myip.ipip.net
		expect output EIP1 ECS1 curl -sS --interface eth1 http://myip.ipip.net
		expect output EIP1 ECS1 curl -sS --interface \$ENI1 http://myip.ipip.net
	EOF
	lab_passes
}

# cloud-semantics: s3-7
@test "003: with an enhanced gateway the answer that leaves by eth0 is lost, although the question came" {
	cat >"$LAB" <<-EOF
		$(unify)
		$(enhanced)
		$(moved)
		sg allow SG1 in tcp 22 from 0.0.0.0/0
		expect blocked laptop -> EIP1 tcp 22
		ECS1 awk '\$1 == "Tcp:" && ++n == 2 { print (\$11 > 0 ? "segments" : "nothing") }' /proc/net/snmp
		$(routed)
		expect reachable laptop -> EIP1 tcp 22 seen-as laptop
	EOF
	lab_passes
	[[ $output == *segments* ]]
}

# cloud-semantics: s3-7
@test "003: a standard gateway puts up with an answer by the other interface" {
	cat >"$LAB" <<-EOF
		$(unify)
		nat-gateway create NAT1 vpc VPC1 type standard
		eip associate EIP2 nat-gateway NAT1
		snat create snat1 nat-gateway NAT1 source vswitch VSW1 eip EIP2
		$(moved)
		sg allow SG1 in tcp 22 from 0.0.0.0/0
		expect reachable laptop -> EIP1 tcp 22 seen-as laptop
		expect reachable ECS1 -> myip seen-as EIP2
	EOF
	lab_passes
}

# ---- security groups ----

@test "the priority of a security group's rule decides, and of the same priority drop" {
	cat >"$LAB" <<-'EOF'
		vpc create VPC1 cidr 10.0.0.0/16
		vswitch create VSW1 vpc VPC1 cidr 10.0.1.0/24
		sg create client vpc VPC1
		sg create SG1 vpc VPC1
		ecs create ECS1 vswitch VSW1 security-group client
		ecs create ECS2 vswitch VSW1 security-group SG1
		sg drop SG1 in tcp 80 from 0.0.0.0/0 priority 2
		sg allow SG1 in tcp 80 from 0.0.0.0/0 priority 1
		sg allow SG1 in tcp 81 from 0.0.0.0/0 priority 2
		sg drop SG1 in tcp 81 from 0.0.0.0/0 priority 1
		sg allow SG1 in tcp 82 from 10.0.0.0/16 priority 3
		sg drop SG1 in tcp 82 from 0.0.0.0/0 priority 3
		service start ECS2 http port 80
		service start ECS2 http port 81
		service start ECS2 http port 82
		expect reachable ECS1 -> ECS2 tcp 80
		expect blocked ECS1 -> ECS2 tcp 81
		expect blocked ECS1 -> ECS2 tcp 82
	EOF
	lab_passes
}

# ---- the services that the documents need ----

@test "https: every node trusts it by each of its names and by its address, and it tells who came" {
	cat >"$LAB" <<-EOF
		$(unify)
		$(enhanced)
		service start myip https
		service start ECS2 https port 8443
		expect output 203.0.113.20 ECS2 curl -sS https://myip.ipip.net
		expect output 203.0.113.10 ECS1 curl -sS https://myip
		expect output 'node myip' laptop curl -sS https://\$myip
		expect output 'node ECS2' ECS1 curl -sS https://ECS2:8443
		service log myip https
	EOF
	lab_passes
	[[ $output =~ 203\.0\.113\.20:[0-9]+\ GET\ /\ 200 ]]
}

@test "https: a certificate is for its host alone, and only this lab's authority is trusted" {
	cat >"$LAB" <<-'EOF'
		internet-host create one ip 198.51.100.1 dns one.example
		internet-host create two
		service start one https
		expect ok two curl -sS https://one.example
		expect fail two curl -sS --connect-to other.example:443:one:443 https://other.example
		expect fail two curl -sS --cacert /dev/null https://one.example
	EOF
	lab_passes
	cat >"$LAB" <<-'EOF'
		internet-host create one
		internet-host create two
		service start one https
		two cat /run/vpclab/tls/ca.crt
	EOF
	"$VPCLAB" run -q "$LAB" >"$BATS_TEST_TMPDIR/first" 2>/dev/null
	"$VPCLAB" run -q "$LAB" >"$BATS_TEST_TMPDIR/second" 2>/dev/null
	grep -q 'BEGIN CERTIFICATE' "$BATS_TEST_TMPDIR/first"
	run cmp -s "$BATS_TEST_TMPDIR/first" "$BATS_TEST_TMPDIR/second"
	[ "$status" -eq 1 ]
}

@test "https: keys are for their owner's eyes, the host's bundle is as it was, and the host's own roots stay trusted" {
	local bundle=/etc/ssl/certs/ca-certificates.crt before
	[ -e $bundle ] || skip 'no ca-certificates here'
	before=$(sha256sum $bundle)
	cat >"$LAB" <<-EOF
		internet-host create one
		service start one https
		internet-host create plain
		service start plain http
		expect output '-rw------- ' one ls -l /run/vpclab/tls/ca.key
		expect output 'drwx------ ' one ls -ld /run/vpclab/tls
		expect ok one sh -c 'test \$(grep -c BEGIN $bundle) -eq $(($(grep -c BEGIN $bundle) + 1))'
	EOF
	lab_passes
	[ "$(sha256sum $bundle)" = "$before" ]
	run ! grep -q vpclab /proc/self/mountinfo
}

@test "https: without it a lab has no authority and the host's own bundle" {
	local bundle=/etc/ssl/certs/ca-certificates.crt
	cat >"$LAB" <<-'EOF'
		internet-host create one
		service start one http
		expect fail one ls /run/vpclab/tls/ca.crt
	EOF
	[ ! -e $bundle ] || echo "expect output '$(sha256sum $bundle)' one sha256sum $bundle" >>"$LAB"
	lab_passes
}

@test "https: many that start at once share one authority" {
	local bundle=/etc/ssl/certs/ca-certificates.crt
	[ -e $bundle ] || skip 'no ca-certificates here'
	{
		for i in 10 11 12 13 14 15 16 17; do
			echo "internet-host create h$i"
			echo "service start h$i https"
		done
		for i in 10 17; do
			echo "expect output 'node h$i' h11 curl -sS https://h$i"
		done
		echo "expect ok h10 sh -c 'test \$(grep -c BEGIN $bundle) -eq $(($(grep -c BEGIN $bundle) + 1))'"
	} >"$LAB"
	lab_passes
}

@test "ssh: one logs in to a node by its name, or is greeted where the machine has no server" {
	cat >"$LAB" <<-'EOF'
		internet-host create laptop
		internet-host create server
		service start server ssh
		expect reachable laptop -> server tcp 22
		expect output SSH-2.0- laptop bash -c 'read -r line </dev/tcp/server/22; echo "$line"'
	EOF
	lab_passes
}

@test "ssh: with a server installed the login is real" {
	PATH=$PATH:/usr/sbin:/sbin:$PWD/build/packages/usr/sbin # the last one by tests/lib/need-unpacked
	command -v sshd >/dev/null || skip 'no sshd here'
	command -v ssh >/dev/null || skip 'no ssh here'
	cat >"$LAB" <<-'EOF'
		internet-host create laptop
		internet-host create server
		service start server ssh
		expect reachable laptop -> server tcp 22
		expect output server laptop ssh root@server printenv VPCLAB_NODE
		expect output $server laptop ssh root@$server ip -4 addr show dev eth0
		expect output pts laptop ssh -tt root@server tty
		expect fail laptop ssh -o IdentityFile=none -i /nowhere -F none -o BatchMode=yes root@server true
	EOF
	lab_passes
}
