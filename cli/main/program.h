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

/* Prints it, behind "vpclab: ". Returns status. */
int program_error(const struct options *options, int status, const struct error *err);
/* What a function of lab or core says: a name or a limit that the user chose wrongly, or something
 * this machine cannot. */
int program_lab_error(const struct options *options, int r, const struct error *err);
bool program_color(const struct options *options, FILE *file);

/* A session with the options' settings, variables and report. NULL with err: a --set is wrong. */
struct session *program_session(const struct options *options, struct lab *lab, struct error *err);
/*
 * The lab that a file describes, in the model alone: what the file runs and expects is no part of
 * it. No kernel, no privilege. NULL: what is wrong with the file has been said, exit with
 * EXIT_INPUT.
 */
struct lab *program_read_lab(const struct options *options, const char *path);
/* Execute what is typed at the prompt, or comes on standard input where that is no terminal; the
 * tutor, unless NULL, looks after each line. Returns an exit status. */
struct tutor;
int program_converse(const struct options *options, struct session *session, struct tutor *tutor);
