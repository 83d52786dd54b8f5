/* SPDX-License-Identifier: GPL-3.0-only */
#include "lab/live/guests.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/cleanup.h"
#include "core/base/memory.h"

/*
 * A child inside the sandbox goes from node to node and sends what each kernel answers, as it is,
 * through a pipe; it is read outside. So there is one child however many nodes are asked, and no
 * descriptor of ours keeps a namespace.
 */
struct inquiry {
	const char *const *node; /* sorted, each once */
	size_t n_node;
	int pipe[2];
};

struct heading { /* before each answer */
	size_t node, length;
};

static int ask_inside(void *arg, struct error *err)
{
	const struct inquiry *inquiry = arg;
	FILE *out;

	close(inquiry->pipe[0]);
	signal(SIGPIPE, SIG_IGN);
	out = fdopen(inquiry->pipe[1], "w");
	if (!out)
		return error_set(err, -errno, "cannot write to a pipe: %s", strerror(errno));
	for (size_t i = 0; i < inquiry->n_node; i++) {
		struct heading heading = { .node = i };
		auto_text answer = { 0 };

		if (netns_enter(inquiry->node[i], err) < 0 || guest_ask(&answer, err) < 0)
			continue;
		heading.length = answer.length;
		fwrite(&heading, sizeof(heading), 1, out);
		fwrite(text_get(&answer), 1, answer.length, out);
	}
	return fclose(out) == 0
		       ? 0
		       : error_set(err, -errno, "cannot write to a pipe: %s", strerror(errno));
}

/* Return whether there was one more answer, whole. */
static bool read_answer(FILE *in, const struct inquiry *inquiry, struct guests *guests)
{
	auto_free char *answer = NULL;
	struct heading heading;
	struct named_guest *one;

	if (fread(&heading, sizeof(heading), 1, in) != 1)
		return false;
	answer = xalloc(heading.length);
	if (fread(answer, 1, heading.length, in) != heading.length)
		return false;
	one = ARRAY_PUSH(guests->one, guests->n);
	one->netns = xstrdup(inquiry->node[heading.node]);
	guest_parse(answer, heading.length, &one->guest);
	return true;
}

/* The nodes in the order of their names, each once. */
static const char **sorted(const char *const *node, size_t *n_node)
{
	const char **copy = xalloc(*n_node * sizeof(*copy));
	size_t n = 0;

	memcpy(copy, node, *n_node * sizeof(*copy));
	qsort(copy, *n_node, sizeof(*copy), strings_compare);
	for (size_t i = 0; i < *n_node; i++)
		if (n == 0 || strcmp(copy[n - 1], copy[i]) != 0)
			copy[n++] = copy[i];
	*n_node = n;
	return copy;
}

void guests_read(const struct lab *lab, const char *const *node, size_t n_node,
		 struct guests *ret_guests)
{
	auto_free const char **names = NULL;
	struct inquiry inquiry;
	struct worker worker;
	struct error err;
	FILE *in;

	*ret_guests = (struct guests){ 0 };
	if (lab->model_only || lab->sandbox.keeper < 0 || n_node == 0)
		return;
	names = sorted(node, &n_node);
	inquiry = (struct inquiry){ .node = names, .n_node = n_node };
	if (pipe2(inquiry.pipe, O_CLOEXEC) < 0)
		return;
	if (sandbox_start(&lab->sandbox, ask_inside, &inquiry, &worker, &err) < 0) {
		close(inquiry.pipe[0]);
		close(inquiry.pipe[1]);
		return;
	}
	close(inquiry.pipe[1]);
	in = fdopen(inquiry.pipe[0], "r");
	while (in && read_answer(in, &inquiry, ret_guests))
		;
	if (in)
		fclose(in);
	else
		close(inquiry.pipe[0]);
	(void)sandbox_wait(&lab->sandbox, &worker, &err);
}
