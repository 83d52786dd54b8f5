/* SPDX-License-Identifier: GPL-3.0-only */
#include "cli/prompt/fits.h"

#include <string.h>

#include "core/base/text.h"
#include "lab/language/command.h"
#include "lab/language/tokenizer.h"
#include "lab/nouns/replay.h"

struct resource *said_at(const struct said *said, const struct model *model, const char *key,
			 unsigned nouns)
{
	for (size_t i = 0; i + 1 < said->n_token; i++)
		if (strcmp(command_canonical_word(said->token[i].word), key) == 0)
			return model_find_noun(model, nouns, said->token[i + 1].word);
	return NULL;
}

/* Of an entry of a gateway, only the gateway's own EIPs; of others, those that are free, or not. */
static bool eip_fits(const struct said *said, const struct model *model, const struct eip *eip)
{
	const struct resource *gateway =
		said_at(said, model, "nat-gateway", NOUNS(NOUN_NAT_GATEWAY));

	if (strcmp(said->grammar->command->words, "eip associate") == 0)
		return !eip->associated;
	return !gateway || eip->associated == gateway;
}

bool fits(const struct said *said, const struct model *model, const struct resource *resource)
{
	const struct vpc *vpc = resource_vpc(resource), *other;

	if (resource->noun == NOUN_EIP || resource->noun == NOUN_NAT_IP)
		return eip_fits(said, model, (const struct eip *)resource);
	for (size_t i = 0; vpc && resource->noun != NOUN_VPC && i < said->n_token; i++) {
		other = resource_vpc(model_find(model, said->token[i].word));
		if (other && other != vpc)
			return false;
	}
	return true;
}

bool said_completes(const struct said *said)
{
	const struct command *command = said->grammar->command;

	for (size_t i = 0; i < command_n_parameter(command); i++) {
		const struct parameter *parameter = &command->parameter[i];

		if (parameter != said->parameter && (parameter->flags & PARAMETER_REQUIRED) &&
		    !grammar_is_given(said->grammar, parameter))
			return false;
	}
	return (command->flags & COMMAND_CHANGES) != 0;
}

static bool is_taken(const struct model *model, const struct text *line)
{
	struct model *then = model_copy(model);
	struct error refusal = { 0 };
	int r = replay_change(then, line->s, &refusal);

	model_free(then);
	return r >= 0;
}

bool fits_rules(const struct said *said, const struct model *model, const char *value)
{
	const struct command *command = said->grammar->command;
	struct text line = { 0 };
	size_t length;
	bool taken;

	text_add(&line, command->words);
	for (size_t i = 0; i <= said->n_token; i++) {
		text_add_char(&line, ' ');
		text_add_word(&line, i < said->n_token ? said->token[i].word : value);
	}
	taken = is_taken(model, &line);
	length = line.length;
	for (size_t i = 0; !taken && i < command_n_parameter(command); i++)
		if (command->parameter[i].flags & PARAMETER_FLAG &&
		    !grammar_is_given(said->grammar, &command->parameter[i]))
			text_addf(&line, " %s", command->parameter[i].name);
	if (line.length > length)
		taken = is_taken(model, &line);
	text_free(&line);
	return taken;
}
