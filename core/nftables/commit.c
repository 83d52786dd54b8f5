/* SPDX-License-Identifier: GPL-3.0-only */
#include "core/nftables/message.h"

#include <arpa/inet.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>

#include <libmnl/libmnl.h>
#include <libnftnl/common.h>
#include <linux/netfilter/nf_tables.h>
#include <linux/netfilter/nfnetlink.h>

#include "core/base/error.h"
#include "core/netlink/socket.h"
#include "core/nftables/batch.h"
#include "core/nftables/listing.h"
#include "core/nftables/rule.h"

/*
 * The kernel works on a transaction while it is being sent: when sendmsg() is back, every answer
 * lies in the socket. A message that fails always answers; one success is asked for (of the last
 * message), as a sign that it was done at all.
 */

#define FRAME_SIZE  (NLMSG_HDRLEN + sizeof(struct nfgenmsg)) /* begin, end */
#define SEND_WANTED (64 << 20) /* cut to net.core.wmem_max by the kernel */
#define SEND_SPARE  64         /* the kernel keeps 32 bytes of the buffer for itself */

int nft_socket_open(struct error *err)
{
	int fd = netlink_open(NETLINK_NETFILTER, err), wanted = SEND_WANTED;

	if (fd < 0) {
		error_hint(err, "the kernel needs nf_tables: modprobe nf_tables");
		return fd;
	}
	/* Neither is vital. FORCE works for the root of the host only. */
	if (setsockopt(fd, SOL_SOCKET, SO_SNDBUFFORCE, &wanted, sizeof(wanted)) < 0)
		setsockopt(fd, SOL_SOCKET, SO_SNDBUF, &wanted, sizeof(wanted));
	if (setsockopt(fd, SOL_SOCKET, SO_RCVBUFFORCE, &wanted, sizeof(wanted)) < 0)
		setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &wanted, sizeof(wanted));
	return fd;
}

/* What the kernel said about a transaction. */
struct commit_answer {
	bool done;                  /* the last message was answered */
	bool lost;                  /* there were more answers than the socket could hold */
	uint32_t seq;               /* number of the first message that failed */
	struct netlink_error error; /* of that message; its sentence is in `why` */
	char why[256];
};

/* Read until the socket is empty. */
static int answers_read(int fd, uint32_t last_seq, struct commit_answer *answer)
{
	_Alignas(struct nlmsghdr) char buffer[16384];

	for (;;) {
		ssize_t n = netlink_receive(fd, buffer, sizeof(buffer), MSG_DONTWAIT);
		int length = (int)n;
		struct netlink_error error;

		if (n == -ENOBUFS)
			answer->lost = true;
		else if (n < 0)
			return n == -EAGAIN ? 0 : (int)n;
		for (const struct nlmsghdr *message = (void *)buffer; mnl_nlmsg_ok(message, length);
		     message = mnl_nlmsg_next(message, &length)) {
			if (!netlink_error(message, &error))
				continue;
			if (error.r == 0) {
				answer->done = answer->done || message->nlmsg_seq == last_seq;
			} else if (!answer->error.r || message->nlmsg_seq < answer->seq) {
				answer->seq = message->nlmsg_seq;
				answer->error = error;
				snprintf(answer->why, sizeof(answer->why), "%s", error.why);
			}
		}
	}
}

/* Name the element of a message that is meant, by reading its key back. */
static void describe_element(struct nft_batch *batch, const struct nft_record *record,
			     uint32_t offset, struct text *text)
{
	const struct nlmsghdr *message = (const void *)(batch->buffer + record->offset);
	const struct nlattr *attr = (const void *)((const char *)message + offset), *key;
	struct nft_set set = *record->set;
	struct nft_element element;

	if (offset + MNL_ATTR_HDRLEN > message->nlmsg_len ||
	    offset + attr->nla_len > message->nlmsg_len ||
	    mnl_attr_get_type(attr) != NFTA_LIST_ELEM)
		return;
	key = nft_find_in(nft_find_in(attr, NFTA_SET_ELEM_KEY), NFTA_DATA_VALUE);
	if (!key || !nft_decode_key(&set, key, &batch->arena, &element))
		return;
	set.data = NFT_MAP_NONE; /* the key is enough */
	text_add(text, "element ");
	nft_format_element(text, &set, &element);
	text_addf(text, " of %s %s", record->set->data == NFT_MAP_NONE ? "set" : "map", set.name);
}

static const char *record_verb(const struct nft_record *record)
{
	switch (record->type) {
	case NFT_MSG_DELTABLE:
	case NFT_MSG_DELSET:
	case NFT_MSG_DELSETELEM:
	case NFT_MSG_DELCHAIN:
	case NFT_MSG_DELRULE:
		return "delete";
	default:
		return "add";
	}
}

/* Set the error for the first failure. */
static int answer_report(struct nft_batch *batch, const struct commit_answer *answer,
			 struct error *err)
{
	const char *why = strerror(-answer->error.r);
	auto_text object = { 0 };

	if (answer->seq == 0 || answer->seq > batch->n_record) {
		error_set(err, answer->error.r, "cannot change nftables: %s",
			  *answer->why ? answer->why : why);
		if (answer->error.r == -EOPNOTSUPP)
			error_hint(err, "the kernel needs nf_tables: modprobe nf_tables");
		return answer->error.r;
	}

	const struct nft_record *record = &batch->record[answer->seq - 1];

	if (record->set && answer->error.offset)
		describe_element(batch, record, answer->error.offset, &object);
	if (record->rule)
		text_addf(&object, "rule %u of chain %s", record->rule, record->name);
	else if (!object.length)
		text_addf(&object, "%s %s", record->noun, record->name);

	error_set(err, answer->error.r, "cannot %s nftables %s: %s%s%s", record_verb(record),
		  text_get(&object), answer->why, *answer->why ? ": " : "", why);
	if (record->rule && (answer->error.r == -ENOENT || answer->error.r == -EOPNOTSUPP))
		error_hint(err, "the kernel may lack a feature that it uses; vpclab doctor tells");
	return answer->error.r;
}

/* Send the records [first, last) in one transaction. */
static int send_records(struct nft_batch *batch, size_t first, size_t last, int fd,
			struct error *err)
{
	_Alignas(struct nlmsghdr) char begin[FRAME_SIZE], end[FRAME_SIZE];
	size_t from = batch->record[first].offset;
	size_t to = last < batch->n_record ? batch->record[last].offset : batch->length;
	struct nlmsghdr *last_message = (void *)(batch->buffer + batch->record[last - 1].offset);
	struct iovec part[] = {
		{ .iov_base = begin, .iov_len = FRAME_SIZE },
		{ .iov_base = batch->buffer + from, .iov_len = to - from },
		{ .iov_base = end, .iov_len = FRAME_SIZE },
	};
	struct commit_answer answer = { 0 };
	int r;

	nftnl_batch_begin(begin, 0);
	nftnl_batch_end(end, (uint32_t)last + 1);
	last_message->nlmsg_flags |= NLM_F_ACK;
	r = netlink_send(fd, part, ARRAY_SIZE(part));
	last_message->nlmsg_flags &= (uint16_t)~NLM_F_ACK;
	if (r == 0)
		r = answers_read(fd, last_message->nlmsg_seq, &answer);

	if (r == -EMSGSIZE) {
		error_set(
			err, r,
			"one change of nftables needs %zu bytes, more than a socket may send here",
			to - from);
		error_hint(err, "as root on the host: sysctl net.core.wmem_max=4194304");
		return r;
	}
	if (r < 0)
		return error_set(err, r, "cannot talk to nftables: %s", strerror(-r));
	if (answer.error.r)
		return answer_report(batch, &answer, err);
	if (answer.lost)
		return error_set(err, -ENOBUFS,
				 "cannot change nftables: the kernel's answers were lost");
	if (!answer.done)
		return error_set(err, -EPROTO, "cannot change nftables: the kernel did not answer");
	return 0;
}

int nft_batch_commit(struct nft_batch *batch, int fd, struct error *err)
{
	size_t first = 0, room = 0;
	int send_buffer = 0;
	socklen_t size = sizeof(send_buffer);

	if (getsockopt(fd, SOL_SOCKET, SO_SNDBUF, &send_buffer, &size) < 0)
		return error_set(err, -errno, "cannot talk to nftables: %s", strerror(errno));
	if (send_buffer > (int)(2 * FRAME_SIZE + SEND_SPARE))
		room = (size_t)send_buffer - 2 * FRAME_SIZE - SEND_SPARE;

	while (first < batch->n_record) {
		size_t last = first + 1, cut = batch->n_record;

		/* Take as many as fit, at least one, and never split those that belong together. */
		for (; last < batch->n_record; last++) {
			size_t end = last + 1 < batch->n_record ? batch->record[last + 1].offset
								: batch->length;

			if (!batch->record[last].joined)
				cut = last;
			if (end - batch->record[first].offset > room && cut < batch->n_record)
				break;
		}
		if (last < batch->n_record)
			last = cut;

		int r = send_records(batch, first, last, fd, err);

		if (r < 0)
			return r;
		first = last;
	}
	return 0;
}
