/* SPDX-License-Identifier: GPL-3.0-only */
#include "core/sandbox/node.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <linux/keyctl.h>

#include "core/base/cleanup.h"
#include "core/base/memory.h"
#include "core/sandbox/files.h"
#include "core/sandbox/filter.h"
#include "core/sandbox/netns.h"
#include "core/sandbox/sandbox.h"

/* What a host has of its own beside its files, pinned in its directory. */
static const struct {
	const char *name;
	int flag;
} kinds[] = { { "uts", CLONE_NEWUTS }, { "ipc", CLONE_NEWIPC } };

static int fail(const char *netns, int r, struct error *err)
{
	return error_set(err, r, "cannot enter %s: %s", netns, strerror(-r));
}

static void name_host(const char *name)
{
	(void)!sethostname(name, strnlen(name, 64)); /* the kernel's limit */
}

/* Make a host's namespaces and pin them; the caller gets others of its own by it. */
static int make_namespaces(const char *own)
{
	for (size_t i = 0; i < ARRAY_SIZE(kinds); i++) {
		auto_free char *pin = xprintf("%s/%s", own, kinds[i].name);
		auto_free char *path = xprintf("/proc/self/ns/%s", kinds[i].name);
		auto_fd int place = open(pin, O_RDONLY | O_CREAT | O_CLOEXEC, 0444);
		auto_fd int namespace = -1;
		int r;

		if (place < 0 || unshare(kinds[i].flag) < 0 ||
		    (namespace = open(path, O_RDONLY | O_CLOEXEC)) < 0)
			return -errno;
		if ((r = namespace_pin(pin, namespace)) < 0)
			return r;
	}
	return 0;
}

static int join_namespaces(const char *own)
{
	for (size_t i = 0; i < ARRAY_SIZE(kinds); i++) {
		auto_free char *pin = xprintf("%s/%s", own, kinds[i].name);
		auto_fd int namespace = open(pin, O_RDONLY | O_CLOEXEC);

		if (namespace < 0 || setns(namespace, kinds[i].flag) < 0)
			return -errno;
	}
	return 0;
}

static int remove_one(const char *path, const struct stat *st, int type, struct FTW *ftw)
{
	(void)st;
	(void)ftw;
	(void)(type == FTW_DP ? rmdir(path) : unlink(path));
	return 0;
}

/* Where the machine's files are. */
static void forget(const char *own)
{
	auto_free char *list = files_list(own);
	auto_dir DIR *directory = opendir(own);
	const struct dirent *entry;

	(void)unlink(list);
	/* What is no mount does not mind. */
	while (directory && (entry = readdir(directory))) {
		auto_free char *path = xprintf("%s/%s", own, entry->d_name);

		if (entry->d_name[0] != '.')
			(void)umount2(path, MNT_DETACH | UMOUNT_NOFOLLOW);
	}
	(void)nftw(own, remove_one, 16, FTW_DEPTH | FTW_PHYS | FTW_MOUNT);
}

int node_mark(const char *netns, enum node_kind kind)
{
	auto_free char *mark = xprintf(MARK_DIRECTORY "/%s", netns);
	auto_fd int fd = open(mark, O_WRONLY | O_CREAT | O_CLOEXEC, 0644);
	const char byte = (char)kind;

	return fd < 0 || write(fd, &byte, 1) != 1 ? -errno : 0;
}

static enum node_kind kind_of(const char *netns)
{
	auto_free char *mark = xprintf(MARK_DIRECTORY "/%s", netns);
	auto_fd int fd = open(mark, O_RDONLY | O_CLOEXEC);
	char kind;

	return fd >= 0 && read(fd, &kind, 1) == 1 ? (enum node_kind)kind : NODE_HOST;
}

void node_forget(const char *netns)
{
	auto_free char *own = xprintf(NODE_DIRECTORY "/%s", netns);
	auto_free char *mark = xprintf(MARK_DIRECTORY "/%s", netns);
	pid_t pid;

	(void)unlink(mark);
	if (access(own, F_OK) < 0)
		return;
	/* The caller stays where it is. */
	pid = fork();
	if (pid == 0) {
		if (sandbox_enter_machine() == 0)
			forget(own);
		_exit(0);
	}
	if (pid > 0)
		(void)TEMP_FAILURE_RETRY(waitpid(pid, NULL, 0));
}

/* Whoever comes first makes it, the others wait; a maker that was killed has left a half of it. */
static int make_host(const char *netns, const char *own, enum node_kind kind, struct error *err)
{
	auto_free char *whole = files_list(own);
	auto_fd int lock = open(NODE_DIRECTORY, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	if (lock < 0 || flock(lock, LOCK_EX) < 0)
		return fail(netns, -errno, err);
	if (access(whole, F_OK) == 0)
		return 0;
	forget(own);
	if (mkdir(own, 0755) < 0 || make_namespaces(own) < 0)
		return fail(netns, -errno, err);
	name_host(netns);
	return files_make(own, kind, err);
}

/*
 * The mount namespace is the program's own: what the lab's pins are not in, so that a copy's cost
 * does not grow with the lab, and on it the files of the node. (A pin as for the other namespaces
 * is not to be had: whether the kernel lets one mount namespace hold another depends, in some
 * versions, on the processors that they were made on.)
 */
static int enter_host(const char *netns, enum node_kind kind, struct error *err)
{
	auto_free char *own = xprintf(NODE_DIRECTORY "/%s", netns);
	struct files files;
	int r = sandbox_enter_machine();

	if (r < 0)
		return fail(netns, r, err);
	if ((r = make_host(netns, own, kind, err)) < 0 ||
	    (r = files_open(own, false, &files, err)) < 0)
		return r;
	if ((r = join_namespaces(own)) < 0 || (r = sandbox_enter_sealed()) < 0)
		return fail(netns, r, err);
	return files_place(&files, err);
}

static void leave_session_keyring(void)
{
	/* The caller's may hold keys that are nobody's business here; a kernel may have none. */
	syscall(SYS_keyctl, KEYCTL_JOIN_SESSION_KEYRING, NULL);
}

int node_enter(const char *netns, bool own_files, struct error *err)
{
	auto_fd int filter = open(FILTER_PATH, O_RDONLY | O_CLOEXEC);
	auto_free char *directory = getcwd(NULL, 0);
	const enum node_kind kind = own_files ? kind_of(netns) : NODE_PART;
	int r;

	if (filter < 0)
		return fail(netns, -errno, err);
	if ((r = netns_enter(netns, err)) < 0)
		return r;
	if (kind != NODE_PART) {
		if ((r = enter_host(netns, kind, err)) < 0)
			return r;
	} else {
		if ((r = sandbox_enter_part()) < 0)
			return fail(netns, r, err);
		/* What a router's program does to its mounts is no matter of the next one's. */
		if (unshare(CLONE_NEWUTS | (own_files ? CLONE_NEWNS : 0)) == 0)
			name_host(netns);
	}
	if (directory)
		(void)!chdir(directory); /* else it stays in / */
	leave_session_keyring();
	if ((r = filter_load(filter)) < 0)
		return fail(netns, r, err);
	return 0;
}
