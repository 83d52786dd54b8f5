/* SPDX-License-Identifier: GPL-3.0-only */
#include "core/sandbox/init.h"

#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "core/base/cleanup.h"
#include "core/base/memory.h"
#include "core/sandbox/answer.h"
#include "core/sandbox/files.h"
#include "core/sandbox/init_memory.h"
#include "core/sandbox/seal.h"
#include "core/sandbox/users.h"

/* ---- the namespaces of programs ---- */

/* The keeper and the process in which it makes the namespaces say "done" to each other. */
static int go_on(int channel)
{
	return answer_tell(channel, 0, NULL) ? 0 : -errno;
}

static int hear(int channel, struct error *err)
{
	int r;

	return answer_hear(channel, &r, err)
		       ? r
		       : error_set(err, -ECHILD, "a process that set the lab up was killed");
}

static int fail(const char *doing, struct error *err)
{
	int r = -errno;

	return error_set(err, r, "cannot %s", doing);
}

static int make_namespace(int channel, int flag, struct error *err)
{
	int r = unshare(flag) < 0 ? fail("make the namespaces of the lab's programs", err) : 0;

	/* The keeper takes hold of it, and says so. */
	if (r == 0 && (r = go_on(channel)) == 0)
		r = hear(channel, err);
	return r;
}

/*
 * In a child of the keeper: the user namespace of the programs, with the same users, and a network
 * that is nobody's. In it the machine's files, on which those of all nodes rest; no program ever
 * gets there.
 */
static int make_machine(int channel, unsigned process_limit, struct error *err)
{
	const struct rlimit limit = { process_limit, process_limit };
	int r;

	/* A user namespace keeps the limit of its maker for all that is in it. Where the user has a
	 * lower one, that holds. */
	(void)setrlimit(RLIMIT_NPROC, &limit);
	if ((r = make_namespace(channel, CLONE_NEWUSER, err)) < 0 ||
	    (r = make_namespace(channel, CLONE_NEWNET, err)) < 0 ||
	    (r = make_namespace(channel, CLONE_NEWNS, err)) < 0)
		return r;
	if (mkdir(LAB_DIRECTORY, 0700) < 0)
		return fail("make the lab's own directory " LAB_DIRECTORY, err);
	return files_make(LAB_DIRECTORY, NODE_PART, err);
}

/* Make a copy of the caller's mounts, and put the files of what is no host there; for workers the
 * lab's own /run, too. */
static int make_view(int channel, bool for_workers, struct error *err)
{
	auto_fd int view = -1;
	struct files files;
	int r = make_namespace(channel, CLONE_NEWNS, err);

	if (r < 0)
		return r;
	view = open("/proc/self/ns/mnt", O_RDONLY | O_CLOEXEC);
	if (view < 0 || setns(KEEPER_MACHINE, CLONE_NEWNS) < 0)
		return fail("enter the lab's own files", err);
	if ((r = files_open(LAB_DIRECTORY, for_workers, &files, err)) < 0)
		return r;
	if (setns(view, CLONE_NEWNS) < 0)
		return fail("enter the lab's own files", err);
	return files_place(&files, err);
}

/* In another one, when the machine's files are covered: what hosts begin with, and copies of it for
 * workers and for programs without files of a host. */
static int make_nodes(int channel, unsigned process_limit, struct error *err)
{
	auto_fd int sealed = -1;
	int r;

	(void)process_limit;
	if (setns(KEEPER_USER, CLONE_NEWUSER) < 0)
		return fail("enter the user namespace of the lab's programs", err);
	if ((r = make_namespace(channel, CLONE_NEWNS, err)) < 0)
		return r;
	sealed = open("/proc/self/ns/mnt", O_RDONLY | O_CLOEXEC);
	if (sealed < 0)
		return fail("enter the lab's own files", err);
	if ((r = make_view(channel, true, err)) < 0)
		return r;
	if (setns(sealed, CLONE_NEWNS) < 0)
		return fail("enter the lab's own files", err);
	return make_view(channel, false, err);
}

/* In the keeper: wait for the child's next namespace and take hold of it. */
static int hold_namespace(int channel, pid_t child, enum keeper_descriptor number,
			  struct error *err)
{
	const char *name = number == KEEPER_USER      ? "user"
			   : number == KEEPER_NETWORK ? "net"
						      : "mnt";
	char path[64];
	int r = hear(channel, err);

	snprintf(path, sizeof(path), "/proc/%d/ns/%s", (int)child, name);
	auto_fd int fd = r < 0 ? -1 : open(path, O_RDONLY | O_CLOEXEC);

	if (r == 0 && (fd < 0 || dup2(fd, (int)number) < 0))
		r = fail("keep the namespaces of the lab's programs", err);
	if (r == 0 && number == KEEPER_USER)
		r = users_map_same(child, err);
	return r == 0 ? go_on(channel) : r;
}

/* Run one of the two in a child and hold what it makes: the namespaces from the first to the last.
 */
static int make_in_child(int (*make)(int channel, unsigned process_limit, struct error *err),
			 unsigned process_limit, enum keeper_descriptor first,
			 enum keeper_descriptor last, struct error *err)
{
	int channel[2], r;
	pid_t child;

	if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, channel) < 0)
		return fail("make a socket", err);
	child = fork();
	if (child == 0) {
		close(channel[0]);
		r = make(channel[1], process_limit, err);
		_exit(!answer_tell(channel[1], r, err));
	}
	r = child < 0 ? fail("start a process", err) : 0;
	close(channel[1]);
	for (unsigned number = first; r == 0 && number <= last; number++)
		if (number != KEEPER_DIRECTORY)
			r = hold_namespace(channel[0], child, number, err);
	if (r == 0)
		r = hear(channel[0], err);
	close(channel[0]);
	return r;
}

static int make_program_namespaces(unsigned process_limit, struct error *err)
{
	auto_fd int directory = open("/run/vpclab", O_PATH | O_DIRECTORY | O_CLOEXEC);
	int r;

	if (directory < 0 || dup2(directory, KEEPER_DIRECTORY) < 0)
		return fail("open the lab's own directory /run/vpclab", err);
	r = make_in_child(make_machine, process_limit, KEEPER_USER, KEEPER_MACHINE, err);
	if (r == 0)
		r = seal_cover(err);
	if (r == 0)
		r = make_in_child(make_nodes, process_limit, KEEPER_SEALED, KEEPER_PART, err);
	return r;
}

/* POSIX locks belong to the process and fall with the first close() of that file: so late, and by
 * the keeper itself. */
static int take_registration(int registration, struct error *err)
{
	struct flock lock = { .l_type = F_WRLCK, .l_whence = SEEK_SET };
	int r;

	if (registration < 0)
		return 0;
	/* The lock by which the name was claimed would be held until all of this process is taken
	 * apart, long after it is dead to everybody. */
	if (fcntl(registration, F_SETLK, &lock) == 0 && flock(registration, LOCK_UN) == 0)
		return 0;
	r = -errno;
	if (r == -EAGAIN || r == -EACCES)
		return error_set(err, -EEXIST, "a lab of that name runs already");
	return error_set(err, r, "cannot lock the lab's registration");
}

/*
 * Leave only the channel and the registration open, and in their places: a pipe or terminal of the
 * caller's must not be held by a keeper that may outlive it.
 */
static int tidy_descriptors(int *channel, int *registration)
{
	int high_channel = fcntl(*channel, F_DUPFD, KEEPER_FREE);
	int high_registration = *registration < 0 ? -1 : fcntl(*registration, F_DUPFD, KEEPER_FREE);
	int null;

	/* EINVAL is a limit on open files that is lower than that. */
	if (high_channel < 0 || (*registration >= 0 && high_registration < 0) ||
	    dup2(high_channel, KEEPER_CHANNEL) < 0)
		return errno == EINVAL || errno == EBADF ? -EMFILE : -errno;
	*channel = KEEPER_CHANNEL;
	if (high_registration >= 0 && dup2(high_registration, KEEPER_REGISTRATION) < 0)
		return -errno;
	*registration = high_registration >= 0 ? KEEPER_REGISTRATION : -1;
	if (syscall(SYS_close_range, KEEPER_USER, ~0U, 0) < 0)
		return -errno;

	for (int fd = 0; fd < KEEPER_CHANNEL; fd++)
		close(fd);
	null = open("/dev/null", O_RDWR);
	/* The places of what is to be held are taken from now on. */
	for (int fd = 1; null == 0 && fd < KEEPER_FREE; fd++) {
		if (fd != *channel && fd != *registration)
			dup2(null, fd);
	}
	return 0;
}

static void reset_signals(void)
{
	sigset_t none;

	for (int number = 1; number < _NSIG; number++)
		signal(number, SIG_DFL);
	/* PID 1 inherits every orphan of the sandbox; the kernel reaps them for a parent that
	 * ignores them. */
	signal(SIGCHLD, SIG_IGN);
	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
}

/* The rest of its life. Only system calls: most of the program's memory is gone. */
static _Noreturn void hold(int channel)
{
	char word;

	while (channel >= 0) {
		long n = syscall(SYS_read, channel, &word, sizeof(word));

		if (n < 0 && errno == EINTR)
			continue;
		if (n == 1 && word == KEEPER_RELEASE) {
			syscall(SYS_prctl, PR_SET_PDEATHSIG, 0, 0, 0, 0);
			syscall(SYS_write, channel, &word, sizeof(word));
		}
		syscall(SYS_close, channel);
		channel = -1;
	}
	for (;;)
		syscall(SYS_ppoll, NULL, 0, NULL, NULL, 0);
}

void keeper_main(int channel, int registration, bool bound, const struct sandbox_files *files,
		 unsigned process_limit)
{
	struct error err;
	char word = 0;
	int r;

	/*
	 * First the signal, then the word: a caller that dies before the signal is set never says
	 * it. getppid() would not tell, the caller is in another PID namespace.
	 */
	if (bound)
		prctl(PR_SET_PDEATHSIG, SIGKILL);
	reset_signals();
	prctl(PR_SET_NAME, "vpclab-keeper");
	prctl(PR_SET_DUMPABLE, 1);
	setsid();
	r = tidy_descriptors(&channel, &registration);
	if (r < 0)
		error_set(&err, r, "cannot tidy the keeper's open files");

	if (recv(channel, &word, sizeof(word), 0) != 1 || word != KEEPER_GO)
		_exit(1);
	if (r == 0)
		r = seal_machine(files, process_limit, &err);
	if (r == 0 && chdir("/") < 0)
		r = fail("change to /", &err);
	if (r == 0)
		r = make_program_namespaces(process_limit, &err);
	if (r == 0)
		r = take_registration(registration, &err);
	if (!answer_tell(channel, r, &err) || r < 0)
		_exit(1);

	keeper_shed_memory();
	hold(channel);
}
