/* SPDX-License-Identifier: GPL-3.0-only */
#include "lab/live/registry.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <time.h>

#include "core/base/cleanup.h"
#include "core/base/memory.h"
#include "core/base/nearest.h"
#include "core/base/text.h"
#include "core/sandbox/sandbox.h"
#include "lab/live/lock.h"

#define NAME_MAX_LENGTH 64
#define TMP_PATHS       10

/*
 * Locking: whoever claims or removes a file first takes an flock() on the directory, for a moment
 * only. Under it, an flock() that fails on a lab's file means a claim or a keeper, never another
 * who just looks.
 */

static bool is_letter_or_digit(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

static bool is_name(const char *name)
{
	size_t length = 0;

	if (!is_letter_or_digit(*name))
		return false;
	while (is_letter_or_digit(name[length]) || (name[length] && strchr("._-", name[length])))
		length++;
	return !name[length] && length <= NAME_MAX_LENGTH;
}

int registry_check_name(const char *name, struct error *err)
{
	if (is_name(name))
		return 0;
	if (strlen(name) > NAME_MAX_LENGTH)
		error_set(err, -EINVAL,
			  "\"%.32s...\" is too long for a lab's name: at most %d characters", name,
			  NAME_MAX_LENGTH);
	else
		error_set(err, -EINVAL, "\"%s\" is no name for a lab", name);
	return error_hint(err, "letters, digits, '.', '_' and '-', a letter or digit first");
}

/* ---- the directory ---- */

/* One that cannot be looked at may well be ours: then opening it tells why, and no lab is made
 * where nobody finds it again. */
static bool is_our_directory(const char *path)
{
	struct stat st;

	if (*path != '/')
		return false;
	if (stat(path, &st) < 0)
		return errno != ENOENT && errno != ENOTDIR && errno != EACCES;
	return S_ISDIR(st.st_mode) && st.st_uid == geteuid();
}

/*
 * Anybody can take a name in /tmp before us, so there are several: the one that is ours, or else
 * the first that is free. Where all are taken, the first one tells whose it is. The caller frees.
 */
static char *path_in_tmp(void)
{
	char *free_path = NULL;

	for (unsigned i = 0; i < TMP_PATHS; i++) {
		char *path = i ? xprintf("/tmp/vpclab-%u.%u", geteuid(), i)
			       : xprintf("/tmp/vpclab-%u", geteuid());
		struct stat st;
		bool there = lstat(path, &st) == 0;

		if (there && st.st_uid == geteuid()) {
			free(free_path);
			return path;
		}
		if (!there && !free_path)
			free_path = path;
		else
			free(path);
	}
	return free_path ? free_path : xprintf("/tmp/vpclab-%u", geteuid());
}

/* A runtime directory that is not ours (sudo keeps the variable) is none. */
char *registry_directory(void)
{
	const char *given = getenv("XDG_RUNTIME_DIR");
	auto_free char *usual = xprintf("/run/user/%u", geteuid());

	if (given && is_our_directory(given))
		return xprintf("%s/vpclab", given);
	if (is_our_directory(usual))
		return xprintf("%s/vpclab", usual);
	return path_in_tmp();
}

static int fail(struct error *err, const char *what, const char *path)
{
	int r = error_number();
	auto_free char *directory = registry_directory();

	error_set(err, r, "cannot %s %.300s: %s", what, path, strerror(-r));
	if (r == -ENOSPC || r == -EDQUOT)
		error_hint(err, "make room in %.200s", directory);
	else if (r == -EACCES || r == -EPERM || r == -EROFS || r == -ENOENT)
		error_hint(err, "set XDG_RUNTIME_DIR to a directory of your own");
	return r;
}

/* Anybody may have put something in our place in /tmp: a link, or a directory of his. */
static int check_directory(int fd, const char *path, struct error *err)
{
	struct stat st;

	if (fstat(fd, &st) < 0)
		return fail(err, "look at", path);
	if (st.st_uid != geteuid()) {
		error_set(err, -EPERM, "%.300s belongs to another user (uid %u)", path, st.st_uid);
		error_hint(err, "set XDG_RUNTIME_DIR to a directory of your own");
		return -EPERM;
	}
	if (st.st_mode & 077) {
		error_set(err, -EPERM, "others may enter %.300s (its mode is %03o)", path,
			  st.st_mode & 0777);
		error_hint(err, "chmod 700 %.200s", path);
		return -EPERM;
	}
	return 0;
}

/* -ENOENT without a word when there is none and it is not to be made. */
static int open_directory(bool make, int *ret_fd, struct error *err)
{
	auto_free char *path = registry_directory();
	auto_fd int fd = -1;
	int r;

	if (make) {
		/* The umask may have taken rights away that we need. */
		if (mkdir(path, 0700) == 0)
			(void)chmod(path, 0700);
		else if (errno != EEXIST && (r = fail(err, "make the directory", path)) < 0)
			return r == -ENOENT ? -EIO : r; /* -ENOENT is a lab that is not there */
	}

	fd = open(path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	if (fd < 0 && errno == ENOENT && !make)
		return -ENOENT;
	if (fd < 0 && (errno == ELOOP || errno == ENOTDIR)) {
		error_set(err, -ENOTDIR, "%.300s is no directory, or a link to one", path);
		error_hint(err, "rm %.200s", path);
		return -ENOTDIR;
	}
	if (fd < 0)
		return fail(err, "open the directory", path);
	r = check_directory(fd, path, err);
	if (r < 0)
		return r;
	*ret_fd = take_fd(&fd);
	return 0;
}

/* It is held for moments only: who holds it for longer is stopped. */
static int lock_directory(int directory, struct error *err)
{
	static const struct lock_patience patience = { .seconds = 10 };

	return lock_take(directory, "look after the names of labs", &patience, err);
}

/* ---- one file ---- */

#define KEEPER_HIDDEN ((pid_t)-1) /* in another container */

/* Find the process that holds the keeper's lock; 0: nobody. */
static int keeper_of(int fd, pid_t *ret_keeper)
{
	struct flock lock = { .l_type = F_WRLCK, .l_whence = SEEK_SET };

	if (fcntl(fd, F_GETLK, &lock) < 0)
		return error_number();
	*ret_keeper = lock.l_type == F_UNLCK ? 0 : lock.l_pid > 0 ? lock.l_pid : KEEPER_HIDDEN;
	return 0;
}

static int open_file(int directory, const char *name, int flags)
{
	return openat(directory, name, flags | O_RDWR | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC, 0600);
}

/* No lab's name ends so. The caller frees. */
static char *lock_name(const char *name)
{
	return xprintf("%s~", name);
}

/* Whoever removes a registration removes its lock, with the directory locked: so it is made only
 * then, beside a registration that is there. */
static int make_lock(int directory, const char *name, const char *lock, struct error *err)
{
	int r = lock_directory(directory, err), fd;

	if (r < 0)
		return r;
	if (faccessat(directory, name, F_OK, AT_SYMLINK_NOFOLLOW) < 0)
		return error_set(err, -ESRCH, "the lab %s has ended", name);
	fd = open_file(directory, lock, O_CREAT);
	return fd < 0 ? fail(err, "make the lock of the lab", name) : fd;
}

int registry_open_lock(const char *name, int *ret_fd, struct error *err)
{
	auto_free char *lock = lock_name(name);
	auto_fd int directory = -1;
	int r = open_directory(false, &directory, err);

	if (r == -ENOENT)
		return error_set(err, -ESRCH, "the lab %s has ended", name);
	if (r < 0)
		return r;
	r = open_file(directory, lock, 0);
	if (r < 0 && errno == ENOENT)
		r = make_lock(directory, name, lock, err);
	else if (r < 0)
		r = fail(err, "open the lock of the lab", name);
	if (r < 0)
		return r;
	*ret_fd = r;
	return 0;
}

bool registry_lock_is_removed(int fd)
{
	struct stat lock;

	return fd >= 0 && fstat(fd, &lock) == 0 && lock.st_nlink == 0;
}

/* The lock first: what is left is found again by the registration. */
static int remove_files(int directory, const char *name)
{
	auto_free char *lock = lock_name(name);

	if ((unlinkat(directory, lock, 0) < 0 && errno != ENOENT) ||
	    (unlinkat(directory, name, 0) < 0 && errno != ENOENT))
		return -errno;
	return 0;
}

/* With the directory locked: removes the file unless somebody claims or keeps it. */
static int remove_stale(int directory, const char *name)
{
	auto_fd int fd = open_file(directory, name, 0);
	pid_t keeper;
	int r;

	if (fd < 0)
		return errno == ENOENT ? 0 : -errno;
	if ((r = keeper_of(fd, &keeper)) < 0)
		return r;
	if (keeper != 0)
		return -EBUSY;
	if (flock(fd, LOCK_EX | LOCK_NB) < 0) /* it is being made again */
		return errno == EWOULDBLOCK ? 0 : -errno;
	return remove_files(directory, name);
}

/* With the directory locked: it goes, too, if that was the last. */
static void remove_directory_if_empty(void)
{
	auto_free char *path = registry_directory();

	(void)rmdir(path);
}

/* Whoever removes the last lab removes the directory: then a file cannot be made in it any more
 * (-ENOENT). */
static int claim_file(const char *name, int *ret_fd, struct error *err)
{
	auto_fd int directory = -1;
	auto_fd int fd = -1;
	pid_t keeper;
	bool taken;
	int r;

	if ((r = open_directory(true, &directory, err)) < 0 ||
	    (r = lock_directory(directory, err)) < 0)
		return r;
	fd = open_file(directory, name, O_CREAT);
	if (fd < 0) {
		r = fail(err, "register the lab", name);
		remove_directory_if_empty();
		return r;
	}
	(void)fchmod(fd, 0600); /* whatever the umask */

	taken = flock(fd, LOCK_EX | LOCK_NB) < 0;
	if ((taken && errno != EWOULDBLOCK) || keeper_of(fd, &keeper) < 0)
		return fail(err, "lock the registration of the lab", name);
	if (taken || keeper != 0) {
		error_set(err, -EEXIST, "lab %s %s already", name,
			  keeper != 0 ? "runs" : "is being made");
		error_hint(err, "vpclab down %s", name);
		return keeper != 0 ? -EEXIST : -EAGAIN;
	}
	*ret_fd = take_fd(&fd);
	return 0;
}

int registry_claim(const char *name, int *ret_fd, struct error *err)
{
	int r = registry_check_name(name, err);

	if (r < 0)
		return r;
	for (int attempt = 0; attempt < 100; attempt++) {
		r = claim_file(name, ret_fd, err);
		if (r != -ENOENT && r != -EAGAIN)
			return r;
		/* Who was killed while he made it is dead in a moment. */
		if (r == -EAGAIN)
			nanosleep(&(struct timespec){ .tv_nsec = 10000000 }, NULL);
	}
	return -EEXIST;
}

/* Add "did you mean", or where to look. */
static void hint_nearest(const char *name, struct error *err)
{
	struct nearest nearest = { .typed = name };
	char **names = NULL;
	size_t n = 0;

	(void)registry_list(&names, &n, NULL);
	if (n == 0)
		error_hint(err, "no lab runs; vpclab up %s FILE starts one", name);
	else
		error_hint(err, "vpclab ls shows the labs that run");
	for (size_t i = 0; i < n; i++)
		nearest_offer(&nearest, names[i]);
	nearest_hint(&nearest, err);
	strings_free(names, n);
}

int registry_find(const char *name, pid_t *ret_keeper, struct error *err)
{
	auto_fd int directory = -1;
	auto_fd int fd = -1;
	pid_t keeper = 0;
	int r = registry_check_name(name, err);

	if (r < 0)
		return r;
	r = open_directory(false, &directory, err);
	if (r < 0 && r != -ENOENT)
		return r;
	if (r == 0) {
		fd = open_file(directory, name, 0);
		if (fd < 0 && errno != ENOENT)
			return fail(err, "open the registration of the lab", name);
		if (fd >= 0 && keeper_of(fd, &keeper) < 0)
			return fail(err, "look at the registration of the lab", name);
	}
	if (keeper == KEEPER_HIDDEN)
		return error_set(err, -EPERM,
				 "lab %s runs where its processes cannot be seen from here (in "
				 "another container)",
				 name);
	if (keeper == 0) {
		error_set(err, -ENOENT, "there is no lab %s", name);
		hint_nearest(name, err);
		return -ENOENT;
	}
	*ret_keeper = keeper;
	return 0;
}

int registry_remove(const char *name, struct error *err)
{
	auto_fd int directory = -1;
	int r = registry_check_name(name, err);

	if (r < 0)
		return r;
	r = open_directory(false, &directory, err);
	if (r == -ENOENT)
		return 0;
	if (r < 0 || (r = lock_directory(directory, err)) < 0)
		return r;
	r = remove_stale(directory, name);
	if (r == -EBUSY)
		return error_set(err, r, "lab %s still runs", name);
	if (r < 0)
		return error_set(err, r, "cannot remove the registration of lab %s: %s", name,
				 strerror(-r));
	remove_directory_if_empty();
	return 0;
}

/* Nobody else can take the name meanwhile, for the directory is locked: so the keeper that is found
 * again, once we have a hold of it, is the lab's. One that is not has ended by itself. What cannot
 * be read is no reason to take the name from a lab that may run. */
int registry_end(const char *name, struct error *err)
{
	struct sandbox sandbox = SANDBOX_CLOSED;
	auto_fd int directory = -1;
	pid_t keeper, again;
	int r = registry_check_name(name, err);

	if (r < 0)
		return r;
	r = open_directory(false, &directory, err);
	if (r == 0)
		r = lock_directory(directory, err);
	if (r == 0 || r == -ENOENT)
		r = registry_find(name, &keeper, err);
	if (r == 0)
		r = sandbox_find(&sandbox, keeper, err);
	if (r == 0) {
		r = registry_find(name, &again, err);
		if (r == 0 && again == keeper)
			r = sandbox_kill(&sandbox, err);
		else if (r == -ENOENT)
			r = 0;
	}
	sandbox_close(&sandbox);
	if (r < 0 && r != -ESRCH)
		return r;
	if (remove_files(directory, name) < 0)
		return fail(err, "remove the registration of lab", name);
	remove_directory_if_empty();
	return 0;
}

/* Who only looks waits for nobody, and makes others wait as little as can be: what is left here the
 * next one removes. */
static void tidy_up(int directory, char *const *stale, size_t n_stale)
{
	if (flock(directory, LOCK_EX | LOCK_NB) < 0)
		return;
	for (size_t i = 0; i < n_stale; i++)
		(void)remove_stale(directory, stale[i]);
	remove_directory_if_empty();
}

int registry_list(char ***ret_names, size_t *ret_n, struct error *err)
{
	auto_fd int directory = -1;
	auto_dir DIR *entries = NULL;
	const struct dirent *entry;
	char **names = NULL, **stale = NULL;
	size_t n = 0, n_stale = 0;
	int copy, r = open_directory(false, &directory, err);

	if (r == 0) {
		copy = fcntl(directory, F_DUPFD_CLOEXEC, 3);
		if (copy < 0 || !(entries = fdopendir(copy))) {
			r = fail(err, "read the directory", "of the labs");
			if (copy >= 0)
				close(copy);
		}
	}
	if (r < 0 && r != -ENOENT)
		return r;

	while (entries && (entry = readdir(entries))) {
		auto_fd int fd = is_name(entry->d_name) ? open_file(directory, entry->d_name, 0)
							: -1;
		pid_t keeper;

		if (fd < 0 || keeper_of(fd, &keeper) < 0)
			continue;
		if (keeper != 0)
			*ARRAY_PUSH(names, n) = xstrdup(entry->d_name);
		else
			*ARRAY_PUSH(stale, n_stale) = xstrdup(entry->d_name);
	}
	if (entries && (n_stale || !n))
		tidy_up(directory, stale, n_stale);
	strings_free(stale, n_stale);
	strings_sort(names, n);
	*ret_names = names;
	*ret_n = n;
	return 0;
}
