/* SPDX-License-Identifier: GPL-3.0-only */
#include "core/sandbox/answer.h"

#include <errno.h>
#include <limits.h>
#include <unistd.h>

struct answer {
	int r;
	struct error err;
};
_Static_assert(sizeof(struct answer) <= PIPE_BUF, "it comes whole or not at all");

bool answer_tell(int fd, int r, const struct error *err)
{
	struct answer answer = { .r = r };

	if (r < 0)
		answer.err = *err;
	return write(fd, &answer, sizeof(answer)) >= 0;
}

bool answer_hear(int fd, int *ret_r, struct error *err)
{
	struct answer answer;

	if (TEMP_FAILURE_RETRY(read(fd, &answer, sizeof(answer))) != (ssize_t)sizeof(answer))
		return false;
	if (answer.r < 0 && err)
		*err = answer.err;
	*ret_r = answer.r;
	return true;
}
