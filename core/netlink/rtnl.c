/* SPDX-License-Identifier: GPL-3.0-only */
#include "core/netlink/rtnl.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include <libmnl/libmnl.h>
#include <linux/rtnetlink.h>

#include "core/base/memory.h"
#include "core/netlink/message.h"
#include "core/netlink/socket.h"
#include "core/state/wanted.h"

/*
 * Messages in one sendmsg. All their answers wait in the socket's receive buffer until we read
 * them, and the kernel silently drops what does not fit: 32 answers of the largest kind (a link, 4
 * KiB with overhead) fit into the default.
 */
#define CHUNK       32
#define ANSWER_SIZE 16384

struct rtnl_entry {
	size_t offset;
	struct rtnl_request request;
};

void *rtnl_room(struct rtnl_batch *batch)
{
	if (batch->length + MESSAGE_SIZE > batch->capacity) {
		batch->capacity = (batch->length + MESSAGE_SIZE) * 2;
		batch->buffer = xrealloc(batch->buffer, batch->capacity);
	}
	return batch->buffer + batch->length;
}

void rtnl_add(struct rtnl_batch *batch, struct nlmsghdr *message,
	      const struct rtnl_request *request)
{
	*ARRAY_PUSH(batch->entry, batch->n_entry) = (struct rtnl_entry){ batch->length, *request };
	message->nlmsg_seq = (uint32_t)batch->n_entry;
	batch->length += NLMSG_ALIGN(message->nlmsg_len);
}

static bool is_tolerated(int r, unsigned tolerance)
{
	if ((tolerance & RTNL_MAY_EXIST) && r == -EEXIST)
		return true;
	if ((tolerance & RTNL_MAY_BE_UNKNOWN) && r == -EAFNOSUPPORT)
		return true;
	return (tolerance & RTNL_MAY_BE_GONE) &&
	       (r == -ENOENT || r == -ESRCH || r == -ENODEV || r == -EADDRNOTAVAIL);
}

static int request_failed(const struct rtnl_request *request, int r, const char *why,
			  struct error *err)
{
	char what[OBJECT_TEXT_SIZE];

	object_describe(request->object, what);
	if (*why)
		return error_set(err, r, "cannot %s %s: %s (%s)", request->doing, what, why,
				 strerror(-r));
	return error_set(err, r, "cannot %s %s: %s", request->doing, what, strerror(-r));
}

static void read_link(const struct rtnl_request *request, const struct nlmsghdr *answer)
{
	const struct ifinfomsg *link = mnl_nlmsg_get_payload(answer);
	const struct nlattr *attr;

	if (request->ret_index)
		*request->ret_index = link->ifi_index;
	for_each_attribute(attr, answer, sizeof(*link)) {
		if (request->ret_peer_index && mnl_attr_get_type(attr) == IFLA_LINK)
			*request->ret_peer_index = (int)mnl_attr_get_u32(attr);
	}
}

/* Sort one answer to its request. Return the error that it brings if that is not tolerated. */
static int read_answer(const struct rtnl_batch *batch, const struct nlmsghdr *answer,
		       struct error *err)
{
	const struct rtnl_request *request;
	struct netlink_error said;

	if (answer->nlmsg_seq < 1 || answer->nlmsg_seq > batch->n_entry)
		return 0;
	request = &batch->entry[answer->nlmsg_seq - 1].request;
	if (answer->nlmsg_type == RTM_NEWLINK)
		read_link(request, answer);
	if (!netlink_error(answer, &said) || said.r == 0 ||
	    is_tolerated(said.r, request->tolerance))
		return 0;
	return request_failed(request, said.r, said.why, err);
}

/*
 * Read the answers up to the one for message `last`. The kernel has carried out everything when
 * sendmsg() returns, so all answers are there already, and there is nothing to wait for.
 */
static int read_answers(const struct rtnl_batch *batch, int fd, uint32_t last, struct error *err)
{
	_Alignas(struct nlmsghdr) char buffer[ANSWER_SIZE];
	bool done = false;
	int first = 0;

	while (!done) {
		ssize_t n = netlink_receive(fd, buffer, sizeof(buffer), MSG_DONTWAIT);
		int left = (int)n;

		if (n < 0)
			return first ? first
				     : error_set(err, (int)n, "the kernel's answer got lost: %s",
						 strerror((int)-n));
		for (const struct nlmsghdr *answer = (void *)buffer; mnl_nlmsg_ok(answer, left);
		     answer = mnl_nlmsg_next(answer, &left)) {
			int r = read_answer(batch, answer, first ? NULL : err);

			first = first ? first : r;
			done = done ||
			       (answer->nlmsg_type == NLMSG_ERROR && answer->nlmsg_seq == last);
		}
	}
	return first;
}

static int send_chunk(const struct rtnl_batch *batch, int fd, size_t from, size_t n,
		      struct error *err)
{
	const struct rtnl_entry *entry = &batch->entry[from];
	size_t end = from + n < batch->n_entry ? entry[n].offset : batch->length;
	struct iovec part = { batch->buffer + entry->offset, end - entry->offset };
	struct nlmsghdr *last = (void *)(batch->buffer + entry[n - 1].offset);
	int r;

	last->nlmsg_flags |= NLM_F_ACK;
	r = netlink_send(fd, &part, 1);
	return r < 0 ? request_failed(&entry->request, r, "", err)
		     : read_answers(batch, fd, last->nlmsg_seq, err);
}

int rtnl_commit(struct rtnl_batch *batch, int fd, struct error *err)
{
	int r = 0;

	for (size_t i = 0; i < batch->n_entry && r == 0; i += CHUNK)
		r = send_chunk(batch, fd, i,
			       batch->n_entry - i < CHUNK ? batch->n_entry - i : CHUNK, err);
	batch->length = batch->n_entry = 0;
	return r;
}

void rtnl_free(struct rtnl_batch *batch)
{
	free(batch->buffer);
	free(batch->entry);
	*batch = (struct rtnl_batch){ 0 };
}
