/* SPDX-License-Identifier: GPL-3.0-only */
#include "cli/view/remarks.h"

#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli/view/output.h"
#include "core/base/cleanup.h"
#include "core/base/memory.h"
#include "core/base/text.h"

#ifndef VERSION /* the Makefile says it */
#define VERSION "0"
#endif

#define ANNOTATIONS_MAX 10 /* of each kind, as many as GitHub shows of a step */

struct remarks {
	struct remark *remark;
	size_t n_remark;
	struct arena arena; /* of their texts */
};

struct remarks *remarks_new(void)
{
	return xnew(struct remarks);
}

void remarks_free(struct remarks *remarks)
{
	if (!remarks)
		return;
	arena_free(&remarks->arena);
	free(remarks->remark);
	free(remarks);
}

void remarks_add(struct remarks *remarks, const struct remark *remark)
{
	struct remark *copy = ARRAY_PUSH(remarks->remark, remarks->n_remark);

	*copy = *remark;
	copy->file = remark->file ? arena_strdup(&remarks->arena, remark->file) : NULL;
	copy->address = remark->address ? arena_strdup(&remarks->arena, remark->address) : NULL;
	copy->code = arena_strdup(&remarks->arena, remark->code);
	copy->message = arena_strdup(&remarks->arena, remark->message);
	copy->hint = arena_strdup(&remarks->arena, remark->hint);
}

/* What is to be said of it; the caller frees. */
static char *full_message(const struct remark *remark)
{
	return xprintf("%s%s%s%s%s", remark->address ? remark->address : "",
		       remark->address ? ": " : "", remark->message,
		       *remark->hint ? "\nhint: " : "", remark->hint);
}

/* The path as the repository has it, an absolute one where the file is elsewhere; NULL: it is no
 * file (<stdin>). The caller frees. */
static char *repository_path(const char *file)
{
	const char *workspace = getenv("GITHUB_WORKSPACE");
	auto_free char *root = realpath(workspace && *workspace ? workspace : ".", NULL);
	auto_free char *path = file ? realpath(file, NULL) : NULL;
	size_t length = root ? strlen(root) : 0;

	if (path && length && strncmp(path, root, length) == 0 && path[length] == '/')
		return xstrdup(path + length + 1);
	return take_ptr(path);
}

/* ---- JSON ---- */

static const char *const severity_words[] = { "error", "warning", "note" };

static void put_text(struct output *output, const char *key, const char *value)
{
	output_string(output, key, value && *value ? value : NULL);
}

void remark_output(struct output *output, const struct remark *remark)
{
	put_text(output, "code", remark->code);
	put_text(output, "file", remark->file);
	if (remark->address)
		put_text(output, "address", remark->address);
	output_number_if(output, "line", remark->line, remark->line);
	output_number_if(output, "column", remark->column, remark->column);
	put_text(output, "message", remark->message);
	put_text(output, "hint", remark->hint);
}

static void put_json(struct output *output, const struct remarks *remarks)
{
	output_begin_array(output, NULL);
	for (size_t i = 0; i < remarks->n_remark; i++) {
		output_begin_object(output, NULL);
		remark_output(output, &remarks->remark[i]);
		output_number_if(output, "end", remarks->remark[i].end, remarks->remark[i].end);
		put_text(output, "severity", severity_words[remarks->remark[i].severity]);
		output_end(output);
	}
	output_end(output);
}

/* ---- GitHub ---- */

/* A message, or a property, which ends at two characters more. Line ends stay. */
static void add_command_text(struct text *text, const char *s, const char *ends)
{
	auto_text escaped = { 0 };

	for (size_t length; *s; s += length + (s[length] == '\n')) {
		length = strcspn(s, "\n");
		text_add_escaped(&escaped, s, length);
		text_add(&escaped, s[length] ? "\n" : "");
	}
	for (const char *p = text_get(&escaped); *p; p++)
		if (*p == '%' || *p == '\n' || strchr(ends, *p))
			text_addf(text, "%%%02X", (unsigned)*p);
		else
			text_add_char(text, *p);
}

static void add_annotation(struct text *text, const struct remark *remark, size_t n_more)
{
	static const char *const commands[] = { "error", "warning", "notice" };
	auto_free char *message = full_message(remark);
	auto_free char *path = repository_path(remark->file);
	const char *before = " ";

	text_addf(text, "::%s", commands[remark->severity]);
	if (path) {
		text_addf(text, "%sfile=", before);
		add_command_text(text, path, ":,");
		if (remark->line)
			text_addf(text, ",line=%u", remark->line);
		if (remark->column)
			text_addf(text, ",col=%u", remark->column);
		if (remark->end)
			text_addf(text, ",endColumn=%u", remark->end);
		before = ",";
	}
	if (*remark->code) {
		text_addf(text, "%stitle=", before);
		add_command_text(text, remark->code, ":,");
	}
	text_add(text, "::");
	add_command_text(text, message, "");
	if (n_more)
		text_addf(text, "%%0Aand %zu more", n_more);
	text_add_char(text, '\n');
}

static void add_annotations(struct text *text, const struct remarks *remarks)
{
	size_t n = 0;

	for (int severity = SEVERITY_ERROR; severity <= SEVERITY_NOTE; severity++)
		for (size_t i = 0; i < remarks->n_remark && n < ANNOTATIONS_MAX; i++)
			if ((int)remarks->remark[i].severity == severity)
				add_annotation(text, &remarks->remark[i],
					       ++n == ANNOTATIONS_MAX
						       ? remarks->n_remark - ANNOTATIONS_MAX
						       : 0);
}

/* ---- SARIF ---- */

static void put_uri(struct output *output, const char *path)
{
	auto_text uri = { 0 };

	if (*path == '/')
		text_add(&uri, "file://");
	for (; *path; path++)
		if (strchr("/-._~", *path) || (*path >= '0' && *path <= '9') ||
		    (*path >= 'a' && *path <= 'z') || (*path >= 'A' && *path <= 'Z'))
			text_add_char(&uri, *path);
		else
			text_addf(&uri, "%%%02X", (unsigned char)*path);
	output_string(output, "uri", text_get(&uri));
}

static void put_location(struct output *output, const struct remark *remark)
{
	auto_free char *path = repository_path(remark->file);

	if (!path)
		return;
	output_begin_array(output, "locations");
	output_begin_object(output, NULL);
	output_begin_object(output, "physicalLocation");
	output_begin_object(output, "artifactLocation");
	put_uri(output, path);
	if (*path != '/')
		output_string(output, "uriBaseId", "%SRCROOT%");
	output_end(output);
	if (remark->line) {
		output_begin_object(output, "region");
		output_number(output, "startLine", remark->line);
		if (remark->column)
			output_number(output, "startColumn", remark->column);
		if (remark->end)
			output_number(output, "endColumn", remark->end);
		output_end(output);
	}
	output_end(output);
	output_end(output);
	output_end(output);
}

static const char *rule_id(const struct remark *remark)
{
	return *remark->code ? remark->code : "mistake";
}

static void put_message(struct output *output, const char *key, const char *message)
{
	output_begin_object(output, key);
	output_string(output, "text", message);
	output_end(output);
}

static int by_rule(const void *a, const void *b)
{
	return strcmp(rule_id(*(const struct remark *const *)a),
		      rule_id(*(const struct remark *const *)b));
}

/* Each code once; its index in the list is what a result refers to it by. */
static void put_rules(struct output *output, const struct remarks *remarks, size_t *ret_index)
{
	auto_free const struct remark **sorted = xalloc((remarks->n_remark + 1) * sizeof(*sorted));
	size_t n = 0;

	for (size_t i = 0; i < remarks->n_remark; i++)
		sorted[i] = &remarks->remark[i];
	qsort(sorted, remarks->n_remark, sizeof(*sorted), by_rule);
	output_begin_array(output, "rules");
	for (size_t i = 0; i < remarks->n_remark; i++) {
		if (i == 0 || by_rule(&sorted[i - 1], &sorted[i]) != 0) {
			output_begin_object(output, NULL);
			output_string(output, "id", rule_id(sorted[i]));
			output_end(output);
			n++;
		}
		ret_index[sorted[i] - remarks->remark] = n - 1;
	}
	output_end(output);
}

static void put_sarif(struct output *output, const struct remarks *remarks)
{
	auto_free size_t *rule = xalloc((remarks->n_remark + 1) * sizeof(*rule));

	output_begin_object(output, NULL);
	output_string(output, "$schema", "https://json.schemastore.org/sarif-2.1.0.json");
	output_string(output, "version", "2.1.0");
	output_begin_array(output, "runs");
	output_begin_object(output, NULL);
	output_begin_object(output, "tool");
	output_begin_object(output, "driver");
	output_string(output, "name", "vpclab");
	output_string(output, "semanticVersion", VERSION);
	put_rules(output, remarks, rule);
	output_end(output);
	output_end(output);
	output_string(output, "columnKind", "unicodeCodePoints");
	output_begin_array(output, "results");
	for (size_t i = 0; i < remarks->n_remark; i++) {
		const struct remark *remark = &remarks->remark[i];
		auto_free char *message = full_message(remark);

		output_begin_object(output, NULL);
		output_string(output, "ruleId", rule_id(remark));
		output_number(output, "ruleIndex", (int64_t)rule[i]);
		output_string(output, "level", severity_words[remark->severity]);
		put_message(output, "message", message);
		put_location(output, remark);
		output_end(output);
	}
	output_end(output);
	output_end(output);
	output_end(output);
	output_end(output);
}

int remarks_write(const struct remarks *remarks, FILE *file, enum remarks_format format)
{
	struct output *output;
	int r;

	if (format == REMARKS_TEXT)
		return 0;
	if (format == REMARKS_GITHUB) {
		auto_text text = { 0 };

		add_annotations(&text, remarks);
		fputs(text_get(&text), file);
		return fflush(file) == 0 && !ferror(file) ? 0 : -EIO;
	}
	output = output_new();
	(format == REMARKS_JSON ? put_json : put_sarif)(output, remarks);
	r = output_write(output, file, OUTPUT_JSON, 0, false);
	output_free(output);
	return r;
}
