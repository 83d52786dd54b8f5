/* SPDX-License-Identifier: GPL-3.0-only */
#include "core/sandbox/diagnose.h"

#include <errno.h>
#include <limits.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "core/base/cleanup.h"
#include "core/base/limit.h"
#include "core/base/memory.h"

static void add_cause(struct error *err, const char *cause)
{
	size_t length = strlen(err->message);

	snprintf(err->message + length, sizeof(err->message) - length, ": %s", cause);
}

/* ENOSPC: one of the limits on namespaces. The lowest is the one that was met. */
static void explain_limit(struct error *err)
{
	static const char *const kinds[] = { "user", "net", "mnt", "pid", "ipc", "uts" };
	const char *lowest = kinds[0];
	long least = LONG_MAX;
	char cause[128];

	for (size_t i = 0; i < ARRAY_SIZE(kinds); i++) {
		char path[64];
		long value;

		snprintf(path, sizeof(path), "/proc/sys/user/max_%s_namespaces", kinds[i]);
		if (limit_read(path, &value) && value < least) {
			least = value;
			lowest = kinds[i];
		}
	}
	if (least == LONG_MAX) {
		add_cause(err, "the kernel's limit on namespaces is reached");
		return;
	}
	snprintf(cause, sizeof(cause),
		 "the limit on namespaces is reached (user.max_%s_namespaces is %ld)", lowest,
		 least);
	add_cause(err, cause);
	error_hint(err, "sudo sysctl -w user.max_%s_namespaces=65536", lowest);
}

static bool names_proc(const char *message)
{
	size_t length = strlen(message);

	return length >= 5 && strcmp(message + length - 5, "/proc") == 0;
}

/* EPERM and EACCES: whoever guards user namespaces on this system. */
static bool is_set_to(const char *path, long value)
{
	long now;

	return limit_read(path, &now) && now == value;
}

static void explain_permission(struct error *err)
{
	if (is_set_to("/proc/sys/kernel/unprivileged_userns_clone", 0) && geteuid() != 0) {
		add_cause(err, "user namespaces are closed to ordinary users "
			       "(kernel.unprivileged_userns_clone is 0)");
		error_hint(err, "sudo sysctl -w kernel.unprivileged_userns_clone=1");
	} else if (is_set_to("/proc/sys/kernel/apparmor_restrict_unprivileged_userns", 1) &&
		   geteuid() != 0) {
		add_cause(err, "AppArmor keeps programs from using user namespaces "
			       "(kernel.apparmor_restrict_unprivileged_userns is 1)");
		error_hint(err, "sudo sysctl -w kernel.apparmor_restrict_unprivileged_userns=0");
	} else if (names_proc(err->message)) {
		add_cause(err, "parts of /proc are hidden here, as in a container");
		error_hint(
			err,
			"run it outside the container, or start that with "
			"--security-opt systempaths=unconfined --security-opt seccomp=unconfined");
	} else {
		add_cause(
			err,
			"something forbids user namespaces here, as a container or a chroot does");
		error_hint(err, "run it outside the container, or start that with --privileged");
	}
}

/* ENOENT: a place that every system has, and what was made by hand sometimes has not. */
static void explain_missing(struct error *err)
{
	if (access("/proc/self", F_OK) < 0) {
		add_cause(err, "/proc is not mounted");
		error_hint(err, "sudo mount -t proc proc /proc");
	} else if (access("/run", F_OK) < 0) {
		add_cause(err, "there is no directory /run");
		error_hint(err, "sudo mkdir /run");
	} else {
		add_cause(err, strerror(ENOENT));
	}
}

void sandbox_explain_cause(int r, struct error *err)
{
	if (!err)
		return;

	switch (-r) {
	case ENOSPC:
	case EUSERS:
		explain_limit(err);
		break;
	case EPERM:
	case EACCES:
		explain_permission(err);
		break;
	case EMFILE:
		add_cause(err, "this process has too many open files");
		break;
	case ENFILE:
		add_cause(err, "the machine has too many open files");
		break;
	case EAGAIN:
		add_cause(err, "this user's limit on processes is reached");
		error_hint(err, "allow this user more processes: ulimit -u, or nproc in "
				"/etc/security/limits.conf");
		break;
	case EINVAL:
	case ENOSYS:
		add_cause(err, "this kernel lacks namespaces (CONFIG_USER_NS, CONFIG_NET_NS, "
			       "CONFIG_PID_NS)");
		error_hint(err, "install the distribution's standard kernel");
		break;
	case ENOENT:
		explain_missing(err);
		break;
	case ENODEV:
		add_cause(err, "this kernel lacks that file system");
		break;
	case EEXIST:
	case ECHILD:
		break; /* says it all already */
	default:
		add_cause(err, strerror(-r));
		break;
	}
}
