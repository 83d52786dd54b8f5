/* SPDX-License-Identifier: GPL-3.0-only */
#include "lab/live/usage.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/cleanup.h"
#include "core/base/memory.h"
#include "core/netlink/conntrack.h"
#include "core/nftables/counters.h"
#include "lab/compile/layout.h"
#include "lab/model/query.h"

/* In the order of the rules in the chain, see size_limit() in lab/compile/nat_gateway.c. */
enum { DROPPED_BY_RATE, DROPPED_BY_NUMBER, SIZE_COUNTERS };
/* Of TCP, of UDP: compile_port_limit(). */
enum { PORT_COUNTERS = 2 };

/* ---- what a gateway counts ---- */

struct usage_work {
	const struct nat_gateway *nat;
	struct gateway_counters *counters; /* shared with the child */
};

static int read_inside(void *arg, struct error *err)
{
	const struct usage_work *work = arg;
	struct gateway_counters *counters = work->counters;
	uint64_t size[SIZE_COUNTERS] = { 0 }, port[PORT_COUNTERS] = { 0 };
	int r = netns_enter(work->nat->resource.name, err);

	if (r == 0 && nat_gateway_has_size(work->nat))
		r = nft_read_counters(SIZE_LIMIT_CHAIN, size, SIZE_COUNTERS, err);
	if (r == 0)
		r = nft_read_counters(PORT_LIMIT_CHAIN, port, PORT_COUNTERS, err);
	if (r == 0)
		r = conntrack_count(&counters->connections, err);
	counters->dropped_by_limit = size[DROPPED_BY_RATE] + size[DROPPED_BY_NUMBER];
	counters->port_allocation_errors = port[0] + port[1];
	counters->known = r == 0;
	return r;
}

void gateway_counters_read(const struct lab *lab, const struct nat_gateway *nat,
			   struct gateway_counters *ret)
{
	struct usage_work work = { .nat = nat };
	struct error err = { 0 };

	memset(ret, 0, sizeof(*ret));
	if (lab->model_only || lab->sandbox.keeper < 0)
		return;
	work.counters = sandbox_shared(sizeof(*work.counters));
	if (!work.counters)
		return;
	/* What cannot be read is not known: a gateway that waits for being built, or a lab that
	 * ends meanwhile. */
	if (sandbox_call(&lab->sandbox, read_inside, &work, &err) == 0)
		*ret = *work.counters;
	sandbox_shared_free(work.counters, sizeof(*work.counters));
}

/* ---- how full all of them are ---- */

struct census {
	const struct model *model;
	const struct nat_gateway *nat;
	struct gateway_usage *usage;
	struct tuple *out; /* of those whose ports count */
	size_t n_out;
};

/* An any-port DNAT entry's, which the size does not limit. */
static bool has_own_eip(const struct census *census, uint32_t source)
{
	model_each(census->model, NOUN_DNAT, const struct dnat, dnat) {
		if (dnat->nat_gateway == census->nat && dnat->protocol == PROTOCOL_ALL &&
		    dnat->target_ip == source)
			return true;
	}
	return false;
}

/* The kernel counts what SNAT began: not what came in by DNAT, not what the gateway itself says. */
static void take(const struct connection *connection, void *arg)
{
	struct census *census = arg;
	const struct tuple *in = &connection->in, *out = &connection->out;

	if (!connection->source_translated || connection->over ||
	    in->source == census->nat->private_ip || !vpc_cidr_of(census->nat->vpc, in->source))
		return;
	census->usage->connections += !has_own_eip(census, in->source);
	if (out->protocol != PROTOCOL_TCP && out->protocol != PROTOCOL_UDP)
		return;
	*ARRAY_PUSH(census->out, census->n_out) = *out;
}

static int compare(uint32_t a, uint32_t b)
{
	return a < b ? -1 : a > b;
}

/* By what one limit is for: source address, destination address, protocol and port. */
static int compare_destinations(const void *a, const void *b)
{
	const struct tuple *x = a, *y = b;
	int order = compare(x->source, y->source);

	if (order == 0)
		order = compare(x->destination, y->destination);
	if (order == 0)
		order = compare(x->protocol, y->protocol);
	return order ? order : compare(x->destination_port, y->destination_port);
}

static void find_full(const struct census *census)
{
	struct gateway_usage *usage = census->usage;
	size_t next;

	if (census->n_out)
		qsort(census->out, census->n_out, sizeof(*census->out), compare_destinations);
	for (size_t i = 0; i < census->n_out; i = next) {
		const struct tuple *first = &census->out[i];

		for (next = i + 1;
		     next < census->n_out && compare_destinations(first, &census->out[next]) == 0;)
			next++;
		if (next - i >= CONNECTIONS_TO_DESTINATION && usage->n_full < FULL_DESTINATIONS_MAX)
			usage->full[usage->n_full++] =
				(struct full_destination){ .source = first->source,
							   .destination = first->destination,
							   .protocol =
								   (enum protocol)first->protocol,
							   .port = first->destination_port,
							   .connections = next - i };
	}
}

/* Looking at each connection takes its time, so that is done only where there are many. */
static int read_usage(const struct model *model, const struct nat_gateway *nat,
		      struct gateway_usage *usage, struct error *err)
{
	struct census census = { .model = model, .nat = nat, .usage = usage };
	uint64_t size[SIZE_COUNTERS] = { 0 }, tracked = 0, few = CONNECTIONS_TO_DESTINATION;
	int r = netns_enter(nat->resource.name, err);

	if (nat_gateway_has_size(nat) && nat_gateway_limit(model, nat->size).connections < few)
		few = nat_gateway_limit(model, nat->size).connections;
	if (r == 0 && nat_gateway_has_size(nat))
		r = nft_read_counters(SIZE_LIMIT_CHAIN, size, SIZE_COUNTERS, err);
	if (r == 0)
		r = conntrack_count(&tracked, err);
	usage->dropped_by_rate = size[DROPPED_BY_RATE];
	if (r < 0 || tracked < few)
		return r;
	r = conntrack_each(take, &census, err);
	find_full(&census);
	free(census.out);
	return r;
}

struct survey {
	const struct model *model;
	struct usage *usage; /* what it points to is shared with the child */
};

static int read_all_inside(void *arg, struct error *err)
{
	const struct survey *survey = arg;

	for (size_t i = 0; i < survey->usage->n_gateway; i++)
		/* As above: what cannot be read is not known. */
		(void)read_usage(survey->model, model_get(survey->model, NOUN_NAT_GATEWAY, i),
				 &survey->usage->gateway[i], err);
	return 0;
}

static size_t usage_size(const struct usage *usage)
{
	return usage->n_gateway * sizeof(*usage->gateway);
}

void usage_read(const struct lab *lab, struct usage *ret_usage)
{
	struct survey survey = { .model = lab->model, .usage = ret_usage };
	struct error err = { 0 };

	*ret_usage = (struct usage){ .n_gateway = model_count(lab->model, NOUN_NAT_GATEWAY) };
	if (!lab->model_only && lab->sandbox.keeper >= 0 && ret_usage->n_gateway)
		ret_usage->gateway = sandbox_shared(usage_size(ret_usage));
	if (!ret_usage->gateway) {
		ret_usage->n_gateway = 0;
		return;
	}
	for (size_t i = 0; i < ret_usage->n_gateway; i++) {
		const struct nat_gateway *nat = model_get(lab->model, NOUN_NAT_GATEWAY, i);

		ret_usage->gateway[i].name = nat->resource.name;
	}
	if (sandbox_call(&lab->sandbox, read_all_inside, &survey, &err) < 0)
		usage_free(ret_usage);
}

void usage_free(struct usage *usage)
{
	if (usage->gateway)
		sandbox_shared_free(usage->gateway, usage_size(usage));
	*usage = (struct usage){ 0 };
}
