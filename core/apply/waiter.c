/* SPDX-License-Identifier: GPL-3.0-only */
#include "core/apply/waiter.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "core/base/cleanup.h"
#include "core/sandbox/exec_setup.h"
#include "core/sandbox/init_memory.h"

enum { SOCKET_FD = 4, FREE_FD = SOCKET_FD + SOCKETS_MAX, WORDS_MAX = 8, TEXT_SIZE = 8192 };

/* What the program is executed with, all of it on the stack, which is what is left. */
struct invocation {
	char *program;
	char *argv[WORDS_MAX + 1];
	char *environment[2];
	char *failure; /* what to say if that is impossible */
	char text[TEXT_SIZE];
	size_t length;
};

/* NULL: there is no room. */
static char *put(struct invocation *invocation, const char *before, const char *word)
{
	const size_t size = strlen(before) + strlen(word) + 1;
	char *copy = invocation->text + invocation->length;

	if (size > sizeof(invocation->text) - invocation->length)
		return NULL;
	stpcpy(stpcpy(copy, before), word);
	invocation->length += size;
	return copy;
}

static int invocation_make(struct invocation *invocation, const struct process_object *process,
			   const char *program)
{
	const char *path = getenv("PATH");
	size_t n = 0;

	memset(invocation, 0, sizeof(*invocation));
	invocation->program = put(invocation, "", program);
	invocation->environment[0] = put(invocation, "PATH=", path ? path : "");
	invocation->failure = put(invocation, "vpclab: nobody answers, for want of the program ",
				  process->argv[0]);
	if (!invocation->program || !invocation->environment[0] || !invocation->failure)
		return -E2BIG;
	for (; process->argv[n]; n++)
		if (n == WORDS_MAX ||
		    !(invocation->argv[n] = put(invocation, "", process->argv[n])))
			return -E2BIG;
	return 0;
}

static int open_socket(const struct socket_object *wanted, int number)
{
	const bool stream = wanted->protocol == IPPROTO_TCP;
	const struct sockaddr_in own = { .sin_family = AF_INET,
					 .sin_port = htons(wanted->port),
					 .sin_addr.s_addr = htonl(wanted->address) };
	const int on = 1;
	auto_fd int fd = socket(AF_INET, stream ? SOCK_STREAM : SOCK_DGRAM, 0);

	if (fd < 0 || setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on)) < 0 ||
	    bind(fd, (const struct sockaddr *)&own, sizeof(own)) < 0 ||
	    (stream && listen(fd, SOMAXCONN) < 0) || dup2(fd, number) < 0)
		return -errno;
	return fd == number ? (take_fd(&fd), 0) : 0;
}

/* Only system calls: most of the program's memory is gone. The byte comes last of what can fail. */
static _Noreturn void wait_and_execute(const struct invocation *invocation, int report,
				       struct pollfd *ready, size_t n)
{
	if (syscall(SYS_write, report, "1", 1) != 1)
		syscall(SYS_exit_group, 127);
	syscall(SYS_close, report);
	while (syscall(SYS_ppoll, ready, n, NULL, NULL, 0) <= 0)
		;
	syscall(SYS_execve, invocation->program, invocation->argv, invocation->environment);
	syscall(SYS_write, STDERR_FILENO, invocation->failure, strlen(invocation->failure));
	syscall(SYS_exit_group, 127);
	__builtin_unreachable();
}

int waiter_become(const struct process_object *process, const char *program, int report)
{
	const size_t n = process->n_socket;
	struct invocation invocation;
	struct pollfd ready[SOCKETS_MAX];
	auto_free char *found = NULL;
	int r;

	/* A program that is not there keeps no lab from being built: it is missed when somebody
	 * asks. */
	if (!strchr(program, '/'))
		(void)program_find(program, &found);
	r = invocation_make(&invocation, process, found ? found : program);
	report = fcntl(report, F_DUPFD_CLOEXEC, FREE_FD);
	if (r == 0 && report < 0)
		r = -errno;
	for (size_t i = 0; i < n && r == 0; i++) {
		r = open_socket(&process->socket[i], SOCKET_FD + (int)i);
		ready[i] = (struct pollfd){ .fd = SOCKET_FD + (int)i, .events = POLLIN };
	}
	if (r == 0 && dup2(report, SOCKET_FD + (int)n) < 0)
		r = -errno;
	if (r < 0)
		return r;
	(void)prctl(PR_SET_NAME, WAITER_NAME);
	(void)!chdir("/");
	syscall(SYS_close_range, SOCKET_FD + n + 1, ~0U, 0);
	close(3);
	keeper_shed_memory();
	wait_and_execute(&invocation, SOCKET_FD + (int)n, ready, n);
}
