/* SPDX-License-Identifier: GPL-3.0-only */
#include "tests/prove/generate_parts.h"

#include <stdio.h>

/* Some of the pairs of VPCs, with routes that lead into the other one, or too far. */

static void add_route(const struct peers *p, const char *table, unsigned to, unsigned connection)
{
	char prefix[32];
	const bool narrow = chance(20);

	snprintf(prefix, sizeof(prefix), "%s.%u.%u.0/%u", p->net[to], p->base[to],
		 narrow ? between(1, 4) * 16 : 0, narrow ? 20 : 16);
	lines_add(p->lab, "route create R%u table %s to %s via %s C%u", ++*p->n_route, table,
		  chance(10) ? "0.0.0.0/0" : prefix, p->word, connection);
}

void generate_peerings(const struct peers *p)
{
	unsigned n = 0;
	char table[24];

	for (unsigned v = 1; v <= p->n_vpc; v++)
		for (unsigned w = v + 1; w <= p->n_vpc; w++) {
			if (chance(15))
				continue;
			lines_add(p->lab, "%s create C%u vpc V%u %s V%u", p->word, ++n, v, p->key,
				  w);
			if (p->waits && chance(90))
				lines_add(p->lab, "%s accept C%u", p->word, n);
			for (unsigned end = 0; end < 2; end++) {
				const unsigned from = end ? w : v;

				snprintf(table, sizeof(table), "V%u/%s", from, p->table);
				if (chance(85))
					add_route(p, table, v + w - from, n);
				if (chance(15)) /* by this one to a third */
					add_route(p, table, between(1, p->n_vpc), n);
			}
			for (unsigned t = 1; t <= p->n_table; t++) {
				const unsigned from = p->vpc_of_table[t];

				snprintf(table, sizeof(table), "T%u", t);
				if ((from == v || from == w) && chance(70))
					add_route(p, table, v + w - from, n);
			}
		}
	if (n && chance(8))
		lines_add(p->lab, "%s delete C%u%s", p->word, between(1, n),
			  p->waits ? "" : " force");
}
