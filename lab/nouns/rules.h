/* SPDX-License-Identifier: GPL-3.0-only */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/base/error.h"
#include "lab/model/model.h"
#include "lab/model/query.h"
#include "lab/nouns/changes.h"

/*
 * What the noun files share: looking at arguments (rules.c), and what one noun does for another (in
 * the file of the noun that its name begins with). Not for anybody outside the rules.
 *
 * Words are given as typed. code is the cloud's for that argument, argument its key.
 */

/* Is a word that must be there given? */
int rule_given(const char *word, const char *argument, struct error *err);

/*
 * An existing resource of that noun, with the cloud's code for such a name, or with the one for
 * this very argument. The hint says the nearest name, or what the name is instead.
 */
int rule_find(const struct model *model, enum noun noun, const char *name, const char *argument,
	      void *ret_resource, struct error *err);
int rule_find_coded(const struct model *model, enum noun noun, const char *name, const char *code,
		    const char *argument, void *ret_resource, struct error *err);

/* "a.b.c.d/len"; with bare, also "a.b.c.d" for a /32. Set host bits are refused with the right
 * prefix as hint. */
int rule_prefix(const char *word, bool bare, const char *code, const char *argument,
		struct prefix *ret_prefix, struct error *err);

/* One of the choices (NULL at the end) by its number; NULL word: the fallback. */
int rule_choice(const char *word, const char *const *choices, unsigned fallback, const char *code,
		const char *argument, unsigned *ret_choice, struct error *err);

/* "P" or "P-Q", 1 to 65535, P <= Q. */
int rule_ports(const char *word, const char *code, const char *argument, uint16_t *ret_first,
	       uint16_t *ret_last, struct error *err);

/* A whole decimal number from min to max. */
int rule_number(const char *word, unsigned min, unsigned max, const char *code,
		const char *argument, unsigned *ret_number, struct error *err);

/*
 * Does the prefix stand in that relation (prefix_overlaps, prefix_covers) to a network that no
 * packet of a VPC could come from or go to: this one, loopback, link-local, multicast, reserved?
 */
bool rule_unusable(struct prefix prefix,
		   bool (*relation)(struct prefix unusable, struct prefix prefix));

/* A zone is the user's own word; it only has to look like one. NULL: none is given. */
int rule_zone(const char *word, const char *code, struct error *err);

/* "1 address", "2 addresses" and the like need only this much grammar. */
const char *plural(size_t n); /* "" or "s" */

/* filter_rule.c: what a rule of a security group or network ACL may say, and the codes for what it
 * says wrong. */
struct filter_rule_language {
	const char *const *policies; /* the first one accepts */
	const char *bad_policy, *bad_direction, *bad_protocol, *bad_port;
	const char *no_ports;   /* a port with a protocol that has none */
	const char *both_peers; /* from and to */
	unsigned n_protocol;    /* of all, icmp, tcp, udp, gre */
	bool groups;            /* may a peer be one? */
	struct {
		const char *missing, *bad_cidr, *no_group;
	} peer[2]; /* by direction */
};
/* Everything but number and priority. */
int filter_rule_parse(const struct model *model, const struct filter_rule_options *options,
		      const struct filter_rule_language *language, struct filter_rule *rule,
		      struct error *err);
int filter_rule_direction(const char *word, const char *code, enum direction *ret_direction,
			  struct error *err);

/* vpc.c: the VPC with what it brings, and all of that out of the model again */
void vpc_make(struct model *model, const char *name, struct prefix cidr);
void vpc_remove(struct model *model, struct vpc *vpc);

/* security_group.c */
struct security_group *security_group_make_default(struct model *model, struct vpc *vpc);

/* route_table.c */
struct route_table *route_table_make_system(struct model *model, struct vpc *vpc);

/* route.c */
/* The last check before a next hop is deleted: refused while a route points there. AWS: such a
 * route stays, as a blackhole. */
int route_leave(struct model *model, const struct resource *via, struct error *err);
void routes_lose(struct model *model, const struct resource *via); /* which they do then */
/* The 0.0.0.0/0 that the first gateway of a VPC brings. */
void route_make_default(struct model *model, struct nat_gateway *nat);

/* eni.c: an interface about to be made, its arguments looked up and checked. */
struct eni_request {
	struct vswitch *vswitch;
	uint32_t ip;
	struct security_group **group; /* owned until eni_make() takes it */
	size_t n_group;
};
int eni_request(struct model *model, const char *vswitch, const char *ip, struct names groups,
		bool primary, struct eni_request *ret, struct error *err);
void eni_request_free(struct eni_request *request);
/* Primary: no list, no name in the index. */
struct eni *eni_make(struct model *model, struct eni_request *request, const char *name,
		     bool primary);
void eni_leave_ecs(struct eni *eni); /* an attached one */
/* Gives back its address, leaves its groups; EIP becomes Available, NAT entries made for it keep
 * the bare address. */
void eni_dissolve(struct model *model, struct eni *eni);
/* New groups, unless there are none, and AWS's source_dest_check, unless it is NULL, for an
 * existing interface. */
int eni_change(struct model *model, struct eni *eni, struct names groups,
	       const char *source_dest_check, struct error *err);

/* eip.c */
struct eip *eip_make(struct model *model, const char *name, uint32_t ip);
void eip_attach(struct model *model, struct eip *eip,
		struct resource *resource); /* links only; rules come before */
void eip_detach(struct model *model, struct eip *eip);

/* snat.c */
void snat_leave_eip(struct model *model, struct eip *eip); /* entries without any other EIP go */
void snat_remove_all(struct model *model, const struct nat_gateway *nat);
void snat_forget_source(struct model *model,
			const struct resource *source); /* its entries become CIDR entries */

/* dnat.c */
void dnat_leave_eip(struct model *model, struct eip *eip);
void dnat_remove_all(struct model *model, const struct nat_gateway *nat);
void dnat_forget_target(struct model *model, const struct eni *eni);

/* service.c */
void service_remove_all(struct model *model, const struct resource *node);
