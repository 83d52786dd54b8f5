/* SPDX-License-Identifier: GPL-3.0-only */
/* The route tables of transit routers: who uses them, who fills them, and their static routes. */
#include <errno.h>
#include <string.h>

#include "core/base/cleanup.h"
#include "core/base/memory.h"
#include "lab/model/transit.h"
#include "lab/model/words.h"
#include "lab/nouns/internal.h"
#include "lab/nouns/nouns.h"

/* ---- tables ---- */

static int transit_table_create(struct model *m, void *request, struct error *err)
{
	(void)err;
	model_make(m, NOUN_TRANSIT_TABLE, request);
	return 0;
}

static int transit_table_delete(struct model *m, void *request, struct error *err)
{
	struct transit_table *table = ((struct subject *)request)->resource;
	const struct resource *user = model_user(m, NOUN_TRANSIT_ATTACHMENT, table, NULL);

	if (table == table->router->default_table || user) {
		error_refuse(
			err, user ? transit_codes[m->provider].associated : "DependencyViolation",
			NULL, user ? "%s still uses %s" : "%s goes with its %s",
			user ? user->name : table->resource.name,
			user ? table->resource.name : model_noun_title(m, NOUN_TRANSIT_ROUTER));
		return error_hint(err, "transit-route-table show");
	}
	model_remove_users(m, NOUN_TRANSIT_ROUTE, table);
	model_remove(m, &table->resource);
	return 0;
}

struct table_use {
	struct transit_table *table;
	struct transit_attachment *attachment;
};

static int check_router(const struct model *m, const struct table_use *use, struct error *err)
{
	if (use->table->router == use->attachment->router)
		return 0;
	error_refuse(err, model_cloud(m)->bad_value, "attachment", "%s is of %s, and %s of %s",
		     use->attachment->resource.name, use->attachment->router->resource.name,
		     use->table->resource.name, use->table->router->resource.name);
	return error_hint(err, "attachment show");
}

static size_t place_of(const struct table_use *use)
{
	size_t i = 0;

	while (i < use->attachment->n_propagated && use->attachment->propagated[i] != use->table)
		i++;
	return i;
}

static int refuse_use(const struct model *m, const struct table_use *use, const char *code,
		      const char *what, struct error *err)
{
	error_refuse(err, code ? code : model_cloud(m)->bad_value, "attachment", "%s %s %s",
		     use->attachment->resource.name, what, use->table->resource.name);
	return error_hint(err, "attachment show %s", use->attachment->resource.name);
}

static int table_associate(struct model *m, void *request, struct error *err)
{
	const struct table_use *use = request;

	if (check_router(m, use, err) < 0)
		return -EINVAL;
	if (use->attachment->associated) {
		error_refuse(err, transit_codes[m->provider].associated, "attachment",
			     "%s is associated with %s already", use->attachment->resource.name,
			     use->attachment->associated->resource.name);
		return error_hint(err, "transit-route-table disassociate %s attachment %s",
				  use->attachment->associated->resource.name,
				  use->attachment->resource.name);
	}
	use->attachment->associated = use->table;
	model_touch(m);
	return 0;
}

static int table_disassociate(struct model *m, void *request, struct error *err)
{
	const struct table_use *use = request;

	if (use->attachment->associated != use->table)
		return refuse_use(m, use, NULL, "is not associated with", err);
	use->attachment->associated = NULL;
	model_touch(m);
	return 0;
}

static int table_propagate(struct model *m, void *request, struct error *err)
{
	const struct table_use *use = request;
	struct transit_attachment *attachment = use->attachment;

	if (check_router(m, use, err) < 0)
		return -EINVAL;
	if (place_of(use) < attachment->n_propagated)
		return refuse_use(m, use, transit_codes[m->provider].propagated,
				  "propagates its routes already into", err);
	*ARRAY_PUSH(attachment->propagated, attachment->n_propagated) = use->table;
	model_touch(m);
	return 0;
}

static int table_withdraw(struct model *m, void *request, struct error *err)
{
	const struct table_use *use = request;
	struct transit_attachment *attachment = use->attachment;
	const size_t i = place_of(use);

	if (i == attachment->n_propagated)
		return refuse_use(m, use, NULL, "propagates nothing into", err);
	ARRAY_REMOVE(attachment->propagated, attachment->n_propagated, i);
	model_touch(m);
	return 0;
}

/* ---- routes ---- */

struct transit_route_request {
	struct transit_route route;
	bool blackhole;
};

static int transit_route_create(struct model *m, void *request, struct error *err)
{
	struct transit_route_request *wanted = request;
	const struct transit_route *route = &wanted->route;
	const struct table_use use = { route->table, route->via };
	char to[PREFIX_TEXT_SIZE];

	if (!route->via == !wanted->blackhole) {
		error_refuse(err,
			     route->via ? "ParamExclusive.NextHopTypeBlackHoleAndNextHopId"
					: "MissingParameter",
			     "attachment", "a route leads to an attachment or into a blackhole");
		return error_hint(err, "attachment NAME, or: blackhole");
	}
	if (route->via && check_router(m, &use, err) < 0)
		return -EINVAL;
	model_each_user(m, NOUN_TRANSIT_ROUTE, route->table, const struct transit_route, other) {
		if (!prefix_equal(other->to, route->to))
			continue;
		error_refuse(err, transit_codes[m->provider].route_exists, "to",
			     "%s has a route to %s already: %s", route->table->resource.name,
			     prefix_format(route->to, to), other->resource.name);
		return error_hint(err, "transit-route delete %s", other->resource.name);
	}
	model_make(m, NOUN_TRANSIT_ROUTE, route);
	return 0;
}

static void transit_route_describe(const struct model *m, const void *resource, void *request)
{
	struct transit_route_request *wanted = request;

	(void)m;
	wanted->route = *(const struct transit_route *)resource;
	wanted->blackhole = !wanted->route.via;
}

static int transit_route_delete(struct model *m, void *request, struct error *err)
{
	(void)err;
	model_remove(m, ((struct subject *)request)->resource);
	return 0;
}

/* ---- rows ---- */

#define USE_ROW(verb_, summary_, change_)                                                          \
	{                                                                                          \
		.words = "transit-route-table " verb_,                                             \
		.parameter = { NAME_OF(NOUN_TRANSIT_TABLE),                                        \
			       { KEY_OF("attachment", NOUN_TRANSIT_ATTACHMENT, PARAMETER_REQUIRED, \
					"which one"),                                              \
				 IN(struct table_use, attachment) } },                             \
		.summary = (summary_),                                                             \
		.example = "transit-route-table " verb_ " TR1/default attachment ATT1",            \
		CHANGES(struct table_use, change_),                                                \
	}

const struct command transit_route_rows[] = {
	{
		.words = "transit-route-table create",
		.parameter = { NEW_NAME,
			       KEY_TRANSIT_ROUTER("transit-router", struct transit_table, router) },
		.summary = "make a table that no attachment uses yet",
		.example = "transit-route-table create TRT1 transit-router TR1",
		.providers = FOR_ALIBABA,
		CHANGES(struct transit_table, transit_table_create),
	},
	{
		.words = "transit-route-table create",
		.parameter = { NEW_NAME, KEY_TRANSIT_ROUTER("transit-gateway", struct transit_table,
							    router) },
		.summary = "make a table that no attachment uses yet",
		.example = "transit-route-table create TRT1 transit-gateway TGW1",
		.providers = FOR_AWS,
		CHANGES(struct transit_table, transit_table_create),
	},
	USE_ROW("associate", "let it route what comes in by an attachment", table_associate),
	USE_ROW("disassociate", "an attachment without a table: what comes in is lost",
		table_disassociate),
	USE_ROW("enable-propagation", "let it learn the routes of an attachment's VPC",
		table_propagate),
	USE_ROW("disable-propagation", "let it forget them", table_withdraw),
	{ DELETE("transit-route-table", NOUN_TRANSIT_TABLE, transit_table_delete,
		 "remove an unused table", "TRT1") },
	{ SHOW("transit-route-table", NOUN_TRANSIT_TABLE, "list tables, with all their routes",
	       "transit_router routes", "transit_gateway routes") },
	{
		.words = "transit-route create",
		.parameter = { NEW_NAME,
			       { KEY_OF("table", NOUN_TRANSIT_TABLE, PARAMETER_REQUIRED,
					"such as TR1/default"),
				 IN(struct transit_route_request, route.table) },
			       { .name = "to",
				 .kind = ARGUMENT_CIDR,
				 .flags = PARAMETER_KEY | PARAMETER_REQUIRED | PARAMETER_BARE,
				 .help = "destination",
				 IN(struct transit_route_request, route.to) },
			       { KEY_OF("attachment", NOUN_TRANSIT_ATTACHMENT, 0, "next hop"),
				 IN(struct transit_route_request, route.via) },
			       { PARAMETER("blackhole", WORD, PARAMETER_FLAG, "instead: drop it"),
				 IN(struct transit_route_request, blackhole) } },
		.summary = "add a static route to a table",
		.example = "transit-route create R1 table TR1/default to 0.0.0.0/0 attachment ATT1",
		.describe = transit_route_describe,
		CHANGES(struct transit_route_request, transit_route_create),
	},
	{ DELETE("transit-route", NOUN_TRANSIT_ROUTE, transit_route_delete, "remove a static route",
		 "R1") |
	  COMMAND_TRIED },
	{ SHOW("transit-route", NOUN_TRANSIT_ROUTE, "list static routes",
	       "table to attachment status") },
	{ .words = NULL },
};
