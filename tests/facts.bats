# SPDX-License-Identifier: GPL-3.0-only
# Every lab of facts.txt passes whole: it shows the facts of docs/cloud-semantics.md that its first line names.

load lib/common

# The paragraphs of facts.txt that say "provider aws" ("aws"), or do not ("alibaba"), each a file of its own.
labs_of() {
	awk -v cloud="$1" -v "directory=$BATS_TEST_TMPDIR" 'BEGIN { RS = "" }
		NR > 1 && (/\nprovider aws\n/ ? "aws" : "alibaba") == cloud { print > (directory "/" ++n ".lab") }' tests/facts.txt
}

all_pass() {
	local lab n=0
	labs_of "$1"
	for lab in "$BATS_TEST_TMPDIR"/*.lab; do
		run "$VPCLAB" run "$lab"
		[ "$status" -eq 0 ] || printf '%s\n' "$(head -1 "$lab")" "$output"
		[ "$status" -eq 0 ]
		[[ $output == *"$(grep -c '^expect' "$lab") passed, 0 failed"* ]]
		n=$((n + 1))
	done
	[ "$n" -gt 10 ]
}

@test "each lab of facts.txt shows its facts of Alibaba Cloud" {
	all_pass alibaba
}

@test "each lab of facts.txt shows its facts of AWS" {
	all_pass aws
}
