/* SPDX-License-Identifier: GPL-3.0-only */
#pragma once

/* Commands that change a model, in the language itself. Include after test.h. */
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/error.h"
#include "core/base/memory.h"
#include "lab/model/model.h"
#include "lab/nouns/replay.h"

static inline int say(struct model *m, const char *line, struct error *err)
{
	return replay_change(m, line, err);
}

/* Lines, each of which must succeed; false with the line in err->hint otherwise. */
static inline bool say_all(struct model *m, const char *lines, struct error *err)
{
	while (*lines) {
		size_t length = strcspn(lines, "\n");
		char *line = xstrndup(lines, length);
		bool blank = line[strspn(line, " \t")] == '\0';
		int r = blank ? 0 : say(m, line, err);

		if (r < 0)
			error_wrap(err, "%s", line);
		free(line);
		if (r < 0)
			return false;
		lines += length + (lines[length] == '\n');
	}
	return true;
}

/* A model of lines that must all be accepted. */
static inline struct model *built(const char *lines)
{
	struct model *m = model_new();
	struct error err;

	if (!say_all(m, lines, &err))
		test_fail("%s: %s", err.code, err.message);
	return m;
}
