/* SPDX-License-Identifier: GPL-3.0-only */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

#include "core/base/error.h"

/*
 * Named labs of this user: one empty file a lab in $XDG_RUNTIME_DIR/vpclab (else
 * /run/user/UID/vpclab, else /tmp/vpclab-UID, or another name there if that is taken), directory
 * 0700, file 0600. The keeper holds a POSIX write lock on it, which the kernel drops when the
 * keeper dies and whose owner the kernel tells: the file proves nothing by itself, so a stale one
 * is harmless and is removed by whoever meets it.
 *
 * Between the claim and the keeper's lock an flock() on the same open file keeps the name: it is
 * the keeper's, too, for it inherits the descriptor, and it ends with whoever dies before the lab
 * is there, or when the keeper has its own lock. So of two that claim one name at once, one gets
 * it, and nothing is left to tidy up after the other.
 */

/* Where they are, or will be; the caller frees. */
char *registry_directory(void);

/* A lab's name: letters, digits, . _ -; a letter or digit first; at most 64 characters. */
int registry_check_name(const char *name, struct error *err);
/*
 * Make the file for a new lab; the fd is for sandbox_create(), and to be closed after that.
 * -EEXIST when a lab of that name runs or is just being made.
 */
int registry_claim(const char *name, int *ret_fd, struct error *err);
/* The keeper's pid; -ENOENT with the nearest name as hint. */
int registry_find(const char *name, pid_t *ret_keeper, struct error *err);
/*
 * The lock that the writers of that lab take in turns: NAME~ beside its registration, made if it is
 * not there. It is not in the lab, where any program could hold it.
 */
int registry_open_lock(const char *name, int *ret_fd, struct error *err);
/* `down` has returned, though the kernel may still be at the end of the keeper. */
bool registry_lock_is_removed(int fd);
/* Remove the files of a lab that has ended (or whose claim was given up: close it first). -EBUSY
 * while it runs. */
int registry_remove(const char *name, struct error *err);
/* End the lab of that name (sandbox_kill); the name is free at once. -ENOENT as registry_find(). */
int registry_end(const char *name, struct error *err);
/* All running labs, sorted. The caller frees each and the array. */
int registry_list(char ***ret_names, size_t *ret_n, struct error *err);
