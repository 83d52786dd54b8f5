#include "core/nft_trace.h"

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
#include <linux/netfilter/nfnetlink.h>

#include "core/cleanup.h"
#include "core/memory.h"
#include "core/netlink_dump.h"
#include "core/nft_kernel.h"
#include "core/nft_netlink.h"
#include "core/nft_trace_parts.h"

/*
 * Events to packets. A packet's first event is that of our own first chain; what follows under the same id is its way through
 * the namespace. (The id is made of the packet's place in memory, so that a later packet may have it again.)
 */

static struct nft_trace_packet *find_packet(const struct nft_trace *trace, uint32_t id)
{
	for (size_t i = trace->n_packet; i-- > 0;)
		if (trace->packet[i].id == id)
			return &trace->packet[i];
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

static bool read_headers(const struct nftnl_trace *event, struct tuple *ret_tuple, bool *ret_reset)
{
	uint32_t network_size = 0, transport_size = 0;
	const uint8_t *network, *transport;

	if (!nftnl_trace_is_set(event, NFTNL_TRACE_NETWORK_HEADER) || !nftnl_trace_is_set(event, NFTNL_TRACE_TRANSPORT_HEADER))
		return false;
	network = nftnl_trace_get_data(event, NFTNL_TRACE_NETWORK_HEADER, &network_size);
	transport = nftnl_trace_get_data(event, NFTNL_TRACE_TRANSPORT_HEADER, &transport_size);
	if (network_size < 20 || transport_size < 8)
		return false;
	*ret_tuple = (struct tuple){ .source = address_at(network + 12),
				     .destination = address_at(network + 16),
				     .protocol = network[9] };
	if (ret_tuple->protocol == IPPROTO_ICMP) {
		ret_tuple->source_port = ret_tuple->destination_port = word_at(transport + 4);
	} else {
		ret_tuple->source_port = word_at(transport);
		ret_tuple->destination_port = word_at(transport + 2);
	}
	if (ret_reset)
		*ret_reset = ret_tuple->protocol == IPPROTO_TCP && transport_size >= 14 && (transport[13] & 0x04);
	return true;
}

static void read_interface(const struct nftnl_trace *event, uint16_t attribute, char name[static IF_NAMESIZE])
{
	if (nftnl_trace_is_set(event, attribute) && !if_indextoname(nftnl_trace_get_u32(event, attribute), name))
		name[0] = '\0';
}

/* ---- events ---- */

static void begin_packet(struct nft_trace *trace, const struct nftnl_trace *event, uint32_t id, bool sent)
{
	struct nft_trace_packet *packet = ARRAY_PUSH(trace->packet, trace->n_packet);

	*packet = (struct nft_trace_packet){ .id = id, .sent = sent };
	read_headers(event, &packet->in, &packet->reset);
	packet->out = packet->in;
	read_interface(event, NFTNL_TRACE_IIF, packet->iif);
}

/* An event of our own table. */
static void note_own(struct nft_trace *trace, const struct nftnl_trace *event, const char *chain, uint32_t id)
{
	struct nft_trace_packet *packet;

	if (strcmp(chain, NFT_TRACE_IN) == 0 || strcmp(chain, NFT_TRACE_SENT) == 0) {
		if (nftnl_trace_get_u32(event, NFTNL_TRACE_TYPE) == NFT_TRACETYPE_RULE)
			begin_packet(trace, event, id, strcmp(chain, NFT_TRACE_SENT) == 0);
		return;
	}
	packet = find_packet(trace, id);
	if (!packet)
		return;
	read_headers(event, &packet->out, NULL);
	packet->end = strcmp(chain, NFT_TRACE_OUT) == 0 ? NFT_TRACE_SENT_ON : NFT_TRACE_DELIVERED;
	if (packet->end == NFT_TRACE_SENT_ON)
		read_interface(event, NFTNL_TRACE_OIF, packet->oif);
}

static void note_step(struct nft_trace *trace, const struct nftnl_trace *event, const char *chain, uint32_t id)
{
	struct nft_trace_packet *packet = find_packet(trace, id);
	const bool policy = nftnl_trace_get_u32(event, NFTNL_TRACE_TYPE) == NFT_TRACETYPE_POLICY;
	int verdict = (int)nftnl_trace_get_u32(event, policy ? NFTNL_TRACE_POLICY : NFTNL_TRACE_VERDICT);
	const char *target = nftnl_trace_get_str(event, NFTNL_TRACE_JUMP_TARGET);
	struct nft_trace_step *step;

	if (!packet || (verdict != NF_ACCEPT && verdict != NF_DROP && !target))
		return;
	if (packet->n_step == NFT_TRACE_STEPS) {
		trace->lost = true;
		return;
	}
	step = &packet->step[packet->n_step++];
	*step = (struct nft_trace_step){ .policy = policy, .jump = target != NULL, .drop = !target && verdict == NF_DROP };
	step->ours = strcmp(nftnl_trace_get_str(event, NFTNL_TRACE_TABLE), NFT_TABLE) == 0;
	snprintf(step->chain, sizeof(step->chain), "%s", chain);
	snprintf(step->target, sizeof(step->target), "%s", target ? target : "");
	if (!policy)
		step->handle = nftnl_trace_get_u64(event, NFTNL_TRACE_RULE_HANDLE);
	if (step->drop)
		packet->end = NFT_TRACE_DROPPED;
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
		if (table && chain && strcmp(table, NFT_TRACE_TABLE) == 0)
			note_own(trace, event, chain, nftnl_trace_get_u32(event, NFTNL_TRACE_ID));
		else if (table && chain)
			note_step(trace, event, chain, nftnl_trace_get_u32(event, NFTNL_TRACE_ID));
	}
	nftnl_trace_free(event);
	return MNL_CB_OK;
}

/* Until the socket is empty. */
static int read_events(struct nft_trace *trace)
{
	auto_free char *buffer = xalloc(65536);

	for (;;) {
		ssize_t n = recv(trace->fd, buffer, 65536, MSG_DONTWAIT);

		if (n < 0 && errno == EAGAIN)
			return 0;
		if (n < 0 && errno == ENOBUFS)
			trace->lost = true;
		else if (n < 0 && errno != EINTR)
			return -errno;
		if (n > 0 && mnl_cb_run(buffer, (size_t)n, 0, 0, read_event, trace) < 0)
			return -errno;
	}
}

/* ---- times ---- */

static int compare_times(const void *a, const void *b)
{
	const uint64_t *x = a, *y = b;

	return *x < *y ? -1 : *x > *y;
}

static void add_times(const struct nlmsghdr *message, uint64_t **time, size_t *n_time)
{
	const struct nlattr *list, *element, *attr, *value;

	for_each_attribute(list, message, sizeof(struct nfgenmsg))
	{
		if (mnl_attr_get_type(list) != NFTA_SET_ELEM_LIST_ELEMENTS)
			continue;
		for_each_nested(element, list) for_each_nested(attr, element)
		{
			if (mnl_attr_get_type(attr) != NFTA_SET_ELEM_KEY)
				continue;
			value = netlink_next_nested(attr, NULL);
			if (value && mnl_attr_get_payload_len(value) == sizeof(uint64_t))
				memcpy(ARRAY_PUSH(*time, *n_time), mnl_attr_get_payload(value), sizeof(uint64_t));
		}
	}
}

static int read_times(int fd, struct nft_trace *trace, struct error *err)
{
	auto_free uint64_t *time = NULL;
	struct netlink_answer answer;
	char buffer[1024] = { 0 };
	size_t n_time = 0;
	struct nlmsghdr *request = nftnl_nlmsg_build_hdr(buffer, NFT_MSG_GETSETELEM, NFPROTO_IPV4, 0, 0);
	int r;

	mnl_attr_put_strz(request, NFTA_SET_ELEM_LIST_TABLE, NFT_TRACE_TABLE);
	mnl_attr_put_strz(request, NFTA_SET_ELEM_LIST_SET, NFT_TRACE_TIMES);
	r = netlink_dump(fd, request, "nftables", &answer, err);
	if (r < 0)
		return r;
	for (const struct nlmsghdr *message = NULL; (message = netlink_next(&answer, (struct nlmsghdr *)(uintptr_t)message));)
		add_times(message, &time, &n_time);
	netlink_answer_free(&answer);
	if (n_time)
		qsort(time, n_time, sizeof(*time), compare_times);
	/* More came by while the events were being read; fewer would be a loss. */
	trace->lost = trace->lost || n_time < trace->n_packet;
	for (size_t i = 0; i < trace->n_packet && i < n_time; i++)
		trace->packet[i].time = time[i];
	return 0;
}

/* ---- places of rules ---- */

static void place_rule(struct nft_trace *trace, const char *chain, uint64_t handle, unsigned place)
{
	for (size_t i = 0; i < trace->n_packet; i++) {
		for (size_t j = 0; j < trace->packet[i].n_step; j++) {
			struct nft_trace_step *step = &trace->packet[i].step[j];

			if (!step->ours || strcmp(step->chain, chain) != 0)
				continue;
			step->n_rule = place;
			if (step->handle == handle && !step->policy)
				step->rule = place;
		}
	}
}

static int place_rules(int fd, struct nft_trace *trace, struct error *err)
{
	char buffer[1024] = { 0 }, last[NFT_NAME_SIZE] = "";
	struct nlmsghdr *request = nftnl_nlmsg_build_hdr(buffer, NFT_MSG_GETRULE, NFPROTO_IPV4, 0, 0);
	struct netlink_answer answer;
	unsigned place = 0;
	int r;

	mnl_attr_put_strz(request, NFTA_RULE_TABLE, NFT_TABLE);
	r = netlink_dump(fd, request, "nftables", &answer, err);
	if (r < 0)
		return r;
	for (struct nlmsghdr *message = NULL; (message = netlink_next(&answer, message));) {
		const char *chain = "", *table = "";
		const struct nlattr *attr;
		uint64_t handle = 0;

		for_each_attribute(attr, message, sizeof(struct nfgenmsg))
		{
			if (mnl_attr_get_type(attr) == NFTA_RULE_CHAIN)
				chain = mnl_attr_get_str(attr);
			else if (mnl_attr_get_type(attr) == NFTA_RULE_TABLE)
				table = mnl_attr_get_str(attr);
			else if (mnl_attr_get_type(attr) == NFTA_RULE_HANDLE)
				handle = be64toh(mnl_attr_get_u64(attr));
		}
		if (strcmp(table, NFT_TABLE) != 0)
			continue;
		place = strcmp(chain, last) == 0 ? place + 1 : 1;
		snprintf(last, sizeof(last), "%s", chain);
		place_rule(trace, chain, handle, place);
	}
	netlink_answer_free(&answer);
	return 0;
}

/* ---- the whole ---- */

int nft_trace_gather(struct nft_trace *trace, struct error *err)
{
	int r = read_events(trace);

	return r < 0 ? error_set(err, r, "cannot read the kernel's trace events: %s", strerror(-r)) : 0;
}

/*
 * Closing the socket would remove the table, too, but then the kernel waits until no packet can be in it any more, some ten
 * milliseconds; a table that is removed by a message is freed later. (Closing any such socket of the namespace waits for
 * that. So whoever watches several ends all of them before they are freed, and then they wait together.)
 */
static int remove_table(int fd, struct error *err)
{
	const int group = NFNLGRP_NFTRACE;
	_Alignas(struct nlmsghdr) char buffer[1024];
	size_t length;
	struct nlmsghdr *message = nftnl_batch_begin(buffer, 0);
	int r;

	if (setsockopt(fd, SOL_NETLINK, NETLINK_DROP_MEMBERSHIP, &group, sizeof(group)) < 0)
		return error_set(err, -errno, "cannot stop listening to trace events: %s", strerror(errno));
	length = NLMSG_ALIGN(message->nlmsg_len);
	message = nftnl_nlmsg_build_hdr(buffer + length, NFT_MSG_DELTABLE, NFPROTO_IPV4, NLM_F_ACK, 1);
	mnl_attr_put_strz(message, NFTA_TABLE_NAME, NFT_TRACE_TABLE);
	length += NLMSG_ALIGN(message->nlmsg_len);
	message = nftnl_batch_end(buffer + length, 2);
	length += NLMSG_ALIGN(message->nlmsg_len);
	r = netlink_tell(fd, buffer, length, 1);
	return r < 0 ? error_set(err, r, "cannot end tracing: %s", strerror(-r)) : 0;
}

/* By a socket of its own: answers and events on one would get mixed up. */
static int look_up(struct nft_trace *trace, struct error *err)
{
	auto_fd int fd = nft_socket_open(err);
	int r = fd < 0 ? fd : read_times(fd, trace, err);

	return r < 0 ? r : place_rules(fd, trace, err);
}

int nft_trace_end(struct nft_trace *trace, struct error *err)
{
	int r = nft_trace_gather(trace, err);

	if (r >= 0 && trace->n_packet)
		r = look_up(trace, err);
	return r < 0 ? r : remove_table(trace->fd, err);
}

void nft_trace_free(struct nft_trace *trace)
{
	cleanup_fd(&trace->fd);
	free(trace->packet);
	*trace = (struct nft_trace){ .fd = -1 };
}
