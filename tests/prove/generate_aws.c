/* SPDX-License-Identifier: GPL-3.0-only */
#include "tests/prove/prove.h"

#include <stdio.h>

#include "core/base/memory.h"
#include "tests/prove/generate_parts.h"

/*
 * The same for AWS: what holds a lab together is likely (a public subnet, a private one behind a
 * NAT gateway in it), and whatever can be done wrong is done now and then. Letters: V VPC, W
 * subnet, T table, S group, E instance, I ENI, P EIP, N NAT gateway, G internet gateway, H host, R
 * route, A network ACL, X gateway endpoint.
 */

struct aws_shape {
	struct lines *lab;
	unsigned n_vpc, n_subnet, n_table, n_group, n_instance, n_eni, n_eip, n_nat, n_gateway,
		n_host, n_route;
	unsigned vpc_of_subnet[MAX + 1], vpc_of_table[MAX + 1], vpc_of_group[MAX + 1],
		subnet_of_instance[MAX + 1];
	unsigned length[MAX + 1]; /* prefix of a subnet */
	unsigned base[4];
	char text[64];
};

static const unsigned tcp_ports[] = { 80, 80, 80, 80, 80, 8080, 22, 25 };
static const unsigned udp_ports[] = { 53, 53, 53, 5000 };

static void networks(struct aws_shape *s)
{
	static const unsigned lengths[] = { 24, 24, 24, 28, 20 };

	s->n_vpc = chance(45) ? between(2, 3) : 1;
	for (unsigned v = 1; v <= s->n_vpc; v++) {
		s->base[v] = v == 2 && chance(30) ? s->base[1] : 1 + below(9);
		generate_vpc(s->lab, v, "10", s->base[v], false);
	}
	generate_prefix_lists(s->lab, "10", s->base[1]);
	s->n_subnet = between(2, 4);
	for (unsigned w = 1; w <= s->n_subnet; w++) {
		unsigned v = w <= s->n_vpc ? w : between(1, s->n_vpc);

		s->vpc_of_subnet[w] = v;
		s->length[w] = PICK(lengths);
		lines_add(s->lab, "subnet create W%u vpc V%u cidr 10.%u.%u.0/%u%s", w, v,
			  s->base[v], w * 16, s->length[w], chance(25) ? " zone b" : "");
	}
	s->n_table = between(1, 3);
	for (unsigned t = 1; t <= s->n_table; t++) {
		s->vpc_of_table[t] = s->vpc_of_subnet[between(1, s->n_subnet)];
		lines_add(s->lab, "route-table create T%u vpc V%u", t, s->vpc_of_table[t]);
	}
	s->n_gateway = s->n_vpc;
	for (unsigned g = 1; g <= s->n_gateway; g++) {
		lines_add(s->lab, "internet-gateway create G%u", g);
		if (chance(88))
			lines_add(s->lab, "internet-gateway attach G%u vpc V%u", g, g);
	}
}

static const char *peer(struct aws_shape *s)
{
	unsigned w = between(1, s->n_subnet);

	switch (below(5)) {
	case 0:
		snprintf(s->text, sizeof(s->text), "10.%u.%u.0/24", s->base[s->vpc_of_subnet[w]],
			 w * 16);
		return s->text;
	case 1:
		snprintf(s->text, sizeof(s->text), "S%u", between(1, s->n_group));
		return s->text;
	case 2:
		return chance(50) ? "203.0.113.0/24" : chance(50) ? "L1" : "L2";
	default:
		return "0.0.0.0/0";
	}
}

static const char *icmp_type(const char *protocol)
{
	static const char *const types[] = { " icmp-type 8", " icmp-type 0", " icmp-type 8/0",
					     " icmp-type 3/4" };

	return protocol[0] == 'i' && chance(60) ? PICK(types) : "";
}

static void rule(struct aws_shape *s, unsigned group)
{
	static const char *const protocols[] = { "all", "tcp", "tcp", "udp", "icmp", "icmp" };
	const char *protocol = PICK(protocols);
	const bool in = chance(85);
	char port[16] = "";

	if (protocol[0] == 't' && chance(60))
		snprintf(port, sizeof(port), " %u", PICK(tcp_ports));
	lines_add(s->lab, "sg allow S%u %s %s%s %s %s%s", group, in ? "in" : "out", protocol, port,
		  in ? "from" : "to", peer(s), icmp_type(protocol));
}

static void groups(struct aws_shape *s)
{
	s->n_group = between(1, 3);
	for (unsigned g = 1; g <= s->n_group; g++) {
		s->vpc_of_group[g] = s->vpc_of_subnet[between(1, s->n_subnet)];
		lines_add(s->lab, "sg create S%u vpc V%u", g, s->vpc_of_group[g]);
	}
	for (unsigned g = 1; g <= s->n_group; g++) {
		if (chance(60))
			lines_add(s->lab, "sg allow S%u in all from 0.0.0.0/0", g);
		for (unsigned i = below(4); i > 0; i--)
			rule(s, g);
		if (chance(8))
			lines_add(s->lab, "sg revoke S%u rule 1", g);
	}
}

static const char *some_groups(struct aws_shape *s, unsigned w)
{
	unsigned g = between(1, s->n_group), h = between(1, s->n_group);

	if (chance(20) || s->vpc_of_group[g] != s->vpc_of_subnet[w])
		return "";
	if (g != h && chance(30) && s->vpc_of_group[h] == s->vpc_of_group[g])
		snprintf(s->text, sizeof(s->text), " security-group S%u,S%u", g, h);
	else
		snprintf(s->text, sizeof(s->text), " security-group S%u", g);
	return s->text;
}

static void machines(struct aws_shape *s)
{
	s->n_instance = between(2, 5);
	for (unsigned e = 1; e <= s->n_instance; e++) {
		unsigned w = e <= s->n_subnet ? e : between(1, s->n_subnet);

		s->subnet_of_instance[e] = w;
		lines_add(s->lab, "instance create E%u subnet W%u%s%s", e, w, some_groups(s, w),
			  chance(25)  ? " public-ip auto"
			  : chance(5) ? " public-ip 8.8.4.4"
				      : "");
		if (chance(85))
			lines_add(s->lab, "service start E%u http", e);
		if (chance(40))
			lines_add(s->lab, "service start E%u echo protocol udp port 53", e);
	}
	s->n_eni = chance(35) ? between(1, 2) : 0;
	for (unsigned i = 1; i <= s->n_eni; i++) {
		unsigned e = between(1, s->n_instance);
		unsigned w = chance(60) ? s->subnet_of_instance[e] : between(1, s->n_subnet);

		lines_add(s->lab, "eni create I%u subnet W%u%s", i, w, some_groups(s, w));
		if (chance(85))
			lines_add(s->lab, "eni attach I%u instance E%u", i, e);
	}
	for (unsigned e = 1; e <= s->n_instance; e++)
		if (chance(8))
			lines_add(s->lab, "instance set E%u source-dest-check off", e);
	s->n_host = between(1, 2);
	for (unsigned h = 1; h <= s->n_host; h++) {
		lines_add(s->lab, "internet-host create H%u%s%s", h,
			  chance(20) ? " ip 8.8.8.8" : "",
			  chance(20) ? " dns www.example.com" : "");
		lines_add(s->lab, "service start H%u http", h);
		if (chance(50))
			lines_add(s->lab, "service start H%u echo protocol udp port 53", h);
	}
}

static void gateways(struct aws_shape *s)
{
	s->n_eip = between(1, 5);
	for (unsigned p = 1; p <= s->n_eip; p++)
		lines_add(s->lab, "eip create P%u%s", p, chance(8) ? " ip 8.8.8.7" : "");
	s->n_nat = between(1, 2);
	for (unsigned n = 1; n <= s->n_nat; n++) {
		unsigned w = chance(60) ? 1 : between(1, s->n_subnet);

		if (chance(80))
			lines_add(s->lab, "nat-gateway create N%u subnet W%u eip P%u", n, w,
				  between(1, s->n_eip));
		else
			lines_add(s->lab, "nat-gateway create N%u subnet W%u type private", n, w);
	}
	for (unsigned p = 1; p <= s->n_eip; p++) {
		if (chance(40))
			lines_add(s->lab, "nat-gateway associate N%u eip P%u", between(1, s->n_nat),
				  p);
		else if (chance(70))
			lines_add(s->lab, "eip associate P%u instance E%u", p,
				  between(1, s->n_instance));
		else if (s->n_eni && chance(50))
			lines_add(s->lab, "eip associate P%u eni I%u", p, between(1, s->n_eni));
	}
}

static const char *table_name(struct aws_shape *s, char text[static 24])
{
	if (chance(30))
		snprintf(text, 24, "V%u/main", between(1, s->n_vpc));
	else
		snprintf(text, 24, "T%u", between(1, s->n_table));
	return text;
}

static void one_route(struct aws_shape *s, const char *table, const char *to)
{
	unsigned dice = below(100);
	char via[32];

	if (dice < 42)
		snprintf(via, sizeof(via), "internet-gateway G%u", between(1, s->n_gateway));
	else if (dice < 84)
		snprintf(via, sizeof(via), "nat-gateway N%u", between(1, s->n_nat));
	else if (dice < 92 || !s->n_eni)
		snprintf(via, sizeof(via), "instance E%u", between(1, s->n_instance));
	else
		snprintf(via, sizeof(via), "eni I%u", between(1, s->n_eni));
	lines_add(s->lab, "route create R%u table %s to %s via %s", ++s->n_route, table, to, via);
}

static void routes(struct aws_shape *s)
{
	static const char *const odd[] = { "198.51.100.0/24",
					   "203.0.113.0/24",
					   "198.51.100.1",
					   "172.16.0.0/12",
					   "0.0.0.0/1",
					   "L1",
					   "L1",
					   "L2",
					   "L3" };
	char table[24], to[32];

	/* The usual pair: W1 is public, the others have a gateway. */
	if (chance(75)) {
		lines_add(s->lab, "route create R%u table T1 to 0.0.0.0/0 via internet-gateway G%u",
			  ++s->n_route, s->vpc_of_table[1]);
		lines_add(s->lab, "route-table associate T1 subnet W1");
	}
	if (s->n_table > 1 && chance(75)) {
		lines_add(s->lab, "route create R%u table T2 to 0.0.0.0/0 via nat-gateway N1",
			  ++s->n_route);
		lines_add(s->lab, "route-table associate T2 subnet W2");
	}
	for (unsigned t = 1; t <= s->n_table; t++)
		if (chance(50))
			lines_add(s->lab, "route-table associate T%u subnet W%u", t,
				  between(1, s->n_subnet));
	for (unsigned i = between(1, 3); i > 0; i--)
		one_route(s, table_name(s, table), "0.0.0.0/0");
	for (unsigned i = below(3); i > 0; i--)
		one_route(s, table_name(s, table), PICK(odd));
	if (chance(25)) {
		unsigned t = between(1, s->n_table);

		lines_add(s->lab, "vpc-endpoint create X1 vpc V%u service H%u route-table T%u",
			  s->vpc_of_table[t], between(1, s->n_host), t);
	}
	if (chance(25)) {
		unsigned w = between(1, s->n_subnet);

		snprintf(to, sizeof(to), "10.%u.%u.0/%u", s->base[s->vpc_of_subnet[w]], w * 16,
			 s->length[w]);
		one_route(s, table_name(s, table), to);
	}
}

/* One whose rules let a good deal through, or the opposite; out of order, some of them for answers
 * only. */
static void acl_rules(struct aws_shape *s, const char *acl)
{
	static const char *const protocols[] = { "all", "tcp", "tcp", "tcp", "udp", "icmp" };
	static const char *const ports[] = {
		"", " 80", " 53", " 1024-65535", " 1024-65535", " 32768-60999", " 1-1023"
	};
	static const char *const peers[] = { "0.0.0.0/0",      "0.0.0.0/0",  "0.0.0.0/0",
					     "203.0.113.0/24", "10.0.0.0/8", "198.51.100.0/24" };

	for (unsigned i = below(5); i > 0; i--) {
		const char *protocol = PICK(protocols);
		const bool in = chance(50), has_ports = protocol[0] == 't' || protocol[0] == 'u';
		const unsigned w = between(1, s->n_subnet);
		char peer[32];

		snprintf(peer, sizeof(peer), "%s", PICK(peers));
		if (chance(30))
			snprintf(peer, sizeof(peer), "10.%u.%u.0/%u", s->base[s->vpc_of_subnet[w]],
				 w * 16, s->length[w]);
		lines_add(s->lab, "network-acl add %s %s %u %s %s%s %s %s", acl, in ? "in" : "out",
			  between(1, 120), chance(75) ? "allow" : "deny", protocol,
			  has_ports ? PICK(ports) : "", in ? "from" : "to", peer);
	}
}

static void acls(struct aws_shape *s)
{
	const unsigned n_acl = between(1, 2);
	char acl[24];

	for (unsigned a = 1; a <= n_acl; a++) {
		const unsigned v = s->vpc_of_subnet[between(1, s->n_subnet)];

		snprintf(acl, sizeof(acl), "A%u", a);
		lines_add(s->lab, "network-acl create %s vpc V%u", acl, v);
		for (unsigned i = below(3); i > 0; i--)
			lines_add(s->lab, "network-acl associate %s subnet W%u", acl,
				  between(1, s->n_subnet));
		if (chance(60))
			lines_add(s->lab, "network-acl add %s in 100 allow all from 0.0.0.0/0",
				  acl);
		if (chance(60))
			lines_add(s->lab, "network-acl add %s out 100 allow all to 0.0.0.0/0", acl);
		acl_rules(s, acl);
	}
	if (chance(40)) {
		snprintf(acl, sizeof(acl), "V%u/default-acl", between(1, s->n_vpc));
		if (chance(40))
			lines_add(s->lab, "network-acl remove %s %s 100", acl,
				  chance(50) ? "in" : "out");
		acl_rules(s, acl);
	}
	if (chance(15))
		lines_add(s->lab, "network-acl associate V1/default-acl subnet W%u",
			  between(1, s->n_subnet));
}

static void second_thoughts(struct aws_shape *s)
{
	if (chance(20))
		generate_prefix_list_change(s->lab);
	if (chance(20))
		lines_add(s->lab, "nat-gateway disassociate N%u eip P%u%s", between(1, s->n_nat),
			  between(1, s->n_eip), chance(50) ? " drained" : "");
	if (chance(15))
		lines_add(s->lab, "nat-gateway delete N%u", between(1, s->n_nat));
	if (chance(10))
		lines_add(s->lab, "internet-gateway detach G%u", between(1, s->n_gateway));
	if (chance(10))
		lines_add(s->lab, "instance delete E%u", between(1, s->n_instance));
	if (chance(10))
		lines_add(s->lab, "eip disassociate P%u", between(1, s->n_eip));
	if (chance(10) && s->n_eni)
		lines_add(s->lab, "eni detach I%u", between(1, s->n_eni));
	if (chance(10))
		lines_add(s->lab, "route delete R%u", between(1, s->n_route));
	if (chance(10))
		lines_add(s->lab, "subnet delete W%u", between(1, s->n_subnet));
	if (chance(10))
		lines_add(s->lab, "internet-gateway delete G%u", between(1, s->n_gateway));
	if (chance(10))
		lines_add(s->lab, "route-table disassociate T1 subnet W%u",
			  between(1, s->n_subnet));
	if (chance(10))
		lines_add(s->lab, "sg revoke S1 rule %u", between(1, 3));
	if (chance(10) && s->n_eni)
		lines_add(s->lab, "eni set I1 security-group S%u", between(1, s->n_group));
	if (chance(10) && s->n_eni)
		lines_add(s->lab, "eni set I1 source-dest-check off");
	if (chance(10))
		lines_add(s->lab, "eip associate P%u instance E%u", between(1, s->n_eip),
			  between(1, s->n_instance));
}

static void from(struct aws_shape *s, char text[static 64])
{
	unsigned dice = below(100);

	if (dice < 60)
		snprintf(text, 64, "E%u", between(1, s->n_instance));
	else if (dice < 84)
		snprintf(text, 64, "H%u", between(1, s->n_host));
	else if (dice < 87)
		snprintf(text, 64, "V%u", between(1, s->n_vpc));
	else if (dice < 90)
		snprintf(text, 64, "W%u", between(1, s->n_subnet));
	else if (dice < 94)
		snprintf(text, 64, "N%u", between(1, s->n_nat));
	else if (dice < 97)
		snprintf(text, 64, "G%u", between(1, s->n_gateway));
	else
		snprintf(text, 64, "internet");
}

static void to(struct aws_shape *s, char text[static 64])
{
	static const char *const odd[] = {
		"127.0.0.1",       "169.254.0.2",   "100.64.0.1", "203.0.113.200",
		"8.8.8.8",         "198.51.100.77", "8.8.4.4",    "224.0.0.1",
		"255.255.255.255", "0.0.0.0",       "240.0.0.1",  "www.example.com",
	};
	static const char *const services[] = { "169.254.169.253", "169.254.169.254" };
	static const unsigned last[] = { 0, 1, 2, 3, 4, 5, 6, 14, 15, 99, 254, 255 };
	unsigned dice = below(100), w = between(1, s->n_subnet);

	if ((chance(15) && generate_to_secondary(s->lab, text)) ||
	    (chance(10) && generate_to_balancer(s->lab, text)))
		return;
	if (dice < 25)
		snprintf(text, 64, "E%u", between(1, s->n_instance));
	else if (dice < 50)
		snprintf(text, 64, "P%u", between(1, s->n_eip));
	else if (dice < 56)
		snprintf(text, 64, "B%u", between(1, 2));
	else if (dice < 80)
		snprintf(text, 64, "H%u", between(1, s->n_host));
	else if (dice < 85 && s->n_eni)
		snprintf(text, 64, "I%u", between(1, s->n_eni));
	else if (dice < 88)
		snprintf(text, 64, "N%u", between(1, s->n_nat));
	else if (dice < 90)
		snprintf(text, 64, "%s", PICK(services));
	else if (dice < 91)
		snprintf(text, 64, "10.%u.0.2", s->base[s->vpc_of_subnet[w]]);
	else if (dice < 94)
		snprintf(text, 64, "10.%u.%u.%u", s->base[s->vpc_of_subnet[w]], between(0, 4) * 16,
			 PICK(last));
	else if (dice < 97)
		snprintf(text, 64, "203.0.113.%u", between(1, 7));
	else
		snprintf(text, 64, "%s", PICK(odd));
}

void generate_aws(size_t n_flow, struct lines *lab, struct lines *flows)
{
	struct aws_shape shape = { .lab = lab };

	lines_add(lab, "provider aws");
	networks(&shape);
	groups(&shape);
	machines(&shape);
	gateways(&shape);
	for (unsigned i = chance(50) ? between(1, 4) : 0; i > 0; i--) {
		const unsigned w = between(1, shape.n_subnet);

		generate_secondary(lab, shape.n_instance, shape.n_eni, shape.n_eip, "10",
				   shape.base[shape.vpc_of_subnet[w]], w);
	}
	routes(&shape);
	const struct peers peers = { .lab = shape.lab,
				     .word = "vpc-peering-connection",
				     .key = "peer-vpc",
				     .table = "main",
				     .waits = true,
				     .n_vpc = shape.n_vpc,
				     .n_table = shape.n_table,
				     .vpc_of_table = shape.vpc_of_table,
				     .base = shape.base,
				     .net = (const char *const[]){ "", "10", "10", "10" },
				     .n_route = &shape.n_route };

	if (shape.n_vpc > 1 && chance(50))
		generate_transit(&peers);
	else
		generate_peerings(&peers);
	if (chance(50))
		acls(&shape);
	second_thoughts(&shape);
	generate_balancers(lab, true, shape.n_subnet, shape.vpc_of_subnet, shape.n_instance,
			   shape.subnet_of_instance);
	while (flows->n_line < n_flow) {
		char source[64], destination[64];

		from(&shape, source);
		to(&shape, destination);
		if (chance(60))
			lines_add(flows, "%s -> %s tcp %u", source, destination, PICK(tcp_ports));
		else if (chance(50))
			lines_add(flows, "%s -> %s icmp", source, destination);
		else
			lines_add(flows, "%s -> %s udp %u", source, destination, PICK(udp_ports));
	}
}
