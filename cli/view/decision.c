/* SPDX-License-Identifier: GPL-3.0-only */
#include "cli/view/decision.h"

#include "lab/model/group_chain.h"
#include "lab/model/words.h"

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

/*
 * What each kind is as data, where it is not what its resource is, and in words, where it is no
 * more than a sentence; what is configured has its name in lab/model/decision.c. %r is the
 * resource, %a the address, %n the number, %c the count, %l the limit.
 */
static const struct {
	const char *type, *sentence, *with_resource;
} kinds[DECISION_KIND_COUNT] = {
	[DECISION_CONNECTION] = { .type = "connection" },
	[DECISION_SOURCE_CHECK] = { .type = "source_dest_check" },
	[DECISION_DESTINATION_CHECK] = { .type = "source_dest_check" },
	[DECISION_LOCAL_ROUTE] = { .type = "route" },
	[DECISION_TRANSIT_ROUTE] = { .type = "transit_route" },
	[DECISION_CLOUD_SERVICES] = { .type = "route" },
	[DECISION_PUBLIC_ROUTE] = { .type = "route" },
	[DECISION_ADDRESS_ROUTE] = { .type = "route" },
	[DECISION_HOST_ROUTE] = { .type = "route" },
	[DECISION_ENDPOINT_ROUTE] = { .type = "route" },
	[DECISION_BALANCER_RETURN] = { .type = "connection" },
	[DECISION_PUBLIC_ADDRESS] = { .type = "public_ip" },
	[DECISION_ANSWER] = { .type = "connection" },
	[DECISION_NO_INTERNET_GATEWAY] = { .with_resource = "%r has no internet gateway" },
	[DECISION_NOT_PUBLIC] = { .with_resource = "%r is not public" },
	[DECISION_LIMIT_OF_SIZE] = { .type = "limit" },
	[DECISION_LIMIT_OF_PORTS] = { .type = "limit" },
	[DECISION_LIMIT_OF_RATE] = { .type = "limit" },
	[DECISION_LIMIT_OF_BANDWIDTH] = { .type = "limit" },
	[DECISION_INTERFACE] = { .type = "interface", .sentence = "eth%n" },
	[DECISION_ROUTER_ITSELF] = { .sentence = "from the router itself, %a" },
	[DECISION_GATEWAY_ITSELF] = { .sentence = "from the gateway itself" },
	[DECISION_SERVICE] = { .with_resource = "service %r" },
	[DECISION_PING] = { .sentence = "answers pings" },
	[DECISION_RESOLVER] = { .type = "service", .sentence = "the resolver of the VPC" },
	[DECISION_METADATA] = { .type = "service", .sentence = "the metadata of the VPC's hosts" },
	[DECISION_FOREIGN_RESOLVER] = { .type = "resolver" },
	[DECISION_PAST_GROUPS] = { .type = "cloud_service" },
	[DECISION_NOT_LISTENING] = { .sentence = "a router, on which nothing listens",
				     .with_resource = "nothing listens" },
	[DECISION_ITS_ANSWER] = { .type = "connection", .sentence = "the answer" },
	[DECISION_NOT_ITS_ANSWER] = { .sentence = "nobody waits for an answer from %a" },
	[DECISION_NO_SOURCE_ADDRESS] = { .sentence = "it has no address to send from" },
	[DECISION_NOT_FORWARDING] = { .sentence = "not for it, and a guest forwards nothing unless "
						  "it is told to" },
	[DECISION_GUEST] = { .type = "guest_route" },
	[DECISION_GUEST_ADDRESS] = { .type = "guest_address",
				     .with_resource = "%r does not have %a any more" },
	[DECISION_GUEST_SECONDARY] = { .type = "guest_address",
				       .with_resource = "%a, a secondary address of its eth%n, is "
							"not set up in %r" },
	[DECISION_GUEST_LINK] = { .type = "guest_link", .with_resource = "eth%n of %r is down" },
	[DECISION_LISTENER] = { .type = "guest_socket",
				.sentence = "anything",
				.with_resource = "a program that listens on port %n" },
	[DECISION_OWN_SOURCE] = { .sentence = "it claims to come from this node itself" },
	[DECISION_ROUTER_SOURCE] = { .sentence =
					     "its source, 169.254.0.2, is what every router calls "
					     "itself" },
	[DECISION_BROADCAST] = { .sentence = "a broadcast address: its own kernel refuses" },
	[DECISION_GOES_ROUND] = { .sentence = "its time to live is over",
				  .with_resource = "the address is inside the VPC, but in no "
						   "vSwitch: it goes round until its time to live "
						   "is over" },
	[DECISION_NFT] = { .type = "nft_rule" },
	[DECISION_NOWHERE] = { .sentence =
				       "no rule dropped it; routing had no way for it, or took it "
				       "for misdirected" },
	[DECISION_REFUSED] = { .sentence = "refused: nothing listens" },
	[DECISION_NO_ANSWER] = { .sentence = "came in, but no answer was sent" },
	[DECISION_NOT_TAKEN] = { .sentence = "came in, but the sender's connection does not take "
					     "it for its answer" },
};

static void add_sentence(struct text *text, const char *sentence, const struct decision *decision)
{
	char address[ADDRESS_TEXT_SIZE];

	for (const char *s = sentence; *s; s++) {
		if (*s != '%')
			text_add_char(text, *s);
		else if (*++s == 'r')
			text_add(text, decision->resource->name);
		else if (*s == 'a')
			text_add(text, address_format(decision->address, address));
		else if (*s == 'n')
			text_addf(text, "%u", decision->number);
		else
			view_add_count(text, *s == 'c' ? decision->count : decision->limit);
	}
}

static const char *answer_sentence(const struct resource *translated)
{
	return !translated ? "connection tracking: the translation of the connection, turned round"
	       : translated->noun == NOUN_SNAT        ? "answer to what the SNAT entry %r sent out"
	       : translated->noun == NOUN_DNAT        ? "answer of what the DNAT entry %r publishes"
	       : translated->noun == NOUN_LISTENER    ? "answer of what the listener %r leads on"
	       : translated->noun == NOUN_NAT_GATEWAY ? "answer by the address of %r"
						      : "answer by the public address of %r";
}

static void add_nobody(struct text *text, const struct decision *decision)
{
	const struct resource *resource = decision->resource, *other = decision->other;

	if (other)
		text_addf(text, "%s is %s", other->name,
			  other->noun == NOUN_EIP ? "associated with nothing" : "not attached");
	else
		text_add(text, !resource ? "nobody has this address"
			       : resource->noun == NOUN_VPC
				       ? "the address is inside the VPC, but in no vSwitch"
				       : "nobody holds the address");
}

/* A rule of nft's that stands for nothing of the cloud's. */
static void add_nft(struct text *text, const struct decision *decision)
{
	const char *verdict = decision->drop ? "drop" : "accept";

	if (decision->resource && decision->by_policy)
		text_addf(text, "%s's own policy of ", decision->resource->name);
	else if (decision->resource)
		text_addf(text, "%s's own rule %u of ", decision->resource->name, decision->number);
	text_addf(text, "chain %s", decision->chain);
	if (decision->resource)
		text_addf(text, " (%s)", decision->words);
	else if (decision->foreign)
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

/* "ECS1's own rule 32765: from 10.0.0.1 lookup 101, default via 10.0.1.253 dev eth1 table 101" */
static void add_guest(struct text *text, const struct decision *decision)
{
	const struct guest_rule *rule = decision->guest_rule;
	const char *name = decision->resource->name;

	if (rule) {
		text_addf(text, "%s's own rule %u: ", name, rule->priority);
		guest_format_rule(text, rule);
	}
	if (decision->guest_route) {
		if (rule)
			text_add(text, ", ");
		else
			text_addf(text, "%s's own route ", name);
		guest_format_route(text, decision->guest_route);
	} else if (!rule) {
		text_addf(text, "%s has no route for it", name);
	}
}

void decision_add_text(struct text *text, const struct model *model,
		       const struct decision *decision)
{
	const enum decision_kind kind = decision->kind;
	const struct decision other = { .resource = decision->other };
	const char *sentence = decision->resource && kinds[kind].with_resource
				       ? kinds[kind].with_resource
				       : kinds[kind].sentence;

	if (kind == DECISION_ANSWER)
		sentence = answer_sentence(decision->resource);
	else if (kind == DECISION_LIMIT_OF_SIZE && decision->count)
		sentence = "limit reached: %c connections of the %l of the gateway's size";
	else if (kind == DECISION_LIMIT_OF_PORTS && decision->count)
		sentence = "limit reached: %c connections of the %l that one EIP carries to one "
			   "destination";
	if (kind == DECISION_NOT_LISTENING && decision->other)
		add_sentence(text, "service %r does not listen", &other);
	else if (kind == DECISION_NOBODY)
		add_nobody(text, decision);
	else if (kind == DECISION_GUEST)
		add_guest(text, decision);
	else if (kind == DECISION_NFT)
		add_nft(text, decision);
	else if (sentence)
		add_sentence(text, sentence, decision);
	else
		decision_add_name(text, model, decision);
	if (kind == DECISION_SNAT && decision->count)
		add_sentence(text, "; beyond %l new connections a second it has dropped %c so far",
			     decision);
	if (kind == DECISION_INTERFACE && decision->address)
		add_sentence(text, ", default via %a", decision);
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

static void put_via(struct output *output, const struct model *model, const struct resource *via)
{
	output_named(output, "via", via ? model_noun_word(model, via->noun) : NULL,
		     via ? via->name : NULL);
}

static void put_filter(struct output *output, const struct decision *decision)
{
	const struct filter_rule *rule = decision->rule;
	const struct security_group *group = (const struct security_group *)decision->resource;
	const bool accept = rule ? rule->policy == POLICY_ACCEPT
				 : decision->kind == DECISION_GROUP_MEMBERS ||
					    (decision->kind == DECISION_GROUP_REST &&
					     group_allows_rest(group, decision->direction));

	output_number_if(output, "number", rule, rule ? rule->number : 0);
	output_string(output, "direction", word_of(direction_words, (int)decision->direction));
	output_string(output, "policy", accept ? "accept" : "drop");
}

static void put_guest(struct output *output, const struct decision *decision)
{
	const struct guest_rule *rule = decision->guest_rule;
	const struct guest_route *route = decision->guest_route;

	output_number_if(output, "number", rule, rule ? rule->priority : 0);
	if (rule)
		output_prefix(output, "from", rule->from);
	if (rule || route)
		output_number(output, "table", rule ? rule->table : route->table);
	if (route) {
		output_prefix(output, "to", route->to);
		output_address(output, "via", route->via);
		output_string(output, "link", *route->link ? route->link : NULL);
	}
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
		output_string(output, "to", route_to_word(route, to));
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
	case DECISION_GUEST:
		put_guest(output, decision);
		break;
	case DECISION_GUEST_ADDRESS:
	case DECISION_GUEST_SECONDARY:
		output_address(output, "address", decision->address);
		break;
	case DECISION_LISTENER:
		output_number(output, "port", decision->number);
		break;
	case DECISION_GUEST_LINK:
		output_number(output, "number", decision->number);
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
	const enum decision_kind kind = decision->kind;
	const struct resource *resource = decision->resource;
	const bool system = kind == DECISION_LOCAL_ROUTE || kind == DECISION_CLOUD_SERVICES;

	output_string(output, "type",
		      kind == DECISION_NONE                            ? NULL
		      : kind == DECISION_GUEST && decision->guest_rule ? "guest_rule"
		      : kinds[kind].type                               ? kinds[kind].type
		      : resource ? model_noun_word(model, resource->noun)
				 : "node");
	output_string(output, "name", resource && !system ? resource->name : NULL);
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
