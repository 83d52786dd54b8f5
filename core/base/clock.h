/* SPDX-License-Identifier: GPL-3.0-only */
#pragma once

#include <stdint.h>
#include <time.h>

/* Return the time of CLOCK_MONOTONIC (durations) or CLOCK_REALTIME (as the kernel stamps packets),
 * in nanoseconds. */
static inline uint64_t clock_nanoseconds(clockid_t clock)
{
	struct timespec time;

	clock_gettime(clock, &time);
	return (uint64_t)time.tv_sec * 1000000000u + (uint64_t)time.tv_nsec;
}

/* Return the monotonic time in milliseconds, and in seconds. */
static inline int64_t clock_milliseconds(void)
{
	return (int64_t)(clock_nanoseconds(CLOCK_MONOTONIC) / 1000000);
}

static inline double clock_seconds(void)
{
	return (double)clock_nanoseconds(CLOCK_MONOTONIC) / 1e9;
}
