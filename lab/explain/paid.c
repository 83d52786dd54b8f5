/* SPDX-License-Identifier: GPL-3.0-only */
#include "lab/explain/paid.h"

#include <string.h>

#define SERVICE_DOMAIN ".amazonaws.com"

/* The first hop by a route to a public NAT gateway of the sender's VPC. */
static const struct route *route_to_gateway(const struct explanation *x, const struct vpc *vpc)
{
	for (size_t i = 0; i < x->forward.n_hop; i++) {
		const struct decision *by = &x->forward.hop[i].decision[0];
		const struct route *route = (const struct route *)by->resource;

		if (by->kind != DECISION_ROUTE || route->via_noun != NOUN_NAT_GATEWAY ||
		    !route->via)
			continue;
		return route->table->vpc == vpc &&
				       ((const struct nat_gateway *)route->via)->type == NAT_PUBLIC
			       ? route
			       : NULL;
	}
	return NULL;
}

/* The host is the cloud's: it has a name of the cloud's, or somebody has an endpoint for it. */
static bool is_service(const struct model *model, const struct internet_host *host)
{
	const size_t ending = strlen(SERVICE_DOMAIN);

	for (size_t i = 0; i < host->n_dns; i++) {
		const size_t length = strlen(host->dns[i]);

		if (length > ending && strcmp(host->dns[i] + length - ending, SERVICE_DOMAIN) == 0)
			return true;
	}
	return model_user(model, NOUN_VPC_ENDPOINT, host, NULL);
}

static const struct nat_gateway *gateway_in_zone(const struct model *model,
						 const struct vswitch *vswitch)
{
	model_each_user(model, NOUN_NAT_GATEWAY, vswitch->vpc, const struct nat_gateway, nat)
		if (nat->type == NAT_PUBLIC && strcmp(nat->vswitch->zone, vswitch->zone) == 0)
			return nat;
	return NULL;
}

size_t explain_paid(const struct model *model, const struct explanation *x,
		    struct paid ret_paid[static PAID_MAX])
{
	const struct ecs *from =
		(const struct ecs *)model_find_noun(model, NOUNS(NOUN_ECS), x->flow.from);
	const struct resource *to = model_holder(model, NULL, x->flow.destination);
	const struct eni *sender = from ? from->eni[0] : NULL;
	const struct route *route = sender && model->provider == PROVIDER_AWS && x->reachable
					    ? route_to_gateway(x, sender->vswitch->vpc)
					    : NULL;
	struct paid paid = { .sender = sender, .route = route };
	size_t n = 0;

	if (!route)
		return 0;
	paid.gateway = (const struct nat_gateway *)route->via;
	if (to && to->noun == NOUN_INTERNET_HOST &&
	    is_service(model, (const struct internet_host *)to)) {
		paid.kind = PAID_SERVICE;
		paid.service = (const struct internet_host *)to;
		ret_paid[n++] = paid;
	}
	if (strcmp(sender->vswitch->zone, paid.gateway->vswitch->zone) != 0) {
		paid.kind = PAID_ZONE;
		paid.instead = gateway_in_zone(model, sender->vswitch);
		ret_paid[n++] = paid;
	}
	return n;
}
