/* SPDX-License-Identifier: GPL-3.0-only */
#include "core/sandbox/exec_setup.h"

#include <errno.h>
#include <limits.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "core/base/cleanup.h"
#include "core/base/memory.h"

#define ADMINISTRATOR_PATH "/usr/local/sbin:/usr/sbin:/sbin"
#define DEFAULT_PATH       "/usr/local/bin:/usr/bin:/bin"

void program_settle_signals(bool keep_nohup)
{
	/* The kernel's own call: the library does not touch the two signals that it keeps for
	 * itself, but make ignores them. */
	const unsigned long by_default[4] = { (
		unsigned long)SIG_DFL }; /* handler, flags, restorer, mask */
	sigset_t none;

	for (int number = 1; number < _NSIG; number++) {
		struct sigaction action;

		if (keep_nohup && number == SIGHUP && sigaction(number, NULL, &action) == 0 &&
		    action.sa_handler == SIG_IGN)
			continue;
		syscall(SYS_rt_sigaction, number, by_default, NULL, _NSIG / 8);
	}
	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
}

static bool has_directory(const char *list, const char *directory, size_t length)
{
	for (const char *s = list; *s; s += strcspn(s, ":"), s += *s == ':') {
		if (strcspn(s, ":") == length && strncmp(s, directory, length) == 0)
			return true;
	}
	return false;
}

/* An ordinary user's PATH often lacks sbin, but inside he is root and wants ip and nft. */
static void widen_path(void)
{
	const char *path = getenv("PATH");
	auto_free char *result = xstrdup(path && *path ? path : DEFAULT_PATH);

	for (const char *s = ADMINISTRATOR_PATH; *s; s += strcspn(s, ":"), s += *s == ':') {
		size_t length = strcspn(s, ":");

		if (!has_directory(result, s, length)) {
			char *longer = xprintf("%s:%.*s", result, (int)length, s);

			free(result);
			result = longer;
		}
	}
	setenv("PATH", result, 1);
}

int program_find(const char *program, char **ret_path)
{
	int reason = -ENOENT;

	widen_path();
	for (const char *s = getenv("PATH"); *s; s += strcspn(s, ":"), s += *s == ':') {
		/* An empty piece of PATH is the working directory. */
		char *file = xprintf("%.*s%s%s", (int)strcspn(s, ":"), s, *s == ':' ? "./" : "/",
				     program);
		struct stat st;

		if (stat(file, &st) == 0) {
			if (S_ISREG(st.st_mode) && access(file, X_OK) == 0) {
				*ret_path = file;
				return 0;
			}
			reason = -EACCES;
		}
		free(file);
	}
	return reason;
}

int program_execute(const char *program, char *const argv[])
{
	auto_free char *path = NULL;
	int r = *program ? program_find(program, &path) : -ENOENT;

	if (strchr(program, '/'))
		execve(program, argv, environ);
	else if (r < 0)
		return r;
	else
		execve(path, argv, environ);
	return -errno;
}

char *program_directory(void)
{
	char path[PATH_MAX];
	ssize_t n = readlink("/proc/self/exe", path, sizeof(path));

	while (n > 0 && path[n - 1] != '/')
		n--;
	return n > 1 ? xstrndup(path, (size_t)n - 1) : NULL;
}

char *program_beside(const char *name)
{
	auto_free char *directory = program_directory();
	auto_free char *path = xprintf("%s/%s", directory ? directory : "", name);

	return access(path, X_OK) == 0 ? take_ptr(path) : NULL;
}
