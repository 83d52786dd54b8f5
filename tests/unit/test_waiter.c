/* SPDX-License-Identifier: GPL-3.0-only */
#include "tests/unit/test.h"

#include "tests/unit/nft_helper.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <net/if.h>
#include <netinet/in.h>
#include <sys/ioctl.h>
#include <sys/socket.h>

#include "core/apply/waiter.h"

/* A waiter on the loopback of a private network: it holds its sockets, and becomes its program when
 * somebody comes to one. */

enum { PORT = 8053 };

static const struct socket_object both[] = { { INADDR_LOOPBACK, IPPROTO_UDP, PORT },
					     { INADDR_LOOPBACK, IPPROTO_TCP, PORT } };

static void loopback(void)
{
	struct ifreq request = { .ifr_name = "lo", .ifr_flags = IFF_UP | IFF_RUNNING };
	int fd;

	private_sandbox();
	fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	CHECK_INT(ioctl(fd, SIOCSIFFLAGS, &request), 0);
	close(fd);
}

/* Return the child that waits; *ret_said: what it says on standard error. */
static pid_t wait_for(const struct process_object *process, const char *program, int *ret_said)
{
	char byte;
	int report[2], said = memfd_create("said", MFD_CLOEXEC);
	pid_t pid;

	CHECK(said >= 0);
	CHECK_INT(pipe2(report, O_CLOEXEC), 0);
	pid = fork();
	if (pid == 0) {
		dup2(said, STDERR_FILENO);
		_exit(-waiter_become(process, program, report[1]) == EADDRINUSE ? 98 : 99);
	}
	close(report[1]);
	if (read(report[0], &byte, 1) != 1)
		byte = 0;
	close(report[0]);
	if (byte)
		CHECK_INT(byte, '1');
	*ret_said = said;
	return pid;
}

static int ask(int type)
{
	const struct sockaddr_in to = { .sin_family = AF_INET,
					.sin_port = htons(PORT),
					.sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	int fd = socket(AF_INET, type | SOCK_CLOEXEC, 0);

	CHECK_INT(connect(fd, (const struct sockaddr *)&to, sizeof(to)), 0);
	CHECK_INT(send(fd, "?", 1, 0), 1);
	return fd;
}

static int status_of(pid_t pid)
{
	int status;

	CHECK_INT(waitpid(pid, &status, 0), pid);
	return WIFEXITED(status) ? WEXITSTATUS(status) : 1000 + WTERMSIG(status);
}

static const char *name_of(pid_t pid)
{
	static char name[64];
	char path[64];
	ssize_t n;
	int fd;

	snprintf(path, sizeof(path), "/proc/%d/comm", pid);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	n = read(fd, name, sizeof(name) - 1);
	close(fd);
	CHECK(n > 0);
	name[n - 1] = '\0';
	return name;
}

/* Its program has the sockets as 4 and 5, and nothing else but the three that all have. */
static const struct process_object shell = {
	.name = "cloud",
	.argv =
		(const char *const[]){
			"sh", "-c",
			"cd /proc/$$/fd || exit 1; for fd in 3 6 7 8 9; do "
			"[ -e $fd ] && exit $fd; done; "
			"[ -S 4 ] && [ -S 5 ] && [ \"$PATH\" ] && [ \"$OLDPWD\" = / ] && "
			"exit 77",
			NULL },
	.socket = both,
	.n_socket = 2,
	.says_ready = true,
};

static void becomes_its_program(int type)
{
	int said, fd;
	pid_t pid;

	loopback();
	pid = wait_for(&shell, "/bin/sh", &said);
	CHECK_STR(name_of(pid), WAITER_NAME);
	CHECK_INT(waitpid(pid, NULL, WNOHANG), 0);
	fd = ask(type);
	CHECK_INT(status_of(pid), 77);
	close(fd);
}

TEST(a_datagram_starts_the_program)
{
	becomes_its_program(SOCK_DGRAM);
}

TEST(a_connection_starts_the_program)
{
	becomes_its_program(SOCK_STREAM);
}

TEST(a_program_is_found_by_its_name_when_it_is_needed)
{
	int said;
	pid_t pid;

	loopback();
	pid = wait_for(&shell, "sh", &said);
	close(ask(SOCK_DGRAM));
	CHECK_INT(status_of(pid), 77);
}

TEST(a_program_that_is_not_there_is_missed_when_somebody_asks)
{
	const struct process_object process = { .argv = (const char *const[]){ "no-such", NULL },
						.socket = both,
						.n_socket = 1 };
	char text[256] = "";
	int said;
	pid_t pid;

	loopback();
	pid = wait_for(&process, "/nonexistent/no-such", &said);
	CHECK_STR(name_of(pid), WAITER_NAME);
	close(ask(SOCK_DGRAM));
	CHECK_INT(status_of(pid), 127);
	CHECK(pread(said, text, sizeof(text) - 1, 0) > 0);
	CHECK_STR(text, "vpclab: nobody answers, for want of the program no-such");
}

TEST(who_cannot_wait_says_so_at_once)
{
	static const char *const many[] = { "sh", "1", "2", "3", "4", "5", "6", "7", "8", NULL };
	static char large[10000];
	struct process_object process = shell;
	int said, said_too;
	pid_t first, second;

	loopback();
	first = wait_for(&shell, "/bin/sh", &said);
	second = wait_for(&shell, "/bin/sh", &said_too); /* the port is taken */
	CHECK_INT(status_of(second), 98);
	process.argv = many;
	process.n_socket = 0;
	CHECK_INT(waiter_become(&process, "/bin/sh", STDOUT_FILENO), -E2BIG);
	memset(large, 'x', sizeof(large) - 1);
	process.argv = (const char *const[]){ "sh", large, NULL };
	CHECK_INT(waiter_become(&process, "/bin/sh", STDOUT_FILENO), -E2BIG);
	CHECK_INT(kill(first, SIGKILL), 0);
	CHECK_INT(status_of(first), 1000 + SIGKILL);
}
