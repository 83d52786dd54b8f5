/* SPDX-License-Identifier: GPL-3.0-only */
#include "cli/view/decision.h"

#include "lab/model/group_chain.h"

const char *action_word(enum action action)
{
	static const char *const words[] = {
		[ACTION_SEND] = "send",           [ACTION_ANSWER] = "answer",
		[ACTION_ROUTE] = "route",         [ACTION_ACCEPT] = "accept",
		[ACTION_FORWARD] = "forward",     [ACTION_DROP] = "drop",
		[ACTION_SNAT] = "snat",           [ACTION_DNAT] = "dnat",
		[ACTION_TRANSLATE] = "translate", [ACTION_DELIVER] = "deliver",
		[ACTION_REFUSE] = "refuse",
	};

	return words[action];
}

void view_add_count(struct text *text, uint64_t n)
{
	if (n >= 1000)
		view_add_count(text, n / 1000);
	text_addf(text, n >= 1000 ? ",%03u" : "%u", (unsigned)(n % 1000));
}

/* ---- in words ---- */

/* Where it is no more than a sentence; what is configured has its name in lab/model/decision.c. */
static const char *const sentences[DECISION_KIND_COUNT] = {
	[DECISION_GATEWAY_ITSELF] = "from the gateway itself",
	[DECISION_PING] = "answers pings",
	[DECISION_ITS_ANSWER] = "the answer",
	[DECISION_NO_SOURCE_ADDRESS] = "it has no address to send from",
	[DECISION_NOT_FORWARDING] = "not for it, and a guest forwards nothing unless it is told to",
	[DECISION_OWN_SOURCE] = "it claims to come from this node itself",
	[DECISION_ROUTER_SOURCE] = "its source, 169.254.0.2, is what every router calls itself",
	[DECISION_BROADCAST] = "a broadcast address: its own kernel refuses",
	[DECISION_NOWHERE] = ("no rule dropped it; routing had no way for it, or took it for "
			      "misdirected"),
	[DECISION_REFUSED] = "refused: nothing listens",
	[DECISION_NO_ANSWER] = "came in, but no answer was sent",
	[DECISION_NOT_TAKEN] = ("came in, but the sender's connection does not take it for its "
				"answer"),
};

static void add_answer(struct text *text, const struct resource *translated)
{
	if (!translated)
		text_add(text, "connection tracking: the translation of the connection, turned "
			       "round");
	else if (translated->noun == NOUN_SNAT)
		text_addf(text, "answer to what the SNAT entry %s sent out", translated->name);
	else if (translated->noun == NOUN_DNAT)
		text_addf(text, "answer of what the DNAT entry %s publishes", translated->name);
	else if (translated->noun == NOUN_NAT_GATEWAY)
		text_addf(text, "answer by the address of %s", translated->name);
	else
		text_addf(text, "answer by the public address of %s", translated->name);
}

static void add_nobody(struct text *text, const struct decision *decision)
{
	const struct resource *other = decision->other;

	if (other && other->noun == NOUN_EIP)
		text_addf(text, "%s is associated with nothing", other->name);
	else if (other)
		text_addf(text, "%s is not attached", other->name);
	else if (decision->resource && decision->resource->noun == NOUN_VPC)
		text_add(text, "the address is inside the VPC, but in no vSwitch");
	else if (decision->resource)
		text_add(text, "nobody holds the address");
	else
		text_add(text, "nobody has this address");
}

static void add_limit(struct text *text, const struct decision *decision)
{
	text_add(text, "limit reached: ");
	view_add_count(text, decision->count);
	text_add(text, " connections of the ");
	view_add_count(text, decision->limit);
	text_add(text, decision->kind == DECISION_LIMIT_OF_SIZE
			       ? " of the gateway's size"
			       : " that one EIP carries to one destination");
}

static void add_dropped(struct text *text, const struct decision *decision)
{
	text_add(text, "; beyond ");
	view_add_count(text, decision->limit);
	text_add(text, " new connections a second it has dropped ");
	view_add_count(text, decision->count);
	text_add(text, " so far");
}

/* A rule of nft's that stands for nothing of the cloud's. */
static void add_nft(struct text *text, const struct decision *decision)
{
	const char *verdict = decision->drop ? "drop" : "accept";

	text_addf(text, "chain %s", decision->chain);
	if (decision->foreign)
		text_addf(text, " of another table than the lab's: %s%s",
			  decision->by_policy ? "policy " : "", verdict);
	else if (decision->by_policy)
		text_addf(text, ": policy %s", verdict);
	else if (decision->words)
		text_addf(text, ": %s", decision->words);
	else
		text_addf(text, ", rule %u: %s (the chain is not as the lab made it)",
			  decision->number, verdict);
}

void decision_add_text(struct text *text, const struct model *model,
		       const struct decision *decision)
{
	char address[ADDRESS_TEXT_SIZE];

	address_format(decision->address, address);
	switch ((int)decision->kind) {
	case DECISION_ANSWER:
		add_answer(text, decision->resource);
		break;
	case DECISION_NOBODY:
		add_nobody(text, decision);
		break;
	case DECISION_LIMIT_OF_SIZE:
	case DECISION_LIMIT_OF_PORTS:
		if (decision->count)
			add_limit(text, decision);
		else
			decision_add_name(text, model, decision);
		break;
	case DECISION_SNAT:
		decision_add_name(text, model, decision);
		if (decision->count)
			add_dropped(text, decision);
		break;
	case DECISION_NO_INTERNET_GATEWAY:
		text_addf(text, "%s has no internet gateway", decision->resource->name);
		break;
	case DECISION_INTERFACE:
		text_addf(text, "eth%u", decision->number);
		if (decision->address)
			text_addf(text, ", default via %s", address);
		break;
	case DECISION_ROUTER_ITSELF:
		text_addf(text, "from the router itself, %s", address);
		break;
	case DECISION_SERVICE:
		text_addf(text, "service %s", decision->resource->name);
		break;
	case DECISION_NOT_LISTENING:
		text_add(text, decision->resource ? "nothing listens"
						  : "a router, on which nothing listens");
		break;
	case DECISION_NOT_ITS_ANSWER:
		text_addf(text, "nobody waits for an answer from %s", address);
		break;
	case DECISION_GOES_ROUND:
		text_add(text, decision->resource
				       ? "the address is inside the VPC, but in no vSwitch: it "
					 "goes round until its time to live is over"
				       : "its time to live is over");
		break;
	case DECISION_NFT:
		add_nft(text, decision);
		break;
	default:
		if (sentences[decision->kind])
			text_add(text, sentences[decision->kind]);
		else
			decision_add_name(text, model, decision);
	}
}

void hop_add_text(struct text *text, const struct model *model, const struct hop *hop)
{
	const bool links = hop->from && !hop->end && (*hop->from || *hop->to);
	const size_t begin = text->length;

	for (unsigned i = 0; i < hop->n_decision; i++) {
		text_add(text, i ? "; " : "");
		decision_add_text(text, model, &hop->decision[i]);
	}
	if (!links)
		return;
	text_add(text, text->length > begin ? "; " : "");
	if (*hop->from && *hop->to)
		text_addf(text, "from %s to %s", hop->from, hop->to);
	else if (*hop->to)
		text_addf(text, "by %s", hop->to);
	else
		text_addf(text, "came in by %s", hop->from);
}

/* ---- as data ---- */

static const char *type_of(const struct model *model, const struct decision *decision)
{
	switch ((int)decision->kind) {
	case DECISION_NONE:
		return NULL;
	case DECISION_LOCAL_ROUTE:
	case DECISION_CLOUD_SERVICES:
	case DECISION_PUBLIC_ROUTE:
	case DECISION_ADDRESS_ROUTE:
	case DECISION_HOST_ROUTE:
		return "route";
	case DECISION_PUBLIC_ADDRESS:
		return "public_ip";
	case DECISION_CONNECTION:
	case DECISION_ANSWER:
	case DECISION_ITS_ANSWER:
		return "connection";
	case DECISION_INTERFACE:
		return "interface";
	case DECISION_NFT:
		return "nft_rule";
	case DECISION_SOURCE_CHECK:
	case DECISION_DESTINATION_CHECK:
		return "source_dest_check";
	case DECISION_LIMIT_OF_SIZE:
	case DECISION_LIMIT_OF_PORTS:
	case DECISION_LIMIT_OF_RATE:
		return "limit";
	default:
		return decision->resource ? model_noun_word(model, decision->resource->noun)
					  : "node";
	}
}

static void put_via(struct output *output, const struct model *model, const struct resource *via)
{
	if (!via) {
		output_null(output, "via");
		return;
	}
	output_begin_object(output, "via");
	output_string(output, "type", model_noun_word(model, via->noun));
	output_string(output, "name", via->name);
	output_end(output);
}

static void put_filter(struct output *output, const struct decision *decision)
{
	const struct filter_rule *rule = decision->rule;
	bool drop = true;

	if (rule)
		drop = rule->policy == POLICY_DROP;
	else if (decision->kind == DECISION_GROUP_MEMBERS)
		drop = false;
	else if (decision->kind == DECISION_GROUP_REST)
		drop = !group_allows_rest((const struct security_group *)decision->resource,
					  decision->direction);
	if (rule)
		output_number(output, "number", rule->number);
	else
		output_null(output, "number");
	output_string(output, "direction", decision->direction == DIRECTION_IN ? "in" : "out");
	output_string(output, "policy", drop ? "drop" : "accept");
}

static void put_details(struct output *output, const struct model *model,
			const struct decision *decision)
{
	const struct resource *resource = decision->resource, *other = decision->other;
	const struct route *route = (const struct route *)resource;
	char to[PREFIX_TEXT_SIZE];

	switch ((int)decision->kind) {
	case DECISION_GROUP_RULE:
	case DECISION_GROUP_MEMBERS:
	case DECISION_GROUP_REST:
	case DECISION_ACL_RULE:
		put_filter(output, decision);
		break;
	case DECISION_ROUTE:
		output_string(output, "table", route->table->resource.name);
		output_string(output, "to", prefix_format(route->to, to));
		put_via(output, model, route->via);
		break;
	case DECISION_LOCAL_ROUTE:
	case DECISION_CLOUD_SERVICES:
	case DECISION_NO_ROUTE:
		output_string(output, "table",
			      resource->noun == NOUN_ROUTE_TABLE ? resource->name : NULL);
		if (decision->kind == DECISION_LOCAL_ROUTE)
			put_via(output, model, other);
		break;
	case DECISION_EIP_ROUTE:
		put_via(output, model, ((const struct eip *)resource)->associated);
		break;
	case DECISION_SNAT:
		output_string(output, "eip", other ? other->name : NULL);
		break;
	case DECISION_DNAT:
	case DECISION_ANY_PORT_SNAT:
		output_string(output, "eip", ((const struct dnat *)resource)->eip->resource.name);
		break;
	case DECISION_LIMIT_OF_SIZE:
	case DECISION_LIMIT_OF_PORTS:
		output_number(output, "connections", (int64_t)decision->count);
		output_number(output, "limit", (int64_t)decision->limit);
		break;
	case DECISION_NFT:
		output_string(output, "chain", decision->chain);
		if (decision->number)
			output_number(output, "number", decision->number);
		break;
	default:
		break;
	}
}

static void put_decision(struct output *output, const struct model *model,
			 const struct decision *decision)
{
	const bool system = decision->kind == DECISION_LOCAL_ROUTE ||
			    decision->kind == DECISION_CLOUD_SERVICES;

	output_string(output, "type", type_of(model, decision));
	output_string(output, "name",
		      decision->resource && !system ? decision->resource->name : NULL);
	put_details(output, model, decision);
}

void hop_put_rule(struct output *output, const struct model *model, const struct hop *hop)
{
	auto_text text = { 0 };

	hop_add_text(&text, model, hop);
	output_begin_object(output, "rule");
	put_decision(output, model, &hop->decision[0]);
	output_string(output, "text", text_get(&text));
	if (hop->n_decision > 1) {
		output_begin_array(output, "also");
		for (unsigned i = 1; i < hop->n_decision; i++) {
			output_begin_object(output, NULL);
			put_decision(output, model, &hop->decision[i]);
			output_end(output);
		}
		output_end(output);
	}
	output_end(output);
}
