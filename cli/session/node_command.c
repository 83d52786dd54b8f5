/* SPDX-License-Identifier: GPL-3.0-only */
#include "cli/session/node_command.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "cli/session/interrupt.h"
#include "cli/session/jobs.h"
#include "cli/session/redirect.h"
#include "cli/view/terminal.h"
#include "core/base/cleanup.h"
#include "core/base/clock.h"
#include "core/base/memory.h"
#include "core/sandbox/process.h"
#include "lab/language/tokenizer.h"

#define KEPT (1u << 20) /* of what a captured command says */

/* As any shell has it. */
enum { STATUS_NOT_EXECUTABLE = 126, STATUS_NOT_FOUND = 127 };

static char *command_line(const char *node, char *const *argv)
{
	struct text text = { 0 };

	if (node)
		text_add_word(&text, node);
	for (; *argv; argv++) {
		text_add(&text, node || text.length ? " " : "!");
		text_add_word(&text, *argv);
	}
	return text_take(&text);
}

/* What a shell in a node finds in its environment, so that its prompt can say where it is. */
static void set_shell_environment(const char *lab, const char *node)
{
	auto_free char *prompt = xprintf("%s# ", node);

	setenv("VPCLAB_NODE", node, 1);
	setenv("VPCLAB_LAB", lab ? lab : "", 1);
	setenv("PS1", prompt, 1);
	setenv("debian_chroot", node,
	       1); /* where the system's bashrc replaces PS1, it shows this */
}

static void unset_shell_environment(void)
{
	static const char *const names[] = { "VPCLAB_NODE", "VPCLAB_LAB", "PS1", "debian_chroot" };

	for (size_t i = 0; i < ARRAY_SIZE(names); i++)
		unsetenv(names[i]);
}

/* Start it; a program that is not there is a status (returned), not an error. 0: *ret_pid runs. */
static int start(const struct lab *lab, struct spawn *spawn, pid_t *ret_pid, struct error *err)
{
	const char *shell = getenv("SHELL");
	char *shell_argv[] = { xstrdup(shell && *shell ? shell : "/bin/sh"), NULL };
	bool is_shell = !spawn->argv[0];
	int r;

	if (is_shell)
		spawn->argv = shell_argv;
	if (!spawn->netns) {
		r = redirect_spawn(spawn, ret_pid, err);
	} else {
		if (is_shell)
			set_shell_environment(lab->name, spawn->netns);
		r = process_spawn(&lab->sandbox, spawn, ret_pid, err);
	}
	if (is_shell)
		unset_shell_environment();
	free(shell_argv[0]);
	if (is_shell)
		spawn->argv = NULL;
	if (r == -ENOENT || r == -EACCES || r == -ENOEXEC || r == -ENOTDIR || r == -EISDIR ||
	    r == -ELOOP)
		return r == -ENOENT || r == -ENOTDIR ? STATUS_NOT_FOUND : STATUS_NOT_EXECUTABLE;
	return r;
}

static int shell_status(int status)
{
	return WIFSIGNALED(status)  ? 128 + WTERMSIG(status)
	       : WIFSTOPPED(status) ? 128 + WSTOPSIG(status)
				    : WEXITSTATUS(status);
}

static int wait_for(pid_t pid, int options)
{
	int status;

	while (waitpid(pid, &status, options) < 0)
		if (errno != EINTR)
			return W_EXITCODE(STATUS_NOT_FOUND, 0);
	return status;
}

/* ---- in front ---- */

/* The prompt's side of job control: the child has the terminal until it ends or stops. */
static int wait_in_front(struct session *session, pid_t pid, const struct terminal *terminal,
			 const char *text)
{
	int status = wait_for(pid, WUNTRACED);

	/* Who ended well may have meant to change the modes (stty). */
	terminal_restore(terminal, !WIFEXITED(status));
	if (WIFSTOPPED(status)) {
		unsigned number = jobs_add(session->jobs, pid, text, true);

		fputc('\n', stderr);
		session_say(session, "[%u] stopped: %s   (fg %u goes on with it, kill %u ends it)",
			    number, text, number, number);
	} else if (WIFSIGNALED(status)) {
		fputc('\n', stderr);
		if (WTERMSIG(status) != SIGINT)
			session_say(session, "%s: %s", text, strsignal(WTERMSIG(status)));
	}
	return shell_status(status);
}

/* Elsewhere: the child shares our process group and the terminal. */
static int run_shared(const struct lab *lab, struct spawn *spawn, bool forward, struct error *err)
{
	struct terminal terminal;
	pid_t pid;
	int status, r;

	terminal_save(&terminal);
	if (forward)
		interrupt_hold();
	r = start(lab, spawn, &pid, err);
	if (forward)
		interrupt_forward(r == 0 ? pid : 0);
	if (r != 0)
		return r;
	/* At the prompt, which nobody stops, a line with a pipe cannot be stopped, either. */
	while (WIFSTOPPED(status = wait_for(pid, forward ? 0 : WUNTRACED)))
		(void)kill(pid, SIGCONT);
	if (forward)
		interrupt_forward(0);
	/* A shell with job control leaves the terminal to a group that is gone. */
	terminal_restore(&terminal, false);
	return shell_status(status);
}

static struct spawn spawn_for(const struct session *session, const char *node, char *const *argv)
{
	return (struct spawn){
		.netns = node,
		.argv = argv,
		.stdin_fd = session->node_stdin,
		.stdout_fd = session->out == stdout ? -1 : fileno(session->out),
		.stderr_fd = -1,
	};
}

/* What start() says beyond success. */
static int not_started(struct session *session, int r, const struct error *err)
{
	if (r < 0)
		return session_machine(session, r);
	session_say(session, "%s", err->message);
	return r;
}

int node_run(struct session *session, const char *node, char *const *argv, struct error *err)
{
	struct spawn spawn = spawn_for(session, node, argv);
	auto_free char *text = command_line(node, argv);
	struct terminal terminal;
	pid_t pid;
	int r;

	*err = (struct error){ 0 };
	if (!session->interactive || session->is_piped) {
		bool lives_on = session->lab->name != NULL && !session->interactive;

		r = run_shared(session->lab, &spawn, lives_on, err);
		if (r < 0 || err->message[0])
			return not_started(session, r, err);
		if (r == 128 + SIGINT && lives_on)
			session->stopped = EXIT_INTERRUPTED;
		return r;
	}
	if (interrupt_seen()) /* before it could even begin */
		return EXIT_INTERRUPTED;
	spawn.own_group = spawn.foreground = true;
	terminal_save(&terminal);
	r = start(session->lab, &spawn, &pid, err);
	if (r != 0) { /* the child may have taken the terminal before it failed */
		terminal_restore(&terminal, false);
		return not_started(session, r, err);
	}
	return wait_in_front(session, pid, &terminal, text);
}

int node_exec(const struct lab *lab, const char *node, char *const *argv, struct error *err)
{
	struct spawn spawn = {
		.netns = node, .argv = argv, .stdin_fd = -1, .stdout_fd = -1, .stderr_fd = -1
	};

	return run_shared(lab, &spawn, true, err);
}

/* ---- behind ---- */

int node_background(struct session *session, const char *node, char *const *argv, struct error *err)
{
	struct spawn spawn = spawn_for(session, node, argv);
	auto_free char *text = command_line(node, argv);
	auto_fd int nothing = open("/dev/null", O_RDONLY | O_CLOEXEC);
	unsigned number;
	pid_t pid;
	int r;

	*err = (struct error){ 0 };
	if (nothing < 0)
		return session_machine(session, error_set(err, -errno, "cannot open /dev/null: %s",
							  strerror(errno)));
	spawn.stdin_fd = nothing;
	spawn.own_group = true;
	r = start(session->lab, &spawn, &pid, err);
	if (r != 0)
		return not_started(session, r, err);
	number = jobs_add(session->jobs, pid, text, false);
	if (session->interactive)
		fprintf(stderr, "[%u] %d\n", number, pid);
	return 0;
}

int node_resume(struct session *session, unsigned job_number, struct error *err)
{
	struct job *job = jobs_find(session->jobs, job_number, err);
	auto_free char *text = NULL;
	struct terminal terminal;
	pid_t pid;

	if (!job)
		return -ESRCH;
	text = xstrdup(job->text);
	pid = job->pid;
	jobs_remove(session->jobs, job_number);
	terminal_save(&terminal);
	terminal_give(&terminal, pid);
	/* Only now, for who has read it may press Ctrl-C, and that has to reach the job. */
	fprintf(stderr, "%s\n", text);
	(void)kill(-pid, SIGCONT);
	return wait_in_front(session, pid, &terminal, text);
}

/* ---- captured ---- */

/* What is there, without waiting for more. False: its end. */
static bool take(int fd, struct text *text)
{
	char chunk[16384];

	for (;;) {
		ssize_t n = read(fd, chunk, sizeof(chunk));

		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return n < 0 && errno == EAGAIN;
		if (text->length < KEPT)
			text_add_n(text, chunk,
				   (size_t)n < KEPT - text->length ? (size_t)n
								   : KEPT - text->length);
	}
}

struct pipes {
	int read[2], write[2]; /* of standard output and error */
};

static void close_fd(int *fd)
{
	if (*fd >= 0)
		close(*fd);
	*fd = -1;
}

static int pipes_open(struct pipes *pipes, struct error *err)
{
	*pipes = (struct pipes){ { -1, -1 }, { -1, -1 } };
	for (int i = 0; i < 2; i++) {
		int ends[2];

		if (pipe2(ends, O_CLOEXEC) < 0)
			return error_set(err, -errno, "cannot make a pipe: %s", strerror(errno));
		pipes->read[i] = ends[0];
		pipes->write[i] = ends[1];
		(void)fcntl(ends[0], F_SETFL, O_NONBLOCK); /* our end only */
	}
	return 0;
}

static void pipes_close(struct pipes *pipes)
{
	for (int i = 0; i < 2; i++) {
		close_fd(&pipes->read[i]);
		close_fd(&pipes->write[i]);
	}
}

/* Until the program ends (what it left in the background may go on), its time is up or Ctrl-C. */
static void follow(int pidfd, struct pipes *pipes, struct node_capture *capture, double end)
{
	bool interrupted = interrupt_seen();

	for (;;) {
		double left = end - clock_seconds();
		struct pollfd fds[] = {
			{ .fd = pidfd, .events = POLLIN },
			{ .fd = pipes->read[0], .events = POLLIN },
			{ .fd = pipes->read[1], .events = POLLIN },
		};

		if (left <= 0 || interrupted) {
			capture->timed_out = !interrupted;
			capture->interrupted = interrupted;
			break;
		}
		(void)poll(fds, ARRAY_SIZE(fds), left > 1e6 ? 1000000000 : (int)(left * 1000) + 1);
		interrupted = interrupt_seen();
		if (pipes->read[0] >= 0 && !take(pipes->read[0], &capture->output))
			close_fd(&pipes->read[0]);
		if (pipes->read[1] >= 0 && !take(pipes->read[1], &capture->errors))
			close_fd(&pipes->read[1]);
		if (fds[0].revents)
			break;
	}
}

int node_capture(struct session *session, const char *node, char *const *argv,
		 struct node_capture *capture, struct error *err)
{
	struct spawn spawn = spawn_for(session, node, argv);
	auto_fd int nothing = open("/dev/null", O_RDONLY | O_CLOEXEC);
	auto_fd int pidfd = -1;
	double begin = clock_seconds();
	struct pipes pipes;
	pid_t pid = -1;
	int r = pipes_open(&pipes, err);

	if (r >= 0 && nothing < 0)
		r = error_set(err, -errno, "cannot open /dev/null: %s", strerror(errno));
	if (r >= 0) {
		spawn.stdin_fd = nothing;
		spawn.stdout_fd = pipes.write[0];
		spawn.stderr_fd = pipes.write[1];
		spawn.own_group = true;
		r = start(session->lab, &spawn, &pid, err);
	}
	close_fd(&pipes.write[0]);
	close_fd(&pipes.write[1]);
	if (r != 0) {
		pipes_close(&pipes);
		if (r < 0)
			return session_machine(session, r);
		capture->status = r;
		text_add(&capture->errors, err->message);
		capture->seconds = clock_seconds() - begin;
		return 0;
	}

	pidfd = (int)syscall(SYS_pidfd_open, pid, 0);
	follow(pidfd, &pipes, capture, begin + capture->within);
	if (capture->timed_out || capture->interrupted)
		(void)kill(-pid, SIGKILL);
	capture->status = shell_status(wait_for(pid, 0));
	if (pipes.read[0] >= 0)
		take(pipes.read[0], &capture->output);
	if (pipes.read[1] >= 0)
		take(pipes.read[1], &capture->errors);
	capture->seconds = clock_seconds() - begin;
	pipes_close(&pipes);
	return 0;
}
