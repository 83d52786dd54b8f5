# SPDX-License-Identifier: GPL-3.0-only
# vpclab learn: topologies as tutorials.

load lib/common

setup() {
	export XDG_RUNTIME_DIR=$BATS_TEST_TMPDIR XDG_STATE_HOME=$BATS_TEST_TMPDIR/state
	LESSON=$BATS_TEST_TMPDIR/lesson.lab
}

# learns STATUS TUTORIAL... < what the learner types
learns() {
	local want=$1
	shift
	run --separate-stderr "$VPCLAB" learn "$@"
	[ "$status" -eq "$want" ] || printf '%s\n' "status $status" "$output" "$stderr"
	[ "$status" -eq "$want" ]
}

says() {
	[[ $output == *"$1"* ]] || printf 'not said: %s\n%s\n' "$1" "$output"
	[[ $output == *"$1"* ]]
}

says_not() {
	[[ $output != *"$1"* ]] || printf 'said: %s\n%s\n' "$1" "$output"
	[[ $output != *"$1"* ]]
}

# What a learner has to type: the file's own lines, but for what the tutor does.
lines_of() {
	grep -v -e '^#' -e '^expect' -e '^$' -e '^provider' -e '^authorization' "topologies/$1.lab"
}

# All steps of a tutorial typed, none skipped, and every check of it passed.
typed_through() {
	learns 0 "$1" < <(lines_of "$1")
	says "$(grep -c '^expect' "topologies/$1.lab") checks passed, 0 failed, 0 steps skipped."
}

small_lesson() {
	cat >"$LESSON" <<-'EOL'
		# A small lesson
		#
		# About a network.

		# Make the network.
		vpc create VPC1 cidr 10.0.0.0/16
		vswitch create VSW1 vpc VPC1 cidr 10.0.1.0/24

		# Start two hosts, one with a page, in a group of its own.
		sg create SG1 vpc VPC1
		ecs create ECS1 vswitch VSW1 security-group SG1
		ecs create ECS2 vswitch VSW1
		service start ECS1 http

		# Nobody is let in.
		expect blocked ECS2 -> ECS1

		# Let them in.
		sg allow SG1 in tcp 80 from 10.0.1.0/24
		expect reachable ECS2 -> ECS1
	EOL
}

@test "the list: every topology with its title and steps, the short ones first" {
	learns 0
	for topology in topologies/*.lab; do
		says "$(basename "$topology" .lab)  $(sed -n '1s/^# //p' "$topology") ("
	done
	says "two-nat-gateways  Two NAT gateways in one VPC (8 steps)"
	says "    ECS1 leaves through SNAT"
	[[ $stderr == *"vpclab learn NAME"* ]]
	learns 0 -q
	[ "${#lines[@]}" -eq "$(find topologies -name '*.lab' | wc -l)" ]
	[ -z "$stderr" ]
	learns 0 -j
	[ "$(jq -c '[.[].steps]' <<<"$output")" = "$(jq -c '[.[].steps] | sort' <<<"$output")" ]
	[ "$(jq -r '.[] | select(.name == "nat-overview") | .title' <<<"$output")" = "The four things that every NAT gateway needs" ]
}

@test "every topology as it is written is a lesson: typed line by line nothing is left to do" {
	for topology in topologies/*.lab; do
		typed_through "$(basename "$topology" .lab)"
	done
}

@test "a whole lesson by skip, which shows what it does" {
	learns 0 two-nat-gateways < <(yes skip | head -n 8)
	says "ECS1 leaves through SNAT on NAT1 and reaches, over the internet, a service on"
	says "Step 1 of 8: Build the network"
	says "Step 8 is done."
	says "ok   1  expect output EIP1 ECS1 curl -sS http://EIP2"
	says "All 8 steps are done: 6 checks passed, 0 failed, 8 steps skipped."
	says "The next one: vpclab learn "
	[[ $stderr == *"+       vpc create VPC1 cidr 192.168.0.0/16"* ]]
}

@test "one who knows no command gets through by a hint and the step's own words, without skip" {
	local -A learner
	for topology in topologies/*.lab; do
		python3 tests/lib/learner.py "$VPCLAB" "$(basename "$topology" .lab)" >"$BATS_TEST_TMPDIR/$(basename "$topology").end" 3>&- &
		learner[$topology]=$!
	done
	for topology in topologies/*.lab; do
		wait "${learner[$topology]}"
		run cat "$BATS_TEST_TMPDIR/$(basename "$topology").end"
		says "$(grep -c '^expect' "$topology") checks passed, 0 failed, 0 steps skipped."
	done
}

@test "AWS: the lesson brings its provider along" {
	learns 1 aws-nat-gateway <<-'EOF'
		subnet create public-a vpc VPC1 cidr 10.0.0.0/24
		vpc create VPC1 cidr 10.0.0.0/16
		subnet create public-a cidr 10.0.0.0/24 zone a vpc VPC1
		subnet create private-a vpc VPC1 cidr 10.0.1.0/24 zone a
		hint
	EOF
	[[ $stderr == *"InvalidVpcID.NotFound"* ]]
	says "make a subnet in a VPC: public-a, vpc VPC1, cidr 10.0.0.0/24, zone a"
	says "Step 1 is done."
	says "The command is security-group create; help security-group create explains it"
}

@test "any order, other forms and spelled out defaults count" {
	small_lesson
	learns 0 "$LESSON" <<-'EOF'
		vpc create VPC1 \
			cidr 10.0.0.0/16
		vswitch create VSW1 zone zone-a cidr "10.0.1.0/24" vpc VPC1
		sg create SG1 type basic vpc VPC1
		ecs create ECS2 vswitch VSW1 billing pay-as-you-go
		show
		ecs create ECS1 vswitch VSW1 security-group SG1 ip 10.0.1.77
		service start ECS1 http port 80
		security-group allow SG1 in tcp 80-80 priority 1 from $VSW1
		sg allow SG1 in tcp 80/80 priority 1 from 10.0.1.0/24
	EOF
	says "Good; 1 more to do."
	says "All 3 steps are done: 2 checks passed, 0 failed, 0 steps skipped."
	[[ $stderr == *"VSW1 has no address"* ]]
}

@test "a refused command is the cloud's error, and the step stays" {
	small_lesson
	learns 1 "$LESSON" <<-'EOF'
		vswitch create VSW1 vpc VPC1 cidr 10.0.1.0/24
		vpc crate VPC1
	EOF
	[[ $stderr == *"InvalidVpcId.NotFound"* ]]
	[[ $stderr == *"did you mean create?"* ]]
	says_not "Step 1 is done."
	says "Left at step 1 of 3."
}

@test "what was built otherwise is told by its attribute, with what helps" {
	small_lesson
	learns 1 "$LESSON" <<-'EOF'
		vpc create VPC1 cidr 10.0.0.0/16
		vswitch create VSW1 vpc VPC1 cidr 10.0.2.0/24
		hint
		vswitch delete VSW1
		vswitch create VSW1 vpc VPC1 cidr 10.0.1.0/24
	EOF
	says "Not as the step asks: VSW1: cidr is 10.0.2.0/24, and should be 10.0.1.0/24"
	says "What would help: vswitch delete VSW1"
	says "Step 1 is done."

	printf 'internet-host create site\nservice start site http port 8080\n' >"$BATS_TEST_TMPDIR/service.lab"
	learns 1 "$BATS_TEST_TMPDIR/service.lab" <<-'EOF'
		internet-host create site
		service start site http name web
	EOF
	says "Not as the step asks: site: port is 80, and should be 8080"
	says "What would help: service stop site web"

	# a gateway cannot be set into another vSwitch
	cat >"$BATS_TEST_TMPDIR/gateway.lab" <<-'EOF'
		vpc create VPC1 cidr 10.0.0.0/16
		vswitch create VSW1 vpc VPC1 cidr 10.0.1.0/24
		vswitch create VSW2 vpc VPC1 cidr 10.0.2.0/24
		nat-gateway create NAT1 vpc VPC1 vswitch VSW1
	EOF
	learns 1 "$BATS_TEST_TMPDIR/gateway.lab" < <(sed '4s/VSW1/VSW2/' "$BATS_TEST_TMPDIR/gateway.lab")
	says "Not as the step asks: NAT1: vswitch is VSW2, and should be VSW1"
	says "What would help: nat-gateway delete NAT1"

	# whatever it is called
	learns 1 "$LESSON" <<<"vpc create MINE cidr 10.1.0.0/16"
	says "Not as the step asks: MINE: cidr is 10.1.0.0/16, and should be 10.0.0.0/16"
	says "What would help: vpc delete MINE"
	says_not "Yours is called"
	learns 1 "$BATS_TEST_TMPDIR/gateway.lab" < <(sed 's/NAT1/gw/; 4s/$/ size large/' "$BATS_TEST_TMPDIR/gateway.lab")
	says "Not as the step asks: gw: size is large, and should be small"
	says "What would help: nat-gateway set gw size small"
}

# is_called LESSON LEARNER: what the lesson calls so counts by another name.
is_called() {
	says "Yours is called $2, the lesson says $1:"
}

@test "what is made counts by what it is, whatever it is called, in tasks, checks and programs" {
	learns 0 two-nat-gateways < <(lines_of two-nat-gateways | sed -E 's/\b(VPC|VSW|SG|ECS|NAT|EIP|VTB)([12])\b/my-\1-\2/g
		s/\bsnat1/s1/; s/\bdnat1/d1/; s/\bRoute/r-/; s/name web//')
	for name in VPC-1 VSW-2 SG-2 ECS-1 ECS-2 NAT-1 NAT-2 EIP-1 EIP-2 VTB-1 VTB-2; do
		is_called "${name/-/}" "my-$name"
	done
	is_called snat1 s1
	is_called dnat1 d1
	is_called Route1 r-1
	says "  [ ] bind an EIP to a resource: EIP1 nat-gateway my-NAT-1"
	says "Step 6 of 8: Let what is in my-VSW-1 leave as my-EIP-1"
	says "ok   2  expect output my-ECS-2 my-ECS-1 curl -sS http://\$my-EIP-2"
	says "  Why? explain my-ECS-1 -> my-EIP-2 tcp 8080"
	says "6 checks passed, 0 failed, 0 steps skipped."

	learns 0 aws-nat-gateway < <(lines_of aws-nat-gateway | sed -E 's/\b(VPC1|public-a|private-a|IGW1|NAT1|EIP1)\b/x\1/g')
	is_called private-a xprivate-a
	is_called IGW1 xIGW1
	says "0 failed, 0 steps skipped."

	learns 0 unify-egress < <(lines_of unify-egress | sed -E 's/\b(VPC1|VSW1|ECS1|ENI1|EIP1|EIP2|laptop)\b/a\1/g')
	is_called ENI1 aENI1
	is_called laptop alaptop
	says "0 failed, 0 steps skipped."
}

@test "the learner's names: hint and skip know them, and the lesson's own come back" {
	small_lesson
	learns 0 "$LESSON" <<-'EOF'
		vpc create MINE cidr 10.0.0.0/16
		hint
		hint
		skip
		sg create fw vpc MINE
		skip
		skip
	EOF
	says "  vswitch create VSW1 vpc MINE cidr 10.0.1.0/24"
	[[ $stderr == *"+       ecs create ECS1 vswitch VSW1 security-group fw"* ]]
	says "Step 3 of 3: Let them in."
	says "add a rule that lets packets pass: fw in tcp 80"
	says "All 3 steps are done"

	# two of one kind; what was only tried out; another try under a third name
	printf 'eip create EIP1\neip create EIP2 ip 203.0.113.77\nvpc create VPC1 cidr 10.0.0.0/8\n' >"$LESSON"
	learns 0 "$LESSON" <<-'EOF'
		eip create mine
		eip create EIP1
		eip create other ip 203.0.113.77
		eip delete other
		eip create third ip 203.0.113.77
		vpc create VPC1 cidr 10.0.0.0/8
	EOF
	is_called EIP1 mine
	says "EIP1 is EIP1 again here, and no longer mine."
	is_called EIP2 other
	says "Yours is called third, the lesson says other:"

	# what braces make keeps its name, and is told of
	printf 'internet-host create site{1..2}\n' >"$LESSON"
	learns 1 "$LESSON" <<<'internet-host create page'
	says "Not as the step asks: page: the name is page, and should be site1"
}

@test "skip does away with what is wrong, and brings back what is lost" {
	small_lesson
	learns 0 "$LESSON" <<-'EOF'
		vpc create VPC1 cidr 10.0.0.0/16
		vswitch create VSW1 vpc VPC1 cidr 10.0.2.0/24
		skip
		skip
		service stop ECS1 http
		skip
	EOF
	says "Not as the step asks: no longer so: service start ECS1 http"
	[[ $stderr == *"+       vswitch delete VSW1"* ]]
	[[ $stderr == *"+       service start ECS1 http"*"+       service start ECS1 http"* ]]
	says "All 3 steps are done"
}

@test "hint: first the kind of command, then the command; of the first thing that is not done" {
	small_lesson
	learns 1 "$LESSON" <<-'EOF'
		hint
		hint
		vpc create VPC1 cidr 10.0.0.0/16
		hint
	EOF
	says "The command is vpc create; help vpc create explains it"
	says "  vpc create VPC1 cidr 10.0.0.0/16"
	says "The command is vswitch create;"
	says_not "  vswitch create VSW1"
}

@test "step says what is done, steps where one is" {
	small_lesson
	learns 1 "$LESSON" <<-'EOF'
		skip
		ecs create ECS2 vswitch VSW1
		step
		steps
	EOF
	says "  [ ] make an ECS, a host in a vSwitch: ECS1, vswitch VSW1, security-group SG1
  [x] make an ECS, a host in a vSwitch: ECS2, vswitch VSW1"
	says "[x]  1  Make the network."
	says " >   2  Start two hosts, one with a page, in a group of its own."
	says "     3  Let them in."
	learns 1 two-nat-gateways <<<steps
	says " >   1  Build the network
     2  Make a firewall for the server that lets web clients in from anywhere
"
	learns 1 nat-overview <<<steps
	says " >   1  Build the network and a host in it that has a web page, but no public
        address
     2  Make"
}

@test "what is there already is not asked for again" {
	small_lesson
	{
		cat "$LESSON"
		printf '\n# And an address.\neip create EIP1\n'
	} >"$LESSON.more.lab"
	learns 0 "$LESSON.more.lab" < <(
		echo 'eip create EIP1'
		yes skip | head -n 3
	)
	says "That is there already."
	says "3 steps skipped."
}

@test "a check that fails keeps the step, says what is there besides, and passes when that is gone" {
	small_lesson
	learns 1 "$LESSON" <<-'EOF'
		skip
		sg create SG1 vpc VPC1
		sg allow SG1 in tcp 80 from 10.0.0.0/8
		skip
		hint
		step
		show
	EOF
	says "FAIL 1  expect blocked ECS2 -> ECS1"
	says "Besides what the lesson has so far, there is:
  security-group allow SG1 in tcp 80 from 10.0.0.0/8 priority 1"
	says "A check does not pass"
	says "Left at step 2 of 3."

	learns 1 "$LESSON" <<-'EOF'
		skip
		sg create SG1 vpc VPC1
		sg allow SG1 in tcp 80 from 10.0.0.0/8
		skip
		sg revoke SG1 rule 1
	EOF
	says "ok   1  expect blocked ECS2 -> ECS1"
	says "Why? explain ECS2 -> ECS1"
	says "Left at step 3 of 3."
}

@test "a check that failed may be skipped, and then the lesson ends with status 1" {
	small_lesson
	learns 1 "$LESSON" <<-'EOF'
		skip
		sg create SG1 vpc VPC1
		sg allow SG1 in tcp 80 from 10.0.0.0/8
		skip
		skip
		skip
	EOF
	says "All 3 steps are done, not all as they should be: 1 check passed, 1 failed,"
}

@test "what a program does in a node is told by the check behind it, else by its exit status" {
	cat >"$LESSON" <<-'EOF'
		# Make a network.
		vpc create VPC1 cidr 10.0.0.0/16
		# Give its router an address, and a route into nowhere.
		VPC1 ip addr add 192.0.2.1/32 dev lo
		VPC1 ip route add blackhole 192.0.2.128/25
		expect output "blackhole 192.0.2.128/25" VPC1 ip route
		# Look around.
		VPC1 true
	EOF
	learns 1 "$LESSON" <<-'EOF'
		vpc create VPC1 cidr 10.0.0.0/16
		VPC1 ip addr add 192.0.2.1/32 dev lo
		VPC1 ip addr
		step
	EOF
	says "[ ] run in a node: VPC1 ip route add blackhole 192.0.2.128/25"
	says_not "FAIL"
	says "Left at step 2 of 3."

	learns 1 "$LESSON" <<-'EOF'
		vpc create VPC1 cidr 10.0.0.0/16
		VPC1 ip route add blackhole 192.0.2.128/25 metric 7
		VPC1 false
	EOF
	says "Step 2 is done."
	says "Left at step 3 of 3."

	learns 0 "$LESSON" <<-'EOF'
		skip
		skip
		VPC1 uname
	EOF
	says "All 3 steps are done: 1 check passed, 0 failed, 2 steps skipped."
}

@test "variables and includes are the tutor's; names stand for what they are in the learner's lab" {
	echo 'internet-host create other' >"$BATS_TEST_TMPDIR/base.lab"
	cat >"$LESSON" <<-'EOF'
		include base.lab
		set NET 10.0.0.0/16

		# Make the network, and somebody else.
		vpc create VPC1 cidr $NET
		internet-host create client

		# Shut that one out.
		sg drop VPC1/default in all from $client
	EOF
	learns 0 "$LESSON" <<-'EOF'
		vpc create VPC1 cidr 10.0.0.0/16
		internet-host delete other
		internet-host create client
		internet-host create other
		sg drop VPC1/default in all from 198.51.100.1
	EOF
	says "make a VPC with its system route table: VPC1, cidr 10.0.0.0/16"
	says "add a rule that drops packets: VPC1/default in all, from 198.51.100.1"
	says "All 2 steps are done"
	learns 1 --set NET=10.9.0.0/16 "$LESSON" </dev/null
	says "VPC1, cidr 10.9.0.0/16"
}

@test "-q: the steps, failures and the end; -j: talk goes to stderr" {
	small_lesson
	learns 0 -q "$LESSON" < <(yes skip | head -n 3)
	says "Step 1 of 3: Make the network."
	says "All 3 steps are done"
	says_not "About a network"
	says_not "ok   1"
	says_not "explain"
	[ -z "$stderr" ]
	learns 1 -j "$LESSON" <<-'EOF'
		vpc create VPC1 cidr 10.0.0.0/16
		vpc
	EOF
	[ "$(jq -r '.[0].name' <<<"$output")" = VPC1 ]
	[[ $stderr == *"Step 1 of 3"* ]]
}

@test "what the tutor says fits 80 columns" {
	for topology in topologies/*.lab; do
		# The lines of the file are shown as they are.
		learns 0 "$(basename "$topology" .lab)" < <(
			printf 'steps\nhint\nhint\nstep\n'
			lines_of "$(basename "$topology" .lab)"
		)
		run grep -nE '^.{81}' <(grep -v '^ok ' <<<"$output")
		echo "$output"
		[ -z "$output" ]
	done
}

@test "a machine that cannot make the lab ends the lesson with status 3" {
	run unshare -Ur sh -c 'echo 0 >/proc/sys/user/max_user_namespaces; yes skip | head -n 3 | "$1" learn two-nat-gateways' sh "$VPCLAB"
	[ "$status" -eq 3 ]
	[ "$(grep -c 'max_user_namespaces is 0' <<<"$output")" -eq 1 ]
}

@test "the words of a lesson without one" {
	run "$VPCLAB" -c hint
	[ "$status" -eq 2 ]
	says "no tutorial is going on"
	says "vpclab learn lists them"
	run "$VPCLAB" -c 'help skip'
	says "go on although a check of it fails"
}

@test "an unknown tutorial, a file that is not there, one with mistakes, one with nothing to do" {
	learns 2 two-nat-gatewys
	[[ $stderr == *"there is no tutorial two-nat-gatewys"*"did you mean two-nat-gateways?"* ]]
	learns 2 xyz
	[[ $stderr == *"vpclab learn lists them"* ]]
	learns 2 ./nowhere.lab
	[[ $stderr == *"cannot read ./nowhere.lab"* ]]
	printf 'vpc crate VPC1\nvpc create VPC1 cidr 10.0.0.1\n' >"$LESSON"
	learns 2 "$LESSON"
	[[ $stderr == *"lesson.lab:1:5: error:"*"lesson.lab:2:22: error:"* ]]
	echo '# Nothing.' >"$LESSON"
	learns 2 "$LESSON"
	[[ $stderr == *"there is nothing to do in "*"lesson.lab"* ]]
	learns 2 one two
}

@test "an installed program finds them beside itself, and one without any says so" {
	local prefix=$BATS_TEST_TMPDIR/prefix
	mkdir -p "$prefix/bin" "$prefix/share/vpclab/topologies"
	cp "$VPCLAB" "$prefix/bin/vpclab"
	run "$prefix/bin/vpclab" learn
	[ "$status" -eq 3 ]
	says "the tutorials are not where they should be"
	cp topologies/nat-overview.lab "$prefix/share/vpclab/topologies/"
	run "$prefix/bin/vpclab" learn -q
	[ "$output" = "nat-overview  The four things that every NAT gateway needs (8 steps)" ]
}

@test "completion offers the tutorials, help and manual the words" {
	run "$VPCLAB" complete learn two
	[ "$output" = $'two-nat-gateways\ttutorial' ]
	run "$VPCLAB" complete -c sk
	says skip
	run "$VPCLAB" --help
	says "learn [TUTORIAL|FILE]"
	run "$VPCLAB" manual
	says "exits with 0 when all steps are done"
}

@test "the lab ends with the lesson" {
	small_lesson
	learns 1 "$LESSON" <<<skip
	learns 0 -q >/dev/null
	run "$VPCLAB" ls -j
	[ "$(jq length <<<"$output")" -eq 0 ]
}
