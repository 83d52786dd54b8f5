# SPDX-License-Identifier: GPL-3.0-only
# save, and run again: the same lab, for every topology. (Random labs: tests/unit/test_save.c.)

load lib/common

teardown() {
	"$VPCLAB" -q down "save-$$" 2>/dev/null || true
}

# The addresses and rules of every node, a chain or set at a time, without what changes by itself and without what follows
# from the order in which things were made.
kernel() {
	"$VPCLAB" exec "save-$$" internet -- sh -c 'for n in /run/netns/*; do
		echo "$n"
		nsenter --net="$n" ip -4 -br address
		nsenter --net="$n" "$0"
	done; cat /run/vpclab/hosts' "$BATS_TEST_DIRNAME/lib/sorted-ruleset" | sed -E 's/packets [0-9]+ bytes [0-9]+//g; s,(in|out)(/[0-9]+)+,\1/N,g; s/@if[0-9]+//g; s/ +/ /g; /add @/!{/ct count over/d}; s/(LOWER)?(UNKNOWN|UP|DOWN)//g'
}

@test "every topology is saved as what builds it again" {
	for topology in topologies/*.lab; do
		"$VPCLAB" -q up "save-$$" "$topology"
		"$VPCLAB" -n "save-$$" -c save >"$BATS_TEST_TMPDIR/saved.lab"
		kernel >"$BATS_TEST_TMPDIR/kernel"
		"$VPCLAB" -q down "save-$$"
		"$VPCLAB" -q up "save-$$" "$BATS_TEST_TMPDIR/saved.lab"
		"$VPCLAB" -n "save-$$" -c save | diff "$BATS_TEST_TMPDIR/saved.lab" -
		kernel | diff "$BATS_TEST_TMPDIR/kernel" -
		"$VPCLAB" -q down "save-$$"
	done
}
