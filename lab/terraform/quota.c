/* SPDX-License-Identifier: GPL-3.0-only */
/* A region may hold more than a new account is given. What was raised is in no plan and no state:
 * it is the least with which the lab takes the lines. */
#include "core/base/cleanup.h"
#include "lab/model/words.h"
#include "lab/nouns/replay.h"
#include "lab/terraform/import.h"

enum { QUOTAS_MAX = 32, QUOTA_MAX = 100000 }; /* what the command quota takes at most */

struct quotas {
	const struct tf_import *import;
	const struct word *words;     /* up to one without a word */
	unsigned number[QUOTAS_MAX];  /* 0: as a new account has it */
	unsigned initial[QUOTAS_MAX]; /* what that is */
};

static struct model *new_lab(const struct tf_import *import)
{
	struct model *lab = model_new();
	auto_free char *setting = import->profile ? xprintf("profile %s", import->profile)
						  : xstrdup("provider aws");
	struct error err = { 0 };

	replay_change(lab, setting, &err);
	return lab;
}

/* How many of the lines a lab with these quotas refuses, for whatever reason. */
static size_t count_refused(const struct quotas *quotas)
{
	const struct tf_import *import = quotas->import;
	struct model *lab = new_lab(import);
	size_t refused = 0;

	for (size_t i = 0; quotas->words[i].word; i++)
		if (quotas->number[i]) {
			auto_free char *raise =
				xprintf("quota %s %u", quotas->words[i].word, quotas->number[i]);
			struct error err = { 0 };

			replay_change(lab, raise, &err);
		}
	for (size_t i = 0; i < import->n_line; i++) {
		struct error err = { 0 };

		if (import->line[i].text)
			refused += replay_change(lab, import->line[i].text, &err) < 0;
	}
	model_free(lab);
	return refused;
}

/* The least number with which no more is refused than with the most. */
static void lower(struct quotas *quotas, size_t i, size_t refused)
{
	unsigned enough = QUOTA_MAX, too_few = quotas->initial[i];

	quotas->number[i] = 0;
	if (count_refused(quotas) == refused)
		return;
	while (enough - too_few > 1) {
		quotas->number[i] = too_few + (enough - too_few) / 2;
		if (count_refused(quotas) == refused)
			enough = quotas->number[i];
		else
			too_few = quotas->number[i];
	}
	quotas->number[i] = enough;
}

static void write_quota(struct tf_import *import, struct text *text, const char *word,
			unsigned number)
{
	auto_free char *quota = xprintf("quota %s", word);

	text_addf(text, "%s %u\n", quota, number);
	if (import->document.is_plan)
		tf_note(import, TERRAFORM_CHOSEN, quota,
			"%u, more than a new account has; apply is refused where it was not raised",
			number);
}

void tf_write_quotas(struct tf_import *import, struct text *text)
{
	struct quotas quotas = { .import = import,
				 .words = import->profile ? quota_words : aws_quota_words };
	struct model *lab;
	const size_t refused_now = count_refused(&quotas);
	size_t refused;

	if (!refused_now)
		return;
	lab = new_lab(import);
	for (size_t i = 0; quotas.words[i].word; i++) {
		quotas.initial[i] = profile_quota_of(lab->profile, quotas.words[i].value);
		quotas.number[i] = QUOTA_MAX;
	}
	model_free(lab);
	refused = count_refused(&quotas);
	if (refused == refused_now)
		return;
	text_add(text, import->document.is_plan
			       ? "# The plan needs more than a new account may have.\n"
			       : "# There is more than a new account may have: its quotas were "
				 "raised.\n");
	for (size_t i = 0; quotas.words[i].word; i++) {
		lower(&quotas, i, refused);
		if (quotas.number[i])
			write_quota(import, text, quotas.words[i].word, quotas.number[i]);
	}
}
