/* SPDX-License-Identifier: GPL-3.0-only */
#pragma once

#include <stdbool.h>

#include "cli/session/session.h"
#include "core/base/text.h"

/*
 * Programs in a node, or (node NULL) on the user's own machine. argv[0] NULL: the user's shell. The
 * status is the program's own, 128 + n if a signal ended it, and 126 or 127 (with a word on stderr)
 * if it could not be started, as in any shell.
 */

/*
 * In front, on the terminal if there is one. At the prompt it gets a process group and the terminal
 * of its own, and a stop (Ctrl-Z) makes a job of it; elsewhere it stays in ours, so that Ctrl-C
 * reaches both, and other signals are passed on.
 */
int node_run(struct session *session, const char *node, char *const *argv, struct error *err);
/* The same for `exec`: as if it were run directly. */
int node_exec(const struct lab *lab, const char *node, char *const *argv, struct error *err);
/* Run it in the background, as a job. */
int node_background(struct session *session, const char *node, char *const *argv,
		    struct error *err);
/* Go on with a stopped or background job in front. */
int node_resume(struct session *session, unsigned job, struct error *err);

struct node_capture {
	double within; /* seconds it may take; it is killed after that, with all its process group
			*/
	struct text output, errors; /* what it wrote, the first MiB of it */
	int status;
	bool timed_out, interrupted;
	double seconds;
};
/* Run it silently, with no standard input. Negative errno with err if it could not be started. */
int node_capture(struct session *session, const char *node, char *const *argv,
		 struct node_capture *capture, struct error *err);
