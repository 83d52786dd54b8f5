/* SPDX-License-Identifier: GPL-3.0-only */
/* Wanted objects: their order, when two are equal, and what they are called. */
#include "test.h"

#include <signal.h>

#include "wanted_helper.h"

static void add_one_of_each(struct wanted *wanted)
{
	want_process(wanted, "A", "web", true, WORDS("vpclab-service", "http"));
	want_file(wanted, "/run/vpclab/hosts", "127.0.0.1 localhost\n");
	want_element(wanted, "A", "clients", "10.0.0.1");
	want_chain(wanted, "A", "forward", true);
	want_set(wanted, "A", "clients");
	want_rule(wanted, "A", 100, "VSW1", 0, 7);
	want_route(wanted, "A", 254, "0.0.0.0/0", "eth0", "10.0.0.253");
	want_address(wanted, "A", "eth0", "10.0.0.1", 24);
	want_veth(wanted, "A", "B", "B", "eth0", 1);
	want_netns(wanted, "A", NETNS_ROUTER);
}

TEST(are_sorted_by_kind)
{
	struct wanted wanted = { 0 };

	add_one_of_each(&wanted);
	wanted_sort(&wanted);
	CHECK_INT(wanted.n_object, 10);
	for (size_t i = 0; i < wanted.n_object; i++)
		CHECK_INT(wanted.object[i].kind, i);
	wanted_free(&wanted);
	CHECK_INT(wanted.n_object, 0);
}

TEST(are_sorted_by_namespace_and_key)
{
	static const char *const want[] = { "route 0.0.0.0/0 in A", "route 10.0.0.0/8 in A",
					    "route 10.0.0.0/16 in A",
					    "route 10.0.0.0/8 of table 300 in A",
					    "route 10.0.0.0/8 of table 7 in B" };
	struct wanted wanted = { 0 };
	char text[OBJECT_TEXT_SIZE];

	want_route(&wanted, "B", 7, "10.0.0.0/8", NULL, NULL);
	want_route(&wanted, "A", 300, "10.0.0.0/8", NULL, NULL);
	want_route(&wanted, "A", 254, "10.0.0.0/16", NULL, NULL);
	want_route(&wanted, "A", 254, "0.0.0.0/0", NULL, NULL);
	want_route(&wanted, "A", 254, "10.0.0.0/8", NULL, NULL);
	wanted_sort(&wanted);
	for (size_t i = 0; i < ARRAY_SIZE(want); i++)
		CHECK_STR(object_describe(&wanted.object[i], text), want[i]);
	wanted_free(&wanted);
}

TEST(rules_differ_by_priority_interface_and_mark)
{
	struct wanted wanted = { 0 };

	want_rule(&wanted, "A", 10, NULL, 0, 1);
	want_rule(&wanted, "A", 10, "x", 0, 1);
	want_rule(&wanted, "A", 10, "x", 5, 1);
	want_rule(&wanted, "A", 9, "y", 5, 1);
	wanted_sort(&wanted); /* asserts that the keys differ */
	CHECK_INT(wanted.object[0].rule.priority, 9);
	CHECK(!wanted.object[1].rule.iif);
	CHECK_INT(wanted.object[3].rule.mark, 5);
	wanted_free(&wanted);
}

TEST(the_same_key_twice_is_a_bug)
{
	struct wanted wanted = { 0 };
	int status;
	pid_t pid;

	want_address(&wanted, "A", "eth0", "10.0.0.1", 24);
	want_address(&wanted, "A", "eth0", "10.0.0.1", 16);
	fflush(stdout);
	pid = fork();
	if (pid == 0) {
		fclose(stderr);
		wanted_sort(&wanted);
		_exit(0);
	}
	CHECK_INT(waitpid(pid, &status, 0), pid);
	CHECK(WIFSIGNALED(status) && WTERMSIG(status) == SIGABRT);
	wanted_free(&wanted);
}

TEST(the_name_of_the_namespace_is_copied)
{
	struct wanted wanted = { 0 };
	char name[] = "ECS1";

	want_netns(&wanted, name, NETNS_HOST);
	want_address(&wanted, name, "eth0", "10.0.0.1", 24);
	name[3] = '2';
	want_netns(&wanted, name, NETNS_HOST);
	CHECK_STR(wanted.object[0].netns, "ECS1");
	CHECK_STR(wanted.object[2].netns, "ECS2");
	CHECK(wanted.object[0].netns == wanted.object[1].netns);
	wanted_free(&wanted);
}

/* For each kind: equal to a twin, and not equal any more after one change that leaves the key as it
 * is. */
TEST(equality_sees_every_change)
{
	static const char *const other_words[] = { "vpclab-service", "http", "--port", NULL };

	for (int kind = OBJECT_NETNS; kind <= OBJECT_PROCESS; kind++) {
		struct wanted one = { 0 }, two = { 0 };
		struct object *changed;

		add_one_of_each(&one);
		add_one_of_each(&two);
		wanted_sort(&one);
		wanted_sort(&two);
		CHECK(object_equal(&one.object[kind], &two.object[kind]));

		changed = &two.object[kind];
		switch (changed->kind) {
		case OBJECT_NETNS:
			changed->netns_.udp_timeout = 60;
			break;
		case OBJECT_VETH:
			changed->veth.mac[5]++;
			break;
		case OBJECT_ADDRESS:
			changed->address.length = 16;
			break;
		case OBJECT_ROUTE:
			changed->route.onlink = true;
			break;
		case OBJECT_RULE:
			changed->rule.table = 8;
			break;
		case OBJECT_NFT_SET:
			changed->set.data = NFT_MAP_ADDRESS;
			break;
		case OBJECT_NFT_CHAIN:
			changed->chain.policy_drop = false;
			break;
		case OBJECT_NFT_ELEMENT:
			changed->element.data.address = 1;
			break;
		case OBJECT_FILE:
			changed->file.content = "";
			break;
		case OBJECT_PROCESS:
			changed->process.argv = other_words;
			break;
		}
		CHECK_INT(object_compare_key(&one.object[kind], &two.object[kind]), 0);
		if (object_equal(&one.object[kind], &two.object[kind]))
			test_fail("a changed object of kind %d counts as equal", kind);
		wanted_free(&one);
		wanted_free(&two);
	}
}

TEST(equality_of_routes_and_links)
{
	struct wanted wanted = { 0 };

	want_route(&wanted, "A", 1, "10.0.0.0/8", "eth0", "10.0.0.1");
	want_route(&wanted, "A", 1, "10.0.0.0/8", "eth1", "10.0.0.1");
	want_route(&wanted, "A", 1, "10.0.0.0/8", "eth0", NULL);
	want_route(&wanted, "A", 1, "10.0.0.0/8", NULL, NULL);
	for (size_t i = 0; i < 4; i++)
		for (size_t j = 0; j < 4; j++)
			CHECK_INT(object_equal(&wanted.object[i], &wanted.object[j]), i == j);
	want_veth(&wanted, "A", "B", "B", "eth0", 1);
	want_veth(&wanted, "A", "B", "C", "eth0", 1);
	want_veth(&wanted, "A", "B", "B", "eth1", 1);
	for (size_t i = 4; i < 7; i++)
		for (size_t j = 4; j < 7; j++)
			CHECK_INT(object_equal(&wanted.object[i], &wanted.object[j]), i == j);
	wanted_free(&wanted);
}

TEST(equality_of_processes_looks_at_every_word)
{
	const struct {
		const char *const *a, *const *b;
		bool equal;
	} cases[] = {
		{ WORDS("a", "b"), WORDS("a", "b"), true },
		{ WORDS("a", "b"), WORDS("a", "c"), false },
		{ WORDS("a", "b"), WORDS("a"), false },
		{ WORDS("a"), WORDS("a", "b"), false },
	};

	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		struct wanted wanted = { 0 };

		want_process(&wanted, "A", "p", false, cases[i].a);
		want_process(&wanted, "A", "p", false, cases[i].b);
		CHECK_INT(object_equal(&wanted.object[0], &wanted.object[1]), cases[i].equal);
		wanted_free(&wanted);
	}
}

TEST(a_range_is_one_kind_in_one_namespace)
{
	struct wanted wanted = { 0 };
	const struct object *first;
	size_t n;

	CHECK(!wanted_range(&wanted, OBJECT_NETNS, "A", &n));
	want_netns(&wanted, "A", NETNS_HOST);
	for (int i = 0; i < 5; i++) {
		static const char *const netns[] = { "A", "B", "C", "D", "E" };

		for (int j = 0; j < i; j++) {
			static const char *const link[] = { "eth0", "eth1", "eth2", "eth3" };

			want_address(&wanted, netns[i], link[j], "10.0.0.1", 24);
		}
	}
	wanted_sort(&wanted);
	first = wanted_range(&wanted, OBJECT_ADDRESS, "D", &n);
	CHECK(first);
	CHECK_INT(n, 3);
	CHECK_STR(first->address.link, "eth0");
	CHECK_STR(first[2].netns, "D");
	CHECK(!wanted_range(&wanted, OBJECT_ADDRESS, "A", &n));
	CHECK_INT(n, 0);
	CHECK(!wanted_range(&wanted, OBJECT_ADDRESS, "Z", &n));
	CHECK(!wanted_range(&wanted, OBJECT_PROCESS, "A", &n));
	CHECK(wanted_range(&wanted, OBJECT_NETNS, "A", &n));
	CHECK_INT(n, 1);
	wanted_free(&wanted);
}

TEST(every_kind_has_a_name)
{
	static const char *const want[] = {
		"network namespace A",
		"link B of A to eth0 of B",
		"address 10.0.0.1/24 on eth0 in A",
		"route 0.0.0.0/0 in A",
		"routing rule 100 in A",
		"nft set clients in A",
		"nft chain forward in A",
		"element of nft set clients in A",
		"file /run/vpclab/hosts",
		"service web on A",
	};
	struct wanted wanted = { 0 };
	char text[OBJECT_TEXT_SIZE];

	add_one_of_each(&wanted);
	wanted_sort(&wanted);
	for (size_t i = 0; i < wanted.n_object; i++)
		CHECK_STR(object_describe(&wanted.object[i], text), want[i]);
	wanted_free(&wanted);
}
