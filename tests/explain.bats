# SPDX-License-Identifier: GPL-3.0-only
# explain, matrix and `expect blocked ... because`: what they say, in words and as data, and that it is so.

load lib/common

setup() {
	DESIGN=topologies/two-nat-gateways.lab
}

@test "explain says the verdict first, then each hop, within 80 columns" {
	run "$VPCLAB" explain "$DESIGN" 'ECS1 -> EIP2 tcp 80'
	[ "$status" -eq 0 ]
	[ "${lines[0]}" = 'ECS1 -> EIP2 tcp 80: reachable, seen as 203.0.113.1 (EIP1)' ]
	[[ $output == *'* NAT1      snat       SNAT entry snat1: EIP1'* ]]
	[[ $output == *'* NAT2      dnat       DNAT entry dnat1'* ]]
	[[ $output == *'The way back'* ]]
	run awk 'length > 80' <<<"$output"
	[ -z "$output" ]
}

@test "in a narrow terminal what decided a hop stands below it" {
	run script -qec "stty columns 30; '$VPCLAB' --color never explain topologies/two-nat-gateways.lab 'ECS1 -> EIP2'" /dev/null
	tr -d '\r' <<<"$output" >"$BATS_TEST_TMPDIR/page"
	grep -A 2 -x '  VPC1      route' "$BATS_TEST_TMPDIR/page" | grep -x '    VTB1 Route1: 0.0.0.0/0 via'
	run -1 grep -v -e '^ *tcp ' -e '^.\{0,30\}$' <(sed 1d "$BATS_TEST_TMPDIR/page")
}

@test "blocked: where, the code, the cause, and a cure that cures when it is pasted" {
	grep -v '^snat create\|^expect' "$DESIGN" >"$LAB"
	run "$VPCLAB" explain "$LAB" ECS1 '->' EIP2
	[ "$status" -eq 0 ]
	[ "${lines[0]}" = 'ECS1 -> EIP2 tcp 80: blocked at NAT1, NO_SNAT_ENTRY' ]
	[[ $output == *'x NAT1'*'drop'* ]]
	[[ $output != *'The way back'* ]]
	"$VPCLAB" -j explain "$LAB" 'ECS1 -> EIP2' | jq -r '.cure[]' >"$BATS_TEST_TMPDIR/cure"
	[ -s "$BATS_TEST_TMPDIR/cure" ]
	cat "$BATS_TEST_TMPDIR/cure" >>"$LAB"
	echo 'expect reachable ECS1 -> EIP2 seen-as EIP1' >>"$LAB"
	run "$VPCLAB" run "$LAB"
	[ "$status" -eq 0 ]
}

@test "explain needs neither privilege nor kernel" {
	command -v strace >/dev/null || skip 'no strace'
	ASAN_OPTIONS=detect_leaks=0 run strace -f -o "$BATS_TEST_TMPDIR/trace" -e trace=unshare,clone,clone3,fork,vfork,setns,mount,socket \
		"$VPCLAB" explain "$DESIGN" 'ECS1 -> EIP2'
	[ "$status" -eq 0 ]
	run grep '(' "$BATS_TEST_TMPDIR/trace"
	[ -z "$output" ]
}

@test "JSON has the keys of the contract" {
	"$VPCLAB" -j explain "$DESIGN" 'ECS1 -> EIP2' >"$BATS_TEST_TMPDIR/json"
	run jq -c 'keys_unsorted' "$BATS_TEST_TMPDIR/json"
	[ "$output" = '["flow","verdict","code","hop","cause","cure","cures","seen_as","forward","return","assumed"]' ]
	run jq -c '.flow, .verdict, .code, .seen_as' "$BATS_TEST_TMPDIR/json"
	[ "${lines[0]}" = '{"from":"ECS1","to":"EIP2","destination":"203.0.113.2","protocol":"tcp","port":80}' ]
	[ "${lines[1]}" = '"reachable"' ]
	[ "${lines[2]}" = null ]
	[ "${lines[3]}" = '"203.0.113.1"' ]
	run jq -c '.forward[3]' "$BATS_TEST_TMPDIR/json"
	[ "$output" = '{"node":"NAT1","in":{"src":"192.168.1.1","sport":null,"dst":"203.0.113.2","dport":80,"protocol":"tcp"},"action":"snat","rule":{"type":"snat","name":"snat1","eip":"EIP1","text":"SNAT entry snat1: EIP1"},"out":{"src":"203.0.113.1","sport":null,"dst":"203.0.113.2","dport":80,"protocol":"tcp"}}' ]
	run jq -r '.return[-1].node' "$BATS_TEST_TMPDIR/json"
	[ "$output" = ECS1 ]
	"$VPCLAB" -j explain "$DESIGN" 'ECS2 -> EIP1' >"$BATS_TEST_TMPDIR/json"
	run jq -c '.verdict, .code, .hop, .seen_as, .forward[-1].out, .return' "$BATS_TEST_TMPDIR/json"
	[ "${lines[*]}" = '"blocked" "NO_SNAT_ENTRY" "NAT2" null null []' ]
}

@test "a mistake in the file, or in the flow, is told with its place and exits with 2" {
	echo 'vpc create VPC1 cidr 300.0.0.0/8' >"$LAB"
	run "$VPCLAB" explain "$LAB" 'ECS1 -> EIP2'
	[ "$status" -eq 2 ]
	[[ $output == *"$LAB:1:"* ]]
	run "$VPCLAB" explain "$DESIGN" 'ECS1 -> EIP7'
	[ "$status" -eq 2 ]
	[[ $output == *'did you mean EIP'* ]]
	run "$VPCLAB" explain "$DESIGN" 'ECS1 EIP2'
	[ "$status" -eq 2 ]
	run "$VPCLAB" explain "$DESIGN"
	[ "$status" -eq 2 ]
}

@test "odd flows have an answer, and a real probe agrees" {
	{
		grep -v '^expect' "$DESIGN"
		echo 'internet-host create client'
		echo 'expect blocked ECS1 -> 192.168.1.99 icmp because UNREACHABLE_ADDRESS'
		echo 'expect blocked ECS1 -> 192.168.1.255 icmp because UNREACHABLE_ADDRESS'
		echo 'expect reachable ECS1 -> 192.168.1.253 icmp seen-as ECS1'
		echo 'expect reachable ECS1 -> VSW1 icmp seen-as ECS1'
		echo 'expect reachable ECS1 -> VSW2 icmp'
		echo 'expect blocked ECS1 -> NAT1 icmp because UNREACHABLE_ADDRESS'
		echo 'expect reachable ECS1 -> ECS1 icmp'
		echo 'expect blocked ECS1 -> ECS1 because NOT_LISTENING'
		echo 'expect blocked ECS1 -> 8.8.8.8 because UNREACHABLE_ADDRESS'
		echo 'expect blocked client -> ECS1 because UNREACHABLE_ADDRESS'
		echo 'expect reachable VPC1 -> ECS2'
		echo 'expect blocked VPC1 -> client because NO_ROUTE'
		echo 'expect reachable VSW1 -> client icmp seen-as EIP1'
		echo 'expect blocked NAT1 -> client icmp because RETURN_PATH'
		echo 'expect reachable internet -> client icmp'
		echo 'expect blocked internet -> EIP2 because UNREACHABLE_ADDRESS'
		echo 'service stop ECS2 web'
		echo 'expect blocked ECS1 -> EIP2 because NOT_LISTENING'
	} >"$LAB"
	lab_passes
	[[ ${lines[-1]} == '17 passed, 0 failed' ]]
}

@test "what an address is that nobody has, in words; and trace says the same" {
	{
		grep -v '^expect' "$DESIGN"
		echo 'internet-host create client dns www.example.com'
		echo 'route create R1 table VTB1 to 9.9.9.0/24 via ecs ECS1'
	} >"$LAB"
	says() { # FLOW WORDS
		[[ $("$VPCLAB" explain "$LAB" "$1" | head -n 3 | tr -s ' \n' ' ') == *UNREACHABLE_ADDRESS*"$2"* ]]
		"$VPCLAB" -q -c "include $LAB" -c "trace $1"
	}
	says 'ECS1 -> 192.168.1.255' 'its broadcast address'
	says 'ECS1 -> 192.168.1.255 udp 53' 'its broadcast address'
	says 'ECS1 -> 192.168.2.255 icmp' 'reserved by the cloud'
	says 'ECS1 -> 192.168.1.254' 'reserved by the cloud'
	says 'ECS1 -> 192.168.1.0' 'reserved by the cloud'
	says 'ECS1 -> 192.168.1.77' 'nobody in VSW1 holds the address'
	says 'ECS1 -> 192.168.7.7' 'in the range of VPC1, 192.168.0.0/16, but in no vSwitch of it'
	says 'ECS1 -> 100.100.2.137' 'the cloud has its own services'
	says 'ECS1 -> 169.254.169.254' 'link-local'
	says 'ECS1 -> 10.1.2.3' 'a private address, which nobody on the internet has'
	says 'client -> 192.168.1.1' 'a private address'
	says 'ECS1 -> 8.8.8.8' 'nobody on the internet has the address'
	says 'VSW1 -> 9.9.9.9' 'VSW1 sent it itself, and the route R1 leads it to ECS1, which is in VSW1'
}

@test "a NAT instance whose own table leads to itself gets back what it sent, and explain and trace say so" {
	cat >"$LAB" <<-'END'
		vpc create VPC1 cidr 10.0.0.0/16
		vswitch create VSW1 vpc VPC1 cidr 10.0.1.0/24
		sg create SG1 vpc VPC1
		ecs create ECS1 vswitch VSW1 security-group SG1
		internet-host create site
		route create R1 table VPC1/system to 0.0.0.0/0 via ecs ECS1
		ECS1 sysctl -qw net.ipv4.ip_forward=1
		expect blocked ECS1 -> site because UNREACHABLE_ADDRESS
		trace ECS1 -> site
	END
	lab_passes
	[[ $(tr -s '\n ' ' ' <<<"$output") == *'Explain says the same: UNREACHABLE_ADDRESS, ECS1 sent it itself and gets it back'* ]]
}

@test "a name that is none, or is no end of a flow, is told by explain, probe and trace alike" {
	{
		grep -v '^expect' "$DESIGN"
		echo 'internet-host create client dns www.example.com'
	} >"$LAB"
	refused() { # FLOW WORDS
		for command in explain probe trace; do
			run -2 "$VPCLAB" -q -c "include $LAB" -c "$command $1"
			[[ $(tr -s ' \n' ' ' <<<"$output") == *$2* ]] # a pattern
		done
	}
	refused 'ECS1 -> ECS9' 'ECS9 is no node, EIP, ENI, DNS name or address'*'did you mean ECS1?'
	refused 'ECS9 -> ECS1' 'there is no node named ECS9'*'did you mean ECS1?'
	refused 'ECS1 -> www.exmaple.com' 'did you mean www.example.com?'
	refused 'EIP1 -> ECS1' 'EIP1 is an EIP, not a node that packets can start from'
	refused 'ECS1 -> snat1' 'snat1 has no address of its own'
	refused 'ECS1 -> dnat1' 'dnat1 has no address of its own'
	refused 'ECS1 -> 0.0.0.0' '0.0.0.0 is not the address of a host'
	refused 'ECS1 -> 240.0.0.1' 'is not the address of a host*hint: name a host'
}

@test "because: the wrong code fails and says the right one; a code that is none is refused" {
	{
		cat "$DESIGN"
		echo 'expect blocked ECS2 -> EIP1 because HAIRPIN'
	} >"$LAB"
	run "$VPCLAB" run "$LAB"
	[ "$status" -eq 1 ]
	[[ $output == *'not because of HAIRPIN: NO_SNAT_ENTRY at NAT2'* ]]
	echo 'expect blocked ECS2 -> EIP1 because NO_RUOTE' >>"$LAB"
	run "$VPCLAB" validate "$LAB"
	[ "$status" -eq 2 ]
	[[ $output == *'NO_ROUTE'* ]]
}

@test "because: what the guest itself blocks, and what of it nobody understands" {
	{
		cat "$DESIGN"
		echo "ECS2 nft 'add table ip mine; add chain ip mine in { type filter hook input priority 0; policy drop; }'"
		echo 'expect blocked ECS1 -> EIP2 because HOST_FIREWALL'
		echo "ECS2 nft 'add chain ip mine in { policy accept; }; add rule ip mine in meta mark 0 drop'"
		echo 'expect blocked ECS1 -> EIP2 because NOT_LISTENING'
	} >"$LAB"
	run -1 "$VPCLAB" run "$LAB"
	[[ $(tr -s ' \n' ' ' <<<"$output") == *'it was blocked, but not because of NOT_LISTENING: nothing in the configuration blocks it; not understood: rule 1 of chain in (nftables table ip mine) in ECS2'*', 1 failed'* ]]
}

@test "an expectation that fails is told why" {
	{
		cat "$DESIGN"
		echo 'expect within 0.1 reachable ECS2 -> EIP1'
	} >"$LAB"
	run "$VPCLAB" run "$LAB"
	[ "$status" -eq 1 ]
	[[ $output == *'NO_SNAT_ENTRY at NAT2'* ]]
}

@test "the matrix has a mark for each pair and a legend with the codes" {
	run "$VPCLAB" -q -c "include $DESIGN" -c 'matrix'
	[ "$status" -eq 0 ]
	[[ $output == *'      ECS1  ECS2  EIP1  EIP2'* ]]
	[[ $output == *'ECS1     .     +     h     +'* ]]
	[[ $output == *'ECS2     i     .     s     h'* ]]
	[[ $output == *'NO_SNAT_ENTRY: '* ]]
	[[ $output == *'SG_INGRESS: '* ]]
	[[ $output == *'.       2  itself'* ]]
}

@test "the matrix of many hosts has a mark a host, in groups of ten; one for what is blocked now and then" {
	cat >"$LAB" <<-'END'
		provider aws
		vpc create VPC1 cidr 10.0.0.0/16
		subnet create S1 vpc VPC1 cidr 10.0.1.0/24
		sg create SG1 vpc VPC1
		sg allow SG1 in tcp 80-81 from 0.0.0.0/0
		instance create I{1..21} subnet S1 security-group SG1
		service start I{1..21} http
		load-balancer create NLB1 subnet S1
		target-group create TG1 vpc VPC1 port 80
		target-group register TG1 instance I1,I2
		listener create L1 load-balancer NLB1 port 80 target-group TG1
	END
	run -0 "$VPCLAB" -q -c "include $LAB" -c 'matrix'
	[ "${lines[1]}" = '       1          11         21' ]
	[ "${lines[2]}" = ' 1 I1  .+++++++++ ++++++++++ +~' ]
	[ "${lines[22]}" = '21 I21 ++++++++++ ++++++++++ .+' ]
	[[ $output == *$'\n22 NLB1\n'* && $output == *$'\n~       2  now and then: '* ]]
	run -0 "$VPCLAB" -q -c "include $LAB" -c 'matrix tcp 81'
	[[ $output == *$'\nv      21  NO_LISTENER: '* ]]
	run -0 bash -c "'$VPCLAB' -q -j -c 'include $LAB' -c matrix | jq -c '.[] | select(.sometimes) | [.from, .to, .code]'"
	[ "$output" = $'["I1","NLB1","HAIRPIN"]\n["I2","NLB1","HAIRPIN"]' ]
}

@test "the matrix as data, for each protocol" {
	grep -v '^expect' "$DESIGN" >"$LAB"
	run bash -c "'$VPCLAB' -j -c 'include $LAB' -c 'matrix icmp' | jq -r '.[] | select(.verdict == \"blocked\") | \"\(.from) \(.to) \(.code)\"'"
	[ "${lines[0]}" = 'ECS1 ECS2 SG_INGRESS' ]
	[ "$status" -eq 0 ]
	run bash -c "'$VPCLAB' -j -c 'include $LAB' -c 'matrix udp 53' | jq 'length'"
	[ "$output" = 6 ]
	for words in udp tcp 80 'icmp 80' 'tcp 80 udp 53' 'tcp 80-90'; do
		run -2 "$VPCLAB" -c "include $LAB" -c "matrix $words"
	done
}

@test "matrix --live probes each pair; what somebody changed by hand is marked" {
	run "$VPCLAB" -q -c "include $DESIGN" -c 'matrix --live'
	[ "$status" -eq 0 ]
	[[ $output == *'not as predicted'* ]]
	[[ $output != *'!   [1-9]'* ]]
	run "$VPCLAB" -q -c "include $DESIGN" -c 'NAT1 nft flush ruleset' -c 'matrix --live'
	[ "$status" -eq 1 ]
	[[ $output == *'+T!'* ]]
	[[ $output == *'! ECS1 -> EIP2: predicted reachable, but the probe was timed out'* ]]
	{
		echo 'vpc create VPC1 cidr 10.0.0.0/16'
		echo 'vswitch create VSW1 vpc VPC1 cidr 10.0.1.0/24'
		for i in 1 2 3 4 5 6; do echo "ecs create H$i vswitch VSW1"; done
	} >"$BATS_TEST_TMPDIR/many.lab"
	run -1 "$VPCLAB" -q -c "include $BATS_TEST_TMPDIR/many.lab" -c "VSW1 nft 'add table ip mine; add chain ip mine f { type filter hook forward priority -10; policy drop; }'" -c 'matrix --live icmp'
	[ "$(grep -c '^! H' <<<"$output")" -eq 20 ]
	[[ $output == *$'\n! and 10 more'* ]]
	run bash -c "'$VPCLAB' -q -j -c 'include $LAB' -c 'matrix --live' | jq -r 'map(select(.differs)) | length'"
	[ "$output" = 0 ] || [ ! -e "$LAB" ]
}

@test "both are in help and completion" {
	run "$VPCLAB" complete -c 'expl'
	[[ $output == *explain* ]]
	run "$VPCLAB" -c 'help matrix'
	[ "$status" -eq 0 ]
	[[ $output == *$'\n  tcp     to this port; tcp 80 if nothing is given'*$'\n  --live  try each pair'* ]]
	run "$VPCLAB" complete explain ''
	[ "$status" -eq 0 ]
}

@test "the proof, a few flows of it" {
	[ -x "${VPCLAB_BUILD:-build}/prove" ] || skip 'make prove builds it'
	run "${VPCLAB_BUILD:-build}/prove" 240 1
	[ "$status" -eq 0 ]
	[[ $output == *'agree on all of them'* ]]
}

@test "TCP 25 is closed to the internet, not within the VPC" { # cloud-semantics: sg-9, addr-16
	cat >"$LAB" <<-'LAB'
		vpc create VPC1 cidr 192.168.0.0/16
		vswitch create VSW1 vpc VPC1 cidr 192.168.1.0/24
		ecs create ECS1 vswitch VSW1
		ecs create ECS2 vswitch VSW1 public-ip auto
		internet-host create mx
		sg allow VPC1/default in tcp 25 from 0.0.0.0/0
		service start mx echo protocol tcp port 25
		service start mx echo protocol tcp port 587
		service start ECS2 echo protocol tcp port 25
		nat-gateway create NAT1 vpc VPC1 vswitch VSW1
		eip create EIP1
		eip associate EIP1 nat-gateway NAT1
		snat create snat1 nat-gateway NAT1 source vswitch VSW1 eip EIP1
		expect blocked ECS1 -> mx tcp 25 because SMTP_CLOSED
		expect blocked ECS2 -> mx tcp 25 because SMTP_CLOSED
		expect reachable ECS1 -> mx tcp 587
		expect reachable ECS1 -> ECS2 tcp 25
	LAB
	lab_passes
	"$VPCLAB" explain "$LAB" 'ECS1 -> mx tcp 25' | grep -q 'mail goes out by port 465 or 587'
}
