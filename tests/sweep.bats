#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-3.0-only
load lib/common

# Another few each time; what fails names the call, and `make sweep` tries all of them.
@test "some calls of the C library go wrong: each command is done or not, says so, and leaves nothing" {
	[[ ${VPCLAB_BUILD:-build} != */san ]] || skip 'a sanitizer has to be loaded first'
	run env BUILD="${VPCLAB_BUILD:-build}" tests/sweep/run 8
	echo "$output"
	[ "$status" -eq 0 ]
}
