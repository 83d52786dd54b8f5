/* SPDX-License-Identifier: GPL-3.0-only */
#include "cli/session/interrupt.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "core/base/memory.h"

static volatile sig_atomic_t seen;
static volatile sig_atomic_t ended_by;
static volatile pid_t forward_to;
static const struct lab *volatile ending;

static void set(int signal_number, void (*handler)(int), struct sigaction *ret_before)
{
	struct sigaction action;

	memset(&action, 0, sizeof(action));
	action.sa_handler = handler;
	sigemptyset(&action.sa_mask);
	sigaction(signal_number, &action, ret_before);
}

static void note(int signal_number)
{
	(void)signal_number;
	seen = 1;
}

void interrupt_note_only(void)
{
	set(SIGINT, note, NULL);
	set(SIGQUIT, SIG_IGN, NULL);
	set(SIGTSTP, SIG_IGN, NULL);
	set(SIGTTIN, SIG_IGN, NULL);
	set(SIGTTOU, SIG_IGN, NULL);
}

bool interrupt_seen(void)
{
	bool was = seen;

	seen = 0;
	return was;
}

static const int catchable[] = { SIGINT, SIGTERM, SIGHUP };
static struct sigaction before_catch[ARRAY_SIZE(catchable)];
static volatile sig_atomic_t caught;

static void note_caught(int signal_number)
{
	caught = signal_number;
}

void interrupt_catch(void)
{
	caught = 0;
	for (size_t i = 0; i < ARRAY_SIZE(catchable); i++) {
		sigaction(catchable[i], NULL, &before_catch[i]);
		if (before_catch[i].sa_handler == SIG_DFL)
			set(catchable[i], note_caught, NULL);
	}
}

int interrupt_caught(void)
{
	if (!caught && interrupt_seen())
		caught = SIGINT;
	return caught;
}

void interrupt_catch_end(void)
{
	for (size_t i = 0; i < ARRAY_SIZE(catchable); i++)
		sigaction(catchable[i], &before_catch[i], NULL);
}

/* The keeper is gone when every process inside is, and those that we started are ours to wait for.
 */
static void wait_for_end(int pidfd)
{
	struct pollfd gone = { .fd = pidfd, .events = POLLIN };

	for (int i = 0; i < 500; i++) {
		while (waitpid(-1, NULL, WNOHANG) > 0)
			;
		if (poll(&gone, 1, 10) != 0)
			return;
	}
}

/*
 * In the handler, so that nothing that happens to be going on (a probe that waits, a read) delays
 * it: the keeper is killed, the kernel removes the lab, and we leave when it is gone. Only
 * async-signal-safe calls.
 */
static void end_lab(int signal_number)
{
	const struct lab *lab = ending;
	int saved = errno;

	if (lab && lab->sandbox.pidfd >= 0)
		(void)syscall(SYS_pidfd_send_signal, lab->sandbox.pidfd, SIGKILL, NULL, 0);
	if (!lab || !lab->name || ended_by) {
		if (lab && lab->sandbox.pidfd >= 0)
			wait_for_end(lab->sandbox.pidfd);
		_exit(128 + signal_number);
	}
	ended_by = signal_number;
	errno = saved;
}

int interrupt_ended(void)
{
	return ended_by ? 128 + ended_by : 0;
}

void interrupt_ends_lab(const struct lab *lab)
{
	void (*handler)(int) = lab ? end_lab : SIG_DFL;
	struct sigaction hangup;

	ending = lab;
	set(SIGINT, handler, NULL);
	set(SIGTERM, handler, NULL);
	if (sigaction(SIGHUP, NULL, &hangup) == 0 &&
	    hangup.sa_handler != SIG_IGN) /* nohup vpclab ... */
		set(SIGHUP, handler, NULL);
}

static const int forwarded[] = { SIGINT, SIGQUIT, SIGTERM, SIGHUP, SIGUSR1, SIGUSR2, SIGWINCH };

static void forward(int signal_number, siginfo_t *info, void *context)
{
	int saved = errno;

	(void)context;
	/* si_code > 0: the kernel's, that is the terminal's, which has signalled the child, too. */
	if (info->si_code <= 0 && forward_to > 0)
		(void)kill(forward_to, signal_number);
	errno = saved;
}

static struct sigaction before_forward[ARRAY_SIZE(forwarded)];
static sigset_t before_hold;

void interrupt_hold(void)
{
	struct sigaction action;
	sigset_t held;

	sigemptyset(&held);
	for (size_t i = 0; i < ARRAY_SIZE(forwarded); i++)
		sigaddset(&held, forwarded[i]);
	sigprocmask(SIG_BLOCK, &held, &before_hold);
	memset(&action, 0, sizeof(action));
	action.sa_sigaction = forward;
	action.sa_flags = SA_SIGINFO | SA_RESTART;
	sigemptyset(&action.sa_mask);
	for (size_t i = 0; i < ARRAY_SIZE(forwarded); i++)
		sigaction(forwarded[i], &action, &before_forward[i]);
}

void interrupt_forward(pid_t child)
{
	forward_to = child;
	sigprocmask(SIG_SETMASK, &before_hold, NULL);
	if (child)
		return;
	for (size_t i = 0; i < ARRAY_SIZE(forwarded); i++)
		sigaction(forwarded[i], &before_forward[i], NULL);
}
