/* SPDX-License-Identifier: GPL-3.0-only */
#include "core/netlink/socket.h"

#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include <libmnl/libmnl.h>

#include "core/base/cleanup.h"
#include "core/base/memory.h"

#define ERRNO_MAX  4095 /* as the kernel has it */
#define CHUNK      65536
#define TRIES      10 /* each cut short by a change */
#define ANSWER_MAX ((size_t)64 << 20)

int netlink_open(int protocol, struct error *err)
{
	const struct sockaddr_nl kernel = { .nl_family = AF_NETLINK };
	auto_fd int fd = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, protocol);
	int one = 1;

	if (fd < 0 || connect(fd, (const struct sockaddr *)&kernel, sizeof(kernel)) < 0)
		return error_set(err, -errno, "cannot open a netlink socket: %s", strerror(errno));
	/* Ask for the kernel's sentence with each error, and for no copy of our message. Kernels
	 * that know neither do without. */
	setsockopt(fd, SOL_NETLINK, NETLINK_EXT_ACK, &one, sizeof(one));
	setsockopt(fd, SOL_NETLINK, NETLINK_CAP_ACK, &one, sizeof(one));
	return take_fd(&fd);
}

int netlink_send(int fd, struct iovec *part, size_t n_part)
{
	const struct msghdr message = { .msg_iov = part, .msg_iovlen = n_part };

	while (sendmsg(fd, &message, 0) < 0)
		if (errno != EINTR)
			return -errno;
	return 0;
}

ssize_t netlink_receive(int fd, void *buffer, size_t size, int flags)
{
	for (;;) {
		struct sockaddr_nl sender = { 0 };
		socklen_t length = sizeof(sender);
		ssize_t n = recvfrom(fd, buffer, size, flags, (struct sockaddr *)&sender, &length);

		if (n < 0 && errno != EINTR)
			return -errno;
		if (n >= 0 && sender.nl_pid == 0)
			return n;
	}
}

/* What an NLMSG_ERROR or NLMSG_DONE says: 0 or a negative errno. */
static int status_of(const struct nlmsghdr *message)
{
	int status = 0;

	if (mnl_nlmsg_get_payload_len(message) >= sizeof(status))
		memcpy(&status, mnl_nlmsg_get_payload(message), sizeof(status));
	return status <= 0 && status >= -ERRNO_MAX ? status : -EPROTO;
}

bool netlink_error(const struct nlmsghdr *message, struct netlink_error *ret_error)
{
	const struct nlmsgerr *error = mnl_nlmsg_get_payload(message);
	const struct nlattr *attr;
	unsigned head = sizeof(*error);

	if (message->nlmsg_type != NLMSG_ERROR || mnl_nlmsg_get_payload_len(message) < head)
		return false;
	*ret_error = (struct netlink_error){ .r = error->error, .why = "" };
	if (!(message->nlmsg_flags & NLM_F_ACK_TLVS))
		return true;
	if (!(message->nlmsg_flags & NLM_F_CAPPED) && error->msg.nlmsg_len > NLMSG_HDRLEN)
		head += error->msg.nlmsg_len - NLMSG_HDRLEN; /* our message itself comes first */
	for_each_attribute(attr, message, head) {
		if (mnl_attr_get_type(attr) == NLMSGERR_ATTR_MSG &&
		    mnl_attr_validate(attr, MNL_TYPE_NUL_STRING) == 0)
			ret_error->why = mnl_attr_get_str(attr);
		else if (mnl_attr_get_type(attr) == NLMSGERR_ATTR_OFFS &&
			 mnl_attr_validate(attr, MNL_TYPE_U32) == 0)
			ret_error->offset = mnl_attr_get_u32(attr);
	}
	return true;
}

int netlink_tell(int fd, void *messages, size_t length, unsigned seq)
{
	auto_free char *buffer = xalloc(CHUNK);
	struct iovec whole = { messages, length };
	int r = netlink_send(fd, &whole, 1);

	for (bool done = false; r == 0 && !done;) {
		ssize_t n = netlink_receive(fd, buffer, CHUNK, 0);
		int left = (int)n;

		if (n < 0)
			return (int)n;
		for (struct nlmsghdr *message = (void *)buffer; mnl_nlmsg_ok(message, left);
		     message = mnl_nlmsg_next(message, &left)) {
			if (message->nlmsg_type != NLMSG_ERROR)
				continue;
			r = r < 0 ? r : status_of(message);
			done = done || message->nlmsg_seq == seq;
		}
	}
	return r;
}

/* Gather the answers to one request. Return -EINTR if something changed meanwhile, so that the list
 * may be wrong. */
static int dump_once(int fd, struct nlmsghdr *request, struct netlink_answer *answer)
{
	struct iovec whole = { request, request->nlmsg_len };
	bool done = false, changed = false;
	int r = netlink_send(fd, &whole, 1);

	answer->length = 0;
	while (r == 0 && !done) {
		char *chunk = answer->buffer = xrealloc(answer->buffer, answer->length + CHUNK);
		ssize_t n = netlink_receive(fd, chunk += answer->length, CHUNK, 0);
		int left = (int)n;

		if (n < 0 || answer->length > ANSWER_MAX)
			return n < 0 ? (int)n : -EMSGSIZE;
		for (struct nlmsghdr *message = (void *)chunk; !done && mnl_nlmsg_ok(message, left);
		     message = mnl_nlmsg_next(message, &left)) {
			changed = changed || (message->nlmsg_flags & NLM_F_DUMP_INTR);
			done = message->nlmsg_type == NLMSG_DONE ||
			       message->nlmsg_type == NLMSG_ERROR;
			if (done)
				r = status_of(message);
			else
				answer->length += NLMSG_ALIGN(message->nlmsg_len);
		}
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
	ret_answer->unknown = r == -ENOENT;
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
