#include "core/machine.h"

#include <errno.h>
#include <limits.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/utsname.h>
#include <unistd.h>

#include "core/apply.h"
#include "core/cleanup.h"
#include "core/memory.h"
#include "core/nft.h"
#include "core/world.h"

struct checks {
	struct machine_check *check;
	size_t n_check;
	struct world world; /* closed: this machine cannot make one */
};

static struct machine_check *add(struct checks *checks, const char *name, bool ok)
{
	struct machine_check *check = ARRAY_PUSH(checks->check, checks->n_check);

	snprintf(check->name, sizeof(check->name), "%s", name);
	check->ok = ok;
	return check;
}

__attribute__((format(printf, 2, 3))) static void say(struct machine_check *check, const char *format, ...)
{
	va_list ap;

	va_start(ap, format);
	vsnprintf(check->detail, sizeof(check->detail), format, ap);
	va_end(ap);
}

__attribute__((format(printf, 2, 3))) static void cure(struct machine_check *check, const char *format, ...)
{
	va_list ap;

	if (check->ok)
		return;
	va_start(ap, format);
	vsnprintf(check->cure, sizeof(check->cure), format, ap);
	va_end(ap);
}

/* ---- the world itself, and what may forbid it ---- */

static void check_world(struct checks *checks)
{
	struct error err = { 0 };
	struct machine_check *check;
	struct utsname system;
	int r = world_create(&checks->world, true, -1, &err);

	check = add(checks, "private namespaces", r >= 0);
	if (r < 0) {
		checks->world = WORLD_CLOSED;
		say(check, "%s", err.message);
		cure(check, "%s", err.hint[0] ? err.hint : "see the kernel's log: dmesg");
		return;
	}
	uname(&system);
	say(check, "user, network, mount and PID, on Linux %s", system.release);
}

static bool read_number(const char *path, long *ret_number)
{
	auto_file FILE *file = fopen(path, "re");
	char text[32], *end;

	if (!file || !fgets(text, sizeof(text), file))
		return false;
	*ret_number = strtol(text, &end, 10);
	return end > text;
}

/* A switch with a value that closes user namespaces to ordinary users. Not there on every system. */
static void check_switch(struct checks *checks, const char *path, const char *name, long closed, long open)
{
	struct machine_check *check;
	long value;

	if (!read_number(path, &value))
		return;
	/* Where it works in spite of it (for root, or an AppArmor profile that allows it), it forbids nothing. */
	check = add(checks, name, value != closed || checks->world.keeper > 0);
	say(check, "%ld%s", value, value == closed && check->ok ? ", but not for this program" : "");
	cure(check, "sudo sysctl -w %s=%ld", name, open);
}

#define NAMESPACES_USEFUL 64

static void check_limit(struct checks *checks, const char *kind)
{
	struct machine_check *check;
	char path[64], name[40];
	long value;

	snprintf(path, sizeof(path), "/proc/sys/user/max_%s_namespaces", kind);
	snprintf(name, sizeof(name), "user.max_%s_namespaces", kind);
	if (!read_number(path, &value))
		return;
	check = add(checks, name, value >= (strcmp(kind, "net") == 0 ? NAMESPACES_USEFUL : 1));
	if (strcmp(kind, "net") == 0)
		say(check, "%ld, a node takes one", value);
	else
		say(check, "%ld, a lab takes one", value);
	cure(check, "sudo sysctl -w %s=65536", name);
}

static void check_switches(struct checks *checks)
{
	static const char *const kinds[] = { "user", "net", "mnt", "pid" };

	check_switch(checks, "/proc/sys/kernel/unprivileged_userns_clone", "kernel.unprivileged_userns_clone", 0, 1);
	check_switch(checks, "/proc/sys/kernel/apparmor_restrict_unprivileged_userns",
		     "kernel.apparmor_restrict_unprivileged_userns", 1, 0);
	for (size_t i = 0; i < ARRAY_SIZE(kinds); i++)
		check_limit(checks, kinds[i]);
}

/* ---- what the kernel can do inside: each tried in two namespaces of its own ---- */

/* The last byte of a name keeps the attempts apart. */
static const char *const namespaces[2] = { "doctor-a", "doctor-b" };

static struct wanted *new_wanted(void)
{
	struct wanted *wanted = xnew(struct wanted);

	for (size_t i = 0; i < ARRAY_SIZE(namespaces); i++)
		wanted_add(wanted, OBJECT_NETNS, namespaces[i])->netns_.role = NETNS_ROUTER;
	return wanted;
}

static void want_link(struct wanted *wanted)
{
	struct object *object = wanted_add(wanted, OBJECT_VETH, namespaces[0]);

	object->veth = (struct veth_object){
		.link = "doctor",
		.peer_netns = namespaces[1],
		.peer_link = "doctor",
		.mac = { 0x02, 0, 0, 0, 0, 1 },
	};
}

static void want_routing(struct wanted *wanted)
{
	struct object *object;

	want_link(wanted);
	object = wanted_add(wanted, OBJECT_ROUTE, namespaces[0]);
	object->route = (struct route_object){
		.table = 1000,
		.to = { .address = 0, .length = 0 },
		.type = ROUTE_UNICAST,
		.link = "doctor",
		.via = 0xa9fe0001,
		.onlink = true,
	};
	object = wanted_add(wanted, OBJECT_RULE, namespaces[0]);
	object->rule = (struct rule_object){ .priority = 1000, .iif = "doctor", .table = 1000 };
}

static struct nft_chain *want_chain(struct wanted *wanted, enum nft_chain_type type, enum nft_hook hook)
{
	struct object *object = wanted_add(wanted, OBJECT_NFT_CHAIN, namespaces[0]);

	object->chain = (struct nft_chain){
		.name = "doctor",
		.type = type,
		.hook = hook,
		.priority = type == NFT_CHAIN_NAT ? 100 : 0,
	};
	return &object->chain;
}

static void want_conntrack(struct wanted *wanted)
{
	struct nft_chain *chain = want_chain(wanted, NFT_CHAIN_FILTER, NFT_HOOK_FORWARD);
	struct nft_rule *rule = nft_rule_add(&wanted->arena, chain);

	nft_match_value(&wanted->arena, rule, NFT_CT_STATE, NFT_ANY_BIT, NFT_STATE_ESTABLISHED);
	nft_verdict(&wanted->arena, rule, NFT_ACCEPT, NULL);
}

static void want_nat_map(struct wanted *wanted)
{
	static const enum nft_field key[] = { NFT_DADDR, NFT_L4PROTO, NFT_DPORT };
	struct object *object = wanted_add(wanted, OBJECT_NFT_SET, namespaces[0]);
	struct nft_chain *chain;

	object->set = (struct nft_set){ .name = "entries", .n_key = ARRAY_SIZE(key), .data = NFT_DATA_ADDRESS_PORT };
	memcpy(object->set.key, key, sizeof(key));
	chain = want_chain(wanted, NFT_CHAIN_NAT, NFT_HOOK_PREROUTING);
	chain->priority = -100;
	nft_lookup(&wanted->arena, nft_rule_add(&wanted->arena, chain), NFT_DNAT_MAP, "entries", key, ARRAY_SIZE(key), 32, true);
}

static void want_nat_pool(struct wanted *wanted)
{
	static const uint32_t pool[] = { 0xcb007101, 0xcb007102 };
	struct nft_chain *chain = want_chain(wanted, NFT_CHAIN_NAT, NFT_HOOK_POSTROUTING);

	nft_nat(&wanted->arena, nft_rule_add(&wanted->arena, chain), NFT_SNAT_POOL, pool, ARRAY_SIZE(pool));
}

static void want_verdict_map(struct wanted *wanted)
{
	static const enum nft_field key[] = { NFT_OIFNAME };
	struct object *object = wanted_add(wanted, OBJECT_NFT_SET, namespaces[0]);
	struct nft_chain *chain;

	object->set = (struct nft_set){ .name = "ports", .n_key = 1, .data = NFT_DATA_VERDICT };
	object->set.key[0] = NFT_OIFNAME;
	chain = want_chain(wanted, NFT_CHAIN_FILTER, NFT_HOOK_FORWARD);
	nft_lookup(&wanted->arena, nft_rule_add(&wanted->arena, chain), NFT_VMAP, "ports", key, 1, 32, false);
}

static void want_rate(struct wanted *wanted)
{
	struct nft_chain *chain = want_chain(wanted, NFT_CHAIN_FILTER, NFT_HOOK_FORWARD);
	struct nft_rule *rule = nft_rule_add(&wanted->arena, chain);

	nft_limit_rate(&wanted->arena, rule, 1000);
	nft_verdict(&wanted->arena, rule, NFT_DROP, NULL);
}

static void want_count(struct wanted *wanted)
{
	static const enum nft_field key[] = { NFT_NUMBER };
	struct object *object = wanted_add(wanted, OBJECT_NFT_SET, namespaces[0]);
	struct nft_chain *chain;
	struct nft_rule *rule;

	object->set = (struct nft_set){ .name = "connections", .key = { NFT_NUMBER }, .n_key = 1, .dynamic = true };
	chain = want_chain(wanted, NFT_CHAIN_FILTER, NFT_HOOK_FORWARD);
	rule = nft_rule_add(&wanted->arena, chain);
	nft_limit_connections(&wanted->arena, rule, "connections", key, ARRAY_SIZE(key), 10, 1000);
	nft_verdict(&wanted->arena, rule, NFT_DROP, NULL);
}

/* In the world: builds it, and takes it away again. */
static int try(void *arg, struct error *err)
{
	struct wanted *wanted = arg, nothing = { 0 };
	struct plan plan;
	int r;

	plan_make(&plan, NULL, wanted);
	r = apply_plan(&plan, APPLY_EXACT, err);
	plan_free(&plan);
	plan_make(&plan, wanted, &nothing);
	(void)apply_plan(&plan, APPLY_TOLERANT, &(struct error){ 0 });
	plan_free(&plan);
	return r;
}

static void check_kernel(struct checks *checks)
{
	static const struct {
		const char *name, *purpose, *modules;
		void (*want)(struct wanted *wanted);
	} features[] = {
		{ "veth", "links between nodes", "veth", want_link },
		{ "policy routing", "route tables of vSwitches", "CONFIG_IP_MULTIPLE_TABLES", want_routing },
		{ "nftables, connection tracking", "security groups", "nf_tables nf_conntrack nft_ct", want_conntrack },
		{ "nftables, verdict maps", "security groups", "nf_tables", want_verdict_map },
		{ "nftables, NAT by maps", "SNAT and DNAT entries", "nft_nat nft_chain_nat nf_nat", want_nat_map },
		{ "nftables, NAT by hash", "SNAT entries with several EIPs", "nft_hash nft_nat", want_nat_pool },
		{ "nftables, limit", "new connections of a gateway", "nft_limit", want_rate },
		{ "nftables, ct count", "connections of a gateway", "nft_connlimit nft_numgen", want_count },
	};

	for (size_t i = 0; checks->world.keeper > 0 && i < ARRAY_SIZE(features); i++) {
		struct wanted *wanted = new_wanted();
		struct error err = { 0 };
		struct machine_check *check;

		features[i].want(wanted);
		wanted_sort(wanted);
		check = add(checks, features[i].name, world_call(&checks->world, try, wanted, &err) >= 0);
		say(check, "%s", check->ok ? features[i].purpose : err.message);
		if (strncmp(features[i].modules, "CONFIG_", 7) == 0)
			cure(check, "a kernel with %s", features[i].modules);
		else
			cure(check, "sudo modprobe -a %s", features[i].modules);
		if (err.hint[0])
			cure(check, "%s", err.hint);
		wanted_free(wanted);
		free(wanted);
	}
}

/* ---- around it ---- */

static bool find_program(const char *name, char *ret_path, size_t size)
{
	static const char administrator[] = "/usr/local/sbin:/usr/sbin:/sbin";
	const char *path = getenv("PATH");
	auto_free char *list = xprintf("%s:%s", path && *path ? path : "/usr/local/bin:/usr/bin:/bin", administrator);
	char *rest = list;

	for (char *directory; (directory = strsep(&rest, ":"));) {
		snprintf(ret_path, size, "%s/%s", directory, name);
		if (*directory && access(ret_path, X_OK) == 0)
			return true;
	}
	return false;
}

static void check_programs(struct checks *checks)
{
	static const struct {
		const char *name, *purpose, *package;
	} programs[] = {
		{ "ip", "looking at links and routes in nodes", "iproute2" },
		{ "nft", "looking at rules in nodes", "nftables" },
		{ "curl", "asking services from nodes, as the tutorials do", "curl" },
		{ "ping", "ICMP from nodes", "iputils-ping" },
		{ "tcpdump", "watching packets in nodes", "tcpdump" },
	};

	for (size_t i = 0; i < ARRAY_SIZE(programs); i++) {
		char path[PATH_MAX];
		bool found = find_program(programs[i].name, path, sizeof(path));
		struct machine_check *check = add(checks, programs[i].name, found);

		check->optional = true;
		/* It wants to become a user of its own, whom a lab without root does not have. */
		if (found && geteuid() != 0 && strcmp(programs[i].name, "tcpdump") == 0)
			say(check, "%.200s; without root run it as tcpdump -Z root", path);
		else if (found)
			say(check, "%.255s", path);
		else
			say(check, "not found: %s", programs[i].purpose);
		cure(check, "sudo apt-get install %s", programs[i].package);
	}
}

#define FILES_AROUND 256 /* beside the one a node takes while a lab is built */

static void check_open_files(struct checks *checks)
{
	struct machine_check *check;
	struct rlimit limit;

	if (getrlimit(RLIMIT_NOFILE, &limit) < 0)
		return;
	check = add(checks, "open files", limit.rlim_max >= FILES_AROUND + NAMESPACES_USEFUL);
	if (limit.rlim_max == RLIM_INFINITY)
		say(check, "no limit");
	else
		say(check, "hard limit %ju: enough for a lab of %ju nodes", (uintmax_t)limit.rlim_max,
		    (uintmax_t)(limit.rlim_max > FILES_AROUND ? limit.rlim_max - FILES_AROUND : 0));
	cure(check, "sudo prlimit --pid $$ --nofile=65536:65536");
}

void machine_check(struct machine_check **ret_checks, size_t *ret_n)
{
	struct checks checks = { .world = WORLD_CLOSED };

	check_world(&checks);
	check_switches(&checks);
	check_kernel(&checks);
	check_open_files(&checks);
	check_programs(&checks);
	(void)world_destroy(&checks.world, &(struct error){ 0 });
	world_close(&checks.world);
	*ret_checks = checks.check;
	*ret_n = checks.n_check;
}
