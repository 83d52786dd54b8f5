/* SPDX-License-Identifier: GPL-3.0-only */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "lab/model/model.h"
#include "lab/model/profile.h"

/*
 * What differs between the clouds and is no rule of one noun alone: words, states, plain codes, and
 * how the same thing behaves. Codes that one noun has stand in that noun's file.
 */
struct noun_words {
	const char *word; /* NULL: the cloud has no such noun */
	const char *title;
	const char *with_article;
	const char *malformed; /* the code for a name that is none */
	const char *not_found; /* the code for a name that no such resource has */
	const char *duplicate; /* the code for a name that one of them has; NULL: the lab's own */
};

struct cloud {
	const char *word;
	const struct profile *profile; /* of a new lab */
	const char *bad_value; /* the code for what has the wrong form, where no other is known */
	const char *system_table; /* what the table that comes with a VPC is called */
	const char *default_acl;  /* and the ACL; NULL: none does, a vSwitch needs none */
	const char *acl_rest;     /* the number that the rule for the rest has; NULL: none */
	const struct word *acl_policies;
	enum group_type group_type; /* that of a VPC's default group */
	bool source_dest_check;     /* interfaces have it, on at first */
	bool guest_has_secondary;   /* a host sets up its secondary addresses by itself */
	bool routes_stay;           /* a route whose next hop is deleted stays, as a blackhole */
	bool routes_inside;         /* a route may lead into the VPC itself */
	bool one_local_route;       /* a VPC has one system route, not one for each vSwitch */
	bool explicit_association;  /* a subnet can be associated with the main table by name */
	bool internet_gateways; /* the way to public addresses is by one of the VPC's; a route to it
				   makes the subnets of its table public */
	bool acl_at_router;     /* ACLs are looked at by the VPC's router, not by the vSwitch's */
	bool gateway_beside_router; /* a NAT gateway is beside the VPC's router, not in its vSwitch
				     */
	const char *table_stem;     /* of names for route tables */
	bool peerings_wait;         /* a peering connection has to be accepted, even by oneself */
	bool gateway_has_eip;       /* a NAT gateway gets its EIP when made, and brings no route */
	/* Of a vSwitch: how many addresses the cloud keeps at its ends, with network and broadcast
	 * address, and whether the router has the first or the last but two. */
	uint8_t reserved_first, reserved_last;
	bool router_is_first;
	uint8_t longest_mask;
	/* In a VPC, and of what a NAT gateway or transit router takes. On the internet it is 1500.
	 * cloud-semantics: mtu-1, mtu-3, mtu-4, mtu-5, mtu-9 */
	uint16_t mtu, gateway_mtu;
	bool groups_see_too_big; /* no answer of theirs: a group lets it in by a rule, or not at all
				  */
	/* Of show: states, a type, a key. */
	const char *available, *in_use, *running, *route_status, *system_type, *vswitches;
	const char *peering_states[PEERING_FAILED + 1];
	struct noun_words noun[NOUN_COUNT];
};

const struct cloud *cloud_of(enum provider provider);
static inline const struct cloud *model_cloud(const struct model *model)
{
	return cloud_of(model->provider);
}
/* Where the cloud has no such noun, those of the cloud that has it. */
const struct noun_words *model_noun_words(const struct model *model, enum noun noun);
