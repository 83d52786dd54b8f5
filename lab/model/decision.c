/* SPDX-License-Identifier: GPL-3.0-only */
#include "lab/model/decision.h"
#include "lab/model/cloud.h"

#include "lab/model/cloud.h"
#include "lab/model/group_chain.h"
#include "lab/model/system_route.h"
#include "lab/model/transit.h"
#include "lab/model/words.h"

/* A route to a prefix list is explained as a copy for each entry, which has its id. */
static bool is_same(const struct resource *a, const struct resource *b)
{
	return !a || !b || a->id == b->id;
}

bool decision_equal(const struct decision *a, const struct decision *b)
{
	return a->kind == b->kind && a->rule == b->rule && a->direction == b->direction &&
	       is_same(a->resource, b->resource) && is_same(a->other, b->other);
}

/* ---- cookies ---- */

/* From the top: the kind, the direction, the resource's id, and the other's or the rule's number.
 */
enum { DIRECTION_SHIFT = 55, RESOURCE_SHIFT = 28, KIND_SHIFT = 56 };
#define ID_MASK 0x7ffffffu

static bool has_rule(enum decision_kind kind)
{
	return kind == DECISION_GROUP_RULE || kind == DECISION_ACL_RULE;
}

uint64_t decision_cookie(const struct decision *decision)
{
	const uint64_t resource = decision->resource ? decision->resource->id : 0,
		       other = decision->rule    ? decision->rule->number
			       : decision->other ? decision->other->id
						 : 0;

	return (uint64_t)decision->kind << KIND_SHIFT |
	       (uint64_t)decision->direction << DIRECTION_SHIFT |
	       (resource & ID_MASK) << RESOURCE_SHIFT | (other & ID_MASK);
}

static const struct filter_rule *find_rule(const struct resource *resource,
					   enum direction direction, unsigned number)
{
	const bool group = resource->noun == NOUN_SECURITY_GROUP;
	const struct filter_rule *rule = group ? ((const struct security_group *)resource)->rule
					       : ((const struct acl *)resource)->rule;
	size_t n = group ? ((const struct security_group *)resource)->n_rule
			 : ((const struct acl *)resource)->n_rule;

	for (; n > 0; n--, rule++)
		if (rule->direction == direction && rule->number == number)
			return rule;
	return NULL;
}

struct decision decision_of_cookie(const struct model *model, uint64_t cookie)
{
	const unsigned number = cookie & ID_MASK;
	struct decision decision = {
		.kind = (enum decision_kind)(cookie >> KIND_SHIFT),
		.direction = (enum direction)(cookie >> DIRECTION_SHIFT & 1),
		.resource = model_find_id(model, cookie >> RESOURCE_SHIFT & ID_MASK),
	};

	if (!has_rule(decision.kind))
		decision.other = model_find_id(model, number);
	else if (decision.resource && number)
		decision.rule = find_rule(decision.resource, decision.direction, number);
	return decision;
}

bool cookie_has(const struct model *model, uint64_t cookie, const struct resource *resource)
{
	const unsigned id = cookie >> RESOURCE_SHIFT & ID_MASK;
	const enum decision_kind kind = (enum decision_kind)(cookie >> KIND_SHIFT);
	size_t cursor = 0;

	if (!resource)
		return kind != DECISION_NONE && id == 0 && (cookie & ID_MASK) == 0;

	if (kind != DECISION_PART_OF_GROUPS)
		return resource->id == id ||
		       (!has_rule(kind) && resource->id == (cookie & ID_MASK));
	for (const struct eni *eni; (eni = model_next_eni(model, &cursor));)
		for (size_t i = 0; eni->resource.id == id && i < eni->n_group; i++)
			if (&eni->group[i]->resource == resource)
				return true;
	return false;
}

struct decision transit_decision(const struct transit_entry *entry,
				 const struct transit_table *table)
{
	return BY(TRANSIT_ROUTE,
		  .resource = entry->route ? &entry->route->resource : &entry->via->resource,
		  .other = &table->resource);
}

/* ---- names ---- */

/* '%' is the resource's name. */
static const char *const names[DECISION_KIND_COUNT] = {
	[DECISION_GROUP_MEMBERS] = "%: in from a member of the group",
	[DECISION_CONNECTION] = "answer of a connection that was allowed",
	[DECISION_ONE_INTERFACE] = ("by one interface with the address of another: not towards an "
				    "enhanced gateway"),
	[DECISION_SOURCE_CHECK] = "the source/destination check: the source is not its own",
	[DECISION_DESTINATION_CHECK] = "the source/destination check: it is not meant",
	[DECISION_FRAGMENT] = "a fragment, which the gateway does not pass on",
	[DECISION_PAST_GROUPS] = "a service of the cloud's own, which no group filters",
	[DECISION_CLOUD_SERVICES] =
		("%: " CLOUD_SERVICES_TEXT " Local, and the lab has no such cloud service"),
	[DECISION_FOREIGN_RESOLVER] = "the resolver of % answers nobody in another VPC",
	[DECISION_NO_ZONE] = "% has nothing in the zone that it comes from",
	[DECISION_PUBLIC_ROUTE] = "% has a public address of its own, which wins over every route",
	[DECISION_ADDRESS_ROUTE] = "the public address of %",
	[DECISION_HOST_ROUTE] = "to %",
	[DECISION_ENDPOINT_ROUTE] = "by the endpoint % to its VPC",
	[DECISION_ENDPOINT_REST] = "% takes what its own VPC sends, and nothing else",
	[DECISION_BALANCER_RETURN] = "an answer to what % brought",
	[DECISION_DNAT] = "DNAT entry %",
	[DECISION_BALANCER_ADDRESS] = "the address of %, for the group keeps no client's",
	[DECISION_PUBLIC_ADDRESS] = "the public address of %",
	[DECISION_GATEWAY_ADDRESS] = "all that is routed to it: its private address",
	[DECISION_ICMP_REPLY] = "icmp-reply: the gateway answers pings to its EIPs itself",
	[DECISION_HAIRPIN] = "an EIP of its own: it does not turn traffic from inside round",
	[DECISION_SMTP] = "TCP 25 to the internet, which the cloud keeps closed",
	[DECISION_UNKNOWN_ANSWER] = "belongs to no connection that came in here",
	[DECISION_NO_SNAT_ENTRY] = "no SNAT entry for this source",
	[DECISION_NO_DNAT_ENTRY] = "no DNAT entry for this EIP, protocol and port",
	[DECISION_NO_LISTENER] = "% has no listener for it",
	[DECISION_UNSOLICITED] = "it takes nothing that nobody behind it has asked for",
	[DECISION_NO_PUBLIC_ADDRESS] = "the source has no public address",
	[DECISION_NOT_FOR_GATEWAY] = "a gateway takes no packets for itself",
	[DECISION_LIMIT_OF_SIZE] = "limit: the connections of the gateway's size",
	[DECISION_LIMIT_OF_PORTS] = "limit: the connections of one EIP to one destination",
	[DECISION_LIMIT_OF_RATE] = "limit: the new connections a second of the gateway's size",
	[DECISION_NO_HOP] = "the TTL: one more, for the one that Linux takes",
	[DECISION_LIMIT_OF_BANDWIDTH] = "limit: the bandwidth of %",
};

static void add_rule(struct text *text, const struct model *model, const struct decision *decision)
{
	const struct cloud *cloud = model_cloud(model);
	const char *name = decision->resource->name,
		   *way = decision->direction == DIRECTION_IN ? "in" : "out";
	char words[FILTER_RULE_TEXT_SIZE];

	if (decision->kind == DECISION_GROUP_RULE)
		text_addf(text, "%s rule %u: %s %s %s", name, decision->rule->number,
			  word_of(allow_words, (int)decision->rule->policy), way,
			  filter_rule_format(decision->rule, words));
	else if (decision->rule)
		text_addf(text, "%s %s rule %u: %s %s", name, way, decision->rule->number,
			  word_of(cloud->acl_policies, (int)decision->rule->policy),
			  filter_rule_format(decision->rule, words));
	else if (cloud->acl_rest)
		text_addf(text, "%s %s rule %s: %s all", name, way, cloud->acl_rest,
			  word_of(cloud->acl_policies, POLICY_DROP));
	else
		text_addf(text, "%s: %s, no rule accepts it", name, way);
}

static void add_route(struct text *text, const struct route *route)
{
	char to[PREFIX_TEXT_SIZE];

	text_addf(text, "%s %s: %s via %s%s", route->table->resource.name, route->resource.name,
		  route_to_word(route, to), route->via ? route->via->name : route->lost,
		  route_is_blackhole(route) ? ", a blackhole" : "");
}

static struct prefix prefix_of(const struct resource *resource)
{
	return resource->noun == NOUN_VSWITCH ? ((const struct vswitch *)resource)->cidr
	       : resource->noun == NOUN_LOAD_BALANCER
		       ? ((const struct load_balancer *)resource)->vswitch->cidr
		       : HOST_PREFIX(resource_address(resource));
}

/* Alibaba has a system route for each vSwitch, AWS one for each CIDR of the VPC. */
static void add_local_route(struct text *text, const struct model *model,
			    const struct decision *decision)
{
	const struct resource *table = decision->resource;
	const bool one = model_cloud(model)->one_local_route;
	char to[PREFIXES_TEXT_SIZE];

	if (table->noun == NOUN_VPC)
		text_add(text, one ? "local route" : "system route");
	else
		text_add(text, table->name);
	if (one)
		text_addf(text, ": %s local", prefixes_format(&resource_vpc(table)->cidr, to));
	else
		text_addf(text, ": %s Local", prefix_format(prefix_of(decision->other), to));
	if (!decision->other)
		text_add(text, ", but in no subnet");
}

static void add_transit_route(struct text *text, const struct decision *decision)
{
	const struct transit_route *route = (const struct transit_route *)decision->resource;
	char to[PREFIX_TEXT_SIZE];

	if (decision->other)
		text_addf(text, "%s ", decision->other->name);
	if (decision->resource->noun == NOUN_TRANSIT_ATTACHMENT)
		text_addf(text, "propagated by %s", decision->resource->name);
	else
		text_addf(text, "%s: %s via %s", route->resource.name, prefix_format(route->to, to),
			  route->via ? route->via->resource.name : "a blackhole");
}

static void add_snat(struct text *text, const struct decision *decision)
{
	const struct snat *snat = (const struct snat *)decision->resource;

	text_addf(text, "SNAT entry %s: ", snat->resource.name);
	if (decision->other)
		text_addf(text, "%s%s", decision->other->name, snat->n_eip > 1 ? ", " : "");
	else if (snat->n_eip == 1)
		text_add(text, snat->eip[0]->resource.name);
	if (snat->n_eip > 1)
		text_addf(text, "one of %zu EIPs by the connection's hash", snat->n_eip);
}

static void add_template(struct text *text, const char *template, const struct resource *resource)
{
	for (; *template; template ++) {
		if (*template != '%')
			text_add_char(text, *template);
		else if (resource)
			text_add(text, resource->name);
	}
}

void decision_add_name(struct text *text, const struct model *model,
		       const struct decision *decision)
{
	const struct resource *resource = decision->resource;
	const bool in = decision->direction == DIRECTION_IN;

	if (decision->kind == DECISION_ACL_RULE || decision->kind == DECISION_GROUP_RULE)
		add_rule(text, model, decision);
	else if (decision->kind == DECISION_GROUP_REST)
		text_addf(text, "%s: %s, %s", resource->name, in ? "in" : "out",
			  group_allows_rest((const struct security_group *)resource,
					    decision->direction)
				  ? "allowed unless a rule drops it"
				  : "denied unless a rule allows it");
	else if (decision->kind == DECISION_ROUTE)
		add_route(text, (const struct route *)resource);
	else if (decision->kind == DECISION_TRANSIT_ROUTE)
		add_transit_route(text, decision);
	else if (decision->kind == DECISION_BALANCED)
		text_addf(text, "listener %s: %s", resource->name,
			  decision->other ? decision->other->name : "a target");
	else if (decision->kind == DECISION_LOCAL_ROUTE)
		add_local_route(text, model, decision);
	else if (decision->kind == DECISION_NO_ROUTE && resource->noun == NOUN_VPC)
		text_addf(text, "the router itself has the %s only",
			  model_cloud(model)->one_local_route ? "local route" : "system routes");
	else if (decision->kind == DECISION_NO_ROUTE)
		text_addf(text, "%s: no route", resource->name);
	else if (decision->kind == DECISION_EIP_ROUTE)
		text_addf(text, "%s is associated with %s", resource->name,
			  ((const struct eip *)resource)->associated->name);
	else if (decision->kind == DECISION_ANY_PORT_SNAT)
		text_addf(text, "any-port DNAT entry %s: %s", resource->name,
			  ((const struct dnat *)resource)->eip->resource.name);
	else if (decision->kind == DECISION_SNAT)
		add_snat(text, decision);
	else if (names[decision->kind])
		add_template(text, names[decision->kind], resource);
}
