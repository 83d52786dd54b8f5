/* SPDX-License-Identifier: GPL-3.0-only */
#include "tests/prove/generate_parts.h"

#include <stdio.h>

/*
 * VPC NAT gateways, most of them as Alibaba has them between VPCs that overlap: a second CIDR with
 * a vSwitch for the gateway, hosts' tables that lead to it, and its own that leads on. What is
 * refused, since there is no peering or no such host, is left out.
 */

/* What the other VPCs call it by: its vSwitch, its NAT CIDR; or what they should not need. */
static const char *net_of(const struct shape *s, unsigned v, char text[static 32])
{
	if (chance(60))
		snprintf(text, 32, "172.2%u.0.0/24", v);
	else if (chance(70))
		snprintf(text, 32, "10.250.%u.0/24", v);
	else
		snprintf(text, 32, "%s.%u.0.0/16", s->net[v], s->base[v]);
	return text;
}

static void place(struct shape *s, unsigned v)
{
	lines_add(s->lab, "vpc associate V%u cidr 172.2%u.0.0/16", v, v);
	lines_add(s->lab, "vswitch create MW%u vpc V%u cidr 172.2%u.0.0/24 zone a", v, v, v);
	lines_add(s->lab, "nat-gateway create M%u vpc V%u vswitch %s%u type intranet", v, v,
		  chance(85) ? "MW" : "W", v);
	if (chance(40)) {
		lines_add(s->lab, "nat-gateway associate M%u cidr 10.250.%u.0/24", v, v);
		lines_add(s->lab, "nat-ip create K%u nat-gateway M%u cidr 10.250.%u.0/24", v, v, v);
		lines_add(s->lab,
			  "route create RK%u table %s%u%s to 10.250.%u.0/24 via nat-gateway M%u", v,
			  chance(80) ? "V" : "MT", v, chance(80) ? "/system" : "", v, v);
	} else if (chance(50)) {
		lines_add(s->lab, "nat-ip create K%u nat-gateway M%u", v, v);
	}
}

static const char *nat_ip_of(unsigned v, char text[static 24])
{
	snprintf(text, 24, chance(50) ? "M%u/default" : "K%u", v);
	return text;
}

static void entries(struct shape *s, unsigned v)
{
	char nat_ip[24], source[48];

	for (unsigned i = 1; i <= 2; i++) {
		const unsigned e = between(1, s->n_ecs), port = generate_tcp_port();

		nat_ip_of(v, nat_ip);
		if (chance(50))
			snprintf(source, sizeof(source), "vswitch W%u", between(1, s->n_vswitch));
		else if (chance(50))
			snprintf(source, sizeof(source), "vpc V%u", v);
		else
			snprintf(source, sizeof(source), "cidr %s",
				 chance(50) ? "0.0.0.0/0" : "172.16.0.0/12");
		lines_add(s->lab, "snat create MS%u%u nat-gateway M%u source %s nat-ip %s%s", v, i,
			  v, source, nat_ip, chance(15) ? ",M1/default" : "");
		nat_ip_of(v, nat_ip);
		if (chance(20))
			lines_add(
				s->lab,
				"dnat create MD%u%u nat-gateway M%u nat-ip %s protocol any to E%u",
				v, i, v, nat_ip, e);
		else
			lines_add(s->lab,
				  "dnat create MD%u%u nat-gateway M%u nat-ip %s protocol tcp "
				  "public-port "
				  "%u to E%u private-port %u port-break on",
				  v, i, v, nat_ip, chance(60) ? 80 : port, e,
				  chance(60) ? 80 : port);
	}
}

/* By a peering connection or a transit router; or, once in a while, in a circle. */
static void onward(struct shape *s, const char *table, unsigned v, unsigned w)
{
	char to[32];

	net_of(s, w, to);
	if (chance(8))
		lines_add(s->lab, "route create R%u table %s to %s via nat-gateway M%u",
			  ++s->n_route, table, to, v);
	for (unsigned c = 1; c <= 3; c++)
		lines_add(s->lab, "route create R%u table %s to %s via vpc-peer-connection C%u",
			  ++s->n_route, table, to, c);
	lines_add(s->lab, "route create R%u table %s to %s via attachment Y%u", ++s->n_route, table,
		  to, v);
}

void generate_private_nat(struct shape *s)
{
	char table[24], to[32];

	s->private_nat = true;
	for (unsigned v = 1; v <= s->n_vpc; v++) {
		lines_add(s->lab, "route-table create MT%u vpc V%u", v, v);
		place(s, v);
		entries(s, v);
		if (chance(50))
			lines_add(s->lab, "route-table associate MT%u vswitch MW%u", v, v);
	}
	for (unsigned v = 1; v <= s->n_vpc; v++)
		for (unsigned w = 1; w <= s->n_vpc; w++) {
			if (w == v && chance(80))
				continue;
			for (unsigned t = 0; t <= s->n_table; t++) {
				snprintf(table, sizeof(table), t ? "T%u" : "V%u/system", t ? t : v);
				if (chance(75))
					lines_add(s->lab,
						  "route create R%u table %s to %s via nat-gateway "
						  "M%u",
						  ++s->n_route, table, net_of(s, w, to), v);
			}
			snprintf(table, sizeof(table), chance(80) ? "MT%u" : "V%u/system", v);
			onward(s, table, v, w);
		}
}
