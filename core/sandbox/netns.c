/* SPDX-License-Identifier: GPL-3.0-only */
#include "core/sandbox/netns.h"

#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/vfs.h>
#include <unistd.h>

#include <linux/magic.h>
#include <linux/sockios.h>

#include "core/base/cleanup.h"
#include "core/sandbox/sandbox.h"

#define PATH_SIZE 320

static const char *pin_path(const char *name, char path[static PATH_SIZE])
{
	snprintf(path, PATH_SIZE, "/run/netns/%s", name);
	return path;
}

static int fail(const char *doing, const char *name, int r, struct error *err)
{
	return error_set(err, r, "cannot %s network namespace %s: %s", doing, name, strerror(-r));
}

int netns_open(const char *name, struct error *err)
{
	char path[PATH_SIZE];
	int fd, r;

	/* Names come from the model, which is stricter; a pin is never looked for outside its
	 * directory. */
	if (!*name || *name == '.' || strchr(name, '/') || strlen(name) > 255)
		return error_set(err, -EINVAL, "\"%.64s\" is no name of a network namespace", name);

	fd = open(pin_path(name, path), O_RDONLY | O_CLOEXEC);
	if (fd >= 0)
		return fd;

	r = -errno;
	if (r == -ENOENT)
		return error_set(err, r, "%s has no network namespace", name);
	return error_set(err, r, "cannot open the network namespace of %s: %s", name, strerror(-r));
}

int netns_enter(const char *name, struct error *err)
{
	auto_fd int fd = netns_open(name, err);
	int r;

	if (fd < 0)
		return fd;
	if (setns(fd, CLONE_NEWNET) == 0)
		return 0;

	r = -errno;
	return error_set(err, r, "cannot enter the network namespace of %s: %s", name,
			 strerror(-r));
}

int netns_create(const char *name, struct error *err)
{
	int r;

	if (unshare(CLONE_NEWNET) == 0)
		return 0;
	r = -errno;
	if (r != -ENOSPC)
		return fail("create", name, r, err);
	error_set(err, r,
		  "cannot create network namespace %s: this machine's limit on network namespaces "
		  "is reached",
		  name);
	error_hint(err, "sudo sysctl -w user.max_net_namespaces=100000");
	return r;
}

/* A bind mount of the namespace's file. Not by its path below /proc: fewer look-ups, and good from
 * any thread. */
int namespace_pin(const char *path, int namespace)
{
	auto_fd int tree =
		open_tree(namespace, "", AT_EMPTY_PATH | OPEN_TREE_CLONE | OPEN_TREE_CLOEXEC);

	if (tree < 0 || move_mount(tree, "", AT_FDCWD, path, MOVE_MOUNT_F_EMPTY_PATH) < 0)
		return -errno;
	return 0;
}

int netns_pin(const char *name, int socket, bool replace, struct error *err)
{
	char path[PATH_SIZE];
	int flags = O_RDONLY | O_CREAT | O_CLOEXEC | O_NOFOLLOW | (replace ? 0 : O_EXCL);
	auto_fd int fd = open(pin_path(name, path), flags, 0444);
	auto_fd int namespace = ioctl(socket, SIOCGSKNS);
	int r;

	if (fd < 0 || namespace < 0)
		return fail("name", name, -errno, err);
	r = namespace_pin(path, namespace);
	if (r == 0)
		return 0;
	fail("name", name, r, err);
	if (r == -ENOSPC)
		error_hint(err, "sudo sysctl -w fs.mount-max=1000000");
	unlink(path);
	return r;
}

bool netns_is_pinned(const char *name)
{
	char path[PATH_SIZE];
	struct statfs fs;

	return statfs(pin_path(name, path), &fs) == 0 && fs.f_type == NSFS_MAGIC;
}

static bool process_is_in(int pid, const struct stat *namespace)
{
	char path[64];
	struct stat st;

	snprintf(path, sizeof(path), "/proc/%d/ns/net", pid);
	return stat(path, &st) == 0 && st.st_dev == namespace->st_dev &&
	       st.st_ino == namespace->st_ino;
}

bool netns_has_process(const char *name, int pid)
{
	char path[PATH_SIZE];
	struct stat namespace;

	return stat(pin_path(name, path), &namespace) == 0 && process_is_in(pid, &namespace);
}

/* The process is looked at again once we hold on to it: the number may have gone to another one in
 * between. */
static bool kill_if_inside(int pid, const struct stat *namespace)
{
	auto_fd int pidfd = (int)syscall(SYS_pidfd_open, pid, 0);
	struct pollfd gone = { .fd = pidfd, .events = POLLIN };

	if (pidfd < 0 || !process_is_in(pid, namespace) || pid == getpid())
		return false;
	if (syscall(SYS_pidfd_send_signal, pidfd, SIGKILL, NULL, 0) < 0)
		return false;
	poll(&gone, 1, 1000);
	return true;
}

static bool kill_all_inside(const struct stat *namespace)
{
	DIR *proc = opendir("/proc");
	bool any = false;
	const struct dirent *entry;

	if (!proc)
		return false;
	while ((entry = readdir(proc)) != NULL) {
		int pid = isdigit((unsigned char)entry->d_name[0])
				  ? (int)strtol(entry->d_name, NULL, 10)
				  : 0;

		if (pid > 0 && process_is_in(pid, namespace))
			any = kill_if_inside(pid, namespace) || any;
	}
	closedir(proc);
	return any;
}

int netns_delete(const char *name, struct error *err)
{
	char path[PATH_SIZE];
	struct stat namespace;

	if (stat(pin_path(name, path), &namespace) < 0)
		return errno == ENOENT ? 0 : fail("delete", name, -errno, err);
	/* Again for what was forked meanwhile; a bomb that outruns us keeps a nameless namespace
	 * until the lab ends. */
	for (int i = 0; i < 10 && netns_is_pinned(name) && kill_all_inside(&namespace); i++)
		;
	if (umount2(path, MNT_DETACH | UMOUNT_NOFOLLOW) < 0 && errno != EINVAL && errno != ENOENT)
		return fail("delete", name, -errno, err);
	if (unlink(path) < 0 && errno != ENOENT)
		return fail("delete", name, -errno, err);
	return 0;
}
