/* SPDX-License-Identifier: GPL-3.0-only */
/* The picture of a lab: what stands in what, how long lists are folded, and that a layout keeps its
 * promises. */
#include "tests/unit/test.h"

#include <stdarg.h>

#include "cli/picture/layout.h"
#include "cli/picture/picture.h"
#include "core/base/text.h"
#include "lab/graph/graph.h"
#include "lab/nouns/replay.h"

static struct error err;

static void say(struct model *m, const char *command)
{
	if (replay_change(m, command, &err) < 0)
		test_fail("%s: %s", command, err.message);
}

static void sayf(struct model *m, const char *format, ...) __attribute__((format(printf, 2, 3)));

static void sayf(struct model *m, const char *format, ...)
{
	char command[512];
	va_list ap;

	va_start(ap, format);
	vsnprintf(command, sizeof(command), format, ap);
	va_end(ap);
	say(m, command);
}

static void say_all(struct model *m, const char *const *commands)
{
	for (; *commands; commands++)
		say(m, *commands);
}

static const char *const two_gateways[] = {
	"vpc create VPC1 cidr 192.168.0.0/16",
	"vswitch create VSW1 vpc VPC1 cidr 192.168.1.0/24",
	"vswitch create VSW2 vpc VPC1 cidr 192.168.2.0/24",
	"ecs create ECS1 vswitch VSW1",
	"ecs create ECS2 vswitch VSW2",
	"internet-host create client dns www.example.com",
	"nat-gateway create NAT1 vpc VPC1 vswitch VSW1",
	"nat-gateway create NAT2 vpc VPC1 vswitch VSW2",
	"eip create EIP1 ip 203.0.113.1",
	"eip create EIP2 ip 203.0.113.2",
	"eip create EIP3 ip 203.0.113.3",
	"eip associate EIP1 nat-gateway NAT1",
	"eip associate EIP2 nat-gateway NAT2",
	"snat create snat1 nat-gateway NAT1 source vswitch VSW1 eip EIP1",
	"dnat create dnat1 nat-gateway NAT2 eip EIP2 protocol tcp public-port 80 to ECS2 "
	"private-port 8080",
	"route-table create VTB2 vpc VPC1",
	"route create Route2 table VTB2 to 0.0.0.0/0 via nat-gateway NAT2",
	"route-table associate VTB2 vswitch VSW2",
	NULL,
};

static const char *const aws[] = {
	"provider aws",
	"vpc create VPC1 cidr 10.0.0.0/16",
	"subnet create public vpc VPC1 cidr 10.0.0.0/24",
	"subnet create private vpc VPC1 cidr 10.0.1.0/24",
	"internet-gateway create IGW1",
	"internet-gateway attach IGW1 vpc VPC1",
	"internet-gateway create IGW2",
	"eip create EIP1",
	"nat-gateway create NAT1 subnet public eip EIP1",
	"route create out table VPC1/main to 0.0.0.0/0 via internet-gateway IGW1",
	"route-table create inner vpc VPC1",
	"route create by-nat table inner to 0.0.0.0/0 via nat-gateway NAT1",
	"route-table associate inner subnet private",
	NULL,
};

/* ---- looking ---- */

static const struct graph_node *find_below(const struct graph_node *node, enum graph_kind kind,
					   const char *name)
{
	if (node->kind == kind && strcmp(node->name, name) == 0)
		return node;
	for (size_t i = 0; i < node->n_child; i++) {
		const struct graph_node *found = find_below(node->child[i], kind, name);

		if (found)
			return found;
	}
	return NULL;
}

static const struct graph_node *find(const struct graph *graph, enum graph_kind kind,
				     const char *name)
{
	const struct graph_node *found = find_below(graph->internet, kind, name);

	for (size_t i = 0; !found && i < graph->n_vpc; i++)
		found = find_below(graph->vpc[i], kind, name);
	if (!found)
		test_fail("%s is not in the graph", name);
	return found;
}

static bool has_fact(const struct graph_node *node, const char *fact)
{
	for (size_t i = 0; i < node->n_fact; i++)
		if (strcmp(node->fact[i], fact) == 0)
			return true;
	return false;
}

static bool has_edge(const struct graph *graph, enum graph_edge_kind kind,
		     const struct graph_node *from, const struct graph_node *to, const char *label)
{
	for (size_t i = 0; i < graph->n_edge; i++) {
		const struct graph_edge *edge = &graph->edge[i];

		if (edge->kind == kind && edge->from == from && edge->to == to &&
		    strcmp(edge->label, label) == 0)
			return true;
	}
	return false;
}

/* ---- the structure ---- */

TEST(everything_stands_where_it_belongs)
{
	struct model *m = model_new();
	const struct graph_node *vpc, *nat;
	struct graph graph;

	say_all(m, two_gateways);
	graph_make(&graph, m);
	CHECK_INT(graph.n_vpc, 1);
	vpc = graph.vpc[0];
	CHECK(find(&graph, GRAPH_INTERNET_HOST, "client")->parent == graph.internet);
	CHECK(has_fact(find(&graph, GRAPH_INTERNET_HOST, "client"), "www.example.com"));
	CHECK(has_fact(find(&graph, GRAPH_ADDRESS, "EIP1"), "-> NAT1"));
	CHECK(has_fact(find(&graph, GRAPH_ADDRESS, "EIP3"), "not associated"));
	nat = find(&graph, GRAPH_GATEWAY, "NAT2");
	CHECK(nat->parent == vpc);
	CHECK_STR(nat->fact[0], "192.168.2.2 in VSW2");
	CHECK(find(&graph, GRAPH_DNAT, "dnat1")->parent == nat);
	CHECK_STR(find(&graph, GRAPH_DNAT, "dnat1")->fact[0], "DNAT tcp EIP2:80 -> ECS2:8080");
	CHECK_STR(find(&graph, GRAPH_SNAT, "snat1")->fact[0], "SNAT VSW1 -> EIP1");
	CHECK(find(&graph, GRAPH_HOST, "ECS1")->parent == find(&graph, GRAPH_VSWITCH, "VSW1"));
	CHECK(has_fact(find(&graph, GRAPH_HOST, "ECS1"), "group VPC1/default"));
	graph_free(&graph);
	model_free(m);
}

TEST(lines_lead_from_the_vswitch_to_the_internet)
{
	struct model *m = model_new();
	const struct graph_node *table, *nat;
	struct graph graph;

	say_all(m, two_gateways);
	graph_make(&graph, m);
	table = find(&graph, GRAPH_ROUTE_TABLE, "VTB2");
	nat = find(&graph, GRAPH_GATEWAY, "NAT2");
	CHECK(has_edge(&graph, GRAPH_USES, find(&graph, GRAPH_VSWITCH, "VSW2"), table, ""));
	CHECK(has_edge(&graph, GRAPH_VIA, table, nat, "0.0.0.0/0"));
	CHECK(has_edge(&graph, GRAPH_PUBLIC, find(&graph, GRAPH_ADDRESS, "EIP2"), nat, ""));
	CHECK(has_edge(&graph, GRAPH_FORWARDS, nat, find(&graph, GRAPH_HOST, "ECS2"), "dnat1"));
	graph_free(&graph);

	/* What nothing is routed by leads nowhere. */
	say(m, "route-table disassociate VTB2 vswitch VSW2");
	graph_make(&graph, m);
	table = find(&graph, GRAPH_ROUTE_TABLE, "VTB2");
	CHECK(has_fact(table, "no vSwitch uses it"));
	CHECK(!has_edge(&graph, GRAPH_VIA, table, find(&graph, GRAPH_GATEWAY, "NAT2"),
			"0.0.0.0/0"));
	graph_free(&graph);
	model_free(m);
}

TEST(aws_words_and_a_gateway_behind_a_gateway)
{
	struct model *m = model_new();
	const struct graph_node *nat, *igw;
	struct graph graph;

	say_all(m, aws);
	graph_make(&graph, m);
	nat = find(&graph, GRAPH_GATEWAY, "NAT1");
	igw = find(&graph, GRAPH_GATEWAY, "IGW1");
	CHECK_STR(find(&graph, GRAPH_VSWITCH, "private")->word, "subnet");
	CHECK(has_edge(&graph, GRAPH_PUBLIC, graph.internet, igw, ""));
	CHECK(has_edge(&graph, GRAPH_VIA, nat, igw, ""));
	CHECK(find(&graph, GRAPH_GATEWAY, "IGW2")->parent == graph.internet);
	graph_free(&graph);

	say(m, "nat-gateway delete NAT1");
	graph_make(&graph, m);
	CHECK(has_fact(find(&graph, GRAPH_ROUTE_TABLE, "inner")->child[0], "gone: blackhole"));
	graph_free(&graph);
	model_free(m);
}

TEST(an_interface_and_a_static_address)
{
	struct model *m = model_new();
	struct graph graph;

	say_all(m, two_gateways);
	say(m, "eni create ENI1 vswitch VSW2");
	say(m, "ecs create ECS3 vswitch VSW1 public-ip 203.0.113.77");
	graph_make(&graph, m);
	CHECK(has_fact(find(&graph, GRAPH_ENI, "ENI1"), "attached to nothing"));
	CHECK(has_fact(find(&graph, GRAPH_HOST, "ECS3"), "public 203.0.113.77"));
	CHECK(has_edge(&graph, GRAPH_PUBLIC, find(&graph, GRAPH_ADDRESS, "203.0.113.77"),
		       find(&graph, GRAPH_HOST, "ECS3"), ""));
	graph_free(&graph);
	say(m, "eni attach ENI1 ecs ECS1");
	graph_make(&graph, m);
	CHECK(has_fact(find(&graph, GRAPH_ENI, "ENI1"), "eth1 of ECS1"));
	CHECK(has_fact(find(&graph, GRAPH_HOST, "ECS1"), "eth1 = ENI1"));
	graph_free(&graph);
	model_free(m);
}

/* ---- long lists ---- */

static void say_hosts(struct model *m, const char *vswitch, unsigned first, unsigned last)
{
	for (unsigned i = first; i <= last; i++)
		sayf(m, "ecs create H%u vswitch %s", i, vswitch);
}

TEST(long_lists_are_folded_and_what_stands_out_is_not)
{
	struct model *m = model_new();
	const struct graph_node *vswitch, *rest;
	struct graph graph;

	say(m, "vpc create VPC1 cidr 10.0.0.0/8");
	say(m, "vswitch create VSW1 vpc VPC1 cidr 10.1.0.0/16");
	say_hosts(m, "VSW1", 1, GRAPH_LIST_MAX);
	graph_make(&graph, m);
	CHECK_INT(find(&graph, GRAPH_VSWITCH, "VSW1")->n_child, GRAPH_LIST_MAX);
	graph_free(&graph);

	say_hosts(m, "VSW1", GRAPH_LIST_MAX + 1, 1000);
	graph_make(&graph, m);
	vswitch = find(&graph, GRAPH_VSWITCH, "VSW1");
	CHECK_INT(vswitch->n_child, 1);
	rest = vswitch->child[0];
	CHECK_STR(rest->name, "H1 ... H1000");
	CHECK_INT(rest->stands_for, 1000);
	CHECK_STR(rest->fact[0], "(1,000 hosts)");
	CHECK(has_fact(rest, "group VPC1/default"));
	graph_free(&graph);

	/* A host with an address of its own is shown by itself, and lines to others end at the
	 * rest. */
	say(m, "quota eips 21");
	say(m, "eip create EIP1");
	say(m, "eip associate EIP1 ecs H500");
	say(m, "nat-gateway create NAT1 vpc VPC1 vswitch VSW1");
	for (unsigned i = 1; i <= 20; i++) {
		sayf(m, "eip create E%u", i);
		sayf(m, "eip associate E%u nat-gateway NAT1", i);
		sayf(m,
		     "dnat create d%u nat-gateway NAT1 eip E%u protocol tcp public-port 80 to H%u "
		     "private-port 80",
		     i, i, i);
	}
	graph_make(&graph, m);
	vswitch = find(&graph, GRAPH_VSWITCH, "VSW1");
	CHECK_INT(vswitch->n_child, GRAPH_LIST_MAX);
	rest = vswitch->child[vswitch->n_child - 1];
	CHECK_STR(rest->fact[0], "(993 more hosts)");
	CHECK(has_edge(&graph, GRAPH_FORWARDS, find(&graph, GRAPH_GATEWAY, "NAT1"), rest, "d20"));
	graph_free(&graph);
	model_free(m);
}

/* ---- the layout ---- */

/* One inside the other, or apart. */
static bool are_in_order(const struct layout_box *a, const struct layout_box *b)
{
	const bool apart = a->x + a->width <= b->x || b->x + b->width <= a->x ||
			   a->y + a->height <= b->y || b->y + b->height <= a->y;
	const bool inside = b->x > a->x && b->y > a->y && b->x + b->width < a->x + a->width &&
			    b->y + b->height < a->y + a->height;

	return apart || inside;
}

static bool is_inside(const struct layout_wire *wire, const struct layout_box *box)
{
	const int left = wire->x0 < wire->x1 ? wire->x0 : wire->x1,
		  right = wire->x0 + wire->x1 - left;
	const int top = wire->y0 < wire->y1 ? wire->y0 : wire->y1,
		  bottom = wire->y0 + wire->y1 - top;

	return right > box->x && left < box->x + box->width - 1 && bottom > box->y &&
	       top < box->y + box->height - 1;
}

static bool overlap(int a0, int a1, int b0, int b1)
{
	return (a0 > a1 ? a0 : a1) >= (b0 < b1 ? b0 : b1) &&
	       (b0 > b1 ? b0 : b1) >= (a0 < a1 ? a0 : a1);
}

/* Of two nets, where they may only cross: along each other for a while. */
static bool run_together(const struct layout_wire *a, const struct layout_wire *b)
{
	if (a->net == b->net)
		return false;
	if (a->x0 == a->x1 && b->x0 == b->x1)
		return a->x0 == b->x0 && overlap(a->y0, a->y1, b->y0, b->y1);
	return a->y0 == a->y1 && b->y0 == b->y1 && a->y0 == b->y0 &&
	       overlap(a->x0, a->x1, b->x0, b->x1);
}

static void check_layout(const struct layout *layout, int width)
{
	CHECK(layout->width <= width);
	for (size_t i = 0; i < layout->n_box; i++) {
		const struct layout_box *box = &layout->box[i];

		CHECK(box->x >= 0 && box->y >= 0 && box->x + box->width <= layout->width &&
		      box->y + box->height <= layout->height);
		for (size_t k = i + 1; k < layout->n_box; k++)
			if (!are_in_order(box, &layout->box[k]))
				test_fail("%s and %s overlap at width %d", box->node->name,
					  layout->box[k].node->name, width);
		for (size_t k = 0; !box->item && box->node->kind != GRAPH_VPC && k < layout->n_wire;
		     k++)
			if (is_inside(&layout->wire[k], box))
				test_fail("a line goes through %s at width %d", box->node->name,
					  width);
	}
	for (size_t i = 0; i < layout->n_wire; i++)
		for (size_t k = i + 1; k < layout->n_wire; k++)
			if (run_together(&layout->wire[i], &layout->wire[k]))
				test_fail("nets %u and %u run together at width %d",
					  layout->wire[i].net, layout->wire[k].net, width);
	for (size_t i = 0; i < layout->n_label; i++) {
		const struct layout_label *label = &layout->label[i];

		CHECK(label->x > 0 && label->x + (int)strlen(label->text) < layout->width);
		CHECK(label->y >= 0 && label->y < layout->height);
		for (size_t k = i + 1; k < layout->n_label; k++) {
			const struct layout_label *other = &layout->label[k];

			if (other->y == label->y &&
			    overlap(label->x, label->x + (int)strlen(label->text), other->x,
				    other->x + (int)strlen(other->text)))
				test_fail("%s and %s overlap at width %d", label->text, other->text,
					  width);
		}
	}
}

static void check_at_all_widths(const struct model *m)
{
	struct graph graph;

	graph_make(&graph, m);
	for (int width = 40; width <= 140; width++) {
		struct layout layout;

		layout_make(&layout, &graph, width);
		check_layout(&layout, width);
		layout_free(&layout);
	}
	graph_free(&graph);
}

TEST(boxes_never_overlap_and_lines_never_cross_them)
{
	const char *const *labs[] = { two_gateways, aws };

	for (size_t i = 0; i < ARRAY_SIZE(labs); i++) {
		struct model *m = model_new();

		say_all(m, labs[i]);
		check_at_all_widths(m);
		model_free(m);
	}
}

/* Names as long as they may be, more than goes side by side, gateways in several rows, and several
 * VPCs. */
TEST(nor_do_they_where_there_is_much)
{
	struct model *m = model_new();
	char name[129];

	memset(name, 'n', 128);
	name[128] = '\0';
	for (unsigned v = 1; v <= 3; v++) {
		sayf(m, "vpc create VPC%u cidr 10.%u.0.0/16", v, v);
		for (unsigned i = 1; i <= 5; i++) {
			sayf(m, "vswitch create VSW%u%u vpc VPC%u cidr 10.%u.%u.0/24", v, i, v, v,
			     i);
			sayf(m, "nat-gateway create NAT%u%u vpc VPC%u vswitch VSW%u%u", v, i, v, v,
			     i);
			sayf(m, "eip create EIP%u%u", v, i);
			sayf(m, "eip associate EIP%u%u nat-gateway NAT%u%u", v, i, v, i);
			sayf(m, "route-table create VTB%u%u vpc VPC%u", v, i, v);
		}
		for (unsigned i = 1; i <= 5; i++) {
			sayf(m,
			     "route create R%u%u table VTB%u%u to 0.0.0.0/0 via nat-gateway "
			     "NAT%u%u",
			     v, i, v, i, v, 6 - i);
			sayf(m,
			     "route create Q%u%u table VTB%u%u to 9.0.0.0/8 via nat-gateway NAT%u1",
			     v, i, v, i, v);
			if (i < v + 2)
				sayf(m, "route-table associate VTB%u%u vswitch VSW%u%u", v, i, v,
				     i);
		}
	}
	sayf(m, "ecs create %s vswitch VSW11 public-ip auto", name);
	check_at_all_widths(m);
	model_free(m);
}

TEST(an_empty_lab_is_drawn)
{
	struct model *m = model_new();

	check_at_all_widths(m);
	model_free(m);
}

/* ---- the formats ---- */

static char *draw(const struct model *m, enum picture_format format)
{
	const struct picture_style style = { .format = format, .title = "a<b>&\"c\"\n\033.lab" };
	struct text text = { 0 };

	picture_add(&text, m, &style);
	return text_take(&text);
}

TEST(the_same_lab_makes_the_same_picture)
{
	struct model *m = model_new();

	say_all(m, two_gateways);
	for (enum picture_format format = PICTURE_TEXT; format <= PICTURE_SVG; format++) {
		char *one = draw(m, format), *other = draw(m, format);

		CHECK_STR(one, other);
		free(one);
		free(other);
	}
	model_free(m);
}

TEST(no_format_lets_a_text_out_of_its_quotes)
{
	struct model *m = model_new();
	char *svg, *mermaid;

	say_all(m, two_gateways);
	svg = draw(m, PICTURE_SVG);
	mermaid = draw(m, PICTURE_MERMAID);
	CHECK(strstr(svg, "<title>a&#60;b&#62;&#38;&#34;c&#34;\\x0a\\x1b.lab</title>"));
	CHECK(strstr(svg, "-&#62; NAT1"));
	CHECK(strstr(mermaid, "-#62; NAT1"));
	free(svg);
	free(mermaid);
	model_free(m);
}
