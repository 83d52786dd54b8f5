# SPDX-License-Identifier: GPL-3.0-only
# Every refusal of refusals.txt by the program itself, on running labs: exit status 2, the code said with a way out, and nothing changed: not
# the model (save), not the kernel (what ip and nft show of every namespace).

load lib/common

teardown() {
	"$VPCLAB" -q down "$NAME" 2>/dev/null || true
}

# The model, and all of the kernel's state that a lab is made of.
state() {
	"$VPCLAB" -n "$NAME" -c save
	within "$NAME" "$PWD/tests/lib/kernel-state"
}

# One state with its refusals: the lines of FILE.
check_state() {
	local code command status output before=$BATS_TEST_TMPDIR/before after=$BATS_TEST_TMPDIR/after
	grep $'^\t' "$1" | awk '{ sub(/^\t/, "") } /^@/ { split(substr($1, 2), range, "-"); line = substr($0, length($1) + 2)
		for (i = range[1]; i <= range[2]; i++) { one = line; gsub(/#/, i, one); print one }; next } { print }' >"$1.lab"
	"$VPCLAB" -q up "$NAME" "$1.lab"
	state >"$before"
	while IFS='|' read -r code command; do
		code=${code% }
		status=0
		output=$("$VPCLAB" -n "$NAME" -c "${command# }" 2>&1) || status=$?
		if [ "$status" -ne 2 ] || [[ "$output" != *"error: $code: "* ]]; then
			echo "wanted $code for:$command; status $status: $output"
			return 1
		fi
		if [[ "$output" != *"  hint: "?* ]]; then
			echo "no way out of:$command: $output"
			return 1
		fi
		echo "$code" >>"$BATS_TEST_TMPDIR/met"
	done < <(grep -v $'^\t' "$1")
	state >"$after"
	if ! cmp "$before" "$after"; then
		echo "changed by the refusals of $1:"
		diff "$before" "$after"
		cat "$1"
		return 1
	fi
	"$VPCLAB" -q down "$NAME"
}

@test "each refusal has its code and a way out, and changes nothing; each code of the rules is met" {
	NAME=refusals-$$
	mkdir "$BATS_TEST_TMPDIR/states"
	awk -v "directory=$BATS_TEST_TMPDIR/states" '/^#/ || /^$/ { next } /^state$/ { n++; next } { print > (directory "/" n) }' tests/refusals.txt
	for state in "$BATS_TEST_TMPDIR"/states/*; do
		check_state "$state"
	done
	# Every code that a rule names: the text before the argument and the message of error_refuse(), and those looked up.
	grep -ohE '"[A-Z][A-Za-z_]*(\.[A-Za-z0-9]+)+"|"[A-Z]+(_[A-Z]+)+"' -r lab/model lab/language lab/nouns --include='*.c' | tr -d '"' | grep -v '^XDG_' | sort -u >"$BATS_TEST_TMPDIR/codes"
	run comm -23 "$BATS_TEST_TMPDIR/codes" <(sort -u "$BATS_TEST_TMPDIR/met")
	echo "without a case: $output"
	[ -z "$output" ]
}

# Each example of the manual with a word too few, too many, twice or wrong, as a file of its own below the lab of BASE.
wrong_forms() {
	"$VPCLAB" -q -c "provider $1" -c 'help all' | sed -nE 's/^  ([a-z][a-z0-9-]*( [a-z-]+)?)( .*)?$/\1/p' | while read -r words; do
		# shellcheck disable=SC2086 # one or two words
		"$VPCLAB" -q -c "provider $1" -c "help $words" | sed -nE 's/^ *[Ee]xample:? *//p'
	done | sort -u | awk -v base="$(cat "$2")" '
		function form(text) { file = sprintf("%05d.lab", ++n); print base "\n" text >file; close(file) }
		function with(i, word,   k, line) {
			line = ""
			for (k = 1; k <= NF; k++)
				line = line (k == i ? word : $k " ")
			return line
		}
		/^(history|exit|save)/ { next }
		{
			form($0 " extra")
			for (i = 1; i <= NF; i++) {
				form(with(i, ""))
				form(with(i, $i " " $i " "))
				form(with(i, "NOSUCH "))
				form(with(i, "x! "))
				form(with(i, "-1/-1 "))
				form(with(i, "10.0.0.300/33 "))
			}
		}'
}

@test "whatever is wrong with a line, the answer has a way out" {
	local vpclab=$VPCLAB
	[[ $vpclab == /* ]] || vpclab=$PWD/$vpclab
	local topologies=$PWD/topologies VPCLAB=$vpclab
	for provider in alibaba aws; do
		mkdir "$BATS_TEST_TMPDIR/$provider"
		cd "$BATS_TEST_TMPDIR/$provider"
		if [ $provider = aws ]; then
			grep -v ^expect "$topologies/aws-nat-gateway.lab" >../base.lab
		else
			grep -v ^expect "$topologies/two-nat-gateways.lab" >../base.lab
		fi
		wrong_forms $provider ../base.lab
		find . -name '*.lab' | sort | xargs "$VPCLAB" validate -q -o json 2>../wrong >/dev/null || true
		jq -c 'select(.hint == null)' ../wrong >../without
		echo "of $(wc -l <../wrong) refusals without a hint:"
		while read -r refusal; do
			echo "$(tail -n 1 "$(jq -r .file <<<"$refusal")"): $(jq -r .message <<<"$refusal")"
		done <../without
		[ "$(wc -l <../wrong)" -gt 1000 ]
		[ ! -s ../without ]
	done
}
