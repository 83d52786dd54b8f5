# SPDX-License-Identifier: GPL-3.0-only
# save, and run again: the same lab, for every topology. (Random labs: tests/unit/test_save.c.)

load lib/common

teardown() {
	"$VPCLAB" -q down "save-$$" 2>/dev/null || true
}

# The addresses and rules of every node, a chain or set at a time, without what changes by itself and without what follows
# from the order in which things were made.
kernel() {
	within "save-$$" sh -c 'for n in /run/netns/*; do
		echo "$n"
		nsenter --net="$n" ip -4 -br address
		nsenter --net="$n" "$0"
	done; cat /run/vpclab/hosts/nodes' "$BATS_TEST_DIRNAME/lib/sorted-ruleset" | sed -E 's/packets [0-9]+ bytes [0-9]+//g; s,(in|out)(/[0-9]+)+,\1/N,g; s/@if[0-9]+//g; s/ +/ /g; /add @/!{/ct count over/d}; s/(LOWER)?(UNKNOWN|UP|DOWN)//g'
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

@test "the numbers of rules are saved, so that revoke still means the same one" {
	cat >"$LAB" <<-'EOF'
		vpc create VPC1 cidr 192.168.0.0/16
		sg create SG1 vpc VPC1
		sg allow SG1 in tcp 80 from 0.0.0.0/0
		sg allow SG1 in tcp 81 from 0.0.0.0/0
		sg allow SG1 in tcp 82 from 0.0.0.0/0
		sg revoke SG1 rule 2
		sg allow SG1 in tcp 83 from 0.0.0.0/0 rule 9
	EOF
	"$VPCLAB" -c "source $LAB" -c save >"$BATS_TEST_TMPDIR/saved.lab"
	run -0 grep -c ' rule ' "$BATS_TEST_TMPDIR/saved.lab"
	[ "$output" -eq 2 ] # what follows the number before needs none
	run -0 "$VPCLAB" -j -c "source $BATS_TEST_TMPDIR/saved.lab" -c 'sg show SG1'
	[ "$(jq -c '.[0].rules | map(.number)' <<<"$output")" = '[1,3,9]' ]
	"$VPCLAB" -c "source $BATS_TEST_TMPDIR/saved.lab" -c save | diff "$BATS_TEST_TMPDIR/saved.lab" -
}
