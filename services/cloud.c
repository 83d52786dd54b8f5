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
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

/*
 * The resolver is dnsmasq. It takes no sockets of others, so it opens its own beside ours when the
 * first question is there: both may have the same UDP port, and its socket, being the younger, gets
 * what comes from then on. What came before is sent once more, from the address that it came from.
 * A TCP port has one owner: what has connected before is passed on by us.
 */
enum { SOCKET_FD = 4, SOCKETS_MAX = 8, WORDS_MAX = 24, MESSAGE_MAX = 65536 };

struct dns_socket {
	int fd;
	bool stream;
	struct sockaddr_in own;
	int early[SOCKETS_MAX]; /* connections that came before the resolver */
	size_t n_early;
};

struct dns_sockets {
	struct dns_socket socket[SOCKETS_MAX];
	size_t n;
};

/* Names that no file has do not exist: there is nobody else to ask. */
static _Noreturn void become_dnsmasq(const struct dns_sockets *dns, const char *vpc)
{
	static char listen[SOCKETS_MAX][48], names[512];
	const char *argv[WORDS_MAX] = { "dnsmasq",
					"--keep-in-foreground",
					"--conf-file=/dev/null",
					"--no-resolv",
					"--no-hosts",
					"--pid-file=",
					"--user=",
					"--group=",
					"--bind-interfaces",
					"--address=/#/",
					"--log-facility=-",
					"--hostsdir=/run/vpclab/hosts",
					names };
	size_t n_word = 13;
	char *const *words;

	snprintf(names, sizeof(names), "--hostsdir=" CLOUD_DIRECTORY "/%s/names", vpc);
	for (size_t i = 0; i < dns->n; i++) {
		char address[INET_ADDRSTRLEN];

		if (dns->socket[i].stream)
			continue;
		inet_ntop(AF_INET, &dns->socket[i].own.sin_addr, address, sizeof(address));
		snprintf(listen[i], sizeof(listen[i]), "--listen-address=%s", address);
		argv[n_word++] = listen[i];
	}
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

static int connect_to(const struct sockaddr_in *address)
{
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

	if (fd >= 0 && connect(fd, (const struct sockaddr *)address, sizeof(*address)) == 0)
		return fd;
	close(fd);
	return -1;
}

/* Wait until it answers at each address. False: it has ended. */
static bool await_resolver(const struct dns_sockets *dns, pid_t resolver)
{
	const struct timespec moment = { .tv_nsec = 500000 };

	for (size_t i = 0; i < dns->n; i++) {
		int fd = -1;

		while (dns->socket[i].stream && (fd = connect_to(&dns->socket[i].own)) < 0) {
			if (waitpid(resolver, NULL, WNOHANG) != 0)
				return false;
			nanosleep(&moment, NULL);
		}
		close(fd);
	}
	return true;
}

static void send_once_more(const struct dns_socket *dns)
{
	static char message[MESSAGE_MAX];
	struct sockaddr_in client;
	socklen_t size = sizeof(client);
	const int on = 1;
	ssize_t n;

	while ((n = recvfrom(dns->fd, message, sizeof(message), MSG_DONTWAIT,
			     (struct sockaddr *)&client, &size)) >= 0) {
		int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);

		if (setsockopt(fd, SOL_IP, IP_TRANSPARENT, &on, sizeof(on)) < 0 ||
		    bind(fd, (struct sockaddr *)&client, sizeof(client)) < 0 ||
		    sendto(fd, message, (size_t)n, 0, (const struct sockaddr *)&dns->own,
			   sizeof(dns->own)) < 0)
			fprintf(stderr, "vpclab-service: a question is lost: %s\n",
				strerror(errno));
		close(fd);
	}
}

/* In a child: until either side hangs up. */
static _Noreturn void pass_on(int client, int resolver)
{
	struct pollfd end[2] = { { .fd = client, .events = POLLIN },
				 { .fd = resolver, .events = POLLIN } };
	static char buffer[MESSAGE_MAX];

	while (poll(end, 2, -1) >= 0) {
		for (int i = 0; i < 2; i++) {
			ssize_t n = end[i].revents ? read(end[i].fd, buffer, sizeof(buffer)) : 1;

			if (n <= 0 || (end[i].revents && write(end[!i].fd, buffer, (size_t)n) != n))
				_exit(EXIT_SUCCESS);
		}
	}
	_exit(EXIT_FAILURE);
}

/* Take the connections that are there, and free the port. */
static void take_early(struct dns_socket *dns)
{
	(void)fcntl(dns->fd, F_SETFL, O_NONBLOCK);
	while (dns->n_early < SOCKETS_MAX &&
	       (dns->early[dns->n_early] = accept4(dns->fd, NULL, NULL, SOCK_CLOEXEC)) >= 0)
		dns->n_early++;
	close(dns->fd);
}

static void serve_early(struct dns_socket *dns)
{
	for (size_t i = 0; i < dns->n_early; i++) {
		if (fork() == 0)
			pass_on(dns->early[i], connect_to(&dns->own));
		close(dns->early[i]);
	}
}

/* From the first question on, for as long as the resolver lives. */
static void resolve(struct dns_sockets *dns, const char *vpc)
{
	struct pollfd asked[SOCKETS_MAX];
	pid_t resolver;
	bool there;

	for (size_t i = 0; i < dns->n; i++)
		asked[i] = (struct pollfd){ .fd = dns->socket[i].fd, .events = POLLIN };
	while (poll(asked, dns->n, -1) < 0)
		;
	for (size_t i = 0; i < dns->n; i++)
		if (dns->socket[i].stream)
			take_early(&dns->socket[i]);
	resolver = fork();
	if (resolver == 0)
		become_dnsmasq(dns, vpc);
	there = resolver > 0 && await_resolver(dns, resolver);
	for (size_t i = 0; i < dns->n; i++) {
		if (dns->socket[i].stream)
			serve_early(&dns->socket[i]);
		else if (there)
			send_once_more(&dns->socket[i]);
		if (!dns->socket[i].stream)
			close(dns->socket[i].fd);
	}
	while (waitpid(-1, NULL, 0) != resolver && errno != ECHILD)
		;
	if (!there)
		return;
	fprintf(stderr, "vpclab-service: the resolver has ended\n");
	exit(EXIT_FAILURE); /* so that verify can tell */
}

static _Noreturn void serve(const struct server *service, enum metadata_style style)
{
	struct dns_sockets dns = { .n = 0 };
	int type;

	for (int fd = SOCKET_FD; fd < SOCKET_FD + SOCKETS_MAX; fd++) {
		struct dns_socket *socket = &dns.socket[dns.n];
		socklen_t size = sizeof(type), address_size = sizeof(socket->own);

		if (getsockopt(fd, SOL_SOCKET, SO_TYPE, &type, &size) < 0 ||
		    getsockname(fd, (struct sockaddr *)&socket->own, &address_size) < 0)
			break;
		(void)fcntl(fd, F_SETFD, FD_CLOEXEC);
		socket->fd = fd;
		socket->stream = type == SOCK_STREAM;
		if (ntohs(socket->own.sin_port) == 53)
			dns.n++;
		else if (!metadata_start(service->name, style, fd))
			fprintf(stderr, "vpclab-service: cannot serve the metadata: %s\n",
				strerror(errno));
	}
	if (dns.n)
		resolve(&dns, service->name);
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
