/* SPDX-License-Identifier: GPL-3.0-only */
#include "lab/live/bill.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include "core/base/cleanup.h"
#include "core/base/memory.h"
#include "core/netlink/conntrack.h"
#include "core/netlink/traffic.h"
#include "core/nftables/counters.h"
#include "lab/compile/layout.h"

#define GB                1e9
#define CONNECTIONS_IN_CU 1e4

/* ---- what there is to pay for ---- */

static struct bill_line *add(struct bill *bill, const struct resource *resource, enum price price)
{
	struct bill_line *line = ARRAY_PUSH(bill->line, bill->n_line);

	*line = (struct bill_line){ .resource = resource,
				    .price = price,
				    .source = { .suffix = "" } };
	return line;
}

static void add_hours(struct bill *bill, const struct resource *resource, enum price price,
		      unsigned hours)
{
	struct bill_line *line = add(bill, resource, price);

	line->quantity = hours;
	line->known = true;
}

static void add_traffic(struct bill *bill, const struct resource *resource, enum price price,
			const char *link, bool in, bool out)
{
	struct bill_source *source = &add(bill, resource, price)->source;

	snprintf(source->link, sizeof(source->link), "%s", link);
	source->in = in;
	source->out = out;
	source->connections = price == PRICE_GATEWAY_CU;
}

/* By an AWS gateway's one link each packet comes in once, as by an intranet one's to the VPC;
 * Alibaba's others have one to the VPC, and one to the internet. */
static void add_gateways(struct bill *bill, const struct model *m, unsigned hours)
{
	const bool aws = m->provider == PROVIDER_AWS;
	char link[LINK_NAME_SIZE];

	model_each(m, NOUN_NAT_GATEWAY, const struct nat_gateway, nat) {
		const bool once = aws || nat->type == NAT_INTRANET;

		link_name(&nat->vpc->resource, link);
		add_hours(bill, &nat->resource, PRICE_GATEWAY_HOUR, hours);
		add_traffic(bill, &nat->resource, aws ? PRICE_GATEWAY_GB : PRICE_GATEWAY_CU, link,
			    true, !once);
		if (!once)
			add_traffic(bill, &nat->resource, PRICE_INTERNET_GB, INTERNET_LINK, false,
				    true);
	}
	model_each(m, NOUN_INTERNET_GATEWAY, const struct internet_gateway, gateway)
		if (gateway->vpc)
			add_traffic(bill, &gateway->resource, PRICE_INTERNET_GB, INTERNET_LINK,
				    false, true);
}

static void add_addresses(struct bill *bill, const struct model *m, unsigned hours)
{
	model_each(m, NOUN_EIP, const struct resource, eip)
		add_hours(bill, eip, PRICE_ADDRESS_HOUR, hours);
	model_each(m, NOUN_ECS, const struct ecs, ecs)
		if (ecs->public_ip)
			add_hours(bill, &ecs->resource, PRICE_ADDRESS_HOUR, hours);
}

static bool has_own_public_address(const struct model *m, const struct vpc *vpc)
{
	struct eni_address own = { 0 };

	while (model_next_address(m, &own))
		if (own.eni->vswitch->vpc == vpc && eni_translated_ip(own.eni, own.ip))
			return true;
	return false;
}

static void add_cut_through(struct bill *bill, const struct model *m)
{
	model_each(m, NOUN_EIP, const struct eip, eip)
		if (eip_is_cut_through(eip))
			add_traffic(bill, &eip->resource, PRICE_INTERNET_GB, INTERNET_LINK, false,
				    true);
}

static void add_vpcs(struct bill *bill, const struct model *m)
{
	model_each(m, NOUN_VPC, const struct vpc, vpc) {
		if (m->provider == PROVIDER_AWS) {
			add(bill, &vpc->resource, PRICE_ZONE_GB);
		} else if (has_own_public_address(m, vpc)) {
			add_traffic(bill, &vpc->resource, PRICE_INTERNET_GB, INTERNET_LINK, false,
				    true);
			bill->line[bill->n_line - 1].source.suffix = PUBLIC_GATEWAY_SUFFIX;
		}
	}
}

/* Who sends to the transit router pays for it. */
static void add_attachments(struct bill *bill, const struct model *m, unsigned hours)
{
	char link[LINK_NAME_SIZE];

	model_each(m, NOUN_TRANSIT_ATTACHMENT, const struct transit_attachment, attachment) {
		add_hours(bill, &attachment->resource, PRICE_ATTACHMENT_HOUR, hours);
		add_traffic(bill, &attachment->resource, PRICE_TRANSIT_GB,
			    link_name(&attachment->resource, link), true, false);
	}
}

/* Each packet comes in by its one link, health checks among them. cloud-semantics: lb-11 */
static void add_balancers(struct bill *bill, const struct model *m, unsigned hours)
{
	char link[LINK_NAME_SIZE];

	model_each(m, NOUN_LOAD_BALANCER, const struct load_balancer, balancer) {
		add_hours(bill, &balancer->resource, PRICE_BALANCER_HOUR, hours);
		add_traffic(bill, &balancer->resource, PRICE_BALANCER_GB,
			    link_name(&balancer->vswitch->vpc->resource, link), true, false);
	}
}

static void add_instances(struct bill *bill, const struct model *m, unsigned hours)
{
	model_each(m, NOUN_ECS, const struct ecs, ecs) {
		bool leads = false;

		model_each(m, NOUN_ROUTE, const struct route, route) {
			const struct eni *eni = route_interface(route);

			leads = leads || (eni && eni->ecs == ecs);
		}
		if (leads)
			add_hours(bill, &ecs->resource, PRICE_INSTANCE_HOUR, hours);
	}
}

/* ---- what the kernel counts ---- */

struct count {
	uint64_t bytes, connections;
	bool known;
};

struct counting {
	const struct bill *bill;
	struct count *count; /* shared with the child, one a line */
};

static const char *counting_node(const struct bill_line *line)
{
	return line->resource->noun == NOUN_TRANSIT_ATTACHMENT
		       ? ((const struct transit_attachment *)line->resource)->router->resource.name
		       : line->resource->name;
}

static int count_line(const struct bill_line *line, struct count *count, struct error *err)
{
	const struct bill_source *source = &line->source;
	auto_free char *netns = xprintf("%s%s", counting_node(line), source->suffix);
	uint64_t in = 0, out = 0;
	int r = netns_enter(netns, err);

	if (r == 0 && !*source->link)
		return nft_read_byte_counters(ZONES_CHAIN, &count->bytes, 1, err);
	if (r == 0)
		r = link_read_bytes(source->link, &in, &out, err);
	count->bytes = (source->in ? in : 0) + (source->out ? out : 0);
	return r == 0 && source->connections ? conntrack_count(&count->connections, err) : r;
}

static int count_inside(void *arg, struct error *err)
{
	const struct counting *counting = arg;

	for (size_t i = 0; i < counting->bill->n_line; i++)
		if (!counting->bill->line[i].known)
			counting->count[i].known =
				count_line(&counting->bill->line[i], &counting->count[i], err) == 0;
	return 0;
}

static void take(struct bill_line *line, const struct count *count, unsigned long times)
{
	const double connections = (double)count->connections / CONNECTIONS_IN_CU;

	line->known = count->known;
	line->quantity = (double)count->bytes * (double)times / GB;
	if (line->quantity < connections)
		line->quantity = connections;
}

static void count_all(const struct lab *lab, unsigned long times, struct bill *bill)
{
	struct counting counting = { .bill = bill };
	const size_t size = bill->n_line * sizeof(*counting.count);
	struct error ignored = { 0 };

	if (lab->model_only || lab->sandbox.keeper < 0 || size == 0)
		return;
	counting.count = sandbox_shared(size);
	if (!counting.count)
		return;
	/* What cannot be read is not known. */
	if (sandbox_call(&lab->sandbox, count_inside, &counting, &ignored) == 0)
		for (size_t i = 0; i < bill->n_line; i++)
			if (!bill->line[i].known)
				take(&bill->line[i], &counting.count[i], times);
	sandbox_shared_free(counting.count, size);
}

void bill_read(const struct lab *lab, unsigned hours, unsigned long times, struct bill *ret_bill)
{
	*ret_bill = (struct bill){ 0 };
	add_gateways(ret_bill, lab->model, hours);
	add_addresses(ret_bill, lab->model, hours);
	add_vpcs(ret_bill, lab->model);
	add_cut_through(ret_bill, lab->model);
	add_attachments(ret_bill, lab->model, hours);
	add_instances(ret_bill, lab->model, hours);
	add_balancers(ret_bill, lab->model, hours);
	count_all(lab, times, ret_bill);
}

void bill_free(struct bill *bill)
{
	free(bill->line);
	*bill = (struct bill){ 0 };
}
