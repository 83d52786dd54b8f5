#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-3.0-only
# What CI systems read: --format of validate and run.
# shellcheck disable=SC2154 # output, stderr and status are of run
load lib/common.bash

setup() {
	cd "$BATS_TEST_TMPDIR" || return
	[[ $VPCLAB == /* ]] || VPCLAB=$BATS_TEST_DIRNAME/../$VPCLAB
	unset GITHUB_WORKSPACE
	cat >bad.lab <<-'EOT'
		vpc create VPC1 cidr 10.0.0.0/16
		vswitch create VSW1 vpc VPC1 cidr 10.0.1.0/24
		ecs create ECS1 vswitch 'é😀' ip 10.0.1.300
		ecs create ECS2 vswitch VSW9
		ecs create ECS3 vswitch VSW1 foo 1
	EOT
	cat >fails.lab <<-'EOT'
		vpc create VPC1 cidr 10.0.0.0/16
		vswitch create VSW1 vpc VPC1 cidr 10.0.1.0/24
		ecs create ECS1 vswitch VSW1
		expect ok ECS1 true
		expect output '50%, a:b' ECS1 echo one
	EOT
}

# Is standard input a SARIF 2.1.0 log as the schema has it, and more: every property known, each result with a rule that
# exists, and a place that may be?
sarif_holds() {
	jq -e 'def only($keys): (keys - $keys) == [];
		def number: type == "number" and . >= 1 and . == floor;
		def text: type == "object" and only(["text"]) and (.text | type == "string" and length > 0);
		only(["$schema", "version", "runs"]) and .version == "2.1.0" and (.["$schema"] | endswith("sarif-2.1.0.json"))
		and (.runs | length == 1) and (.runs[0] |
			only(["tool", "columnKind", "results"]) and .columnKind == "unicodeCodePoints"
			and (.tool | only(["driver"])) and (.tool.driver |
				only(["name", "semanticVersion", "rules"]) and .name == "vpclab"
				and (.semanticVersion | test("^[0-9]+\\.[0-9]+\\.[0-9]+$"))
				and (.rules | all(only(["id"]))) and ([.rules[].id] | . == unique))
			and ([.tool.driver.rules[].id] as $rules | .results | all(
				only(["ruleId", "ruleIndex", "level", "message", "locations"])
				and .ruleId == $rules[.ruleIndex] and ([.level] | inside(["error", "warning", "note"]))
				and (.message | text) and ((.locations // []) | all(
					only(["physicalLocation"]) and (.physicalLocation |
						only(["artifactLocation", "region"])
						and (.artifactLocation | only(["uri", "uriBaseId"])
							and (.uri | test("^([A-Za-z0-9/._~-]|%[0-9A-F]{2}|file://)+$")))
						and ((.region // {startLine: 1}) | only(["startLine", "startColumn", "endColumn"])
							and all(.[]; number)
							and (.endColumn == null or .endColumn > .startColumn))))))))' >/dev/null
}

# bats file_tags=pure

@test "json: all that is wrong as one array, with its places in characters" {
	run --separate-stderr "$VPCLAB" validate -q --format json bad.lab fails.lab nosuch.lab
	[ "$status" -eq 2 ]
	[ "$(jq -c '.[] | [.code, .file, .line, .column, .end, .severity]' <<<"$output")" = \
'["InvalidPrivateIpAddress.Malformed","bad.lab",3,33,43,"error"]
["InvalidVSwitchId.NotFound","bad.lab",4,25,29,"error"]
[null,"bad.lab",5,30,33,"error"]
[null,null,null,null,null,"error"]' ] || { echo "$output"; false; }
	[ "$(jq -r '.[1].message, .[1].hint, .[3].message' <<<"$output")" = \
'there is no vSwitch named VSW9
did you mean VSW1?
cannot read nosuch.lab: No such file or directory' ]
	[[ $stderr == *"bad.lab:4:25: error: InvalidVSwitchId.NotFound"*"nosuch.lab"* ]]
	run --separate-stderr "$VPCLAB" validate --format json fails.lab
	[ "$status" -eq 0 ]
	[ "$output" = '[]' ]
}

@test "github: an annotation at the right place of the repository's file, whatever it holds" {
	mkdir -p 'repo/a,b:c%/sub'
	cp bad.lab 'repo/a,b:c%/bad.lab'
	printf 'include ../bad.lab\n' >'repo/a,b:c%/sub/t.lab'
	cd 'repo/a,b:c%/sub'
	export GITHUB_WORKSPACE=$BATS_TEST_TMPDIR/repo
	run --separate-stderr "$VPCLAB" validate -q --format github t.lab
	[ "$status" -eq 2 ]
	[ "${lines[1]}" = '::error file=a%2Cb%3Ac%25/bad.lab,line=4,col=25,endColumn=29,title=InvalidVSwitchId.NotFound::there is no vSwitch named VSW9%0Ahint: did you mean VSW1?' ]
	[ "${#lines[@]}" -eq 3 ]
	printf "ecs create E vswitch '%%,:\n" >t.lab
	run --separate-stderr "$VPCLAB" validate -q --format github t.lab
	[[ $output == '::error file=a%2Cb%3Ac%25/sub/t.lab,line=1,col='*'::'*'quote'* ]]
	run --separate-stderr "$VPCLAB" validate -q --format github - <<<'nosuch'
	[[ $output == '::error::nosuch is neither'* ]]
}

@test "github: a thousand mistakes are ten annotations, the last of which counts the others" {
	seq 0 999 | sed 's/.*/ecs create E& vswitch VSW&/' >t.lab
	run --separate-stderr "$VPCLAB" validate -q --format github t.lab
	[ "$status" -eq 2 ]
	[ "$(grep -c '^::error file=t.lab,line=' <<<"$output")" -eq 10 ]
	[ "${#lines[@]}" -eq 10 ]
	[[ ${lines[9]} == *'%0Aand 990 more' ]]
	run --separate-stderr "$VPCLAB" validate -q --format sarif t.lab
	[ "$(jq '.runs[0].results | length' <<<"$output")" -eq 1000 ]
	sarif_holds <<<"$output"
}

@test "one mistake repeated is told three times, then counted; one without a code by its sentence" {
	seq 0 1999 | sed 's/.*/ecs create E& vswitch VSW&/' >t.lab
	seq 0 4 | sed 's/.*/foo& bar\nvpc create V& foo/' >>t.lab
	run "$VPCLAB" validate t.lab
	[ "$status" -eq 2 ]
	[ "$(grep -c 'error: InvalidVSwitchId.NotFound' <<<"$output")" -eq 3 ]
	[ "$(grep -c 'error: foo. is neither' <<<"$output")" -eq 3 ]
	[ "$(grep -c 'error: vpc create' <<<"$output")" -eq 3 ]
	[ "$(grep ': and' <<<"$output")" = 't.lab: and 1,997 more of InvalidVSwitchId.NotFound
t.lab: and 2 more like: foo0 is neither a command nor a node
t.lab: and 2 more like: vpc create has no key foo' ] || { grep ': and' <<<"$output"; false; }
	[ "${lines[-1]}" = 't.lab: 2010 mistakes' ]
	# Each file anew, and for programs all of them.
	head -4 t.lab >four.lab
	run "$VPCLAB" validate four.lab four.lab
	[ "$(grep -c 'and 1 more of InvalidVSwitchId.NotFound' <<<"$output")" -eq 2 ]
	run --separate-stderr "$VPCLAB" validate -j four.lab
	[ "$(jq -r .code <<<"$stderr" | grep -c NotFound)" -eq 4 ]
	# A prompt answers each line.
	run script -qec "'$VPCLAB'" /dev/null < <(cat four.lab; echo exit)
	[ "$(grep -c 'InvalidVSwitchId.NotFound' <<<"$output")" -eq 4 ]
}

@test "sarif: valid, complete, of mistakes and of failed checks" {
	printf 'vpc create é cidr 10.0.0.0/16\n' >'a b.lab'
	run --separate-stderr "$VPCLAB" validate -q --format sarif bad.lab 'a b.lab' nosuch.lab
	[ "$status" -eq 2 ]
	sarif_holds <<<"$output"
	[ "$(jq -c '.runs[0].results[] | [.ruleId, (.locations[0].physicalLocation | .artifactLocation.uri, .region.startColumn, .region.endColumn)]' <<<"$output")" = \
'["InvalidPrivateIpAddress.Malformed","bad.lab",33,43]
["InvalidVSwitchId.NotFound","bad.lab",25,29]
["mistake","bad.lab",30,33]
["InvalidVpcName.Malformed","a%20b.lab",12,13]
["mistake",null,null,null]' ] || { echo "$output"; false; }
	run --separate-stderr "$VPCLAB" validate --format sarif fails.lab
	[ "$status" -eq 0 ]
	sarif_holds <<<"$output"
	# What is elsewhere has a path of its own.
	mkdir other
	cd other
	run --separate-stderr "$VPCLAB" validate -q --format sarif ../bad.lab
	sarif_holds <<<"$output"
	[ "$(jq -r '.runs[0].results[0].locations[0].physicalLocation.artifactLocation | .uri, .uriBaseId' <<<"$output")" = "file://$(realpath ../bad.lab)
null" ]
}

@test "lint: what it finds in every topology is valid, with its places" {
	cd "$BATS_TEST_DIRNAME/.."
	run --separate-stderr "$VPCLAB" lint --format sarif topologies/*.lab
	[ "$status" -eq 1 ]
	sarif_holds <<<"$output"
	jq -e '[.runs[0].results[].locations[0].physicalLocation.region.startLine] | length > 0 and all(. > 1)' <<<"$output"
}

@test "a Terraform plan has no lines of ours: a mistake in it is about the file" {
	sed 's|"cidr_block": *"10.0.0.0/[0-9]*"|"cidr_block": "8.8.8.0/24"|' "$BATS_TEST_DIRNAME/terraform/alicloud/state.json" >state.json
	run --separate-stderr "$VPCLAB" validate -q --format json state.json
	[ "$status" -eq 2 ]
	jq -e 'length > 0 and all(.file == "state.json" and .line == null and .column == null)' <<<"$output"
}

# bats file_tags=

@test "run: failed checks are told, too; standard output is the document's alone" {
	echo 'ECS1 echo talk' >>fails.lab
	run --separate-stderr "$VPCLAB" run --format sarif fails.lab
	[ "$status" -eq 1 ]
	sarif_holds <<<"$output"
	[ "$(jq -c '.runs[0].results | map([.ruleId, .locations[0].physicalLocation.region.startLine, (.message.text | split("\n")[0])])' <<<"$output")" = \
		"[[\"EXPECTATION_FAILED\",5,\"expect output '50%, a:b' ECS1 echo one\"]]" ]
	[[ $stderr == *talk* && $stderr == *"1 passed, 1 failed"* ]]
	run --separate-stderr "$VPCLAB" run -q --format github fails.lab
	[ "$status" -eq 1 ]
	[[ $output == *"1 passed, 1 failed"* ]]
	[[ ${lines[-1]} == "::error file=fails.lab,line=5,title=EXPECTATION_FAILED::expect output '50%25, a:b' ECS1 echo one%0A"* ]]
	# Of a file that is refused all mistakes are told as well.
	run --separate-stderr "$VPCLAB" run -q --format json bad.lab fails.lab
	[ "$status" -eq 2 ]
	[ "$(jq -c 'map([.file, .line])' <<<"$output")" = '[["bad.lab",3],["bad.lab",4],["bad.lab",5],["fails.lab",5]]' ]
	for two in '--tap --format sarif' '-o json --format json'; do
		# shellcheck disable=SC2086 # two options
		run "$VPCLAB" run $two fails.lab
		[ "$status" -eq 2 ]
		[[ $output == *"both want standard output"* ]]
	done
	run "$VPCLAB" validate --format xml fails.lab
	[ "$status" -eq 2 ]
	[[ $output == *"text|json|github|sarif"* ]]
}
