#pragma once

#include "lab/compile.h"

/*
 * What the parts of the compiler share. Each compile_x() adds the objects of one kind of node for the whole model.
 *
 * The frame that all of them rely on:
 *
 *     ECS --eth0-- vSwitch --VPC-- VPC router --NAT-- NAT gateway --internet-- internet --eth0-- internet host
 *                                       \------- VPC@public (own public addresses) --/
 *
 * A link is named after what is behind it. The router nearer to the internet owns the veth object; the peer is the node
 * nearer to the guest. Nobody resolves neighbours (wanted.h), so a next hop only has to name the link: NEXT_HOP is one
 * address for all of them. 169.254.0.0/16 cannot be inside any VPC.
 */
#define NEXT_HOP       0xA9FE0001u /* 169.254.0.1: the other end of any transit link */
#define ROUTER_ADDRESS 0xA9FE0002u /* 169.254.0.2: what a router that has no address of the user's calls itself */
#define INTERNET_NETNS "internet"
#define INTERNET_LINK  "internet"
#define PUBLIC_LINK    "public" /* in a VPC router: to the public-address gateway */

struct compiler {
	const struct model *model;
	struct wanted *wanted;
};

void compile_internet(const struct compiler *c);
void compile_vpc(const struct compiler *c, const struct vpc *vpc);
void compile_public_gateway(const struct compiler *c, const struct vpc *vpc);
void compile_vswitch(const struct compiler *c, const struct vswitch *vswitch);
void compile_security_groups(const struct compiler *c, const struct vswitch *vswitch);
void compile_acl(const struct compiler *c, const struct vswitch *vswitch);
void compile_nat_gateway(const struct compiler *c, const struct nat_gateway *nat);
void compile_guests(const struct compiler *c);

/* The chain that counts connections by their source and destination, after SNAT; both providers have the same limit. */
void compile_port_limit(const struct compiler *c, const char *netns);
/*
 * The source ports that SNAT gives begin there; one that is among them stays (cloud-semantics 3, limits: Huse; 10:
 * A:vpc-nat-gateway.md).
 */
enum { NAT_PORT_FIRST = 1025, AWS_NAT_PORT_FIRST = 1024 };
/* SNAT at the end of a chain, to one address or a pool; what has ports gets them from that one on. */
void compile_snat(const struct compiler *c, struct nft_chain *chain, enum nft_statement_kind kind, const uint32_t *address,
		  unsigned n_address, uint16_t port_first);

/* Fragments of a protocol are lost; PROTOCOL_ALL: of every one. */
void compile_fragments_lost(const struct compiler *c, const char *netns, const enum protocol *protocol, size_t n_protocol);

/*
 * 1:1 NAT between a VPC and the internet, in a netns that is there: its links (vpc_link: the end in the VPC's router), routes
 * and chains; nothing passes without a public address. Then each address.
 */
void public_gateway(const struct compiler *c, const char *netns, const struct resource *resource, const struct vpc *vpc,
		    const char *vpc_link);
void public_gateway_address(const struct compiler *c, const char *netns, uint32_t public_ip, uint32_t private_ip);

/* AWS: in place of those for the VPC, the public gateway and the NAT gateway. */
void compile_aws_vpc(const struct compiler *c, const struct vpc *vpc);
void compile_aws_internet_gateway(const struct compiler *c, const struct internet_gateway *gateway);
void compile_aws_nat_gateway(const struct compiler *c, const struct nat_gateway *nat);
/* AWS: beside compile_vswitch() */
void compile_aws_subnet(const struct compiler *c, const struct vswitch *subnet);

/* Whose part is what is added from now on; the second may be NULL. */
void origin_is(const struct compiler *c, const struct resource *first, const struct resource *second);
/* The resource that an ENI stands for: a primary one its ECS. */
const struct resource *eni_owner(const struct eni *eni);
/* Whose public address an ENI has: its EIP, or the ECS with a static one. */
const struct resource *eni_public_owner(const struct eni *eni);

/* The address of a vSwitch's router. */
uint32_t vswitch_gateway(const struct vswitch *vswitch);

/* The guest's interface of an attached ENI: eth0, eth1, ... */
const char *eni_guest_link(const struct eni *eni, char name[static LINK_NAME_SIZE]);

/*
 * A route's next hop that is an ECS or ENI, as the interface it comes down to; NULL: something else. Such an interface,
 * while attached, has a link of its own between VPC router and vSwitch router, because on a plain link the VPC router
 * could not say by which guest to go; what comes out of it goes to that interface's port. ('~' is in no name.)
 */
const struct eni *route_interface(const struct route *route);
bool is_next_hop(const struct compiler *c, const struct eni *eni);
const char *next_hop_link(const struct eni *eni, char name[static LINK_NAME_SIZE]); /* "via~ECS3", at both ends */

/* Objects in one call each; strings are copied. */
struct object *want_netns(const struct compiler *c, const char *netns, enum netns_role role);
void want_veth(const struct compiler *c, const char *netns, const char *link, const char *peer_netns, const char *peer_link,
	       unsigned id, uint8_t kind);
void want_address(const struct compiler *c, const char *netns, const char *link, uint32_t address, uint8_t length);
void want_route(const struct compiler *c, const char *netns, uint32_t table, struct prefix to, const char *link);
void want_route_via(const struct compiler *c, const char *netns, uint32_t table, struct prefix to, const char *link, uint32_t via,
		    bool onlink);
void want_blackhole(const struct compiler *c, const char *netns, uint32_t table, struct prefix to);
void want_rule(const struct compiler *c, const char *netns, uint32_t priority, const char *iif, uint32_t mark, uint32_t table,
	       bool ignore_default);
struct nft_set *want_set(const struct compiler *c, const char *netns, const char *name, const enum nft_field *key, unsigned n_key,
			 enum nft_data data);
/* The chain is to be filled through the pointer before the next object is added. */
struct nft_chain *want_chain(const struct compiler *c, const char *netns, const char *name, enum nft_chain_type type,
			     enum nft_hook hook, int priority, bool policy_drop);
struct nft_element *want_element(const struct compiler *c, const char *netns, const char *set);

#define TABLE_MAIN            254u
#define TABLE_FIRST           1010u /* plus the id of what it is for: stable for its life, none of the kernel's own */
#define DEFAULT_ROUTE         ((struct prefix){ 0, 0 })
#define HOST_PREFIX(address_) ((struct prefix){ (address_), 32 })

/* One rule, with its accept/drop at the end. */
void rule_state(const struct compiler *c, struct nft_chain *chain, uint32_t states, enum nft_verdict verdict);
void rule_status(const struct compiler *c, struct nft_chain *chain, const char *out_link, uint32_t status,
		 enum nft_verdict verdict);

/* Kinds of link, part of its MAC address: 00:16:3e for guests (as the cloud's hosts show), 02:00:00 for transit. */
enum {
	LINK_GUEST,
	LINK_VSWITCH,
	LINK_GATEWAY_INSIDE,
	LINK_GATEWAY_OUTSIDE,
	LINK_PUBLIC_INSIDE,
	LINK_PUBLIC_OUTSIDE,
	LINK_NEXT_HOP
};
