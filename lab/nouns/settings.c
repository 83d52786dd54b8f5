/* SPDX-License-Identifier: GPL-3.0-only */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/memory.h"
#include "lab/model/words.h"
#include "lab/nouns/internal.h"
#include "lab/nouns/nouns.h"

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
		return error_hint(
			err,
			"start again: exit, then vpclab, then: %s ...; in a file it stands at "
			"the top",
			setting);
	}
	return 0;
}

struct setting {
	int choice;
};

static int set_provider(struct model *m, void *request, struct error *err)
{
	const enum provider provider = (enum provider)((struct setting *)request)->choice;
	int r = check_empty(m, "provider", err);

	if (r < 0 || m->provider == provider)
		return r;
	m->provider = provider;
	m->profile = model_cloud(m)->profile;
	m->authorization_required = m->authorized = false;
	model_touch(m);
	return 0;
}

static const struct profile *const profiles[] = { &profile_2021, &profile_today };

static int set_profile(struct model *m, void *request, struct error *err)
{
	int r = check_empty(m, "profile", err);

	if (r < 0)
		return r;
	m->profile = profiles[((struct setting *)request)->choice];
	model_touch(m);
	return 0;
}

static int set_authorization(struct model *m, void *request, struct error *err)
{
	int r = check_empty(m, "authorization", err);

	if (r < 0)
		return r;
	m->authorization_required = ((struct setting *)request)->choice;
	m->authorized = false;
	model_touch(m);
	return 0;
}

struct quota {
	int offset; /* in the profile */
	unsigned number;
};

/* What an account is given on request; the clouds only ever give more. cloud-semantics: addr-33 */
static int raise_quota(struct model *m, void *request, struct error *err)
{
	const struct quota *quota = request;
	const unsigned now = profile_quota_of(m->profile, quota->offset);

	if (quota->number <= now) {
		error_refuse(err,
			     m->provider == PROVIDER_AWS ? "InvalidParameterValue"
							 : "InvalidParameter",
			     "number", "the quota is %u already", now);
		return error_hint(err, "a quota can only be raised; a new lab has the cloud's own");
	}
	if (!m->profile->raised) {
		m->own_profile = *m->profile;
		m->own_profile.raised = m->profile;
		m->profile = &m->own_profile;
	}
	*profile_quota(&m->own_profile, quota->offset) = quota->number;
	model_touch(m);
	return 0;
}

struct price_request {
	int price;
	const char *amount;
};

/* "0.045", with six digits behind the point at most, and 4 before it. */
static bool parse_amount(const char *text, uint64_t *ret_amount)
{
	const size_t whole = strspn(text, "0123456789");
	const char *point = text + whole;
	uint64_t unit = PRICE_UNIT, amount = 0;

	if (whole == 0 || whole > 4)
		return false;
	for (const char *s = text; s < point; s++)
		amount = amount * 10 + (uint64_t)(*s - '0') * PRICE_UNIT;
	if (*point == '.' && point[1])
		for (point++; *point >= '0' && *point <= '9' && unit >= 10; point++)
			amount += (uint64_t)(*point - '0') * (unit /= 10);
	*ret_amount = amount;
	return *point == '\0';
}

/* No price is built in: they differ by region and change. cloud-semantics: end-10, end-12 */
static int set_price(struct model *m, void *request, struct error *err)
{
	const struct price_request *wanted = request;
	uint64_t amount;

	if (!parse_amount(wanted->amount, &amount)) {
		error_refuse(err, model_cloud(m)->bad_value, "amount",
			     "a price is a number such as 0.045, not %.64s", wanted->amount);
		return error_hint(err, "without a sign or a currency, with six decimals at most");
	}
	m->price[wanted->price] = amount;
	m->has_price[wanted->price] = true;
	model_touch(m);
	return 0;
}

/* Granting what is granted succeeds and does nothing. */
static int authorize(struct model *m, void *request, struct error *err)
{
	(void)request;
	(void)err;
	m->authorized = m->authorization_required;
	model_touch(m);
	return 0;
}

static const struct word provider_words[] = { { "alibaba", PROVIDER_ALIBABA },
					      { "aws", PROVIDER_AWS },
					      { 0 } };
static const struct word profile_words[] = { { "2021", 0 },
					     { "today", 1 },
					     { 0 } }; /* places in profiles */
static const struct word authorization_words[] = { { "required", true },
						   { "granted", false },
						   { 0 } };
static const struct word authorize_words[] = { { "nat-gateway", 0 }, { 0 } };

struct note {
	struct resource *resource;
	const char *text;
};

/* What the lab cannot know of a thing is kept with it; an empty text takes it away. */
static int set_note(struct model *m, void *request, struct error *err)
{
	const struct note *note = request;

	(void)err;
	free(note->resource->note);
	note->resource->note = *note->text ? xstrdup(note->text) : NULL;
	model_touch(m);
	return 0;
}

#define NOTE_NOUNS ((1u << NOUN_COUNT) - 1 - NOUNS(NOUN_SERVICE))

#define QUOTA_ROW(words_, providers_)                                                   \
	{                                                                               \
		.words = "quota",                                                       \
		.parameter = { { .name = "quota",                                       \
				 .kind = ARGUMENT_CHOICE,                               \
				 .flags = PARAMETER_REQUIRED,                           \
				 .metavariable = "QUOTA",                               \
				 .words = (words_),                                     \
				 .help = "of what",                                     \
				 IN(struct quota, offset) },                            \
			       { PARAMETER("number", NUMBER, PARAMETER_REQUIRED,        \
					   "how many there may be from now on"),        \
				 .min = 1, .max = 100000, IN(struct quota, number) } }, \
		.summary = "raise a quota of the account; quota alone lists them",      \
		.example = "quota vpcs 50", .providers = (providers_),                  \
		CHANGES(struct quota, raise_quota) | COMMAND_SETTING,                   \
	}

#define PRICE_ROW(words_, providers_)                                                             \
	{                                                                                         \
		.words = "price",                                                                 \
		.parameter = { { .name = "dimension",                                             \
				 .kind = ARGUMENT_CHOICE,                                         \
				 .flags = PARAMETER_REQUIRED,                                     \
				 .metavariable = "DIMENSION",                                     \
				 .words = (words_),                                               \
				 .help = "what is paid for",                                      \
				 .code = "InvalidParameter",                                      \
				 IN(struct price_request, price) },                               \
			       { PARAMETER("amount", WORD, PARAMETER_REQUIRED,                    \
					   "of one hour, GB or capacity unit, in your currency"), \
				 IN(struct price_request, amount) } },                            \
		.summary = "say what something costs, for bill; price alone lists what can",      \
		.example = "price nat-gateway-hour 0.045", .providers = (providers_),             \
		CHANGES(struct price_request, set_price) | COMMAND_SETTING,                       \
	}

#define ONE_OF(name_, words_, help_)                                                           \
	{                                                                                      \
		{                                                                              \
			.name = (name_), .kind = ARGUMENT_CHOICE, .flags = PARAMETER_REQUIRED, \
			.words = (words_), .help = (help_), .code = "InvalidParameter",        \
			IN(struct setting, choice)                                             \
		}                                                                              \
	}

const struct command settings_rows[] = {
	{
		.words = "provider",
		.parameter = ONE_OF("provider", provider_words,
				    "whose nouns and rules; alibaba if not said"),
		.summary = "choose whose cloud it is, before the first resource",
		.example = "provider aws",
		CHANGES(struct setting, set_provider) | COMMAND_SETTING,
	},
	{
		.words = "profile",
		.parameter =
			ONE_OF("profile", profile_words,
			       "the documents' time, or the cloud as it is now; 2021 if not said"),
		.summary = "choose the time whose rules hold, before the first resource",
		.example = "profile today",
		.providers = FOR_ALIBABA,
		CHANGES(struct setting, set_profile) | COMMAND_SETTING,
	},
	{
		.words = "authorization",
		.parameter = ONE_OF("authorization", authorization_words,
				    "must NAT gateways be authorized first; granted if not said"),
		.summary = "start with an account that never used NAT gateways, or one that did",
		.example = "authorization required",
		.providers = FOR_ALIBABA,
		CHANGES(struct setting, set_authorization) | COMMAND_SETTING,
	},
	{
		.words = "authorize",
		.parameter = ONE_OF("service", authorize_words, "what may act for the account"),
		.summary = "let NAT gateways make their interfaces, once for the account",
		.example = "authorize nat-gateway",
		.providers = FOR_ALIBABA,
		CHANGES(struct setting, authorize),
	},
	{
		.words = "price show",
		.summary = "list what has a price, and which was said",
		.example = "price show",
		.flags = COMMAND_SHOW,
	},
	PRICE_ROW(price_words, FOR_ALIBABA),
	PRICE_ROW(aws_price_words, FOR_AWS),
	{
		.words = "quota show",
		.summary = "list the quotas of the account, and what a new one has",
		.example = "quota show",
		.flags = COMMAND_SHOW,
	},
	QUOTA_ROW(quota_words, FOR_ALIBABA),
	QUOTA_ROW(aws_quota_words, FOR_AWS),
	{
		.words = "note",
		.parameter = { { PARAMETER("name", REFERENCE, PARAMETER_REQUIRED, "of what"),
				 .nouns = NOTE_NOUNS, IN(struct note, resource) },
			       { PARAMETER("text", WORD, PARAMETER_REQUIRED,
					   "a sentence, in quotes; '' for none"),
				 IN(struct note, text) } },
		.summary = "say what explain is to repeat of a thing where a flow comes by it",
		.example = "note VPC1 'its load balancer is not in the lab'",
		CHANGES(struct note, set_note),
	},
	{ .words = NULL },
};
