/* SPDX-License-Identifier: GPL-3.0-only */
#include "core/apply/internal.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/base/cleanup.h"
#include "core/base/write.h"

static int fail(const char *doing, const char *path, int r, struct error *err)
{
	return error_set(err, r, "cannot %s file %s: %s", doing, path, strerror(-r));
}

/* Make the directories above a file, as far as they are missing. What another version kept in the
 * place of one, as a file, is the file from now on: nodes may have it by a link. */
static void make_parents(const char *path)
{
	char parent[PATH_MAX], beside[PATH_MAX + 1];
	struct stat st;

	snprintf(parent, sizeof(parent), "%s", path);
	for (char *slash = strchr(parent + 1, '/'); slash; slash = strchr(slash + 1, '/')) {
		*slash = '\0';
		snprintf(beside, sizeof(beside), "%s~", parent);
		if (lstat(parent, &st) == 0 && S_ISREG(st.st_mode) && rename(parent, beside) == 0 &&
		    mkdir(parent, 0755) == 0)
			(void)rename(beside, path);
		else
			(void)mkdir(parent, 0755); /* opening the file tells why */
		*slash = '/';
	}
}

/* Write in place, not by renaming: the file may be bind-mounted somewhere. */
int apply_file_write(const struct file_object *file, struct error *err)
{
	auto_fd int fd = open(file->path, O_WRONLY | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0644);
	const size_t length = strlen(file->content);
	int r;

	if (fd < 0 && (errno == ENOENT || errno == ENOTDIR)) {
		make_parents(file->path);
		fd = open(file->path, O_WRONLY | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0644);
	}
	if (fd < 0)
		return fail("write", file->path, -errno, err);
	r = fchmod(fd, 0644) < 0 ? -errno : write_all(fd, file->content, length, 0);
	if (r >= 0 && ftruncate(fd, (off_t)length) < 0)
		r = -errno;
	return r < 0 ? fail("write", file->path, r, err) : 0;
}

int apply_file_delete(const struct file_object *file, struct error *err)
{
	return unlink(file->path) < 0 && errno != ENOENT ? fail("delete", file->path, -errno, err)
							 : 0;
}
