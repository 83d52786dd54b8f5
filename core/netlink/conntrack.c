/* SPDX-License-Identifier: GPL-3.0-only */
#include "core/netlink/conntrack.h"

#include <arpa/inet.h>
#include <errno.h>
#include <libnetfilter_conntrack/libnetfilter_conntrack.h>
#include <linux/icmp.h>
#include <linux/netfilter/nf_conntrack_tcp.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include <linux/netlink.h>

#include "core/base/cleanup.h"

bool tuple_equal(const struct tuple *a, const struct tuple *b)
{
	return a->source == b->source && a->destination == b->destination &&
	       a->protocol == b->protocol && a->source_port == b->source_port &&
	       a->destination_port == b->destination_port;
}

static void free_conntrack(struct nf_conntrack **ct)
{
	if (*ct)
		nfct_destroy(*ct);
}

static void close_handle(struct nfct_handle **handle)
{
	if (*handle)
		nfct_close(*handle);
}

#define auto_conntrack __attribute__((cleanup(free_conntrack))) struct nf_conntrack
#define auto_handle    __attribute__((cleanup(close_handle))) struct nfct_handle

static int fail(struct error *err)
{
	return error_set(err, -errno, "cannot ask connection tracking: %s", strerror(errno));
}

/* A handle that listens to nobody but the kernel, as netlink_open() makes its sockets; NULL: see
 * errno. */
static struct nfct_handle *open_handle(void)
{
	const struct sockaddr_nl kernel = { .nl_family = AF_NETLINK };
	auto_handle *handle = nfct_open(CONNTRACK, 0);

	if (!handle || connect(nfct_fd(handle), (const struct sockaddr *)&kernel, sizeof(kernel)))
		return NULL;
	return take_ptr(handle);
}

static void set_tuple(struct nf_conntrack *ct, const struct tuple *tuple)
{
	nfct_set_attr_u8(ct, ATTR_L3PROTO, AF_INET);
	nfct_set_attr_u32(ct, ATTR_IPV4_SRC, htonl(tuple->source));
	nfct_set_attr_u32(ct, ATTR_IPV4_DST, htonl(tuple->destination));
	nfct_set_attr_u8(ct, ATTR_L4PROTO, tuple->protocol);
	if (tuple->protocol == IPPROTO_ICMP) {
		nfct_set_attr_u8(ct, ATTR_ICMP_TYPE, ICMP_ECHO);
		nfct_set_attr_u8(ct, ATTR_ICMP_CODE, 0);
		nfct_set_attr_u16(ct, ATTR_ICMP_ID, htons(tuple->source_port));
		return;
	}
	nfct_set_attr_u16(ct, ATTR_PORT_SRC, htons(tuple->source_port));
	nfct_set_attr_u16(ct, ATTR_PORT_DST, htons(tuple->destination_port));
}

/* The first packet as it went out: the reply tuple, turned round. The protocol is known, and of a
 * ping its id. */
static void get_out(struct nf_conntrack *ct, struct tuple *out)
{
	out->source = ntohl(nfct_get_attr_u32(ct, ATTR_REPL_IPV4_DST));
	out->destination = ntohl(nfct_get_attr_u32(ct, ATTR_REPL_IPV4_SRC));
	if (out->protocol != IPPROTO_ICMP) {
		out->source_port = ntohs(nfct_get_attr_u16(ct, ATTR_REPL_PORT_DST));
		out->destination_port = ntohs(nfct_get_attr_u16(ct, ATTR_REPL_PORT_SRC));
	}
}

/* The answer to the query. */
static int read_reply(enum nf_conntrack_msg_type type, struct nf_conntrack *ct, void *data)
{
	(void)type;
	get_out(ct, data);
	return NFCT_CB_STOP;
}

int conntrack_translate(const struct tuple *tuple, struct tuple *ret_after, struct error *err)
{
	auto_handle *handle = open_handle();
	auto_conntrack *ct = nfct_new();
	struct tuple after = *tuple;

	if (!handle || !ct)
		return fail(err);
	set_tuple(ct, tuple);
	nfct_callback_register(handle, NFCT_T_ALL, read_reply, &after);
	if (nfct_query(handle, NFCT_Q_GET, ct) < 0)
		return errno == ENOENT ? -ENOENT : fail(err);
	*ret_after = after;
	return 0;
}

/* ---- all of them ---- */

struct conntrack_visit {
	void (*take)(const struct connection *connection, void *arg);
	void *arg;
};

static int visit(enum nf_conntrack_msg_type type, struct nf_conntrack *ct, void *data)
{
	const struct conntrack_visit *visit = data;
	const uint8_t protocol = nfct_get_attr_u8(ct, ATTR_L4PROTO);
	struct connection connection = {
		.in = { .source = ntohl(nfct_get_attr_u32(ct, ATTR_IPV4_SRC)),
			.destination = ntohl(nfct_get_attr_u32(ct, ATTR_IPV4_DST)),
			.protocol = protocol },
		.source_translated = nfct_get_attr_u32(ct, ATTR_STATUS) & IPS_SRC_NAT,
	};

	(void)type;
	if (protocol == IPPROTO_ICMP) {
		connection.in.source_port = connection.in.destination_port =
			ntohs(nfct_get_attr_u16(ct, ATTR_ICMP_ID));
	} else {
		connection.in.source_port = ntohs(nfct_get_attr_u16(ct, ATTR_PORT_SRC));
		connection.in.destination_port = ntohs(nfct_get_attr_u16(ct, ATTR_PORT_DST));
	}
	connection.out = connection.in;
	get_out(ct, &connection.out);
	if (protocol == IPPROTO_TCP) {
		uint8_t state = nfct_get_attr_u8(ct, ATTR_TCP_STATE);

		connection.over = state == TCP_CONNTRACK_TIME_WAIT || state == TCP_CONNTRACK_CLOSE;
	}
	visit->take(&connection, visit->arg);
	return NFCT_CB_CONTINUE;
}

int conntrack_each(void (*take)(const struct connection *connection, void *arg), void *arg,
		   struct error *err)
{
	auto_handle *handle = open_handle();
	struct conntrack_visit work = { take, arg };
	uint32_t family = AF_INET;

	if (!handle)
		return fail(err);
	nfct_callback_register(handle, NFCT_T_ALL, visit, &work);
	if (nfct_query(handle, NFCT_Q_DUMP, &family) < 0)
		return fail(err);
	return 0;
}

int conntrack_delete(const struct tuple *in, size_t n, struct error *err)
{
	auto_handle *handle = open_handle();

	if (!handle)
		return fail(err);
	for (size_t i = 0; i < n; i++) {
		auto_conntrack *ct = nfct_new();

		if (!ct)
			return fail(err);
		set_tuple(ct, &in[i]);
		if (nfct_query(handle, NFCT_Q_DESTROY, ct) < 0 && errno != ENOENT)
			return fail(err);
	}
	return 0;
}

int conntrack_count(uint64_t *ret_n, struct error *err)
{
	static const char path[] = "/proc/sys/net/netfilter/nf_conntrack_count";
	auto_file FILE *file = fopen(path, "re");
	char line[32], *end = line;

	if (file && fgets(line, sizeof(line), file))
		*ret_n = strtoull(line, &end, 10);
	return end == line ? error_set(err, -EIO, "cannot read %s", path) : 0;
}
