/* SPDX-License-Identifier: GPL-3.0-only */
#include "cli/prompt/complete.h"

#include <dirent.h>
#include <stdlib.h>
#include <string.h>

#include "cli/view/show.h"
#include "core/base/address.h"
#include "core/base/cleanup.h"
#include "core/base/memory.h"
#include "core/base/text.h"
#include "lab/language/command.h"
#include "lab/language/grammar.h"
#include "lab/language/statement.h"
#include "lab/model/query.h"

struct list {
	const struct language *language;
	const struct model *model;
	const struct jobs *jobs;
	struct completion *item;
	size_t n;
	bool or_file;
	const char *beginning;
	size_t kept; /* of the beginning: what stands before the last comma of a list */
};

/* Is it one of the parts of the list that stand before the one at the cursor? */
static bool is_said(const struct list *list, const char *word)
{
	const size_t length = strlen(word);

	for (const char *s = list->beginning; s < list->beginning + list->kept; s++) {
		const size_t part = strcspn(s, ",");

		if (part == length && strncmp(s, word, length) == 0)
			return true;
		s += part;
	}
	return false;
}

static void offer(struct list *list, const char *word, const char *meaning)
{
	const char *typed = list->beginning + list->kept;

	if (strncmp(word, typed, strlen(typed)) != 0 || is_said(list, word))
		return;
	*ARRAY_PUSH(list->item, list->n) = (struct completion){
		.word = xprintf("%.*s%s", (int)list->kept, list->beginning, word),
		.meaning = xstrdup(meaning),
	};
}

/* ---- names ---- */

static void offer_resource(struct list *list, const struct resource *resource)
{
	auto_text meaning = { 0 };

	show_add_meaning(&meaning, list->model, resource);
	offer(list, resource->name, meaning.s);
}

static void offer_nouns(struct list *list, unsigned nouns)
{
	const struct model *model = list->model;

	for (unsigned noun = 0; model && noun < NOUN_COUNT; noun++)
		for (size_t i = 0; (nouns & 1u << noun) && i < model_count(model, (enum noun)noun);
		     i++)
			offer_resource(list, model_get(model, (enum noun)noun, i));
}

static void offer_nodes(struct list *list)
{
	offer(list, "internet", "node");
	offer_nouns(list, NOUNS_NODE);
}

static void offer_dns(struct list *list)
{
	static const enum noun nouns[] = { NOUN_INTERNET_HOST, NOUN_EIP };

	for (size_t k = 0; list->model && k < ARRAY_SIZE(nouns); k++) {
		for (size_t i = 0; i < model_count(list->model, nouns[k]); i++) {
			const struct resource *resource = model_get(list->model, nouns[k], i);
			size_t n;
			char *const *dns = resource_dns(resource, &n);

			while (n-- > 0)
				offer(list, dns[n], resource->name);
		}
	}
}

/* By its name on the node, or where no node was said, as NODE/NAME. */
static void offer_services(struct list *list, const char *node)
{
	const struct model *model = list->model;

	for (size_t i = 0; model && i < model_count(model, NOUN_SERVICE); i++) {
		const struct service *service = model_get(model, NOUN_SERVICE, i);
		auto_text full = { 0 };

		if (node && strcmp(service->node->name, node) != 0)
			continue;
		text_addf(&full, "%s%s%s", node ? "" : service->node->name, node ? "" : "/",
			  service->resource.name);
		offer(list, full.s, model_noun_title(model, NOUN_SERVICE));
	}
}

static void offer_words(struct list *list, const struct word *words, const char *meaning)
{
	for (; words->word; words++)
		offer(list, words->word, meaning);
}

/* ---- values ---- */

static void offer_flow_word(struct list *list, size_t place, bool sets)
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

/* What the command has said so far. */
struct said {
	const struct command *command;
	const struct token *token;
	size_t n_token;
};

/* The resource that stands behind that key, if it is one of those nouns. */
static struct resource *said_at(const struct list *list, const struct said *at, const char *key,
				unsigned nouns)
{
	for (size_t i = 0; list->model && i + 1 < at->n_token; i++)
		if (strcmp(command_canonical_word(at->token[i].word), key) == 0)
			return model_find_noun(list->model, nouns, at->token[i + 1].word);
	return NULL;
}

/* The next block of a vSwitch's usual size that is free in the VPC. */
static void offer_free_block(struct list *list, const struct said *at)
{
	const struct vpc *vpc = (const struct vpc *)said_at(list, at, "vpc", NOUNS(NOUN_VPC));
	const uint8_t whole = vpc ? vpc->cidr.item[0].length : 32,
		      length = whole < 24 ? 24 : (uint8_t)(whole + 1);
	struct prefix block;
	char text[PREFIX_TEXT_SIZE];

	if (!vpc || length > 29 || !command_path_word(at->command, 1, text, sizeof(text)) ||
	    strcmp(text, "create") != 0)
		return;
	if (vpc_free_block(list->model, vpc, length, true, &block))
		offer(list, prefix_format(block, text), "free in the VPC");
}

/* Of an entry of a gateway, only the gateway's own EIPs; of others, those that are free, or not. */
static bool eip_fits(const struct list *list, const struct said *at, const struct eip *eip)
{
	const struct resource *gateway = said_at(list, at, "nat-gateway", NOUNS(NOUN_NAT_GATEWAY));

	if (strcmp(at->command->words, "eip associate") == 0)
		return !eip->associated;
	if (strcmp(at->command->words, "eip disassociate") == 0)
		return eip->associated;
	return !gateway || eip->associated == gateway;
}

/* What is in a VPC goes with nothing of another one. */
static bool fits(const struct list *list, const struct said *at, const struct resource *resource)
{
	const struct vpc *vpc = resource_vpc(resource), *said;

	if (resource->noun == NOUN_EIP || resource->noun == NOUN_NAT_IP)
		return eip_fits(list, at, (const struct eip *)resource);
	for (size_t i = 0; vpc && resource->noun != NOUN_VPC && i < at->n_token; i++) {
		said = resource_vpc(model_find(list->model, at->token[i].word));
		if (said && said != vpc)
			return false;
	}
	return true;
}

static void offer_fitting(struct list *list, unsigned nouns, const struct said *at)
{
	for (unsigned noun = 0; list->model && noun < NOUN_COUNT; noun++) {
		for (size_t i = 0;
		     (nouns & 1u << noun) && i < model_count(list->model, (enum noun)noun); i++) {
			const struct resource *resource =
				model_get(list->model, (enum noun)noun, i);

			if (fits(list, at, resource))
				offer_resource(list, resource);
		}
	}
}

static void offer_references(struct list *list, const struct parameter *parameter, const char *node,
			     const struct said *at)
{
	if (parameter->nouns & NOUNS(NOUN_SERVICE))
		offer_services(list, node);
	offer_fitting(list, parameter->nouns & ~NOUNS(NOUN_SERVICE), at);
}

/* Also as a shell has them, %1. */
static void offer_jobs(struct list *list)
{
	list->kept = *list->beginning == '%';
	for (size_t i = 0; list->jobs && i < jobs_count(list->jobs); i++) {
		const struct job *job = jobs_get(list->jobs, i);
		auto_free char *number = xprintf("%u", job->number);

		offer(list, number, job->text);
	}
}

/* words: those of the parameter so far, `place` many; node: what the command said before about
 * where. */
static void offer_value(struct list *list, const struct parameter *parameter,
			const struct token *words, size_t place, const char *node,
			const struct said *at)
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
		break;
	case ARGUMENT_TARGET:
	case ARGUMENT_PEER:
		offer_fitting(list, parameter->nouns, at);
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
	case ARGUMENT_ADDRESS:
	case ARGUMENT_CIDRS:
	case ARGUMENT_PORT:
	case ARGUMENT_NUMBER:
	case ARGUMENT_WORD:
	case ARGUMENT_WORDS:
	case ARGUMENT_FILTER:
	case ARGUMENT_COMMAND:
	case ARGUMENT_REST:
		break;
	}
}

/* ---- $NAME ---- */

static void offer_expansion(struct list *list, const char *name, const char *meaning, bool braces)
{
	auto_text word = { 0 };

	text_addf(&word, "%s%s", name, braces ? "}" : "");
	offer(list, text_get(&word), meaning);
}

/* The beginning of the name behind the word's last $ or ${; NULL where the word does not end in
 * one. */
static const char *find_expansion(const char *word, bool *ret_braces)
{
	static const char characters[] =
		"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_.-";
	const char *dollar = strrchr(word, '$'), *name;

	if (!dollar || (dollar > word && dollar[-1] == '\\'))
		return NULL;
	*ret_braces = dollar[1] == '{';
	name = dollar + (*ret_braces ? 2 : 1);
	return name[strspn(name, characters)] ? NULL : name;
}

/* Whatever stands for something behind a $. False: the word at the cursor ends in none. */
static bool complete_expansion(struct list *list, const struct variables *variables)
{
	const struct model *model = list->model;
	char address[ADDRESS_TEXT_SIZE];
	const char *name, *value;
	bool braces;
	const char *typed = find_expansion(list->beginning, &braces);

	if (!typed)
		return false;
	list->kept = (size_t)(typed - list->beginning);
	for (size_t i = 0; variables && variables_each(variables, i, &name, &value); i++)
		offer_expansion(list, name, value, braces);
	for (unsigned noun = 0; model && noun < NOUN_COUNT; noun++) {
		for (size_t i = 0; i < model_count(model, (enum noun)noun); i++) {
			const struct resource *resource = model_get(model, (enum noun)noun, i);
			uint32_t ip;

			/* A service's own name may be that of a resource. */
			if (noun != NOUN_SERVICE && model_address(model, resource->name, &ip))
				offer_expansion(list, resource->name, address_format(ip, address),
						braces);
		}
	}
	return true;
}

/* ---- where are we ---- */

static void complete_from(struct list *list, const struct token *token, size_t n_token, bool nodes);

/* "create, delete, show" of a noun, or the summary of a command that ends here. */
static void add_meaning(struct command_cursor at, struct text *text, const struct token *token,
			size_t n_token, const char *word)
{
	char here[32], next[32], before[32] = "";

	while (command_next(&at)) {
		if (!grammar_path_begins(at.command, token, n_token) ||
		    !command_path_word(at.command, n_token, here, sizeof(here)) ||
		    strcmp(here, word) != 0)
			continue;
		if (!command_path_word(at.command, n_token + 1, next, sizeof(next))) {
			text_clear(text);
			text_add(text, at.command->summary);
			return;
		}
		if (strcmp(next, before) != 0)
			text_addf(text, "%s%s", text->length ? ", " : "", next);
		strcpy(before, next);
	}
}

static void offer_path(struct list *list, const struct token *token, size_t n_token)
{
	const struct command_cursor rows = command_rows(list->language, list->model);
	char word[32], before[32] = "";

	for (struct command_cursor at = rows; command_next(&at);) {
		auto_text meaning = { 0 };

		if (!grammar_path_begins(at.command, token, n_token) ||
		    !command_path_word(at.command, n_token, word, sizeof(word)) ||
		    strcmp(word, before) == 0)
			continue;
		add_meaning(rows, &meaning, token, n_token, word);
		offer(list, word, text_get(&meaning));
		strcpy(before, word);
	}
}

/* Which key goes with the word that was chosen before it, as with the kind of a service. The word's
 * parameter is one of those that stand before all keys, in the order of the tokens. */
static bool key_fits(const struct parameter *key, const struct command *command,
		     const struct token *token, size_t n_token)
{
	for (size_t i = 0; key->fits && i < n_token; i++) {
		const struct parameter *parameter = &command->parameter[i];
		const struct word *chosen = parameter->kind == ARGUMENT_CHOICE
						    ? word_find(parameter->words, token[i].word)
						    : NULL;

		if (chosen)
			return key->fits & 1u << chosen->value;
	}
	return true;
}

static void offer_keys(struct list *list, const struct grammar *grammar, const struct token *token,
		       size_t n_token)
{
	for (size_t i = 0; i < command_n_parameter(grammar->command); i++) {
		const struct parameter *parameter = &grammar->command->parameter[i];

		if (parameter_is_key(parameter) && !grammar_is_given(grammar, parameter) &&
		    key_fits(parameter, grammar->command, token, n_token))
			offer(list, parameter->name, parameter->help);
	}
}

static const char *node_said(const struct command *command, const struct token *token,
			     size_t n_token)
{
	return n_token > 0 && command->parameter[0].name &&
			       strcmp(command->parameter[0].name, "node") == 0
		       ? token[0].word
		       : NULL;
}

/* Words of our own language: a command, what help is about, or (of `expect within`) another
 * expectation without its first word.
 */
static void complete_rest(struct list *list, const struct command *command,
			  const struct parameter *parameter, const struct token *token,
			  size_t n_token)
{
	char first[32];
	struct token *whole;

	if (strcmp(parameter->name, "expectation") != 0 ||
	    !command_path_word(command, 0, first, sizeof(first))) {
		complete_from(list, token, n_token, strcmp(command->words, "help") != 0);
		return;
	}
	whole = xalloc((n_token + 1) * sizeof(*whole));
	whole[0].word = first;
	for (size_t i = 0; i < n_token; i++)
		whole[i + 1] = token[i];
	complete_from(list, whole, n_token + 1, true);
	free(whole);
}

static void offer_programs(struct list *list)
{
	const char *path = getenv("PATH");
	auto_free char *folders = xstrdup(path ? path : "/usr/bin:/bin");
	char *rest = folders;

	if (!list->beginning[list->kept])
		return;
	for (const char *folder; (folder = strsep(&rest, ":"));) {
		auto_dir DIR *directory = opendir(folder);
		const struct dirent *entry;

		while (directory && (entry = readdir(directory)))
			if (entry->d_name[0] != '.')
				offer(list, entry->d_name, "program");
	}
}

/* In a node: a program of the path; behind it, whatever has a name, also in http://NAME. */
static void complete_program(struct list *list, size_t n_before)
{
	const char *slashes = strstr(list->beginning, "://");

	if (n_before == 0) {
		offer_programs(list);
		return;
	}
	list->or_file = true;
	if (slashes)
		list->kept = (size_t)(slashes + 3 - list->beginning);
	if (!slashes && !*list->beginning)
		return;
	offer_nouns(list, NOUNS_ADDRESSED);
	offer_dns(list);
}

/*
 * On the user's own machine: a program behind ! or |, files behind that and behind >. False: the
 * cursor is elsewhere.
 */
static bool complete_outside(struct list *list, const struct token *token, size_t n_token)
{
	size_t at = statement_redirection(list->language, list->model, token, n_token);
	const bool escape = n_token ? token[0].word[0] == '!' : *list->beginning == '!';
	bool program = escape && (n_token == 0 || (n_token == 1 && !token[0].word[1]));

	if (at == n_token && !escape)
		return false;
	for (; at < n_token; at++)
		program = strcmp(token[at].word, "|") == 0;
	list->or_file = !program;
	list->kept = n_token == 0; /* !PROGRAM */
	if (program)
		offer_programs(list);
	return true;
}

static void complete_parameters(struct list *list, const struct command *command,
				const struct token *token, size_t n_token)
{
	const char *node = node_said(command, token, n_token);
	const struct said said = { command, token, n_token };
	const struct parameter *positional;
	struct grammar grammar;

	grammar_begin(&grammar, command);
	for (size_t i = 0; i < n_token; i++)
		if (grammar_word(&grammar, &token[i]) != GRAMMAR_OK)
			return;

	if (grammar_open(&grammar)) {
		if (grammar.parameter->kind != ARGUMENT_REST)
			offer_value(list, grammar.parameter, &token[n_token - grammar.taken],
				    grammar.taken, node, &said);
		return;
	}
	if (grammar.parameter && grammar.parameter->kind == ARGUMENT_REST) {
		complete_rest(list, command, grammar.parameter, &token[n_token - grammar.taken],
			      grammar.taken);
		return;
	}
	if (grammar.parameter && grammar.parameter->kind == ARGUMENT_COMMAND) {
		complete_program(list, grammar.taken);
		return;
	}
	if (grammar.parameter && grammar.taken == 3 &&
	    (grammar.parameter->kind == ARGUMENT_FLOW || grammar.parameter->kind == ARGUMENT_FLOWS))
		offer_flow_word(list, 3, grammar.parameter->kind == ARGUMENT_FLOWS);

	positional = grammar_next_positional(&grammar);
	if (positional && positional->kind == ARGUMENT_REST) {
		complete_rest(list, command, positional, NULL, 0);
		return;
	}
	if (positional)
		offer_value(list, positional, NULL, 0, node, &said);
	if (!positional || !(positional->flags & PARAMETER_REQUIRED))
		offer_keys(list, &grammar, token, n_token);
}

static void complete_from(struct list *list, const struct token *token, size_t n_token, bool nodes)
{
	const struct command *command;
	char nothing[] = "";
	struct token begun[2] = { [1] = { .word = nothing } };
	size_t n_word;

	if (n_token && list->model && model_is_node(list->model, token->word)) {
		complete_program(list, n_token - 1);
		return;
	}
	offer_path(list, token, n_token);
	if (n_token == 0) {
		for (size_t i = 0; command_alias(i); i++)
			offer(list, command_alias(i), command_canonical_word(command_alias(i)));
		if (nodes)
			offer_nodes(list);
		return;
	}
	/* A first word alone shows, but here another one is about to follow it. */
	begun[0] = token[0];
	command = grammar_find_command(list->language, command_provider(list->model),
				       n_token == 1 ? begun : token, n_token == 1 ? 2 : n_token,
				       &n_word);
	if (command)
		complete_parameters(list, command, token + n_word, n_token - n_word);
}

static int compare(const void *a, const void *b)
{
	return strcmp(((const struct completion *)a)->word, ((const struct completion *)b)->word);
}

static void sort(struct list *list)
{
	size_t kept = 0;

	if (list->n == 0)
		return;
	qsort(list->item, list->n, sizeof(*list->item), compare);
	for (size_t i = 1; i < list->n; i++) {
		if (strcmp(list->item[i].word, list->item[kept].word) != 0) {
			list->item[++kept] = list->item[i];
			continue;
		}
		free(list->item[i].word);
		free(list->item[i].meaning);
	}
	list->n = kept + 1;
}

void complete_words(const struct completion_source *source, const struct token *token,
		    size_t n_token, const char *beginning, struct completions *ret_completions)
{
	struct list list = { .language = source->language,
			     .model = source->model,
			     .jobs = source->jobs,
			     .beginning = beginning };

	if (!complete_expansion(&list, source->variables) &&
	    !complete_outside(&list, token, n_token))
		complete_from(&list, token, n_token, true);
	sort(&list);
	*ret_completions = (struct completions){ list.item, list.n, list.or_file };
}

void completions_free(struct completions *completions)
{
	for (size_t i = 0; i < completions->n; i++) {
		free(completions->item[i].word);
		free(completions->item[i].meaning);
	}
	free(completions->item);
	*completions = (struct completions){ 0 };
}
