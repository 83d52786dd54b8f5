# SPDX-License-Identifier: GPL-3.0-only
# shellcheck shell=bash
bats_require_minimum_version 1.5.0
VPCLAB=${VPCLAB_BUILD:-build}/vpclab
# shellcheck disable=SC2034 # for the tests
LAB=$BATS_TEST_TMPDIR/test.lab

# Runs $LAB, which has to pass whole: every expectation in it.
# shellcheck disable=SC2154 # output and status are of run
lab_passes() {
	run "$VPCLAB" run "$LAB"
	[ "$status" -eq 0 ] || echo "$output"
	[ "$status" -eq 0 ]
	[[ $output == *"$(grep -c '^expect' "$LAB") passed, 0 failed"* ]]
}

# A line for a lab that says how many TCP segments ever came in to a node: whether the SYN got there at all.
segments_in() {
	# shellcheck disable=SC2016 # awk's own dollars
	printf '%s awk '\''$1 == "Tcp:" && ++n == 2 { print "%s got " ($11 > 0 ? "segments" : "nothing") }'\'' /proc/net/snmp\n' "$1" "$1"
}

# within LAB COMMAND...: where vpclab itself works in a lab, which no program of a node sees.
within() { "$BATS_TEST_DIRNAME/lib/run-within" "$VPCLAB" "$@"; }

# Waits, at most a minute, until a condition holds.
eventually() {
	local i
	for ((i = 0; i < 1200; i++)); do
		if "$@"; then return 0; fi
		read -rt 0.05 <> <(:) || true
	done
	echo "never came true: $*"
	return 1
}

# To each test its own registry of labs (no name is taken, and no `down --all` reaches a lab that is not the test's own) and
# its own home. What surrounds us says neither how answers look nor where anything is kept.
unset "${!XDG_@}" NO_COLOR COLUMNS LINES TMPDIR
export XDG_RUNTIME_DIR=$BATS_TEST_TMPDIR HOME=$BATS_TEST_TMPDIR TERM=xterm LC_ALL=C.UTF-8
# Where mount(8) notes what it does, for which it otherwise makes a folder of the machine.
export LIBMOUNT_UTAB=$BATS_TEST_TMPDIR/utab
umask 022
