/* SPDX-License-Identifier: GPL-3.0-only */
#pragma once

#include "cli/session/session.h"
#include "lab/language/statement.h"

/*
 * The execution of a script in a session, line by line: a change goes to the lab, a program to its
 * node, an expectation to its queue, and anything else to its command's run().
 */

/*
 * Execute a whole script, the changes at its end included. Diagnostics are printed. Returns 0, or
 * the exit status with which it stopped (EXIT_INPUT, EXIT_MACHINE, EXIT_INTERRUPTED), also kept in
 * session->stopped.
 */
int session_run(struct session *session, struct script *script);
/*
 * Check the rules and references of a whole script from the lab as it is, and do nothing. All
 * mistakes are printed. Returns 0, or the exit status with which it would stop, kept as above.
 */
int session_read_ahead(struct session *session, const struct script *script);
/* Execute one logical line of it. False at the end. */
bool session_next(struct session *session, struct script *script);
/*
 * Execute the file that a line of the script at hand names. In all, INCLUDES_MAX files and as many
 * bytes as a file may have are read so; a line at the prompt begins anew. What was typed is read
 * ahead first: of a file with a mistake nothing is done.
 */
int session_include(struct session *session, const char *path, struct error *err);
/* The lab of a file, which is read as validate does it, or a running one. The caller closes it. */
int session_other_lab(const struct session *session, const char *word, struct lab **ret_lab,
		      struct error *err);
/* Do everything that was put off: changes to the kernel, expectations. An error is printed. Returns
 * as session_run(). */
int session_flush(struct session *session);

/* Execute a statement of the line at hand. An exit status, or a negative errno with err. */
int session_execute(struct session *session, const struct statement *statement, struct error *err);

/* Print a diagnostic, and draw its consequence for the script. */
void session_complain(struct session *session, const struct token *token, const struct error *err);
/* A program of the line at hand ended with that status: in a file, one that failed, or is not
 * there, is a check that failed. One whose reader had enough has done what it was to. */
void session_judge(struct session *session, int status);
