# SPDX-License-Identifier: GPL-3.0-only
# Every refusal of refusals.txt by the program itself, on running labs: the code said with a way out, and nothing changed: not the
# model (save), not the kernel (what ip and nft show of every namespace).

load lib/common

teardown() {
	"$VPCLAB" -q down "$NAME" 2>/dev/null || true
}

@test "each refusal has its code and a way out, and changes nothing" {
	NAME=refusals-$$
	run python3 tests/lib/refused.py "$VPCLAB" "$NAME" "$PWD/tests/lib/kernel-state" <tests/refusals.txt
	echo "$output"
	[ "$status" -eq 0 ] && [ -z "$output" ]
}

# bats file_tags=pure

@test "each code of the rules is met" {
	# The text before the argument and the message of error_refuse(), and those looked up.
	run comm -23 <(grep -ohE '"[A-Z][A-Za-z_]*(\.[A-Za-z0-9]+)+"|"[A-Z]+(_[A-Z]+)+"' -r lab/model lab/language lab/nouns --include='*.c' |
		tr -d '"' | grep -v '^XDG_' | sort -u) <(sed -n 's/^\([A-Z][^ ]*\) | .*/\1/p' tests/refusals.txt | sort -u)
	echo "without a case: $output"
	[ -z "$output" ]
}

# Each example of the manual with a word too few, too many, twice or wrong, as a file of its own below the lab of BASE.
wrong_forms() {
	local help
	help=$("$VPCLAB" -q -c "provider $1" -c 'help all' | sed -nE 's/^  ([a-z][a-z0-9-]*( [a-z-]+)?)( .*)?$/help \1/p')
	"$VPCLAB" -q <<<"provider $1"$'\n'"$help" | sed -nE 's/^ *[Ee]xample:? *//p' | sort -u | awk -v base="$(cat "$2")" '
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
		jq -r 'select(.hint == null) | "\(.file):\(.message)"' ../wrong >../without
		echo "of $(wc -l <../wrong) refusals without a hint:"
		while IFS=: read -r file message; do
			echo "$(tail -n 1 "$file"): $message"
		done <../without
		[ "$(wc -l <../wrong)" -gt 1000 ]
		[ ! -s ../without ]
	done
}
