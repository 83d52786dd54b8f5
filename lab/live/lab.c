/* SPDX-License-Identifier: GPL-3.0-only */
#include "lab/live/lab.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "core/apply/apply.h"
#include "core/base/cleanup.h"
#include "core/base/memory.h"
#include "core/base/text.h"
#include "core/state/plan.h"
#include "lab/compile/compile.h"
#include "lab/live/registry.h"
#include "lab/nouns/replay.h"

static struct lab *lab_new(const char *name, bool model_only)
{
	struct lab *lab = xnew(struct lab);

	lab->name = name ? xstrdup(name) : NULL;
	lab->model = model_new();
	lab->sandbox = SANDBOX_CLOSED;
	lab->model_only = model_only;
	lab->journal = JOURNAL_CLOSED;
	lab->pending = xnew(struct text);
	return lab;
}

struct lab *lab_new_private(bool model_only)
{
	return lab_new(NULL, model_only);
}

static void forget_applied(struct lab *lab)
{
	if (lab->applied)
		wanted_free(lab->applied);
	free(lab->applied);
	lab->applied = NULL;
}

void lab_close(struct lab *lab)
{
	if (!lab)
		return;
	if (!lab->name)
		(void)sandbox_destroy(
			&lab->sandbox,
			&(struct error){ 0 }); /* it ends with this process in any case */
	sandbox_close(&lab->sandbox);
	journal_close(&lab->journal);
	forget_applied(lab);
	model_free(lab->model);
	text_free(lab->pending);
	free(lab->pending);
	free(lab->name);
	free(lab);
}

static int open_journal(struct lab *lab, bool create, struct error *err)
{
	int r = journal_open(&lab->journal, lab->sandbox.directory, create, err);

	lab->replayed = journal_start();
	return r;
}

/* To our callers -ENOENT, -EEXIST and -EINVAL are about the name: what the machine cannot do must
 * not look like that. */
static int not_the_name(int r)
{
	return r == -ENOENT || r == -EEXIST || r == -EINVAL ? -EIO : r;
}

int lab_new_named(const char *name, struct lab **ret_lab, struct error *err)
{
	auto_fd int registration = -1;
	struct lab *lab;
	int r = registry_claim(name, &registration, err);

	if (r < 0)
		return r;
	lab = lab_new(name, false);
	r = sandbox_create(&lab->sandbox, true, registration, err);
	if (r >= 0)
		r = open_journal(lab, true, err);
	if (r < 0) {
		/* Our own claim would protect the name. The first error is the one to tell. */
		close(take_fd(&registration));
		(void)lab_destroy(lab, &(struct error){ 0 });
		lab_close(lab);
		return not_the_name(r);
	}
	*ret_lab = lab;
	return 0;
}

int lab_release(struct lab *lab, struct error *err)
{
	return sandbox_release(&lab->sandbox, err);
}

int lab_open(const char *name, struct lab **ret_lab, struct error *err)
{
	struct lab *lab;
	pid_t keeper;
	int r = registry_find(name, &keeper, err);

	if (r < 0)
		return r;
	lab = lab_new(name, false);
	r = sandbox_open(&lab->sandbox, keeper, err);
	if (r >= 0)
		r = open_journal(lab, false, err);
	if (r >= 0)
		r = lab_refresh(lab, err);
	if (r < 0) {
		lab_close(lab);
		return not_the_name(r);
	}
	*ret_lab = lab;
	return 0;
}

int lab_destroy(struct lab *lab, struct error *err)
{
	int r = sandbox_destroy(&lab->sandbox, err);

	return r < 0 ? r : registry_remove(lab->name, err);
}

/* Comments are the journal's own marks. */
static int replay_batch(struct model *model, char *text, struct error *err)
{
	char *rest = text;

	for (char *line; (line = strsep(&rest, "\n"));) {
		int r;

		if (!*line || *line == '#')
			continue;
		r = replay_change(model, line, err);
		if (r < 0) {
			error_wrap(err, "the lab's journal does not replay (was it written by "
					"another version?)");
			return r;
		}
	}
	return 0;
}

/* Brings the model from lab->replayed to `end` of the journal. */
static int catch_up(struct lab *lab, off_t end, struct error *err)
{
	auto_free char *text = NULL;
	int r;

	if (lab->replayed >= end)
		return 0;
	r = journal_read(&lab->journal, lab->replayed, end, &text, err);
	if (r >= 0)
		r = replay_batch(lab->model, text, err);
	if (r < 0)
		return r;
	forget_applied(lab);
	lab->replayed = end;
	return 0;
}

/* Make the model what the journal has, and nothing more. The kernel is where it was. */
static int rebuild_model(struct lab *lab, struct error *err)
{
	struct wanted *applied = take_ptr(lab->applied);
	int r;

	model_free(lab->model);
	lab->model = model_new();
	lab->replayed = journal_start();
	r = lab->journal.fd >= 0 ? catch_up(lab, lab->journal.committed, err) : 0;
	lab->applied = applied;
	return r;
}

static struct wanted *compiled(const struct lab *lab)
{
	struct wanted *wanted = xnew(struct wanted);

	compile(lab->model, wanted);
	return wanted;
}

struct application {
	struct lab *lab;
	const struct plan *plan;
	enum apply_mode mode;
	bool count; /* make the journal's batch count afterwards */
};

/* In the child, so that it is finished even if the caller dies meanwhile. */
static int apply_inside(void *arg, struct error *err)
{
	struct application *application = arg;
	int r = apply_plan(application->plan, application->mode, err);

	if (r >= 0 && application->count)
		r = journal_commit(&application->lab->journal, err);
	return r;
}

static int apply(struct lab *lab, const struct wanted *from, const struct wanted *to,
		 enum apply_mode mode, bool count, struct error *err)
{
	struct plan plan;
	struct application application = {
		.lab = lab, .plan = &plan, .mode = mode, .count = count
	};
	int r;

	plan_make(&plan, from, to);
	if (lab->observer)
		lab->observer(&plan);
	r = sandbox_call(&lab->sandbox, apply_inside, &application, err);
	plan_free(&plan);
	return r;
}

/* Somebody died while applying: the batch is whole in the journal, the kernel is somewhere on the
 * way to it. */
static int finish_left_behind(struct lab *lab, struct error *err)
{
	struct wanted *from, *to;
	bool whole;
	off_t end;
	int r = journal_has_batch(&lab->journal, &whole, &end, err);

	if (r < 0 || end == lab->journal.committed)
		return r;
	if (!whole)
		return journal_cut(&lab->journal, err);
	from = journal_is_new(&lab->journal) ? NULL : compiled(lab);
	r = catch_up(lab, end, err);
	if (r < 0)
		return r;
	to = compiled(lab);
	r = apply(lab, from, to, APPLY_TOLERANT, true, err);
	if (from)
		wanted_free(from);
	free(from);
	forget_applied(lab);
	lab->applied = to;
	return r < 0 ? r : journal_refresh(&lab->journal, err);
}

static int lock(struct lab *lab, struct error *err)
{
	int r = journal_lock(&lab->journal, err);

	if (r < 0)
		return r;
	lab->locked = true;
	r = catch_up(lab, lab->journal.committed, err);
	if (r >= 0)
		r = finish_left_behind(lab, err);
	if (r >= 0 && !lab->applied && !journal_is_new(&lab->journal))
		lab->applied = compiled(lab);
	return r;
}

static void unlock(struct lab *lab)
{
	if (lab->locked)
		journal_unlock(&lab->journal);
	lab->locked = false;
}

int lab_begin(struct lab *lab, struct error *err)
{
	int r;

	/* A private lab that has no sandbox yet is in nobody else's hands. */
	if (lab->locked || lab->journal.fd < 0)
		return 0;
	r = lock(lab, err);
	if (r < 0)
		unlock(lab);
	return r;
}

void lab_record(struct lab *lab, const char *command)
{
	text_add(lab->pending, command);
	text_add_char(lab->pending, '\n');
}

bool lab_has_pending(const struct lab *lab)
{
	return lab->pending->length > 0;
}

static int open_sandbox(struct lab *lab, struct error *err)
{
	int r;

	if (lab->sandbox.keeper >= 0)
		return 0;
	r = sandbox_create(&lab->sandbox, true, -1, err);
	if (r >= 0)
		r = open_journal(lab, true, err);
	if (r < 0)
		sandbox_destroy(&lab->sandbox, &(struct error){ 0 });
	return r;
}

/* The way back after a failed step; the model follows. */
static void undo(struct lab *lab, const struct wanted *to, struct error *err)
{
	struct error second = { 0 };
	struct wanted nothing = { 0 };
	int r = apply(lab, to, lab->applied ? lab->applied : &nothing, APPLY_TOLERANT, false,
		      &second);

	if (r >= 0)
		r = journal_cut(&lab->journal, &second);
	/* Else the batch stays in the journal, and the next writer finishes it. */
	/* What cures the first failure is worth more. */
	if (r < 0 && !err->hint[0])
		error_hint(err,
			   "undoing it failed, too (%s): the next command will try to finish it",
			   second.message);
}

static int commit_pending(struct lab *lab, struct error *err)
{
	off_t before = lab->journal.committed;
	struct wanted *to;
	int r = journal_append(&lab->journal, text_get(lab->pending), err);

	if (r < 0)
		return r;
	to = compiled(lab);
	r = apply(lab, lab->applied, to, APPLY_EXACT, true, err);
	/* Whoever applied it made it count: what the journal says is what happened, even if the
	 * child was killed right after. */
	if (journal_refresh(&lab->journal, &(struct error){ 0 }) >= 0 &&
	    lab->journal.committed > before) {
		lab->replayed = lab->journal.committed;
		forget_applied(lab);
		lab->applied = to;
		return 0;
	}
	undo(lab, to, err);
	wanted_free(to);
	free(to);
	return r;
}

/* With the lock. A private lab whose sandbox is new has nothing to catch up with: its model is
 * ahead. */
static int lock_for_commit(struct lab *lab, struct error *err)
{
	int r = lab->locked ? 0 : journal_lock(&lab->journal, err);

	lab->locked = r >= 0;
	return r;
}

int lab_commit(struct lab *lab, struct error *err)
{
	int r = 0;

	if (!lab->model_only &&
	    (lab_has_pending(lab) || lab->journal.fd < 0 || journal_is_new(&lab->journal))) {
		r = open_sandbox(lab, err);
		if (r >= 0)
			r = lock_for_commit(lab, err);
		if (r >= 0)
			r = commit_pending(lab, err);
		if (r < 0)
			(void)rebuild_model(
				lab, &(struct error){ 0 }); /* the first error is the one to tell */
	}
	text_clear(lab->pending);
	unlock(lab);
	return r;
}

size_t lab_savepoint(const struct lab *lab)
{
	return lab->pending->length;
}

int lab_rollback(struct lab *lab, size_t savepoint, struct error *err)
{
	bool ahead = lab->pending->length > savepoint;
	int r = 0;

	text_truncate(lab->pending, savepoint);
	/* A model that no kernel follows keeps what was tried: validate reads on, and says so. */
	if (ahead && !lab->model_only) {
		auto_free char *kept = xstrdup(text_get(lab->pending));

		r = rebuild_model(lab, err);
		if (r >= 0)
			r = replay_batch(lab->model, kept, err);
	}
	if (!lab_has_pending(lab))
		unlock(lab);
	return r;
}

int lab_refresh(struct lab *lab, struct error *err)
{
	int r;

	if (lab->locked || lab->journal.fd < 0)
		return 0;
	r = journal_refresh(&lab->journal, err);
	return r < 0 ? r : catch_up(lab, lab->journal.committed, err);
}

off_t lab_position(const struct lab *lab)
{
	return lab->replayed;
}

int lab_need_sandbox(struct lab *lab, struct error *err)
{
	int r;

	if (lab->sandbox.keeper >= 0 && !journal_is_new(&lab->journal) && !lab_has_pending(lab))
		return 0;
	r = lab_begin(lab, err);
	return r < 0 ? r : lab_commit(lab, err);
}
