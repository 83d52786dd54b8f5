/* SPDX-License-Identifier: GPL-3.0-only */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/base/address.h"
#include "core/base/error.h"
#include "core/base/nearest.h"
#include "lab/model/profile.h"

/*
 * The lab as a pure model: one struct a noun, linked by pointers. No kernel, no privilege, no
 * output. Deterministic: the same commands in the same order give the same model, addresses
 * included; the journal builds on it.
 *
 * The functions that change it live with the noun's rules in lab/nouns. Each checks
 * every rule first and changes the model only when all of them say yes, so that a refused command
 * changes nothing. Refusals carry the cloud's code, the argument at fault and a way out.
 */

/* Whose cloud it is: words, rules, data plane. */
enum provider { PROVIDER_ALIBABA, PROVIDER_AWS, PROVIDER_COUNT };

/* The nouns of all providers. What AWS calls otherwise is the same struct here: a subnet is a
 * vswitch, an instance an ecs. */
enum noun {
	NOUN_VPC,
	NOUN_VSWITCH,
	NOUN_PREFIX_LIST,
	NOUN_SECURITY_GROUP,
	NOUN_ECS,
	NOUN_ENI, /* secondary ones; the primary ENI of an ECS has no name of its own and is in no
		     list */
	NOUN_ROUTE_TABLE,
	NOUN_ROUTE,
	NOUN_INTERNET_GATEWAY, /* Alibaba: IPv4 gateway */
	NOUN_VPC_PEERING,
	NOUN_VPC_ENDPOINT,   /* AWS */
	NOUN_TRANSIT_ROUTER, /* AWS: transit gateway */
	NOUN_TRANSIT_TABLE,
	NOUN_TRANSIT_ATTACHMENT,
	NOUN_TRANSIT_ROUTE,
	NOUN_NAT_GATEWAY,
	NOUN_NAT_IP, /* Alibaba */
	NOUN_EIP,
	NOUN_SNAT,
	NOUN_DNAT,
	NOUN_INTERNET_HOST,
	NOUN_ACL,
	NOUN_PRIVATE_ZONE, /* AWS: private hosted zone */
	NOUN_ZONE_RECORD,
	NOUN_LOAD_BALANCER,
	NOUN_TARGET_GROUP, /* Alibaba: vServer group */
	NOUN_LISTENER,
	NOUN_SERVICE, /* entered as ECS2/web in lists: its name is unique within its node only */
	NOUN_COUNT
};

#define NOUNS(noun) (1u << (noun)) /* for sets of nouns */
#define nouns_each(nouns_, noun_)                              \
	for (enum noun noun_ = 0; noun_ < NOUN_COUNT; noun_++) \
		if ((nouns_)&NOUNS(noun_))

/* What every noun has; the first member of each struct, so that a pointer to one is a pointer to
 * the other. */
struct resource {
	enum noun noun;
	unsigned id;    /* unique in the lab, never used twice, in order of creation */
	unsigned place; /* in the list of its noun; private to model.c */
	char *name;
	char *note; /* what explain is to say of it besides, or NULL */
};

/* Some CIDRs, few enough for a struct that has them to be copied as it is. */
#define PREFIXES_MAX 51 /* as many as a VPC of AWS may be given */
struct prefixes {
	struct prefix item[PREFIXES_MAX];
	size_t n_item;
};

struct vpc {
	struct resource resource;
	struct prefixes cidr;             /* the primary one, then the secondary ones */
	struct prefixes user_cidr;        /* Alibaba: public ranges that are private in this VPC */
	struct route_table *system_table; /* named VPC/system; AWS: VPC/main */
	struct security_group *default_group;      /* named VPC/default */
	struct acl *default_acl;                   /* AWS: named VPC/default-acl */
	struct internet_gateway *internet_gateway; /* its own, or NULL */
	bool no_internet; /* Alibaba: its last IPv4 gateway was deleted in private mode */
	/* AWS: its resolver answers; its hosts have public names. */
	bool dns_support, dns_hostnames;
};

struct internet_gateway {
	struct resource resource;
	struct vpc *vpc;           /* AWS: NULL while detached */
	bool active;               /* Alibaba: routes decide who is public; AWS: always */
	struct route_table *table; /* Alibaba: its gateway route table, or NULL */
};

enum peering_state { PEERING_ACTIVE, PEERING_PENDING, PEERING_FAILED }; /* the last two: AWS */

struct vpc_peering {
	struct resource resource;
	struct vpc *vpc, *peer; /* who asked, and who was asked; afterwards they are equals */
	enum peering_state state;
};

/* A gateway endpoint: a way from a VPC to internet hosts that are a service of the cloud's here.
 * Its routes come and go with it. */
struct vpc_endpoint {
	struct resource resource;
	struct vpc *vpc;
	struct internet_host **host;
	size_t n_host;
	struct route_table **table;
	size_t n_table;
};

struct vswitch {
	struct resource resource;
	struct vpc *vpc;
	struct prefix cidr;
	char *zone;
	uint32_t gateway;                   /* the router's address in it */
	uint32_t first_usable, last_usable; /* what lies outside is reserved by the cloud */
	struct route_table *table; /* never NULL: the system table where no other is associated */
	bool associated;           /* AWS: with that table by name, be it the main one */
	struct acl *acl;           /* NULL: unfiltered */
	uint32_t first_free;       /* a hint of pool.c: no address below is free */
};

struct prefix_list {
	struct resource resource;
	struct prefix *entry; /* no two the same */
	size_t n_entry;
	unsigned max_entries; /* a rule or route that names the list counts for so many */
};

enum policy { POLICY_ACCEPT, POLICY_DROP };
enum direction { DIRECTION_IN, DIRECTION_OUT };
enum protocol {
	PROTOCOL_ALL = 0,
	PROTOCOL_ICMP = 1,
	PROTOCOL_TCP = 6,
	PROTOCOL_UDP = 17,
	PROTOCOL_GRE = 47
};

/* A rule of a security group or of a network ACL: which packets, and what becomes of them. */
struct filter_rule {
	unsigned number; /* group: shown, and used by revoke; never used twice. ACL: its place, the
			    first that matches decides */
	enum direction direction;
	enum policy policy;
	enum protocol protocol;
	/* Of the destination; 0, 0: all ports. ICMP: one more than the type, one more than the
	 * code; 0: any. */
	uint16_t port_first, port_last;
	struct prefix peer; /* source of an inbound rule, destination of an outbound one */
	struct security_group *peer_group; /* group: instead of peer, if not NULL; its members'
					      private addresses */
	struct prefix_list *peer_list;     /* group: the same, any of its entries */
	unsigned priority;                 /* group: 1 (first) to 100 */
};

enum group_type { GROUP_BASIC, GROUP_ENTERPRISE, GROUP_EC2 };

struct security_group {
	struct resource resource;
	struct vpc *vpc;
	enum group_type type;
	bool isolated; /* inner access policy is drop: no reaching each other by membership alone;
			  always so for enterprise */
	bool is_default;
	struct filter_rule *rule; /* in the order they were added */
	size_t n_rule;
	unsigned next_rule;
	unsigned n_given_rule; /* rules 1 to this one came with the group */
	unsigned n_member;     /* private addresses in the group */
};

#define ACL_NUMBER_MAX     32766
#define ACL_NUMBER_DEFAULT 100 /* of the rule that a default ACL has, in each direction */

struct acl {
	struct resource resource;
	struct vpc *vpc;
	struct filter_rule *rule; /* inbound ones first, each direction by number */
	size_t n_rule;
};

struct eni {
	struct resource resource; /* name: its own, or of a primary ENI the name of its ECS */
	struct vswitch *vswitch;
	uint32_t ip;              /* the primary one */
	struct prefix *secondary; /* more private addresses, a host each, as they were assigned */
	size_t n_secondary;
	bool guest_has_secondary; /* AWS: its host sets them up by itself */
	struct security_group **group;
	size_t n_group;
	struct ecs *ecs; /* NULL while detached */
	unsigned index;  /* in its ECS: 0 (primary, eth0), 1 (eth1), ... */
	bool primary;
	struct eip *eip;            /* that of its primary address, or NULL */
	struct eip **secondary_eip; /* those of others, each with its private_ip */
	size_t n_secondary_eip;
	bool source_dest_check; /* AWS: it takes and sends only what has its own address */
};

enum billing { BILLING_PAY_AS_YOU_GO, BILLING_SUBSCRIPTION };

/* How a host gets what the cloud knows of it. */
struct metadata_options {
	bool tokens_required;     /* Alibaba: hardened mode; AWS: IMDSv2 alone */
	bool endpoint_disabled;   /* it gets nothing */
	unsigned token_hop_limit; /* of the answer that has a token */
};
#define TOKEN_HOP_LIMIT_MAX 64

struct ecs {
	struct resource resource;
	struct eni **eni; /* eni[0] is the primary one; a detached slot in between is NULL and is
			     filled first */
	size_t n_eni;
	uint32_t public_ip; /* static public address, 0: none */
	enum billing billing;
	struct metadata_options metadata;
};

struct route_table {
	struct resource resource;
	struct vpc *vpc;
	bool system;
	bool of_gateway; /* Alibaba: for what an IPv4 gateway brings, and for no vSwitch */
};

/* Custom entries only; the others follow from the model, see system_route.h. */
struct route {
	struct resource resource; /* the default route that the first gateway adds is named
				     VPC/default-route */
	struct route_table *table;
	struct prefix to;
	struct prefix_list *list; /* AWS: to each of its entries instead, if not NULL */
	enum noun via_noun;       /* what its next hop is, be that gone or not; a transit router is
				     said there by the VPC's attachment to it */
	struct resource *via;     /* AWS: NULL once it was deleted */
	char *lost;               /* the name that it had, then */
};

enum nat_type {
	NAT_ENHANCED,
	NAT_STANDARD,
	NAT_INTRANET,
	NAT_PUBLIC,
	NAT_PRIVATE
}; /* Alibaba's three, AWS's two */
enum nat_size { NAT_SMALL, NAT_MEDIUM, NAT_LARGE, NAT_SUPER_LARGE_1, NAT_BY_USAGE };
enum eip_bind_mode { BIND_MULTI_BINDED, BIND_NAT };
enum eip_mode { EIP_NAT, EIP_BINDED };

struct nat_gateway {
	struct resource resource;
	struct vpc *vpc;
	struct vswitch *vswitch; /* NULL for a standard one */
	uint32_t private_ip;     /* in its vSwitch; 0 for a standard one */
	enum nat_type type;
	struct prefixes nat_cidr; /* intranet: its own, besides that of its vSwitch */
	enum nat_size size;
	enum eip_bind_mode bind_mode;
	bool icmp_reply;
	unsigned idle_timeout; /* AWS: in seconds */
};

/*
 * What a NAT gateway translates to. A NAT IP is one, too: a private address, associated with its
 * intranet gateway for as long as it is there. The gateway's own is the default one, NAT1/default.
 */
struct eip {
	struct resource resource;
	uint32_t ip;
	char **dns; /* more names of it */
	size_t n_dns;
	struct resource *associated; /* a nat_gateway, ecs or eni; NULL: Available */
	enum eip_mode mode;          /* Alibaba: binded, the ENI has it itself: cut-through */
	unsigned bandwidth;          /* Mbit/s; 0: not limited */
	uint32_t private_ip; /* in the vSwitch of a gateway whose bind mode is nat: each EIP takes
				an address there; AWS: of a gateway's secondary ones; of an
				interface's secondary ones, which that one holds; else 0 */
	bool draining;       /* AWS: a secondary one that new connections do not take any more */
};

enum snat_source {
	SNAT_SOURCE_VPC,
	SNAT_SOURCE_VSWITCH,
	SNAT_SOURCE_ECS,
	SNAT_SOURCE_ENI,
	SNAT_SOURCE_CIDR
};

struct snat {
	struct resource resource;
	struct nat_gateway *nat_gateway;
	enum snat_source source_type;
	struct resource *source; /* NULL for a CIDR */
	struct prefix cidr;      /* always set: what it comes down to */
	struct eip **eip;
	size_t n_eip;
	bool affinity; /* the same source and destination keep one EIP; else every connection is
			  spread */
};

struct dnat {
	struct resource resource;
	struct nat_gateway *nat_gateway;
	struct eip *eip;
	enum protocol protocol;               /* TCP, UDP, or ALL: any port, every protocol */
	uint16_t public_first, public_last;   /* 0 with ALL */
	uint16_t private_first, private_last; /* as many ports as the public ones */
	bool port_break; /* the EIP may be in an SNAT entry although public ports are above 1024 */
	struct eni *target; /* who held target_ip when it was created by name; NULL when it was
			       given as an address */
	uint32_t target_ip;
};

struct internet_host {
	struct resource resource;
	uint32_t ip;
	char **dns;
	size_t n_dns;
};

/* Names that VPCs have for themselves. */
struct private_zone {
	struct resource resource;
	char *domain;
	struct vpc **vpc; /* where it answers */
	size_t n_vpc;
	bool recursion; /* Alibaba: what it lacks is what it publicly is, and not nothing */
};

enum record_type { RECORD_A, RECORD_CNAME };

struct zone_record {
	struct resource resource;
	struct private_zone *zone;
	char *host; /* below the zone's domain; "@": that itself */
	enum record_type type;
	char *value;
};

enum service_kind { SERVICE_HTTP, SERVICE_HTTPS, SERVICE_SSH, SERVICE_ECHO, SERVICE_EXEC };

struct service {
	struct resource resource;
	struct resource *node; /* an ecs or internet_host */
	enum service_kind kind;
	enum protocol protocol; /* TCP or UDP */
	uint16_t port;          /* exec: as it was said; 0: it was not */
	char **argv;            /* exec: NULL-terminated */
};

/* Of layer 4: it passes connections on and answers none itself. */
struct load_balancer {
	struct resource resource;
	struct vswitch *vswitch;
	uint32_t private_ip;
};

struct target_group {
	struct resource resource;
	struct vpc *vpc;
	struct load_balancer *balancer; /* whose it is; AWS: NULL until a listener leads to it */
	unsigned port;                  /* of each target, also for its health check */
	bool preserve;                  /* the targets see the client's address */
	struct ecs **target;
	size_t n_target;
};

struct listener {
	struct resource resource;
	struct load_balancer *balancer;
	unsigned port; /* TCP */
	struct target_group *group;
};

struct transit_router {
	struct resource resource;
	struct transit_table *default_table; /* named TR1/default */
};

struct transit_table {
	struct resource resource;
	struct transit_router *router;
};

struct transit_attachment {
	struct resource resource;
	struct transit_router *router;
	struct vpc *vpc;
	struct vswitch **vswitch; /* one a zone; what arrives is routed by the table of the first */
	size_t n_vswitch;
	struct transit_table *associated;  /* routes what comes in from the VPC; NULL: none does */
	struct transit_table **propagated; /* those that learn the VPC's routes */
	size_t n_propagated;
};

/* A static one. */
struct transit_route {
	struct resource resource;
	struct transit_table *table;
	struct prefix to;
	struct transit_attachment *via; /* NULL: a blackhole */
};

/* What is paid for: fixed sums by the hour, what passed by the GB. */
enum price {
	PRICE_GATEWAY_HOUR,
	PRICE_GATEWAY_CU, /* Alibaba: capacity units */
	PRICE_GATEWAY_GB, /* AWS */
	PRICE_ADDRESS_HOUR,
	PRICE_INTERNET_GB,
	PRICE_ATTACHMENT_HOUR,
	PRICE_TRANSIT_GB,
	PRICE_ZONE_GB,       /* AWS: from one zone to another */
	PRICE_INSTANCE_HOUR, /* of hosts that routes lead to */
	PRICE_BALANCER_HOUR,
	PRICE_BALANCER_GB,
	PRICE_COUNT
};
#define PRICE_UNIT 1000000u /* a price of 1 */

struct model {
	enum provider provider;
	/* Every noun's resources in order of creation: vpc[i] etc. are (struct vpc
	 * *)list[NOUN_VPC].item[i]. */
	struct resource_list {
		struct resource **item;
		size_t n_item;
	} list[NOUN_COUNT];
	struct name_index *names;                /* by name, case ignored; private to model.c */
	struct holder *holders;                  /* addresses in use; private to model.c */
	const struct profile *profile;           /* the cloud's limits and habits, see profile.h */
	struct profile own_profile;              /* the same, where quotas were raised */
	bool authorization_required, authorized; /* see settings.c */
	bool has_price[PRICE_COUNT];
	uint64_t price[PRICE_COUNT]; /* in millionths of whatever the user's money is */
	unsigned first_free_public, first_free_internet; /* hints of pool.c, as in a vSwitch */
	unsigned next_id;
	unsigned generation; /* counts every change */
};

struct model *model_new(void);
/* One of its own, in which the same commands do the same; ids stay. */
struct model *model_copy(const struct model *model);
void model_free(struct model *model);

/* Any resource with a name (services only as NODE/NAME); NULL when there is none. Case counts for a
 * hit. */
struct resource *model_find(const struct model *model, const char *name);
/* Same, but one of these nouns only. */
struct resource *model_find_noun(const struct model *model, unsigned nouns, const char *name);
/* The resource in any of the lists that has that id; NULL: none has. */
struct resource *model_find_id(const struct model *model, unsigned id);
size_t model_count(const struct model *model, enum noun noun);
/* NULL behind the last one; the one behind this one, which is in its list still. */
void *model_get(const struct model *model, enum noun noun, size_t i);
void *model_next(const struct model *model, const void *resource);
/* Walk it: model_each(model, NOUN_EIP, const struct eip, eip) ... */
#define model_each(model_, noun_, type_, item_)                             \
	for (type_ *item_ = model_get((model_), (noun_), 0); item_ != NULL; \
	     item_ = model_next((model_), item_))
/*
 * The users of a resource are those of a noun that point to it: the vSwitches of a VPC and those of
 * a route table, the SNAT entries of a gateway and those with an EIP. Return the first one behind
 * `after` (NULL: of all); NULL: there is none.
 */
void *model_user(const struct model *model, enum noun noun, const void *of, const void *after);
unsigned model_count_users(const struct model *model, enum noun noun, const void *of);
void model_remove_users(struct model *model, enum noun noun, const void *of);
#define model_each_user(model_, noun_, of_, type_, item_)                              \
	for (type_ *item_ = model_user((model_), (noun_), (of_), NULL); item_ != NULL; \
	     item_ = model_user((model_), (noun_), (of_), item_))

/* In the words of the lab's provider. Where it has no such noun, those of the provider that has it.
 */
const char *model_noun_word(const struct model *model,
			    enum noun noun); /* "nat-gateway", as in commands */
const char *model_noun_title(const struct model *model,
			     enum noun noun); /* "NAT gateway", as in sentences */
const char *model_noun_a(const struct model *model, enum noun noun); /* "a NAT gateway", "an ECS" */
bool model_has_noun(const struct model *model, enum noun noun);
const char *provider_word(enum provider provider); /* "aws" */

/* Offer the names of these nouns, for "did you mean". */
void model_offer(const struct model *model, unsigned nouns, struct nearest *nearest);
/* The internet host or EIP that has that name besides its own, case ignored; NULL: none. */
struct resource *model_find_dns(const struct model *model, const char *dns);
/* Those whose resources are network namespaces: what commands run in, and a flow starts at. */
#define NOUNS_NODE                                                                \
	(NOUNS(NOUN_VPC) | NOUNS(NOUN_VSWITCH) | NOUNS(NOUN_INTERNET_GATEWAY) |   \
	 NOUNS(NOUN_TRANSIT_ROUTER) | NOUNS(NOUN_NAT_GATEWAY) | NOUNS(NOUN_ECS) | \
	 NOUNS(NOUN_LOAD_BALANCER) | NOUNS(NOUN_INTERNET_HOST))
/* Those whose resources stand for an address, see resource_address(). */
#define NOUNS_ADDRESSED                                                                    \
	(NOUNS(NOUN_ECS) | NOUNS(NOUN_ENI) | NOUNS(NOUN_EIP) | NOUNS(NOUN_INTERNET_HOST) | \
	 NOUNS(NOUN_NAT_GATEWAY) | NOUNS(NOUN_NAT_IP) | NOUNS(NOUN_LOAD_BALANCER))

/* Is the name a node, or "internet"? */
bool model_is_node(const struct model *model, const char *name);
/* The address a resource stands for ($NAME, /etc/hosts): ecs and eni: private; eip, internet-host,
 * nat-gateway: own. 0: none. */
uint32_t resource_address(const struct resource *resource);
/* Its address on the internet: its own, or that of an ECS or ENI there. 0: none. */
uint32_t resource_public_address(const struct resource *resource);
/* The names that it has besides its own. */
char *const *resource_dns(const struct resource *resource, size_t *ret_n);
/* The same by name. False: none. */
bool model_address(const struct model *model, const char *name, uint32_t *ret_address);
/*
 * Return the name of whose address it is, private or public, or NULL. Public addresses are unique
 * in the lab; a private one is, too, but for VPCs that overlap.
 */
const char *model_address_owner(const struct model *model, uint32_t address);
/* Which of a VPC's CIDRs holds all of that prefix, or that address; NULL: none does. */
const struct prefix *vpc_cidr_over(const struct vpc *vpc, struct prefix prefix);
const struct prefix *vpc_cidr_of(const struct vpc *vpc, uint32_t address);
/* All of them, as they are typed: "10.0.0.0/16,10.1.0.0/16". Returns text. */
#define PREFIXES_TEXT_SIZE (PREFIXES_MAX * PREFIX_TEXT_SIZE)
const char *prefixes_format(const struct prefixes *prefixes, char text[static PREFIXES_TEXT_SIZE]);
/* Does the resource of another model have the same in all, by name? No is said also of what differs
 * in nothing that counts. */
bool resource_same(const struct resource *a, const struct resource *b);
/* The VPC that it is or belongs to; NULL: none. */
const struct vpc *resource_vpc(const struct resource *resource);
/* Who holds this private address in that VPC; NULL: nobody. */
struct eni *model_eni_by_ip(const struct model *model, const struct vpc *vpc, uint32_t ip);
/* The VPC at the other end; NULL: the VPC is at neither. */
struct vpc *vpc_peering_other(const struct vpc_peering *peering, const struct vpc *vpc);
/* The internet gateway that its routes may lead to; NULL: it has none, or none that is active. */
const struct internet_gateway *vpc_gateway(const struct vpc *vpc);
/* Alibaba: do routes decide, and nothing else, what reaches the internet? Once an IPv4 gateway was
 * activated they do. cloud-semantics: addr-7, addr-11 */
bool vpc_is_controlled(const struct vpc *vpc);
/* Is any of their CIDRs the other's, too, in part? */
bool vpcs_overlap(const struct vpc *a, const struct vpc *b);
/* The resource that an ENI stands for: a primary one its ECS. */
const struct resource *eni_owner(const struct eni *eni);
/* The private addresses of an ENI: the primary one, then the secondary ones; 0 behind the last. */
uint32_t eni_address(const struct eni *eni, size_t i);
/* The same, of those that the lab sets up in the host. cloud-semantics: eni-4, eni-8 */
uint32_t eni_guest_address(const struct eni *eni, size_t i);
/* Its prefix there. A secondary one has no network, or the host might send with it. */
uint8_t eni_guest_length(const struct eni *eni, size_t i);
bool eni_has_address(const struct eni *eni, uint32_t ip);
/* The EIP of one of them; NULL: none. */
struct eip *eni_eip(const struct eni *eni, uint32_t ip);
/* Is its EIP its own address, of which the VPC knows nothing? cloud-semantics: eip-4 */
bool eni_is_cut_through(const struct eni *eni);
bool eip_is_cut_through(const struct eip *eip);
/* The public address that the VPC makes of that of its own; 0: none. */
uint32_t eni_translated_ip(const struct eni *eni, uint32_t ip);
/* The public address that is the ENI's own for one of them (that of its EIP, or its ECS's static
 * one); of its primary one. 0: none. */
uint32_t eni_public_ip_of(const struct eni *eni, uint32_t ip);
uint32_t eni_public_ip(const struct eni *eni);
/* Of an EIP or NAT IP, what it is associated with; of anything else NULL. */
const struct resource *address_associated(const struct resource *resource);
/* What a public gateway makes of it: the private address that it stands for. 0: it is unbound. */
uint32_t eip_inside_address(const struct eip *eip);
bool nat_gateway_needs_address(
	const struct nat_gateway *nat); /* each EIP of it takes one in its vSwitch */
/* Walks all ENIs, primary and secondary, attached or not. Start with *cursor = 0; NULL at the end.
 */
struct eni *model_next_eni(const struct model *model, size_t *cursor);
/* Walks all private addresses of them, in that order. Start with { 0 }; false at the end. */
struct eni_address {
	const struct eni *eni;
	uint32_t ip;
	uint32_t public_ip;    /* that is its own; 0: none */
	const struct eip *eip; /* whose that is; NULL: its ECS's */
	size_t eni_cursor, cursor;
};
bool model_next_address(const struct model *model, struct eni_address *address);

/* Where a route leads: to its own destination, or to each entry of its prefix list. */
const struct prefix *route_to(const struct route *route, size_t *ret_n);
/* The same in a word: the destination, in text, or the name of the list. */
const char *route_to_word(const struct route *route, char text[static PREFIX_TEXT_SIZE]);

/* "tcp"; "all"; "50" */
const char *protocol_word(enum protocol protocol);
/* The addresses that a rule which names no group is about: its own block, or its list's entries. */
const struct prefix *filter_rule_peers(const struct filter_rule *rule, size_t *ret_n);
/* Of an ICMP rule its type, with its code if it has one: "8", "3/4"; NULL: any. Returns text. */
#define ICMP_TYPE_TEXT_SIZE 16
const char *filter_rule_icmp_type(const struct filter_rule *rule,
				  char text[static ICMP_TYPE_TEXT_SIZE]);
/* What a rule says behind its direction and policy: "tcp 80 from 0.0.0.0/0". Returns text. */
#define FILTER_RULE_TEXT_SIZE 192
const char *filter_rule_format(const struct filter_rule *rule,
			       char text[static FILTER_RULE_TEXT_SIZE]);

/*
 * AWS: does the route lead nowhere? Because its next hop is gone, is an internet gateway that is
 * not attached to the VPC any more, an interface that is attached to nothing, or a peering
 * connection that nobody has accepted.
 */
bool route_is_blackhole(const struct route *route);
/* A route's next hop that is an ECS or ENI, as the interface it comes down to; NULL: something
 * else, or gone. */
const struct eni *route_interface(const struct route *route);

/* For the noun files: checks on names, adding to and removing from the lists. */

/* Has it the form of a name? */
#define RESOURCE_NAME_MAX 128
bool model_is_name(const char *name);
/* Is the name, case ignored, a resource's or a DNS name? Whose? */
struct resource *model_name_taken(const struct model *model, const char *name);
void model_add(struct model *model, struct resource *resource, enum noun noun, const char *name);
/* A copy of it, added under the name that it has. */
void *model_make(struct model *model, enum noun noun, const void *wanted);
size_t resource_size(enum noun noun); /* of its struct */
void model_remove(struct model *model,
		  struct resource *resource); /* out of list and index, then frees it */
/* Id and name only, for what is in no list (a primary ENI). */
void model_init_resource(struct model *model, struct resource *resource, enum noun noun,
			 const char *name);
void model_free_resource(struct resource *resource);
/* To an internet host or an EIP. */
void model_add_dns(struct model *model, struct resource *resource, const char *dns);
/* Put each list into the order of ids again, after those have changed. */
void model_sort(struct model *model);
void model_touch(struct model *model); /* counts a change that neither adds nor removes */

/* Who has an address: within a VPC, or on the Internet (vpc NULL). Which ones may be had is
 * pool.c's business. */
struct resource *model_holder(const struct model *model, const struct vpc *vpc, uint32_t ip);
void model_hold(struct model *model, const struct vpc *vpc, uint32_t ip, struct resource *resource);
void model_release(struct model *model, const struct vpc *vpc, uint32_t ip);
