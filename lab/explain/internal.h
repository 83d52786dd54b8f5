/* SPDX-License-Identifier: GPL-3.0-only */
#pragma once

#include "core/guest/guest.h"
#include "lab/explain/explain.h"
#include "lab/model/cloud_service.h"
#include "lab/model/group_chain.h"

/*
 * What the parts of the walk share. explain.c drives it, walk.c is what all nodes have in
 * common; node_vpc.c has the nodes within a VPC, node_gateway.c those that translate and
 * the internet, node_transit.c what joins VPCs, filter.c the security groups, cause.c and remedy.c
 * say why and what to do about it.
 *
 * A packet is somewhere: at a node, having come in from one side. Each node_x() does what that
 * node's namespace does with it (lab/compile) and says where it goes next. Connection tracking is a
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
	NODE_TRANSIT,
	NODE_BALANCER,
	NODE_PUBLIC,
	NODE_CUT_THROUGH,
	NODE_INTERNET_GATEWAY,
	NODE_INTERNET,
};

struct node {
	enum node_kind kind;
	const void *of; /* the resource; for NODE_PUBLIC the VPC, for NODE_CUT_THROUGH
			   the EIP, for NODE_INTERNET NULL */
};

enum side {
	SIDE_ITSELF,   /* the node sends it */
	SIDE_INSIDE,   /* from nearer to the guests */
	SIDE_OUTSIDE,  /* from nearer to the internet */
	SIDE_GATEWAY,  /* AWS, at the VPC: from a NAT gateway */
	SIDE_PEER,     /* at the VPC: from another one */
	SIDE_TRANSIT,  /* at the VPC: from a transit router */
	SIDE_IPV4,     /* Alibaba, at the VPC: from its IPv4 gateway, which has a route table */
	SIDE_BALANCER, /* at the VPC: from a load balancer */
	SIDE_ENDPOINT, /* AWS, at the VPC: from a service, by walk->endpoint */
};

enum progress { ON_THE_WAY, ARRIVED, LOST };

struct position {
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
	const struct resource *by; /* what translated it */
};

/* A packet lives for 64 hops. */
#define HOPS_MAX 64

/* What a gateway chooses by itself: which of several EIPs, AWS's a connection's port, and a load
 * balancer the target.
 * cloud-semantics: aws-12 */
struct choice {
	size_t eip, target;
	uint16_t port;
};

struct packet_walk {
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
	struct choice choice;
	const struct explanation *seen;       /* or that which was; NULL: nothing was seen */
	struct hop *scratch;                  /* what is filled in where nobody reads it */
	const struct internet_host *stranger; /* somebody on the internet of whom the lab knows
						 nothing, and who answers anything; NULL: none */
	struct box *box;                      /* see walk_in() and walk_port_in() */
	struct interval *drawn; /* the ports that might have been chosen and get the same answer;
				   NULL: nobody asks */
	/* How many gateways have chosen the port that the packet has now: what has no port of its
	   own, as far as is known, has that one. */
	unsigned n_drawn;
	bool as_made; /* take all hosts for what the lab made of them */
	/* what it met, for the cause */
	enum code code;
	enum code died_of; /* before RETURN_PATH covered it */
	struct decision lost_by;
	struct node end;
	/* The last thing of a host's own that had a say in the way, of kind NONE if none had. */
	struct decision own;
	const struct vswitch *from_vswitch; /* whose route table counted last */
	const struct route *route;          /* the custom route it took last; NULL: it took none */
	const struct nat_gateway *gateway;  /* the last one it came to */
	const struct nat_gateway *in_gateway; /* the one whose DNAT entry it came in by */
	const struct dnat *dnat;
	const struct snat *pool;
	const struct snat *snat;    /* the entry that its source was chosen by last; NULL: none */
	const struct eip *eip;      /* unbound, or without an entry for this */
	const struct eni *at_fault; /* whose groups said no, or who is no way for it */
	const struct full_destination *full; /* NULL: the limit is that of the gateway's size */
	const struct filter_rule *acl_rule;  /* that said no; NULL: none said yes */
	const struct vswitch *acl_of;        /* whose ACL said no */
	const struct eni *source, *target;   /* ports of the ECSs at the ends */
	const struct transit_attachment *attachment; /* the last one that it took */
	const struct vpc_endpoint *endpoint;         /* by which a service's answer comes */
	const struct load_balancer *balancer;        /* the last one that it came to */
	const struct listener *listener;             /* that took it */
	size_t n_choice;  /* of how many targets that chose; 0: it met none */
	bool own_address; /* it came in by a public address of the target's own */
	const struct guest_chain *filter_chain; /* whose hook a host's own firewall dropped it at */
	bool by_gateway; /* AWS: the table that counted last is that of a NAT gateway's subnet */
	struct remedies *remedies;
};

/* What the commands of a remedy have made and taken away so far. */
struct remedies {
	bool another; /* the next command begins one */
	const char *made[CURE_COMMANDS_MAX];
	const struct route *deleted[CURE_COMMANDS_MAX];
	size_t n_made, n_deleted;
};

/* ---- walk.c ---- */

bool packet_equal(const struct packet *a, const struct packet *b);
/* An answer's: source and destination change places. */
struct packet packet_turned(const struct packet *packet);
bool node_equal(struct node a, struct node b);
/* Has the host set that address up, as the lab made it? */
bool ecs_holds(const struct ecs *ecs, uint32_t address);
/* Where an ECS sends a packet for that address; NULL: it is its own. */
const struct eni *ecs_route(const struct ecs *ecs, uint32_t destination);

struct hop *walk_add_hop(struct packet_walk *walk, struct node node, enum action action,
			 struct decision decision);
/* Note what the node does. Inline: where nobody asks for hops, as in a matrix, no decision is made
 * up to be thrown away. */
static inline struct hop *walk_hop(struct packet_walk *walk, struct node node, enum action action,
				   struct decision decision)
{
	return walk->x ? walk_add_hop(walk, node, action, decision) : walk->scratch;
}
/* The hop has changed the packet. */
void walk_translated(struct packet_walk *walk, struct hop *hop);
/* The node that a resource is. */
struct node node_of(const struct resource *resource);
struct position walk_to(enum node_kind kind, const void *of, enum side from);
struct position walk_arrive(struct node node, const struct eni *eni);
/* It ends here; a hop that drops it is added. */
struct position walk_end(struct packet_walk *walk, struct node node, enum code code,
			 struct hop *hop);
static inline struct position walk_lose(struct packet_walk *walk, struct node node, enum code code,
					struct decision decision)
{
	return walk_end(walk, node, code, walk_hop(walk, node, ACTION_DROP, decision));
}
const char *node_name(const struct packet_walk *walk, struct node node);

enum state { STATE_NEW, STATE_KNOWN, STATE_INVALID };
/* Whose packet is it, in that node's connection tracking? *ret_track: of STATE_KNOWN. */
enum state walk_state(const struct packet_walk *walk, struct node node,
		      const struct track **ret_track);
/* On the way out the node remembers what came in and what it made of it, by which decision. */
void walk_remember(struct packet_walk *walk, struct node node, const struct packet *in,
		   const struct resource *by);
/* An answer that the node knows becomes what it was an answer to. */
void walk_translate_back(struct packet_walk *walk, struct node node, const struct track *track);

/* Let the vSwitch's ACL look at what crosses the vSwitch's edge at that node, answers too. */
/* What an interface's groups say to a packet that begins something. */
bool pass_groups(struct packet_walk *walk, struct node node, const struct eni *eni,
		 enum direction direction);
/* Is it for the port that the cloud keeps closed towards the internet? */
bool is_smtp(const struct packet_walk *walk);
bool pass_acl(struct packet_walk *walk, struct node node, const struct vswitch *vswitch,
	      enum direction direction);

/* The interface that has a private address: mostly one of the two ends. NULL: none has. */
const struct eni *eni_at(const struct packet_walk *walk, const struct vpc *vpc, uint32_t ip);
/* AWS: the NAT gateway whose private address that is; NULL: nobody's. */
const struct nat_gateway *gateway_at(const struct packet_walk *walk, const struct vpc *vpc,
				     uint32_t ip);
/* The EIP of the gateway that has that address; NULL: none. */
/* Of several EIPs, the one that the gateway was seen to take, else the one that is asked about. */
const struct eip *chosen_eip(const struct packet_walk *walk, const struct nat_gateway *nat,
			     const struct snat *snat);
const struct eip *eip_of(const struct packet_walk *walk, const struct nat_gateway *nat,
			 uint32_t address);
/* A service of the cloud's own that the VPC has at the packet's destination. */
bool cloud_service_of(const struct packet_walk *walk, const struct vpc *vpc,
		      struct cloud_service *ret_service);
/* By a custom route, to a gateway or an interface; lost: the code of one that leads nowhere. */
struct position walk_by_route(struct packet_walk *walk, struct position place,
			      const struct route *route, enum code lost);

/*
 * Is the address in the prefix, is the packet's port in the range (as port_in_range())? Whatever a
 * walk compares with a port, or with an address that may be the stranger's, it compares here: the
 * answer holds for all packets for which no comparison would have come out otherwise, and the box
 * keeps which those are. The port that a gateway has chosen is compared here, too, on the way back.
 */
bool walk_in(const struct packet_walk *walk, struct prefix prefix, uint32_t address);
/* Which of the VPC's CIDRs holds it; NULL: none. */
const struct prefix *walk_in_vpc(const struct packet_walk *walk, const struct vpc *vpc,
				 uint32_t address);
bool walk_between(const struct packet_walk *walk, uint32_t first, uint32_t last, uint32_t address);
bool walk_port_in(const struct packet_walk *walk, const struct packet *packet, uint16_t first,
		  uint16_t last);
/* The same of the port that a gateway has chosen. */
bool walk_drawn_in(const struct packet_walk *walk, uint32_t first, uint32_t last);
/* The same of the custom route that packets to an address take; NULL: there is none. */
const struct route *walk_route(const struct packet_walk *walk, const struct route_table *table,
			       uint32_t address);
/* Who has a public address; the stranger, too. */
const struct resource *walk_public_holder(const struct packet_walk *walk, uint32_t address);

/* ---- the nodes ---- */

struct position node_vswitch(struct packet_walk *walk, struct position place);
struct position node_vpc(struct packet_walk *walk, struct position place);
bool vpc_takes(struct packet_walk *walk, struct position place, struct position *ret_place);
struct position node_nat(struct packet_walk *walk, struct position place);
/* Also AWS: the internet gateway. */
struct position node_public(struct packet_walk *walk, struct position place);
struct position node_cut_through(struct packet_walk *walk, struct position place);
/* node_transit.c: a transit router. */
struct position node_transit(struct packet_walk *walk, struct position place);
struct position node_internet(struct packet_walk *walk, struct position place);

/* node_balancer.c: a load balancer; which one has an address in the VPC, or NULL. */
struct position node_balancer(struct packet_walk *walk, struct position place);
const struct load_balancer *balancer_at(const struct packet_walk *walk, const struct vpc *vpc,
					uint32_t ip);
/* At the VPC's router: does the packet answer what a load balancer brought? Then back to that. */
bool back_to_balancer(struct packet_walk *walk, struct position place, struct position *ret_place);
/* At a vSwitch: does it come from a load balancer, the sender being in the vSwitch itself? Does it
 * answer what did? Is it a health check, which no group filters? */
bool came_from_balancer(const struct packet_walk *walk, const struct vswitch *vswitch,
			struct position place);
bool answers_balancer(const struct packet_walk *walk, struct position place);
bool is_health_check(const struct packet_walk *walk, const struct vpc *vpc);
/* explain.c: does the health check of a target succeed? */
bool balancer_finds_healthy(const struct packet_walk *walk, const struct load_balancer *balancer,
			    const struct target_group *group, const struct ecs *target);
void cause_no_listener(struct packet_walk *walk);
/* False: no load balancer has a part in it. */
bool cause_balancer_hairpin(struct packet_walk *walk);

/* node_aws.c: in place of those of the VPC and the NAT gateway; and the way from the internet to
 * a public address. */
struct position node_aws_vpc(struct packet_walk *walk, struct position place);
/* The ACLs on the way from a subnet into one; NULL: none. */
bool pass_edges(struct packet_walk *walk, struct position place, const struct vswitch *into);
struct position node_aws_nat(struct packet_walk *walk, struct position place);

/* ---- node_host.c ---- */

/* Give the packet its source. True: it is to the host itself. */
bool host_address(struct packet_walk *walk, struct node node);
struct position host_send(struct packet_walk *walk, struct node node);
/* By the ECS's port place.eni; it need not be for the host. */
struct position node_host(struct packet_walk *walk, struct position place);
/* Does a program take the packet there? *ret_by: which, or that none does. */
bool host_listens(struct packet_walk *walk, struct node node, struct decision *ret_by);
/* What is known of a host that is not as the lab made it, where that counts; NULL: nothing. */
const struct host *changed_host(const struct packet_walk *walk, struct node node);
/* host_filter.c. Do the host's own rules of nftables drop the packet at that hook? in, out: links,
 * or NULL. *ret_place: then, where it is. */
bool host_filters(struct packet_walk *walk, struct node node, enum nft_hook hook, const char *in,
		  const char *out, struct position *ret_place);
/* The same of what it sends to itself, and of the answer. */
bool host_filters_itself(struct packet_walk *walk, struct node node, struct position *ret_place);
/* One that lets it pass. */
void remedy_host_filter(struct packet_walk *walk, const struct resource *host);
/* A host as the lab makes it. */
void host_make(const struct resource *host, struct guest *ret_guest);

/* ---- limit.c ---- */

/* Is there room for one more connection that SNAT begins? What is lost for want of it is
 * CODE_LIMIT. */
bool limit_of_size(struct packet_walk *walk, const struct nat_gateway *nat);
/* As it leaves, with its new source. */
bool limit_of_destination(struct packet_walk *walk, const struct nat_gateway *nat);
/* How many new connections the gateway has dropped because there were too many a second. */
uint64_t limit_dropped_by_rate(const struct packet_walk *walk, const struct nat_gateway *nat);

/* ---- filter.c ---- */

/* What an ENI's groups say to a packet that begins something, and by what. */
struct group_verdict {
	bool allows;
	enum decision_kind kind;
	const struct security_group *group;
	const struct filter_rule *rule;
};
struct group_verdict groups_verdict(const struct packet_walk *walk, const struct eni *eni,
				    enum direction direction, const struct packet *packet);
static inline struct decision group_decision(const struct group_verdict *verdict,
					     enum direction direction)
{
	return (struct decision){ .kind = verdict->kind,
				  .resource = &verdict->group->resource,
				  .rule = verdict->rule,
				  .direction = direction };
}
/* The rule that decides, members' privilege aside; NULL: none, the default does. */
const struct group_rule *groups_rule(const struct packet_walk *walk, const struct eni *eni,
				     enum direction direction, const struct packet *packet);
/* Does a network ACL pass it? *ret_rule: the one that decides, NULL where none does. */
bool acl_allows(const struct packet_walk *walk, const struct acl *acl, enum direction direction,
		const struct packet *packet, const struct filter_rule **ret_rule);
bool filter_rule_matches(const struct packet_walk *walk, const struct filter_rule *rule,
			 const struct packet *packet);

/* Does a range hold the port? A port of the sender's own choice (0) is one of the kernel's
 * ephemeral ones. */
#define EPHEMERAL_FIRST 32768 /* net.ipv4.ip_local_port_range, as the kernel has it by default */
#define EPHEMERAL_LAST  60999
bool port_in_range(uint16_t port, uint16_t first, uint16_t last);

/* ---- index.c ---- */

struct resources {
	const void **item;
	size_t n_item;
};

/* Of a VPC: vSwitches by address. Of a route table: custom routes, the longest first,
   those to a prefix list once for each entry. Of a gateway: SNAT entries, the longest first. Of an
   EIP: DNAT entries. Of an ECS or internet host: services.
 */
const struct resources *index_of(const struct explain_index *index,
				 const struct resource *resource);
/* The custom route of a table that packets to an address take; NULL: there is none. */
const struct route *index_route(const struct explain_index *index, const struct route_table *table,
				uint32_t address);
/* The SNAT entry of a gateway that translates a source; NULL: none does. */
const struct snat *index_snat(const struct explain_index *index, const struct nat_gateway *nat,
			      uint32_t source);
struct host { /* what is known of the inside of one */
	struct guest is, made;
	bool as_made; /* it takes every packet the way that the lab made it take */
	bool sockets; /* it is known who listens */
};
/* NULL: nobody has told. Note that it was asked for. */
const struct host *index_host(const struct explain_index *index, const struct resource *host);
/* Note, once, what of a host's is not understood and may have a say in what a walk came to. */
void index_note_doubt(const struct explain_index *index, const struct resource *host,
		      const char *words);
/* Fill in x->assumed and x->doubt. */
void index_note_assumed(const struct explain_index *index, struct explanation *x);
/* Of a transit router's table, the longest first. */
const struct transit_entry *index_entries(const struct explain_index *index,
					  const struct transit_table *table, size_t *ret_n);
/* What a gateway answers to besides its own VPC. */
const struct prefix *index_spokes(const struct explain_index *index, const struct nat_gateway *nat,
				  size_t *ret_n);
/* Any-port DNAT entries of a gateway. */
const struct resources *index_any_port(const struct explain_index *index,
				       const struct nat_gateway *nat);
/* AWS: several EIPs of a gateway that a connection's hash chooses from, as an SNAT entry of Alibaba
 * has them, and the same ones with the private addresses that they stand for. NULL: it has one. */
struct gateway_pools {
	struct snat outside, inside;
};
const struct gateway_pools *index_pools(const struct explain_index *index,
					const struct nat_gateway *nat);
bool index_has_eip(const struct explain_index *index, const struct nat_gateway *nat);
const struct group_chain *index_chain(const struct explain_index *index, const struct eni *eni);
/* Do the groups of both say the same to any packet in that direction? */
bool index_chains_same(const struct explain_index *index, const struct eni *a, const struct eni *b,
		       enum direction direction);
/* NULL: nobody has looked, as in a file. */
const struct gateway_usage *index_usage(const struct explain_index *index,
					const struct nat_gateway *nat);
const struct vswitch *index_vswitch_at(const struct explain_index *index, const struct vpc *vpc,
				       uint32_t address);

/* ---- cause.c, cause_address.c, remedy.c ---- */

/* Fills in cause and remedies for walk->code. through_as_made: it would get through if all hosts
 * were as the lab made them. */
void explain_cause(struct packet_walk *walk, bool through_as_made);
/* Each of one code; in other files than cause.c for what they have to find out. */
void cause_address(struct packet_walk *walk);       /* cause_address.c */
void cause_no_dnat_entry(struct packet_walk *walk); /* cause_published.c */
void cause_eip_unbound(struct packet_walk *walk);
void cause_not_listening(struct packet_walk *walk);
void cause_limit(struct packet_walk *walk);      /* limit.c */
void aws_cause_no_way(struct packet_walk *walk); /* cause_aws.c */
void aws_cause_blackhole(struct packet_walk *walk);
void aws_cause_no_eip(struct packet_walk *walk);
void aws_cause_no_public_address(struct packet_walk *walk);
void aws_cause_unsolicited(struct packet_walk *walk);
void aws_cause_eip_unbound(struct packet_walk *walk);
void aws_cause_return_path(struct packet_walk *walk);
void aws_cause_source_dest_check(struct packet_walk *walk);
void aws_cause_not_forwarding(struct packet_walk *walk);

/* CAUSE(walk, NO_EIP, fact_name(nat)): add a clause, with its facts. */
#define CAUSE(walk, kind, ...)                                          \
	cause_add((walk), CAUSE_##kind, (struct fact[]){ __VA_ARGS__ }, \
		  sizeof((struct fact[]){ __VA_ARGS__ }) / sizeof(struct fact))
void cause_add(struct packet_walk *walk, enum cause_kind kind, const struct fact *fact,
	       size_t n_fact);
#define NAME(resource_) fact_name((resource_)->resource.name)
struct fact fact_name(const char *name);
struct fact fact_address(const struct packet_walk *walk, uint32_t ip); /* and whose it is there */
struct fact fact_bare_address(uint32_t ip);
struct fact fact_number(uint64_t number);
struct fact fact_count(uint64_t number);
struct fact fact_port(const struct packet *packet); /* that it goes to */
struct fact fact_decision(struct decision decision);

/* cause_vpcs.c. False: it is not that the packet should have come to another VPC. */
bool cause_other_vpc(struct packet_walk *walk);
void cause_no_transit(struct packet_walk *walk);
void cause_no_attachment(struct packet_walk *walk);

/* cause_guest.c. False: no host is to blame. */
bool cause_guest(struct packet_walk *walk, bool through_as_made);

void remedy(struct packet_walk *walk, const char *format, ...)
	__attribute__((format(printf, 2, 3)));
/* What follows is another way to the same end. */
void remedy_or(struct packet_walk *walk);
void remedy_delete_route(struct packet_walk *walk, const struct route *route);
/* A name that is not taken yet, so that the remedy can be pasted as it is. */
const char *remedy_name(struct packet_walk *walk, const char *stem);
/* Has the vSwitch so many free addresses? */
bool remedy_has_addresses(const struct packet_walk *walk, const struct vswitch *vswitch,
			  unsigned wanted);
/*
 * Leads the packets of a vSwitch for that prefix to a gateway, which may be yet to be made: by
 * another table that does so and is the same in all else, by the present one, or, where that serves
 * others, too, by a new one.
 */
void remedy_route(struct packet_walk *walk, const struct vswitch *vswitch, struct prefix to,
		  enum noun type, const char *via);
/* A gateway without an entry for the source gets one, for its vSwitch or for the sender alone, and
 * an EIP if need be. */
void remedy_snat(struct packet_walk *walk, const struct nat_gateway *nat,
		 const struct vswitch *vswitch);
/* Or the sender gets a public address of its own. */
void remedy_own_address(struct packet_walk *walk);
/* A gateway, and a route to it, for a vSwitch of a VPC without any way out. */
void remedy_egress(struct packet_walk *walk, const struct vswitch *vswitch);
void remedy_public(struct packet_walk *walk, const struct vswitch *vswitch);
/* Without the rule that decides; or with an accepting one before it. */
void remedy_acl(struct packet_walk *walk, const struct acl *acl, enum direction direction);
/* To some ECS of its zone. */
void remedy_detached(struct packet_walk *walk, const struct eni *eni);
/* The guest forwards what is routed to it; with a public address also for those who have none. */
void remedy_forwarding(struct packet_walk *walk, const struct eni *eni);
/* The guest's own routing: what has the address of an interface leaves by it. */
void remedy_interface(struct packet_walk *walk, const struct eni *eni);
/* Has the gateway an EIP that an SNAT entry of its could use? */
bool remedy_has_snat_eip(const struct packet_walk *walk, const struct nat_gateway *nat);
/* May an SNAT entry of the gateway use that EIP of its own? */
bool remedy_fits_snat(const struct packet_walk *walk, const struct nat_gateway *nat,
		      const struct eip *eip);
/* May the gateway take one more EIP? */
bool remedy_takes_eip(const struct packet_walk *walk, const struct nat_gateway *nat);
/* An EIP that is free, or yet to be made; NULL: there can be no more. */
const char *remedy_eip(struct packet_walk *walk);
/* Gives a gateway one more EIP, an idle or a new one. NULL: it takes no more. */
const char *remedy_new_eip(struct packet_walk *walk, const struct nat_gateway *nat);
/* AWS: leads the sender's subnet to another gateway than that. */
void remedy_aws_other_gateway(struct packet_walk *walk, const struct nat_gateway *nat);
/* Without the rule that decides; or with one that allows. */
void remedy_security_group(struct packet_walk *walk, const struct eni *eni,
			   enum direction direction);
