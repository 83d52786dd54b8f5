/* SPDX-License-Identifier: GPL-3.0-only */
#include "tests/prove/generate_parts.h"

#include <stdio.h>

/* Ways between VPCs. */

/* Some of the pairs of VPCs, with routes that lead into the other one, or too far. */

static void add_route(const struct peers *p, const char *table, unsigned to, const char *via)
{
	char prefix[32];
	const bool narrow = chance(20);

	snprintf(prefix, sizeof(prefix), "%s.%u.%u.0/%u", p->net[to], p->base[to],
		 narrow ? between(1, 4) * 16 : 0, narrow ? 20 : 16);
	lines_add(p->lab, "route create R%u table %s to %s via %s", ++*p->n_route, table,
		  chance(10) ? "0.0.0.0/0" : prefix, via);
}

void generate_peerings(const struct peers *p)
{
	unsigned n = 0;
	char table[24], via[40];

	for (unsigned v = 1; v <= p->n_vpc; v++)
		for (unsigned w = v + 1; w <= p->n_vpc; w++) {
			if (chance(15))
				continue;
			lines_add(p->lab, "%s create C%u vpc V%u %s V%u", p->word, ++n, v, p->key,
				  w);
			if (p->waits && chance(90))
				lines_add(p->lab, "%s accept C%u", p->word, n);
			snprintf(via, sizeof(via), "%s C%u", p->word, n);
			for (unsigned end = 0; end < 2; end++) {
				const unsigned from = end ? w : v;

				snprintf(table, sizeof(table), "V%u/%s", from, p->table);
				if (chance(85))
					add_route(p, table, v + w - from, via);
				if (chance(15)) /* by this one to a third */
					add_route(p, table, between(1, p->n_vpc), via);
			}
			for (unsigned t = 1; t <= p->n_table; t++) {
				const unsigned from = p->vpc_of_table[t];

				snprintf(table, sizeof(table), "T%u", t);
				if ((from == v || from == w) && chance(70))
					add_route(p, table, v + w - from, via);
			}
		}
	if (n && chance(8))
		lines_add(p->lab, "%s delete C%u%s", p->word, between(1, n),
			  p->waits ? "" : " force");
}

/* A transit router with most of the VPCs, and routes to it. */
void generate_transit(const struct peers *p)
{
	const char *router = p->waits ? "transit-gateway" : "transit-router",
		   *vswitch = p->waits ? "subnet" : "vswitch";
	char table[24], via[40];

	lines_add(p->lab, "%s create X1", router);
	if (chance(30))
		lines_add(p->lab, "transit-route-table create XT %s X1", router);
	for (unsigned v = 1; v <= p->n_vpc; v++) {
		lines_add(p->lab, "attachment create Y%u %s X1 vpc V%u %s W%u%s%s", v, router, v,
			  vswitch, v, chance(10) ? " association off" : "",
			  chance(15) ? " propagation off" : "");
		if (chance(10))
			lines_add(p->lab, "transit-route-table associate XT attachment Y%u", v);
		if (chance(20))
			lines_add(p->lab,
				  "transit-route-table enable-propagation XT attachment Y%u", v);
		snprintf(via, sizeof(via), p->waits ? "transit-gateway X1" : "attachment Y%u", v);
		snprintf(table, sizeof(table), "V%u/%s", v, p->table);
		for (unsigned w = 1; w <= p->n_vpc; w++)
			if (w != v && chance(85))
				add_route(p, table, w, via);
		if (chance(30))
			lines_add(p->lab, "route create R%u table %s to 0.0.0.0/0 via %s",
				  ++*p->n_route, table, via);
		for (unsigned t = 1; t <= p->n_table; t++) {
			snprintf(table, sizeof(table), "T%u", t);
			if (p->vpc_of_table[t] == v && chance(60))
				add_route(p, table, between(1, p->n_vpc), via);
		}
	}
	if (chance(50))
		lines_add(p->lab,
			  "transit-route create Z1 table X1/default to 0.0.0.0/0 attachment Y%u",
			  between(1, p->n_vpc));
	if (chance(15))
		lines_add(p->lab, "transit-route create Z2 table X1/default to %s.%u.16.0/24 %s",
			  p->net[1], p->base[1], chance(50) ? "blackhole" : "attachment Y2");
}
