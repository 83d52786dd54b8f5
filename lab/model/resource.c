/* SPDX-License-Identifier: GPL-3.0-only */
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include "lab/model/internal.h"
#include "lab/model/model.h"

#define AT(struct_, member_) offsetof(struct struct_, member_)
#define LINK(struct_, member_)                     \
	{                                          \
		PART_LINK, AT(struct_, member_), 0 \
	}
#define LINKS(struct_, member_, n_)                               \
	{                                                         \
		PART_LINKS, AT(struct_, member_), AT(struct_, n_) \
	}
#define RULES(struct_)                                             \
	{                                                          \
		PART_RULES, AT(struct_, rule), AT(struct_, n_rule) \
	}
#define TEXT(struct_, member_)                     \
	{                                          \
		PART_TEXT, AT(struct_, member_), 0 \
	}

const struct noun_type noun_types[NOUN_COUNT] = {
	[NOUN_VPC] = { .size = sizeof(struct vpc),
		       .part = { LINK(vpc, system_table), LINK(vpc, default_group),
				 LINK(vpc, default_acl), LINK(vpc, internet_gateway) } },
	[NOUN_VSWITCH] = { .size = sizeof(struct vswitch),
			   .in = AT(vswitch, vpc),
			   .part = { LINK(vswitch, vpc), LINK(vswitch, table), LINK(vswitch, acl),
				     TEXT(vswitch, zone) } },
	[NOUN_PREFIX_LIST] = { .size = sizeof(struct prefix_list),
			       .part = { { PART_PREFIXES, AT(prefix_list, entry),
					   AT(prefix_list, n_entry) } } },
	[NOUN_SECURITY_GROUP] = { .size = sizeof(struct security_group),
				  .in = AT(security_group, vpc),
				  .part = { LINK(security_group, vpc), RULES(security_group) } },
	[NOUN_ECS] = { .size = sizeof(struct ecs), .part = { LINKS(ecs, eni, n_eni) } },
	[NOUN_ENI] = { .size = sizeof(struct eni),
		       .in = AT(eni, vswitch),
		       .address = AT(eni, ip),
		       .part = { LINK(eni, vswitch),
				 LINK(eni, ecs),
				 LINK(eni, eip),
				 LINKS(eni, group, n_group),
				 LINKS(eni, secondary_eip, n_secondary_eip),
				 { PART_PREFIXES, AT(eni, secondary), AT(eni, n_secondary) } } },
	[NOUN_ROUTE_TABLE] = { .size = sizeof(struct route_table),
			       .in = AT(route_table, vpc),
			       .part = { LINK(route_table, vpc) } },
	[NOUN_ROUTE] = { .size = sizeof(struct route),
			 .in = AT(route, table),
			 .part = { LINK(route, table), LINK(route, list), LINK(route, via),
				   TEXT(route, lost) } },
	[NOUN_INTERNET_GATEWAY] = { .size = sizeof(struct internet_gateway),
				    .in = AT(internet_gateway, vpc),
				    .part = { LINK(internet_gateway, vpc),
					      LINK(internet_gateway, table) } },
	/* In two VPCs, and so in none. */
	[NOUN_VPC_PEERING] = { .size = sizeof(struct vpc_peering),
			       .part = { LINK(vpc_peering, vpc), LINK(vpc_peering, peer) } },
	[NOUN_VPC_ENDPOINT] = { .size = sizeof(struct vpc_endpoint),
				.in = AT(vpc_endpoint, vpc),
				.part = { LINK(vpc_endpoint, vpc),
					  LINKS(vpc_endpoint, host, n_host),
					  LINKS(vpc_endpoint, table, n_table) } },
	[NOUN_TRANSIT_ROUTER] = { .size = sizeof(struct transit_router),
				  .part = { LINK(transit_router, default_table) } },
	[NOUN_TRANSIT_TABLE] = { .size = sizeof(struct transit_table),
				 .part = { LINK(transit_table, router) } },
	[NOUN_TRANSIT_ATTACHMENT] = { .size = sizeof(struct transit_attachment),
				      .in = AT(transit_attachment, vpc),
				      .part = { LINK(transit_attachment, router),
						LINK(transit_attachment, vpc),
						LINK(transit_attachment, associated),
						LINKS(transit_attachment, vswitch, n_vswitch),
						LINKS(transit_attachment, propagated,
						      n_propagated) } },
	[NOUN_TRANSIT_ROUTE] = { .size = sizeof(struct transit_route),
				 .part = { LINK(transit_route, table), LINK(transit_route, via) } },
	[NOUN_NAT_GATEWAY] = { .size = sizeof(struct nat_gateway),
			       .in = AT(nat_gateway, vpc),
			       .address = AT(nat_gateway, private_ip),
			       .part = { LINK(nat_gateway, vpc), LINK(nat_gateway, vswitch) } },
	[NOUN_NAT_IP] = { .size = sizeof(struct eip),
			  .in = AT(eip, associated),
			  .address = AT(eip, ip),
			  .part = { LINK(eip, associated) } },
	[NOUN_EIP] = { .size = sizeof(struct eip),
		       .address = AT(eip, ip),
		       .part = { LINK(eip, associated),
				 { PART_TEXTS, AT(eip, dns), AT(eip, n_dns) } } },
	[NOUN_SNAT] = { .size = sizeof(struct snat),
			.in = AT(snat, nat_gateway),
			.part = { LINK(snat, nat_gateway), LINK(snat, source),
				  LINKS(snat, eip, n_eip) } },
	[NOUN_DNAT] = { .size = sizeof(struct dnat),
			.in = AT(dnat, nat_gateway),
			.part = { LINK(dnat, nat_gateway), LINK(dnat, eip), LINK(dnat, target) } },
	[NOUN_INTERNET_HOST] = { .size = sizeof(struct internet_host),
				 .address = AT(internet_host, ip),
				 .part = { { PART_TEXTS, AT(internet_host, dns),
					     AT(internet_host, n_dns) } } },
	[NOUN_ACL] = { .size = sizeof(struct acl),
		       .in = AT(acl, vpc),
		       .part = { LINK(acl, vpc), RULES(acl) } },
	[NOUN_PRIVATE_ZONE] = { .size = sizeof(struct private_zone),
				.part = { TEXT(private_zone, domain),
					  LINKS(private_zone, vpc, n_vpc) } },
	[NOUN_ZONE_RECORD] = { .size = sizeof(struct zone_record),
			       .part = { LINK(zone_record, zone), TEXT(zone_record, host),
					 TEXT(zone_record, value) } },
	[NOUN_LOAD_BALANCER] = { .size = sizeof(struct load_balancer),
				 .in = AT(load_balancer, vswitch),
				 .address = AT(load_balancer, private_ip),
				 .part = { LINK(load_balancer, vswitch) } },
	[NOUN_TARGET_GROUP] = { .size = sizeof(struct target_group),
				.in = AT(target_group, vpc),
				.part = { LINK(target_group, vpc), LINK(target_group, balancer),
					  LINKS(target_group, target, n_target) } },
	[NOUN_LISTENER] = { .size = sizeof(struct listener),
			    .in = AT(listener, balancer),
			    .part = { LINK(listener, balancer), LINK(listener, group) } },
	[NOUN_SERVICE] = { .size = sizeof(struct service),
			   .part = { LINK(service, node), { PART_VECTOR, AT(service, argv), 0 } } },
};

size_t resource_size(enum noun noun)
{
	return noun_types[noun].size;
}

/* What stands for an ECS in the network. */
static const struct resource *primary_of(const struct resource *resource)
{
	return resource->noun == NOUN_ECS ? &((const struct ecs *)resource)->eni[0]->resource
					  : resource;
}

uint32_t resource_address(const struct resource *resource)
{
	const struct resource *holder = primary_of(resource);
	const size_t offset = noun_types[holder->noun].address;

	return offset ? *(const uint32_t *)(const void *)((const char *)holder + offset) : 0;
}

uint32_t resource_public_address(const struct resource *resource)
{
	if (resource->noun == NOUN_EIP || resource->noun == NOUN_INTERNET_HOST)
		return resource_address(resource);
	resource = primary_of(resource);
	return resource->noun == NOUN_ENI ? eni_public_ip((const struct eni *)resource) : 0;
}

char *const *resource_dns(const struct resource *resource, size_t *ret_n)
{
	const struct internet_host *host = (const struct internet_host *)resource;
	const struct eip *eip = (const struct eip *)resource;

	*ret_n = resource->noun == NOUN_EIP             ? eip->n_dns
		 : resource->noun == NOUN_INTERNET_HOST ? host->n_dns
							: 0;
	return resource->noun == NOUN_EIP             ? eip->dns
	       : resource->noun == NOUN_INTERNET_HOST ? host->dns
						      : NULL;
}

const struct vpc *resource_vpc(const struct resource *resource)
{
	while (resource && resource->noun != NOUN_VPC) {
		const struct resource *inner = primary_of(resource);
		const size_t offset = noun_types[inner->noun].in;

		resource = offset ? *(void *const *)(const void *)((const char *)inner + offset)
				  : NULL;
	}
	return (const struct vpc *)resource;
}

const struct prefix *vpc_cidr_over(const struct vpc *vpc, struct prefix prefix)
{
	for (size_t i = 0; i < vpc->cidr.n_item; i++)
		if (prefix_covers(vpc->cidr.item[i], prefix))
			return &vpc->cidr.item[i];
	return NULL;
}

const struct prefix *vpc_cidr_of(const struct vpc *vpc, uint32_t address)
{
	return vpc_cidr_over(vpc, HOST_PREFIX(address));
}

const char *prefixes_format(const struct prefixes *prefixes, char text[static PREFIXES_TEXT_SIZE])
{
	size_t length = 0;

	text[0] = '\0';
	for (size_t i = 0; i < prefixes->n_item; i++) {
		if (i > 0)
			text[length++] = ',';
		length += strlen(prefix_format(prefixes->item[i], text + length));
	}
	return text;
}

bool vpcs_overlap(const struct vpc *a, const struct vpc *b)
{
	for (size_t i = 0; i < a->cidr.n_item; i++)
		for (size_t k = 0; k < b->cidr.n_item; k++)
			if (prefix_overlaps(a->cidr.item[i], b->cidr.item[k]))
				return true;
	return false;
}

const struct internet_gateway *vpc_gateway(const struct vpc *vpc)
{
	const struct internet_gateway *gateway = vpc->internet_gateway;

	return gateway && gateway->active ? gateway : NULL;
}

bool vpc_is_controlled(const struct vpc *vpc)
{
	return vpc->no_internet || vpc_gateway(vpc);
}

struct vpc *vpc_peering_other(const struct vpc_peering *peering, const struct vpc *vpc)
{
	return vpc == peering->vpc ? peering->peer : vpc == peering->peer ? peering->vpc : NULL;
}

const struct resource *eni_owner(const struct eni *eni)
{
	return eni->primary ? &eni->ecs->resource : &eni->resource;
}

uint32_t eni_address(const struct eni *eni, size_t i)
{
	if (i == 0)
		return eni->ip;
	return i <= eni->n_secondary ? eni->secondary[i - 1].address : 0;
}

bool eni_is_cut_through(const struct eni *eni)
{
	return eni->eip && eni->eip->mode == EIP_BINDED;
}

bool eip_is_cut_through(const struct eip *eip)
{
	return eip->associated && eip->mode == EIP_BINDED;
}

uint32_t eni_guest_address(const struct eni *eni, size_t i)
{
	if (i == 0 && eni_is_cut_through(eni))
		return eni->eip->ip;
	return i == 0 || eni->guest_has_secondary ? eni_address(eni, i) : 0;
}

uint8_t eni_guest_length(const struct eni *eni, size_t i)
{
	return i == 0 && !eni_is_cut_through(eni) ? eni->vswitch->cidr.length : 32;
}

bool eni_has_address(const struct eni *eni, uint32_t ip)
{
	uint32_t own;

	for (size_t i = 0; (own = eni_address(eni, i)); i++)
		if (own == ip)
			return true;
	return false;
}

struct eip *eni_eip(const struct eni *eni, uint32_t ip)
{
	if (ip == eni->ip)
		return eni->eip;
	for (size_t i = 0; i < eni->n_secondary_eip; i++)
		if (eni->secondary_eip[i]->private_ip == ip)
			return eni->secondary_eip[i];
	return NULL;
}

uint32_t eni_public_ip_of(const struct eni *eni, uint32_t ip)
{
	const struct eip *eip = eni_eip(eni, ip);

	if (eip)
		return eip->ip;
	return eni->primary && eni->ecs && ip == eni->ip ? eni->ecs->public_ip : 0;
}

uint32_t eni_translated_ip(const struct eni *eni, uint32_t ip)
{
	return eni_is_cut_through(eni) ? 0 : eni_public_ip_of(eni, ip);
}

uint32_t eni_public_ip(const struct eni *eni)
{
	return eni_public_ip_of(eni, eni->ip);
}

const struct resource *address_associated(const struct resource *resource)
{
	return resource->noun == NOUN_EIP || resource->noun == NOUN_NAT_IP
		       ? ((const struct eip *)resource)->associated
		       : NULL;
}

uint32_t eip_inside_address(const struct eip *eip)
{
	return eip->private_ip   ? eip->private_ip
	       : eip->associated ? resource_address(eip->associated)
				 : 0;
}

bool nat_gateway_needs_address(const struct nat_gateway *nat)
{
	return nat->vswitch && nat->bind_mode == BIND_NAT;
}

const struct eni *route_interface(const struct route *route)
{
	if (!route->via)
		return NULL; /* it was deleted */
	if (route->via_noun == NOUN_ECS)
		return ((const struct ecs *)route->via)->eni[0];
	return route->via_noun == NOUN_ENI ? (const struct eni *)route->via : NULL;
}

const struct prefix *route_to(const struct route *route, size_t *ret_n)
{
	*ret_n = route->list ? route->list->n_entry : 1;
	return route->list ? route->list->entry : &route->to;
}

const char *route_to_word(const struct route *route, char text[static PREFIX_TEXT_SIZE])
{
	return route->list ? route->list->resource.name : prefix_format(route->to, text);
}

bool route_is_blackhole(const struct route *route)
{
	if (!route->via)
		return true;
	if (route->via_noun == NOUN_INTERNET_GATEWAY)
		return (const void *)vpc_gateway(route->table->vpc) != route->via;
	if (route->via_noun == NOUN_VPC_PEERING)
		return ((const struct vpc_peering *)route->via)->state != PEERING_ACTIVE;
	return route->via_noun == NOUN_ENI && !((const struct eni *)route->via)->ecs;
}

size_t part_count(const struct part *part, const struct resource *resource)
{
	const void *at = (const char *)resource + part->offset;
	char *const *vector = *(void *const *)at;
	size_t n = 0;

	if (part->kind != PART_VECTOR)
		return part->n ? *(const size_t *)(const void *)((const char *)resource + part->n)
			       : 1;
	while (vector && vector[n])
		n++;
	return n;
}

static bool is_user(const struct resource *resource, const void *of)
{
	for (const struct part *part = noun_types[resource->noun].part; part->kind; part++) {
		const void *const at = (const char *)resource + part->offset;
		const void *const *link = part->kind == PART_LINK ? at : *(void *const *)at;

		if (part->kind != PART_LINK && part->kind != PART_LINKS)
			continue;
		for (size_t i = part_count(part, resource); i-- > 0;)
			if (link[i] && link[i] == of)
				return true;
	}
	return false;
}

void *model_user(const struct model *model, enum noun noun, const void *of, const void *after)
{
	struct resource *user = after ? model_next(model, after) : model_get(model, noun, 0);

	while (user && !is_user(user, of))
		user = model_next(model, user);
	return user;
}

unsigned model_count_users(const struct model *model, enum noun noun, const void *of)
{
	unsigned n = 0;

	model_each_user(model, noun, of, const struct resource, user)
		n++;
	return n;
}

void model_remove_users(struct model *model, enum noun noun, const void *of)
{
	for (struct resource *user; (user = model_user(model, noun, of, NULL));)
		model_remove(model, user);
}

void model_free_resource(struct resource *resource)
{
	const struct part *part = noun_types[resource->noun].part;

	if (resource->noun == NOUN_ECS && ((struct ecs *)resource)->n_eni)
		model_free_resource(&((struct ecs *)resource)->eni[0]->resource); /* in no list */
	for (; part->kind; part++) {
		char **text = *(void **)(void *)((char *)resource + part->offset);

		if (part->kind == PART_TEXTS || part->kind == PART_VECTOR)
			for (size_t i = part_count(part, resource); i-- > 0;)
				free(text[i]);
		if (part->kind != PART_LINK)
			free(text);
	}
	free(resource->name);
	free(resource->note);
	free(resource);
}
