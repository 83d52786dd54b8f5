/* SPDX-License-Identifier: GPL-3.0-only */
#include "services/service.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

/*
 * The health checks of a load balancer, in its namespace: a TCP connection to each target every few
 * seconds, and at once when somebody asks. What came of it goes to the kernel as a datagram with
 * the target's number as its mark, which a rule there takes for its set of healthy targets (see
 * lab/compile/load_balancer.c). One answer or refusal decides. cloud-semantics: lb-4, lb-5
 */
enum { HEALTHY_PORT = 1, UNHEALTHY_PORT = 2, CHECK_PORT = 3 };
enum { INTERVAL = 2000, PATIENCE = 2000, SETTLED = 1000 }; /* ms */
enum { HOPS_MAX = 4 * 64 };                                /* see settle() */

struct checked {
	struct sockaddr_in address;
	bool known, healthy;
	struct pollfd connection; /* fd -1: it is decided */
};

struct checker {
	int fd; /* takes questions and says what was found */
	struct checked *target;
	size_t n_target;
};

static struct sockaddr_in loopback(uint16_t port)
{
	return (struct sockaddr_in){ .sin_family = AF_INET,
				     .sin_port = htons(port),
				     .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
}

static long now(void)
{
	struct timespec time;

	clock_gettime(CLOCK_MONOTONIC, &time);
	return time.tv_sec * 1000 + time.tv_nsec / 1000000;
}

/* The kernel's rule takes the datagram in, so that sending it fails. */
static void say(const struct checker *balancer, struct checked *target, bool healthy)
{
	const struct sockaddr_in to = loopback(healthy ? HEALTHY_PORT : UNHEALTHY_PORT);
	const int mark = (int)(target - balancer->target) + 1;
	int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);

	if (fd < 0 || setsockopt(fd, SOL_SOCKET, SO_MARK, &mark, sizeof(mark)) < 0) {
		fprintf(stderr, "vpclab-service: cannot mark a datagram: %s\n", strerror(errno));
	} else {
		(void)!sendto(fd, "", 0, 0, (const struct sockaddr *)&to, sizeof(to));
		if (!target->known || target->healthy != healthy)
			service_log(&target->address, healthy ? "healthy" : "unhealthy");
		target->known = true;
		target->healthy = healthy;
	}
	if (fd >= 0)
		close(fd);
}

static void begin(const struct checker *balancer, struct checked *target)
{
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);

	target->connection = (struct pollfd){ .fd = fd, .events = POLLOUT };
	if (fd >= 0 &&
	    (connect(fd, (struct sockaddr *)&target->address, sizeof(target->address)) == 0 ||
	     errno == EINPROGRESS))
		return;
	say(balancer, target, false);
	if (fd >= 0)
		close(fd);
	target->connection.fd = -1;
}

/* A reset instead of a FIN: a check leaves nothing behind. */
static void decide(const struct checker *balancer, struct checked *target, bool healthy)
{
	const struct linger at_once = { .l_onoff = 1 };

	say(balancer, target, healthy);
	setsockopt(target->connection.fd, SOL_SOCKET, SO_LINGER, &at_once, sizeof(at_once));
	close(target->connection.fd);
	target->connection.fd = -1;
}

/*
 * Packets between namespaces go through the queue of the processor that sent the first one, first
 * in, first out, and the kernel itself answers a SYN. So when as many packets as a SYN and its
 * answer may take hops have come round the loopback of this processor, one after the other, no
 * answer that is still missing will come (as in lab/probe/probe.c).
 */
static void settle(void)
{
	const struct timeval patience = { .tv_sec = SETTLED / 1000 };
	struct sockaddr_in own = loopback(0);
	socklen_t size = sizeof(own);
	int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	char byte;

	if (fd < 0)
		return;
	if (setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof(patience)) == 0 &&
	    bind(fd, (struct sockaddr *)&own, sizeof(own)) == 0 &&
	    getsockname(fd, (struct sockaddr *)&own, &size) == 0 &&
	    connect(fd, (struct sockaddr *)&own, sizeof(own)) == 0)
		for (int i = 0; i < HOPS_MAX; i++)
			if (send(fd, "", 1, 0) != 1 || recv(fd, &byte, 1, 0) != 1)
				break;
	close(fd);
}

static void stay_on_this_processor(void)
{
	cpu_set_t set;
	int cpu = sched_getcpu();

	CPU_ZERO(&set);
	CPU_SET(cpu < 0 ? 0 : (size_t)cpu, &set);
	(void)sched_setaffinity(0, sizeof(set), &set);
}

/* asked: whoever asks waits, and is told as soon as the network is quiet. */
static void check_all(const struct checker *balancer, bool asked)
{
	const long deadline = now() + (asked ? 0 : PATIENCE);
	struct pollfd *wait = calloc(balancer->n_target + 1, sizeof(*wait));
	size_t open;

	for (size_t i = 0; i < balancer->n_target; i++)
		begin(balancer, &balancer->target[i]);
	if (asked) {
		settle();
		for (size_t i = 0; wait && i < balancer->n_target; i++)
			wait[i] = balancer->target[i].connection;
		(void)(wait && poll(wait, balancer->n_target, 0));
	}
	do {
		const long left = deadline - now();

		open = 0;
		for (size_t i = 0; i < balancer->n_target; i++) {
			struct checked *target = &balancer->target[i];
			int number = 0;
			socklen_t size = sizeof(number);

			if (target->connection.fd >= 0 && wait && wait[i].revents) {
				getsockopt(target->connection.fd, SOL_SOCKET, SO_ERROR, &number,
					   &size);
				decide(balancer, target, number == 0);
			} else if (target->connection.fd >= 0 && (left <= 0 || !wait)) {
				decide(balancer, target, false);
			}
			open += target->connection.fd >= 0;
			if (wait)
				wait[i] = target->connection;
		}
		if (open)
			(void)poll(wait, balancer->n_target, left > 0 ? (int)left : 0);
	} while (open);
	free(wait);
}

/* "10.0.0.1:80" */
static bool parse_target(const char *word, struct sockaddr_in *ret_address)
{
	const char *colon = strchr(word, ':');
	char address[INET_ADDRSTRLEN] = "", *end;
	unsigned long port;

	if (!colon || (size_t)(colon - word) >= sizeof(address))
		return false;
	memcpy(address, word, (size_t)(colon - word));
	port = strtoul(colon + 1, &end, 10);
	if (end == colon + 1 || *end || !port || port > 65535)
		return false;
	*ret_address =
		(struct sockaddr_in){ .sin_family = AF_INET, .sin_port = htons((uint16_t)port) };
	return inet_pton(AF_INET, address, &ret_address->sin_addr) == 1;
}

static int listen_for_questions(const struct server *service)
{
	struct sockaddr_in own = loopback(CHECK_PORT);
	int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);

	if (fd >= 0 && bind(fd, (struct sockaddr *)&own, sizeof(own)) == 0)
		return fd;
	service_failed(service, "cannot take questions: %s", strerror(errno));
	return -1;
}

int balancer_run(const struct server *service)
{
	struct checker balancer = { .fd = -1 };

	for (char **word = service->target; word && *word; word++)
		balancer.n_target++;
	balancer.target = calloc(balancer.n_target + 1, sizeof(*balancer.target));
	for (size_t i = 0; balancer.target && i < balancer.n_target; i++)
		if (!parse_target(service->target[i], &balancer.target[i].address)) {
			service_failed(service, "%s is no target: 10.0.0.1:80 is one",
				       service->target[i]);
			free(balancer.target);
			return EXIT_FAILURE;
		}
	balancer.fd = balancer.target ? listen_for_questions(service) : -1;
	if (balancer.fd < 0)
		return EXIT_FAILURE;
	stay_on_this_processor();
	service_ready(service);
	for (;;) {
		struct pollfd asked = { .fd = balancer.fd, .events = POLLIN };
		struct sockaddr_in client;
		socklen_t size = sizeof(client);
		const bool question = poll(&asked, 1, INTERVAL) > 0;
		char byte;

		check_all(&balancer, question);
		if (question &&
		    recvfrom(balancer.fd, &byte, 1, 0, (struct sockaddr *)&client, &size) >= 0)
			(void)!sendto(balancer.fd, "1", 1, 0, (struct sockaddr *)&client, size);
	}
}
