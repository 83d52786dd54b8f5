#include "core/conntrack.h"

#include <arpa/inet.h>
#include <errno.h>
#include <libnetfilter_conntrack/libnetfilter_conntrack.h>
#include <linux/icmp.h>
#include <netinet/in.h>
#include <string.h>

bool tuple_equal(const struct tuple *a, const struct tuple *b)
{
	return a->source == b->source && a->destination == b->destination && a->protocol == b->protocol &&
	       a->source_port == b->source_port && a->destination_port == b->destination_port;
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

/* The answer to the query: the reply tuple, turned round. */
static int read_reply(enum nf_conntrack_msg_type type, struct nf_conntrack *ct, void *data)
{
	struct tuple *after = data;

	(void)type;
	after->source = ntohl(nfct_get_attr_u32(ct, ATTR_REPL_IPV4_DST));
	after->destination = ntohl(nfct_get_attr_u32(ct, ATTR_REPL_IPV4_SRC));
	if (after->protocol != IPPROTO_ICMP) {
		after->source_port = ntohs(nfct_get_attr_u16(ct, ATTR_REPL_PORT_DST));
		after->destination_port = ntohs(nfct_get_attr_u16(ct, ATTR_REPL_PORT_SRC));
	}
	return NFCT_CB_STOP;
}

int conntrack_translate(const struct tuple *tuple, struct tuple *ret_after, struct error *err)
{
	auto_handle *handle = nfct_open(CONNTRACK, 0);
	auto_conntrack *ct = nfct_new();
	struct tuple after = *tuple;

	if (!handle || !ct)
		return error_set(err, -errno, "cannot ask connection tracking: %s", strerror(errno));
	set_tuple(ct, tuple);
	nfct_callback_register(handle, NFCT_T_ALL, read_reply, &after);
	if (nfct_query(handle, NFCT_Q_GET, ct) < 0) {
		if (errno == ENOENT)
			return -ENOENT;
		return error_set(err, -errno, "cannot ask connection tracking: %s", strerror(errno));
	}
	*ret_after = after;
	return 0;
}
