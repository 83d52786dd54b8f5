/* SPDX-License-Identifier: GPL-3.0-only */
#include "core/capture/capture.h"

#include <arpa/inet.h>
#include <errno.h>
#include <linux/if_ether.h>
#include <linux/if_packet.h>
#include <net/if_arp.h>
#include <poll.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/inotify.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "core/base/clock.h"
#include "core/base/limit.h"
#include "core/base/memory.h"
#include "core/sandbox/sandbox.h"

/*
 * The ring (TPACKET_V3, packet(7)) is used because the buffer of a plain socket is limited to some
 * 200 KiB for ordinary users, a hundred packets of a fast transfer. The kernel hands over a block
 * of the ring when it is full or RETIRE old, so that a packet of the moment T has been handed over
 * at T + RETIRE. The namespaces are read one after the other; what is younger than RETIRE and some
 * slack is held back until nothing older can come.
 */
enum {
	BLOCK_SIZE = 128 * 1024, /* a whole packet of segmentation offload fits */
	BLOCKS_LEAST = 2,
	BLOCKS_MOST = 32,
	BLOCKS_OF_ALL = 512, /* 64 MiB, unless the least comes to more */
	RETIRE_MILLISECONDS = 10,
	SORT_MILLISECONDS = 5, /* at most so often: blocks come by the thousand */
	SLACK_MILLISECONDS = 10,
	OTHER_FILES = 64,
	THREADS = 64,
};
#define NETNS_DIRECTORY "/run/netns"

struct capture_source { /* a namespace */
	const char *netns;
	int fd; /* -1: the namespace is gone */
	uint8_t *ring;
	size_t block; /* the next to come */
	uint64_t dropped;
	struct if_nameindex *begin; /* the links when it was opened */
	struct capture_port **port; /* by index */
	size_t n_port;
};

struct held {
	struct capture_packet packet;
	struct capture_port *port;
	size_t offset;     /* of its data */
	uint64_t sequence; /* as they came */
};

struct capture {
	struct capture_sink sink;
	struct capture_source *source;
	size_t n_source, n_live;
	size_t n_block; /* in a ring */
	int retire;     /* milliseconds */
	int inotify;    /* of namespaces that go */
	uint32_t n_port;
	struct pollfd *poll; /* the sources, inotify, the reader, stop */
	struct held *held;   /* the first n_told of them are over, the rest is not due yet */
	size_t n_held, n_told;
	uint64_t n_sequence, sorted; /* when */
	uint8_t *data, *spare;       /* of the packets that are held */
	size_t n_data, data_size, spare_size;
};

/* ---- ports ---- */

static struct capture_port *add_port(struct capture *capture, struct capture_source *source,
				     size_t at, int index, const char *name)
{
	struct capture_port *port = xnew(struct capture_port);

	*port = (struct capture_port){ .netns = source->netns,
				       .number = capture->n_port++,
				       .index = index };
	strncpy(port->name, name, sizeof(port->name) - 1);
	(void)ARRAY_PUSH(source->port, source->n_port);
	memmove(&source->port[at + 1], &source->port[at],
		(source->n_port - 1 - at) * sizeof(*source->port));
	source->port[at] = port;
	capture->sink.port(capture->sink.arg, port);
	return port;
}

/* Return where the port of that index is, or is to be put. */
static size_t find_port(const struct capture_source *source, int index)
{
	size_t low = 0, high = source->n_port;

	while (low < high) {
		size_t middle = (low + high) / 2;

		if (source->port[middle]->index < index)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

static struct capture_port *port_of(struct capture *capture, struct capture_source *source,
				    int index)
{
	size_t at = find_port(source, index);
	struct ifreq request = { .ifr_ifindex = index };

	if (at < source->n_port && source->port[at]->index == index)
		return source->port[at];
	/* The socket asks in its own namespace, wherever we are. */
	if (ioctl(source->fd, SIOCGIFNAME, &request) < 0)
		snprintf(request.ifr_name, sizeof(request.ifr_name), "if%d", index);
	return add_port(capture, source, at, index, request.ifr_name);
}

/* Add the ports that were there in the beginning. */
static void list_ports(struct capture *capture, struct capture_source *source)
{
	for (struct if_nameindex *at = source->begin; at && at->if_index; at++) {
		struct ifreq request = { 0 };

		strncpy(request.ifr_name, at->if_name, sizeof(request.ifr_name) - 1);
		if (ioctl(source->fd, SIOCGIFHWADDR, &request) == 0 &&
		    request.ifr_hwaddr.sa_family == ARPHRD_ETHER)
			add_port(capture, source, find_port(source, (int)at->if_index),
				 (int)at->if_index, at->if_name);
	}
}

/* ---- open and close ---- */

static size_t clamp(size_t n, size_t least, size_t most)
{
	return n < least ? least : n > most ? most : n;
}

static void close_source(struct capture *capture, struct capture_source *source)
{
	if (source->ring)
		munmap(source->ring, capture->n_block * BLOCK_SIZE);
	if (source->fd >= 0)
		close(source->fd);
	source->ring = NULL;
	source->fd = -1;
}

/* Make the socket of the namespace that we are in. It takes no packets before it is bound. */
static int make_socket(struct capture *capture, struct capture_source *source,
		       const struct sock_fprog *filter)
{
	const int version = TPACKET_V3;
	const struct tpacket_req3 ring = {
		.tp_block_size = BLOCK_SIZE,
		.tp_block_nr = (unsigned)capture->n_block,
		.tp_frame_size = BLOCK_SIZE,
		.tp_frame_nr = (unsigned)capture->n_block,
		.tp_retire_blk_tov = (unsigned)capture->retire,
	};
	void *memory;

	source->fd = socket(AF_PACKET, SOCK_RAW | SOCK_CLOEXEC, 0);
	if (source->fd < 0 ||
	    setsockopt(source->fd, SOL_PACKET, PACKET_VERSION, &version, sizeof(version)) < 0 ||
	    setsockopt(source->fd, SOL_PACKET, PACKET_RX_RING, &ring, sizeof(ring)) < 0 ||
	    setsockopt(source->fd, SOL_SOCKET, SO_ATTACH_FILTER, filter, sizeof(*filter)) < 0)
		return -errno;
	memory = mmap(NULL, capture->n_block * BLOCK_SIZE, PROT_READ | PROT_WRITE, MAP_SHARED,
		      source->fd, 0);
	if (memory == MAP_FAILED)
		return -errno;
	source->ring = memory;
	source->begin = if_nameindex();
	return 0;
}

static int open_source(struct capture *capture, struct capture_source *source,
		       const struct sock_fprog *filter, struct error *err)
{
	int r = netns_enter(source->netns, err);

	if (r < 0)
		return r;
	r = make_socket(capture, source, filter);
	if (r < 0)
		error_set(err, r, "cannot capture the packets of %s: %s", source->netns,
			  strerror(-r));
	return r;
}

/*
 * The kernel waits some 10 ms for all its processors when a ring is made, and again, twice, when
 * it goes. Threads wait side by side, each for a share of the namespaces; and one that has been in
 * a namespace, which it keeps, ends with its work.
 */
struct share {
	struct capture *capture;
	const struct sock_fprog *filter; /* NULL: close them */
	size_t first, step;
	pthread_t thread;
	int r;
	struct error err;
};

static void *do_share(void *arg)
{
	struct share *share = arg;
	struct capture *capture = share->capture;

	for (size_t i = share->first; i < capture->n_source && share->r >= 0; i += share->step) {
		if (share->filter)
			share->r = open_source(capture, &capture->source[i], share->filter,
					       &share->err);
		else
			close_source(capture, &capture->source[i]);
	}
	return NULL;
}

/* Open or close all of them. Return the first error. */
static int do_all(struct capture *capture, const struct sock_fprog *filter, struct error *err)
{
	struct share share[THREADS];
	size_t n = clamp(capture->n_source, 1, THREADS), n_thread = 0;
	int r = 0, failed = 0;

	for (; n_thread < n && failed == 0; n_thread += failed == 0) {
		share[n_thread] = (struct share){
			.capture = capture, .filter = filter, .first = n_thread, .step = n
		};
		failed = pthread_create(&share[n_thread].thread, NULL, do_share, &share[n_thread]);
	}
	for (size_t i = 0; i < n_thread; i++) {
		pthread_join(share[i].thread, NULL);
		if (share[i].r < 0 && r == 0) {
			r = share[i].r;
			*err = share[i].err;
		}
	}
	return failed && r == 0
		       ? error_set(err, -failed, "cannot start a thread: %s", strerror(failed))
		       : r;
}

static int open_sources(struct capture *capture, const struct sock_fprog *filter, struct error *err)
{
	const struct sockaddr_ll all = { .sll_family = AF_PACKET,
					 .sll_protocol = htons(ETH_P_ALL) };
	int r = do_all(capture, filter, err);

	for (size_t i = 0; i < capture->n_source && r >= 0; i++) {
		struct capture_source *source = &capture->source[i];

		list_ports(capture, source);
		if (bind(source->fd, (const struct sockaddr *)&all, sizeof(all)) < 0)
			r = error_set(err, -errno, "cannot capture the packets of %s: %s",
				      source->netns, strerror(errno));
	}
	capture->n_live = capture->n_source;
	return r;
}

static int watch_namespaces(struct capture *capture, struct error *err)
{
	capture->inotify = inotify_init1(IN_CLOEXEC | IN_NONBLOCK);
	if (capture->inotify >= 0 &&
	    inotify_add_watch(capture->inotify, NETNS_DIRECTORY, IN_DELETE) >= 0)
		return 0;
	return error_set(err, -errno, "cannot watch %s: %s", NETNS_DIRECTORY, strerror(errno));
}

int capture_open(struct capture **ret_capture, const char *const *netns, size_t n_netns,
		 const struct sock_fprog *filter, const struct capture_sink *sink,
		 struct error *err)
{
	struct capture *capture = xnew(struct capture);
	struct rlimit before;
	int r;

	*capture = (struct capture){
		.sink = *sink,
		.n_source = n_netns,
		.n_block = clamp(BLOCKS_OF_ALL / n_netns, BLOCKS_LEAST, BLOCKS_MOST),
		/* A ring has a timer of its own: a thousand of them have to be slower. */
		.retire = RETIRE_MILLISECONDS + (int)(n_netns / 10),
		.inotify = -1,
		.source = xalloc(n_netns * sizeof(*capture->source)),
		.poll = xalloc((n_netns + 3) * sizeof(*capture->poll)),
	};
	for (size_t i = 0; i < n_netns; i++)
		capture->source[i] = (struct capture_source){ .netns = netns[i], .fd = -1 };
	r = limit_raise_open_files(n_netns + OTHER_FILES, &before, err);
	if (r >= 0)
		r = watch_namespaces(capture, err);
	if (r >= 0)
		r = open_sources(capture, filter, err);
	if (r < 0)
		capture_close(capture);
	else
		*ret_capture = capture;
	return r;
}

void capture_close(struct capture *capture)
{
	(void)do_all(capture, NULL, &(struct error){ 0 });
	for (size_t i = 0; i < capture->n_source; i++) {
		struct capture_source *source = &capture->source[i];

		if (source->begin)
			if_freenameindex(source->begin);
		for (size_t k = 0; k < source->n_port; k++)
			free(source->port[k]);
		free(source->port);
	}
	if (capture->inotify >= 0)
		close(capture->inotify);
	free(capture->source);
	free(capture->poll);
	free(capture->held);
	free(capture->data);
	free(capture->spare);
	free(capture);
}

/* ---- read ---- */

static uint8_t *room_for(struct capture *capture, size_t size)
{
	if (capture->n_data + size > capture->data_size) {
		capture->data_size = (capture->data_size + size) * 2;
		capture->data = xrealloc(capture->data, capture->data_size);
	}
	capture->n_data += size;
	return capture->data + capture->n_data - size;
}

/* The kernel keeps the tag of a VLAN beside the packet; here it goes back to where it was. */
enum { ADDRESSES_SIZE = 2 * ETH_ALEN, TAG_SIZE = 4 };

static void hold(struct capture *capture, struct capture_source *source,
		 const struct tpacket3_hdr *header)
{
	const struct sockaddr_ll *from =
		(const void *)((const uint8_t *)header + TPACKET_ALIGN(sizeof(*header)));
	const uint8_t *data = (const uint8_t *)header + header->tp_mac;
	bool tagged = (header->tp_status & TP_STATUS_VLAN_VALID) &&
		      header->tp_snaplen >= ADDRESSES_SIZE;
	uint32_t more = tagged ? TAG_SIZE : 0;
	struct held *held = ARRAY_PUSH(capture->held, capture->n_held);
	struct capture_port *port = port_of(capture, source, from->sll_ifindex);
	uint8_t *copy = room_for(capture, header->tp_snaplen + more);

	*held = (struct held){
		.port = port,
		.packet = {
			.port = port,
			.time = (uint64_t)header->tp_sec * 1000000000u + header->tp_nsec,
			.outgoing = from->sll_pkttype == PACKET_OUTGOING,
			.length = header->tp_len + more,
			.captured = header->tp_snaplen + more,
		},
		.offset = (size_t)(copy - capture->data),
		.sequence = capture->n_sequence++,
	};
	if (tagged) {
		const uint16_t tag[] = { htons(header->hv1.tp_vlan_tpid),
					 htons((uint16_t)header->hv1.tp_vlan_tci) };

		memcpy(copy, data, ADDRESSES_SIZE);
		memcpy(copy + ADDRESSES_SIZE, tag, sizeof(tag));
		memcpy(copy + ADDRESSES_SIZE + TAG_SIZE, data + ADDRESSES_SIZE,
		       header->tp_snaplen - ADDRESSES_SIZE);
	} else {
		memcpy(copy, data, header->tp_snaplen);
	}
}

/* Read all that was handed over until now, which cannot be more than the whole ring. */
static void drain(struct capture *capture, struct capture_source *source)
{
	struct tpacket_stats_v3 statistics;
	socklen_t size = sizeof(statistics);

	for (size_t n = 0; n < capture->n_block; n++) {
		struct tpacket_block_desc *block =
			(void *)(source->ring + source->block * BLOCK_SIZE);
		const uint8_t *header = (const uint8_t *)block + block->hdr.bh1.offset_to_first_pkt;

		if (!(__atomic_load_n(&block->hdr.bh1.block_status, __ATOMIC_ACQUIRE) &
		      TP_STATUS_USER))
			break;
		for (uint32_t k = 0; k < block->hdr.bh1.num_pkts; k++) {
			const struct tpacket3_hdr *packet = (const void *)header;

			hold(capture, source, packet);
			header += packet->tp_next_offset;
		}
		__atomic_store_n(&block->hdr.bh1.block_status, TP_STATUS_KERNEL, __ATOMIC_RELEASE);
		source->block = (source->block + 1) % capture->n_block;
	}
	if (getsockopt(source->fd, SOL_PACKET, PACKET_STATISTICS, &statistics, &size) == 0)
		source->dropped += statistics.tp_drops; /* since the last time */
}

static void let_go(struct capture *capture, const char *netns)
{
	for (size_t i = 0; i < capture->n_source; i++) {
		struct capture_source *source = &capture->source[i];

		if (source->fd < 0 || strcmp(source->netns, netns) != 0)
			continue;
		drain(capture, source);
		close_source(capture, source);
		capture->n_live--;
		capture->sink.gone(capture->sink.arg, netns);
	}
}

static void read_namespaces(struct capture *capture)
{
	_Alignas(struct inotify_event) char buffer[4096];
	ssize_t n;

	while ((n = read(capture->inotify, buffer, sizeof(buffer))) > 0) {
		const struct inotify_event *event;

		for (char *at = buffer; at < buffer + n; at += sizeof(*event) + event->len) {
			event = (const void *)at;
			if (event->len)
				let_go(capture, event->name);
		}
	}
}

int capture_wait(struct capture *capture, int reader, int stop)
{
	const size_t n = capture->n_source;
	int timeout = capture->n_held > capture->n_told ? capture->retire + SLACK_MILLISECONDS : -1;

	for (size_t i = 0; i < n; i++)
		capture->poll[i] = (struct pollfd){ .fd = capture->source[i].fd, .events = POLLIN };
	capture->poll[n] = (struct pollfd){ .fd = capture->inotify, .events = POLLIN };
	capture->poll[n + 1] = (struct pollfd){ .fd = reader };
	capture->poll[n + 2] = (struct pollfd){ .fd = stop, .events = POLLIN };
	if (poll(capture->poll, (nfds_t)n + 3, timeout) < 0 || capture->poll[n + 2].revents)
		return -EINTR;
	if (capture->poll[n].revents)
		read_namespaces(capture);
	if (capture->poll[n + 1].revents & (POLLERR | POLLHUP))
		return -EPIPE;
	return capture->n_live || capture->n_held > capture->n_told ? 0 : -ESRCH;
}

/* ---- order ---- */

static int compare(const void *a, const void *b)
{
	const struct held *x = a, *y = b;

	if (x->packet.time != y->packet.time)
		return x->packet.time < y->packet.time ? -1 : 1;
	return x->sequence < y->sequence ? -1 : x->sequence > y->sequence;
}

/* Forget what is over, once that is most of it, and keep the data of the rest. */
static void forget_told(struct capture *capture)
{
	const size_t left = capture->n_held - capture->n_told;
	uint8_t *full = capture->data;
	size_t full_size = capture->data_size;

	if (!capture->n_told || left > capture->n_held / 2)
		return;
	capture->data = capture->spare;
	capture->data_size = capture->spare_size;
	capture->n_data = 0;
	memmove(capture->held, capture->held + capture->n_told, left * sizeof(*capture->held));
	capture->n_held = left;
	capture->n_told = 0;
	for (size_t i = 0; i < left; i++) {
		struct held *held = &capture->held[i];
		uint8_t *copy = room_for(capture, held->packet.captured);

		memcpy(copy, full + held->offset, held->packet.captured);
		held->offset = (size_t)(copy - capture->data);
	}
	capture->spare = full;
	capture->spare_size = full_size;
}

static void sleep_milliseconds(int n)
{
	struct timespec left = { .tv_sec = n / 1000, .tv_nsec = n % 1000 * 1000000L };

	while (nanosleep(&left, &left) < 0 && errno == EINTR)
		;
}

uint64_t capture_take(struct capture *capture, uint64_t most, bool last)
{
	const uint64_t window = (uint64_t)(capture->retire + SLACK_MILLISECONDS) * 1000000u;
	uint64_t at, until, n = 0;

	if (last)
		sleep_milliseconds(capture->retire + SLACK_MILLISECONDS);
	at = clock_nanoseconds(CLOCK_REALTIME);
	until = last ? UINT64_MAX : at - window;
	for (size_t i = 0; i < capture->n_source; i++)
		if (capture->source[i].fd >= 0)
			drain(capture, &capture->source[i]);
	if (!last && at - capture->sorted < SORT_MILLISECONDS * 1000000u)
		return 0;
	capture->sorted = at;
	if (capture->n_held)
		qsort(capture->held + capture->n_told, capture->n_held - capture->n_told,
		      sizeof(*capture->held), compare);
	for (; capture->n_told < capture->n_held && n < most; n++) {
		struct held *held = &capture->held[capture->n_told];

		if (held->packet.time > until)
			break;
		capture->n_told++;
		held->port->received++;
		held->packet.data = capture->data + held->offset;
		capture->sink.packet(capture->sink.arg, &held->packet);
	}
	forget_told(capture);
	return n;
}

uint64_t capture_dropped(const struct capture *capture, const char *netns)
{
	for (size_t i = 0; i < capture->n_source; i++)
		if (strcmp(capture->source[i].netns, netns) == 0)
			return capture->source[i].dropped;
	return 0;
}
