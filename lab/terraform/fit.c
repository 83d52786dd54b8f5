/* SPDX-License-Identifier: GPL-3.0-only */
#include "lab/terraform/fit.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/address.h"
#include "core/base/cleanup.h"

/* A line that is being fitted into a row. */
struct fitting {
	struct tf_export *export;
	struct arena *arena;
	const struct tf_row *row;
	char *word[TF_WORDS_MAX + 1];
	bool used[TF_WORDS_MAX];
	size_t n_word, at;
	json_t *body;
	struct tf_block *self; /* whose line it is, or NULL */
	const char *subject;   /* the first name in the line */
	const struct tf_block *link[TF_WORDS_MAX];
	size_t n_link;
};

/* ---- references ---- */

/* The target that a name is, among those of a field: itself, or a part of it such as VPC1/system.
 */
static const struct tf_target *find_target(struct fitting *f, const struct tf_target *to,
					   const char *name, const struct tf_block **ret_block)
{
	const char *slash = strchr(name, '/');
	const struct tf_block *named = tf_find_named(f->export, name, strlen(name)),
			      *owner =
				      slash ? tf_find_named(f->export, name, (size_t)(slash - name))
					    : NULL;

	for (; to->type; to++) {
		*ret_block = to->suffix ? owner : named;
		if (*ret_block && strcmp((*ret_block)->type, to->type) == 0 &&
		    (!to->suffix || strcmp(slash, to->suffix) == 0))
			return to;
	}
	return NULL;
}

/* ${TYPE.LABEL.ATTRIBUTE} */
static json_t *reference(const struct tf_block *to, const char *attribute, const char *form)
{
	return json_sprintf("${%s.%s.%s}%s", to->type, to->label, attribute, form ? form : "");
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
	json_t *value;

	while ((name = strsep(&rest, ","))) {
		const struct tf_block *named = NULL;

		target = find_target(f, field->to, name, &named);
		if (!target) {
			json_decref(list);
			return false;
		}
		text_addf(&text, "%s%s.%s.%s", text.length ? ", " : "", named->type, named->label,
			  target->attribute);
		value = reference(named, target->attribute, target->form);
		if (target->besides && field->block)
			value = json_pack("{s:o,s:o}", target->besides,
					  reference(named, target->besides, NULL), field->argument,
					  value);
		else if (target->besides)
			set(f, target->besides, reference(named, target->besides, NULL));
		json_array_append_new(list, value);
		f->link[f->n_link++ % TF_WORDS_MAX] = named;
	}
	if (field->kind)
		set(f, field->kind, json_string(target->kind));
	if (field->block)
		set(f, field->block, json_incref(list));
	else if (field->flags & TF_LIST)
		set(f, field->argument, json_incref(list));
	else if (json_array_size(list) > 1)
		set(f, field->argument, json_sprintf("${join(\",\", [%s])}", text_get(&text)));
	else
		set(f, field->argument, json_incref(json_array_get(list, 0)));
	json_decref(list);
	return true;
}

/* icmp-type TYPE[/CODE], somewhere in the line. */
static void fit_icmp_type(struct fitting *f, long *type, long *code)
{
	char *end;

	for (size_t i = f->at; i + 1 < f->n_word; i++) {
		if (strcmp(f->word[i], "icmp-type") != 0)
			continue;
		f->used[i] = f->used[i + 1] = true;
		*type = strtol(f->word[i + 1], &end, 10);
		if (*end == '/')
			*code = strtol(end + 1, NULL, 10);
	}
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
	/* AWS: all ports are 0 to 65535, of what has ports; of ICMP they are type and code. */
	if (!protocol || !strstr("tcp udp", protocol)) {
		const bool is_acl = strncmp(f->row->command, "network-acl", 11) == 0,
			   is_icmp = protocol && strcmp(protocol, "icmp") == 0;

		if (!is_icmp && json_object_get(f->body, "ip_protocol"))
			return true;
		first = last = is_icmp ? -1 : 0;
		if (is_icmp)
			fit_icmp_type(f, &first, &last);
		if (is_acl && is_icmp) {
			set(f, "icmp_type", json_integer(first));
			set(f, "icmp_code", json_integer(last));
			first = last = 0;
		}
	} else if (first == 1 && last == 65535) {
		first = 0;
	}
	set(f, field->argument, json_integer(first));
	set(f, field->older, json_integer(last));
	return true;
}

/* Does the word say what this way of the field can say? It is written, then. */
static bool fit_way(struct fitting *f, const struct tf_field *way, char *const *word)
{
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
		if (way->written && strchr(*word, ','))
			return false;
		if (way->written) {
			auto_text text = { 0 };

			tf_given_text(&text, way->written, *word, NULL);
			set(f, way->argument, json_string(text_get(&text)));
		} else if (way->flags & TF_LIST)
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
		if (!(way->flags & TF_DIGITS) || (*word)[strspn(*word, "0123456789")])
			return false;
		set(f, way->argument, value_of(way, *word));
		return true;
	case TF_LINK:
		return fit_links(f, way, *word);
	case TF_TYPED:
		if (!word[1] || strcmp(*word, "cidr") == 0)
			return false;
		return fit_links(f, way, word[1]);
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
		f->self = tf_find_named(f->export, *word, strlen(*word));
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
	while (f->at < f->n_word && f->used[f->at])
		f->at++;
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

/* Only what the cloud needs before: the first of that type beside what is linked to, which is in
 * the same VPC or is named after it. */
static void add_dependency(struct fitting *f, const struct tf_block *block)
{
	const struct tf_block *first = NULL;
	const char *key[2 * TF_WORDS_MAX + 1];
	size_t n = 0;

	if (!f->row->needs)
		return;
	key[n++] = tf_string(f->body, "vpc_id");
	for (size_t k = 0; k < f->n_link && k < TF_WORDS_MAX; k++) {
		key[n++] = f->link[k]->label;
		key[n++] = tf_string(f->link[k]->body, "vpc_id");
	}
	for (size_t k = 0; k < n; k++) {
		const struct tf_blocks *beside =
			key[k] ? tf_blocks_beside(f->export, f->row->needs, key[k]) : NULL;

		for (size_t i = 0; beside && i < beside->n_block; i++) {
			const struct tf_block *one = beside->block[i];

			if (strcmp(one->label, block->label) == 0 || !may_hold(one->body, f->body))
				continue;
			if (!first || one->number < first->number)
				first = one;
			break;
		}
	}
	if (first)
		set(f, "depends_on",
		    json_pack("[o]", json_sprintf("%s.%s", first->type, first->label)));
}

/* What has no word is a comment at the block. */
static const char *unused_words(struct fitting *f)
{
	auto_text text = { 0 };

	for (size_t i = 0; i < f->n_word; i++)
		if (!f->used[i])
			text_addf(&text, "%s%s", text.length ? " " : "", f->word[i]);
	return text.length ? arena_strdup(f->arena, text_get(&text)) : NULL;
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
	if (f->row->apart)
		set(f, f->row->apart_argument,
		    reference(tf_find_named(f->export, name, strlen(name))->apart, "id", NULL));
	for (const struct tf_field *field = f->row->field; field->form; field++)
		if (!(field->flags & TF_OR) && !fit_field(f, field)) {
			json_decref(f->body);
			return false;
		}
	if (is_maker) {
		block = tf_find_named(f->export, name, strlen(name));
	} else if (f->self) {
		block = f->self;
	} else {
		block = tf_add_block(f->export, f->row->type,
				     f->n_link ? f->link[0]->label : f->row->type);
	}
	if (!f->self)
		add_dependency(f, block);
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
	tf_file_block(f->export, block);
	return true;
}

/* ---- the rows of a command ---- */

size_t tf_command_begins(const struct tf_row *row, char *const *word, size_t n_word)
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

size_t tf_split(char *line, char **ret_word)
{
	size_t n = 0;
	char *word;

	while (n < TF_WORDS_MAX && (word = strsep(&line, " ")))
		ret_word[n++] = word;
	ret_word[n] = NULL;
	return n;
}

bool tf_fit_line(struct tf_export *export, struct arena *arena, const struct tf_row *rows,
		 const char *line)
{
	auto_free char *copy = xstrdup(line);

	for (const struct tf_row *row = rows; row->type; row++) {
		struct fitting f = { .export = export, .arena = arena, .row = row };

		strcpy(copy, line);
		f.n_word = tf_split(copy, f.word);
		f.at = tf_command_begins(row, f.word, f.n_word);
		for (size_t i = 0; i < f.at; i++)
			f.used[i] = true;
		if (f.at && fit_row(&f))
			return true;
	}
	return false;
}
