/* SPDX-License-Identifier: GPL-3.0-only */
/*
 * Any bytes as the kernel's answer to what verify asks it: lists of links, of what is on them, and
 * of nftables. The first byte says which. Linked with --wrap, so that no socket is needed.
 */
#include <errno.h>
#include <string.h>
#include <sys/socket.h>

#include "fuzz.h"

#include "core/netlink/socket.h"
#include "core/nftables/listing.h"
#include "core/verify/internal.h"
#include "lab/compile/compile.h"
#include "lab/nouns/replay.h"

ssize_t __wrap_sendmsg(int fd, const struct msghdr *message, int flags);
ssize_t __wrap_recvfrom(int fd, void *buffer, size_t size, int flags, struct sockaddr *sender,
			socklen_t *length);

static struct {
	const uint8_t *data;
	size_t size;
	unsigned turn;
} kernel;

ssize_t __wrap_sendmsg(int fd, const struct msghdr *message, int flags)
{
	(void)fd, (void)flags;
	return (ssize_t)message->msg_iov[0].iov_len;
}

/* The bytes, then the end of the list, then nothing any more. */
ssize_t __wrap_recvfrom(int fd, void *buffer, size_t size, int flags, struct sockaddr *sender,
			socklen_t *length)
{
	const struct nlmsghdr done = { .nlmsg_len = sizeof(done), .nlmsg_type = NLMSG_DONE };
	const bool first = kernel.turn++ % 2 == 0;
	const size_t n = first ? kernel.size : sizeof(done);

	(void)fd, (void)flags, (void)sender, (void)length;
	if (kernel.turn > 32) {
		errno = ENOBUFS;
		return -1;
	}
	if (size)
		memcpy(buffer, first ? kernel.data : (const uint8_t *)&done, n < size ? n : size);
	return (ssize_t)(n < size ? n : size);
}

/* What is wanted of every look. */
static const struct wanted *lab(void)
{
	static const char *const lines[] = {
		"vpc create VPC1 cidr 10.0.0.0/16",
		"vswitch create VSW1 vpc VPC1 cidr 10.0.1.0/24",
		"ecs create ECS1 vswitch VSW1",
		"nat-gateway create NAT1 vpc VPC1 vswitch VSW1",
		"eip create EIP1",
		"eip associate EIP1 nat-gateway NAT1",
		"snat create snat1 nat-gateway NAT1 source vswitch VSW1 eip EIP1",
	};
	static struct wanted wanted;
	struct model *model;
	struct error err;

	if (wanted.n_object)
		return &wanted;
	model = model_new();
	for (size_t i = 0; i < ARRAY_SIZE(lines); i++)
		must(replay_change(model, lines[i], &err) >= 0, "the lab is made");
	compile(model, &wanted);
	model_free(model);
	return &wanted;
}

static void look(uint8_t what)
{
	struct listing listing = { 0 };
	struct error err = { 0 };
	struct seen_netns *seen;
	struct snapshot snapshot;

	snapshot_begin(&snapshot, lab());
	seen = &snapshot.seen[what / 4u % snapshot.n_seen];
	if (what % 4 == 0)
		(void)read_links(&snapshot, 0, &seen->link, &seen->n_link, &err);
	else if (what % 4 == 1)
		(void)read_network(&snapshot, seen, &err);
	else if (what % 4 == 2)
		(void)read_nft(&snapshot, seen, &err);
	else
		(void)nft_list(0, &listing, &err);
	listing_free(&listing);
	snapshot_free(&snapshot);
}

/* What libmnl relies on: the kernel sends no message that is longer than 2 GB. */
static bool are_messages(const uint8_t *data, size_t size)
{
	struct nlmsghdr message;

	for (size_t at = 0; size - at >= sizeof(message); at += NLMSG_ALIGN(message.nlmsg_len)) {
		memcpy(&message, data + at, sizeof(message));
		if (message.nlmsg_len > INT32_MAX)
			return false;
		if (message.nlmsg_len < sizeof(message) ||
		    NLMSG_ALIGN(message.nlmsg_len) > size - at)
			break;
	}
	return true;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	if (!size || !are_messages(data + 1, size - 1))
		return 0;
	kernel.data = data + 1;
	kernel.size = size - 1;
	kernel.turn = 0;
	look(data[0]);
	return 0;
}
