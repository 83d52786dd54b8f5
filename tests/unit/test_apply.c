/* SPDX-License-Identifier: GPL-3.0-only */
/* Applying plans on a real kernel, in sandboxes of our own: what is wanted is there, works,
 * changes, and goes. */
#include "tests/unit/test.h"

#include "core/netlink/sysctl.h"
#include "tests/unit/apply_helper.h"

TEST(two_guests_talk_over_a_router)
{
	struct wanted to = { 0 };

	make_sandbox();
	add_two_guests(&to);
	go(NULL, &to, APPLY_EXACT);
	/* Guests share a prefix and nobody answers ARP: it works because nobody asks. */
	CHECK_INT(talk("A", "R", "10.0.0.253"), 0);
	want_route(&to, "A", 254, "10.0.0.2/32", "eth0", "10.0.0.253");
	CHECK_INT(talk("A", "B", "10.0.0.2"), 0);
	CHECK_INT(talk("B", "A", "10.0.0.1"), 0);
	CHECK(is_cut("A", "B", "10.0.0.3"));
	CHECK_INT(count_files("/run/netns"), 3);
	end_sandbox();
	wanted_free(&to);
}

TEST(a_guest_comes_and_goes)
{
	struct wanted two = { 0 }, three = { 0 }, two_again = { 0 };

	make_sandbox();
	add_two_guests(&two);
	add_two_guests(&three);
	add_guest(&three, "C", "10.0.0.3");
	add_two_guests(&two_again);
	go(NULL, &two, APPLY_EXACT);
	go(&two, &three, APPLY_EXACT);
	CHECK_INT(talk("A", "C", "10.0.0.3"), 0);
	CHECK(link_index("R", "C") > 0);
	go(&three, &two_again, APPLY_EXACT);
	CHECK_INT(link_index("R", "C"), 0);
	CHECK_INT(count_files("/run/netns"), 3);
	CHECK(is_cut("A", "B", "10.0.0.3"));
	CHECK_INT(talk("A", "B", "10.0.0.2"), 0);
	go(&two_again, &three, APPLY_EXACT);
	CHECK_INT(talk("C", "A", "10.0.0.1"), 0);
	end_sandbox();
	wanted_free(&two);
	wanted_free(&three);
	wanted_free(&two_again);
}

/* More than fits into one message batch, made and removed. */
TEST(many_guests_come_and_go)
{
	struct wanted many = { 0 }, one = { 0 }, none = { 0 };

	make_sandbox();
	add_many(&many, 40);
	add_many(&one, 1);
	go(NULL, &many, APPLY_EXACT);
	CHECK_INT(count_files("/run/netns"), 41);
	CHECK_INT(talk("G1", "G40", "10.0.0.40"), 0);
	CHECK_INT(talk("G17", "G33", "10.0.0.33"), 0);
	go(&many, &many, APPLY_TOLERANT);
	go(&many, &one, APPLY_EXACT);
	CHECK_INT(count_files("/run/netns"), 2);
	CHECK(link_index("R", "G1") > 0);
	CHECK_INT(link_index("R", "G2"), 0);
	CHECK_INT(link_index("R", "G40"), 0);
	go(&one, &none, APPLY_EXACT);
	CHECK_INT(count_files("/run/netns"), 0);
	end_sandbox();
	wanted_free(&many);
	wanted_free(&one);
	wanted_free(&none);
}

TEST(a_replaced_link_works_again)
{
	struct wanted from = { 0 }, to = { 0 };
	int before;

	make_sandbox();
	add_two_guests(&from);
	add_two_guests(&to);
	for (size_t i = 0; i < to.n_object; i++)
		if (to.object[i].kind == OBJECT_VETH)
			to.object[i].veth.mac[1] = 7;
	go(NULL, &from, APPLY_EXACT);
	before = link_index("R", "A");
	go(&from, &to, APPLY_EXACT);
	CHECK(link_index("R", "A") != before);
	CHECK_INT(talk("A", "B", "10.0.0.2"), 0);
	CHECK_STR(read_file("B", "/proc/sys/net/ipv4/conf/eth0/forwarding"), "0\n");
	end_sandbox();
	wanted_free(&from);
	wanted_free(&to);
}

/* The default route hangs on the address that goes, and is to stay. */
TEST(a_changed_address_keeps_the_routes)
{
	struct wanted from = { 0 }, to = { 0 };

	make_sandbox();
	add_two_guests(&from);
	add_router(&to);
	add_guest(&to, "A", "10.0.0.9");
	add_guest(&to, "B", "10.0.0.2");
	for (size_t i = 0; i < to.n_object; i++)
		if (to.object[i].kind == OBJECT_VETH && strcmp(to.object[i].veth.link, "A") == 0)
			to.object[i].veth.mac[5] = 1; /* the link stays */
	go(NULL, &from, APPLY_EXACT);
	go(&from, &to, APPLY_EXACT);
	CHECK_INT(talk("B", "A", "10.0.0.9"), 0);
	CHECK_INT(talk("A", "B", "10.0.0.2"), 0);
	CHECK_INT(talk("A", "R", "10.0.0.253"), 0);
	CHECK(is_cut("B", "A", "10.0.0.1"));
	end_sandbox();
	wanted_free(&from);
	wanted_free(&to);
}

/* Two routers in a row, a table for each way in, an onlink next hop, and a table that counts only
 * without its default. */
static void add_policy(struct wanted *wanted, bool open)
{
	want_netns(wanted, "A", NETNS_HOST);
	want_netns(wanted, "R", NETNS_ROUTER);
	want_netns(wanted, "B", NETNS_HOST);
	want_veth(wanted, "R", "A", "A", "eth0", 1);
	want_veth(wanted, "R", "B", "B", "eth0", 2);
	want_address(wanted, "A", "eth0", "10.1.0.1", 32);
	want_address(wanted, "B", "eth0", "10.2.0.1", 32);
	want_route(wanted, "A", 254, "0.0.0.0/0", "eth0", "!169.254.0.1");
	want_route(wanted, "B", 254, "0.0.0.0/0", "eth0", "!169.254.0.1");
	want_route(wanted, "R", 1000, "0.0.0.0/0", "A", NULL); /* would send everything back */
	want_route(wanted, "R", 1000, "10.0.0.0/8", NULL,
		   ">"); /* but for these, which the next rule is for */
	want_rule(wanted, "R", 50, NULL, 0, 1000);
	want_route(wanted, "R", 1001, "10.2.0.0/16", open ? "B" : NULL,
		   open ? "!169.254.0.1" : NULL);
	want_rule(wanted, "R", 100, "A", 0, 1001);
	want_route(wanted, "R", 1002, "10.1.0.0/16", "A", NULL);
	want_rule(wanted, "R", 100, "B", 0, 1002);
}

TEST(routing_by_interface)
{
	struct wanted open = { 0 }, closed = { 0 };

	make_sandbox();
	add_policy(&open, true);
	add_policy(&closed, false);
	go(NULL, &open, APPLY_EXACT);
	CHECK_INT(talk("A", "B", "10.2.0.1"), 0);
	CHECK_INT(talk("B", "A", "10.1.0.1"), 0);
	go(&open, &closed, APPLY_EXACT);
	CHECK(is_cut("A", "B", "10.2.0.1"));
	go(&closed, &open, APPLY_EXACT);
	CHECK_INT(talk("A", "B", "10.2.0.1"), 0);
	end_sandbox();
	wanted_free(&open);
	wanted_free(&closed);
}

TEST(nft_rules_change_with_what_is_wanted)
{
	struct wanted both = { 0 }, one = { 0 }, all = { 0 }, none = { 0 };

	make_sandbox();
	add_filter(&both, "10.0.0.1", "10.0.0.2", false);
	add_filter(&one, "10.0.0.1", NULL, false);
	add_filter(&all, NULL, NULL, true);
	add_two_guests(&none);
	go(NULL, &both, APPLY_EXACT);
	CHECK_INT(talk("A", "B", "10.0.0.2"), 0);
	go(&both, &one, APPLY_EXACT); /* an element less: the answers are dropped */
	CHECK(is_cut("A", "B", "10.0.0.2"));
	go(&one, &both, APPLY_EXACT);
	CHECK_INT(talk("A", "B", "10.0.0.2"), 0);
	go(&both, &one, APPLY_EXACT);
	go(&one, &all,
	   APPLY_EXACT); /* the policy of a chain cannot be changed while it is in use */
	CHECK_INT(talk("A", "B", "10.0.0.2"), 0);
	go(&all, &one, APPLY_TOLERANT);
	CHECK(is_cut("A", "B", "10.0.0.2"));
	go(&one, &none, APPLY_EXACT); /* no table any more */
	CHECK_INT(talk("A", "B", "10.0.0.2"), 0);
	go(&none, &both, APPLY_EXACT);
	CHECK_INT(talk("A", "B", "10.0.0.2"), 0);
	end_sandbox();
	wanted_free(&both);
	wanted_free(&one);
	wanted_free(&all);
	wanted_free(&none);
}

static void check_ipv6(const char *addresses)
{
	if (strstr(addresses, "eth0") || strstr(addresses, "fe80"))
		test_fail("an IPv6 address: %s", addresses);
}

TEST(settings_are_those_of_the_role)
{
	static const struct {
		const char *netns, *path, *want;
	} cases[] = {
		{ "R", "/proc/sys/net/ipv4/ip_forward", "1\n" },
		{ "A", "/proc/sys/net/ipv4/ip_forward", "0\n" },
		{ "B", "/proc/sys/net/ipv4/ip_forward", "0\n" },
		{ "R", "/proc/sys/net/ipv4/conf/A/rp_filter", "0\n" },
		{ "A", "/proc/sys/net/ipv4/conf/eth0/rp_filter", "0\n" },
		{ "A", "/proc/sys/net/ipv4/conf/all/rp_filter", "0\n" },
		{ "R", "/proc/sys/net/ipv4/conf/A/send_redirects", "0\n" },
		{ "R", "/proc/sys/net/ipv4/conf/all/send_redirects", "0\n" },
	};
	struct wanted to = { 0 };

	make_sandbox();
	add_two_guests(&to);
	go(NULL, &to, APPLY_EXACT);
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++)
		CHECK_STR(read_file(cases[i].netns, cases[i].path), cases[i].want);
	/* No link speaks IPv6 by itself: only lo has an address. */
	check_ipv6(read_file("A", "/proc/self/net/if_inet6"));
	check_ipv6(read_file("R", "/proc/self/net/if_inet6"));
	end_sandbox();
	wanted_free(&to);
}

#define IP_FORWARD "/proc/sys/net/ipv4/ip_forward"

/* In a namespace that has been born forwarding: 1 if it still is. */
static int forwards_after(struct sysctl_inherited *inherited, struct error *err)
{
	auto_fd int fd = open(IP_FORWARD, O_RDWR | O_CLOEXEC);
	char value = '?';
	int r;

	if (fd < 0 || write(fd, "1", 1) != 1)
		return error_set(err, -errno, IP_FORWARD ": %s", strerror(errno));
	r = sysctl_apply_role(&(struct netns_object){ .role = NETNS_HOST }, inherited, err);
	if (r < 0)
		return r;
	return pread(fd, &value, 1, 0) == 1 ? value == '1' : -EIO;
}

static int born_forwarding(void *arg, struct error *err)
{
	struct sysctl_inherited inherited = { 0 };

	if (unshare(CLONE_NEWNET) < 0)
		return error_set(err, -errno, "unshare: %s", strerror(errno));
	return forwards_after(*(const bool *)arg ? &inherited : NULL, err);
}

/* A namespace is born with the value that the machine has; what a user sets later is the user's. */
TEST(a_guest_begins_without_forwarding_on_every_machine)
{
	bool is_new = true, is_old = false;
	struct error err = { 0 };

	make_sandbox();
	CHECK_INT(sandbox_call(&sandbox, born_forwarding, &is_new, &err), 0);
	CHECK_INT(sandbox_call(&sandbox, born_forwarding, &is_old, &err), 1);
	end_sandbox();
}

TEST(connection_tracking_is_set_up_as_asked)
{
#define CONNTRACK "/proc/sys/net/netfilter/nf_conntrack_"
	struct wanted to = { 0 }, changed = { 0 };
	struct netns_object *settings;

	make_sandbox();
	add_filter(&to, "10.0.0.1", NULL, false);
	add_filter(&changed, "10.0.0.1", NULL, false);
	for (size_t i = 0; i < to.n_object; i++) {
		if (to.object[i].kind != OBJECT_NETNS || strcmp(to.object[i].netns, "R") != 0)
			continue;
		settings = &to.object[i].netns_;
		settings->tcp_established_timeout = 900;
		settings->udp_timeout = 60;
		settings->tcp_loose_off = true;
		changed.object[i].netns_ = *settings;
		changed.object[i].netns_.udp_timeout = 77;
	}
	go(NULL, &to, APPLY_EXACT);
	if (strcmp(read_file("R", CONNTRACK "udp_timeout"), "(none)") == 0)
		test_skip("no connection tracking");
	CHECK_STR(read_file("R", CONNTRACK "tcp_timeout_established"), "900\n");
	CHECK_STR(read_file("R", CONNTRACK "udp_timeout"), "60\n");
	CHECK_STR(read_file("R", CONNTRACK "udp_timeout_stream"), "60\n");
	CHECK_STR(read_file("R", CONNTRACK "tcp_loose"), "0\n");
	CHECK(strcmp(read_file("A", CONNTRACK "udp_timeout"), "60\n") != 0);
	go(&to, &changed, APPLY_EXACT);
	CHECK_STR(read_file("R", CONNTRACK "udp_timeout"), "77\n");
	end_sandbox();
	wanted_free(&to);
	wanted_free(&changed);
}

TEST(whatever_is_idle_ends_after_one_time)
{
	static const char *const timeouts[] = { CONNTRACK "tcp_timeout_established",
						CONNTRACK "tcp_timeout_close_wait",
						CONNTRACK "udp_timeout",
						CONNTRACK "udp_timeout_stream",
						CONNTRACK "icmp_timeout",
						CONNTRACK "generic_timeout" };
	struct wanted to = { 0 };

	make_sandbox();
	add_filter(&to, "10.0.0.1", NULL, false);
	for (size_t i = 0; i < to.n_object; i++) {
		if (to.object[i].kind != OBJECT_NETNS || strcmp(to.object[i].netns, "R") != 0)
			continue;
		to.object[i].netns_.idle_timeout = 350;
		to.object[i].netns_.tcp_liberal = true;
	}
	go(NULL, &to, APPLY_EXACT);
	if (strcmp(read_file("R", CONNTRACK "udp_timeout"), "(none)") == 0)
		test_skip("no connection tracking");
	for (size_t i = 0; i < ARRAY_SIZE(timeouts); i++)
		CHECK_STR(read_file("R", timeouts[i]), "350\n");
	CHECK_STR(read_file("R", CONNTRACK "tcp_be_liberal"), "1\n");
	CHECK(strcmp(read_file("A", CONNTRACK "icmp_timeout"), "350\n") != 0);
	end_sandbox();
	wanted_free(&to);
}

static int inode_inside(void *arg, struct error *err)
{
	struct stat st;

	(void)err;
	return stat(arg, &st) < 0 ? -errno : (int)(st.st_ino & 0x3fffffff);
}

TEST(files_are_written_in_place)
{
	static char path[] = "/run/vpclab/some/where/hosts";
	struct wanted one = { 0 }, two = { 0 }, none = { 0 };
	struct error err;
	int inode;

	make_sandbox();
	want_file(&one, path, "a long first content\n");
	want_file(&two, path, "short\n");
	go(NULL, &one, APPLY_EXACT);
	CHECK_STR(read_file(NULL, path), "a long first content\n");
	inode = sandbox_call(&sandbox, inode_inside, path, &err);
	CHECK(inode > 0);
	go(&one, &two, APPLY_EXACT);
	CHECK_STR(read_file(NULL, path), "short\n");
	CHECK_INT(sandbox_call(&sandbox, inode_inside, path, &err), inode);
	go(&two, &none, APPLY_EXACT);
	CHECK_STR(read_file(NULL, path), "(none)");
	go(&two, &none, APPLY_EXACT); /* gone already is fine */
	end_sandbox();
	wanted_free(&one);
	wanted_free(&two);
	wanted_free(&none);
}
