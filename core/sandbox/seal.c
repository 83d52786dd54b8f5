/* SPDX-License-Identifier: GPL-3.0-only */
#include "core/sandbox/seal.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "core/base/cleanup.h"
#include "core/base/limit.h"
#include "core/base/memory.h"
#include "core/base/text.h"
#include "core/sandbox/files.h"
#include "core/sandbox/filter.h"
#include "core/sandbox/sandbox.h"
#include "core/sandbox/users.h"

#define LOG_DIRECTORY "/run/vpclab/service" /* and pids, of what stays (core/apply/daemon.h) */

static int fail(const char *doing, const char *path, struct error *err)
{
	int r = -errno;

	return error_set(err, r, "cannot %s %s", doing, path);
}

static int clone_tree(const char *path, bool recursive)
{
	return open_tree(AT_FDCWD, path,
			 OPEN_TREE_CLONE | OPEN_TREE_CLOEXEC | (recursive ? AT_RECURSIVE : 0));
}

static int move_tree(int tree, const char *target)
{
	return move_mount(tree, "", AT_FDCWD, target, MOVE_MOUNT_F_EMPTY_PATH);
}

static int make_read_only(int tree, const char *path, unsigned flags)
{
	struct mount_attr attributes = { .attr_set = MOUNT_ATTR_RDONLY, .propagation = MS_PRIVATE };

	return mount_setattr(tree, path, flags, &attributes, sizeof(attributes));
}

/* Have an empty directory in its place. */
static int cover_directory(const char *path, void *arg)
{
	auto_fd int tree = clone_tree(EMPTY_DIRECTORY, false);

	return tree < 0 || make_read_only(tree, "", AT_EMPTY_PATH) < 0 || move_tree(tree, path) < 0
		       ? fail("cover", path, arg)
		       : 0;
}

/* ---- directories that stay those of the machine ---- */

/* What follows the directory in a path that is it or lies below it; NULL: it does not. */
static const char *path_below(const char *path, const char *directory)
{
	const size_t length = strlen(directory);

	return strncmp(path, directory, length) == 0 && (!path[length] || path[length] == '/')
		       ? path + length
		       : NULL;
}

/* Where a share would open what is to be sealed, or is a place of the lab's own. */
static bool may_be_shared(const char *path)
{
	static const char *const own[] = { "/proc", "/sys", "/dev", "/run/netns", "/run/vpclab" };

	for (size_t i = 0; i < ARRAY_SIZE(own); i++)
		if (path_below(path, own[i]))
			return false;
	return path[0] == '/' && path[1] && strcmp(path, "/run") != 0;
}

struct shares {
	char *hidden; /* or NULL */
	char **path;
	int *tree;
	size_t n, n_tree;
};

/* Before anything is read-only: a copy of the mounts below the directory. */
static int share(struct shares *shares, const char *path, struct error *err)
{
	auto_free char *real = realpath(path, NULL);
	int tree;

	if (!real)
		return fail("share", path, err);
	if (!may_be_shared(real) || (shares->hidden && path_below(real, shares->hidden)))
		return 0;
	tree = clone_tree(real, true);
	if (tree < 0)
		return fail("share", real, err);
	*ARRAY_PUSH(shares->path, shares->n) = take_ptr(real);
	*ARRAY_PUSH(shares->tree, shares->n_tree) = tree;
	return 0;
}

static int find_shares(struct shares *shares, const struct sandbox_files *files, struct error *err)
{
	char *const *wanted = files->share;
	auto_free char *directory = getcwd(NULL, 0);
	int r = 0;

	shares->hidden = files->hidden ? realpath(files->hidden, NULL) : NULL;
	/* A working directory that is gone or out of reach is nobody's wish. */
	if (directory)
		(void)share(shares, directory, &(struct error){ 0 });
	for (; r == 0 && wanted && *wanted; wanted++)
		r = share(shares, *wanted, err);
	return r;
}

static int place_shares(const struct shares *shares, struct error *err)
{
	for (size_t i = 0; i < shares->n; i++) {
		struct stat st;
		const char *below;
		char place[64], link[64];

		snprintf(place, sizeof(place), SHARE_DIRECTORY "/%zu", i);
		snprintf(link, sizeof(link), SHARE_DIRECTORY "/%zu.path", i);
		if (fstat(shares->tree[i], &st) < 0 || mkdir(place, 0755) < 0 ||
		    symlink(shares->path[i], link) < 0 || move_tree(shares->tree[i], place) < 0)
			return fail("share", shares->path[i], err);
		if (shares->hidden && (below = path_below(shares->hidden, shares->path[i]))) {
			auto_free char *hidden = xprintf("%s%s", place, below);

			if (cover_directory(hidden, err) < 0)
				return -EIO;
		}
	}
	return 0;
}

/* ---- /proc ---- */

static bool is_number(const char *name)
{
	return *name >= '0' && *name <= '9';
}

/* What tells or does more than a program in a lab is to know or do, whoever may read it. */
static bool is_hidden(const char *name)
{
	static const char *const hidden[] = { "acpi", "asound", "firmware",    "kcore",
					      "keys", "scsi",   "sched_debug", "timer_list" };

	for (size_t i = 0; i < ARRAY_SIZE(hidden); i++) {
		if (strcmp(name, hidden[i]) == 0)
			return true;
	}
	return false;
}

/*
 * Cover one entry of /proc: a directory is read-only; a file that can be written, or that only root
 * may read, is empty. That is more than is known to be dangerous, and holds for what other kernels
 * have there.
 */
static int cover(const char *path, const char *name, struct error *err)
{
	struct stat st;

	if (lstat(path, &st) < 0 || S_ISLNK(st.st_mode))
		return 0;
	if (S_ISDIR(st.st_mode)) {
		if (is_hidden(name))
			return mount("tmpfs", path, "tmpfs", MS_RDONLY, "size=4k,mode=0555") < 0
				       ? fail("cover", path, err)
				       : 0;
		auto_fd int tree = clone_tree(path, false);

		if (tree < 0 || make_read_only(tree, "", AT_EMPTY_PATH) < 0 ||
		    move_tree(tree, path) < 0)
			return fail("cover", path, err);
	} else if (is_hidden(name) || (st.st_mode & 0222) || !(st.st_mode & 0004)) {
		if (mount("/dev/null", path, NULL, MS_BIND, NULL) < 0)
			return fail("cover", path, err);
	}
	return 0;
}

static void write_sysctl(const char *path, unsigned value)
{
	auto_fd int fd = open(path, O_WRONLY | O_CLOEXEC);
	char text[16];
	int n = snprintf(text, sizeof(text), "%u\n", value);

	/* Older kernels have one for the machine, which is not ours to write. */
	if (fd >= 0 && write(fd, text, (size_t)n) < 0)
		return;
}

#define PROCESSES_MAX 32768

/* Half of what the machine can have: a fork bomb in a lab leaves it the other half. */
unsigned seal_process_limit(void)
{
	long pids = PROCESSES_MAX;

	(void)limit_read("/proc/sys/kernel/pid_max", &pids);
	return pids / 2 < PROCESSES_MAX ? (unsigned)pids / 2 : PROCESSES_MAX;
}

static int seal_proc(unsigned process_limit, struct error *err)
{
	auto_fd int network = -1;
	auto_dir DIR *proc = NULL;
	const struct dirent *entry;
	int r = 0;

	if (mount("proc", "/proc", "proc", MS_NOSUID | MS_NODEV | MS_NOEXEC, NULL) < 0)
		return fail("mount", "the lab's own /proc", err);

	/* A control group namespace of its own would let a root mount the machine's groups. */
	write_sysctl("/proc/sys/user/max_cgroup_namespaces", 0);
	write_sysctl("/proc/sys/kernel/pid_max", process_limit);

	network = clone_tree("/proc/sys/net", false);
	proc = opendir("/proc");
	if (network < 0 || !proc)
		return fail("read", "the lab's own /proc", err);
	while (r == 0 && (entry = readdir(proc))) {
		char path[PATH_MAX];

		if (is_number(entry->d_name) || entry->d_name[0] == '.')
			continue;
		snprintf(path, sizeof(path), "/proc/%s", entry->d_name);
		r = cover(path, entry->d_name, err);
	}
	if (r == 0 && move_tree(network, "/proc/sys/net") < 0)
		r = fail("mount", "/proc/sys/net", err);
	return r;
}

/* ---- /dev ---- */

static int furnish_dev(struct error *err)
{
	static const char *const devices[] = { "null",    "zero", "full",   "random",
					       "urandom", "tty",  "net/tun" };
	static const char *const links[][2] = { { "/proc/self/fd", "/dev/fd" },
						{ "/proc/self/fd/0", "/dev/stdin" },
						{ "/proc/self/fd/1", "/dev/stdout" },
						{ "/proc/self/fd/2", "/dev/stderr" },
						{ "pts/ptmx", "/dev/ptmx" } };
	int tree[ARRAY_SIZE(devices)];
	char path[64];
	int r = 0;

	for (size_t i = 0; i < ARRAY_SIZE(devices); i++) {
		snprintf(path, sizeof(path), "/dev/%s", devices[i]);
		tree[i] = clone_tree(path, false);
	}
	if (mount("tmpfs", "/dev", "tmpfs", MS_NOSUID, "mode=0755,size=64k") < 0 ||
	    mkdir("/dev/net", 0755) < 0 || mkdir("/dev/pts", 0755) < 0 ||
	    mkdir("/dev/shm", 0755) < 0)
		r = fail("mount", "the lab's own /dev", err);
	for (size_t i = 0; i < ARRAY_SIZE(devices); i++) {
		if (r == 0 && tree[i] >= 0) {
			snprintf(path, sizeof(path), "/dev/%s", devices[i]);
			auto_fd int place = open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0666);

			if (place < 0 || move_tree(tree[i], path) < 0)
				r = fail("mount", path, err);
		}
		if (tree[i] >= 0)
			close(tree[i]);
	}
	for (size_t i = 0; r == 0 && i < ARRAY_SIZE(links); i++) {
		if (symlink(links[i][0], links[i][1]) < 0)
			r = fail("make", links[i][1], err);
	}
	if (r < 0)
		return r;

	/* Terminals belong to the group tty, which not every lab has. */
	if (mount("devpts", "/dev/pts", "devpts", MS_NOSUID | MS_NOEXEC,
		  "newinstance,ptmxmode=0666,mode=0620,gid=5") < 0 &&
	    mount("devpts", "/dev/pts", "devpts", MS_NOSUID | MS_NOEXEC,
		  "newinstance,ptmxmode=0666,mode=0600") < 0)
		return fail("mount", "the lab's own /dev/pts", err);
	if (mount("tmpfs", "/dev/shm", "tmpfs", MS_NOSUID | MS_NODEV,
		  "mode=1777,size=256m,nr_inodes=64k") < 0)
		return fail("mount", "the lab's own /dev/shm", err);
	return 0;
}

/* ---- /run ---- */

/* Have a directory of the lab's own a second time, where no program of a node's can make it
 * writable, for it is the keeper who makes it read-only. */
static int show_read_only(const char *name, struct error *err)
{
	auto_free char *own = xprintf("/run/vpclab/%s", name);
	auto_free char *place = xprintf(READ_DIRECTORY "/%s", name);
	auto_fd int tree = mkdir(own, 0755) < 0 && errno != EEXIST ? -1 : clone_tree(own, false);

	return tree < 0 || mkdir(place, 0755) < 0 || make_read_only(tree, "", AT_EMPTY_PATH) < 0 ||
			       move_tree(tree, place) < 0
		       ? fail("show to services", own, err)
		       : 0;
}

static int furnish_run(struct error *err)
{
	static const struct {
		const char *path;
		mode_t mode;
	} directories[] = {
		{ "/run/netns", 0755 },    { "/run/lock", 01777 },      { "/run/vpclab", 0700 },
		{ SHARE_DIRECTORY, 0700 }, { EMPTY_DIRECTORY, 0555 },   { MACHINE_DIRECTORY, 0755 },
		{ NODE_DIRECTORY, 0700 },  { "/run/vpclab/ssh", 0700 }, { "/run/vpclab/tls", 0700 },
		{ MARK_DIRECTORY, 0755 },  { READ_DIRECTORY, 0700 },    { LIST_DIRECTORY, 0700 },
		{ LOG_DIRECTORY, 0755 },
	};
	/* What programs can fill up, each for itself: the journal is beside them. Not tls/, where
	 * the bundle is one file with what lies over the machine's. */
	static const struct {
		const char *path, *options;
	} filled[] = { { NODE_DIRECTORY, "mode=0700,size=448m,nr_inodes=1m" },
		       { LOG_DIRECTORY, "mode=0755,size=128m,nr_inodes=128k" },
		       { "/run/vpclab/ssh", "mode=0700,size=8m,nr_inodes=1k" } };
	static const char *const read_only[] = { FILES_READ_ONLY };
	int r = 0;

	/* What fills up is this, and not the machine's memory. */
	if (mount("tmpfs", "/run", "tmpfs", MS_NOSUID | MS_NODEV, "mode=0755,size=128m") < 0)
		return fail("mount", "the lab's own /run", err);
	for (size_t i = 0; i < ARRAY_SIZE(directories); i++) {
		if (mkdir(directories[i].path, directories[i].mode) < 0 ||
		    chmod(directories[i].path, directories[i].mode) < 0)
			return fail("make the lab's own directory", directories[i].path, err);
	}
	for (size_t i = 0; i < ARRAY_SIZE(filled); i++)
		if (mount("tmpfs", filled[i].path, "tmpfs", MS_NOSUID | MS_NODEV,
			  filled[i].options) < 0)
			return fail("mount", filled[i].path, err);
	for (size_t i = 0; r == 0 && i < ARRAY_SIZE(read_only); i++)
		r = show_read_only(read_only[i], err);
	return r;
}

int seal_cover(struct error *err)
{
	int r = files_each_top(cover_directory, err);

	if (r == 0)
		r = cover_directory("/dev/shm", err);
	/* Last: the empty directory is there. */
	return r == 0 ? cover_directory("/run", err) : r;
}

static int seal_tree(const struct shares *shares, unsigned process_limit, struct error *err)
{
	int r;

	if (make_read_only(AT_FDCWD, "/", AT_RECURSIVE) < 0) {
		if (errno != ENOSYS)
			return fail("make read-only", "the machine's files in the lab", err);
		error_set(err, -ENOSYS, "this kernel cannot make a whole tree read-only");
		error_hint(err, "Linux 5.12 or later is needed (mount_setattr)");
		return -ENOSYS;
	}
	/* /dev first: its null covers parts of /proc. A fresh sysfs shows the links of the empty
	 * network namespace that we are in; where there may be none, the machine's stays. */
	if ((r = furnish_dev(err)) < 0 || (r = furnish_run(err)) < 0 ||
	    (r = place_shares(shares, err)) < 0 || (r = seal_proc(process_limit, err)) < 0)
		return r;
	(void)mount("sysfs", "/sys", "sysfs", MS_NOSUID | MS_NODEV | MS_NOEXEC | MS_RDONLY, NULL);
	if ((r = files_prepare(err)) < 0)
		return r;
	return filter_write(FILTER_PATH, users_is_single(), err);
}

int seal_machine(const struct sandbox_files *files, unsigned process_limit, struct error *err)
{
	static const struct sandbox_files none;
	struct shares shares = { 0 };
	int r = find_shares(&shares, files ? files : &none, err);

	umask(022);
	if (r == 0)
		r = seal_tree(&shares, process_limit, err);
	for (size_t i = 0; i < shares.n; i++) {
		close(shares.tree[i]);
		free(shares.path[i]);
	}
	free(shares.tree);
	free(shares.path);
	free(shares.hidden);
	return r;
}
