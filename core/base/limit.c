/* SPDX-License-Identifier: GPL-3.0-only */
#include "core/base/limit.h"

#include <errno.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/cleanup.h"

bool limit_read(const char *path, long *ret_value)
{
	auto_file FILE *file = fopen(path, "re");
	char line[32], *end = line;

	if (file && fgets(line, sizeof(line), file))
		*ret_value = strtol(line, &end, 10);
	return end > line;
}

int limit_raise_open_files(rlim_t needed, struct rlimit *ret_before, struct error *err)
{
	struct rlimit before, raised;

	if (getrlimit(RLIMIT_NOFILE, &before) < 0)
		return error_set(err, -errno, "cannot read the limit on open files: %s",
				 strerror(errno));
	if (before.rlim_max < needed) {
		error_set(err, -EMFILE,
			  "too few open files are allowed: %ju are needed, the limit is %ju",
			  (uintmax_t)needed, (uintmax_t)before.rlim_max);
		error_hint(err, "sudo prlimit --pid $$ --nofile=%ju:%ju", (uintmax_t)needed,
			   (uintmax_t)needed);
		return -EMFILE;
	}
	raised = before;
	raised.rlim_cur = raised.rlim_max;
	if (setrlimit(RLIMIT_NOFILE, &raised) < 0)
		return error_set(err, -errno, "cannot raise the limit on open files: %s",
				 strerror(errno));
	*ret_before = before;
	return 0;
}
