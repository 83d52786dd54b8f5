/* SPDX-License-Identifier: GPL-3.0-only */
#include "cli/prompt/history.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <readline/history.h>

#include "core/base/cleanup.h"
#include "core/base/memory.h"

#define LINES_KEPT 2000

static char *path; /* NULL: nowhere to keep it */

/* Prompts side by side keep one history: none may write where another one cuts off the old lines,
 * which makes a new file. The caller closes the descriptor; -1 where there is no locking. */
static int lock_file(void)
{
	auto_free char *directory = xstrndup(path, (size_t)(strrchr(path, '/') - path));
	int fd = open(directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	if (fd >= 0)
		(void)flock(fd, LOCK_EX);
	return fd;
}

static void give_up(int error)
{
	fprintf(stderr, "vpclab: the history is not kept: %s: %s\n", path, strerror(error));
	free(path);
	path = NULL;
}

/* With the directories above it, for the user alone. */
static int make_directories(const char *file)
{
	auto_free char *directory = xstrdup(file);

	for (char *slash = strchr(directory + 1, '/'); slash; slash = strchr(slash + 1, '/')) {
		*slash = '\0';
		if (mkdir(directory, 0700) < 0 && errno != EEXIST)
			return errno;
		*slash = '/';
	}
	return 0;
}

void history_open(void)
{
	const char *state = getenv("XDG_STATE_HOME"), *home = getenv("HOME");
	int error, fd, lock;

	using_history();
	if (state && state[0] == '/')
		path = xprintf("%s/vpclab/history", state);
	else if (home && home[0] == '/')
		path = xprintf("%s/.local/state/vpclab/history", home);
	else
		return;
	error = make_directories(path);
	fd = error ? -1 : open(path, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0600);
	if (fd < 0) {
		give_up(error ? error : errno);
		return;
	}
	close(fd);
	lock = lock_file();
	(void)read_history(path);
	if (history_length > LINES_KEPT)
		(void)history_truncate_file(path, LINES_KEPT / 2);
	(void)close(lock);
}

void history_add(const char *line)
{
	HIST_ENTRY *last = history_length ? history_get(history_base + history_length - 1) : NULL;
	int error, lock;

	if (!line[strspn(line, " \t")] || (last && strcmp(last->line, line) == 0))
		return;
	add_history(line);
	if (!path)
		return;
	lock = lock_file();
	error = append_history(1, path);
	(void)close(lock);
	if (error)
		give_up(error);
}

const char *history_line(size_t i)
{
	HIST_ENTRY **list = history_list();

	return list && i < (size_t)history_length ? list[i]->line : NULL;
}
