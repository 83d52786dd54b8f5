/* SPDX-License-Identifier: GPL-3.0-only */
#include <stdlib.h>

#include "lab/model/model.h"

size_t resource_size(enum noun noun)
{
	static const size_t sizes[NOUN_COUNT] = {
		[NOUN_VPC] = sizeof(struct vpc),
		[NOUN_VSWITCH] = sizeof(struct vswitch),
		[NOUN_SECURITY_GROUP] = sizeof(struct security_group),
		[NOUN_ECS] = sizeof(struct ecs),
		[NOUN_ENI] = sizeof(struct eni),
		[NOUN_ROUTE_TABLE] = sizeof(struct route_table),
		[NOUN_ROUTE] = sizeof(struct route),
		[NOUN_INTERNET_GATEWAY] = sizeof(struct internet_gateway),
		[NOUN_NAT_GATEWAY] = sizeof(struct nat_gateway),
		[NOUN_EIP] = sizeof(struct eip),
		[NOUN_SNAT] = sizeof(struct snat),
		[NOUN_DNAT] = sizeof(struct dnat),
		[NOUN_INTERNET_HOST] = sizeof(struct internet_host),
		[NOUN_ACL] = sizeof(struct acl),
		[NOUN_SERVICE] = sizeof(struct service),
	};

	return sizes[noun];
}

uint32_t resource_address(const struct resource *resource)
{
	switch (resource->noun) {
	case NOUN_ECS:
		return ((const struct ecs *)resource)->eni[0]->ip;
	case NOUN_ENI:
		return ((const struct eni *)resource)->ip;
	case NOUN_EIP:
		return ((const struct eip *)resource)->ip;
	case NOUN_INTERNET_HOST:
		return ((const struct internet_host *)resource)->ip;
	case NOUN_NAT_GATEWAY:
		return ((const struct nat_gateway *)resource)->private_ip;
	case NOUN_VPC:
	case NOUN_VSWITCH:
	case NOUN_SECURITY_GROUP:
	case NOUN_ROUTE_TABLE:
	case NOUN_ROUTE:
	case NOUN_INTERNET_GATEWAY:
	case NOUN_SNAT:
	case NOUN_DNAT:
	case NOUN_ACL:
	case NOUN_SERVICE:
	case NOUN_COUNT:
		break;
	}
	return 0;
}

const struct resource *eni_owner(const struct eni *eni)
{
	return eni->primary ? &eni->ecs->resource : &eni->resource;
}

const struct vpc *resource_vpc(const struct resource *resource)
{
	switch (resource->noun) {
	case NOUN_VPC:
		return (const struct vpc *)resource;
	case NOUN_VSWITCH:
		return ((const struct vswitch *)resource)->vpc;
	case NOUN_SECURITY_GROUP:
		return ((const struct security_group *)resource)->vpc;
	case NOUN_ECS:
		return ((const struct ecs *)resource)->eni[0]->vswitch->vpc;
	case NOUN_ENI:
		return ((const struct eni *)resource)->vswitch->vpc;
	case NOUN_ROUTE_TABLE:
		return ((const struct route_table *)resource)->vpc;
	case NOUN_ROUTE:
		return ((const struct route *)resource)->table->vpc;
	case NOUN_INTERNET_GATEWAY:
		return ((const struct internet_gateway *)resource)->vpc;
	case NOUN_NAT_GATEWAY:
		return ((const struct nat_gateway *)resource)->vpc;
	case NOUN_SNAT:
		return ((const struct snat *)resource)->nat_gateway->vpc;
	case NOUN_DNAT:
		return ((const struct dnat *)resource)->nat_gateway->vpc;
	case NOUN_ACL:
		return ((const struct acl *)resource)->vpc;
	case NOUN_EIP:
	case NOUN_INTERNET_HOST:
	case NOUN_SERVICE:
	case NOUN_COUNT:
		break;
	}
	return NULL;
}

uint32_t eni_public_ip(const struct eni *eni)
{
	if (eni->eip)
		return eni->eip->ip;
	return eni->primary && eni->ecs ? eni->ecs->public_ip : 0;
}

bool nat_gateway_needs_address(const struct nat_gateway *nat)
{
	return nat->vswitch && nat->bind_mode == BIND_NAT;
}

const struct eni *route_interface(const struct route *route)
{
	if (!route->via)
		return NULL; /* it was deleted */
	if (route->via_type == HOP_ECS)
		return ((const struct ecs *)route->via)->eni[0];
	return route->via_type == HOP_ENI ? (const struct eni *)route->via : NULL;
}

enum noun route_hop_noun(const struct route *route)
{
	static const enum noun nouns[] = {
		[HOP_LOCAL] = NOUN_VPC,
		[HOP_NAT_GATEWAY] = NOUN_NAT_GATEWAY,
		[HOP_ECS] = NOUN_ECS,
		[HOP_ENI] = NOUN_ENI,
		[HOP_INTERNET_GATEWAY] = NOUN_INTERNET_GATEWAY,
	};

	return nouns[route->via_type];
}

bool route_is_blackhole(const struct route *route)
{
	if (!route->via)
		return true;
	if (route->via_type == HOP_INTERNET_GATEWAY)
		return ((const struct internet_gateway *)route->via)->vpc != route->table->vpc;
	return route->via_type == HOP_ENI && !((const struct eni *)route->via)->ecs;
}

/* ---- the end of one ---- */

static void free_words(char **word, size_t n)
{
	for (size_t i = 0; i < n; i++)
		free(word[i]);
	free(word);
}

static void free_service(struct service *service)
{
	size_t n = 0;

	while (service->argv && service->argv[n])
		n++;
	free_words(service->argv, n);
}

static void free_ecs(struct ecs *ecs)
{
	if (ecs->n_eni && ecs->eni[0])
		model_free_resource(&ecs->eni[0]->resource);
	free(ecs->eni);
}

void model_free_resource(struct resource *resource)
{
	switch (resource->noun) {
	case NOUN_VSWITCH:
		free(((struct vswitch *)resource)->zone);
		break;
	case NOUN_SECURITY_GROUP:
		free(((struct security_group *)resource)->rule);
		break;
	case NOUN_ACL:
		free(((struct acl *)resource)->rule);
		break;
	case NOUN_ECS:
		free_ecs((struct ecs *)resource);
		break;
	case NOUN_ENI:
		free(((struct eni *)resource)->group);
		break;
	case NOUN_SNAT:
		free(((struct snat *)resource)->eip);
		break;
	case NOUN_INTERNET_HOST:
		free_words(((struct internet_host *)resource)->dns,
			   ((struct internet_host *)resource)->n_dns);
		break;
	case NOUN_ROUTE:
		free(((struct route *)resource)->lost);
		break;
	case NOUN_SERVICE:
		free_service((struct service *)resource);
		break;
	case NOUN_VPC:
	case NOUN_ROUTE_TABLE:
	case NOUN_INTERNET_GATEWAY:
	case NOUN_NAT_GATEWAY:
	case NOUN_EIP:
	case NOUN_DNAT:
	case NOUN_COUNT:
		break;
	}
	free(resource->name);
	free(resource);
}
