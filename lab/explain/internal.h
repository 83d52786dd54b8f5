/* SPDX-License-Identifier: GPL-3.0-only */
#pragma once

#include "lab/explain/explain.h"
#include "lab/model/group_chain.h"

/*
 * What the parts of the walk share. explain.c drives it, explain_walk.c is what all nodes have in
 * common; explain_inside.c has the nodes within a VPC, explain_gateway.c those that translate and
 * the internet, explain_group.c the security groups, explain_cause.c and explain_cure.c say why and
 * what to do about it.
 *
 * A packet is somewhere: at a node, having come in from one side. Each node_x() does what that
 * node's namespace does with it (compile_x.c) and says where it goes next. Connection tracking is a
 * list of what each node saw on the way out; on the way back a node that finds the packet there
 * turns its translation round, and one that does not treats it as its kernel would: a datagram as
 * something new, anything else as an answer to nothing.
 */

enum node_kind {
	NODE_ECS,
	NODE_INTERNET_HOST,
	NODE_VSWITCH,
	NODE_VPC,
	NODE_NAT,
	NODE_PUBLIC,
	NODE_INTERNET_GATEWAY, /* AWS */
	NODE_INTERNET,
};

struct node {
	enum node_kind kind;
	const void *of; /* the resource; for NODE_PUBLIC the VPC, for NODE_INTERNET NULL */
};

enum side {
	SIDE_ITSELF,  /* the node sends it */
	SIDE_INSIDE,  /* from nearer to the guests */
	SIDE_OUTSIDE, /* from nearer to the internet */
	SIDE_GATEWAY, /* AWS, at the VPC: from a NAT gateway */
};

enum progress { ON_THE_WAY, ARRIVED, LOST };

struct place {
	enum progress progress;
	struct node node;
	enum side from;
	/*
	 * At a vSwitch, from inside: the port it came by; from outside: the port that a route leads
	 * to, whatever the destination, or NULL. Arrived at an ECS: the port it came to.
	 */
	const struct eni *eni;
};

struct track { /* one node's memory of the connection */
	struct node node;
	struct packet in, out;
};

/* A packet lives for 64 hops. */
#define HOPS_MAX 64

struct walk {
	const struct explain_index *index;
	const struct model *model;
	struct explanation *x; /* NULL: only the code is wanted */
	struct packet packet;
	struct packet sent;   /* as the sender made it */
	struct packet answer; /* as the far end made it */
	struct node sender;
	bool back;           /* the answer's way */
	struct track *track; /* HOPS_MAX of them */
	size_t n_track;
	size_t choice;                  /* which of a pool's EIPs is taken */
	const struct explanation *seen; /* or that which was; NULL: nothing was seen */
	struct hop scratch;             /* what is filled in where nobody reads it */
	/* what it met, for the cause */
	enum code code;
	enum code died_of; /* before RETURN_PATH covered it */
	struct node end;
	const struct vswitch *from_vswitch; /* whose route table counted last */
	const struct route *route;          /* the custom route it took last; NULL: it took none */
	const struct nat_gateway *gateway;  /* the last one it came to */
	const struct nat_gateway *in_gateway; /* the one whose DNAT entry it came in by */
	const struct dnat *dnat;
	const struct snat *pool;
	const struct snat *snat;   /* the entry that its source was chosen by last; NULL: none */
	const struct eip *eip;     /* unbound, or without an entry for this */
	const struct eni *culprit; /* whose groups said no, or who is no way for it */
	const struct full_destination *full; /* NULL: the limit is that of the gateway's size */
	const struct filter_rule *acl_rule;  /* that said no; NULL: none said yes */
	const struct eni *source, *target;   /* ports of the ECSs at the ends */
	bool own_address; /* it came in by a public address of the target's own */
	bool by_gateway;  /* AWS: the table that counted last is that of a NAT gateway's subnet */
};

/* Text is made only for those who read it. */
#define RULE(walk, ...) ((walk)->x ? arena_printf(&(walk)->x->arena, __VA_ARGS__) : "")

/* In a walk that somebody reads. */
#define TEXT(walk, ...) arena_printf(&(walk)->x->arena, __VA_ARGS__)

/* ---- explain_walk.c ---- */

bool packet_equal(const struct packet *a, const struct packet *b);
/* An answer's: source and destination change places. */
struct packet packet_turned(const struct packet *packet);
bool node_equal(struct node a, struct node b);
/* Where an ECS sends a packet for that address; NULL: it is its own. */
const struct eni *ecs_route(const struct ecs *ecs, uint32_t destination);

struct hop *walk_hop(struct walk *walk, struct node node, const char *action, const char *rule);
/* The hop has changed the packet. */
void walk_translated(struct walk *walk, struct hop *hop);
struct place walk_to(enum node_kind kind, const void *of, enum side from);
struct place walk_arrive(struct node node, const struct eni *eni);
/* It ends here; a hop that drops it is added. */
struct place walk_lose(struct walk *walk, struct node node, enum code code, const char *rule);
const char *node_name(const struct walk *walk, struct node node);

enum state { STATE_NEW, STATE_KNOWN, STATE_INVALID };
/* Whose packet is it, in that node's connection tracking? *ret_track: of STATE_KNOWN. */
enum state walk_state(const struct walk *walk, struct node node, const struct track **ret_track);
/* On the way out the node remembers what came in and what it made of it. */
void walk_remember(struct walk *walk, struct node node, const struct packet *in);
/* An answer that the node knows becomes what it was an answer to. */
void walk_translate_back(struct walk *walk, struct node node, const struct track *track,
			 const char *rule);

/* ---- the nodes ---- */

struct place node_vswitch(struct walk *walk, struct place place);
struct place node_vpc(struct walk *walk, struct place place);
struct place node_nat(struct walk *walk, struct place place);
struct place node_public(struct walk *walk, struct place place);
struct place node_internet(struct walk *walk, struct place place);

/* explain_aws.c: in place of those of the VPC and the NAT gateway; and the way from the internet to
 * a public address. */
struct place node_aws_vpc(struct walk *walk, struct place place);
struct place node_aws_nat(struct walk *walk, struct place place);
struct place node_aws_internet_gateway(struct walk *walk, struct place place);
struct place aws_from_internet(struct walk *walk, struct node internet,
			       const struct resource *owner);

/* ---- explain_limit.c ---- */

/* Is there room for one more connection that SNAT begins? What is lost for want of it is
 * CODE_LIMIT. */
bool limit_of_size(struct walk *walk, const struct nat_gateway *nat);
/* As it leaves, with its new source. */
bool limit_of_destination(struct walk *walk, const struct nat_gateway *nat);
/* ", but ... were dropped": of an entry whose gateway has had more new connections a second than it
 * takes; else "". */
const char *limit_remark(const struct walk *walk, const struct nat_gateway *nat);
void explain_limit_cause(struct walk *walk);

/* ---- explain_group.c ---- */

/* The verdict of an ENI's groups on a packet that begins something. *ret_why, unless NULL: the
 * rule, in words. */
bool groups_allow(struct walk *walk, const struct eni *eni, enum direction direction,
		  const struct packet *packet, const char **ret_why);
/* The rule that decides, members' privilege aside; NULL: none, the default does. */
const struct group_rule *groups_rule(const struct walk *walk, const struct eni *eni,
				     enum direction direction, const struct packet *packet);
/* Does a network ACL pass it? *ret_rule: the one that decides, NULL where none does. */
bool acl_allows(const struct acl *acl, enum direction direction, const struct packet *packet,
		const struct filter_rule **ret_rule);
const char *acl_rule_text(struct walk *walk, const struct acl *acl, enum direction direction,
			  const struct filter_rule *rule);
bool group_rule_matches(const struct walk *walk, const struct filter_rule *rule,
			const struct packet *packet);

/* Does a range hold the port? A port of the sender's own choice (0) is one of the kernel's
 * ephemeral ones. */
bool port_in_range(uint16_t port, uint16_t first, uint16_t last);

/* ---- explain_index.c ---- */

struct resources {
	const void **item;
	size_t n_item;
};

/* Of a VPC: vSwitches by address. Of a route table: custom routes, the longest first. Of a gateway:
   SNAT entries, the longest first. Of an EIP: DNAT entries. Of an ECS or internet host: services.
 */
const struct resources *index_of(const struct explain_index *index,
				 const struct resource *resource);
/* The custom route of a table that packets to an address take; NULL: there is none. */
const struct route *index_route(const struct explain_index *index, const struct route_table *table,
				uint32_t address);
/* Any-port DNAT entries of a gateway. */
const struct resources *index_any_port(const struct explain_index *index,
				       const struct nat_gateway *nat);
bool index_has_eip(const struct explain_index *index, const struct nat_gateway *nat);
const struct group_chain *index_chain(const struct explain_index *index, const struct eni *eni);
/* NULL: nobody has looked, as in a file. */
const struct gateway_usage *index_usage(const struct explain_index *index,
					const struct nat_gateway *nat);
const struct model *index_model(const struct explain_index *index);
const struct vswitch *index_vswitch_at(const struct explain_index *index, const struct vpc *vpc,
				       uint32_t address);

/* ---- explain_cause.c, explain_address.c, explain_cure.c ---- */

/* Fills in cause and cures for walk->code. */
void explain_cause(struct walk *walk);
void explain_address_cause(struct walk *walk);   /* of CODE_UNREACHABLE_ADDRESS */
void explain_published_cause(struct walk *walk); /* explain_published.c: of CODE_NO_DNAT_ENTRY,
						    _EIP_UNBOUND, _NOT_LISTENING */
/* "ECS1 (192.168.1.1)", "tcp 80" */
const char *cause_address(struct walk *walk, uint32_t ip);
const char *cause_port(struct walk *walk, const struct packet *packet);

void cure(struct walk *walk, const char *format, ...) __attribute__((format(printf, 2, 3)));
/* A name that is not taken yet, so that the cure can be pasted as it is. */
const char *cure_name(struct walk *walk, const char *stem);
/* Has the vSwitch so many free addresses? */
bool cure_has_addresses(const struct walk *walk, const struct vswitch *vswitch, unsigned wanted);
/*
 * Leads the packets of a vSwitch for that prefix to a gateway, which may be yet to be made: by
 * another table that does so and is the same in all else, by the present one, or, where that serves
 * others, too, by a new one.
 */
void cure_route(struct walk *walk, const struct vswitch *vswitch, struct prefix to, enum noun type,
		const char *via);
/* A gateway without an entry for the source gets one, and an EIP if need be. nat_name: also of one
 * that is yet to be made. */
void cure_snat(struct walk *walk, const struct nat_gateway *nat, const char *nat_name,
	       const struct vswitch *vswitch);
/* All that a vSwitch of a VPC without any way out lacks. */
void cure_egress(struct walk *walk, const struct vswitch *vswitch);
/* An accepting rule before the one that decides. */
void cure_acl(struct walk *walk, const struct acl *acl, enum direction direction);
/* To some ECS of its zone. */
void cure_detached(struct walk *walk, const struct eni *eni);
/* The guest forwards what is routed to it; with a public address also for those who have none. */
void cure_forwarding(struct walk *walk, const struct eni *eni);
/* The guest's own routing: what has the address of an interface leaves by it. */
void cure_interface(struct walk *walk, const struct eni *eni);
/* Has the gateway an EIP that an SNAT entry of its could use? */
bool cure_has_snat_eip(const struct walk *walk, const struct nat_gateway *nat);
/* May an SNAT entry of the gateway use that EIP of its own? */
bool cure_fits_snat(const struct walk *walk, const struct nat_gateway *nat, const struct eip *eip);
/* May the gateway take one more EIP? */
bool cure_takes_eip(const struct walk *walk, const struct nat_gateway *nat);
/* Gives a gateway one more EIP, an idle or a new one. NULL: it takes no more. nat NULL: one that is
 * yet to be made. */
const char *cure_new_eip(struct walk *walk, const struct nat_gateway *nat, const char *nat_name);
/* AWS: leads the sender's subnet to another gateway than that. */
void cure_aws_other_gateway(struct walk *walk, const struct nat_gateway *nat);
/* explain_aws_cause.c. False: the cause is the same with every provider. */
bool explain_aws_cause(struct walk *walk);
void cure_security_group(struct walk *walk, const struct eni *eni, enum direction direction);
