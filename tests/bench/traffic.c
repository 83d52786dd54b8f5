/* SPDX-License-Identifier: GPL-3.0-only */
/*
 * What `make bench` sends through a lab, and counts. It runs inside the lab; for several nodes, it
 * finds them in /run/netns.
 *
 *     traffic sink PORT
 *         take TCP connections and discard what comes, until killed
 *     traffic stream ADDRESS PORT SECONDS
 *         one TCP connection, as much as it carries: bytes a second
 *     traffic flows FROM TO ADDRESS PORT LOCAL-PORT N
 *         N questions from node FROM to the address, each from a new port, which node TO takes at
 *         LOCAL-PORT and answers: median nanoseconds for one
 *     traffic open ADDRESS FIRST N
 *         N new UDP flows, numbered from FIRST, that nobody answers: nanoseconds for one
 *     traffic neighbours ROUNDS
 *         read lines "NODE ADDRESS GATEWAY"; all nodes ping their gateways and ask the next node at
 *         the same time: packets sent, and answers
 *
 * On success the figures stand on standard output, and nothing else.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/ip.h>
#include <netinet/ip_icmp.h>
#include <netinet/udp.h>
#include <poll.h>
#include <sched.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

#define ECHO_PORT 7

static _Noreturn void die(const char *what)
{
	fprintf(stderr, "traffic: %s: %s\n", what, strerror(errno));
	exit(1);
}

static _Noreturn void usage(void)
{
	fprintf(stderr, "usage: traffic sink PORT | stream ADDRESS PORT SECONDS | flows FROM TO "
			"ADDRESS PORT LOCAL-PORT N |\n"
			"               open ADDRESS FIRST N | neighbours ROUNDS\n");
	exit(2);
}

static uint64_t nanoseconds(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (uint64_t)now.tv_sec * 1000000000u + (uint64_t)now.tv_nsec;
}

static unsigned number(const char *text)
{
	char *end;
	unsigned long n = strtoul(text, &end, 10);

	if (!*text || *end || n > 100000000)
		usage();
	return (unsigned)n;
}

static struct sockaddr_in address_of(const char *address, unsigned port)
{
	struct sockaddr_in to = { .sin_family = AF_INET, .sin_port = htons((uint16_t)port) };

	if (inet_pton(AF_INET, address, &to.sin_addr) != 1)
		usage();
	return to;
}

static int socket_open(int type, int protocol)
{
	int fd = socket(AF_INET, type | SOCK_CLOEXEC, protocol);

	if (fd < 0)
		die("socket");
	return fd;
}

static void socket_bind(int fd, unsigned port)
{
	const struct sockaddr_in any = { .sin_family = AF_INET, .sin_port = htons((uint16_t)port) };
	const int one = 1;

	setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &one, sizeof(one));
	if (bind(fd, (const struct sockaddr *)&any, sizeof(any)) < 0)
		die("bind");
}

static void socket_connect(int fd, const struct sockaddr_in *to)
{
	if (connect(fd, (const struct sockaddr *)to, sizeof(*to)) < 0)
		die("connect");
}

static void answer_within(int fd, unsigned seconds)
{
	const struct timeval limit = { .tv_sec = seconds };

	setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof(limit));
}

static void enter(const char *node)
{
	char path[300];
	int fd;

	snprintf(path, sizeof(path), "/run/netns/%s", node);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0 || setns(fd, CLONE_NEWNET) < 0)
		die(path);
	close(fd);
}

/* ---- bytes ---- */

#define CHUNK (128 * 1024)

static char chunk[CHUNK];

static void sink(unsigned port)
{
	int listener = socket_open(SOCK_STREAM, 0);

	socket_bind(listener, port);
	if (listen(listener, 16) < 0)
		die("listen");
	for (;;) {
		int fd = accept4(listener, NULL, NULL, SOCK_CLOEXEC);

		if (fd < 0)
			die("accept");
		while (read(fd, chunk, sizeof(chunk)) > 0)
			;
		close(fd); /* tells the sender that everything has come */
	}
}

static void stream(struct sockaddr_in to, unsigned seconds)
{
	int fd = socket_open(SOCK_STREAM, 0);
	uint64_t start = nanoseconds(), stop, bytes = 0;

	/* The sink may not listen yet. */
	while (connect(fd, (const struct sockaddr *)&to, sizeof(to)) < 0) {
		if (errno != ECONNREFUSED || nanoseconds() - start > UINT64_C(2000000000))
			die("connect");
		poll(NULL, 0, 10);
	}
	start = nanoseconds();
	stop = start + seconds * UINT64_C(1000000000);
	while (nanoseconds() < stop) {
		ssize_t n = write(fd, chunk, sizeof(chunk));

		if (n < 0)
			die("write");
		bytes += (uint64_t)n;
	}
	/* What is still on its way counts, and so does its time. */
	if (shutdown(fd, SHUT_WR) < 0 || read(fd, chunk, 1) != 0)
		die("the sink's end");
	printf("%.0f\n", (double)bytes * 1e9 / (double)(nanoseconds() - start));
}

/* ---- packets ---- */

/* Send back what comes. False: nothing came in the time that the socket allows. */
static bool give_answer(int fd)
{
	struct sockaddr_in from;
	socklen_t size = sizeof(from);
	char question[16];
	ssize_t n = recvfrom(fd, question, sizeof(question), 0, (struct sockaddr *)&from, &size);

	return n >= 0 &&
	       sendto(fd, question, (size_t)n, 0, (const struct sockaddr *)&from, size) == n;
}

static int compare(const void *a, const void *b)
{
	const uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;

	return (x > y) - (x < y);
}

/* Both ends are in this program, so that nothing but the packets is measured: no second program
 * has to wake up. */
static void flows(const char *from, const char *to, struct sockaddr_in address, unsigned local_port,
		  unsigned n)
{
	uint64_t *took = calloc(n, sizeof(*took));
	int answer;

	if (!took || n == 0)
		die("flows");
	enter(to);
	answer = socket_open(SOCK_DGRAM, 0);
	socket_bind(answer, local_port);
	answer_within(answer, 2);
	enter(from);
	for (unsigned i = 0; i < n; i++) {
		int ask = socket_open(SOCK_DGRAM, 0);
		uint64_t start;
		char byte;

		answer_within(ask, 2);
		socket_connect(ask, &address);
		start = nanoseconds();
		if (write(ask, "?", 1) != 1 || !give_answer(answer) || read(ask, &byte, 1) != 1)
			die("no answer");
		took[i] = nanoseconds() - start;
		close(ask);
	}
	qsort(took, n, sizeof(*took), compare);
	printf("%llu\n", (unsigned long long)took[n / 2]);
	free(took);
}

/* A raw socket writes any source port, so that a hundred thousand flows need one socket. */
static void open_flows(struct sockaddr_in to, unsigned first, unsigned n)
{
	int fd = socket_open(SOCK_RAW, IPPROTO_UDP);
	uint64_t start = nanoseconds();

	for (unsigned i = first; i < first + n; i++) {
		const struct udphdr udp = {
			.source = htons((uint16_t)(1024 + i % 60000)),
			.dest = htons((uint16_t)(1024 + i / 60000)),
			.len = htons(sizeof(udp)),
		};

		/* A drop by a gateway's limit goes unnoticed here; only a full queue is an
		 * error. */
		if (sendto(fd, &udp, sizeof(udp), 0, (const struct sockaddr *)&to, sizeof(to)) < 0)
			die("sendto");
	}
	printf("%llu\n", (unsigned long long)((nanoseconds() - start) / n));
}

/* ---- all at once ---- */

struct traffic_host {
	struct sockaddr_in address, gateway;
	int ping, ask, answer;
};

static struct traffic_host *hosts;
static unsigned n_host;

static void add_host(const char *node, const char *address, const char *gateway)
{
	struct traffic_host *host;

	hosts = realloc(hosts, (n_host + 1) * sizeof(*hosts));
	if (!hosts)
		die("memory");
	host = &hosts[n_host++];
	enter(node);
	host->address = address_of(address, ECHO_PORT);
	host->gateway = address_of(gateway, 0);
	host->ping = socket_open(SOCK_RAW, IPPROTO_ICMP);
	host->ask = socket_open(SOCK_DGRAM, 0);
	host->answer = socket_open(SOCK_DGRAM, 0);
	socket_connect(host->ping, &host->gateway);
	socket_bind(host->answer, ECHO_PORT);
}

/* Send each host's question to its gateway and to the next host. Return how many. */
static unsigned ask_all(uint16_t round)
{
	for (unsigned i = 0; i < n_host; i++) {
		struct icmphdr icmp = { .type = ICMP_ECHO, .un.echo.sequence = htons(round) };
		const struct traffic_host *next = &hosts[(i + 1) % n_host];

		/* The one's complement sum of three words, two of which are not zero. */
		icmp.checksum = htons((uint16_t) ~((ICMP_ECHO << 8) + round));
		if (write(hosts[i].ping, &icmp, sizeof(icmp)) != sizeof(icmp) ||
		    sendto(hosts[i].ask, &round, sizeof(round), 0,
			   (const struct sockaddr *)&next->address,
			   sizeof(next->address)) != sizeof(round))
			die("send");
	}
	return 2 * n_host;
}

static unsigned take_ping(int fd)
{
	char packet[256];
	ssize_t n = recv(fd, packet, sizeof(packet), MSG_DONTWAIT);
	const struct icmphdr *icmp = (const struct icmphdr *)(packet + sizeof(struct iphdr));

	return n >= (ssize_t)(sizeof(struct iphdr) + sizeof(*icmp)) && icmp->type == ICMP_ECHOREPLY;
}

static unsigned take(const struct traffic_host *host, int fd)
{
	uint16_t round;

	if (fd == host->ping)
		return take_ping(fd);
	if (fd == host->ask)
		return recv(fd, &round, sizeof(round), MSG_DONTWAIT) == sizeof(round);
	(void)give_answer(fd); /* epoll has said that something is there */
	return 0;
}

/* Serve all sockets until so many answers have come, or none has for a second. */
static unsigned collect(int epoll, unsigned expected)
{
	struct epoll_event event[64];
	unsigned got = 0;
	int n;

	while (got < expected && (n = epoll_wait(epoll, event, 64, 1000)) > 0)
		for (int i = 0; i < n; i++)
			got += take(&hosts[event[i].data.u64 >> 32],
				    (int)(uint32_t)event[i].data.u64);
	return got;
}

static void watch(int epoll, unsigned host, int fd)
{
	struct epoll_event event = { .events = EPOLLIN,
				     .data.u64 = (uint64_t)host << 32 | (uint32_t)fd };

	if (epoll_ctl(epoll, EPOLL_CTL_ADD, fd, &event) < 0)
		die("epoll");
}

static void neighbours(unsigned rounds)
{
	char node[256], address[64], gateway[64];
	unsigned sent = 0, answered = 0;
	struct rlimit limit;
	int epoll = epoll_create1(EPOLL_CLOEXEC);

	getrlimit(RLIMIT_NOFILE, &limit);
	limit.rlim_cur = limit.rlim_max;
	setrlimit(RLIMIT_NOFILE, &limit);
	while (scanf("%255s %63s %63s", node, address, gateway) == 3)
		add_host(node, address, gateway);
	for (unsigned i = 0; i < n_host; i++) {
		watch(epoll, i, hosts[i].ping);
		watch(epoll, i, hosts[i].ask);
		watch(epoll, i, hosts[i].answer);
	}
	for (unsigned round = 0; round < rounds; round++) {
		unsigned n = ask_all((uint16_t)round);

		sent += n;
		answered += collect(epoll, n);
	}
	printf("%u %u\n", sent, answered);
}

int main(int argc, char **argv)
{
	const char *what = argc > 1 ? argv[1] : "";

	if (argc == 3 && strcmp(what, "sink") == 0)
		sink(number(argv[2]));
	else if (argc == 3 && strcmp(what, "neighbours") == 0)
		neighbours(number(argv[2]));
	else if (argc == 5 && strcmp(what, "stream") == 0)
		stream(address_of(argv[2], number(argv[3])), number(argv[4]));
	else if (argc == 8 && strcmp(what, "flows") == 0)
		flows(argv[2], argv[3], address_of(argv[4], number(argv[5])), number(argv[6]),
		      number(argv[7]));
	else if (argc == 5 && strcmp(what, "open") == 0)
		open_flows(address_of(argv[2], 0), number(argv[3]), number(argv[4]));
	else
		usage();
	return 0;
}
