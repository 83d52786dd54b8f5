/* SPDX-License-Identifier: GPL-3.0-only */
#include "cli/view/service_state.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "core/base/cleanup.h"
#include "core/base/memory.h"

#define LOG_MAX (16u << 20) /* the end of a longer one is what matters */

const char *service_own_name(const struct service *service)
{
	const char *slash = strchr(service->resource.name, '/');

	return slash ? slash + 1 : service->resource.name;
}

static int open_file(const struct lab *lab, const struct service *service, const char *suffix)
{
	auto_free char *path =
		xprintf("service/%s/%s.%s", service->node->name, service_own_name(service), suffix);

	return openat(lab->sandbox.directory, path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
}

/* From the sandbox's own /proc, as its processes have other numbers outside. */
static bool is_running(const struct lab *lab, long pid)
{
	char path[64], stat[512];
	auto_fd int fd = -1;
	const char *state;
	ssize_t n;

	snprintf(path, sizeof(path), "../../proc/%ld/stat", pid);
	fd = openat(lab->sandbox.directory, path, O_RDONLY | O_CLOEXEC);
	n = fd < 0 ? -1 : read(fd, stat, sizeof(stat) - 1);
	if (n <= 0)
		return false;
	stat[n] = '\0';
	state = strrchr(stat, ')'); /* "12 (name) S ..." */
	return state && state[1] == ' ' && state[2] != 'Z' && state[2] != 'X';
}

const char *service_state(const struct lab *lab, const struct service *service)
{
	auto_fd int fd = -1;
	char text[32];
	ssize_t n;
	long pid;

	if (lab->sandbox.keeper < 0)
		return "Pending";
	fd = open_file(lab, service, "pid");
	if (fd < 0)
		return lab_has_pending(lab) ? "Pending" : "Exited";
	n = read(fd, text, sizeof(text) - 1);
	if (n <= 0)
		return "Exited";
	text[n] = '\0';
	pid = strtol(text, NULL, 10);
	return pid > 0 && is_running(lab, pid) ? "Running" : "Exited";
}

int service_read_log(const struct lab *lab, const struct service *service, struct text *ret_log,
		     struct error *err)
{
	auto_fd int fd = open_file(lab, service, "log");
	char chunk[16384];
	off_t size;

	if (fd < 0 && errno == ENOENT)
		return 0; /* it said nothing */
	if (fd < 0)
		return error_set(err, -errno, "cannot read the log of %s: %s",
				 service->resource.name, strerror(errno));
	size = lseek(fd, 0, SEEK_END);
	(void)lseek(fd, size > (off_t)LOG_MAX ? size - (off_t)LOG_MAX : 0, SEEK_SET);
	for (;;) {
		ssize_t n = read(fd, chunk, sizeof(chunk));

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return error_set(err, -errno, "cannot read the log of %s: %s",
					 service->resource.name, strerror(errno));
		if (n == 0)
			return 0;
		text_add_n(ret_log, chunk, (size_t)n);
	}
}
