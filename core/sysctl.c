#include "core/sysctl.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "core/cleanup.h"
#include "core/limit.h"

enum { HOST = 1 << NETNS_HOST, ROUTER = 1 << NETNS_ROUTER };

/*
 * New namespaces inherit most of these from the machine, so none can be taken for granted. rp_filter off needs both, the
 * link's own value and "all"; the far ends of links, guests' above all, get theirs when they are brought up.
 */
static const struct sysctl {
	const char *path;
	char value;
	unsigned roles;
} sysctls[] = {
	{ "/proc/sys/net/ipv4/conf/all/rp_filter", '0', HOST | ROUTER },
	{ "/proc/sys/net/ipv4/conf/default/rp_filter", '0', ROUTER },
	{ "/proc/sys/net/ipv4/ip_forward", '1', ROUTER },
	{ "/proc/sys/net/ipv4/conf/all/send_redirects", '0', ROUTER },
	{ "/proc/sys/net/ipv4/conf/default/send_redirects", '0', ROUTER },
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
		if (sysctls[i].roles & 1u << role)
			r = apply_one(&sysctls[i], inherited ? &inherited->known[i] : NULL, err);
	return r;
}

int sysctl_apply_conntrack(const struct netns_object *netns, bool *ret_missing, struct error *err)
{
#define CONNTRACK "/proc/sys/net/netfilter/nf_conntrack_"
	const struct {
		const char *path;
		bool wanted;
		unsigned value;
	} timeouts[] = {
		{ CONNTRACK "tcp_timeout_established", netns->tcp_established_timeout != 0, netns->tcp_established_timeout },
		{ CONNTRACK "udp_timeout", netns->udp_timeout != 0, netns->udp_timeout },
		{ CONNTRACK "udp_timeout_stream", netns->udp_timeout != 0, netns->udp_timeout },
		{ CONNTRACK "tcp_loose", netns->tcp_loose_off, 0 },
		{ CONNTRACK "tcp_be_liberal", netns->tcp_liberal, 1 },
		/* Idle is idle, half open or half closed; what is closed goes by the kernel's own, shorter times. */
		{ CONNTRACK "tcp_timeout_syn_sent", netns->idle_timeout != 0, netns->idle_timeout },
		{ CONNTRACK "tcp_timeout_syn_recv", netns->idle_timeout != 0, netns->idle_timeout },
		{ CONNTRACK "tcp_timeout_established", netns->idle_timeout != 0, netns->idle_timeout },
		{ CONNTRACK "tcp_timeout_fin_wait", netns->idle_timeout != 0, netns->idle_timeout },
		{ CONNTRACK "tcp_timeout_close_wait", netns->idle_timeout != 0, netns->idle_timeout },
		{ CONNTRACK "tcp_timeout_last_ack", netns->idle_timeout != 0, netns->idle_timeout },
		{ CONNTRACK "tcp_timeout_unacknowledged", netns->idle_timeout != 0, netns->idle_timeout },
		{ CONNTRACK "tcp_timeout_max_retrans", netns->idle_timeout != 0, netns->idle_timeout },
		{ CONNTRACK "udp_timeout", netns->idle_timeout != 0, netns->idle_timeout },
		{ CONNTRACK "udp_timeout_stream", netns->idle_timeout != 0, netns->idle_timeout },
		{ CONNTRACK "icmp_timeout", netns->idle_timeout != 0, netns->idle_timeout },
		{ CONNTRACK "generic_timeout", netns->idle_timeout != 0, netns->idle_timeout },
	};

	*ret_missing = false;
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
