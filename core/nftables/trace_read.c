/* SPDX-License-Identifier: GPL-3.0-only */
#include "core/nftables/trace.h"

#include <arpa/inet.h>
#include <endian.h>
#include <errno.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include <libmnl/libmnl.h>
#include <libnftnl/common.h>
#include <libnftnl/trace.h>
#include <linux/netfilter.h>
#include <linux/netfilter/nf_tables.h>
#include <linux/netfilter/nfnetlink.h>

#include "core/base/cleanup.h"
#include "core/base/clock.h"
#include "core/base/memory.h"
#include "core/nftables/listing.h"
#include "core/nftables/message.h"
#include "core/nftables/trace_internal.h"

/*
 * Events to packets. A packet's first event is that of our own first chain; what follows under the
 * same id is its way through the namespace, until it is dropped or comes by our last chains. (The
 * id is made of the packet's place in memory, so that a later packet may have it again; and of
 * packets that somebody else has marked there are events, too.)
 */

#define PENDING_MAX 4096 /* packets: limits memory and the time to find one */
#define DRAIN_MAX   4096 /* events read in one go */
#define GIVEN_MAX   4096
#define FULL                       \
	(NFT_TRACE_TIMES_MAX / 8 * \
	 7) /* a set may be: times that are up, but not yet cleared away, are not read */

static struct nft_trace_pending *find_packet(const struct nft_trace *trace, uint32_t id)
{
	for (size_t i = trace->n_packet; i-- > 0;)
		if (trace->packet[i].packet.id == id)
			return trace->packet[i].ended ? NULL : &trace->packet[i];
	return NULL;
}

/* ---- headers ---- */

static uint16_t word_at(const uint8_t *bytes)
{
	return (uint16_t)(bytes[0] << 8 | bytes[1]);
}

static uint32_t address_at(const uint8_t *bytes)
{
	return (uint32_t)word_at(bytes) << 16 | word_at(bytes + 2);
}

struct headers {
	const uint8_t *network, *transport;
	uint32_t transport_size;
};

static bool find_headers(const struct nftnl_trace *event, struct headers *ret_headers)
{
	uint32_t size = 0;

	if (!nftnl_trace_is_set(event, NFTNL_TRACE_NETWORK_HEADER) ||
	    !nftnl_trace_is_set(event, NFTNL_TRACE_TRANSPORT_HEADER))
		return false;
	ret_headers->network = nftnl_trace_get_data(event, NFTNL_TRACE_NETWORK_HEADER, &size);
	ret_headers->transport = nftnl_trace_get_data(event, NFTNL_TRACE_TRANSPORT_HEADER,
						      &ret_headers->transport_size);
	return size >= 20 && ret_headers->transport_size >= 8;
}

static struct tuple tuple_of(const struct headers *headers)
{
	struct tuple tuple = { .source = address_at(headers->network + 12),
			       .destination = address_at(headers->network + 16),
			       .protocol = headers->network[9] };

	if (tuple.protocol == IPPROTO_ICMP) {
		tuple.source_port = tuple.destination_port = word_at(headers->transport + 4);
	} else {
		tuple.source_port = word_at(headers->transport);
		tuple.destination_port = word_at(headers->transport + 2);
	}
	return tuple;
}

#define ECHO_REQUEST 8
enum { TCP_RESET = 0x04, TCP_SYN = 0x02, TCP_ACK = 0x10 };

static void read_kind(struct nft_trace_packet *packet, const struct headers *headers)
{
	const uint8_t flags = headers->transport_size >= 14 ? headers->transport[13] : 0;

	if (packet->in.protocol == IPPROTO_TCP) {
		packet->reset = flags & TCP_RESET;
		packet->opens = (flags & (TCP_SYN | TCP_ACK | TCP_RESET)) == TCP_SYN;
		packet->sequence = address_at(headers->transport + 4);
	} else {
		packet->opens = packet->in.protocol != IPPROTO_ICMP ||
				headers->transport[0] == ECHO_REQUEST;
	}
}

static uint32_t interface_of(const struct nftnl_trace *event, uint16_t attribute)
{
	return nftnl_trace_is_set(event, attribute) ? nftnl_trace_get_u32(event, attribute) : 0;
}

/* ---- events ---- */

static void begin_packet(struct nft_trace *trace, const struct nftnl_trace *event, uint32_t id,
			 bool sent)
{
	struct nft_trace_pending *pending;
	struct headers headers;

	if (trace->n_packet == PENDING_MAX || !find_headers(event, &headers)) {
		trace->lost = true;
		return;
	}
	pending = ARRAY_PUSH(trace->packet, trace->n_packet);
	pending->packet = (struct nft_trace_packet){ .id = id,
						     .sent = sent,
						     .time = clock_nanoseconds(CLOCK_REALTIME),
						     .in = tuple_of(&headers) };
	pending->packet.out = pending->packet.in;
	read_kind(&pending->packet, &headers);
	memcpy(pending->stamp.address, headers.network + 12, sizeof(pending->stamp.address));
	memcpy(pending->stamp.transport, headers.transport, sizeof(pending->stamp.transport));
	pending->iif = interface_of(event, NFTNL_TRACE_IIF);
}

/* Handle an event of our own table. */
static void note_own(struct nft_trace *trace, const struct nftnl_trace *event, const char *chain,
		     uint32_t id)
{
	struct nft_trace_pending *pending = find_packet(trace, id);
	struct headers headers;

	if (strcmp(chain, NFT_TRACE_IN) == 0 || strcmp(chain, NFT_TRACE_SENT) == 0) {
		if (pending)
			pending->ended = true;
		/* Else none of our rules wanted it, and somebody else has marked it. */
		if (nftnl_trace_get_u32(event, NFTNL_TRACE_TYPE) == NFT_TRACETYPE_RULE)
			begin_packet(trace, event, id, strcmp(chain, NFT_TRACE_SENT) == 0);
		return;
	}
	if (!pending)
		return;
	if (find_headers(event, &headers))
		pending->packet.out = tuple_of(&headers);
	pending->packet.end = strcmp(chain, NFT_TRACE_OUT) == 0 ? NFT_TRACE_SENT_ON
								: NFT_TRACE_DELIVERED;
	if (pending->packet.end == NFT_TRACE_SENT_ON)
		pending->oif = interface_of(event, NFTNL_TRACE_OIF);
	pending->ended = true;
}

static void note_step(struct nft_trace *trace, const struct nftnl_trace *event, const char *chain,
		      uint32_t id)
{
	struct nft_trace_pending *pending = find_packet(trace, id);
	const uint32_t type = nftnl_trace_get_u32(event, NFTNL_TRACE_TYPE);
	const bool policy = type == NFT_TRACETYPE_POLICY;
	int verdict =
		(int)nftnl_trace_get_u32(event, policy ? NFTNL_TRACE_POLICY : NFTNL_TRACE_VERDICT);
	const char *target = nftnl_trace_get_str(event, NFTNL_TRACE_JUMP_TARGET);
	const bool returned = type == NFT_TRACETYPE_RULE && verdict == NFT_RETURN;
	struct nft_trace_step *step;

	if (!pending || (verdict != NF_ACCEPT && verdict != NF_DROP && !target && !returned))
		return;
	if (pending->packet.n_step == NFT_TRACE_STEPS) {
		trace->lost = true;
		return;
	}
	step = ARRAY_PUSH(pending->packet.step, pending->packet.n_step);
	*step = (struct nft_trace_step){ .policy = policy,
					 .jump = target != NULL,
					 .drop = !target && verdict == NF_DROP };
	step->ours = strcmp(nftnl_trace_get_str(event, NFTNL_TRACE_TABLE), NFT_TABLE) == 0;
	snprintf(step->chain, sizeof(step->chain), "%s", chain);
	snprintf(step->target, sizeof(step->target), "%s", target ? target : "");
	if (!policy)
		step->handle = nftnl_trace_get_u64(event, NFTNL_TRACE_RULE_HANDLE);
	if (step->drop) {
		pending->packet.end = NFT_TRACE_DROPPED;
		pending->ended = true;
	}
}

static int read_event(const struct nlmsghdr *message, void *data)
{
	struct nft_trace *trace = data;
	struct nftnl_trace *event;
	const char *table, *chain;

	if ((message->nlmsg_type & 0xff) != NFT_MSG_TRACE)
		return MNL_CB_OK;
	event = nftnl_trace_alloc();
	if (!event)
		return MNL_CB_ERROR;
	if (nftnl_trace_nlmsg_parse(message, event) == 0) {
		table = nftnl_trace_get_str(event, NFTNL_TRACE_TABLE);
		chain = nftnl_trace_get_str(event, NFTNL_TRACE_CHAIN);
		if (table && chain && strcmp(table, trace->table) == 0)
			note_own(trace, event, chain, nftnl_trace_get_u32(event, NFTNL_TRACE_ID));
		else if (table && chain && !nft_trace_is_table(table))
			note_step(trace, event, chain, nftnl_trace_get_u32(event, NFTNL_TRACE_ID));
	}
	nftnl_trace_free(event);
	return MNL_CB_OK;
}

int nft_trace_drain(struct nft_trace *trace, struct error *err)
{
	auto_free char *buffer = xalloc(65536);

	for (int i = 0; i < DRAIN_MAX; i++) {
		ssize_t n = netlink_receive(trace->fd, buffer, 65536, MSG_DONTWAIT);

		if (n == -EAGAIN)
			return 0;
		if (n == -ENOBUFS)
			trace->lost = true;
		else if (n < 0)
			return error_set(err, (int)n, "cannot read the kernel's trace events: %s",
					 strerror((int)-n));
		if (n > 0 && mnl_cb_run(buffer, (size_t)n, 0, 0, read_event, trace) < 0)
			return error_set(err, -errno, "cannot read the kernel's trace events: %s",
					 strerror(errno));
	}
	return 0;
}

bool nft_trace_pending(const struct nft_trace *trace)
{
	return trace->n_packet > 0 || trace->lost;
}

/* ---- times ---- */

static int compare_headers(const struct nft_trace_stamp *a, const struct nft_trace_stamp *b)
{
	return memcmp(a, b, NFT_TRACE_HEADERS);
}

static int compare_stamps(const void *a, const void *b)
{
	const struct nft_trace_stamp *x = a, *y = b;
	int r = compare_headers(x, y);

	return r ? r : x->time < y->time ? -1 : x->time > y->time;
}

static int read_stamps(const struct nft_trace *trace, int fd, struct nft_trace_stamp **ret_stamp,
		       size_t *ret_n, struct error *err)
{
	struct netlink_answer answer;
	int r = nft_ask(fd, NFT_MSG_GETSETELEM, NFPROTO_IPV4, trace->table, NFTA_SET_ELEM_LIST_SET,
			NFT_TRACE_TIMES, &answer, err);

	if (r < 0)
		return r;
	for (struct nlmsghdr *message = NULL; (message = netlink_next(&answer, message));) {
		const struct nlattr *list = nft_find(message, NFTA_SET_ELEM_LIST_ELEMENTS),
				    *element;

		if (!list)
			continue;
		for_each_nested(element, list) {
			const struct nlattr *key = nft_find_in(
				nft_find_in(element, NFTA_SET_ELEM_KEY), NFTA_DATA_VALUE);

			if (key && mnl_attr_get_payload_len(key) == sizeof(**ret_stamp))
				memcpy(ARRAY_PUSH(*ret_stamp, *ret_n), mnl_attr_get_payload(key),
				       sizeof(**ret_stamp));
		}
	}
	netlink_answer_free(&answer);
	if (*ret_n)
		qsort(*ret_stamp, *ret_n, sizeof(**ret_stamp), compare_stamps);
	return 0;
}

/* Return the last one found for these headers: what is sent again, or comes by again, has a
 * later one. */
static struct nft_trace_stamp *last_given(struct nft_trace *trace,
					  const struct nft_trace_stamp *headers)
{
	struct nft_trace_stamp *given;

	for (size_t i = trace->n_given; i-- > 0;)
		if (compare_headers(&trace->given[i], headers) == 0)
			return &trace->given[i];
	if (trace->n_given == GIVEN_MAX) {
		trace->n_given /= 2;
		memmove(trace->given, trace->given + trace->n_given,
			trace->n_given * sizeof(*trace->given));
	}
	given = ARRAY_PUSH(trace->given, trace->n_given);
	*given = *headers;
	given->time = 0;
	return given;
}

/* Return false where the kernel has it no more. */
static bool find_time(struct nft_trace *trace, struct nft_trace_pending *pending,
		      const struct nft_trace_stamp *stamp, size_t n_stamp)
{
	struct nft_trace_stamp *given = last_given(trace, &pending->stamp);
	size_t low = 0, high = n_stamp;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (compare_stamps(&stamp[middle], given) <= 0)
			low = middle + 1;
		else
			high = middle;
	}
	if (low == n_stamp || compare_headers(&stamp[low], given) != 0)
		return false;
	pending->packet.time = given->time = stamp[low].time;
	return true;
}

/* ---- places of rules ---- */

static void place_rule(const struct nft_trace *trace, const char *chain, uint64_t handle,
		       unsigned place)
{
	for (size_t i = 0; i < trace->n_taken; i++) {
		for (size_t j = 0; j < trace->taken[i].n_step; j++) {
			struct nft_trace_step *step = &trace->taken[i].step[j];

			if (!step->ours || strcmp(step->chain, chain) != 0)
				continue;
			step->n_rule = place;
			if (step->handle == handle && !step->policy)
				step->rule = place;
		}
	}
}

static int place_rules(const struct nft_trace *trace, int fd, struct error *err)
{
	char last[NFT_NAME_SIZE] = "";
	struct netlink_answer answer;
	unsigned place = 0;
	int r = nft_ask(fd, NFT_MSG_GETRULE, NFPROTO_IPV4, NFT_TABLE, 0, NULL, &answer, err);

	if (r < 0)
		return r;
	for (struct nlmsghdr *message = NULL; (message = netlink_next(&answer, message));) {
		const char *chain = nft_string_in(message, NFTA_RULE_CHAIN);
		const struct nlattr *handle = nft_find(message, NFTA_RULE_HANDLE);

		if (strcmp(nft_string_in(message, NFTA_RULE_TABLE), NFT_TABLE) != 0)
			continue;
		place = strcmp(chain, last) == 0 ? place + 1 : 1;
		snprintf(last, sizeof(last), "%s", chain);
		place_rule(trace, chain, handle ? be64toh(mnl_attr_get_u64(handle)) : 0, place);
	}
	netlink_answer_free(&answer);
	return 0;
}

/* ---- handing packets out ---- */

static void forget_taken(struct nft_trace *trace)
{
	for (size_t i = 0; i < trace->n_taken; i++)
		free(trace->taken[i].step);
	trace->n_taken = 0;
}

static void name_interface(uint32_t index, char name[static IF_NAMESIZE])
{
	if (index && !if_indextoname(index, name))
		name[0] = '\0';
}

/* Move what has ended from the waiting to the taken ones. An array is in the order of its
 * packets. */
static void take_ended(struct nft_trace *trace, uint64_t age, const struct nft_trace_stamp *stamp,
		       size_t n_stamp)
{
	const uint64_t until = clock_nanoseconds(CLOCK_REALTIME) - age;
	size_t left = 0;

	for (size_t i = 0; i < trace->n_packet; i++) {
		struct nft_trace_pending *pending = &trace->packet[i];

		if (!pending->ended && pending->packet.time > until) {
			trace->packet[left++] = *pending;
			continue;
		}
		if (!find_time(trace, pending, stamp, n_stamp))
			trace->lost = true;
		name_interface(pending->iif, pending->packet.iif);
		name_interface(pending->oif, pending->packet.oif);
		*ARRAY_PUSH(trace->taken, trace->n_taken) = pending->packet;
	}
	trace->n_packet = left;
}

static int take(struct nft_trace *trace, uint64_t age, struct error *err)
{
	auto_fd int other = nft_socket_open(err); /* on one socket answers and events would mix */
	auto_free struct nft_trace_stamp *stamp = NULL;
	size_t n_stamp = 0;
	int r = other < 0 ? other : read_stamps(trace, other, &stamp, &n_stamp, err);

	if (r < 0)
		return r;
	if (n_stamp >= FULL)
		trace->lost = true; /* what a full set could not hold was not traced */
	take_ended(trace, age, stamp, n_stamp);
	return trace->n_taken ? place_rules(trace, other, err) : 0;
}

int nft_trace_take(struct nft_trace *trace, uint64_t age,
		   const struct nft_trace_packet **ret_packet, bool *ret_lost, struct error *err)
{
	int r;

	forget_taken(trace);
	r = trace->n_packet ? take(trace, age, err) : 0;
	if (r < 0)
		return r;
	*ret_lost = trace->lost;
	trace->lost = false;
	*ret_packet = trace->taken;
	return (int)trace->n_taken;
}
