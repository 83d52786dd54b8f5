/* SPDX-License-Identifier: GPL-3.0-only */
#pragma once

/*
 * A user namespace of the test's own, in which limits can be set without a change to the machine.
 * Include after test.h.
 */
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <string.h>
#include <unistd.h>

#include "core/base/cleanup.h"

static inline void write_to(const char *path, const char *content)
{
	auto_fd int fd = open(path, O_WRONLY | O_CLOEXEC);

	if (fd < 0 || write(fd, content, strlen(content)) < 0) {
		printf("# %s: %s\n", path, strerror(errno));
		test_skip("cannot set this up here");
	}
}

/* Enter a new user namespace, as its root. */
static inline void go_into_user_namespace(void)
{
	char map[32], map_group[32];

	snprintf(map, sizeof(map), "0 %u 1", geteuid());
	snprintf(map_group, sizeof(map_group), "0 %u 1", getegid());
	if (unshare(CLONE_NEWUSER | CLONE_NEWNS) < 0)
		test_skip("no user namespaces here");
	write_to("/proc/self/setgroups", "deny");
	write_to("/proc/self/uid_map", map);
	write_to("/proc/self/gid_map", map_group);
}
