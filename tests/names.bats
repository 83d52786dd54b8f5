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
	[[ $output == *'priv.public'* ]]
}

@test "a certificate holds for every name and address by which its host can be reached, and for no other" {
	{
		three_hosts
		for url in client\ {web,web.public,\$web.public,app,EIP1,\$EIP1,www.example.com,EIP2,api.example.com} app\ {web,\$web,priv,\$priv}; do
			echo "expect ok ${url% *} curl -sS https://${url#* }"
		done
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
