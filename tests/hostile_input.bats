# SPDX-License-Identifier: GPL-3.0-only
# Files and words of strangers: they cost no more than they are long, hang nothing, write nothing and show nothing.
load lib/common

@test "validate's time grows with the file, not with its square: variables, and mistakes that follow from others" {
	seq 1 300000 | sed 's/.*/set V& x/' >"$LAB"
	timeout 60 "$VPCLAB" validate "$LAB"
	seq 1 60000 | sed 's/.*/vpc create VX& cidr 10.0.0.0\/8 foo bar\nvswitch create S& vpc VX& cidr 10.0.0.0\/8/' >"$LAB"
	run timeout 60 "$VPCLAB" validate -q "$LAB"
	[ "$status" -eq 2 ]
	[ "$(grep -c 'error:' <<<"$output")" -eq 60000 ]
}
