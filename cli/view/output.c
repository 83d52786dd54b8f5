/* SPDX-License-Identifier: GPL-3.0-only */
#include "cli/view/output.h"

#include <assert.h>
#include <ctype.h>
#include <errno.h>
#include <string.h>

#include <jansson.h>
#include <libsmartcols.h>

#include "cli/view/wrap.h"
#include "core/base/cleanup.h"
#include "core/base/memory.h"
#include "core/base/text.h"
#include "lab/language/tokenizer.h"

#define DEPTH_MAX 12

struct output {
	json_t *root;
	json_t *stack[DEPTH_MAX]; /* the open containers, borrowed from root */
	unsigned depth;
};

struct output *output_new(void)
{
	return xnew(struct output);
}

void output_free(struct output *output)
{
	if (!output)
		return;
	json_decref(output->root);
	free(output);
}

/* Take over the reference of value. */
static void put(struct output *output, const char *key, json_t *value)
{
	json_t *container = output->depth ? output->stack[output->depth - 1] : NULL;
	int r = 0;

	assert(value);
	if (!container)
		output->root = value;
	else if (json_is_object(container))
		r = json_object_set_new(container, key, value);
	else
		r = json_array_append_new(container, value);
	assert(r == 0);
	(void)r;
}

static void begin(struct output *output, const char *key, json_t *container)
{
	put(output, key, container);
	assert(output->depth < DEPTH_MAX);
	output->stack[output->depth++] = container;
}

void output_begin_object(struct output *output, const char *key)
{
	begin(output, key, json_object());
}

void output_begin_array(struct output *output, const char *key)
{
	begin(output, key, json_array());
}

void output_end(struct output *output)
{
	assert(output->depth);
	output->depth--;
}

void output_string(struct output *output, const char *key, const char *value)
{
	json_t *string = value ? json_string(value) : json_null();

	if (value && !string) { /* not UTF-8: it comes from a program or file */
		auto_text escaped = { 0 };

		text_add_escaped(&escaped, value, strlen(value));
		string = json_string(text_get(&escaped));
	}
	put(output, key, string);
}

void output_number(struct output *output, const char *key, int64_t value)
{
	put(output, key, json_integer(value));
}

void output_real(struct output *output, const char *key, double value)
{
	put(output, key, json_real(value));
}

void output_bool(struct output *output, const char *key, bool value)
{
	put(output, key, json_boolean(value));
}

void output_null(struct output *output, const char *key)
{
	put(output, key, json_null());
}

void output_number_if(struct output *output, const char *key, bool known, int64_t value)
{
	put(output, key, known ? json_integer(value) : json_null());
}

void output_address(struct output *output, const char *key, uint32_t address)
{
	char text[ADDRESS_TEXT_SIZE];

	output_string(output, key, address ? address_format(address, text) : NULL);
}

void output_prefix(struct output *output, const char *key, struct prefix prefix)
{
	char text[PREFIX_TEXT_SIZE];

	output_string(output, key, prefix_format(prefix, text));
}

void output_named(struct output *output, const char *key, const char *type, const char *name)
{
	if (!name) {
		output_null(output, key);
		return;
	}
	output_begin_object(output, key);
	output_string(output, "type", type);
	output_string(output, "name", name);
	output_end(output);
}

static bool is_object_array(const json_t *value)
{
	const json_t *first = json_array_get(value, 0);

	return json_is_object(first) && !json_object_get(first, "type");
}

static void format_cell(struct text *text, const json_t *value)
{
	const json_t *type = json_object_get(value, "type"), *name = json_object_get(value, "name");

	if (type && name) {
		text_addf(text, "%s %s", json_string_value(type), json_string_value(name));
	} else if (json_is_string(value)) {
		text_add_escaped(text, json_string_value(value), json_string_length(value));
	} else if (json_is_integer(value)) {
		text_addf(text, "%" JSON_INTEGER_FORMAT, json_integer_value(value));
	} else if (json_is_real(value)) {
		text_addf(text, "%g", json_real_value(value));
	} else if (json_is_boolean(value)) {
		text_add(text, json_is_true(value) ? "yes" : "no");
	} else if (json_array_size(value) > 0) {
		for (size_t i = 0; i < json_array_size(value); i++) {
			if (i)
				text_add_char(text, ',');
			format_cell(text, json_array_get(value, i));
		}
	} else {
		text_add_char(text, '-');
	}
}

/* Write a command as it can be typed again. */
static void format_command(struct text *text, const json_t *words)
{
	for (size_t i = 0; i < json_array_size(words); i++) {
		const json_t *word = json_array_get(words, i);
		auto_text quoted = { 0 };

		text_add_word(&quoted, json_string_value(word));
		if (i)
			text_add_char(text, ' ');
		text_add_escaped(text, text_get(&quoted), quoted.length);
	}
}

static void format_field(struct text *text, const json_t *row, const char *key)
{
	const json_t *value = json_object_get(row, key);

	if (strcmp(key, "command") == 0 && json_array_size(value) > 0)
		format_command(text, value);
	else
		format_cell(text, value);
}

/* Write a key for people: nat_gateway is NAT GATEWAY. */
static char *heading(const char *key)
{
	char *s = xstrdup(key);

	for (char *p = s; *p; p++)
		*p = *p == '_' ? ' ' : (char)toupper((unsigned char)*p);
	return s;
}

struct columns {
	const char **key; /* borrowed from the tree */
	size_t n_key;
};

/* Collect the keys of all rows. Those that hold arrays of objects get tables of their own. */
static void collect_columns(const json_t *rows, struct columns *columns)
{
	for (size_t i = 0; i < json_array_size(rows); i++) {
		json_t *row = json_array_get(rows, i), *value;
		const char *key;

		json_object_foreach(row, key, value) {
			size_t k = 0;

			while (k < columns->n_key && strcmp(columns->key[k], key) != 0)
				k++;
			if (k == columns->n_key && !is_object_array(value))
				*ARRAY_PUSH(columns->key, columns->n_key) = key;
		}
	}
}

static bool all_numbers(const json_t *rows, const char *key)
{
	bool any = false;

	for (size_t i = 0; i < json_array_size(rows); i++) {
		const json_t *value = json_object_get(json_array_get(rows, i), key);

		if (value && !json_is_null(value) && !json_is_number(value))
			return false;
		any |= json_is_number(value);
	}
	return any;
}

#define LONG_CELL 30 /* only longer cells may be broken, so that names stay whole */

static size_t longest_cell(const json_t *rows, const char *key)
{
	size_t longest = 0;

	for (size_t i = 0; i < json_array_size(rows); i++) {
		auto_text cell = { 0 };

		format_field(&cell, json_array_get(rows, i), key);
		if (cell.length > longest)
			longest = cell.length;
	}
	return longest;
}

/* Does a table fit once its long cells are broken? */
static bool table_fits(const json_t *rows, const struct columns *columns, unsigned width)
{
	size_t needed = columns->n_key - 1; /* the gaps */

	for (size_t k = 0; k < columns->n_key; k++) {
		size_t cell = longest_cell(rows, columns->key[k]), title = strlen(columns->key[k]);

		needed += title > cell ? title : cell > LONG_CELL ? LONG_CELL : cell;
	}
	return needed <= width;
}

static void fill_table(struct libscols_table *table, const json_t *rows,
		       const struct columns *columns, bool color)
{
	for (size_t k = 0; k < columns->n_key; k++) {
		char *title = heading(columns->key[k]);
		int flags = all_numbers(rows, columns->key[k])                ? SCOLS_FL_RIGHT
			    : longest_cell(rows, columns->key[k]) > LONG_CELL ? SCOLS_FL_WRAP
									      : 0;
		struct libscols_column *column = scols_table_new_column(table, title, 0, flags);

		if (color && column)
			scols_cell_set_color(scols_column_get_header(column), "bold");
		free(title);
	}
	for (size_t i = 0; i < json_array_size(rows); i++) {
		struct libscols_line *line = scols_table_new_line(table, NULL);

		for (size_t k = 0; k < columns->n_key; k++) {
			auto_text cell = { 0 };

			format_field(&cell, json_array_get(rows, i), columns->key[k]);
			if (line)
				scols_line_set_data(line, k, text_get(&cell));
		}
	}
}

static void print_field(FILE *file, const json_t *row, const char *key, int key_width, bool color)
{
	auto_text cell = { 0 };
	char *title = heading(key);

	format_field(&cell, row, key);
	fprintf(file, "%s%-*s%s  %s\n", color ? "\033[1m" : "", key_width, title,
		color ? "\033[0m" : "", text_get(&cell));
	free(title);
}

static int print_columns(const json_t *rows, const struct columns *columns, FILE *file,
			 unsigned width, bool color)
{
	struct libscols_table *table;
	int r;

	scols_init_debug(0);
	table = scols_new_table();
	if (!table)
		return -ENOMEM;
	scols_table_set_stream(table, file);
	scols_table_enable_colors(table, color);
	scols_table_set_termforce(table, width ? SCOLS_TERMFORCE_ALWAYS : SCOLS_TERMFORCE_NEVER);
	if (width)
		scols_table_set_termwidth(table, width);
	fill_table(table, rows, columns, color);
	r = scols_print_table(table);
	scols_unref_table(table);
	return r;
}

static bool is_empty(const json_t *rows, const char *key)
{
	for (size_t i = 0; i < json_array_size(rows); i++) {
		const json_t *value = json_object_get(json_array_get(rows, i), key);

		if (value && !json_is_null(value) &&
		    !(json_is_array(value) && !json_array_size(value)))
			return false;
	}
	return true;
}

/* Nothing is said where no row says anything; the name stays. */
static void drop_empty(const json_t *rows, struct columns *columns)
{
	for (size_t k = columns->n_key; k-- > 1;)
		if (is_empty(rows, columns->key[k]))
			ARRAY_REMOVE(columns->key, columns->n_key, k);
}

/* Leave the last columns out until the table fits. The name, and what follows it, stay. */
static void leave_out(const json_t *rows, struct columns *columns, unsigned width,
		      struct text *left)
{
	for (size_t k = columns->n_key; k-- > 2 && !table_fits(rows, columns, width);) {
		auto_free char *title = heading(columns->key[k]);
		auto_free char *after = xstrdup(text_get(left));

		text_clear(left);
		text_addf(left, "%s%s%s", title, *after ? ", " : "", after);
		ARRAY_REMOVE(columns->key, columns->n_key, k);
	}
}

static int print_table(const json_t *rows, FILE *file, unsigned width, bool color)
{
	struct columns columns = { 0 };
	auto_text left = { 0 }, line = { 0 };
	int r = 0;

	collect_columns(rows, &columns);
	drop_empty(rows, &columns);
	if (columns.n_key && width)
		leave_out(rows, &columns, width, &left);
	if (columns.n_key)
		r = print_columns(rows, &columns, file, width, color);
	if (left.length) { /* A pipe has no width. */
		auto_free char *sentence =
			xprintf("(left out: %s; | cat shows all)", text_get(&left));

		wrap_add_line(&line, sentence, 0, 1, width);
		fputs(text_get(&line), file);
	}
	free(columns.key);
	return r;
}

static void print_title(FILE *file, const char *owner, const char *key, bool color, bool *gap)
{
	char *title = heading(key);

	if (*gap)
		fputc('\n', file);
	*gap = true;
	fprintf(file, "%s%s%s%s%s\n", color ? "\033[1;36m" : "", owner ? owner : "",
		owner ? " " : "", title, color ? "\033[0m" : "");
	free(title);
}

/* Write an array of objects as a table, and below it the arrays of objects in its rows. */
static int print_rows(const json_t *rows, FILE *file, unsigned width, bool color)
{
	bool gap = true;
	int r = print_table(rows, file, width, color);

	for (size_t i = 0; r == 0 && i < json_array_size(rows); i++) {
		json_t *row = json_array_get(rows, i), *value;
		const char *key;

		json_object_foreach(row, key, value) {
			if (r < 0 || !is_object_array(value))
				continue;
			print_title(file, json_string_value(json_object_get(row, "name")), key,
				    color, &gap);
			r = print_table(value, file, width, color);
		}
	}
	return r;
}

/* Write one object: a line for each plain value, a titled table for each array of objects. */
static int print_object(json_t *object, FILE *file, unsigned width, bool color)
{
	bool gap = false;
	int r = 0, longest = 0;
	json_t *value;
	const char *key;

	json_object_foreach(object, key, value)
		if (!json_is_array(value) && (int)strlen(key) > longest)
			longest = (int)strlen(key);
	json_object_foreach(object, key, value) {
		if (r < 0)
			break;
		if (json_is_array(value) &&
		    (!json_array_size(value) || json_is_object(json_array_get(value, 0)))) {
			if (!json_array_size(value))
				continue;
			print_title(file, NULL, key, color, &gap);
			r = print_rows(value, file, width, color);
		} else {
			print_field(file, object, key, longest, color);
			gap = true;
		}
	}
	return r;
}

int output_write(struct output *output, FILE *file, enum output_format format, unsigned width,
		 bool color)
{
	int r = 0;

	assert(output->depth == 0);
	errno = 0;
	if (!output->root)
		return 0;
	if (format == OUTPUT_JSON) {
		r = json_dumpf(output->root, file,
			       JSON_INDENT(2) | JSON_ENCODE_ANY | JSON_REAL_PRECISION(6));
		fputc('\n', file);
	} else if (json_is_array(output->root)) {
		r = print_rows(output->root, file, width, color);
	} else {
		r = print_object(output->root, file, width, color);
	}
	if (fflush(file) != 0 || ferror(file) || r != 0)
		return errno ? -errno : -EIO;
	return 0;
}

int output_write_line(struct output *output, FILE *file)
{
	/* Not by json_dumpf(), which asks the file for each character. */
	auto_free char *line = json_dumps(output->root, JSON_COMPACT | JSON_ENCODE_ANY);

	assert(output->depth == 0);
	return line && fputs(line, file) >= 0 ? 0 : -EIO;
}
