#include "lab/trace.h"

#include <errno.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "core/cleanup.h"
#include "core/memory.h"
#include "lab/compile.h"
#include "lab/probe_parts.h"
#include "lab/trace_parts.h"

/*
 * One child inside the world watches all namespaces (a socket stays in the one it was made in), sends the packets one after
 * the other, and reads what the kernel has to tell when each has had its answer or is lost. Their source ports tell them
 * apart.
 */

enum { NAMESPACES_MAX = 256, AT_ONCE = 128 };      /* open files; ports to watch for */
enum { PACKETS_MAX = 2048, PACKETS_OF_EACH = 128 }; /* memory */

struct seen_packet {
	size_t netns; /* index into watch.netns */
	struct nft_trace_packet packet;
};

struct shared {
	struct probe probe[AT_ONCE];
	bool lost;
	size_t n_seen;
	struct seen_packet seen[];
};

struct watch {
	const struct model *model;
	size_t n_probe;
	const char *netns[NAMESPACES_MAX];
	struct nft_trace trace[NAMESPACES_MAX]; /* in the child */
	size_t n_netns;
	struct nft_trace_port *port;
	size_t n_port;
	struct shared *shared;
	size_t max_seen;
};

/* ---- what to watch ---- */

static bool watched(const struct watch *watch, const char *netns)
{
	for (size_t i = 0; i < watch->n_netns; i++)
		if (strcmp(watch->netns[i], netns) == 0)
			return true;
	return false;
}

static bool watch_netns(struct watch *watch, const char *netns)
{
	if (watched(watch, netns))
		return true;
	if (watch->n_netns == NAMESPACES_MAX)
		return false;
	watch->netns[watch->n_netns++] = netns;
	return true;
}

static void watch_way(struct watch *watch, const struct explanation *x)
{
	const struct hops *both[] = { &x->forward, &x->back };

	watch_netns(watch, x->flow.from);
	for (size_t k = 0; k < ARRAY_SIZE(both); k++)
		for (size_t i = 0; i < both[k]->n_hop; i++)
			watch_netns(watch, both[k]->hop[i].node);
}

/* First those that explain expects a packet in, then all others as far as there is room: it may go another way. */
static bool choose_namespaces(struct watch *watch, const struct trace *trace, size_t n_trace, const struct wanted *wanted)
{
	bool all = true;

	for (size_t i = 0; i < n_trace; i++)
		watch_way(watch, &trace[i].expected);
	for (int role = NETNS_ROUTER; role >= NETNS_HOST; role--)
		for (size_t i = 0; i < wanted->n_object; i++)
			if (wanted->object[i].kind == OBJECT_NETNS && wanted->object[i].netns_.role == (enum netns_role)role)
				all = watch_netns(watch, wanted->object[i].netns) && all;
	return all;
}

/* False: it is watched for already. */
static bool watch_port(struct watch *watch, enum protocol protocol, uint16_t port)
{
	for (size_t i = 0; i < watch->n_port; i++)
		if (watch->port[i].protocol == (uint8_t)protocol && watch->port[i].port == port)
			return false;
	*ARRAY_PUSH(watch->port, watch->n_port) = (struct nft_trace_port){ .protocol = (uint8_t)protocol, .port = port };
	return true;
}

/* A port of either end stays on the way, but for a gateway that has to choose another one, and then the other end's does. */
static void choose_ports(struct watch *watch, const struct explanation *x)
{
	if (x->flow.protocol == PROTOCOL_ICMP)
		return;
	watch_port(watch, x->flow.protocol, x->flow.port);
	for (size_t i = 0; i < x->forward.n_hop; i++)
		if (x->forward.hop[i].out.destination_port)
			watch_port(watch, x->flow.protocol, x->forward.hop[i].out.destination_port);
}

/* ---- in the child ---- */

/* A port that is free in the present namespace; for a ping, an id. */
static uint16_t free_port(enum protocol protocol)
{
	struct sockaddr_in own = { .sin_family = AF_INET };
	socklen_t size = sizeof(own);
	auto_fd int fd = socket(AF_INET, (protocol == PROTOCOL_TCP ? SOCK_STREAM : SOCK_DGRAM) | SOCK_CLOEXEC, 0);

	if (fd < 0 || bind(fd, (struct sockaddr *)&own, sizeof(own)) < 0 || getsockname(fd, (struct sockaddr *)&own, &size) < 0)
		return 0;
	return ntohs(own.sin_port);
}

/* One of its own for each probe, and so no two packets are alike. */
static int choose_own_port(struct watch *watch, struct probe *probe, struct error *err)
{
	int r = netns_enter(probe->flow.from, err);

	if (r < 0)
		return r;
	do
		probe->source_port = free_port(probe->flow.protocol);
	while (probe->source_port && !watch_port(watch, probe->flow.protocol, probe->source_port));
	return probe->source_port ? 0 : error_set(err, -EADDRINUSE, "%s has no port left to send from", probe->flow.from);
}

static int begin(struct watch *watch, struct error *err)
{
	for (size_t i = 0; i < watch->n_netns; i++) {
		int r = netns_enter(watch->netns[i], err);

		if (r >= 0)
			r = nft_trace_begin(&watch->trace[i], watch->port, watch->n_port, err);
		if (r < 0)
			return r; /* the end of this process closes the others */
	}
	return 0;
}

static int gather(void *arg, struct error *err)
{
	struct watch *watch = arg;
	int r = 0;

	for (size_t i = 0; i < watch->n_netns && r >= 0; i++)
		if ((r = netns_enter(watch->netns[i], err)) >= 0)
			r = nft_trace_gather(&watch->trace[i], err);
	return r;
}

static void hand_over(struct watch *watch, size_t netns)
{
	struct shared *shared = watch->shared;
	const struct nft_trace *trace = &watch->trace[netns];

	shared->lost = shared->lost || trace->lost;
	for (size_t p = 0; p < trace->n_packet; p++) {
		if (shared->n_seen == watch->max_seen) {
			shared->lost = true;
			break;
		}
		shared->seen[shared->n_seen++] = (struct seen_packet){ .netns = netns, .packet = trace->packet[p] };
	}
}

/* The tables first, all of them, see nft_trace_end(). */
static int end(struct watch *watch, struct error *err)
{
	int r = 0;

	for (size_t i = 0; i < watch->n_netns && r >= 0; i++)
		if ((r = netns_enter(watch->netns[i], err)) >= 0)
			r = nft_trace_end(&watch->trace[i], err);
	for (size_t i = 0; i < watch->n_netns && r >= 0; i++) {
		hand_over(watch, i);
		nft_trace_free(&watch->trace[i]);
	}
	return r;
}

static int trace_inside(void *arg, struct error *err)
{
	struct watch *watch = arg;
	struct probe *probe = watch->shared->probe;
	int r = 0;

	probe_stop_when_interrupted();
	probe_stay_on_this_processor();
	for (size_t i = 0; i < watch->n_probe && r >= 0; i++)
		r = choose_own_port(watch, &probe[i], err);
	if (r >= 0)
		r = begin(watch, err);
	if (r >= 0)
		r = probe_group(watch->model, probe, watch->n_probe, gather, watch, err);
	return r < 0 ? r : end(watch, err);
}

/* ---- outside ---- */

static int compare_events(const void *a, const void *b)
{
	const struct trace_event *x = a, *y = b;

	return x->packet->time < y->packet->time ? -1 : x->packet->time > y->packet->time;
}

static void take(struct trace *trace, const struct watch *watch, const struct wanted *wanted)
{
	const struct shared *shared = watch->shared;
	struct explain_index *index = explain_index_new(watch->model);
	auto_free struct trace_event *event = NULL;
	size_t n_event = 0;

	for (size_t i = 0; i < shared->n_seen; i++)
		*ARRAY_PUSH(event, n_event) =
			(struct trace_event){ .netns = watch->netns[shared->seen[i].netns], .packet = &shared->seen[i].packet };
	if (n_event)
		qsort(event, n_event, sizeof(*event), compare_events);
	for (size_t i = 0; i < watch->n_probe; i++) {
		trace[i].probe = shared->probe[i];
		trace[i].incomplete = trace[i].incomplete || shared->lost;
		trace_hops(&trace[i], watch->model, wanted, event, n_event);
		explanation_free(&trace[i].expected);
		explain_as_seen(index, &trace[i].probe.flow, &trace[i].seen, &trace[i].expected);
		trace_compare(&trace[i]);
	}
	explain_index_free(index);
}

/* What explain expects of each, and so where to look for it. */
static void expect(struct trace *trace, struct watch *watch, const struct wanted *wanted)
{
	struct explain_index *index = explain_index_new(watch->model);
	bool all;

	for (size_t i = 0; i < watch->n_probe; i++) {
		trace[i] = (struct trace){ .probe = { .flow = trace[i].probe.flow, .within = trace[i].probe.within } };
		explain(index, &trace[i].probe.flow, &trace[i].expected);
		choose_ports(watch, &trace[i].expected);
		if (trace[i].probe.within <= 0)
			trace[i].probe.within = trace[i].expected.reachable ? PROBE_WITHIN : PROBE_WITHIN_BLOCKED;
		trace[i].probe.expect_blocked = true; /* no second try after a refusal: the packet that is shown is the one */
		watch->shared->probe[i] = trace[i].probe;
	}
	all = choose_namespaces(watch, trace, watch->n_probe, wanted);
	for (size_t i = 0; i < watch->n_probe; i++)
		trace[i].incomplete = !all;
	explain_index_free(index);
}

static int trace_group(struct lab *lab, struct trace *trace, size_t n_trace, struct error *err)
{
	struct watch watch = { .model = lab->model,
			       .n_probe = n_trace,
			       .max_seen = PACKETS_MAX + PACKETS_OF_EACH * n_trace };
	const size_t size = sizeof(*watch.shared) + watch.max_seen * sizeof(struct seen_packet);
	struct wanted wanted;
	int r;

	watch.shared = world_shared(size);
	if (!watch.shared)
		return error_set(err, -ENOMEM, "out of memory");
	compile(lab->model, &wanted);
	expect(trace, &watch, &wanted);
	r = world_call(&lab->world, trace_inside, &watch, err);
	if (r >= 0)
		take(trace, &watch, &wanted);
	for (size_t i = 0; i < n_trace && r < 0; i++)
		trace_free(&trace[i]);
	world_shared_free(watch.shared, size);
	wanted_free(&wanted);
	free(watch.port);
	return r;
}

int trace_run(struct lab *lab, struct trace *trace, size_t n_trace, struct error *err)
{
	int r = lab_need_world(lab, err);

	for (size_t done = 0; done < n_trace && r >= 0; done += AT_ONCE) {
		r = trace_group(lab, &trace[done], n_trace - done < AT_ONCE ? n_trace - done : AT_ONCE, err);
		for (size_t i = 0; i < done && r < 0; i++)
			trace_free(&trace[i]);
	}
	return r;
}

void trace_free(struct trace *trace)
{
	explanation_free(&trace->seen);
	explanation_free(&trace->expected);
}
