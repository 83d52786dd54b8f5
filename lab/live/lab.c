/* SPDX-License-Identifier: GPL-3.0-only */
#include "lab/live/lab.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>

#include "core/apply/apply.h"
#include "core/base/cleanup.h"
#include "core/base/memory.h"
#include "core/base/text.h"
#include "core/state/plan.h"
#include "lab/compile/compile.h"
#include "lab/live/balancers.h"
#include "lab/live/builder.h"
#include "lab/live/connections.h"
#include "lab/live/registry.h"
#include "lab/live/snapshot.h"
#include "lab/live/verify.h"
#include "lab/nouns/nouns.h"
#include "lab/nouns/replay.h"

#define LAB_WAIT_SECONDS 60 /* for other writers */

static struct lab *lab_new(const char *name, bool model_only)
{
	struct lab *lab = xnew(struct lab);

	lab->name = name ? xstrdup(name) : NULL;
	lab->model = model_new();
	lab->sandbox = SANDBOX_CLOSED;
	lab->model_only = model_only;
	lab->journal = JOURNAL_CLOSED;
	lab->pending = xnew(struct text);
	lab->lock = -1;
	lab->patience.seconds = LAB_WAIT_SECONDS;
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
	if (lab->lock >= 0)
		close(lab->lock);
	forget_applied(lab);
	model_free(lab->model);
	text_free(lab->pending);
	free(lab->pending);
	for (size_t i = 0; i < lab->n_line; i++) {
		for (char **word = lab->line[i].argv; *word; word++)
			free(*word);
		free(lab->line[i].argv);
		free(lab->line[i].node);
	}
	free(lab->line);
	free(lab->name);
	free(lab);
}

void lab_note_line(struct lab *lab, const char *node, char *const *argv)
{
	struct node_line *line = ARRAY_PUSH(lab->line, lab->n_line);
	size_t n = 0;

	line->node = xstrdup(node);
	for (; *argv; argv++)
		*ARRAY_PUSH(line->argv, n) = xstrdup(*argv);
	(void)ARRAY_PUSH(line->argv, n);
}

static int open_journal(struct lab *lab, bool create, struct error *err)
{
	int r = journal_open(&lab->journal, lab->sandbox.directory, create, err);

	lab->replayed = journal_start();
	if (r >= 0 && create && lab->name)
		builder_note_this_program(lab->sandbox.directory);
	return r;
}

/* To our callers, -ENOENT, -EEXIST and -EINVAL are about the name: what the machine cannot do must
 * not look like that. */
static int not_the_name(int r)
{
	return r == -ENOENT || r == -EEXIST || r == -EINVAL ? -EIO : r;
}

/* Bound to this process. No program in it comes to the locks of labs, be they below a directory
 * that it shares. */
static int create_sandbox(struct lab *lab, int registration, struct error *err)
{
	auto_free char *hidden = registry_directory();
	const struct sandbox_files files = { .share = lab->share, .hidden = hidden };

	return sandbox_create(&lab->sandbox, true, registration, &files, err);
}

int lab_new_named(const char *name, char *const *share, struct lab **ret_lab, struct error *err)
{
	auto_fd int registration = -1;
	struct lab *lab;
	int r = registry_claim(name, &registration, err);

	if (r < 0)
		return r;
	lab = lab_new(name, false);
	lab->share = share;
	r = create_sandbox(lab, registration, err);
	if (r >= 0)
		r = registry_open_lock(name, &lab->lock, err);
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

int lab_attach(const char *name, struct lab **ret_lab, struct error *err)
{
	struct lab *lab;
	pid_t keeper, again;
	int r = registry_find(name, &keeper, err);

	if (r < 0)
		return r;
	lab = lab_new(name, false);
	r = sandbox_open(&lab->sandbox, keeper, err);
	if (r >= 0)
		r = registry_open_lock(name, &lab->lock, err);
	/* The same keeper still: sandbox and lock are of one lab. */
	if (r >= 0)
		r = registry_find(name, &again, err);
	if (r >= 0 && again != keeper)
		r = error_set(err, -ESRCH, "the lab %s has ended, and another has its name", name);
	if (r >= 0)
		r = open_journal(lab, false, err);
	if (r < 0) {
		lab_close(lab);
		return not_the_name(r);
	}
	*ret_lab = lab;
	return 0;
}

int lab_open(const char *name, struct lab **ret_lab, struct error *err)
{
	struct lab *lab;
	int r = lab_attach(name, &lab, err);

	if (r < 0)
		return r;
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
		int r = 0;

		if (*line == '#' && !snapshot_read_mark(model, line))
			r = error_set(err, -EIO, "%.64s does not fit", line);
		else if (*line && *line != '#')
			r = replay_change(model, line, err);
		if (r < 0) {
			error_wrap(err, "the lab's journal does not replay (was it written by "
					"another version?)");
			return r;
		}
	}
	return 0;
}

/* Bring the model from lab->replayed to `end` of the journal. */
static int catch_up(struct lab *lab, off_t end, struct error *err)
{
	auto_free char *text = NULL;
	int r;

	if (lab->replayed >= end)
		return 0;
	lab->revision++;
	r = journal_read(&lab->journal, lab->replayed, end, &text, err);
	if (r >= 0)
		r = replay_batch(lab->model, text, err);
	if (r < 0)
		return r;
	forget_applied(lab);
	lab->replayed = end;
	return 0;
}

static void forget_model(struct lab *lab)
{
	model_free(lab->model);
	lab->model = model_new();
	lab->replayed = journal_start();
}

/* Make the model what the journal has, and nothing more. The kernel is where it was. */
static int rebuild_model(struct lab *lab, struct error *err)
{
	struct wanted *applied = take_ptr(lab->applied);
	int r;

	forget_model(lab);
	r = lab->journal.fd >= 0 ? catch_up(lab, lab->journal.committed, err) : 0;
	if (r < 0) /* Half a model is none. */
		forget_model(lab);
	lab->applied = applied;
	return r;
}

/* Read how far the journal counts, and what it is by now. */
static int read_journal(struct lab *lab, struct error *err)
{
	int r = journal_refresh(&lab->journal, err);

	if (r > 0) {
		forget_model(lab);
		forget_applied(lab);
	}
	return r < 0 ? r : catch_up(lab, lab->journal.committed, err);
}

int lab_committed_model(const struct lab *lab, struct model **ret_model, struct error *err)
{
	auto_free char *text = NULL;
	struct model *model = model_new();
	int r = journal_read(&lab->journal, journal_start(), lab->journal.committed, &text, err);

	if (r >= 0)
		r = replay_batch(model, text, err);
	if (r < 0)
		model_free(model);
	else
		*ret_model = model;
	return r;
}

static struct wanted *compiled(const struct lab *lab)
{
	struct wanted *wanted = xnew(struct wanted);

	compile(lab->model, wanted);
	return wanted;
}

const struct wanted *lab_applied(struct lab *lab)
{
	if (!lab->applied)
		lab->applied = compiled(lab);
	return lab->applied;
}

struct application {
	const struct lab *lab;
	struct journal *journal; /* says that it begins, and makes the batch count; NULL: neither */
	const struct plan *plan;
	enum apply_mode mode;
	struct cut_connections *cut; /* shared with the child; NULL: not told */
};

/* In the child, so that it is finished even if the caller dies meanwhile. */
static int apply_inside(void *arg, struct error *err)
{
	struct application *application = arg;
	struct journal *journal = application->journal;
	int r = journal && journal->appended ? journal_begin(journal, err) : 0;

	if (r >= 0)
		r = apply_plan(application->plan, application->mode, err);
	if (r >= 0 && application->plan->n_step)
		balancers_check(application->lab->model);
	if (r >= 0 && journal)
		r = connections_settle(application->lab, application->plan, application->cut, err);
	return r >= 0 && journal ? journal_commit(journal, err) : r;
}

static int carry_out(struct lab *lab, const struct plan *plan, struct journal *journal,
		     enum apply_mode mode, struct error *err)
{
	struct application application = { lab, journal, plan, mode,
					   sandbox_shared(sizeof(struct cut_connections)) };
	int r;

	if (lab->observer)
		lab->observer(plan);
	r = sandbox_call(&lab->sandbox, apply_inside, &application, err);
	if (lab->connections_observer && application.cut)
		lab->connections_observer(application.cut);
	sandbox_shared_free(application.cut, sizeof(struct cut_connections));
	return r;
}

/* Go from one state of the kernel to another without being asked for it. */
static int apply_tolerant(struct lab *lab, const struct wanted *from, const struct wanted *to,
			  struct journal *journal, struct error *err)
{
	struct plan plan;
	int r;

	plan_make(&plan, from, to);
	r = carry_out(lab, &plan, journal, APPLY_TOLERANT, err);
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
	lab->journal.appended = 0; /* It has begun long since. */
	r = apply_tolerant(lab, from, to, &lab->journal, err);
	if (from)
		wanted_free(from);
	free(from);
	forget_applied(lab);
	lab->applied = to;
	return r < 0 ? r : read_journal(lab, err);
}

static int lock(struct lab *lab, struct error *err)
{
	int r = lab->lock < 0 ? 0 : lock_take(lab->lock, "change the lab", &lab->patience, err);

	lab->locked = r >= 0;
	return r;
}

static void unlock(struct lab *lab)
{
	if (lab->locked && lab->lock >= 0)
		(void)flock(lab->lock, LOCK_UN);
	lab->locked = false;
}

/* With the lock: everything that happened before is in the model and in the kernel. */
static int settle(struct lab *lab, struct error *err)
{
	int r = read_journal(lab, err);

	if (r >= 0)
		r = finish_left_behind(lab, err);
	if (r >= 0 && !lab->applied && !journal_is_new(&lab->journal))
		lab->applied = compiled(lab);
	return r;
}

int lab_begin(struct lab *lab, struct error *err)
{
	int r;

	/* A private lab that has no sandbox yet is in nobody else's hands. */
	if (lab->locked || lab->journal.fd < 0)
		return 0;
	r = lock(lab, err);
	if (r >= 0)
		r = settle(lab, err);
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
	r = create_sandbox(lab, -1, err);
	if (r >= 0)
		r = open_journal(lab, true, err);
	if (r < 0)
		sandbox_destroy(&lab->sandbox, &(struct error){ 0 });
	return r;
}

/* Take the kernel back after a failed step; the model follows. */
static void undo(struct lab *lab, const struct wanted *to, struct error *err)
{
	struct error second = { 0 };
	struct wanted nothing = { 0 };
	int r = apply_tolerant(lab, to, lab->applied ? lab->applied : &nothing, NULL, &second);

	if (r >= 0)
		r = journal_cut(&lab->journal, &second);
	/* Else the batch stays in the journal, and the next writer finishes it. What cures the
	 * first failure is worth more. */
	if (r < 0 && !err->hint[0] && sandbox_alive(&lab->sandbox))
		error_hint(err,
			   "undoing it failed, too (%s): the next command will try to finish it",
			   second.message);
}

/*
 * What became of the batch, after the worker has failed? It may have been killed right after it
 * made the batch count; then it did not fail. And where that cannot be read, nothing must be
 * undone: whoever comes next finds out.
 */
static int settle_failure(struct lab *lab, int r, const struct wanted *to, struct error *err)
{
	struct error second = { 0 };
	int read = journal_refresh(&lab->journal, &second);

	if (read < 0)
		error_hint(err, "%s: the next command will finish it, or give it up",
			   second.message);
	else if (lab->journal.committed == journal_batch_end(&lab->journal))
		return 0;
	else
		undo(lab, to, err);
	return r;
}

/*
 * Everything that can fail in this process comes before the batch is written, and its worker is
 * the one who says that it begins: a command that could not do its work has done nothing.
 */
static int commit_pending(struct lab *lab, struct error *err)
{
	struct wanted *to = compiled(lab);
	struct plan plan;
	int r;

	plan_make(&plan, lab->applied, to);
	r = journal_append(&lab->journal, text_get(lab->pending), err);
	if (r >= 0) {
		r = carry_out(lab, &plan, &lab->journal, APPLY_EXACT, err);
		if (r < 0)
			r = settle_failure(lab, r, to, err);
	}
	plan_free(&plan);
	if (r < 0) {
		wanted_free(to);
		free(to);
		return r;
	}
	lab->journal.committed = lab->replayed = journal_batch_end(&lab->journal);
	forget_applied(lab);
	lab->applied = to;
	return 0;
}

/* ---- compaction ---- */

#define COMPACT_FROM     (64 << 10) /* bytes of a journal; less is read in no time */
#define BYTES_A_RESOURCE 400        /* of a snapshot, generously */

static bool is_worth_compacting(const struct lab *lab)
{
	size_t resources = 0;

	for (unsigned noun = 0; noun < NOUN_COUNT; noun++)
		resources += model_count(lab->model, (enum noun)noun);
	return (size_t)lab->journal.committed > COMPACT_FROM + 2 * BYTES_A_RESOURCE * resources;
}

/* Is a model that was read from the snapshot the same, to people and to the kernel? */
static bool is_same(const struct lab *lab, const struct model *copy)
{
	auto_free char *ours = model_save(lab->model), *theirs = model_save(copy);
	struct wanted again;
	struct plan plan;
	bool same;

	compile(copy, &again);
	plan_make(&plan, lab->applied, &again);
	same = plan.n_step == 0 && strcmp(ours, theirs) == 0;
	plan_free(&plan);
	wanted_free(&again);
	return same;
}

/*
 * A journal holds everything that ever happened, and everybody reads it. When it is much longer
 * than what it comes to, put that in its place. Where that does not go, the journal is as good as
 * it was.
 */
static void compact(struct lab *lab)
{
	auto_text text = { 0 };
	auto_free char *replayed = NULL;
	struct model *copy;

	if (!is_worth_compacting(lab))
		return;
	snapshot_add(&text, lab->model);
	replayed = xstrdup(text_get(&text));
	copy = model_new();
	if (replay_batch(copy, replayed, NULL) >= 0 && is_same(lab, copy) &&
	    journal_replace(&lab->journal, text_get(&text), NULL) >= 0)
		lab->replayed = lab->journal.committed;
	model_free(copy);
}

/* ---- a lab that another build of the program has made ---- */

static bool is_anothers(const struct lab *lab)
{
	return lab->lock >= 0 && !builder_is_this_program(lab->sandbox.directory);
}

/* Make the kernel what this program would have made of the lab: its plans begin there. */
static int adopt(struct lab *lab, struct error *err)
{
	struct findings findings = { 0 };
	int r = lab_verify_locked(lab, true, &findings, err);

	if (r >= 0 && lab->adoption_observer)
		lab->adoption_observer(&findings);
	findings_free(&findings);
	return r;
}

int lab_commit(struct lab *lab, struct error *err)
{
	int r = lab_has_pending(lab) && lab->applied && is_anothers(lab) ? adopt(lab, err) : 0;

	if (r >= 0 && !lab->model_only &&
	    (lab_has_pending(lab) || lab->journal.fd < 0 || journal_is_new(&lab->journal))) {
		r = open_sandbox(lab, err);
		if (r >= 0)
			r = lab->locked ? 0 : lock(lab, err);
		if (r >= 0)
			r = commit_pending(lab, err);
		if (r >= 0)
			compact(lab);
	}
	if (r < 0)
		(void)rebuild_model(lab, NULL); /* The first error is the one to tell. */
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
	if (lab->sandbox.keeper >= 0 &&
	    (!sandbox_alive(&lab->sandbox) || registry_lock_is_removed(lab->lock)))
		return error_set(err, -ESRCH, "the lab%s%s has ended", lab->name ? " " : "",
				 lab->name ? lab->name : "");
	return lab->locked || lab->journal.fd < 0 ? 0 : read_journal(lab, err);
}

off_t lab_position(const struct lab *lab)
{
	return lab->revision;
}

int lab_need_sandbox(struct lab *lab, struct error *err)
{
	int r;

	if (lab->sandbox.keeper >= 0 && !journal_is_new(&lab->journal) && !lab_has_pending(lab))
		return 0;
	r = lab_begin(lab, err);
	return r < 0 ? r : lab_commit(lab, err);
}

int lab_need_own_kernel(struct lab *lab, struct error *err)
{
	int r = lab_need_sandbox(lab, err);

	if (r < 0 || !is_anothers(lab))
		return r;
	r = lab_begin(lab, err);
	if (r >= 0 && is_anothers(lab))
		r = adopt(lab, err);
	unlock(lab);
	return r;
}
