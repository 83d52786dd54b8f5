#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-only
# The two-gateway lab by hand: what a person would type, one ip or nft call a step. The yardstick of `make bench`.
# usage: unshare -Urnmpf --mount-proc two-gateways.sh move|place [COMMAND...]
#   move: make a veth here, then move its ends; place: make both ends where they belong
#   COMMAND runs in the lab once it is built, with an internet host "client", 198.51.100.1, besides
set -e
way=$1
shift
mount -t tmpfs tmpfs /run
mkdir /run/netns

node() {
	ip netns add "$1"
	ip -n "$1" link set lo up
}

router() {
	node "$1"
	ip netns exec "$1" sysctl -qw net.ipv4.ip_forward=1
	ip netns exec "$1" sysctl -qw net.ipv4.conf.all.rp_filter=0
	ip netns exec "$1" sysctl -qw net.ipv4.conf.default.rp_filter=0
}

# link NODE LINK PEER PEER-LINK
link() {
	if [ "$way" = place ]; then
		ip link add "$2" netns "$1" type veth peer name "$4" netns "$3"
	else
		ip link add veth0 type veth peer name veth1
		ip link set veth0 netns "$1" name "$2"
		ip link set veth1 netns "$3" name "$4"
	fi
	ip -n "$1" link set "$2" up
	ip -n "$3" link set "$4" up
}

for name in internet VPC1 VSW1 VSW2 NAT1 NAT2; do router $name; done
for name in ECS1 ECS2; do node $name; done

# guests and vSwitches
for n in 1 2; do
	link VSW$n ECS$n ECS$n eth0
	ip -n VSW$n addr add 192.168.$n.253/32 dev lo
	ip netns exec VSW$n sysctl -qw net.ipv4.conf.ECS$n.proxy_arp=1
	ip -n VSW$n route add 192.168.$n.1/32 dev ECS$n
	ip -n ECS$n addr add 192.168.$n.1/24 dev eth0
	ip -n ECS$n route add default via 192.168.$n.253
	link VPC1 VSW$n VSW$n VPC1
	ip -n VPC1 addr add 169.254.$n.1/30 dev VSW$n
	ip -n VSW$n addr add 169.254.$n.2/30 dev VPC1
	ip -n VSW$n route add default via 169.254.$n.1
	ip -n VPC1 route add 192.168.$n.0/24 via 169.254.$n.2
done

# gateways
for n in 1 2; do
	link VPC1 NAT$n NAT$n VPC1
	ip -n VPC1 addr add 169.254.1$n.1/30 dev NAT$n
	ip -n NAT$n addr add 169.254.1$n.2/30 dev VPC1
	link internet NAT$n NAT$n internet
	ip -n internet addr add 169.254.2$n.1/30 dev NAT$n
	ip -n NAT$n addr add 169.254.2$n.2/30 dev internet
	ip -n NAT$n route add default via 169.254.2$n.1
	ip -n NAT$n route add 192.168.0.0/16 via 169.254.1$n.1
	ip -n internet route add 203.0.113.$n/32 via 169.254.2$n.2
	ip netns exec NAT$n nft add table ip lab
	ip netns exec NAT$n nft 'add chain ip lab forward { type filter hook forward priority 0; policy drop; }'
	ip netns exec NAT$n nft add rule ip lab forward ct state established,related accept
done

# two route tables, two route entries
for n in 1 2; do
	ip -n VPC1 rule add iif VSW$n lookup 10$n priority 100$n
	ip -n VPC1 route add default via 169.254.1$n.2 table 10$n
	ip -n VPC1 route add 192.168.1.0/24 via 169.254.1.2 table 10$n
	ip -n VPC1 route add 192.168.2.0/24 via 169.254.2.2 table 10$n
done

# SNAT on NAT1, DNAT on NAT2
ip netns exec NAT1 nft 'add chain ip lab srcnat { type nat hook postrouting priority srcnat; }'
ip netns exec NAT1 nft add rule ip lab srcnat oifname internet ip saddr 192.168.1.0/24 snat to 203.0.113.1
ip netns exec NAT1 nft add rule ip lab forward iifname VPC1 accept
ip netns exec NAT2 nft 'add chain ip lab dstnat { type nat hook prerouting priority dstnat; }'
ip netns exec NAT2 nft add rule ip lab dstnat iifname internet ip daddr 203.0.113.2 tcp dport 80 dnat to 192.168.2.1:80
ip netns exec NAT2 nft add rule ip lab forward ct status dnat accept

# security groups
for n in 1 2; do
	ip netns exec VSW$n nft add table ip lab
	ip netns exec VSW$n nft 'add chain ip lab forward { type filter hook forward priority 0; policy drop; }'
	ip netns exec VSW$n nft add rule ip lab forward ct state established,related accept
	ip netns exec VSW$n nft add rule ip lab forward iifname ECS$n accept
done
ip netns exec VSW2 nft add rule ip lab forward oifname ECS2 tcp dport 80 accept

[ $# -gt 0 ] || exit 0
node client
link internet client client eth0
ip -n internet addr add 198.51.100.254/32 dev lo
ip -n internet route add 198.51.100.1/32 dev client
ip netns exec internet sysctl -qw net.ipv4.conf.client.proxy_arp=1
ip -n client addr add 198.51.100.1/24 dev eth0
ip -n client route add default via 198.51.100.254
"$@"
