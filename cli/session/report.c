/* SPDX-License-Identifier: GPL-3.0-only */
#include "cli/session/report.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/cleanup.h"
#include "core/base/hash.h"
#include "core/base/memory.h"
#include "core/base/text.h"

struct result {
	size_t suite;
	unsigned line;
	bool passed;
	double seconds;
	char *text, *name; /* as it was written; and so that no other has it */
	char *file;
	char *reason; /* "" when there is nothing to say */
	char *note;   /* may be NULL */
};

struct suite {
	char *file;
	char *title;    /* of a group of its lines, or NULL */
	char *name;     /* that, or the file, so that no other has it */
	bool announced; /* the title was printed */
	char *stopped;  /* why it did not come to its end, or NULL */
};

/* How many expectations of the file at hand have that text. */
struct same {
	UT_hash_handle hh;
	unsigned n;
	char text[];
};

struct report {
	FILE *file;
	struct report_options options;
	struct suite *suite;
	size_t n_suite;
	size_t at; /* the suite at hand */
	struct same *same;
	struct result *result;
	size_t n_result;
	size_t failed, stopped;
};

struct report *report_new(FILE *file, const struct report_options *options)
{
	struct report *report = xnew(struct report);

	report->file = file;
	report->options = *options;
	if (options->style == REPORT_TAP)
		fputs("TAP version 13\n", file);
	return report;
}

static void forget_names(struct report *report)
{
	struct same *same, *next;

	HASH_ITER(hh, report->same, same, next)
	{
		HASH_DEL(report->same, same);
		free(same);
	}
}

void report_free(struct report *report)
{
	if (!report)
		return;
	for (size_t i = 0; i < report->n_suite; i++) {
		free(report->suite[i].file);
		free(report->suite[i].title);
		free(report->suite[i].name);
		free(report->suite[i].stopped);
	}
	for (size_t i = 0; i < report->n_result; i++) {
		free(report->result[i].text);
		free(report->result[i].name);
		free(report->result[i].file);
		free(report->result[i].reason);
		free(report->result[i].note);
	}
	forget_names(report);
	free(report->suite);
	free(report->result);
	free(report);
}

/* The second of two that are the same in a file gets a number. */
static char *unique_name(struct report *report, const char *text)
{
	struct same *same;
	size_t length = strlen(text);

	HASH_FIND(hh, report->same, text, length, same);
	if (!same) {
		same = xalloc(sizeof(*same) + length + 1);
		memcpy(same->text, text, length + 1);
		HASH_ADD_KEYPTR(hh, report->same, same->text, length, same);
	}
	return ++same->n == 1 ? xstrdup(text) : xprintf("%s (%u)", text, same->n);
}

void report_suite(struct report *report, const char *file)
{
	forget_names(report);
	report->at = report->n_suite;
	*ARRAY_PUSH(report->suite, report->n_suite) =
		(struct suite){ .file = xstrdup(file), .name = xstrdup(file) };
}

void report_title(struct report *report, const char *title)
{
	const char *file = report->n_suite ? report->suite[report->at].file : "";

	report->at = report->n_suite;
	*ARRAY_PUSH(report->suite, report->n_suite) = (struct suite){
		.file = xstrdup(file), .title = xstrdup(title), .name = unique_name(report, title)
	};
}

size_t report_group(const struct report *report)
{
	return report->at + 1;
}

void report_resume(struct report *report, size_t group)
{
	report->at = group - 1;
}

void report_heading(struct report *report, size_t group)
{
	struct suite *suite = group <= report->n_suite ? &report->suite[group - 1] : NULL;
	auto_text text = { 0 };

	if (!suite || !suite->title || suite->announced || report->options.style == REPORT_SILENT)
		return;
	suite->announced = true;
	text_add_escaped(&text, suite->title, strlen(suite->title));
	if (report->options.color && report->options.style == REPORT_TEXT)
		fprintf(report->file, "\033[1m# %s\033[0m\n", text_get(&text));
	else
		fprintf(report->file, "# %s\n", text_get(&text));
	fflush(report->file);
}

static void add_seconds(struct text *text, double seconds)
{
	if (seconds < 0.0995)
		text_addf(text, "%.*f ms", seconds < 0.00095 ? 1 : 0, seconds * 1000);
	else
		text_addf(text, "%.2f s", seconds);
}

/* Each line of the reason, behind that beginning. */
static void add_reason(struct text *text, const struct result *result, const char *beginning)
{
	const char *line = result->reason;

	for (bool first = true; *line; first = false) {
		size_t length = strcspn(line, "\n");

		text_add(text, beginning);
		if (first && *result->file) {
			text_add_escaped(text, result->file, strlen(result->file));
			text_addf(text, ":%u: ", result->line);
		}
		text_add_escaped(text, line, length);
		text_add_char(text, '\n');
		line += length + (line[length] == '\n');
	}
}

static void print_text(const struct report *report, const struct result *result)
{
	auto_text text = { 0 };
	bool color = report->options.color;

	text_addf(&text, "%s%-4s%s %zu  ",
		  !color           ? ""
		  : result->passed ? "\033[32m"
				   : "\033[1;31m",
		  result->passed ? "ok" : "FAIL", color ? "\033[0m" : "", report->n_result);
	text_add_escaped(&text, result->text, strlen(result->text));
	if (result->seconds > 0) { /* a refusal takes none */
		text_addf(&text, "   %s(", color ? "\033[2m" : "");
		/* How long it took to get no answer says nothing. */
		if (result->note)
			text_add(&text, result->note);
		else
			add_seconds(&text, result->seconds);
		text_addf(&text, ")%s", color ? "\033[0m" : "");
	}
	text_add_char(&text, '\n');
	if (!result->passed)
		add_reason(&text, result, "        ");
	fputs(text_get(&text), report->file);
}

static size_t n_tap_points(const struct report *report)
{
	return report->n_result + report->stopped;
}

static void add_tap_point(struct text *text, const struct report *report, bool passed,
			  const char *what)
{
	auto_text words = { 0 };

	text_addf(text, "%s %zu - ", passed ? "ok" : "not ok", n_tap_points(report));
	text_add_escaped(&words, what, strlen(what));
	for (const char *p = text_get(&words); *p; p++) { /* a # would begin a directive */
		if (*p == '#')
			text_add_char(text, '\\');
		text_add_char(text, *p);
	}
	text_add_char(text, '\n');
}

static void print_tap(const struct report *report, const struct result *result)
{
	auto_text text = { 0 };

	add_tap_point(&text, report, result->passed, result->name);
	if (!result->passed)
		add_reason(&text, result, "# ");
	fputs(text_get(&text), report->file);
}

static void add_remark(struct remarks *remarks, const struct result *result)
{
	auto_free char *message =
		xprintf("%s%s%s", result->text, *result->reason ? "\n" : "", result->reason);
	struct remark remark = {
		.file = *result->file ? result->file : NULL,
		.line = result->line,
		.code = "EXPECTATION_FAILED",
		.message = message,
		.hint = "",
	};

	remarks_add(remarks, &remark);
}

void report_expectation(struct report *report, const struct expectation *expectation)
{
	struct result *result = ARRAY_PUSH(report->result, report->n_result);

	*result = (struct result){
		.suite = expectation->group ? expectation->group - 1 : report->at,
		.line = expectation->line,
		.passed = expectation->passed,
		.seconds = expectation->seconds,
		.text = xstrdup(expectation->text),
		.name = unique_name(report, expectation->text),
		.file = xstrdup(expectation->file),
		.reason = xstrdup(expectation->reason ? expectation->reason : ""),
		.note = expectation->note ? xstrdup(expectation->note) : NULL,
	};
	report->failed += !expectation->passed;
	if (report->options.style == REPORT_TAP || !(result->passed && report->options.quiet))
		report_heading(report, result->suite + 1);
	if (report->options.style == REPORT_TAP)
		print_tap(report, result);
	else if (report->options.style == REPORT_TEXT && !(result->passed && report->options.quiet))
		print_text(report, result);
	fflush(report->file);
	if (!result->passed && report->options.remarks)
		add_remark(report->options.remarks, result);
}

/* Other files may follow, so it is a point that failed: "Bail out!" would end the whole report. */
static void print_tap_stopped(const struct report *report, const struct suite *suite)
{
	auto_text text = { 0 }, what = { 0 };

	text_addf(&what, "%s runs to its end", suite->file);
	add_tap_point(&text, report, false, text_get(&what));
	text_add(&text, "# ");
	text_add_escaped(&text, suite->stopped, strlen(suite->stopped));
	text_add_char(&text, '\n');
	fputs(text_get(&text), report->file);
	fflush(report->file);
}

void report_stopped(struct report *report, const char *why)
{
	struct suite *suite = &report->suite[report->at];

	suite->stopped = xstrdup(why);
	report->stopped++;
	if (report->options.style == REPORT_TAP)
		print_tap_stopped(report, suite);
}

size_t report_passed(const struct report *report)
{
	return report->n_result - report->failed;
}

size_t report_failed(const struct report *report)
{
	return report->failed;
}

static void print_summary(const struct report *report)
{
	bool color = report->options.color, bad = report->failed || report->stopped;
	const char *before = ": ";
	auto_text text = { 0 };

	text_addf(&text, "%s%zu passed, %zu failed",
		  !color ? ""
		  : bad  ? "\033[1;31m"
			 : "\033[1;32m",
		  report_passed(report), report->failed);
	if (report->stopped)
		text_addf(&text, ", %zu stopped", report->stopped);
	for (size_t i = 0; i < report->n_suite; i++) {
		const struct suite *suite = &report->suite[i];

		if (!suite->stopped)
			continue;
		text_add(&text, before);
		text_add_escaped(&text, suite->file, strlen(suite->file));
		before = ", ";
	}
	text_addf(&text, "%s\n", color ? "\033[0m" : "");
	fputs(text_get(&text), report->file);
}

void report_summary(struct report *report)
{
	if (report->options.style == REPORT_TAP)
		fprintf(report->file, "1..%zu\n", n_tap_points(report));
	else if (report->options.style == REPORT_TEXT)
		print_summary(report);
	fflush(report->file);
}

static const char *title_of(const struct report *report, const struct result *result)
{
	return result->suite < report->n_suite ? report->suite[result->suite].title : NULL;
}

void report_output(const struct report *report, struct output *output)
{
	output_begin_object(output, NULL);
	output_number(output, "passed", (int64_t)report_passed(report));
	output_number(output, "failed", (int64_t)report->failed);
	output_bool(output, "stopped", report->stopped > 0);
	output_begin_array(output, "results");
	for (size_t i = 0; i < report->n_result; i++) {
		const struct result *result = &report->result[i];

		output_begin_object(output, NULL);
		output_string(output, "file", result->file);
		output_number(output, "line", result->line);
		output_string(output, "title", title_of(report, result));
		output_string(output, "expectation", result->text);
		output_bool(output, "passed", result->passed);
		output_string(output, "reason", *result->reason ? result->reason : NULL);
		output_real(output, "seconds", result->seconds);
		output_end(output);
	}
	output_end(output);
	output_end(output);
}

static void add_xml(struct text *text, const char *s)
{
	auto_text escaped = { 0 };
	size_t length;

	for (; *s; s += length +
			(s[length] ==
			 '\n')) { /* line ends are good in XML, other control characters are not */
		length = strcspn(s, "\n");
		text_add_escaped(&escaped, s, length);
		if (s[length] == '\n')
			text_add_char(&escaped, '\n');
	}
	for (const char *p = text_get(&escaped); *p; p++) {
		switch (*p) {
		case '&':
			text_add(text, "&amp;");
			break;
		case '<':
			text_add(text, "&lt;");
			break;
		case '>':
			text_add(text, "&gt;");
			break;
		case '"':
			text_add(text, "&quot;");
			break;
		case '\n':
			text_add(text, "&#10;");
			break;
		default:
			text_add_char(text, *p);
		}
	}
}

static void add_attribute(struct text *text, const char *name, const char *value)
{
	text_addf(text, " %s=\"", name);
	add_xml(text, value);
	text_add_char(text, '"');
}

static void add_testcase(struct text *text, const struct result *result, const char *suite)
{
	text_add(text, "    <testcase");
	add_attribute(text, "name", result->name);
	add_attribute(text, "classname", suite);
	add_attribute(text, "file", result->file);
	text_addf(text, " line=\"%u\" time=\"%.3f\"", result->line, result->seconds);
	if (result->passed) {
		text_add(text, "/>\n");
		return;
	}
	text_add(text, ">\n      <failure");
	add_attribute(text, "message", result->reason);
	text_add(text, "/>\n    </testcase>\n");
}

static void add_testsuite(struct text *text, const struct report *report, size_t i)
{
	const struct suite *suite = &report->suite[i];
	size_t tests = 0, failures = 0;
	double seconds = 0;

	for (size_t k = 0; k < report->n_result; k++) {
		const struct result *result = &report->result[k];

		if (result->suite != i)
			continue;
		tests++;
		failures += !result->passed;
		seconds += result->seconds;
	}
	if (!tests && !suite->stopped &&
	    (suite->title || (i + 1 < report->n_suite && report->suite[i + 1].title)))
		return; /* what there is to tell of the file is told by its groups */
	text_add(text, "  <testsuite");
	add_attribute(text, "name", suite->name);
	if (suite->title)
		add_attribute(text, "file", suite->file);
	text_addf(text, " tests=\"%zu\" failures=\"%zu\" errors=\"%d\" time=\"%.3f\">\n",
		  tests + (suite->stopped != NULL), failures, suite->stopped != NULL, seconds);
	for (size_t k = 0; k < report->n_result; k++)
		if (report->result[k].suite == i)
			add_testcase(text, &report->result[k], suite->file);
	if (suite->stopped) {
		text_add(text, "    <testcase name=\"the file runs to its end\"");
		add_attribute(text, "classname", suite->file);
		text_add(text, ">\n      <error");
		add_attribute(text, "message", suite->stopped);
		text_add(text, "/>\n    </testcase>\n");
	}
	text_add(text, "  </testsuite>\n");
}

int report_write_junit(const struct report *report, FILE *file, struct error *err)
{
	auto_text text = { 0 };

	text_add(&text, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n");
	text_addf(&text,
		  "<testsuites name=\"vpclab\" tests=\"%zu\" failures=\"%zu\" errors=\"%zu\">\n",
		  report->n_result + report->stopped, report->failed, report->stopped);
	for (size_t i = 0; i < report->n_suite; i++)
		add_testsuite(&text, report, i);
	text_add(&text, "</testsuites>\n");
	if (fputs(text_get(&text), file) == EOF || fflush(file) != 0)
		return error_set(err, -errno, "cannot write the JUnit report: %s", strerror(errno));
	return 0;
}
