/* SPDX-License-Identifier: GPL-3.0-only */
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/address.h"
#include "core/base/cleanup.h"
#include "core/base/hash.h"
#include "lab/model/words.h"
#include "lab/nouns/nouns.h"
#include "lab/terraform/configuration.h"
#include "lab/terraform/terraform.h"

/*
 * The saved lab, line by line, through the same rows as import, the other way: the first row that
 * has a place for each word of a line makes a block of it, or a part of one.
 */

/* Who has a name in the lab. */
struct named {
	const char *name, *type, *label;
	struct tf_block *block; /* NULL until its line has been written */
	UT_hash_handle hh;
};

struct tf_export {
	struct arena arena;
	struct tf_configuration made;
	struct named *named;
	char **line;
	size_t n_line, at; /* and the one in hand */
};

enum { WORDS_MAX = 64 };

/* A line that is being fitted into a row. */
struct fitting {
	struct tf_export *export;
	const struct tf_row *row;
	char *word[WORDS_MAX + 1];
	bool used[WORDS_MAX];
	size_t n_word, at;
	json_t *body;
	const struct named *self; /* whose line it is, or NULL */
	const char *subject;      /* the first name in the line */
	const struct named *link[WORDS_MAX];
	size_t n_link;
};

/* ---- names and references ---- */

static struct named *find_named(const struct tf_export *export, const char *name)
{
	struct named *named;

	HASH_FIND_STR(export->named, name, named);
	return named;
}

/* A label has no dots, and is one block's of its type. */
static const char *make_label(struct tf_export *export, const char *type, const char *name)
{
	char *label = arena_strdup(&export->arena, name), *base = label;

	for (char *c = label; *c; c++)
		if (!isalnum((unsigned char)*c) && *c != '-')
			*c = '_';
	for (unsigned n = 2;; n++) {
		size_t i = 0;

		while (i < export->made.n_block &&
		       (strcmp(export->made.block[i]->type, type) != 0 ||
			strcmp(export->made.block[i]->label, label) != 0))
			i++;
		if (i == export->made.n_block)
			return label;
		label = arena_printf(&export->arena, "%s-%u", base, n);
	}
}

static struct tf_block *add_block(struct tf_export *export, const char *type, const char *name)
{
	struct tf_block *block = arena_alloc(&export->arena, sizeof(*block));

	*block = (struct tf_block){ .line = export->at,
				    .type = type,
				    .label = make_label(export, type, name),
				    .body = json_object() };
	*ARRAY_PUSH(export->made.block, export->made.n_block) = block;
	return block;
}

static void add_named(struct tf_export *export, const char *name, struct tf_block *block)
{
	struct named *named = arena_alloc(&export->arena, sizeof(*named));

	*named = (struct named){ .name = arena_strdup(&export->arena, name),
				 .type = block->type,
				 .label = block->label,
				 .block = block };
	HASH_ADD_KEYPTR(hh, export->named, named->name, strlen(named->name), named);
}

/* The target that a name is, among those of a field: itself, or a part of it such as VPC1/system.
 */
static const struct tf_target *find_target(struct fitting *f, const struct tf_target *to,
					   const char *name, const struct named **ret_named)
{
	const char *slash = strchr(name, '/');
	const struct named *named = find_named(f->export, name);
	const struct named *owner =
		slash ? find_named(f->export, arena_printf(&f->export->arena, "%.*s",
							   (int)(slash - name), name))
		      : NULL;

	for (; to->type; to++) {
		*ret_named = to->suffix ? owner : named;
		if (*ret_named && strcmp((*ret_named)->type, to->type) == 0 &&
		    (!to->suffix || strcmp(slash, to->suffix) == 0))
			return to;
	}
	return NULL;
}

/* ---- values ---- */

/* Text as it is: nothing in it is an expression. */
static json_t *literal(const char *text)
{
	auto_text escaped = { 0 };

	for (; *text; text++) {
		if ((*text == '$' || *text == '%') && text[1] == '{')
			text_add_char(&escaped, *text);
		text_add_char(&escaped, *text);
	}
	return json_string(text_get(&escaped));
}

static json_t *value_of(const struct tf_field *field, const char *text)
{
	if (!(field->flags & TF_BARE))
		return strncmp(text, "${", 2) == 0 ? json_string(text) : literal(text);
	if (strcmp(text, "true") == 0 || strcmp(text, "false") == 0)
		return json_boolean(*text == 't');
	return json_integer(strtol(text, NULL, 10));
}

/* What stands with commas in the lab. */
static json_t *list_of(const struct tf_field *field, const char *words)
{
	auto_free char *copy = xstrdup(words);
	json_t *list = json_array();

	for (char *rest = copy, *word; (word = strsep(&rest, ","));)
		json_array_append_new(list, value_of(field, word));
	return list;
}

static void set(struct fitting *f, const char *argument, json_t *value)
{
	json_object_set_new(f->body, argument, value);
}

/* One or several names with commas. */
static bool fit_links(struct fitting *f, const struct tf_field *field, const char *names)
{
	auto_free char *copy = xstrdup(names);
	json_t *list = json_array();
	const struct tf_target *target = NULL;
	auto_text text = { 0 };
	char *rest = copy, *name;

	while ((name = strsep(&rest, ","))) {
		const struct named *named = NULL;

		target = find_target(f, field->to, name, &named);
		if (!target) {
			json_decref(list);
			return false;
		}
		text_addf(&text, "%s%s.%s.%s", text.length ? ", " : "", named->type, named->label,
			  target->attribute);
		json_array_append_new(list, json_sprintf("${%s.%s.%s}%s", named->type, named->label,
							 target->attribute,
							 target->form ? target->form : ""));
		f->link[f->n_link++ % WORDS_MAX] = named;
	}
	if (field->kind)
		set(f, field->kind, json_string(target->kind));
	if (field->flags & TF_LIST)
		set(f, field->argument, json_incref(list));
	else if (json_array_size(list) > 1)
		set(f, field->argument, json_sprintf("${join(\",\", [%s])}", text_get(&text)));
	else
		set(f, field->argument, json_incref(json_array_get(list, 0)));
	json_decref(list);
	return true;
}

/* 80, 80-90, or NULL for all. */
static bool fit_ports(struct fitting *f, const struct tf_field *field, const char *word)
{
	const char *protocol = json_string_value(json_object_get(f->body, "protocol"));
	const bool has_ports_of_all = strstr(f->row->command, "dnat") ==
				      NULL; /* any port has a word there */
	char *end;
	long first, last;

	if (word && !isdigit((unsigned char)*word))
		word = NULL;
	if (!protocol)
		protocol = json_string_value(json_object_get(f->body, "ip_protocol"));
	first = word ? strtol(word, &end, 10) : 1;
	last = word ? (*end == '-' ? strtol(end + 1, NULL, 10) : first) : 65535;
	if (!field->older) {
		if (!word && (!has_ports_of_all || !protocol || !strstr("tcp udp", protocol)))
			set(f, field->argument, json_string(field->otherwise));
		else if (first == last && !(field->flags & TF_BOTH))
			set(f, field->argument, json_sprintf("%ld", first));
		else
			set(f, field->argument, json_sprintf("%ld/%ld", first, last));
		return true;
	}
	/* AWS: all ports are 0 to 65535, of what has ports. */
	if (!protocol || !strstr("tcp udp", protocol)) {
		const bool is_acl = strncmp(f->row->command, "network-acl", 11) == 0,
			   is_icmp = protocol && strcmp(protocol, "icmp") == 0;

		if (is_acl && is_icmp) {
			set(f, "icmp_type", json_integer(-1));
			set(f, "icmp_code", json_integer(-1));
		} else if (!is_icmp && json_object_get(f->body, "ip_protocol")) {
			return true;
		}
		first = last = is_icmp && !is_acl ? -1 : 0;
	} else if (!word) {
		first = 0;
	}
	set(f, field->argument, json_integer(first));
	set(f, field->older, json_integer(last));
	return true;
}

/* Does the word say what this way of the field can say? It is written, then. */
static bool fit_way(struct fitting *f, const struct tf_field *way, char *const *word)
{
	const struct tf_target *target;
	const struct named *named;
	struct prefix prefix;
	uint32_t address;

	if (!*word && way->form != TF_PORTS)
		return false;
	if (way->flags & TF_COMPUTED)
		return true;
	switch (way->form) {
	case TF_ADDRESS:
		if (!address_parse(*word, &address) && prefix_parse(*word, &prefix) < 0 &&
		    !(way->flags & TF_LIST))
			return false;
		__attribute__((fallthrough));
	case TF_TEXT:
	case TF_NUMBER:
		if (way->form == TF_NUMBER && !isdigit((unsigned char)**word))
			return false;
		if (way->otherwise && strcmp(way->otherwise, *word) == 0)
			return true;
		if (way->flags & TF_ZONE)
			set(f, way->argument, json_sprintf("${var.zones[\"%s\"]}", *word));
		else if (way->flags & TF_LIST)
			set(f, way->argument, list_of(way, *word));
		else
			set(f, way->argument, value_of(way, *word));
		return true;
	case TF_PORTS:
		return fit_ports(f, way, *word);
	case TF_WORD:
	case TF_AUTO:
		for (size_t i = 0; way->words[i][0]; i++) {
			if (way->form == TF_WORD && strcmp(way->words[i][1], *word) != 0)
				continue;
			if (!way->otherwise || strcmp(way->otherwise, *word) != 0 ||
			    (way->flags & TF_ALWAYS))
				set(f, way->argument, value_of(way, way->words[i][0]));
			return true;
		}
		return false;
	case TF_LINK:
		return fit_links(f, way, *word);
	case TF_TYPED:
		if (!word[1] || strcmp(*word, "cidr") == 0)
			return false;
		target = find_target(f, way->to, word[1], &named);
		return target && fit_links(f, way, word[1]);
	case TF_CIDR:
		if (strcmp(*word, "cidr") != 0 || !word[1])
			return false;
		set(f, way->argument, literal(word[1]));
		return true;
	case TF_SELF:
		if (way->argument) {
			if (!f->subject || strcmp(*word, f->subject) != 0)
				return false;
			set(f, way->argument, json_true());
			return true;
		}
		f->self = find_named(f->export, *word);
		return f->self && strcmp(f->self->type, f->row->type) == 0;
	case TF_PLACE:
		return isdigit((unsigned char)**word);
	case TF_SAYS:
	case TF_CONSTANT:
	case TF_UNSAID:
		break;
	}
	return false;
}

/* ---- one line ---- */

/* Where the value of a key is, or NULL; a word without a key is the next one. */
static char **find_words(struct fitting *f, const struct tf_field *field)
{
	if (!*field->key)
		return &f->word[f->at];
	for (size_t i = f->at; i + 1 < f->n_word; i++)
		if (!f->used[i] && strcmp(f->word[i], field->key) == 0) {
			f->used[i] = true;
			return &f->word[i + 1];
		}
	return NULL;
}

static bool fit_field(struct fitting *f, const struct tf_field *field)
{
	const struct tf_field *way = field;
	static char *const nothing[] = { NULL, NULL };
	char **word;
	bool fits = false;

	if (field->form == TF_CONSTANT) {
		set(f, field->argument, value_of(field, field->words[0][0]));
		return true;
	}
	if (field->form == TF_SAYS) {
		if (*field->key) {
			if (!f->word[f->at] || strcmp(f->word[f->at], field->key) != 0)
				return false;
			f->used[f->at++] = true;
		}
		if (field->argument)
			set(f, field->argument, value_of(field, field->words[0][0]));
		return true;
	}
	word = find_words(f, field);
	if (field->form == TF_UNSAID) {
		if (word)
			f->used[word - f->word] = true;
		return true;
	}
	do
		fits = fit_way(f, way, word ? word : nothing);
	while (!fits && (++way)->form && (way->flags & TF_OR));
	if (!fits)
		return !(field->flags & TF_MUST) && (!word || !*field->key);
	if (!word || !*word || (way->form == TF_PORTS && !isdigit((unsigned char)**word)))
		return true;
	if (!*field->key && !f->subject)
		f->subject = *word;
	for (size_t n = way->form == TF_TYPED || way->form == TF_CIDR ? 2 : 1; n > 0; n--) {
		f->used[word - f->word] = true;
		f->at += !*field->key;
		word++;
	}
	return true;
}

/* A subnet needs the association of the CIDR that it lies in, and of no other. */
static bool may_hold(const json_t *association, const json_t *subnet)
{
	const char *outer = tf_string(association, "secondary_cidr_block"),
		   *inner = tf_string(subnet, "cidr_block");
	struct prefix a, b;

	outer = outer ? outer : tf_string(association, "cidr_block");
	return !outer || !inner || prefix_parse(outer, &a) < 0 || prefix_parse(inner, &b) < 0 ||
	       prefix_covers(a, b);
}

/* Only what the cloud needs before: the first of that type beside what is linked to. */
static void add_dependency(struct fitting *f, const char *label)
{
	const struct tf_export *export = f->export;

	for (size_t i = 0; f->row->needs && i < export->made.n_block; i++) {
		const struct tf_block *block = export->made.block[i];
		const json_t *vpc = json_object_get(block->body, "vpc_id");
		bool is_beside = vpc && json_equal((json_t *)(uintptr_t)vpc,
						   json_object_get(f->body, "vpc_id"));

		for (size_t k = 0; k < f->n_link && k < WORDS_MAX; k++) {
			const struct tf_block *to = f->link[k]->block;

			is_beside |= strcmp(block->label, f->link[k]->label) == 0 ||
				     (vpc && to &&
				      json_equal((json_t *)(uintptr_t)vpc,
						 json_object_get(to->body, "vpc_id")));
		}
		if (strcmp(block->type, f->row->needs) == 0 && is_beside &&
		    strcmp(block->label, label) != 0 && may_hold(block->body, f->body)) {
			set(f, "depends_on",
			    json_pack("[o]", json_sprintf("%s.%s", block->type, block->label)));
			return;
		}
		if (block->body == f->body)
			return;
	}
}

/* What has no word is a comment at the block. */
static const char *unused_words(struct fitting *f)
{
	auto_text text = { 0 };

	for (size_t i = 0; i < f->n_word; i++)
		if (!f->used[i])
			text_addf(&text, "%s%s", text.length ? " " : "", f->word[i]);
	return text.length ? arena_strdup(&f->export->arena, text_get(&text)) : NULL;
}

static void set_title(struct fitting *f, const char *name)
{
	const char *title = f->row->title[0];

	if (title && strcmp(title, "tags") == 0)
		set(f, title, json_pack("{s:s}", "Name", name));
	else if (title)
		json_object_set_new(f->body, title, json_string(name));
}

/* Make of the line what the row says, or leave all as it was. */
static bool fit_row(struct fitting *f)
{
	const bool is_maker = tf_is_maker(f->row);
	const char *name = is_maker ? f->word[f->at] : NULL;
	struct tf_block *block = NULL;

	f->body = json_object();
	if (is_maker && name)
		f->used[f->at++] = true;
	if (is_maker)
		set_title(f, name);
	for (const struct tf_field *field = f->row->field; field->form; field++)
		if (!(field->flags & TF_OR) && !fit_field(f, field)) {
			json_decref(f->body);
			return false;
		}
	if (is_maker) {
		block = find_named(f->export, name)->block;
	} else if (f->self) {
		block = f->self->block;
	} else {
		block = add_block(f->export, f->row->type,
				  f->n_link ? f->link[0]->label : f->row->type);
	}
	if (!f->self)
		add_dependency(f, block->label);
	block->unsaid = block->unsaid ? block->unsaid : unused_words(f);
	if (f->row->block && f->self) {
		json_t *list = json_object_get(block->body, f->row->block);

		if (!list) {
			list = json_array();
			json_object_set_new(block->body, f->row->block, list);
		}
		json_array_append(list, f->body);
	} else {
		json_object_update(block->body, f->body);
	}
	json_decref(f->body);
	return true;
}

/* Is it a row for this command? Returns how many words the command has, or 0. */
static size_t begins(const struct tf_row *row, char *const *word, size_t n_word)
{
	const char *command = row->command;
	size_t n = 0;

	while (command && *command) {
		size_t length = strcspn(command, " ");

		if (n == n_word || strlen(word[n]) != length ||
		    memcmp(word[n], command, length) != 0)
			return 0;
		command += length + (command[length] == ' ');
		n++;
	}
	return n;
}

static size_t split(char *line, char **ret_word)
{
	size_t n = 0;
	char *word;

	while (n < WORDS_MAX && (word = strsep(&line, " ")))
		ret_word[n++] = word;
	ret_word[n] = NULL;
	return n;
}

static void write_line(struct tf_export *export, const char *line)
{
	auto_free char *copy = xstrdup(line);

	for (const struct tf_row *row = export->made.provider->rows; row->type; row++) {
		struct fitting f = { .export = export, .row = row };

		strcpy(copy, line);
		f.n_word = split(copy, f.word);
		f.at = begins(row, f.word, f.n_word);
		for (size_t i = 0; i < f.at; i++)
			f.used[i] = true;
		if (f.at && fit_row(&f))
			return;
	}
	text_addf(&export->made.unsaid, "# %s\n", line);
}

/* ---- what the cloud makes by itself ---- */

static size_t find_line(const struct tf_export *export, const char *line)
{
	size_t i = 0;

	while (i < export->n_line && strcmp(export->line[i], line) != 0)
		i++;
	return i;
}

static void insert_line(struct tf_export *export, size_t at, const char *line)
{
	ARRAY_PUSH(export->line, export->n_line);
	memmove(&export->line[at + 1], &export->line[at],
		(export->n_line - 1 - at) * sizeof(*export->line));
	export->line[at] = arena_strdup(&export->arena, line);
}

/* A resource that comes empty in Terraform: what it has in the lab is said, but for what was taken
 * away there. */
static void say_given(struct tf_export *export, const struct tf_row *row, const char *name)
{
	for (const struct tf_given *given = row->given; given->comes; given++) {
		auto_text comes = { 0 }, goes = { 0 };
		size_t at;

		tf_given_text(&comes, given->comes, name);
		tf_given_text(&goes, given->goes, name);
		at = find_line(export, text_get(&goes));
		if (at < export->n_line)
			ARRAY_REMOVE(export->line, export->n_line, at);
		else if (export->at < export->n_line)
			insert_line(export, export->at + 1, text_get(&comes));
		else
			insert_line(export, export->n_line, text_get(&comes));
	}
}

/* Is a part of a VPC other than it came, NOUN VERB NAME ..., or has it to be there to be named? */
static bool is_changed(const struct tf_row *row, const char *line, const char *name)
{
	const char *at = strstr(line, name), *verb = strchr(line, ' ');

	if (!at || !row->given[0].comes || strchr(" ,", at[strlen(name)]) == NULL)
		return false;
	return row->tag ||
	       (verb && strchr(verb + 1, ' ') + 1 == at && strncmp(verb, " associate ", 11) != 0);
}

/* It is taken over, then. */
static void take_over(struct tf_export *export, const struct tf_row *row, const char *vpc,
		      const struct named *owner)
{
	auto_free char *name = xprintf("%s%s", vpc, row->is->suffix);
	struct tf_block *block;
	size_t i = 0;

	while (i < export->n_line && !is_changed(row, export->line[i], name))
		i++;
	if (i == export->n_line)
		return;
	block = add_block(export, row->type, row->tag ? name : vpc);
	if (row->title[0])
		json_object_set_new(block->body, row->title[0], json_string(block->label));
	json_object_set_new(
		block->body, row->is_argument,
		json_sprintf("${%s.%s.%s}", owner->type, owner->label, row->is->attribute));
	if (row->tag)
		json_object_set_new(block->body, "tags", json_pack("{s:s}", TF_TAG, row->tag));
	add_named(export, name, block);
	say_given(export, row, name);
}

/* ---- the whole ---- */

static int by_line(const void *a, const void *b)
{
	const struct tf_block *const *one = a, *const *other = b;

	return ((*one)->line > (*other)->line) - ((*one)->line < (*other)->line);
}

/* Blocks for all that has a name, so that lines may refer to what stands below them. */
static void make_blocks(struct tf_export *export)
{
	for (export->at = 0; export->at < export->n_line; export->at++) {
		auto_free char *copy = xstrdup(export->line[export->at]);
		char *word[WORDS_MAX + 1];
		size_t n = split(copy, word), at;

		for (const struct tf_row *row = export->made.provider->rows; row->type; row++) {
			at = begins(row, word, n);
			if (!at || at == n || !tf_is_maker(row))
				continue;
			add_named(export, word[at], add_block(export, row->type, word[at]));
			say_given(export, row, word[at]);
			break;
		}
	}
	for (const struct tf_row *row = export->made.provider->rows; row->type; row++)
		for (size_t i = 0, n = export->made.n_block; row->is && i < n; i++)
			if (strcmp(export->made.block[i]->type, row->is->type) == 0)
				for (struct named *named = export->named; named;
				     named = named->hh.next)
					if (named->block == export->made.block[i])
						take_over(export, row, named->name, named);
}

/* Who has a name and a line that no row has the words for, as a route whose gateway is gone. */
static void drop_empty(struct tf_export *export)
{
	size_t n = 0;

	for (size_t i = 0; i < export->made.n_block; i++)
		if (json_object_size(export->made.block[i]->body))
			export->made.block[n++] = export->made.block[i];
		else
			json_decref(export->made.block[i]->body);
	export->made.n_block = n;
}

/* The cloud of today wants what an older lab does without. cloud-semantics: dnat-5 */
static char *save_for_cloud(const struct model *model)
{
	struct model *today = model_copy(model);
	char *text;

	model_each(today, NOUN_DNAT, struct dnat, dnat)
		dnat->port_break |= dnat->public_last > 1024 &&
				    model_user(today, NOUN_SNAT, dnat->eip, NULL);
	text = model_save(today);
	model_free(today);
	return text;
}

char *terraform_export(const struct model *model, enum terraform_syntax syntax)
{
	struct tf_export export = { .made.provider = model->provider == PROVIDER_AWS
							     ? &tf_aws
							     : &tf_alicloud };
	auto_free char *saved = save_for_cloud(model);
	char *rest = saved, *line, *text;

	while ((line = strsep(&rest, "\n")))
		if (*line && strncmp(line, "provider ", 9) != 0)
			insert_line(&export, export.n_line, line);
	make_blocks(&export);
	for (export.at = 0; export.at < export.n_line; export.at++)
		write_line(&export, export.line[export.at]);
	drop_empty(&export);
	if (export.made.n_block)
		qsort(export.made.block, export.made.n_block, sizeof(*export.made.block), by_line);
	text = syntax == TERRAFORM_JSON ? tf_write_json(&export.made) : tf_write_hcl(&export.made);
	for (size_t i = 0; i < export.made.n_block; i++)
		json_decref(export.made.block[i]->body);
	HASH_CLEAR(hh, export.named);
	free(export.made.block);
	free(export.line);
	text_free(&export.made.unsaid);
	arena_free(&export.arena);
	return text;
}
