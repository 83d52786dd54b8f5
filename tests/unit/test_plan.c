/* SPDX-License-Identifier: GPL-3.0-only */
/* Plans: which steps lead from one wanted state to another, and that they really do. */
#include "test.h"

#include "core/base/text.h"
#include "core/state/plan.h"
#include "wanted_helper.h"

/* A plan as text, a step a line: "+ route 0.0.0.0/0 in A". */
static char *plan_text(struct wanted *from, struct wanted *to)
{
	static const char sign[] = { [STEP_ADD] = '+', [STEP_CHANGE] = '~', [STEP_DELETE] = '-' };
	struct text text = { 0 };
	struct plan plan;
	char what[OBJECT_TEXT_SIZE];

	if (from)
		wanted_sort(from);
	wanted_sort(to);
	plan_make(&plan, from, to);
	for (size_t i = 0; i < plan.n_step; i++) {
		const struct step *step = &plan.step[i];

		CHECK_INT(step->action == STEP_DELETE, i < plan.n_delete);
		CHECK_INT(step->before != NULL, step->action != STEP_ADD);
		CHECK_INT(step->after != NULL, step->action != STEP_DELETE);
		text_addf(&text, "%c %s\n", sign[step->action],
			  object_describe(step_object(step), what));
	}
	plan_free(&plan);
	text_add(&text, "");
	return text_take(&text);
}

static void check_plan(struct wanted *from, struct wanted *to, const char *want)
{
	char *got = plan_text(from, to);

	CHECK_STR(got, want);
	free(got);
	if (from)
		wanted_free(from);
	wanted_free(to);
}

/* A router with one guest. */
static void add_guest(struct wanted *wanted, const char *name, const char *address)
{
	char host[PREFIX_TEXT_SIZE];

	snprintf(host, sizeof(host), "%s/32", address);
	want_netns(wanted, name, NETNS_HOST);
	want_veth(wanted, "R", name, name, "eth0", 1);
	want_address(wanted, name, "eth0", address, 24);
	want_route(wanted, name, 254, "0.0.0.0/0", "eth0", "10.0.0.253");
	want_route(wanted, "R", 254, host, name, NULL);
}

static void add_router(struct wanted *wanted)
{
	want_netns(wanted, "R", NETNS_ROUTER);
	want_address(wanted, "R", "lo", "10.0.0.253", 32);
}

TEST(the_first_plan_adds_everything)
{
	struct wanted to = { 0 };

	add_guest(&to, "A", "10.0.0.1");
	add_router(&to);
	want_file(&to, "/run/vpclab/hosts", "x");
	want_process(&to, "A", "web", true, WORDS("web"));
	check_plan(NULL, &to,
		   "+ network namespace A\n"
		   "+ network namespace R\n"
		   "+ link A of R to eth0 of A\n"
		   "+ address 10.0.0.1/24 on eth0 in A\n"
		   "+ address 10.0.0.253/32 on lo in R\n"
		   "+ route 0.0.0.0/0 in A\n"
		   "+ route 10.0.0.1/32 in R\n"
		   "+ file /run/vpclab/hosts\n"
		   "+ service web on A\n");
}

TEST(nothing_changed_is_no_step)
{
	struct wanted from = { 0 }, to = { 0 };

	add_router(&from);
	add_guest(&from, "A", "10.0.0.1");
	add_guest(&to, "A", "10.0.0.1");
	add_router(&to);
	check_plan(&from, &to, "");
}

TEST(empty_plans)
{
	struct wanted from = { 0 }, to = { 0 };

	check_plan(NULL, &to, "");
	check_plan(&from, &to, "");
}

TEST(one_guest_more)
{
	struct wanted from = { 0 }, to = { 0 };

	add_router(&from);
	add_guest(&from, "A", "10.0.0.1");
	add_router(&to);
	add_guest(&to, "A", "10.0.0.1");
	add_guest(&to, "B", "10.0.0.2");
	check_plan(&from, &to,
		   "+ network namespace B\n"
		   "+ link B of R to eth0 of B\n"
		   "+ address 10.0.0.2/24 on eth0 in B\n"
		   "+ route 0.0.0.0/0 in B\n"
		   "+ route 10.0.0.2/32 in R\n");
}

/* Its link has an end that stays; the rest goes with the namespace, or with the link. */
TEST(one_guest_less)
{
	struct wanted from = { 0 }, to = { 0 };

	add_router(&from);
	add_guest(&from, "A", "10.0.0.1");
	want_process(&from, "A", "web", true, WORDS("web"));
	want_set(&from, "A", "s");
	want_element(&from, "A", "s", "10.0.0.1");
	add_router(&to);
	check_plan(&from, &to,
		   "- link A of R to eth0 of A\n"
		   "- network namespace A\n");
}

TEST(everything_goes)
{
	struct wanted from = { 0 }, to = { 0 };

	add_router(&from);
	add_guest(&from, "A", "10.0.0.1");
	want_file(&from, "/x", "");
	check_plan(&from, &to,
		   "- file /x\n"
		   "- network namespace R\n"
		   "- network namespace A\n");
}

TEST(deletions_come_first_in_reverse_order)
{
	struct wanted from = { 0 }, to = { 0 };

	want_netns(&from, "R", NETNS_ROUTER);
	want_route(&from, "R", 7, "10.1.0.0/16", NULL, NULL);
	want_rule(&from, "R", 10, NULL, 1, 7);
	want_set(&from, "R", "old");
	want_chain(&from, "R", "old", false);
	want_netns(&to, "R", NETNS_ROUTER);
	want_route(&to, "R", 8, "10.1.0.0/16", NULL, NULL);
	want_rule(&to, "R", 11, NULL, 1, 8);
	want_set(&to, "R", "new");
	check_plan(&from, &to,
		   "- nft chain old in R\n"
		   "- nft set old in R\n"
		   "- routing rule 10 in R\n"
		   "- route 10.1.0.0/16 of table 7 in R\n"
		   "+ route 10.1.0.0/16 of table 8 in R\n"
		   "+ routing rule 11 in R\n"
		   "+ nft set new in R\n");
}

TEST(what_can_be_changed_in_place_is)
{
	struct wanted from = { 0 }, to = { 0 };

	want_netns(&from, "R", NETNS_ROUTER);
	want_netns(&to, "R", NETNS_ROUTER);
	to.object[0].netns_.udp_timeout = 60;
	want_route(&from, "R", 7, "10.1.0.0/16", NULL, NULL);
	want_route(&to, "R", 7, "10.1.0.0/16", "lo", NULL);
	want_set(&from, "R", "s");
	want_set(&to, "R", "s");
	want_chain(&from, "R", "c", false);
	want_chain(&to, "R", "c", true);
	want_element(&from, "R", "s", "10.0.0.1");
	want_element(&to, "R", "s", "10.0.0.1");
	to.object[to.n_object - 1].element.data.port = 80;
	want_file(&from, "/x", "one");
	want_file(&to, "/x", "two");
	check_plan(&from, &to,
		   "~ network namespace R\n"
		   "~ route 10.1.0.0/16 of table 7 in R\n"
		   "~ nft chain c in R\n"
		   "~ element of nft set s in R\n"
		   "~ file /x\n");
}

TEST(what_cannot_be_changed_in_place_is_replaced)
{
	struct wanted from = { 0 }, to = { 0 };

	want_netns(&from, "R", NETNS_ROUTER);
	want_netns(&to, "R", NETNS_ROUTER);
	want_rule(&from, "R", 10, NULL, 1, 7);
	want_rule(&to, "R", 10, NULL, 1, 8);
	want_process(&from, "R", "p", false, WORDS("a"));
	want_process(&to, "R", "p", false, WORDS("b"));
	check_plan(&from, &to,
		   "- service p on R\n"
		   "- routing rule 10 in R\n"
		   "+ routing rule 10 in R\n"
		   "+ service p on R\n");
}

/* The kernel takes along what is on both of its ends; it has to come back although nothing in it
 * changed. */
TEST(a_replaced_link_gets_everything_back)
{
	struct wanted from = { 0 }, to = { 0 };

	add_router(&from);
	add_guest(&from, "A", "10.0.0.1");
	add_router(&to);
	add_guest(&to, "A", "10.0.0.1");
	for (size_t i = 0; i < to.n_object; i++)
		if (to.object[i].kind == OBJECT_VETH)
			to.object[i].veth.mac[5] = 9;
	check_plan(&from, &to,
		   "- link A of R to eth0 of A\n"
		   "+ link A of R to eth0 of A\n"
		   "+ address 10.0.0.1/24 on eth0 in A\n"
		   "+ route 0.0.0.0/0 in A\n"
		   "+ route 10.0.0.1/32 in R\n");
}

/* With the last address of a link the kernel drops its routes. */
TEST(a_link_that_loses_an_address_is_checked)
{
	struct wanted from = { 0 }, to = { 0 };

	add_router(&from);
	add_guest(&from, "A", "10.0.0.1");
	want_address(&from, "A", "eth0", "10.0.0.7", 24);
	add_router(&to);
	add_guest(&to, "A", "10.0.0.1");
	check_plan(&from, &to,
		   "- address 10.0.0.7/24 on eth0 in A\n"
		   "~ address 10.0.0.1/24 on eth0 in A\n"
		   "~ route 0.0.0.0/0 in A\n");
}

TEST(elements_go_with_their_set)
{
	struct wanted from = { 0 }, to = { 0 };

	want_netns(&from, "R", NETNS_ROUTER);
	want_netns(&to, "R", NETNS_ROUTER);
	want_set(&from, "R", "s");
	want_element(&from, "R", "s", "10.0.0.1");
	want_set(&from, "R", "t");
	want_set(&to, "R", "t");
	want_element(&from, "R", "t", "10.0.0.1");
	check_plan(&from, &to,
		   "- element of nft set t in R\n"
		   "- nft set s in R\n");
}

/*
 * The rest by trial: random states, and a kernel of our own that knows what takes what along. After
 * the steps exactly what is wanted has to be there, and no step may add what is there or delete
 * what is not.
 */
struct sandbox {
	const struct object *object[256];
	size_t n_object;
	bool is_grim; /* with an address everything on its link goes; it depends on more than we
			 know, so both are tried */
};

static size_t sandbox_find(const struct sandbox *sandbox, const struct object *object)
{
	size_t i = 0;

	while (i < sandbox->n_object && object_compare_key(sandbox->object[i], object) != 0)
		i++;
	return i;
}

static bool goes_with_link(const struct object *object, const char *netns, const char *link)
{
	if (strcmp(object->netns, netns) != 0)
		return false;
	return (object->kind == OBJECT_ADDRESS && strcmp(object->address.link, link) == 0) ||
	       (object->kind == OBJECT_ROUTE && object->route.link &&
		strcmp(object->route.link, link) == 0);
}

static bool goes_with(const struct sandbox *sandbox, const struct object *object,
		      const struct object *gone)
{
	if (gone->kind == OBJECT_NETNS)
		return strcmp(object->netns, gone->netns) == 0 ||
		       (object->kind == OBJECT_VETH &&
			strcmp(object->veth.peer_netns, gone->netns) == 0);
	if (gone->kind == OBJECT_VETH)
		return goes_with_link(object, gone->netns, gone->veth.link) ||
		       goes_with_link(object, gone->veth.peer_netns, gone->veth.peer_link);
	if (gone->kind == OBJECT_ADDRESS)
		return sandbox->is_grim && goes_with_link(object, gone->netns, gone->address.link);
	return gone->kind == OBJECT_NFT_SET && object->kind == OBJECT_NFT_ELEMENT &&
	       strcmp(object->netns, gone->netns) == 0 &&
	       strcmp(object->element.set, gone->set.name) == 0;
}

static void sandbox_remove(struct sandbox *sandbox, const struct object *gone)
{
	bool again = true;

	while (again) {
		again = false;
		for (size_t i = 0; i < sandbox->n_object && !again; i++) {
			const struct object *object = sandbox->object[i];

			if (object_compare_key(object, gone) != 0 &&
			    !goes_with(sandbox, object, gone))
				continue;
			sandbox->object[i] = sandbox->object[--sandbox->n_object];
			again = true;
			if (object->kind == OBJECT_VETH && gone->kind == OBJECT_NETNS)
				sandbox_remove(sandbox, object);
		}
	}
}

static void sandbox_put(struct sandbox *sandbox, const struct object *object)
{
	size_t i = sandbox_find(sandbox, object);

	CHECK(i < ARRAY_SIZE(sandbox->object));
	sandbox->object[i] = object;
	sandbox->n_object += i == sandbox->n_object;
}

static void sandbox_step(struct sandbox *sandbox, const struct step *step)
{
	bool is_there = sandbox_find(sandbox, step_object(step)) < sandbox->n_object;
	char what[OBJECT_TEXT_SIZE];

	object_describe(step_object(step), what);
	if (step->action == STEP_DELETE) {
		if (!is_there && !(sandbox->is_grim && step->before->kind == OBJECT_ADDRESS))
			test_fail("%s is to be deleted and is not there", what);
		sandbox_remove(sandbox, step->before);
		return;
	}
	if (step->action == STEP_ADD && is_there)
		test_fail("%s is to be added and is there already", what);
	sandbox_put(sandbox, step->after);
}

static unsigned pick(unsigned n)
{
	return (unsigned)rand() % n;
}

/* Sparse, and from few names, so that much of one state is in the other. */
static void random_state(struct wanted *wanted)
{
	static const char *const names[] = { "A", "B", "C" };
	bool up[3];

	for (int i = 0; i < 3; i++) {
		up[i] = pick(4) != 0;
		if (up[i])
			want_netns(wanted, names[i], pick(2));
	}
	for (int i = 0; i < 3; i++) {
		bool linked = up[i] && up[(i + 1) % 3] && pick(3);

		if (linked) {
			want_veth(wanted, names[i], "down", names[(i + 1) % 3], "up",
				  (uint8_t)pick(2));
			if (pick(2))
				want_address(wanted, names[i], "down", "10.0.0.1",
					     (uint8_t)(24 + pick(2)));
			if (pick(2))
				want_address(wanted, names[i], "down", "10.0.0.2", 24);
			if (pick(2))
				want_route(wanted, names[i], 254, "10.1.0.0/16", "down",
					   pick(2) ? "!10.9.9.9" : NULL);
			if (pick(2))
				want_route(wanted, names[(i + 1) % 3], 254, "10.2.0.0/16", "up",
					   NULL);
		} else if (up[i] && pick(2)) {
			want_route(wanted, names[i], 254, "10.1.0.0/16", NULL, NULL);
		}
		if (up[i] && pick(2)) {
			want_set(wanted, names[i], "s");
			if (pick(2))
				want_element(wanted, names[i], "s", "10.0.0.1");
		}
		if (up[i] && pick(2))
			want_process(wanted, names[i], "p", pick(2), WORDS("p"));
	}
	wanted_sort(wanted);
}

TEST(steps_lead_to_what_is_wanted)
{
	srand(1);
	for (int round = 0; round < 3000; round++) {
		struct wanted from = { 0 }, to = { 0 };
		struct sandbox sandbox = { .is_grim = round % 2 };
		struct plan plan;

		random_state(&from);
		random_state(&to);
		for (size_t i = 0; i < from.n_object; i++)
			sandbox_put(&sandbox, &from.object[i]);
		plan_make(&plan, &from, &to);
		for (size_t i = 0; i < plan.n_step; i++)
			sandbox_step(&sandbox, &plan.step[i]);
		CHECK_INT(sandbox.n_object, to.n_object);
		for (size_t i = 0; i < to.n_object; i++) {
			size_t at = sandbox_find(&sandbox, &to.object[i]);

			CHECK(at < sandbox.n_object);
			CHECK(object_equal(sandbox.object[at], &to.object[i]));
		}
		plan_free(&plan);
		wanted_free(&from);
		wanted_free(&to);
	}
}
