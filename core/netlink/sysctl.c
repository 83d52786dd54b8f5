/* SPDX-License-Identifier: GPL-3.0-only */
#include "core/netlink/sysctl.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <linux/netconf.h>
#include <linux/rtnetlink.h>

#include "core/base/cleanup.h"
#include "core/base/memory.h"
#include "core/netlink/socket.h"

enum { HOST = 1 << NETNS_HOST, ROUTER = 1 << NETNS_ROUTER };
enum { ALL = NETCONFA_IFINDEX_ALL, DEFAULT = NETCONFA_IFINDEX_DEFAULT };

/*
 * New namespaces inherit most of these from the machine, so none can be taken for granted.
 * rp_filter off needs both, the link's own value and "all"; the far ends of links, guests' above
 * all, get theirs when they are brought up. A guest that is to forward is told so in the guest, as
 * in the cloud.
 */
static const struct {
	unsigned roles;
	struct sysctl sysctl;
} by_role[] = {
	{ HOST | ROUTER,
	  { "net.ipv4.conf.all.rp_filter", 0, .netconf = NETCONFA_RP_FILTER, .index = ALL } },
	{ ROUTER,
	  { "net.ipv4.conf.default.rp_filter", 0, .netconf = NETCONFA_RP_FILTER,
	    .index = DEFAULT } },
	{ ROUTER, { "net.ipv4.ip_forward", 1, .netconf = NETCONFA_FORWARDING, .index = ALL } },
	{ HOST,
	  { "net.ipv4.ip_forward", 0, .at_first = true, .netconf = NETCONFA_FORWARDING,
	    .index = ALL } },
	{ ROUTER, { "net.ipv4.conf.all.send_redirects", .value = 0 } },
	{ ROUTER, { "net.ipv4.conf.default.send_redirects", .value = 0 } },
	/* For each new link the kernel walks the IPv6 routes of all others. */
	{ ROUTER, { "net.ipv6.conf.default.disable_ipv6", 1, .optional = true } },
};

#define CONNTRACK "net.netfilter.nf_conntrack_"

/* Idle is idle, half open or half closed; what is closed goes by the kernel's own, shorter times.
 */
static const char *const idle_timeouts[] = {
	CONNTRACK "tcp_timeout_syn_sent",
	CONNTRACK "tcp_timeout_syn_recv",
	CONNTRACK "tcp_timeout_established",
	CONNTRACK "tcp_timeout_fin_wait",
	CONNTRACK "tcp_timeout_close_wait",
	CONNTRACK "tcp_timeout_last_ack",
	CONNTRACK "tcp_timeout_unacknowledged",
	CONNTRACK "tcp_timeout_max_retrans",
	CONNTRACK "udp_timeout",
	CONNTRACK "udp_timeout_stream",
	CONNTRACK "icmp_timeout",
	CONNTRACK "generic_timeout",
};
_Static_assert(ARRAY_SIZE(by_role) + 5 + ARRAY_SIZE(idle_timeouts) <= SYSCTLS_MAX, "a place each");

size_t sysctls_wanted(const struct netns_object *netns, struct sysctl ret_list[static SYSCTLS_MAX])
{
	const struct {
		bool wanted;
		const char *name;
		unsigned value;
	} timeouts[] = {
		{ netns->tcp_established_timeout, CONNTRACK "tcp_timeout_established",
		  netns->tcp_established_timeout },
		{ netns->udp_timeout, CONNTRACK "udp_timeout", netns->udp_timeout },
		{ netns->udp_timeout, CONNTRACK "udp_timeout_stream", netns->udp_timeout },
		{ netns->tcp_loose_off, CONNTRACK "tcp_loose", 0 },
		{ netns->tcp_liberal, CONNTRACK "tcp_be_liberal", 1 },
	};
	size_t n = 0;

	for (size_t i = 0; i < ARRAY_SIZE(by_role); i++)
		if (by_role[i].roles & 1u << netns->role)
			ret_list[n++] = by_role[i].sysctl;
	for (size_t i = 0; i < ARRAY_SIZE(timeouts); i++)
		if (timeouts[i].wanted)
			ret_list[n++] = (struct sysctl){ timeouts[i].name, timeouts[i].value,
							 .conntrack = true };
	for (size_t i = 0; i < ARRAY_SIZE(idle_timeouts) && netns->idle_timeout; i++)
		ret_list[n++] =
			(struct sysctl){ idle_timeouts[i], netns->idle_timeout, .conntrack = true };
	return n;
}

static int fail(const char *doing, const char *path, int r, struct error *err)
{
	return error_set(err, r, "cannot %s %s: %s", doing, path, strerror(-r));
}

/* ---- below /proc/sys ---- */

#define PATH_SIZE 96

/* Open one. Return -ENOENT, without an error, where the kernel has no such thing. */
static int open_one(const char *name, int flags, const char *doing, char path[static PATH_SIZE],
		    struct error *err)
{
	int fd, n = snprintf(path, PATH_SIZE, "/proc/sys/");

	for (; *name && n < PATH_SIZE - 1; name++)
		path[n++] = *name == '.' ? '/' : *name;
	path[n] = '\0';
	fd = open(path, flags | O_CLOEXEC);
	if (fd >= 0)
		return fd;
	return errno == ENOENT ? -ENOENT : fail(doing, path, -errno, err);
}

static int write_one(const struct sysctl *sysctl, struct error *err)
{
	char path[PATH_SIZE], value[16];
	auto_fd int fd = open_one(sysctl->name, O_WRONLY, "write", path, err);
	int n = snprintf(value, sizeof(value), "%u", sysctl->value);

	if (fd < 0)
		return fd;
	return write(fd, value, (size_t)n) == n ? 0 : fail("write", path, -errno, err);
}

static int read_one(const struct sysctl *sysctl, unsigned *ret_value, struct error *err)
{
	char path[PATH_SIZE], value[32];
	auto_fd int fd = open_one(sysctl->name, O_RDONLY, "read", path, err);
	ssize_t n;

	if (fd < 0)
		return fd;
	n = read(fd, value, sizeof(value) - 1);
	if (n <= 0)
		return fail("read", path, n < 0 ? -errno : -EIO, err);
	value[n] = '\0';
	*ret_value = (unsigned)strtoul(value, NULL, 10);
	return 0;
}

enum { UNKNOWN, RIGHT, WRONG };

int sysctl_apply_role(const struct netns_object *netns, struct sysctl_inherited *inherited,
		      struct error *err)
{
	struct sysctl list[SYSCTLS_MAX];
	size_t n = sysctls_wanted(netns, list);
	int r = 0;

	for (size_t i = 0; i < n && r == 0; i++) {
		_Atomic uint8_t *known = inherited ? &inherited->known[netns->role][i] : NULL;
		unsigned value;

		if (list[i].conntrack || (list[i].at_first && !inherited))
			continue;
		if (known && *known == UNKNOWN && (r = read_one(&list[i], &value, err)) == 0)
			*known = value == list[i].value ? RIGHT : WRONG;
		if (r == 0 && (!known || *known == WRONG))
			r = write_one(&list[i], err);
		if (r == -ENOENT && !list[i].optional)
			return fail("write", list[i].name, r, err);
		r = r == -ENOENT ? 0 : r;
	}
	return r;
}

int sysctl_apply_conntrack(const struct netns_object *netns, bool *ret_missing, struct error *err)
{
	struct sysctl list[SYSCTLS_MAX];
	size_t n = sysctls_wanted(netns, list);

	*ret_missing = false;
	for (size_t i = 0; i < n; i++) {
		int r = list[i].conntrack ? write_one(&list[i], err) : 0;

		if (r < 0 && r != -ENOENT)
			return r;
		*ret_missing = *ret_missing || r == -ENOENT;
	}
	return 0;
}

/* ---- by rtnetlink ---- */

static int read_netconf(const struct sysctl *sysctl, int rtnl, unsigned *ret_value)
{
	_Alignas(struct nlmsghdr) char buffer[8192];
	struct nlmsghdr *message = mnl_nlmsg_put_header(buffer);
	struct netconfmsg *head = mnl_nlmsg_put_extra_header(message, sizeof(*head));
	const struct nlattr *attr;
	struct netlink_error said;
	ssize_t n;
	int r;

	message->nlmsg_type = RTM_GETNETCONF;
	message->nlmsg_flags = NLM_F_REQUEST;
	head->ncm_family = AF_INET;
	mnl_attr_put_u32(message, NETCONFA_IFINDEX, (uint32_t)sysctl->index);
	r = netlink_send(rtnl, &(struct iovec){ message, message->nlmsg_len }, 1);
	n = r < 0 ? r : netlink_receive(rtnl, buffer, sizeof(buffer), 0);
	if (n < 0 || !mnl_nlmsg_ok(message, (int)n))
		return n < 0 ? (int)n : -EBADMSG;
	if (netlink_error(message, &said))
		return said.r;
	for_each_attribute(attr, message, sizeof(*head)) {
		if (mnl_attr_get_type(attr) != sysctl->netconf)
			continue;
		*ret_value = mnl_attr_get_u32(attr);
		return 0;
	}
	return -EOPNOTSUPP;
}

int sysctl_read(const struct sysctl *sysctl, int rtnl, unsigned *ret_value, struct error *err)
{
	int r = sysctl->netconf ? read_netconf(sysctl, rtnl, ret_value) : -EOPNOTSUPP;

	if (r == -EOPNOTSUPP) { /* also kernels without RTM_GETNETCONF */
		r = read_one(sysctl, ret_value, err);
		if (r != -ENOENT || sysctl->conntrack || sysctl->optional)
			return r;
	}
	return r < 0 ? fail("read", sysctl->name, r, err) : 0;
}
