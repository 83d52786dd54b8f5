/* SPDX-License-Identifier: GPL-3.0-only */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

#include "cli/view/output.h"
#include "cli/view/remarks.h"
#include "core/base/error.h"

/*
 * What was expected and what came of it. A line per expectation goes out as it is decided, a
 * summary comes last:
 *
 *     ok   4  expect reachable ECS1 -> EIP2 tcp 80 seen-as EIP1   (2 ms)
 *     FAIL 5  expect blocked client -> ECS2   (1 ms)
 *             nat.lab:31: it was reached
 *     4 passed, 1 failed, 1 stopped: other.lab
 *
 * The title of a group of lines stands above them. Names of tests in TAP and JUnit are unique in
 * a file: the second of two the same ends in " (2)".
 */
enum report_style {
	REPORT_TEXT,
	REPORT_TAP,    /* TAP 13: the plan at the end */
	REPORT_SILENT, /* only kept: the results go out as JSON at the end */
};

struct report_options {
	enum report_style style;
	bool color;
	bool quiet;              /* only failures and the summary */
	struct remarks *remarks; /* where failures are told, too, or NULL */
};

struct expectation {
	const char *text; /* the line as it was written */
	const char *file; /* "" where there is none to name */
	unsigned line;
	bool passed;
	const char *reason; /* why it failed; may have several lines; NULL */
	const char *note;   /* a word behind the time ("refused"), or NULL */
	double seconds;
	size_t group; /* whose it is: report_group(); 0: that at hand */
};

struct report;
struct report *report_new(FILE *file, const struct report_options *options);
void report_free(struct report *report);

/* What follows belongs to this file (a JUnit suite each). */
void report_suite(struct report *report, const char *file);
/* What follows belongs to the group of that title in the same file (a JUnit suite each). */
void report_title(struct report *report, const char *title);
/* The group at hand, to come back to it: what includes another file goes on as before. */
size_t report_group(const struct report *report);
void report_resume(struct report *report, size_t group);
/* Print the title of a group, unless it was, before what is printed of it. */
void report_heading(struct report *report, size_t group);
void report_expectation(struct report *report, const struct expectation *expectation);
/*
 * The suite at hand could not be run to its end, said once: the summary names its file, TAP has a
 * point "FILE runs to its end" that failed, JUnit an error.
 */
void report_stopped(struct report *report, const char *why);
void report_summary(struct report *report);

size_t report_passed(const struct report *report);
size_t report_failed(const struct report *report);

/* {"passed", "failed", "stopped", "results": [{"file", "line", "title", "expectation", "passed",
 * "reason", "seconds"}]} */
void report_output(const struct report *report, struct output *output);
/* JUnit XML, as CI systems read it. */
int report_write_junit(const struct report *report, FILE *file, struct error *err);
