/* SPDX-License-Identifier: GPL-3.0-only */
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include "core/base/cleanup.h"
#include "core/base/clock.h"
#include "core/base/memory.h"
#include "lab/live/balancers.h"
#include "lab/probe/probe.h"
#include "lab/trace/internal.h"

/*
 * One child inside the sandbox watches all namespaces (a socket stays in the one it was made in)
 * and tells of each packet through a pipe. The kernel's events are taken out of the sockets as they
 * come, for there is little room in them; their times and rules are asked for when it is quiet, or
 * after a while, for many packets at once.
 */

enum { PATIENCE_MILLISECONDS = 10, BATCH_MILLISECONDS = 100 };
enum {
	TICK_MILLISECONDS = 100,
	TICKS = 50
};                         /* how long the reader is told that nothing more has come */
#define UNDER_WAY 5000000u /* nanoseconds in which a packet's events are in the socket */
#define NOTHING_MORE \
	50000000u /* nanoseconds after which a packet that was not heard of again has ended */

/* ---- what to watch ---- */

static bool watched(const struct trace_plan *plan, const char *netns)
{
	for (size_t i = 0; i < plan->n_netns; i++)
		if (strcmp(plan->netns[i], netns) == 0)
			return true;
	return false;
}

static bool watch_netns(struct trace_plan *plan, const char *netns)
{
	if (watched(plan, netns))
		return true;
	if (plan->n_netns == TRACE_NAMESPACES)
		return false;
	plan->netns[plan->n_netns++] = arena_strdup(&plan->arena, netns);
	return true;
}

static void watch_way(struct trace_plan *plan, const struct explanation *x)
{
	const struct hops *both[] = { &x->forward, &x->back };

	watch_netns(plan, x->flow.from);
	for (size_t k = 0; k < ARRAY_SIZE(both); k++)
		for (size_t i = 0; i < both[k]->n_hop; i++)
			watch_netns(plan, both[k]->hop[i].node);
}

/* False: it is watched for already. */
static bool watch_port(struct trace_plan *plan, enum protocol protocol, uint16_t port)
{
	for (size_t i = 0; i < plan->n_port; i++)
		if (plan->port[i].protocol == (uint8_t)protocol && plan->port[i].port == port)
			return false;
	*ARRAY_PUSH(plan->port, plan->n_port) =
		(struct nft_trace_port){ .protocol = (uint8_t)protocol, .port = port };
	return true;
}

/* A port of either end stays on the way, but for a gateway that has to choose another one, and then
 * the other end's does. */
static void watch_ports(struct trace_plan *plan, const struct explanation *x)
{
	if (x->flow.protocol == PROTOCOL_ICMP)
		return;
	watch_port(plan, x->flow.protocol, x->flow.port);
	for (size_t i = 0; i < x->forward.n_hop; i++)
		if (x->forward.hop[i].out.destination_port)
			watch_port(plan, x->flow.protocol, x->forward.hop[i].out.destination_port);
}

void trace_plan_make(struct trace_plan *plan, const struct trace *trace, size_t n_trace,
		     const struct wanted *wanted)
{
	*plan = (struct trace_plan){ .all = true };
	for (size_t i = 0; i < n_trace; i++) {
		watch_way(plan, &trace[i].expected);
		watch_ports(plan, &trace[i].expected);
	}
	/* Then all others as far as there is room: a packet may go another way. */
	for (int role = NETNS_ROUTER; role >= NETNS_HOST; role--)
		for (size_t i = 0; i < wanted->n_object; i++)
			if (wanted->object[i].kind == OBJECT_NETNS &&
			    wanted->object[i].netns_.role == (enum netns_role)role)
				plan->all = watch_netns(plan, wanted->object[i].netns) && plan->all;
}

void trace_plan_free(struct trace_plan *plan)
{
	arena_free(&plan->arena);
	free(plan->port);
}

void trace_event_free(struct trace_event *event)
{
	free(event->packet.step);
	event->packet.step = NULL;
}

/* ---- what is told ---- */

/* As it stands in memory; the steps of a packet follow it. */
static void tell(FILE *pipe, const struct trace_news *news)
{
	const struct nft_trace_packet *packet = &news->event.packet;

	fwrite(news, sizeof(*news), 1, pipe);
	if (packet->n_step)
		fwrite(packet->step, sizeof(*packet->step), packet->n_step, pipe);
}

/* ---- in the child ---- */

struct watcher {
	const struct model *model;
	struct trace_plan *plan; /* the child's own */
	struct probe *probe;     /* also */
	size_t n_probe;          /* 0: until the reader is gone */
	int pipe[2];
	FILE *out;
	struct pollfd fd[TRACE_NAMESPACES + 1]; /* the sockets, and whether somebody listens */
	struct nft_trace *trace[TRACE_NAMESPACES];
};

/* A port that is free in the present namespace; for a ping, an id. */
static uint16_t free_port(enum protocol protocol)
{
	struct sockaddr_in own = { .sin_family = AF_INET };
	socklen_t size = sizeof(own);
	auto_fd int fd = socket(
		AF_INET, (protocol == PROTOCOL_TCP ? SOCK_STREAM : SOCK_DGRAM) | SOCK_CLOEXEC, 0);

	if (fd < 0 || bind(fd, (struct sockaddr *)&own, sizeof(own)) < 0 ||
	    getsockname(fd, (struct sockaddr *)&own, &size) < 0)
		return 0;
	return ntohs(own.sin_port);
}

/* Out of the sockets that have something. Waits, milliseconds (-1: as long as it takes). 1: one
 * had, or nobody listens; 0: none.
 */
static int drain(struct watcher *watcher, int timeout, struct error *err)
{
	const size_t n = watcher->plan->n_netns;
	int ready = poll(watcher->fd, (nfds_t)n + 1, timeout), r = 0;

	if (ready < 0)
		return errno == EINTR ? 0
				      : error_set(err, -errno, "cannot wait for trace events: %s",
						  strerror(errno));
	for (size_t i = 0; ready > 0 && i < n && r >= 0; i++)
		if (watcher->fd[i].revents)
			r = nft_trace_drain(watcher->trace[i], err);
	return r < 0 ? r : ready > 0;
}

static bool nobody_listens(const struct watcher *watcher)
{
	return watcher->fd[watcher->plan->n_netns].revents != 0;
}

/* Somebody has taken the namespace out of the lab. */
static void forget(struct watcher *watcher, size_t i)
{
	nft_trace_free(watcher->trace[i]);
	watcher->trace[i] = NULL;
	watcher->fd[i].fd = -1;
}

/*
 * Tells of what has ended in all namespaces. The sockets are read one after the other, while
 * packets go on from one namespace to the next; so what is told is whole up to a moment before, and
 * that is told, too. Returns whether there is more to come.
 */
static int settle(struct watcher *watcher, uint64_t age, struct error *err)
{
	const uint64_t until = clock_nanoseconds(CLOCK_REALTIME) - UNDER_WAY;
	bool any_lost = false, more = false;
	int r = drain(watcher, 0, err);

	if (r < 0)
		return r;

	for (size_t i = 0; i < watcher->plan->n_netns; i++) {
		const struct nft_trace_packet *packet;
		bool lost = false;
		int n;

		if (!watcher->trace[i] || !nft_trace_pending(watcher->trace[i]))
			continue;
		if (netns_enter(watcher->plan->netns[i], err) < 0) {
			forget(watcher, i);
			continue;
		}
		n = nft_trace_take(watcher->trace[i], age, &packet, &lost, err);
		if (n < 0)
			return n;
		for (int p = 0; p < n; p++) {
			tell(watcher->out, &(struct trace_news){ .kind = TRACE_PACKET,
								 .i = i,
								 .event.packet = packet[p] });
			more = more || packet[p].time > until;
		}
		any_lost = any_lost || lost;
		r = drain(watcher, 0, err); /* what comes meanwhile has no room to wait */
		if (r < 0 || nobody_listens(watcher))
			return r;
	}
	for (size_t i = 0; i < watcher->plan->n_netns; i++)
		more = more || (watcher->trace[i] && nft_trace_pending(watcher->trace[i]));
	if (any_lost)
		tell(watcher->out, &(struct trace_news){ .kind = TRACE_LOST });
	tell(watcher->out, &(struct trace_news){ .kind = TRACE_TOLD, .until = until });
	fflush(watcher->out);
	return more;
}

/* What came last may be waited for in vain: so the time goes on for a while. */
static int watch(struct watcher *watcher, struct error *err)
{
	int64_t since = 0; /* when the first of what is not told yet came; 0: all is told */
	int tick = 0;

	for (;;) {
		int r = drain(watcher,
			      since  ? PATIENCE_MILLISECONDS
			      : tick ? TICK_MILLISECONDS
				     : -1,
			      err);

		if (r < 0 || nobody_listens(watcher))
			return r < 0 ? r : 0;
		if (r > 0 && !since)
			since = clock_milliseconds();
		if (r > 0 && clock_milliseconds() - since < BATCH_MILLISECONDS)
			continue;
		tick = since ? TICKS : tick - 1;
		r = settle(watcher, NOTHING_MORE, err);
		if (r < 0)
			return r;
		since = r > 0 ? clock_milliseconds() : 0;
	}
}

static int begin(struct watcher *watcher, struct error *err)
{
	const struct trace_plan *plan = watcher->plan;

	for (size_t i = 0; i < plan->n_netns; i++) {
		int r = netns_enter(plan->netns[i], err);

		if (r >= 0)
			r = nft_trace_begin(&watcher->trace[i], plan->port, plan->n_port, err);
		if (r < 0)
			return r; /* the end of this process ends the others */
		watcher->fd[i] =
			(struct pollfd){ .fd = nft_trace_fd(watcher->trace[i]), .events = POLLIN };
	}
	watcher->fd[plan->n_netns] = (struct pollfd){ .fd = watcher->pipe[1] };
	tell(watcher->out, &(struct trace_news){ .kind = TRACE_READY });
	fflush(watcher->out);
	return 0;
}

static int end(struct watcher *watcher, struct error *err)
{
	int r = 0;

	for (size_t i = 0; i < watcher->plan->n_netns && r >= 0; i++) {
		if (!watcher->trace[i])
			continue;
		if (netns_enter(watcher->plan->netns[i], err) < 0)
			forget(watcher, i);
		else if ((r = nft_trace_drain(watcher->trace[i], err)) >= 0)
			r = nft_trace_end(watcher->trace[i], err);
	}
	for (size_t i = 0; i < watcher->plan->n_netns; i++)
		if (watcher->trace[i])
			forget(watcher, i);
	return r;
}

/* From a port of its own for each probe, so no two packets are alike. */
static int choose_own_port(struct watcher *watcher, struct probe *probe, struct error *err)
{
	int r = netns_enter(probe->flow.from, err);

	if (r < 0)
		return r;
	do
		probe->source_port = free_port(probe->flow.protocol);
	while (probe->source_port &&
	       !watch_port(watcher->plan, probe->flow.protocol, probe->source_port));
	return probe->source_port ? 0
				  : error_set(err, -EADDRINUSE, "%s has no port left to send from",
					      probe->flow.from);
}

static int drain_all(void *arg, struct error *err)
{
	struct watcher *watcher = arg;
	int r = 0;

	for (size_t i = 0; i < watcher->plan->n_netns && r >= 0; i++)
		r = watcher->trace[i] ? nft_trace_drain(watcher->trace[i], err) : 0;
	return r;
}

static int probe_and_tell(struct watcher *watcher, struct error *err)
{
	int r = probe_group(watcher->model, watcher->probe, watcher->n_probe, drain_all, watcher,
			    err);

	if (r >= 0)
		r = drain_all(watcher, err);
	if (r >= 0)
		r = settle(watcher, 0, err);
	for (size_t i = 0; i < watcher->n_probe && r >= 0; i++)
		tell(watcher->out, &(struct trace_news){ .kind = TRACE_PROBED,
							 .i = i,
							 .probe = watcher->probe[i] });
	fflush(watcher->out);
	return r;
}

static int watch_inside(void *arg, struct error *err)
{
	struct watcher *watcher = arg;
	int r = 0;

	/* Nobody reads on: nothing to do. (The pipe says so, too, but not while a probe is waited
	 * for.) */
	(void)prctl(PR_SET_PDEATHSIG, SIGKILL);
	close(watcher->pipe[0]);
	watcher->out = fdopen(watcher->pipe[1], "w");
	if (!watcher->out)
		return error_set(err, -errno, "cannot write to a pipe: %s", strerror(errno));
	signal(SIGPIPE, SIG_IGN); /* what is told to nobody is noticed where the next events are
				     waited for */
	if (watcher->n_probe) {
		probe_stop_when_interrupted();
		balancers_check(watcher->model);
		probe_stay_on_this_processor();
	}
	for (size_t i = 0; i < watcher->n_probe && r >= 0; i++)
		r = choose_own_port(watcher, &watcher->probe[i], err);
	if (r >= 0)
		r = begin(watcher, err);
	if (r >= 0)
		r = watcher->n_probe ? probe_and_tell(watcher, err) : watch(watcher, err);
	return r < 0 ? r : end(watcher, err);
}

/* ---- outside ---- */

int trace_worker_start(struct trace_worker *ret_worker, const struct lab *lab,
		       const struct trace_plan *plan, struct probe *probe, size_t n_probe,
		       struct error *err)
{
	struct trace_plan own = *plan;
	struct watcher watcher = {
		.model = lab->model, .plan = &own, .probe = probe, .n_probe = n_probe
	};
	int r;

	*ret_worker = (struct trace_worker){ .plan = plan };
	if (pipe2(watcher.pipe, O_CLOEXEC) < 0)
		return error_set(err, -errno, "cannot make a pipe: %s", strerror(errno));
	r = sandbox_start(&lab->sandbox, watch_inside, &watcher, &ret_worker->worker, err);
	close(watcher.pipe[1]);
	if (r < 0)
		close(watcher.pipe[0]);
	else
		ret_worker->fd = watcher.pipe[0];
	return r;
}

/* The first of the buffer, if all of it is there. */
static bool take_news(struct trace_worker *worker, struct trace_news *ret_news)
{
	struct trace_event *event = &ret_news->event;
	size_t steps, whole;

	if (worker->length < sizeof(*ret_news))
		return false;
	memcpy(ret_news, worker->buffer, sizeof(*ret_news));
	steps = event->packet.n_step * sizeof(*event->packet.step);
	whole = sizeof(*ret_news) + steps;
	if (worker->length < whole)
		return false;
	if (ret_news->kind == TRACE_PACKET)
		event->netns = worker->plan->netns[ret_news->i];
	event->packet.step = steps ? xalloc(steps) : NULL;
	if (steps)
		memcpy(event->packet.step, worker->buffer + sizeof(*ret_news), steps);
	worker->length -= whole;
	memmove(worker->buffer, worker->buffer + whole, worker->length);
	return true;
}

int trace_worker_read(struct trace_worker *worker, int timeout, struct trace_news *ret_news)
{
	for (;;) {
		struct pollfd told = { .fd = worker->fd, .events = POLLIN };
		ssize_t n;
		int r;

		if (take_news(worker, ret_news))
			return 1;
		r = poll(&told, 1, timeout);
		if (r <= 0)
			return r < 0 ? -errno : 0;
		if (worker->capacity - worker->length < 65536) {
			worker->capacity = worker->capacity * 2 + 65536;
			worker->buffer = xrealloc(worker->buffer, worker->capacity);
		}
		n = read(worker->fd, worker->buffer + worker->length,
			 worker->capacity - worker->length);
		if (n <= 0)
			return n < 0 ? -errno : -EPIPE;
		worker->length += (size_t)n;
	}
}

int trace_worker_end(struct trace_worker *worker, const struct lab *lab, struct error *err)
{
	close(worker->fd);
	free(worker->buffer);
	return sandbox_wait(&lab->sandbox, &worker->worker, err);
}
