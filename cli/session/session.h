/* SPDX-License-Identifier: GPL-3.0-only */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

#include "cli/session/diagnostic.h"
#include "cli/session/script.h"
#include "cli/view/output.h"
#include "core/base/memory.h"
#include "core/base/text.h"
#include "lab/language/command.h"
#include "lab/language/tokenizer.h"
#include "lab/live/lab.h"
#include "lab/probe/probe.h"

/* Exit statuses, the same for every subcommand. */
enum {
	EXIT_OK = 0,
	EXIT_EXPECTATION = 1,
	EXIT_INPUT = 2,
	EXIT_MACHINE = 3,
	EXIT_INTERRUPTED = 130
};

/* The expectations that wait to be probed side by side. */
struct expected {
	struct waiting *waiting; /* expect.c */
	size_t n_waiting;
	struct arena arena; /* of their texts */
};
void expected_free(struct expected *expected);

/*
 * One run of the language over one lab: where the lines come from (a file, the prompt, -c), how
 * answers go out, what was expected and what came of it.
 *
 * Changes gather: a change is checked against the model and recorded at once, and goes to the
 * kernel with the next statement that needs it, or at the end of the file. At the prompt each
 * change is a batch of its own.
 *
 * A refused statement ends the script it stands in (and those that include it), but for the prompt,
 * which goes on with the next line, and validate, which reads on to find every mistake. A failed
 * expectation and a node's command that fails end nothing.
 */
struct session {
	struct lab *lab;
	const struct language *language;
	FILE *out; /* answers; not stdout where that belongs to a report (--tap) */
	enum output_format format;
	bool color_out, color_err; /* of out, stderr */
	bool quiet, verbose;
	bool interactive; /* the prompt: an error does not end it, each change is applied at once */
	bool validate_only; /* nothing is run: rules and references only */
	bool reads_ahead;   /* and what is expected is judged when it is run */
	bool steps;         /* run: commands are shown as they are executed */
	struct variables *variables;
	struct report *report; /* expectations: passed, failed, TAP, JUnit */
	struct jobs *jobs;     /* background commands */
	unsigned job;          /* which of them this is, in a child of ours; 0: none, in front */
	bool is_piped;         /* what is printed goes to a program, which may have enough */
	bool is_led;        /* a tutorial is going on, which understands hint, skip, step, steps */
	const char *asked;  /* the last of those, for the tutor to answer; NULL: none */
	int last_status;    /* of the last statement */
	unsigned n_program; /* programs in nodes that ended with 0 */
	bool check_failed;  /* an expectation, a probe, verify, ...: stays so, whatever comes after
			       it */
	bool exit_asked;
	int node_stdin; /* of commands in nodes; -1: our own */

	struct made_places *places; /* where everything was made; NULL: nobody asks */

	/* What is at hand. */
	const struct script *script;
	const struct line *line;
	const char *line_text; /* as it was written, or one of those that its braces make of it */
	const char *written;   /* with its braces; NULL for all but the first of those */
	const struct token
		*fault; /* set by a command that fails: the word, where err->argument cannot tell */
	double within;  /* expect within SECONDS; 0: the default */
	struct attempt *attempt;  /* expect eventually: what comes of a try; NULL: it counts */
	bool machine_fault;       /* the error at hand is not the input's */
	const struct error *lost; /* why the lab cannot be read any more, or NULL */
	/* What became of it. */
	unsigned n_mistake;      /* diagnostics given */
	struct remarks *remarks; /* the same for CI systems, and failed checks; NULL: nobody asks */
	unsigned n_included;     /* files */
	size_t included_bytes;   /* of them */
	int stopped;             /* the exit status with which the script ended early, or 0 */
	char *stopped_why;       /* in one line */
	/* private */
	struct suppress *suppress; /* validate: what could not be made, or set */
	struct repeats repeats;    /* of the mistakes of this file */
	bool in_doubt;             /* a $NAME of the line at hand is one of those */
	bool told;                 /* a mistake of the line at hand */
	struct expected expected;  /* expectations that wait for others to be probed with */
	bool removes;              /* a change since the last commit takes something away */
};

/* For that lab, which stays the caller's, in that language. Answers go to stdout as tables, until
 * the caller says otherwise. */
struct session *session_new(struct lab *lab, const struct language *language);
void session_free(struct session *session);

/* Add what $NAME stands for in a session (arg): a token_expand_fn. */
int session_expand(void *arg, const char *name, struct text *text, struct error *err);

/* Return what a caller that passes statuses on exits with: stopped, else 1 for a failed check, else
 * the last command's own. */
int session_exit_status(const struct session *session);

/* For the commands' run(). */

/* Take the changes that have gathered to the kernel. */
int session_commit(struct session *session, struct error *err);
/* The same, and see to it that there is a sandbox even where nothing was changed yet. */
int session_build(struct session *session, struct error *err);
/* Do so for a command that is to run in the node, if there is one of that name. 0: it is not to
 * run, for the lines are only validated, and this one is noted. 1: it can. */
int session_enter(struct session *session, const char *node, char *const *argv, struct error *err);
/* Mark the error at hand as the machine's: exit status 3. Returns r. */
int session_machine(struct session *session, int r);
/* Check that it is a node of the lab; else -ENOENT with the nearest one, at the argument of that
 * key. */
int session_check_node(const struct session *session, const char *name, const char *key,
		       struct error *err);
/* An answer: data where answers are JSON, else text for people, with a pager at the prompt. Fill
 * the one that is asked for; session_tell() writes it and frees it. */
struct reply {
	struct output *output; /* NULL: it is the text */
	struct text text;
	unsigned width; /* of the terminal, 0: none */
	bool color;
};
struct reply session_reply(const struct session *session);
int session_tell(struct session *session, struct reply *reply, struct error *err);
/* Write an answer and free it. */
int session_write(struct session *session, struct output *output, struct error *err);
/* Say one line on stderr, escaped, behind the file and line at hand. */
void session_say(const struct session *session, const char *format, ...)
	__attribute__((format(printf, 2, 3)));
