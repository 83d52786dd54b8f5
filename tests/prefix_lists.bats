# SPDX-License-Identifier: GPL-3.0-only
# Prefix lists: in the rules of groups, and in routes of AWS.

load lib/common

@test "a rule admits the entries of a list, as they are now (pl-1)" {
	cat >"$LAB" <<-'END'
		vpc create VPC1 cidr 192.168.0.0/16
		vswitch create VSW1 vpc VPC1 cidr 192.168.1.0/24
		prefix-list create PL1 cidr 198.51.100.0/25,198.51.100.200/32 max-entries 3
		sg create SG1 vpc VPC1
		sg allow SG1 in tcp 80 from PL1
		ecs create ECS1 vswitch VSW1 security-group SG1 public-ip auto
		service start ECS1 http
		internet-host create low ip 198.51.100.7
		internet-host create one ip 198.51.100.200
		internet-host create other ip 198.51.100.201
		expect reachable low -> ECS1.public
		expect reachable one -> ECS1.public
		expect blocked other -> ECS1.public because SG_INGRESS
		prefix-list add PL1 cidr 198.51.100.201/32
		expect reachable other -> ECS1.public
		prefix-list remove PL1 cidr 198.51.100.0/25,198.51.100.201/32
		expect blocked low -> ECS1.public because SG_INGRESS
		expect blocked other -> ECS1.public because SG_INGRESS
		expect reachable one -> ECS1.public
		prefix-list remove PL1 cidr 198.51.100.200/32
		expect blocked one -> ECS1.public because SG_INGRESS
		prefix-list add PL1 cidr 0.0.0.0/0
		expect reachable low -> ECS1.public
	END
	lab_passes
}

@test "a rule that drops a list stands before one that admits all, and a packet costs the same for each entry" {
	"$VPCLAB" -q up c - <<-'END'
		vpc create VPC1 cidr 192.168.0.0/16
		vswitch create VSW1 vpc VPC1 cidr 192.168.1.0/24
		prefix-list create PL1 cidr 198.51.100.1/32 max-entries 60
		sg create SG1 vpc VPC1
		sg allow SG1 in all from 0.0.0.0/0 priority 2
		sg drop SG1 in all from PL1
		ecs create ECS1 vswitch VSW1 security-group SG1 public-ip auto
		internet-host create low ip 198.51.100.1
		internet-host create high ip 198.51.100.250
		expect blocked low -> ECS1.public icmp because SG_INGRESS
		expect reachable high -> ECS1.public icmp
	END
	local before
	before=$("$VPCLAB" exec c VSW1 -- nft list chain ip vpclab in.SG1)
	"$VPCLAB" -n c -c 'prefix-list add PL1 cidr 198.51.100.{200..250}/32' \
		-c "expect blocked high -> ECS1.public icmp because SG_INGRESS" -c verify
	[ "$("$VPCLAB" exec c VSW1 -- nft list chain ip vpclab in.SG1)" = "$before" ]
	"$VPCLAB" -q down c
}

@test "a connection ends when the entry that admitted it goes, another one lives on (open-5, pl-1)" {
	"$VPCLAB" -q up c - <<-'END'
		vpc create VPC1 cidr 192.168.0.0/16
		vswitch create VSW1 vpc VPC1 cidr 192.168.1.0/24
		prefix-list create PL1 cidr 198.51.100.1/32,198.51.100.2/32
		sg create SG1 vpc VPC1
		sg allow SG1 in icmp from PL1
		ecs create ECS1 vswitch VSW1 security-group SG1 public-ip auto
		internet-host create h1 ip 198.51.100.1
		internet-host create h2 ip 198.51.100.2
	END
	run -0 "$VPCLAB" -n c -v -c 'probe h1 -> ECS1.public icmp' -c 'probe h2 -> ECS1.public icmp' \
		-c 'prefix-list remove PL1 cidr 198.51.100.1/32' -c verify
	[[ $output == *'# 1 open connection '*' cut'* ]]
	[[ $output == *'198.51.100.1'*'cut'* ]]
	"$VPCLAB" -q down c
}

@test "aws: a route to a list leads to each entry; a CIDR comes before an equal entry, an older list before a younger (end-4, pl-5, pl-8)" {
	cat >"$LAB" <<-'END'
		provider aws
		prefix-list create PL1 cidr 198.51.100.0/24,203.0.113.128/25
		prefix-list create PL2 cidr 198.51.100.0/24,198.51.100.9/32
		vpc create VPC1 cidr 10.0.0.0/16
		subnet create S1 vpc VPC1 cidr 10.0.1.0/24
		internet-gateway create IGW1
		internet-gateway attach IGW1 vpc VPC1
		instance create I1 subnet S1 public-ip auto
		instance create FW subnet S1
		internet-host create h7 ip 198.51.100.7
		internet-host create h9 ip 198.51.100.9
		internet-host create h200 ip 203.0.113.200
		expect blocked I1 -> h7 icmp because NO_ROUTE
		route create R1 table VPC1/main to PL1 via internet-gateway IGW1
		expect reachable I1 -> h7 icmp
		expect reachable I1 -> h200 icmp
		route create R2 table VPC1/main to PL2 via instance FW
		expect reachable I1 -> h7 icmp
		expect blocked I1 -> h9 icmp because SOURCE_DEST_CHECK
		route create R3 table VPC1/main to 198.51.100.0/24 via instance FW
		expect blocked I1 -> h7 icmp because SOURCE_DEST_CHECK
		route delete R3
		prefix-list remove PL2 cidr 198.51.100.9/32
		expect reachable I1 -> h9 icmp
		route delete R1
		expect blocked I1 -> h7 icmp because SOURCE_DEST_CHECK
	END
	lab_passes
	run -0 "$VPCLAB" run - < <(sed '/^route create R2/q' "$LAB" && printf '%s\n' 'trace I1 -> h9 icmp' 'route show R1')
	[[ $output == *'VPC1/main R2: PL2 via FW'* ]]
	[[ $output == *'Explain says the same'* ]]
	[[ $output == *'R1   VPC1/main PL1 '* ]]
}

@test "a list is saved and shown" {
	cat >"$LAB" <<-'END'
		prefix-list create PL1 max-entries 5
		prefix-list add PL1 cidr 198.51.100.0/24,203.0.113.0/24
		vpc create VPC1 cidr 192.168.0.0/16
		security-group create SG1 vpc VPC1
		security-group allow SG1 in tcp 80 from PL1 priority 1
	END
	[ "$("$VPCLAB" -q -c "source $LAB" -c save | head -n 2)" = "$(head -n 2 "$LAB")" ]
	"$VPCLAB" -q -j -c "source $LAB" -c 'prefix-list show' -c 'security-group show SG1' | jq -es '
		.[-2] == [{name: "PL1", cidr: ["198.51.100.0/24", "203.0.113.0/24"], max_entries: 5, status: "Available"}] and
		.[-1][0].rules[0].from == "PL1"'
}

@test "terraform: lists, rules and routes that name them go out and come back the same" {
	local cloud made
	for cloud in alibaba aws; do
		cat >"$LAB" <<-END
			provider $cloud
			prefix-list create PL1 max-entries 5
			prefix-list add PL1 cidr 198.51.100.0/24,203.0.113.0/24
			vpc create VPC1 cidr 10.0.0.0/16
			security-group create SG1 vpc VPC1
			security-group allow SG1 in tcp 80 from PL1
		END
		[ "$cloud" = alibaba ] || cat >>"$LAB" <<-'END'
			internet-gateway create IGW1
			internet-gateway attach IGW1 vpc VPC1
			route create R1 table VPC1/main to PL1 via internet-gateway IGW1
		END
		made=$("$VPCLAB" export terraform "$LAB")
		echo "$made"
		[ "$(grep -c '  entry {' <<<"$made")" -eq 2 ]
		[[ $made == *'prefix_list_id '*' = '*'_prefix_list.PL1.id'* ]]
		[ "$cloud" = alibaba ] || [[ $made == *'destination_prefix_list_id = aws_ec2_managed_prefix_list.PL1.id'* ]]
		[[ $made != *'no word for'* ]]
	done
}
