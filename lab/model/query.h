/* SPDX-License-Identifier: GPL-3.0-only */
#pragma once

#include <stdint.h>

#include "lab/model/model.h"

/* What rules, compiler and explain ask the model, beyond one resource. */

struct route *route_find(const struct model *model, const struct route_table *table,
			 struct prefix to);
unsigned route_count(const struct model *model,
		     const struct route_table *table); /* the custom ones */
struct route *route_to_resource(const struct model *model,
				const struct resource *via); /* one that points there, or NULL */
unsigned eip_count(const struct model *model, const struct resource *associated);
/* What SNAT may start by a gateway of that size: new connections a second, connections at once. */
struct size_limit {
	const char *size; /* as in commands */
	uint32_t rate, connections;
};
struct size_limit nat_gateway_limit(enum nat_size size);
/* cloud-semantics 3, limits: one EIP carries so many connections at once to one address, port and
 * protocol. */
#define CONNECTIONS_TO_DESTINATION 55000

/* An entry that uses the EIP, the gateway or the address; NULL: none */
struct snat *snat_with_eip(const struct model *model, const struct eip *eip);
struct snat *snat_of_gateway(const struct model *model, const struct nat_gateway *nat);
struct dnat *dnat_with_eip(const struct model *model, const struct eip *eip);
struct dnat *dnat_of_gateway(const struct model *model, const struct nat_gateway *nat);
struct dnat *dnat_to_address(const struct model *model, const struct vpc *vpc, uint32_t ip);
