/* SPDX-License-Identifier: GPL-3.0-only */
#include "lab/language/request.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/memory.h"
#include "core/base/text.h"
#include "lab/language/value.h"
#include "lab/model/cloud.h"

/* The key that a refusal is about. The resource's own name is "", and a typed one without a key is
 * called as the word that types it. */
static const char *key_of(const struct arguments *arguments, const struct argument *argument)
{
	const struct parameter *parameter = argument->parameter;

	if (parameter_is_key(parameter))
		return parameter->name;
	if (parameter->kind == ARGUMENT_TYPED)
		return argument->choice->word;
	return parameter == arguments->command->parameter && strcmp(parameter->name, "name") == 0
		       ? NULL
		       : parameter->name;
}

/* ---- names ---- */

/* "an ECS or an internet host" */
static const char *format_nouns(const struct model *model, unsigned nouns, bool article, char *ret,
				size_t size)
{
	struct text text = { 0 };

	for (unsigned noun = 0; noun < NOUN_COUNT; noun++)
		if (nouns & NOUNS(noun))
			text_addf(&text, "%s%s",
				  !text.length          ? ""
				  : nouns >> (noun + 1) ? ", "
							: " or ",
				  article ? model_noun_a(model, (enum noun)noun)
					  : model_noun_title(model, (enum noun)noun));
	snprintf(ret, size, "%s", text_get(&text));
	text_free(&text);
	return ret;
}

static enum noun first_noun(unsigned nouns)
{
	return (enum noun)__builtin_ctz(nouns);
}

int request_find(const struct model *model, unsigned nouns, const char *name, const char *code,
		 const char *key, struct resource **ret_resource, struct error *err)
{
	struct resource *resource = model_find(model, name);
	const enum noun first = first_noun(nouns);
	bool any = false;
	struct nearest near = { .typed = name };
	char list[96];

	if (resource && (nouns & NOUNS(resource->noun))) {
		*ret_resource = resource;
		return 0;
	}
	if (!*name)
		return error_refuse(err, "MissingParameter", key, "the name of %s is missing",
				    model_noun_a(model, first));
	if (!code)
		code = model_noun_words(model, first)->not_found;
	if (resource) {
		error_refuse(err, code, key, "%s is %s, not %s", name,
			     model_noun_a(model, resource->noun),
			     format_nouns(model, nouns, true, list, sizeof(list)));
		error_hint(err, "%s show", model_noun_word(model, first));
		return -EINVAL;
	}
	error_refuse(err, code, key, "there is no %s named %.140s",
		     format_nouns(model, nouns, false, list, sizeof(list)), name);
	for (unsigned noun = 0; noun < NOUN_COUNT; noun++)
		any |= (nouns & NOUNS(noun)) && model_count(model, (enum noun)noun);
	model_offer(model, nouns, &near);
	if (strchr(name, ':') != strrchr(name, ':')) /* no name has one */
		error_hint(err, "only IPv4 is supported");
	else if (near.best[0])
		nearest_hint(&near, err);
	else if (!any)
		error_hint(err, "there is no %s at all yet; see: help %s",
			   model_noun_title(model, first), model_noun_word(model, first));
	else
		error_hint(err, "%s show", model_noun_word(model, first));
	return -EINVAL;
}

/* May a new resource be called so? (form, words of the language, taken by any noun or DNS name,
 * case ignored) */
static int check_new_name(const struct model *model, const struct language *language,
			  enum noun noun, const char *name, const char *key, struct error *err)
{
	const struct noun_words *words = model_noun_words(model, noun);
	const struct resource *taken = model_name_taken(model, name);

	if (!*name)
		return error_refuse(err, "MissingParameter", key, "%s needs a name",
				    words->with_article);
	/* Names are those of the console of 2020 and 2021.
	 * cloud-semantics: vpc-11, rt-21, dnat-13 */
	if (!model_is_name(name)) {
		error_refuse(err, words->malformed, key, "%.140s is no name for %s", name,
			     words->with_article);
		error_hint(
			err,
			"2 to %d characters, a letter first, then letters, digits, '.', '_' or '-'",
			RESOURCE_NAME_MAX);
		return -EINVAL;
	}
	/* The lab's own rule: names are typed as words of the language and resolved inside the
	 * nodes. */
	if (text_equal_nocase(name, "localhost") || command_is_reserved(language, name)) {
		error_refuse(err, words->malformed, key,
			     "%s is a word of the command language, not a name", name);
		error_hint(err, "choose another name, for example my-%s", name);
		return -EINVAL;
	}
	if (!taken)
		return 0;
	/* The lab's own rule and code, too: in the cloud names may repeat because identifiers do
	 * not. */
	error_refuse(err,
		     words->duplicate && taken->noun == noun ? words->duplicate
							     : "InvalidName.Duplicate",
		     key, "the name %s is taken by %s", name, model_noun_a(model, taken->noun));
	if (strcmp(taken->name, name) != 0)
		error_hint(err, "%s has it, as a DNS name or in other upper and lower case",
			   taken->name);
	else
		error_hint(err, "%s show %s", model_noun_word(model, taken->noun), name);
	return -EINVAL;
}

/* ---- values ---- */

#define AT(type_, offset_) ((type_ *)(void *)((char *)request + (offset_)))

static int refuse_too_many(const struct parameter *parameter, const char *key, unsigned limit,
			   size_t n, struct error *err)
{
	error_refuse(err, parameter->too_many, key, "%s takes %u %s at most, not %zu", key, limit,
		     parameter->kind == ARGUMENT_CIDRS ? "blocks" : "names", n);
	error_hint(err, "name fewer");
	return -EINVAL;
}

static int put_references(const struct model *model, struct argument *argument, const char *key,
			  void *request, struct error *err)
{
	const struct parameter *parameter = argument->parameter;
	struct resource **item;
	unsigned limit = 0;

	if (parameter->limit)
		memcpy(&limit, (const char *)model->profile + parameter->limit, sizeof(limit));
	if (limit && argument->n_part > limit)
		return refuse_too_many(parameter, key, limit, argument->n_part, err);
	item = xalloc(argument->n_part * sizeof(*item));
	argument->list = item;
	for (size_t i = 0; i < argument->n_part; i++) {
		int r = request_find(model, parameter->nouns, argument->part[i],
				     parameter->not_found, key, &item[i], err);

		if (r < 0)
			return r;
	}
	*AT(void *, parameter->offset) = item;
	*AT(size_t, parameter->also) = argument->n_part;
	return 0;
}

static int put_prefixes(struct argument *argument, const char *key, void *request,
			struct error *err)
{
	const struct parameter *parameter = argument->parameter;
	struct prefixes *few = AT(struct prefixes, parameter->offset);
	struct prefix *item = few->item;

	if (parameter->max && argument->n_part > parameter->max)
		return refuse_too_many(parameter, key, parameter->max, argument->n_part, err);
	if (parameter->also)
		*AT(void *, parameter->offset) = argument->list = item =
			xalloc(argument->n_part * sizeof(*item));
	for (size_t i = 0; i < argument->n_part; i++)
		prefix_parse(argument->part[i], &item[i]);
	*(parameter->also ? AT(size_t, parameter->also) : &few->n_item) = argument->n_part;
	return 0;
}

static int put_typed(const struct model *model, const struct argument *argument, const char *key,
		     struct typed *typed, struct error *err)
{
	const struct parameter *parameter = argument->parameter;
	const char *name = argument->token[1].word, *code = NULL;

	typed->type = argument->choice->value;
	typed->prefix = argument->value.prefix;
	typed->word = name;
	if (typed->type >= TYPED_CIDR)
		return 0;
	if (parameter->not_found_by_noun)
		code = word_of(parameter->not_found_by_noun, typed->type);
	return request_find(model, NOUNS(typed->type), name, code ? code : parameter->not_found,
			    key, &typed->resource, err);
}

static int put_target(const struct model *model, const struct argument *argument, const char *key,
		      void *request, struct error *err)
{
	const struct parameter *parameter = argument->parameter;
	const char *word = argument->token->word;
	struct resource *resource = NULL;
	struct eni *eni;
	int r;

	*AT(uint32_t, parameter->also) = argument->value.address;
	*AT(struct eni *, parameter->offset) = NULL;
	if (word[0] >= '0' && word[0] <= '9')
		return 0;
	r = request_find(model, parameter->nouns, word, parameter->not_found, key, &resource, err);
	if (r < 0)
		return r;
	eni = resource->noun == NOUN_ECS ? ((struct ecs *)resource)->eni[0]
					 : (struct eni *)resource;
	*AT(struct eni *, parameter->offset) = eni;
	*AT(uint32_t, parameter->also) = eni->ip;
	return 0;
}

static int put_peer(const struct model *model, const struct argument *argument, const char *key,
		    struct peer *peer, struct error *err)
{
	const struct parameter *parameter = argument->parameter;
	const char *word = argument->token->word;
	int r;

	peer->given = true;
	peer->prefix = argument->value.prefix;
	if (word[0] >= '0' && word[0] <= '9') /* no name begins so */
		return 0;
	r = request_find(model, parameter->nouns, word, parameter->not_found, key, &peer->resource,
			 err);
	if (r < 0 && (strcmp(word, "any") == 0 || strcmp(word, "all") == 0))
		error_hint(err, "%s 0.0.0.0/0 is every address", key);
	return r;
}

/* NULL-terminated. */
static char **make_vector(const struct argument *argument)
{
	char **vector = xalloc((argument->n_token + 1) * sizeof(*vector));

	for (size_t i = 0; i < argument->n_token; i++)
		vector[i] = argument->token[i].word;
	return vector;
}

static int put(const struct model *model, const struct arguments *arguments,
	       struct argument *argument, void *request, struct error *err)
{
	const struct parameter *parameter = argument->parameter;
	const char *key = key_of(arguments, argument), *word = argument->token->word;
	struct resource **resource = AT(struct resource *, parameter->offset);

	if (parameter->given)
		*AT(bool, parameter->given) = true;
	if (parameter->flags & PARAMETER_FLAG) {
		*AT(bool, parameter->offset) = true;
		return 0;
	}
	switch (parameter->kind) {
	case ARGUMENT_NEW_NAME:
		*AT(const char *, parameter->offset) = word;
		return check_new_name(model, arguments->language,
				      parameter->nouns ? first_noun(parameter->nouns)
						       : command_noun(model, arguments->command),
				      word, key, err);
	case ARGUMENT_REFERENCE:
		if (parameter->flags & PARAMETER_ASIDE)
			break;
		return request_find(
			model, parameter->nouns | parameter->also_nouns, word,
			parameter->not_found
				? parameter->not_found
				: model_noun_words(model, first_noun(parameter->nouns))->not_found,
			key, resource, err);
	case ARGUMENT_REFERENCES:
		return put_references(model, argument, key, request, err);
	case ARGUMENT_TYPED:
		return put_typed(model, argument, key, AT(struct typed, parameter->offset), err);
	case ARGUMENT_CIDR:
		*AT(struct prefix, parameter->offset) = argument->value.prefix;
		return 0;
	case ARGUMENT_CIDRS:
		return put_prefixes(argument, key, request, err);
	case ARGUMENT_ADDRESS:
	case ARGUMENT_ADDRESS_OR_AUTO:
		*AT(uint32_t, parameter->offset) = argument->value.address;
		return 0;
	case ARGUMENT_TARGET:
		return put_target(model, argument, key, request, err);
	case ARGUMENT_PEER:
		return put_peer(model, argument, key, AT(struct peer, parameter->offset), err);
	case ARGUMENT_PORT:
		*AT(uint16_t, parameter->offset) = argument->value.ports.first;
		if (parameter->also)
			*AT(uint16_t, parameter->also) = argument->value.ports.last;
		return 0;
	case ARGUMENT_NUMBER:
		*AT(unsigned, parameter->offset) = argument->value.number;
		return 0;
	case ARGUMENT_CHOICE:
		if (parameter->flags & PARAMETER_SWITCH)
			*AT(bool, parameter->offset) = argument->choice->value;
		else
			*AT(int, parameter->offset) = argument->choice->value;
		return 0;
	case ARGUMENT_WORDS:
		*AT(char **, parameter->offset) = argument->part;
		*AT(size_t, parameter->also) = argument->n_part;
		return 0;
	case ARGUMENT_COMMAND:
		argument->list = make_vector(argument);
		*AT(void *, parameter->offset) = argument->list;
		return 0;
	case ARGUMENT_WORD:
	case ARGUMENT_FILE:
	case ARGUMENT_JOB:
	case ARGUMENT_NODE:
	case ARGUMENT_NODES:
	case ARGUMENT_FILTER:
	case ARGUMENT_FLOW:
	case ARGUMENT_FLOWS:
	case ARGUMENT_REST:
		break;
	}
	*AT(const char *, parameter->offset) = word;
	return 0;
}

/* A set command changes what is given, so something has to be. */
static int refuse_nothing(const struct command *command, struct error *err)
{
	struct text keys = { 0 };
	size_t n = command_n_parameter(command);

	for (size_t i = 1; i < n; i++)
		text_addf(&keys, "%s%s",
			  i == 1       ? ""
			  : i + 1 == n ? " or "
				       : ", ",
			  command->parameter[i].name);
	error_refuse(err, "MissingParameter", n == 2 ? command->parameter[1].name : NULL,
		     "nothing to set: %s", text_get(&keys));
	error_hint(err, "help %s", command->words);
	text_free(&keys);
	return -EINVAL;
}

int request_fill(const struct model *model, struct arguments *arguments, void *request,
		 struct error *err)
{
	const struct command *command = arguments->command;

	for (size_t i = 0; i < command_n_parameter(command); i++) {
		const struct parameter *parameter = &command->parameter[i];
		struct argument *argument = NULL;
		int r;

		for (size_t k = 0; k < arguments->n_argument && !argument; k++)
			if (arguments->argument[k].parameter == parameter)
				argument = &arguments->argument[k];
		if (!argument)
			continue;
		r = put(model, arguments, argument, request, err);
		if (r < 0)
			return r;
		if (!(parameter->flags & PARAMETER_COPIED))
			continue;
		memcpy(AT(void, parameter->also), *AT(void *, parameter->offset),
		       resource_size(first_noun(parameter->nouns)));
		if (arguments->n_argument == 1)
			return refuse_nothing(command, err);
	}
	return 0;
}

/* ---- from a request to words ---- */

/* The name of one of the parameter's nouns; NULL: it is none, but what an alternative says. */
static const char *name_word(const struct parameter *parameter, const struct resource *resource)
{
	const unsigned nouns = parameter->nouns | parameter->also_nouns;

	return resource && (!nouns || (nouns & NOUNS(resource->noun))) ? resource->name : NULL;
}

static const char *typed_word(const struct parameter *parameter, const struct typed *typed,
			      size_t i, char *text)
{
	if (i > 1)
		return NULL;
	if (i == 0)
		return word_of(parameter->words, typed->type);
	if (typed->type == TYPED_CIDR)
		return prefix_format(typed->prefix, text);
	return typed->resource ? typed->resource->name : typed->word;
}

static const char *prefixes_word(const struct parameter *parameter, const void *request, size_t i,
				 char *text)
{
	const void *at = (const char *)request + parameter->offset;
	const struct prefixes *few = at;

	if (!parameter->also)
		return i < few->n_item ? prefix_format(few->item[i], text) : NULL;
	return i < *(const size_t *)(const void *)((const char *)request + parameter->also)
		       ? prefix_format((*(const struct prefix *const *)at)[i], text)
		       : NULL;
}

static const char *peer_word(const struct peer *peer, char *text)
{
	return peer->resource ? peer->resource->name : prefix_format(peer->prefix, text);
}

static const char *port_word(uint16_t first, uint16_t last, char *text)
{
	if (!first)
		return NULL;
	if (first == last)
		snprintf(text, REQUEST_WORD_SIZE, "%u", first);
	else
		snprintf(text, REQUEST_WORD_SIZE, "%u-%u", first, last);
	return text;
}

const char *request_word(const struct parameter *parameter, const void *request, size_t i,
			 char text[static REQUEST_WORD_SIZE])
{
	const void *at = (const char *)request + parameter->offset;
	const void *also =
		(const char *)request + (parameter->also ? parameter->also : parameter->offset);
	const struct resource *const *resource = at;
	const enum argument_kind kind = parameter->kind;
	char *const *const *vector = at;

	if (i > 0 && kind != ARGUMENT_TYPED && kind != ARGUMENT_REFERENCES &&
	    kind != ARGUMENT_CIDRS && kind != ARGUMENT_WORDS && kind != ARGUMENT_COMMAND)
		return NULL;
	switch (kind) {
	case ARGUMENT_NEW_NAME:
	case ARGUMENT_WORD:
		return *(const char *const *)at;
	case ARGUMENT_REFERENCE:
		return name_word(parameter, *resource);
	case ARGUMENT_REFERENCES:
		return i < *(const size_t *)also
			       ? name_word(parameter, (*(struct resource *const *const *)at)[i])
			       : NULL;
	case ARGUMENT_TYPED:
		return typed_word(parameter, at, i, text);
	case ARGUMENT_CIDR:
		return prefix_format(*(const struct prefix *)at, text);
	case ARGUMENT_CIDRS:
		return prefixes_word(parameter, request, i, text);
	case ARGUMENT_ADDRESS:
	case ARGUMENT_ADDRESS_OR_AUTO:
		return *(const uint32_t *)at ? address_format(*(const uint32_t *)at, text) : NULL;
	case ARGUMENT_TARGET:
		return *resource ? (*resource)->name
				 : address_format(*(const uint32_t *)also, text);
	case ARGUMENT_PORT:
		return port_word(*(const uint16_t *)at, *(const uint16_t *)also, text);
	case ARGUMENT_NUMBER:
		if (*(const unsigned *)at < parameter->min)
			return NULL; /* it was not said */
		snprintf(text, REQUEST_WORD_SIZE, "%u", *(const unsigned *)at);
		return text;
	case ARGUMENT_CHOICE:
		return word_of(parameter->words, parameter->flags & PARAMETER_SWITCH
							 ? *(const bool *)at
							 : *(const int *)at);
	case ARGUMENT_WORDS:
		return i < *(const size_t *)also ? (*vector)[i] : NULL;
	case ARGUMENT_COMMAND:
		return *vector ? (*vector)[i] : NULL;
	case ARGUMENT_PEER:
		return peer_word(at, text);
	case ARGUMENT_FILE: /* no resource is made of one of these */
	case ARGUMENT_JOB:
	case ARGUMENT_NODE:
	case ARGUMENT_NODES:
	case ARGUMENT_FILTER:
	case ARGUMENT_FLOW:
	case ARGUMENT_FLOWS:
	case ARGUMENT_REST:
		break;
	}
	return NULL;
}
