/* SPDX-License-Identifier: GPL-3.0-only */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "tests/prove/prove.h"

/* What the files of generate() share: a lab of Alibaba's nouns in the making. */

#define PICK(array) ((array)[below((unsigned)ARRAY_SIZE(array))])

#define MAX 8

struct shape {
	struct lines *lab;
	unsigned n_vpc, n_vswitch, n_group, n_ecs, n_eni, n_table, n_nat, n_eip, n_snat, n_dnat,
		n_host, n_route;
	unsigned vpc_of_vswitch[MAX + 1], vpc_of_group[MAX + 1], vpc_of_nat[MAX + 1],
		vpc_of_table[MAX + 1], vswitch_of_ecs[MAX + 1];
	unsigned base[4];   /* second byte of each VPC's addresses */
	const char *net[4]; /* first byte */
	unsigned nat_of_eip[MAX + 1];
	bool today; /* the profile */
	bool private_nat;
	char text[64];
};

/* Add a VPC; user: with a user CIDR. AWS's, too. */
void generate_vpc(struct lines *lab, unsigned v, const char *net, unsigned base, bool user);
/* Add prefix lists, L1 to LISTS, some with entries in 10.BASE.0.0/16. AWS's, too. */
enum { LISTS = 3 };
void generate_prefix_lists(struct lines *lab, const char *net, unsigned base);
/* Give a host or ENI a secondary address in 10.BASE.W.0, and some EIPs for it. AWS's, too. */
void generate_secondary(struct lines *lab, unsigned n_host, unsigned n_eni, unsigned n_eip,
			const char *net, unsigned base, unsigned w);
/* Choose one of them. False: there is none. */
bool generate_to_secondary(const struct lines *lab, char text[static 64]);
/* Change the entries of one. */
void generate_prefix_list_change(struct lines *lab);
/* Add a rule to a group, in one of several ways. */
void generate_rule(struct shape *s, unsigned group);
/* Add some routes to gateways and machines. */
void generate_routes(struct shape *s);
unsigned generate_tcp_port(void);
/* generate_peerings.c: connections between VPCs, in the words of a cloud. */
struct peers {
	struct lines *lab;
	const char *word, *key, *table; /* "vpc-peer-connection", "accepting-vpc", "system" */
	bool waits;                     /* until it is accepted */
	unsigned n_vpc, n_table;
	const unsigned *vpc_of_table, *base;
	const char *const *net;
	unsigned *n_route;
};
void generate_peerings(const struct peers *peers);
void generate_transit(const struct peers *peers);
/* generate_balancers.c: a load balancer or two in a cloud's words, each with hosts behind it. Their
 * names are B and a number. */
void generate_balancers(struct lines *lab, bool aws, unsigned n_vswitch,
			const unsigned *vpc_of_vswitch, unsigned n_ecs,
			const unsigned *vswitch_of_ecs);
/* Choose one of them. False: there is none. */
bool generate_to_balancer(const struct lines *lab, char text[static 64]);
/* generate_private_nat.c: VPC NAT gateways between them. Their names are M and the VPC's number,
 * those of NAT IPs K. */
void generate_private_nat(struct shape *s);
/* A whole lab of two VPCs that makes sense, but for a line or two. */
void generate_overlap(struct shape *s);
/* generate_sound.c: add a whole lab that makes sense. */
void generate_sound(struct shape *s);
/* generate_changes.c: delete or change some of what was made. */
void generate_changes(struct shape *s);
