/* SPDX-License-Identifier: GPL-3.0-only */
#pragma once

#include <stdio.h>

#include "cli/view/output.h"

/*
 * What is to be said about places of files: mistakes, checks that failed, what lint finds. They
 * gather over a whole call, and go out in one of the forms that CI systems read.
 */
enum severity { SEVERITY_ERROR, SEVERITY_WARNING, SEVERITY_NOTE };

struct remark {
	const char *file;     /* NULL: it is about none, or about one that has no name */
	const char *address;  /* Terraform's, of what it is about, where the file has no lines of
				 ours; or NULL */
	unsigned line;        /* from 1; 0: about the whole file */
	unsigned column, end; /* in characters, from 1; end is behind the last one; 0: not known */
	const char *code;     /* of the cloud or of ours; "": none */
	enum severity severity;
	const char *message;
	const char *hint; /* "": none */
};

/* The order is that of the words. Text has been said as it came up, and is not written again. */
enum remarks_format { REMARKS_TEXT, REMARKS_JSON, REMARKS_GITHUB, REMARKS_SARIF };
#define REMARKS_FORMATS "text|json|github|sarif"

struct remarks;
struct remarks *remarks_new(void);
void remarks_free(struct remarks *remarks);
void remarks_add(struct remarks *remarks, const struct remark *remark); /* copies it */

/* Put "code", "file", "line", "column", "message" and "hint" into the open object, null for what
 * there is none of, and "address" where there is one. */
void remark_output(struct output *output, const struct remark *remark);

/*
 * JSON: an array of objects of those, with "end" and "severity" besides. GitHub: workflow commands,
 * which become annotations; ten at most, for it shows no more of a step, the worst first, and the
 * tenth counts the rest. SARIF 2.1.0: all of them. Paths in the last two are relative to
 * $GITHUB_WORKSPACE, else to the working directory. Returns 0 or a negative errno.
 */
int remarks_write(const struct remarks *remarks, FILE *file, enum remarks_format format);
