/* SPDX-License-Identifier: GPL-3.0-only */
#include <stdio.h>
#include <stdlib.h>

#include "core/base/memory.h"
#include "tests/prove/generate_parts.h"

/* Two or three vSwitches, gateways that work, something published on each: nearly everything
 * gets through, so that a single line that is left out or changed afterwards is why a flow dies. */
static void sound_network(struct shape *s)
{
	static const char *const kinds[] = { "", " eip-bind-mode nat", " icmp-reply on",
					     " eip-bind-mode nat icmp-reply on" };
	static const char *const sources[] = { "0.0.0.0/0",   "0.0.0.0/0",   "203.0.113.1",
					       "203.0.113.1", "203.0.113.2", "203.0.113.3",
					       "L1" };

	s->n_vpc = 1;
	s->net[1] = "10";
	s->base[1] = 7;
	s->n_vswitch = between(2, 3);
	lines_add(s->lab, "vpc create V1 cidr 10.7.0.0/16");
	for (unsigned w = 1; w <= s->n_vswitch; w++) {
		s->vpc_of_vswitch[w] = 1;
		lines_add(s->lab, "vswitch create W%u vpc V1 cidr 10.7.%u.0/24", w, w * 16);
	}
	generate_prefix_lists(s->lab, "10", 7);
	lines_add(s->lab, "sg create G1 vpc V1%s", chance(25) ? " type enterprise" : "");
	lines_add(s->lab, "sg allow G1 in all from 0.0.0.0/0 priority 5");
	lines_add(s->lab, "sg allow G1 out all to 0.0.0.0/0 priority 5");
	lines_add(s->lab, "sg create G2 vpc V1");
	lines_add(s->lab, "sg allow G2 in tcp %s from %s priority 5", chance(70) ? "80" : "8080",
		  PICK(sources));
	lines_add(s->lab, "sg allow G2 in %s from 0.0.0.0/0 priority 5",
		  chance(50) ? "icmp" : "udp");
	s->n_group = 2;
	s->vpc_of_group[1] = s->vpc_of_group[2] = 1;
	s->n_nat = between(1, 2);
	for (unsigned n = 1; n <= s->n_nat; n++) {
		s->vpc_of_nat[n] = 1;
		if (chance(20))
			lines_add(s->lab, "nat-gateway create N%u vpc V1 type standard", n);
		lines_add(s->lab, "nat-gateway create N%u vpc V1 vswitch W%u%s", n, n, PICK(kinds));
	}
}

static void sound_entries(struct shape *s)
{
	s->n_eip = 8;
	for (unsigned p = 1; p <= s->n_eip; p++) {
		s->nat_of_eip[p] = p <= 4   ? (p - 1) % s->n_nat + 1
				   : p >= 7 ? (p - 7) % s->n_nat + 1
					    : 0;
		lines_add(s->lab, "eip create P%u", p);
		if (s->nat_of_eip[p])
			lines_add(s->lab, "eip associate P%u nat-gateway N%u", p, s->nat_of_eip[p]);
	}
	/* P7 and P8 are there to be chosen from by a hash. */
	for (unsigned n = 1; n <= s->n_nat; n++) {
		const char *more = !chance(50) ? "" : n == 1 ? ",P7" : ",P8";

		for (unsigned w = 1; w <= s->n_vswitch; w++)
			if (w == n || chance(60))
				lines_add(s->lab,
					  "snat create S%u nat-gateway N%u source vswitch W%u eip "
					  "P%u%s%s",
					  ++s->n_snat, n, w, n, more,
					  chance(20) ? " affinity on" : "");
	}
	for (unsigned p = 3; p <= 4; p++) {
		unsigned n = s->nat_of_eip[p], e = between(1, 4);

		if (chance(30)) {
			lines_add(s->lab,
				  "dnat create D%u nat-gateway N%u eip P%u protocol any to E%u",
				  ++s->n_dnat, n, p, e);
			continue;
		}
		lines_add(s->lab,
			  "dnat create D%u nat-gateway N%u eip P%u protocol tcp public-port %s to "
			  "E%u private-port 80",
			  ++s->n_dnat, n, p, chance(60) ? "80" : "8080", e);
		lines_add(s->lab,
			  "dnat create D%u nat-gateway N%u eip P%u protocol udp public-port 53 to "
			  "E%u private-port 53",
			  ++s->n_dnat, n, p, between(1, 4));
	}
	for (unsigned t = 1; t <= s->n_nat && chance(75); t++) {
		s->vpc_of_table[t] = 1;
		s->n_table = t;
		lines_add(s->lab, "route-table create T%u vpc V1", t);
		lines_add(s->lab, "route create R%u table T%u to 0.0.0.0/0 via nat-gateway N%u",
			  ++s->n_route, t, t);
		lines_add(s->lab, "route-table associate T%u vswitch W%u", t, t);
	}
}

void generate_sound(struct shape *s)
{
	static const char *const groups_of[] = { " security-group G1", " security-group G1",
						 " security-group G2", " security-group G2", "" };
	size_t first;

	sound_network(s);
	s->n_ecs = 5;
	for (unsigned e = 1; e <= s->n_ecs; e++)
		lines_add(s->lab, "ecs create E%u vswitch W%u%s%s", e, (e - 1) % s->n_vswitch + 1,
			  PICK(groups_of), e == 5 && chance(50) ? " public-ip auto" : "");
	s->n_eni = 2;
	for (unsigned i = 1; i <= s->n_eni; i++) {
		lines_add(s->lab, "eni create I%u vswitch W%u%s", i, between(1, s->n_vswitch),
			  PICK(groups_of));
		lines_add(s->lab, "eni attach I%u ecs E%u", i, between(1, s->n_ecs));
	}
	s->n_host = 1;
	lines_add(s->lab, "internet-host create H1");
	sound_entries(s);
	lines_add(s->lab, "eip associate P5 ecs E%u", between(1, s->n_ecs));
	lines_add(s->lab, "eip associate P6 eni I%u", between(1, s->n_eni));
	first = s->lab->n_line;
	for (unsigned e = 1; e <= s->n_ecs + 1; e++) {
		char node[16];

		snprintf(node, sizeof(node), e <= s->n_ecs ? "E%u" : "H1", e);
		lines_add(s->lab, "service start %s echo protocol tcp port 80", node);
		lines_add(s->lab, "service start %s echo protocol udp port 53", node);
	}
	/* Let one thing go wrong, or two. */
	for (unsigned i = below(4); i > 0; i--) {
		size_t k = below((unsigned)first);

		if (chance(80) && s->lab->line[k][0] != 'v' && s->lab->line[k][0] != 'e') {
			free(s->lab->line[k]);
			s->lab->line[k] = xstrdup("");
		} else if (chance(50)) {
			generate_rule(s, between(1, 2));
		} else {
			generate_routes(s);
		}
	}
}
