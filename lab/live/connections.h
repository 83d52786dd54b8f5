/* SPDX-License-Identifier: GPL-3.0-only */
#pragma once

#include "core/netlink/conntrack.h"
#include "core/state/plan.h"
#include "lab/live/lab.h"

/* What a change of the configuration did to connections that were open. */
#define CONNECTIONS_TOLD 32
struct cut_connections {
	size_t n; /* all of them; the first CONNECTIONS_TOLD are here */
	struct {
		char node[129];
		struct tuple in;
	} told[CONNECTIONS_TOLD];
};

/*
 * Inside the sandbox, after the plan was carried out and before it counts in the journal: in each
 * namespace whose filter or translation it has changed, end the connections that the cloud ends
 * with that change, and no other one (lab/explain/session.h). A namespace without connections costs
 * one read of their number. cut: shared with the caller, or NULL.
 */
int connections_settle(const struct lab *lab, const struct plan *plan, struct cut_connections *cut,
		       struct error *err);
