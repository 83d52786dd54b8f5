/* SPDX-License-Identifier: GPL-3.0-only */
#include "core/netlink/dump.h"

#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "core/base/memory.h"

#define CHUNK 65536
#define TRIES 10 /* each cut short by a change */

static int send_to_kernel(int fd, const void *data, size_t length)
{
	struct sockaddr_nl kernel = { .nl_family = AF_NETLINK };

	while (sendto(fd, data, length, 0, (struct sockaddr *)&kernel, sizeof(kernel)) < 0)
		if (errno != EINTR)
			return -errno;
	return 0;
}

static ssize_t receive(int fd, char *buffer)
{
	ssize_t n;

	do
		n = recv(fd, buffer, CHUNK, 0);
	while (n < 0 && errno == EINTR);
	return n < 0 ? -errno : n;
}

/* One run. -EINTR: something changed meanwhile, and the list may be wrong. */
static int dump_once(int fd, const struct nlmsghdr *request, struct netlink_answer *answer)
{
	bool done = false, changed = false;
	int r = send_to_kernel(fd, request, request->nlmsg_len);

	answer->length = 0;
	while (r == 0 && !done) {
		char *chunk = answer->buffer = xrealloc(answer->buffer, answer->length + CHUNK);
		ssize_t n = receive(fd, chunk += answer->length);

		if (n < 0)
			return (int)n;

		size_t left = (size_t)n, kept = 0;

		for (struct nlmsghdr *message = (void *)chunk; NLMSG_OK(message, left);
		     message = NLMSG_NEXT(message, left)) {
			changed = changed || (message->nlmsg_flags & NLM_F_DUMP_INTR);
			if (message->nlmsg_type == NLMSG_DONE)
				done = true;
			if (message->nlmsg_type == NLMSG_ERROR) {
				done = true;
				r = ((const struct nlmsgerr *)NLMSG_DATA(message))->error;
			}
			if (!done)
				kept = (size_t)((char *)message - chunk) +
				       NLMSG_ALIGN(message->nlmsg_len);
		}
		answer->length += kept;
	}
	return r == 0 && changed ? -EINTR : r;
}

int netlink_dump(int fd, struct nlmsghdr *request, const char *what,
		 struct netlink_answer *ret_answer, struct error *err)
{
	int r = -EINTR;

	*ret_answer = (struct netlink_answer){ 0 };
	request->nlmsg_flags = NLM_F_REQUEST | NLM_F_DUMP;
	for (int i = 0; i < TRIES && r == -EINTR; i++)
		r = dump_once(fd, request, ret_answer);
	if (r == 0)
		return 0;
	netlink_answer_free(ret_answer);
	return r == -ENOENT
		       ? 0
		       : error_set(err, r, "cannot read the kernel's %s: %s", what, strerror(-r));
}

void netlink_answer_free(struct netlink_answer *answer)
{
	free(answer->buffer);
	*answer = (struct netlink_answer){ 0 };
}

struct nlmsghdr *netlink_next(const struct netlink_answer *answer, struct nlmsghdr *message)
{
	char *next = message ? (char *)message + NLMSG_ALIGN(message->nlmsg_len) : answer->buffer;

	return next && next < answer->buffer + answer->length ? (struct nlmsghdr *)(void *)next
							      : NULL;
}

static const struct nlattr *next_attribute(const char *begin, const char *end,
					   const struct nlattr *attr)
{
	const char *next = attr ? (const char *)attr + NLA_ALIGN(attr->nla_len) : begin;
	const struct nlattr *found = (const void *)next;

	if (next + sizeof(*found) > end || found->nla_len < sizeof(*found) ||
	    next + found->nla_len > end)
		return NULL;
	return found;
}

const struct nlattr *netlink_next_attribute(const struct nlmsghdr *message, size_t head,
					    const struct nlattr *attr)
{
	const char *begin = (const char *)message;

	return next_attribute(begin + NLMSG_HDRLEN + NLMSG_ALIGN(head), begin + message->nlmsg_len,
			      attr);
}

const struct nlattr *netlink_next_nested(const struct nlattr *nest, const struct nlattr *attr)
{
	const char *begin = (const char *)nest;

	return next_attribute(begin + NLA_HDRLEN, begin + nest->nla_len, attr);
}

int netlink_tell(int fd, const void *messages, size_t length, unsigned seq)
{
	char *buffer = xalloc(CHUNK);
	int r = send_to_kernel(fd, messages, length), first = 0;
	bool done = r < 0;

	while (!done) {
		ssize_t n = receive(fd, buffer);

		if (n < 0) {
			first = (int)n;
			break;
		}
		for (struct nlmsghdr *message = (void *)buffer; NLMSG_OK(message, n);
		     message = NLMSG_NEXT(message, n)) {
			if (message->nlmsg_type != NLMSG_ERROR)
				continue;
			r = ((const struct nlmsgerr *)NLMSG_DATA(message))->error;
			first = first ? first : r;
			done = done || message->nlmsg_seq == seq || r < 0;
		}
	}
	free(buffer);
	return first ? first : r;
}
