/* SPDX-License-Identifier: GPL-3.0-only */
#include "tests/prove/prove.h"

#include <stdio.h>

#include "core/base/memory.h"

/*
 * What users set up in hosts, by lines of which explain understands those of ip on a file: so the
 * kernel proves what is read of it, and what is made of the words. Many are refused, as in a lab
 * whose host has no second interface; explain has to know that, too.
 */

#define PICK(array) ((array)[below((unsigned)ARRAY_SIZE(array))])

static const char *const nets[] = { "198.51.100.0/24", "203.0.113.0/24", "198.51.100.1",
				    "203.0.113.1",     "10.0.0.0/8",     "172.16.0.0/12",
				    "192.168.0.0/16",  "128.0.0.0/1" };
static const char *const stops[] = { "blackhole", "unreachable", "prohibit", "throw" };
static const char *const tables[] = { "", "", " table 100" };

/* Rules that are understood, in the order in which chance has them. */
static void firewall(struct lines *lab, const char *host)
{
	static const char *const hooks[] = { "input",      "input",       "output",
					     "prerouting", "postrouting", "forward" };
	static const char *const rules[] = {
		"iif lo accept",
		"iifname eth* counter",
		"oifname eth0 ip daddr 10.0.0.0/8 log accept",
		"ct state established,related accept",
		"ct state vmap { established : accept, invalid : drop }",
		"ct state new tcp dport { 22, 80-90, 443 } accept",
		"tcp dport 1-1023 reject with tcp reset",
		"udp dport != 7 drop",
		"udp sport >= 1024 return",
		"icmp type echo-request reject",
		"icmp type { echo-reply } drop",
		"ip protocol udp drop",
		"meta l4proto { tcp, icmp } accept",
		"goto f",
	};
	static const char *const sides[] = { "saddr", "daddr" };
	const char *family = chance(50) ? "inet" : "ip", *hook = PICK(hooks);

	lines_add(lab, "%s nft add table %s %s", host, family, hook);
	lines_add(lab, "%s nft add chain %s %s f", host, family, hook);
	lines_add(lab, "%s nft add chain %s %s c { type filter hook %s priority %d ; policy %s ; }",
		  host, family, hook, hook, chance(70) ? (int)between(0, 3) : -300,
		  chance(70) ? "accept" : "drop");
	for (unsigned i = between(1, 4); i > 0; i--) {
		const char *chain = chance(80) ? "c" : "f";

		if (chance(60))
			lines_add(lab, "%s nft add rule %s %s %s %s", host, family, hook, chain,
				  PICK(rules));
		else
			lines_add(lab, "%s nft add rule %s %s %s ip %s %s %s", host, family, hook,
				  chain, PICK(sides),
				  chance(60)   ? PICK(nets)
				  : chance(50) ? "!= 10.0.0.0/9"
					       : "{ 10.0.1.0/24, 198.51.100.0-198.51.100.9 }",
				  chance(60) ? "drop" : "accept");
	}
}

static void one(struct lines *lab, const char *host, unsigned dice)
{
	const char *link = chance(70) ? "eth0" : "eth1";

	if (chance(25))
		firewall(lab, host);
	else if (dice < 15)
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

static const char *some_host(char text[static 8])
{
	if (chance(85))
		snprintf(text, 8, "E%u", between(1, 4));
	else
		snprintf(text, 8, "H%u", between(1, 2));
	return text;
}

/* Those of the cloud's secondary addresses that a user knows of. */
static void set_up_secondary(struct lines *lab)
{
	char host[8], ip[24];

	for (size_t i = 0, n = lab->n_line; i < n; i++)
		if (sscanf(lab->line[i], "eni assign %7s ip %23s", host, ip) == 2 && chance(60))
			lines_add(lab, "%s ip address add %s/24 dev eth0",
				  host[0] == 'E' ? host : some_host(host), ip);
}

void generate_guests(struct lines *lab)
{
	char host[8];

	set_up_secondary(lab);

	for (unsigned i = chance(50) ? 0 : between(1, 6); i > 0; i--)
		one(lab, some_host(host), below(100));
	if (chance(30))
		firewall(lab, some_host(host));
}
