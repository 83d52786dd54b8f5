/* SPDX-License-Identifier: GPL-3.0-only */
#pragma once

#include <stdbool.h>

#include "core/base/error.h"
#include "core/sandbox/sandbox.h"
#include "core/state/wanted.h"
#include "lab/live/journal.h"
#include "lab/live/lock.h"
#include "lab/model/model.h"

/*
 * A lab: the model, the sandbox it is built in, and the journal that ties them together.
 *
 * A batch of commands is written to the journal first, then applied, then made to count; so whoever
 * dies in between, the next to open the lab finds the batch and finishes it, and the lab is either
 * before or after it, never half way. A lock beside the lab's registration makes writers take
 * turns; a process that works in the lab shares it, so that it holds until that work is done, even
 * if the writer dies.
 *
 *   lab_begin()      take the lock, finish what somebody left behind, catch up with the others
 *   ...              change lab->model, and lab_record() the text of each accepted command
 *   lab_commit()     compile, plan, journal, apply, make it count; let go of the lock
 *
 * What is recorded and not committed stands in one place, here. lab_savepoint() remembers how much
 * that is, lab_rollback() goes back to it.
 *
 * If applying fails, the kernel is put back to the state before and the model is rebuilt from the
 * journal.
 */
struct plan;
struct cut_connections; /* connections.h */
struct findings;        /* verify.h */

struct lab {
	char *name; /* NULL: a private lab */
	struct model *model;
	struct sandbox sandbox; /* closed as long as nothing needed the kernel */
	bool model_only;        /* validate, completion: never touches the kernel */
	/* Is shown each plan right before it is carried out. NULL: nobody is. */
	void (*observer)(const struct plan *plan);
	/* Is told, right after it, which open connections it has ended. NULL: nobody is. */
	void (*connections_observer)(const struct cut_connections *cut);
	/* Is told what was put right in a lab that another build of the program had made,
	 * before it was changed. NULL: nobody is. */
	void (*adoption_observer)(const struct findings *findings);
	struct lock_patience patience; /* with other writers */
	/* NULL or NULL-terminated, and borrowed: directories that stay the machine's own in it. */
	char *const *share;
	/* What a file has programs do in nodes, where nobody runs them: explain may ask. */
	struct node_line {
		char *node, **argv;
	} * line;
	size_t n_line;
	/* private to lab.c */
	struct journal journal;
	int lock;               /* -1: a private lab, which nobody else changes */
	off_t replayed;         /* how much of the journal the model holds */
	struct wanted *applied; /* what the kernel holds, as of `replayed`; NULL: nothing yet, or
				   not computed */
	struct text *pending;   /* recorded, not committed */
	bool locked;
	off_t revision; /* counts what was read of others' changes */
};

/* A lab that ends with this process; the sandbox is made when something first needs it. Never
 * fails. */
struct lab *lab_new_private(bool model_only);
/*
 * A lab with a name. It is bound to this process until lab_release(), so that a lab whose building
 * was cut short does not stay behind. -EEXIST where one of that name runs, -EINVAL where it is no
 * name; another error is the machine's. share: struct lab.
 */
int lab_new_named(const char *name, char *const *share, struct lab **ret_lab, struct error *err);
int lab_release(struct lab *lab, struct error *err);
/* A running one; -ENOENT, with the nearest name as hint, when there is none. Other errors as above.
 */
int lab_open(const char *name, struct lab **ret_lab, struct error *err);
/* The same for who only works in its sandbox: the model is empty until lab_refresh(). */
int lab_attach(const char *name, struct lab **ret_lab, struct error *err);
/* Forget it. A private lab ends here, a named one that was released goes on. */
void lab_close(struct lab *lab);
/* End a named lab and take its name away. */
int lab_destroy(struct lab *lab, struct error *err);

/* Begin a batch of changes; a batch that has begun goes on. */
int lab_begin(struct lab *lab, struct error *err);
void lab_record(struct lab *lab, const char *command);
bool lab_has_pending(const struct lab *lab);
/* What the kernel holds, if the lab is built: compile()'s result, which is made once. Good until
 * the lab changes. */
const struct wanted *lab_applied(struct lab *lab);
/* What the journal counts so far, without the batch that is being committed, as a model of the
 * caller's own. */
int lab_committed_model(const struct lab *lab, struct model **ret_model, struct error *err);
int lab_commit(struct lab *lab, struct error *err);
/*
 * Give up what was recorded since that savepoint; 0 is the beginning of the batch. The model is as
 * it was then, and where nothing is left of the batch, the lab is unlocked. A refused command has
 * recorded nothing and changed nothing, so that going back costs nothing.
 */
size_t lab_savepoint(const struct lab *lab);
int lab_rollback(struct lab *lab, size_t savepoint, struct error *err);
/* Catch up without a lock, for readers; a lab that has ended is an error. Not to be called between
 * lab_begin() and lab_commit(). */
int lab_refresh(struct lab *lab, struct error *err);
/* Return another number after every change that others have made and lab_refresh() has read. */
off_t lab_position(const struct lab *lab);
void lab_note_line(struct lab *lab, const char *node, char *const *argv);
/* Make sure that the sandbox is there, for work inside it. */
int lab_need_sandbox(struct lab *lab, struct error *err);
/* The same for who compares with what this program would have made of the lab. */
int lab_need_own_kernel(struct lab *lab, struct error *err);
