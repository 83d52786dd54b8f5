/* SPDX-License-Identifier: GPL-3.0-only */
#include "cli/view/terraform.h"

#include <string.h>

#include "core/base/hash.h"
#include "core/base/text.h"

enum { NAMED_MAX = 3 }; /* resources that one line names */

/* Notes that say the same of several resources. */
struct same_note {
	const char *key; /* the kind and the text */
	const struct terraform_note *note;
	struct text addresses;
	unsigned n;
	UT_hash_handle hh;
};

static struct same_note *same_as(struct same_note **all, struct arena *arena,
				 const struct terraform_note *note)
{
	const char *key = arena_printf(arena, "%d %u %s", note->kind, note->count, note->text);
	struct same_note *same;

	HASH_FIND_STR(*all, key, same);
	if (same && !note->count)
		return same;
	same = arena_alloc(arena, sizeof(*same));
	same->key = key;
	same->note = note;
	HASH_ADD_KEYPTR(hh, *all, key, strlen(key), same);
	return same;
}

static void write_note(FILE *file, const char *name, struct same_note *same)
{
	static const char *const words[] = {
		[TERRAFORM_GUESSED] = "guessed",
		[TERRAFORM_LEFT_OUT] = "left out",
		[TERRAFORM_PASSED_OVER] = "passed over",
		[TERRAFORM_CHOSEN] = "chosen here",
	};
	auto_text line = { 0 }, escaped = { 0 };

	text_addf(&line, "%s: %s: %s", name, words[same->note->kind], text_get(&same->addresses));
	if (same->n > NAMED_MAX)
		text_addf(&line, " and %u more", same->n - NAMED_MAX);
	if (same->note->count)
		text_addf(&line, " (%u)", same->note->count);
	text_addf(&line, ": %s", same->note->text);
	text_add_escaped(&escaped, text_get(&line), line.length);
	fprintf(file, "%s\n", text_get(&escaped));
	text_free(&same->addresses);
}

void terraform_notes_write(FILE *file, const char *name, const struct terraform *terraform)
{
	struct same_note *all = NULL;
	struct arena arena = { 0 };

	for (size_t i = 0; i < terraform->n_note; i++) {
		struct same_note *same = same_as(&all, &arena, &terraform->note[i]);

		if (same->n++ < NAMED_MAX)
			text_addf(&same->addresses, "%s%s", same->n > 1 ? ", " : "",
				  terraform->note[i].address);
	}
	for (struct same_note *same = all; same; same = same->hh.next)
		write_note(file, name, same);
	HASH_CLEAR(hh, all);
	arena_free(&arena);
	if (terraform->n_exact + terraform->n_guessed + terraform->n_missing)
		fprintf(file, "%s: %u links found, %u guessed, %u not there\n", name,
			terraform->n_exact, terraform->n_guessed, terraform->n_missing);
}
