/* SPDX-License-Identifier: GPL-3.0-only */
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/cleanup.h"
#include "core/base/hash.h"
#include "lab/nouns/nouns.h"
#include "lab/terraform/fit.h"
#include "lab/terraform/terraform.h"

/*
 * The saved lab, line by line, through the same rows as import, the other way: the first row that
 * has a place for each word of a line makes a block of it, or a part of one (fit.c). Each look-up
 * is one in a table, so that the time grows with the lab.
 */

/* Something that is looked up by a text. */
struct keyed {
	const char *key;
	UT_hash_handle hh;
	struct tf_block *block; /* names */
	struct tf_blocks of;    /* what others need, by its type and its label or VPC */
	bool is_changed;        /* parts of VPCs: NOUN VERB PART ... */
	struct lab_line *line;  /* texts of lines */
	unsigned n;             /* labels: that were numbered behind it */
};

struct lab_line {
	const char *text;
	bool is_gone; /* what a block says by being empty */
};

struct tf_export {
	struct arena arena;
	struct tf_configuration made;
	struct keyed *named, *labels, *beside, *parts, *texts;
	struct lab_line **line;
	size_t n_line, at; /* and the one in hand */
};

static struct keyed *find_entry(struct keyed *entries, const char *key, size_t length)
{
	struct keyed *entry;

	HASH_FIND(hh, entries, key, length, entry);
	return entry;
}

static struct keyed *get_entry(struct tf_export *export, struct keyed **entries, const char *key)
{
	struct keyed *entry = find_entry(*entries, key, strlen(key));

	if (entry)
		return entry;
	entry = arena_alloc(&export->arena, sizeof(*entry));
	*entry = (struct keyed){ .key = arena_strdup(&export->arena, key) };
	HASH_ADD_KEYPTR(hh, *entries, entry->key, strlen(entry->key), entry);
	return entry;
}

/* ---- blocks ---- */

struct tf_block *tf_find_named(const struct tf_export *export, const char *name, size_t length)
{
	const struct keyed *entry = find_entry(export->named, name, length);

	return entry ? entry->block : NULL;
}

/* A label has no dots, and is one block's of its type. */
static const char *make_label(struct tf_export *export, const char *type, const char *name)
{
	char *label = arena_strdup(&export->arena, name), *base = label;
	struct keyed *taken, *by;

	for (char *c = label; *c; c++)
		if (!isalnum((unsigned char)*c) && *c != '-')
			*c = '_';
	taken = get_entry(export, &export->labels,
			  arena_printf(&export->arena, "%s %s", type, base));
	for (by = taken; by->n > 0;
	     by = get_entry(export, &export->labels,
			    arena_printf(&export->arena, "%s %s", type, label)))
		label = arena_printf(&export->arena, "%s-%u", base, ++taken->n);
	by->n = 1;
	return label;
}

struct tf_block *tf_add_block(struct tf_export *export, const char *type, const char *name)
{
	struct tf_block *block = arena_alloc(&export->arena, sizeof(*block));

	*block = (struct tf_block){ .line = export->at,
				    .number = export->made.n_block,
				    .type = type,
				    .label = make_label(export, type, name),
				    .body = json_object() };
	*ARRAY_PUSH(export->made.block, export->made.n_block) = block;
	return block;
}

static bool is_needed(const struct tf_export *export, const char *type)
{
	for (const struct tf_row *row = export->made.provider->rows; row->type; row++)
		if (row->needs && strcmp(row->needs, type) == 0)
			return true;
	return false;
}

static void file_under(struct tf_export *export, struct tf_block *block, const char *key)
{
	auto_free char *both = xprintf("%s %s", block->type, key);
	struct tf_blocks *of = &get_entry(export, &export->beside, both)->of;

	*ARRAY_PUSH(of->block, of->n_block) = block;
}

void tf_file_block(struct tf_export *export, struct tf_block *block)
{
	const char *vpc = tf_string(block->body, "vpc_id");

	if (!is_needed(export, block->type))
		return;
	if (!block->by_label)
		file_under(export, block, block->label);
	if (!block->by_vpc && vpc)
		file_under(export, block, vpc);
	block->by_label = true;
	block->by_vpc |= vpc != NULL;
}

const struct tf_blocks *tf_blocks_beside(const struct tf_export *export, const char *type,
					 const char *key)
{
	auto_free char *both = xprintf("%s %s", type, key);
	const struct keyed *entry = find_entry(export->beside, both, strlen(both));

	return entry ? &entry->of : NULL;
}

/* ---- lines ---- */

static void add_line(struct tf_export *export, struct lab_line *line)
{
	*ARRAY_PUSH(export->line, export->n_line) = line;
}

static struct lab_line *make_line(struct tf_export *export, const char *text)
{
	struct lab_line *line = arena_alloc(&export->arena, sizeof(*line));

	line->text = arena_strdup(&export->arena, text);
	return line;
}

/* Which parts of VPCs lines name, such as VPC1/default, and which are other than they came. */
static void note_parts(struct tf_export *export, const char *text)
{
	auto_free char *copy = xstrdup(text);
	char *word[TF_WORDS_MAX + 1], *part;
	const size_t n = tf_split(copy, word);

	for (size_t i = 0; i < n; i++)
		for (char *rest = word[i]; (part = strsep(&rest, ","));)
			if (strchr(part, '/'))
				get_entry(export, &export->parts, part)->is_changed |=
					i == 2 && strcmp(word[1], "associate") != 0;
}

static void read_line(struct tf_export *export, char *text, struct lab_line ***lines, size_t *n)
{
	struct lab_line *line = make_line(export, text);

	*ARRAY_PUSH(*lines, *n) = line;
	get_entry(export, &export->texts, text)->line = line;
	note_parts(export, text);
}

/* The entries of a prefix list are blocks of their own. */
static struct lab_line **read_lines(struct tf_export *export, char *saved, size_t *ret_n)
{
	struct lab_line **lines = NULL;
	char *text;

	*ret_n = 0;
	while ((text = strsep(&saved, "\n"))) {
		char *entries = strrchr(text, ' '), *entry;
		const char *vpc = text + strlen("route set "),
			   *via = strstr(text, "/default-route via ");

		if (!*text || strncmp(text, "provider ", 9) == 0)
			continue;
		/* The line before has made it, only for this. */
		if (strncmp(text, "ipv4-gateway delete ", 20) == 0)
			--*ret_n;
		/* Of the route that comes with a gateway Terraform knows nothing: it is made anew.
		 */
		if (via && strncmp(text, "route set ", 10) == 0) {
			const int n = (int)(via - vpc);

			text = arena_printf(&export->arena,
					    "route create %.*s.default-route table %.*s/system to "
					    "0.0.0.0/0 %s",
					    n, vpc, n, vpc, strchr(via, ' ') + 1);
		}
		if (strncmp(text, "prefix-list add ", 16) != 0) {
			read_line(export, text, &lines, ret_n);
			continue;
		}
		*entries++ = '\0';
		while ((entry = strsep(&entries, ",")))
			read_line(export, arena_printf(&export->arena, "%s %s", text, entry),
				  &lines, ret_n);
	}
	return lines;
}

/* ---- what the cloud makes by itself ---- */

/* A resource that comes empty in Terraform: what it has in the lab is said, but for what was taken
 * away there. */
static void say_given(struct tf_export *export, const struct tf_row *row, const char *name,
		      const char *line)
{
	for (const struct tf_given *given = row->given; given->comes; given++) {
		auto_text comes = { 0 }, goes = { 0 };
		const struct keyed *gone;

		tf_given_text(&comes, given->comes, name, given->off ? line : NULL);
		if (given->off) {
			auto_free char *off = xprintf(" %s off", given->off);

			if (strstr(line, off))
				continue;
			note_parts(export, text_get(&comes));
			add_line(export, make_line(export, text_get(&comes)));
			continue;
		}
		tf_given_text(&goes, given->goes, name, NULL);
		gone = find_entry(export->texts, text_get(&goes), goes.length);
		if (gone)
			gone->line->is_gone = true;
		else
			add_line(export, make_line(export, text_get(&comes)));
	}
}

/* A part of a VPC is taken over where it is other than it came, or has to be there to be named; the
 * table of a transit router is looked up. */
static void take_over(struct tf_export *export, const struct tf_row *row, const char *vpc,
		      const struct tf_block *owner)
{
	auto_free char *name = xprintf("%s%s", vpc, row->is->suffix);
	const struct keyed *part = find_entry(export->parts, name, strlen(name));
	struct tf_block *block;

	if (!part ||
	    !(tf_is_data(row->type) || (row->given[0].comes && (row->tag || part->is_changed))))
		return;
	block = tf_add_block(export, row->type, row->tag ? name : vpc);
	if (row->title[0])
		json_object_set_new(block->body, row->title[0], json_string(block->label));
	json_object_set_new(
		block->body, row->is_argument,
		json_sprintf("${%s.%s.%s}", owner->type, owner->label, row->is->attribute));
	if (row->tag)
		json_object_set_new(block->body, "tags", json_pack("{s:s}", TF_TAG, row->tag));
	if (tf_is_data(row->type))
		block->line = owner->line;
	if (row->field[0].form == TF_CONSTANT)
		json_object_set_new(block->body, row->field[0].argument,
				    json_string(row->field[0].words[0][0]));
	get_entry(export, &export->named, name)->block = block;
	say_given(export, row, name, NULL);
}

/* ---- the whole ---- */

static int by_line(const void *a, const void *b)
{
	const struct tf_block *const *one = a, *const *other = b;

	return (*one)->line != (*other)->line
		       ? ((*one)->line > (*other)->line) - ((*one)->line < (*other)->line)
		       : ((*one)->number > (*other)->number) - ((*one)->number < (*other)->number);
}

/* A block for what has a name, so that lines may refer to what stands below them. */
static void make_block(struct tf_export *export, const char *text)
{
	auto_free char *copy = xstrdup(text);
	char *word[TF_WORDS_MAX + 1];
	const size_t n = tf_split(copy, word);

	for (const struct tf_row *row = export->made.provider->rows; row->type; row++) {
		const size_t at = tf_command_begins(row, word, n);
		struct tf_block *apart = NULL, *block;

		if (!at || at == n || !tf_is_maker(row))
			continue;
		if (row->apart) {
			const struct tf_row *other =
				tf_row_of(export->made.provider->rows, row->apart);

			apart = tf_add_block(export, row->apart, word[at]);
			json_object_set_new(apart->body, other->title[0], json_string(word[at]));
		}
		block = tf_add_block(export, row->type, word[at]);
		block->apart = apart;
		get_entry(export, &export->named, word[at])->block = block;
		say_given(export, row, word[at], text);
		return;
	}
}

static void make_blocks(struct tf_export *export, struct lab_line *const *line, size_t n_line)
{
	for (size_t i = 0; i < n_line; i++) {
		export->at = export->n_line;
		add_line(export, line[i]);
		make_block(export, line[i]->text);
	}
	export->at = export->n_line;
	for (const struct tf_row *row = export->made.provider->rows; row->type; row++)
		for (struct keyed *named = row->is ? export->named : NULL; named;
		     named = named->hh.next)
			if (strcmp(named->block->type, row->is->type) == 0)
				take_over(export, row, named->key, named->block);
}

static void write_line(struct tf_export *export, const struct lab_line *line)
{
	if (!line->is_gone &&
	    !tf_fit_line(export, &export->arena, export->made.provider->rows, line->text))
		text_addf(&export->made.unsaid, "# %s\n", line->text);
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

	model_each(today, NOUN_DNAT, struct dnat, dnat) {
		dnat->port_break |= dnat->public_last > 1024 &&
				    model_user(today, NOUN_SNAT, dnat->eip, NULL);
		/* A state holds an address either way; Terraform makes what is named first. */
		if (!dnat->target)
			dnat->target =
				model_eni_by_ip(today, dnat->nat_gateway->vpc, dnat->target_ip);
	}
	text = model_save(today);
	model_free(today);
	return text;
}

static void free_export(struct tf_export *export)
{
	struct keyed **const tables[] = { &export->named, &export->labels, &export->beside,
					  &export->parts, &export->texts };

	for (size_t i = 0; i < export->made.n_block; i++)
		json_decref(export->made.block[i]->body);
	for (struct keyed *entry = export->beside; entry; entry = entry->hh.next)
		free(entry->of.block);
	for (size_t i = 0; i < ARRAY_SIZE(tables); i++)
		HASH_CLEAR(hh, *tables[i]);
	free(export->made.block);
	free(export->line);
	text_free(&export->made.unsaid);
	arena_free(&export->arena);
}

char *terraform_export(const struct model *model, enum terraform_syntax syntax)
{
	struct tf_export export = { .made.provider = model->provider == PROVIDER_AWS
							     ? &tf_aws
							     : &tf_alicloud };
	auto_free char *saved = save_for_cloud(model);
	auto_free struct lab_line **lines = NULL;
	size_t n;
	char *text;

	lines = read_lines(&export, saved, &n);
	make_blocks(&export, lines, n);
	for (export.at = 0; export.at < export.n_line; export.at++)
		write_line(&export, export.line[export.at]);
	drop_empty(&export);
	if (export.made.n_block)
		qsort(export.made.block, export.made.n_block, sizeof(*export.made.block), by_line);
	text = syntax == TERRAFORM_JSON ? tf_write_json(&export.made) : tf_write_hcl(&export.made);
	free_export(&export);
	return text;
}
