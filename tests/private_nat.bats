# SPDX-License-Identifier: GPL-3.0-only
# VPC NAT gateways of Alibaba Cloud, between two VPCs with the same addresses: what is said of them without a packet. What packets
# do is in facts.txt, overlapping-vpcs.lab and make prove.

load lib/common

# The lesson's lab without its checks and services, which make no difference to it.
lesson() {
	grep -vE '^(expect|service|#)' topologies/overlapping-vpcs.lab >"$LAB"
	echo 'service start shop http' >>"$LAB"
}

# without|with LINE CODE HOP CAUSE CURE: the lesson without such a line, or with one more.
says() {
	local text
	case $1 in
	without) text=$(grep -v "^$2" "$LAB") ;;
	*) text=$(cat "$LAB" && echo "$2") ;;
	esac
	"$VPCLAB" -j explain - 'client -> NAT-B' <<<"$text" >"$BATS_TEST_TMPDIR/explained.json"
	run -0 jq -r '"\(.code) \(.hop)", .cause, (.cure | join("; "))' "$BATS_TEST_TMPDIR/explained.json"
	echo "$output"
	[[ ${lines[0]} == "$3" && ${lines[1]} == *"$4"* && ${lines[2]} == "$5" ]]
}

# cloud-semantics: pnat-5
@test "explain: each thing that is missing between two VPCs has its cause and its cure" {
	lesson
	run -0 "$VPCLAB" explain "$LAB" 'client -> NAT-B'
	[[ $output == *"reachable, seen as 172.16.0.1 (NAT-A)"* ]]
	says without 'snat create' 'NO_SNAT_ENTRY NAT-A' 'no SNAT entry that covers client' \
		'snat create snat1 nat-gateway NAT-A source ecs client nat-ip NAT-A/default'
	says without 'dnat create dnat-b ' 'NO_DNAT_ENTRY NAT-B' 'no DNAT entry for NAT-B/default tcp 80' \
		'dnat create dnat1 nat-gateway NAT-B nat-ip NAT-B/default protocol tcp public-port 80 to shop private-port 80'
	says without 'route create to-b ' 'NO_ROUTE VPC1' 'between the two NAT-A has to translate' \
		'route create Route1 table apps-a-rt to 10.0.0.0/16 via nat-gateway NAT-A'
	says without 'route create to-a ' 'NO_ROUTE VPC2' 'the answer has no way back: apps-b-rt' \
		'route create Route1 table apps-b-rt to 172.16.0.0/16 via nat-gateway NAT-B'
	says without 'route create on-a ' 'NO_ROUTE VPC1' 'the route table of edge-a, does not lead to NAT-B/default' \
		'route create Route1 table VPC1/system to 10.0.0.0/16 via attachment ATT-A'
	says with 'route set to-a via attachment ATT-B' 'RETURN_PATH NAT-A' 'the request came in through NAT-B, but apps-b-rt' \
		'route delete to-a; route create Route1 table apps-b-rt to 172.16.0.0/24 via nat-gateway NAT-B'
	says with 'route set on-a via nat-gateway NAT-A' 'UNREACHABLE_ADDRESS NAT-A' 'leads back to the gateway itself by the route on-a' \
		'route-table create VTB1 vpc VPC1; route create Route2 table VTB1 to 10.0.0.0/24 via attachment ATT-A; route-table associate VTB1 vswitch edge-a'
}

@test "reach, lint, completion, show and the grammar know NAT IPs" {
	lesson
	run -0 "$VPCLAB" reach "$LAB" 'VPC1 -> VPC2 tcp'
	[[ $output == *"VPC1 -> NAT-B/default tcp 80, at shop, seen as NAT-A"* ]]
	run -0 "$VPCLAB" lint "$LAB"
	[[ $output != *"entry-unused"* ]]
	{ cat "$LAB"; echo 'snat create s2 nat-gateway NAT-A source ecs client eip E1 nat-ip NAT-A/default'; } >"$BATS_TEST_TMPDIR/twice.lab"
	run -2 "$VPCLAB" validate "$BATS_TEST_TMPDIR/twice.lab"
	[[ $output == *"nat-ip is one choice of several"* ]]
	run -0 "$VPCLAB" -q -c 'help snat create'
	[[ $output == *"NAME|CIDR eip NAME[,NAME]...|nat-ip NAME[,NAME]... [affinity on|off]"* ]]
	run -0 "$VPCLAB" -q -c "include $LAB" -c 'nat-ip show NIP-B' -c 'snat'
	[[ $output == *"NIP-B"*"10.200.0.1"*"10.200.0.0/24"* ]]
	[[ $output == *"NAT-A/default"* ]]
}
