# SPDX-License-Identifier: GPL-3.0-only
# What a line may say besides a command of the cloud: programs that have to work, titles, pipes, files, the user's machine.
# shellcheck disable=SC2154 # output, stderr and status are of run

load lib/common

setup() {
	cd "$BATS_TEST_TMPDIR" || return
}

load_lab() { # of a host with a web server, and these lines
	printf '%s\n' 'vpc create VPC1 cidr 10.0.0.0/16' 'vswitch create VSW1 vpc VPC1 cidr 10.0.1.0/24' \
		'ecs create web{1..2} vswitch VSW1' "$@" >"$LAB"
}

VPCLAB=$(realpath "$VPCLAB")

# ---- programs ----

@test "in a file a program that fails, is not there, or dies is a failed check; try does not mind" {
	load_lab 'web1 false' 'web1 no-such' 'web1 sh -c "kill -9 $$"' 'web1 no-such-either &' 'web1 true' \
		'try web1 false' 'try web1 no-such' 'expect ok web1 true'
	sed -i 's/\$\$/\\$\\$/' "$LAB"
	run "$VPCLAB" run "$LAB"
	echo "$output"
	[ "$status" -eq 1 ]
	[[ $output == *"FAIL 1  web1 false"*"FAIL 2  web1 no-such"*"FAIL 3  web1 sh"*"is 137"*"FAIL 4  web1 no-such-either &"*'1 passed, 4 failed'* ]]
	run --separate-stderr "$VPCLAB" run --tap "$LAB"
	[[ $output == *"not ok 2 - web1 no-such"*1..5 ]]
	load_lab 'web1 false'
	run "$VPCLAB" up lines "$LAB"
	"$VPCLAB" down lines
	[ "$status" -eq 1 ]
	run "$VPCLAB" -c "source $LAB" -c 'web1 true'
	[ "$status" -eq 1 ]
	run "$VPCLAB" -c 'try internet false'
	[ "$status" -eq 0 ]
}

@test "expect eventually tries again until it holds, or its time is up" {
	load_lab 'web1 sh -c "sleep 0.3; touch /tmp/there" &' \
		'expect eventually ok web1 test -e /tmp/there' \
		'expect eventually within 20 output 3 web1 sh -c "echo >>/tmp/n; wc -l </tmp/n"' \
		'service start web2 http' \
		'expect within 9 eventually reachable web1 -> web2' \
		'expect eventually within 0.2 ok web1 test -e /tmp/never' \
		'expect eventually within 0.2 reachable web1 -> web2 tcp 81'
	run "$VPCLAB" run "$LAB"
	echo "$output"
	[ "$status" -eq 1 ]
	[[ $output == *'3 passed, 2 failed'* ]]
	[[ $output == *'FAIL 4 '*'its exit status is 1'*'FAIL 5 '*'refused'*NOT_LISTENING* ]]
	for line in 'expect eventually error X eip create EIP1' 'expect eventually within 1 within 2 ok web1 true' \
		'expect eventually eventually ok web1 true' 'expect eventually within x ok web1 true' 'expect eventually' \
		'expect eventually ok web9 true'; do
		load_lab "$line"
		run "$VPCLAB" validate "$LAB"
		echo "$output"
		[ "$status" -eq 2 ]
		[[ $output == *':4:'*': 1 mistake'* ]]
	done
}

# ---- titles ----

titled() {
	{
		printf '%s\n' '#!/usr/bin/env vpclab' '# The whole' '#' '# Introduces it.' ''
		printf '%s\n' '# Make them. This is not the title' '# any more.' 'vpc create VPC1 cidr 10.0.0.0/16' \
			'vswitch create VSW1 vpc VPC1 cidr 10.0.1.0/24' 'ecs create web1 vswitch VSW1' '' '# Try <&> it' \
			'expect ok web1 true' 'expect ok web1 true' '# Try <&> it' 'expect blocked web1 -> web1 tcp 9' \
			'include part.lab' 'expect ok web1 true'
	} >"$LAB"
	printf '%s\n' '# Of the part.' 'expect ok web1 false' >part.lab
}

@test "the comment above a group of lines is its title, in what run prints and in TAP" {
	titled
	run --separate-stderr "$VPCLAB" run "$LAB"
	echo "$output"
	[[ $output == $'# Make them\n# Try <&> it\nok   1 '*$'\n# Try <&> it\nok   3 '*$'\n# Of the part\nFAIL 4 '* ]]
	run --separate-stderr "$VPCLAB" run -q "$LAB"
	[[ $output == $'# Of the part\nFAIL 4 '* ]]
	run --separate-stderr "$VPCLAB" run --tap "$LAB"
	echo "$output"
	[[ $output == *$'# Try <&> it\nok 1 - expect ok web1 true\nok 2 - expect ok web1 true (2)\n'* ]]
	[[ $output == *$'\nok 5 - expect ok web1 true (3)\n'* ]]
}

@test "a group is a suite in JUnit, and no two tests nor suites have the same name" {
	titled
	run -1 "$VPCLAB" run -q --junit out.xml "$LAB"
	cat out.xml
	[ "$(xmllint --xpath 'count(//testsuite)' out.xml)" -eq 3 ]
	[ "$(xmllint --xpath 'string(//testsuite[3]/@name)' out.xml)" = 'Of the part' ]
	[ "$(xmllint --xpath 'string(//testsuite[2]/@name)' out.xml)" = 'Try <&> it (2)' ]
	[ "$(xmllint --xpath 'count(//testsuite[2]/testcase)' out.xml)" -eq 2 ]
	[ -z "$(grep -o '<testcase name="[^"]*"' out.xml | sort | uniq -d)" ]
	run --separate-stderr "$VPCLAB" run -j "$LAB"
	[ "$(jq -r '.results[0].title' <<<"$output")" = 'Try <&> it' ]
}

@test "a topology file whose first line names vpclab is a program" {
	titled
	chmod +x "$LAB"
	PATH=$(dirname "$VPCLAB"):$PATH run "$LAB" -q
	echo "$output"
	[ "$status" -eq 1 ]
	[[ $output == *'4 passed, 1 failed'* ]]
}

# ---- pipes, files, the user's machine ----

@test "what a line prints goes through programs of the user's machine, or into a file" {
	load_lab 'web1 echo one two | tr a-z A-Z | sed "s/ /{1,2}/" > out' 'vpc show >> out' 'vswitch show >/dev/null' \
		'web1 sh -c "echo late" >late &' 'web{1..2} hostname | sort -r >> out' '!cat out' '! true' 'expect ok web1 true'
	run --separate-stderr "$VPCLAB" run "$LAB"
	echo "$output$stderr"
	[ "$status" -eq 0 ]
	[ "$(sed -n 1p out)" = 'ONE{1,2}TWO' ]
	[[ $(sed -n 3p out) == VPC1* ]]
	[ "$(tail -n 2 out)" = $'web2\nweb1' ]
	[[ $output == *'ONE{1,2}TWO'* ]]
	eventually grep -q late late
	[ "$("$VPCLAB" -j -c 'vpc create VPC1 cidr 10.0.0.0/16' -c 'vpc | jq -r .[].name')" = VPC1 ]
}

@test "the status of a line with a pipe is the last program's that failed; a reader may have enough" {
	load_lab 'web1 yes | head -n 1' 'show | head -n 1' 'web1 true | grep -q x' 'web1 false | cat'
	run "$VPCLAB" run "$LAB"
	echo "$output"
	[[ $output == *'FAIL 1  web1 true | grep -q x'*'FAIL 2  web1 false'*'0 passed, 2 failed'* ]]
	[ "$("$VPCLAB" -c 'internet echo one |tr a-z A-Z |rev')" = ENO ]
	[ "$("$VPCLAB" -c "internet echo '|tr' a|b")" = '|tr a|b' ]
	run "$VPCLAB" -c 'internet echo x | grep y'
	[ "$status" -eq 1 ]
	run "$VPCLAB" -c 'internet echo x | sh -c "cat; exit 7"'
	[ "$status" -eq 7 ]
	run "$VPCLAB" -c '!sh -c "exit 5"'
	[ "$status" -eq 5 ]
}

@test "a program that is not there, a file that cannot be written, a full disk: said, and nothing else is done" {
	run "$VPCLAB" -c 'internet touch done | no-such-program'
	echo "$output"
	[ "$status" -eq 2 ]
	[[ $output == *'-c:1:23: error: there is no program no-such-program on this machine'* ]]
	[ ! -e "done" ]
	run "$VPCLAB" -c 'internet touch done > no/such/folder'
	[ "$status" -eq 2 ]
	[[ $output == *'-c:1:21: error: cannot write no/such/folder: No such file'* ]]
	[ ! -e "done" ]
	run "$VPCLAB" -c 'vpc create VPC1 cidr 10.0.0.0/16' -c 'show > /dev/full'
	echo "$output"
	[ "$status" -eq 3 ]
	[[ $output == *': No space left on device'* ]]
	run "$VPCLAB" -c 'help > /dev/full'
	[ "$status" -eq 3 ]
	for line in 'show |' 'show | | cat' 'show >' 'show > a b' 'show > a | cat' 'show >>> a' 'internet true & | cat' 'internet true | cat &'; do
		run "$VPCLAB" -c "$line"
		echo "$line: $output"
		[ "$status" -eq 2 ]
		[[ $output == *'-c:1:'*'error: '* ]]
	done
}

@test "a file that is only looked at starts and writes nothing" {
	load_lab '!touch started' 'web1 true | tee started' 'show > started' 'show | no-such-program' 'expect blocked web1 -> web2'
	"$VPCLAB" validate "$LAB"
	"$VPCLAB" explain "$LAB" 'web1 -> web2' || [ $? -eq 1 ]
	"$VPCLAB" graph "$LAB"
	"$VPCLAB" plan "$LAB"
	[ ! -e started ]
	load_lab 'show >'
	run "$VPCLAB" validate "$LAB"
	[ "$status" -eq 2 ]
}

@test "a check and a change print nothing that could go anywhere" {
	for line in 'expect ok internet true | cat' 'eip create EIP1 > f' 'expect reachable internet -> internet > f'; do
		run "$VPCLAB" -c "$line"
		[ "$status" -eq 2 ]
	done
	[ ! -e f ]
}

@test "the example in the manual is a file that passes, and its grammar names what there is" {
	"$VPCLAB" manual >page
	sed -n '/^A file as an example:/,/^\.EE/p' page | sed '1,2d;$d;s/\\-/-/g;s/\\&//' >"$LAB"
	run "$VPCLAB" run "$LAB"
	echo "$output"
	[ "$status" -eq 0 ]
	[[ $output == *' passed, 0 failed'* ]]
	grep -q '^redirection = ' page
	grep -q '^braces      = ' page
}

@test "what the manual's grammar says is read: random sentences of it, of both clouds" {
	"$VPCLAB" manual >page
	: >f.lab
	for seed in 1 2 3; do
		for part in alibaba aws lines; do
			if [ "$part" = aws ]; then
				printf '%s\n' 'provider aws' 'vpc create VPC1 cidr 10.0.0.0/16' 'subnet create VSW1 vpc VPC1 cidr 10.0.1.0/24' \
					'instance create ECS1 subnet VSW1' 'instance create ECS2 subnet VSW1'
			else
				load_lab && sed 's/web{1..2}/ECS{1..2}/; s/web1/ECS1/' "$LAB"
			fi >sentences.lab
			printf '%s\n' 'eip create EIP1' 'set value 1' >>sentences.lab
			"$BATS_TEST_DIRNAME/lib/sentences.py" "$part" "$seed" <page >>sentences.lab
			run --separate-stderr "$VPCLAB" validate -q --format json sentences.lab
			# The port of a matrix follows a protocol; a code that is not the right one, and a service that is not there, have a form.
			run jq -r '.[] | select(.code == null and (.message + .hint | test("is expected|protocol stands|no ports|has no service") | not)) | "\(.line) \(.message)"' <<<"$output"
			[ -z "$output" ] || { cat -n sentences.lab; echo "$output"; false; }
		done
	done
	# The words that stand quoted in it are in the table.
	sed -n '/^file  /,/^\.EE/p' page | grep -o '"[a-z]*"' | tr -d '"' | sort -u >words
	[ "$(wc -l <words)" -ge 6 ]
	sed '1,/^\.SH COMMANDS/d' page >commands
	while read -r word; do
		grep -qw -e "$word" commands || { echo "$word"; false; }
	done <words
}
