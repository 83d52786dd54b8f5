# SPDX-License-Identifier: GPL-3.0-only
# The command line: subcommands, options, exit statuses, output, reports, diagnostics of whole files.

load lib/common

setup() {
	export XDG_STATE_HOME=$BATS_TEST_TMPDIR/state
	cd "$BATS_TEST_TMPDIR" || exit
	VPCLAB=$(cd "$BATS_TEST_DIRNAME/.." && realpath "$VPCLAB")
	cat >small.lab <<-'EOL'
		vpc create VPC1 cidr 10.0.0.0/16
		vswitch create VSW1 vpc VPC1 cidr 10.0.1.0/24
		ecs create ECS1 vswitch VSW1
		ecs create ECS2 vswitch VSW1
	EOL
}

teardown() {
	"$VPCLAB" down --all -q
}

# ---- options ----

@test "a mistake is shown in its line, with a mark under it, wherever the line stands" {
	printf 'vpc create VPC1 cidr 10.0.0.0/16\n\nvpc create VPC2 cidr 10.1.0.0/33\n  vswitch create VSW1 vpc NOPE cidr 10.0.0.0/24' >t.lab
	run -2 "$VPCLAB" validate t.lab
	[[ $output == *"
   3 | vpc create VPC2 cidr 10.1.0.0/33
     |                      ^^^^^^^^^^^
"*"
   4 |   vswitch create VSW1 vpc NOPE cidr 10.0.0.0/24
     |                           ^^^^
"* ]]
	run -2 "$VPCLAB" run t.lab
	[[ $output == *"
   3 | vpc create VPC2 cidr 10.1.0.0/33
     |                      ^^^^^^^^^^^
"* ]]
}

@test "--help names every subcommand; --version; unknown ones get the nearest, exit 2" {
	run "$VPCLAB" --help
	[ "$status" -eq 0 ]
	for word in run validate graph up down ls shell exec doctor complete; do
		[[ $output == *"vpclab $word"* ]]
	done
	run awk 'length > 80' <<<"$output"
	[ -z "$output" ]
	run "$VPCLAB" run --help
	[ "$status" -eq 0 ]
	[[ $output == *--junit* ]]
	run "$VPCLAB" --version
	[[ $output == vpclab\ [0-9]* ]]

	# The lab's commands, as at the prompt.
	run "$VPCLAB" help all
	[ "$status" -eq 0 ]
	[ "$output" = "$("$VPCLAB" -c 'help all')" ]

	run "$VPCLAB" rnu x
	[ "$status" -eq 2 ]
	[[ $output == *"vpclab run"* ]]
	run "$VPCLAB" run --junti x
	[ "$status" -eq 2 ]
	[[ $output == *"--junit"* ]]
	run "$VPCLAB" ls --tap
	[ "$status" -eq 2 ]
	run "$VPCLAB" -o jsn ls
	[ "$status" -eq 2 ]
	[[ $output == *json* ]]
	run "$VPCLAB" run
	[ "$status" -eq 2 ]
	run "$VPCLAB" run --junit= small.lab
	[ "$status" -eq 2 ]
	[[ $output == *"--junit has no value"* ]]
	run "$VPCLAB" none.lab
	[ "$status" -eq 2 ]
	[[ $output == *"vpclab run none.lab"* ]]
}

@test "what an alias means is said of a choice, too: authorize nat" {
	run "$VPCLAB" validate - <<-'EOF'
		authorization required
		vpc create VPC1 cidr 192.168.0.0/16
		vswitch create VSW1 vpc VPC1 cidr 192.168.1.0/24
		authorize nat
		nat create NAT1 vpc VPC1 vswitch VSW1
	EOF
	[ "$status" -eq 0 ]
}

@test "for a word of an enumeration, or a command, that is not one: the word that was meant" {
	cat small.lab - >t.lab <<-'EOF'
		sg create SG1 vpc VPC1
		eip create EIP1
		acl create ACL1 vpc VPC1
	EOF
	while IFS='|' read -r command meant; do
		run "$VPCLAB" -c 'include t.lab' -c "$command"
		[ "$status" -eq 2 ]
		[[ $output == *"did you mean $meant?"* ]] || { echo "$command: $output"; return 1; }
	done <<-'EOF'
		sg allow SG1 in any from 0.0.0.0/0|all
		sg allow SG1 ingress tcp 80 from 0.0.0.0/0|in
		sg allow SG1 in TCP 80 from 0.0.0.0/0|tcp
		sg deny SG1 in tcp 80 from 0.0.0.0/0|drop
		acl add ACL1 in 1 allow all from 0.0.0.0/0|accept
		dnat create dnat1 nat-gateway NAT1 eip EIP1 protocol all to ECS1|any
		eip associate EIP1 nta NAT1|nat
		nta create NAT1 vpc VPC1|nat
		eip list|show
		eip bind EIP1 ecs ECS1|associate
		expect blocked ECS1 -> ECS2 because SG_INGRES|SG_INGRESS
	EOF
	run "$VPCLAB" --color alway ls
	[[ $output == *"did you mean always?"* ]]
}

@test "answers go to stdout, talk to stderr; no colour but where it is asked for" {
	run --separate-stderr "$VPCLAB" -c 'vpc create VPC1 cidr 10.0.0.0/16' -c vpc -c bogus
	[ "$status" -eq 2 ]
	[ "${lines[0]}" = "NAME CIDR        STATUS" ]
	[ "${#lines[@]}" -eq 2 ]
	[[ $stderr == "-c:3:1: error: bogus"* ]]
	[[ $output$stderr != *$'\033'* ]]
	run "$VPCLAB" --color always -c bogus
	[[ $output == *$'\033['* ]]
	run env NO_COLOR=1 script -qec "'$VPCLAB' -c bogus" /dev/null
	[[ $output == *error* && $output != *$'\033['* ]]
	run script -qec "'$VPCLAB' -c bogus" /dev/null
	[[ $output == *$'\033['* ]]
}

@test "a full disk under standard output is an error, not a silence" {
	run bash -c "'$VPCLAB' -c 'vpc create VPC1 cidr 10.0.0.0/16' -c vpc 2>&1 >/dev/full"
	[ "$status" -eq 3 ]
	[[ $output == *"No space left"* ]]
	run bash -c "'$VPCLAB' --help 2>&1 >/dev/full"
	[ "$status" -eq 3 ]
}

@test "with -o json a refusal is a line of JSON on stderr, wherever it comes from" {
	{ cat small.lab; echo 'eip delete EIP1'; } >t.lab
	run --separate-stderr "$VPCLAB" -j -q run t.lab
	[ "$status" -eq 2 ]
	[ "$(jq -c . <<<"$stderr")" = '{"code":"InvalidAllocationId.NotFound","file":"t.lab","line":5,"column":12,"message":"there is no EIP named EIP1","hint":"there is no EIP at all yet; see: help eip"}' ]
	printf 'vpc creat VPC1\n"a\033 quote\n' >t.lab
	run --separate-stderr "$VPCLAB" -j -q validate t.lab
	[ "$status" -eq 2 ]
	[ "$(jq -c '[.code, .line, .column, .hint]' <<<"$stderr" | paste -sd' ')" = '[null,1,5,"did you mean create?"] [null,2,3,"remove it, or type the line anew"]' ]
	run --separate-stderr "$VPCLAB" -j -n nosuch -c vpc
	[ "$status" -eq 2 ]
	[ "$(jq -c '[.file, .line, .message]' <<<"$stderr")" = '[null,null,"there is no lab nosuch"]' ]
}

@test "a closed standard stream is an error where it is needed, and no file of ours takes its place" {
	{ cat small.lab; echo 'expect ok ECS1 true'; } >t.lab
	"$VPCLAB" run --junit out.xml t.lab 2>&-
	[ "$(head -1 out.xml)" = '<?xml version="1.0" encoding="UTF-8"?>' ]
	run grep -F '+  ' out.xml
	[ "$status" -eq 1 ]
	run bash -c '"$0" -c "vpc create VPC1 cidr 10.0.0.0/16" -c vpc >&-' "$VPCLAB"
	[ "$status" -eq 3 ]
	[[ $output == *"cannot write the answer"* ]]
	run bash -c '"$0" <&-' "$VPCLAB"
	[ "$status" -eq 3 ]
	[[ $output == *"cannot read standard input"* ]]
}

# ---- run ----

@test "run: a line an expectation, the summary last, exit 0 or 1" {
	cat small.lab - >t.lab <<-'EOF'
		expect ok ECS1 true
		expect fail ECS1 false
		expect output hello ECS1 echo hello world
		expect output ECS2 ECS1 echo $ECS2
		expect reachable ECS1 -> ECS2 icmp seen-as ECS1
		expect blocked ECS1 -> ECS2 tcp 22
	EOF
	run --separate-stderr "$VPCLAB" run t.lab
	[ "$status" -eq 0 ]
	[ "${#lines[@]}" -eq 7 ]
	[[ ${lines[0]} =~ ^ok\ +1\ +expect\ ok\ ECS1\ true\ +\([0-9.]+\ m?s\)$ ]]
	[[ ${lines[5]} == *refused* ]]
	[ "${lines[6]}" = "6 passed, 0 failed" ]
	[[ $stderr == *"vpc create VPC1"* ]]

	cat small.lab - >t.lab <<-'EOF'
		expect ok ECS1 sh -c 'echo because >&2; exit 3'
		expect fail ECS1 true
		expect output banana ECS1 echo apple
		expect output apple ECS1 sh -c 'echo apple; exit 1'
		expect reachable ECS1 -> ECS2 icmp seen-as ECS2
		expect reachable ECS1 -> ECS2 tcp 22
		expect blocked ECS1 -> ECS2 icmp
		expect ok ECS1 no-such-program
		expect ok ECS1 true
	EOF
	run --separate-stderr "$VPCLAB" run -q t.lab
	[ "$status" -eq 1 ]
	[ -z "$stderr" ]
	[[ ${lines[1]} == *"t.lab:5: its exit status is 3" ]]
	[[ ${lines[2]} == *because ]]
	[[ $output == *"its output has no banana"* ]]
	[[ $output == *"the far end saw 10.0.1.1 (ECS1), not 10.0.1.2 (ECS2)"* ]]
	[[ $output == *"no program no-such-program"* ]]
	[ "${lines[-1]}" = "1 passed, 8 failed" ]
}

@test "an expectation that could not fail, and a number that is too large, are refused" {
	run "$VPCLAB" -c 'set EMPTY ""' -c 'expect output $EMPTY internet echo hello'
	[ "$status" -eq 2 ]
	[[ $output == *"-c:2:15: error: every output contains an empty text"* ]]
	run "$VPCLAB" -c 'kill 99999999999'
	[ "$status" -eq 2 ]
	[[ $output == *"is no number of a job"* ]]
}

@test "run: expect within ends a command that takes longer, with all that it started" {
	cat small.lab - >t.lab <<-'EOF'
		expect within 0.2 ok ECS1 sh -c 'sleep 1000 & sleep 1000'
		expect output 0 ECS1 sh -c 'ps -e -o args | grep -c "[s]leep 1000"; true'
	EOF
	run "$VPCLAB" run -q t.lab
	[ "$status" -eq 1 ]
	[[ ${lines[1]} == *"took longer than 0.2 s"* ]]
	[ "${lines[-1]}" = "1 passed, 1 failed" ]
}

@test "run: expect error is about the code, and changes nothing" {
	cat small.lab - >t.lab <<-'EOF'
		expect error InvalidVpcId.NotFound vswitch create VSW9 vpc VPC9 cidr 10.0.9.0/24
		expect error InvalidVpc* vswitch create VSW9 vpc VPC9 cidr 10.0.9.0/24
		expect error SomethingElse vswitch create VSW9 vpc VPC9 cidr 10.0.9.0/24
		expect error InvalidVpcId.NotFound vpc create VPC2 cidr 10.2.0.0/16
		vpc create VPC2 cidr 10.2.0.0/16
		expect ok VPC2 true
	EOF
	run "$VPCLAB" run -q t.lab
	[ "$status" -eq 1 ]
	[[ $output == *"refused with InvalidVpcId.NotFound"* ]]
	[[ $output == *"the command was accepted"* ]]
	[ "${lines[-1]}" = "3 passed, 2 failed" ]
}

@test "run, up: of a file with mistakes all are told, exit 2, and nothing is done" {
	cat small.lab - >t.lab <<-'EOF'
		expect ok ECS1 touch mark
		vswitch create VSW2 vpc VPC2 cidr 10.0.2.0/24
		vpc crate VPC4
		expect error Nonsense vpc create VPC3 cidr 10.3.0.0/16
	EOF
	run --separate-stderr "$VPCLAB" run t.lab
	[ "$status" -eq 2 ]
	[ "$output" = "0 passed, 0 failed, 1 stopped: t.lab" ]
	[[ $stderr == "t.lab:6:25: error: InvalidVpcId.NotFound: "*"did you mean VPC1?"*"t.lab:7:5: error:"* ]]
	[ ! -e mark ]
	run "$VPCLAB" up whole t.lab
	[ "$status" -eq 2 ]
	[[ $output == *"whole was not built"* ]]
	[ ! -e mark ]
	run "$VPCLAB" run nosuch.lab
	[ "$status" -eq 2 ]
}

@test "run: each file is a lab of its own, one summary; the worst status counts" {
	{ cat small.lab; echo 'expect ok ECS1 true'; } >a.lab
	{ cat small.lab; echo 'expect ok ECS1 false'; } >b.lab
	run "$VPCLAB" run -q a.lab b.lab a.lab
	[ "$status" -eq 1 ]
	[ "${lines[-1]}" = "2 passed, 1 failed" ]
}

@test "run: a file that is refused shows in every report, and the others are run" {
	{ cat small.lab; echo 'expect ok ECS1 true'; } >a.lab
	{ cat small.lab; echo 'expect ok ECS1 false'; } >b.lab
	echo bogus >syntax.lab
	{ cat small.lab; echo 'expect ok ECS1 true'; echo 'eip delete EIP1'; } >cloud.lab
	run --separate-stderr "$VPCLAB" run -q a.lab syntax.lab cloud.lab nosuch.lab b.lab
	[ "$status" -eq 2 ]
	[ "${lines[-1]}" = "1 passed, 1 failed, 3 stopped: syntax.lab, cloud.lab, nosuch.lab" ]
	run --separate-stderr "$VPCLAB" run --tap --junit out.xml a.lab syntax.lab cloud.lab b.lab
	[ "$status" -eq 2 ]
	[ "$output" = "TAP version 13
ok 1 - expect ok ECS1 true
not ok 2 - syntax.lab runs to its end
# syntax.lab:1: bogus is neither a command nor a node
not ok 3 - cloud.lab runs to its end
# cloud.lab:6: InvalidAllocationId.NotFound: there is no EIP named EIP1
not ok 4 - expect ok ECS1 false
# b.lab:5: its exit status is 1
1..4" ]
	grep -q '<testsuites name="vpclab" tests="4" failures="1" errors="2">' out.xml
	[ "$(grep -c '<error message=' out.xml)" -eq 2 ]
}

@test "run --tap speaks TAP and nothing else on stdout" {
	cat small.lab - >t.lab <<-'EOF'
		expect ok ECS1 true
		ECS1 echo ok 99
		vpc
		expect ok ECS1 false # why
	EOF
	run --separate-stderr "$VPCLAB" run --tap t.lab
	[ "$status" -eq 1 ]
	[ "${lines[0]}" = "TAP version 13" ]
	[ "${lines[1]}" = "ok 1 - expect ok ECS1 true" ]
	[ "${lines[2]}" = "not ok 2 - expect ok ECS1 false" ]
	[ "${lines[-1]}" = "1..2" ]
	[[ $output != *"ok 99"* && $output != *10.0.0.0* ]]
}

@test "run --junit writes a file; -o json the same results as data" {
	{ cat small.lab; echo 'expect ok ECS1 true'; echo 'expect ok ECS1 sh -c "exit 2"'; } >t.lab
	run "$VPCLAB" run -q --junit out.xml t.lab
	[ "$status" -eq 1 ]
	grep -q '<testsuites name="vpclab" tests="2" failures="1" errors="0">' out.xml
	grep -q 'message="its exit status is 2"' out.xml
	run "$VPCLAB" run -q --junit no/such/dir/out.xml t.lab
	[ "$status" -eq 2 ]
	run --separate-stderr "$VPCLAB" run -j t.lab
	[ "$status" -eq 1 ]
	[ "$(jq -c '[.passed, .failed, .results[1].line, .results[1].passed]' <<<"$output")" = '[1,1,6,false]' ]
	[ "$(jq '[.results[].seconds > 0] | all' <<<"$output")" = true ] # both have run a program
}

@test "run --keep leaves the lab under the file's name; a taken name is refused before anything" {
	{ cat small.lab; echo 'expect ok ECS1 false'; } >mine.lab
	run "$VPCLAB" run --keep mine.lab
	[ "$status" -eq 1 ]
	[[ $output == *"vpclab shell mine"* ]]
	run "$VPCLAB" exec mine ECS1 -- true
	[ "$status" -eq 0 ]
	run --separate-stderr "$VPCLAB" run --keep mine.lab
	[ "$status" -eq 2 ]
	[ -z "$output" ]
	[[ $stderr == *'error: a lab named mine runs already'*'hint: vpclab down mine'* ]]
	"$VPCLAB" down mine
	echo bogus >>mine.lab
	run "$VPCLAB" run --keep mine.lab
	[ "$status" -eq 2 ]
	run "$VPCLAB" ls
	[ -z "$output" ]
}

# ---- variables, include ----

@test "set gives a default, --set wins; \$NAME is a variable, or a resource's address" {
	cat >t.lab <<-'EOF'
		set NET 10.7
		vpc create VPC1 cidr ${NET}.0.0/16
		vswitch create VSW1 vpc VPC1 cidr ${NET}.1.0/24
		ecs create ECS1 vswitch VSW1
		expect output $ECS1 ECS1 ip -4 addr show eth0
		vpc show
	EOF
	run "$VPCLAB" run -q t.lab
	[ "$status" -eq 0 ]
	[[ $output == *10.7.0.0/16* ]]
	run "$VPCLAB" run -q --set NET=10.8 t.lab
	[ "$status" -eq 0 ]
	[[ $output == *10.8.0.0/16* ]]
	run "$VPCLAB" run -q --set NET t.lab
	[ "$status" -eq 2 ]
	run "$VPCLAB" -c 'set A 1' -c 'internet echo $A$B'
	[ "$status" -eq 2 ]
	[[ $output == *"-c:2:"*'$B is neither'* ]]
}

@test "IPv6 is answered as what it is, also where the name of a group may stand" {
	printf 'vpc create VPC1 cidr 10.0.0.0/16\nsg create SG1 vpc VPC1\nsg allow SG1 in tcp 80 from fd00::/64\n' >t.lab
	run "$VPCLAB" validate t.lab
	[ "$status" -eq 2 ]
	[[ $output == *"t.lab:3:29: error: "*"hint: only IPv4 is supported"* ]]
}

@test "include at the prompt, with -c and on a running lab: a file with a mistake does nothing at all" {
	cat >half.lab <<-'EOF'
		set NET 10.1
		vpc create VPC1 cidr ${NET}.0.0/16
		VPC1 touch mark
		vswitch create VSW1 vpc VPC1 cidr 10.2.1.0/24
		include more.lab
	EOF
	printf 'eip create EIP1\neip crate EIP2\n' >more.lab
	"$VPCLAB" -q up half - <<<'vpc create VPC0 cidr 10.0.0.0/16'
	for how in "-n half -c 'include half.lab'" "-n half -c 'source half.lab'" "-n half <<<'include half.lab'"; do
		run bash -c "'$VPCLAB' $how"
		[ "$status" -eq 2 ]
		[[ $output == *"half.lab:4:35: error: InvalidParameter: "*"more.lab:2:5: error: "* ]]
	done
	[ ! -e mark ]
	[ "$("$VPCLAB" -n half -j -c 'vpc' | jq -r '.[].name')" = VPC0 ]
	# What is there already counts, and names a value; then it goes through.
	sed -i 's/10.2.1/${NET}.1/' half.lab
	echo 'expect error Nonsense vpc delete VPC1' >more.lab
	run "$VPCLAB" -n half -c 'set NET 10.7' -c 'include half.lab' -c 'vswitch delete VSW1' -c 'include more.lab'
	[ "$status" -eq 1 ]
	[ -e mark ]
	[ "$("$VPCLAB" -n half -j -c 'vpc' | jq -r '.[].cidr')" = $'10.0.0.0/16\n10.1.0.0/16' ]
	run "$VPCLAB" -n half -c 'include half.lab'
	[ "$status" -eq 2 ]
	[[ $output == *"half.lab:2:12: error: "* ]]
	"$VPCLAB" -q down half
}

@test "include is relative to its file; a mistake in there is shown there; cycles are refused" {
	mkdir -p sub/deeper
	echo 'include sub/a.lab' >top.lab
	echo 'include deeper/b.lab' >sub/a.lab
	cp small.lab sub/deeper/b.lab
	echo 'ecs show' >>top.lab
	run "$VPCLAB" run -q top.lab
	[ "$status" -eq 0 ]
	[[ $output == *10.0.1.2* ]]
	echo 'vpc creat X' >>sub/deeper/b.lab
	run "$VPCLAB" run -q top.lab
	[ "$status" -eq 2 ]
	[[ $output == *"sub/deeper/b.lab:5:5: error: "* ]]
	cp small.lab sub/deeper/b.lab
	echo 'include ../a.lab' >>sub/deeper/b.lab
	run "$VPCLAB" validate top.lab
	[ "$status" -eq 2 ]
	[[ $output == *"sub/deeper/b.lab:5:9: error: "*"includes itself"* ]]
	run "$VPCLAB" run -q sub
	[ "$status" -eq 2 ]
	[[ $output == *directory* ]]
}

@test "source is relative to the current directory, as in a shell, wherever it is said" {
	mkdir sub
	echo 'source base.lab' >sub/outer.lab
	echo 'vpc create HERE cidr 10.0.0.0/16' >base.lab
	echo 'vpc create BESIDE cidr 10.0.0.0/16' >sub/base.lab
	[ "$("$VPCLAB" -j -c 'include sub/outer.lab' -c vpc | jq -r '.[].name')" = HERE ]
	[ "$("$VPCLAB" -j -c 'source sub/outer.lab' -c vpc | jq -r '.[].name')" = HERE ]
	echo 'include base.lab' >sub/outer.lab
	[ "$("$VPCLAB" -j -c 'source sub/outer.lab' -c vpc | jq -r '.[].name')" = BESIDE ]
	echo 'source sub/outer.lab' >sub/outer.lab
	run "$VPCLAB" validate sub/outer.lab
	[ "$status" -eq 2 ]
	[[ $output == *"includes itself"* ]]
}

# ---- validate ----

@test "validate: every independent mistake once, what follows from it not at all; nothing is built" {
	cat >t.lab <<-'EOF'
		vpc create VPC1 cidr 192.168.0.0/33
		vswitch create VSW1 vpc VPC1 cidr 192.168.1.0/24
		ecs create ECS1 vswitch VSW1
		ECS1 touch ran
		expect ok ECS1 touch ran
		expect reachable ECS1 -> internet
		internet echo $ECS1
		vpc create VPC2 cidr 10.0.0.0/16
		vswitch create VSW2 vpc VPC2 cidr 10.1.0.0/24
		vswitch create VSW3 vpc VPCX cidr 10.0.3.0/24
		eip create EIP1
		vswitch create VSW4 vpc VPC2 cidr 10.0.4.0/24
		nat-gateway create NAT1 vpc VPC2 vswitch VSW4
		eip associate EIP1 nat-gateway NAT9
		snat create snat1 nat-gateway NAT1 source vswitch VSW4 eip EIP1
		expect error Wrong.Code vpc create VPC3 cidr 300.0.0.0/8
		expect ok NAT9 true
		"unclosed
		frobnicate
		include nosuch.lab
	EOF
	run --separate-stderr unshare -U "$VPCLAB" validate t.lab small.lab
	[ "$status" -eq 2 ]
	places=$(grep -o '^t.lab:[0-9][0-9]*' <<<"$stderr" | cut -d: -f2 | paste -sd' ')
	[ "$places" = "1 9 10 14 16 17 18 19 20" ]
	[[ $stderr == *"t.lab: 9 mistakes"* ]]
	[[ $stderr == *"small.lab: ok"* ]]
	[ ! -e ran ]
	run "$VPCLAB" validate -q small.lab
	[ "$status" -eq 0 ]
	[ -z "$output" ]
}

@test "validate: a variable that is refused or unknown is one mistake, however often it is used" {
	cat >t.lab <<-'EOF'
		set NET 10.0 extra
		vpc create VPC1 cidr ${NET}.0.0/16
		vswitch create VSW1 vpc VPC1 cidr ${NET}.1.0/24
		set COPY $NOWHERE
		vpc create VPC2 cidr $COPY
		vpc create VPC3 \
			cidr $NOWHERE
		vswitch create VSW3 vpc VPC3 cidr 10.0.0.0/24
		vpc create VPC4 cidr "10.0.0.0/16
		vswitch create VSW4 vpc VPC4 cidr 10.0.0.0/24
		internet echo $COPY,$NET
		set NET 10.0
		internet echo $NET $NETT
		internet echo ${
		internet echo $NET.0
		expect reachabel HOST -> internet
		expect ok HOST true
	EOF
	run --separate-stderr "$VPCLAB" validate t.lab
	[ "$status" -eq 2 ]
	places=$(grep -o '^t.lab:[0-9][0-9]*' <<<"$stderr" | cut -d: -f2 | paste -sd' ')
	[ "$places" = "1 4 9 13 14 15 16 17" ]
	[[ $stderr == *"did you mean \$NET?"* ]]
	[[ $stderr == *"did you mean \${NET}.0?"* ]]
}

@test "validate: a name that was refused first and made later is like any other" {
	cat >t.lab <<-'EOF'
		vpc create VPC1 cidr 10.0.0.0/33
		vpc create VPC1 cidr 10.0.0.0/16
		vpc create VPC1 cidr 10.0.0.0/16
		vswitch create VSW1 vpc VPC1 cidr 11.0.0.0/24
	EOF
	run -2 "$VPCLAB" validate t.lab
	[ "$(grep -oE '^t.lab:[0-9]+' <<<"$output" | paste -sd' ')" = 't.lab:1 t.lab:3 t.lab:4' ]
}

@test "validate: the topologies of this repository have no mistake" {
	run "$VPCLAB" validate "$BATS_TEST_DIRNAME"/../topologies/*.lab
	[ "$status" -eq 0 ]
}

# ---- labs that stay ----

@test "up, ls, -n LAB -c, exec, down" {
	run "$VPCLAB" up one small.lab
	[ "$status" -eq 0 ]
	[[ $output == *"vpclab shell one"* ]]
	run "$VPCLAB" up one small.lab
	[ "$status" -eq 2 ]
	run "$VPCLAB" up 'bad name' small.lab
	[ "$status" -eq 2 ]
	"$VPCLAB" up two small.lab -q
	[ "$("$VPCLAB" ls -j | jq -c 'map(.name)')" = '["one","two"]' ]

	"$VPCLAB" -n one -c 'eip create EIP1' -c 'eip create EIP2'
	[ "$("$VPCLAB" -n one -j -c eip | jq -c 'map(.name)')" = '["EIP1","EIP2"]' ]
	[ "$("$VPCLAB" -n two -j -c eip | jq -c .)" = '[]' ]

	run "$VPCLAB" -n noe -c vpc
	[ "$status" -eq 2 ]
	[[ $output == *"did you mean one?"* ]]

	run "$VPCLAB" down
	[ "$status" -eq 2 ]
	run "$VPCLAB" down one nosuch
	[ "$status" -eq 2 ]
	[ "$("$VPCLAB" ls -j | jq -c 'map(.name)')" = '["two"]' ]
	run "$VPCLAB" down --all
	[ "$status" -eq 0 ]
	[ "$("$VPCLAB" ls -j | jq -c .)" = '[]' ]
	run "$VPCLAB" down one
	[ "$status" -eq 2 ]
}

@test "up: a refused file leaves no lab; a failed expectation leaves one to look at" {
	{ cat small.lab; echo 'ecs create ECS1 vswitch VSW1'; } >t.lab
	run "$VPCLAB" up one t.lab
	[ "$status" -eq 2 ]
	[[ $output == *"one was not built"* ]]
	[ -z "$("$VPCLAB" ls)" ]
	{ cat small.lab; echo 'expect ok ECS1 false'; } >t.lab
	run "$VPCLAB" up one t.lab
	[ "$status" -eq 1 ]
	[ -n "$("$VPCLAB" ls)" ]
}

@test "a refused -c changes nothing, the ones before it stay" {
	"$VPCLAB" up one small.lab -q
	run "$VPCLAB" -n one -c 'eip create EIP1' -c 'eip create EIP1' -c 'eip create EIP2'
	[ "$status" -eq 2 ]
	[ "$("$VPCLAB" -n one -j -c eip | jq -c 'map(.name)')" = '["EIP1"]' ]
}

# ---- commands in nodes ----

@test "exec: status, streams and arguments pass as if it were run directly" {
	"$VPCLAB" up one small.lab -q
	run "$VPCLAB" exec one ECS1 -- sh -c 'exit 7'
	[ "$status" -eq 7 ]
	run "$VPCLAB" exec one ECS1 -- sh -c 'kill -TERM $$'
	[ "$status" -eq 143 ]
	run -127 "$VPCLAB" exec one ECS1 no-such-program
	run "$VPCLAB" exec one ECS7 -- true
	[ "$status" -eq 2 ]
	[[ $output == *"did you mean ECS"* ]]
	[ "$(echo through | "$VPCLAB" exec one ECS1 -- cat)" = through ]
	[ "$("$VPCLAB" exec one ECS1 -- uname -n)" = ECS1 ]
	[ "$("$VPCLAB" exec one ECS1 -- sh -c 'echo out; echo err >&2' 2>/dev/null)" = out ]
	[ "$("$VPCLAB" exec one ECS1 -- printf '<%s>' '$HOME' 'a  b' '*' '--' -j)" = '<$HOME><a  b><*><--><-j>' ]
	run "$VPCLAB" exec one ECS1 -- ip -4 -o addr show eth0
	[[ $output == *10.0.1.1/24* ]]
}

@test "a service's own program is found from where vpclab is called, as one of a node is" {
	mkdir here
	printf '#!/bin/sh\necho "at $PWD with $(cat data)"\nexec sleep 1000\n' >here/prog
	chmod +x here/prog
	echo data >here/data
	"$VPCLAB" up one small.lab -q
	cd here
	"$VPCLAB" -n one -c 'service start ECS1 exec name mine -- ./prog'
	has_said() {
		log=$("$VPCLAB" -n one -c 'service log ECS1 mine') && [ -n "$log" ]
	}
	eventually has_said
	[ "$log" = "at $PWD with data" ]
	run -2 "$VPCLAB" -n one -c 'service log ECS1 other'
	[[ $output == *'error: ECS1 has no service other'*'hint: '* ]]
	cd /
	run "$VPCLAB" -n one -c 'service start ECS2 exec name mine -- ./prog'
	[ "$status" -ne 0 ]
	[[ $output == *"./prog: No such file"* ]]
	# What is ours holds no directory.
	"$VPCLAB" -n one -c 'service start ECS2 http'
	[ "$("$VPCLAB" exec one internet -- sh -c 'readlink "/proc/$(cat /run/vpclab/service/ECS2/http.pid)/cwd"')" = / ]
}

@test "exec: a signal to vpclab reaches the program" {
	"$VPCLAB" up one small.lab -q
	mkfifo ready
	"$VPCLAB" exec one ECS1 -- sh -c 'trap "echo got TERM; exit 9" TERM; echo >ready; while :; do sleep 0.05; done' >out &
	read -r _ <ready
	kill -TERM $!
	status=0
	wait $! || status=$?
	[ "$status" -eq 9 ]
	[ "$(cat out)" = "got TERM" ]
}

@test "exec: the terminal is the program's" {
	"$VPCLAB" up one small.lab -q
	run script -qec "'$VPCLAB' exec one ECS1 -- sh -c 'test -t 0 && test -t 1 && stty size >/dev/null && echo terminal'" /dev/null
	[ "$status" -eq 0 ]
	[[ $output == terminal* ]]
}

@test "-c NODE COMMAND passes the command's status; in a file it ends nothing, and is a failed check" {
	run "$VPCLAB" -c 'internet sh -c "exit 5"'
	[ "$status" -eq 5 ]
	run "$VPCLAB" -c 'internet false' -c 'internet true'
	[ "$status" -eq 0 ]
	printf 'internet sh -c "exit 5"\nexpect ok internet true\n' >t.lab
	run "$VPCLAB" run t.lab
	[ "$status" -eq 1 ]
	[[ $output == *"FAIL 1  internet sh -c \"exit 5\""*"t.lab:1: its exit status is 5"*"1 passed, 1 failed"* ]]
}

@test "several -c, or lines on standard input: a refused one ends them with 2, a failed check makes it 1, else the last one's status counts" {
	"$VPCLAB" up one small.lab -q
	for check in 'expect ok ECS1 false' 'expect within 0.1 reachable ECS1 -> ECS2 tcp 22' 'probe ECS1 -> ECS2 tcp 22'; do
		run "$VPCLAB" -n one -c "$check" -c 'internet true'
		[ "$status" -eq 1 ]
		run "$VPCLAB" -n one -c "$check" -c 'internet sh -c "exit 5"'
		[ "$status" -eq 1 ]
		run "$VPCLAB" -n one -c "$check" -c 'eip delete EIP1' -c 'internet echo not reached'
		[ "$status" -eq 2 ]
		[[ $output != *"not reached"* ]]
		run "$VPCLAB" -n one <<<"$check
internet true"
		[ "$status" -eq 1 ]
	done
	run "$VPCLAB" -n one -c 'internet sh -c "exit 1"' -c 'internet sh -c "exit 5"'
	[ "$status" -eq 5 ]
	run "$VPCLAB" -n one -c 'internet sh -c "exit 1"' -c vpc
	[ "$status" -eq 0 ]
}

@test "names are looked up in every node; standard input is the command's" {
	run "$VPCLAB" -c 'include small.lab' -c 'ECS1 getent hosts ECS2'
	[ "$status" -eq 0 ]
	[[ $output == 10.0.1.2* ]]
	[ "$(echo text | "$VPCLAB" -c 'internet cat')" = text ]
}

@test "a command in the background is a job; kill ends it" {
	run "$VPCLAB" -c 'internet sleep 1000 &' -c 'internet sleep 1001 &' -c jobs -c 'kill 1' -c 'kill 7'
	[ "$status" -eq 2 ]
	[[ $output == *"1 Running internet sleep 1000"* ]]
	[[ $output == *"2 Running internet sleep 1001"* ]]
	[[ $output == *"there is no job 7"* ]]
}

# ---- standard input ----

@test "commands from standard input, answered line by line" {
	run "$VPCLAB" <<-'EOF'
		vpc create VPC1 \
			cidr 10.0.0.0/16
		vpc # comment
		internet cat
		internet sh -c 'exit 3'
	EOF
	[ "$status" -eq 3 ]
	[ "${lines[1]}" = "VPC1 10.0.0.0/16 Available" ]

	coproc LAB { "$VPCLAB" 2>&1; }
	local program=$LAB_PID # bash forgets that one as soon as the program ends
	echo 'internet echo one' >&"${LAB[1]}"
	read -r -t 20 answer <&"${LAB[0]}"
	[ "$answer" = one ]
	echo 'expect ok internet true' >&"${LAB[1]}"
	read -r -t 20 answer <&"${LAB[0]}"
	[[ $answer == ok* ]]
	echo exit >&"${LAB[1]}"
	wait "$program"
}

# ---- show ----

@test "show: JSON as the contract says, for every noun" {
	cat >t.lab <<-'EOF'
		vpc create VPC1 cidr 192.168.0.0/16
		vswitch create VSW1 vpc VPC1 cidr 192.168.1.0/24
		sg create SG1 vpc VPC1
		sg allow SG1 in tcp 80 from 0.0.0.0/0
		ecs create ECS1 vswitch VSW1 security-group SG1
		nat create NAT1 vpc VPC1 vswitch VSW1
		eip create EIP1
		eip create EIP2
		eip associate EIP1 nat-gateway NAT1
		snat create snat1 nat-gateway NAT1 source vswitch VSW1 eip EIP1
		dnat create dnat1 nat-gateway NAT1 eip EIP1 protocol tcp public-port 8000-8010 to ECS1 private-port 80-90
		internet-host create client dns www.example.com
		service start ECS1 http name web
	EOF
	"$VPCLAB" up one t.lab -q
	"$VPCLAB" -n one -j -c show >show.json
	[ "$(jq -c 'keys' show.json)" = '["acl","attachment","dnat","ecs","eip","eni","internet_host","ipv4_gateway","listener","load_balancer","nat_gateway","nat_ip","prefix_list","private_zone","route","route_table","security_group","service","settings","snat","transit_route","transit_route_table","transit_router","vpc","vpc_peer_connection","vserver_group","vswitch","zone_record"]' ]
	[ "$(jq -c '.vpc' show.json)" = '[{"name":"VPC1","cidr":"192.168.0.0/16","secondary_cidr":[],"user_cidr":[],"status":"Available"}]' ]
	[ "$(jq -c '.eip[0] | [.ip, .status, .associated]' show.json)" = '["203.0.113.1","InUse",{"type":"nat-gateway","name":"NAT1"}]' ]
	[ "$(jq -c '.eip[1] | [.status, .associated]' show.json)" = '["Available",null]' ]
	[ "$(jq -c '.ecs[0] | [.ip, .vswitch, .enis, .public_ip, .security_group]' show.json)" = '["192.168.1.1","VSW1",[],null,["SG1"]]' ]
	[ "$(jq -c '.route_table[0] | [.name, .vpc, .type, .vswitches]' show.json)" = '["VPC1/system","VPC1","System",["VSW1"]]' ]
	[ "$(jq -c '.route | map([.table, .to, .type, .via])' show.json)" = \
		'[["VPC1/system","100.64.0.0/10","System",null],["VPC1/system","192.168.1.0/24","System",null],["VPC1/system","0.0.0.0/0","Custom",{"type":"nat-gateway","name":"NAT1"}]]' ]
	[ "$(jq -c '.route | map(.name)' show.json)" = '["VPC1/system/service","VPC1/system/VSW1","VPC1/default-route"]' ]
	[ "$(jq -c '.snat[0] | [.nat_gateway, .source, .eip]' show.json)" = '["NAT1",{"type":"vswitch","name":"VSW1"},["EIP1"]]' ]
	[ "$(jq -c '.dnat[0] | [.protocol, .public_port, .to, .private_port]' show.json)" = '["tcp","8000-8010","ECS1","80-90"]' ]
	[ "$(jq -c '.internet_host[0] | [.ip, .dns]' show.json)" = '["198.51.100.1",["www.example.com"]]' ]
	[ "$(jq -c '.service[0] | [.name, .node, .port, .status]' show.json)" = '["web","ECS1",80,"Running"]' ]
	[ "$(jq -c '.security_group[1].rules[0] | [.direction, .policy, .protocol, .port, .from]' show.json)" = '["in","allow","tcp",80,"0.0.0.0/0"]' ]

	[ "$("$VPCLAB" -n one -j -c 'eip show EIP2' | jq -c 'map(.name)')" = '["EIP2"]' ]
	run "$VPCLAB" -n one -c 'eip show EIP3'
	[ "$status" -eq 2 ]
	[[ $output == *"did you mean EIP"* ]]

	"$VPCLAB" exec one internet -- sh -c 'kill $(cat /run/vpclab/service/ECS1/web.pid)'
	has_exited() {
		[ "$("$VPCLAB" -n one -j -c service | jq -r '.[0].status')" = Exited ]
	}
	eventually has_exited
}

@test "save builds the same lab again; an unwritable file is an error" {
	"$VPCLAB" up one small.lab -q
	"$VPCLAB" -n one -c 'eip create EIP1' -c 'save copy.lab'
	"$VPCLAB" up two copy.lab -q
	[ "$("$VPCLAB" -n one -j -c show)" = "$("$VPCLAB" -n two -j -c show)" ]
	run "$VPCLAB" -n one -c 'save no/such/dir/x.lab'
	[ "$status" -eq 2 ]
	run "$VPCLAB" -n one -c 'save /dev/full'
	[ "$status" -eq 3 ]
	[[ $output == *"No space left"* ]]
}

@test "probe: reached, refused, timed out, and who was seen" {
	"$VPCLAB" up one small.lab -q
	run "$VPCLAB" -n one -c 'probe ECS1 -> ECS2 icmp'
	[ "$status" -eq 0 ]
	[[ $output == *"reached in "*"seen as 10.0.1.1 (ECS1)" ]]
	run "$VPCLAB" -n one -c 'probe ECS1 -> ECS2 tcp 22'
	[ "$status" -eq 1 ]
	[[ $output == *refused* ]]
	run "$VPCLAB" -n one -c 'probe ECS1 -> 203.0.113.99'
	[ "$status" -eq 1 ]
	[ "$("$VPCLAB" -n one -j -c 'probe ECS1 -> ECS2 icmp' | jq -c '[.verdict, .seen_as]')" = '["reached","10.0.1.1"]' ]
}

# ---- -v ----

@test "-v says the commands that build the same lab by hand" {
	cat >state.sh <<-'EOF'
		for netns in $(ip netns list | cut -d' ' -f1 | sort); do
			echo "== $netns"
			ip -n "$netns" -4 -o addr show | awk '{ print $2, $4 }'
			ip -n "$netns" route show table all | grep -v 'table local'
			ip -n "$netns" rule
			ip netns exec "$netns" nft -s list ruleset
		done
	EOF
	topology=$BATS_TEST_DIRNAME/../topologies/two-nat-gateways.lab
	run --separate-stderr "$VPCLAB" -v up one "$topology" -q
	[ "$status" -eq 0 ]
	# services are the lab's own programs
	grep -v ' &$' <<<"$stderr" >by-hand.sh
	grep -q '^ip -n VPC1 rule add pref 1001 iif VSW1' by-hand.sh
	within one sh -c "$(cat state.sh)" | sed '/counter packets/d; /ct count over/d' >lab
	unshare -Urnmpf --mount-proc sh -c 'mount -t tmpfs tmpfs /run && sh -e by-hand.sh && sh state.sh' | sed '/counter packets/d; /ct count over/d' >by-hand
	diff lab by-hand
	[ "$(wc -l <lab)" -gt 100 ]

	run --separate-stderr "$VPCLAB" -v -n one -c 'snat delete snat1'
	[ "$status" -eq 0 ]
	within one sh -c "$(cat state.sh)" | sed '/counter packets/d; /ct count over/d' >lab
	unshare -Urnmpf --mount-proc sh -c 'mount -t tmpfs tmpfs /run && sh -e by-hand.sh && echo "$1" | sh -e && sh state.sh' sh "$stderr" |
		sed '/counter packets/d; /ct count over/d' >by-hand
	diff lab by-hand
	run --separate-stderr "$VPCLAB" -n one -c 'eip create EIP9'
	[ -z "$stderr" ]
}

# ---- completion, doctor, manual ----

@test "complete: subcommands, options and their values, labs, nodes" {
	"$VPCLAB" up one small.lab -q
	"$VPCLAB" up other small.lab -q
	[ "$("$VPCLAB" complete va | cut -f1)" = validate ]
	[ "$("$VPCLAB" complete run --j | cut -f1 | paste -sd' ')" = "--junit --json" ]
	[ "$("$VPCLAB" complete -o '' | cut -f1 | paste -sd' ')" = "table json" ]
	[ "$("$VPCLAB" complete down '' | cut -f1 | paste -sd' ')" = "one other" ]
	[ "$("$VPCLAB" complete shell ot | cut -f1)" = other ]
	[ "$("$VPCLAB" complete -n o | cut -f1 | paste -sd' ')" = "one other" ]
	[ "$("$VPCLAB" complete exec one E | cut -f1 | paste -sd' ')" = "ECS1 ECS2" ]
	for words in 'diff|one other' 'diff one|one other' 'graph|one other' 'capture|one other' 'import|terraform' 'export|terraform' \
		'export terraform|one other' 'up|' 'reach small.lab ECS1|->' 'exec one ECS1|--'; do
		# shellcheck disable=SC2086 # words on purpose
		[ "$("$VPCLAB" complete ${words%|*} '' | cut -f1 | paste -sd' ')" = "${words#*|}" ] || { echo "$words"; false; }
	done
	[[ $("$VPCLAB" complete exec one ECS1 -- sha256su) == sha256sum$'\t'* ]]
	[ "$("$VPCLAB" complete exec one ECS1 -- ping -c 1 E | cut -f1 | paste -sd' ')" = "ECS1 ECS2" ]
	[ "$("$VPCLAB" complete capture one ECS1,E | cut -f1)" = ECS1,ECS2 ]
	[ "$("$VPCLAB" complete -n one -c 'ecs delete ECS' | cut -f1 | paste -sd,)" = "ecs delete ECS1,ecs delete ECS2" ]
	[ "$("$VPCLAB" complete shell one -c 'ecs delete ECS' | cut -f1 | paste -sd,)" = "ecs delete ECS1,ecs delete ECS2" ]
	[ -z "$("$VPCLAB" complete run '')" ]
	for words in '' '--' 'exec nosuch ' '-n nosuch -c x' 'x y z'; do
		# shellcheck disable=SC2086 # words on purpose
		run "$VPCLAB" complete $words
		[ "$status" -eq 0 ]
	done
}

@test "doctor: says yes where run works, also as JSON" {
	run "$VPCLAB" doctor
	[ "$status" -eq 0 ]
	[[ $output == *"private namespaces"*yes* ]]
	[ "$("$VPCLAB" doctor -j | jq 'map(select(.ok == false and .optional == false)) | length')" -eq 0 ]
	run -0 jq -r '.[].name' <<<"$("$VPCLAB" doctor -j)"
	for row in 'private namespaces' user.max_{user,net,mnt,pid}_namespaces veth 'policy routing' nftables 'nftables, '{'connection tracking','sets and verdict maps','NAT by maps','NAT by hash',limit,'ct count','ct count by key',reject,trace} \
		'connection tracking, look-up' 'open files' ip nft curl ping tcpdump; do
		grep -qxF "$row" <<<"$output" || { echo "no row: $row"; false; }
	done
	# A cure is there to be pasted, however long it is; all else fits into a terminal.
	run -1 grep -E '^.{81}' <(grep -v '^    cure: ' <<<"$output")
}

@test "doctor and run: a machine that cannot, exit 3 and the same words with the cure" {
	# A user namespace in which no further one may be made.
	forbid=(unshare -Ur sh -c 'echo 0 >/proc/sys/user/max_user_namespaces; exec "$@"' sh)
	run "${forbid[@]}" "$VPCLAB" doctor
	[ "$status" -eq 3 ]
	[[ $output == *"NO"*"sysctl -w user.max_user_namespaces"* ]]
	run --separate-stderr "${forbid[@]}" "$VPCLAB" run -q small.lab
	[ "$status" -eq 0 ] || [ "$status" -eq 3 ]
	echo 'expect ok ECS1 true' >>small.lab
	run --separate-stderr "${forbid[@]}" "$VPCLAB" run -q small.lab
	[ "$status" -eq 3 ]
	[[ $stderr == *"sysctl -w user.max_user_namespaces"* ]]
}

@test "manual: roff that man can read, with every subcommand and command" {
	"$VPCLAB" manual >vpclab.1
	grep -q '^\.SH EXIT STATUS' vpclab.1
	grep -q 'nat\\-gateway create' vpclab.1
	if command -v groff >/dev/null; then
		run groff -man -Tutf8 -ww -z vpclab.1
		[ -z "$output" ]
	fi
}

@test "help of a word that only another cloud has names that cloud; a long choice is a word of its own in what a command needs" {
	for words in vpc-endpoint instance 'vpc set'; do
		run -2 "$VPCLAB" -c "help $words"
		[[ $output == *"there is no command $words"*'hint: it is one of "provider aws"' ]]
	done
	run -2 "$VPCLAB" -c 'provider aws' -c 'help snat create'
	[[ $output == *'hint: it is one of "provider alibaba"' ]]
	run -2 "$VPCLAB" -c 'help nosuch'
	[[ $output == *'hint: help' ]]
	run -2 "$VPCLAB" -c 'price nat-gateway-hour'
	[[ $output == *'price needs AMOUNT'*'hint: price DIMENSION AMOUNT' ]]
}
