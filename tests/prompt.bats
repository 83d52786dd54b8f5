# SPDX-License-Identifier: GPL-3.0-only
# The prompt, as somebody at a terminal has it.

load lib/common
load lib/terminal

setup() {
	export XDG_STATE_HOME=$BATS_TEST_TMPDIR/state SHELL=/bin/sh TERM=xterm
	unset NO_COLOR
	export VPCLAB; VPCLAB=$(cd "$BATS_TEST_DIRNAME/.." && realpath "$VPCLAB")
	cd "$BATS_TEST_TMPDIR" || exit
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

@test "a private lab: commands, answers, an error that does not end it, Ctrl-D" {
	at_prompt <<-'EOF'
		want "vpclab> "
		send "vpc create VPC1 cidr 10.0.0.0/16\r"
		want "vpclab> "
		send "vpc\r"
		want "VPC1 10.0.0.0/16 Available"
		want "vpclab> "
		send "vpc crate X\r"
		want "did you mean create?"
		want "vpclab> "
		send "expect ok VPC1 false\r"
		want "FAIL"
		want "vpclab> "
		send "\004"
		leaves 0
	EOF
}

@test "Tab completes words, keys and names by their place" {
	at_prompt <<-'EOF'
		want "vpclab> "
		send "include small.lab\r"
		want "vpclab> "
		send "nat-g\t"
		want "nat-gateway "
		send "cr\tNAT1 vp\t"
		want "create NAT1 vpc "
		send "V\t"
		want "VPC1 "
		send "vs\tV\t\r"
		want "vswitch VSW1 "
		want "vpclab> "
		send "nat\r"
		want "\nNAT1 VPC1 VSW1"
		want "(left out: " ;# of one row, too: the table is wider than the terminal
		want "vpclab> "
		send "expect ok ECS\t\t"
		want "ECS1"
		want "ECS2"
		want "vpclab> expect ok ECS"
		send "\003"
		want "vpclab> "
		send "include sma\t\r"
		want "include small.lab"
		want "InvalidName.Duplicate"
		send "exit\r"
		leaves 0
	EOF
}

@test "Tab completes what a dollar sign may stand for, in a program's words, too" {
	at_prompt <<-'EOF'
		want "vpclab> "
		send "include small.lab\r"
		want "vpclab> "
		send "set GREETING hello\r"
		want "vpclab> "
		send "ECS1 echo \$GR\t\r"
		want "ECS1 echo \$GREETING "
		want "hello"
		want "vpclab> "
		send "ECS1 echo at:\${ECS2\t\r"
		want "ECS1 echo at:\${ECS2} "
		want "at:10.0.1.2"
		want "vpclab> "
		send "exit\r"
		leaves 0
	EOF
}

@test "Ctrl-C clears the line, stops the command, and never the lab" {
	"$VPCLAB" up one small.lab -q
	at_prompt shell one <<-'EOF'
		want "one> "
		send "half a li"
		want "half a li"
		send "\003"
		want "one> "
		send "ECS1 sh -c 'echo re\"\"ady; exec cat'\r"
		want "ready\r\n"
		send "echoed\r"
		want "echoed\r\nechoed\r"
		send "\003"
		want "one> "
		send "expect ok ECS1 sleep 1000.25\r"
		running "^sleep 1000.25"
		send "\003"
		want "interrupted"
		want "one> "
		send "expect ok ECS1 true\r"
		want "ok   2"
		want "one> "
		send "exit\r"
		leaves 0
	EOF
	"$VPCLAB" exec one ECS1 -- true
}

@test "Ctrl-C ends a probe that waits for its answer, and the prompt goes on" {
	cat small.lab - >drop.lab <<-'EOF'
		sg create SG1 vpc VPC1
		sg drop SG1 in all from 0.0.0.0/0
		ecs create ECS3 vswitch VSW1 security-group SG1
	EOF
	"$VPCLAB" up one drop.lab -q
	at_prompt shell one <<-'EOF'
		want "one> "
		send "expect within 3000 reachable ECS1 -> ECS3 tcp 80\r"
		holds $env(VPCLAB) exec one ECS1 -- sh -c {ss -Htn state syn-sent | grep -q .}
		send "\003"
		want "the probe was interrupted"
		want "one> "
		send "ECS1 echo still he\"\"re\r"
		want "still here"
		want "one> "
		send "exit\r"
		leaves 0
	EOF
	"$VPCLAB" exec one ECS1 -- true
}

@test "in the background the prompt stops until it is asked to the front" {
	"$VPCLAB" up one small.lab -q
	PS1='sh: ' at_terminal bash --noprofile --norc -i <<-'EOF'
		want "sh: "
		send "\$VPCLAB --color never shell one &\r"
		want "sh: "
		send "echo pid=\$!.\r"
		expect -re {pid=([0-9]+)\.}
		set pid $expect_out(1,string)
		holds sh -c "ps -o stat= -p $pid | grep -q ^T"
		send "fg\r"
		want "one> "
		send "ECS1 echo in fr\"\"ont\r"
		want "in front"
		want "one> "
		send "\004"
		want "sh: "
		send "echo status=\$?.\r"
		want "status=0."
		send "exit\r"
		leaves 0
	EOF
}

@test "a node alone is a shell there, on the terminal; Ctrl-Z makes a job" {
	at_prompt <<-'EOF'
		want "vpclab> "
		send "include small.lab\r"
		want "vpclab> "
		send "ECS1\r"
		want "ECS1# "
		send "stty -echo; echo \$VPCLAB_NODE is here; test -t 0 && echo ter\"\"minal\r"
		want "ECS1 is here"
		want "terminal"
		send "exit 3\r"
		want "vpclab> "
		send "ECS1 sh -c 'echo star\"\"ted; exec sleep 1000'\r"
		want "started"
		send "\032"
		want "\[1] stopped: "
		want "vpclab> "
		send "jobs\r"
		want "Stopped"
		want "vpclab> "
		send "fg 1\r"
		want "sleep 1000"
		send "\003"
		want "vpclab> "
		send "ECS1 sleep 1001 &\r"
		want "\[1] "
		want "vpclab> "
		send "kill 1\r"
		want "vpclab> "
		send "jobs\r"
		want "vpclab> "
		send "exit\r"
		leaves 0
	EOF
}

@test "the end of a job is told before the next prompt, and jobs lists it no more" {
	at_prompt <<-'EOF'
		want "vpclab> "
		send "internet sh -c 'until test -e go; do sleep 0.05; done; exit 3' &\r"
		expect -re {\[1\] ([0-9]+)}
		set pid $expect_out(1,string)
		want "vpclab> "
		close [open go w]
		holds sh -c "ps -o stat= -p $pid | grep -q ^Z"
		send "\r"
		want "\[1] ended with status 3: internet sh -c "
		want "vpclab> "
		send "jobs\r"
		expect {
			"exit 3" { puts "\nSTILL A JOB"; exit 1 }
			-ex "vpclab> " {}
		}
		send "exit\r"
		leaves 0
	EOF
}

@test "Ctrl-C in a continued line gives it up, and the prompt is the first one again" {
	at_prompt <<-'EOF'
		want "vpclab> "
		send "vpc create VPC1 \\\r"
		want "2004h> "
		send "\003"
		want "vpclab> "
		send "vpc create VPC1 cidr 10.0.0.0/16\r"
		want "vpclab> "
		send "exit\r"
		leaves 0
	EOF
}

@test "a continued line; history is kept, also by the next prompt" {
	at_prompt <<-'EOF'
		want "vpclab> "
		send "vpc create VPC1 \\\r"
		want "> "
		send "cidr 10.0.0.0/16\r"
		want "vpclab> "
		send "vpc\r"
		want "VPC1 10.0.0.0/16"
		want "vpclab> "
		send "exit\r"
		leaves 0
	EOF
	at_prompt <<-'EOF'
		want "vpclab> "
		send "history\r"
		want "vpc create VPC1  cidr 10.0.0.0/16"
		want "2  vpc"
		want "vpclab> "
		send "\020\020\r"
		want "exit"
		leaves 0
	EOF
	[ "$(stat -c %a "$XDG_STATE_HOME/vpclab")" = 700 ]
	[ "$(stat -c %a "$XDG_STATE_HOME/vpclab/history")" = 600 ]
}

@test "history that cannot be kept is said once, and the prompt goes on" {
	mkdir -p state/vpclab
	ln -s /dev/full state/vpclab/history
	at_prompt <<-'EOF'
		want "vpclab> "
		send "jobs\r"
		want "the history is not kept"
		want "vpclab> "
		send "vpc create VPC1 cidr 10.0.0.0/16\r"
		want "vpclab> "
		send "vpc\r"
		want "VPC1 10.0.0.0/16"
		want "vpclab> "
		send "exit\r"
		leaves 0
	EOF
	[ "$(grep -c 'not kept' <<<"$output")" -eq 1 ]
	rm state/vpclab/history
	XDG_STATE_HOME=/proc/no/such/place at_prompt <<-'EOF'
		want "the history is not kept"
		want "vpclab> "
		send "exit\r"
		leaves 0
	EOF
}

@test "two prompts on one lab see each other's changes" {
	"$VPCLAB" up one small.lab -q
	at_prompt shell one <<-'EOF'
		want "one> "
		exec $env(VPCLAB) -n one -c "eip create EIP7"
		send "eip show EI\t\r"
		want "EIP7 "
		want "203.0.113.1"
		want "one> "
		exec $env(VPCLAB) -n one -c "eip delete EIP7"
		send "eip create EIP7 ip 203.0.113.1\r"
		want "one> "
		send "eip\r"
		want "EIP7 203.0.113.1"
		want "one> "
		send "eip delete EIP9\r"
		want "InvalidAllocationId.NotFound"
		want "one> "
		exec timeout 20 $env(VPCLAB) -n one -c "eip create EIP8" ;# who was refused holds no lock
		send "exit\r"
		leaves 0
	EOF
}

@test "a tutorial at the prompt: Tab completes, Ctrl-D leaves it before its end and after" {
	cat >lesson.lab <<-'EOL'
		# Make a network.
		vpc create VPC1 cidr 10.0.0.0/16
		# Make a host in it.
		vswitch create VSW1 vpc VPC1 cidr 10.0.1.0/24
		ecs create ECS1 vswitch VSW1
		expect blocked ECS1 -> ECS1 tcp 1
	EOL
	at_prompt learn lesson.lab <<-'EOF'
		want "Step 1 of 2: Make a network."
		want "\[ \] make a VPC"
		want "vpclab> "
		send "vpc cr\tVPC1 ci\t10.0.0.0/16\r"
		want "Step 1 is done."
		want "Step 2 of 2: Make a host in it."
		want "vpclab> "
		send "vpc crate\r"
		want "did you mean create?"
		want "vpclab> "
		send "hin\t\r"
		want "The command is vswitch create"
		want "vpclab> "
		send "\004"
		want "Left at step 2 of 2."
		leaves 1
	EOF
	at_prompt learn lesson.lab <<-'EOF'
		want "vpclab> "
		send "skip\r"
		want "Step 2 of 2"
		want "vpclab> "
		send "ski\t\r"
		want "ok   1  expect blocked ECS1 -> ECS1 tcp 1"
		want "All 2 steps are done: 1 check passed, 0 failed, 2 steps skipped."
		want "vpclab> "
		send "hint\r"
		want "There is nothing left to do."
		want "vpclab> "
		send "explain ECS1 -> ECS1 tcp 1\r"
		want "NOT_LISTENING"
		want "vpclab> "
		send "\004"
		leaves 0
	EOF
}

# no_trace: nobody watches in any node of the lab small
no_trace() {
	local node
	for node in ECS1 VSW1 VPC1 ECS2 internet; do
		"$VPCLAB" exec small "$node" -- nft list tables
	done >"$BATS_TEST_TMPDIR/seen"
	! grep vpclab-trace "$BATS_TEST_TMPDIR/seen"
}

@test "Ctrl-C ends trace watch and a trace that waits, and the prompt is back" {
	echo 'service start ECS2 echo protocol udp port 7000' >>small.lab
	echo 'sg allow VPC1/default in udp 7000 from 10.0.0.0/16' >>small.lab
	"$VPCLAB" up small small.lab -q
	# Explain expects an answer, so that trace waits for it: by hand it is kept away.
	"$VPCLAB" exec small ECS2 -- nft 'add table ip by_hand; add chain ip by_hand in { type filter hook input priority 0; }; add rule ip by_hand in meta mark 0 drop'
	at_prompt shell small <<-'EOF'
		want "small> "
		send "trace wa\tECS1 -> ECS2 icmp\r"
		want "watching ECS1 -> ECS2 icmp for new connections; Ctrl-C ends it"
		exec $env(VPCLAB) exec small ECS1 -- sh -c {ping -c 1 -W 1 ECS2 || true}
		want "It ended at ECS2: chain in of another table than the lab's:"
		send "\003"
		want "small> "
		send "trace ECS1 -> ECS2 udp 7000\r"
		holds sh -c "'$env(VPCLAB)' exec small VSW1 -- nft list tables | grep vpclab-trace"
		send "\003"
		want "small> "
		send "expect ok ECS1 sh -c '! nft list tables | grep vpclab-trace'\r"
		want "ok "
		want "small> "
		send "\004"
		leaves 0
	EOF
	no_trace
}

@test "a terminal that is closed ends trace watch, too" {
	"$VPCLAB" up small small.lab -q
	at_prompt shell small <<-'EOF'
		want "small> "
		send "trace watch ECS1 -> ECS2\r"
		want "watching ECS1 -> ECS2 tcp 80 for new connections"
		close
		wait
	EOF
	eventually no_trace
}

@test "Ctrl-C in a search of the history ends the search: the next line is what is typed" {
	at_prompt <<-'EOF'
		want "vpclab> "
		send "vpc create VPC1 cidr 10.0.0.0/16\r"
		want "vpclab> "
		send "eip create EIP1\r"
		want "vpclab> "
		send "\022vpc cr"
		want "i-search"
		send "\003"
		want "vpclab>" ;# and no blank behind it, over which the cursor moves
		send "vpc\r"
		want "VPC1 10.0.0.0/16 Available"
		want "vpclab> "
		send "\004"
		leaves 0
	EOF
}

@test "Ctrl-C in a search that takes several rows of a narrow terminal: the prompt comes below them" {
	at_prompt <<-'EOF'
		want "vpclab> "
		exec stty rows 15 columns 24 <$spawn_out(slave,name)
		send "vpc create VPC1 cidr 10.0.0.0/16\r"
		want "VPC1: VPC"
		want "vpclab> "
		send "\022vpc cr"
		want "i-search)"
		want "10.0.0.0/16"
		send "\003"
		expect {
			-re "\\^C(.*)vpclab> " {}
			timeout { puts "\nNO PROMPT"; exit 1 }
		}
		if {[string match "*\033\\\[A*" $expect_out(1,string)]} { puts "\nTHE PROMPT STANDS IN THE SEARCH"; exit 1 }
		send "vpc\r"
		want "VPC1 10.0.0.0/16"
		want "vpclab> "
		send "\004"
		leaves 0
	EOF
}

@test "Ctrl-C ends what Esc or Ctrl-X has begun: the next line keeps its first key" {
	at_prompt <<-'EOF'
		want "vpclab> "
		send "vpc create VPC1 cidr 10.0.0.0/16\r"
		want "vpclab> "
		send "a\033" ;# shown when the key behind it has come, too
		want "a"
		send "\003"
		want "vpclab> "
		send "vpc\r"
		want "VPC1 10.0.0.0/16 Available"
		want "vpclab> "
		send "b\030"
		want "b"
		send "\003"
		want "vpclab> "
		send "vpc\r"
		want "VPC1 10.0.0.0/16 Available"
		want "vpclab> "
		send "\004"
		leaves 0
	EOF
}

@test "what goes on in the background prints above the line that is being typed; %1 is a job" {
	at_prompt <<-'EOF'
		want "vpclab> "
		send "include small.lab\r"
		want "vpclab> "
		send "service start ECS2 http\r"
		want "vpclab> "
		send "ECS1 sleep 1000 &\r"
		want "\[1\]"
		send "kill %1\r"
		want "vpclab> "
		send "kill %x\r"
		want "%x is no number of a job"
		want "vpclab> "
		send "trace watch ECS1 -> ECS2 count 1 &\r"
		want "watching ECS1 -> ECS2"
		send "ECS1 curl -s -o out http://ECS2 &\r"
		want "vpclab> "
		send "ECS1 hostn"
		want "deliver"
		want "ECS1 hostn"
		send "ame\r"
		want "ECS1"
		want "vpclab> "
		send "\004"
		leaves 0
	EOF
}

@test "trace watch in the background says how it ends there, which Ctrl-C does not do" {
	at_prompt <<-'EOF'
		want "vpclab> "
		send "include small.lab\r"
		want "vpclab> "
		send "trace watch ECS1 -> ECS2 &\r"
		want "watching ECS1 -> ECS2 tcp 80 for new connections; kill %1 ends it"
		want "vpclab> " ;# which is written once more below it
		send "\003"
		want "vpclab> "
		send "jobs\r"
		want "trace watch ECS1 -> ECS2 &"
		want "vpclab> "
		send "kill %1\r"
		want "\[1\] ended with status 143: trace watch"
		want "vpclab> "
		send "\004"
		leaves 0
	EOF
}

@test "what is made is said with its address; a probe that fails says why; words of others lead to ours" {
	at_prompt <<-'EOF'
		want "vpclab> "
		send "include small.lab\r"
		want "vpclab> "
		send "eip create EIP1\r"
		want "EIP1: EIP 203.0.113.1"
		want "vpclab> "
		send "internet-host create client\r"
		want "client: internet host 198.51.100.1"
		want "vpclab> "
		send "service start client http port 8080\r"
		want "http-8080: service on client, tcp 8080"
		want "vpclab> "
		send "sg create SG1 vpc VPC1\r"
		want "SG1: security group"
		want "vpclab> "
		send "sg allow SG1 in tcp 80 from 0.0.0.0/0\r"
		want "SG1: rule 1"
		want "vpclab> "
		send "snat\r"
		want "there is no SNAT entry yet; help snat says how to make one"
		want "vpclab> "
		send "probe client -> ECS1\r"
		want "UNREACHABLE_ADDRESS"
		want "vpclab> "
		send "ping ECS1 ECS2\r"
		want "hint: probe ECS1 -> ECS2 icmp"
		want "vpclab> "
		send "probe ECS1 -> ECS2:80\r"
		want "did you mean ECS2 tcp 80?"
		want "vpclab> "
		send "explain ECS1 -> ECS2 80\r"
		want "did you mean tcp 80?"
		want "vpclab> "
		send "expect unreachable ECS1 -> ECS2\r"
		want "did you mean blocked?"
		want "vpclab> "
		send "E1 -> E2 80\r"
		want "hint: probe E1 -> E2 tcp 80 tries it; explain says why"
		want "vpclab> "
		send "ECS2:80\r"
		want "hint: probe ECS1 -> ECS2 tcp 80 tries it; explain says why"
		want "vpclab> "
		send "http://ECS1\r"
		want "hint: ECS2 curl http://ECS1 asks it"
		want "vpclab> "
		send "reach internet\r"
		want "hint: as in: reach internet -> VPC1"
		want "vpclab> "
		send "!nosuch\r"
		want "there is no program nosuch on this machine"
		want "vpclab> "
		send "ECS1 nosuch\r"
		want "vpclab> "
		send "ECS1 ping -c1 ECS2; ECS1 true\r"
		want "hint: one command a line"
		want "vpclab> "
		send "| less\r"
		want "hint: help lists the commands\r"
		want "vpclab> "
		send "trace watch ECS1 &\r"
		want "flow is not complete"
		want "vpclab> "
		send "jobs\r"
		want "vpclab> "
		send "\004"
		leaves 0
	EOF
}

@test "Tab completes in a node's command, the next free block, and only what fits" {
	at_prompt <<-'EOF'
		want "vpclab> "
		send "include small.lab\r"
		want "vpclab> "
		send "vswitch create VSW2 vpc VPC1 cidr \t\r"
		want "VSW2: vSwitch 10.0.2.0/24"
		want "vpclab> "
		send "nat create NAT1 vpc VPC1 vswitch VSW1\r"
		want "vpclab> "
		send "eip create EIP1\r"
		want "vpclab> "
		send "eip create EIP2\r"
		want "vpclab> "
		send "eip associate EIP2 nat NAT1\r"
		want "vpclab> "
		send "snat create s1 nat-gateway NAT1 source vswitch VSW1 eip \t"
		want "EIP2 "
		send "\r"
		want "vpclab> "
		send "ECS1 sha256s\t"
		want "um "
		send "\025ECS1 echo http://EI\t1\r"
		want "http://EIP1"
		want "vpclab> "
		send "ECS1 echo one | sha256s\t\r"
		want "2c8b08da5ce60398e1f19af0e5dccc744df274b826abe585eaba68c525434806"
		want "vpclab> "
		send "ECS1 head -c 10 \t\t"
		want "small.lab"
		want "ECS2"
		send "sm\t\r"
		want "vpc create"
		want "vpclab> "
		send "ECS1 sleep 1000 &\r"
		want "vpclab> "
		send "kill %\t\r"
		want "kill %1 "
		want "vpclab> "
		send "\004"
		leaves 0
	EOF
	"$VPCLAB" up two - <<-'EOF'
		include small.lab
		vpc create VPC2 cidr 10.0.0.0/16
		vswitch create OTHER vpc VPC2 cidr 10.0.1.0/24
		sg create SG1 vpc VPC1
		sg create SG2 vpc VPC2
		eip create EIP1
		eip create EIP2
		nat create NAT1 vpc VPC1 vswitch VSW1
		nat create NAT2 vpc VPC2 vswitch OTHER
		eip associate EIP2 nat-gateway NAT2
		eip create EIP3
		eip associate EIP3 ecs ECS1
	EOF
	while IFS='|' read -r words fits; do
		run "$VPCLAB" complete -n two -c "$words"
		[ "$(cut -f1 <<<"$output" | sed 's/.* //' | paste -sd' ')" = "$fits" ] || { echo "$words: $output"; false; }
	done <<-'EOF'
		nat create NAT3 vpc VPC2 vswitch |OTHER
		nat create NAT3 vswitch VSW1 vpc V|VPC1
		ecs create ECS3 vswitch OTHER security-group S|SG2
		route create R1 table VPC2/system to 8.8.8.8/32 via nat-gateway |NAT2
		snat create s1 nat-gateway NAT2 source vswitch |OTHER
		dnat create d1 nat-gateway NAT2 eip EIP2 protocol any to |
		dnat create d1 nat-gateway NAT1 eip EIP2 protocol any to |ECS1 ECS2
		eip associate |EIP1
		eip disassociate |EIP2 EIP3
		sg allow SG1 in tcp 80 from SG|SG1
		vpc-peer-connection create P1 vpc VPC1 accepting-vpc V|VPC2
		vswitch create VSW9 vpc VPC1 cidr 10.0.9.0/24 zone |zone-a
		ECS2 curl http://ECS1.|http://ECS1.public
		matrix |--live icmp tcp udp
		matrix tcp 80 |--live
	EOF
	[ "$("$VPCLAB" complete explain small.lab ECS1 '->' ECS)" = $'ECS1\tECS 10.0.1.1\nECS2\tECS 10.0.1.2' ]
}

@test "a pipe at the prompt, and a pager for what is longer than the screen; a table loses columns" {
	export PAGER='sed s/^/paged:/'
	at_prompt <<-'EOF'
		want "vpclab> "
		exec stty rows 24 columns 80 <$spawn_out(slave,name)
		send "include small.lab\r"
		want "vpclab> "
		send "ECS1 echo one two | tr a-z A-Z\r"
		want "ONE TWO"
		want "vpclab> "
		send "vpc show > out\r"
		want "vpclab> "
		send "!cat out\r"
		want "VPC1 10.0.0.0/16 Available"
		want "vpclab> "
		send "help all\r"
		want "paged:Network"
		want "vpclab> "
		send "vpc\r"
		want "\nVPC1 10.0.0.0/16"
		want "vpclab> "
		send "nat create NAT1 vpc VPC1 vswitch VSW1\r"
		want "vpclab> "
		send "nat\r"
		want "(left out: "
		want "vpclab> "
		send "ECS1 sleep 1000 | cat\r"
		running "sleep 1000"
		send "\003"
		want "vpclab> "
		send "\004"
		leaves 0
	EOF
}

@test "prompts side by side write one history, and one that cuts it off loses nothing of another's" {
	mkdir -p "$XDG_STATE_HOME/vpclab"
	seq -f 'vpc show OLD%g' 2500 >"$XDG_STATE_HOME/vpclab/history"
	at_prompt <<-'EOF'
		want "vpclab> "
		set first $spawn_id
		spawn -noecho $env(VPCLAB) --color never
		want "vpclab> "
		send "!expr 1000 + 2\r"
		want "1002"
		want "vpclab> "
		send -i $first "!expr 1000 + 1\r"
		set second $spawn_id
		set spawn_id $first
		want "1001"
		want "vpclab> "
		send "\004"
		leaves 0
		set spawn_id $second
		send "!expr 1000 + 3\r"
		want "1003"
		want "vpclab> "
		send "\004"
		leaves 0
	EOF
	[ "$(tail -n 4 "$XDG_STATE_HOME/vpclab/history")" = $'vpc show OLD2500\n!expr 1000 + 2\n!expr 1000 + 1\n!expr 1000 + 3' ]
	[ "$(wc -l <"$XDG_STATE_HOME/vpclab/history")" -lt 2000 ]
}

@test "an empty PAGER is no pager, as in git" {
	at_terminal sh -c '{stty columns 80 rows 5; exec env PAGER= LESS= "$VPCLAB" --color never}' <<-'EOF'
		want "vpclab> "
		send "help all\r"
		want "vpclab> "
		send "exit\r"
		leaves 0
	EOF
}

@test "a terminal of one column: answers, mistakes and Tab are told in it, whatever they look like" {
	# "2004h": readline takes what is typed from here on. The prompt's own "> " is in answers, too.
	at_terminal sh -c '{stty columns 1 rows 5; exec env PAGER=cat "$VPCLAB" --color never}' <<-'EOF'
		want "2004h"
		foreach line {"include small.lab" "vpc crate X" "explain ECS1 -> ECS2" "matrix" "reach ECS1 -> any" "help vpc" "ecs" "graph"} {
			send "$line\r"
			want "2004l"
			want "2004h"
		}
		send "ex\t\t"
		want "expect"
		send "\003"
		want "^C"
		want "2004h"
		send "exit\r"
		leaves 0
	EOF
}
