/* SPDX-License-Identifier: GPL-3.0-only */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>
#include <sys/types.h>

#include "cli/view/output.h"
#include "core/base/error.h"
#include "core/base/text.h"

/* The background commands of one session. */
struct job {
	unsigned number; /* 1, 2, ... */
	pid_t pid;       /* also its process group */
	char *text;      /* "ECS1 tcpdump -i eth0" */
	bool stopped;
	bool done;
	int status;
	bool ends_with_session; /* it is work of ours, and no program of a node's */
};

struct jobs;
struct jobs *jobs_new(void);
/* Programs of nodes go on; what ends with the session has ended when this returns. */
void jobs_free(struct jobs *jobs);

/* The number that the next one will have. */
unsigned jobs_next(const struct jobs *jobs);
unsigned jobs_add(struct jobs *jobs, pid_t pid, const char *text, bool stopped);
/* NULL with err: no such job. Good until the next call. */
struct job *jobs_find(struct jobs *jobs, unsigned number, struct error *err);
size_t jobs_count(const struct jobs *jobs);
struct job *jobs_get(const struct jobs *jobs, size_t i);
/* Return the newest one, or NULL. */
struct job *jobs_last(const struct jobs *jobs);
void jobs_remove(struct jobs *jobs, unsigned number);
/* SIGTERM to its whole group. What ends with the session has ended when this returns. */
int jobs_kill(struct jobs *jobs, unsigned number, struct error *err);
/* Collect the ones that ended; a line each to file, unless NULL. */
void jobs_reap(struct jobs *jobs, FILE *file);
/*
 * What work of ours in the background prints at the prompt goes through a pipe, to be shown where
 * it does not break the line that is being typed. jobs_note_writer(): where it is written, -1 with
 * errno. jobs_notes(): the other end, to be polled; -1: there is none yet. jobs_read_notes(): the
 * whole lines that wait there.
 */
int jobs_note_writer(struct jobs *jobs);
int jobs_notes(const struct jobs *jobs);
void jobs_read_notes(struct jobs *jobs, struct text *text);
void jobs_output(struct jobs *jobs, struct output *output);
