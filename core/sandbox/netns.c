/* SPDX-License-Identifier: GPL-3.0-only */
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <stdio.h>
#include <string.h>

#include "core/base/cleanup.h"
#include "core/base/limit.h"
#include "core/sandbox/sandbox.h"

int netns_open(const char *name, struct error *err)
{
	char path[300];
	int fd, r;

	/* Names come from the model, which is stricter; a pin is never looked for outside its
	 * directory. */
	if (!*name || *name == '.' || strchr(name, '/') || strlen(name) > 255)
		return error_set(err, -EINVAL, "\"%.64s\" is no name of a network namespace", name);

	snprintf(path, sizeof(path), "/run/netns/%s", name);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd >= 0)
		return fd;

	r = -errno;
	if (r == -ENOENT)
		return error_set(err, r, "%s has no network namespace", name);
	error_set(err, r, "cannot open the network namespace of %s: %s", name, strerror(-r));
	limit_hint(err, r);
	return r;
}

int netns_enter(const char *name, struct error *err)
{
	auto_fd int fd = netns_open(name, err);
	int r;

	if (fd < 0)
		return fd;
	if (setns(fd, CLONE_NEWNET) == 0)
		return 0;

	r = -errno;
	return error_set(err, r, "cannot enter the network namespace of %s: %s", name,
			 strerror(-r));
}
