/* SPDX-License-Identifier: GPL-3.0-only */
#include <stdlib.h>
#include <string.h>

#include "core/base/cleanup.h"
#include "core/base/text.h"
#include "lab/model/cloud.h"
#include "lab/model/query.h"
#include "lab/reach/internal.h"

/*
 * A change matters only to flows that start from, or lead to, what is touched by it: a rule touches
 * the hosts of its group, a route those of the vSwitches with its table, an entry the hosts that it
 * is for. What is published touches the ports that it is published by. Where a host stands between
 * others, or what was changed is none of these, everything is touched.
 */
struct touching {
	const struct model *model;
	size_t i;      /* of the model */
	bool *touched; /* by id */
	bool all;
};

static void touch(struct touching *touching, const struct resource *resource)
{
	if (resource)
		touching->touched[resource->id] = true;
}

static bool is_touched(const struct touching *touching, const struct resource *resource)
{
	return resource && touching->touched[resource->id];
}

/* Answers an interface's flows, there and back, by its vSwitch? */
static void touch_vswitch(struct touching *touching, const struct vswitch *vswitch)
{
	touch(touching, &vswitch->resource);
	/* It is also the way of those who come by a gateway in it: on AWS by its table, on Alibaba
	 * Cloud where its table decides whether the gateway is on the internet. */
	if ((model_cloud(touching->model)->internet_gateways || vpc_is_controlled(vswitch->vpc)) &&
	    model_user(touching->model, NOUN_NAT_GATEWAY, vswitch, NULL))
		touching->all = true;
}

static void touch_users(struct touching *touching, const struct resource *of)
{
	/* What comes in by an IPv4 gateway goes by a table of the gateway's. */
	touching->all |= of->noun == NOUN_ROUTE_TABLE &&
			 ((const struct route_table *)of)->of_gateway;
	model_each_user(touching->model, NOUN_VSWITCH, of, const struct vswitch, vswitch)
		touch_vswitch(touching, vswitch);
}

static void touch_sources(struct touching *touching, const struct snat *snat)
{
	struct eni_address own = { 0 };

	while (model_next_address(touching->model, &own))
		if (own.eni->vswitch->vpc == snat->nat_gateway->vpc &&
		    prefix_contains(snat->cidr, own.ip))
			touch(touching, &own.eni->resource);
}

static const struct eni *target_of(const struct model *model, const struct dnat *dnat)
{
	return model_eni_by_ip(model, dnat->nat_gateway->vpc, dnat->target_ip);
}

static void touch_changed(struct touching *touching, const struct resource *resource)
{
	const struct model *model = touching->model;
	const struct resource *associated = NULL;
	const struct eni *eni;

	switch ((int)resource->noun) {
	case NOUN_SECURITY_GROUP:
	case NOUN_INTERNET_HOST:
	case NOUN_ECS:
	case NOUN_ENI:
		touch(touching, resource);
		break;
	case NOUN_ACL:
	case NOUN_ROUTE_TABLE:
		touch_users(touching, resource);
		break;
	case NOUN_VSWITCH:
		touch_vswitch(touching, (const struct vswitch *)resource);
		break;
	case NOUN_ROUTE:
		touch_users(touching, &((const struct route *)resource)->table->resource);
		break;
	case NOUN_SNAT:
		touch_sources(touching, (const struct snat *)resource);
		break;
	case NOUN_DNAT: /* it is a touched one itself, see touch_ports() */
		eni = target_of(model, (const struct dnat *)resource);
		touch(touching, resource);
		touch(touching, eni ? &eni->resource : NULL);
		break;
	case NOUN_EIP:
		associated = ((const struct eip *)resource)->associated;
		touch(touching, resource);
		touch(touching, associated);
		touching->all |= associated && associated->noun == NOUN_NAT_GATEWAY;
		break;
	case NOUN_SERVICE:
		touch(touching, ((const struct service *)resource)->node);
		break;
	default:
		touching->all = true;
	}
}

/* ---- what hangs on it ---- */

static bool has_touched(const struct touching *touching, const struct eni *eni)
{
	bool touched = is_touched(touching, &eni->resource) ||
		       is_touched(touching, &eni->vswitch->resource) ||
		       (eni->ecs && is_touched(touching, &eni->ecs->resource));

	for (size_t i = 0; i < eni->n_group; i++)
		touched = touched || is_touched(touching, &eni->group[i]->resource);
	return touched;
}

static void spread(struct touching *touching)
{
	const struct model *model = touching->model;
	size_t cursor = 0;

	/* All interfaces of a host send and take for it. */
	for (const struct eni *eni; (eni = model_next_eni(model, &cursor));)
		if (has_touched(touching, eni))
			touch(touching, eni->ecs ? &eni->ecs->resource : &eni->resource);
	model_each(model, NOUN_DNAT, const struct dnat, dnat) {
		const struct eni *eni = target_of(model, dnat);

		if (eni && has_touched(touching, eni))
			touch(touching, &dnat->resource);
	}
	model_each(model, NOUN_ROUTE, const struct route, route) {
		const struct eni *eni = route_interface(route);

		if (eni && has_touched(touching, eni))
			touching->all = true;
	}
}

static bool end_is_touched(const struct touching *touching, const struct end *end)
{
	const struct end_place *place = &end->in[touching->i];

	return is_touched(touching, place->resource) ||
	       (place->eni && has_touched(touching, place->eni));
}

/* The ports of an EIP's entries that are touched. */
static void touch_ports(const struct touching *touching, const struct end *end,
			struct touched *touched)
{
	const struct resource *eip = end->in[touching->i].resource;

	if (!eip || !address_associated(eip))
		return;
	model_each_user(touching->model, NOUN_DNAT, eip, const struct dnat, dnat) {
		if (!is_touched(touching, &dnat->resource))
			continue;
		*ARRAY_PUSH(touched->port.range, touched->port.n) =
			dnat->protocol == PROTOCOL_ALL
				? (struct reach_range){ 0, UINT16_MAX }
				: (struct reach_range){ dnat->public_first, dnat->public_last };
	}
}

/* ---- both models ---- */

/* Mostly it is at the same place. */
static const struct resource *find_in(const struct model *model, const struct resource *resource)
{
	const struct resource *other = model_get(model, resource->noun, resource->place);
	auto_text name = { 0 };

	if (resource->noun != NOUN_SERVICE)
		return other && strcmp(other->name, resource->name) == 0
			       ? other
			       : model_find(model, resource->name);
	text_addf(&name, "%s/%s", ((const struct service *)resource)->node->name, resource->name);
	return model_find(model, text_get(&name));
}

/* Is it another in the other one, or not known to be the same? */
static bool is_changed(const struct reach *reach, size_t i, const struct resource *resource)
{
	const struct resource *other = find_in(reach->model[!i], resource);

	return !other || !resource_same(resource, other) ||
	       !explain_index_same_host(reach->index[i], resource, reach->index[!i], other);
}

void touched_free(struct touched *touched, unsigned n_class)
{
	for (unsigned i = 0; touched && i < n_class; i++)
		free(touched[i].port.range);
	free(touched);
}

struct touched *touched_classes(const struct reach *reach)
{
	const struct space *space = reach->space;
	struct touched *class = xalloc((space->n_class + 1) * sizeof(*class));
	bool all = reach->model[0]->provider != reach->model[1]->provider ||
		   reach->model[0]->profile != reach->model[1]->profile;

	for (size_t i = 0; i < 2 && !all; i++) {
		const struct model *model = reach->model[i];
		struct touching touching = { .model = model,
					     .i = i,
					     .touched = xalloc(model->next_id + 1) };

		for (unsigned noun = 0; noun < NOUN_COUNT; noun++)
			model_each(model, (enum noun)noun, const struct resource, resource)
				if (is_changed(reach, i, resource))
					touch_changed(&touching, resource);
		spread(&touching);
		for (size_t e = 0; e < space->n_end && !touching.all; e++) {
			struct touched *touched = &class[space->end[e].class];

			touched->all |= end_is_touched(&touching, &space->end[e]);
			touch_ports(&touching, &space->end[e], touched);
		}
		all = touching.all;
		free(touching.touched);
	}
	for (unsigned i = 0; i < space->n_class; i++)
		reach_set_order(&class[i].port);
	if (!all)
		return class;
	touched_free(class, space->n_class);
	return NULL;
}
