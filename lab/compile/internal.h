/* SPDX-License-Identifier: GPL-3.0-only */
#pragma once

#include "core/state/wanted.h"
#include "lab/compile/layout.h"
#include "lab/model/decision.h"
#include "lab/model/model.h"

/* What the parts of the compiler share. Each compile_x() adds the objects of a node, or of all
 * nodes of one kind. */
struct compiler {
	const struct model *model;
	struct wanted *wanted;
};

void compile_internet(const struct compiler *c);
/* The internet's routes to public addresses; AWS: each internet gateway brings its own. */
void compile_public_addresses(const struct compiler *c);
/* In a VPC's router, of the rules that choose the route table by the link that a packet came by. */
enum { PRIORITY_TABLE = 1001, PRIORITY_PEER = PRIORITY_TABLE - 3 };
void compile_vpc(const struct compiler *c, const struct vpc *vpc);
void compile_public_gateway(const struct compiler *c, const struct vpc *vpc);
void compile_vswitch(const struct compiler *c, const struct vswitch *vswitch);
void compile_security_groups(const struct compiler *c, const struct vswitch *vswitch);
/* Those of one interface, where it has a namespace to itself. */
void compile_groups_of(const struct compiler *c, const char *netns, const struct eni *eni);
void compile_cut_through(const struct compiler *c, const struct eip *eip);
void compile_acls(const struct compiler *c, const struct vpc *vpc);
/* The transit router, its links to VPCs, and what those do with what it brings. */
void compile_transit(const struct compiler *c, const struct transit_router *router);
void compile_nat_gateway(const struct compiler *c, const struct nat_gateway *nat);
/* The routes of a table, or the VPC's own, to the NAT IPs of all of them. */
void nat_ip_routes(const struct compiler *c, const struct vpc *vpc,
		   const struct route_table *table);
/* The load balancer and the way back to it; the routes of a table, or the VPC's own, to all of
 * them; what the vSwitches of its VPC do for it. */
void compile_load_balancer(const struct compiler *c, const struct load_balancer *balancer);
void balancer_routes(const struct compiler *c, const struct vpc *vpc,
		     const struct route_table *table);
void compile_answers_to_balancers(const struct compiler *c, const struct vswitch *vswitch);
void compile_guests(const struct compiler *c);
/* The cloud's own services, in the VPC's router; and in a vSwitch, what lets packets to them and
 * their answers pass: its routes, in a chain of its groups, in one of its ACL. */
void compile_cloud_services(const struct compiler *c, const struct vpc *vpc);
void cloud_service_routes(const struct compiler *c, const struct vswitch *vswitch);
void cloud_services_past(const struct compiler *c, struct nft_chain *chain,
			 const struct vswitch *vswitch, enum nft_field field, bool groups);

/* The chain that counts connections by their source and destination, after SNAT; both providers
 * have the same limit. */
void compile_port_limit(const struct compiler *c, const char *netns);
/* SNAT at the end of a chain, to one address or a pool; what has ports gets them from that one on:
 * its own where that is free, or a random one. */
void compile_snat(const struct compiler *c, struct nft_chain *chain, struct decision decision,
		  enum nft_statement_kind kind, const uint32_t *address, unsigned n_address,
		  uint16_t port_first, bool random);

/* Match the protocol, port and ICMP type of a rule of a group or ACL. */
void compile_filter_rule(const struct compiler *c, struct nft_rule *rule,
			 const struct filter_rule *filter);

/* A gateway that lets no TCP connection have segments larger than it takes, whatever its ends
 * offer. cloud-semantics: mtu-3, mtu-5 */
void compile_mss(const struct compiler *c, const char *netns);

/* A router of the cloud's that takes nothing from a packet's TTL, and so is no hop of a traceroute.
 * Around each circle that packets might run in there has to be one that does take it.
 * cloud-semantics: icmp-1, icmp-4 */
void compile_no_hop(const struct compiler *c, const char *netns);
/* One that does, but where what dies dies without a word. cloud-semantics: icmp-1 */
void compile_silent(const struct compiler *c, const char *netns);

/* The limits of the EIPs of a NAT gateway, or of those of a VPC's hosts. cloud-semantics: eip-14 */
void compile_bandwidth(const struct compiler *c, const char *netns, const struct resource *gateway);

/* In a chain of the forward hook: new connections from that link to TCP 25 of the internet are
 * dropped.
 * cloud-semantics: sg-9, addr-16, addr-29 */
void compile_smtp_closed(const struct compiler *c, struct nft_chain *chain, const char *inside);
/* Fragments of a protocol are lost; PROTOCOL_ALL: of every one. */
void compile_fragments_lost(const struct compiler *c, const char *netns,
			    const enum protocol *protocol, size_t n_protocol);

/*
 * 1:1 NAT between a VPC and the internet, in a netns that is there: its links (vpc_link: the end in
 * the VPC's router), routes and chains; nothing passes without a public address. Then each address.
 */
void public_gateway(const struct compiler *c, const char *netns, const struct resource *resource,
		    const struct vpc *vpc, const char *vpc_link);
void public_gateway_address(const struct compiler *c, const char *netns, struct decision decision,
			    uint32_t public_ip, uint32_t private_ip);

/* Has the user put a route in the place of the system's to a vSwitch? table NULL: the router's own,
 * which has none of his. */
bool is_replaced(const struct compiler *c, const struct route_table *table, struct prefix vswitch);
/* AWS: in place of the system routes; table NULL: the router's own. */
void compile_aws_local_route(const struct compiler *c, const struct vpc *vpc,
			     const struct route_table *table);
/* AWS: beside compile_vpc(). */
void compile_aws_vpc(const struct compiler *c, const struct vpc *vpc);
/* AWS: in place of the public gateway and the NAT gateway. */
/* public_gateway.c */
void compile_internet_gateway(const struct compiler *c, const struct internet_gateway *gateway);
/* The internet has no way to the public addresses of the VPC's hosts. */
void compile_unreached_addresses(const struct compiler *c, const struct vpc *vpc);
void compile_aws_nat_gateway(const struct compiler *c, const struct nat_gateway *nat);
/* AWS: what the VPC's routers have to say, "too large" above all, an instance hears from its
 * subnet's own router: here they say it as that address. */
void compile_spoken_for(const struct compiler *c, const char *netns, uint32_t address);
/* AWS: beside compile_vswitch() */
void compile_aws_subnet(const struct compiler *c, const struct vswitch *subnet);

/*
 * Set the origin of the objects added from now on: the resources that they are a part of, for
 * people and as a cookie. The second may be NULL. stands_for() then gives them the cookie of a
 * decision instead.
 */
void origin_is(const struct compiler *c, const struct resource *first,
	       const struct resource *second);
void origin_is_groups(const struct compiler *c, const struct eni *eni);
void origin_is_internet(const struct compiler *c);
void stands_for(const struct compiler *c, struct decision decision);
/* Whose public address an ENI has: its EIP, or the ECS with a static one. */
const struct resource *public_owner(const struct eni_address *address);

/* On the internet, the way to its public address. */
struct decision public_route_of(const struct eni_address *address);

/* Does a route lead to this interface, and is it attached? */
bool is_next_hop(const struct compiler *c, const struct eni *eni);

/* Objects in one call each; strings are copied. */
struct object *want_netns(const struct compiler *c, const char *netns, enum netns_role role);
void want_veth(const struct compiler *c, const char *netns, const char *link,
	       const char *peer_netns, const char *peer_link, unsigned id, uint8_t kind);
struct address_object *want_address(const struct compiler *c, const char *netns, const char *link,
				    uint32_t address, uint8_t length);
void want_route(const struct compiler *c, const char *netns, uint32_t table, struct prefix to,
		const char *link);
struct object *want_route_via(const struct compiler *c, const char *netns, uint32_t table,
			      struct prefix to, const char *link, uint32_t via, bool onlink);
/* To each of the VPC's CIDRs. */
void want_routes_to_vpc(const struct compiler *c, const char *netns, const struct vpc *vpc,
			const char *link);
void want_blackhole(const struct compiler *c, const char *netns, uint32_t table, struct prefix to);
/* What goes there is for the next rule. */
void want_throw(const struct compiler *c, const char *netns, uint32_t table, struct prefix to);
void want_rule(const struct compiler *c, const char *netns, uint32_t priority, const char *iif,
	       uint32_t mark, uint32_t table);
struct nft_set *want_set(const struct compiler *c, const char *netns, const char *name,
			 const enum nft_field *key, unsigned n_key, enum nft_data data);
/* The chain is to be filled through the pointer before the next object is added. */
struct nft_chain *want_chain(const struct compiler *c, const char *netns, const char *name,
			     enum nft_chain_type type, enum nft_hook hook, int priority,
			     bool policy_drop);
struct nft_element *want_element(const struct compiler *c, const char *netns, const char *set);
/* The element, or the next rule of the chain, with the cookie of the decision that it stands for,
 * and its name as a comment. */
struct nft_element *want_element_for(const struct compiler *c, const char *netns, const char *set,
				     struct decision decision);
struct nft_rule *want_nft_rule(const struct compiler *c, struct nft_chain *chain,
			       struct decision decision);

#define TABLE_FIRST \
	1010u /* plus the id of what it is for: stable for its life, none of the kernel's own */
uint32_t route_table_number(const struct route_table *table);

/* One rule, with its accept/drop at the end. */
void rule_state(const struct compiler *c, struct nft_chain *chain, struct decision decision,
		uint32_t states, enum nft_verdict verdict);
void rule_status(const struct compiler *c, struct nft_chain *chain, struct decision decision,
		 const char *out_link, uint32_t status, enum nft_verdict verdict);

/* Kinds of link, part of its MAC address: 00:16:3e for guests (as the cloud's hosts show), 02:00:00
 * for transit. */
enum {
	LINK_GUEST,
	LINK_VSWITCH,
	LINK_GATEWAY_INSIDE,
	LINK_GATEWAY_OUTSIDE,
	LINK_PUBLIC_INSIDE,
	LINK_PUBLIC_OUTSIDE,
	LINK_NEXT_HOP,
	LINK_PEERING,
	LINK_ATTACHMENT,
	LINK_ENDPOINT,
	LINK_BALANCER
};
void link_mac(uint8_t kind, unsigned id, uint8_t mac[static 6]);
