/* SPDX-License-Identifier: GPL-3.0-only */
#include "core/apply/daemon.h"
#include "core/apply/waiter.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "core/base/cleanup.h"
#include "core/base/clock.h"
#include "core/base/memory.h"
#include "core/sandbox/exec_setup.h"
#include "core/sandbox/netns.h"
#include "core/sandbox/node.h"
#include "core/sandbox/sandbox.h"

#define DIRECTORY     "/run/vpclab/service"
#define OWN_PROGRAM   "vpclab-service"
#define READY_FD      3
#define READY_TIMEOUT 30000 /* ms */
#define STOP_TIMEOUT  2000  /* ms */
#define SIDE_BY_SIDE  64    /* started before the first is waited for */
#define PATH_SIZE     640

static const char *file_path(const struct object *process, const char *ending,
			     char path[static PATH_SIZE])
{
	snprintf(path, PATH_SIZE, "%s/%s/%s.%s", DIRECTORY, process->netns, process->process.name,
		 ending);
	return path;
}

static int make_directory(const char *path)
{
	return mkdir(path, 0755) < 0 && errno != EEXIST ? -errno : 0;
}

/* ---- in the child, until it is the program ---- */

struct start {
	const struct object *process;
	const char *own_program; /* where vpclab-service is; NULL: in PATH */
	const struct rlimit *open_files;
};

static _Noreturn void give_up(int report, const char *what, int r)
{
	char text[256];
	int n = snprintf(text, sizeof(text), "%s: %s", what, strerror(-r));

	if (write(report, text, (size_t)n < sizeof(text) ? (size_t)n : sizeof(text) - 1) < 0)
		_exit(127);
	_exit(127);
}

static int write_pid(const struct object *process)
{
	char path[PATH_SIZE], pid[16];
	auto_fd int fd = open(file_path(process, "pid", path),
			      O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
	int n = snprintf(pid, sizeof(pid), "%d\n", (int)getpid());

	return fd >= 0 && write(fd, pid, (size_t)n) == n ? 0 : -errno;
}

/* Set up the standard streams and, if wanted, the readiness pipe. exec closes everything else. */
static int settle_files(const struct object *process, int report)
{
	char path[PATH_SIZE];
	auto_fd int null = open("/dev/null", O_RDONLY | O_CLOEXEC);
	auto_fd int log = open(file_path(process, "log", path),
			       O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0644);

	if (null < 0 || log < 0 || dup2(null, 0) < 0 || dup2(log, 1) < 0 || dup2(log, 2) < 0)
		return -errno;
	syscall(SYS_close_range, 3, ~0U, 1U << 2 /* CLOSE_RANGE_CLOEXEC */);
	if (process->process.says_ready && dup2(report, READY_FD) < 0)
		return -errno;
	return write_pid(process);
}

static _Noreturn void become_daemon(const struct start *start, int report)
{
	const struct process_object *process = &start->process->process;
	const char *program = process->argv[0];
	char *const *argv;
	struct error err;
	int r;

	setsid();
	program_settle_signals(false);
	setrlimit(RLIMIT_NOFILE, start->open_files);
	/* The log and the pid are the lab's files, which the node does not see. A service of ours
	 * that says when it is ready needs no files of the node's. */
	if ((r = settle_files(start->process, report)) < 0)
		give_up(report, "cannot open its files", r);
	if (node_enter(start->process->netns, process->own_files, &err) < 0)
		give_up(report, err.message, -ENOENT);
	if (strcmp(program, OWN_PROGRAM) == 0) { /* a service of ours keeps no directory busy */
		(void)!chdir("/");
		program = start->own_program ? start->own_program : program;
	}
	if (process->n_socket)
		give_up(report, "cannot wait for its clients",
			waiter_become(process, program, report));
	memcpy(&argv, &process->argv,
	       sizeof(argv)); /* execve() changes nothing, but its type does not say so */
	r = program_execute(program, argv);
	give_up(report, process->argv[0], r);
}

/* ---- in the applier ---- */

static int fail(const char *doing, const struct object *process, int r, const char *reason,
		struct error *err)
{
	return error_set(err, r, "cannot %s service %s on %s: %s", doing, process->process.name,
			 process->netns, reason);
}

struct running {
	const struct object *process;
	pid_t pid;
	int report; /* the read end: what the child says before it is the program, and what a
		       says_ready one says */
};

/* Make a pipe whose writing end is none of the descriptors 0 to 3. */
static int make_report(int *ret_reader, int *ret_writer)
{
	int fd[2];

	if (pipe2(fd, O_CLOEXEC) < 0)
		return -errno;
	*ret_reader = fd[0];
	*ret_writer = fcntl(fd[1], F_DUPFD_CLOEXEC, READY_FD + 1);
	close(fd[1]);
	return *ret_writer < 0 ? -errno : 0;
}

static int start_one(const struct start *start, struct running *ret_running, struct error *err)
{
	const struct object *process = start->process;
	char path[PATH_SIZE];
	auto_fd int reader = -1, writer = -1;
	int r = make_directory(DIRECTORY);
	pid_t pid;

	*ret_running = (struct running){ process, -1, -1 };
	snprintf(path, sizeof(path), "%s/%s", DIRECTORY, process->netns);
	if (r < 0 || (r = make_directory(path)) < 0 || (r = make_report(&reader, &writer)) < 0)
		return fail("start", process, r, strerror(-r), err);
	pid = fork();
	if (pid < 0)
		return fail("start", process, -errno, strerror(errno), err);
	if (pid == 0)
		become_daemon(start, writer);
	*ret_running = (struct running){ process, pid, take_fd(&reader) };
	return 0;
}

static void end_child(pid_t pid, int *ret_status)
{
	kill(-pid, SIGKILL);
	kill(pid, SIGKILL);
	(void)TEMP_FAILURE_RETRY(waitpid(pid, ret_status, 0));
}

/* Set the error for a daemon that ended, or broke the protocol, before it was ready. */
static int explain_end(const struct running *running, const char *said, struct error *err)
{
	char path[PATH_SIZE], reason[320];
	int status = 0;
	pid_t ended = waitpid(running->pid, &status, WNOHANG);

	if (ended <= 0)
		end_child(running->pid, &status);
	unlink(file_path(running->process, "pid", path));
	if (said && *said)
		snprintf(reason, sizeof(reason), "%s", said);
	else if (WIFEXITED(status))
		snprintf(reason, sizeof(reason), "it ended with status %d before it was ready",
			 WEXITSTATUS(status));
	else
		snprintf(reason, sizeof(reason), "it ended before it was ready (%s)",
			 strsignal(WTERMSIG(status)));
	return fail("start", running->process, -ECHILD, reason, err);
}

/* Wait until there is something to read. Return false if the time is up before. */
static bool await_readable(int fd, int64_t deadline)
{
	struct pollfd readable = { .fd = fd, .events = POLLIN };
	int r;

	do {
		int64_t left = deadline - clock_milliseconds();

		r = poll(&readable, 1, left > 0 ? (int)left : 0);
	} while (r < 0 && errno == EINTR);
	return r != 0;
}

static int await_ready(struct running *running, int64_t deadline, struct error *err)
{
	char said[256], path[PATH_SIZE];
	bool in_time = await_readable(running->report, deadline);
	ssize_t n = in_time ? TEMP_FAILURE_RETRY(read(running->report, said, sizeof(said) - 1)) : 0;
	int status;

	close(running->report);
	running->report = -1;
	said[n > 0 ? n : 0] = '\0';
	if (!in_time) {
		end_child(running->pid, &status);
		unlink(file_path(running->process, "pid", path));
		return fail("start", running->process, -ETIME, "it was not ready within 5 seconds",
			    err);
	}
	if (running->process->process.says_ready ? n == 1 : n <= 0)
		return 0;
	return explain_end(running, said, err);
}

static bool is_waiter(pid_t pid)
{
	char path[64], name[32] = "";
	auto_fd int fd = -1;

	snprintf(path, sizeof(path), "/proc/%d/comm", (int)pid);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	return fd >= 0 && read(fd, name, sizeof(name) - 1) > 0 &&
	       strcmp(name, WAITER_NAME "\n") == 0;
}

/* Return -1 where it can be none of ours. */
static pid_t read_pid(const struct object *process)
{
	char path[PATH_SIZE], text[16] = "";
	auto_fd int fd = open(file_path(process, "pid", path), O_RDONLY | O_CLOEXEC);
	long pid;

	if (fd < 0 || read(fd, text, sizeof(text) - 1) <= 0)
		return -1;
	pid = strtol(text, NULL, 10);
	return pid > 1 && pid <= INT_MAX &&
			       (netns_has_process(process->netns, (pid_t)pid) ||
				(process->process.n_socket && is_waiter((pid_t)pid)))
		       ? (pid_t)pid
		       : -1;
}

bool daemon_is_running(const struct object *process)
{
	return read_pid(process) > 0;
}

static int start_some(struct start *start, const struct object *const *process, size_t n,
		      bool tolerant, struct error *err)
{
	struct running running[SIDE_BY_SIDE];
	int64_t deadline = clock_milliseconds() + READY_TIMEOUT;
	size_t started = 0;
	int r = 0;

	for (size_t i = 0; i < n && r == 0; i++) {
		if (tolerant && read_pid(process[i]) > 0)
			continue;
		start->process = process[i];
		r = start_one(start, &running[started], err);
		started += r == 0;
	}
	for (size_t i = 0; i < started; i++) {
		struct error ignored;
		int ready = await_ready(&running[i], deadline, r < 0 ? &ignored : err);

		r = r < 0 ? r : ready;
	}
	return r;
}

int daemons_start(const struct object *const *process, size_t n, bool tolerant,
		  const struct rlimit *open_files, struct error *err)
{
	auto_free char *own_program = n ? program_beside(OWN_PROGRAM) : NULL;
	struct start start = { .own_program = own_program, .open_files = open_files };
	int r = 0;

	for (size_t i = 0; i < n && r == 0; i += SIDE_BY_SIDE)
		r = start_some(&start, process + i, n - i < SIDE_BY_SIDE ? n - i : SIDE_BY_SIDE,
			       tolerant, err);
	return r;
}

struct stopping {
	pid_t pid;
	int pidfd;
};

static void await_end(const struct stopping *stopping, int64_t deadline)
{
	if (await_readable(stopping->pidfd, deadline))
		return;
	kill(-stopping->pid, SIGKILL);
	syscall(SYS_pidfd_send_signal, stopping->pidfd, SIGKILL, NULL, 0);
	await_readable(stopping->pidfd, clock_milliseconds() + 1000);
}

int daemons_stop(const struct object *const *process, size_t n, struct error *err)
{
	auto_free struct stopping *stopping = xalloc(n * sizeof(*stopping));
	int64_t deadline = clock_milliseconds() + STOP_TIMEOUT;
	size_t n_stopping = 0;
	char path[PATH_SIZE];
	int r = 0;

	for (size_t i = 0; i < n && r == 0; i++) {
		pid_t pid = read_pid(process[i]);
		int pidfd = pid > 0 ? (int)syscall(SYS_pidfd_open, pid, 0) : -1;

		if (pidfd < 0) {
			if (pid > 0 && errno != ESRCH)
				r = fail("stop", process[i], -errno, strerror(errno), err);
			continue;
		}
		stopping[n_stopping++] = (struct stopping){ pid, pidfd };
		kill(-pid, SIGTERM); /* and its children */
	}
	for (size_t i = 0; i < n_stopping; i++) {
		await_end(&stopping[i], deadline);
		close(stopping[i].pidfd);
	}
	for (size_t i = 0; i < n && r == 0; i++)
		unlink(file_path(process[i], "pid", path));
	return r;
}

void daemons_forget(const char *netns)
{
	char path[PATH_SIZE];
	const struct dirent *entry;
	DIR *directory;

	snprintf(path, sizeof(path), "%s/%s", DIRECTORY, netns);
	directory = opendir(path);
	if (!directory)
		return;
	while ((entry = readdir(directory)) != NULL)
		if (entry->d_name[0] != '.')
			unlinkat(dirfd(directory), entry->d_name, 0);
	closedir(directory);
	rmdir(path);
}
