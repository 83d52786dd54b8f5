/* SPDX-License-Identifier: GPL-3.0-only */
#pragma once

#include <stdbool.h>
#include <stddef.h>

/*
 * What this machine can and cannot do of what a lab needs. Nothing is concluded from version
 * numbers or configuration files: what can be tried is tried, in a sandbox of its own that is gone
 * afterwards, by the code that builds labs.
 */
struct doctor_check {
	char name[40];    /* "user namespaces" */
	char detail[256]; /* what was found; for a no, why */
	char cure[256];   /* for a no, what to do */
	bool ok;
	bool optional; /* a lab runs without it, but something that users want does not */
};

/* The caller frees the array. */
void doctor_run(struct doctor_check **ret_checks, size_t *ret_n);
