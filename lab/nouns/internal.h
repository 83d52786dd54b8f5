/* SPDX-License-Identifier: GPL-3.0-only */
#pragma once

/*
 * What one noun does for another, in the file of the noun that its name begins with. Each change
 * checks every rule first and touches the model only when all of them say yes. Refusals carry the
 * cloud's code, the key at fault and a way out; err->argument "" is the resource's own name.
 */
#include "core/base/error.h"
#include "lab/model/cloud.h"
#include "lab/model/model.h"
#include "lab/model/query.h"
#include "lab/nouns/pool.h"
#include "lab/nouns/rows.h"

/* Does the prefix stand in that relation (prefix_overlaps, prefix_covers) to a network that no
 * packet of a VPC could come from or go to: this one, loopback, link-local, multicast, reserved? */
bool is_unusable(struct prefix prefix,
		 bool (*relation)(struct prefix unusable, struct prefix prefix));
/* Letters, digits, '-', '_' and '.', and not too many: a zone, or the name of a service. */
#define PLAIN_WORD_MAX 64
bool is_plain_word(const char *word);
/* "1 address", "2 addresses" and the like need only this much grammar. */
const char *plural(size_t n); /* "" or "s" */
/* How many of that noun belong to the VPC, without those that came with it. */
unsigned count_in_vpc(const struct model *model, enum noun noun, const struct vpc *vpc);

/* vpc.c: did it come with its VPC, to go with it again? */
bool vpc_brought(const struct resource *resource);

/* security_group.c */
struct security_group *security_group_make_default(struct model *model, struct vpc *vpc);

/* acl.c: NULL where none comes with a VPC. */
struct acl *acl_make_default(struct model *model, struct vpc *vpc);

/* filter_rule.c: a rule of a security group or network ACL as it is said. */
struct filter_rule_request {
	struct resource *subject;
	struct filter_rule rule; /* all but its peer and its ICMP type */
	struct peer from, to;
	const char *icmp_type; /* NULL: any */
};
/* AWS. cloud-semantics: acl-4, acl-7 */
#define KEY_ICMP_TYPE                                                                           \
	{                                                                                       \
		.name = "icmp-type", .kind = ARGUMENT_WORD, .flags = PARAMETER_KEY,             \
		.metavariable = "TYPE[/CODE]", .help = "icmp: like 8 or 3/4, all if not given", \
		IN(struct filter_rule_request, icmp_type)                                       \
	}
struct filter_rule_codes {
	const char *no_ports;   /* a port with a protocol that has none, a type with one that is not
				   ICMP */
	const char *both_peers; /* from and to */
	const char *no_peer[2]; /* by direction */
};
/* What the kinds of its words do not say; completes the rule. */
int filter_rule_check(struct filter_rule_request *request, const struct filter_rule_codes *codes,
		      struct error *err);

/* route_table.c */
struct route_table *route_table_make_system(struct model *model, struct vpc *vpc);

/* route.c: the last check before a next hop is deleted: refused while a route points there, where
 * routes do not stay as blackholes; where they do, they lose it. */
int route_leave(struct model *model, const struct resource *via, struct error *err);
/* Can a prefix list that a route of the table leads to have that entry? */
int route_check_entry(const struct model *model, const struct route_table *table, struct prefix to,
		      struct error *err);
/* The 0.0.0.0/0 that the first gateway of a VPC brings. */
void route_make_default(struct model *model, struct nat_gateway *nat);
/* "GW1.default-route", or the next name like it that is free. The caller frees. */
char *free_name(const struct model *model, const struct resource *resource, const char *what);
/* When it leads to something else and the last gateway has gone, it is a route as any other, under
 * a name that can be given by hand. */
void route_keep_default(struct model *model, const struct vpc *vpc);

/* eni.c */
struct eni_request {
	struct resource resource;
	struct vswitch *vswitch;
	uint32_t ip; /* 0: the lowest free one */
	struct security_group **group;
	size_t n_group; /* 0: the VPC's default one */
	/* ecs.c */
	uint32_t public_ip;
	enum billing billing;
};
/* cloud-semantics: eni-3, sg-11 */
#define KEY_GROUPS(type_, group_, n_group_, too_many_, help_)                                  \
	{                                                                                      \
		.name = "security-group", .kind = ARGUMENT_REFERENCES, .flags = PARAMETER_KEY, \
		.nouns = NOUNS(NOUN_SECURITY_GROUP), IN_BOTH(type_, group_, n_group_),         \
		.limit = offsetof(struct profile, groups_per_eni), .too_many = (too_many_),    \
		.help = (help_)                                                                \
	}
#define KEY_PRIVATE_IP(code_)                                                                    \
	{                                                                                        \
		.name = "ip", .kind = ARGUMENT_ADDRESS, .flags = PARAMETER_KEY, .code = (code_), \
		.help = "its private address; the next free one if not given",                   \
		IN(struct eni_request, ip)                                                       \
	}
#define KEY_CHECK           KEY_SWITCH("source-dest-check", "off: it may forward what is not its own")
#define TOO_MANY_GROUPS     "InstanceSecurityGroupLimitExceeded"
#define AWS_TOO_MANY_GROUPS "SecurityGroupsPerInterfaceLimitExceeded"
#define GROUPS_JOINED       "groups it joins; the default one of the VPC if not given"
#define GROUPS_NEW          "the groups that it is in from now on"
void eni_describe(const struct model *m, const void *resource, void *request);
int eni_check(struct model *model, struct eni_request *request, bool primary, struct error *err);
/* Primary: no list, no name in the index. */
struct eni *eni_make(struct model *model, const struct eni_request *request, bool primary);
void eni_leave_ecs(struct eni *eni); /* an attached one */
/* Gives back its address, leaves its groups; EIP becomes Available, NAT entries made for it keep
 * the bare address. */
void eni_dissolve(struct model *model, struct eni *eni);
/* NULL: an interface that is yet to be made. */
bool eni_is_in(const struct eni *eni, const struct security_group *group);
/* New groups, unless there are none. */
int eni_move(struct model *model, struct eni *eni, struct security_group **group, size_t n_group,
	     struct error *err);

/* The key eip of an entry, and the other way to say it. */
#define KEY_OR_NAT_IP(kind_, not_found_, help_)                                            \
	.name = "nat-ip", .kind = ARGUMENT_##kind_, .flags = PARAMETER_KEY | PARAMETER_OR, \
	.nouns = NOUNS(NOUN_NAT_IP), .not_found = (not_found_), .help = (help_)
/* eip.c: the key that an entry has for it; what helps where it is not the gateway's, or where
 * another one would. */
const char *eip_key(const struct eip *eip);
int eip_hint_associate(const struct eip *eip, const struct nat_gateway *nat, struct error *err);
int eip_hint_another(const struct nat_gateway *nat, struct error *err);
struct eip *eip_make(struct model *model, const char *name, uint32_t ip);
/* internet_host.c */
bool is_dns_name(const char *name);
/* Refuse names that are none for a host, taken, said twice, or the resource's own. */
int dns_check(const struct model *model, const char *own, char *const *dns, size_t n_dns,
	      struct error *err);
/* Links only; rules come before. */
void eip_attach(struct model *model, struct eip *eip, struct resource *resource);
void eip_detach(struct model *model, struct eip *eip);

/* private_zone.c: none answers in a VPC that goes. */
void private_zones_leave(struct model *model, const struct vpc *vpc);

/* vpc_endpoint.c: what its VPC may not have as a CIDR for another endpoint's sake; and the last
 * check before something that an endpoint uses is deleted. */
int vpc_endpoint_check_cidr(const struct model *model, const struct vpc_endpoint *endpoint,
			    struct prefix cidr, struct error *err);
int vpc_endpoint_leave(const struct model *model, const struct resource *used, struct error *err);

/* nat_ip.c: the one that comes with its gateway, to go with it; any one as it goes; and what is
 * said of a gateway that has none. */
struct eip *nat_ip_default(const struct model *model, const struct nat_gateway *nat);
struct eip *nat_ip_make(struct model *model, struct nat_gateway *nat, const char *name,
			uint32_t ip);
void nat_ip_remove(struct model *model, struct eip *nat_ip);
int nat_ip_check_gateway(const struct nat_gateway *nat, const char *key, struct error *err);

/* snat.c */
void snat_leave_eip(struct model *model, struct eip *eip); /* entries without any other EIP go */
/* Its entries become CIDR entries. */
void snat_forget_source(struct model *model, const struct resource *source);

/* dnat.c */
void dnat_forget_target(struct model *model, const struct eni *eni);

/* load_balancer.c: an ECS is about to be deleted. */
void target_groups_forget(struct model *model, const struct ecs *ecs);

/* transit_router.c: the codes of refusals, for transit routers and all that is theirs. */
struct transit_codes {
	const char *duplicate, *route_exists, *used, *associated, *propagated, *routed, *same_zone,
		*other_vpc;
};
extern const struct transit_codes transit_codes[PROVIDER_COUNT];
#define KEY_TRANSIT_ROUTER(key_, type_, member_)                                                   \
	{                                                                                          \
		KEY_OF(key_, NOUN_TRANSIT_ROUTER, PARAMETER_REQUIRED, "whose"), IN(type_, member_) \
	}
