/* SPDX-License-Identifier: GPL-3.0-only */
#include "tests/unit/test.h"

#include "tests/unit/nft_helper.h"

#include <arpa/inet.h>
#include <net/if.h>
#include <netinet/in.h>
#include <poll.h>
#include <signal.h>
#include <sys/ioctl.h>
#include <sys/socket.h>

/* vpclab-service, started as vpclab does, on the loopback of a private network. */

#ifndef BUILD
#define BUILD "build"
#endif
#define PROGRAM BUILD "/vpclab-service"

struct running {
	pid_t pid;
	int log;         /* its standard output, a file */
	char ready[256]; /* what it wrote to fd 3 */
};

static void start_process(struct running *running, bool with_ready, const char *const argv[])
{
	int ready[2];
	ssize_t n;
	size_t length = 0;

	*running = (struct running){ .log = memfd_create("log", MFD_CLOEXEC) };
	CHECK(running->log >= 0);
	CHECK_INT(pipe2(ready, O_CLOEXEC), 0);
	running->pid = fork();
	if (running->pid == 0) {
		dup2(running->log, 1);
		close(3);
		if (with_ready && ready[1] == 3)
			fcntl(3, F_SETFD, 0);
		else if (with_ready)
			dup2(ready[1], 3);
		execv(PROGRAM, (char *const *)(uintptr_t)argv);
		_exit(127);
	}
	close(ready[1]);
	while ((n = read(ready[0], running->ready + length, sizeof(running->ready) - 1 - length)) >
	       0)
		length += (size_t)n;
	close(ready[0]);
}

#define START(running, ...) \
	start_process(running, true, (const char *const[]){ PROGRAM, __VA_ARGS__, NULL })
#define START_UNHEARD(running, ...) \
	start_process(running, false, (const char *const[]){ PROGRAM, __VA_ARGS__, NULL })

static int exit_status(const struct running *running)
{
	int status;

	CHECK_INT(waitpid(running->pid, &status, 0), running->pid);
	return WIFEXITED(status) ? WEXITSTATUS(status) : 1000 + WTERMSIG(status);
}

/* It was alive until now and ends as it should. */
static void stop(const struct running *running)
{
	CHECK_INT(kill(running->pid, SIGTERM), 0);
	CHECK_INT(exit_status(running), 0);
}

static const char *log_of(const struct running *running)
{
	off_t size = lseek(running->log, 0, SEEK_END);
	char *text = keep(xalloc((size_t)size + 1));

	CHECK_INT(pread(running->log, text, (size_t)size, 0), size);
	return text;
}

static void loopback_sandbox(void)
{
	struct ifreq request = { .ifr_name = "lo", .ifr_flags = IFF_UP | IFF_RUNNING };
	int fd;

	if (access(PROGRAM, X_OK) < 0)
		test_fail("no " PROGRAM ": it is built by make");
	private_sandbox();
	fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	CHECK_INT(ioctl(fd, SIOCSIFFLAGS, &request), 0);
	close(fd);
}

static struct sockaddr_in at(const char *address, uint16_t port)
{
	struct sockaddr_in made = { .sin_family = AF_INET, .sin_port = htons(port) };

	CHECK_INT(inet_pton(AF_INET, address, &made.sin_addr), 1);
	return made;
}

static int connected(int type, const char *address, uint16_t port)
{
	struct sockaddr_in server = at(address, port);
	int fd = socket(AF_INET, type | SOCK_CLOEXEC, 0);

	CHECK(fd >= 0);
	CHECK_INT(connect(fd, (struct sockaddr *)&server, sizeof(server)), 0);
	return fd;
}

static uint16_t port_of(int fd)
{
	struct sockaddr_in own;
	socklen_t size = sizeof(own);

	CHECK_INT(getsockname(fd, (struct sockaddr *)&own, &size), 0);
	return ntohs(own.sin_port);
}

static void send_all(int fd, const char *data, size_t length)
{
	while (length > 0) {
		ssize_t n = send(fd, data, length, MSG_NOSIGNAL);

		CHECK(n > 0);
		data += n;
		length -= (size_t)n;
	}
}

/* What one HTTP connection gives, until it is closed. The request asks for that. */
static const char *http_answer(const char *request, size_t length, uint16_t *ret_port)
{
	static char answer[65536];
	int fd = connected(SOCK_STREAM, "127.0.0.1", 80);
	size_t got = 0;
	ssize_t n;

	if (ret_port)
		*ret_port = port_of(fd);
	send_all(fd, request, length);
	shutdown(fd, SHUT_WR);
	while ((n = recv(fd, answer + got, sizeof(answer) - 1 - got, 0)) > 0)
		got += (size_t)n;
	answer[got] = '\0';
	close(fd);
	return answer;
}

#define HTTP(request) http_answer(request, strlen(request), NULL)
#define REST          " HTTP/1.1\r\nHost: x\r\nConnection: close\r\n"

TEST(http_tells_who_asked)
{
	struct running http;
	const char *answer;
	char want[128];
	uint16_t port;

	loopback_sandbox();
	START(&http, "http", "--name", "ECS2", "--port", "80");
	CHECK_STR(http.ready, "1");

	const char *request = "GET /a/b?c=d" REST "\r\n";

	answer = http_answer(request, strlen(request), &port);
	CHECK(strncmp(answer, "HTTP/1.1 200 ", 13) == 0);
	CHECK(strstr(answer, "Content-Type: text/plain"));
	snprintf(want, sizeof(want), "\r\n\r\nnode ECS2\nclient 127.0.0.1:%u\npath /a/b?c=d\n",
		 port);
	CHECK_STR(strstr(answer, "\r\n\r\n"), want);
	snprintf(want, sizeof(want), " 127.0.0.1:%u GET /a/b?c=d 200\n", port);
	CHECK(strstr(log_of(&http), want));
	stop(&http);
}

TEST(http_methods)
{
	struct running http;
	const char *answer;

	loopback_sandbox();
	START(&http, "http", "--name", "ECS2", "--port", "80");
	answer = HTTP("HEAD /" REST "\r\n");
	CHECK(strncmp(answer, "HTTP/1.1 200 ", 13) == 0);
	CHECK_STR(strstr(answer, "\r\n\r\n"), "\r\n\r\n");
	answer = HTTP("POST /form" REST "Content-Length: 10\r\n\r\n0123456789");
	CHECK(strncmp(answer, "HTTP/1.1 200 ", 13) == 0);
	CHECK(strstr(answer, "path /form\n"));
	answer = HTTP("DELETE /" REST "\r\n");
	CHECK(strncmp(answer, "HTTP/1.1 405 ", 13) == 0);
	CHECK(strstr(answer, "Allow: GET, HEAD, POST\r\n"));
	CHECK(strstr(log_of(&http), " HEAD / 200\n"));
	CHECK(strstr(log_of(&http), " POST /form 200\n"));
	CHECK(strstr(log_of(&http), " DELETE / 405\n"));
	stop(&http);
}

/* Sends that, as far as it is taken, and goes without an answer. */
static void throw(const char *data, size_t length)
{
	int fd = connected(SOCK_STREAM, "127.0.0.1", 80);

	send(fd, data, length, MSG_NOSIGNAL);
	close(fd);
}

TEST(http_survives_garbage_and_escapes_it)
{
	static const char *const garbage[] = {
		"",
		"GET",
		"GET / HTTP/9.9\r\n\r\n",
		"\r\n\r\n\r\n\r\n",
		"POST /" REST "Content-Length: 99999999999999999999\r\n\r\nx",
		"POST /" REST "Transfer-Encoding: chunked\r\n\r\nzz\r\n",
	};
	static char large[200000];
	struct running http;
	unsigned seed = 1;

	loopback_sandbox();
	START(&http, "http", "--name", "ECS2", "--port", "80");
	CHECK(strstr(HTTP("GET /\x1b[31mred\x07\xff" REST "\r\n"), "path /%1B[31mred%07%FF\n"));
	CHECK(!strchr(log_of(&http), '\x1b'));
	for (size_t i = 0; i < ARRAY_SIZE(garbage); i++)
		throw(garbage[i], strlen(garbage[i]));
	throw("GET /\0/ HTTP/1.1\r\n\r\n", 20);
	for (unsigned round = 0; round < 20; round++) {
		for (size_t i = 0; i < 5000; i++)
			large[i] = (char)((seed = seed * 1103515245 + 12345) >> 16);
		throw(large, 5000);
	}

	/* A path, and a header, larger than the memory of a connection. */
	memset(large, 'a', sizeof(large));
	memcpy(large, "GET /", 5);
	throw(large, sizeof(large));
	memcpy(large, "GET / HTTP/1.1\r\nX: ", 19);
	throw(large, sizeof(large));
	memcpy(large, "GET /", 5);
	memset(large + 5, '\x01', 5000); /* escaped it is three times as long */
	memcpy(large + 5005, REST "\r\n", sizeof(REST "\r\n"));
	CHECK(strncmp(HTTP(large), "HTTP/1.1 200 ", 13) == 0);
	CHECK(strstr(HTTP(large), "%01%01\n")); /* its end is cut between two characters */
	CHECK(strncmp(HTTP("GET /" REST "\r\n"), "HTTP/1.1 200 ", 13) == 0);
	stop(&http);
}

TEST(a_port_in_use_is_said)
{
	struct running http, second, echo;

	loopback_sandbox();
	START(&http, "http", "--name", "ECS2", "--port", "80");
	START(&second, "http", "--name", "ECS2", "--port", "80");
	CHECK_STR(second.ready, "port 80 is in use");
	CHECK_INT(exit_status(&second), 1);
	START(&second, "echo", "--name", "ECS2", "--port", "80", "--protocol", "tcp");
	CHECK_STR(second.ready, "port 80 is in use");
	CHECK_INT(exit_status(&second), 1);
	START(&echo, "echo", "--name", "ECS2", "--port", "80", "--protocol",
	      "udp"); /* another port 80 */
	CHECK_STR(echo.ready, "1");
	START(&second, "echo", "--name", "ECS2", "--port", "80", "--protocol", "udp");
	CHECK_STR(second.ready, "port 80 is in use");
	CHECK_INT(exit_status(&second), 1);
	stop(&echo);
	stop(&http);

	/* At once again, although the port still knows connections that just ended. */
	START(&http, "http", "--name", "ECS2", "--port", "80");
	int fd = connected(SOCK_STREAM, "127.0.0.1", 80);
	stop(&http); /* the server ends it first */
	close(fd);
	START(&http, "http", "--name", "ECS2", "--port", "80");
	CHECK_STR(http.ready, "1");
	stop(&http);
}

static void wait_until_listening(uint16_t port)
{
	struct sockaddr_in server = at("127.0.0.1", port);
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

	while (connect(fd, (struct sockaddr *)&server, sizeof(server)) < 0)
		poll(NULL, 0, 1); /* the test's alarm ends it if that never comes */
	close(fd);
}

TEST(nobody_has_to_wait_for_it)
{
	struct running http;

	loopback_sandbox();
	START_UNHEARD(&http, "http", "--name", "ECS2", "--port", "80");
	CHECK_STR(http.ready, "");
	wait_until_listening(80);
	CHECK(strstr(HTTP("GET /" REST "\r\n"), "node ECS2\n"));
	stop(&http);
}

TEST(tcp_echo)
{
	enum { SIZE = 1000000 };
	char *sent = keep(xalloc(SIZE)), *got = keep(xalloc(SIZE));
	struct running echo;
	char want[64];
	int fd, other;

	loopback_sandbox();
	START(&echo, "echo", "--name", "ECS2", "--port", "7", "--protocol", "tcp");
	CHECK_STR(echo.ready, "1");
	fd = connected(SOCK_STREAM, "127.0.0.1", 7);
	other = connected(SOCK_STREAM, "127.0.0.1", 7);
	for (size_t i = 0; i < SIZE; i++)
		sent[i] = (char)(i * 7 + i / 1000);

	/* A second process sends while this one reads: neither side may have to hold all of it. */
	pid_t pid = fork();

	if (pid == 0) {
		send_all(fd, sent, SIZE);
		shutdown(fd, SHUT_WR);
		_exit(0);
	}
	for (size_t length = 0; length < SIZE;) {
		ssize_t n = recv(fd, got + length, SIZE - length, 0);

		CHECK(n > 0);
		length += (size_t)n;
	}
	CHECK(memcmp(sent, got, SIZE) == 0);
	CHECK_INT(recv(fd, got, 1, 0), 0); /* closed, since we closed */
	CHECK_INT(waitpid(pid, NULL, 0), pid);

	send_all(other, "hello", 5);
	CHECK_INT(recv(other, got, 5, MSG_WAITALL), 5);
	CHECK(memcmp(got, "hello", 5) == 0);
	snprintf(want, sizeof(want), " 127.0.0.1:%u tcp\n", port_of(other));
	CHECK(strstr(log_of(&echo), want));
	stop(&echo);
}

TEST(tcp_echo_makes_room_for_new_clients)
{
	enum { CLIENTS = 520 }; /* 500 have room */
	struct running echo;
	int client[CLIENTS];
	char byte;

	loopback_sandbox();
	START(&echo, "echo", "--name", "ECS2", "--port", "7", "--protocol", "tcp");
	for (size_t i = 0; i < CLIENTS; i++) {
		client[i] = connected(SOCK_STREAM, "127.0.0.1", 7);
		send_all(client[i], "x", 1);
		CHECK_INT(recv(client[i], &byte, 1, 0), 1);
	}
	CHECK_INT(recv(client[19], &byte, 1, 0), 0);             /* silent longest: gone */
	CHECK_INT(recv(client[20], &byte, 1, MSG_DONTWAIT), -1); /* still there */
	send_all(client[20], "y", 1);
	CHECK_INT(recv(client[20], &byte, 1, 0), 1);
	stop(&echo);
}

TEST(udp_echo)
{
	struct running echo;
	char got[2000], want[64];
	int fd;

	loopback_sandbox();
	START(&echo, "echo", "--name", "ECS2", "--port", "53", "--protocol", "udp");
	CHECK_STR(echo.ready, "1");
	/* The answer has to come from the address that was asked, which is not the one routing
	 * would take. */
	fd = connected(SOCK_DGRAM, "127.0.0.2", 53);
	memset(got, 'x', sizeof(got));
	CHECK_INT(send(fd, got, 1500, 0), 1500);
	CHECK_INT(recv(fd, got, sizeof(got), 0), 1500);
	CHECK_INT(send(fd, "", 0, 0), 0);
	CHECK_INT(recv(fd, got, sizeof(got), 0), 0);
	snprintf(want, sizeof(want), ":%u udp 1500 bytes\n", port_of(fd));
	CHECK(strstr(log_of(&echo), want));

	/* Someone who is gone when the answer comes does no harm. */
	int gone = connected(SOCK_DGRAM, "127.0.0.1", 53);

	CHECK_INT(send(gone, "a", 1, 0), 1);
	close(gone);
	CHECK_INT(send(fd, "b", 1, 0), 1);
	CHECK_INT(recv(fd, got, sizeof(got), 0), 1);
	CHECK_INT(got[0], 'b');
	stop(&echo);
}

TEST(usage)
{
	static const char *const wrong[][8] = {
		{ PROGRAM },
		{ PROGRAM, "http" },
		{ PROGRAM, "http", "--name", "a" },
		{ PROGRAM, "http", "--port", "80" },
		{ PROGRAM, "http", "--name", "a", "--port", "0" },
		{ PROGRAM, "http", "--name", "a", "--port", "65536" },
		{ PROGRAM, "http", "--name", "a", "--port", "80x" },
		{ PROGRAM, "http", "--name", "a", "--port", "-1" },
		{ PROGRAM, "http", "--name", "a", "--port", "99999999999999999999" },
		{ PROGRAM, "http", "more", "--name", "a", "--port", "80" },
		{ PROGRAM, "ftp", "--name", "a", "--port", "80" },
		{ PROGRAM, "echo", "--name", "a", "--port", "80" },
		{ PROGRAM, "echo", "--name=a", "--port=80", "--protocol=icmp" },
		{ PROGRAM, "http", "--name=a", "--port=80", "--protocol=tcp" },
		{ PROGRAM, "http", "--nonsense" },
		{ PROGRAM, "http", "--name=a", "--port=80", "--host=b" },
		{ PROGRAM, "https", "--name=a" },
		{ PROGRAM, "https", "--name=a", "--port=443", "--protocol=tcp" },
		{ PROGRAM, "ssh", "--name=a", "--port=22", "--host=b" },
	};
	struct running running;

	loopback_sandbox();
	CHECK(freopen("/dev/null", "w", stderr));
	for (size_t i = 0; i < ARRAY_SIZE(wrong); i++) {
		start_process(&running, true, wrong[i]);
		if (exit_status(&running) != 2)
			test_fail("case %zu", i);
		CHECK_STR(log_of(&running), "");
	}
	START(&running, "--help");
	CHECK_INT(exit_status(&running), 0);
	CHECK(strstr(log_of(&running), "usage: vpclab-service http"));
}
