/* SPDX-License-Identifier: GPL-3.0-only */
/* What the nodes of a running lab hold, as their users have changed it. */
#include <netinet/in.h>

#include "core/base/cleanup.h"
#include "core/sandbox/process.h"
#include "lab/live/guests.h"
#include "tests/unit/test.h"

#include "tests/unit/say.h"

/* Its services are started by the program that was built with this one. */
static struct lab *running_lab(const char *lines)
{
	auto_free char *directory = realpath(BUILD, NULL);
	auto_free char *path = xprintf("%s:%s", directory, getenv("PATH"));
	struct lab *lab = lab_new_private(false);
	struct error err = { 0 };

	setenv("PATH", path, 1);
	if (lab_begin(lab, &err) < 0 || !say_all(lab->model, lines, &err) ||
	    lab_commit(lab, &err) < 0)
		test_fail("%s", err.message);
	return lab;
}

static void run(const struct lab *lab, const char *node, const char *script)
{
	auto_free char *copy = xstrdup(script);
	char shell[] = "sh", option[] = "-c";
	char *const argv[] = { shell, option, copy, NULL };
	const struct spawn spawn = {
		.netns = node, .argv = argv, .stdin_fd = -1, .stdout_fd = -1, .stderr_fd = -1
	};
	struct error err = { 0 };
	pid_t pid;

	if (process_spawn(&lab->sandbox, &spawn, &pid, &err) != 0)
		test_fail("%s", err.message);
	CHECK_INT(process_wait(pid, false), 0);
}

static const char two_hosts[] = "vpc create VPC1 cidr 10.0.0.0/8\n"
				"vswitch create VSW1 vpc VPC1 cidr 10.1.0.0/16\n"
				"ecs create ECS1 vswitch VSW1 ip 10.1.0.10\n"
				"ecs create ECS2 vswitch VSW1 ip 10.1.0.20\n"
				"service start ECS2 http port 8080\n";

TEST(hosts_as_they_are_and_as_they_become)
{
	static const char *const nodes[] = { "ECS2", "ECS1", "nobody", "ECS2" };
	struct lab *lab = running_lab(two_hosts);
	const struct guest *ecs1, *ecs2;
	struct guest_decision decision;
	struct guests guests;

	guests_read(lab, nodes, ARRAY_SIZE(nodes), &guests);
	CHECK_INT(guests.n, 2);
	CHECK(!guests_find(&guests, "nobody"));
	CHECK(!guests_find(&guests, "VSW1"));
	ecs1 = guests_find(&guests, "ECS1");
	ecs2 = guests_find(&guests, "ECS2");
	CHECK(ecs1 && ecs2);
	CHECK(guest_find_address(ecs1, 0x0A01000A));
	CHECK(!guest_find_link(ecs1, "eth0")->forwarding);
	CHECK(guest_find_socket(ecs2, IPPROTO_TCP, 0x0A010014, 8080, "eth0"));
	CHECK(!guest_find_socket(ecs1, IPPROTO_TCP, 0x0A01000A, 8080, "eth0"));
	decision = guest_route_of(ecs1, "lo", 0, 0x0A010014);
	CHECK_INT(decision.action, GUEST_UNICAST);
	CHECK_STR(decision.route->link, "eth0");
	guests_free(&guests);

	run(lab, "ECS1",
	    "ip route add blackhole 10.1.0.20/32 && ip address add 10.1.0.99/32 dev lo && "
	    "sysctl -qw net.ipv4.ip_forward=1");
	guests_read(lab, nodes, ARRAY_SIZE(nodes), &guests);
	ecs1 = guests_find(&guests, "ECS1");
	CHECK(guest_find_address(ecs1, 0x0A010063));
	CHECK(guest_find_link(ecs1, "eth0")->forwarding);
	CHECK_INT(guest_route_of(ecs1, "lo", 0, 0x0A010014).action, GUEST_BLACKHOLE);
	guests_free(&guests);
	lab_close(lab);
}

TEST(where_there_is_no_kernel_to_ask)
{
	static const char *const nodes[] = { "ECS1" };
	struct lab *lab = lab_new_private(true);
	struct error err = { 0 };
	struct guests guests;

	CHECK(say_all(lab->model, two_hosts, &err));
	guests_read(lab, nodes, 1, &guests);
	CHECK_INT(guests.n, 0);
	guests_free(&guests);
	lab_close(lab);
}
