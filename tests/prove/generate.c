/* SPDX-License-Identifier: GPL-3.0-only */
#include "tests/prove/prove.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>

#include "core/base/memory.h"
#include "tests/prove/generate_parts.h"

/*
 * Labs of all nouns, from well-made to absurd ones. What holds a lab together is likely (a default
 * route, an entry for the own vSwitch, a rule that admits everybody), so that about half of the
 * flows get through; whatever can be done wrong is done now and then. Names are a letter for the
 * noun and a number.
 */

static const unsigned tcp_ports[] = { 80, 80, 80, 80, 80, 80, 8080, 22, 25, 53, 8001, 8002 };
static const unsigned udp_ports[] = { 53, 53, 53, 53, 5000, 80 };

unsigned generate_tcp_port(void)
{
	return PICK(tcp_ports);
}

/* Of one CIDR, or of two or three that are as wide together. */
void generate_vpc(struct lines *lab, unsigned v, const char *net, unsigned base, bool user)
{
	const bool parts = chance(15);

	lines_add(lab, "vpc create V%u cidr %s.%u.0.0/%u%s", v, net, base, parts ? 19 : 16,
		  user ? " user-cidr 198.51.100.0/30" : "");
	if (!parts)
		return;
	lines_add(lab, "vpc associate V%u cidr %s.%u.32.0/19", v, net, base);
	if (chance(50))
		lines_add(lab, "vpc associate V%u cidr %s.%u.64.0/18", v, net, base);
}

/* Some in the networks of the shape, which refuse those that are elsewhere or taken. */
void generate_secondary(struct lines *lab, unsigned n_host, unsigned n_eni, unsigned n_eip,
			const char *net, unsigned base, unsigned w)
{
	static const char *const word[] = { "ecs", "instance" };
	char of[12], ip[24];
	const bool eni = n_eni && chance(50);

	snprintf(of, sizeof(of), eni ? "I%u" : "E%u", between(1, eni ? n_eni : n_host));
	snprintf(ip, sizeof(ip), "%s.%u.%u.%u", net, base, w * 16, between(5, 7));
	lines_add(lab, "eni assign %s ip %s", of, ip);
	for (unsigned p = 1; p <= n_eip; p++)
		if (chance(30))
			lines_add(lab, "eip associate P%u %s %s private-ip %s", p,
				  eni ? "eni" : PICK(word), of, ip);
	if (chance(10))
		lines_add(lab, "eni unassign %s ip %s", of, ip);
}

bool generate_to_secondary(const struct lines *lab, char text[static 64])
{
	const char *line = lab->line[below((unsigned)lab->n_line)];

	for (size_t i = 0; i < lab->n_line && chance(90); i++)
		if (sscanf(lab->line[i], "eni assign %*s ip %23s", text) == 1)
			line = lab->line[i];
	return sscanf(line, "eni assign %*s ip %23s", text) == 1;
}

static const char *const list_entries[] = { "203.0.113.0/24",  "198.51.100.0/24", "8.0.0.0/8",
					    "198.51.100.1/32", "203.0.113.0/30",  "128.0.0.0/1" };

void generate_prefix_lists(struct lines *lab, const char *net, unsigned base)
{
	for (unsigned l = 1; l <= LISTS && chance(70); l++) {
		const char *first = PICK(list_entries), *second = PICK(list_entries);

		lines_add(lab, "prefix-list create L%u cidr %s%s%s max-entries 8", l, first,
			  first == second ? "" : ",", first == second ? "" : second);
		if (chance(40))
			lines_add(lab, "prefix-list add L%u cidr %s.%u.%u.0/24,%s.%u.16.4/32", l,
				  net, base, between(0, 3) * 16, net, base);
	}
}

void generate_prefix_list_change(struct lines *lab)
{
	lines_add(lab, "prefix-list %s L%u cidr %s", chance(50) ? "add" : "remove",
		  between(1, LISTS), PICK(list_entries));
}

static void vpcs(struct shape *s)
{
	static const char *const nets[] = { "10", "172", "192" };

	s->n_vpc = chance(45) ? between(2, 3) : 1;
	for (unsigned v = 1; v <= s->n_vpc; v++) {
		bool same = v == 2 && chance(30); /* two VPCs may have the same addresses */

		s->net[v] = same ? s->net[1] : s->today && chance(15) ? "11" : PICK(nets);
		s->base[v] = same                                         ? s->base[1]
			     : s->net[v][0] == '1' && s->net[v][1] == '9' ? 168
									  : 16 + below(10);
		generate_vpc(s->lab, v, s->net[v], s->base[v], chance(10));
	}
	generate_prefix_lists(s->lab, s->net[1], s->base[1]);
}

static void vswitches(struct shape *s)
{
	static const unsigned lengths[] = { 24, 24, 24, 28, 29, 20 };

	s->n_vswitch = between(1, 4);
	for (unsigned w = 1; w <= s->n_vswitch; w++) {
		unsigned v = w <= s->n_vpc ? w : between(1, s->n_vpc);

		s->vpc_of_vswitch[w] = v;
		if (chance(4)) /* all of the VPC, which leaves no room for another */
			lines_add(s->lab, "vswitch create W%u vpc V%u cidr %s.%u.0.0/16", w, v,
				  s->net[v], s->base[v]);
		lines_add(s->lab, "vswitch create W%u vpc V%u cidr %s.%u.%u.0/%u%s", w, v,
			  s->net[v], s->base[v], w * 16, PICK(lengths),
			  chance(10) ? " zone zone-b" : "");
	}
}

/* Of the size that most have. */
static const char *generate_vswitch_net(struct shape *s)
{
	const unsigned w = between(1, s->n_vswitch), v = s->vpc_of_vswitch[w];

	snprintf(s->text, sizeof(s->text), "%s.%u.%u.0/24", s->net[v], s->base[v], w * 16);
	return s->text;
}

/* An address or range from which or to which somebody may send. */
static const char *peer(struct shape *s)
{
	static const char *const wide[] = { "0.0.0.0/0",       "0.0.0.0/0",   "203.0.113.0/24",
					    "198.51.100.0/24", "203.0.113.1", "203.0.113.2",
					    "198.51.100.1",    "L1",          "L2" };
	unsigned w = between(1, s->n_vswitch), v = s->vpc_of_vswitch[w];

	switch (below(4)) {
	case 0:
		snprintf(s->text, sizeof(s->text), "%s.%u.%u.0/24", s->net[v], s->base[v], w * 16);
		return s->text;
	case 1:
		if (s->n_group == 0)
			return "0.0.0.0/0";
		snprintf(s->text, sizeof(s->text), "G%u", between(1, s->n_group));
		return s->text;
	case 2:
		snprintf(s->text, sizeof(s->text), "%s.%u.%u.%u", s->net[v], s->base[v], w * 16,
			 between(1, 4));
		return s->text;
	default:
		return PICK(wide);
	}
}

void generate_rule(struct shape *s, unsigned group)
{
	static const char *const protocols[] = { "all", "all", "tcp", "tcp", "udp", "icmp" };
	bool in = chance(70);
	const char *protocol = PICK(protocols);
	char port[32] = "", priority[32] = "";

	if (protocol[0] == 't' && chance(60))
		snprintf(port, sizeof(port), " %u", generate_tcp_port());
	else if (protocol[0] == 't' && chance(40))
		snprintf(port, sizeof(port), chance(50) ? " 1-65535" : " 1-9000");
	else if (protocol[0] == 'u' && chance(50))
		snprintf(port, sizeof(port), " %u", PICK(udp_ports));
	if (chance(50))
		snprintf(priority, sizeof(priority), " priority %u", between(1, 4));
	lines_add(s->lab, "sg %s G%u %s %s%s %s %s%s", chance(25) ? "drop" : "allow", group,
		  in ? "in" : "out", protocol, port, in ? "from" : "to", peer(s), priority);
}

static void groups(struct shape *s)
{
	unsigned n = chance(10) ? 0 : between(1, 4);

	for (unsigned g = 1; g <= n; g++) {
		s->vpc_of_group[g] = between(1, s->n_vpc);
		lines_add(s->lab, "sg create G%u vpc V%u%s", g, s->vpc_of_group[g],
			  chance(20) ? " type enterprise" : "");
		if (chance(20))
			lines_add(s->lab, "sg set G%u inner-access drop", g);
	}
	s->n_group = n;
	for (unsigned g = 1; g <= n; g++) {
		if (chance(80))
			lines_add(s->lab, "sg allow G%u in all from 0.0.0.0/0 priority %u", g,
				  between(2, 5));
		if (chance(40))
			lines_add(s->lab, "sg allow G%u out all to 0.0.0.0/0 priority %u", g,
				  between(2, 5));
		for (unsigned i = below(4); i > 0; i--)
			generate_rule(s, g);
	}
}

static const char *membership(struct shape *s)
{
	if (s->n_group == 0 || chance(10))
		return "";
	if (chance(25))
		snprintf(s->text, sizeof(s->text), " security-group G%u,G%u",
			 between(1, s->n_group), between(1, s->n_group));
	else
		snprintf(s->text, sizeof(s->text), " security-group G%u", between(1, s->n_group));
	return s->text;
}

static const char *public_ip(void)
{
	static const char *const kinds[] = { " public-ip auto", " public-ip auto",
					     " public-ip 8.8.4.4",
					     " public-ip auto billing subscription" };

	return chance(15) ? PICK(kinds) : "";
}

/* An address of the user's choice, between the first that the cloud leaves and the last of the
 * smallest vSwitch. */
static const char *own_ip(struct shape *s, unsigned w, char text[static 32])
{
	unsigned v = s->vpc_of_vswitch[w];

	text[0] = '\0';
	if (chance(20))
		snprintf(text, 32, " ip %s.%u.%u.%u", s->net[v], s->base[v], w * 16,
			 between(1, 12));
	return text;
}

static void machines(struct shape *s)
{
	char ip[32];

	s->n_ecs = between(1, 5);
	for (unsigned e = 1; e <= s->n_ecs; e++) {
		unsigned w = between(1, s->n_vswitch);

		s->vswitch_of_ecs[e] = w;
		lines_add(s->lab, "ecs create E%u vswitch W%u%s%s%s", e, w, own_ip(s, w, ip),
			  membership(s), public_ip());
	}
	/* If the group were refused, the lab would lack the machine. */
	for (unsigned e = 1; e <= s->n_ecs; e++)
		lines_add(s->lab, "ecs create E%u vswitch W%u", e, s->vswitch_of_ecs[e]);
	s->n_eni = below(4);
	for (unsigned i = 1; i <= s->n_eni; i++) {
		unsigned w = between(1, s->n_vswitch);

		lines_add(s->lab, "eni create I%u vswitch W%u%s%s", i, w, own_ip(s, w, ip),
			  membership(s));
		if (chance(80))
			lines_add(s->lab, "eni attach I%u ecs E%u", i, between(1, s->n_ecs));
	}
	s->n_host = between(1, 2);
	for (unsigned h = 1; h <= s->n_host; h++)
		lines_add(s->lab, "internet-host create H%u%s%s", h,
			  chance(20) ? " ip 8.8.8.8" : "",
			  chance(20) ? " dns www.example.com" : "");
}

/* To an ENI for itself, and mostly with a host that answers by it. */
static void cut_through(struct shape *s, unsigned p)
{
	const unsigned i = between(1, s->n_eni), e = between(1, s->n_ecs);

	lines_add(s->lab, "eni detach I%u", i);
	lines_add(s->lab, "eip associate P%u eni I%u mode binded", p, i);
	lines_add(s->lab, "eni attach I%u ecs E%u", i, e);
	if (chance(70)) {
		lines_add(s->lab, "E%u ip route add default dev eth1 table 101", e);
		lines_add(s->lab, "E%u ip rule add from $P%u lookup 101", e, p);
	}
	if (chance(20))
		lines_add(s->lab, "E%u ip route replace default dev eth1", e);
}

static void gateways(struct shape *s)
{
	s->n_table = below(3);
	for (unsigned t = 1; t <= s->n_table; t++) {
		s->vpc_of_table[t] = between(1, s->n_vpc);
		lines_add(s->lab, "route-table create T%u vpc V%u", t, s->vpc_of_table[t]);
	}
	s->n_nat = chance(10) ? 0 : between(1, 3);
	for (unsigned n = 1; n <= s->n_nat; n++) {
		unsigned w = between(1, s->n_vswitch), v = s->vpc_of_vswitch[w];

		s->vpc_of_nat[n] = v;
		if (chance(20))
			lines_add(s->lab, "nat-gateway create N%u vpc V%u type standard", n, v);
		lines_add(s->lab, "nat-gateway create N%u vpc V%u vswitch W%u%s%s%s", n, v, w,
			  chance(30) ? " eip-bind-mode nat" : "",
			  chance(50)   ? " icmp-reply on"
			  : chance(50) ? " icmp-reply off"
				       : "",
			  chance(20)   ? " size small"
			  : chance(20) ? " size pay-by-usage"
				       : "");
	}
	s->n_eip = between(1, 6);
	for (unsigned p = 1; p <= s->n_eip; p++) {
		unsigned n = s->n_nat ? between(1, s->n_nat) : 0;

		lines_add(s->lab, "eip create P%u%s%s", p, chance(8) ? " ip 8.8.8.7" : "",
			  p % 3 == 1 ? " bandwidth 1" : "");
		s->nat_of_eip[p] = 0;
		if (n && chance(65)) {
			s->nat_of_eip[p] = n;
			lines_add(s->lab, "eip associate P%u nat-gateway N%u", p, n);
		} else if (chance(50)) {
			lines_add(s->lab, "eip associate P%u ecs E%u", p, between(1, s->n_ecs));
		} else if (s->n_eni && chance(60)) {
			lines_add(s->lab, "eip associate P%u eni I%u", p, between(1, s->n_eni));
		} else if (s->n_eni) {
			cut_through(s, p);
		}
	}
}

static void snat_entry(struct shape *s, unsigned i)
{
	unsigned p = between(1, s->n_eip),
		 n = s->nat_of_eip[p] ? s->nat_of_eip[p] : between(1, s->n_nat),
		 v = s->vpc_of_nat[n];
	unsigned w = between(1, s->n_vswitch);
	char source[64], eips[32];

	switch (below(6)) {
	case 0:
		snprintf(source, sizeof(source), "ecs E%u", between(1, s->n_ecs));
		break;
	case 1:
		snprintf(source, sizeof(source), "vpc V%u", v);
		break;
	case 2:
		snprintf(source, sizeof(source), "cidr %s.%u.%u.0/%u", s->net[v], s->base[v],
			 w * 16, between(25, 30));
		break;
	default:
		snprintf(source, sizeof(source), "vswitch W%u", w);
		break;
	}
	snprintf(eips, sizeof(eips), "P%u", p);
	for (unsigned q = 1; q <= s->n_eip; q++)
		if (q != p && s->nat_of_eip[q] == n && chance(40)) {
			snprintf(eips, sizeof(eips), "P%u,P%u", p, q);
			break;
		}
	lines_add(s->lab, "snat create S%u nat-gateway N%u source %s eip %s%s", i, n, source, eips,
		  chance(20) ? " affinity on" : "");
}

static void dnat_entry(struct shape *s, unsigned i)
{
	unsigned p = between(1, s->n_eip),
		 n = s->nat_of_eip[p] ? s->nat_of_eip[p] : between(1, s->n_nat),
		 v = s->vpc_of_nat[n];
	char to[48];
	bool udp = chance(25);
	unsigned private_port = udp ? PICK(udp_ports) : generate_tcp_port();
	unsigned public_port = chance(60) ? private_port
			       : udp      ? PICK(udp_ports)
					  : generate_tcp_port();

	if (chance(85))
		snprintf(to, sizeof(to), "E%u", between(1, s->n_ecs));
	else if (s->n_eni && chance(60))
		snprintf(to, sizeof(to), "I%u", between(1, s->n_eni));
	else
		snprintf(to, sizeof(to), "%s.%u.%u.%u", s->net[v], s->base[v],
			 between(0, s->n_vswitch) * 16, chance(50) ? 253 : between(1, 13));
	if (chance(20))
		lines_add(s->lab, "dnat create D%u nat-gateway N%u eip P%u protocol any to %s", i,
			  n, p, to);
	else if (chance(15))
		lines_add(s->lab,
			  "dnat create D%u nat-gateway N%u eip P%u protocol tcp public-port "
			  "8000-8003 to %s private-port %s",
			  i, n, p, to, chance(50) ? "8000-8003" : "8001-8004");
	else
		lines_add(s->lab,
			  "dnat create D%u nat-gateway N%u eip P%u protocol %s public-port %u to "
			  "%s private-port %u%s",
			  i, n, p, udp ? "udp" : "tcp", public_port, to, private_port,
			  chance(50) ? " port-break on" : "");
}

static void entries(struct shape *s)
{
	if (!s->n_nat)
		return;
	s->n_snat = between(1, 6);
	for (unsigned i = 1; i <= s->n_snat; i++)
		snat_entry(s, i);
	s->n_dnat = between(1, 7);
	for (unsigned i = 1; i <= s->n_dnat; i++)
		dnat_entry(s, i);
}

void generate_routes(struct shape *s)
{
	static const char *const narrow[] = { "203.0.113.0/24",  "198.51.100.0/24",
					      "198.51.100.1/32", "203.0.113.2/32",
					      "8.0.0.0/8",       "128.0.0.0/1" };

	for (unsigned t = 1; t <= s->n_table; t++)
		for (unsigned n = 1; n <= s->n_nat; n++)
			if (s->vpc_of_nat[n] == s->vpc_of_table[t] && chance(60))
				lines_add(s->lab,
					  "route create R%u table T%u to 0.0.0.0/0 via nat-gateway "
					  "N%u",
					  ++s->n_route, t, n);
	for (unsigned i = below(3); s->n_nat && i > 0; i--) {
		unsigned n = between(1, s->n_nat), v = s->vpc_of_nat[n];

		if (s->n_table && chance(50))
			lines_add(s->lab, "route create R%u table T%u to %s via nat-gateway N%u",
				  ++s->n_route, between(1, s->n_table), PICK(narrow), n);
		else if (chance(30))
			lines_add(s->lab,
				  "route create R%u table V%u/system to %s.%u.0.0/16 via "
				  "nat-gateway N%u",
				  ++s->n_route, v, s->net[v], s->base[v], n);
		else
			lines_add(s->lab,
				  "route create R%u table V%u/system to %s via nat-gateway N%u",
				  ++s->n_route, v, PICK(narrow), n);
	}
	for (unsigned i = below(3); i > 0; i--) {
		char via[24], table[24];

		snprintf(via, sizeof(via), s->n_eni && chance(50) ? "eni I%u" : "ecs E%u",
			 between(1, 2));
		snprintf(table, sizeof(table), s->n_table && chance(50) ? "T%u" : "V%u/system", 1);
		lines_add(s->lab, "route create R%u table %s to %s via %s", ++s->n_route, table,
			  chance(20)   ? "0.0.0.0/0"
			  : chance(30) ? generate_vswitch_net(s)
				       : PICK(narrow),
			  via);
	}
	for (unsigned t = 1; t <= s->n_table; t++)
		for (unsigned w = 1; w <= s->n_vswitch; w++)
			if (s->vpc_of_vswitch[w] == s->vpc_of_table[t] && chance(50))
				lines_add(s->lab, "route-table associate T%u vswitch W%u", t, w);
}

static void services(struct shape *s)
{
	for (unsigned i = 1; i <= s->n_ecs + s->n_host; i++) {
		char node[16];

		snprintf(node, sizeof(node), i <= s->n_ecs ? "E%u" : "H%u",
			 i <= s->n_ecs ? i : i - s->n_ecs);
		if (chance(90))
			lines_add(s->lab, "service start %s %s port 80", node,
				  chance(80) ? "echo protocol tcp" : "http");
		if (chance(40))
			lines_add(s->lab, "service start %s echo protocol tcp port %u", node,
				  generate_tcp_port());
		if (chance(75))
			lines_add(s->lab, "service start %s echo protocol udp port 53", node);
	}
}

/* ---- network ACLs ---- */

static void acl_entry(struct shape *s, unsigned acl, unsigned number)
{
	static const char *const protocols[] = { "all", "tcp", "tcp", "udp", "icmp" };
	static const char *const tcp[] = { "", " 80", " 80", " 1024-65535", " 1-9000" };
	const char *protocol = PICK(protocols);
	bool in = chance(50);

	lines_add(s->lab, "acl add A%u %s %u %s %s%s %s %s", acl, in ? "in" : "out", number,
		  chance(25) ? "drop" : "accept", protocol,
		  protocol[0] == 't'                 ? PICK(tcp)
		  : protocol[0] == 'u' && chance(50) ? " 53"
						     : "",
		  in ? "from" : "to",
		  chance(60)   ? "0.0.0.0/0"
		  : chance(50) ? "203.0.113.0/24"
			       : "10.0.0.0/8");
}

static void acls(struct shape *s)
{
	unsigned n = chance(35) ? between(1, 2) : 0;

	for (unsigned a = 1; a <= n; a++) {
		unsigned w = between(1, s->n_vswitch);

		lines_add(s->lab, "acl create A%u vpc V%u", a, s->vpc_of_vswitch[w]);
		for (unsigned i = below(5); i > 0; i--)
			acl_entry(s, a, between(1, 40));
		if (chance(75)) {
			lines_add(s->lab, "acl add A%u in 90 accept all from 0.0.0.0/0", a);
			lines_add(s->lab, "acl add A%u out 90 accept all to 0.0.0.0/0", a);
		}
		lines_add(s->lab, "acl associate A%u vswitch W%u", a, w);
	}
}

/* ---- IPv4 gateways ---- */

/* Of a VPC that has all else; or it had one. */
static void ipv4_gateway(struct shape *s)
{
	const unsigned v = between(1, s->n_vpc);

	for (unsigned n = 1; n <= s->n_nat && chance(90); n++)
		lines_add(s->lab, "nat-gateway set N%u eip-bind-mode nat", n);
	lines_add(s->lab, "ipv4-gateway create X1 vpc V%u", v);
	if (chance(90))
		lines_add(s->lab, "ipv4-gateway activate X1");
	if (chance(60))
		lines_add(s->lab, "route set V%u/default-route via ipv4-gateway X1", v);
	if (chance(60))
		lines_add(s->lab,
			  "route create RX table V%u/system to 0.0.0.0/0 via ipv4-gateway X1", v);
	if (chance(20))
		lines_add(s->lab,
			  "route create RN table V%u/system to 198.51.100.1 via ipv4-gateway X1",
			  v);
	for (unsigned r = 1; r <= 4 && chance(50); r++)
		lines_add(s->lab, "route set R%u via ipv4-gateway X1", r);
	if (chance(40)) {
		lines_add(s->lab, "route-table create TX vpc V%u associate-type gateway", v);
		lines_add(s->lab, "route create RT table TX to %s via ecs E%u",
			  generate_vswitch_net(s), between(1, s->n_ecs));
		lines_add(s->lab, "ipv4-gateway associate X1 route-table TX");
	}
	if (chance(15))
		lines_add(s->lab, "ipv4-gateway disassociate X1 route-table TX");
	if (chance(15))
		lines_add(s->lab, "ipv4-gateway delete X1 internet-mode %s",
			  chance(50) ? "public" : "private");
}

/* ---- flows ---- */

static void from(struct shape *s, char text[static 64])
{
	unsigned dice = below(100);

	if (dice < 62)
		snprintf(text, 64, "E%u", between(1, s->n_ecs));
	else if (dice < 85)
		snprintf(text, 64, "H%u", between(1, s->n_host));
	else if (dice < 88)
		snprintf(text, 64, "V%u", between(1, s->n_vpc));
	else if (dice < 92)
		snprintf(text, 64, "W%u", between(1, s->n_vswitch));
	else if (dice < 96 && s->n_nat)
		snprintf(text, 64, "N%u", between(1, s->n_nat));
	else
		snprintf(text, 64, "internet");
}

static void to(struct shape *s, char text[static 64])
{
	static const char *const odd[] = { "127.0.0.1",       "169.254.0.2",     "169.254.0.1",
					   "100.64.0.1",      "100.100.100.200", "203.0.113.200",
					   "8.8.8.8",         "198.51.100.77",   "224.0.0.1",
					   "255.255.255.255", "0.0.0.0",         "240.0.0.1",
					   "www.example.com" };
	static const char *const services[] = { "100.100.2.136", "100.100.2.138",
						"100.100.100.200" };
	static const unsigned last[] = { 0, 1, 2, 3, 5, 6, 7, 13, 14, 15, 99, 252, 253, 254, 255 };
	unsigned dice = below(100), w = between(1, s->n_vswitch), v = s->vpc_of_vswitch[w];

	if ((chance(15) && generate_to_secondary(s->lab, text)) ||
	    (chance(10) && generate_to_balancer(s->lab, text)))
		return;
	if (s->private_nat && chance(25)) {
		snprintf(text, 64, chance(60) ? "M%u" : "K%u", between(1, s->n_vpc));
		return;
	}
	if (dice < 25)
		snprintf(text, 64, "E%u", between(1, s->n_ecs));
	else if (dice < 45)
		snprintf(text, 64, "P%u", between(1, s->n_eip));
	else if (dice < 62) /* in a sound lab: the gateways with entries */
		snprintf(text, 64, "P%u",
			 between(s->n_eip < 3 ? 1 : 3, s->n_eip < 4 ? s->n_eip : 4));
	else if (dice < 80)
		snprintf(text, 64, "H%u", between(1, s->n_host));
	else if (dice < 86 && s->n_eni)
		snprintf(text, 64, "I%u", between(1, s->n_eni));
	else if (dice < 88 && s->n_nat)
		snprintf(text, 64, "N%u", between(1, s->n_nat));
	else if (dice < 92)
		snprintf(text, 64, "B%u", between(1, 2));
	else if (dice < 95)
		snprintf(text, 64, "%s.%u.%u.%u", s->net[v], s->base[v], between(0, 4) * 16,
			 PICK(last));
	else if (dice < 97)
		snprintf(text, 64, "%s", PICK(services));
	else
		snprintf(text, 64, "%s", PICK(odd));
}

static void flows(struct shape *s, size_t n_flow, struct lines *lines)
{
	while (lines->n_line < n_flow) {
		char source[64], destination[64];

		from(s, source);
		to(s, destination);
		if (chance(60))
			lines_add(lines, "%s -> %s tcp %u", source, destination,
				  generate_tcp_port());
		else if (chance(50))
			lines_add(lines, "%s -> %s icmp", source, destination);
		else
			lines_add(lines, "%s -> %s udp %u", source, destination, PICK(udp_ports));
	}
}

void generate(uint64_t seed, size_t n_flow, struct lines *ret_lab, struct lines *ret_flows)
{
	struct shape shape = { .lab = ret_lab };

	chance_begin(seed);
	*ret_lab = (struct lines){ 0 };
	*ret_flows = (struct lines){ 0 };
	if (seed % 3 == 0) {
		generate_aws(n_flow, ret_lab, ret_flows);
		generate_guests(ret_lab);
		return;
	}
	shape.today = chance(30);
	if (shape.today)
		lines_add(ret_lab, "profile today");
	if (chance(10)) {
		lines_add(ret_lab, "authorization required");
		lines_add(ret_lab, "authorize nat-gateway");
	}
	if (chance(15)) {
		generate_overlap(&shape);
	} else if (chance(50)) {
		generate_sound(&shape);
	} else {
		vpcs(&shape);
		vswitches(&shape);
		groups(&shape);
		machines(&shape);
		gateways(&shape);
		entries(&shape);
		generate_routes(&shape);
		const struct peers peers = { .lab = shape.lab,
					     .word = "vpc-peer-connection",
					     .key = "accepting-vpc",
					     .table = "system",
					     .n_vpc = shape.n_vpc,
					     .n_table = shape.n_table,
					     .vpc_of_table = shape.vpc_of_table,
					     .base = shape.base,
					     .net = shape.net,
					     .n_route = &shape.n_route };

		if (shape.n_vpc > 1 && chance(50))
			generate_transit(&peers);
		else
			generate_peerings(&peers);
		services(&shape);
	}
	for (unsigned i = chance(50) ? between(1, 4) : 0; i > 0; i--) {
		const unsigned w = between(1, shape.n_vswitch), v = shape.vpc_of_vswitch[w];

		generate_secondary(ret_lab, shape.n_ecs, shape.n_eni, shape.n_eip, shape.net[v],
				   shape.base[v], w);
	}
	acls(&shape);
	if (chance(25))
		ipv4_gateway(&shape);
	generate_balancers(ret_lab, false, shape.n_vswitch, shape.vpc_of_vswitch, shape.n_ecs,
			   shape.vswitch_of_ecs);
	if (!shape.private_nat && chance(shape.n_vpc > 1 ? 50 : 10))
		generate_private_nat(&shape);
	generate_changes(&shape);
	flows(&shape, n_flow, ret_flows);
	generate_guests(ret_lab);
}
