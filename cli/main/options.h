/* SPDX-License-Identifier: GPL-3.0-only */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "cli/view/diff.h"
#include "cli/view/output.h"
#include "cli/view/remarks.h"
#include "core/base/error.h"
#include "core/base/text.h"

/* The program's call: options and words, read by one table that also makes --help, the manual and
 * completion. */

enum option_bit {
	OPTION_OUTPUT = 1 << 0,
	OPTION_JSON = 1 << 1,
	OPTION_QUIET = 1 << 2,
	OPTION_VERBOSE = 1 << 3,
	OPTION_COLOR = 1 << 4,
	OPTION_HELP = 1 << 5,
	OPTION_VERSION = 1 << 6,
	OPTION_LAB = 1 << 7,
	OPTION_COMMAND = 1 << 8,
	OPTION_SET = 1 << 9,
	OPTION_TAP = 1 << 10,
	OPTION_JUNIT = 1 << 11,
	OPTION_KEEP = 1 << 12,
	OPTION_ALL = 1 << 13,
	OPTION_FORMAT = 1 << 14,
	OPTION_STRICT = 1 << 15,
	OPTION_WAIT = 1 << 16,
	OPTION_SHARE = 1 << 17,
	OPTION_DIFF = 1 << 19,    /* --format is that of a diff */
	OPTION_PICTURE = 1 << 18, /* --format is that of a picture */
};
#define OPTIONS_COMMON                                                                \
	(OPTION_OUTPUT | OPTION_JSON | OPTION_QUIET | OPTION_VERBOSE | OPTION_COLOR | \
	 OPTION_HELP | OPTION_VERSION)

enum color_mode { COLOR_AUTO, COLOR_ALWAYS, COLOR_NEVER };

struct options {
	enum output_format format;
	enum color_mode color;
	bool quiet, verbose, help, version, tap, keep, all, strict;
	const char *lab; /* -n */
	const char *junit;
	double wait;             /* seconds for other writers; 0: the default */
	const char *format_word; /* --format */
	unsigned format_choice;  /* which of the subcommand's that is */
	struct remarks *remarks; /* where --format asks for them, written when it has
				    ended; else NULL */
	const char **command;    /* -c, in order */
	size_t n_command;
	const char **set; /* --set, in order */
	size_t n_set;
	char **share; /* --share, NULL-terminated; NULL: none */
	size_t n_share;
	unsigned given; /* which ones */
	char **word;    /* what is no option; borrowed from argv, NULL-terminated */
	size_t n_word;
	const struct subcommand *subcommand; /* NULL: none was named, the prompt */
};

struct subcommand {
	const char *name;
	const char *arguments; /* "LAB FILE" */
	const char *summary;
	unsigned options;   /* beside the common ones */
	size_t least, most; /* words */
	size_t own_words; /* behind so many words nothing is our option any more (exec, complete) */
	bool hidden;
	int (*run)(const struct options *options);
};
extern const struct subcommand subcommands[]; /* main.c; name NULL ends */
extern const struct subcommand no_subcommand; /* what the program does without one */

struct option_row {
	const char *name; /* "output", without the dashes */
	char letter;      /* 0: none */
	enum option_bit bit;
	size_t field;         /* of struct options that it fills: a flag, a choice or a text */
	const char *argument; /* its metavariable; NULL: it takes none */
	const char *choices;  /* "table|json", for completion */
	const char *help;
};
extern const struct option_row option_rows[]; /* name NULL ends */
const struct option_row *option_find_letter(char letter);
const struct option_row *option_find_name(const char *name, size_t length);

const struct subcommand *subcommand_find(const char *name);
/* The options that go with it. */
unsigned subcommand_options(const struct subcommand *subcommand);
/* What its --format may be: "text|json". */
const char *subcommand_formats(const struct subcommand *subcommand);

/* Options may stand before and behind words; `--` ends them. -EINVAL with err. */
int options_parse(int argc, char **argv, struct options *ret_options, struct error *err);
/* Standard output belongs to the document that --format asks for. */
bool options_own_stdout(const struct options *options);
void options_free(struct options *options);

/* What --help prints; subcommand NULL: of the program. */
void options_help(struct text *text, const struct subcommand *subcommand);
/* "-o, --output table|json" */
void options_syntax(struct text *text, const struct option_row *row);
