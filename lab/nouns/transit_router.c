/* SPDX-License-Identifier: GPL-3.0-only */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/cleanup.h"
#include "core/base/memory.h"
#include "lab/model/transit.h"
#include "lab/model/words.h"
#include "lab/nouns/internal.h"
#include "lab/nouns/nouns.h"

/*
 * Transit router (Alibaba Cloud's CEN) and transit gateway (AWS): VPCs are attached to it, each by
 * a vSwitch a zone; a table says where what comes from an attachment goes on to, and what arrives
 * is routed by the table of the attachment's vSwitch. cloud-semantics: tr-2, tr-4, tr-12, tr-23
 */
const struct transit_codes transit_codes[PROVIDER_COUNT] = {
	/* cloud-semantics: tr-10, tr-15, tr-20; of what they do not list the likeliest */
	[PROVIDER_ALIBABA] = { "InstanceExist.TransitRouterVpcAttachment",
			       "OperationFailed.CreateRouteEntryWithSameDestinationCidrBlock",
			       "OperationFailed.AttachmentReferencedVpcRouteEntryExisted",
			       "OperationFailed.RouteTableAssociationExist",
			       "OperationFailed.RouteTablePropagationExist",
			       "OperationFailed.RouteEntryExist", "Duplicated.ZoneMapping",
			       "IllegalParam.VSwitchId" },
	/* cloud-semantics: tr-33; the others are EC2's for what is there already and for what is
	 * used still */
	[PROVIDER_AWS] = { "DuplicateTransitGatewayAttachment", "RouteAlreadyExists",
			   "DependencyViolation", "Resource.AlreadyAssociated",
			   "TransitGatewayRouteTablePropagation.Duplicate", "DependencyViolation",
			   "DuplicateSubnetsInSameZone", "InvalidParameterValue" },
};

static int transit_router_create(struct model *m, void *request, struct error *err)
{
	struct transit_router *router = model_make(m, NOUN_TRANSIT_ROUTER, request);
	auto_free char *name = xprintf("%s/default", router->resource.name);

	(void)err;
	router->default_table =
		model_make(m, NOUN_TRANSIT_TABLE,
			   &(struct transit_table){ .resource.name = name, .router = router });
	return 0;
}

static int transit_router_delete(struct model *m, void *request, struct error *err)
{
	struct transit_router *router = ((struct subject *)request)->resource;
	const struct resource *user = model_user(m, NOUN_TRANSIT_ATTACHMENT, router, NULL);

	model_each_user(m, NOUN_TRANSIT_TABLE, router, struct transit_table, table)
		if (table != router->default_table && !user)
			user = &table->resource;
	if (user) {
		error_refuse(err, "DependencyViolation", NULL, "%s still has the %s %s",
			     router->resource.name, model_noun_title(m, user->noun), user->name);
		return error_hint(err, "%s delete %s%s", model_noun_word(m, user->noun), user->name,
				  user->noun == NOUN_TRANSIT_ATTACHMENT &&
						  !model_cloud(m)->routes_stay
					  ? " force"
					  : "");
	}
	model_remove_users(m, NOUN_TRANSIT_ROUTE, router->default_table);
	model_remove(m, &router->default_table->resource);
	model_remove(m, &router->resource);
	return 0;
}

/* ---- attachments ---- */

struct attachment_request {
	struct transit_attachment attachment;
	bool association, propagation, association_given, propagation_given;
};

static int check_vswitches(const struct model *m, const struct transit_attachment *wanted,
			   const char *key, struct error *err)
{
	for (size_t i = 0; i < wanted->n_vswitch; i++) {
		const struct vswitch *vswitch = wanted->vswitch[i];

		if (vswitch->vpc != wanted->vpc) {
			error_refuse(err, transit_codes[m->provider].other_vpc, key,
				     "%s is in %s, not in %s", vswitch->resource.name,
				     vswitch->vpc->resource.name, wanted->vpc->resource.name);
			return error_hint(err, "%s NAME of %s", key, wanted->vpc->resource.name);
		}
		for (size_t k = 0; k < i; k++) {
			if (strcmp(wanted->vswitch[k]->zone, vswitch->zone) != 0)
				continue;
			error_refuse(err, transit_codes[m->provider].same_zone, key,
				     "%s and %s are both in %s", wanted->vswitch[k]->resource.name,
				     vswitch->resource.name, vswitch->zone);
			return error_hint(err, "one of each zone");
		}
	}
	return 0;
}

static int attachment_create(struct model *m, void *request, struct error *err)
{
	struct attachment_request *wanted = request;
	struct transit_attachment *attachment = &wanted->attachment;
	struct transit_router *router = attachment->router;
	const struct transit_attachment *same = transit_attachment_of(m, router, attachment->vpc);

	if (same) {
		error_refuse(err, transit_codes[m->provider].duplicate, "vpc",
			     "%s is attached to %s already, by %s", attachment->vpc->resource.name,
			     router->resource.name, same->resource.name);
		return error_hint(err, "attachment delete %s", same->resource.name);
	}
	if (check_vswitches(m, attachment, model_noun_word(m, NOUN_VSWITCH), err) < 0)
		return -EINVAL;
	attachment = model_make(m, NOUN_TRANSIT_ATTACHMENT, attachment);
	attachment->vswitch =
		xmemdup(attachment->vswitch, attachment->n_vswitch * sizeof(*attachment->vswitch));
	/* On, as in Alibaba Cloud's console and by AWS; the API of the former has them off.
	 * cloud-semantics: tr-3, tr-23 */
	if (wanted->association || !wanted->association_given)
		attachment->associated = router->default_table;
	if (wanted->propagation || !wanted->propagation_given)
		*ARRAY_PUSH(attachment->propagated, attachment->n_propagated) =
			router->default_table;
	return 0;
}

static void attachment_describe(const struct model *m, const void *resource, void *request)
{
	const struct transit_attachment *attachment = resource;
	struct attachment_request *wanted = request;

	(void)m;
	wanted->attachment = *attachment;
	wanted->association = attachment->associated == attachment->router->default_table;
	wanted->association_given = wanted->propagation_given = true;
	for (size_t i = 0; i < attachment->n_propagated; i++)
		wanted->propagation |= attachment->propagated[i] ==
				       attachment->router->default_table;
}

struct attachment_change {
	struct transit_attachment *attachment;
	struct vswitch **vswitch;
	size_t n_vswitch;
};

/* The VPC stays, its vSwitches change. */
static int attachment_set(struct model *m, void *request, struct error *err)
{
	const struct attachment_change *change = request;
	struct transit_attachment *attachment = change->attachment, wanted = *attachment;

	wanted.vswitch = change->vswitch;
	wanted.n_vswitch = change->n_vswitch;
	if (check_vswitches(m, &wanted, model_noun_word(m, NOUN_VSWITCH), err) < 0)
		return -EINVAL;
	free(attachment->vswitch);
	attachment->vswitch = xmemdup(wanted.vswitch, wanted.n_vswitch * sizeof(*wanted.vswitch));
	attachment->n_vswitch = wanted.n_vswitch;
	model_touch(m);
	return 0;
}

struct attachment_removal {
	struct transit_attachment *attachment;
	bool force;
};

/* cloud-semantics: tr-15 */
static int attachment_delete(struct model *m, void *request, struct error *err)
{
	const struct attachment_removal *removal = request;
	struct transit_attachment *attachment = removal->attachment;
	const struct transit_codes *codes = &transit_codes[m->provider];
	const char *name = attachment->resource.name;
	const struct resource *vpc_route = model_user(m, NOUN_ROUTE, attachment, NULL),
			      *route = model_user(m, NOUN_TRANSIT_ROUTE, attachment, NULL);

	if (model_cloud(m)->routes_stay) {
		(void)route_leave(m, &attachment->resource, err);
	} else if (!removal->force &&
		   (attachment->associated || attachment->n_propagated || route || vpc_route)) {
		const char *table = attachment->associated ? attachment->associated->resource.name
				    : attachment->n_propagated
					    ? attachment->propagated[0]->resource.name
					    : "";

		error_refuse(err,
			     attachment->associated     ? codes->associated
			     : attachment->n_propagated ? codes->propagated
			     : route                    ? codes->routed
							: codes->used,
			     NULL, "%s is used still: by %s", name,
			     *table  ? table
			     : route ? route->name
				     : vpc_route->name);
		return error_hint(err, "attachment delete %s force", name);
	}
	model_remove_users(m, NOUN_ROUTE, attachment);
	model_remove_users(m, NOUN_TRANSIT_ROUTE, attachment);
	model_remove(m, &attachment->resource);
	return 0;
}

/* ---- rows ---- */

#define KEY_VSWITCHES(key_, type_, member_, n_member_)                                     \
	{                                                                                  \
		.name = (key_), .kind = ARGUMENT_REFERENCES,                               \
		.flags = PARAMETER_KEY | PARAMETER_REQUIRED, .nouns = NOUNS(NOUN_VSWITCH), \
		.help = "one a zone; the first one's table routes what arrives",           \
		IN_BOTH(type_, member_, n_member_)                                         \
	}
#define KEY_DEFAULT(key_, help_, member_, given_)                                \
	{                                                                        \
		KEY_SWITCH(key_, help_), IN(struct attachment_request, member_), \
			GIVEN(struct attachment_request, given_)                 \
	}
#define ATTACHMENT_ROW(router_, vswitch_, providers_)                                             \
	{                                                                                         \
		.words = "attachment create",                                                     \
		.parameter = { NEW_NAME,                                                          \
			       KEY_TRANSIT_ROUTER(router_, struct attachment_request,             \
						  attachment.router),                             \
			       { KEY_OF("vpc", NOUN_VPC, PARAMETER_REQUIRED, "the VPC to join"),  \
				 IN(struct attachment_request, attachment.vpc) },                 \
			       KEY_VSWITCHES(vswitch_, struct attachment_request,                 \
					     attachment.vswitch, attachment.n_vswitch),           \
			       KEY_DEFAULT("association",                                         \
					   "on if not given; off: no table routes what comes in " \
					   "by it",                                               \
					   association, association_given),                       \
			       KEY_DEFAULT(                                                       \
				       "propagation",                                             \
				       "on if not given; off: no table learns its VPC's routes",  \
				       propagation, propagation_given) },                         \
		.summary = "attach a VPC; it still needs routes to it",                           \
		.example = "attachment create ATT1 " router_ " TR1 vpc VPC1 " vswitch_ " VSW1",   \
		.providers = (providers_), .describe = attachment_describe,                       \
		CHANGES(struct attachment_request, attachment_create),                            \
	}
#define ROUTER_ROWS(word_, providers_, what_)                                                      \
	{                                                                                          \
		.words = word_ " create",                                                          \
		.parameter = { NEW_NAME },                                                         \
		.summary = "make a " what_ " with its default table",                              \
		.example = word_ " create TR1",                                                    \
		.providers = (providers_),                                                         \
		CHANGES(struct transit_router, transit_router_create),                             \
	},                                                                                         \
		{ DELETE(word_, NOUN_TRANSIT_ROUTER, transit_router_delete,                        \
			 "remove one without attachments", "TR1"),                                 \
		  .providers = (providers_) },                                                     \
	{                                                                                          \
		SHOW(word_, NOUN_TRANSIT_ROUTER, "list them", "status"), .providers = (providers_) \
	}

const struct command transit_router_rows[] = {
	ROUTER_ROWS("transit-router", FOR_ALIBABA, "transit router"),
	ROUTER_ROWS("transit-gateway", FOR_AWS, "transit gateway"),
	ATTACHMENT_ROW("transit-router", "vswitch", FOR_ALIBABA),
	ATTACHMENT_ROW("transit-gateway", "subnet", FOR_AWS),
	{
		.words = "attachment set",
		.parameter = { NAME_OF(NOUN_TRANSIT_ATTACHMENT),
			       KEY_VSWITCHES("vswitch", struct attachment_change, vswitch,
					     n_vswitch) },
		.summary = "name other vSwitches for it",
		.example = "attachment set ATT1 vswitch VSW1,VSW2",
		.providers = FOR_ALIBABA,
		CHANGES(struct attachment_change, attachment_set),
	},
	{
		.words = "attachment set",
		.parameter = { NAME_OF(NOUN_TRANSIT_ATTACHMENT),
			       KEY_VSWITCHES("subnet", struct attachment_change, vswitch,
					     n_vswitch) },
		.summary = "name other subnets for it",
		.example = "attachment set ATT1 subnet S1,S2",
		.providers = FOR_AWS,
		CHANGES(struct attachment_change, attachment_set),
	},
	{
		.words = "attachment delete",
		.parameter = { NAME_OF(NOUN_TRANSIT_ATTACHMENT),
			       { PARAMETER("force", WORD, PARAMETER_FLAG,
					   "with all that leads to it"),
				 IN(struct attachment_removal, force) } },
		.summary = "detach a VPC",
		.example = "attachment delete ATT1 force",
		CHANGES(struct attachment_removal, attachment_delete) | COMMAND_REMOVES |
			COMMAND_TRIED,
	},
	{ SHOW("attachment", NOUN_TRANSIT_ATTACHMENT, "list attachments of VPCs",
	       "transit_router vpc vswitch associated propagated status",
	       "transit_gateway vpc subnet associated propagated status") },
	{ .words = NULL },
};
