/* SPDX-License-Identifier: GPL-3.0-only */
#include <errno.h>
#include <string.h>

#include "lab/model/profile.h"
#include "lab/nouns/changes.h"
#include "lab/nouns/rules.h"

/* What is settled for the lab as a whole, before there is anything in it. */

static int check_empty(const struct model *m, const char *setting, struct error *err)
{
	for (unsigned noun = 0; noun < NOUN_COUNT; noun++) {
		const struct resource *first;

		if (model_count(m, (enum noun)noun) == 0)
			continue;
		first = model_get(m, (enum noun)noun, 0);
		/* The lab's own rule and code: what is there was judged by the setting of before.
		 */
		error_refuse(err, "InvalidStatus.LabNotEmpty", setting,
			     "%s is set before the first resource, and there is %s %s", setting,
			     model_noun_title(m, (enum noun)noun), first->name);
		error_hint(err,
			   "start again: exit, then vpclab, then: %s ...; in a file it stands at "
			   "the top",
			   setting);
		return -EINVAL;
	}
	return 0;
}

int setting_provider(struct model *m, const char *name, struct error *err)
{
	static const char *const words[] = { "alibaba", "aws", NULL };
	unsigned choice = 0;
	int r = rule_given(name, "provider", err);

	if (r == 0)
		r = rule_choice(name, words, 0, "InvalidParameter", "provider", &choice, err);
	if (r == 0)
		r = check_empty(m, "provider", err);
	if (r < 0 || m->provider == (enum provider)choice)
		return r;
	m->provider = (enum provider)choice;
	m->profile = m->provider == PROVIDER_AWS ? &profile_aws : &profile_2021;
	m->authorization_required = m->authorized = false;
	model_touch(m);
	return 0;
}

int setting_profile(struct model *m, const char *name, struct error *err)
{
	static const struct profile *const profiles[] = { &profile_2021, &profile_today };
	static const char *const words[] = { "2021", "today", NULL };
	unsigned choice = 0;
	int r = rule_given(name, "profile", err);

	if (r == 0)
		r = rule_choice(name, words, 0, "InvalidParameter", "profile", &choice, err);
	if (r == 0)
		r = check_empty(m, "profile", err);
	if (r < 0)
		return r;
	m->profile = profiles[choice];
	model_touch(m);
	return 0;
}

int setting_authorization(struct model *m, const char *word, struct error *err)
{
	static const char *const words[] = { "granted", "required", NULL };
	unsigned choice = 0;
	int r = rule_given(word, "authorization", err);

	if (r == 0)
		r = rule_choice(word, words, 0, "InvalidParameter", "authorization", &choice, err);
	if (r == 0)
		r = check_empty(m, "authorization", err);
	if (r < 0)
		return r;
	m->authorization_required = choice == 1;
	m->authorized = false;
	model_touch(m);
	return 0;
}

int setting_authorize(struct model *m, const char *service, struct error *err)
{
	static const char *const words[] = { "nat-gateway", NULL };
	unsigned choice = 0;
	int r = rule_given(service, "service", err);

	if (r == 0)
		r = rule_choice(service, words, 0, "InvalidParameter", "service", &choice, err);
	if (r < 0)
		return r;
	/* Granting what is granted succeeds and does nothing. */
	m->authorized = m->authorization_required;
	model_touch(m);
	return 0;
}
