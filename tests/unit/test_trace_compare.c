/* SPDX-License-Identifier: GPL-3.0-only */
/*
 * The comparison of a trace with explain, held against traces that are made up: one that is as
 * explain says, and the same with a single thing in it that is not. A comparison that has forgotten
 * something is noticed here; where real packets go, it would agree with itself.
 */
#include "tests/unit/test.h"

#include <stdlib.h>
#include <string.h>

#include "lab/trace/internal.h"
#include "tests/unit/say.h"

static const char network[] = "vpc create VPC1 cidr 192.168.0.0/16\n"
			      "vswitch create VSW1 vpc VPC1 cidr 192.168.1.0/24\n"
			      "sg create SG1 vpc VPC1\n"
			      "acl create ACL1 vpc VPC1\n"
			      "acl add ACL1 in 10 accept all from 0.0.0.0/0\n"
			      "acl add ACL1 out 10 accept all to 0.0.0.0/0\n"
			      "acl associate ACL1 vswitch VSW1\n"
			      "ecs create ECS1 vswitch VSW1 security-group SG1\n"
			      "internet-host create client\n"
			      "service start client http port 80\n"
			      "nat-gateway create NAT1 vpc VPC1 vswitch VSW1\n"
			      "eip create EIP1\n"
			      "eip associate EIP1 nat-gateway NAT1\n"
			      "snat create snat1 nat-gateway NAT1 source vswitch VSW1 eip EIP1\n";

/* As a trace would tell it: one hop a visit, with what translated, or else what let it pass. */
static void make_up(struct hops *seen, const struct hops *expected)
{
	for (size_t i = 0; i < expected->n_hop; i++) {
		const struct hop *hop = &expected->hop[i];
		struct hop *last = seen->n_hop ? &seen->hop[seen->n_hop - 1] : NULL;

		if (!last || strcmp(last->node, hop->node) != 0) {
			last = ARRAY_PUSH(seen->hop, seen->n_hop);
			*last = *hop;
			last->n_decision = 0;
		}
		last->out = hop->out;
		if (hop->translated || hop->action == ACTION_ACCEPT || hop->action == ACTION_ROUTE)
			last->decision[last->n_decision++] = hop->decision[0];
	}
}

static void spoil_node(struct hop *hop)
{
	hop->node = "NAT7";
}

static void spoil_in(struct hop *hop)
{
	hop->in.source++;
}

static void spoil_out(struct hop *hop)
{
	hop->out.destination++;
}

/* One of the two is the sender's own choice, which may be any. */
static void spoil_ports(struct hop *hop)
{
	hop->out.source_port = hop->out.destination_port = 4242;
}

static void spoil_end(struct hop *hop)
{
	hop->end = true;
}

static void spoil_decision(struct hop *hop)
{
	if (hop->n_decision)
		hop->decision[0].kind = DECISION_NFT;
	else
		hop->decision[hop->n_decision++] = BY(NFT);
}

static void spoil_last_decision(struct hop *hop)
{
	hop->n_decision = hop->n_decision ? hop->n_decision - 1 : 1;
}

/* What the comparison makes of a trace, of which one hop is spoilt. NULL: none is. */
static struct trace_difference compare(const struct explain_index *index, const struct flow *flow,
				       bool back, size_t i, void (*spoil)(struct hop *hop))
{
	struct trace trace = { 0 };
	struct explanation x;
	struct trace_difference difference;
	struct hops *way;

	explain(index, flow, &x);
	CHECK(x.reachable);
	make_up(&trace.seen.forward, &x.forward);
	make_up(&trace.seen.back, &x.back);
	way = back ? &trace.seen.back : &trace.seen.forward;
	if (spoil && i >= way->n_hop)
		way->n_hop--; /* the way ends too soon */
	else if (spoil)
		spoil(&way->hop[i]);
	trace.seen.flow = *flow;
	trace.seen.reachable = true;
	trace.seen.hop = "";
	trace.seen.seen_as = trace.probe.seen_as = x.seen_as;
	trace_compare(&trace, index);
	difference = trace.difference;
	explanation_free(&x);
	trace_free(&trace);
	return difference;
}

TEST(one_thing_that_is_not_as_explain_says_is_a_difference)
{
	static void (*const spoils[])(
		struct hop * hop) = { spoil_node, spoil_in,       spoil_out,          spoil_ports,
				      spoil_end,  spoil_decision, spoil_last_decision };
	static const char *const words[] = { "ECS1", "->", "client" };
	struct model *m = built(network);
	struct explain_index *index = explain_index_new(m);
	struct error err = { 0 };
	struct flow flow;

	CHECK(flow_parse(m, words, ARRAY_SIZE(words), &flow, &err) >= 0);
	CHECK_INT(compare(index, &flow, false, 0, NULL).kind, DIFFERENCE_NONE);
	for (int back = 0; back < 2; back++) {
		for (size_t i = 0; i <= 6; i++) { /* ECS1 VSW1 VPC1 NAT1 internet client */
			for (size_t s = 0; s < ARRAY_SIZE(spoils); s++) {
				const struct trace_difference difference =
					compare(index, &flow, back, i, spoils[s]);

				if (!difference.kind || difference.back != (back != 0))
					test_fail("%s, hop %zu, spoilt in way %zu: no difference",
						  back ? "back" : "there", i, s);
			}
		}
	}
	explain_index_free(index);
	model_free(m);
}

TEST(another_sender_or_another_end_is_a_difference)
{
	static const char *const words[] = { "ECS1", "->", "client" };
	struct model *m = built(network);
	struct explain_index *index = explain_index_new(m);
	struct error err = { 0 };
	struct flow flow;

	CHECK(flow_parse(m, words, ARRAY_SIZE(words), &flow, &err) >= 0);
	for (int i = 0; i < 3; i++) {
		struct trace trace = { 0 };
		struct explanation x;

		explain(index, &flow, &x);
		make_up(&trace.seen.forward, &x.forward);
		make_up(&trace.seen.back, &x.back);
		trace.seen.flow = flow;
		trace.seen.reachable = i != 0;
		trace.seen.hop = i == 1 ? "NAT1" : "";
		trace.seen.seen_as = x.seen_as;
		trace.probe.seen_as = x.seen_as + (i == 2);
		trace_compare(&trace, index);
		CHECK_INT(trace.difference.kind, i == 0   ? DIFFERENCE_VERDICT
						 : i == 1 ? DIFFERENCE_END
							  : DIFFERENCE_SEEN_AS);
		explanation_free(&x);
		trace_free(&trace);
	}
	explain_index_free(index);
	model_free(m);
}
