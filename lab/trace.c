#include "lab/trace.h"

#include <errno.h>
#include <netinet/in.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "core/cleanup.h"
#include "core/memory.h"
#include "lab/compile.h"
#include "lab/explain_lab.h"
#include "lab/probe_parts.h"
#include "lab/trace_parts.h"

/*
 * One child inside the world watches all namespaces (a socket stays in the one it was made in), sends the packet, and reads
 * what the kernel has to tell when the packet has had its answer or is lost.
 */

enum { NAMESPACES_MAX = 256, PACKETS_MAX = 2048 }; /* open files; memory */

struct seen_packet {
	size_t netns; /* index into watch.netns */
	struct nft_trace_packet packet;
};

struct shared {
	struct probe probe;
	bool lost;
	size_t n_seen;
	struct seen_packet seen[PACKETS_MAX];
};

struct watch {
	const struct model *model;
	const char *netns[NAMESPACES_MAX];
	size_t n_netns;
	struct nft_trace_match match;
	struct shared *shared;
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

/* First those that explain expects it in, then all others as far as there is room: it may go another way. */
static bool choose_namespaces(struct watch *watch, const struct explanation *x, const struct wanted *wanted)
{
	const struct hops *both[] = { &x->forward, &x->back };
	bool all = true;

	watch_netns(watch, x->flow.from);
	for (size_t k = 0; k < ARRAY_SIZE(both); k++)
		for (size_t i = 0; i < both[k]->n_hop; i++)
			watch_netns(watch, both[k]->hop[i].node);
	for (int role = NETNS_ROUTER; role >= NETNS_HOST; role--)
		for (size_t i = 0; i < wanted->n_object; i++)
			if (wanted->object[i].kind == OBJECT_NETNS && wanted->object[i].netns_.role == (enum netns_role)role)
				all = watch_netns(watch, wanted->object[i].netns) && all;
	return all;
}

static void watch_port(struct nft_trace_match *match, uint16_t port)
{
	for (unsigned i = 0; i < match->n_port; i++)
		if (match->port[i] == port)
			return;
	if (port && match->n_port < NFT_TRACE_PORTS)
		match->port[match->n_port++] = port;
}

/* A port of either end stays on the way, but for a gateway that has to choose another one, and then the other end's does. */
static void choose_ports(struct nft_trace_match *match, const struct explanation *x)
{
	watch_port(match, x->flow.port);
	for (size_t i = 0; i < x->forward.n_hop; i++)
		watch_port(match, x->forward.hop[i].out.destination_port);
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

static int read_all(struct watch *watch, const int *fd, struct nft_trace_packet *packet, struct error *err)
{
	struct shared *shared = watch->shared;

	for (size_t i = 0; i < watch->n_netns; i++) {
		int n = netns_enter(watch->netns[i], err);

		if (n >= 0)
			n = nft_trace_read(fd[i], packet, PACKETS_MAX, &shared->lost, err);
		if (n < 0)
			return n;
		for (int p = 0; p < n; p++) {
			if (shared->n_seen == PACKETS_MAX) {
				shared->lost = true;
				break;
			}
			shared->seen[shared->n_seen++] = (struct seen_packet){ .netns = i, .packet = packet[p] };
		}
	}
	return 0;
}

static int trace_inside(void *arg, struct error *err)
{
	struct watch *watch = arg;
	auto_free struct nft_trace_packet *packet = xalloc(PACKETS_MAX * sizeof(*packet));
	struct probe *probe = &watch->shared->probe;
	int fd[NAMESPACES_MAX], r;

	probe_stop_when_interrupted();
	probe_stay_on_this_processor();
	r = netns_enter(probe->flow.from, err);
	if (r < 0)
		return r;
	probe->source_port = free_port(probe->flow.protocol);
	if (!probe->source_port)
		return error_set(err, -EADDRINUSE, "%s has no port left to send from", probe->flow.from);
	watch_port(&watch->match, probe->source_port);
	for (size_t i = 0; i < watch->n_netns; i++) {
		r = netns_enter(watch->netns[i], err);
		fd[i] = r < 0 ? r : nft_trace_begin(&watch->match, err);
		if (fd[i] < 0)
			return fd[i]; /* the end of this process closes the others */
	}
	r = probe_group(watch->model, probe, 1, err);
	return r < 0 ? r : read_all(watch, fd, packet, err);
}

/* ---- outside ---- */

static void take(struct trace *trace, const struct watch *watch, const struct wanted *wanted)
{
	const struct shared *shared = watch->shared;
	auto_free struct trace_event *event = NULL;
	size_t n_event = 0;

	trace->probe = shared->probe;
	trace->incomplete = trace->incomplete || shared->lost;
	for (size_t i = 0; i < shared->n_seen; i++)
		*ARRAY_PUSH(event, n_event) =
			(struct trace_event){ .netns = watch->netns[shared->seen[i].netns], .packet = shared->seen[i].packet };
	trace_hops(trace, watch->model, wanted, event, n_event);
	trace_compare(trace, watch->model);
}

int trace_run(struct lab *lab, const struct flow *flow, struct trace *ret_trace, struct error *err)
{
	struct watch watch = { .model = lab->model, .match.protocol = (uint8_t)flow->protocol };
	struct wanted wanted;
	int r = lab_need_world(lab, err);

	*ret_trace = (struct trace){ 0 };
	if (r < 0)
		return r;
	watch.shared = world_shared(sizeof(*watch.shared));
	if (!watch.shared)
		return error_set(err, -ENOMEM, "out of memory");
	explain_in_lab(lab, flow, &ret_trace->expected);
	compile(lab->model, &wanted);
	ret_trace->incomplete = !choose_namespaces(&watch, &ret_trace->expected, &wanted);
	if (flow->protocol != PROTOCOL_ICMP)
		choose_ports(&watch.match, &ret_trace->expected);
	/* No second try after a refusal: the packet that is shown is the one. */
	watch.shared->probe = (struct probe){ .flow = *flow,
					      .expect_blocked = true,
					      .within = ret_trace->expected.reachable ? PROBE_WITHIN : PROBE_WITHIN_BLOCKED };
	r = world_call(&lab->world, trace_inside, &watch, err);
	if (r >= 0)
		take(ret_trace, &watch, &wanted);
	world_shared_free(watch.shared, sizeof(*watch.shared));
	wanted_free(&wanted);
	if (r < 0)
		trace_free(ret_trace);
	return r;
}

void trace_free(struct trace *trace)
{
	explanation_free(&trace->seen);
	explanation_free(&trace->expected);
}
