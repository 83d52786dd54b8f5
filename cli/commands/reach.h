/* SPDX-License-Identifier: GPL-3.0-only */
#pragma once

#include "lab/language/arguments.h"

/* explain, of sets of flows: "flow" of the arguments. no_flow: why it is no single flow, which is
 * what is said where it is no set either. */
int explain_flows(struct session *session, const struct arguments *arguments,
		  const struct error *no_flow, struct error *err);
