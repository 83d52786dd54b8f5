/* SPDX-License-Identifier: GPL-3.0-only */
#include "core/netlink/sysctl.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "core/base/cleanup.h"
#include "core/base/limit.h"

enum { HOST = 1 << NETNS_HOST, ROUTER = 1 << NETNS_ROUTER };

/*
 * New namespaces inherit most of these from the machine, so none can be taken for granted.
 * rp_filter off needs both, the link's own value and "all"; the far ends of links, guests' above
 * all, get theirs when they are brought up.
 */
static const struct sysctl {
	const char *path;
	char value;
	unsigned roles;
	bool at_first; /* of a new namespace; what becomes of it is up to whoever works in there */
} sysctls[] = {
	{ "/proc/sys/net/ipv4/conf/all/rp_filter", '0', HOST | ROUTER, false },
	{ "/proc/sys/net/ipv4/conf/default/rp_filter", '0', ROUTER, false },
	{ "/proc/sys/net/ipv4/ip_forward", '1', ROUTER, false },
	/* A guest that is to forward is told so in the guest, as in the cloud. */
	{ "/proc/sys/net/ipv4/ip_forward", '0', HOST, true },
	{ "/proc/sys/net/ipv4/conf/all/send_redirects", '0', ROUTER, false },
	{ "/proc/sys/net/ipv4/conf/default/send_redirects", '0', ROUTER, false },
};
_Static_assert(ARRAY_SIZE(sysctls) <= SYSCTLS_MAX, "a row each");

enum { UNKNOWN, RIGHT, WRONG };

static int fail(const char *path, int r, struct error *err)
{
	error_set(err, r, "cannot write %s: %s", path, strerror(-r));
	limit_hint(err, r);
	return r;
}

/* -ENOENT without an error: the kernel has no such thing. */
static int write_value(const char *path, const char *value, struct error *err)
{
	auto_fd int fd = open(path, O_WRONLY | O_CLOEXEC);
	size_t length = strlen(value);

	if (fd < 0)
		return errno == ENOENT ? -ENOENT : fail(path, -errno, err);
	return write(fd, value, length) == (ssize_t)length ? 0 : fail(path, -errno, err);
}

static bool has_value(const char *path, char value)
{
	auto_fd int fd = open(path, O_RDONLY | O_CLOEXEC);
	char text[4];

	return fd >= 0 && read(fd, text, sizeof(text)) == 2 && text[0] == value && text[1] == '\n';
}

static int apply_one(const struct sysctl *sysctl, _Atomic uint8_t *known, struct error *err)
{
	const char value[2] = { sysctl->value, '\0' };
	int r;

	if (known && *known == UNKNOWN)
		*known = has_value(sysctl->path, sysctl->value) ? RIGHT : WRONG;
	if (known && *known == RIGHT)
		return 0;
	r = write_value(sysctl->path, value, err);
	return r == -ENOENT ? fail(sysctl->path, r, err) : r;
}

int sysctl_apply_role(enum netns_role role, struct sysctl_inherited *inherited, struct error *err)
{
	int r = 0;

	for (size_t i = 0; i < ARRAY_SIZE(sysctls) && r == 0; i++)
		if ((sysctls[i].roles & 1u << role) && (inherited || !sysctls[i].at_first))
			r = apply_one(&sysctls[i], inherited ? &inherited->known[i] : NULL, err);
	return r;
}

#define CONNTRACK         "/proc/sys/net/netfilter/nf_conntrack_"
#define CONNTRACK_SYSCTLS 17

struct timeout {
	const char *path;
	bool wanted;
	unsigned value;
};

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
_Static_assert(CONNTRACK_SYSCTLS == 5 + ARRAY_SIZE(idle_timeouts), "a place each");

static void list_timeouts(const struct netns_object *netns,
			  struct timeout timeouts[static CONNTRACK_SYSCTLS])
{
	bool established = netns->tcp_established_timeout != 0, udp = netns->udp_timeout != 0;

	timeouts[0] = (struct timeout){ CONNTRACK "tcp_timeout_established", established,
					netns->tcp_established_timeout };
	timeouts[1] = (struct timeout){ CONNTRACK "udp_timeout", udp, netns->udp_timeout };
	timeouts[2] = (struct timeout){ CONNTRACK "udp_timeout_stream", udp, netns->udp_timeout };
	timeouts[3] = (struct timeout){ CONNTRACK "tcp_loose", netns->tcp_loose_off, 0 };
	timeouts[4] = (struct timeout){ CONNTRACK "tcp_be_liberal", netns->tcp_liberal, 1 };
	for (size_t i = 0; i < ARRAY_SIZE(idle_timeouts); i++)
		timeouts[5 + i] = (struct timeout){ idle_timeouts[i], netns->idle_timeout != 0,
						    netns->idle_timeout };
}

int sysctl_apply_conntrack(const struct netns_object *netns, bool *ret_missing, struct error *err)
{
	struct timeout timeouts[CONNTRACK_SYSCTLS];

	*ret_missing = false;
	list_timeouts(netns, timeouts);
	for (size_t i = 0; i < ARRAY_SIZE(timeouts); i++) {
		char value[16];
		int r;

		if (!timeouts[i].wanted)
			continue;
		snprintf(value, sizeof(value), "%u", timeouts[i].value);
		r = write_value(timeouts[i].path, value, err);
		if (r < 0 && r != -ENOENT)
			return r;
		*ret_missing = *ret_missing || r == -ENOENT;
	}
	return 0;
}

/* ---- for those who look or tell ---- */

#define PROC_SYS "/proc/sys/"

static void name_of(const char *path, char name[static 64])
{
	snprintf(name, 64, "%s", path + strlen(PROC_SYS));
	for (char *slash = strchr(name, '/'); slash; slash = strchr(slash, '/'))
		*slash = '.';
}

bool sysctl_wanted(const struct netns_object *netns, size_t i, struct sysctl_wanted *ret_wanted)
{
	struct timeout timeouts[CONNTRACK_SYSCTLS];

	*ret_wanted = (struct sysctl_wanted){ 0 };
	for (size_t k = 0; k < ARRAY_SIZE(sysctls); k++) {
		if (!(sysctls[k].roles & 1u << netns->role) || i-- > 0)
			continue;
		name_of(sysctls[k].path, ret_wanted->name);
		ret_wanted->value[0] = sysctls[k].value;
		ret_wanted->at_first = sysctls[k].at_first;
		ret_wanted->may_be_missing = strstr(sysctls[k].path, "/ipv6/") != NULL;
		return true;
	}
	list_timeouts(netns, timeouts);
	for (size_t k = 0; k < ARRAY_SIZE(timeouts); k++) {
		if (!timeouts[k].wanted || i-- > 0)
			continue;
		name_of(timeouts[k].path, ret_wanted->name);
		snprintf(ret_wanted->value, sizeof(ret_wanted->value), "%u", timeouts[k].value);
		ret_wanted->conntrack = ret_wanted->may_be_missing = true;
		return true;
	}
	return false;
}

bool sysctl_is_right(const struct sysctl_wanted *wanted, char ret_value[static SYSCTL_VALUE_SIZE])
{
	char path[sizeof(PROC_SYS) + sizeof(wanted->name)];
	ssize_t n;

	snprintf(path, sizeof(path), PROC_SYS "%s", wanted->name);
	for (char *dot = strchr(path, '.'); dot; dot = strchr(dot, '.'))
		*dot = '/';

	auto_fd int fd = open(path, O_RDONLY | O_CLOEXEC);

	n = fd < 0 ? -1 : read(fd, ret_value, SYSCTL_VALUE_SIZE - 1);
	ret_value[n > 0 ? n : 0] = '\0';
	ret_value[strcspn(ret_value, "\n")] = '\0';
	return n < 0 ? wanted->may_be_missing : strcmp(ret_value, wanted->value) == 0;
}
