/* SPDX-License-Identifier: GPL-3.0-only */
#include <errno.h>

#include "core/base/cleanup.h"
#include "core/base/memory.h"
#include "lab/nouns/internal.h"
#include "lab/nouns/nouns.h"

/*
 * A gateway endpoint of AWS: routes to a service's addresses that it writes into the tables chosen,
 * by itself. They are narrower than 0.0.0.0/0, so this traffic passes no gateway, costs nothing,
 * and the service sees the private source address. Which internet hosts are the service, the user
 * says; each address of it is a route.
 * cloud-semantics: end-1, end-3
 */

static struct route route_of(const struct vpc_endpoint *endpoint, struct route_table *table,
			     const struct internet_host *host)
{
	return (struct route){ .table = table,
			       .to = HOST_PREFIX(host->ip),
			       .via_noun = NOUN_VPC_ENDPOINT,
			       .via = (struct resource *)(uintptr_t)&endpoint->resource };
}

/* Its routes would be there twice. */
static int refuse_twice(const char *key, const char *name, struct error *err)
{
	error_refuse(err, "InvalidParameterValue", key, "%s is named twice", name);
	return error_hint(err, "name it once");
}

static int check_tables(const struct model *m, const struct vpc_endpoint *wanted, struct error *err)
{
	for (size_t i = 0; i < wanted->n_table; i++) {
		for (size_t k = 0; k < i; k++)
			if (wanted->table[k] == wanted->table[i])
				return refuse_twice("route-table", wanted->table[i]->resource.name,
						    err);
		if (wanted->table[i]->vpc != wanted->vpc) {
			error_refuse(err, "InvalidParameterValue", "route-table",
				     "%s is in %s, and the endpoint in %s",
				     wanted->table[i]->resource.name,
				     wanted->table[i]->vpc->resource.name,
				     wanted->vpc->resource.name);
			return error_hint(err, "route-table show");
		}
		for (size_t k = 0; k < wanted->n_host; k++) {
			const struct route *same =
				route_find(m, wanted->table[i], HOST_PREFIX(wanted->host[k]->ip));

			if (!same)
				continue;
			error_refuse(err, "RouteAlreadyExists", "route-table",
				     "%s has a route to %s already: %s",
				     wanted->table[i]->resource.name,
				     wanted->host[k]->resource.name, same->resource.name);
			return error_hint(err,
					  same->via_noun == NOUN_VPC_ENDPOINT
						  ? "one endpoint of a service is enough"
						  : "route delete %s",
					  same->resource.name);
		}
	}
	return 0;
}

int vpc_endpoint_check_cidr(const struct model *m, const struct vpc_endpoint *endpoint,
			    struct prefix cidr, struct error *err)
{
	for (size_t i = 0; i < endpoint->n_host; i++) {
		model_each_user(m, NOUN_VPC_ENDPOINT, endpoint->host[i], const struct vpc_endpoint,
				other) {
			if (other == endpoint)
				continue;
			for (size_t k = 0; k < other->vpc->cidr.n_item; k++) {
				if (!prefix_overlaps(other->vpc->cidr.item[k], cidr))
					continue;
				/* The lab's own rule: the host answers by a route, and has one for
				 * each address. */
				error_refuse(
					err, "InvalidParameterValue", NULL,
					"%s overlaps %s, which has an endpoint (%s) for %s, too, "
					"and in a lab one host cannot tell the two apart",
					endpoint->vpc->resource.name, other->vpc->resource.name,
					other->resource.name, endpoint->host[i]->resource.name);
				return error_hint(err,
						  "internet-host create NAME makes another one");
			}
		}
	}
	return 0;
}

/* The lab's own rule: a host answers a VPC by one endpoint. */
static int check_only(const struct model *m, const struct vpc_endpoint *wanted, struct error *err)
{
	for (size_t i = 0; i < wanted->n_host; i++) {
		for (size_t k = 0; k < i; k++)
			if (wanted->host[k] == wanted->host[i])
				return refuse_twice("service", wanted->host[i]->resource.name, err);
		model_each_user(m, NOUN_VPC_ENDPOINT, wanted->host[i], const struct vpc_endpoint,
				other) {
			if (other->vpc != wanted->vpc)
				continue;
			error_refuse(err, "InvalidParameterValue", "service",
				     "%s has an endpoint for %s already: %s",
				     wanted->vpc->resource.name, wanted->host[i]->resource.name,
				     other->resource.name);
			return error_hint(err,
					  "make it again with all its tables: vpc-endpoint "
					  "delete %s",
					  other->resource.name);
		}
	}
	return 0;
}

static int vpc_endpoint_create(struct model *m, void *request, struct error *err)
{
	struct vpc_endpoint *wanted = request, *endpoint;
	int r = check_only(m, wanted, err);

	if (r == 0)
		r = check_tables(m, wanted, err);
	for (size_t i = 0; r == 0 && i < wanted->vpc->cidr.n_item; i++)
		r = vpc_endpoint_check_cidr(m, wanted, wanted->vpc->cidr.item[i], err);
	if (r < 0)
		return r;
	endpoint = model_make(m, NOUN_VPC_ENDPOINT, wanted);
	endpoint->host = array_copy(wanted->host, wanted->n_host, sizeof(*wanted->host));
	endpoint->table = array_copy(wanted->table, wanted->n_table, sizeof(*wanted->table));
	for (size_t i = 0; i < endpoint->n_table; i++)
		for (size_t k = 0; k < endpoint->n_host; k++) {
			struct route route =
				route_of(endpoint, endpoint->table[i], endpoint->host[k]);
			auto_free char *name = xprintf("%s/%s/%s", endpoint->resource.name,
						       route.table->resource.name,
						       endpoint->host[k]->resource.name);

			route.resource.name = name;
			model_make(m, NOUN_ROUTE, &route);
		}
	return 0;
}

static int vpc_endpoint_delete(struct model *m, void *request, struct error *err)
{
	struct vpc_endpoint *endpoint = ((struct subject *)request)->resource;

	(void)err;
	model_remove_users(m, NOUN_ROUTE, endpoint);
	model_remove(m, &endpoint->resource);
	return 0;
}

int vpc_endpoint_leave(const struct model *m, const struct resource *used, struct error *err)
{
	const struct vpc_endpoint *endpoint = model_user(m, NOUN_VPC_ENDPOINT, used, NULL);

	if (!endpoint)
		return 0;
	error_refuse(err, "DependencyViolation", NULL, "the endpoint %s still uses %s",
		     endpoint->resource.name, used->name);
	return error_hint(err, "vpc-endpoint delete %s", endpoint->resource.name);
}

const struct command vpc_endpoint_rows[] = {
	{
		.words = "vpc-endpoint create",
		.parameter = { NEW_NAME,
			       { KEY_OF("vpc", NOUN_VPC, PARAMETER_REQUIRED, "the VPC it serves"),
				 IN(struct vpc_endpoint, vpc) },
			       { .name = "service",
				 .kind = ARGUMENT_REFERENCES,
				 .flags = PARAMETER_KEY | PARAMETER_REQUIRED,
				 .nouns = NOUNS(NOUN_INTERNET_HOST),
				 .help = "the internet hosts that are S3 or DynamoDB here",
				 IN_BOTH(struct vpc_endpoint, host, n_host) },
			       { .name = "route-table",
				 .kind = ARGUMENT_REFERENCES,
				 .flags = PARAMETER_KEY | PARAMETER_REQUIRED,
				 .nouns = NOUNS(NOUN_ROUTE_TABLE),
				 .help = "the tables that get its routes",
				 IN_BOTH(struct vpc_endpoint, table, n_table) } },
		.summary = "lead a VPC to S3 or DynamoDB past its gateways",
		.example = "vpc-endpoint create VPCE1 vpc VPC1 service s3 route-table VPC1/main",
		.providers = FOR_AWS,
		CHANGES(struct vpc_endpoint, vpc_endpoint_create),
	},
	{ DELETE("vpc-endpoint", NOUN_VPC_ENDPOINT, vpc_endpoint_delete,
		 "remove a gateway endpoint and its routes", "VPCE1") |
		  COMMAND_TRIED,
	  .providers = FOR_AWS },
	{ SHOW("vpc-endpoint", NOUN_VPC_ENDPOINT, "list gateway endpoints",
	       "vpc service route_table status"),
	  .providers = FOR_AWS },
	{ .words = NULL },
};
