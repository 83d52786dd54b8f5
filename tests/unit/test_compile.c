/* SPDX-License-Identifier: GPL-3.0-only */
/* The compiler alone: what kernel objects a model comes down to. No kernel, no privilege. */
#include "tests/unit/test.h"

#include "core/state/plan.h"
#include "lab/compile/compile.h"
#include "lab/compile/layout.h"
#include "lab/model/decision.h"
#include "tests/unit/say.h"
#include "tests/unit/wanted_find.h"

static struct error err;

#define OK(line) CHECK_STR(say(m, (line), &err) < 0 ? err.message : "", "")

/* The tutorial's network, without its entries. */
static struct model *network(void)
{
	struct model *m = model_new();

	OK("vpc create VPC1 cidr 192.168.0.0/16");
	OK("vswitch create VSW1 vpc VPC1 cidr 192.168.1.0/24");
	OK("ecs create ECS1 vswitch VSW1 ip 192.168.1.10");
	return m;
}

static size_t count(const struct wanted *wanted, enum object_kind kind, const char *netns)
{
	size_t n = 0;

	for (size_t i = 0; i < wanted->n_object; i++)
		n += wanted->object[i].kind == kind &&
		     (!netns || strcmp(wanted->object[i].netns, netns) == 0);
	return n;
}

TEST(a_node_is_a_namespace)
{
	struct model *m = network();
	struct wanted wanted;

	compile(m, &wanted);
	CHECK_INT(count(&wanted, OBJECT_NETNS, NULL), 4); /* internet, VPC1, VSW1, ECS1 */
	CHECK_INT(count(&wanted, OBJECT_VETH, NULL), 2);
	CHECK(find_route(&wanted, "ECS1", "0.0.0.0/0", "eth0"));
	CHECK(find_route(&wanted, "ECS1", "0.0.0.0/0", "eth0")->route.via ==
	      0xC0A801FDu); /* 192.168.1.253 */
	CHECK(find_route(&wanted, "VSW1", "192.168.1.10/32", "ECS1"));
	CHECK(find_route(&wanted, "VSW1", "192.168.1.0/24", NULL));
	wanted_free(&wanted);
	model_free(m);
}

TEST(the_public_gateway_exists_only_when_needed)
{
	struct model *m = network();
	struct wanted wanted;

	compile(m, &wanted);
	CHECK_INT(count(&wanted, OBJECT_NETNS, "VPC1@public"), 0);
	wanted_free(&wanted);

	OK("eip create EIP1 ip 203.0.113.9");
	OK("eip associate EIP1 ecs ECS1");
	compile(m, &wanted);
	CHECK_INT(count(&wanted, OBJECT_NETNS, "VPC1@public"), 1);
	CHECK(find_route(&wanted, "internet", "203.0.113.9/32", "VPC1"));
	wanted_free(&wanted);
	model_free(m);
}

/* "A change of one entry costs one entry in the kernel." */
TEST(one_more_dnat_entry_is_one_step)
{
	struct model *m = network();
	struct wanted before, after;
	struct plan plan;

	OK("nat-gateway create NAT1 vpc VPC1 vswitch VSW1");
	OK("eip create EIP1");
	OK("eip associate EIP1 nat-gateway NAT1");
	compile(m, &before);
	OK("dnat create dnat1 nat-gateway NAT1 eip EIP1 protocol tcp public-port 80 to ECS1 "
	   "private-port 8080");
	compile(m, &after);
	plan_make(&plan, &before, &after);
	CHECK_INT(plan.n_step, 1);
	CHECK_INT(plan.step[0].action, STEP_ADD);
	CHECK_INT(plan.step[0].after->kind, OBJECT_NFT_ELEMENT);
	CHECK_STR(plan.step[0].after->element.set, "dnat_port");
	CHECK_INT(plan.step[0].after->element.data.port, 8080);
	plan_free(&plan);
	wanted_free(&before);
	wanted_free(&after);
	model_free(m);
}

TEST(an_unchanged_model_needs_no_step)
{
	struct model *m = network();
	struct wanted before, after;
	struct plan plan;

	compile(m, &before);
	compile(m, &after);
	plan_make(&plan, &before, &after);
	CHECK_INT(plan.n_step, 0);
	plan_free(&plan);
	wanted_free(&before);
	wanted_free(&after);
	model_free(m);
}

TEST(long_names_give_short_and_distinct_links)
{
	struct resource a = { .name = (char[]){ "a-name-that-is-too-long-for-a-link" }, .id = 7 };
	struct resource b = { .name = (char[]){ "a-name-that-is-too-long-for-a-link2" },
			      .id = 1000008 };
	struct resource lo = { .name = (char[]){ "lo" }, .id = 3 };
	char x[LINK_NAME_SIZE], y[LINK_NAME_SIZE];

	CHECK(strcmp(link_name(&a, x), link_name(&b, y)) != 0);
	CHECK(strlen(x) < LINK_NAME_SIZE && strlen(y) < LINK_NAME_SIZE);
	CHECK_STR(link_name(&lo, x), "lo~3");
}

TEST(every_object_says_what_it_is_a_part_of)
{
	struct model *m = network();
	struct wanted wanted;
	size_t n_eip = 0, n_both = 0;

	OK("vswitch create VSW2 vpc VPC1 cidr 192.168.2.0/24");
	OK("nat-gateway create NAT1 vpc VPC1 vswitch VSW1");
	OK("eip create EIP1");
	OK("eip create EIP10");
	OK("eip associate EIP1 nat-gateway NAT1");
	OK("snat create snat1 nat-gateway NAT1 source vswitch VSW1 eip EIP1");
	OK("ecs create ECS2 vswitch VSW2 public-ip auto");
	OK("eip associate EIP10 nat-gateway NAT1");
	OK("internet-host create client");
	OK("service start client http name web");
	compile(m, &wanted);
	for (size_t i = 0; i < wanted.n_object; i++) {
		const struct object *object = &wanted.object[i];
		char text[OBJECT_TEXT_SIZE];

		if (!object->origin)
			test_fail("%s has no origin", object_describe(object, text));
		n_eip += cookie_has(m, object->cookie, model_find(m, "EIP1"));
		n_both += cookie_has(m, object->cookie, model_find(m, "VSW2")) &&
			  cookie_has(m, object->cookie, model_find(m, "VPC1/system"));
		if (object->kind == OBJECT_PROCESS)
			CHECK_STR(object->origin,
				  object->process.n_socket ? "VPC VPC1" : "service client/web");
		if (object->kind == OBJECT_NETNS && strcmp(object->netns, "NAT1") == 0)
			CHECK_STR(object->origin, "NAT gateway NAT1");
	}
	CHECK_INT(n_eip, 2);  /* the route to it and its element, and nothing of EIP10's */
	CHECK_INT(n_both, 2); /* the route to the vSwitch in the table, and its rule */
	wanted_free(&wanted);
	model_free(m);
}

static const char *file_content(const struct wanted *wanted, const char *path)
{
	for (size_t i = 0; i < wanted->n_object; i++)
		if (wanted->object[i].kind == OBJECT_FILE &&
		    strcmp(wanted->object[i].file.path, path) == 0)
			return wanted->object[i].file.content;
	return NULL;
}

TEST(a_certificate_is_for_all_that_a_host_is_called)
{
	struct model *m = network();
	struct wanted wanted;

	OK("internet-host create site ip 198.51.100.7 dns a.example,b.example");
	OK("service start site https");
	OK("service start ECS1 https port 8443");
	compile(m, &wanted);
	CHECK_STR(file_content(&wanted, "/run/vpclab/names/site-443"),
		  "localhost\n127.0.0.1\nsite\na.example\nb.example\nsite.public\n198.51.100.7\n");
	CHECK_STR(file_content(&wanted, "/run/vpclab/names/ECS1-8443"),
		  "localhost\n127.0.0.1\nECS1\nECS1.public\n192.168.1.10\n");
	wanted_free(&wanted);
	model_free(m);
}
