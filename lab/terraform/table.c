/* SPDX-License-Identifier: GPL-3.0-only */
/* What the tables of the providers say as a whole. */
#include "lab/terraform/table.h"

#include <string.h>

#include "core/base/cleanup.h"
#include "core/base/hash.h"

const struct tf_provider *const tf_providers[] = { &tf_alicloud, &tf_aws, NULL };

bool tf_is_maker(const struct tf_row *row)
{
	const char *verb = row->command && !row->block ? strchr(row->command, ' ') : NULL;

	return row->is || (verb && strcmp(verb, " create") == 0);
}

const struct tf_row *tf_maker(const struct tf_row *rows, const char *type, const char *tag)
{
	for (; rows->type; rows++)
		if (strcmp(rows->type, type) == 0 && tf_is_maker(rows) &&
		    (!rows->tag || (tag && strcmp(rows->tag, tag) == 0)))
			return rows;
	return NULL;
}

const struct tf_row *tf_row_of(const struct tf_row *rows, const char *type)
{
	for (; rows->type; rows++)
		if (strcmp(rows->type, type) == 0)
			return rows;
	return NULL;
}

void tf_given_text(struct text *text, const char *form, const char *name, const char *line)
{
	while (*form) {
		const size_t plain = strcspn(form, line ? "%<" : "%");

		text_add_n(text, form, plain);
		form += plain;
		if (*form == '%') {
			text_add(text, name);
			form += strlen("%s");
		} else if (*form == '<') {
			const size_t length = strcspn(form, ">") + 1;
			auto_free char *key = xprintf(" %.*s ", (int)length - 2, form + 1);
			const char *value = strstr(line, key);

			value = value ? value + strlen(key) : "";
			text_add_n(text, value, strcspn(value, " "));
			form += length;
		}
	}
}

/* ---- the words that are asked for ---- */

struct tf_word {
	const char *word;
	uint64_t types; /* bits of those that have it, */
	uint64_t named; /* and of those that links name by it */
	UT_hash_handle hh;
};

struct tf_words {
	struct arena arena;
	struct tf_word *word;
};

static struct tf_word *add_word(struct tf_words *words, const char *text, uint64_t types)
{
	struct tf_word *word;

	HASH_FIND_STR(words->word, text, word);
	if (!word) {
		word = arena_alloc(&words->arena, sizeof(*word));
		word->word = text;
		HASH_ADD_KEYPTR(hh, words->word, text, strlen(text), word);
	}
	word->types |= types;
	return word;
}

static uint64_t types_of(const struct tf_words *words, const char *type)
{
	return tf_types_of(words, type, strlen(type));
}

/* LIST[0].ATTRIBUTE is one of an object in a list. */
static void add_targets(struct tf_words *words, const struct tf_target *to)
{
	for (; to && to->type; to++) {
		const uint64_t types = types_of(words, to->type);
		const char *list = strchr(to->attribute, '['),
			   *attribute = list ? strchr(list, '.') + 1 : to->attribute;

		add_word(words, attribute, types)->named |= types;
		if (list)
			add_word(words,
				 arena_printf(&words->arena, "%.*s", (int)(list - to->attribute),
					      to->attribute),
				 types);
	}
}

static void add_row(struct tf_words *words, const struct tf_row *row)
{
	const uint64_t types = types_of(words, row->type);
	const char *const arguments[] = { row->title[0], row->title[1], row->block,
					  row->is_argument, row->unless.argument };

	for (size_t i = 0; i < ARRAY_SIZE(arguments); i++)
		if (arguments[i])
			add_word(words, arguments[i], types);
	/* Which of them was made first. */
	if (row->needs && strcmp(row->needs, row->type) == 0)
		add_word(words, "depends_on", types);
	add_targets(words, row->is);
	for (const struct tf_field *field = row->field; field->form; field++) {
		if (field->form == TF_CONSTANT)
			continue;
		if (field->argument)
			add_word(words, field->argument, types);
		if (field->older)
			add_word(words, field->older, types);
		if (field->block)
			add_word(words, field->block, types);
		add_targets(words, field->to);
	}
}

struct tf_words *tf_words_new(void)
{
	static const char *const others[] = {
		"tags", "enabled", "map_public_ip_on_launch", "router_table_id",
		"network_interface", "network_interface_id", "device_index", "auto_accept",
		"accept_status", "default_route_table_association",
		"default_route_table_propagation", "icmp_type", "icmp_code",
		/* That a rule is about IPv6: */
		"ipv6_cidr_block", "ipv6_cidr_blocks", "cidr_ipv6", "ipv6_cidr_ip",
		"destination_ipv6_cidr_block",
		/* What a load balancer refers to: */
		"subnets", "subnet_ids", "instances", "vswitch_ids",
		/* The keys of the format itself: */
		"format_version", "version", "resources", "planned_values", "prior_state", "values",
		"root_module", "child_modules", "resource_changes", "change", "actions", "address",
		"mode", "type", "name", "index", "Name", TF_TAG
	};
	struct tf_words *words = xnew(struct tf_words);
	unsigned n = 0;

	for (size_t i = 0; i < ARRAY_SIZE(others); i++)
		add_word(words, others[i], TF_ANY_TYPE);
	for (size_t i = 0; tf_providers[i]; i++)
		for (const struct tf_row *row = tf_providers[i]->rows; row->type; row++)
			if (types_of(words, row->type) == TF_ANY_TYPE)
				add_word(words, row->type, (uint64_t)1 << n++ % 64);
	for (size_t i = 0; tf_providers[i]; i++)
		for (const struct tf_row *row = tf_providers[i]->rows; row->type; row++)
			add_row(words, row);
	return words;
}

void tf_words_free(struct tf_words *words)
{
	HASH_CLEAR(hh, words->word);
	arena_free(&words->arena);
	free(words);
}

static const struct tf_word *find_word(const struct tf_words *words, const char *text,
				       size_t length)
{
	struct tf_word *word;

	HASH_FIND(hh, words->word, text, length, word);
	return word;
}

uint64_t tf_types_of(const struct tf_words *words, const char *type, size_t length)
{
	const struct tf_word *word = find_word(words, type, length);

	return word ? word->types : TF_ANY_TYPE;
}

bool tf_is_wanted(const struct tf_words *words, uint64_t types, const char *text, size_t length)
{
	const struct tf_word *word = find_word(words, text, length);

	return word && (word->types & types);
}

bool tf_is_identity(const struct tf_words *words, uint64_t types, const char *attribute)
{
	const struct tf_word *word = find_word(words, attribute, strlen(attribute));

	return word && (word->named & types);
}
