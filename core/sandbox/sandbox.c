/* SPDX-License-Identifier: GPL-3.0-only */
#include "core/sandbox/sandbox.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>

#include "core/base/cleanup.h"
#include "core/sandbox/answer.h"
#include "core/sandbox/diagnose.h"
#include "core/sandbox/init.h"
#include "core/sandbox/seal.h"
#include "core/sandbox/users.h"

/* fork() with flags, which glibc does not offer; only for a process with one thread. */
static pid_t clone_process(unsigned long flags)
{
	return (pid_t)syscall(SYS_clone, flags | SIGCHLD, NULL, NULL, NULL, NULL);
}

/* The caller's half of the conversation in init.h. */
static int set_up(pid_t keeper, int channel, struct error *err)
{
	char word = KEEPER_GO;
	int r = users_map(keeper, err);

	if (r < 0)
		return r;
	if (send(channel, &word, sizeof(word), MSG_NOSIGNAL) < 0 || !answer_hear(channel, &r, err))
		return error_set(err, -ECHILD,
				 "the lab's keeper was killed while it was being set up");
	return r;
}

int sandbox_create(struct sandbox *ret_sandbox, bool bound_to_caller, int registration,
		   const struct sandbox_files *files, struct error *err)
{
	const unsigned long flags = CLONE_NEWUSER | CLONE_NEWNS | CLONE_NEWPID | CLONE_NEWNET |
				    CLONE_NEWIPC | CLONE_NEWUTS;
	const unsigned process_limit = seal_process_limit();
	struct sandbox sandbox = SANDBOX_CLOSED;
	sigset_t all, before;
	int channel[2];
	pid_t keeper;
	int r;

	if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, channel) < 0) {
		r = error_set(err, -errno, "cannot make a socket");
		sandbox_explain_cause(r, err);
		return r;
	}

	/* No handler of the caller's may run in the keeper. */
	sigfillset(&all);
	sigprocmask(SIG_SETMASK, &all, &before);
	keeper = clone_process(flags);
	r = keeper < 0 ? -errno : 0;
	if (keeper == 0)
		keeper_main(channel[1], registration, bound_to_caller, files, process_limit);
	sigprocmask(SIG_SETMASK, &before, NULL);
	close(channel[1]);

	if (r < 0) {
		close(channel[0]);
		error_set(err, r, "cannot make the lab's namespaces");
		sandbox_explain_cause(r, err);
		return r;
	}

	r = set_up(keeper, channel[0], err);
	if (r < 0)
		sandbox_explain_cause(r, err);
	else
		r = sandbox_open(&sandbox, keeper, err);
	if (r < 0) {
		close(channel[0]);
		kill(keeper, SIGKILL);
		(void)TEMP_FAILURE_RETRY(waitpid(keeper, NULL, 0));
		return r;
	}

	sandbox.control = channel[0];
	*ret_sandbox = sandbox;
	return 0;
}

int sandbox_release(struct sandbox *sandbox, struct error *err)
{
	char word = KEEPER_RELEASE;

	if (sandbox->control < 0)
		return error_set(err, -EINVAL, "the lab was not made by this process");
	if (send(sandbox->control, &word, sizeof(word), MSG_NOSIGNAL) < 0 ||
	    TEMP_FAILURE_RETRY(recv(sandbox->control, &word, sizeof(word), 0)) != 1)
		return error_set(err, -ECHILD, "the lab ended: its keeper was killed");
	close(sandbox->control);
	sandbox->control = -1;
	return 0;
}

static int open_process_file(pid_t pid, const char *name, int flags)
{
	char path[64];

	snprintf(path, sizeof(path), "/proc/%d/%s", (int)pid, name);
	return open(path, flags | O_CLOEXEC);
}

static int open_held(pid_t keeper, enum keeper_descriptor number)
{
	char name[16];

	snprintf(name, sizeof(name), "fd/%d", number);
	return open_process_file(keeper, name, O_RDONLY);
}

/* In a lab of an older version such programs are where its workers are. */
static int open_part(pid_t keeper)
{
	int fd = open_held(keeper, KEEPER_PART);

	return fd < 0 && errno == ENOENT ? open_held(keeper, KEEPER_MOUNT) : fd;
}

/* Say why something of the keeper's could not be opened, and close what could. */
static int fail_to_open(struct sandbox *sandbox, struct error *err)
{
	const int keeper = (int)sandbox->keeper;
	int r = -errno;
	auto_fd int stream = open_process_file(keeper, "fd/0", O_PATH);

	if (r == -ENOENT && stream >= 0) {
		/* A keeper that ends has lost all of its descriptors at once. */
		r = error_set(
			err, -EPROTO,
			"another version of vpclab made the lab, in another way than this one");
		error_hint(err, "vpclab down ends it; vpclab up makes it again");
	} else if (r == -ESRCH || r == -ENOENT || r == -EINVAL) {
		r = error_set(err, -ESRCH, "the lab ended: its keeper, process %d, is gone",
			      keeper);
	} else {
		error_set(err, r, "cannot open the namespaces of the lab's keeper, process %d",
			  keeper);
		sandbox_explain_cause(r, err);
	}
	sandbox_close(sandbox);
	return r;
}

int sandbox_find(struct sandbox *ret_sandbox, pid_t keeper, struct error *err)
{
	struct sandbox sandbox = SANDBOX_CLOSED;

	sandbox.keeper = keeper;
	if ((sandbox.pidfd = (int)syscall(SYS_pidfd_open, keeper, 0)) < 0 ||
	    (sandbox.pid_fd = open_process_file(keeper, "ns/pid", O_RDONLY)) < 0)
		return fail_to_open(&sandbox, err);
	*ret_sandbox = sandbox;
	return 0;
}

int sandbox_open(struct sandbox *ret_sandbox, pid_t keeper, struct error *err)
{
	struct sandbox sandbox;
	int r = sandbox_find(&sandbox, keeper, err);
	char name[16];

	if (r < 0)
		return r;
	if ((sandbox.user_fd = open_held(keeper, KEEPER_USER)) < 0 ||
	    (sandbox.network_fd = open_held(keeper, KEEPER_NETWORK)) < 0 ||
	    (sandbox.mount_fd = open_held(keeper, KEEPER_MOUNT)) < 0 ||
	    (sandbox.machine_fd = open_held(keeper, KEEPER_MACHINE)) < 0 ||
	    (sandbox.sealed_fd = open_held(keeper, KEEPER_SEALED)) < 0 ||
	    (sandbox.part_fd = open_part(keeper)) < 0)
		return fail_to_open(&sandbox, err);
	snprintf(name, sizeof(name), "fd/%d", KEEPER_DIRECTORY);
	sandbox.directory = open_process_file(keeper, name, O_PATH | O_DIRECTORY);

	/* Alive now, so that all that was opened by its pid was its own. */
	if (!sandbox_alive(&sandbox)) {
		errno = ESRCH;
		return fail_to_open(&sandbox, err);
	}
	*ret_sandbox = sandbox;
	return 0;
}

static void close_one(int *fd)
{
	if (*fd >= 0)
		close(*fd);
	*fd = -1;
}

void sandbox_close(struct sandbox *sandbox)
{
	close_one(&sandbox->pidfd);
	close_one(&sandbox->user_fd);
	close_one(&sandbox->network_fd);
	close_one(&sandbox->mount_fd);
	close_one(&sandbox->machine_fd);
	close_one(&sandbox->sealed_fd);
	close_one(&sandbox->part_fd);
	close_one(&sandbox->pid_fd);
	close_one(&sandbox->directory);
	close_one(&sandbox->control);
	sandbox->keeper = -1;
}

bool sandbox_alive(const struct sandbox *sandbox)
{
	struct pollfd keeper = { .fd = sandbox->pidfd, .events = POLLIN };
	struct stat st;
	char path[64];

	if (sandbox->pidfd < 0 || poll(&keeper, 1, 0) != 0)
		return false;
	/* A dying keeper has given its namespaces up already while it still waits for the last of
	 * the sandbox's processes. */
	snprintf(path, sizeof(path), "/proc/%d/ns/mnt", (int)sandbox->keeper);
	return stat(path, &st) == 0;
}
