/* SPDX-License-Identifier: GPL-3.0-only */
#include "tests/prove/generate_parts.h"

#include <stdio.h>
#include <stdlib.h>

#include "core/base/memory.h"

/*
 * VPC NAT gateways, most of them as Alibaba has them between VPCs that overlap: a second CIDR with
 * a vSwitch for the gateway, hosts' tables that lead to it, and its own that leads on. What is
 * refused, since there is no peering or no such host, is left out.
 */

/* What the other VPCs call it by: its vSwitch, its NAT CIDR; or what they should not need. */
static const char *net_of(const struct shape *s, unsigned v, char text[static 32])
{
	if (chance(75))
		snprintf(text, 32, "172.2%u.0.0/24", v);
	else if (chance(70))
		snprintf(text, 32, "10.250.%u.0/24", v);
	else
		snprintf(text, 32, "%s.%u.0.0/16", s->net[v], s->base[v]);
	return text;
}

static void place(struct shape *s, unsigned v)
{
	lines_add(s->lab, "route-table create MT%u vpc V%u", v, v);
	lines_add(s->lab, "vpc associate V%u cidr 172.2%u.0.0/16", v, v);
	lines_add(s->lab, "vswitch create MW%u vpc V%u cidr 172.2%u.0.0/24 zone a", v, v, v);
	if (chance(92))
		lines_add(s->lab, "route-table associate MT%u vswitch MW%u", v, v);
	lines_add(s->lab, "nat-gateway create M%u vpc V%u vswitch %s%u type intranet", v, v,
		  chance(95) ? "MW" : "W", v);
	lines_add(s->lab, "sg allow V%u/default in all from %s priority 1", v,
		  chance(80) ? "172.16.0.0/12" : "10.250.0.0/16");
	if (chance(40)) {
		lines_add(s->lab, "nat-gateway associate M%u cidr 10.250.%u.0/24", v, v);
		lines_add(s->lab, "nat-ip create K%u nat-gateway M%u cidr 10.250.%u.0/24", v, v, v);
		lines_add(s->lab,
			  "route create RK%u table %s%u%s to 10.250.%u.0/24 via nat-gateway M%u", v,
			  chance(80) ? "V" : "MT", v, chance(80) ? "/system" : "", v, v);
		lines_add(s->lab,
			  "transit-route create ZK%u table X1/default to 10.250.%u.0/24 attachment "
			  "Y%u",
			  v, v, v);
	} else if (chance(50)) {
		lines_add(s->lab, "nat-ip create K%u nat-gateway M%u", v, v);
	}
}

static const char *nat_ip_of(unsigned v, char text[static 24])
{
	snprintf(text, 24, chance(60) ? "M%u/default" : "K%u", v);
	return text;
}

static const char *source_of(const struct shape *s, unsigned v, char text[static 48])
{
	if (chance(40))
		snprintf(text, 48, "cidr %s.%u.0.0/17", s->net[v], s->base[v]);
	else if (chance(40))
		snprintf(text, 48, "vswitch W%u", between(1, s->n_vswitch));
	else if (chance(50))
		snprintf(text, 48, "vpc V%u", v);
	else
		snprintf(text, 48, "cidr %s", chance(50) ? "0.0.0.0/0" : "172.16.0.0/12");
	return text;
}

static void dnat_entry(struct shape *s, unsigned v, unsigned i, const char *nat_ip)
{
	const unsigned e = between(1, s->n_ecs), port = chance(60) ? 80 : generate_tcp_port();

	if (chance(25))
		lines_add(s->lab,
			  "dnat create MD%u%u nat-gateway M%u nat-ip %s protocol any to E%u", v, i,
			  v, nat_ip, e);
	else
		lines_add(s->lab,
			  "dnat create MD%u%u nat-gateway M%u nat-ip %s protocol tcp public-port "
			  "%u to E%u private-port %u port-break on",
			  v, i, v, nat_ip, chance(70) ? 80 : port, e, port);
}

/* To a host of another VPC an entry is refused, so there are some more. */
static void entries(struct shape *s, unsigned v)
{
	char nat_ip[24], source[48];

	for (unsigned i = 1; i <= 2; i++)
		lines_add(s->lab, "snat create MS%u%u nat-gateway M%u source %s nat-ip %s%s", v, i,
			  v, source_of(s, v, source), nat_ip_of(v, nat_ip),
			  chance(15) ? ",M1/default" : "");
	for (unsigned i = 1; i <= 6; i++)
		dnat_entry(s, v, i, nat_ip_of(v, nat_ip));
}

/* By a peering connection or a transit router; or, once in a while, in a circle. */
static void onward(struct shape *s, unsigned v, unsigned w)
{
	char to[32], table[24];

	snprintf(table, sizeof(table), chance(85) ? "MT%u" : "V%u/system", v);
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
		place(s, v);
		entries(s, v);
	}
	for (unsigned v = 1; v <= s->n_vpc; v++)
		for (unsigned w = 1; w <= s->n_vpc; w++) {
			if (w == v && chance(80))
				continue;
			for (unsigned t = 0; t <= s->n_table; t++) {
				snprintf(table, sizeof(table), t ? "T%u" : "V%u/system", t ? t : v);
				if (chance(85))
					lines_add(s->lab,
						  "route create R%u table %s to %s via nat-gateway "
						  "M%u",
						  ++s->n_route, table, net_of(s, w, to), v);
			}
			onward(s, v, w);
		}
}

/* ---- two VPCs that talk by them ---- */

static void sound_vpc(struct shape *s, unsigned v)
{
	s->net[v] = "10";
	s->base[v] = v == 1 || chance(60) ? 7 : 8;
	s->vpc_of_vswitch[v] = v;
	lines_add(s->lab, "vpc create V%u cidr 10.%u.0.0/16", v, s->base[v]);
	lines_add(s->lab, "vswitch create W%u vpc V%u cidr 10.%u.%u.0/24 zone a", v, v, s->base[v],
		  v * 16);
	for (unsigned e = 2 * v - 1; e <= 2 * v; e++) {
		s->vswitch_of_ecs[e] = v;
		lines_add(s->lab, "ecs create E%u vswitch W%u", e, v);
	}
}

static void sound_entries(struct shape *s, unsigned v)
{
	const unsigned e = 2 * v - chance(50);
	char nat_ip[24];

	lines_add(s->lab, "snat create MS%u1 nat-gateway M%u source %s%u nat-ip %s", v, v,
		  chance(50) ? "vpc V" : "vswitch W", v, nat_ip_of(v, nat_ip));
	lines_add(s->lab, "snat create MS%u1 nat-gateway M%u source vpc V%u nat-ip M%u/default%s",
		  v, v, v, v, chance(30) ? ",K1" : "");
	lines_add(s->lab,
		  "dnat create MD%u1 nat-gateway M%u nat-ip M%u/default protocol tcp public-port "
		  "%u to E%u private-port 80",
		  v, v, v, chance(70) ? 80 : 8080, e);
	lines_add(s->lab,
		  "dnat create MD%u2 nat-gateway M%u nat-ip M%u/default protocol udp public-port "
		  "53 to E%u",
		  v, v, v, e);
	lines_add(s->lab, "dnat create MD%u3 nat-gateway M%u nat-ip K%u protocol any to E%u", v, v,
		  v, 4 * v - 1 - e);
}

static void sound_routes(struct shape *s, unsigned v, bool peered)
{
	const unsigned w = 3 - v;
	char via[40];

	snprintf(via, sizeof(via), peered ? "vpc-peer-connection C1" : "attachment Y%u", v);
	for (unsigned own = 0; own < 2; own++) {
		const char *net = own ? "10.250" : "172.2";
		char to[32];

		snprintf(to, sizeof(to), own ? "%s.%u.0/24" : "%s%u.0.0/24", net, w);
		lines_add(s->lab, "route create R%u table V%u/system to %s via nat-gateway M%u",
			  ++s->n_route, v, to, v);
		lines_add(s->lab, "route create R%u table MT%u to %s via %s", ++s->n_route, v, to,
			  via);
	}
}

void generate_overlap(struct shape *s)
{
	const bool peered = chance(50);
	size_t first;

	s->private_nat = true;
	s->n_vpc = s->n_vswitch = 2;
	s->n_ecs = 4;
	s->n_eni = s->n_host = s->n_eip = s->n_nat = s->vpc_of_nat[1] = s->nat_of_eip[1] = 1;
	for (unsigned v = 1; v <= 2; v++)
		sound_vpc(s, v);
	lines_add(s->lab, "eni create I1 vswitch W1");
	lines_add(s->lab, "internet-host create H1");
	lines_add(s->lab, "nat-gateway create N1 vpc V1 vswitch W1");
	lines_add(s->lab, "eip create P1");
	lines_add(s->lab, "eip associate P1 nat-gateway N1");
	lines_add(s->lab, "snat create S1 nat-gateway N1 source vpc V1 eip P1");
	lines_add(s->lab, peered ? "vpc-peer-connection create C1 vpc V1 accepting-vpc V2"
				 : "transit-router create X1");
	for (unsigned v = 1; v <= 2 && !peered; v++)
		lines_add(s->lab, "attachment create Y%u transit-router X1 vpc V%u vswitch W%u", v,
			  v, v);
	first = s->lab->n_line;
	for (unsigned v = 1; v <= 2; v++)
		place(s, v);
	for (unsigned v = 1; v <= 2; v++) {
		sound_entries(s, v);
		sound_routes(s, v, peered);
	}
	for (unsigned i = below(2); i > 0; i--) {
		const size_t k = first + below((unsigned)(s->lab->n_line - first));

		free(s->lab->line[k]);
		s->lab->line[k] = xstrdup("");
	}
	for (unsigned e = 1; e <= s->n_ecs; e++) {
		lines_add(s->lab, "service start E%u echo protocol tcp port 80", e);
		lines_add(s->lab, "service start E%u echo protocol udp port 53", e);
	}
}
