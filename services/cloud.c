/* SPDX-License-Identifier: GPL-3.0-only */
#include "services/cloud.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

/*
 * The resolver is dnsmasq, which takes no sockets of others. It starts when the first question is
 * there, at 127.0.0.1 of the router, and what comes to our sockets is passed on to it: they stay
 * open all the time, so that nobody is refused while it starts.
 */
enum { SOCKET_FD = 4, SOCKETS_MAX = 8, EXCHANGES_MAX = 64, MESSAGE_MAX = 65536 };

/* What is polled: the end of the resolver, where clients ask, and of each exchange the resolver's
 * side and the connection of the client. A question by UDP has none, but an address. */
enum { RESOLVER, ASKED, EXCHANGES = ASKED + SOCKETS_MAX, N_READY = EXCHANGES + 2 * EXCHANGES_MAX };

struct relay {
	struct pollfd ready[N_READY]; /* fd -1: nothing there */
	bool stream[SOCKETS_MAX];
	struct question {
		int socket;
		struct sockaddr_in client;
	} question[EXCHANGES_MAX];
	unsigned turn;
};

/* Names that no file has do not exist: there is nobody else to ask. */
static _Noreturn void become_dnsmasq(const struct server *service)
{
	static char names[512], aliases[512] = "--conf-file=/dev/null";
	const char *argv[] = { "dnsmasq",
			       "--keep-in-foreground",
			       aliases,
			       "--no-resolv",
			       "--no-hosts",
			       "--pid-file=",
			       "--user=",
			       "--group=",
			       "--bind-interfaces",
			       "--listen-address=127.0.0.1",
			       "--address=/#/",
			       "--log-facility=-",
			       "--hostsdir=/run/vpclab/hosts",
			       names,
			       NULL };
	char *const *words;

	snprintf(names, sizeof(names), "--hostsdir=" CLOUD_DIRECTORY "/%s/names", service->name);
	if (service->names)
		snprintf(aliases, sizeof(aliases), "--conf-file=%s", service->names);
	memcpy(&words, &(const char *const *){ argv }, sizeof(words));
	prctl(PR_SET_PDEATHSIG, SIGTERM);
	execvp("dnsmasq", words);
	execv("/usr/sbin/dnsmasq", words);
	fprintf(stderr,
		"vpclab-service: cannot run dnsmasq, so there is no resolver: %s\n"
		"vpclab-service: sudo apt-get install dnsmasq-base\n",
		strerror(errno));
	_exit(127);
}

static int connect_to_resolver(int type)
{
	const struct sockaddr_in address = { .sin_family = AF_INET,
					     .sin_port = htons(53),
					     .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	int fd = socket(AF_INET, type | SOCK_CLOEXEC, 0);

	if (fd >= 0 && connect(fd, (const struct sockaddr *)&address, sizeof(address)) == 0)
		return fd;
	if (fd >= 0)
		close(fd);
	return -1;
}

/* Wait until it takes connections, before which it has its UDP socket. False: it has ended. */
static bool await_resolver(pid_t resolver)
{
	const struct timespec moment = { .tv_nsec = 500000 };
	int fd;

	while ((fd = connect_to_resolver(SOCK_STREAM)) < 0) {
		if (waitpid(resolver, NULL, WNOHANG) != 0)
			return false;
		nanosleep(&moment, NULL);
	}
	close(fd);
	return true;
}

static void end_exchange(struct pollfd side[2])
{
	for (int i = 0; i < 2; i++) {
		if (side[i].fd >= 0)
			close(side[i].fd);
		side[i] = (struct pollfd){ .fd = -1 };
	}
}

/* Where there is no room, an old one has to go: it may wait for ever. */
static size_t begin_exchange(struct relay *relay, int type, int client)
{
	size_t i = 0;
	struct pollfd *side;

	while (i < EXCHANGES_MAX && relay->ready[EXCHANGES + 2 * i].fd >= 0)
		i++;
	if (i == EXCHANGES_MAX)
		i = relay->turn++ % EXCHANGES_MAX;
	side = &relay->ready[EXCHANGES + 2 * i];
	end_exchange(side);
	side[0] = (struct pollfd){ .fd = connect_to_resolver(type), .events = POLLIN };
	side[1] = (struct pollfd){ .fd = client, .events = POLLIN };
	if (side[0].fd < 0)
		end_exchange(side);
	return i;
}

static void take_question(struct relay *relay, int fd)
{
	static char message[MESSAGE_MAX];
	struct question question = { .socket = fd };
	socklen_t size = sizeof(question.client);
	ssize_t n = recvfrom(fd, message, sizeof(message), MSG_DONTWAIT,
			     (struct sockaddr *)&question.client, &size);
	size_t i;

	if (n < 0)
		return;
	i = begin_exchange(relay, SOCK_DGRAM, -1);
	relay->question[i] = question;
	(void)send(relay->ready[EXCHANGES + 2 * i].fd, message, (size_t)n, 0);
}

static void give_answer(const struct question *question, struct pollfd side[2])
{
	static char message[MESSAGE_MAX];
	ssize_t n = recv(side[0].fd, message, sizeof(message), MSG_DONTWAIT);

	if (n >= 0)
		(void)sendto(question->socket, message, (size_t)n, MSG_DONTWAIT,
			     (const struct sockaddr *)&question->client, sizeof(question->client));
	end_exchange(side);
}

/* Until both sides have said all. Messages are small: who does not read them is given up. */
static void pass_on(struct pollfd side[2], int from)
{
	static char buffer[MESSAGE_MAX];
	ssize_t n = recv(side[from].fd, buffer, sizeof(buffer), MSG_DONTWAIT);

	bool over;

	if (n < 0 && errno == EAGAIN)
		return;
	over = n < 0 || (n == 0 && !side[from].events) ||
	       send(side[!from].fd, buffer, (size_t)n, MSG_DONTWAIT | MSG_NOSIGNAL) != n;
	if (n == 0) {
		side[from].events = 0;
		(void)shutdown(side[!from].fd, SHUT_WR);
	}
	if (over || (!side[0].events && !side[1].events))
		end_exchange(side);
}

/* Pass on what has come. */
static void relay_once(struct relay *relay)
{
	for (size_t i = 0; i < EXCHANGES_MAX; i++) {
		struct pollfd *side = &relay->ready[EXCHANGES + 2 * i];

		if (side[0].revents && side[1].fd < 0)
			give_answer(&relay->question[i], side);
		for (int from = 0; from < 2; from++)
			if (side[from].revents && side[1].fd >= 0)
				pass_on(side, from);
	}
	for (size_t i = 0; i < SOCKETS_MAX; i++) {
		const int fd = relay->ready[ASKED + i].fd;
		int client;

		if (!relay->ready[ASKED + i].revents)
			continue;
		if (!relay->stream[i])
			take_question(relay, fd);
		else if ((client = accept4(fd, NULL, NULL, SOCK_CLOEXEC)) >= 0)
			begin_exchange(relay, SOCK_STREAM, client);
	}
}

/* From the first question on, for as long as the resolver lives. */
static void resolve(struct relay *relay, const struct server *service)
{
	pid_t resolver;

	while (poll(relay->ready, N_READY, -1) < 0)
		;
	resolver = fork();
	if (resolver == 0)
		become_dnsmasq(service);
	if (resolver < 0 || !await_resolver(resolver)) {
		for (size_t i = 0; i < SOCKETS_MAX; i++)
			if (relay->ready[ASKED + i].fd >= 0)
				close(relay->ready[ASKED + i].fd);
		return;
	}
	relay->ready[RESOLVER] = (struct pollfd){ .fd = (int)syscall(SYS_pidfd_open, resolver, 0),
						  .events = POLLIN };
	while (!relay->ready[RESOLVER].revents)
		if (poll(relay->ready, N_READY, -1) > 0)
			relay_once(relay);
	fprintf(stderr, "vpclab-service: the resolver has ended\n");
	exit(EXIT_FAILURE); /* so that verify can tell */
}

static _Noreturn void serve(const struct server *service, enum metadata_style style)
{
	static struct relay relay;
	size_t n = 0;

	for (size_t i = 0; i < N_READY; i++)
		relay.ready[i].fd = -1;
	for (int fd = SOCKET_FD; fd < SOCKET_FD + SOCKETS_MAX; fd++) {
		struct sockaddr_in own;
		socklen_t size = sizeof(int), address_size = sizeof(own);
		int type;

		if (getsockopt(fd, SOL_SOCKET, SO_TYPE, &type, &size) < 0 ||
		    getsockname(fd, (struct sockaddr *)&own, &address_size) < 0)
			break;
		(void)fcntl(fd, F_SETFD, FD_CLOEXEC);
		if (ntohs(own.sin_port) == 53) {
			(void)fcntl(fd, F_SETFL, O_NONBLOCK);
			relay.ready[ASKED + n] = (struct pollfd){ .fd = fd, .events = POLLIN };
			relay.stream[n++] = type == SOCK_STREAM;
		} else if (!metadata_start(service->name, style, fd)) {
			fprintf(stderr, "vpclab-service: cannot serve the metadata: %s\n",
				strerror(errno));
		}
	}
	if (n)
		resolve(&relay, service);
	for (;;)
		pause();
}

int alibaba_run(const struct server *service)
{
	serve(service, METADATA_ALIBABA);
}

int aws_run(const struct server *service)
{
	serve(service, METADATA_AWS);
}
