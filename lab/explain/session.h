/* SPDX-License-Identifier: GPL-3.0-only */
#pragma once

#include <stdbool.h>

#include "lab/explain/explain.h"

/* An open connection as a node tracks it: its first packet as it came in and as it went out. */
struct open_connection {
	struct packet in, out;
};

/*
 * Does the change from one configuration to another end a connection that the node of that name
 * tracks? Asked of the groups at a vSwitch's ports, and of what a gateway translates; routes and
 * ACLs look at each packet by themselves.
 *
 * Alibaba Cloud: a connection that the groups would no longer admit is cut, and one whose
 * translation no entry makes any more. An entry that is new takes nothing from the others.
 * AWS: tracked connections outlive their rules; only what a group did not need to track is cut.
 * A public address that is gone takes its connections along in both.
 * cloud-semantics: open-1, open-2, open-5, open-8, open-9, open-10, open-12, snat-8, q-f
 */
bool explain_change_ends(const struct explain_index *before, const struct explain_index *after,
			 const char *node, const struct open_connection *connection);
