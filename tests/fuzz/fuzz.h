/* SPDX-License-Identifier: GPL-3.0-only */
#pragma once

/*
 * For the fuzzers: each feeds any bytes to one way into the program, and aborts where something
 * does not hold that has to. libFuzzer brings main(); given files, a fuzzer runs these only.
 */
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static inline void must(int holds, const char *what)
{
	if (holds)
		return;
	fprintf(stderr, "does not hold: %s\n", what);
	abort();
}
