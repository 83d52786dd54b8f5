/* SPDX-License-Identifier: GPL-3.0-only */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "lab/explain/explain.h"
#include "lab/live/lab.h"

/* What a NAT gateway in a running lab counts. */
struct gateway_counters {
	bool known;                /* false: there is no kernel to ask, or nothing in it yet */
	uint64_t connections;      /* tracked now, in both directions of NAT */
	uint64_t dropped_by_limit; /* first packets of connections beyond the limits of its size */
	uint64_t port_allocation_errors; /* ... beyond 55,000 of one EIP to one destination */
};

/* What explain wants to know of all gateways. Nothing, where there is no kernel to ask. The lab's
 * model keeps the names. */
void usage_read(const struct lab *lab, struct usage *ret_usage);
void usage_free(struct usage *usage);

void gateway_counters_read(const struct lab *lab, const struct nat_gateway *nat,
			   struct gateway_counters *ret);
