/* SPDX-License-Identifier: GPL-3.0-only */
#include <errno.h>

#include "lab/nouns/internal.h"
#include "lab/nouns/nouns.h"

/* A connection between two VPCs of one account and region: it is a next hop for the routes of both,
 * and nothing flows before both have one. cloud-semantics: peer-4, peer-23 */
static const char *const exists[PROVIDER_COUNT] = {
	[PROVIDER_ALIBABA] = "ResourceAlreadyExist.VpcPeer", /* cloud-semantics: peer-13, peer-15 */
	[PROVIDER_AWS] = "VpcPeeringConnectionAlreadyExists", /* cloud-semantics: peer-31 */
};

static int vpc_peering_create(struct model *m, void *request, struct error *err)
{
	struct vpc_peering *wanted = request;
	const char *key = m->provider == PROVIDER_AWS ? "peer-vpc" : "accepting-vpc";

	if (wanted->vpc == wanted->peer) {
		error_refuse(err, model_cloud(m)->bad_value, key,
			     "a peering connection joins two VPCs, and %s is one",
			     wanted->vpc->resource.name);
		return error_hint(err, "%s NAME of another VPC", key);
	}
	model_each_user(m, NOUN_VPC_PEERING, wanted->vpc, const struct vpc_peering, other) {
		if (vpc_peering_other(other, wanted->vpc) != wanted->peer ||
		    other->state == PEERING_FAILED)
			continue;
		error_refuse(err, exists[m->provider], key, "%s joins %s and %s already",
			     other->resource.name, wanted->vpc->resource.name,
			     wanted->peer->resource.name);
		return error_hint(err, "a route of each VPC to %s is what they need",
				  other->resource.name);
	}
	/* Overlap is no error of the call. On Alibaba Cloud it is none at all: the routes decide.
	 * cloud-semantics: peer-2, peer-8, peer-22 */
	if (model_cloud(m)->peerings_wait)
		wanted->state = vpcs_overlap(wanted->vpc, wanted->peer) ? PEERING_FAILED
									: PEERING_PENDING;
	model_make(m, NOUN_VPC_PEERING, wanted);
	return 0;
}

static int vpc_peering_accept(struct model *m, void *request, struct error *err)
{
	struct vpc_peering *peering = ((struct subject *)request)->resource;
	const bool failed = peering->state == PEERING_FAILED;

	if (peering->state == PEERING_PENDING) {
		peering->state = PEERING_ACTIVE;
		model_touch(m);
		return 0;
	}
	error_refuse(err, "InvalidStateTransition", NULL,
		     failed ? "%s has failed, for %s and %s overlap" : "%s is active already",
		     peering->resource.name, peering->vpc->resource.name,
		     peering->peer->resource.name);
	return error_hint(err,
			  failed ? "VPCs that overlap are joined by private NAT gateways"
				 : "route create NAME table TABLE to CIDR via %s %s",
			  model_noun_word(m, NOUN_VPC_PEERING), peering->resource.name);
}

struct peering_removal {
	struct vpc_peering *peering;
	bool force;
};

/* A failed one goes by itself after two hours; a lab does not wait.
 * cloud-semantics: peer-17, peer-21, peer-32 */
static int vpc_peering_delete(struct model *m, void *request, struct error *err)
{
	const struct peering_removal *removal = request;
	struct resource *resource = &removal->peering->resource;
	const struct route *route = model_user(m, NOUN_ROUTE, resource, NULL);

	if (model_cloud(m)->routes_stay) {
		(void)route_leave(m, resource, err);
	} else if (route && !removal->force) {
		error_refuse(err, "OperationDenied.RouteEntryExist", NULL,
			     "the route %s still points to %s", route->resource.name,
			     resource->name);
		return error_hint(err, "route delete %s, or: %s delete %s force",
				  route->resource.name, model_noun_word(m, NOUN_VPC_PEERING),
				  resource->name);
	} else {
		model_remove_users(m, NOUN_ROUTE, resource);
	}
	model_remove(m, resource);
	return 0;
}

#define KEY_VPC(key_, member_, help_)                                                              \
	{                                                                                          \
		KEY_OF(key_, NOUN_VPC, PARAMETER_REQUIRED, help_), IN(struct vpc_peering, member_) \
	}

const struct command vpc_peering_rows[] = {
	{
		.words = "vpc-peer-connection create",
		.parameter = { NEW_NAME, KEY_VPC("vpc", vpc, "the VPC that asks for it"),
			       KEY_VPC("accepting-vpc", peer, "the VPC at the other end") },
		.summary = "join two VPCs; each still needs a route into the other",
		.example = "vpc-peer-connection create PCC1 vpc VPC1 accepting-vpc VPC2",
		.providers = FOR_ALIBABA,
		CHANGES(struct vpc_peering, vpc_peering_create),
	},
	{
		.words = "vpc-peering-connection create",
		.parameter = { NEW_NAME, KEY_VPC("vpc", vpc, "the VPC that asks for it"),
			       KEY_VPC("peer-vpc", peer, "the VPC at the other end") },
		.summary = "ask for a connection of two VPCs",
		.example = "vpc-peering-connection create PCX1 vpc VPC1 peer-vpc VPC2",
		.providers = FOR_AWS,
		CHANGES(struct vpc_peering, vpc_peering_create),
	},
	{
		.words = "vpc-peering-connection accept",
		.parameter = { NAME_OF(NOUN_VPC_PEERING) },
		.summary = "accept it; each VPC still needs a route into the other",
		.example = "vpc-peering-connection accept PCX1",
		.providers = FOR_AWS,
		CHANGES(struct subject, vpc_peering_accept),
	},
	{
		.words = "vpc-peer-connection delete",
		.parameter = { NAME_OF(NOUN_VPC_PEERING),
			       { PARAMETER("force", WORD, PARAMETER_FLAG,
					   "with the routes that lead to it"),
				 IN(struct peering_removal, force) } },
		.summary = "part two VPCs; force: with the routes to it",
		.example = "vpc-peer-connection delete PCC1",
		.providers = FOR_ALIBABA,
		CHANGES(struct peering_removal, vpc_peering_delete) | COMMAND_REMOVES |
			COMMAND_TRIED,
	},
	{
		.words = "vpc-peering-connection delete",
		.parameter = { NAME_OF(NOUN_VPC_PEERING) },
		.summary = "part two VPCs; their routes stay, as blackholes",
		.example = "vpc-peering-connection delete PCX1",
		.providers = FOR_AWS,
		CHANGES(struct peering_removal, vpc_peering_delete) | COMMAND_REMOVES |
			COMMAND_TRIED,
	},
	{ SHOW("vpc-peer-connection", NOUN_VPC_PEERING, "list VPC peering connections",
	       "vpc accepting_vpc status"),
	  .providers = FOR_ALIBABA },
	{ SHOW("vpc-peering-connection", NOUN_VPC_PEERING, "list VPC peering connections",
	       "vpc peer_vpc status"),
	  .providers = FOR_AWS },
	{ .words = NULL },
};
