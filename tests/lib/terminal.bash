# SPDX-License-Identifier: GPL-3.0-only
# shellcheck shell=bash
# at_terminal COMMAND... < an expect script, in which the command runs already; `want TEXT` fails the test where TEXT does not come.
at_terminal() {
	{
		cat <<-'EOF'
			set timeout 60
			proc want {text} {
				expect {
					-ex $text {}
					timeout { puts "\nNOT SEEN: $text"; exit 1 }
					eof { puts "\nENDED BEFORE: $text"; exit 1 }
				}
			}
			proc running {pattern} {
				for {set i 0} {$i < 1200} {incr i} {
					if {![catch {exec pgrep -f $pattern}]} return
					after 50
				}
				puts "\nNOT RUNNING: $pattern"
				exit 1
			}
			proc holds {args} {
				for {set i 0} {$i < 1200} {incr i} {
					if {![catch {exec {*}$args}]} return
					after 50
				}
				puts "\nNEVER: $args"
				exit 1
			}
			proc leaves {status} {
				expect {
					eof {}
					timeout { puts "\nDID NOT LEAVE"; exit 1 }
				}
				set got [lindex [wait] 3]
				if {$got != $status} { puts "\nSTATUS $got"; exit 1 }
			}
		EOF
		printf 'spawn -noecho %s\n' "$*"
		cat
	} >script.exp
	run expect script.exp
	echo "$output"
	[ "$status" -eq 0 ]
}

# at_prompt ARGUMENTS... < the same, of the program
at_prompt() {
	at_terminal "{$VPCLAB}" --color never "$@"
}
