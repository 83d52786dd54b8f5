/* SPDX-License-Identifier: GPL-3.0-only */
#include "lab/live/lock.h"

#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>

#include "core/base/cleanup.h"
#include "core/base/clock.h"
#include "core/base/memory.h"
#include "core/base/text.h"

#define TELL_AFTER         1.0    /* seconds */
#define FIRST_WAIT         200000 /* nanoseconds; doubled each time */
#define LONGEST_WAIT       20000000
#define COMMAND_LENGTH_MAX 120

/* Return the process that took the lock, or 0 where /proc/locks does not show it. */
static int find_holder(int fd)
{
	auto_file FILE *locks = fopen("/proc/locks", "re");
	unsigned device_major, device_minor;
	unsigned long inode;
	char line[256];
	struct stat st;
	int pid;

	if (!locks || fstat(fd, &st) < 0)
		return 0;
	while (fgets(line, sizeof(line), locks))
		/* NOLINTNEXTLINE(cert-err34-c): the kernel writes numbers that fit */
		if (sscanf(line, "%*s FLOCK %*s %*s %d %x:%x:%lu", &pid, &device_major,
			   &device_minor, &inode) == 4 &&
		    inode == st.st_ino && device_major == major(st.st_dev) &&
		    device_minor == minor(st.st_dev))
			return pid;
	return 0;
}

/* Read a small file of /proc; its length, 0 where there is none. */
static size_t read_process_file(int pid, const char *name, char *content, size_t size)
{
	auto_free char *path = xprintf("/proc/%d/%s", pid, name);
	auto_file FILE *file = fopen(path, "re");
	size_t n = file ? fread(content, 1, size - 1, file) : 0;

	content[n] = '\0';
	return n;
}

/* "process 1234 (vpclab -n a -c show), which is stopped". The caller frees. */
static char *describe_holder(int pid)
{
	char command[COMMAND_LENGTH_MAX + 1], status[512];
	struct text text = { 0 };
	const char *state;
	size_t n;

	if (!pid)
		return xstrdup("another process");
	text_addf(&text, "process %d", pid);
	n = read_process_file(pid, "cmdline", command, sizeof(command));
	if (!n) {
		text_add(&text, ", which has ended, but for its work in the lab");
		return text_take(&text);
	}
	for (size_t i = 0; i + 1 < n; i++)
		if (!command[i])
			command[i] = ' ';
	text_addf(&text, " (%s%s)", command, n == COMMAND_LENGTH_MAX ? "..." : "");
	(void)read_process_file(pid, "stat", status, sizeof(status));
	state = strrchr(status, ')');
	if (state && state[1] && (state[2] == 'T' || state[2] == 't'))
		text_add(&text, ", which is stopped");
	return text_take(&text);
}

static int give_up(int fd, const char *what, double seconds, struct error *err)
{
	int pid = find_holder(fd);
	auto_free char *holder = describe_holder(pid);

	error_set(err, -EBUSY, "cannot %s: it has been held for more than %g s by %s", what,
		  seconds, holder);
	if (pid && strstr(holder, "stopped"))
		error_hint(err, "kill -CONT %d lets it go on, kill %d ends it", pid, pid);
	else if (pid)
		error_hint(err, "--wait SECONDS waits longer; kill %d ends it", pid);
	return -EBUSY;
}

int lock_take(int fd, const char *what, const struct lock_patience *patience, struct error *err)
{
	const double begun = clock_seconds();
	struct timespec wait = { .tv_nsec = FIRST_WAIT };
	bool told = false;

	while (flock(fd, LOCK_EX | LOCK_NB) < 0) {
		double waited = clock_seconds() - begun;

		if (errno != EWOULDBLOCK && errno != EINTR)
			return error_set(err, -errno, "cannot %s: no lock: %s", what,
					 strerror(errno));
		if (waited >= patience->seconds)
			return give_up(fd, what, patience->seconds, err);
		if (!told && waited >= TELL_AFTER && patience->waiting) {
			auto_free char *holder = describe_holder(find_holder(fd));

			told = true;
			patience->waiting(holder);
		}
		if (nanosleep(&wait, NULL) < 0 && errno == EINTR)
			return error_set(err, -EINTR, "cannot %s: interrupted while waiting", what);
		wait.tv_nsec = wait.tv_nsec < LONGEST_WAIT ? wait.tv_nsec * 2 : LONGEST_WAIT;
	}
	return 0;
}
