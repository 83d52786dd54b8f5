/* Applying plans on a real kernel, in worlds of our own: what is wanted is there, works, changes, and goes. */
#include "test.h"

#include <arpa/inet.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/time.h>

#include <net/if.h>

#include "core/apply.h"
#include "core/cleanup.h"
#include "core/sysctl.h"
#include "core/world.h"
#include "wanted_helper.h"

static struct world world = WORLD_CLOSED;

static void make_world(void)
{
	struct error err = { 0 };

	if (world_create(&world, true, -1, &err) < 0) {
		printf("# %s\n# hint: %s\n", err.message, err.hint);
		test_skip("this machine can make no world");
	}
}

static void end_world(void)
{
	struct error err;

	CHECK_INT(world_destroy(&world, &err), 0);
}

/* ---- things to do inside; each returns 0 or a negative errno ---- */

struct application {
	const struct plan *plan;
	enum apply_mode mode;
	rlim_t open_files; /* 0: as many as there may be */
};

static int apply_inside(void *arg, struct error *err)
{
	const struct application *application = arg;

	if (application->open_files) {
		struct rlimit limit = { application->open_files, application->open_files };

		CHECK_INT(setrlimit(RLIMIT_NOFILE, &limit), 0);
	}
	return apply_plan(application->plan, application->mode, err);
}

static int apply(const struct plan *plan, enum apply_mode mode, struct error *err)
{
	struct application application = { plan, mode, 0 };

	return world_call(&world, apply_inside, &application, err);
}

/* From one state to the other, which must work. `from` may be NULL. */
static void go(struct wanted *from, struct wanted *to, enum apply_mode mode)
{
	struct error err = { 0 };
	struct plan plan;

	if (from)
		wanted_sort(from);
	wanted_sort(to);
	plan_make(&plan, from, to);
	if (apply(&plan, mode, &err) < 0)
		test_fail("%s", err.message);
	plan_free(&plan);
}

/* The same, and it must not; the message has to contain what is given. */
static void go_wrong(struct wanted *from, struct wanted *to, const char *message, struct error *ret_err)
{
	struct plan plan;

	*ret_err = (struct error){ 0 };
	if (from)
		wanted_sort(from);
	wanted_sort(to);
	plan_make(&plan, from, to);
	CHECK(apply(&plan, APPLY_EXACT, ret_err) < 0);
	if (!strstr(ret_err->message, message))
		test_fail("\"%s\" does not say \"%s\"", ret_err->message, message);
	plan_free(&plan);
}

struct conversation {
	const char *from, *to;
	const char *address;
	int patience; /* ms */
};

/* A socket belongs to the namespace that the thread is in when it is made. */
static int connect_inside(void *arg, struct error *err)
{
	const struct conversation *conversation = arg;
	struct sockaddr_in address = { .sin_family = AF_INET, .sin_port = htons(7777) };
	struct timeval patience = { conversation->patience / 1000, conversation->patience % 1000 * 1000 };
	auto_fd int listener = -1;
	auto_fd int client = -1;

	CHECK_INT(netns_enter(conversation->to, err), 0);
	listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	CHECK_INT(bind(listener, (struct sockaddr *)&address, sizeof(address)), 0);
	CHECK_INT(listen(listener, 1), 0);
	CHECK_INT(netns_enter(conversation->from, err), 0);
	client = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	CHECK_INT(setsockopt(client, SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof(patience)), 0);
	address.sin_addr.s_addr = htonl(ip(conversation->address));
	return connect(client, (struct sockaddr *)&address, sizeof(address)) == 0 ? 0 : -errno;
}

static int talk(const char *from, const char *to, const char *address)
{
	struct conversation conversation = { from, to, address, 10000 };
	struct error err;

	return world_call(&world, connect_inside, &conversation, &err);
}

/* Nothing comes through; where it would, it does at once. */
static bool is_cut(const char *from, const char *to, const char *address)
{
	struct conversation conversation = { from, to, address, 200 };
	struct error err;

	return world_call(&world, connect_inside, &conversation, &err) < 0;
}

struct question {
	const char *netns;
	const char *path;
	const char *link;
	char *answer; /* shared memory */
};
#define ANSWER_SIZE 4096

static int read_inside(void *arg, struct error *err)
{
	const struct question *question = arg;
	auto_fd int fd = -1;
	ssize_t n;

	if (question->netns && netns_enter(question->netns, err) < 0)
		return -ENOENT;
	fd = open(question->path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return -errno;
	n = read(fd, question->answer, ANSWER_SIZE - 1);
	question->answer[n > 0 ? n : 0] = '\0';
	return 0;
}

/* What is in a file as seen in that namespace (NULL: anywhere); a string that nobody frees, "(none)" if there is none. */
static const char *read_file(const char *netns, const char *path)
{
	struct question question = { .netns = netns, .path = path, .answer = world_shared(ANSWER_SIZE) };
	struct error err;

	CHECK(question.answer);
	return world_call(&world, read_inside, &question, &err) == 0 ? question.answer : "(none)";
}

static int link_inside(void *arg, struct error *err)
{
	const struct question *question = arg;
	int r = netns_enter(question->netns, err);

	return r < 0 ? r : (int)if_nametoindex(question->link);
}

/* Its index, 0 if it is not there. */
static int link_index(const char *netns, const char *link)
{
	struct question question = { .netns = netns, .link = link };
	struct error err;

	return world_call(&world, link_inside, &question, &err);
}

static int count_inside(void *arg, struct error *err)
{
	DIR *directory = opendir(arg);
	const struct dirent *entry;
	int n = 0;

	(void)err;
	if (!directory)
		return errno == ENOENT ? 0 : -errno;
	while ((entry = readdir(directory)) != NULL)
		n += entry->d_name[0] != '.';
	closedir(directory);
	return n;
}

static int count_files(const char *directory)
{
	struct error err;

	return world_call(&world, count_inside, (void *)(uintptr_t)directory, &err);
}

/* ---- a net to play with: router R, guests behind it ---- */

static void add_router(struct wanted *wanted)
{
	want_netns(wanted, "R", NETNS_ROUTER);
	want_address(wanted, "R", "lo", "10.0.0.253", 32);
	want_route(wanted, "R", 254, "10.0.0.0/24", NULL, NULL);
}

static void add_guest(struct wanted *wanted, const char *name, const char *address)
{
	char host[PREFIX_TEXT_SIZE];

	snprintf(host, sizeof(host), "%s/32", address);
	want_netns(wanted, name, NETNS_HOST);
	want_veth(wanted, "R", name, name, "eth0", (uint8_t)ip(address));
	want_address(wanted, name, "eth0", address, 24);
	want_route(wanted, name, 254, "0.0.0.0/0", "eth0", "10.0.0.253");
	want_route(wanted, "R", 254, host, name, NULL);
}

static void add_two_guests(struct wanted *wanted)
{
	add_router(wanted);
	add_guest(wanted, "A", "10.0.0.1");
	add_guest(wanted, "B", "10.0.0.2");
}

/* ---- */

TEST(two_guests_talk_over_a_router)
{
	struct wanted to = { 0 };

	make_world();
	add_two_guests(&to);
	go(NULL, &to, APPLY_EXACT);
	/* Guests share a prefix and nobody answers ARP: it works because nobody asks. */
	CHECK_INT(talk("A", "R", "10.0.0.253"), 0);
	want_route(&to, "A", 254, "10.0.0.2/32", "eth0", "10.0.0.253");
	CHECK_INT(talk("A", "B", "10.0.0.2"), 0);
	CHECK_INT(talk("B", "A", "10.0.0.1"), 0);
	CHECK(is_cut("A", "B", "10.0.0.3"));
	CHECK_INT(count_files("/run/netns"), 3);
	end_world();
	wanted_free(&to);
}

TEST(a_guest_comes_and_goes)
{
	struct wanted two = { 0 }, three = { 0 }, two_again = { 0 };

	make_world();
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
	end_world();
	wanted_free(&two);
	wanted_free(&three);
	wanted_free(&two_again);
}

static void add_many(struct wanted *wanted, int n)
{
	add_router(wanted);
	for (int i = 1; i <= n; i++) {
		char name[8], address[ADDRESS_TEXT_SIZE];

		snprintf(name, sizeof(name), "G%d", i);
		snprintf(address, sizeof(address), "10.0.0.%d", i);
		add_guest(wanted, name, address);
	}
}

/* More than fits into one message batch, made and removed. */
TEST(many_guests_come_and_go)
{
	struct wanted many = { 0 }, one = { 0 }, none = { 0 };

	make_world();
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
	end_world();
	wanted_free(&many);
	wanted_free(&one);
	wanted_free(&none);
}

TEST(a_replaced_link_works_again)
{
	struct wanted from = { 0 }, to = { 0 };
	int before;

	make_world();
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
	end_world();
	wanted_free(&from);
	wanted_free(&to);
}

/* The default route hangs on the address that goes, and is to stay. */
TEST(a_changed_address_keeps_the_routes)
{
	struct wanted from = { 0 }, to = { 0 };

	make_world();
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
	end_world();
	wanted_free(&from);
	wanted_free(&to);
}

/* Two routers in a row, a table for each way in, an onlink next hop, and a table that counts only without its default. */
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
	want_rule(wanted, "R", 50, NULL, 0, 1000, true);
	want_route(wanted, "R", 1001, "10.2.0.0/16", open ? "B" : NULL, open ? "!169.254.0.1" : NULL);
	want_rule(wanted, "R", 100, "A", 0, 1001, false);
	want_route(wanted, "R", 1002, "10.1.0.0/16", "A", NULL);
	want_rule(wanted, "R", 100, "B", 0, 1002, false);
}

TEST(routing_by_interface)
{
	struct wanted open = { 0 }, closed = { 0 };

	make_world();
	add_policy(&open, true);
	add_policy(&closed, false);
	go(NULL, &open, APPLY_EXACT);
	CHECK_INT(talk("A", "B", "10.2.0.1"), 0);
	CHECK_INT(talk("B", "A", "10.1.0.1"), 0);
	go(&open, &closed, APPLY_EXACT);
	CHECK(is_cut("A", "B", "10.2.0.1"));
	go(&closed, &open, APPLY_EXACT);
	CHECK_INT(talk("A", "B", "10.2.0.1"), 0);
	end_world();
	wanted_free(&open);
	wanted_free(&closed);
}

/* Forwarding is for the addresses in a set only, or for everybody. */
static void add_filter(struct wanted *wanted, const char *first, const char *second, bool everybody)
{
	static const enum nft_field key[] = { NFT_SADDR };
	struct nft_chain *chain;
	struct nft_rule *rule;

	add_two_guests(wanted);
	want_set(wanted, "R", "allowed");
	if (first)
		want_element(wanted, "R", "allowed", first);
	if (second)
		want_element(wanted, "R", "allowed", second);
	chain = want_chain(wanted, "R", "forward", !everybody);
	rule = nft_rule_add(&wanted->arena, chain);
	nft_lookup(&wanted->arena, rule, NFT_IN_SET, "allowed", key, 1, 32, false);
	nft_verdict(&wanted->arena, rule, NFT_ACCEPT, NULL);
}

TEST(nft_rules_change_with_what_is_wanted)
{
	struct wanted both = { 0 }, one = { 0 }, all = { 0 }, none = { 0 };

	make_world();
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
	go(&one, &all, APPLY_EXACT); /* the policy of a chain cannot be changed while it is in use */
	CHECK_INT(talk("A", "B", "10.0.0.2"), 0);
	go(&all, &one, APPLY_TOLERANT);
	CHECK(is_cut("A", "B", "10.0.0.2"));
	go(&one, &none, APPLY_EXACT); /* no table any more */
	CHECK_INT(talk("A", "B", "10.0.0.2"), 0);
	go(&none, &both, APPLY_EXACT);
	CHECK_INT(talk("A", "B", "10.0.0.2"), 0);
	end_world();
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

	make_world();
	add_two_guests(&to);
	go(NULL, &to, APPLY_EXACT);
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++)
		CHECK_STR(read_file(cases[i].netns, cases[i].path), cases[i].want);
	/* No link speaks IPv6 by itself: only lo has an address. */
	check_ipv6(read_file("A", "/proc/self/net/if_inet6"));
	check_ipv6(read_file("R", "/proc/self/net/if_inet6"));
	end_world();
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
	r = sysctl_apply_role(NETNS_HOST, inherited, err);
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

	make_world();
	CHECK_INT(world_call(&world, born_forwarding, &is_new, &err), 0);
	CHECK_INT(world_call(&world, born_forwarding, &is_old, &err), 1);
	end_world();
}

TEST(connection_tracking_is_set_up_as_asked)
{
#define CONNTRACK "/proc/sys/net/netfilter/nf_conntrack_"
	struct wanted to = { 0 }, changed = { 0 };
	struct netns_object *settings;

	make_world();
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
	end_world();
	wanted_free(&to);
	wanted_free(&changed);
}

TEST(whatever_is_idle_ends_after_one_time)
{
	static const char *const timeouts[] = {
		CONNTRACK "tcp_timeout_established", CONNTRACK "tcp_timeout_close_wait", CONNTRACK "udp_timeout",
		CONNTRACK "udp_timeout_stream",      CONNTRACK "icmp_timeout",           CONNTRACK "generic_timeout"
	};
	struct wanted to = { 0 };

	make_world();
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
	end_world();
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

	make_world();
	want_file(&one, path, "a long first content\n");
	want_file(&two, path, "short\n");
	go(NULL, &one, APPLY_EXACT);
	CHECK_STR(read_file(NULL, path), "a long first content\n");
	inode = world_call(&world, inode_inside, path, &err);
	CHECK(inode > 0);
	go(&one, &two, APPLY_EXACT);
	CHECK_STR(read_file(NULL, path), "short\n");
	CHECK_INT(world_call(&world, inode_inside, path, &err), inode);
	go(&two, &none, APPLY_EXACT);
	CHECK_STR(read_file(NULL, path), "(none)");
	go(&two, &none, APPLY_EXACT); /* gone already is fine */
	end_world();
	wanted_free(&one);
	wanted_free(&two);
	wanted_free(&none);
}

/* ---- services ---- */

#define SERVICE "/run/vpclab/service/A/"

static void want_service(struct wanted *wanted, const char *script)
{
	want_netns(wanted, "A", NETNS_HOST);
	if (script)
		want_process(wanted, "A", "web", true, WORDS("/bin/sh", "-c", script));
}

static int pid_of_service(void)
{
	return atoi(read_file(NULL, SERVICE "web.pid"));
}

static int is_alive_inside(void *arg, struct error *err)
{
	(void)err;
	return kill(*(int *)arg, 0) == 0;
}

static bool is_alive(int pid)
{
	struct error err;

	CHECK(pid > 1);
	return world_call(&world, is_alive_inside, &pid, &err) == 1;
}

TEST(a_service_starts_serves_and_stops)
{
	struct wanted one = { 0 }, other = { 0 }, none = { 0 }, empty = { 0 };
	int first, second;

	make_world();
	want_service(&one, "echo hello; echo complaint >&2; printf x >&3; exec sleep 1000");
	want_service(&other, "cat; echo hello again; printf x >&3; exec sleep 1000");
	want_service(&none, NULL);
	go(NULL, &one, APPLY_EXACT);
	CHECK_STR(read_file(NULL, SERVICE "web.log"), "hello\ncomplaint\n");
	first = pid_of_service();
	CHECK(is_alive(first));
	go(&one, &one, APPLY_TOLERANT);
	CHECK_INT(pid_of_service(), first);
	go(NULL, &one, APPLY_TOLERANT); /* it runs: that counts as started */
	CHECK_INT(pid_of_service(), first);
	go(&one, &other, APPLY_EXACT); /* another command line: started anew */
	second = pid_of_service();
	CHECK(second != first);
	CHECK(!is_alive(first));
	CHECK_STR(read_file(NULL, SERVICE "web.log"), "hello\ncomplaint\nhello again\n");
	go(&other, &none, APPLY_EXACT);
	CHECK(!is_alive(second));
	CHECK_STR(read_file(NULL, SERVICE "web.pid"), "(none)");
	go(&other, &none, APPLY_EXACT); /* gone already is fine */
	go(&none, &one, APPLY_EXACT);
	first = pid_of_service();
	CHECK(is_alive(first));
	go(&one, &empty, APPLY_EXACT); /* with its node */
	CHECK(!is_alive(first));
	CHECK_INT(count_files("/run/netns"), 0);
	CHECK_INT(count_files("/run/vpclab/service"), 0);
	end_world();
	wanted_free(&one);
	wanted_free(&other);
	wanted_free(&none);
	wanted_free(&empty);
}

TEST(a_service_that_does_not_listen_is_killed)
{
	struct wanted one = { 0 }, none = { 0 };
	int pid;

	make_world();
	want_service(&one, "trap '' TERM; printf x >&3; while :; do sleep 1000; done");
	want_service(&none, NULL);
	go(NULL, &one, APPLY_EXACT);
	pid = pid_of_service();
	CHECK(is_alive(pid));
	go(&one, &none, APPLY_EXACT);
	CHECK(!is_alive(pid));
	end_world();
	wanted_free(&one);
	wanted_free(&none);
}

static void check_service_fails(const char *script, const char *message)
{
	struct wanted to = { 0 };
	struct error err;

	want_service(&to, script);
	go_wrong(NULL, &to, message, &err);
	CHECK_STR(read_file(NULL, SERVICE "web.pid"), "(none)");
	wanted_free(&to);
	end_world();
}

TEST(a_service_says_why_it_cannot)
{
	make_world();
	check_service_fails("printf 'port 80 is in use' >&3; exit 1", "cannot start service web on A: port 80 is in use");
}

TEST(a_service_that_ends_early_is_an_error)
{
	make_world();
	check_service_fails("exit 7", "cannot start service web on A: it ended with status 7 before it was ready");
}

TEST(a_service_that_dies_early_is_an_error)
{
	make_world();
	check_service_fails("kill -9 $$", "cannot start service web on A: it ended before it was ready (Killed)");
}

TEST(a_program_that_is_not_there_is_an_error)
{
	static const bool says_ready[] = { false, true };

	for (size_t i = 0; i < ARRAY_SIZE(says_ready); i++) {
		struct wanted to = { 0 };
		struct error err;

		make_world();
		want_netns(&to, "A", NETNS_HOST);
		want_process(&to, "A", "nothing", says_ready[i], WORDS("no-such-program-anywhere"));
		go_wrong(NULL, &to, "cannot start service nothing on A: no-such-program-anywhere: No such file", &err);
		end_world();
		wanted_free(&to);
	}
}

static int list_files_inside(void *arg, struct error *err)
{
	char path[64];

	(void)err;
	snprintf(path, sizeof(path), "/proc/%d/fd", *(int *)arg);
	return count_inside(path, err);
}

/* Nothing of the caller's: no descriptor, no ignored signal, a session of its own, the node's network. */
TEST(a_service_starts_clean)
{
	struct wanted to = { 0 };
	struct error err;
	const char *log;
	int pid;

	make_world();
	CHECK(dup(0) > 0);
	signal(SIGUSR1, SIG_IGN);
	want_netns(&to, "A", NETNS_HOST);
	want_process(&to, "A", "web", false, WORDS("sleep", "1000"));
	want_process(&to, "A", "look", true,
		     WORDS("/bin/sh", "-c",
			   "grep SigIgn /proc/$$/status; ls /sys/class/net /proc/$$/net/dev >/dev/null;"
			   "cut -d' ' -f6 /proc/$$/stat; echo $$; printf x >&3; exec sleep 1000"));
	go(NULL, &to, APPLY_EXACT);
	pid = pid_of_service();
	CHECK_INT(world_call(&world, list_files_inside, &pid, &err), 3);
	log = read_file(NULL, SERVICE "look.log");
	CHECK(strstr(log, "SigIgn:\t0000000000000000\n"));
	/* Its session has its own number. */
	int session, own;

	CHECK_INT(sscanf(strchr(log, '\n') + 1, "%d %d", &session, &own), 2);
	CHECK_INT(session, own);
	end_world();
	wanted_free(&to);
}

/* ---- surprises ---- */

TEST(what_is_there_already_is_an_error_only_in_exact_mode)
{
	struct wanted to = { 0 };
	struct error err;

	make_world();
	add_filter(&to, "10.0.0.1", "10.0.0.2", false);
	want_rule(&to, "R", 77, NULL, 1, 1000, true);
	go(NULL, &to, APPLY_EXACT);
	go_wrong(NULL, &to, "", &err);
	go(NULL, &to, APPLY_TOLERANT);
	go(NULL, &to, APPLY_TOLERANT);
	CHECK_INT(talk("A", "B", "10.0.0.2"), 0);
	end_world();
	wanted_free(&to);
}

TEST(errors_carry_the_kernels_own_words)
{
	struct wanted to = { 0 }, none = { 0 };
	struct error err;

	make_world();
	want_netns(&to, "A", NETNS_HOST);
	want_address(&to, "A", "lo", "10.0.0.1", 24);
	want_route(&to, "A", 254, "10.9.0.0/16", "lo", "10.77.0.1");
	go_wrong(NULL, &to, "cannot add route 10.9.0.0/16 in A: Nexthop has invalid gateway", &err);
	wanted_free(&to);
	go(&none, &none, APPLY_TOLERANT);

	to = (struct wanted){ 0 };
	want_netns(&to, "B", NETNS_HOST);
	want_address(&to, "B", "eth7", "10.0.0.1", 24);
	go_wrong(NULL, &to, "cannot add address 10.0.0.1/24 on eth7 in B: there is no link eth7", &err);
	end_world();
	wanted_free(&to);
}

/* What somebody took away by hand does not keep us from taking away the rest. */
TEST(what_is_gone_already_may_go)
{
	struct wanted two = { 0 }, one = { 0 }, none = { 0 };

	make_world();
	add_two_guests(&two);
	want_rule(&two, "R", 77, NULL, 1, 1000, false);
	want_address(&two, "R", "lo", "10.0.0.77", 32);
	add_router(&one);
	add_guest(&one, "A", "10.0.0.1");
	go(NULL, &two, APPLY_EXACT);
	go(&two, &one, APPLY_EXACT);
	go(&two, &one, APPLY_EXACT);
	CHECK_INT(talk("A", "R", "10.0.0.253"), 0);
	go(&two, &none, APPLY_EXACT);
	CHECK_INT(count_files("/run/netns"), 0);
	end_world();
	wanted_free(&two);
	wanted_free(&one);
	wanted_free(&none);
}

static int leave_half_a_name(void *arg, struct error *err)
{
	int fd = open(arg, O_WRONLY | O_CREAT | O_CLOEXEC, 0444);

	(void)err;
	CHECK(fd >= 0);
	close(fd);
	return 0;
}

TEST(a_half_made_namespace_is_finished)
{
	struct wanted to = { 0 }, none = { 0 };
	struct error err;

	make_world();
	CHECK_INT(world_call(&world, leave_half_a_name, (void *)(uintptr_t) "/run/netns/A", &err), 0);
	add_two_guests(&to);
	go(NULL, &to, APPLY_TOLERANT);
	CHECK_INT(talk("A", "B", "10.0.0.2"), 0);
	go(&to, &none, APPLY_EXACT);
	CHECK_INT(world_call(&world, leave_half_a_name, (void *)(uintptr_t) "/run/netns/A", &err), 0);
	go(&to, &none, APPLY_TOLERANT);
	CHECK_INT(count_files("/run/netns"), 0);
	end_world();
	wanted_free(&to);
	wanted_free(&none);
}

/* Everything that a state can hold, twice, with much in common. */
static void add_state(struct wanted *wanted, bool second)
{
	add_filter(wanted, "10.0.0.1", second ? "10.0.0.3" : "10.0.0.2", false);
	if (second) {
		add_guest(wanted, "C", "10.0.0.3");
		for (size_t i = 0; i < wanted->n_object; i++)
			if (wanted->object[i].kind == OBJECT_VETH && strcmp(wanted->object[i].veth.link, "A") == 0)
				wanted->object[i].veth.mac[1] = 7;
	} else {
		add_guest(wanted, "D", "10.0.0.4");
	}
	want_rule(wanted, "R", second ? 70 : 71, NULL, 1, 1000, true);
	want_route(wanted, "R", 1000, "10.7.0.0/16", second ? "B" : NULL, NULL);
	want_file(wanted, "/run/vpclab/test", second ? "second\n" : "first\n");
	want_process(wanted, second ? "C" : "D", "sleeper", false, WORDS("sleep", "1000"));
	wanted_sort(wanted);
}

static void check_state(bool second)
{
	CHECK_INT(talk("A", second ? "C" : "B", second ? "10.0.0.3" : "10.0.0.2"), 0);
	CHECK(is_cut("A", second ? "B" : "D", second ? "10.0.0.2" : "10.0.0.4"));
	CHECK_STR(read_file(NULL, "/run/vpclab/test"), second ? "second\n" : "first\n");
	CHECK_INT(count_files("/run/netns"), 4);
	CHECK_INT(link_index("R", second ? "D" : "C"), 0);
	CHECK_INT(count_files("/run/vpclab/service"), 1);
}

/* Part of a plan is carried out, as if we had been killed; then the way on, or the way back. */
static void interrupt_and_go(struct wanted *first, struct wanted *second, size_t step, bool back)
{
	struct error err = { 0 };
	struct plan plan;

	make_world();
	go(NULL, first, APPLY_EXACT);
	plan_make(&plan, first, second);
	CHECK(step <= plan.n_step);
	plan.n_step = step;
	if (plan.n_delete > step)
		plan.n_delete = step;
	/* A part need not be a whole: it may fail, and nobody minds. */
	(void)apply(&plan, APPLY_EXACT, &err);
	plan_free(&plan);
	if (back)
		go(second, first, APPLY_TOLERANT);
	else
		go(first, second, APPLY_TOLERANT);
	check_state(!back);
	end_world();
}

TEST(an_interrupted_change_is_finished_or_undone)
{
	struct wanted first = { 0 }, second = { 0 };
	struct plan plan;
	size_t n_step;

	add_state(&first, false);
	add_state(&second, true);
	plan_make(&plan, &first, &second);
	n_step = plan.n_step;
	plan_free(&plan);
	CHECK(n_step > 15);
	for (size_t step = 0; step <= n_step; step += 4) {
		interrupt_and_go(&first, &second, step, false);
		interrupt_and_go(&first, &second, step, true);
	}
	interrupt_and_go(&first, &second, n_step, false);
	interrupt_and_go(&first, &second, n_step, true);
	wanted_free(&first);
	wanted_free(&second);
}

/* ---- limits ---- */

static int limit_namespaces(void *arg, struct error *err)
{
	auto_fd int fd = open("/proc/sys/user/max_net_namespaces", O_WRONLY | O_CLOEXEC);
	const char *value = arg;

	(void)err;
	return fd >= 0 && write(fd, value, strlen(value)) > 0 ? 0 : -errno;
}

TEST(too_many_namespaces_is_a_clear_error)
{
	struct wanted to = { 0 }, none = { 0 };
	struct error err;

	make_world();
	if (world_call(&world, limit_namespaces, (void *)(uintptr_t) "6", &err) < 0)
		test_skip("the limit cannot be set here");
	add_many(&to, 12);
	go_wrong(NULL, &to, "this machine's limit on network namespaces is reached", &err);
	CHECK(strstr(err.message, "cannot create network namespace G"));
	CHECK(strstr(err.hint, "user.max_net_namespaces"));
	go(&to, &none, APPLY_TOLERANT);
	CHECK_INT(count_files("/run/netns"), 0);
	end_world();
	wanted_free(&to);
	wanted_free(&none);
}

TEST(too_few_open_files_is_a_clear_error)
{
	struct wanted to = { 0 };
	struct error err = { 0 };
	struct plan plan;
	struct application application = { &plan, APPLY_EXACT, 200 };

	make_world();
	add_two_guests(&to);
	wanted_sort(&to);
	plan_make(&plan, NULL, &to);
	CHECK_INT(world_call(&world, apply_inside, &application, &err), -EMFILE);
	CHECK(strstr(err.message, "too few open files are allowed"));
	CHECK(strstr(err.hint, "prlimit"));
	CHECK_INT(count_files("/run/netns"), 0);
	plan_free(&plan);
	end_world();
	wanted_free(&to);
}
