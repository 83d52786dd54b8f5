/* SPDX-License-Identifier: GPL-3.0-only */
#include "cli/session/file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/base/cleanup.h"
#include "core/base/memory.h"
#include "core/base/write.h"

/* By way of a file beside it, so that a full disk leaves the old one as it was. */
static int replace_file(const char *path, const char *text)
{
	auto_free char *beside = xprintf("%s.XXXXXX", path);
	mode_t mask = umask(0);
	auto_fd int fd = mkostemp(beside, O_CLOEXEC);
	int r;

	umask(mask);
	if (fd < 0)
		return -errno;
	r = write_all(fd, text, strlen(text), -1);
	if (r >= 0 && (fchmod(fd, 0666 & ~mask) < 0 || fsync(fd) < 0 || rename(beside, path) < 0))
		r = -errno;
	if (r < 0)
		unlink(beside);
	return r;
}

int file_save(const char *path, const char *text)
{
	auto_fd int fd = -1;
	struct stat st;

	if (stat(path, &st) < 0 || S_ISREG(st.st_mode))
		return replace_file(path, text);
	fd = open(path, O_WRONLY | O_CLOEXEC | O_NOCTTY); /* a pipe, a terminal */
	return fd < 0 ? -errno : write_all(fd, text, strlen(text), -1);
}

bool file_fault_is_machines(int r)
{
	return r == -EMFILE || r == -ENFILE || r == -ENOMEM || r == -EIO;
}
