# SPDX-License-Identifier: GPL-3.0-only
# graph: the topology as a picture, of a file or of a running lab, in four formats.

load lib/common

setup() {
	export XDG_RUNTIME_DIR=$BATS_TEST_TMPDIR LC_ALL=C.UTF-8
	VPCLAB=$(realpath "$VPCLAB")
	LAB=$BATS_TEST_TMPDIR/test.lab
	NAME=graph$$-$BATS_TEST_NUMBER
}

teardown() {
	"$VPCLAB" -q down "$NAME" 2>/dev/null || :
}

# widest FILE: columns of its longest line
widest() {
	wc -L <"$1"
}

# bats file_tags=pure

@test "text: the two-gateway tutorial, as a learner sees it" {
	run -0 --separate-stderr "$VPCLAB" graph topologies/two-nat-gateways.lab
	[ -z "$stderr" ]
	diff - <(printf '%s\n' "$output") <<-'END'
		┌ internet ────────────────────────────────────────────────────────────────────┐
		│ EIP1  203.0.113.1  -> NAT1             EIP2  203.0.113.2  -> NAT2            │
		└──────────────────────────────────┬──────────────────────────────────────┬────┘
		                                   │                                      │
		┌ VPC VPC1  192.168.0.0/16 ────────┼──────────────────────────────────────┼────┐
		│                                  │                                      │    │
		│ ┌ NAT gateway NAT1 ──────────────┴──┐  ┌ NAT gateway NAT2 ──────────────┴──┐ │
		│ │ 192.168.1.2 in VSW1               │  │ 192.168.2.2 in VSW2               │ │
		│ │ EIP1   203.0.113.1                │  │ EIP2   203.0.113.2                │ │
		│ │ snat1  SNAT VSW1 -> EIP1          │  │ dnat1  DNAT tcp EIP2:80 -> ECS2   │ │
		│ └────────────────────────────────┬──┘  └────────────────────────────────┬──┘ │
		│                                  │                                      │    │
		│ ┌ route table VTB1 ──────────────┴──┐  ┌ route table VTB2 ──────────────┴──┐ │
		│ │ 0.0.0.0/0  -> NAT1  (Route1)      │  │ 0.0.0.0/0  -> NAT2  (Route2)      │ │
		│ └────────────────────────────────┬──┘  └────────────────────────────────┬──┘ │
		│                                  │                                      │    │
		│ ┌ vSwitch VSW1  192.168.1.0/24 ──┴──┐  ┌ vSwitch VSW2  192.168.2.0/24 ──┴──┐ │
		│ │ ECS1  192.168.1.1                 │  │ ECS2  192.168.2.1  group SG2      │ │
		│ │       group VPC1/default          │  │                                   │ │
		│ └───────────────────────────────────┘  └───────────────────────────────────┘ │
		│                                                                              │
		│ ┌ route table VPC1/system  no vSwitch uses it ─────────────────────────────┐ │
		│ │ 0.0.0.0/0  -> NAT1  (VPC1/default-route)                                 │ │
		│ └──────────────────────────────────────────────────────────────────────────┘ │
		└──────────────────────────────────────────────────────────────────────────────┘
	END
}

@test "text: AWS in its own words" {
	run -0 "$VPCLAB" graph topologies/aws-nat-gateway.lab
	[[ $output == *'internet gateway IGW1'* ]]
	[[ $output == *'subnet private-a  10.0.1.0/24'* ]]
	[[ $output == *'app  10.0.1.4'* ]]
	[[ $output == *'0.0.0.0/0  -> IGW1'* ]]
	[[ $output != *vSwitch* ]]
	[[ $output != *ECS* ]]
}

@test "text: no line is longer than 80 columns or ends in blanks, every topology" {
	for file in topologies/*.lab; do
		echo "$file"
		"$VPCLAB" graph "$file" >"$BATS_TEST_TMPDIR/picture"
		[ "$(widest "$BATS_TEST_TMPDIR/picture")" -le 80 ]
		run -1 grep -n ' $' "$BATS_TEST_TMPDIR/picture"
	done
}

@test "text: ASCII where the locale knows no other, the same cells" {
	"$VPCLAB" graph topologies/multiple-gateways.lab >"$BATS_TEST_TMPDIR/utf8"
	LC_ALL=C "$VPCLAB" graph topologies/multiple-gateways.lab >"$BATS_TEST_TMPDIR/ascii"
	run -1 env LC_ALL=C grep -n '[^ -~]' "$BATS_TEST_TMPDIR/ascii"
	diff <(sed 's/[─]/-/g; s/[│]/|/g; s/[┌┐└┘├┤┬┴┼]/+/g' "$BATS_TEST_TMPDIR/utf8") "$BATS_TEST_TMPDIR/ascii"
}

@test "text: a thousand hosts fold into one line, what stands out does not" {
	{
		echo 'vpc create VPC1 cidr 10.0.0.0/8'
		echo 'vswitch create VSW1 vpc VPC1 cidr 10.1.0.0/16'
		seq 1000 | sed 's/.*/ecs create ECS& vswitch VSW1/'
	} >"$LAB"
	run -0 "$VPCLAB" graph "$LAB"
	[[ $output == *'ECS1 ... ECS1000  (1,000 hosts)'* ]]
	[ "${#lines[@]}" -lt 20 ]
	printf 'eip create EIP1\neip associate EIP1 ecs ECS500\n' >>"$LAB"
	run -0 "$VPCLAB" graph "$LAB"
	[[ $output == *'ECS500  10.1.1.244  EIP1 203.0.113.1'* ]]
	[[ $output == *'(999 more hosts)'* ]]
}

@test "text: names as long as they may be break no line" {
	printf -v long '%0127d' 0
	{
		echo 'vpc create VPC1 cidr 10.0.0.0/8'
		echo "vswitch create v${long//0/n} vpc VPC1 cidr 10.1.0.0/16"
		echo "ecs create e${long//0/n} vswitch v${long//0/n}"
		echo "internet-host create i${long//0/n} dns $(printf 'a.%.0s' {1..100})example"
	} >"$LAB"
	"$VPCLAB" graph "$LAB" >"$BATS_TEST_TMPDIR/picture"
	[ "$(widest "$BATS_TEST_TMPDIR/picture")" -le 80 ]
}

@test "zones are shown where there is more than one, whichever vSwitch is in the other" {
	zones() {
		local i=0 zone
		echo 'vpc create VPC1 cidr 10.0.0.0/16'
		for zone; do echo "vswitch create VSW$((++i)) vpc VPC1 cidr 10.0.$i.0/24 zone $zone"; done
	}
	zones a b b >"$LAB"
	run -0 "$VPCLAB" graph "$LAB"
	[ "$(grep -o 'zone [ab]' <<<"$output" | paste -sd,)" = 'zone a,zone b,zone b' ]
	zones b b a >"$LAB"
	run -0 "$VPCLAB" graph "$LAB"
	[ "$(grep -o 'zone [ab]' <<<"$output" | paste -sd,)" = 'zone b,zone b,zone a' ]
	zones a a a >"$LAB"
	run -0 "$VPCLAB" graph "$LAB"
	[[ $output != *zone* ]]
}

@test "an empty lab" {
	: >"$LAB"
	for format in text dot mermaid svg; do
		run -0 "$VPCLAB" graph --format "$format" "$LAB"
		[[ $output == *internet*'no VPC'* ]]
	done
}

@test "dot: graphviz draws every topology without a word" {
	for file in topologies/*.lab; do
		echo "$file"
		"$VPCLAB" graph "$file" --format dot >"$BATS_TEST_TMPDIR/lab.dot"
		run -0 --separate-stderr dot -Tplain "$BATS_TEST_TMPDIR/lab.dot"
		[ -z "$stderr" ]
		[[ $output == *VPC1* || $output == *NAT* ]]
	done
}

@test "svg: well-formed, needs nothing else, holds every name" {
	for file in topologies/*.lab; do
		echo "$file"
		"$VPCLAB" graph "$file" --format svg >"$BATS_TEST_TMPDIR/lab.svg"
		python3 - "$BATS_TEST_TMPDIR/lab.svg" <<-'END'
			import sys, xml.etree.ElementTree as tree
			root = tree.parse(sys.argv[1]).getroot()
			assert root.tag == '{http://www.w3.org/2000/svg}svg', root.tag
			words = [text.text for text in root.iter('{http://www.w3.org/2000/svg}text')]
			assert 'internet' in words and 'VPC1' in words, words
			assert not any('href' in key for element in root.iter() for key in element.keys())
			width, height = float(root.get('width')), float(root.get('height'))
			for box in root.iter('{http://www.w3.org/2000/svg}rect'):
			    assert float(box.get('x', 0)) + float(box.get('width')) <= width
			    assert float(box.get('y', 0)) + float(box.get('height')) <= height
		END
	done
}

@test "mermaid: a flowchart whose labels stay in their quotes, every topology" {
	for file in topologies/*.lab; do
		echo "$file"
		"$VPCLAB" graph "$file" --format mermaid >"$BATS_TEST_TMPDIR/lab.mmd"
		[ "$(head -n 1 "$BATS_TEST_TMPDIR/lab.mmd")" = 'flowchart TB' ]
		# whatever is no node, no end of a subgraph and no line between two nodes
		run -1 grep -nvE \
			-e '^flowchart TB$' \
			-e '^ +end$' \
			-e '^ +(subgraph )?n[0-9]+(\["[^"]*"\]|\(\["[^"]*"\]\))$' \
			-e '^ +n[0-9]+ (-->|---|-\.->)(\|"[^"]*"\|)? n[0-9]+$' "$BATS_TEST_TMPDIR/lab.mmd"
		[ "$(grep -c '^ *subgraph ' "$BATS_TEST_TMPDIR/lab.mmd")" -eq "$(grep -c '^ *end$' "$BATS_TEST_TMPDIR/lab.mmd")" ]
		[ "$(grep -c '^    subgraph .*\["VPC ' "$BATS_TEST_TMPDIR/lab.mmd")" -eq "$(grep -cE '^vpc create ' "$file")" ]
	done
}

@test "a file's name that means something to SVG means nothing" {
	cd "$BATS_TEST_TMPDIR"
	name=$'a<b>&"c"\n\033[31m.lab'
	echo 'vpc create VPC1 cidr 10.0.0.0/8' >"$name"
	"$VPCLAB" graph "$name" --format svg >lab.svg
	[ "$(python3 -c 'import sys, xml.etree.ElementTree as t; print(t.parse(sys.argv[1]).getroot()[0].text)' lab.svg)" = \
		'a<b>&"c"\x0a\x1b[31m.lab' ]
}

# bats file_tags=

@test "a running lab, by its name; at the prompt; -j" {
	"$VPCLAB" -q up "$NAME" topologies/two-nat-gateways.lab >/dev/null
	run -0 "$VPCLAB" graph "$NAME"
	[ "$output" = "$("$VPCLAB" graph topologies/two-nat-gateways.lab)" ]
	run -0 "$VPCLAB" -n "$NAME" -c 'route-table disassociate VTB2 vswitch VSW2' -c graph
	[[ $output == *'route table VTB2  no vSwitch uses it'* ]]
	[ "$output" = "$("$VPCLAB" graph "$NAME")" ]
	run -0 "$VPCLAB" -n "$NAME" -c 'graph --format mermaid'
	[ "$output" = "$("$VPCLAB" graph "$NAME" --format mermaid)" ]
	[ "$("$VPCLAB" -j graph "$NAME" --format dot | jq -r .picture)" = "$("$VPCLAB" graph "$NAME" --format dot)" ]
	[ "$("$VPCLAB" -j -n "$NAME" -c graph | jq -r .format)" = text ]
	# where there is a file of that name, too, the lab is meant, and ./NAME is the file
	cd "$BATS_TEST_TMPDIR"
	: >"$NAME"
	[[ $("$VPCLAB" graph "$NAME") == *VTB2* ]]
	[[ $("$VPCLAB" graph "./$NAME") == *'no VPC'* ]]
}

@test "needs no kernel and no privilege; standard input; --set" {
	echo 'vpc create VPC1 cidr $NET' >"$LAB"
	run -0 setpriv --no-new-privs --bounding-set=-all "$VPCLAB" graph - --set NET=10.0.0.0/8 <"$LAB"
	[[ $output == *'VPC VPC1  10.0.0.0/8'* ]]
}

@test "what is wrong is said: neither lab nor file, a wrong file, an unknown format" {
	"$VPCLAB" -q up "$NAME" topologies/nat-overview.lab >/dev/null
	run -2 "$VPCLAB" graph "${NAME}x"
	[[ $output == *"neither a running lab nor a file"*"did you mean $NAME?"* ]]
	run -2 "$VPCLAB" graph ./none.lab
	[[ $output == *'cannot read ./none.lab'* ]]
	echo 'vswitch create VSW1 vpc VPC1 cidr 10.0.0.0/24' >"$LAB"
	run -2 --separate-stderr "$VPCLAB" graph "$LAB"
	[ -z "$output" ]
	[[ $stderr == "$LAB:1:"* ]]
	run -2 "$VPCLAB" graph "$LAB" --format svgg
	[[ $output == *'did you mean svg?'* ]]
	run -2 "$VPCLAB" -c 'graph --format mermaidd'
	[[ $output == *'did you mean mermaid?'* ]]
	run -2 "$VPCLAB" ls --format svg
	[[ $output == *'--format does not go with vpclab ls'* ]]
}

@test "a reader that goes away, a disk that is full" {
	run -0 bash -c '"$1" graph topologies/two-nat-gateways.lab --format svg | head -c 20' _ "$VPCLAB"
	run -3 bash -c '"$1" graph topologies/two-nat-gateways.lab >/dev/full' _ "$VPCLAB"
	[[ $output == *'cannot write'* ]]
	run -3 bash -c '"$1" -c graph >/dev/full' _ "$VPCLAB"
	[[ $output == *'cannot write'* ]]
}

@test "colour where it is asked for, and nothing but colour" {
	"$VPCLAB" graph topologies/aws-nat-gateway.lab --color always >"$BATS_TEST_TMPDIR/coloured"
	grep -q $'\033' "$BATS_TEST_TMPDIR/coloured"
	diff <(sed $'s/\033\\[[0-9]*m//g' "$BATS_TEST_TMPDIR/coloured") <("$VPCLAB" graph topologies/aws-nat-gateway.lab)
}

@test "completion: labs, formats" {
	"$VPCLAB" -q up "$NAME" topologies/nat-overview.lab >/dev/null
	[ "$("$VPCLAB" complete graph '' | cut -f1)" = "$NAME" ]
	[ "$("$VPCLAB" complete graph x --format '' | cut -f1 | paste -sd' ')" = 'text dot mermaid svg' ]
	[ "$("$VPCLAB" complete -n "$NAME" -c 'graph --format m' | cut -f1)" = 'graph --format mermaid' ]
}
