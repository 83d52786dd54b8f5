/* SPDX-License-Identifier: GPL-3.0-only */
#include <stdio.h>

#include "tests/prove/generate_parts.h"

/* Load balancers: B a load balancer, U a group, F a listener; no other has these letters. */

static void one_balancer(struct lines *lab, bool aws, unsigned b, unsigned w, unsigned v)
{
	const unsigned port = chance(70) ? 80 : 8080;

	lines_add(lab, "load-balancer create B%u %s W%u", b, aws ? "subnet" : "vswitch", w);
	if (aws)
		lines_add(lab, "target-group create U%u vpc V%u port %u%s", b, v, port,
			  chance(40) ? " preserve-client-ip off" : "");
	else
		lines_add(lab, "vserver-group create U%u load-balancer B%u port %u", b, b, port);
	if (chance(90))
		lines_add(lab, "listener create F%u load-balancer B%u port %u %s U%u", b, b,
			  chance(80) ? 80 : 8080, aws ? "target-group" : "vserver-group", b);
}

void generate_balancers(struct lines *lab, bool aws, unsigned n_vswitch,
			const unsigned *vpc_of_vswitch, unsigned n_ecs,
			const unsigned *vswitch_of_ecs)
{
	for (unsigned b = 1; b <= 2 && chance(40); b++) {
		const unsigned w = between(1, n_vswitch);

		one_balancer(lab, aws, b, w, vpc_of_vswitch[w]);
		for (unsigned e = 1; e <= n_ecs; e++)
			if (vpc_of_vswitch[vswitch_of_ecs[e]] == vpc_of_vswitch[w] && chance(55))
				lines_add(lab, "%s U%u %s E%u",
					  aws ? "target-group register" : "vserver-group add", b,
					  aws ? "instance" : "ecs", e);
	}
}

bool generate_to_balancer(const struct lines *lab, char text[static 64])
{
	bool found = false;

	for (size_t i = 0; i < lab->n_line; i++) {
		if (sscanf(lab->line[i], "load-balancer create %23s", text) != 1)
			continue;
		found = true;
		if (chance(50))
			break;
	}
	return found;
}
