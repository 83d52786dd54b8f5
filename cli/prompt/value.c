/* SPDX-License-Identifier: GPL-3.0-only */
#include "cli/prompt/value.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/address.h"
#include "core/base/cleanup.h"
#include "core/base/memory.h"
#include "core/base/text.h"
#include "lab/language/command.h"
#include "lab/language/statement.h"
#include "lab/model/query.h"

void offer_flow_word(struct offers *list, size_t place, bool sets)
{
	if (sets && (place == 0 || place == 2)) {
		offer(list, "any", "everything");
		offer(list, "internet", "everybody out there");
		offer_nouns(list,
			    NOUNS(NOUN_VPC) | NOUNS(NOUN_VSWITCH) | NOUNS(NOUN_SECURITY_GROUP));
	}
	switch (place) {
	case 0:
		if (sets)
			offer_nouns(list, NOUNS(NOUN_ECS) | NOUNS(NOUN_INTERNET_HOST));
		else
			offer_nodes(list);
		break;
	case 1:
		offer(list, "->", "");
		break;
	case 2:
		offer_nouns(list, NOUNS_NODE | NOUNS(NOUN_EIP) | NOUNS(NOUN_ENI));
		offer_dns(list);
		break;
	case 3:
		offer_words(list, flow_protocol_words, "");
		if (sets)
			offer(list, "any", "");
		break;
	default:
		break;
	}
}

static unsigned noun_of_word(const struct model *model, const char *word)
{
	const char *canonical = command_canonical_word(word);

	for (unsigned noun = 0; model && noun < NOUN_COUNT; noun++)
		if (strcmp(model_noun_word(model, (enum noun)noun), canonical) == 0)
			return 1u << noun;
	return 0;
}

/* The next block of a vSwitch's usual size that is free in the VPC. */
static void offer_free_block(struct offers *list, const struct said *at)
{
	const struct vpc *vpc =
		list->model ? (const struct vpc *)said_at(at, list->model, "vpc", NOUNS(NOUN_VPC))
			    : NULL;
	const uint8_t whole = vpc ? vpc->cidr.item[0].length : 32,
		      length = whole < 24 ? 24 : (uint8_t)(whole + 1);
	struct prefix block;
	char text[PREFIX_TEXT_SIZE];

	if (!vpc || length > 29 ||
	    !command_path_word(at->grammar->command, 1, text, sizeof(text)) ||
	    strcmp(text, "create") != 0)
		return;
	if (vpc_free_block(list->model, vpc, length, true, &block))
		offer(list, prefix_format(block, text), "free in the VPC");
}

static void offer_fitting(struct offers *list, unsigned nouns, const struct said *at)
{
	for (unsigned noun = 0; list->model && noun < NOUN_COUNT; noun++) {
		for (size_t i = 0;
		     (nouns & 1u << noun) && i < model_count(list->model, (enum noun)noun); i++) {
			const struct resource *resource =
				model_get(list->model, (enum noun)noun, i);

			if (fits(at, list->model, resource))
				offer_resource(list, resource);
		}
	}
}

/* The lowest address of the vSwitch that nobody has. */
static void offer_free_address(struct offers *list, const struct vswitch *vswitch)
{
	char text[ADDRESS_TEXT_SIZE];

	for (uint32_t ip = vswitch->cidr.address; prefix_contains(vswitch->cidr, ip); ip++)
		if (!vswitch_keeps(vswitch, ip) && !model_holder(list->model, vswitch->vpc, ip)) {
			offer(list, address_format(ip, text), "the next free one");
			return;
		}
}

static void offer_rules(struct offers *list, const struct filter_rule *rule, size_t n)
{
	char number[16], text[FILTER_RULE_TEXT_SIZE];

	for (size_t i = 0; i < n; i++) {
		snprintf(number, sizeof(number), "%u", rule[i].number);
		offer(list, number, filter_rule_format(&rule[i], text));
	}
}

static void offer_addresses(struct offers *list, const struct eni *eni)
{
	char text[ADDRESS_TEXT_SIZE];
	uint32_t ip;

	for (size_t i = 0; (ip = eni_address(eni, i)); i++)
		offer(list, address_format(ip, text), eni_owner(eni)->name);
	offer_free_address(list, eni->vswitch);
}

static void offer_blocks(struct offers *list, const struct prefix *block, size_t n)
{
	char text[PREFIX_TEXT_SIZE];

	for (size_t i = 0; i < n; i++)
		offer(list, prefix_format(block[i], text), "");
}

/* What is no name, and part of what the change names: which of it may stand there the rules say. */
static void offer_parts(struct offers *list, const struct resource *whole, enum argument_kind kind)
{
	const struct security_group *group = (const struct security_group *)whole;
	const struct acl *acl = (const struct acl *)whole;
	const struct vpc *vpc = (const struct vpc *)whole;
	const struct prefix_list *prefixes = (const struct prefix_list *)whole;
	const bool blocks = kind == ARGUMENT_CIDR || kind == ARGUMENT_CIDRS;

	if (whole->noun == NOUN_SECURITY_GROUP && kind == ARGUMENT_NUMBER)
		offer_rules(list, group->rule, group->n_rule);
	else if (whole->noun == NOUN_ACL && kind == ARGUMENT_NUMBER)
		offer_rules(list, acl->rule, acl->n_rule);
	else if (whole->noun == NOUN_ECS && kind == ARGUMENT_ADDRESS)
		offer_addresses(list, ((const struct ecs *)whole)->eni[0]);
	else if (whole->noun == NOUN_ENI && kind == ARGUMENT_ADDRESS)
		offer_addresses(list, (const struct eni *)whole);
	else if (whole->noun == NOUN_VSWITCH && kind == ARGUMENT_ADDRESS)
		offer_free_address(list, (const struct vswitch *)whole);
	else if (whole->noun == NOUN_PREFIX_LIST && blocks)
		offer_blocks(list, prefixes->entry, prefixes->n_entry);
	else if (whole->noun == NOUN_VPC && blocks)
		offer_blocks(list, vpc->cidr.item + 1, vpc->cidr.n_item - 1);
}

static void offer_all_parts(struct offers *list, const struct said *at)
{
	for (size_t i = 0; list->model && said_completes(at) && i < at->n_token; i++) {
		const struct resource *whole = model_find(list->model, at->token[i].word);

		/* Of a VPC that another thing is made in, a free block was offered. */
		if (whole && (i == 0 || whole->noun != NOUN_VPC))
			offer_parts(list, whole, at->parameter->kind);
	}
}

/* Where packets may come from or go to: anywhere, or the other VPCs. */
static void offer_places(struct offers *list, const struct said *at)
{
	const struct resource *table =
		list->model ? said_at(at, list->model, "table", NOUNS(NOUN_ROUTE_TABLE)) : NULL;
	char text[PREFIX_TEXT_SIZE];

	if (strcmp(at->parameter->name, "to") != 0 && strcmp(at->parameter->name, "from") != 0)
		return;
	offer(list, "0.0.0.0/0", "any address");
	for (size_t i = 0; list->model && i < model_count(list->model, NOUN_VPC); i++) {
		const struct vpc *vpc = model_get(list->model, NOUN_VPC, i);

		for (size_t k = 0; k < vpc->cidr.n_item && vpc != resource_vpc(table); k++)
			offer(list, prefix_format(vpc->cidr.item[k], text), vpc->resource.name);
	}
}

/* Those where something is already: the user makes them up. */
static void offer_zones(struct offers *list)
{
	for (size_t i = 0; list->model && i < model_count(list->model, NOUN_VSWITCH); i++) {
		const struct vswitch *vswitch = model_get(list->model, NOUN_VSWITCH, i);

		if (vswitch->zone)
			offer(list, vswitch->zone, vswitch->resource.name);
	}
}

enum { TRIED_MAX = 64 }; /* of more nobody looks at each */

/*
 * Keep what the cloud's rules let stand there. Where they let none: of names all, for the refusal
 * says more than silence, and of the rest nothing.
 */
static void keep_fitting(struct offers *list, const struct said *at)
{
	auto_free bool *fit = xalloc((list->n + 1) * sizeof(*fit));
	const bool names = at->parameter->nouns || at->parameter->kind == ARGUMENT_TYPED;
	size_t kept = 0, n_fit = 0;

	if (!list->model || list->refused || list->n > TRIED_MAX || !said_completes(at))
		return;
	for (size_t i = 0; i < list->n; i++)
		n_fit += fit[i] = fits_rules(at, list->model, list->item[i].word);
	for (size_t i = 0; i < list->n; i++) {
		if (fit[i] || (names && !n_fit)) {
			list->item[kept++] = list->item[i];
			continue;
		}
		free(list->item[i].word);
		free(list->item[i].meaning);
	}
	list->n = kept;
}

static void offer_references(struct offers *list, const struct parameter *parameter,
			     const char *node, const struct said *at)
{
	if (parameter->nouns & NOUNS(NOUN_SERVICE))
		offer_services(list, node);
	offer_fitting(list, parameter->nouns & ~NOUNS(NOUN_SERVICE), at);
}

/* Also as a shell has them, %1. */
static void offer_jobs(struct offers *list)
{
	list->kept = *list->beginning == '%';
	for (size_t i = 0; list->jobs && i < jobs_count(list->jobs); i++) {
		const struct job *job = jobs_get(list->jobs, i);
		auto_free char *number = xprintf("%u", job->number);

		offer(list, number, job->text);
	}
}

void offer_value(struct offers *list, const struct parameter *parameter, const struct token *words,
		 size_t place, const char *node, const struct said *at)
{
	const char *comma = strrchr(list->beginning, ',');

	switch (parameter->kind) {
	case ARGUMENT_REFERENCES:
		list->kept = comma ? (size_t)(comma + 1 - list->beginning) : 0;
		offer_references(list, parameter, NULL, at);
		break;
	case ARGUMENT_REFERENCE:
		offer_references(list, parameter, node, at);
		break;
	case ARGUMENT_TYPED:
		if (place == 0)
			offer_words(list, parameter->words, parameter->help);
		else
			offer_fitting(list, noun_of_word(list->model, words[0].word), at);
		break;
	case ARGUMENT_CIDR:
		offer_free_block(list, at);
		offer_places(list, at);
		offer_all_parts(list, at);
		break;
	case ARGUMENT_PEER:
		offer_places(list, at);
		offer_fitting(list, parameter->nouns, at);
		break;
	case ARGUMENT_WORD:
		if (strcmp(parameter->name, "zone") == 0)
			offer_zones(list);
		__attribute__((fallthrough));
	case ARGUMENT_TARGET:
		offer_fitting(list, parameter->nouns, at);
		break;
	case ARGUMENT_ADDRESS:
	case ARGUMENT_CIDRS:
	case ARGUMENT_NUMBER:
		offer_all_parts(list, at);
		break;
	case ARGUMENT_ADDRESS_OR_AUTO:
		offer(list, "auto", "the next free one");
		break;
	case ARGUMENT_CHOICE:
		offer_words(list, parameter->words, parameter->help);
		break;
	case ARGUMENT_NODES:
		list->kept = comma ? (size_t)(comma + 1 - list->beginning) : 0;
		offer_nodes(list);
		break;
	case ARGUMENT_NODE:
		offer_nodes(list);
		break;
	case ARGUMENT_FLOW:
	case ARGUMENT_FLOWS:
		offer_flow_word(list, place, parameter->kind == ARGUMENT_FLOWS);
		break;
	case ARGUMENT_FILE: /* the caller knows files better */
		list->or_file = true;
		break;
	case ARGUMENT_JOB:
		offer_jobs(list);
		break;
	case ARGUMENT_NEW_NAME:
	case ARGUMENT_PORT:
	case ARGUMENT_WORDS:
	case ARGUMENT_FILTER:
	case ARGUMENT_COMMAND:
	case ARGUMENT_REST:
		break;
	}
	if (parameter->kind != ARGUMENT_CHOICE && (parameter->kind != ARGUMENT_TYPED || place > 0))
		keep_fitting(list, at);
}
