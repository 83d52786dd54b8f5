# SPDX-License-Identifier: GPL-3.0-only
# The kernel against the model: whatever somebody does to a lab by hand is found, named with its resource, and mended.
# shellcheck disable=SC2154 # output, stderr and status are of run

load lib/common

setup() {
	NAME=verify$$-$BATS_TEST_NUMBER
	{
		grep -v -e '^expect' topologies/two-nat-gateways.lab
		cat <<-'END'
			eip create EIP3
			eip create EIP4
			eip associate EIP3 nat-gateway NAT1
			ecs create ECS3 vswitch VSW1 public-ip auto
			snat create pool nat-gateway NAT1 source cidr 192.168.2.64/26 eip EIP1,EIP3
			internet-host create client
			service start client http
		END
	} >"$LAB"
	"$VPCLAB" -q up "$NAME" "$LAB"
	dump >"$BATS_TEST_TMPDIR/before"
}

teardown() {
	"$VPCLAB" -q down "$NAME" 2>/dev/null || :
}

# lab LINE, or lab 'within SHELL COMMANDS': where vpclab itself works
lab() {
	case $1 in
	'within '*) within "$NAME" sh -c "${1#within }" ;;
	*) "$VPCLAB" -n "$NAME" -c "$1" ;;
	esac
}

dump() {
	within "$NAME" "$PWD/tests/lib/dump-lab" "$@" | grep -v '/service/'
}

# mended [TEXT]: all is as it was, or the namespaces that are words of the text
mended() {
	awk -v "text=${1:-}" '/^== / { on = !text || $2 ~ /^(files|services)$/ || text ~ ("(^|[^A-Za-z0-9_])" $2 "([^A-Za-z0-9_]|$)") } on' "$BATS_TEST_TMPDIR/before" |
		diff - <(dump "$@")
}

# damage PATTERN COMMAND...: after the commands verify says a line with the pattern; once mended, nothing is left of it
damage() {
	local pattern=$1 command
	shift
	for command; do
		lab "$command" >/dev/null
	done
	echo "after: $*"
	run "-${verdict:-1}" lab verify
	echo "$output"
	# shellcheck disable=SC2053 # a pattern it is
	[[ $output == $pattern ]]
	run -0 lab 'verify --repair'
	[[ $output != *still* ]]
	run -0 lab verify
	mended "$pattern $*"
}

# The same in a host, by its user: it is told, is no fault, and can be mended.
by_hand() {
	verdict=0 damage "$@"
}

@test "the rules of nft read in the cloud's terms" {
	run -0 lab 'NAT1 nft list ruleset'
	[[ $output == *'192.168.1.0 comment "SNAT entry snat1: EIP1" : goto snat.snat1'* ]]
	[[ $output == *'comment "SNAT entry pool: one of 2 EIPs by the connection'\''s hash"'* ]]
	run -0 lab 'NAT2 nft list map ip vpclab dnat_port'
	[[ $output == *'tcp . 80 comment "DNAT entry dnat1" : 192.168.2.1 . 80'* ]]
	run -0 lab 'VSW2 nft list chain ip vpclab in.SG2'
	[[ $output == *'tcp dport 80 accept comment "SG2 rule 1: allow in tcp 80 from 0.0.0.0/0"'* ]]
	[[ $output == *'drop comment "SG2: in, denied unless a rule allows it"'* ]]
	run -0 lab 'show linux ECS3'
	[[ $output == *'inbound { 203.0.113.'*' comment "the public address of ECS3" : 192.168.1.'* ]]
}

# pool_rules MAP: what makes the rules of the SNAT entry pool anew, by hand, with the EIPs of the map
pool_rules() {
	local add='NAT1 nft add rule ip vpclab snat.pool' to
	to="snat to jhash ip saddr . ip daddr . th sport . th dport . meta l4proto mod 2 seed 0x0 map { $1 }"
	printf '%s\n' 'NAT1 nft flush chain ip vpclab snat.pool' "$add meta l4proto tcp $to:1025-65535" "$add meta l4proto udp $to:1025-65535" "$add $to"
}

@test "nothing is found in a lab that nobody touched; nor after changes" {
	run -0 --separate-stderr lab verify
	[ -z "$output" ]
	lab 'eip disassociate EIP3 force'
	lab 'snat set pool eip EIP1'
	lab 'ecs delete ECS3'
	run -0 --separate-stderr lab verify
	[ -z "$output" ]
	[ "$("$VPCLAB" -n "$NAME" -j -c verify)" = '[]' ]
}

@test "connections that a gateway counts are no difference" {
	lab 'probe ECS1 -> client'
	lab 'probe ECS1 -> EIP2'
	lab verify
}

@test "nftables: the table, a set, a chain, a rule, an element, a policy, another table" {
	damage '*NAT gateway NAT1: nft table ip vpclab in NAT1 is missing, with what is in it of *EIP EIP1*' 'NAT1 nft flush ruleset'
	damage '*NAT gateway NAT1: nft table ip vpclab in NAT1 differs: it is dormant*' 'NAT1 nft add table ip vpclab { flags dormant; }'
	damage '*EIP EIP1: element 203.0.113.1 of nft set eip in NAT1 is missing*' 'NAT1 nft delete element ip vpclab eip { 203.0.113.1 }'
	damage '*NAT gateway NAT1: element 192.0.2.1 of nft set eip in NAT1 does not belong here*' \
		'NAT1 nft add element ip vpclab eip { 192.0.2.1 }'
	damage '*DNAT entry dnat1: element 203.0.113.2 . tcp . 80 of nft set dnat_port in NAT2 differs: it leads elsewhere*' \
		'NAT2 nft delete element ip vpclab dnat_port { 203.0.113.2 . tcp . 80 }' \
		'NAT2 nft add element ip vpclab dnat_port { 203.0.113.2 . tcp . 80 : 192.168.2.1 . 81 }'
	damage '*NAT gateway NAT1: nft chain forward in NAT1 differs: its rules are others*' 'NAT1 nft insert rule ip vpclab forward accept'
	damage '*SNAT entry snat1: nft chain snat.snat1 in NAT1 differs: it has no rules*' 'NAT1 nft flush chain ip vpclab snat.snat1'
	damage '*SNAT entry pool: nft chain snat.pool in NAT1 differs: its rules are others*' 'NAT1 nft flush chain ip vpclab snat.pool' \
		'NAT1 nft add rule ip vpclab snat.pool snat to jhash ip saddr . ip daddr . th sport . th dport . meta l4proto mod 2 seed 0x0 map { 0 : 203.0.113.3, 1 : 203.0.113.1 }'
	mapfile -t pool < <(pool_rules '0 : 203.0.113.3, 1 : 203.0.113.3')
	damage '*SNAT entry pool: nft chain snat.pool in NAT1 differs: its rules are others*' "${pool[@]}"
	damage '*NAT gateway NAT1: nft chain forward in NAT1 differs: its type, hook, priority or policy is another*' \
		'NAT1 nft chain ip vpclab forward { policy accept; }'
	damage '*security group SG2: nft chain out.SG2 in VSW2 differs: its rules are others*' 'VSW2 nft add rule ip vpclab out.SG2 drop'
	damage '*NAT gateway NAT1: nft table inet mine in NAT1 does not belong here*' 'NAT1 nft add table inet mine'
	damage '*NAT gateway NAT1: nft chain mine in NAT1 does not belong here*' 'NAT1 nft add chain ip vpclab mine'
	damage '*internet: nft table ip mine in internet does not belong here*' 'internet nft add table ip mine'
	damage '*VPC VPC1: nft table ip vpclab in VPC1 is missing, with what is in it of ECS ECS3*' 'VPC1 nft delete table ip vpclab'
	mended
}

@test "a rule that says the same in other words, and a counter, are no difference" {
	local command
	while IFS= read -r command; do lab "$command"; done < <(pool_rules '1 : 203.0.113.3, 0 : 203.0.113.1')
	lab 'ECS1 curl -s -o /dev/null http://EIP2'
	run -0 lab verify
}

@test "routes and rules: gone, changed, added" {
	damage '*EIP EIP2: route 203.0.113.2/32 in internet is missing*' 'internet ip route del 203.0.113.2'
	damage '*VPC VPC1: route 0.0.0.0/0 in VPC1 differs: there is default via 169.254.0.1 dev NAT1 onlink*' \
		'VPC1 ip route replace default via 169.254.0.1 dev NAT1 onlink'
	damage '*VPC VPC1: route 0.0.0.0/0 in VPC1 does not belong here*' 'VPC1 ip route add default via 169.254.0.1 dev NAT1 onlink metric 5'
	damage '*VPC VPC1: route 10.0.0.0/8 in VPC1 does not belong here*' 'VPC1 ip route add unreachable 10.0.0.0/8'
	damage '*VPC VPC1: route 10.0.0.0/8 of table 77 in VPC1 does not belong here*' \
		'VPC1 ip route add 10.0.0.0/8 dev NAT1 src 169.254.0.2 table 77'
	damage '*vSwitch VSW1, route table VTB1: routing rule 1001 in VPC1 is missing*' 'VPC1 ip rule del pref 1001 iif VSW1'
	damage '*vSwitch VSW1, route table VTB1: routing rule 1001 in VPC1 differs: there is pref 1001 iif VSW1 lookup main*' \
		'VPC1 ip rule del pref 1001 iif VSW1' 'VPC1 ip rule add pref 1001 iif VSW1 lookup main'
	damage '*VPC VPC1: routing rule 7 in VPC1 does not belong here*' 'VPC1 ip rule add pref 7 from 10.0.0.0/8 lookup main'
	damage '*NAT gateway NAT1: routing rule 32766 in NAT1 is missing*' 'NAT1 ip rule flush'
	mended
}

@test "addresses and links: gone, changed, added, down" {
	damage '*NAT gateway NAT1: address 192.168.1.2/32 on lo in NAT1 is missing*' 'NAT1 ip addr del 192.168.1.2/32 dev lo'
	damage "*NAT gateway NAT1: address 192.168.1.2/32 on lo in NAT1 differs: the kernel's own routes for it are gone*" 'NAT1 ip route flush table local'
	by_hand "*ECS ECS1: address 192.168.1.1/24 on eth0 in ECS1 was changed by hand: the kernel's own routes for it are gone*" 'ECS1 ip route flush table main'
	damage '*NAT gateway NAT1: address 10.9.9.9/24 on VPC1 in NAT1 does not belong here*' 'NAT1 ip addr add 10.9.9.9/24 dev VPC1'
	damage '*ECS ECS1: link ECS1 of VSW1 to eth0 of ECS1 is missing*' 'VSW1 ip link del ECS1'
	damage '*vSwitch VSW1: link VSW1 of VPC1 to VPC1 of VSW1 is missing*' 'VPC1 ip link del VSW1'
	damage '*ECS ECS1: link ECS1 of VSW1 to eth0 of ECS1 differs: its near end is missing*' 'VSW1 ip link set ECS1 name other'
	damage '*ECS ECS1: link ECS1 of VSW1 to eth0 of ECS1 differs: it is down at the near end*' 'VSW1 ip link set ECS1 down'
	by_hand '*ECS ECS1: link ECS1 of VSW1 to eth0 of ECS1 was changed by hand: it is down at the far end*' 'ECS1 ip link set eth0 down'
	by_hand '*ECS ECS1: link ECS1 of VSW1 to eth0 of ECS1 was changed by hand: its MAC address is another*' \
		'ECS1 ip link set eth0 address 02:00:00:00:00:99'
	damage '*ECS ECS1: link ECS1 of VSW1 to eth0 of ECS1 differs: ARP is on*' 'VSW1 ip link set ECS1 arp on'
	damage '*ECS ECS1: link ECS1 of VSW1 to eth0 of ECS1 differs: its MTU is another*' 'VSW1 ip link set ECS1 mtu 1400'
	by_hand '*ECS ECS1: link ECS1 of VSW1 to eth0 of ECS1 was changed by hand: rp_filter is on*' 'ECS1 sysctl -qw net.ipv4.conf.eth0.rp_filter=1'
	by_hand '*ECS ECS1: link ECS1 of VSW1 to eth0 of ECS1 was changed by hand: its far end is missing*' 'ECS1 ip link set eth0 down' \
		'ECS1 ip link set eth0 name lan0'
	by_hand '*ECS ECS1: link lo of ECS1 was changed by hand: it is down*' 'ECS1 ip link set lo down'
	by_hand '*ECS ECS1: network namespace ECS1 was changed by hand: net.ipv4.conf.all.rp_filter is 1, not 0*' \
		'ECS1 sysctl -qw net.ipv4.conf.all.rp_filter=1'
	by_hand '*ECS ECS1: route 0.0.0.0/0 in ECS1 was removed by hand*' 'ECS1 ip route del default'
	damage '*vSwitch VSW1: link mine in VSW1 does not belong here*' 'VSW1 ip link add mine type veth peer name mine2'
	damage '*NAT gateway NAT1: link lo of NAT1 differs: it is down*' 'NAT1 ip link set lo down'
	mended
}

@test "namespaces, sysctls, services, names" {
	damage '*NAT gateway NAT1: network namespace NAT1 is missing*' 'within ip netns del NAT1'
	damage '*VPC VPC1: network namespace VPC1 differs: net.ipv4.ip_forward is 0, not 1*' 'VPC1 sysctl -qw net.ipv4.ip_forward=0'
	damage '*network namespace NAT1 differs: net.netfilter.nf_conntrack_udp_timeout is 5, not 60*' \
		'NAT1 sysctl -qw net.netfilter.nf_conntrack_udp_timeout=5'
	damage '*service ECS2/web: service web on ECS2 is missing*' 'within p=$(cat /run/vpclab/service/ECS2/web.pid); kill -9 $p; while readlink /proc/$p/ns/net; do :; done'
	run -0 lab 'probe ECS1 -> EIP2'
	damage '*the names of all nodes: file /run/vpclab/hosts/nodes differs*' 'within echo 192.0.2.1 EIP2 >>/run/vpclab/hosts/nodes'
	by_hand '*ECS ECS1: address 192.168.1.1/24 on eth0 in ECS1 was removed by hand*' 'ECS1 ip addr flush dev eth0'
	damage '*ECS ECS2: network namespace ECS2 is missing*' 'within ip netns del ECS2'
	run -0 lab 'probe ECS1 -> EIP2'
	mended
}

@test "what a user adds in a guest is the user's: named, no fault, and it stays" {
	lab 'ECS1 ip addr add 10.8.0.1/24 dev eth0'
	lab 'ECS1 ip route add 10.7.0.0/16 via 192.168.1.253'
	lab 'ECS1 ip rule add pref 9 lookup 99'
	lab 'ECS1 sysctl -qw net.ipv4.ip_forward=1'
	lab 'ECS1 ip link add mine type veth peer name mine2'
	lab 'ECS1 nft add table ip mine'
	lab 'client ip route add default via 169.254.0.1 dev eth0 onlink metric 9'
	run -0 --separate-stderr lab verify
	[[ $stderr == *'the kernel is as the lab has it; what was changed by hand in a host is its'* ]]
	for line in 'ECS ECS1: address 10.8.0.1/24 on eth0 in ECS1' 'ECS ECS1: route 10.7.0.0/16 in ECS1' \
		'ECS ECS1: routing rule 9 in ECS1' 'ECS ECS1: forwarding from eth0 in ECS1' 'ECS ECS1: link mine in ECS1' \
		'ECS ECS1: nft table ip mine in ECS1' 'internet host client: route 0.0.0.0/0 in client'; do
		grep -qx "$line was added by hand" <<<"$output" || { echo "$line: $output"; false; }
	done
	run -0 --separate-stderr "$VPCLAB" -j -n "$NAME" -c verify
	jq -e 'all(.[]; .problem == "extra" and .by_hand and .repaired == false) and
		any(.[]; .node == "ECS1" and .object == "address 10.8.0.1/24 on eth0 in ECS1")' <<<"$output"
	lab 'NAT1 nft flush ruleset'
	lab 'VSW1 ip route flush table main'
	run -0 lab 'verify --repair'
	lab 'ECS1 ip -o addr' | grep -q 10.8.0.1
	lab 'ECS1 ip route' | grep -q 10.7.0.0/16
	lab 'ECS1 ip rule' | grep -q 'lookup 99'
	lab 'ECS1 nft list tables' | grep -q mine
	lab 'ECS1 ip -o link' | grep -q mine2
	run -0 lab verify
}

@test "everything at once" {
	local node
	for node in NAT1 NAT2 VPC1 VSW1 VSW2; do
		lab "$node nft flush ruleset"
		lab "$node ip rule flush"
		lab "$node ip route flush table all"
	done
	lab 'VPC1 ip link del NAT2'
	lab 'within ip netns del VSW2'
	run -1 lab verify
	run -0 lab 'verify --repair'
	run -0 lab verify
	mended
	run -0 lab 'probe ECS1 -> EIP2'
}

@test "verify -j names resource, node, object and problem" {
	lab 'VPC1 ip route del default table 1031 via 169.254.0.1' || lab 'VPC1 ip route flush table 1031'
	run -1 --separate-stderr "$VPCLAB" -n "$NAME" -j -c verify
	jq -e '.[0] | .resource == "route Route2, route table VTB2" and .node == "VPC1" and .problem == "missing" and .repaired == false' <<<"$output"
	run -0 --separate-stderr "$VPCLAB" -n "$NAME" -j -c 'verify --repair'
	jq -e '.[0].repaired' <<<"$output"
}

@test "verify in a file is a check of its own: exit status 1, and nothing is changed by looking" {
	lab 'NAT1 ip addr add 10.9.9.9/24 dev VPC1'
	run -1 lab verify
	run -1 lab verify
	run -0 "$VPCLAB" -q validate - < <(printf 'verify\nverify --repair\n')
}
