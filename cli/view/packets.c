/* SPDX-License-Identifier: GPL-3.0-only */
#include "cli/view/packets.h"

#include <stdio.h>

#include "cli/view/explain.h"
#include "core/base/cleanup.h"

#define NAMES_MAX 6 /* of a set, in text */

static const char *const verdicts[] = {
	[OUTCOME_REACHED] = "reachable",
	[OUTCOME_SOMETIMES] = "sometimes",
	[OUTCOME_NOT_LISTENING] = "not_listening",
	[OUTCOME_BLOCKED] = "blocked",
	[OUTCOME_ABSENT] = "absent",
};

void outcome_add_seen_as(struct text *text, const struct model *model,
			 const struct outcome *outcome, bool names)
{
	char address[ADDRESS_TEXT_SIZE];
	const char *owner;

	switch (outcome->seen) {
	case SEEN_NOBODY:
		break;
	case SEEN_ITSELF:
		text_add(text, "itself");
		break;
	case SEEN_OWN_PUBLIC:
		text_add(text, "its public address");
		break;
	case SEEN_ADDRESS:
		owner = names ? model_address_owner(model, outcome->seen_as) : NULL;
		text_add(text, owner ? owner : address_format(outcome->seen_as, address));
		break;
	case SEEN_POOL:
		for (size_t i = 0; i < outcome->pool->n_eip; i++)
			text_addf(text, "%s%s", i ? names ? " or " : "," : "",
				  names ? outcome->pool->eip[i]->resource.name
					: address_format(outcome->pool->eip[i]->ip, address));
		break;
	}
}

/* "ECS2", "ECS2 8080" */
void row_add_target(struct text *text, const struct outcome *outcome, const struct reach_row *row)
{
	text_add(text, outcome->target);
	if (outcome->port_shift && row->port.n == 1 &&
	    row->port.range[0].first == row->port.range[0].last)
		text_addf(text, " port %d",
			  (int)row->port.range[0].first + (int)outcome->port_shift);
	else if (outcome->port_shift)
		text_addf(text, " port %+d", (int)outcome->port_shift);
}

/* ", at ECS2, seen as EIP1" */
void row_add_outcome(struct text *text, const struct model *model, const struct reach_row *row,
		     size_t i)
{
	const struct outcome *outcome = &row->outcome[i];

	if (outcome->kind == OUTCOME_BLOCKED || outcome->kind == OUTCOME_ABSENT) {
		text_add(text,
			 outcome->kind == OUTCOME_ABSENT ? "not there" : code_word(outcome->code));
		return;
	}
	text_add(text, outcome->kind == OUTCOME_NOT_LISTENING ? "open, nothing listens"
		       : outcome->kind == OUTCOME_SOMETIMES   ? "now and then"
							      : "reachable");
	if (outcome->target) {
		text_add(text, ", at ");
		row_add_target(text, outcome, row);
	}
	text_add(text, ", seen as ");
	outcome_add_seen_as(text, model, outcome, true);
}

void row_add_ends(struct text *text, const struct reach *reach, const struct reach_row *row)
{
	text_add(text, row->to_itself && reach_ends_count(reach, &row->from) > 1 ? "each of " : "");
	reach_senders_add_text(text, reach, row, NAMES_MAX);
	text_add(text, row->to_itself ? " -> itself by " : " -> ");
	reach_targets_add_text(text, reach, row, NAMES_MAX);
}

/* "FROM -> TO tcp 80,443; icmp" of the row and those that continue it; returns how many. */
size_t rows_add_packets(struct text *text, const struct reach *reach, size_t at)
{
	const struct reach_row *row = &reach->row[at];
	size_t n = 1, all = 0;

	while (at + n < reach->n_row && reach_row_continues(row, &row[n]))
		n++;
	row_add_ends(text, reach, row);
	for (size_t i = 0; i < n; i++) {
		const size_t before = text->length;

		reach_ports_add_text(text, &row[i].port);
		all += text->length == before;
		text_truncate(text, before);
	}
	if (n == 3 && all == 3) {
		text_add(text, " any");
		return n;
	}
	for (size_t i = 0; i < n; i++) {
		text_addf(text, "%s%s ", i ? "; " : " ", protocol_word(row[i].protocol));
		reach_ports_add_text(text, &row[i].port);
		if (text->s[text->length - 1] == ' ') /* all of them */
			text_truncate(text, text->length - 1);
	}
	return n;
}

void row_add_witness(struct text *text, const struct reach_row *row)
{
	char flow[512];

	flow_format(&row->witness, flow, sizeof(flow));
	text_addf(text, "    for example %s\n", flow);
}

void reach_add_given_up(struct text *text, const struct reach *reach)
{
	if (reach->given_up)
		text_addf(text,
			  "There are too many cells to look at them all: this is what %zu of them "
			  "come to.\n"
			  "Ask about fewer packets, by narrower ends or ports.\n",
			  reach->n_cell);
}

static void put_text(struct output *output, const char *key, const struct text *text)
{
	output_string(output, key, text->length ? text_get(text) : NULL);
}

void row_put_outcome(struct output *output, const struct model *model, const struct reach_row *row,
		     size_t i)
{
	const struct outcome *outcome = &row->outcome[i];
	auto_text seen = { 0 }, target = { 0 };

	outcome_add_seen_as(&seen, model, outcome, false);
	if (outcome->target)
		row_add_target(&target, outcome, row);
	output_string(output, "verdict", verdicts[outcome->kind]);
	output_string(output, "code", outcome->code ? code_word(outcome->code) : NULL);
	if (outcome->seen == SEEN_POOL)
		explain_put_pool(output, outcome->pool);
	else
		put_text(output, "seen_as", &seen);
	put_text(output, "target", &target);
}

void row_put_flows(struct output *output, const struct reach *reach, const struct reach_row *row)
{
	auto_text from = { 0 }, to = { 0 }, ports = { 0 };

	reach_senders_add_text(&from, reach, row, 0);
	reach_targets_add_text(&to, reach, row, 0);
	reach_ports_add_text(&ports, &row->port);
	if (!ports.length && row->protocol != PROTOCOL_ICMP)
		text_add(&ports, "1-65535");
	output_string(output, "from", text_get(&from));
	output_string(output, "to", text_get(&to));
	output_string(output, "protocol", protocol_word(row->protocol));
	put_text(output, "ports", &ports);
}

void row_put_witness(struct output *output, const struct reach_row *row)
{
	char flow[512];

	flow_format(&row->witness, flow, sizeof(flow));
	output_string(output, "witness", flow);
}

void row_put_doubts(struct output *output, const struct reach *reach, const struct reach_row *row)
{
	auto_free const char **doubt = NULL;
	size_t n = 0;

	reach_row_doubts(reach, row, &doubt, &n);
	explain_put_doubts(output, doubt, n);
}
