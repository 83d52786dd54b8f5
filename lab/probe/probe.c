/* SPDX-License-Identifier: GPL-3.0-only */
#include "lab/probe/probe.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <netinet/ip.h>
#include <netinet/ip_icmp.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "core/base/cleanup.h"
#include "core/base/clock.h"
#include "core/base/memory.h"
#include "core/netlink/conntrack.h"
#include "core/netlink/message.h"
#include "core/netlink/rtnl.h"
#include "core/netlink/socket.h"
#include "core/state/wanted.h"
#include "lab/compile/layout.h"
#include "lab/live/balancers.h"
#include "lab/model/cloud_service.h"

/*
 * All probes run in one child inside the sandbox. A socket stays in the network namespace it was
 * made in, so the child walks through the nodes, opens a socket in each, and then waits for all of
 * them at once.
 *
 * The address that the far end saw is not guessed: connection tracking of the gateways on the way
 * is asked, from one translation to the next, what became of the packet that was answered.
 *
 * That nothing answers is not a matter of waiting long enough, either. Packets between namespaces
 * go hop by hop through the receive queue of the processor that sent the first one, first in, first
 * out, and the kernel itself answers a SYN or a ping. So the child stays on one processor and sends
 * packets over its loopback, which go through the same queue: after as many of them as a packet and
 * its answer may take hops, both have arrived or are lost. Only a datagram that a program has to
 * answer, or a probe that hopes for a service to come up, is worth waiting for.
 */

enum { PROBE_AT_ONCE = 256 }; /* bounds the open files; more than that go in groups */
enum {
	HOPS_MAX = 4 * 64
}; /* there and back, and an ICMP error for each; a packet lives for 64 hops */
enum { RETRY_MILLISECONDS = 50, RESEND_MILLISECONDS = 1000 };

static const char icmp_payload[] = "vpclab probe";
static const char udp_payload[] = "vpclab probe\n";

struct probe_attempt {
	const struct model *model;
	struct probe *probe;
	int fd; /* -1: decided */
	double started, deadline;
	double next; /* when to try again: after a refusal, or because a datagram was not answered
			yet; 0: not */
	enum probe_verdict at_deadline; /* what it is where nothing else comes until then */
	uint16_t ping_id;
};

static struct sockaddr_in socket_address(uint32_t address, uint16_t port)
{
	return (struct sockaddr_in){ .sin_family = AF_INET,
				     .sin_addr.s_addr = htonl(address),
				     .sin_port = htons(port) };
}

static void decide(struct probe_attempt *attempt, enum probe_verdict verdict)
{
	attempt->probe->verdict = verdict;
	attempt->probe->seconds = clock_seconds() - attempt->started;
	attempt->next = 0;
	if (attempt->fd >= 0)
		close(attempt->fd);
	attempt->fd = -1;
}

static bool is_next_hop_host(const struct model *model, const struct resource *host)
{
	model_each(model, NOUN_ROUTE, const struct route, route) {
		const struct eni *eni = route_interface(route);

		if (eni && eni->ecs && &eni->ecs->resource == host)
			return true;
	}
	return false;
}

/* One question by one node's connection tracking after the other: who translated the packet, until
 * nobody does any more. */
static uint32_t source_seen(const struct model *model, struct tuple tuple)
{
	static const enum noun gateways[] = { NOUN_ECS, NOUN_NAT_GATEWAY, NOUN_VPC,
					      NOUN_INTERNET_GATEWAY, NOUN_LOAD_BALANCER };
	struct error ignored = { 0 };
	bool translated = true;

	/* A packet passes at most two translations on its way out (AWS: NAT, internet gateway) and
	 * one on its way in; and those of a host that routes lead to. */
	for (int pass = 0; translated && pass < 4; pass++) {
		translated = false;
		for (size_t g = 0; g < ARRAY_SIZE(gateways); g++) {
			model_each(model, gateways[g], const struct resource, gateway) {
				auto_free char *netns =
					xprintf("%s%s", gateway->name,
						gateways[g] == NOUN_VPC ? "@public" : "");
				struct tuple after;

				if (gateways[g] == NOUN_ECS && !is_next_hop_host(model, gateway))
					continue;
				if (netns_enter(netns, &ignored) < 0 ||
				    conntrack_translate(&tuple, &after, &ignored) < 0)
					continue;
				if (tuple_equal(&after, &tuple))
					continue;
				tuple = after;
				translated = true;
			}
		}
	}
	return tuple.source;
}

static void answered(const struct model *model, struct probe_attempt *attempt)
{
	const struct flow *flow = &attempt->probe->flow;
	struct sockaddr_in own = { 0 };
	socklen_t size = sizeof(own);
	double seconds = clock_seconds() - attempt->started;
	struct tuple tuple = { 0 };

	tuple.protocol = (uint8_t)flow->protocol;
	tuple.destination = flow->destination;
	tuple.destination_port = flow->protocol == PROTOCOL_ICMP ? attempt->ping_id : flow->port;
	if (getsockname(attempt->fd, (struct sockaddr *)&own, &size) == 0) {
		tuple.source = ntohl(own.sin_addr.s_addr);
		tuple.source_port = flow->protocol == PROTOCOL_ICMP ? attempt->ping_id
								    : ntohs(own.sin_port);
		attempt->probe->seen_as = source_seen(model, tuple);
	}
	decide(attempt, PROBE_REACHED);
	attempt->probe->seconds = seconds;
}

static uint16_t checksum(const void *data, size_t size)
{
	const uint8_t *byte = data;
	uint32_t sum = 0;

	for (size_t i = 0; i < size; i++)
		sum += i % 2 ? byte[i] : (uint32_t)byte[i] << 8;
	while (sum >> 16)
		sum = (sum & 0xffff) + (sum >> 16);
	return htons((uint16_t)~sum);
}

static ssize_t send_ping(const struct probe_attempt *attempt)
{
	struct {
		struct icmphdr header;
		char payload[sizeof(icmp_payload)];
	} packet = { .header = {
			     .type = ICMP_ECHO,
			     .un.echo = { .id = htons(attempt->ping_id), .sequence = htons(1) } } };

	memcpy(packet.payload, icmp_payload, sizeof(icmp_payload));
	packet.header.checksum = checksum(&packet, sizeof(packet));
	return send(attempt->fd, &packet, sizeof(packet), 0);
}

static bool is_ping_answer(const struct probe_attempt *attempt, const char *packet, size_t size)
{
	struct iphdr ip;
	struct icmphdr icmp;

	if (size < sizeof(ip))
		return false;
	memcpy(&ip, packet, sizeof(ip));
	if (size < ip.ihl * 4u + sizeof(icmp))
		return false;
	memcpy(&icmp, packet + ip.ihl * 4u, sizeof(icmp));
	return icmp.type == ICMP_ECHOREPLY && icmp.un.echo.id == htons(attempt->ping_id);
}

static enum probe_verdict verdict_of_errno(int number)
{
	return number == ECONNREFUSED ? PROBE_REFUSED
	       : number == ETIMEDOUT  ? PROBE_TIMED_OUT
				      : PROBE_UNREACHABLE;
}

/* A refusal ends a probe that expects one; else the service may just not be up yet. */
static void failed(struct probe_attempt *attempt, int number)
{
	double retry = clock_seconds() + RETRY_MILLISECONDS / 1e3;
	enum probe_verdict verdict = verdict_of_errno(number);

	if (verdict != PROBE_REFUSED || attempt->probe->expect_blocked ||
	    retry >= attempt->deadline) {
		decide(attempt, verdict);
		return;
	}
	if (attempt->probe->flow.protocol == PROTOCOL_TCP) {
		close(attempt->fd);
		attempt->fd = -1;
	}
	attempt->next = retry;
	attempt->at_deadline = PROBE_REFUSED;
}

/* Let the internet have a stranger's address itself for as long as a probe takes, so that one can
 * send from it. In the namespace of the internet. */
static int lend_address(uint32_t address, bool lend, struct error *err)
{
	const struct object object = { .kind = OBJECT_ADDRESS,
				       .netns = INTERNET_NETNS,
				       .address = {
					       .link = "lo", .address = address, .length = 32 } };
	const struct rtnl_request request = { .doing = lend ? "add" : "delete",
					      .object = &object,
					      .tolerance = lend ? RTNL_MAY_EXIST
								: RTNL_MAY_BE_GONE };
	struct rtnl_batch batch = { 0 };
	int fd = netlink_open(NETLINK_ROUTE, err), r = fd;

	if (fd >= 0) {
		rtnl_add(&batch,
			 lend ? message_address_add(rtnl_room(&batch), &object.address, 1, true)
			      : message_address_delete(rtnl_room(&batch), &object.address, 1),
			 &request);
		r = rtnl_commit(&batch, fd, err);
		close(fd);
	}
	rtnl_free(&batch);
	return r;
}

static bool is_lent(const struct model *model, const struct flow *flow)
{
	return flow->stranger && !model_find_noun(model, NOUNS_NODE, flow->from);
}

/* What probes in this lab sent from, that are over now. */
static void take_back_addresses(const struct model *model, const struct probe *probe, size_t n)
{
	struct error ignored = { 0 };

	for (size_t i = 0; i < n; i++)
		if (is_lent(model, &probe[i].flow) && netns_enter(INTERNET_NETNS, &ignored) >= 0)
			(void)lend_address(probe[i].flow.stranger, false, &ignored);
}

static int open_socket(struct probe_attempt *attempt, struct error *err)
{
	const struct flow *flow = &attempt->probe->flow;
	const bool lent = is_lent(attempt->model, flow);
	int type = flow->protocol == PROTOCOL_TCP   ? SOCK_STREAM
		   : flow->protocol == PROTOCOL_UDP ? SOCK_DGRAM
						    : SOCK_RAW;
	int r = netns_enter(lent ? INTERNET_NETNS : flow->from, err);

	if (r >= 0 && lent)
		r = lend_address(flow->stranger, true, err);
	if (r < 0)
		return r;
	attempt->fd = socket(AF_INET, type | SOCK_NONBLOCK | SOCK_CLOEXEC,
			     type == SOCK_RAW ? IPPROTO_ICMP : 0);
	if (attempt->fd < 0)
		return error_set(err, -errno, "cannot open a socket in %s: %s", flow->from,
				 strerror(errno));
	if (lent || (attempt->probe->source_port && type != SOCK_RAW)) {
		const struct sockaddr_in own = socket_address(lent ? flow->stranger : INADDR_ANY,
							      attempt->probe->source_port);

		if (bind(attempt->fd, (const struct sockaddr *)&own, sizeof(own)) < 0)
			return error_set(err, -errno, "cannot use port %u in %s: %s",
					 attempt->probe->source_port, flow->from, strerror(errno));
	}
	return 0;
}

static ssize_t send_question(const struct probe_attempt *attempt)
{
	/* A resolver answers nothing else: which address has the root? */
	static const char dns_question[] = "vp\1\0\0\1\0\0\0\0\0\0\0\0\1\0\1";
	const struct flow *flow = &attempt->probe->flow;

	if (flow->protocol == PROTOCOL_UDP && flow->port == RESOLVER_PORT)
		return send(attempt->fd, dns_question, sizeof(dns_question) - 1, 0);
	if (flow->protocol == PROTOCOL_UDP)
		return send(attempt->fd, udp_payload, sizeof(udp_payload) - 1, 0);
	return send_ping(attempt);
}

static int start(struct probe_attempt *attempt, struct error *err)
{
	const struct flow *flow = &attempt->probe->flow;
	struct sockaddr_in to = socket_address(flow->destination, flow->port);
	int r = attempt->fd >= 0 ? 0 : open_socket(attempt, err);

	if (r < 0)
		return r;
	attempt->next = 0;
	attempt->at_deadline = PROBE_TIMED_OUT;
	if (connect(attempt->fd, (struct sockaddr *)&to, sizeof(to)) < 0 && errno != EINPROGRESS) {
		failed(attempt, errno);
		return 0;
	}
	if (flow->protocol == PROTOCOL_TCP)
		return 0;
	if (send_question(attempt) < 0) {
		failed(attempt, errno);
		return 0;
	}
	attempt->next = clock_seconds() + RESEND_MILLISECONDS / 1e3;
	return 0;
}

static void read_event(const struct model *model, struct probe_attempt *attempt)
{
	char packet[2048];
	int number = 0;
	socklen_t size = sizeof(number);
	ssize_t n;

	if (attempt->probe->flow.protocol == PROTOCOL_TCP) {
		if (getsockopt(attempt->fd, SOL_SOCKET, SO_ERROR, &number, &size) < 0)
			number = errno;
		/* What is reset was open: it was answered, and a moment later it was not wanted any
		 * more. Which of the two is seen is a matter of luck. */
		if (number && number != ECONNRESET)
			failed(attempt, number);
		else
			answered(model, attempt);
		return;
	}
	n = recv(attempt->fd, packet, sizeof(packet), 0);
	if (n < 0 && errno != EAGAIN && errno != EINTR)
		failed(attempt, errno);
	else if (n >= 0 && (attempt->probe->flow.protocol == PROTOCOL_UDP ||
			    is_ping_answer(attempt, packet, (size_t)n)))
		answered(model, attempt);
}

static bool undecided(const struct probe_attempt *attempt)
{
	return attempt->fd >= 0 || attempt->next > 0;
}

/* Milliseconds until the next attempt's deadline or retry; -1: none is left. */
static int next_timeout(const struct probe_attempt *attempt, size_t n)
{
	double first = 0, t = clock_seconds();
	bool any = false;

	for (size_t i = 0; i < n; i++) {
		double due = attempt[i].next > 0 && attempt[i].next < attempt[i].deadline
				     ? attempt[i].next
				     : attempt[i].deadline;

		if (!undecided(&attempt[i]))
			continue;
		if (!any || due < first)
			first = due;
		any = true;
	}
	return !any ? -1 : first <= t ? 0 : (int)((first - t) * 1e3) + 1;
}

static int on_time(struct probe_attempt *attempt, struct error *err)
{
	double t = clock_seconds();

	if (!undecided(attempt))
		return 0;
	if (t >= attempt->deadline) {
		decide(attempt, attempt->at_deadline);
		return 0;
	}
	return attempt->next > 0 && t >= attempt->next ? start(attempt, err) : 0;
}

/* A probe changes nothing, so Ctrl-C need not wait for it, as it does for other work in the lab. */
static volatile sig_atomic_t interrupted;

static void note_interrupt(int signal_number)
{
	(void)signal_number;
	interrupted = 1;
}

void probe_stop_when_interrupted(void)
{
	struct sigaction action;

	memset(&action, 0, sizeof(action));
	action.sa_handler = note_interrupt; /* no SA_RESTART: poll() is to return */
	sigemptyset(&action.sa_mask);
	sigaction(SIGINT, &action, NULL);
}

static int wait_for_all(const struct model *model, struct probe_attempt *attempt, size_t n,
			struct error *err)
{
	struct pollfd poll_fd[PROBE_AT_ONCE];

	for (int timeout; (timeout = next_timeout(attempt, n)) >= 0;) {
		for (size_t i = 0; i < n; i++)
			poll_fd[i] = (struct pollfd){ .fd = attempt[i].fd,
						      .events = attempt[i].probe->flow.protocol ==
										PROTOCOL_TCP
									? POLLOUT
									: POLLIN };
		if (!interrupted && poll(poll_fd, (nfds_t)n, timeout) < 0 && errno != EINTR)
			return error_set(err, -errno, "cannot wait for the probes: %s",
					 strerror(errno));
		if (interrupted)
			return error_set(err, -EINTR,
					 "the probe was interrupted before it was decided");
		for (size_t i = 0; i < n; i++) {
			int r;

			if (attempt[i].fd >= 0 && poll_fd[i].fd >= 0 && poll_fd[i].revents)
				read_event(model, &attempt[i]);
			r = on_time(&attempt[i], err);
			if (r < 0)
				return r;
		}
	}
	return 0;
}

void probe_stay_on_this_processor(void)
{
	cpu_set_t set;
	int cpu = sched_getcpu();

	CPU_ZERO(&set);
	CPU_SET(cpu < 0 ? 0 : (size_t)cpu, &set);
	(void)sched_setaffinity(0, sizeof(set),
				&set); /* if not, settled() says nothing and the deadline decides */
}

/* Sends one packet after the other over the loopback of a namespace that filters nothing. True: all
 * of them came round. */
static bool settled(void)
{
	struct error ignored = { 0 };
	struct sockaddr_in own = socket_address(INADDR_LOOPBACK, 0);
	const struct timeval patience = { .tv_sec = 1 };
	socklen_t size = sizeof(own);
	auto_fd int fd = netns_enter(INTERNET_NETNS, &ignored) < 0
				 ? -1
				 : socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	cpu_set_t set;

	if (fd < 0 || sched_getaffinity(0, sizeof(set), &set) < 0 || CPU_COUNT(&set) != 1)
		return false;
	if (setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof(patience)) < 0 ||
	    bind(fd, (struct sockaddr *)&own, sizeof(own)) < 0 ||
	    getsockname(fd, (struct sockaddr *)&own, &size) < 0 ||
	    connect(fd, (struct sockaddr *)&own, sizeof(own)) < 0)
		return false;
	for (int i = 0; i < HOPS_MAX; i++) {
		char byte = 0;

		if (send(fd, &byte, 1, 0) != 1 || recv(fd, &byte, 1, 0) != 1)
			return false;
	}
	return true;
}

static bool kernel_answers(const struct probe *probe)
{
	return probe->flow.protocol != PROTOCOL_UDP;
}

/* What should be blocked and has had no answer when the network has settled, will have none. */
static void give_up_the_unanswered(const struct model *model, struct probe_attempt *attempt,
				   size_t n)
{
	bool any = false;

	for (size_t i = 0; i < n; i++)
		any = any || (attempt[i].fd >= 0 && attempt[i].probe->expect_blocked &&
			      kernel_answers(attempt[i].probe));
	if (!any || !settled())
		return;
	for (size_t i = 0; i < n; i++) {
		struct pollfd answer = { .fd = attempt[i].fd,
					 .events = attempt[i].probe->flow.protocol == PROTOCOL_TCP
							   ? POLLOUT
							   : POLLIN };

		if (attempt[i].fd < 0 || !attempt[i].probe->expect_blocked ||
		    !kernel_answers(attempt[i].probe))
			continue;
		if (poll(&answer, 1, 0) > 0)
			read_event(model, &attempt[i]);
		else
			decide(&attempt[i], PROBE_TIMED_OUT);
	}
}

struct probe_work {
	const struct model *model;
	struct probe *probe; /* shared with the caller */
	size_t n_probe;
};

int probe_group(const struct model *model, struct probe *probe, size_t n,
		probe_after_each *after_each, void *arg, struct error *err)
{
	struct probe_attempt attempt[PROBE_AT_ONCE];
	int r = 0;

	for (size_t i = 0; i < n; i++) {
		double within = probe[i].within > 0       ? probe[i].within
				: probe[i].expect_blocked ? PROBE_WITHIN_BLOCKED
							  : PROBE_WITHIN;

		attempt[i] = (struct probe_attempt){
			.model = model, .probe = &probe[i], .fd = -1, .started = clock_seconds()
		};
		attempt[i].deadline = attempt[i].started + within;
		attempt[i].ping_id = (uint16_t)((unsigned)getpid() * 31u + i);
		if (probe[i].source_port)
			attempt[i].ping_id = probe[i].source_port;
		r = start(&attempt[i], err);
		if (r >= 0 && after_each) {
			(void)settled();
			r = after_each(arg, err);
		}
		if (r < 0) {
			take_back_addresses(model, probe, n);
			return r;
		}
	}
	give_up_the_unanswered(model, attempt, n);
	r = wait_for_all(model, attempt, n, err);
	take_back_addresses(model, probe, n);
	return r;
}

static int probe_inside(void *arg, struct error *err)
{
	struct probe_work *work = arg;
	int r = 0;

	probe_stop_when_interrupted();
	balancers_check(work->model);
	probe_stay_on_this_processor();
	for (size_t i = 0; i < work->n_probe && r >= 0; i += PROBE_AT_ONCE) {
		size_t left = work->n_probe - i;

		r = probe_group(work->model, &work->probe[i],
				left < PROBE_AT_ONCE ? left : PROBE_AT_ONCE, NULL, NULL, err);
	}
	return r;
}

int probe_run(struct lab *lab, struct probe *probe, size_t n_probe, struct error *err)
{
	struct probe_work work = { .model = lab->model, .n_probe = n_probe };
	int r;

	if (n_probe == 0)
		return 0;
	r = lab_need_own_kernel(lab, err);
	if (r < 0)
		return r;
	work.probe = sandbox_shared(n_probe * sizeof(*probe));
	if (!work.probe)
		return error_set(err, -ENOMEM, "out of memory");
	memcpy(work.probe, probe, n_probe * sizeof(*probe));
	r = sandbox_call(&lab->sandbox, probe_inside, &work, err);
	memcpy(probe, work.probe, n_probe * sizeof(*probe));
	sandbox_shared_free(work.probe, n_probe * sizeof(*probe));
	return r;
}
