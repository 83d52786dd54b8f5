/* SPDX-License-Identifier: GPL-3.0-only */
#include <errno.h>
#include <stddef.h>

#include "core/base/cleanup.h"
#include "core/base/memory.h"
#include "lab/nouns/internal.h"
#include "lab/nouns/nouns.h"

/*
 * Alibaba's IPv4 gateway. From its activation on, routes decide what of a VPC reaches the internet:
 * a vSwitch is public only by 0.0.0.0/0 to the gateway.
 * cloud-semantics: addr-7, addr-8, addr-9, addr-10, addr-11, addr-12, op-29
 */

/* cloud-semantics: addr-10 */
static int check_gateways(const struct model *m, const struct vpc *vpc, struct error *err)
{
	model_each_user(m, NOUN_NAT_GATEWAY, vpc, const struct nat_gateway, nat) {
		if (nat->type == NAT_STANDARD) {
			error_refuse(err, "OperationDenied.NormalNatExist", "vpc",
				     "%s has the standard NAT gateway %s", vpc->resource.name,
				     nat->resource.name);
			return error_hint(err, "nat-gateway delete %s", nat->resource.name);
		}
		if (nat->bind_mode == BIND_NAT)
			continue;
		error_refuse(err, "OperationDenied.DirectEipExist", "vpc",
			     "%s of %s binds its EIPs in the mode multi-binded", nat->resource.name,
			     vpc->resource.name);
		return error_hint(err, "nat-gateway set %s eip-bind-mode nat", nat->resource.name);
	}
	model_each(m, NOUN_EIP, const struct eip, eip) {
		if (!eip_is_cut_through(eip) || resource_vpc(eip->associated) != vpc)
			continue;
		error_refuse(err, "OperationDenied.ExistDirectEip", "vpc",
			     "%s of %s has the EIP %s in cut-through mode", eip->associated->name,
			     vpc->resource.name, eip->resource.name);
		return error_hint(err, "eip disassociate %s", eip->resource.name);
	}
	return 0;
}

static int ipv4_gateway_create(struct model *m, void *request, struct error *err)
{
	struct internet_gateway *wanted = request;
	struct vpc *vpc = wanted->vpc;

	if (vpc->internet_gateway) {
		error_refuse(err, "OperationDenied.VpcExistIpv4Gateway", "vpc",
			     "%s has the IPv4 gateway %s already", vpc->resource.name,
			     vpc->internet_gateway->resource.name);
		return error_hint(err, "ipv4-gateway show %s",
				  vpc->internet_gateway->resource.name);
	}
	if (check_gateways(m, vpc, err) < 0)
		return -EINVAL;
	vpc->internet_gateway = model_make(m, NOUN_INTERNET_GATEWAY, wanted);
	return 0;
}

struct activation {
	struct internet_gateway *gateway;
	struct route_table **table;
	size_t n_table;
};

static struct route default_route(const struct internet_gateway *gateway, struct route_table *table)
{
	return (struct route){ .table = table,
			       .to = DEFAULT_ROUTE,
			       .via_noun = NOUN_INTERNET_GATEWAY,
			       .via = (struct resource *)(uintptr_t)&gateway->resource };
}

/* The codes are those of a route that is made by hand. cloud-semantics: addr-8 */
static int check_table(const struct model *m, const struct internet_gateway *gateway,
		       const struct route_table *table, struct error *err)
{
	const struct route *same = route_find(m, table, DEFAULT_ROUTE);

	if (table->vpc != gateway->vpc) {
		error_refuse(err, "Mismatch.Ipv4GatewayIdAndRouteTableId", "route-table",
			     "%s is in %s, but %s is in %s", table->resource.name,
			     table->vpc->resource.name, gateway->resource.name,
			     gateway->vpc->resource.name);
		return error_hint(err, "name tables of %s", gateway->vpc->resource.name);
	}
	if (table->of_gateway) {
		error_refuse(err, "OperationDenied.GatewayRouteTableNotPermitted", "route-table",
			     "%s is a gateway route table", table->resource.name);
		return error_hint(err, "name a table of vSwitches");
	}
	if (!same)
		return 0;
	error_refuse(err, "InvalidCIDRBlock.Duplicate", "route-table",
		     "%s has a route to 0.0.0.0/0 already: %s", table->resource.name,
		     same->resource.name);
	return error_hint(err, "leave %s out, then: route set %s via ipv4-gateway %s",
			  table->resource.name, same->resource.name, gateway->resource.name);
}

static int ipv4_gateway_activate(struct model *m, void *request, struct error *err)
{
	const struct activation *activation = request;
	struct internet_gateway *gateway = activation->gateway;

	if (gateway->active) {
		error_refuse(err, "OperationDenied.VpcHasAlreadyActive", NULL, "%s is active",
			     gateway->resource.name);
		return error_hint(err,
				  "route create NAME table TABLE to 0.0.0.0/0 via "
				  "ipv4-gateway %s",
				  gateway->resource.name);
	}
	if (check_gateways(m, gateway->vpc, err) < 0)
		return -EINVAL;
	for (size_t i = 0; i < activation->n_table; i++)
		if (check_table(m, gateway, activation->table[i], err) < 0)
			return -EINVAL;
	gateway->active = true;
	for (size_t i = 0; i < activation->n_table; i++) {
		struct route route = default_route(gateway, activation->table[i]);
		auto_free char *name = NULL;

		if (route_find(m, route.table, route.to))
			continue; /* the table is named twice */
		name = free_name(m, &gateway->resource, "default-route");
		route.resource.name = name;
		model_make(m, NOUN_ROUTE, &route);
	}
	model_touch(m);
	return 0;
}

struct gateway_table {
	struct internet_gateway *gateway;
	struct route_table *table;
};

static int ipv4_gateway_associate(struct model *m, void *request, struct error *err)
{
	struct internet_gateway *gateway = ((struct gateway_table *)request)->gateway;
	struct route_table *table = ((struct gateway_table *)request)->table;
	const char *name = gateway->resource.name, *table_name = table->resource.name;

	if (!gateway->active) {
		error_refuse(err, "OperationDenied.Ipv4GatewayNotActive", NULL, "%s is not active",
			     name);
		return error_hint(err, "ipv4-gateway activate %s", name);
	}
	if (!table->of_gateway) {
		error_refuse(err, "OperationDenied.RouteTableTypeIncorrect", "route-table",
			     "%s is a table of vSwitches", table_name);
		return error_hint(err, "route-table create NAME vpc %s associate-type gateway",
				  gateway->vpc->resource.name);
	}
	if (table->vpc != gateway->vpc) {
		error_refuse(err, "OperationDenied.GatewayAndTableNotInOneVpc", "route-table",
			     "%s is in %s, but %s is in %s", table_name, table->vpc->resource.name,
			     name, gateway->vpc->resource.name);
		return error_hint(err, "route-table create NAME vpc %s associate-type gateway",
				  gateway->vpc->resource.name);
	}
	if (gateway->table) {
		error_refuse(err, "ResourceAlreadyAssociated.Ipv4Gateway", NULL,
			     "%s is associated with %s already", name,
			     gateway->table->resource.name);
		return error_hint(err, "ipv4-gateway disassociate %s route-table %s", name,
				  gateway->table->resource.name);
	}
	gateway->table = table;
	model_touch(m);
	return 0;
}

static int ipv4_gateway_disassociate(struct model *m, void *request, struct error *err)
{
	struct internet_gateway *gateway = ((struct gateway_table *)request)->gateway;
	struct route_table *table = ((struct gateway_table *)request)->table;

	if (gateway->table != table) {
		error_refuse(err, "OperationFailed.NotExistAssociateRelation", "route-table",
			     "%s is not associated with %s", gateway->resource.name,
			     table->resource.name);
		return error_hint(err, "ipv4-gateway show %s", gateway->resource.name);
	}
	gateway->table = NULL;
	model_touch(m);
	return 0;
}

struct deletion {
	struct internet_gateway *gateway;
	bool public;
};

/* The codes for what is still there are the likeliest. cloud-semantics: addr-11 */
static int ipv4_gateway_delete(struct model *m, void *request, struct error *err)
{
	const struct deletion *deletion = request;
	struct internet_gateway *gateway = deletion->gateway;
	const struct route *route = model_user(m, NOUN_ROUTE, gateway, NULL);

	if (gateway->table) {
		error_refuse(err, "OperationDenied.GatewayAssociated", NULL,
			     "%s is associated with the route table %s", gateway->resource.name,
			     gateway->table->resource.name);
		return error_hint(err, "ipv4-gateway disassociate %s route-table %s",
				  gateway->resource.name, gateway->table->resource.name);
	}
	if (route && !deletion->public) {
		error_refuse(err, "DependencyViolation.RouteEntry", NULL,
			     "the route %s still points to %s", route->resource.name,
			     gateway->resource.name);
		return error_hint(err, "route delete %s", route->resource.name);
	}
	model_remove_users(m, NOUN_ROUTE, gateway);
	gateway->vpc->no_internet = !deletion->public;
	gateway->vpc->internet_gateway = NULL;
	model_remove(m, &gateway->resource);
	return 0;
}

static const struct word mode_words[] = { { "public", true }, { "private", false }, { 0 } };

#define KEY_TABLE(help_)                                                            \
	{                                                                           \
		KEY_OF("route-table", NOUN_ROUTE_TABLE, PARAMETER_REQUIRED, help_), \
			IN(struct gateway_table, table)                             \
	}

const struct command ipv4_gateway_rows[] = {
	{
		.words = "ipv4-gateway create",
		.parameter = { NEW_NAME,
			       { KEY_OF("vpc", NOUN_VPC, PARAMETER_REQUIRED, "the VPC it is for"),
				 IN(struct internet_gateway, vpc) } },
		.summary = "make an IPv4 gateway, which changes nothing before it is activated",
		.example = "ipv4-gateway create IPV4GW1 vpc VPC1",
		CHANGES(struct internet_gateway, ipv4_gateway_create),
	},
	{
		.words = "ipv4-gateway activate",
		.parameter = { NAME_OF(NOUN_INTERNET_GATEWAY),
			       { .name = "route-table",
				 .kind = ARGUMENT_REFERENCES,
				 .flags = PARAMETER_KEY,
				 .nouns = NOUNS(NOUN_ROUTE_TABLE),
				 .help = "tables that get 0.0.0.0/0 to it",
				 IN_BOTH(struct activation, table, n_table) } },
		.summary = "let routes decide which vSwitches of the VPC are public",
		.example = "ipv4-gateway activate IPV4GW1 route-table VPC1/system",
		CHANGES(struct activation, ipv4_gateway_activate),
	},
	{
		.words = "ipv4-gateway associate",
		.parameter = { NAME_OF(NOUN_INTERNET_GATEWAY),
			       KEY_TABLE("a gateway route table of the VPC") },
		.summary = "route what comes in by it, through a firewall say",
		.example = "ipv4-gateway associate IPV4GW1 route-table VTB3",
		CHANGES(struct gateway_table, ipv4_gateway_associate),
	},
	{
		.words = "ipv4-gateway disassociate",
		.parameter = { NAME_OF(NOUN_INTERNET_GATEWAY), KEY_TABLE("its route table") },
		.summary = "let what comes in by it go straight to the vSwitches",
		.example = "ipv4-gateway disassociate IPV4GW1 route-table VTB3",
		CHANGES(struct gateway_table, ipv4_gateway_disassociate),
	},
	{
		.words = "ipv4-gateway delete",
		.parameter = { NAME_OF(NOUN_INTERNET_GATEWAY),
			       { PARAMETER("internet-mode", CHOICE,
					   PARAMETER_KEY | PARAMETER_REQUIRED | PARAMETER_SWITCH,
					   "who reaches the internet then: as without one, or "
					   "nobody"),
				 .words = mode_words, IN(struct deletion, public) } },
		.summary = "remove an IPv4 gateway",
		.example = "ipv4-gateway delete IPV4GW1 internet-mode public",
		CHANGES(struct deletion, ipv4_gateway_delete) | COMMAND_REMOVES,
	},
	{ SHOW("ipv4-gateway", NOUN_INTERNET_GATEWAY, "list IPv4 gateways",
	       "vpc enabled route_table status") },
	{ .words = NULL },
};
