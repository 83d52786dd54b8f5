/* SPDX-License-Identifier: GPL-3.0-only */
/* The words of the lab's settings: provider, profile, authorization. */
#include <stddef.h>

#include "lab/language/arguments.h"
#include "lab/nouns/nouns.h"
#include "lab/nouns/rows.h"
#include "lab/nouns/changes.h"

static int change_provider(struct model *model, const struct arguments *a, struct error *err)
{
	return setting_provider(model, arguments_get(a, "provider"), err);
}

static int change_profile(struct model *model, const struct arguments *a, struct error *err)
{
	return setting_profile(model, arguments_get(a, "profile"), err);
}

static int change_authorization(struct model *model, const struct arguments *a, struct error *err)
{
	return setting_authorization(model, arguments_get(a, "authorization"), err);
}

static int change_authorize(struct model *model, const struct arguments *a, struct error *err)
{
	return setting_authorize(model, arguments_get(a, "service"), err);
}

#define ONE_OF(name_, choices_, help_)                                                            \
	{ .name = (name_), .kind = ARGUMENT_CHOICE, .flags = PARAMETER_REQUIRED, .choices = (choices_), \
	  .help = (help_), .code = "InvalidParameter" }

static const struct command commands_settings[] = {
	{
		.words = "provider",
		.parameter = { ONE_OF("provider", "alibaba|aws", "whose nouns and rules; alibaba if not said") },
		.summary = "choose whose cloud it is, before the first resource",
		.example = "provider aws",
		.flags = COMMAND_CHANGES | COMMAND_SETTING,
		.change = change_provider,
	},
	{
		.words = "profile",
		.parameter = { ONE_OF("profile", "2021|today", "the documents' time, or the cloud as it is now; 2021 if not said") },
		.summary = "choose the time whose rules hold, before the first resource",
		.example = "profile today",
		.flags = COMMAND_CHANGES | COMMAND_SETTING,
		.providers = FOR_ALIBABA,
		.change = change_profile,
	},
	{
		.words = "authorization",
		.parameter = { ONE_OF("authorization", "required|granted", "must NAT gateways be authorized first; granted if not said") },
		.summary = "start with an account that never used NAT gateways, or one that did",
		.example = "authorization required",
		.flags = COMMAND_CHANGES | COMMAND_SETTING,
		.providers = FOR_ALIBABA,
		.change = change_authorization,
	},
	{
		.words = "authorize",
		.parameter = { ONE_OF("service", "nat-gateway", "what may act for the account") },
		.summary = "let NAT gateways make their interfaces, once for the account",
		.example = "authorize nat-gateway",
		.flags = COMMAND_CHANGES,
		.providers = FOR_ALIBABA,
		.change = change_authorize,
	},

	{ .words = NULL },
};

const struct command_family family_settings = { "Settings of the lab", commands_settings, FOR_ALL };
