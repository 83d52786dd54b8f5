/* SPDX-License-Identifier: GPL-3.0-only */
#include "core/apply/apply.h"

#include <stdlib.h>
#include <sys/resource.h>
#include <unistd.h>

#include "core/apply/daemon.h"
#include "core/apply/internal.h"
#include "core/base/cleanup.h"
#include "core/base/limit.h"
#include "core/base/memory.h"
#include "core/sandbox/netns.h"
#include "core/sandbox/node.h"

/* Beside a socket for each namespace: standard streams, far ends of veths, pipes of services. */
#define OTHER_FILES 256

/*
 * The order of things, and why:
 *
 *   1. Make or enter every namespace and load its nftables rules. What can fail because the
 *      machine lacks something comes first, and rules are there before the first packet.
 *   2. Stop programs, then take away rules, routes, addresses and links, then whole namespaces.
 *   3. Make the links, then what is on them, one batch a namespace.
 *   4. Write files (names of hosts), then start programs, which find everything in place.
 */

/* Return the processes that are to be started, or stopped. The caller frees the array. */
static const struct object **pick_processes(const struct plan *plan, enum step_action action,
					    size_t *ret_n)
{
	const struct object **process = xalloc(plan->n_step * sizeof(void *));

	*ret_n = 0;
	for (size_t i = 0; i < plan->n_step; i++)
		if (plan->step[i].action == action &&
		    step_object(&plan->step[i])->kind == OBJECT_PROCESS)
			process[(*ret_n)++] = step_object(&plan->step[i]);
	return process;
}

static int stop_processes(const struct plan *plan, struct error *err)
{
	size_t n;
	auto_free const struct object **process = pick_processes(plan, STEP_DELETE, &n);

	return n ? daemons_stop(process, n, err) : 0;
}

static int start_processes(const struct plan *plan, bool tolerant, const struct rlimit *open_files,
			   struct error *err)
{
	size_t n;
	auto_free const struct object **process = pick_processes(plan, STEP_ADD, &n);

	return n ? daemons_start(process, n, tolerant, open_files, err) : 0;
}

static int delete_namespaces(const struct work *work, struct error *err)
{
	int r = 0;

	for (size_t i = 0; i < work->n_target && r == 0; i++) {
		if (!work->target[i].is_gone)
			continue;
		r = netns_delete(work->target[i].netns, err);
		daemons_forget(work->target[i].netns);
		node_forget(work->target[i].netns);
	}
	return r;
}

static int write_files(const struct plan *plan, struct error *err)
{
	int r = 0;

	for (size_t i = 0; i < plan->n_step && r == 0; i++) {
		const struct step *step = &plan->step[i];

		if (step_object(step)->kind == OBJECT_FILE)
			r = step->after ? apply_file_write(&step->after->file, err)
					: apply_file_delete(&step->before->file, err);
	}
	return r;
}

static int apply_network(const struct plan *plan, bool tolerant, struct rlimit *ret_open_files,
			 struct error *err)
{
	struct work work;
	int r;

	work_prepare(&work, plan, tolerant);
	r = limit_raise_open_files(work.n_target + OTHER_FILES, ret_open_files, err);
	if (r == 0)
		r = apply_enter(&work, err);
	if (r == 0)
		r = apply_find_links(&work, err);
	if (r == 0)
		r = stop_processes(plan, err);
	if (r == 0)
		r = apply_delete(&work, err);
	if (r == 0)
		r = delete_namespaces(&work, err);
	if (r == 0)
		r = apply_veths(&work, err);
	if (r == 0)
		r = apply_configure(&work, err);
	work_free(&work);
	return r;
}

int apply_plan(const struct plan *plan, enum apply_mode mode, struct error *err)
{
	bool tolerant = mode == APPLY_TOLERANT;
	struct rlimit open_files = { 0 };
	int r = apply_network(plan, tolerant, &open_files, err);

	if (r == 0)
		r = write_files(plan, err);
	if (r == 0)
		r = start_processes(plan, tolerant, &open_files, err);
	if (open_files.rlim_max)
		setrlimit(RLIMIT_NOFILE, &open_files);
	return r;
}
