/* SPDX-License-Identifier: GPL-3.0-only */
/*
 * The yardstick of `make bench`: the kernel calls that a lab of N hosts behind one router cannot do
 * without, made as tightly as possible. For each host: a network namespace (by two threads), a veth
 * to the router with both ends up, lo up, an address, a default route, and the router's /32 route
 * to it.
 *
 * There are no pins under /run/netns, no sysctls, no nftables, no names and no look-ups: we choose
 * the indexes of the interfaces.
 *
 *     loop N      prints the seconds it took
 */
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <sched.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include <linux/if_link.h>
#include <linux/netlink.h>
#include <linux/rtnetlink.h>
#include <linux/sockios.h>
#include <linux/veth.h>

#include <net/if.h>

#define THREADS    2
#define LINK_FIRST 1000 /* index of the first link, above those that a new namespace has */
#define CHUNK      32   /* messages in one sendmsg() */
#define NETWORK    0x0a000000u

struct loop_host {
	int socket;    /* NETLINK_ROUTE, opened in the namespace */
	int namespace; /* the namespace of the host */
};

static struct loop_host *hosts;
static unsigned n_hosts;

static void die(const char *what)
{
	fprintf(stderr, "loop: %s: %s\n", what, strerror(errno));
	exit(1);
}

/* Messages that are sent with one system call. */
struct message_batch {
	char buffer[CHUNK * 512] __attribute__((aligned(NLMSG_ALIGNTO)));
	size_t length;
	unsigned count;
	struct nlmsghdr *last;
};

static void *message_add(struct message_batch *batch, uint16_t type, uint16_t flags, size_t body)
{
	struct nlmsghdr *message = (struct nlmsghdr *)(batch->buffer + batch->length);

	if (batch->length + 512 > sizeof(batch->buffer)) {
		errno = ENOBUFS;
		die("batch");
	}
	memset(message, 0, NLMSG_SPACE(body));
	message->nlmsg_type = type;
	message->nlmsg_flags = NLM_F_REQUEST | flags;
	message->nlmsg_len = (uint32_t)NLMSG_SPACE(body);
	batch->last = message;
	batch->length += message->nlmsg_len;
	batch->count++;
	return NLMSG_DATA(message);
}

static void *grow(struct message_batch *batch, size_t size)
{
	void *p = batch->buffer + batch->length;

	memset(p, 0, NLMSG_ALIGN(size));
	batch->length += NLMSG_ALIGN(size);
	batch->last->nlmsg_len += (uint32_t)NLMSG_ALIGN(size);
	return p;
}

static struct rtattr *attribute_add(struct message_batch *batch, uint16_t type, const void *data,
				    size_t size)
{
	struct rtattr *attribute = grow(batch, RTA_LENGTH(size));

	attribute->rta_type = type;
	attribute->rta_len = (uint16_t)RTA_LENGTH(size);
	if (size)
		memcpy(RTA_DATA(attribute), data, size);
	return attribute;
}

static void nest_end(struct message_batch *batch, struct rtattr *nest)
{
	nest->rta_len = (uint16_t)(batch->buffer + batch->length - (char *)nest);
}

/* Send the batch and wait for the answer to its last message. Any error ends the program. */
static void commit(struct message_batch *batch, int fd)
{
	if (!batch->count)
		return;
	batch->last->nlmsg_flags |= NLM_F_ACK;
	batch->last->nlmsg_seq = 1;
	if (send(fd, batch->buffer, batch->length, 0) < 0)
		die("send");
	for (bool done = false; !done;) {
		char answer[8192] __attribute__((aligned(NLMSG_ALIGNTO)));
		ssize_t n = recv(fd, answer, sizeof(answer), 0);

		if (n < 0)
			die("recv");

		unsigned left = (unsigned)n;

		for (struct nlmsghdr *m = (struct nlmsghdr *)answer; NLMSG_OK(m, left);
		     m = NLMSG_NEXT(m, left)) {
			if (m->nlmsg_type != NLMSG_ERROR)
				continue;

			const struct nlmsgerr *e = NLMSG_DATA(m);

			if (e->error) {
				errno = -e->error;
				die("kernel");
			}
			done = done || m->nlmsg_seq == 1;
		}
	}
	batch->length = batch->count = 0;
}

static int socket_open(void)
{
	int one = 1, fd = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_ROUTE);

	if (fd < 0)
		die("socket");
	setsockopt(fd, SOL_NETLINK, NETLINK_CAP_ACK, &one, sizeof(one));
	return fd;
}

static void *make_namespaces(void *arg)
{
	for (unsigned i = (unsigned)(uintptr_t)arg; i < n_hosts; i += THREADS) {
		if (unshare(CLONE_NEWNET) < 0)
			die("unshare");
		hosts[i].socket = socket_open();
	}
	return NULL;
}

/* Both ends have a name, an address, and one queue in each direction instead of one for every
 * CPU. */
static void link_describe(struct message_batch *batch, const char *name, unsigned i)
{
	const uint8_t mac[6] = { 2, 0, 0, (uint8_t)(i >> 16), (uint8_t)(i >> 8), (uint8_t)i };
	const uint32_t queues = 1;

	attribute_add(batch, IFLA_IFNAME, name, strlen(name) + 1);
	attribute_add(batch, IFLA_ADDRESS, mac, sizeof(mac));
	attribute_add(batch, IFLA_NUM_TX_QUEUES, &queues, sizeof(queues));
	attribute_add(batch, IFLA_NUM_RX_QUEUES, &queues, sizeof(queues));
}

/* One message makes both ends, each in its namespace with its name and index. Only the near end
 * may be up. */
static void veth_add(struct message_batch *batch, unsigned i)
{
	struct ifinfomsg *near =
		message_add(batch, RTM_NEWLINK, NLM_F_CREATE | NLM_F_EXCL, sizeof(*near));
	char name[IFNAMSIZ];

	near->ifi_index = (int)(LINK_FIRST + i);
	near->ifi_flags = near->ifi_change = IFF_UP | IFF_NOARP;
	snprintf(name, sizeof(name), "h%u", i);
	link_describe(batch, name, i);

	struct rtattr *info = attribute_add(batch, IFLA_LINKINFO, NULL, 0);
	attribute_add(batch, IFLA_INFO_KIND, "veth", 4);
	struct rtattr *data = attribute_add(batch, IFLA_INFO_DATA, NULL, 0);
	struct rtattr *peer = attribute_add(batch, VETH_INFO_PEER, NULL, 0);
	struct ifinfomsg *far = grow(batch, sizeof(*far));

	far->ifi_index = LINK_FIRST;
	far->ifi_flags = far->ifi_change = IFF_NOARP;
	link_describe(batch, "eth0", i);
	attribute_add(batch, IFLA_NET_NS_FD, &hosts[i].namespace, sizeof(int));
	nest_end(batch, peer);
	nest_end(batch, data);
	nest_end(batch, info);
}

static void link_up(struct message_batch *batch, int index)
{
	struct ifinfomsg *link = message_add(batch, RTM_NEWLINK, 0, sizeof(*link));

	link->ifi_index = index;
	link->ifi_flags = link->ifi_change = IFF_UP;
}

/* These are two more calls for each host. Without them IPv6 begins to talk on each link, which
 * costs the kernel more. */
static void link_quiet(struct message_batch *batch, int index)
{
	struct ifinfomsg *link = message_add(batch, RTM_SETLINK, 0, sizeof(*link));
	const uint8_t none = IN6_ADDR_GEN_MODE_NONE;

	link->ifi_index = index;

	struct rtattr *families = attribute_add(batch, IFLA_AF_SPEC, NULL, 0);
	struct rtattr *family = attribute_add(batch, AF_INET6, NULL, 0);

	attribute_add(batch, IFLA_INET6_ADDR_GEN_MODE, &none, sizeof(none));
	nest_end(batch, family);
	nest_end(batch, families);
}

static void address_add(struct message_batch *batch, uint32_t address, uint8_t length)
{
	struct ifaddrmsg *message =
		message_add(batch, RTM_NEWADDR, NLM_F_CREATE | NLM_F_EXCL, sizeof(*message));
	uint32_t wire = __builtin_bswap32(address);

	message->ifa_family = AF_INET;
	message->ifa_prefixlen = length;
	message->ifa_index = LINK_FIRST;
	attribute_add(batch, IFA_LOCAL, &wire, sizeof(wire));
	attribute_add(batch, IFA_ADDRESS, &wire, sizeof(wire));
}

static void route_add(struct message_batch *batch, uint32_t to, uint8_t length, uint32_t via,
		      unsigned link)
{
	struct rtmsg *route =
		message_add(batch, RTM_NEWROUTE, NLM_F_CREATE | NLM_F_EXCL, sizeof(*route));
	uint32_t to_wire = __builtin_bswap32(to), via_wire = __builtin_bswap32(via);

	route->rtm_family = AF_INET;
	route->rtm_dst_len = length;
	route->rtm_table = RT_TABLE_MAIN;
	route->rtm_protocol = RTPROT_STATIC;
	route->rtm_scope = via ? RT_SCOPE_UNIVERSE : RT_SCOPE_LINK;
	route->rtm_type = RTN_UNICAST;
	if (length)
		attribute_add(batch, RTA_DST, &to_wire, sizeof(to_wire));
	if (via)
		attribute_add(batch, RTA_GATEWAY, &via_wire, sizeof(via_wire));
	attribute_add(batch, RTA_OIF, &link, sizeof(link));
}

static void write_map(const char *path, const char *text)
{
	int fd = open(path, O_WRONLY | O_CLOEXEC);

	if (fd < 0 || write(fd, text, strlen(text)) < 0)
		die(path);
	close(fd);
}

static void enter_own_namespaces(void)
{
	char uid_map[64], gid_map[64];

	snprintf(uid_map, sizeof(uid_map), "0 %u 1", (unsigned)geteuid());
	snprintf(gid_map, sizeof(gid_map), "0 %u 1", (unsigned)getegid());
	if (unshare(CLONE_NEWUSER | CLONE_NEWNET | CLONE_NEWNS) < 0)
		die("unshare");
	write_map("/proc/self/setgroups", "deny");
	write_map("/proc/self/uid_map", uid_map);
	write_map("/proc/self/gid_map", gid_map);
}

static void raise_file_limit(void)
{
	struct rlimit limit;

	getrlimit(RLIMIT_NOFILE, &limit);
	limit.rlim_cur = limit.rlim_max;
	setrlimit(RLIMIT_NOFILE, &limit);
}

static void build(int router)
{
	static struct message_batch batch;
	const bool has_ipv6 = access("/proc/sys/net/ipv6", F_OK) == 0;
	pthread_t thread[THREADS];

	for (uintptr_t t = 0; t < THREADS; t++)
		if (pthread_create(&thread[t], NULL, make_namespaces, (void *)t))
			die("thread");
	for (unsigned t = 0; t < THREADS; t++)
		pthread_join(thread[t], NULL);

	for (unsigned i = 0, first = 0; i < n_hosts; i++) {
		hosts[i].namespace = ioctl(hosts[i].socket, SIOCGSKNS);
		if (hosts[i].namespace < 0)
			die("SIOCGSKNS");
		veth_add(&batch, i);
		if (has_ipv6)
			link_quiet(&batch, (int)(LINK_FIRST + i));
		if (batch.count < CHUNK && i + 1 < n_hosts)
			continue;
		commit(&batch, router);
		while (first <= i)
			close(hosts[first++].namespace);
	}
	for (unsigned i = 0; i < n_hosts; i++) {
		link_up(&batch, 1);
		if (has_ipv6)
			link_quiet(&batch, LINK_FIRST);
		link_up(&batch, LINK_FIRST);
		address_add(&batch, NETWORK + 1 + i, 16);
		route_add(&batch, 0, 0, NETWORK + 0xfffd, LINK_FIRST);
		commit(&batch, hosts[i].socket);
	}
	for (unsigned i = 0; i < n_hosts; i++) {
		route_add(&batch, NETWORK + 1 + i, 32, 0, LINK_FIRST + i);
		if (batch.count == CHUNK || i + 1 == n_hosts)
			commit(&batch, router);
	}
}

int main(int argc, char **argv)
{
	char *end = NULL;
	unsigned long n = argc == 2 ? strtoul(argv[1], &end, 10) : 0;

	if (!end || *end || n < 1 || n > 60000) {
		fprintf(stderr, "usage: loop N    (1 to 60000 hosts)\n");
		return 2;
	}
	n_hosts = (unsigned)n;
	hosts = calloc(n_hosts, sizeof(*hosts));
	if (!hosts)
		die("memory");
	raise_file_limit();
	enter_own_namespaces();

	struct timespec start, stop;
	int router = socket_open();

	clock_gettime(CLOCK_MONOTONIC, &start);
	build(router);
	clock_gettime(CLOCK_MONOTONIC, &stop);
	printf("%.4f\n",
	       (double)(stop.tv_sec - start.tv_sec) + (double)(stop.tv_nsec - start.tv_nsec) / 1e9);
	return 0;
}
