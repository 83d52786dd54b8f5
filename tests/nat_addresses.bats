# SPDX-License-Identifier: GPL-3.0-only
# An AWS NAT gateway with several EIPs.
# shellcheck disable=SC2154 # output and stderr are of run
load lib/common

aws_lab() {
	cat <<-'END'
		provider aws
		vpc create VPC1 cidr 10.0.0.0/16
		subnet create S1 vpc VPC1 cidr 10.0.1.0/24
		subnet create S2 vpc VPC1 cidr 10.0.2.0/24
		internet-gateway create IGW1
		internet-gateway attach IGW1 vpc VPC1
		route-table create RTB1 vpc VPC1
		route create R1 table RTB1 to 0.0.0.0/0 via internet-gateway IGW1
		route-table associate RTB1 subnet S1
		eip create EIP{1..3}
		nat-gateway create NAT1 subnet S1 eip EIP1 ip 10.0.1.5
		route create R2 table VPC1/main to 0.0.0.0/0 via nat-gateway NAT1
		instance create I1 subnet S2
		instance create I2 subnet S1
		internet-host create net1
		service start net1 http
	END
}

@test "connections are spread over the EIPs of a gateway, each by its private address (addr-20, addr-21)" {
	{
		aws_lab
		cat <<-'END'
			nat-gateway associate NAT1 eip EIP2 ip 10.0.1.20
			nat-gateway associate NAT1 eip EIP3
			expect reachable I1 -> net1
			expect blocked net1 -> EIP2 because UNSOLICITED
			expect blocked I2 -> 10.0.1.20 icmp because UNSOLICITED
		END
	} >"$LAB"
	lab_passes
	run -0 "$VPCLAB" run - < <(cat "$LAB" && printf '%s\n' 'trace I1 -> net1 tcp 80' 'explain I1 -> net1 tcp 80' 'nat-gateway show' verify)
	[[ $output == *'seen as one of EIP1, EIP2, EIP3'* ]]
	[[ $output == *'Explain says the same'* ]]
	[[ $output == *'EIP1,EIP2,EIP3'* ]]
	[[ $output == *'the kernel is as the lab has it'* ]]
	# Each of them is taken.
	run -0 "$VPCLAB" run - < <(cat "$LAB" && yes 'probe I1 -> net1 tcp 80' | head -n 40)
	[ "$(grep -o 'seen as [0-9.]*' <<<"$output" | sort -u | wc -l)" -eq 3 ]
}

@test "a secondary EIP that is taken off drains: what is open goes on, new connections take the others (addr-22)" {
	{
		aws_lab
		echo nat-gateway associate NAT1 eip EIP2
	} | "$VPCLAB" -q up c -
	"$VPCLAB" -n c -c 'service start net1 echo protocol udp port 9'
	local probes=()
	for _ in {1..16}; do probes+=(-c 'probe I1 -> net1 udp 9'); done
	run -0 "$VPCLAB" -n c "${probes[@]}"
	[[ $output == *'seen as 203.0.113.2'* ]]
	run -0 --separate-stderr "$VPCLAB" -n c -v -c 'nat-gateway disassociate NAT1 eip EIP2'
	[[ $stderr == *snat* ]]
	[[ $stderr != *' cut'* ]]
	run -0 "$VPCLAB" -n c -c 'eip show EIP2' -c 'explain I1 -> net1 udp 9' -c verify "${probes[@]}"
	[[ $output == *'disassociating'* ]]
	[[ $output != *'one of'* ]]
	[[ $output != *'seen as 203.0.113.2'* ]]
	"$VPCLAB" -n c -c save >"$LAB"
	grep -qx 'nat-gateway disassociate NAT1 eip EIP2' "$LAB"
	[ "$("$VPCLAB" -q -c "source $LAB" -c save)" = "$(<"$LAB")" ]
	run -0 --separate-stderr "$VPCLAB" -n c -v -c 'nat-gateway disassociate NAT1 eip EIP2 drained' -c 'eip delete EIP2'
	[[ $stderr == *' cut'* ]]
	"$VPCLAB" -n c -c verify
	"$VPCLAB" -q down c
}

@test "terraform: secondary EIPs go out as associations and come back" {
	{
		aws_lab
		echo nat-gateway associate NAT1 eip EIP2
	} >"$LAB"
	run -0 "$VPCLAB" export terraform "$LAB"
	[[ $output == *'resource "aws_nat_gateway_eip_association"'*'allocation_id  = aws_eip.EIP2.id'* ]]
}
