/* SPDX-License-Identifier: GPL-3.0-only */
#include "lab/terraform/import.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "core/base/address.h"
#include "core/base/cleanup.h"
#include "core/base/hash.h"
#include "lab/language/command.h"
#include "lab/language/tokenizer.h"

/* A line that is not written again, or that says what is so without it: what would take that away
 * is at `takes_away`. */
struct tf_said {
	const char *text;
	size_t takes_away;
	UT_hash_handle hh;
};

/* Resources that are left out, and flows by NAME would touch. */
struct tf_near {
	const char *name;
	struct text addresses;
	unsigned n;
	UT_hash_handle hh;
};

/* ---- what is written ---- */

static struct tf_said *add_said(struct tf_import *import, const char *text, size_t takes_away)
{
	struct arena *arena = &import->document.arena;
	struct tf_said *said = arena_alloc(arena, sizeof(*said));

	said->text = arena_strdup(arena, text);
	said->takes_away = takes_away;
	HASH_ADD_KEYPTR(hh, import->said, said->text, strlen(said->text), said);
	return said;
}

void tf_line(struct tf_import *import, const struct tf_resource *resource, const char *format, ...)
{
	auto_free char *text = NULL;
	struct tf_said *said;
	va_list ap;

	va_start(ap, format);
	text = xvprintf(format, ap);
	va_end(ap);
	HASH_FIND_STR(import->said, text, said);
	if (said && said->takes_away < import->n_line)
		import->line[said->takes_away].text = NULL;
	if (said)
		return;
	said = add_said(import, text, SIZE_MAX);
	*ARRAY_PUSH(import->line, import->n_line) =
		(struct tf_line){ .resource = resource, .text = said->text };
}

__attribute__((format(printf, 4, 0))) static void add_note(struct tf_import *import,
							   enum terraform_note_kind kind,
							   const char *address, const char *format,
							   va_list ap)
{
	struct terraform *result = import->result;
	auto_free char *text = xvprintf(format, ap);

	*ARRAY_PUSH(result->note, result->n_note) = (struct terraform_note){
		.kind = kind,
		.address = arena_strdup(&result->arena, address),
		.text = arena_strdup(&result->arena, text),
	};
}

void tf_note(struct tf_import *import, enum terraform_note_kind kind,
	     const struct tf_resource *resource, const char *format, ...)
{
	va_list ap;

	va_start(ap, format);
	add_note(import, kind, resource->address, format, ap);
	va_end(ap);
}

enum { NEAR_MAX = 3 }; /* addresses that one note lists */

static void add_near(struct tf_import *import, const char *name, const struct tf_resource *resource)
{
	struct tf_near *near;

	HASH_FIND_STR(import->near, name, near);
	if (!near) {
		near = arena_alloc(&import->document.arena, sizeof(*near));
		near->name = name;
		HASH_ADD_KEYPTR(hh, import->near, name, strlen(name), near);
	}
	if (near->n++ < NEAR_MAX)
		text_addf(&near->addresses, "%s%s", near->n > 1 ? ", " : "", resource->address);
}

/* What a resource that is left out is about: what it refers to, and of a VPC only where there is
 * nothing nearer. */
static void touch(struct tf_import *import, struct tf_resource *resource)
{
	const json_t *expressions = json_object_get(resource->block, "expressions");
	const char *vpc = NULL, *argument;
	const json_t *of[] = { resource->values, expressions }, *ignored;
	bool found = resource->noun_name != NULL;

	if (found)
		add_near(import, resource->noun_name, resource);
	for (size_t k = 0; k < ARRAY_SIZE(of); k++)
		json_object_foreach((json_t *)(uintptr_t)of[k], argument, ignored) {
			struct tf_links links;

			/* What is known is no news in the expressions. */
			if (k == 1 && json_object_get(resource->values, argument))
				continue;
			tf_find_links(&import->document, resource,
				      json_object_get(resource->values, argument),
				      json_object_get(expressions, argument), import->named,
				      &links);
			for (size_t i = 0; i < links.n_link; i++) {
				const struct tf_resource *to = links.link[i];
				const char *name = (to->part_of ? to->part_of : to)->noun_name;

				if (!name || to == resource)
					continue;
				if (tf_is_vpc(to)) {
					vpc = name;
					continue;
				}
				add_near(import, name, resource);
				found = true;
			}
			tf_links_free(&links);
		}
	if (!found && vpc)
		add_near(import, vpc, resource);
}

void tf_leave_out(struct tf_import *import, struct tf_resource *resource, const char *format, ...)
{
	va_list ap;

	va_start(ap, format);
	add_note(import, TERRAFORM_LEFT_OUT, resource->address, format, ap);
	va_end(ap);
	resource->noun_name = NULL;
	touch(import, resource);
}

static void write_near(struct tf_import *import, struct text *text)
{
	if (import->near)
		text_add(text, "\n# What is left out, where flows would come by it\n");
	for (struct tf_near *near = import->near; near; near = near->hh.next) {
		auto_text sentence = { 0 };

		text_add(&sentence, text_get(&near->addresses));
		if (near->n > NEAR_MAX)
			text_addf(&sentence, " and %u more", near->n - NEAR_MAX);
		text_add(&sentence, " of Terraform: not in the lab, and flows by it are unknown");
		text_addf(text, "note %s ", near->name);
		text_add_word(text, text_get(&sentence));
		text_add_char(text, '\n');
		text_free(&near->addresses);
	}
}

/* ---- arguments ---- */

struct tf_place tf_place(struct tf_resource *resource)
{
	return (struct tf_place){
		.resource = resource,
		.values = resource->values,
		.expressions = json_object_get(resource->block, "expressions"),
	};
}

struct tf_place tf_nested(struct tf_resource *resource, const char *block, size_t i)
{
	const json_t *expression =
		json_object_get(json_object_get(resource->block, "expressions"), block);

	return (struct tf_place){
		.resource = resource,
		.values = json_array_get(json_object_get(resource->values, block), i),
		.expressions = json_is_array(expression) ? json_array_get(expression, i)
							 : expression,
	};
}

size_t tf_n_nested(const struct tf_resource *resource, const char *block)
{
	return json_array_size(json_object_get(resource->values, block));
}

/* A string, number or bool as a word; NULL: it is none, or nothing. */
static const char *scalar(const json_t *value, char buffer[static 24])
{
	if (json_is_boolean(value))
		return json_is_true(value) ? "true" : "false";
	if (!json_is_integer(value))
		return json_string_length(value) ? json_string_value(value) : NULL;
	snprintf(buffer, 24, "%lld", (long long)json_integer_value(value));
	return buffer;
}

bool tf_says(const json_t *values, const char *argument, const char *word)
{
	char buffer[24];
	const char *value = scalar(json_object_get(values, argument), buffer);

	return value && strcasecmp(value, word) == 0;
}

static bool is_address(const char *word)
{
	struct prefix prefix;
	uint32_t address;

	return word && (address_parse(word, &address) || prefix_parse(word, &prefix) == 0);
}

const char *tf_address(const json_t *values, const char *argument)
{
	const json_t *value = json_object_get(values, argument);
	const char *word =
		json_string_value(json_is_array(value) ? json_array_get(value, 0) : value);

	return is_address(word) ? word : NULL;
}

static void find_links(struct tf_import *import, struct tf_place place, const char *argument,
		       const struct tf_target *to, struct tf_links *ret_links)
{
	/* An argument that is a list of objects has one expression for all of them. */
	const json_t *all = json_object_get(place.expressions, "references"),
		     *value = json_object_get(place.values, argument);

	*ret_links = (struct tf_links){ 0 };
	/* What is set to nothing refers to nothing, whatever else its expression names. */
	if (value && !json_is_array(value) && !json_string_length(value))
		return;
	if (all && json_is_array(value) && json_array_size(value) == 0)
		return;
	tf_find_links(&import->document, place.resource, value,
		      all ? place.expressions : json_object_get(place.expressions, argument), to,
		      ret_links);
	/* Which of its elements refers to what is not said. */
	ret_links->guessed |= all && ret_links->n_link > 1;
}

static struct tf_resource *whole(struct tf_resource *resource)
{
	return resource->part_of ? resource->part_of : resource;
}

struct tf_resource *tf_refers_to(struct tf_import *import, struct tf_place place,
				 const char *argument, const struct tf_target *to)
{
	struct tf_resource *first = NULL;
	struct tf_links links;

	find_links(import, place, argument, to, &links);
	for (size_t i = 0; i < links.n_link && !first; i++)
		if (whole(links.link[i])->noun_name)
			first = whole(links.link[i]);
	tf_links_free(&links);
	return first;
}

/* ---- one line ---- */

/* A line that is being made. */
struct making {
	struct tf_import *import;
	const struct tf_row *row;
	struct tf_resource *resource;
	struct tf_place place; /* its arguments, or those of the block in it */
	size_t number;         /* of that block */
	const char *subject;   /* the first name in the line */
};

static void add_name(const struct tf_field *field, struct tf_resource *to, struct text *value)
{
	const struct tf_target *target = tf_target_of(field->to, to);
	const struct tf_row *maker = whole(to)->maker;

	text_addf(value, "%s", value->length ? "," : "");
	if (field->form == TF_TYPED && maker && maker->command)
		text_addf(value, "%.*s ", (int)strcspn(maker->command, " "), maker->command);
	text_addf(value, "%s%s", whole(to)->noun_name,
		  target && target->suffix ? target->suffix : "");
}

static void add_links(struct making *m, struct tf_place place, const struct tf_field *field,
		      const char *argument, struct text *value)
{
	const bool all = (field->flags & (TF_LIST | TF_COMMAS | TF_EACH)) != 0;
	struct terraform *result = m->import->result;
	struct tf_links links;

	find_links(m->import, place, argument, field->to, &links);
	for (size_t i = 0; i < links.n_link && (all || !value->length); i++) {
		struct tf_resource *to = links.link[i];

		if (!whole(to)->noun_name)
			continue;
		add_name(field, to, value);
		if (links.guessed || (!all && links.n_link > 1)) {
			tf_note(m->import, TERRAFORM_GUESSED, m->resource, "%s is taken to be %s",
				argument, whole(to)->address);
			result->n_guessed++;
		} else {
			result->n_exact++;
		}
	}
	tf_links_free(&links);
}

/* Only what has ports may say which; all of them need not be said. */
static void add_ports(const json_t *values, const struct tf_field *field, struct text *value)
{
	const json_t *from = json_object_get(values, field->argument),
		     *to = json_object_get(values, field->older ? field->older : "");
	const char *protocol = tf_string(values, "protocol"), *range = json_string_value(from);
	long first = (long)json_integer_value(from), last = (long)json_integer_value(to);
	char *end;

	protocol = protocol ? protocol : tf_string(values, "ip_protocol");
	if (range) {
		first = last = strtol(range, &end, 10);
		if (*end == '/')
			last = strtol(end + 1, NULL, 10);
	}
	if (protocol && !strstr(" tcp udp 6 17 TCP UDP ", protocol))
		return;
	if (last < 1 || first < 0 || last < first || (first <= 1 && last == 65535))
		return;
	first = first ? first : 1;
	text_addf(value, last > first ? "%ld-%ld" : "%ld", first, last);
}

static void add_word(const struct tf_field *field, const char *word, struct text *value)
{
	for (size_t i = 0; word && field->words[i][0]; i++)
		if (strcasecmp(word, field->words[i][0]) == 0) {
			text_add(value, field->words[i][1]);
			return;
		}
}

/* What the lab has for an argument; nothing where it says nothing. */
static void add_value(struct making *m, const struct tf_field *field, const char *argument,
		      struct text *value)
{
	const struct tf_place place = field->flags & TF_OUTER ? tf_place(m->resource) : m->place;
	const json_t *json = json_object_get(place.values, argument ? argument : "");
	const bool is_list = (field->flags & (TF_EACH | TF_LIST)) && !(field->flags & TF_FIRST);
	const char *word;
	char buffer[24];

	word = scalar(json_is_array(json) && !is_list ? json_array_get(json, 0) : json, buffer);
	switch (field->form) {
	case TF_ADDRESS:
		for (size_t i = 0; is_list && i < json_array_size(json); i++) {
			const char *one = json_string_value(json_array_get(json, i));

			if (is_address(one))
				text_addf(value, "%s%s", value->length ? "," : "", one);
		}
		word = is_address(word) ? word : NULL;
		__attribute__((fallthrough));
	case TF_TEXT:
	case TF_NUMBER:
		text_add(value, word ? word : "");
		break;
	case TF_PORTS:
		add_ports(place.values, field, value);
		break;
	case TF_WORD:
		add_word(field, word, value);
		break;
	case TF_CIDR:
		if (is_address(word))
			text_addf(value, "cidr %s", word);
		break;
	case TF_AUTO:
		if (word && strtol(word, NULL, 10) > 0)
			text_add(value, "auto");
		break;
	case TF_PLACE:
		text_addf(value, "%zu", m->number + 1);
		break;
	case TF_SELF:
		if (!argument)
			text_add(value, m->resource->noun_name);
		else if (json_is_true(json))
			text_add(value, m->subject ? m->subject : "");
		break;
	case TF_LINK:
	case TF_TYPED:
		add_links(m, place, field, argument, value);
		break;
	case TF_SAYS:
	case TF_CONSTANT:
	case TF_UNSAID:
		break;
	}
	if (field->otherwise && field->form != TF_PORTS &&
	    strcmp(text_get(value), field->otherwise) == 0)
		text_truncate(value, 0);
}

/* The value of a field and of those that are other ways to say it. */
static void add_ways(struct making *m, const struct tf_field *field, struct text *value)
{
	const struct tf_field *way = field;

	do {
		auto_text one = { 0 };

		add_value(m, way, way->argument, &one);
		if (!one.length && way->older && way->form != TF_PORTS)
			add_value(m, way, way->older, &one);
		if (one.length)
			text_addf(value, "%s%s", value->length ? "," : "", text_get(&one));
		way++;
	} while ((way->flags & TF_OR) && (!value->length || (way->flags & TF_EACH)));
}

enum outcome { WRITTEN, ANOTHER, MISSING }; /* ANOTHER: the row is not for it */

/*
 * The line of a row: COMMAND NAME, then keys and values. Where a field has several values that are
 * a line each, its place is kept by a '\n' and the values are given in `each`.
 */
static enum outcome make_line(struct making *m, struct text *line, struct text *each,
			      const char **ret_missing)
{
	const bool is_plan = m->import->document.is_plan;

	text_add(line, m->row->command);
	if (m->row->block && strstr(m->row->command, " create")) {
		text_addf(line, " %.100s-%s-%zu", m->resource->noun_name, m->row->block,
			  m->number + 1);
		for (char *slash; (slash = strchr(line->s, '/'));)
			*slash = '-';
	} else if (tf_is_maker(m->row)) {
		text_addf(line, " %s", m->resource->noun_name);
	}
	for (const struct tf_field *field = m->row->field; field->form; field++) {
		auto_text value = { 0 };

		if (field > m->row->field && (field->flags & TF_OR))
			continue;
		if (field->form == TF_SAYS) {
			if (field->argument && json_object_get(m->place.values, field->argument) &&
			    !tf_says(m->place.values, field->argument, field->words[0][0]))
				return ANOTHER;
			text_addf(line, "%s%s", *field->key ? " " : "", field->key);
			continue;
		}
		if (field->form == TF_CONSTANT || field->form == TF_UNSAID ||
		    (field->flags & TF_WRITTEN))
			continue;
		add_ways(m, field, &value);
		if (!value.length && field->chosen && (is_plan || field->assumed))
			tf_note(m->import, TERRAFORM_CHOSEN, m->resource, "%s", field->chosen);
		if (!value.length && field->assumed)
			text_add(&value, field->assumed);
		if (!value.length && (field->flags & TF_MUST)) {
			*ret_missing = field->argument;
			return MISSING;
		}
		if (!value.length)
			continue;
		if (!*field->key && !m->subject &&
		    (field->form == TF_LINK || field->form == TF_SELF))
			m->subject = arena_strdup(&m->import->document.arena, text_get(&value));
		text_addf(line, "%s%s ", *field->key ? " " : "", field->key);
		if (field->flags & TF_EACH) {
			text_add(each, text_get(&value));
			text_add_char(line, '\n');
		} else {
			text_add(line, text_get(&value));
		}
	}
	return WRITTEN;
}

/* What a packet has from it that a line is missing. */
static const char *meaning(const char *command)
{
	static const char *const meanings[][2] = {
		{ "route ", "packets to its destination go by another route, or nowhere" },
		{ "route-table associate", "packets of its vSwitch use another table" },
		{ "security-group a", "what it would let through is blocked" },
		{ "security-group d", "what it would drop gets through" },
		{ "snat", "hosts behind it do not get out by it" },
		{ "dnat", "nobody gets in by it" },
		{ "eip associate", "its address leads nowhere" },
		{ "acl", "its vSwitches are filtered otherwise" },
		{ "network-acl", "its subnets are filtered otherwise" },
		{ "eni attach", "its interface is in no host" },
	};

	for (size_t i = 0; i < ARRAY_SIZE(meanings); i++)
		if (strncmp(command, meanings[i][0], strlen(meanings[i][0])) == 0)
			return meanings[i][1];
	return "flows that touch it are unknown";
}

static void tell_missing(struct making *m, const char *missing)
{
	m->import->result->n_missing++;
	m->resource->done = true;
	if (m->row->block)
		tf_note(m->import, TERRAFORM_LEFT_OUT, m->resource,
			"%s number %zu, whose \"%s\" the lab does not have; %s", m->row->block,
			m->number + 1, missing, meaning(m->row->command));
	else if (tf_is_maker(m->row))
		tf_leave_out(m->import, m->resource,
			     "its %s is not in the file, or not in the lab; %s", missing,
			     meaning(m->row->command));
	else
		tf_note(m->import, TERRAFORM_LEFT_OUT, m->resource,
			"its %s is not in the file, or not in the lab; %s", missing,
			meaning(m->row->command));
	if (m->row->block || !tf_is_maker(m->row))
		touch(m->import, m->resource);
}

/* The lab has IPv4 only, which is no news of this rule. */
static bool is_ipv6(const json_t *values)
{
	static const char *const arguments[] = { "ipv6_cidr_block", "ipv6_cidr_blocks", "cidr_ipv6",
						 "ipv6_cidr_ip", "destination_ipv6_cidr_block" };

	for (size_t i = 0; i < ARRAY_SIZE(arguments); i++) {
		const json_t *value = json_object_get(values, arguments[i]);

		if (json_string_length(value) || json_array_size(value))
			return true;
	}
	return false;
}

/* What was asked on the way to no line is not told. */
static void forget_notes(struct terraform *result, const struct terraform *before)
{
	result->n_note = before->n_note;
	result->n_exact = before->n_exact;
	result->n_guessed = before->n_guessed;
}

static void translate_place(struct making *m)
{
	const struct tf_row *row = m->row;
	auto_text line = { 0 }, each = { 0 };
	const char *missing = NULL;
	char *rest, *one, *place;
	const struct terraform before = *m->import->result;
	enum outcome outcome;

	if (row->unless.argument &&
	    tf_says(m->place.values, row->unless.argument, row->unless.word)) {
		if (row->unless.why)
			tf_leave_out(m->import, m->resource, "%s", row->unless.why);
		return;
	}
	outcome = make_line(m, &line, &each, &missing);
	if (outcome == MISSING && !row->optional && !is_ipv6(m->place.values)) {
		tell_missing(m, missing);
		return;
	}
	if (outcome != WRITTEN || (row->adjust && !row->adjust(m->import, m->resource, &line))) {
		forget_notes(m->import->result, &before);
		return;
	}
	m->resource->done = true;
	place = line.s ? strchr(line.s, '\n') : NULL;
	if (!place) {
		tf_line(m->import, m->resource, "%s", text_get(&line));
		return;
	}
	*place = '\0';
	for (rest = each.s; (one = strsep(&rest, ","));)
		tf_line(m->import, m->resource, "%s%s%s", line.s, one, place + 1);
}

/* ---- one resource ---- */

/* What comes with a resource, and with Terraform only where it is said. */
static void take_given(struct tf_import *import, const struct tf_row *row,
		       const struct tf_resource *resource)
{
	for (const struct tf_given *given = row->given; given->comes; given++) {
		auto_text goes = { 0 }, comes = { 0 };

		tf_given_text(&comes, given->comes, resource->noun_name);
		tf_given_text(&goes, given->goes, resource->noun_name);
		tf_line(import, resource, "%s", text_get(&goes));
		add_said(import, text_get(&comes), import->n_line - 1);
	}
}

/* It stands for a part of another resource, which has brought it. */
static void identify(struct tf_import *import, const struct tf_row *row,
		     struct tf_resource *resource)
{
	const struct tf_resource *of =
		tf_refers_to(import, tf_place(resource), row->is_argument, row->is);

	if (of)
		resource->noun_name = arena_printf(&import->document.arena, "%s%s", of->noun_name,
						   row->is->suffix);
	else
		tf_leave_out(import, resource, "its VPC is not in the file");
}

static void translate_resource(struct tf_import *import, const struct tf_row *row,
			       struct tf_resource *resource)
{
	const bool is_named = resource->maker != NULL;
	struct making m = { import, row, resource, .place = tf_place(resource) };

	if (tf_is_maker(row) && row != resource->maker)
		return;
	if (row->is)
		identify(import, row, resource);
	if (is_named && !resource->noun_name)
		return; /* left out already */
	for (size_t i = 0; i < ARRAY_SIZE(row->lost) && row->lost[i]; i++)
		if (json_array_size(json_object_get(resource->values, row->lost[i])))
			tf_note(import, TERRAFORM_LEFT_OUT, resource, "its %s; %s", row->lost[i],
				meaning(row->command));
	if (row->block) {
		for (; m.number < tf_n_nested(resource, row->block); m.number++) {
			m.place = tf_nested(resource, row->block, m.number);
			m.subject = NULL;
			translate_place(&m);
		}
	} else if (row->command && (is_named || !resource->done)) {
		if (resource->part)
			m.place = tf_place(resource->part);
		translate_place(&m);
	}
	if (resource->noun_name)
		take_given(import, row, resource);
}

/* ---- the whole ---- */

/* What no row knows is told once a type. */
static void note_unknown_types(struct tf_import *import)
{
	const struct tf_document *document = &import->document;
	struct terraform *result = import->result;
	size_t first = result->n_note;

	for (size_t i = 0; i < document->n_resource; i++) {
		const char *type = document->resource[i]->type;
		const struct tf_row *row = import->provider->rows;
		size_t at = first;

		while (row->type && strcmp(row->type, type) != 0)
			row++;
		if (row->type)
			continue;
		touch(import, document->resource[i]);
		while (at < result->n_note && strcmp(result->note[at].address, type) != 0)
			at++;
		if (at == result->n_note)
			*ARRAY_PUSH(result->note, result->n_note) = (struct terraform_note){
				.kind = TERRAFORM_LEFT_OUT,
				.address = arena_strdup(&result->arena, type),
				.text = "the lab has no word for it; flows through it are unknown"
			};
		result->note[at].count++;
	}
}

static bool has_address(const struct tf_resource *resource)
{
	return tf_address(resource->values, "private_ip") ||
	       tf_address(resource->values, "primary_ip_address") ||
	       tf_address(resource->values, "private_ips");
}

enum { CHAIN_MAX = 64 };

/* A resource, behind those of its type that Terraform makes before it. */
static void translate_in_order(struct tf_import *import, const struct tf_row *row,
			       struct tf_resource *resource, unsigned depth)
{
	const json_t *entry;
	size_t i;

	if (resource->row == row)
		return;
	resource->row = row;
	json_array_foreach(resource->depends_on, i, entry) {
		const char *text = json_string_value(entry), *at = text;
		struct tf_resources before;

		for (const char *type; text && (type = strstr(at, row->type)); at = type + 1)
			text = type;
		if (!text || strncmp(text, row->type, strlen(row->type)) != 0 ||
		    text[strlen(row->type)] != '.' || depth == CHAIN_MAX)
			continue;
		before = tf_by_label(&import->document, resource->module, row->type,
				     text + strlen(row->type) + 1);
		for (size_t k = 0; k < before.n; k++)
			translate_in_order(import, row, before.resource[k], depth + 1);
	}
	translate_resource(import, row, resource);
}

/*
 * All resources of a row. Rows that take private addresses go together, those first whose address
 * is known, so that none is given away before.
 */
static void translate_rows(struct tf_import *import, const struct tf_row *row, bool known)
{
	do {
		const struct tf_resources of = tf_by_type(&import->document, row->type);

		for (size_t i = 0; i < of.n; i++)
			if (!row->takes_address || has_address(of.resource[i]) == known)
				translate_in_order(import, row, of.resource[i], 0);
	} while (row++->takes_address && row->takes_address);
}

static struct tf_target *list_named(struct tf_import *import)
{
	struct tf_target *named = NULL;
	size_t n = 0;

	for (const struct tf_row *row = import->provider->rows; row->type; row++)
		if (tf_is_maker(row))
			ARRAY_PUSH(named, n)->type = row->type;
	ARRAY_PUSH(named, n)->type = NULL;
	return named;
}

static void translate_all(struct tf_import *import)
{
	tf_choose_names(import);
	import->named = list_named(import);
	if (import->provider->prepare)
		import->provider->prepare(import);
	for (const struct tf_row *row = import->provider->rows; row->type; row++) {
		if (row->profile && import->profile && strcmp(row->profile, import->profile) != 0)
			continue;
		if (row->takes_address && row[-1].takes_address)
			continue; /* done with the one before */
		translate_rows(import, row, true);
		if (row->takes_address)
			translate_rows(import, row, false);
	}
	note_unknown_types(import);
}

static bool is_of(const struct tf_document *document, const struct tf_provider *provider)
{
	for (size_t i = 0; i < document->n_resource; i++)
		if (strncmp(document->resource[i]->type, provider->prefix,
			    strlen(provider->prefix)) == 0)
			return true;
	return false;
}

/* What is to be known of the file as a whole. */
static void note_document(struct tf_import *import)
{
	const struct tf_document *document = &import->document;
	struct terraform *result = import->result;

	if (document->format)
		*ARRAY_PUSH(result->note, result->n_note) = (struct terraform_note){
			.kind = TERRAFORM_GUESSED,
			.address = "format_version",
			.text = arena_printf(&result->arena,
					     "%.32s, newer than what was tried, is read as 1.2",
					     document->format),
		};
	if (document->n_sensitive)
		*ARRAY_PUSH(result->note, result->n_note) = (struct terraform_note){
			.kind = TERRAFORM_LEFT_OUT,
			.address = "sensitive_values",
			.count = document->n_sensitive,
			.text = "they are marked as not to be seen, and were not looked at"
		};
}

static void import_free(struct tf_import *import)
{
	HASH_CLEAR(hh, import->near);
	free(import->named);
	HASH_CLEAR(hh, import->said);
	free(import->line);
	tf_document_free(&import->document);
}

int terraform_import(char *json, size_t length, const struct language *language,
		     struct terraform *ret_terraform, struct error *err)
{
	struct tf_import import = { .result = ret_terraform, .language = language };
	struct tf_document *document = &import.document;
	struct tf_words *words = tf_words_new();
	struct text text = { 0 };
	int r;

	*ret_terraform = (struct terraform){ 0 };
	r = tf_document_read(document, json, length, words, err);
	tf_words_free(words);
	if (r < 0) {
		import_free(&import);
		return r;
	}
	import.provider = is_of(document, &tf_aws) ? &tf_aws : &tf_alicloud;
	translate_all(&import);
	note_document(&import);
	text_addf(&text, "# From Terraform: what the %s holds.\n",
		  document->is_plan ? "plan" : "state");
	if (document->n_delete && document->n_resource == 0)
		text_addf(&text, "# Nothing: it deletes all that is there.\n");
	if (import.profile)
		text_addf(&text, "profile %s\n", import.profile);
	else
		text_add(&text, "provider aws\n");
	tf_write_lines(&import, &text);
	write_near(&import, &text);
	ret_terraform->text = text_take(&text);
	import_free(&import);
	return 0;
}

bool terraform_is_json(const char *text, size_t length)
{
	size_t at = 0;

	if (length >= 3 && memcmp(text, "\xef\xbb\xbf", 3) == 0)
		at = 3;
	while (at < length && strchr(" \t\r\n", text[at]) && text[at])
		at++;
	return at < length && text[at] == '{';
}

void terraform_free(struct terraform *terraform)
{
	free(terraform->text);
	free(terraform->note);
	arena_free(&terraform->arena);
	*terraform = (struct terraform){ 0 };
}
