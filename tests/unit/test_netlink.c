/* SPDX-License-Identifier: GPL-3.0-only */
/* Sockets to the kernel: nobody else is listened to, and what the kernel says is read whole. */
#include "tests/unit/test.h"

#include <sys/socket.h>

#include <linux/rtnetlink.h>

#include "core/netlink/socket.h"
#include "tests/unit/nft_helper.h"

static int open_socket(void)
{
	struct error err;
	int fd = netlink_open(NETLINK_ROUTE, &err);

	CHECK(fd >= 0);
	return fd;
}

/* The end of a list, as a program of a node would send it to cut short what vpclab reads. */
static int send_end(int fd, uint32_t port)
{
	const struct sockaddr_nl to = { .nl_family = AF_NETLINK, .nl_pid = port };
	struct {
		struct nlmsghdr head;
		int status;
	} end = { { .nlmsg_len = sizeof(end), .nlmsg_type = NLMSG_DONE }, 0 };

	return sendto(fd, &end, sizeof(end), 0, (const struct sockaddr *)&to, sizeof(to)) < 0
		       ? -errno
		       : 0;
}

static uint32_t port_of(int fd)
{
	struct sockaddr_nl name;
	socklen_t size = sizeof(name);

	CHECK_INT(getsockname(fd, (struct sockaddr *)&name, &size), 0);
	return name.nl_pid;
}

TEST(the_kernel_refuses_what_others_send)
{
	int ours, theirs;

	private_sandbox();
	ours = open_socket();
	theirs = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_ROUTE);
	CHECK(theirs >= 0 && port_of(ours) != 0);
	CHECK_INT(send_end(theirs, port_of(ours)), -ECONNREFUSED);
}

/* What came before the socket was connected lies in it. */
TEST(what_others_sent_before_is_dropped)
{
	const struct sockaddr_nl any = { .nl_family = AF_NETLINK };
	char buffer[64];
	int ours, theirs;

	private_sandbox();
	ours = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_ROUTE);
	theirs = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_ROUTE);
	CHECK_INT(bind(ours, (const struct sockaddr *)&any, sizeof(any)), 0);
	CHECK_INT(send_end(theirs, port_of(ours)), 0);
	CHECK_INT(netlink_receive(ours, buffer, sizeof(buffer), MSG_DONTWAIT), -EAGAIN);
}

TEST(a_list_is_read_whole)
{
	char buffer[256] = { 0 };
	struct nlmsghdr *request = mnl_nlmsg_put_header(buffer), *message;
	struct netlink_answer answer;
	struct error err;

	private_sandbox();
	request->nlmsg_type = RTM_GETLINK;
	mnl_nlmsg_put_extra_header(request, sizeof(struct ifinfomsg));
	CHECK_INT(netlink_dump(open_socket(), request, "links", &answer, &err), 0);
	message = netlink_next(&answer, NULL);
	CHECK(message);
	CHECK_INT(message->nlmsg_type, RTM_NEWLINK);
	while (message)
		message = netlink_next(&answer, message);
	netlink_answer_free(&answer);
}

TEST(an_error_has_its_number_and_the_kernels_sentence)
{
	struct {
		struct nlmsghdr head;
		struct ifinfomsg link;
	} message = { { .nlmsg_len = sizeof(message),
			.nlmsg_type = RTM_DELLINK,
			.nlmsg_flags = NLM_F_REQUEST | NLM_F_ACK,
			.nlmsg_seq = 7 },
		      { .ifi_index = 4711 } };
	char buffer[128] = { 0 };
	struct nlmsghdr *answer = mnl_nlmsg_put_header(buffer);
	struct nlmsgerr *body = mnl_nlmsg_put_extra_header(answer, sizeof(*body));
	struct netlink_error said;

	private_sandbox();
	CHECK_INT(netlink_tell(open_socket(), &message, sizeof(message), 7), -ENODEV);

	CHECK(!netlink_error(answer, &said)); /* of another type */
	answer->nlmsg_type = NLMSG_ERROR;
	body->error = -EPERM;
	CHECK(netlink_error(answer, &said));
	CHECK_STR(said.why, "");
	answer->nlmsg_flags = NLM_F_ACK_TLVS | NLM_F_CAPPED;
	mnl_attr_put(answer, NLMSGERR_ATTR_MSG, 4, "open"); /* without its end: no sentence */
	mnl_attr_put_u32(answer, NLMSGERR_ATTR_OFFS, 20);
	CHECK(netlink_error(answer, &said));
	CHECK_STR(said.why, "");
	CHECK_INT(said.offset, 20);
	mnl_attr_put_strz(answer, NLMSGERR_ATTR_MSG, "No such thing");
	CHECK(netlink_error(answer, &said));
	CHECK_INT(said.r, -EPERM);
	CHECK_STR(said.why, "No such thing");
}
