/* SPDX-License-Identifier: GPL-3.0-only */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/base/memory.h"
#include "core/base/text.h"
#include "lab/explain/cause.h"
#include "lab/explain/flow.h"
#include "lab/model/decision.h"
#include "lab/model/model.h"
#include "lab/model/words.h"

/*
 * What will happen to a flow and why, from the configuration alone: no kernel, no packet. The walk
 * follows the rules of compile.c's data plane, node by node, out and back, and names what decided
 * at each.
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
	CODE_NO_ATTACHMENT, /* AWS: no subnet of a transit gateway's attachment in that zone */
	CODE_NO_TRANSIT,    /* a peering connection ends in the VPC that it leads to */
	CODE_HAIRPIN,
	CODE_SMTP_CLOSED,
	CODE_NO_LISTENER, /* of a load balancer */
	CODE_EIP_UNBOUND,
	CODE_NO_INTERNET_GATEWAY, /* no way to one, or none is there */
	CODE_BLACKHOLE_ROUTE,     /* AWS: the route's next hop is gone */
	CODE_NO_PUBLIC_ADDRESS,   /* straight to the internet gateway, by who has no public
				     address */
	CODE_UNSOLICITED,         /* AWS: to a NAT gateway that nobody behind has asked */
	CODE_SOURCE_DEST_CHECK,   /* AWS: a next hop that takes only what is for itself */
	CODE_NOT_FORWARDING,      /* a next hop that is a guest, and guests do not unless told to */
	CODE_HOST_FIREWALL,       /* a host's own rules of nftables drop it */
	CODE_NOT_LISTENING,
	CODE_LIMIT, /* a NAT gateway carries no more connections: of its size, or of one EIP to one
		       destination */
	CODE_UNREACHABLE_ADDRESS,
	CODE_COUNT
};
extern const struct word code_words[]; /* in that order, without CODE_NONE */
const char *code_word(enum code code); /* "" for CODE_NONE */
/* What AWS's Reachability Analyzer says of the same; NULL: it has no code for it. */
struct explanation;
const char *explanation_aws_code(const struct explanation *x);

enum action {
	ACTION_SEND,
	ACTION_ANSWER,
	ACTION_ROUTE,
	ACTION_ACCEPT,
	ACTION_FORWARD,
	ACTION_DROP,
	ACTION_SNAT,
	ACTION_DNAT,
	ACTION_TRANSLATE,
	ACTION_DELIVER,
	ACTION_REFUSE
};

/* What happened to a packet at a node. Explain has a hop for each decision, a trace one for each
 * time that the packet came by. */
#define HOP_DECISIONS_MAX 4 /* an ACL, the sender's groups, the receiver's, a route */
struct hop {
	const char *node;
	struct packet in, out; /* out is zero where the packet ends */
	enum action action;
	struct decision
		decision[HOP_DECISIONS_MAX]; /* the first is of kind NONE where nobody knows */
	unsigned n_decision;
	bool translated;
	bool end;
	/* of a trace */
	double at;             /* seconds since the packet was sent */
	const char *from, *to; /* the links that it came in and went out by; "": it did not */
};

struct hops {
	struct hop *hop;
	size_t n_hop;
};

/* Commands that can be pasted, in order. */
#define CURE_COMMANDS_MAX 24
struct cure {
	const char *command[CURE_COMMANDS_MAX];
	size_t n_command;
};
#define CURES_MAX 24
struct cure cure_copy(const struct cure *cure, struct arena *arena);

struct explanation {
	struct arena arena; /* owns all strings and facts */
	struct flow flow;
	bool reachable;
	enum code code;
	const char *hop;    /* the node where it ends; "" when reachable */
	struct cause cause; /* empty when reachable */
	/* Each takes the cause away, and other things may then be in the way. From
	 * explain_with_cures(), lab/live/cures.h, they are whole. */
	struct cure cure[CURES_MAX];
	size_t n_cure;
	bool cures_cut; /* there may be more: not every way was tried */
	/* What stands in the way even with the only one, in the model that it leads to; NULL:
	 * nothing that is known. */
	struct explanation *still;
	struct model *still_model;
	/* The source as the far end sees it. 0: it does not get there, or it is one of the EIPs of
	 * pool. */
	uint32_t seen_as;
	const struct snat *pool; /* the SNAT entry of several EIPs that a connection's hash chooses
				    from; NULL: none */
	bool sometimes;          /* blocked for some of them only, or for some ports of a gateway's
				    choice */
	bool drawn; /* it was lost with a port that an AWS NAT gateway chose, 1024 to 65535 */
	struct hops forward, back;
	/* Hosts on the way of which nobody knows whether they are as the lab made them, and what a
	 * file has their programs do that is not understood. */
	const char **assumed, **doubt;
	size_t n_assumed, n_doubt;
};

/*
 * What a running lab's kernel knows beyond the configuration: how near its NAT gateways are to
 * their limits. See lab/live/usage.h for reading it.
 */
struct full_destination {             /* with as many connections from one source as there may be */
	uint32_t source, destination; /* after translation */
	enum protocol protocol;
	uint16_t port;
	uint64_t connections;
};
#define FULL_DESTINATIONS_MAX 8

struct gateway_usage {
	const char *name;     /* the gateway's */
	uint64_t connections; /* open ones that SNAT began; 0 where there are too few to matter */
	uint64_t dropped_by_rate; /* first packets so far, beyond its new connections a second */
	struct full_destination full[FULL_DESTINATIONS_MAX];
	size_t n_full;
};

struct usage {
	struct gateway_usage *gateway;
	size_t n_gateway;
};

/* The model in the order in which a walk asks, made once for many walks. The model must stay as it
 * is meanwhile. */
struct explain_index;
struct explain_index *explain_index_new(const struct model *model);
void explain_index_free(struct explain_index *index);
const struct model *explain_index_model(const struct explain_index *index);

/*
 * What a host holds, as it was read, its sockets, too; NULL: it could not be. Until told, walks
 * take a host for what the lab makes of it, and its services for running; they note who was not
 * known.
 */
void explain_index_set_host(struct explain_index *index, const struct resource *host,
			    const struct guest *guest);
/* What a program of that command line would change in it; returns as guest_change(). */
int explain_index_change_host(struct explain_index *index, const struct resource *host,
			      char *const *argv);
/* That service runs, too. */
void explain_index_add_service(struct explain_index *index, const struct service *service);
/* Add the names of hosts that were met and have not been told of; they last as the model does. */
void explain_index_unknown(const struct explain_index *index, const char ***name, size_t *n_name);
/* Add what of the hosts that were met is not understood, and may have a say in what packets came
 * to; the strings last as the index does. */
void explain_index_doubts(const struct explain_index *index, const char ***doubt, size_t *n_doubt);
/* Of one host alone. */
void explain_index_doubts_of(const struct explain_index *index, const struct resource *host,
			     const char ***doubt, size_t *n_doubt);

/* Is it as the lab makes it, as far as anybody knows? */
bool explain_index_is_plain(const struct explain_index *index, const struct resource *host);
/* Add what is the same of hosts between which no walk can tell by what was told of them; nothing of
 * one that is as the lab makes it. */
void explain_index_add_key(const struct explain_index *index, const struct resource *host,
			   struct text *key);
/* Say each range of addresses that what was told of hosts may compare an address with. */
void explain_index_each_range(const struct explain_index *index,
			      void (*say)(void *arg, uint32_t first, uint32_t last), void *arg);
/* Is the same known of a host in both? No is said also of two that are not as the lab made them. */
bool explain_index_same_host(const struct explain_index *a, const struct resource *of_a,
			     const struct explain_index *b, const struct resource *of_b);
/* NULL: it was not told. */
const struct usage *explain_index_usage(const struct explain_index *index);
/* Until told of it, walks take every gateway for empty. The usage must stay for as long as the
 * index does. */
void explain_index_set_usage(struct explain_index *index, const struct usage *usage);

void explain(const struct explain_index *index, const struct flow *flow,
	     struct explanation *ret_explanation);
/*
 * Of one packet that was seen on its way: where a hash chooses from several EIPs it is the one that
 * was seen, so that nothing is left open.
 */
void explain_as_seen(const struct explain_index *index, const struct flow *flow,
		     const struct explanation *seen, struct explanation *ret_explanation);
void explanation_free(struct explanation *explanation);
void explanation_forget_still(struct explanation *explanation);
/* The same of a single flow, with an index made for it. */
void explain_once(const struct model *model, const struct flow *flow,
		  struct explanation *ret_explanation);

/* From first to last, both in it. */
struct interval {
	uint32_t first, last;
};

/*
 * Interfaces that are alike in all that a walk looks at, but for their groups, and for what the
 * rules of groups and ACLs say of their addresses. An answer for one of them holds for those that
 * are left: the others were told apart by a comparison.
 */
struct alike {
	const struct eni *eni;          /* who is asked about */
	const struct eni *const *other; /* by number */
	unsigned *left;                 /* numbers */
	size_t n_left;
};

/* The packets for which an answer holds: those to any of these ports, from or to a stranger with
 * any of these addresses, and of hosts that are left. */
struct box {
	struct interval port, stranger;
	struct alike *from, *to; /* NULL: there is nobody else */
	uint64_t comparisons;    /* that it took so far, as a measure of work */
};

struct question {
	const struct resource *from; /* a node; NULL: the stranger */
	uint32_t destination;
	enum protocol protocol;
	uint16_t port;
	uint32_t stranger; /* see struct flow; 0: none */
};

/* No text, no memory. */
struct prediction {
	enum code code;
	bool sometimes;  /* as in struct explanation, as the next two */
	size_t n_choice; /* of how many targets a load balancer chose; 0: it met none */
	uint32_t seen_as;
	const struct snat *pool;
	struct interval drawn; /* the ports that an AWS NAT gateway may choose with this answer */
	uint32_t target; /* the address at which it arrived, or that it had when it was lost */
	uint16_t port;   /* and the port */
};

/* box: narrowed to the packets that get the same answer; at first it holds the one in question, and
 * what it may be narrowed from. Whose address is seen and who is the target may differ with them as
 * the question does. */
void explain_packet(const struct explain_index *index, const struct question *question,
		    struct box *box, struct prediction *ret_answer);
