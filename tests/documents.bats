#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-3.0-only
# What the documents show is what the program does.
# shellcheck disable=SC2154 # output and status are of run
load lib/common

@test "README: its topology file passes, and its links lead somewhere" {
	sed -n '/^## A topology file/,/^## In CI/ s/^    //p' README.md >"$LAB"
	lab_passes
	grep -o '](\([^)]*\))' README.md packaging/README.md | sed 's/:](/ /; s/)$//; s/#.*//' | grep -v ' http' |
		while read -r file link; do [ -e "$(dirname "$file")/$link" ] || { echo "$file: $link"; exit 1; }; done
}

@test "README: each question that has a lab is in its table, and each topology in the other" {
	diff <(basename -as .lab topologies/questions/*.lab) <(grep -o '| q[0-9][0-9] ' README.md | tr -d '| ' | sort)
	diff <(basename -a topologies/*.lab) <(sed -n '/^| document | topology/,/^$/p' README.md | grep -o '`[a-z-]*\.lab`' | tr -d '`' | sort)
}

@test "the pictures are of what the program does now: make pictures" {
	"$VPCLAB" graph topologies/two-nat-gateways.lab --format svg | diff docs/tutorial.svg -
	# Ports and times are never the same.
	diff <(sed -E 's/:[0-9]{5}|[0-9.]+ ms//g' docs/session.svg) <(docs/record "$VPCLAB" | sed -E 's/:[0-9]{5}|[0-9.]+ ms//g')
}
