/* SPDX-License-Identifier: GPL-3.0-only */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "core/base/cleanup.h"
#include "core/base/text.h"
#include "core/base/write.h"
#include "core/verify/verify.h"

/* A finding is five strings, each with its NUL. */

void findings_free(struct findings *findings)
{
	free(findings->finding);
	arena_free(&findings->arena);
	*findings = (struct findings){ 0 };
}

static void add(struct text *text, const char *s)
{
	text_add_n(text, s, strlen(s) + 1);
}

int findings_write(const struct findings *findings, int fd, struct error *err)
{
	auto_text text = { 0 };
	int r;

	for (size_t i = 0; i < findings->n_finding; i++) {
		const struct finding *finding = &findings->finding[i];
		const char head[] = { (char)('0' + finding->kind), finding->mended ? 'm' : '-',
				      finding->by_hand ? 'h' : '-', '\0' };

		add(&text, head);
		add(&text, finding->netns);
		add(&text, finding->origin);
		add(&text, finding->object);
		add(&text, finding->detail);
	}
	r = write_all(fd, text.s, text.length, 0);
	return r < 0 ? error_set(err, r, "cannot hand on what was found: %s", strerror(-r)) : 0;
}

/* Return the next string, which is kept; NULL: there is none. */
static const char *take(struct findings *findings, const char **rest, const char *end)
{
	const char *s = *rest, *nul = s < end ? memchr(s, '\0', (size_t)(end - s)) : NULL;

	if (!nul)
		return NULL;
	*rest = nul + 1;
	return arena_strdup(&findings->arena, s);
}

int findings_read(struct findings *ret_findings, int fd, struct error *err)
{
	off_t size = lseek(fd, 0, SEEK_END);
	auto_free char *buffer = xalloc(size > 0 ? (size_t)size : 1);
	const char *rest = buffer, *end = buffer + (size > 0 ? size : 0), *head;

	*ret_findings = (struct findings){ 0 };
	if (size < 0 || pread(fd, buffer, (size_t)size, 0) != size)
		return error_set(err, -EIO, "cannot read what was found");
	while ((head = take(ret_findings, &rest, end))) {
		struct finding finding = { .kind = (enum finding_kind)(head[0] - '0'),
					   .mended = head[0] && head[1] == 'm',
					   .by_hand = head[0] && head[1] && head[2] == 'h' };

		finding.netns = take(ret_findings, &rest, end);
		finding.origin = take(ret_findings, &rest, end);
		finding.object = take(ret_findings, &rest, end);
		finding.detail = take(ret_findings, &rest, end);
		if (!finding.detail)
			return error_set(err, -EIO, "what was found is cut short");
		*ARRAY_PUSH(ret_findings->finding, ret_findings->n_finding) = finding;
	}
	return 0;
}
