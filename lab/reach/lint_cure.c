/* SPDX-License-Identifier: GPL-3.0-only */
#include <string.h>

#include "core/base/cleanup.h"
#include "core/base/text.h"
#include "lab/nouns/replay.h"
#include "lab/reach/internal.h"

/* Cures of what a flow shows. Each is tried on a copy of the model: what does not do it is not
 * told.
 */

/* That of the end that is on the internet; 0: none is. */
static uint32_t address_outside(const struct model *model, const struct flow *flow)
{
	const struct internet_host *from = (const struct internet_host *)model_find_noun(
		model, NOUNS(NOUN_INTERNET_HOST), flow->from);
	const struct resource *to = model_holder(model, NULL, flow->destination);

	return flow->stranger                         ? flow->stranger
	       : from                                 ? from->ip
	       : to && to->noun == NOUN_INTERNET_HOST ? flow->destination
						      : 0;
}

/* What is wrong for the witness is so for all of the internet that it stands for, and so is the
 * cure: "from 198.51.100.7" becomes "from 0.0.0.0/0". */
static char *widened(struct arena *arena, const char *command, uint32_t address)
{
	char number[ADDRESS_TEXT_SIZE];
	const char *at = address ? strstr(command, address_format(address, number)) : NULL;
	const char *behind = at ? at + strlen(number) : NULL;

	if (!at || at == command || at[-1] != ' ' || (*behind && *behind != ' ' && *behind != '/'))
		return arena_strdup(arena, command);
	return arena_printf(arena, "%.*s0.0.0.0/0%s", (int)(at - command), command,
			    behind + strcspn(behind, " "));
}

/* Do the commands, one a line, make the flow get there (or not get there)? */
static bool works(const struct model *model, const struct flow *flow, const char *commands,
		  bool opens)
{
	struct model *then = model_copy(model);
	auto_free char *copy = xstrdup(commands);
	char *rest = copy;
	struct error refusal = { 0 };
	struct explanation x;
	bool accepted = true;

	for (char *line; accepted && (line = strsep(&rest, "\n"));)
		accepted = replay_change(then, line, &refusal) >= 0;
	if (accepted) {
		explain_once(then, flow, &x);
		accepted = opens == (x.reachable || x.code == CODE_NOT_LISTENING);
		explanation_free(&x);
	}
	model_free(then);
	return accepted;
}

const char *lint_cure_to_open(struct lint *lint, const struct model *model,
			      const struct explanation *x)
{
	const uint32_t outside = address_outside(model, &x->flow);

	for (size_t i = 0; i < x->n_cure; i++) {
		auto_text commands = { 0 };

		for (size_t k = 0; k < x->cure[i].n_command; k++)
			text_addf(&commands, "%s%s", k ? "\n" : "",
				  widened(&lint->arena, x->cure[i].command[k], outside));
		if (works(model, &x->flow, text_get(&commands), true))
			return arena_strdup(&lint->arena, text_get(&commands));
	}
	return NULL;
}

/* The rule is taken away where it is for that port alone. Else the port is shut before it, which
 * only Alibaba Cloud's groups can. */
const char *lint_cure_to_shut(struct lint *lint, const struct model *model,
			      const struct explanation *x)
{
	const char *word = model_noun_word(model, NOUN_SECURITY_GROUP);
	const struct decision *by = NULL;
	const struct packet *packet = NULL;
	char *command;

	for (size_t h = 0; h < x->forward.n_hop; h++)
		for (size_t d = 0; d < x->forward.hop[h].n_decision; d++)
			if (x->forward.hop[h].decision[d].kind == DECISION_GROUP_RULE) {
				by = &x->forward.hop[h].decision[d];
				packet = &x->forward.hop[h].in;
			}
	if (!by || by->rule->direction != DIRECTION_IN)
		return NULL;
	if (by->rule->port_first && by->rule->port_first == by->rule->port_last)
		command = arena_printf(&lint->arena, "%s revoke %s rule %u", word,
				       by->resource->name, by->rule->number);
	else
		command = arena_printf(&lint->arena,
				       "%s drop %s in %s %u from 0.0.0.0/0 priority 1", word,
				       by->resource->name, protocol_word(packet->protocol),
				       packet->destination_port);
	return works(model, &x->flow, command, false) ? command : NULL;
}
