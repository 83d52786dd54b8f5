/* SPDX-License-Identifier: GPL-3.0-only */
#include "core/netlink/rtnl.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <linux/netlink.h>
#include <linux/rtnetlink.h>

#include <netlink/attr.h>
#include <netlink/msg.h>

#include "core/base/cleanup.h"
#include "core/base/limit.h"
#include "core/base/memory.h"
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

int rtnl_socket_open(struct error *err)
{
	auto_fd int fd = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_ROUTE);
	int one = 1;

	if (fd < 0) {
		int r = error_set(err, -errno, "cannot open a netlink socket: %s", strerror(errno));

		limit_hint(err, r);
		return r;
	}
	/* The kernel's sentence with each error, and no copy of our message. Older kernels: then
	 * without. */
	setsockopt(fd, SOL_NETLINK, NETLINK_EXT_ACK, &one, sizeof(one));
	setsockopt(fd, SOL_NETLINK, NETLINK_CAP_ACK, &one, sizeof(one));
	return take_fd(&fd);
}

void rtnl_batch_add(struct rtnl_batch *batch, struct nl_msg *message,
		    const struct rtnl_request *request)
{
	if (!message) {
		batch->out_of_memory = true;
		return;
	}

	struct nlmsghdr *header = nlmsg_hdr(message);
	size_t size = NLMSG_ALIGN(header->nlmsg_len);

	if (batch->length + size > batch->capacity) {
		batch->capacity = (batch->length + size) * 2;
		batch->buffer = xrealloc(batch->buffer, batch->capacity);
	}
	*ARRAY_PUSH(batch->entry, batch->n_entry) = (struct rtnl_entry){ batch->length, *request };
	header->nlmsg_seq = (uint32_t)batch->n_entry;
	header->nlmsg_flags |= NLM_F_REQUEST;
	header->nlmsg_pid = 0;
	memcpy(batch->buffer + batch->length, header, header->nlmsg_len);
	memset(batch->buffer + batch->length + header->nlmsg_len, 0, size - header->nlmsg_len);
	batch->length += size;
	nlmsg_free(message);
}

/* The sentence that the kernel sent along with an error; NULL: none. */
static const char *kernel_reason(struct nlmsghdr *answer)
{
	const struct nlmsgerr *e = nlmsg_data(answer);
	size_t skip = sizeof(*e);

	if (!(answer->nlmsg_flags & NLM_F_ACK_TLVS))
		return NULL;
	if (!(answer->nlmsg_flags & NLM_F_CAPPED))
		skip += NLMSG_ALIGN(e->msg.nlmsg_len) - NLMSG_HDRLEN;
	if (NLMSG_HDRLEN + skip >= answer->nlmsg_len)
		return NULL;

	struct nlattr *text = nla_find((struct nlattr *)((char *)nlmsg_data(answer) + skip),
				       (int)(answer->nlmsg_len - NLMSG_HDRLEN - skip),
				       NLMSGERR_ATTR_MSG);

	/* Not a string if somebody forgot its end. */
	return text && nla_len(text) > 0 && memchr(nla_data(text), '\0', (size_t)nla_len(text))
		       ? nla_get_string(text)
		       : NULL;
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

static int request_failed(const struct rtnl_request *request, int r, const char *reason,
			  struct error *err)
{
	char what[OBJECT_TEXT_SIZE];

	object_describe(request->object, what);
	if (reason)
		error_set(err, r, "cannot %s %s: %s (%s)", request->doing, what, reason,
			  strerror(-r));
	else
		error_set(err, r, "cannot %s %s: %s", request->doing, what, strerror(-r));
	limit_hint(err, r);
	return r;
}

static void take_link(const struct rtnl_request *request, struct nlmsghdr *answer)
{
	const struct ifinfomsg *link = nlmsg_data(answer);

	if (answer->nlmsg_len < NLMSG_HDRLEN + sizeof(*link))
		return;
	if (request->ret_index)
		*request->ret_index = link->ifi_index;

	struct nlattr *peer = nlmsg_find_attr(answer, sizeof(*link), IFLA_LINK);

	if (request->ret_peer_index && peer && nla_len(peer) >= (int)sizeof(uint32_t))
		*request->ret_peer_index = (int)nla_get_u32(peer);
}

/* Sorts one answer to its request. Returns the error that it brings if that is not tolerated. */
static int take_answer(const struct rtnl_batch *batch, struct nlmsghdr *answer, struct error *err)
{
	if (answer->nlmsg_seq < 1 || answer->nlmsg_seq > batch->n_entry)
		return 0;

	const struct rtnl_request *request = &batch->entry[answer->nlmsg_seq - 1].request;

	if (answer->nlmsg_type == RTM_NEWLINK)
		take_link(request, answer);
	if (answer->nlmsg_type != NLMSG_ERROR ||
	    answer->nlmsg_len < NLMSG_HDRLEN + sizeof(struct nlmsgerr))
		return 0;

	int r = ((const struct nlmsgerr *)nlmsg_data(answer))->error;

	if (r == 0 || is_tolerated(r, request->tolerance))
		return 0;
	return request_failed(request, r, kernel_reason(answer), err);
}

/*
 * Reads the answers up to the one for message `last`. The kernel has carried out everything when
 * sendmsg returns, so all answers are there already, and there is nothing to wait for.
 */
static int read_answers(const struct rtnl_batch *batch, int fd, uint32_t last, struct error *err)
{
	char buffer[ANSWER_SIZE] __attribute__((aligned(NLMSG_ALIGNTO)));
	bool done = false;
	int first = 0;

	while (!done) {
		ssize_t n = recv(fd, buffer, sizeof(buffer), MSG_DONTWAIT);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return first ? first
				     : error_set(err, -errno, "the kernel's answer got lost: %s",
						 strerror(errno));

		int left = (int)n;

		for (struct nlmsghdr *answer = (struct nlmsghdr *)buffer; nlmsg_ok(answer, left);
		     answer = nlmsg_next(answer, &left)) {
			int r = take_answer(batch, answer, first ? NULL : err);

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
	size_t begin = batch->entry[from].offset;
	size_t end = from + n < batch->n_entry ? batch->entry[from + n].offset : batch->length;
	struct nlmsghdr *last =
		(struct nlmsghdr *)(batch->buffer + batch->entry[from + n - 1].offset);
	struct sockaddr_nl kernel = { .nl_family = AF_NETLINK };
	struct iovec iov = { batch->buffer + begin, end - begin };
	struct msghdr message = {
		.msg_name = &kernel, .msg_namelen = sizeof(kernel), .msg_iov = &iov, .msg_iovlen = 1
	};

	last->nlmsg_flags |= NLM_F_ACK;
	while (sendmsg(fd, &message, 0) < 0) {
		if (errno != EINTR)
			return request_failed(&batch->entry[from].request, -errno, NULL, err);
	}
	return read_answers(batch, fd, last->nlmsg_seq, err);
}

int rtnl_batch_commit(struct rtnl_batch *batch, int fd, struct error *err)
{
	int r = 0;

	if (batch->out_of_memory)
		r = error_set(err, -ENOMEM, "no memory left for messages to the kernel");
	for (size_t i = 0; i < batch->n_entry && r == 0; i += CHUNK)
		r = send_chunk(batch, fd, i,
			       batch->n_entry - i < CHUNK ? batch->n_entry - i : CHUNK, err);
	batch->length = batch->n_entry = 0;
	batch->out_of_memory = false;
	return r;
}

void rtnl_batch_free(struct rtnl_batch *batch)
{
	free(batch->buffer);
	free(batch->entry);
	*batch = (struct rtnl_batch){ 0 };
}
