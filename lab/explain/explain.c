/* SPDX-License-Identifier: GPL-3.0-only */
#include "lab/explain/explain.h"

#include <stdlib.h>
#include <string.h>

#include "lab/compile/layout.h"
#include "lab/explain/internal.h"

const struct word code_words[] = {
	{ "NO_ROUTE", CODE_NO_ROUTE },
	{ "NO_SNAT_ENTRY", CODE_NO_SNAT_ENTRY },
	{ "NO_EIP", CODE_NO_EIP },
	{ "NO_DNAT_ENTRY", CODE_NO_DNAT_ENTRY },
	{ "ACL_EGRESS", CODE_ACL_EGRESS },
	{ "ACL_INGRESS", CODE_ACL_INGRESS },
	{ "SG_EGRESS", CODE_SG_EGRESS },
	{ "SG_INGRESS", CODE_SG_INGRESS },
	{ "RETURN_PATH", CODE_RETURN_PATH },
	{ "NO_ATTACHMENT", CODE_NO_ATTACHMENT },
	{ "NO_TRANSIT", CODE_NO_TRANSIT },
	{ "HAIRPIN", CODE_HAIRPIN },
	{ "SMTP_CLOSED", CODE_SMTP_CLOSED },
	{ "NO_LISTENER", CODE_NO_LISTENER },
	{ "EIP_UNBOUND", CODE_EIP_UNBOUND },
	{ "NO_INTERNET_GATEWAY", CODE_NO_INTERNET_GATEWAY },
	{ "BLACKHOLE_ROUTE", CODE_BLACKHOLE_ROUTE },
	{ "NO_PUBLIC_ADDRESS", CODE_NO_PUBLIC_ADDRESS },
	{ "UNSOLICITED", CODE_UNSOLICITED },
	{ "SOURCE_DEST_CHECK", CODE_SOURCE_DEST_CHECK },
	{ "NOT_FORWARDING", CODE_NOT_FORWARDING },
	{ "HOST_FIREWALL", CODE_HOST_FIREWALL },
	{ "NOT_LISTENING", CODE_NOT_LISTENING },
	{ "LIMIT", CODE_LIMIT },
	{ "UNREACHABLE_ADDRESS", CODE_UNREACHABLE_ADDRESS },
	{ 0 },
};

const char *code_word(enum code code)
{
	return code ? word_of(code_words, (int)code) : "";
}

/* At a transit gateway what lost it says more than the code. cloud-semantics: aws-13 */
static const char *transit_aws_code(const struct explanation *x)
{
	const struct hops *hops = x->back.n_hop ? &x->back : &x->forward;
	const struct decision *by = hops->n_hop ? hops->hop[hops->n_hop - 1].decision : NULL;

	if (by && by->kind == DECISION_TRANSIT_ROUTE)
		return "TGW_RTB_BAD_STATE_ROUTE";
	if (!by || by->kind != DECISION_NO_ROUTE || !by->resource)
		return NULL;
	return by->resource->noun == NOUN_TRANSIT_ROUTER  ? "TGW_ATTACH_MISSING_TGW_RTB_ASSOCIATION"
	       : by->resource->noun == NOUN_TRANSIT_TABLE ? "TGW_RTB_NO_ROUTE_TO_TGW_ATTACHMENT"
							  : NULL;
}

const char *explanation_aws_code(const struct explanation *x)
{
	static const char *const words[CODE_COUNT] = {
		[CODE_NO_ROUTE] = "NO_ROUTE_TO_DESTINATION",
		[CODE_NO_INTERNET_GATEWAY] = "NO_ROUTE_TO_DESTINATION",
		[CODE_BLACKHOLE_ROUTE] = "BAD_STATE_ROUTE",
		[CODE_NO_ATTACHMENT] = "TGW_ROUTE_AZ_RESTRICTION",
		[CODE_NO_TRANSIT] = "PCX_REQUIRES_ADDRESS_IN_VPC_CIDR",
		[CODE_ACL_EGRESS] = "SUBNET_ACL_RESTRICTION",
		[CODE_ACL_INGRESS] = "SUBNET_ACL_RESTRICTION",
		[CODE_SG_EGRESS] = "ENI_SG_RULES_MISMATCH",
		[CODE_SG_INGRESS] = "ENI_SG_RULES_MISMATCH",
		[CODE_SOURCE_DEST_CHECK] = "ENI_SOURCE_DEST_CHECK_RESTRICTION",
		[CODE_NO_EIP] = "IGW_PUBLIC_IP_ASSOCIATION_FOR_EGRESS",
		[CODE_NO_PUBLIC_ADDRESS] = "IGW_PUBLIC_IP_ASSOCIATION_FOR_EGRESS",
		[CODE_EIP_UNBOUND] = "IGW_PRIVATE_IP_ASSOCIATION_FOR_INGRESS",
	};
	const char *transit = x->code == CODE_NO_ROUTE || x->code == CODE_BLACKHOLE_ROUTE
				      ? transit_aws_code(x)
				      : NULL;

	return transit ? transit : words[x->code];
}

/* ---- the way ---- */

/* Where a packet goes from a node. */
static struct position (*const node_of_cloud[PROVIDER_COUNT][NODE_INTERNET + 1])(
	struct packet_walk *walk, struct position place) = {
	[PROVIDER_ALIBABA] = { [NODE_ECS] = node_host,
			       [NODE_INTERNET_HOST] = node_host,
			       [NODE_VSWITCH] = node_vswitch,
			       [NODE_VPC] = node_vpc,
			       [NODE_NAT] = node_nat,
			       [NODE_TRANSIT] = node_transit,
			       [NODE_BALANCER] = node_balancer,
			       [NODE_PUBLIC] = node_public,
			       [NODE_CUT_THROUGH] = node_cut_through,
			       [NODE_INTERNET_GATEWAY] = node_public,
			       [NODE_INTERNET] = node_internet },
	[PROVIDER_AWS] = { [NODE_ECS] = node_host,
			   [NODE_INTERNET_HOST] = node_host,
			   [NODE_VSWITCH] = node_vswitch,
			   [NODE_VPC] = node_aws_vpc,
			   [NODE_NAT] = node_aws_nat,
			   [NODE_TRANSIT] = node_transit,
			   [NODE_BALANCER] = node_balancer,
			   [NODE_INTERNET_GATEWAY] = node_public,
			   [NODE_INTERNET] = node_internet },
};

static struct position step(struct packet_walk *walk, struct position place)
{
	return node_of_cloud[walk->model->provider][place.node.kind](walk, place);
}

static struct position run(struct packet_walk *walk, struct position place)
{
	for (int ttl = HOPS_MAX - 1; place.progress == ON_THE_WAY; ttl--) {
		if (ttl == 0)
			return walk_lose(walk, place.node, CODE_UNREACHABLE_ADDRESS,
					 BY(GOES_ROUND));
		place = step(walk, place);
	}
	return place;
}

/* The address that a router calls its own. */
static uint32_t node_address(const struct packet_walk *walk, struct node node)
{
	if (node.kind == NODE_VSWITCH)
		return ((const struct vswitch *)node.of)->gateway;
	if (node.kind == NODE_NAT && ((const struct nat_gateway *)node.of)->private_ip)
		return ((const struct nat_gateway *)node.of)->private_ip;
	if (node.kind == NODE_BALANCER)
		return balancer_check_address(walk->model, node.of);
	return ROUTER_ADDRESS;
}

static bool is_host(struct node node)
{
	return node.kind == NODE_ECS || node.kind == NODE_INTERNET_HOST;
}

/* Whatever node it is, the packet is on its way from there. */
static struct position leave(struct packet_walk *walk, struct node node)
{
	return is_host(node) ? host_send(walk, node) : walk_to(node.kind, node.of, SIDE_ITSELF);
}

/* Gives the packet its source. True: it is to the sender itself. */
static bool address_packet(struct packet_walk *walk, struct node from)
{
	const uint32_t to = walk->packet.destination;
	struct cloud_service service;

	if (is_host(from))
		return host_address(walk, from);
	walk->packet.source = to >> 24 == 127 ? 0x7f000001 : node_address(walk, from);
	if (from.kind == NODE_BALANCER && to == ((const struct load_balancer *)from.of)->private_ip)
		walk->packet.source = to;
	if (from.kind == NODE_VPC && cloud_service_of(walk, from.of, &service))
		walk->packet.source = to; /* its own address, too */
	return to >> 24 == 127 || walk->packet.source == to;
}

/* ---- the ends ---- */

/* A service of the cloud's own, at the router of a VPC. */
static bool cloud_listens(const struct packet_walk *walk, struct node node, struct decision *ret_by)
{
	struct cloud_service service;

	const struct vpc *vpc = node.of;

	if (node.kind != NODE_VPC || !cloud_service_of(walk, node.of, &service) ||
	    !cloud_service_takes(&service, walk->packet.protocol, walk->packet.destination_port) ||
	    (service.resolver && !vpc->dns_support)) /* cloud-semantics: dns-6 */
		return false;
	*ret_by = service.resolver ? BY(RESOLVER) : BY(METADATA);
	return true;
}

/* Does anybody answer there? Only hosts and the cloud have services; pings are answered by the
 * kernel. */
static bool deliver(struct packet_walk *walk, struct node node)
{
	struct decision by = BY(NOT_LISTENING);
	struct hop *hop;

	if (walk->packet.protocol == PROTOCOL_ICMP) {
		walk_hop(walk, node, ACTION_DELIVER, BY(PING));
		return true;
	}
	if (is_host(node) ? host_listens(walk, node, &by) : cloud_listens(walk, node, &by)) {
		walk_hop(walk, node, ACTION_DELIVER, by);
		return true;
	}
	hop = walk_hop(walk, node, ACTION_REFUSE, by);
	hop->end = true;
	hop->out = (struct packet){ 0 };
	walk->code = walk->died_of = CODE_NOT_LISTENING;
	walk->lost_by = by;
	walk->end = node;
	return false;
}

/* The answer is one only if it comes back to who asked, from the address that was asked. */
static void accept_answer(struct packet_walk *walk, struct position arrived)
{
	const struct packet wanted = packet_turned(&walk->sent);

	if (arrived.node.kind == NODE_NAT)
		walk_lose(walk, arrived.node, CODE_RETURN_PATH, BY(NOT_FOR_GATEWAY));
	else if (!node_equal(arrived.node, walk->sender) || !packet_equal(&walk->packet, &wanted))
		walk_lose(walk, arrived.node, CODE_RETURN_PATH,
			  BY(NOT_ITS_ANSWER, .address = walk->packet.source));
	else
		walk_hop(walk, arrived.node, ACTION_DELIVER, BY(ITS_ANSWER));
}

static void to_itself(struct packet_walk *walk, struct node node)
{
	struct position lost;

	if (is_host(node) && host_filters_itself(walk, node, &lost))
		return;
	if (node.kind == NODE_NAT)
		walk_lose(walk, node, CODE_UNREACHABLE_ADDRESS, BY(NOT_FOR_GATEWAY));
	else
		deliver(walk, node);
}

/* *ret_seen_as: 0 where it does not get there. */
static void there_and_back(struct packet_walk *walk, struct node from, uint32_t *ret_seen_as)
{
	struct position arrived;
	bool own = address_packet(walk, from);

	walk->sender = from;
	walk->sent = walk->packet;
	if (own) {
		*ret_seen_as = walk->packet.source;
		to_itself(walk, from);
		return;
	}
	arrived = run(walk, leave(walk, from));
	if (arrived.progress == LOST)
		return;
	*ret_seen_as = walk->packet.source;
	walk->target = arrived.eni;
	if (!deliver(walk, arrived.node))
		return;
	walk->back = true;
	walk->packet = walk->answer = packet_turned(&walk->packet);
	arrived = run(walk, leave(walk, arrived.node));
	if (arrived.progress == ARRIVED)
		accept_answer(walk, arrived);
}

static const struct choice first_choice = { .port = AWS_NAT_PORT_FIRST };

bool balancer_finds_healthy(const struct packet_walk *walk, const struct load_balancer *balancer,
			    const struct target_group *group, const struct ecs *target)
{
	struct interval ignored = { AWS_NAT_PORT_FIRST, UINT16_MAX };
	struct track track[HOPS_MAX];
	struct hop scratch;
	struct packet_walk check = {
		.index = walk->index,
		.model = walk->model,
		.scratch = &scratch,
		.track = track,
		.choice = first_choice,
		.drawn = &ignored,
		.as_made = walk->as_made,
		.packet = { .destination = target->eni[0]->ip,
			    .destination_port = (uint16_t)group->port,
			    .protocol = PROTOCOL_TCP },
	};
	uint32_t seen_as;

	there_and_back(&check, (struct node){ NODE_BALANCER, balancer }, &seen_as);
	return check.code == CODE_NONE;
}

/* ---- from outside ---- */

struct asking {
	const struct explain_index *index;
	struct node from; /* of NULL: the stranger */
	struct packet packet;
	uint32_t stranger;
	struct choice choice;
	const struct explanation *seen; /* NULL: nothing was */
	struct explanation *x;          /* NULL: no text is wanted */
	bool as_made;                   /* all hosts are as the lab made them */
	struct box *box;                /* NULL: one answer is wanted, not how far it reaches */
};

/* It may be the index's, which the explanation outlives. */
static const struct snat *copy_pool(const struct snat *pool, struct arena *arena)
{
	struct snat *copy = arena_alloc(arena, sizeof(*copy));

	*copy = *pool;
	copy->eip = arena_alloc(arena, pool->n_eip * sizeof(*copy->eip));
	for (size_t i = 0; i < pool->n_eip; i++) {
		copy->eip[i] = arena_alloc(arena, sizeof(*copy->eip[i]));
		*copy->eip[i] = *pool->eip[i];
		copy->eip[i]->resource.name = arena_strdup(arena, pool->eip[i]->resource.name);
	}
	return copy;
}

/* One walk. ret_answer->pool: the entry of several EIPs that it came by, or NULL; ->drawn: the
 * ports of a gateway's choice for which it would have been the same. */
static enum code ask(const struct asking *inquiry, struct prediction *ret_answer)
{
	struct internet_host unnamed = { 0 };
	struct internet_host *stranger =
		inquiry->x ? arena_alloc(&inquiry->x->arena, sizeof(*stranger)) : &unnamed;
	struct track track[HOPS_MAX];
	struct hop scratch; /* too large to be cleared for each of a million questions */
	struct packet_walk walk = { .index = inquiry->index,
				    .scratch = &scratch,
				    .model = explain_index_model(inquiry->index),
				    .x = inquiry->x,
				    .packet = inquiry->packet,
				    .track = track,
				    .choice = inquiry->choice,
				    .seen = inquiry->seen,
				    .stranger = inquiry->stranger ? stranger : NULL,
				    .as_made = inquiry->as_made,
				    .drawn = &ret_answer->drawn,
				    .box = inquiry->box };
	struct node from = inquiry->from;
	char address[ADDRESS_TEXT_SIZE];

	*stranger = (struct internet_host){ .resource = { .noun = NOUN_INTERNET_HOST },
					    .ip = inquiry->stranger };
	if (inquiry->x)
		stranger->resource.name =
			arena_strdup(&inquiry->x->arena, address_format(stranger->ip, address));
	if (from.kind == NODE_INTERNET_HOST && !from.of)
		from.of = stranger;
	*ret_answer = (struct prediction){ .drawn = { AWS_NAT_PORT_FIRST, UINT16_MAX } };
	there_and_back(&walk, from, &ret_answer->seen_as);
	ret_answer->code = walk.code;
	ret_answer->pool = walk.pool;
	ret_answer->n_choice = walk.n_choice;
	ret_answer->target = walk.back ? walk.answer.source : walk.packet.destination;
	ret_answer->port = walk.back ? walk.answer.source_port : walk.packet.destination_port;
	if (!inquiry->x)
		return walk.code;

	inquiry->x->code = walk.code;
	inquiry->x->reachable = walk.code == CODE_NONE;
	inquiry->x->hop = walk.code ? node_name(&walk, walk.end) : "";
	inquiry->x->pool =
		ret_answer->seen_as && walk.pool ? copy_pool(walk.pool, &inquiry->x->arena) : NULL;
	inquiry->x->drawn = walk.code && walk.n_drawn;
	inquiry->x->seen_as = walk.pool ? 0 : ret_answer->seen_as;
	if (walk.code) {
		struct asking as_made = *inquiry;
		struct prediction ignored;

		as_made.x = NULL;
		as_made.as_made = true;
		explain_cause(&walk, walk.own.kind && ask(&as_made, &ignored) == CODE_NONE);
	}
	return walk.code;
}

/* The next one that may get another answer than this. False: there is none. */
static bool next_choice(struct choice *choice, const struct prediction *answer, size_t n_eip)
{
	if (answer->drawn.last < UINT16_MAX) {
		choice->port = (uint16_t)(answer->drawn.last + 1);
		return true;
	}
	choice->port = first_choice.port;
	if (++choice->eip < n_eip)
		return true;
	choice->eip = first_choice.eip;
	return ++choice->target < answer->n_choice;
}

/*
 * Where a gateway chooses, one of several EIPs, a port or a target, a flow is blocked if it is so
 * with any choice. Takes the one to tell about.
 */
static void ask_worst(struct asking *inquiry, struct prediction *ret_answer)
{
	enum code first = ask(inquiry, ret_answer);
	const size_t n_eip = ret_answer->pool ? ret_answer->pool->n_eip : 0;
	struct prediction other = *ret_answer;
	struct choice worst = inquiry->choice;
	bool sometimes = false;

	while (next_choice(&inquiry->choice, &other, n_eip)) {
		ask(inquiry, &other);
		sometimes = sometimes || !other.code != !first;
		if (ret_answer->code || !other.code)
			continue;
		*ret_answer = other;
		worst = inquiry->choice;
	}
	ret_answer->sometimes = sometimes;
	if (ret_answer->pool)
		ret_answer->seen_as = 0;
	inquiry->choice = worst;
}

static struct asking inquiry_of(const struct explain_index *index, const struct flow *flow)
{
	const struct resource *from =
		model_find_noun(explain_index_model(index), NOUNS_NODE, flow->from);
	uint32_t address;

	return (struct asking){
		.index = index,
		.from = from ? node_of(from)
			: address_parse(flow->from, &address)
				? (struct node){ NODE_INTERNET_HOST, NULL }
				: (struct node){ NODE_INTERNET, NULL },
		.packet = { .destination = flow->destination,
			    .destination_port = flow->port,
			    .protocol = flow->protocol },
		.stranger = flow->stranger,
		.choice = first_choice,
	};
}

void explain(const struct explain_index *index, const struct flow *flow,
	     struct explanation *ret_explanation)
{
	struct asking inquiry = inquiry_of(index, flow);
	struct prediction answer;

	ask_worst(&inquiry, &answer);
	*ret_explanation = (struct explanation){ .flow = *flow, .sometimes = answer.sometimes };
	inquiry.x = ret_explanation;
	ask(&inquiry, &answer);
	index_note_assumed(index, ret_explanation);
}

void explain_as_seen(const struct explain_index *index, const struct flow *flow,
		     const struct explanation *seen, struct explanation *ret_explanation)
{
	struct asking inquiry = inquiry_of(index, flow);
	struct prediction ignored;

	*ret_explanation = (struct explanation){ .flow = *flow };
	inquiry.seen = seen;
	inquiry.x = ret_explanation;
	ask(&inquiry, &ignored);
}

void explain_packet(const struct explain_index *index, const struct question *question,
		    struct box *box, struct prediction *ret_answer)
{
	struct asking inquiry = {
		.index = index,
		.from = question->from ? node_of(question->from)
				       : (struct node){ NODE_INTERNET_HOST, NULL },
		.packet = { .destination = question->destination,
			    .destination_port = question->port,
			    .protocol = question->protocol },
		.stranger = question->stranger,
		.choice = first_choice,
		.box = box,
	};

	ask_worst(&inquiry, ret_answer);
}

void explain_once(const struct model *model, const struct flow *flow,
		  struct explanation *ret_explanation)
{
	struct explain_index *index = explain_index_new(model);

	explain(index, flow, ret_explanation);
	explain_index_free(index);
}

struct cure cure_copy(const struct cure *cure, struct arena *arena)
{
	struct cure copy = *cure;

	for (size_t i = 0; i < cure->n_command; i++)
		copy.command[i] = arena_strdup(arena, cure->command[i]);
	return copy;
}

void explanation_forget_still(struct explanation *explanation)
{
	if (explanation->still)
		explanation_free(explanation->still);
	free(explanation->still);
	model_free(explanation->still_model);
	explanation->still = NULL;
	explanation->still_model = NULL;
}

void explanation_free(struct explanation *explanation)
{
	explanation_forget_still(explanation);
	free(explanation->forward.hop);
	free(explanation->back.hop);
	free(explanation->assumed);
	free(explanation->doubt);
	arena_free(&explanation->arena);
	*explanation = (struct explanation){ 0 };
}
