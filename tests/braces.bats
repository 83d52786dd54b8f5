# SPDX-License-Identifier: GPL-3.0-only
# Many lines of one.

load lib/common

two_hosts() {
	printf '%s\n' 'vpc create VPC1 cidr 10.0.0.0/16' \
		'vswitch create VSW{1..2} vpc VPC1 cidr 10.0.{1..2}.0/24 zone {a,b}' 'ecs create web{1..2} vswitch VSW{1..2}'
}

refused() { # PLACE: MESSAGE, LINE
	printf '%s\n' "$2" >"$LAB"
	run "$VPCLAB" validate "$LAB"
	echo "$output"
	[ "$status" -eq 2 ]
	[[ $output == *"$LAB:$1"* ]]
}

@test "all groups of a line advance together, and what is recorded are the lines that they make" {
	{
		two_hosts
		echo 'eip create EIP{01..10..3}'
		echo 'internet-host create {b,a}_host'
		echo 'sg create S{a..c} vpc VPC1'
	} >"$LAB"
	run "$VPCLAB" up braces "$LAB" -q
	[ "$status" -eq 0 ]
	run "$VPCLAB" -n braces -c 'eip create L{3..1}' -c save
	"$VPCLAB" down braces
	echo "$output"
	[[ $output != *[{}]* ]]
	for line in 'vswitch create VSW1 vpc VPC1 cidr 10.0.1.0/24 zone a' 'vswitch create VSW2 vpc VPC1 cidr 10.0.2.0/24 zone b' \
		'ecs create web2 vswitch VSW2' 'internet-host create b_host' 'sg create Sc' 'eip create EIP07' 'eip create L1'; do
		[[ $output == *"${line/sg create/security-group create}"* ]]
	done
	[[ $output != *EIP02* ]]
}

@test "the ends of a range may be names, and a name may have a range in it" {
	{
		two_hosts
		echo 'set N 2'
		echo 'service start web{1..$N} http'
		echo 'expect reachable web{1,2} -> web{2,1} seen-as $web{1..2}'
	} >"$LAB"
	run "$VPCLAB" run "$LAB" --set N=1
	[[ $output == *'1 passed, 1 failed'* ]]
	run "$VPCLAB" run "$LAB"
	echo "$output"
	[[ $output == *'expect reachable web2 -> web1 seen-as $web2'*'2 passed, 0 failed'* ]]
}

@test "a node may be many; its program's words, and what is quoted, stay as they are" {
	{
		two_hosts
		echo "web{1..2} echo {1..3} } { '{a,b}'"
		echo "expect output {1..2} web1 echo {1..2}"
		echo "expect within 5 output '{a,b}' web{1..2} echo {a,b} {"
		echo 'service start web1 exec name x -- sh -c "sleep 1000" {1,2}'
		echo "set X {}"
		echo 'expect output {x} web1 echo "{x}"'
	} >"$LAB"
	run "$VPCLAB" run "$LAB"
	echo "$output"
	[[ $output == *'5 passed, 0 failed'* ]]
	[ "$(grep -c '^{1..3} } { {a,b}$' <<<"$output")" -eq 2 ]
}

@test "braces that do not match, and groups that do not go together, are told at their place" {
	refused '1:11: error: the brace { is not closed' 'eip create{1..3 EIP1'
	refused '1:16: error: no { stands before this }' 'eip create EIP1}'
	refused '1:16: error: braces cannot stand within braces' 'eip create E{1,{2,3}}'
	refused '1:13: error: 1..x is no range' 'eip create E{1..x}'
	refused '1:25: error: this group has 2 parts, and the first one of the line has 3' 'eip create E{1..3} ip 2.{1,2}.3.4'
	refused '2:9: error: this group has 1 part' $'eip create E{1..3} \\\n  ip 1.2{7..7}.3.4'
}

@test "a mistake in one of many lines is told once, at the line as it was written" {
	refused $'2:10: error: InvalidVSwitchId.NotFound: there is no vSwitch named VSW1' $'ecs create web{1..90} \\\n vswitch VSW{1..90}'
	[ "$(grep -c error: <<<"$output")" -eq 1 ]
	two_hosts >"$LAB"
	run "$VPCLAB" -c 'eip create EIP2' -c 'eip create EIP{1..3}' -c 'eip create EIP4'
	echo "$output"
	[ "$status" -eq 2 ]
	[[ $output == *'-c:2:12: error: '*EIP2* ]]
}

@test "there is a limit to how many lines one may be" {
	refused '1:13: error: 1..1000000 would make 1000000 lines of one' 'eip create E{1..1000000}'
	refused '1:13: error: this would make 99999 lines of one, more than 64 MiB' "$(printf 'eip create E{1..99999} dns %01000d' 0)"
}

@test "a tutorial takes a line with braces as one" {
	printf '%s\n' '# Two of them' '' '# Make the VPC.' 'vpc create VPC1 cidr 10.0.0.0/16' '# Make the vSwitches.' \
		'vswitch create VSW{1..2} vpc VPC1 cidr 10.0.{1..2}.0/24' >"$LAB"
	run "$VPCLAB" learn "$LAB" <<<$'skip\nskip\nvswitch'
	echo "$output"
	[[ $output == *'VSW{1..2}'* ]]
	[[ $output == *'VSW2'*10.0.2.0/24* ]]
}
