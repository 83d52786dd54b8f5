# SPDX-License-Identifier: GPL-3.0-only
# What people really ask, each as a lab: the trouble with a real packet and the cause that explain gives, then the cure.

load lib/common

@test "every question: its trouble has its cause, and its cure works" {
	local lab failed=
	for lab in topologies/questions/q??.lab; do
		echo "$lab"
		run "$VPCLAB" run "$lab"
		[ "$status" -eq 0 ] && [[ $output == *"$(grep -c '^expect' "$lab") passed, 0 failed"* ]] &&
			# The one whose packet nobody sends: explain counts the connections that the kernel has.
			{ [[ $lab != */q08.lab ]] || [[ $output == *'app -> collector udp 9: blocked at NAT1, LIMIT'* ]]; } || {
			echo "$output"
			failed+=" $lab"
		}
	done
	[ -z "$failed" ]
}

@test "every question says where it was asked, has its trouble before its cure, and is a lesson" {
	local lab
	run -0 --separate-stderr "$VPCLAB" learn -q
	for lab in topologies/questions/q??.lab; do
		echo "$lab"
		[[ $(sed -n 3p "$lab") == '# Asked in: '* ]]
		[[ $(<"$lab") == *$'\n# The trouble:'*$'\nexpect '*$'\n# The cure'*$'\nexpect '* ]]
		[[ $output == *"$(basename "$lab" .lab)  $(sed -n '1s/^# //p' "$lab") ("* ]]
	done
}
