/* SPDX-License-Identifier: GPL-3.0-only */
#include "core/sandbox/users.h"

#include <errno.h>
#include <fcntl.h>
#include <pwd.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "core/base/cleanup.h"
#include "core/base/memory.h"
#include "core/base/text.h"

static int write_process_file(pid_t pid, const char *name, const char *content)
{
	char path[64];

	snprintf(path, sizeof(path), "/proc/%d/%s", (int)pid, name);
	auto_fd int fd = open(path, O_WRONLY | O_CLOEXEC);

	return fd < 0 || write(fd, content, strlen(content)) < 0 ? -errno : 0;
}

static int fail(const char *name, int r, struct error *err)
{
	return error_set(err, r, "cannot make the lab's user the root of its own namespace (%s)",
			 name);
}

struct id_range {
	unsigned inside, outside, count;
};

/* The next line of a map of ids: the first one inside, the first one outside, how many. */
static bool read_range(FILE *file, struct id_range *ret)
{
	char line[64], *at = line;

	if (!file || !fgets(line, sizeof(line), file))
		return false;
	ret->inside = (unsigned)strtoul(at, &at, 10);
	ret->outside = (unsigned)strtoul(at, &at, 10);
	ret->count = (unsigned)strtoul(at, &at, 10);
	return ret->count > 0;
}

/* Map every id of our own namespace to itself. */
static int write_same(pid_t pid, const char *name)
{
	struct id_range range;
	auto_text map = { 0 };
	char path[32];

	snprintf(path, sizeof(path), "/proc/self/%s", name);
	auto_file FILE *file = fopen(path, "re");

	while (read_range(file, &range))
		text_addf(&map, "%u %u %u\n", range.inside, range.inside, range.count);
	return write_process_file(pid, name, text_get(&map));
}

static int write_single(pid_t pid, const char *name, unsigned id, struct error *err)
{
	char map[32];
	int r;

	snprintf(map, sizeof(map), "0 %u 1", id);
	r = write_process_file(pid, name, map);
	return r < 0 ? fail(name, r, err) : 0;
}

/* The first range of the user in /etc/subuid or /etc/subgid; lines are name:start:count. */
static bool find_range(const char *path, unsigned *ret_start, unsigned *ret_count)
{
	const struct passwd *user = getpwuid(getuid());
	auto_file FILE *file = fopen(path, "re");
	char line[256], number[16];

	snprintf(number, sizeof(number), "%u", getuid());
	while (file && fgets(line, sizeof(line), file)) {
		char *rest = line;
		const char *name = strsep(&rest, ":");

		if (!rest ||
		    ((!user || strcmp(name, user->pw_name) != 0) && strcmp(name, number) != 0))
			continue;
		*ret_start = (unsigned)strtoul(rest, &rest, 10);
		*ret_count = *rest == ':' ? (unsigned)strtoul(rest + 1, NULL, 10) : 0;
		if (*ret_count > 0)
			return true;
	}
	return false;
}

/* The set-user-ID programs that write a map of granted ranges. */
struct range_tool {
	const char *name, *path, *ranges, *map;
};

static const struct range_tool group_tool = { "newgidmap", "/usr/bin/newgidmap", "/etc/subgid",
					      "gid_map" };
static const struct range_tool user_tool = { "newuidmap", "/usr/bin/newuidmap", "/etc/subuid",
					     "uid_map" };

bool users_have_ranges(const char **ret_missing)
{
	unsigned start, count;
	const struct range_tool *const tools[] = { &user_tool, &group_tool };

	for (size_t i = 0; i < ARRAY_SIZE(tools); i++) {
		if (access(tools[i]->path, X_OK) < 0)
			*ret_missing = tools[i]->name;
		else if (!find_range(tools[i]->ranges, &start, &count))
			*ret_missing = tools[i]->ranges;
		else
			continue;
		return false;
	}
	return true;
}

static bool is_written(pid_t pid, const char *map)
{
	char path[64];

	snprintf(path, sizeof(path), "/proc/%d/%s", (int)pid, map);
	auto_file FILE *file = fopen(path, "re");

	return file && fgetc(file) != EOF;
}

/* Have the map written: root inside is the caller, the others are of the range. */
static bool write_ranges(pid_t pid, const struct range_tool *tool, unsigned id)
{
	char target[16], own[16], first[16], size[16];
	unsigned start, count;
	pid_t child;

	if (access(tool->path, X_OK) < 0 || !find_range(tool->ranges, &start, &count))
		return false;
	snprintf(target, sizeof(target), "%d", (int)pid);
	snprintf(own, sizeof(own), "%u", id);
	snprintf(first, sizeof(first), "%u", start);
	snprintf(size, sizeof(size), "%u", count);
	child = fork();
	if (child == 0) {
		int null = open("/dev/null", O_RDWR | O_CLOEXEC);

		/* What it has to say does not matter: without ranges the lab runs, too. */
		dup2(null, STDOUT_FILENO);
		dup2(null, STDERR_FILENO);
		execl(tool->path, tool->name, target, "0", own, "1", "1", first, size, NULL);
		_exit(127);
	}
	if (child > 0)
		(void)TEMP_FAILURE_RETRY(waitpid(child, NULL, 0));
	return is_written(pid, tool->map);
}

int users_map(pid_t pid, struct error *err)
{
	int r;

	if (geteuid() == 0 && write_same(pid, "gid_map") == 0) {
		r = write_same(pid, "uid_map");
		return r < 0 ? fail("uid_map", r, err) : 0;
	}
	if (geteuid() != 0 && write_ranges(pid, &group_tool, getegid())) {
		if (write_ranges(pid, &user_tool, geteuid()))
			return 0;
	} else {
		/* Whoever may not set groups may give himself the one he has. */
		r = write_process_file(pid, "setgroups", "deny");
		if (r < 0)
			return fail("setgroups", r, err);
		if ((r = write_single(pid, "gid_map", getegid(), err)) < 0)
			return r;
	}
	return write_single(pid, "uid_map", geteuid(), err);
}

int users_map_same(pid_t pid, struct error *err)
{
	int r = write_same(pid, "gid_map");

	if (r == 0)
		r = write_same(pid, "uid_map");
	return r < 0 ? fail("uid_map", r, err) : 0;
}

bool users_is_single(void)
{
	auto_file FILE *file = fopen("/proc/self/uid_map", "re");
	struct id_range range;

	return read_range(file, &range) && range.count == 1 && !read_range(file, &range);
}
