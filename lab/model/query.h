/* SPDX-License-Identifier: GPL-3.0-only */
#pragma once

#include <stdint.h>

#include "lab/model/model.h"

/* What rules, compiler and explain ask the model, beyond one resource. */

/* The route of a table to that CIDR, or to that prefix list; NULL: none is. */
struct route *route_find(const struct model *model, const struct route_table *table,
			 struct prefix to);
struct route *route_find_list(const struct model *model, const struct route_table *table,
			      const struct prefix_list *list);
/* A destination of it that lies in the block; NULL: none does. */
const struct prefix *route_to_within(const struct route *route, struct prefix cidr);
bool prefix_list_has(const struct prefix_list *list, struct prefix prefix);
/* Of a route to a prefix list: is there one to the CIDR itself, or an earlier one to a list that
 * has it, too? cloud-semantics: end-4, pl-8 */
bool route_entry_is_hidden(const struct model *model, const struct route *route,
			   struct prefix entry);
/* Its next hop as it is said: AWS names the transit gateway, and means the VPC's attachment to it.
 * NULL: it is gone. */
struct resource *route_named_hop(const struct model *model, const struct route *route);
/* What SNAT may start by a gateway of that size: new connections a second, connections at once. */
struct size_limit {
	uint32_t rate, connections;
};
struct size_limit nat_gateway_limit(const struct model *model, enum nat_size size);
/* How many connections an EIP carries at a time to one address, port and protocol.
 * cloud-semantics: nat-10, aws-5 */
#define CONNECTIONS_TO_DESTINATION 55000

/* Alibaba: the Internet NAT gateway that a VPC got first, which brought it its default route; NULL:
 * it has none. cloud-semantics: rt-14, pnat-10 */
const struct nat_gateway *vpc_first_gateway(const struct model *model, const struct vpc *vpc);
/* Is it Alibaba's, with a limit of its size? */
bool nat_gateway_has_size(const struct nat_gateway *nat);
/* Does a gateway turn traffic from inside back to what it publishes itself? An enhanced one does
 * only with its EIPs bound in NAT mode, a standard one does. cloud-semantics: snat-13, nat-14 */
bool nat_gateway_hairpins(const struct nat_gateway *nat);
/* Does 0.0.0.0/0 lead from there to an active internet gateway? cloud-semantics: addr-7 */
bool vswitch_is_public(const struct model *model, const struct vswitch *vswitch);
/* Where a NAT gateway is: its vSwitch, or of a standard one the VPC. */
const struct resource *nat_gateway_place(const struct nat_gateway *nat);
/* Alibaba: is it kept from the internet, because routes decide and its vSwitch is not public?
 * cloud-semantics: addr-9, eip-13 */
bool nat_gateway_is_cut_off(const struct model *model, const struct nat_gateway *nat);
/* Does an ECS or ENI hold the address that the entry leads to? Else it has no effect
 * (cloud-semantics: dnat-7). */
bool dnat_takes_effect(const struct model *model, const struct dnat *dnat);
/*
 * Does the route lead to an enhanced gateway? Nothing leaves by such a one that comes by one
 * interface of an ECS with the address of another; standard ones let it pass.
 * cloud-semantics: nat-4, misc-10
 */
bool route_leads_to_enhanced(const struct route *route);

/* The first block of that length within a CIDR of the VPC that no vSwitch overlaps; behind: that
 * lies behind all vSwitches of the CIDR. */
bool vpc_free_block(const struct model *model, const struct vpc *vpc, uint8_t length, bool behind,
		    struct prefix *ret_block);

bool vpc_has_balancer(const struct model *model, const struct vpc *vpc);

/* An entry to the address; NULL: none. */
struct dnat *dnat_to_address(const struct model *model, const struct vpc *vpc, uint32_t ip);

/* Is it the rule that a default ACL has, in each direction, when it comes? */
bool acl_rule_came(const struct filter_rule *rule);
/* Does the ACL let everything in and out, by the first rule of each direction? */
bool acl_passes_all(const struct acl *acl);

/* Is this one of the addresses that the cloud keeps for itself? */
bool vswitch_keeps(const struct vswitch *vswitch, uint32_t ip);
