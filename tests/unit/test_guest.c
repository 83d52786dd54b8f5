/* SPDX-License-Identifier: GPL-3.0-only */
/*
 * What a network namespace holds, read back against what ip(8) put there and against the kernel's
 * own look-ups, and the pure questions about it.
 */
#include <errno.h>
#include <netinet/in.h>
#include <sched.h>
#include <sys/socket.h>

#include "core/base/cleanup.h"
#include "core/base/memory.h"
#include "core/guest/guest.h"
#include "tests/unit/test.h"

static void say_to(const char *path, const char *text)
{
	auto_file FILE *file = fopen(path, "we");

	CHECK(file != NULL);
	fputs(text, file);
}

/* We are in a new namespace, and root there. */
static void enter_namespace(void)
{
	char map[64];
	unsigned uid = getuid(), gid = getgid();

	if (unshare(CLONE_NEWUSER | CLONE_NEWNET) < 0)
		test_skip("this machine can make no namespace");
	say_to("/proc/self/setgroups", "deny");
	snprintf(map, sizeof(map), "0 %u 1", uid);
	say_to("/proc/self/uid_map", map);
	snprintf(map, sizeof(map), "0 %u 1", gid);
	say_to("/proc/self/gid_map", map);
}

static void ip(const char *commands)
{
	FILE *batch = popen("ip -batch -", "w");

	CHECK(batch != NULL);
	fputs(commands, batch);
	CHECK_INT(pclose(batch), 0);
}

static struct guest read_guest(void)
{
	auto_text answer = { 0 };
	struct error err = { 0 };
	struct guest guest;

	if (guest_ask(&answer, &err) < 0)
		test_fail("%s", err.message);
	guest_parse(text_get(&answer), answer.length, &guest);
	return guest;
}

static uint32_t at(const char *text)
{
	uint32_t address;

	CHECK(address_parse(text, &address));
	return address;
}

static const char links[] =
	"link set lo up\n"
	"link add eth0 type veth peer name far0\nlink add eth1 type veth peer name far1\n"
	"link set eth0 up\nlink set far0 up\nlink set eth1 up\nlink set far1 up\n"
	"address add 10.0.0.2/24 dev eth0\naddress add 10.0.1.2/24 dev eth1\n"
	"route add default via 10.0.0.1\n";

TEST(links_and_addresses)
{
	const struct guest_link *link;
	const struct guest_address *address;
	struct guest guest;

	enter_namespace();
	ip(links);
	ip("link set far1 down\n");
	say_to("/proc/sys/net/ipv4/conf/eth1/forwarding", "1");
	say_to("/proc/sys/net/ipv4/conf/eth1/rp_filter", "2");
	guest = read_guest();
	CHECK_INT(guest.n_link, 5);
	link = guest_find_link(&guest, "eth0");
	CHECK(link && link->up && !link->loopback && !link->forwarding && link->rp_filter != 2);
	link = guest_find_link(&guest, "eth1");
	CHECK(link && link->up && link->forwarding && link->rp_filter == 2);
	link = guest_find_link(&guest, "far1");
	CHECK(link && !link->up);
	link = guest_find_link(&guest, "lo");
	CHECK(link && link->loopback);
	CHECK(!guest_find_link(&guest, "eth2"));
	address = guest_find_address(&guest, at("10.0.1.2"));
	CHECK(address && address->length == 24);
	CHECK_STR(address->link, "eth1");
	CHECK(!guest_find_address(&guest, at("10.0.1.3")));
	guest_free(&guest);
}

TEST(rules_and_routes)
{
	struct guest_decision decision;
	struct guest guest;

	enter_namespace();
	ip(links);
	ip("rule add from 10.0.1.0/24 table 100 priority 50\nroute add default via 10.0.1.1 table "
	   "100\n"
	   "route add 10.9.0.0/16 via 10.0.0.9 metric 20\nroute add 10.9.0.0/16 via 10.0.0.8 "
	   "metric 10\n"
	   "route add blackhole 10.9.9.0/24\nroute add unreachable 10.9.8.0/24\n"
	   "rule add iif eth0 to 10.7.0.0/16 prohibit priority 60\nrule add uidrange 0-0 to "
	   "10.6.0.0/16 table 100 priority 61\n");
	guest = read_guest();
	CHECK_INT(guest.n_rule, 6); /* and those of the tables local, main and default */
	CHECK_INT(guest.rule[0].priority, 0);
	CHECK_INT(guest.rule[1].priority, 50);

	decision = guest_route_of(&guest, "lo", at("10.0.0.2"), at("203.0.113.9"));
	CHECK_INT(decision.action, GUEST_UNICAST);
	CHECK_INT(decision.route->via, at("10.0.0.1"));
	CHECK_STR(decision.route->link, "eth0");
	CHECK_INT(decision.rule->priority, 32766);
	decision = guest_route_of(&guest, "lo", at("10.0.1.2"), at("203.0.113.9"));
	CHECK_INT(decision.route->via, at("10.0.1.1"));
	CHECK_INT(decision.rule->priority, 50);
	decision = guest_route_of(&guest, "lo", 0, at("10.9.1.1"));
	CHECK_INT(decision.route->via, at("10.0.0.8"));
	CHECK_INT(decision.route->metric, 10);
	CHECK(!decision.route->kernels);
	decision = guest_route_of(&guest, "lo", 0, at("10.9.9.1"));
	CHECK_INT(decision.action, GUEST_BLACKHOLE);
	decision = guest_route_of(&guest, "lo", 0, at("10.9.8.1"));
	CHECK_INT(decision.action, GUEST_UNREACHABLE);
	CHECK(decision.route != NULL);
	decision = guest_route_of(&guest, "eth0", at("10.0.0.7"), at("10.0.1.2"));
	CHECK_INT(decision.action, GUEST_LOCAL);
	CHECK(decision.route->kernels);
	decision = guest_route_of(&guest, "eth0", at("10.0.0.7"), at("10.7.1.1"));
	CHECK_INT(decision.action, GUEST_PROHIBIT);
	CHECK(!decision.route);
	decision = guest_route_of(&guest, "eth1", at("10.0.0.7"), at("10.7.1.1"));
	CHECK_INT(decision.action, GUEST_UNICAST);
	decision = guest_route_of(&guest, "lo", 0, at("10.6.1.1"));
	CHECK_INT(decision.action, GUEST_OTHER); /* whose program it is, nobody knows */
	guest_free(&guest);

	ip("route del default\n");
	guest = read_guest();
	decision = guest_route_of(&guest, "lo", 0, at("203.0.113.9"));
	CHECK_INT(decision.action, GUEST_UNREACHABLE);
	CHECK(!decision.rule && !decision.route);
	guest_free(&guest);
}

/* What the kernel says itself: "via 10.0.0.1 dev eth0" of `ip route get`, or "" where it refuses.
 */
static void ask_kernel(uint32_t source, uint32_t destination, char link[static IF_NAMESIZE],
		       uint32_t *ret_via)
{
	char from[ADDRESS_TEXT_SIZE], to[ADDRESS_TEXT_SIZE], command[128], line[256] = "";
	const char *via, *dev;
	FILE *answer;

	snprintf(command, sizeof(command), "ip route get %s from %s 2>/dev/null",
		 address_format(destination, to), address_format(source, from));
	answer = popen(command, "r");
	CHECK(answer != NULL);
	if (!fgets(line, sizeof(line), answer))
		line[0] = '\0';
	pclose(answer);
	via = strstr(line, " via ");
	dev = strstr(line, " dev ");
	*ret_via = 0;
	link[0] = '\0';
	if (via) {
		char text[ADDRESS_TEXT_SIZE] = "";

		sscanf(via, " via %15s", text);
		*ret_via = at(text);
	}
	if (dev)
		sscanf(dev, " dev %15s", link);
}

static uint32_t state = 20261128;

static uint32_t random_below(uint32_t n)
{
	state = state * 1664525 + 1013904223;
	return (uint32_t)((uint64_t)state * n >> 32);
}

/* Random routes and rules in a small space, so that they overlap: the kernel decides each the same
 * way. */
TEST(the_kernel_decides_alike)
{
	struct guest guest;

	enter_namespace();
	ip(links);
	for (int i = 0; i < 60; i++) {
		uint32_t length = 16 + random_below(14), table = random_below(3);
		struct prefix to = { (at("10.128.0.0") | random_below(1u << 16)) &
					     prefix_mask((uint8_t)length),
				     (uint8_t)length };
		static const char *const targets[] = { "via 10.0.0.5", "via 10.0.1.6", "dev eth1",
						       "" };
		static const char *const types[] = { "", "", "", "throw" };
		uint32_t target = random_below(4);
		char prefix[PREFIX_TEXT_SIZE], command[256];

		snprintf(command, sizeof(command), "route replace %s %s %s table %u metric %u\n",
			 types[target], prefix_format(to, prefix), targets[target],
			 table ? 100 + table : 254, 1 + random_below(3));
		ip(command);
		if (i % 6 == 0) {
			snprintf(
				command, sizeof(command),
				"rule add %s to %s table %u suppress_prefixlength %d priority %u\n",
				random_below(4) ? "" : "not", prefix_format(to, prefix),
				101 + random_below(2), random_below(2) ? 20 : 0,
				1000 + random_below(100) * 100 + (unsigned)i);
			ip(command);
		}
	}
	guest = read_guest();
	for (int i = 0; i < 300; i++) {
		uint32_t source = at(random_below(2) ? "10.0.0.2" : "10.0.1.2");
		uint32_t destination = at("10.128.0.0") | random_below(1u << 16), via;
		struct guest_decision decision = guest_route_of(&guest, "lo", source, destination);
		bool goes = decision.action == GUEST_UNICAST;
		char link[IF_NAMESIZE], text[ADDRESS_TEXT_SIZE];

		ask_kernel(source, destination, link, &via);
		if (strcmp(goes ? decision.route->link : "", link) != 0 ||
		    (goes ? decision.route->via : 0) != via)
			test_fail("%s: by %s, and the kernel says %s",
				  address_format(destination, text),
				  goes ? decision.route->link : "nothing", link);
	}
	guest_free(&guest);
}

static void open_socket(int family, int type, const char *address, uint16_t port, bool only_ipv6)
{
	struct sockaddr_in ipv4 = { .sin_family = AF_INET, .sin_port = htons(port) };
	struct sockaddr_in6 ipv6 = { .sin6_family = AF_INET6, .sin6_port = htons(port) };
	const int only = only_ipv6;
	int fd = socket(family, type, 0);

	CHECK(fd >= 0);
	if (address)
		ipv4.sin_addr.s_addr = htonl(at(address));
	if (family == AF_INET6)
		CHECK_INT(setsockopt(fd, IPPROTO_IPV6, IPV6_V6ONLY, &only, sizeof(only)), 0);
	CHECK_INT(family == AF_INET ? bind(fd, (struct sockaddr *)&ipv4, sizeof(ipv4))
				    : bind(fd, (struct sockaddr *)&ipv6, sizeof(ipv6)),
		  0);
	if (type == SOCK_STREAM)
		CHECK_INT(listen(fd, 1), 0);
}

TEST(sockets)
{
	const uint32_t own = at("10.0.0.2");
	struct guest guest;

	enter_namespace();
	ip(links);
	guest = read_guest();
	CHECK_INT(guest.n_socket, 0);
	guest_free(&guest);
	open_socket(AF_INET, SOCK_STREAM, NULL, 80, false);
	open_socket(AF_INET, SOCK_STREAM, "127.0.0.1", 81, false);
	open_socket(AF_INET, SOCK_DGRAM, "10.0.0.2", 53, false);
	open_socket(AF_INET6, SOCK_STREAM, NULL, 443, false);
	open_socket(AF_INET6, SOCK_STREAM, NULL, 444, true);
	guest = read_guest();
	CHECK(guest_find_socket(&guest, IPPROTO_TCP, own, 80, "eth0"));
	CHECK(!guest_find_socket(&guest, IPPROTO_UDP, own, 80, "eth0"));
	CHECK(!guest_find_socket(&guest, IPPROTO_TCP, own, 81, "eth0"));
	CHECK(guest_find_socket(&guest, IPPROTO_TCP, at("127.0.0.1"), 81, "lo"));
	CHECK(guest_find_socket(&guest, IPPROTO_UDP, own, 53, "eth0"));
	CHECK(!guest_find_socket(&guest, IPPROTO_UDP, at("10.0.1.2"), 53, "eth1"));
	CHECK(guest_find_socket(&guest, IPPROTO_TCP, own, 443, "eth0"));
	CHECK(!guest_find_socket(&guest, IPPROTO_TCP, own, 444, "eth0"));
	CHECK_INT(guest.n_socket, 4);
	guest_free(&guest);
}

/* What is cut, or has some byte wrong, gives less or something else, and nothing is read outside of
 * it. */
TEST(a_damaged_answer)
{
	auto_text answer = { 0 };
	struct error err;
	struct guest guest;

	enter_namespace();
	ip(links);
	CHECK_INT(guest_ask(&answer, &err), 0);
	for (size_t n = 0; n < answer.length; n += 1 + random_below(16)) {
		char *copy = malloc(n + 1);

		memcpy(copy, answer.s, n);
		guest_parse(copy, n, &guest);
		guest_free(&guest);
		free(copy);
	}
	for (int i = 0; i < 20000; i++) {
		char *byte = &answer.s[random_below((uint32_t)answer.length)], before = *byte;

		*byte = (char)random_below(256);
		guest_parse(answer.s, answer.length, &guest);
		guest_free(&guest);
		*byte = before;
	}
}

/* ---- made up ---- */

/* A host with 10.1.0.10/24 on eth0, and what these lines of ip, parted by ';', do in it. */
static struct guest made_up(const char *lines)
{
	static const struct guest_route out = {
		.table = 254, .action = GUEST_UNICAST, .link = "eth0", .via = 0x0A0100FD
	};
	auto_free char *copy = xstrdup(lines);
	char *rest = copy;
	struct guest guest;

	guest_init(&guest);
	guest_add_link(&guest, "eth0");
	guest_add_address(&guest, "eth0", 0x0A01000A, 24);
	guest_add_route(&guest, &out);
	for (char *line; (line = strsep(&rest, ";"));) {
		char *argv[16];
		size_t n = 0;

		for (char *word; n < 15 && (word = strsep(&line, " "));)
			argv[n++] = word;
		argv[n] = NULL;
		if (*argv[0] && guest_change(&guest, argv) != 1)
			test_fail("not understood: %s", lines);
	}
	return guest;
}

/* The same lines, done by ip itself, make a namespace that takes packets the same way. */
TEST(what_lines_of_ip_make_is_what_the_kernel_makes_of_them)
{
	static const char *const lines[] = {
		"",
		"ip route add blackhole 10.2.0.0/16;ip route add 10.3.0.0/16 via 10.1.0.1",
		"ip rule add from 10.1.0.10 lookup 100;ip rule add to 10.9.0.0/16 blackhole",
		"ip route add default dev eth0 table 100;ip rule add lookup 100 priority 7",
		"ip rule add lookup 5;ip rule add lookup 6;ip rule del lookup 5",
		"ip rule add from 10.1.0.10 lookup main priority 200;ip rule del lookup main",
		"ip rule add to 10.9.0.0/16 lookup 5;ip rule add to 10.8.0.0/16 blackhole;ip rule "
		"del to 10.8.0.0/16",
		"ip rule add from 10.9.0.0/16 blackhole;ip rule add lookup 5;ip rule del from all "
		"lookup 5",
		"ip rule add from 10.9.0.0/16 blackhole;ip rule del blackhole;ip rule del lookup "
		"main",
		"ip address add 10.7.0.1/16 dev eth0;ip route del default",
		"ip address del 10.1.0.10/24 dev eth0",
		"ip address add 10.1.0.5/24 dev eth0;ip address add 10.1.0.6/25 dev eth0",
		"ip address add 10.1.0.5/24 dev eth0;ip address del 10.1.0.5/24 dev eth0",
		"ip address add 10.1.0.5/24 dev eth0;ip address del 10.1.0.5 dev eth0",
		"ip address add 10.1.0.10/25 dev eth0;ip address add 10.1.0.10/8 dev lo",
		"ip route replace default via 10.1.0.9;ip route add unreachable default metric 9",
		"ip route add 10.4.0.0/16 dev eth0;ip route del 10.4.0.0/16",
		"ip route add throw 10.5.0.0/16 table 9;ip rule del pref 32766",
	};

	enter_namespace();
	for (size_t i = 0; i < ARRAY_SIZE(lines); i++) {
		auto_text batch = { 0 };
		struct guest wanted = made_up(lines[i]), is;

		text_add(&batch,
			 "link set lo up\nlink add eth0 type veth peer name far\n"
			 "link set far up\nlink set eth0 up\naddress add 10.1.0.10/24 dev eth0\n"
			 "route add default via 10.1.0.253 dev eth0\n");
		for (const char *c = lines[i]; *c; c++)
			text_add_char(&batch, *c == ';' ? '\n' : *c);
		text_add_char(&batch, '\n');
		for (char *word; (word = strstr(batch.s, "\nip "));)
			memmove(word + 1, word + 4, strlen(word + 4) + 1);
		ip(batch.s);
		is = read_guest();
		guest_add_link(&wanted, "far");
		for (size_t k = 0; k < is.n_link; k++) /* the machine's own setting comes along */
			is.link[k].forwarding = false;
		if (!guest_routes_as(&is, &wanted))
			test_fail("the kernel makes something else of %s", lines[i]);
		guest_free(&wanted);
		guest_free(&is);
		CHECK_INT(unshare(CLONE_NEWNET), 0);
	}
}

TEST(lines_that_change_nothing_or_are_not_understood)
{
	static const struct {
		const char *line;
		int r;
	} lines[] = {
		{ "ip route", 0 },
		{ "ip -4 address show", 0 },
		{ "curl http://10.1.0.1", 0 },
		{ "sysctl net.ipv4.ip_forward", 0 },
		{ "sysctl -w net.ipv4.ip_forward=1", 1 },
		{ "sysctl -w net.ipv4.conf.all.rp_filter=1", -ENOTSUP },
		{ "ip route add 10.2.0.0/16 nexthop via 10.1.0.1", -ENOTSUP },
		{ "ip rule add from", -ENOTSUP },
		{ "ip rule add from 10.1.0.0/33 lookup 5", -ENOTSUP },
		{ "ip address add 10.1.0.300/24 dev eth0", -ENOTSUP },
		{ "ip address add 10.1.0.3/24 dev eth9", -ENOTSUP },
		{ "ip link add x type dummy", -ENOTSUP },
		{ "ip", 0 },
		{ "nft flush ruleset", -ENOTSUP },
	};

	for (size_t i = 0; i < ARRAY_SIZE(lines); i++) {
		struct guest guest = made_up("");
		auto_free char *copy = xstrdup(lines[i].line);
		char *argv[16], *rest = copy;
		size_t n = 0;

		for (char *word; (word = strsep(&rest, " "));)
			argv[n++] = word;
		argv[n] = NULL;
		if (guest_change(&guest, argv) != lines[i].r)
			test_fail("%s", lines[i].line);
		guest_free(&guest);
	}
}
