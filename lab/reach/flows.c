/* SPDX-License-Identifier: GPL-3.0-only */
#include "lab/reach/flows.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/cleanup.h"
#include "lab/explain/flow.h"
#include "lab/language/value.h"
#include "lab/model/private_zone.h"

#define NOUNS_TERM \
	(NOUNS_ADDRESSED | NOUNS(NOUN_VPC) | NOUNS(NOUN_VSWITCH) | NOUNS(NOUN_SECURITY_GROUP))

/* "10.0.0.1", "10.0.0.0/8", "10.0.0.1-10.0.0.9". An address alone is that of a host. */
static bool parse_range(const char *word, struct interval *ret_span)
{
	const char *dash = strchr(word, '-');
	auto_free char *first = xstrndup(word, dash ? (size_t)(dash - word) : strlen(word));
	struct prefix prefix;

	if (prefix_parse(word, &prefix) == 0) {
		*ret_span = (struct interval){ prefix.address, prefix_last(prefix) };
		return true;
	}
	return address_parse(first, &ret_span->first) &&
	       address_parse(dash ? dash + 1 : first, &ret_span->last) &&
	       (dash ? ret_span->first <= ret_span->last
		     : ret_span->first >> 24 != 0 && ret_span->first >> 24 < 224);
}

static int parse_term(const struct model *model, const char *word, const char *side,
		      struct term *ret_term, struct error *err)
{
	const struct resource *named = model_find_dns(model, word);
	struct nearest near = { .typed = word };
	int r;

	*ret_term = (struct term){ .kind = TERM_RESOURCE,
				   .resource = named ? named
						     : model_find_noun(model, NOUNS_TERM, word) };
	if (named && zone_concerns(model, word)) {
		r = error_refuse(err, "", side,
				 "%s is another address where a private zone has it, so that it "
				 "depends on who asks",
				 word);
		error_hint(err, "%s is the one that has it publicly", named->name);
		return r;
	}
	if (ret_term->resource) {
		const bool eip = ret_term->resource->noun == NOUN_EIP;
		const struct resource *of = eip ? address_associated(ret_term->resource)
						: ret_term->resource;

		if (strcmp(side, "from") != 0 ||
		    (of && of->noun != NOUN_NAT_GATEWAY && of->noun != NOUN_NAT_IP &&
		     of->noun != NOUN_LOAD_BALANCER))
			return 0;
		r = error_refuse(err, "", side, "no packet starts from %s", word);
		error_hint(err, "name the hosts behind it");
		return r;
	}
	ret_term->kind = strcmp(word, "any") == 0        ? TERM_ANY
			 : strcmp(word, "internet") == 0 ? TERM_INTERNET
							 : TERM_RANGE;
	if (ret_term->kind != TERM_RANGE || parse_range(word, &ret_term->address))
		return 0;
	if (strcmp(side, "to") == 0 && model_address(model, word, &ret_term->address.first)) {
		ret_term->address.last = ret_term->address.first; /* ECS1.public */
		return 0;
	}
	r = error_refuse(
		err, "", side,
		"%.140s is no node, EIP, ENI, VPC, vSwitch, security group, address or CIDR, "
		"nor internet or any",
		word);
	error_hint(err, strcmp(word, "*") == 0 ? "any is all of them" : "show lists what there is");
	model_offer(model, NOUNS_TERM, &near);
	nearest_offer(&near, "internet");
	nearest_hint(&near, err);
	return r;
}

static int parse_terms(const struct model *model, const char *list, const char *side,
		       struct term *term, size_t *ret_n, struct error *err)
{
	auto_free char **word = value_split(list, ret_n);
	int r = 0;

	if (*ret_n > FLOWS_TERMS_MAX)
		return error_refuse(err, "", side, "more than %d names", FLOWS_TERMS_MAX);
	for (size_t i = 0; r == 0 && i < *ret_n; i++)
		r = parse_term(model, word[i], side, &term[i], err);
	return r;
}

static int parse_ports(const char *list, struct flows *flows, struct error *err)
{
	auto_free char **word = value_split(list, &flows->n_port);
	struct port_range port;
	int r = 0;

	if (flows->n_port > FLOWS_TERMS_MAX)
		return error_refuse(err, "", "port", "more than %d ports", FLOWS_TERMS_MAX);
	for (size_t i = 0; r == 0 && i < flows->n_port; i++) {
		r = value_parse_ports(word[i], false, &port, err);
		flows->port[i] = (struct interval){ port.first, port.last };
	}
	if (r < 0)
		snprintf(err->argument, sizeof(err->argument), "port");
	return r;
}

/* Of two nodes by name, as in a flow; in a set such a pair has no packets. */
static int refuse_taken(const struct model *model, const struct term *from, const struct term *to,
			struct error *err)
{
	const struct resource *target = to->kind == TERM_RESOURCE ? to->resource : NULL;
	const bool is_pair = target && from->kind == TERM_RESOURCE &&
			     from->resource->noun == NOUN_ECS;
	const uint32_t address = is_pair ? resource_address(target) : 0;

	return address ? flow_refuse_taken(model, from->resource, target, address, err) : 0;
}

int flows_parse(const struct model *model, const char *const *word, size_t n_word,
		struct flows *ret_flows, struct error *err)
{
	struct flows flows = { .port = { { 1, UINT16_MAX } }, .n_port = 1 };
	const char *protocol = n_word > 3 ? word[3] : "any";
	int r;

	if (n_word < 3 || strcmp(word[1], "->") != 0)
		return error_refuse(
			err, "", n_word == 0 ? "from" : "->",
			"flows are written FROM -> TO [tcp PORTS | udp PORTS | icmp | any]");
	r = parse_terms(model, word[0], "from", flows.from, &flows.n_from, err);
	if (r == 0)
		r = parse_terms(model, word[2], "to", flows.to, &flows.n_to, err);
	if (r == 0 && flows.n_from == 1 && flows.n_to == 1)
		r = refuse_taken(model, flows.from, flows.to, err);
	if (r < 0)
		return r;
	flows.tcp = strcmp(protocol, "tcp") == 0 || strcmp(protocol, "any") == 0;
	flows.udp = strcmp(protocol, "udp") == 0 || strcmp(protocol, "any") == 0;
	flows.icmp = strcmp(protocol, "icmp") == 0 || strcmp(protocol, "any") == 0;
	if (!flows.tcp && !flows.udp && !flows.icmp)
		return error_refuse(err, "", "protocol",
				    "protocol is tcp, udp, icmp or any, not %.64s", protocol);
	if (n_word > 4 && flows.icmp)
		return error_refuse(err, "", "port", "%s has no ports", protocol);
	if (n_word > 5)
		return error_refuse(err, "", "port", "%.64s is one word too many for flows",
				    word[5]);
	if (n_word > 4)
		r = parse_ports(word[4], &flows, err);
	if (r == 0)
		*ret_flows = flows;
	return r;
}

int flows_parse_list(const struct model *model, const char *const *word, size_t n_word,
		     struct flows_list *ret_list, struct error *err)
{
	struct flows_list list = { 0 };
	int r = 0;

	for (size_t first = 0, i = 0; r == 0 && i < n_word; i++) {
		const size_t length = strlen(word[i]);
		const bool comma = length > 1 && word[i][length - 1] == ',';
		auto_free char *last = xstrndup(word[i], length - comma);
		const char *part[6];

		if (!comma && i + 1 < n_word)
			continue;
		for (size_t k = 0; k < ARRAY_SIZE(part) && first + k <= i; k++)
			part[k] = first + k == i ? last : word[first + k];
		r = flows_parse(model, part,
				i + 1 - first < ARRAY_SIZE(part) ? i + 1 - first : ARRAY_SIZE(part),
				ARRAY_PUSH(list.flows, list.n), err);
		first = i + 1;
	}
	if (r < 0)
		free(list.flows);
	else
		*ret_list = list;
	return r;
}
