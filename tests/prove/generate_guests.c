/* SPDX-License-Identifier: GPL-3.0-only */
#include "tests/prove/prove.h"

#include <stdio.h>

#include "core/base/memory.h"

/*
 * What users set up in hosts, by lines that explain understands on a file: so the kernel proves
 * what is read of it, and what is made of the words. Many are refused, as in a lab whose host has
 * no second interface; explain has to know that, too.
 */

#define PICK(array) ((array)[below((unsigned)ARRAY_SIZE(array))])

static const char *const nets[] = { "198.51.100.0/24", "203.0.113.0/24", "198.51.100.1",
				    "203.0.113.1",     "10.0.0.0/8",     "172.16.0.0/12",
				    "192.168.0.0/16",  "128.0.0.0/1" };
static const char *const stops[] = { "blackhole", "unreachable", "prohibit", "throw" };
static const char *const tables[] = { "", "", " table 100" };

static void one(struct lines *lab, const char *host, unsigned dice)
{
	const char *link = chance(70) ? "eth0" : "eth1";

	if (dice < 15)
		lines_add(lab, "%s ip route add %s %s%s", host, PICK(stops), PICK(nets),
			  PICK(tables));
	else if (dice < 25)
		lines_add(lab, "%s ip route add %s dev %s%s", host, PICK(nets), link, PICK(tables));
	else if (dice < 32)
		lines_add(lab, "%s ip route %s default dev %s%s", host,
			  chance(50) ? "replace" : "add", link, PICK(tables));
	else if (dice < 37)
		lines_add(lab, "%s ip route del default", host);
	else if (dice < 57)
		lines_add(lab, "%s ip rule add %s %s%s", host, chance(50) ? "from" : "to",
			  chance(30)   ? "all"
			  : chance(30) ? "$E1"
				       : PICK(nets),
			  chance(80)   ? " lookup 100"
			  : chance(50) ? " blackhole"
				       : " lookup main priority 200");
	else if (dice < 62)
		lines_add(lab, "%s ip rule del lookup main", host);
	else if (dice < 70)
		lines_add(lab, "%s ip address del $%s dev eth0", host, host);
	else if (dice < 80)
		lines_add(lab, "%s ip address add %s/24 dev %s", host,
			  chance(50) ? "10.77.0.5" : "198.51.100.77", link);
	else
		lines_add(lab, "%s sysctl -qw net.ipv4.ip_forward=%d", host, chance(90));
}

void generate_guests(struct lines *lab)
{
	for (unsigned i = chance(50) ? 0 : between(1, 6); i > 0; i--) {
		char host[8];

		if (chance(85))
			snprintf(host, sizeof(host), "E%u", between(1, 4));
		else
			snprintf(host, sizeof(host), "H%u", between(1, 2));
		one(lab, host, below(100));
	}
}
