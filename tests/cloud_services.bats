# SPDX-License-Identifier: GPL-3.0-only
# The cloud's own services in a VPC: the resolver and the metadata of its hosts.

load lib/common

ASK=$BATS_TEST_DIRNAME/lib/ask_dns.py

alibaba() {
	cat <<-'EOF2'
		vpc create VPC1 cidr 10.0.0.0/16
		vswitch create VSW1 vpc VPC1 cidr 10.0.1.0/24 zone zone-h
		sg create SG1 vpc VPC1
		sg allow SG1 in all from 0.0.0.0/0
		ecs create web vswitch VSW1 public-ip auto security-group SG1
		ecs create app vswitch VSW1 security-group SG1
		eip create EIP1 dns shop.example.com
		eip associate EIP1 ecs app
		internet-host create client dns client.example.org
	EOF2
}

aws() {
	cat <<-'EOF2'
		provider aws
		vpc create VPC1 cidr 10.0.0.0/16
		vpc create VPC2 cidr 10.1.0.0/16
		subnet create S1 vpc VPC1 cidr 10.0.0.0/24 zone a
		subnet create S2 vpc VPC2 cidr 10.1.0.0/24
		internet-gateway create IGW1
		internet-gateway attach IGW1 vpc VPC1
		route create r0 table VPC1/main to 0.0.0.0/0 via internet-gateway IGW1
		security-group create SG1 vpc VPC1
		security-group allow SG1 in all from 0.0.0.0/0
		instance create I1 subnet S1 security-group SG1
		instance create I2 subnet S2
		eip create EIP1 ip 203.0.113.77
		eip associate EIP1 instance I1
		internet-host create client
		vpc-peering-connection create PCX vpc VPC1 peer-vpc VPC2
		vpc-peering-connection accept PCX
		route create r1 table VPC1/main to 10.1.0.0/16 via vpc-peering-connection PCX
		route create r2 table VPC2/main to 10.0.0.0/16 via vpc-peering-connection PCX
	EOF2
}

# cloud-semantics: dns-1, vpc-10
@test "Alibaba: both resolvers know what the hosts file knows, from the first question on, by UDP and by TCP" {
	{
		alibaba
		cat <<-EOF2
			expect output 'nameserver 100.100.2.136' web head -1 /etc/resolv.conf
			expect output 'nameserver 100.100.2.138' web tail -1 /etc/resolv.conf
			expect fail client test -s /etc/resolv.conf
			expect output \$app web $ASK 100.100.2.136 app
			expect output \$app web $ASK 100.100.2.138 APP
			expect output \$EIP1 web $ASK 100.100.2.136 shop.example.com
			expect output \$EIP1 web $ASK 100.100.2.136 app.public
			expect output app web $ASK 100.100.2.138 \$app PTR
			expect output NOERROR web $ASK 100.100.2.138 app AAAA
			expect output NXDOMAIN web $ASK 100.100.2.136 nobody.example.com
			expect fail web getent hosts nobody.example.com
			expect output \$app web $ASK --tcp 100.100.2.138 app
			verify
		EOF2
	} >"$LAB"
	lab_passes
	{
		alibaba
		echo "expect output \$app web $ASK --tcp 100.100.2.136 app"
		echo "expect output \$app web $ASK --tcp 100.100.2.136 app"
		echo "expect output \$app web $ASK 100.100.2.138 app"
	} >"$LAB"
	lab_passes
}

@test "a resolver that runs learns a new name at once, and forgets one" {
	{
		alibaba
		cat <<-EOF2
			expect output NXDOMAIN web $ASK 100.100.2.136 late
			ecs create late vswitch VSW1
			expect output \$late web $ASK 100.100.2.136 late
			ecs delete late
			expect output NXDOMAIN web $ASK 100.100.2.136 late
			vpc create VPC2 cidr 172.16.0.0/12
			expect output \$app web $ASK 100.100.2.138 app
			vpc delete VPC2
			verify
		EOF2
	} >"$LAB"
	lab_passes
}

# cloud-semantics: dns-1, acl-16, sg-9
@test "Alibaba: no ACL filters the services, no route and no gateway counts, and groups spare the metadata alone" {
	{
		alibaba
		cat <<-EOF2
			acl create ACL1 vpc VPC1
			acl associate ACL1 vswitch VSW1
			route-table create VTB1 vpc VPC1
			expect reachable web -> 100.100.2.136 udp 53
			expect reachable web -> 100.100.2.138 tcp 53
			expect reachable web -> 100.100.100.200 tcp 80
			expect blocked web -> 100.100.100.200 tcp 81
			expect blocked web -> 100.100.2.137 udp 53
			sg drop SG1 out all to 0.0.0.0/0
			expect blocked web -> 100.100.2.136 udp 53
			expect reachable web -> 100.100.100.200 tcp 80
		EOF2
	} >"$LAB"
	lab_passes
}

# cloud-semantics: dns-9
@test "Alibaba: a host asks for its metadata, and learns its EIP" {
	{
		alibaba
		cat <<-'EOF2'
			expect output $app app curl -sS http://100.100.100.200/latest/meta-data/private-ipv4
			expect output $EIP1 app curl -sS http://100.100.100.200/latest/meta-data/eipv4
			expect fail web curl -sSf http://100.100.100.200/latest/meta-data/eipv4
			expect output $web.public web curl -sS http://100.100.100.200/latest/meta-data/public-ipv4
			expect output web web curl -sS http://100.100.100.200/latest/meta-data/instance-id
			expect output zone-h web curl -sS http://100.100.100.200/latest/meta-data/zone-id
			expect output 10.0.0.0/16 web curl -sS http://100.100.100.200/latest/meta-data/vpc-cidr-block
			expect output VSW1 web curl -sS http://100.100.100.200/latest/meta-data/vswitch-id
			expect ok web sh -c 'm=http://100.100.100.200/latest/meta-data; ip link show eth0 | grep -F "ether $(curl -sS $m/mac) "'
			expect ok web sh -c 'm=http://100.100.100.200/latest/meta-data; [ $(curl -sS $m/network/interfaces/macs/$(curl -sS $m/mac)/primary-ip-address) = 10.0.1.1 ]'
			expect ok web sh -c 'curl -sS http://100.100.100.200/latest/meta-data/ | grep -x network/'
			expect fail web curl -sSf http://100.100.100.200/latest/meta-data/nothing
			eip disassociate EIP1
			expect fail app curl -sSf http://100.100.100.200/latest/meta-data/eipv4
		EOF2
	} >"$LAB"
	lab_passes
}

# cloud-semantics: dns-10, dns-11
@test "a token is good for the host that got it, until its time is over" {
	{
		alibaba
		cat <<-'EOF2'
			expect ok web sh -c 'm=http://100.100.100.200/latest t=$(curl -sSf -X PUT -H "X-aliyun-ecs-metadata-token-ttl-seconds: 60" $m/api/token) && [ $(curl -sSf -H "X-aliyun-ecs-metadata-token: $t" $m/meta-data/hostname) = web ] && ! curl -sSf -H "X-aliyun-ecs-metadata-token: no" $m/meta-data/hostname'
		EOF2
	} >"$LAB"
	lab_passes
	local program
	program=$(realpath "$VPCLAB")
	cd "$BATS_TEST_TMPDIR" || return # the directory that all hosts of a lab share
	cat >tokens <<-'EOF2'
		m=http://169.254.169.254/latest
		put() { curl -sS -o /dev/null -w '%{http_code}' -X PUT "$@" "$m/api/token"; }
		get() { curl -sS -o /dev/null -w '%{http_code}' -H "X-aws-ec2-metadata-token: $1" "$m/meta-data/local-ipv4"; }
		seconds='X-aws-ec2-metadata-token-ttl-seconds'
		token=$(curl -sSf -X PUT -H "$seconds: 21600" "$m/api/token")
		short=$(curl -sSf -X PUT -H "$seconds: 1" "$m/api/token")
		[ "$(get "$token")" = 200 ] || exit 1
		[ "$(get nonsense)" = 401 ] || exit 2
		[ "$(put)" = 400 ] || exit 3
		[ "$(put -H "$seconds: 21601")" = 400 ] || exit 4
		while [ "$(get "$short")" = 200 ]; do :; done
		[ "$(get "$short")" = 401 ] || exit 5
		echo "$token" >"$1"
	EOF2
	{
		aws
		cat <<-EOF2
			instance create I3 subnet S1
			expect ok I1 sh ./tokens token
			expect ok I1 sh -c 'curl -sSf -H "X-aws-ec2-metadata-token: \$(cat token)" http://169.254.169.254/latest/meta-data/'
			expect fail I3 sh -c 'curl -sSf -H "X-aws-ec2-metadata-token: \$(cat token)" http://169.254.169.254/latest/meta-data/'
		EOF2
	} >"$LAB"
	VPCLAB=$program lab_passes
}

# cloud-semantics: dns-12
@test "AWS: a token does not get further than the host, unless its hop limit says so" {
	cat >"$BATS_TEST_TMPDIR/look" <<-'EOF2'
		tcpdump -Unc 1 -i eth0 -w /tmp/packet "src host 169.254.169.254 and ip[8] = $1 and tcp[13] & 8 != 0" 2>/tmp/said &
		until grep -q 'listening on' /tmp/said; do :; done
		curl -sSf -X PUT -H 'X-aws-ec2-metadata-token-ttl-seconds: 60' http://169.254.169.254/latest/api/token
		wait
		tcpdump -nr /tmp/packet | grep '200 OK'
	EOF2
	{
		aws
		echo "expect ok I1 timeout 20 sh $BATS_TEST_TMPDIR/look 1"
		echo "instance set I1 http-put-response-hop-limit 3"
		echo "expect ok I1 timeout 20 sh $BATS_TEST_TMPDIR/look 3"
	} >"$LAB"
	lab_passes
}

# cloud-semantics: dns-5, acl-6, peer-28
@test "AWS: the resolver is base plus two and 169.254.169.253, past groups and ACLs, and of the own VPC alone" {
	{
		aws
		cat <<-EOF2
			expect output 'nameserver 169.254.169.253' I1 cat /etc/resolv.conf
			expect output \$I2 I1 $ASK 10.0.0.2 I2
			expect output \$I2 I1 $ASK 169.254.169.253 I2
			expect output \$I2 I2 $ASK 10.1.0.2 I2
			expect output \$I1 I1 getent hosts ip-10-0-0-4.ec2.internal
			expect fail I2 getent hosts ip-10-0-0-4.ec2.internal
			expect reachable I1 -> 10.0.0.2 udp 53
			expect blocked I2 -> 10.0.0.2 udp 53
			expect blocked I2 -> 10.0.0.2 tcp 53
			network-acl create ACL1 vpc VPC1
			network-acl associate ACL1 subnet S1
			security-group revoke SG1 rule 1
			expect reachable I1 -> 10.0.0.2 udp 53
			expect reachable I1 -> 169.254.169.253 tcp 53
			expect reachable I1 -> 169.254.169.254 tcp 80
			verify
		EOF2
	} >"$LAB"
	lab_passes
}

# cloud-semantics: dns-6, dns-7
@test "AWS: a public name is the private address in its own VPC and the public one elsewhere, if the VPC has names" {
	name=ec2-203-0-113-77.compute-1.amazonaws.com
	{
		aws
		cat <<-EOF2
			expect fail I1 getent hosts $name
			expect fail client getent hosts $name
			vpc set VPC1 dns-hostnames on
			expect output \$I1 I1 $ASK 10.0.0.2 $name
			expect output \$EIP1 I2 $ASK 10.1.0.2 $name
			expect output \$EIP1 client getent hosts $name
			expect output $name I1 curl -sS http://169.254.169.254/latest/meta-data/public-hostname
			vpc set VPC1 dns-support off
			expect blocked I1 -> 10.0.0.2 udp 53
			explain I1 -> 10.0.0.2 udp 53
			expect reachable I1 -> 169.254.169.254 tcp 80
			expect fail I1 getent hosts $name
			expect fail I2 getent hosts $name
			verify
		EOF2
	} >"$LAB"
	lab_passes
	[[ $output == *'the resolver of VPC1 answers nobody: dns-support is off'*'vpc set VPC1 dns-support on'* ]]
	"$VPCLAB" validate "$LAB"
	"$VPCLAB" up dns "$LAB" >/dev/null
	"$VPCLAB" -n dns -c save >"$BATS_TEST_TMPDIR/saved.lab"
	grep -x 'vpc set VPC1 dns-support off' "$BATS_TEST_TMPDIR/saved.lab"
	grep -x 'vpc set VPC1 dns-hostnames on' "$BATS_TEST_TMPDIR/saved.lab"
	"$VPCLAB" -n dns -j -c 'vpc show VPC1' | jq -e '.[0] | .dns_support == "off" and .dns_hostnames == "on"'
	"$VPCLAB" down dns
}

@test "without dnsmasq there is no resolver, which is said, and names come from the hosts file" {
	{
		alibaba
		cat <<-EOF2
			expect output \$app web getent hosts app
			expect fail web getent hosts nobody.example.com
			expect ok VPC1 grep 'apt-get install dnsmasq-base' /run/vpclab/service/VPC1/cloud.log
			expect output app app curl -sS http://100.100.100.200/latest/meta-data/hostname
		EOF2
	} >"$LAB"
	run unshare -rm sh -c "mount --bind /dev/null $(PATH=$PATH:/usr/sbin command -v dnsmasq) && exec '$VPCLAB' run '$LAB'"
	echo "$output"
	[ "$status" -eq 0 ]
	[[ $output == *"4 passed, 0 failed"* ]]
}

@test "without vpclab-service a lab is built, and who asks is missed: doctor, the log and verify say so" {
	alibaba >"$LAB"
	local place hidden=()
	for place in "$(dirname "$(realpath "$VPCLAB")")/vpclab-service" $(type -aP vpclab-service); do
		hidden+=("mount --bind /dev/null '$place' &&")
	done
	cat >>"$LAB" <<-'EOF2'
		verify
		expect output $app web getent hosts app
		expect fail app curl -sS http://100.100.100.200/latest/meta-data/hostname
		expect ok VPC1 grep 'for want of the program vpclab-service' /run/vpclab/service/VPC1/cloud.log
	EOF2
	run -0 unshare -rm sh -c "${hidden[*]} exec '$VPCLAB' run '$LAB'"
	[[ $output == *"3 passed, 0 failed"* && $output != *missing* ]]
	echo verify >>"$LAB"
	run -0 unshare -rm sh -c "${hidden[*]} exec '$VPCLAB' run '$LAB'"
	[[ $output == *"service cloud on VPC1 is missing"* ]]
	run unshare -rm sh -c "${hidden[*]} exec '$VPCLAB' doctor -j"
	[ "$(jq -c '.[] | select(.name == "vpclab-service") | [.ok, .optional]' <<<"$output")" = '[false,true]' ]
}

# cloud-semantics: dns-1
@test "nobody is refused while the resolver starts: its sockets are open all the time" {
	mkdir "$BATS_TEST_TMPDIR/bin"
	cat >"$BATS_TEST_TMPDIR/bin/dnsmasq" <<-'EOF2'
		#!/bin/sh
		until test -e "$(dirname "$0")/go"; do sleep 0.05; done
		PATH=$PATH:/usr/sbin exec "$(dirname "$0")/real" "$@"
	EOF2
	chmod +x "$BATS_TEST_TMPDIR/bin/dnsmasq"
	cp "$(PATH=$PATH:/usr/sbin command -v dnsmasq)" "$BATS_TEST_TMPDIR/bin/real"
	{
		alibaba
		cat <<-EOF2
			expect reachable web -> 100.100.2.136 tcp 53
			expect ok web sh -c 'for i in 1 2 3; do $ASK --tcp 100.100.2.136 app & $ASK 100.100.2.138 app & done >$BATS_TEST_TMPDIR/answers; $ASK --tcp 100.100.2.138 app & until ss -Htn state established dport 53 | grep .; do sleep 0.05; done; touch $BATS_TEST_TMPDIR/bin/go; wait'
			expect reachable web -> 100.100.2.138 tcp 53
		EOF2
	} >"$LAB"
	PATH=$BATS_TEST_TMPDIR/bin:$PATH run -0 "$VPCLAB" run "$LAB" --share "$BATS_TEST_TMPDIR"
	[ "$(grep -cx 10.0.1.2 "$BATS_TEST_TMPDIR/answers")" -eq 6 ]
}

@test "nothing runs for the services of a VPC before somebody asks" {
	alibaba >"$LAB"
	"$VPCLAB" up services "$LAB" >/dev/null
	run -0 "$VPCLAB" exec services VPC1 -- ps -eo comm
	[[ $output == *vpclab-waiter* && $output != *vpclab-service* && $output != *dnsmasq* ]]
	run -0 "$VPCLAB" exec services web -- curl -sS http://100.100.100.200/latest/meta-data/hostname
	run -0 "$VPCLAB" exec services VPC1 -- ps -eo comm
	[[ $output != *vpclab-waiter* && $output == *vpclab-service* && $output != *dnsmasq* ]]
	run -0 "$VPCLAB" exec services web -- "$ASK" 100.100.2.136 web
	run -0 "$VPCLAB" exec services VPC1 -- ps -eo comm
	[[ $output == *dnsmasq* ]]

	# A resolver that has died is missed, and waits again when that is repaired.
	# shellcheck disable=SC2016 # the shell's own dollar, in the lab
	"$VPCLAB" exec services VPC1 -- sh -c 'kill -9 $(pidof dnsmasq)'
	missed() { "$VPCLAB" -n services -c verify 2>&1 | grep 'service cloud on VPC1 is missing'; }
	eventually missed
	"$VPCLAB" -n services -c 'verify --repair'
	"$VPCLAB" -n services -c verify
	[ "$("$VPCLAB" exec services web -- "$ASK" 100.100.2.136 web)" = 10.0.1.1 ]
	"$VPCLAB" down services
}
