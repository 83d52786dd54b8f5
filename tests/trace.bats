# trace sends a real packet and tells its way from the kernel's own trace events. It and explain agree, wherever the packet
# ends; and where somebody has changed the lab by hand, it says that they do not.

load lib/common
load lib/two_gateways

# trace STATUS FLOW: in the lab on standard input; the answer as JSON in $output
trace() {
	local status=$1
	shift
	cat >"$LAB"
	echo "trace $*" >>"$LAB"
	run "-$status" --separate-stderr "$VPCLAB" run -q -j "$LAB"
	output=$(jq -cs 'map(select(type == "object" and has("forward"))) | last' <<<"$output")
	echo "$output"
}

# says FILTER: the answer passes it
says() {
	jq -e "$1" <<<"$output" >/dev/null
}

# dies_at NODE CODE [FLOW]: blocked there, and explain says the same, for that reason
dies_at() {
	local node=$1 code=$2
	trace 0 "${3:-ECS1 -> EIP2}"
	says ".verdict == \"blocked\" and .hop == \"$node\" and .code == \"$code\" and .agrees and .complete"
}

NODES='internet VPC1 VSW1 VSW2 NAT1 NAT2 ECS1 ECS2'

@test "the two gateways: SNAT at the first, DNAT at the second, and turned round on the way back" {
	trace 0 'ECS1 -> EIP2' < <(design)
	says '.verdict == "reachable" and .agrees and .complete and .seen_as == "203.0.113.1"'
	says '[.forward[].node] == ["ECS1", "VSW1", "VPC1", "NAT1", "internet", "NAT2", "VPC1", "VSW2", "ECS2"]'
	says '[.return[].node] == ["ECS2", "VSW2", "VPC1", "NAT2", "internet", "NAT1", "VPC1", "VSW1", "ECS1"]'
	says '.forward[3] | .action == "snat" and .in.src == "192.168.1.10" and .out.src == "203.0.113.1"
		and (.rule | contains("snat1") and contains("snat to 203.0.113.1"))'
	says '.forward[5] | .action == "dnat" and .in.dst == "203.0.113.2" and .out.dst == "192.168.2.10" and (.rule | contains("dnat1"))'
	says '.forward[7].rule | contains("in.SG2") and contains("80 accept")'
	says '.return[5] | .action == "translate" and .in.dst == "203.0.113.1" and .out.dst == "192.168.1.10"'
	# As they happened: the times go up, hop by hop, there and back.
	says '[.forward[].at, .return[].at] | . == sort and .[0] == 0 and .[-1] > 0'
}

@test "in words" {
	{
		design
		echo 'trace ECS1 -> EIP2'
	} >"$LAB"
	run -0 "$VPCLAB" run -q "$LAB"
	[[ $output == *'ECS1 -> EIP2 tcp 80: reached in '*' ms, seen as 203.0.113.1 (EIP1)'* ]]
	[[ $output == *'Explain says the same'* ]]
	[[ $(tr -s ' \n' ' ' <<<"$output") == *'The way there '*'* NAT1 snat SNAT entry snat1, by chain snat.snat1: snat to 203.0.113.1; from'*'The way back '* ]]
}

@test "a ping and a datagram" {
	trace 0 'ECS1 -> ECS2 icmp' < <(design; echo 'sg allow SG2 in icmp from 0.0.0.0/0')
	says '.verdict == "reachable" and .agrees and [.forward[].node] == ["ECS1", "VSW1", "VPC1", "VSW2", "ECS2"]'
	trace 0 'ECS1 -> ECS2 udp 7000' < <(
		design
		echo 'sg allow SG2 in udp 7000 from 0.0.0.0/0'
		echo 'service start ECS2 echo protocol udp port 7000'
	)
	says '.verdict == "reachable" and .agrees and (.return | length) == 5'
}

@test "without Route2 the answer dies where explain says" {
	dies_at VPC1 NO_ROUTE < <(design | grep -v Route2)
}

@test "with VSW2 on the other table the answer dies at the other gateway" {
	dies_at NAT1 RETURN_PATH < <(design | sed 's/associate VTB2 vswitch VSW2/associate VTB1 vswitch VSW2/')
	says '(.forward[-1].node == "ECS2") and (.return[-1] | .out == null and (.rule | contains("ct state invalid drop")))'
}

@test "one gateway for both entries: hairpin" {
	dies_at NAT1 HAIRPIN < <(design | sed 's/NAT2/NAT1/g' | grep -v 'nat-gateway create NAT1 vpc VPC1 vswitch VSW2')
}

@test "no SNAT entry, no DNAT entry" {
	dies_at NAT1 NO_SNAT_ENTRY < <(design | grep -v '^snat')
	says '.forward[-1].rule | contains("chain untranslated")'
	dies_at NAT2 NO_DNAT_ENTRY < <(design | grep -v '^dnat')
}

@test "security groups, and a port on which nothing listens" {
	dies_at VSW2 SG_INGRESS < <(design | grep -v '^sg allow')
	says '.forward[-1].rule | contains("in.SG2") and contains("drop")'
	dies_at VSW1 SG_EGRESS < <(design; echo 'sg drop SG1 out all to 0.0.0.0/0')
	dies_at ECS2 NOT_LISTENING < <(design | grep -v '^service start ECS2')
	says '.answer == "refused"'
}

@test "flows that lead nowhere, and from routers" {
	for flow in 'ECS1 -> 192.168.2.77' 'ECS1 -> 192.168.9.9' 'ECS1 -> 198.51.100.99' 'VPC1 -> ECS2' 'NAT1 -> EIP2' \
		'VSW1 -> ECS1 icmp' 'ECS1 -> ECS1' 'internet -> EIP2' 'ECS1 -> 127.0.0.1'; do
		echo "$flow"
		trace 0 "$flow" < <(design)
		says '.agrees and .complete'
	done
}

@test "what somebody has changed by hand makes trace and explain differ, and it says so" {
	{
		design
		echo 'NAT1 nft flush chain ip vpclab snat.snat1'
		echo 'trace ECS1 -> EIP2'
	} >"$LAB"
	run -0 "$VPCLAB" run -q "$LAB"
	[[ $(tr -s ' \n' ' ' <<<"$output") == *'On the way there it ended at NAT1, where explain has it go on (SNAT entry snat1: EIP1)'* ]]
	trace 0 'ECS1 -> EIP2' < <(design; echo 'VPC1 ip rule add pref 1 blackhole')
	says '(.agrees | not) and .code == null and .hop == "VPC1" and .cause != null and (.differences | length) > 0'
	trace 0 'ECS1 -> EIP2' < <(design; echo 'VSW2 nft insert rule ip vpclab in.SG2 drop')
	says '(.agrees | not) and .code == null and .hop == "VSW2" and (.forward[-1].rule | contains("not as the lab made it"))'
}

@test "nothing is left behind, and verify finds nothing" {
	{
		design
		echo 'trace ECS1 -> EIP2'
		echo 'trace ECS1 -> EIP2 udp 99'
		for node in $NODES; do
			echo "$node nft list tables"
		done
		echo verify
	} >"$LAB"
	run -0 "$VPCLAB" run "$LAB"
	[[ $output != *vpclab-trace* ]]
	[[ $output == *'the kernel is as the lab has it'* ]]
}
