/* SPDX-License-Identifier: GPL-3.0-only */
#include "core/base/write.h"

#include <errno.h>
#include <unistd.h>

int write_all(int fd, const char *content, size_t length, off_t at)
{
	for (size_t done = 0; done < length;) {
		const size_t left = length - done;
		ssize_t n = at < 0 ? write(fd, content + done, left)
				   : pwrite(fd, content + done, left, at + (off_t)done);

		if (n < 0 && errno != EINTR)
			return -errno;
		done += n > 0 ? (size_t)n : 0;
	}
	return 0;
}
