/* SPDX-License-Identifier: GPL-3.0-only */
#pragma once

#include "cli/main/options.h"
#include "cli/session/session.h"
#include "core/base/error.h"

#ifndef VERSION /* the Makefile says it */
#define VERSION "0"
#endif

/* The subcommands, and what they share. Each returns the exit status. */
int program_prompt(const struct options *options); /* none: the prompt, -c, standard input */
int program_shell(const struct options *options);
int program_run(const struct options *options);
int program_validate(const struct options *options);
int program_explain(const struct options *options);
int program_plan(const struct options *options);
int program_import(const struct options *options);
int program_diff(const struct options *options);
int program_export(const struct options *options);
int program_lint(const struct options *options);
int program_graph(const struct options *options);
int program_up(const struct options *options);
int program_down(const struct options *options);
int program_ls(const struct options *options);
int program_exec(const struct options *options);
int program_capture(const struct options *options);
int program_learn(const struct options *options);
int program_doctor(const struct options *options);
int program_complete(const struct options *options);
int program_manual(const struct options *options);

/* Print it, behind "vpclab: ". Returns status. */
int program_error(const struct options *options, int status, const struct error *err);
/* What a function of lab or core says: a name or a limit that the user chose wrongly, or something
 * this machine cannot. */
int program_lab_error(const struct options *options, int r, const struct error *err);
/* Write JSON, or a table, and free it. EXIT_MACHINE where that fails; main says why. */
int program_write(const struct options *options, struct output *output);
bool program_color(const struct options *options, FILE *file);

/* A file that cannot be read: the input's fault, or this machine's. */
int program_file_error(const struct options *options, int r, const struct error *err);

/* A session with the options' settings and variables, on a lab of the caller's; and a report for
 * it. */
struct session *program_session(const struct options *options, struct lab *lab);
struct report *program_report(const struct options *options);
/* One that only validates, on an empty lab of its own: no kernel, no privilege. */
struct session *program_reader(const struct options *options);
void program_reader_free(struct session *reader);
/*
 * Read a file so, whose commands and expectations are no part of the lab. What is wrong with it has
 * been said, and *ret_status is what to exit with. NULL: it cannot be read at all.
 */
struct session *program_read(const struct options *options, const char *path, int *ret_status);
/* The same, and note where everything was made, for as long as it is read. */
struct made_places;
struct session *program_read_noting(const struct options *options, const char *path,
				    struct made_places *places, int *ret_status);
/* The lab alone; NULL: something is wrong with the file. */
struct lab *program_read_lab(const struct options *options, const char *path, int *ret_status);
/* That of a running lab, or of a file. */
struct lab *program_find_lab(const struct options *options, const char *word, int *ret_status);
/* A named lab that was built: it stays from now on ("NAME is up", or what `how` says), or is
 * removed. Returns status, or another where that failed. */
int program_settle(const struct options *options, struct lab *lab, bool stays, const char *how,
		   int status);
/* Execute what is typed at the prompt, or comes on standard input where that is no terminal; the
 * tutor, unless NULL, looks after each line. Returns an exit status. */
struct tutor;
int program_converse(const struct options *options, struct session *session, struct tutor *tutor);
