/* SPDX-License-Identifier: GPL-3.0-only */
#pragma once

#include <stdbool.h>

#include "core/base/error.h"
#include "core/state/wanted.h"

/*
 * What labs ask of the kernel, a small thing each that needs it and nothing else: so that a "no"
 * names one cause. Whatever a lab can be built of is in one of them (tests/unit/test_machine.c).
 */
struct machine_feature {
	const char *name;
	const char *purpose; /* what a lab needs it for */
	const char *modules; /* where it comes from: kernel modules, or one CONFIG_ option */
	void (*want)(struct wanted *wanted);
	int (*use)(struct error *err); /* then, in MACHINE_NETNS; NULL: it is enough that it can be
					  built */
	bool optional;
};
extern const struct machine_feature machine_features[]; /* name NULL ends */

#define MACHINE_NETNS "doctor-a" /* one of the two namespaces that each of them is built in */

/* The caller frees it and what is in it. */
struct wanted *machine_wanted(const struct machine_feature *feature);
