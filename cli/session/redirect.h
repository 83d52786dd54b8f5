/* SPDX-License-Identifier: GPL-3.0-only */
#pragma once

#include <stdio.h>
#include <sys/types.h>

#include "cli/session/session.h"
#include "core/sandbox/process.h"

/*
 * What a line prints, through programs of the user's machine or into a file, as in a shell, but
 * with no shell in between:
 *
 *     ECS1 curl -s http://EIP2 | grep client
 *     show | sort | head -3
 *     vpc show > FILE          vpc show >> FILE
 *
 * The programs share our process group: Ctrl-C reaches all of them, and none can be stopped.
 */
struct redirection {
	bool is_open;
	FILE *out, *before; /* the session's */
	bool color_before;
	const char *file; /* NULL: a pipe */
	pid_t *reader;
	size_t n_reader;
};

/*
 * Begin the redirection at the end of the line. In validate only its form is looked at. Negative
 * errno with err, and session->fault at the word; a program that is not there is a fault of the
 * input's, before anything was done.
 */
int redirect_begin(struct session *session, const struct line *line,
		   struct redirection *ret_redirection, struct error *err);
/* Wait for the programs, and return the exit status of the first from the end that failed, else 0;
 * negative errno with err: what was printed could not be written. */
int redirect_end(struct session *session, struct redirection *redirection, struct error *err);

/* As process_spawn(), for a program of the user's own machine: spawn->netns is NULL. */
int redirect_spawn(const struct spawn *spawn, pid_t *ret_pid, struct error *err);

/* Print a text: at the prompt, what is higher than the terminal through $PAGER (less), as git does.
 */
void session_print(struct session *session, const char *text);
