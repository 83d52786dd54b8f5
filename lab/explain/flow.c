/* SPDX-License-Identifier: GPL-3.0-only */
#include "lab/explain/flow.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

#include "core/base/cleanup.h"
#include "core/base/memory.h"
#include "core/base/text.h"
#include "lab/language/value.h"
#include "lab/model/private_zone.h"

#define DEFAULT_PORT 80

/* Nouns that can be the end of a flow: those with an address of their own. */
#define NOUNS_TARGET (NOUNS_ADDRESSED | NOUNS(NOUN_VSWITCH))

/* A word that stands for no one end. */
static void hint_unknown(const char *word, struct error *err)
{
	error_hint(err, strcmp(word, "*") == 0 || strcmp(word, "any") == 0
				? "explain and reach take any, for all of them"
				: "show lists what there is");
}

static int parse_from(const struct model *model, const char *word, struct flow *flow,
		      struct error *err)
{
	const struct resource *resource;
	struct nearest near = { .typed = word };
	int r;

	if (address_parse(word, &flow->stranger)) {
		resource = model_holder(model, NULL, flow->stranger);
		if (resource && resource->noun == NOUN_INTERNET_HOST) {
			flow->stranger = 0;
			word = resource->name;
		} else if (resource || !address_is_public(flow->stranger)) {
			r = error_refuse(
				err, "", "from",
				resource ? "%s is the address of %s, from which no packet starts"
					 : "%s is no address on the internet%s",
				word, resource ? resource->name : "");
			error_hint(err, "name the host that sends");
			return r;
		}
	}
	if (flow->stranger || model_is_node(model, word)) {
		snprintf(flow->from, sizeof(flow->from), "%s", word);
		return 0;
	}
	resource = model_find(model, word);
	if (resource) {
		r = error_refuse(err, "", "from",
				 "%s is %s, not a node that packets can start from", word,
				 model_noun_a(model, resource->noun));
		error_hint(err, "name %s or an internet host", model_noun_a(model, NOUN_ECS));
		return r;
	}
	r = error_refuse(err, "", "from", "there is no node named %.140s", word);
	model_offer(model, NOUNS_NODE, &near);
	hint_unknown(word, err);
	nearest_hint(&near, err);
	return r;
}

static bool is_unicast(uint32_t address)
{
	return address >> 24 != 0 && address >> 24 < 224;
}

static void offer_dns(const struct model *model, struct nearest *nearest)
{
	static const enum noun nouns[] = { NOUN_INTERNET_HOST, NOUN_EIP };

	for (size_t k = 0; k < ARRAY_SIZE(nouns); k++) {
		for (size_t i = 0; i < model_count(model, nouns[k]); i++) {
			size_t n;
			char *const *dns = resource_dns(model_get(model, nouns[k], i), &n);

			while (n-- > 0)
				nearest_offer(nearest, dns[n]);
		}
	}
}

static bool starts_outside(const struct model *model, const char *from)
{
	return strcmp(from, "internet") == 0 ||
	       model_find_noun(model, NOUNS(NOUN_INTERNET_HOST), from);
}

const struct resource *flow_taker(const struct model *model, const struct resource *from,
				  const struct resource *to, uint32_t destination)
{
	const struct vpc *home = resource_vpc(from), *other = resource_vpc(to);

	return home && other && home != other ? model_holder(model, home, destination) : NULL;
}

int flow_refuse_taken(const struct model *model, const struct resource *from,
		      const struct resource *to, uint32_t destination, struct error *err)
{
	const struct resource *taker = flow_taker(model, from, to, destination);

	if (!taker)
		return 0;
	error_refuse(err, "", "to",
		     "%s of %s has the address of %s, too, and where the addresses of two VPCs "
		     "overlap the packet stays at home",
		     taker->name, resource_vpc(from)->resource.name, to->name);
	return error_hint(err, "%s -> %s is where it goes", from->name, taker->name);
}

/* A name means that node. */
static int check_home(const struct model *model, const char *word, const struct flow *flow,
		      struct error *err)
{
	return flow_refuse_taken(model, model_find_noun(model, NOUNS_NODE, flow->from),
				 model_find_noun(model, NOUNS_TARGET, word), flow->destination,
				 err);
}

static int refuse_unknown_name(const struct model *model, const struct private_zone *zone,
			       const char *word, const struct resource *from, struct error *err)
{
	error_refuse(err, "", "to", "%s has no address for %.140s, and it answers in %s",
		     zone->resource.name, word, resource_vpc(from)->resource.name);
	return error_hint(err, "%s create NAME zone %s host NAME value ADDRESS",
			  model_noun_word(model, NOUN_ZONE_RECORD), zone->resource.name);
}

static int parse_to(const struct model *model, const char *word, struct flow *flow,
		    struct error *err)
{
	const struct vswitch *vswitch =
		(const struct vswitch *)model_find_noun(model, NOUNS(NOUN_VSWITCH), word);
	const struct resource *resource = model_find_noun(model, NOUNS_ADDRESSED, word);
	struct nearest near = { .typed = word };
	const char *colon, *ending = strrchr(word, '.');
	auto_free char *host = xstrndup(word, ending ? (size_t)(ending - word) : 0);
	int r;

	if (strlen(word) >= sizeof(flow->to))
		return error_refuse(err, "", "to", "%.64s... is too long for a name", word);
	snprintf(flow->to, sizeof(flow->to), "%s", word);
	if (address_parse(word, &flow->destination)) {
		if (is_unicast(flow->destination))
			return 0;
		error_refuse(err, "", "to", "%s is not the address of a host", word);
		return error_hint(err, "name a host, or an address below 224.0.0.0");
	}
	/* Out there, a host's name is its public address, if it has one. */
	if (resource && starts_outside(model, flow->from) &&
	    (flow->destination = resource_public_address(resource)) != 0)
		return 0;
	if (resource && model_address(model, word, &flow->destination))
		return check_home(model, word, flow, err);
	if (!model_find(model, word)) {
		const struct resource *from = model_find_noun(model, NOUNS_NODE, flow->from);
		const struct private_zone *zone;

		if (name_resolve(model, from ? resource_vpc(from) : NULL, word, &flow->destination,
				 &zone))
			return 0;
		if (zone)
			return refuse_unknown_name(model, zone, word, from, err);
	}
	if (vswitch) { /* its router */
		flow->destination = vswitch->gateway;
		return 0;
	}
	resource = model_find(model, word);
	if (resource || strcmp(word, "internet") == 0) {
		r = error_refuse(err, "", "to", "%s has no address of its own", word);
		error_hint(err, "name %s, ENI, EIP, internet host or an address",
			   model_noun_a(model, NOUN_ECS));
		return r;
	}
	if (ending && strcmp(ending, ".public") == 0 &&
	    model_find_noun(model, NOUNS_ADDRESSED, host)) {
		r = error_refuse(err, "", "to", "%s has no public address", host);
		error_hint(err, "help eip associate says how it gets one");
		return r;
	}
	r = error_refuse(err, "", "to", "%.140s is no node, EIP, ENI, DNS name or address", word);
	hint_unknown(word, err);
	if (strchr(word, '.') && isalpha((unsigned char)word[strlen(word) - 1]))
		error_hint(err, "internet-host create NAME dns %.64s makes one", word);
	model_offer(model, NOUNS_TARGET, &near);
	offer_dns(model, &near);
	nearest_hint(&near, err);
	colon = strchr(word, ':');
	if (colon && strchr(colon + 1, ':'))
		error_hint(err, "only IPv4 is supported");
	else if (colon && colon[1] && !colon[1 + strspn(colon + 1, "0123456789")])
		error_hint(err, "did you mean %.*s tcp %s?", (int)(colon - word), word, colon + 1);
	return r;
}

/* [tcp [PORT] | udp PORT | icmp] */
int flow_parse_protocol(const char *const *word, size_t n_word, struct flow *flow,
			struct error *err)
{
	struct port_range port = { 0, 0 };
	const struct word *protocol;
	char list[64];
	int r;

	flow->protocol = PROTOCOL_TCP;
	flow->port = DEFAULT_PORT;
	if (n_word == 0)
		return 0;
	protocol = word_find(flow_protocol_words, word[0]);
	if (!protocol) {
		value_format_words(flow_protocol_words, list, sizeof(list));
		error_refuse(err, "", "protocol", "protocol is %s, not %.64s", list, word[0]);
		if (n_word == 1 && value_parse_ports(word[0], true, &port, NULL) >= 0)
			error_hint(err, "did you mean tcp %.64s?", word[0]);
		return -EINVAL;
	}
	flow->protocol = (enum protocol)protocol->value;
	if (flow->protocol == PROTOCOL_ICMP) {
		flow->port = 0;
		return n_word == 1 ? 0 : error_refuse(err, "", "port", "icmp has no ports");
	}
	if (n_word == 1)
		return flow->protocol == PROTOCOL_TCP
			       ? 0
			       : error_refuse(err, "", "protocol", "udp needs a port: udp PORT");
	r = value_parse_ports(word[1], true, &port, err);
	if (r < 0) {
		snprintf(err->argument, sizeof(err->argument), "port");
		return r;
	}
	flow->port = port.first;
	return n_word == 2 ? 0
			   : error_refuse(err, "", "port", "%.64s is one word too many for a flow",
					  word[2]);
}

int flow_parse(const struct model *model, const char *const *word, size_t n_word,
	       struct flow *ret_flow, struct error *err)
{
	struct flow flow = { 0 };
	int r;

	if (n_word < 3 || strcmp(word[1], "->") != 0) {
		r = error_refuse(err, "",
				 n_word == 0                                 ? "from"
				 : n_word == 2 && strcmp(word[1], "->") == 0 ? "to"
									     : "->",
				 "a flow is written FROM -> TO [tcp PORT | udp PORT | icmp]");
		return r;
	}
	r = parse_from(model, word[0], &flow, err);
	if (r == 0)
		r = parse_to(model, word[2], &flow, err);
	if (r == 0)
		r = flow_parse_protocol(word + 3, n_word - 3, &flow, err);
	if (r == 0)
		*ret_flow = flow;
	return r;
}

void flow_format(const struct flow *flow, char *text, size_t size)
{
	if (flow->protocol == PROTOCOL_ICMP)
		snprintf(text, size, "%s -> %s icmp", flow->from, flow->to);
	else
		snprintf(text, size, "%s -> %s %s %u", flow->from, flow->to,
			 protocol_word(flow->protocol), flow->port);
}
