#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/memory.h"
#include "lab/flow.h"
#include "lab/model.h"

/*
 * What will happen to a flow and why, from the configuration alone: no kernel, no packet. The walk follows the rules of
 * compile.c's data plane, node by node, out and back, and names what decided at each.
 */

enum code {
	CODE_NONE, /* it gets through */
	CODE_NO_ROUTE,
	CODE_NO_SNAT_ENTRY,
	CODE_NO_EIP,
	CODE_NO_DNAT_ENTRY,
	CODE_ACL_EGRESS,
	CODE_ACL_INGRESS,
	CODE_SG_EGRESS,
	CODE_SG_INGRESS,
	CODE_RETURN_PATH,
	CODE_HAIRPIN,
	CODE_EIP_UNBOUND,
	CODE_NO_INTERNET_GATEWAY, /* AWS: no way to one, or none is there */
	CODE_UNSOLICITED,         /* AWS: to a NAT gateway that nobody behind has asked */
	CODE_NOT_FORWARDING,      /* a next hop that is a guest, and guests do not unless told to */
	CODE_NOT_LISTENING,
	CODE_UNREACHABLE_ADDRESS,
	CODE_COUNT
};
#define CODE_WORDS                                                                                                     \
	"NO_ROUTE|NO_SNAT_ENTRY|NO_EIP|NO_DNAT_ENTRY|ACL_EGRESS|ACL_INGRESS|SG_EGRESS|SG_INGRESS|RETURN_PATH|HAIRPIN|" \
	"EIP_UNBOUND|NO_INTERNET_GATEWAY|UNSOLICITED|NOT_FORWARDING|NOT_LISTENING|UNREACHABLE_ADDRESS"
const char *code_word(enum code code); /* "" for CODE_NONE */

struct packet {
	uint32_t source, destination;
	uint16_t source_port, destination_port; /* 0: a port of the sender's own choice, or a protocol without ports */
	enum protocol protocol;
};

#define HOP_DECISIONS_MAX 4 /* an ACL, the sender's groups, the receiver's; or what translates */
struct hop {
	const char *node;
	struct packet in, out; /* out is zero where the packet ends */
	const char *action;    /* "send", "route", "accept", "drop", "snat", "dnat", "translate", "deliver", "refuse" */
	const char *rule;      /* what decided: "VTB1 Route1: 0.0.0.0/0 via NAT1", "SG2 rule 1: allow in tcp 80 from 0.0.0.0/0" */
	bool translated;
	bool end;
	/* of a trace */
	double at;                              /* seconds since the packet was sent */
	const char *decided[HOP_DECISIONS_MAX]; /* the cloud's rules that did, each as explain has it in `rule` */
	unsigned n_decided;
};

struct hops {
	struct hop *hop;
	size_t n_hop;
};

#define EXPLAIN_CURES_MAX 12

struct explanation {
	struct arena arena; /* owns all strings */
	struct flow flow;
	bool reachable;
	enum code code;
	const char *hop;                     /* the node where it ends; "" when reachable */
	const char *cause;                   /* one sentence without a full stop; "" when reachable */
	const char *cure[EXPLAIN_CURES_MAX]; /* commands that can be pasted, in order */
	size_t n_cure;
	/* The source as the far end sees it. 0: it does not get there, or it is one of the EIPs of pool. */
	uint32_t seen_as;
	const struct snat *pool; /* the SNAT entry of several EIPs that a connection's hash chooses from; NULL: none */
	bool sometimes;          /* blocked for some of them only */
	struct hops forward, back;
};

/* The model in the order in which a walk asks, made once for many walks. The model must stay as it is meanwhile. */
struct explain_index;
struct explain_index *explain_index_new(const struct model *model);
void explain_index_free(struct explain_index *index);

void explain(const struct explain_index *index, const struct flow *flow, struct explanation *ret_explanation);
/*
 * Of one packet that was seen on its way: where a hash chooses from several EIPs it is the one that was seen, so that nothing
 * is left open.
 */
void explain_as_seen(const struct explain_index *index, const struct flow *flow, const struct explanation *seen,
		     struct explanation *ret_explanation);
void explanation_free(struct explanation *explanation);
/* Of one flow, where nobody has an index. */
void explain_once(const struct model *model, const struct flow *flow, struct explanation *ret_explanation);

/* The code alone, for the matrix: no text, no memory. from: an ECS or internet host. */
enum code explain_quick(const struct explain_index *index, const struct resource *from, uint32_t destination,
			enum protocol protocol, uint16_t port);

/* explain_gateway.c: an entry that translates a source, in words, for explain and trace. */
const char *snat_rule_text(struct arena *arena, const struct snat *snat, const struct eip *eip);
const char *any_port_rule_text(struct arena *arena, const struct dnat *dnat);
