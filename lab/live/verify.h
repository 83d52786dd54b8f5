/* SPDX-License-Identifier: GPL-3.0-only */
#pragma once

#include "core/verify/verify.h"
#include "lab/live/lab.h"

/*
 * The kernel against the model, and (repair) put right; see core/verify.h. The lab is built, and
 * nobody changes it meanwhile.
 */
int lab_verify(struct lab *lab, bool repair, struct findings *ret_findings, struct error *err);
/* The same between lab_begin() and lab_commit(), of what the lab was before the batch. */
int lab_verify_locked(struct lab *lab, bool repair, struct findings *ret_findings,
		      struct error *err);
