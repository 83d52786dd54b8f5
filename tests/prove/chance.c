/* SPDX-License-Identifier: GPL-3.0-only */
#include "tests/prove/prove.h"

static uint64_t state;

void chance_begin(uint64_t seed)
{
	state = seed * 0x2545f4914f6cdd1du + 1;
}

unsigned below(unsigned n)
{
	/* splitmix64 */
	uint64_t z = state += 0x9e3779b97f4a7c15u;

	z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9u;
	z = (z ^ z >> 27) * 0x94d049bb133111ebu;
	return (unsigned)((z ^ z >> 31) % n);
}

bool chance(unsigned percent)
{
	return below(100) < percent;
}

unsigned between(unsigned low, unsigned high)
{
	return low + below(high - low + 1);
}
