# SPDX-License-Identifier: GPL-3.0-only
# What names stand for, on either side of a gateway.

load lib/common

# web has a static public address, app an EIP, priv is published by DNAT.
three_hosts() {
	cat <<-'EOF2'
		vpc create VPC1 cidr 10.0.0.0/16
		vswitch create VSW1 vpc VPC1 cidr 10.0.1.0/24
		sg create SG1 vpc VPC1
		sg allow SG1 in all from 0.0.0.0/0
		ecs create web vswitch VSW1 public-ip auto security-group SG1
		ecs create {app,priv} vswitch VSW1 security-group SG1
		eip create EIP1 dns shop.example.com,www.example.com
		eip create EIP2 dns api.example.com
		eip associate EIP1 ecs app
		nat-gateway create NAT1 vpc VPC1 vswitch VSW1
		eip associate EIP2 nat-gateway NAT1
		dnat create d1 nat-gateway NAT1 eip EIP2 protocol tcp public-port 443 to priv private-port 443
		internet-host create client dns client.example.org
		service start {web,app,priv} https
	EOF2
}

@test "a host's name is its private address within a VPC, and its public one on the internet" {
	{
		three_hosts
		cat <<-'EOF2'
			expect output $web app getent hosts web
			expect output $web.public client getent hosts web
			expect output $web.public app getent hosts web.public
			expect output $EIP1 priv getent hosts app.public
			expect output $EIP1 client getent hosts app
			expect output $EIP1 app getent hosts shop.example.com
			expect output $client client getent hosts client.public
			expect fail app getent hosts priv.public
			expect reachable client -> web tcp 443
			expect reachable app -> web tcp 443 seen-as app
			expect reachable client -> app.public tcp 443
			expect reachable client -> shop.example.com tcp 443
			expect blocked client -> priv tcp 443
		EOF2
	} >"$LAB"
	lab_passes
	{
		three_hosts
		echo 'explain client -> priv.public'
	} >"$LAB"
	run "$VPCLAB" validate "$LAB"
	echo "$output"
	[ "$status" -eq 2 ]
	[[ $output == *'priv has no public address'* ]]
}

@test "a certificate holds for every name and address by which its host can be reached, and for no other" {
	{
		three_hosts
		for url in client\ {web,web.public,\$web.public,app,EIP1,\$EIP1,www.example.com,EIP2,api.example.com} app\ {web,\$web,priv,\$priv}; do
			echo "expect ok ${url% *} curl -sS https://${url#* }"
		done
		cat <<-'EOF2'
			eni create ENI1 vswitch VSW1 security-group SG1
			eni attach ENI1 ecs app
			load-balancer create LB1 vswitch VSW1
			vserver-group create G1 load-balancer LB1 port 443
			vserver-group add G1 ecs priv
			listener create L1 load-balancer LB1 port 443 vserver-group G1
			private-zone create Z1 domain corp.example vpc VPC1
			zone-record create R1 zone Z1 host intra value $priv
			zone-record create R2 zone Z1 host also type cname value intra.corp.example
			zone-record create R3 zone Z1 host other value $app
		EOF2
		for url in app\ {LB1,\$LB1,intra.corp.example,also.corp.example} web\ {ENI1,\$ENI1,localhost,127.0.0.1}; do
			echo "expect ok ${url% *} curl -sS https://${url#* }"
		done
		echo 'expect fail web curl -sS --resolve other.corp.example:443:$priv https://other.corp.example'
		echo 'expect fail client curl -sS --resolve web:443:$EIP2 https://web'
		echo 'expect fail client curl -sS --resolve EIP2:443:$EIP1 https://EIP2'
	} >"$LAB"
	lab_passes
}

@test "an https server learns a new name of its host while it runs, and forgets one, and no connection is cut" {
	NAME=names$$
	{
		three_hosts
		echo 'ecs create late vswitch VSW1 security-group SG1'
		echo 'service start late https'
	} >"$LAB"
	cat >"$BATS_TEST_TMPDIR/keep.py" <<-'EOF2'
		# One connection: a request at each line of standard input.
		import http.client, sys
		connection = http.client.HTTPSConnection("late")
		for line in sys.stdin:
		    connection.request("GET", "/")
		    print(connection.getresponse().read().decode(), flush=True)
		    connection.auto_open = 0
		print("all by one connection", flush=True)
	EOF2
	mkfifo "$BATS_TEST_TMPDIR/ask"
	"$VPCLAB" -q up "$NAME" "$LAB"
	pid=$("$VPCLAB" -q exec "$NAME" late -- pidof vpclab-service)
	exec 7<>"$BATS_TEST_TMPDIR/ask"
	"$VPCLAB" exec "$NAME" app -- python3 "$BATS_TEST_TMPDIR/keep.py" <"$BATS_TEST_TMPDIR/ask" >"$BATS_TEST_TMPDIR/said" 3>&- 7>&- &
	keeping=$!
	echo >&7
	eventually grep -q 'node late' "$BATS_TEST_TMPDIR/said"
	"$VPCLAB" -q -n "$NAME" -c 'eip create EIP3 dns new.example.com' -c 'eip associate EIP3 ecs late' \
		-c 'expect ok client curl -sS https://new.example.com' -c 'expect ok client curl -sS https://$EIP3' \
		-c 'eip disassociate EIP3' \
		-c 'expect fail client curl -sS --resolve new.example.com:443:$EIP2 https://new.example.com'
	[ "$("$VPCLAB" -q exec "$NAME" late -- pidof vpclab-service)" = "$pid" ]
	echo >&7
	exec 7>&-
	wait "$keeping"
	grep -q 'all by one connection' "$BATS_TEST_TMPDIR/said"
	[ "$(grep -c 'node late' "$BATS_TEST_TMPDIR/said")" -eq 2 ]
	"$VPCLAB" -q -n "$NAME" -c verify
	"$VPCLAB" -q down "$NAME"
}

@test "the names of an EIP are unique, go with it, and come back with save" {
	run "$VPCLAB" -j -c 'eip create EIP1 ip 203.0.113.9 dns a.example,b.example' -c 'eip'
	[ "$(jq -r '.[0].dns|join(" ")' <<<"$output")" = 'a.example b.example' ]
	for line in 'eip create EIP2 dns A.example' 'internet-host create x1 dns b.example' 'eip create EIP2 dns c.example,c.example' \
		'eip create EIP2 dns EIP2' 'eip create EIP2 dns 1.2.3.4'; do
		run "$VPCLAB" -c 'eip create EIP1 dns a.example,b.example' -c "$line"
		echo "$output"
		[ "$status" -eq 2 ]
		[[ $output == *InvalidDnsName* ]]
	done
	run "$VPCLAB" -c 'eip create EIP1 dns a.example' -c 'eip delete EIP1' -c 'eip create EIP2 dns a.example' -c save
	echo "$output"
	[[ $output == *'eip create EIP2 ip 203.0.113.1 dns a.example'* ]]
}

@test "a name that ends in .public and is somebody's own stays his" {
	three_hosts >"$LAB"
	echo 'internet-host create web.public' >>"$LAB"
	echo 'expect output 198.51.100. app getent hosts web.public' >>"$LAB"
	lab_passes
}

@test "ssh is a kind of service, on port 22" {
	cat >"$LAB" <<-'EOF2'
		internet-host create laptop
		internet-host create server
		service start server ssh
		service start server ssh port 2222
		expect reachable laptop -> server tcp 22
		expect output SSH-2.0- laptop bash -c 'read -r line </dev/tcp/server/2222; echo "$line"'
		expect error InvalidParameter service start server ssh port 2223 protocol udp
	EOF2
	lab_passes
	run "$VPCLAB" doctor
	[[ $output == *sshd* ]]
}

@test "with a real sshd one logs in by any name of the host, and its log has the lines" {
	PATH=$PWD/build/packages/usr/sbin:$PATH # by tests/lib/need-unpacked
	{
		three_hosts
		cat <<-'EOF2'
			service start {web,app} ssh
			expect output 'web root' client ssh web 'echo $(hostname) $(id -un)'
			expect output app client ssh root@EIP1 hostname
			expect output app client ssh $EIP1 hostname
			expect output app web ssh shop.example.com hostname
			expect fail client ssh app exit 3
			service log app ssh
		EOF2
	} >"$LAB"
	lab_passes
	[[ $output == *'Accepted publickey for root'* && $output != *'\x0d'* ]]
}

@test "explain, probe and trace take the names that the sender resolves: of zones and of instances (dns-7, dns-8)" {
	cat >"$LAB" <<-'END'
		provider aws
		vpc create V1 cidr 10.0.0.0/16
		vpc create V2 cidr 10.1.0.0/16
		vpc set V1 dns-hostnames on
		subnet create S1 vpc V1 cidr 10.0.1.0/24
		subnet create S2 vpc V2 cidr 10.1.1.0/24
		internet-gateway create IGW1
		internet-gateway attach IGW1 vpc V1
		route create R1 table V1/main to 0.0.0.0/0 via internet-gateway IGW1
		security-group create SG1 vpc V1
		security-group allow SG1 in all from 0.0.0.0/0
		instance create I1 subnet S1 ip 10.0.1.5 security-group SG1 public-ip auto
		instance create I2 subnet S1 security-group SG1
		instance create I3 subnet S2
		internet-host create H1 dns www.corp.example,ftp.corp.example
		service start I1 http
		service start H1 http
		hosted-zone create Z1 domain corp.example vpc V1
		record-set create R2 zone Z1 host www value 10.0.1.5
		record-set create R3 zone Z1 host shop type cname value www.corp.example
		record-set create R4 zone Z1 host mail type cname value ec2-203-0-113-1.compute-1.amazonaws.com
		expect reachable I2 -> www.corp.example seen-as $I2
		expect reachable I2 -> shop.corp.example seen-as $I2
		expect reachable I2 -> mail.corp.example seen-as $I2
		expect output 10.0.1.5 I2 getent ahostsv4 mail.corp.example
		expect reachable I2 -> ip-10-0-1-5.ec2.internal
		expect reachable I2 -> ec2-203-0-113-1.compute-1.amazonaws.com seen-as $I2
		expect reachable H1 -> ec2-203-0-113-1.compute-1.amazonaws.com seen-as $H1
		trace I2 -> shop.corp.example
	END
	lab_passes
	local to
	for to in ftp.corp.example nobody.corp.example ip-10-0-1-99.ec2.internal ec2-203-0-113-9.compute-1.amazonaws.com; do
		run "$VPCLAB" explain "$LAB" "I2 -> $to"
		echo "$output"
		[ "$status" -eq 2 ]
	done
	run "$VPCLAB" explain "$LAB" 'I2 -> ftp.corp.example'
	[[ $output == *'Z1 has no address for ftp.corp.example, and it answers in V1'* ]]
	"$VPCLAB" explain "$LAB" 'I3 -> www.corp.example' | grep -F 198.51.100.1
	run "$VPCLAB" explain "$LAB" 'H1 -> ip-10-0-1-5.ec2.internal'
	[ "$status" -eq 2 ]
}

@test "zones of a running lab: aliases are asked for, saved, shown and in the graph (dns-3)" {
	"$VPCLAB" -q up z - <<-'END'
		vpc create VPC1 cidr 192.168.0.0/16
		vswitch create VSW1 vpc VPC1 cidr 192.168.1.0/24
		ecs create E1 vswitch VSW1
		private-zone create Z1 domain corp.example vpc VPC1
		zone-record create R1 zone Z1 host @ value 192.168.1.1
		zone-record create R2 zone Z1 host www value 192.168.1.2
		zone-record create R3 zone Z1 host www value 192.168.1.3
	END
	"$VPCLAB" -n z -c verify -c 'expect output 192.168.1.1 E1 getent hosts corp.example' \
		-c 'expect output 192.168.1.2 E1 getent ahostsv4 www.corp.example' -c 'expect output 192.168.1.3 E1 getent ahostsv4 www.corp.example'
	"$VPCLAB" -n z -c 'zone-record create R4 zone Z1 host shop type cname value www.corp.example' -c verify \
		-c "expect output www.corp.example E1 $BATS_TEST_DIRNAME/lib/ask_dns.py 100.100.2.136 shop.corp.example" \
		-c 'expect output 192.168.1.2 E1 getent ahostsv4 shop.corp.example' -c 'zone-record delete R2' -c 'zone-record delete R3' \
		-c 'zone-record create R2 zone Z1 host www value 192.168.1.9' -c 'expect eventually output 192.168.1.9 E1 getent ahostsv4 shop.corp.example' -c verify
	"$VPCLAB" -n z -j -c 'zone-record show R4' | jq -e '.[0] == {name: "R4", zone: "Z1", host: "shop", type: "cname", value: "www.corp.example"}'
	"$VPCLAB" -n z -j -c 'private-zone show' | jq -e '.[0] == {name: "Z1", domain: "corp.example", vpc: ["VPC1"], subdomain_recursion: "off"}'
	"$VPCLAB" graph z | grep -F 'Z1: names in corp.example'
	"$VPCLAB" -n z -c save >"$BATS_TEST_TMPDIR/saved.lab"
	"$VPCLAB" validate "$BATS_TEST_TMPDIR/saved.lab"
	[ "$(grep -c '^zone-record' "$BATS_TEST_TMPDIR/saved.lab")" -eq 3 ]
	"$VPCLAB" -n z -c 'ecs delete E1' -c 'vswitch delete VSW1' -c 'vpc delete VPC1' -c verify -c 'private-zone delete Z1'
	"$VPCLAB" -q down z
}
