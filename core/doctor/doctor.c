/* SPDX-License-Identifier: GPL-3.0-only */
#include "core/doctor/doctor.h"

#include <errno.h>
#include <limits.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/utsname.h>
#include <unistd.h>

#include "core/apply/apply.h"
#include "core/base/cleanup.h"
#include "core/base/limit.h"
#include "core/base/memory.h"
#include "core/doctor/features.h"
#include "core/sandbox/exec_setup.h"
#include "core/sandbox/files.h"
#include "core/sandbox/sandbox.h"
#include "core/sandbox/seal.h"
#include "core/sandbox/users.h"

struct checks {
	struct doctor_check *check;
	size_t n_check;
	struct sandbox sandbox; /* closed if this machine cannot make one */
};

static struct doctor_check *add(struct checks *checks, const char *name, bool ok)
{
	struct doctor_check *check = ARRAY_PUSH(checks->check, checks->n_check);

	snprintf(check->name, sizeof(check->name), "%s", name);
	check->ok = ok;
	return check;
}

__attribute__((format(printf, 2, 3))) static void say(struct doctor_check *check,
						      const char *format, ...)
{
	va_list ap;

	va_start(ap, format);
	vsnprintf(check->detail, sizeof(check->detail), format, ap);
	va_end(ap);
}

__attribute__((format(printf, 2, 3))) static void cure(struct doctor_check *check,
						       const char *format, ...)
{
	va_list ap;

	if (check->ok)
		return;
	va_start(ap, format);
	vsnprintf(check->cure, sizeof(check->cure), format, ap);
	va_end(ap);
}

/* ---- the sandbox itself, and what may forbid it ---- */

static void check_sandbox(struct checks *checks)
{
	struct error err = { 0 };
	struct doctor_check *check;
	struct utsname system;
	int r = sandbox_create(&checks->sandbox, true, -1, NULL, &err);

	check = add(checks, "private namespaces", r >= 0);
	if (r < 0) {
		checks->sandbox = SANDBOX_CLOSED;
		say(check, "%s", err.message);
		cure(check, "%s", err.hint[0] ? err.hint : "see the kernel's log: dmesg");
		return;
	}
	uname(&system);
	say(check, "user, network, mount, PID, IPC and UTS, on Linux %s", system.release);
}

/* ---- what programs inside find ---- */

struct inside {
	bool single_user, writable, filter;
	long processes; /* at most so many, by the PID namespace */
};

static int look_inside(void *arg, struct error *err)
{
	struct inside *inside = arg;
	struct stat st;

	(void)err;
	inside->single_user = users_is_single();
	inside->writable = files_are_writable();
	inside->filter = stat(FILTER_PATH, &st) == 0 && st.st_size > 0;
	(void)limit_read("/proc/sys/kernel/pid_max", &inside->processes);
	return 0;
}

static void check_users(struct checks *checks, const struct inside *inside)
{
	struct doctor_check *check = add(checks, "users in a lab", !inside->single_user);
	const char *missing = "";

	check->optional = true;
	if (!inside->single_user) {
		say(check, geteuid() == 0 ? "all of the machine's"
					  : "root and the range that /etc/subuid grants");
		return;
	}
	say(check, "root only: what becomes another user is told that it did, and stays root");
	if (geteuid() == 0 || users_have_ranges(&missing))
		cure(check, "start vpclab where more users are mapped");
	else if (*missing == '/')
		cure(check, "sudo usermod --add-subuids 100000-165535 --add-subgids 100000-165535 "
			    "$USER");
	else
		cure(check, "sudo apt-get install uidmap");
}

/* An ordinary user's processes count for the user namespace, root's only where PID namespaces have
 * a limit of their own. */
static void check_process_limit(struct checks *checks, const struct inside *inside)
{
	const unsigned limit = seal_process_limit();
	bool by_namespace = inside->processes > 0 && inside->processes <= (long)limit;
	struct doctor_check *check =
		add(checks, "limit of processes", by_namespace || geteuid() != 0);

	check->optional = true;
	if (check->ok)
		say(check, "%u a lab, by %s", limit,
		    by_namespace ? "its PID namespace" : "its user namespace");
	else
		say(check, "a program in root's lab can use up all of the machine's");
	cure(check, "Linux 6.14 or later, or: systemd-run --scope -p TasksMax=%u vpclab ...",
	     limit);
}

/* Find the lowest limit that a control group sets to this process and what it starts. */
static bool find_memory_limit(uint64_t *ret_bytes)
{
	auto_file FILE *groups = fopen("/proc/self/cgroup", "re");
	char line[PATH_MAX];
	uint64_t least = UINT64_MAX;

	while (groups && fgets(line, sizeof(line), groups)) {
		bool unified = strncmp(line, "0::", 3) == 0;
		char *group = strstr(line, unified ? "::" : ":memory:");

		if (!group)
			continue;
		group += strlen(unified ? "::" : ":memory:");
		group[strcspn(group, "\n")] = '\0';
		for (char *end = group + strlen(group); end; end = strrchr(group, '/')) {
			auto_free char *path = NULL;
			long bytes;

			*end = '\0';
			path = xprintf("/sys/fs/cgroup%s%s/%s", unified ? "" : "/memory", group,
				       unified ? "memory.max" : "memory.limit_in_bytes");
			if (limit_read(path, &bytes) && bytes > 0 && (uint64_t)bytes < least)
				least = (uint64_t)bytes;
		}
	}
	*ret_bytes = least;
	return least < 1ull << 60; /* version 1 has a number for none */
}

/*
 * A lab makes no control group of its own: nothing would remove it when the keeper is killed, and
 * the one of the caller holds for the lab, too. A limit a process (setrlimit) is none for a lab.
 */
static void check_memory_limit(struct checks *checks)
{
	uint64_t bytes;
	struct doctor_check *check = add(checks, "limit of memory", find_memory_limit(&bytes));

	check->optional = true;
	if (check->ok)
		say(check, "%ju MiB, by the control group that vpclab is started in",
		    (uintmax_t)(bytes >> 20));
	else
		say(check, "the programs of a lab can use up all of the machine's; a control group "
			   "of its own would be left behind if the lab were killed");
	cure(check, "systemd-run %s--scope -p MemoryMax=4G vpclab ...",
	     geteuid() == 0 ? "" : "--user ");
}

static void check_inside(struct checks *checks)
{
	struct inside *inside = sandbox_shared(sizeof(*inside));
	struct doctor_check *check;

	if (checks->sandbox.keeper > 0 && inside &&
	    sandbox_call(&checks->sandbox, look_inside, inside, &(struct error){ 0 }) >= 0) {
		check = add(checks, "overlay", inside->writable);
		check->optional = true;
		say(check, "%s",
		    !inside->writable
			    ? "hosts can write to /run, /tmp, /var/tmp and /var/log only, "
			      "each its own; the rest is read-only, but names are the lab's"
		    : geteuid() == 0
			    ? "what a host writes is its own, and goes with the lab"
			    : "what a host writes is its own, and goes with the lab: below "
			      "/etc, /var, /tmp, /run and home, where files of others can be "
			      "replaced, not changed");
		cure(check, "sudo modprobe overlay (Linux 5.11 or later)");
		check = add(checks, "seccomp", inside->filter);
		check->optional = true;
		say(check,
		    inside->filter
			    ? "no program in a lab types into your terminal"
			    : "a program in a lab can type into your terminal, and with root "
			      "as its only user it cannot become another");
		cure(check, "a kernel with CONFIG_SECCOMP_FILTER");
		check_users(checks, inside);
		check_process_limit(checks, inside);
		check_memory_limit(checks);
	}
	sandbox_shared_free(inside, sizeof(*inside));
}

/* A switch that closes user namespaces to ordinary users at some value. Not every system has it. */
static void check_switch(struct checks *checks, const char *path, const char *name, long closed,
			 long open)
{
	struct doctor_check *check;
	long value;

	if (!limit_read(path, &value))
		return;
	/* If it works in spite of the switch (for root, or by an AppArmor profile), the switch
	 * forbids nothing. */
	check = add(checks, name, value != closed || checks->sandbox.keeper > 0);
	say(check, "%ld%s", value,
	    value == closed && check->ok ? ", but not for this program" : "");
	cure(check, "sudo sysctl -w %s=%ld", name, open);
}

#define NAMESPACES_USEFUL 64

static void check_limit(struct checks *checks, const char *kind)
{
	struct doctor_check *check;
	char path[64], name[40];
	long value;

	snprintf(path, sizeof(path), "/proc/sys/user/max_%s_namespaces", kind);
	snprintf(name, sizeof(name), "user.max_%s_namespaces", kind);
	if (!limit_read(path, &value))
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
	static const char *const kinds[] = { "user", "net", "mnt", "pid", "ipc", "uts" };

	check_switch(checks, "/proc/sys/kernel/unprivileged_userns_clone",
		     "kernel.unprivileged_userns_clone", 0, 1);
	check_switch(checks, "/proc/sys/kernel/apparmor_restrict_unprivileged_userns",
		     "kernel.apparmor_restrict_unprivileged_userns", 1, 0);
	for (size_t i = 0; i < ARRAY_SIZE(kinds); i++)
		check_limit(checks, kinds[i]);
}

/* ---- what the kernel can do inside ---- */

struct feature_attempt {
	const struct doctor_feature *feature;
	struct wanted *wanted;
};

/* In the sandbox, build a feature, use it, and take it away again. */
static int try(void *arg, struct error *err)
{
	const struct feature_attempt *attempt = arg;
	struct wanted nothing = { 0 };
	struct plan plan;
	int r;

	plan_make(&plan, NULL, attempt->wanted);
	r = apply_plan(&plan, APPLY_EXACT, err);
	plan_free(&plan);
	if (r >= 0 && attempt->feature->use) {
		r = netns_enter(DOCTOR_NETNS, err);
		if (r >= 0)
			r = attempt->feature->use(err);
	}
	plan_make(&plan, attempt->wanted, &nothing);
	(void)apply_plan(&plan, APPLY_TOLERANT, &(struct error){ 0 });
	plan_free(&plan);
	return r;
}

static void check_kernel(struct checks *checks)
{
	for (const struct doctor_feature *feature = doctor_features;
	     checks->sandbox.keeper > 0 && feature->name; feature++) {
		struct feature_attempt attempt = { .feature = feature,
						   .wanted = doctor_wanted(feature) };
		struct error err = { 0 };
		struct doctor_check *check =
			add(checks, feature->name,
			    sandbox_call(&checks->sandbox, try, &attempt, &err) >= 0);

		check->optional = feature->optional;
		say(check, "%s", check->ok ? feature->purpose : err.message);
		if (strncmp(feature->modules, "CONFIG_", 7) == 0)
			cure(check, "a kernel with %s", feature->modules);
		else
			cure(check, "sudo modprobe -a %s", feature->modules);
		if (err.hint[0])
			cure(check, "%s", err.hint);
		wanted_free(attempt.wanted);
		free(attempt.wanted);
	}
}

/* ---- programs and files ---- */

static void check_programs(struct checks *checks)
{
	static const struct {
		const char *name, *purpose, *package;
	} programs[] = {
		{ "vpclab-service", "services of nodes, resolvers and metadata of VPCs", NULL },
		{ "ip", "looking at links and routes in nodes", "iproute2" },
		{ "nft", "looking at rules in nodes", "nftables" },
		{ "curl", "asking services from nodes, as the tutorials do", "curl" },
		{ "ping", "ICMP from nodes", "iputils-ping" },
		{ "tcpdump", "watching packets in nodes", "tcpdump" },
		{ "dnsmasq", "the resolvers of VPCs", "dnsmasq-base" },
		{ "sshd", "logging in to a node that has the service ssh", "openssh-server" },
		{ "ssh", "logging in from nodes", "openssh-client" },
	};

	for (size_t i = 0; i < ARRAY_SIZE(programs); i++) {
		/* A program of ours lies beside us, or in PATH. */
		const char *package = programs[i].package;
		auto_free char *path = package ? NULL : program_beside(programs[i].name);
		bool found = path || program_find(programs[i].name, &path) == 0;
		struct doctor_check *check = add(checks, programs[i].name, found);

		check->optional = true;
		if (found)
			say(check, "%.255s", path);
		else
			say(check, "not found: %s", programs[i].purpose);
		if (package)
			cure(check, "sudo apt-get install %s", package);
		else
			cure(check, "put it beside vpclab, as make install does");
	}
}

#define FILES_AROUND 256 /* beside the one that each node takes while a lab is built */

static void check_open_files(struct checks *checks)
{
	struct doctor_check *check;
	struct rlimit limit;

	if (getrlimit(RLIMIT_NOFILE, &limit) < 0)
		return;
	check = add(checks, "open files", limit.rlim_max >= FILES_AROUND + NAMESPACES_USEFUL);
	if (limit.rlim_max == RLIM_INFINITY)
		say(check, "no limit");
	else
		say(check, "hard limit %ju: enough for a lab of %ju nodes",
		    (uintmax_t)limit.rlim_max,
		    (uintmax_t)(limit.rlim_max > FILES_AROUND ? limit.rlim_max - FILES_AROUND : 0));
	cure(check, "sudo prlimit --pid $$ --nofile=65536:65536");
}

void doctor_run(struct doctor_check **ret_checks, size_t *ret_n)
{
	struct checks checks = { .sandbox = SANDBOX_CLOSED };

	check_sandbox(&checks);
	check_inside(&checks);
	check_switches(&checks);
	check_kernel(&checks);
	check_open_files(&checks);
	check_programs(&checks);
	(void)sandbox_destroy(&checks.sandbox, &(struct error){ 0 });
	sandbox_close(&checks.sandbox);
	*ret_checks = checks.check;
	*ret_n = checks.n_check;
}
