/* SPDX-License-Identifier: GPL-3.0-only */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/cleanup.h"
#include "core/base/memory.h"
#include "lab/model/system_route.h"
#include "lab/model/transit.h"
#include "lab/nouns/internal.h"
#include "lab/nouns/nouns.h"

struct route_request {
	struct resource resource;
	struct route_table *table;
	struct peer to; /* AWS: or a prefix list */
	struct typed via;
	char lost[32 + RESOURCE_NAME_MAX]; /* describe: TYPE/NAME of a next hop that is gone */
};

static const struct route_codes {
	const char *bad_destination, *duplicate, *other_vpc, *too_many, *is_system;
	const char *system; /* what a route that is not made by hand is called */
	enum noun with;     /* it comes and goes with one of these */
} codes_of[PROVIDER_COUNT] = {
	/* A next hop is in the table's VPC; the code for that is the likeliest.
	 * cloud-semantics: rt-9, rt-10, rt-16, rt-20, op-9, op-10 */
	[PROVIDER_ALIBABA] = {
		.bad_destination = "IllegalParam.CidrBlock",
		.duplicate = "InvalidCIDRBlock.Duplicate",
		.other_vpc = "IllegalParam.NextHopId",
		.too_many = "QuotaExceeded",
		.is_system = "OperationDenied",
		.system = "system",
		.with = NOUN_VSWITCH,
	},
	/* CreateRoute: the table and the next hop "belong to different networks", an
	 * InvalidParameterValue. cloud-semantics: aws-3, addr-31 */
	[PROVIDER_AWS] = {
		.bad_destination = "InvalidParameterValue",
		.duplicate = "RouteAlreadyExists",
		.other_vpc = "InvalidParameterValue",
		.too_many = "RouteLimitExceeded",
		.is_system = "InvalidParameterValue",
		.system = "local",
		.with = NOUN_VPC,
	},
};

int route_leave(struct model *m, const struct resource *via, struct error *err)
{
	struct route *route = model_user(m, NOUN_ROUTE, via, NULL);

	/* For an ECS or ENI as next hop the same code is the likeliest. cloud-semantics: nat-21 */
	if (route && !model_cloud(m)->routes_stay) {
		error_refuse(err, "DependencyViolation.RouterEntry", NULL,
			     "the route %s still points to %s", route->resource.name, via->name);
		return error_hint(err, "route delete %s", route->resource.name);
	}
	for (; route; route = model_user(m, NOUN_ROUTE, via, NULL)) {
		route->lost = xstrdup(via->name);
		route->via = NULL;
	}
	return 0;
}

void route_make_default(struct model *m, struct nat_gateway *nat)
{
	auto_free char *name = xprintf("%s/default-route", nat->vpc->resource.name);
	struct route route = { .resource.name = name,
			       .table = nat->vpc->system_table,
			       .to = DEFAULT_ROUTE,
			       .via_noun = NOUN_NAT_GATEWAY,
			       .via = &nat->resource };

	model_make(m, NOUN_ROUTE, &route);
}

char *free_name(const struct model *m, const struct resource *resource, const char *what)
{
	char *name = NULL;

	for (unsigned i = 1; !name || model_name_taken(m, name); i++) {
		free(name);
		name = xprintf("%.100s.%s%.0u", resource->name, what, i > 1 ? i : 0);
	}
	return name;
}

void route_keep_default(struct model *m, const struct vpc *vpc)
{
	struct route *route = route_find(m, vpc->system_table, DEFAULT_ROUTE);
	struct route copy;
	auto_free char *name = NULL;

	if (!route || !strchr(route->resource.name, '/') || vpc_first_gateway(m, vpc))
		return;
	copy = *route;
	name = free_name(m, &vpc->resource, "default-route");
	copy.resource.name = name;
	model_remove(m, &route->resource);
	model_make(m, NOUN_ROUTE, &copy);
}

/* Today the next hop of a vSwitch's system route can be another one in a custom table: an ECS or
 * ENI, as a firewall. It then counts as custom, and where that is deleted it is Local again.
 * cloud-semantics: rt-7, addr-13 */
static bool may_replace(const struct model *m, const struct route_request *wanted)
{
	return (m->profile->system_hops || wanted->table->of_gateway) && !wanted->table->system &&
	       (wanted->via.type == NOUN_ECS || wanted->via.type == NOUN_ENI);
}

static bool is_vswitch(const struct model *m, const struct vpc *vpc, struct prefix cidr)
{
	model_each(m, NOUN_VSWITCH, const struct vswitch, vswitch)
		if (vswitch->vpc == vpc && prefix_equal(vswitch->cidr, cidr))
			return true;
	return false;
}

/* In a gateway route table it is all that there is: another next hop for a vSwitch's system route,
 * for what comes in. cloud-semantics: addr-12, peer-18 */
static int check_gateway_table(const struct model *m, const struct route_request *wanted,
			       struct error *err)
{
	const char *name = wanted->table->resource.name;
	char text[PREFIX_TEXT_SIZE];

	if (!wanted->table->of_gateway)
		return 0;
	if (!is_vswitch(m, wanted->table->vpc, wanted->to.prefix)) {
		error_refuse(err, "OperationDenied.RouteTableTypeNotPermitted", "to",
			     "%s is a gateway route table, and %s is not the CIDR of a vSwitch",
			     name, prefix_format(wanted->to.prefix, text));
		return error_hint(err, "vswitch show lists them");
	}
	if (may_replace(m, wanted))
		return 0;
	error_refuse(err, "OperationDenied.GatewayRouteTableNotPermitted", "via",
		     "%s is a gateway route table, which leads to an ECS or ENI", name);
	return error_hint(err, "via ecs NAME, or: via eni NAME");
}

/* Alibaba: inside the VPC all is routed by the system. */
static int check_vswitches(const struct model *m, const struct route_request *wanted,
			   struct error *err)
{
	const struct prefix to = wanted->to.prefix;
	struct system_route system;
	size_t cursor = 0;
	char text[PREFIX_TEXT_SIZE], other[PREFIX_TEXT_SIZE];

	prefix_format(to, text);
	while (system_route_next(m, wanted->table->vpc, &cursor, &system)) {
		const struct vswitch *vswitch = system.vswitch;
		bool equal = vswitch && prefix_equal(vswitch->cidr, to);

		if (!vswitch || !prefix_covers(system.to, to) || (equal && may_replace(m, wanted)))
			continue;
		/* The code for "equal" is the documented one of a duplicate, the one for "inside"
		 * the likeliest. */
		prefix_format(vswitch->cidr, other);
		error_refuse(err, equal ? "InvalidCIDRBlock.Duplicate" : "InvalidCidrBlock", "to",
			     "%s %s the system route to %s (%s)", text,
			     equal ? "equals" : "is inside", vswitch->resource.name, other);
		return error_hint(
			err, "inside the VPC all is routed by the system; name a block outside %s",
			other);
	}
	return 0;
}

/* A list's entries lie outside of it. What AWS says to one inside is not known.
 * cloud-semantics: pl-8 */
int route_check_entry(const struct model *m, const struct route_table *table, struct prefix to,
		      struct error *err)
{
	const struct prefix *local = vpc_cidr_over(table->vpc, to);
	char text[PREFIX_TEXT_SIZE], cidr[PREFIX_TEXT_SIZE];

	if (!local)
		return 0;
	error_refuse(err, model_cloud(m)->bad_value, "to",
		     "%s is inside the local route to %s, where no prefix list leads",
		     prefix_format(to, text), prefix_format(*local, cidr));
	return error_hint(err, "keep %s out of the list, or route it by itself", text);
}

/* On AWS, within the local route only a whole subnet can be routed, and not to the internet.
 * cloud-semantics: aws-3, addr-19 */
static int check_local(const struct model *m, const struct route_request *wanted, struct error *err)
{
	const struct vpc *vpc = wanted->table->vpc;
	const struct prefix to = wanted->to.prefix, *local = vpc_cidr_over(vpc, to);
	char text[PREFIX_TEXT_SIZE], cidr[PREFIX_TEXT_SIZE];

	prefix_format(to, text);
	if (!local)
		return 0;
	if (prefix_equal(*local, to)) {
		error_refuse(err, "RouteAlreadyExists", "to", "%s has the local route to %s",
			     wanted->table->resource.name, text);
		return error_hint(err, "route a whole subnet or an address outside %s", text);
	}
	if (!is_vswitch(m, vpc, to)) {
		error_refuse(err, "InvalidParameterValue", "to",
			     "%s is inside the local route to %s, and not the CIDR of a subnet",
			     text, prefix_format(*local, cidr));
		return error_hint(
			err, "only whole subnets can be routed otherwise; subnet show lists them");
	}
	if (wanted->via.type == NOUN_INTERNET_GATEWAY) {
		error_refuse(err, "InvalidParameterValue", "via",
			     "%s is a subnet of %s, which no internet gateway leads to", text,
			     vpc->resource.name);
		return error_hint(err, "via nat-gateway NAME, instance NAME or eni NAME");
	}
	return 0;
}

static const struct prefix_list *list_of(const struct route_request *wanted)
{
	return (const struct prefix_list *)wanted->to.resource;
}

static int check_inside(const struct model *m, const struct route_request *wanted,
			struct error *err)
{
	if (list_of(wanted))
		return 0;
	if (model_cloud(m)->routes_inside)
		return check_local(m, wanted, err);
	return check_gateway_table(m, wanted, err) < 0 ? -EINVAL : check_vswitches(m, wanted, err);
}

static int check_same(const struct model *m, const struct route_request *wanted, struct error *err)
{
	const struct prefix_list *list = list_of(wanted);
	const struct route *same = list ? route_find_list(m, wanted->table, list)
					: route_find(m, wanted->table, wanted->to.prefix);
	char to[PREFIX_TEXT_SIZE];

	if (!same)
		return 0;
	error_refuse(err, codes_of[m->provider].duplicate, "to", "%s has a route to %s already: %s",
		     wanted->table->resource.name, route_to_word(same, to), same->resource.name);
	return error_hint(err, "route delete %s", same->resource.name);
}

static int check_block(const struct model *m, struct prefix block, struct error *err)
{
	const char *code = codes_of[m->provider].bad_destination;
	char to[PREFIX_TEXT_SIZE];

	prefix_format(block, to);
	/* In 2019 no destination could be in it; today a narrower one can. cloud-semantics: rt-9 */
	if (!model_cloud(m)->routes_inside &&
	    (prefix_equal(CLOUD_SERVICES, block) ||
	     (prefix_covers(CLOUD_SERVICES, block) && !m->profile->route_inside_service))) {
		error_refuse(err, code, "to",
			     "%s is in " CLOUD_SERVICES_TEXT
			     ", which leads to the cloud's own services",
			     to);
		return error_hint(err, "to 0.0.0.0/0 is every address that no other route has");
	}
	if (is_unusable(block, prefix_covers)) {
		error_refuse(err, code, "to", "%s is no destination that could be routed", to);
		return error_hint(err, "to 0.0.0.0/0 is every address that no other route has");
	}
	return 0;
}

static int check_destination(const struct model *m, const struct route_request *wanted,
			     struct error *err)
{
	const struct prefix_list *list = list_of(wanted);
	int r = list ? 0 : check_block(m, wanted->to.prefix, err);

	if (r == 0)
		r = check_same(m, wanted, err);
	for (size_t i = 0; r == 0 && list && i < list->n_entry; i++)
		r = route_check_entry(m, wanted->table, list->entry[i], err);
	return r < 0 ? r : check_inside(m, wanted, err);
}

/* ---- next hops ---- */

/* What a route can lead to; that is never a blackhole at first. cloud-semantics: rt-10 */
static const struct word hop_words[] = { { "nat-gateway", NOUN_NAT_GATEWAY },
					 { "ecs", NOUN_ECS },
					 { "eni", NOUN_ENI },
					 { "ipv4-gateway", NOUN_INTERNET_GATEWAY },
					 { "vpc-peer-connection", NOUN_VPC_PEERING },
					 { "attachment", NOUN_TRANSIT_ATTACHMENT },
					 { 0 } };
#define AWS_HOP_WORDS                                                                       \
	{ "internet-gateway", NOUN_INTERNET_GATEWAY }, { "nat-gateway", NOUN_NAT_GATEWAY }, \
		{ "instance", NOUN_ECS }, { "eni", NOUN_ENI },                              \
		{ "vpc-peering-connection", NOUN_VPC_PEERING },                             \
	{                                                                                   \
		"transit-gateway", NOUN_TRANSIT_ROUTER                                      \
	}
static const struct word aws_new_hop_words[] = { AWS_HOP_WORDS, { 0 } };
static const struct word aws_hop_words[] = { AWS_HOP_WORDS, { "blackhole", TYPED_WORD }, { 0 } };
/* The codes for a name that no such next hop has, where a route has one of its own.
 * cloud-semantics: peer-18, op-9 */
static const struct word hop_codes[] = { { "ResourceNotFound.VpcPeer", NOUN_VPC_PEERING },
					 { "ResourceNotFound.Ipv4Gateway", NOUN_INTERNET_GATEWAY },
					 { 0 } };
static const struct word aws_hop_codes[] = { { "InvalidGatewayID.NotFound", NOUN_INTERNET_GATEWAY },
					     { "InvalidNatGatewayID.NotFound", NOUN_NAT_GATEWAY },
					     { 0 } };

static int check_via(const struct model *m, const struct route_request *wanted, struct error *err)
{
	const char *code = codes_of[m->provider].other_vpc;
	const struct resource *via = wanted->via.resource;
	const struct vpc *vpc = resource_vpc(via), *own = wanted->table->vpc;
	const struct vpc_peering *peering = (const struct vpc_peering *)via;

	if (via->noun == NOUN_ENI && eni_is_cut_through((const struct eni *)via)) {
		error_refuse(err, "InvalidNexthop.DirectEni", "via", /* cloud-semantics: rt-11 */
			     "%s has its EIP in cut-through mode, and no part in %s", via->name,
			     own->resource.name);
		return error_hint(err, "eip disassociate %s",
				  ((const struct eni *)via)->eip->resource.name);
	}
	if (vpc == own)
		return 0;
	if (via->noun == NOUN_INTERNET_GATEWAY && !model_cloud(m)->internet_gateways)
		code = "Mismatch.Ipv4GatewayIdAndRouteTableId"; /* cloud-semantics: op-9 */
	if (via->noun == NOUN_VPC_PEERING) {
		if (vpc_peering_other(peering, own))
			return 0;
		error_refuse(err, code, "via", "%s joins %s and %s, but %s is in %s", via->name,
			     peering->vpc->resource.name, peering->peer->resource.name,
			     wanted->table->resource.name, own->resource.name);
		return error_hint(err, "%s create NAME vpc %s ...",
				  model_noun_word(m, NOUN_VPC_PEERING), own->resource.name);
	}
	if (!vpc) {
		error_refuse(err, code, "via", "%s is not attached to %s", via->name,
			     own->resource.name);
		return error_hint(err, "internet-gateway attach %s vpc %s", via->name,
				  own->resource.name);
	}
	error_refuse(err, code, "via", "%s is in %s, but %s is in %s", via->name,
		     vpc->resource.name, wanted->table->resource.name, own->resource.name);
	return error_hint(err, "a next hop is in the VPC of the table: %s", own->resource.name);
}

/* A route to a transit gateway is one to the VPC's own attachment to it. cloud-semantics: tr-24 */
static enum noun hop_noun(int type)
{
	return type == NOUN_TRANSIT_ROUTER ? NOUN_TRANSIT_ATTACHMENT : (enum noun)type;
}

/* TYPE/NAME of a next hop that is gone; only a saved lab says so. */
static int parse_lost(const struct model *m, struct typed *via, struct error *err)
{
	const char *word = via->word, *slash = strchr(word, '/');
	size_t length = slash ? (size_t)(slash - word) : 0;

	for (const struct word *hop = aws_new_hop_words; slash && hop->word; hop++) {
		const char *type = model_noun_word(m, hop_noun(hop->value));

		if (!model_is_name(slash + 1) || strlen(type) != length ||
		    strncmp(type, word, length) != 0)
			continue;
		via->type = (int)hop_noun(hop->value);
		via->word = slash + 1;
		return 0;
	}
	error_refuse(err, "InvalidParameterValue", "via",
		     "a blackhole says what it led to, as in: via blackhole nat-gateway/NAT1");
	return error_hint(err, "via blackhole nat-gateway/%.64s", word);
}

/* AWS: the attachment that is meant by a transit gateway. */
static int find_attachment(const struct model *m, struct route_request *wanted, struct error *err)
{
	const struct resource *via = wanted->via.resource;
	const struct vpc *vpc = wanted->table->vpc;
	const struct transit_attachment *attachment;

	if (!via || via->noun != NOUN_TRANSIT_ROUTER)
		return 0;
	attachment = transit_attachment_of(m, (const struct transit_router *)via, vpc);
	if (attachment) {
		wanted->via.resource = (struct resource *)(uintptr_t)&attachment->resource;
		return 0;
	}
	error_refuse(err, "InvalidTransitGatewayID.NotFound", "via", "%s is not attached to %s",
		     vpc->resource.name, via->name);
	return error_hint(err, "attachment create NAME transit-gateway %s vpc %s subnet SUBNET",
			  via->name, vpc->resource.name);
}

/* What leads to a prefix list counts for as many as that may have. */
static unsigned count_routes(const struct model *m, const struct route_table *table)
{
	unsigned n = 0;

	model_each_user(m, NOUN_ROUTE, table, const struct route, route)
		n += route->list ? route->list->max_entries : 1;
	return n;
}

static int route_create(struct model *m, void *request, struct error *err)
{
	struct route_request *wanted = request;
	const struct route_table *table = wanted->table;
	const struct prefix_list *list = list_of(wanted);
	const unsigned count = count_routes(m, table), weight = list ? list->max_entries : 1;
	struct route route = { .resource = wanted->resource,
			       .table = wanted->table,
			       .to = wanted->to.prefix,
			       .list = (struct prefix_list *)wanted->to.resource };
	int r = wanted->via.type == TYPED_WORD ? parse_lost(m, &wanted->via, err)
					       : find_attachment(m, wanted, err);

	route.via = wanted->via.resource;

	if (r == 0)
		r = check_destination(m, wanted, err);
	if (r == 0 && route.via)
		r = check_via(m, wanted, err);
	if (r < 0)
		return r;
	/* cloud-semantics: rt-2, pl-6 */
	if (count + weight > m->profile->routes_per_table) {
		error_refuse(err, codes_of[m->provider].too_many, "table",
			     list ? "%s has %u custom routes of %u, and %s counts for %u"
				  : "%s has its %u custom routes already",
			     table->resource.name, count, m->profile->routes_per_table,
			     list ? list->resource.name : "", weight);
		return error_hint(
			err,
			"route show, then route delete one, or another table: route-table "
			"create NAME vpc %s",
			table->vpc->resource.name);
	}
	route.via_noun = hop_noun(wanted->via.type);
	if (!route.via)
		route.lost = xstrdup(wanted->via.word);
	model_make(m, NOUN_ROUTE, &route);
	return 0;
}

static void route_describe(const struct model *m, const void *resource, void *request)
{
	const struct route *route = resource;
	struct route_request *wanted = request;
	struct resource *via = route_named_hop(m, route);

	wanted->resource = route->resource;
	wanted->table = route->table;
	wanted->to =
		(struct peer){ .prefix = route->to, .resource = (struct resource *)route->list };
	wanted->via = (struct typed){ .type = via ? (int)via->noun : TYPED_WORD,
				      .resource = via,
				      .word = wanted->lost };
	if (!route->via)
		snprintf(wanted->lost, sizeof(wanted->lost), "%s/%s",
			 model_noun_word(m, route->via_noun), route->lost);
}

/* AWS: the routes of an endpoint are its own. cloud-semantics: end-1 */
static int check_own(const struct route *route, struct error *err)
{
	if (route->via_noun != NOUN_VPC_ENDPOINT)
		return 0;
	error_refuse(err, "InvalidParameterValue", NULL, "%s comes and goes with the endpoint %s",
		     route->resource.name, route->via->name);
	return error_hint(err, "vpc-endpoint delete %s", route->via->name);
}

struct route_change {
	struct route *route;
	struct typed via;
};

/* Another next hop, in one step: what comes next takes it. cloud-semantics: open-13, lb-10 */
static int route_set(struct model *m, void *request, struct error *err)
{
	const struct route_change *change = request;
	struct route *route = change->route;
	struct route_request wanted = { .table = route->table,
					.to = { .prefix = route->to,
						.resource = (struct resource *)route->list },
					.via = change->via };
	int r = check_own(route, err);

	if (r == 0)
		r = find_attachment(m, &wanted, err);
	if (r == 0)
		r = check_inside(m, &wanted, err);
	if (r == 0)
		r = check_via(m, &wanted, err);
	if (r < 0)
		return r;
	free(route->lost);
	route->lost = NULL;
	route->via = wanted.via.resource;
	route->via_noun = hop_noun(wanted.via.type);
	model_touch(m);
	return 0;
}

static int route_delete(struct model *m, void *request, struct error *err)
{
	const struct route_codes *codes = &codes_of[m->provider];
	const char *name = *(const char **)request;
	struct resource *route = NULL;

	if (system_route_exists(m, name)) {
		error_refuse(err, codes->is_system, NULL,
			     "%s is a %s route, which cannot be deleted", name, codes->system);
		return error_hint(err, "it goes with its %s", model_noun_title(m, codes->with));
	}
	if (request_find(m, NOUNS(NOUN_ROUTE), name, NULL, NULL, &route, err) < 0 ||
	    check_own((const struct route *)route, err) < 0)
		return -EINVAL;
	model_remove(m, route);
	return 0;
}

#define KEY_TABLE(help_)                                                      \
	{                                                                     \
		KEY_OF("table", NOUN_ROUTE_TABLE, PARAMETER_REQUIRED, help_), \
			IN(struct route_request, table)                       \
	}
/* An address without a length is a /32. cloud-semantics: rt-12 */
#define KEY_TO(code_)                                                                       \
	{                                                                                   \
		.name = "to", .kind = ARGUMENT_CIDR,                                        \
		.flags = PARAMETER_KEY | PARAMETER_REQUIRED | PARAMETER_BARE,               \
		.help = "destination", .code = (code_), IN(struct route_request, to.prefix) \
	}

#define KEY_VIA(type_)                                                                            \
	{                                                                                         \
		PARAMETER("via", TYPED, PARAMETER_KEY | PARAMETER_REQUIRED, "next hop"),          \
			.words = hop_words, .code = "InvalidNextHopType",                         \
			.not_found = "InvalidNextHopId.NotFound", .not_found_by_noun = hop_codes, \
			IN(type_, via)                                                            \
	}
#define KEY_AWS_VIA(type_, words_, help_)                                                     \
	{                                                                                     \
		PARAMETER("via", TYPED, PARAMETER_KEY | PARAMETER_REQUIRED, help_),           \
			.words = (words_), .not_found_by_noun = aws_hop_codes, IN(type_, via) \
	}

const struct command route_rows[] = {
	{
		.words = "route create",
		.parameter = { NEW_NAME, KEY_TABLE("route table, such as VPC1/system"),
			       KEY_TO("InvalidCidrBlock.Malformed"),
			       KEY_VIA(struct route_request) },
		.summary = "add a custom route to a table",
		.example = "route create Route1 table VTB1 to 0.0.0.0/0 via nat-gateway NAT1",
		.providers = FOR_ALIBABA,
		.describe = route_describe,
		CHANGES(struct route_request, route_create),
	},
	{
		.words = "route create",
		.parameter = { NEW_NAME,
			       KEY_TABLE("route table, such as VPC1/main"),
			       { PARAMETER("to", PEER, PARAMETER_KEY | PARAMETER_REQUIRED,
					   "destination, or a prefix list"),
				 .metavariable = "CIDR|LIST", .nouns = NOUNS(NOUN_PREFIX_LIST),
				 IN(struct route_request, to) },
			       KEY_AWS_VIA(
				       struct route_request, aws_hop_words,
				       "next hop; blackhole TYPE/NAME is one that was deleted") },
		.summary = "add a route to a table",
		.example = "route create Route1 table VTB1 to 0.0.0.0/0 via nat-gateway NAT1",
		.providers = FOR_AWS,
		.describe = route_describe,
		CHANGES(struct route_request, route_create),
	},
	{
		.words = "route set",
		.parameter = { NAME_OF(NOUN_ROUTE), KEY_VIA(struct route_change) },
		.summary = "give a route another next hop",
		.example = "route set Route1 via ecs ECS2",
		.providers = FOR_ALIBABA,
		CHANGES(struct route_change, route_set),
	},
	{
		.words = "route set",
		.parameter = { NAME_OF(NOUN_ROUTE),
			       KEY_AWS_VIA(struct route_change, aws_new_hop_words, "next hop") },
		.summary = "give a route another next hop",
		.example = "route set Route1 via instance I2",
		.providers = FOR_AWS,
		CHANGES(struct route_change, route_set),
	},
	{
		.words = "route delete",
		.parameter = { { .name = "name",
				 .kind = ARGUMENT_REFERENCE,
				 .flags = PARAMETER_REQUIRED |
					  PARAMETER_ASIDE, /* a system route is no resource */
				 .nouns = NOUNS(NOUN_ROUTE),
				 .help = "which one" } },
		.summary = "remove a route",
		.example = "route delete Route1",
		CHANGES(const char *, route_delete) | COMMAND_REMOVES | COMMAND_TRIED,
	},
	{ SHOW("route", NOUN_ROUTE, "list routes, those of the VPC itself too",
	       "table to type via status") },
	{ .words = NULL },
};
