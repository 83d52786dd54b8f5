/* SPDX-License-Identifier: GPL-3.0-only */
/* One line of the lab: what a row of the table makes of a resource, or of a block in it. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "core/base/address.h"
#include "core/base/cleanup.h"
#include "core/base/hash.h"
#include "lab/terraform/import.h"

/* A line that is not written again, or that says what is so without it: what would take that away
 * is at `takes_away`. */
struct tf_said {
	const char *text;
	size_t takes_away;
	const char *off; /* of that line only these words */
	UT_hash_handle hh;
};

static struct tf_said *add_said(struct tf_import *import, const char *text, size_t takes_away)
{
	struct arena *arena = &import->document.arena;
	struct tf_said *said = arena_alloc(arena, sizeof(*said));

	said->text = arena_strdup(arena, text);
	said->takes_away = takes_away;
	HASH_ADD_KEYPTR(hh, import->said, said->text, strlen(said->text), said);
	return said;
}

static void take_away(struct tf_import *import, struct tf_line *line, const char *off)
{
	const char *begins = off ? strstr(line->text, off) : NULL;

	if (begins)
		line->text = arena_printf(&import->document.arena, "%.*s%s",
					  (int)(begins - line->text), line->text,
					  begins + strlen(off));
	else if (!off)
		line->text = NULL;
}

void tf_line(struct tf_import *import, const struct tf_resource *resource, const char *format, ...)
{
	auto_free char *text = xprintf_own(format);
	struct tf_said *said;
	HASH_FIND_STR(import->said, text, said);
	if (said && said->takes_away < import->n_line)
		take_away(import, &import->line[said->takes_away], said->off);
	if (said)
		return;
	said = add_said(import, text, SIZE_MAX);
	*ARRAY_PUSH(import->line, import->n_line) =
		(struct tf_line){ .resource = resource, .text = said->text };
}

void tf_lines_free(struct tf_import *import)
{
	HASH_CLEAR(hh, import->said);
	free(import->line);
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
	/* Which of its elements refers to what is not said, nor by which argument. */
	ret_links->guessed |= all && ret_links->n_link > 1;
	if (all && ret_links->n_link == 0 && ret_links->elsewhere)
		ret_links->n_lost = 0;
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

/* ---- the line ---- */

/* A line that is being made. */
struct making {
	struct tf_import *import;
	const struct tf_row *row;
	struct tf_resource *resource;
	struct tf_place place; /* its arguments, or those of the block in it */
	size_t number;         /* of that block, from 1 */
	const char *subject;   /* the first name in the line */
	unsigned lost;         /* links of the field in hand that are not in the file */
};

static void add_name(const struct tf_field *field, struct tf_resource *to, struct text *value)
{
	const struct tf_target *target = tf_target_of(field->to, to);
	const struct tf_row *maker = whole(to)->maker;

	const bool typed = field->form == TF_TYPED && !value->length;

	text_add(value, value->length ? "," : "");
	if (typed && target && target->noun)
		text_addf(value, "%s ", target->noun);
	else if (typed && maker && maker->command)
		text_addf(value, "%.*s ", (int)strcspn(maker->command, " "), maker->command);
	text_add(value, whole(to)->noun_name);
	text_add(value, target && target->suffix ? target->suffix : "");
}

/* A state lists what another resource adds, too. */
static bool is_named(const struct tf_field *field, struct tf_resource *to, const char *names)
{
	auto_text name = { 0 };
	auto_free char *list = xprintf(",%s,", names), *one = NULL;

	add_name(field, to, &name);
	one = xprintf(",%s,", text_get(&name));
	return *names && strstr(list, one);
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

		if (!whole(to)->noun_name || is_named(field, to, text_get(value)))
			continue;
		add_name(field, to, value);
		if (links.guessed || (!all && links.n_link > 1)) {
			tf_note(m->import, TERRAFORM_GUESSED, m->resource->address,
				"%s is taken to be %s", argument, whole(to)->address);
			result->n_guessed++;
		} else {
			result->n_exact++;
		}
	}
	if (all || !(field->flags & TF_MUST))
		m->lost += links.n_lost;
	tf_links_free(&links);
}

/* AWS has type and code of ICMP in the place of ports, or beside them; -1 is any. */
static void add_icmp_type(const json_t *values, const struct tf_field *field, struct text *value)
{
	const bool beside = json_is_integer(json_object_get(values, "icmp_type"));
	const json_t *type = json_object_get(values, beside ? "icmp_type" : field->argument),
		     *code = json_object_get(values, beside ? "icmp_code" : field->older);

	if (!json_is_integer(type) || json_integer_value(type) < 0)
		return;
	text_addf(value, "icmp-type %lld", (long long)json_integer_value(type));
	if (json_is_integer(code) && json_integer_value(code) >= 0)
		text_addf(value, "/%lld", (long long)json_integer_value(code));
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
	if (protocol && field->older &&
	    (strcasecmp(protocol, "icmp") == 0 || strcmp(protocol, "1") == 0))
		add_icmp_type(values, field, value);
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
	if (word && (field->flags & TF_DIGITS) && !word[strspn(word, "0123456789")])
		text_add(value, word);
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
		text_addf(value, "%zu", m->number);
		break;
	case TF_SELF:
		if (!argument)
			text_add(value, m->resource->noun_name);
		else if (json_is_true(json))
			text_add(value, m->subject ? m->subject : "");
		break;
	case TF_LINK:
	case TF_TYPED:
		for (size_t i = 0; field->block && i < tf_n_nested(m->resource, field->block); i++)
			add_links(m, tf_nested(m->resource, field->block, i), field, argument,
				  value);
		if (!field->block)
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
	for (struct tf_resource *join = m->resource->joins; join; join = join->next_join) {
		const struct tf_field *more =
			&tf_row_of(m->import->provider->rows, join->type)->field[1];

		if (tf_is_maker(m->row) && strcmp(more->key, field->key) == 0)
			add_links(m, tf_place(join), more, more->argument, value);
	}
}

/* A line that is less than the file says. */
static void tell_lost(struct making *m, const struct tf_field *field, bool is_part)
{
	const bool is_group = strcmp(field->key, "security-group") == 0;

	m->import->result->n_missing += m->lost;
	if (is_part)
		tf_note(m->import, TERRAFORM_LEFT_OUT, m->resource->address,
			"of its %s, not in the file: %u", field->argument, m->lost);
	else
		tf_note(m->import, TERRAFORM_LEFT_OUT, m->resource->address,
			"its %s, not in the file%s", field->argument,
			is_group ? "; the VPC's default group stands for it" : "");
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
		text_addf(line, " %.100s-%s-%zu", m->resource->noun_name, m->row->block, m->number);
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
		m->lost = 0;
		add_ways(m, field, &value);
		if (m->lost && (value.length || !(field->flags & TF_MUST)))
			tell_lost(m, field, value.length > 0);
		if (!value.length && field->chosen && (is_plan || field->assumed))
			tf_note(m->import, TERRAFORM_CHOSEN, m->resource->address, "%s",
				field->chosen);
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
	const char *of = m->row->block ? m->row->block : "", *what = meaning(m->row->command);

	m->import->result->n_missing++;
	m->resource->done = true;
	if (m->row->block)
		tf_note(m->import, TERRAFORM_LEFT_OUT, m->resource->address,
			"%s number %zu, whose \"%s\" the lab does not have; %s", of, m->number,
			missing, what);
	else
		tf_note(m->import, TERRAFORM_LEFT_OUT, m->resource->address,
			"its %s is not in the file, or not in the lab; %s", missing, what);
	if (tf_is_maker(m->row))
		m->resource->noun_name = NULL;
	tf_touch(m->import, m->resource);
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

/* What was asked on the way to no line is not told; why there is none, which came behind it, is. */
static void forget_notes(struct terraform *result, const struct terraform *before, size_t asked)
{
	const size_t n_why = result->n_note - asked;

	if (n_why)
		memmove(&result->note[before->n_note], &result->note[asked],
			n_why * sizeof(*result->note));
	result->n_note = before->n_note + n_why;
	result->n_exact = before->n_exact;
	result->n_guessed = before->n_guessed;
}

void tf_translate(struct tf_import *import, const struct tf_row *row, struct tf_place of,
		  size_t number)
{
	struct making making = { import, row, of.resource, of, .number = number }, *m = &making;
	auto_text line = { 0 }, each = { 0 };
	const char *missing = NULL;
	char *rest, *one, *place;
	const struct terraform before = *import->result;
	enum outcome outcome;
	size_t asked;

	if (row->unless.argument &&
	    tf_says(m->place.values, row->unless.argument, row->unless.word)) {
		if (row->unless.why)
			tf_leave_out(import, m->resource, row->unless.why);
		return;
	}
	outcome = make_line(m, &line, &each, &missing);
	if (outcome == MISSING && !row->optional && !is_ipv6(m->place.values)) {
		tell_missing(m, missing);
		return;
	}
	asked = import->result->n_note;
	if (outcome != WRITTEN || (row->adjust && !row->adjust(import, m->resource, &line))) {
		forget_notes(import->result, &before, asked);
		return;
	}
	m->resource->done = true;
	place = line.s ? strchr(line.s, '\n') : NULL;
	if (!place) {
		tf_line(import, m->resource, "%s", text_get(&line));
		return;
	}
	*place = '\0';
	for (rest = each.s; (one = strsep(&rest, ","));)
		tf_line(import, m->resource, "%s%s%s", line.s, one, place + 1);
}

bool tf_leads_somewhere(struct tf_import *import, struct tf_resource *route, struct text *line)
{
	if (strstr(text_get(line), " attachment ") || strstr(text_get(line), " blackhole"))
		return true;
	tf_leave_out(import, route, "what it leads to is not in the file");
	return false;
}

/* What comes with a resource, and with Terraform only where it is said. */
void tf_take_given(struct tf_import *import, const struct tf_row *row,
		   const struct tf_resource *resource)
{
	struct tf_line *made = import->n_line ? &import->line[import->n_line - 1] : NULL;
	const char *name = resource->noun_name;

	for (const struct tf_given *given = row->given; given->comes; given++) {
		auto_text goes = { 0 }, comes = { 0 };
		auto_free char *off = given->off ? xprintf(" %s off", given->off) : NULL,
			       *key = given->off ? xprintf(" %s ", given->off) : NULL;
		struct arena *arena = &import->document.arena;

		if (off && strstr(made->text, key))
			continue;
		tf_given_text(&comes, given->comes, name, off ? made->text : NULL);
		if (off) {
			made->text = arena_printf(arena, "%s%s", made->text, off);
			add_said(import, text_get(&comes), import->n_line - 1)->off =
				arena_strdup(arena, off);
			continue;
		}
		tf_given_text(&goes, given->goes, name, NULL);
		tf_line(import, resource, "%s", text_get(&goes));
		add_said(import, text_get(&comes), import->n_line - 1);
	}
}
