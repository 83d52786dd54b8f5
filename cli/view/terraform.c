/* SPDX-License-Identifier: GPL-3.0-only */
#include "cli/view/terraform.h"

#include <stdbool.h>
#include <string.h>

#include "core/base/text.h"

enum { NAMED_MAX = 3 }; /* resources that one line names */

static bool same(const struct terraform_note *a, const struct terraform_note *b)
{
	return a->kind == b->kind && !a->count && !b->count && strcmp(a->text, b->text) == 0;
}

void terraform_notes_write(FILE *file, const char *name, const struct terraform *terraform)
{
	static const char *const words[] = {
		[TERRAFORM_GUESSED] = "guessed",
		[TERRAFORM_LEFT_OUT] = "left out",
		[TERRAFORM_CHOSEN] = "chosen here",
	};
	const struct terraform_note *end = terraform->note + terraform->n_note;

	for (const struct terraform_note *note = terraform->note; note < end; note++) {
		const struct terraform_note *first = terraform->note;
		auto_text line = { 0 }, addresses = { 0 };
		unsigned n = 0;

		while (first < note && !same(first, note))
			first++;
		if (first < note)
			continue; /* told with the first one */
		for (const struct terraform_note *one = note; one < end; one++)
			if (one == note || same(one, note))
				if (n++ < NAMED_MAX)
					text_addf(&addresses, "%s%s", n > 1 ? ", " : "",
						  one->address);
		text_addf(&line, "%s: %s: %s", name, words[note->kind], text_get(&addresses));
		if (n > NAMED_MAX)
			text_addf(&line, " and %u more", n - NAMED_MAX);
		if (note->count)
			text_addf(&line, " (%u)", note->count);
		text_addf(&line, ": %s", note->text);
		addresses.length = 0;
		text_add_escaped(&addresses, text_get(&line), line.length);
		fprintf(file, "%s\n", text_get(&addresses));
	}
	if (terraform->n_exact + terraform->n_guessed + terraform->n_missing)
		fprintf(file, "%s: %u links found, %u guessed, %u not there\n", name,
			terraform->n_exact, terraform->n_guessed, terraform->n_missing);
}
