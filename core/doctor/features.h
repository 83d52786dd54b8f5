/* SPDX-License-Identifier: GPL-3.0-only */
#pragma once

#include <stdbool.h>

#include "core/base/error.h"
#include "core/state/wanted.h"

/*
 * What labs ask of the kernel: small things, each of which needs one feature and nothing else, so
 * that a "no" has one cause. Whatever a lab can be built of is in one of them
 * (tests/unit/test_doctor.c).
 */
struct doctor_feature {
	const char *name;
	const char *purpose; /* what a lab needs it for */
	const char *modules; /* where it comes from: kernel modules, or one CONFIG_ option */
	void (*want)(struct wanted *wanted);
	int (*use)(struct error *err); /* uses it once it is built; NULL: building is enough */
	bool optional;
};
extern const struct doctor_feature doctor_features[]; /* name NULL ends */

#define DOCTOR_NETNS "doctor-a" /* one of the two namespaces in which each is built */

/* The caller frees the list and what is in it. */
struct wanted *doctor_wanted(const struct doctor_feature *feature);
