/* SPDX-License-Identifier: GPL-3.0-only */
#pragma once

#include "lab/language/arguments.h"

/* explain, of sets of flows: "flow" of the arguments. */
int explain_flows(struct session *session, const struct arguments *arguments, struct error *err);
