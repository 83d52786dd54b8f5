/* SPDX-License-Identifier: GPL-3.0-only */
#include "cli/view/reach.h"

#include <stdio.h>
#include <string.h>

#include "cli/view/decision.h"
#include "cli/view/explain.h"
#include "cli/view/terminal.h"
#include "cli/view/wrap.h"

#define NAMES_MAX 6 /* of a set, in text */

static const char *const verdicts[] = {
	[OUTCOME_REACHED] = "reachable",
	[OUTCOME_SOMETIMES] = "sometimes",
	[OUTCOME_NOT_LISTENING] = "not_listening",
	[OUTCOME_BLOCKED] = "blocked",
	[OUTCOME_ABSENT] = "absent",
};

static void add_seen_as(struct text *text, const struct model *model, const struct outcome *outcome,
			bool names)
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
static void add_target(struct text *text, const struct outcome *outcome,
		       const struct reach_row *row)
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
static void add_outcome(struct text *text, const struct model *model, const struct reach_row *row,
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
		add_target(text, outcome, row);
	}
	text_add(text, ", seen as ");
	add_seen_as(text, model, outcome, true);
}

static void add_ends(struct text *text, const struct reach *reach, const struct reach_row *row)
{
	text_add(text, row->to_itself ? "each of " : "");
	reach_ends_add_text(text, reach, &row->from, true, NAMES_MAX);
	text_add(text, row->to_itself ? " -> itself by " : " -> ");
	reach_ends_add_text(text, reach, &row->to, false, NAMES_MAX);
}

/* "FROM -> TO tcp 80,443; icmp" of the row and those that continue it; returns how many. */
static size_t add_packets(struct text *text, const struct reach *reach, size_t at)
{
	const struct reach_row *row = &reach->row[at];
	size_t n = 1, all = 0;

	while (at + n < reach->n_row && reach_row_continues(row, &row[n]))
		n++;
	add_ends(text, reach, row);
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

static void add_witness(struct text *text, const struct reach_row *row)
{
	char flow[512];

	flow_format(&row->witness, flow, sizeof(flow));
	text_addf(text, "    for example %s\n", flow);
}

static void add_given_up(struct text *text, const struct reach *reach)
{
	if (reach->given_up)
		text_addf(text,
			  "There are too many cells to look at them all: this is what %zu of them "
			  "come to.\n"
			  "Ask about fewer packets, by narrower ends or ports.\n",
			  reach->n_cell);
}

void reach_add_text(struct text *text, const struct reach *reach, unsigned width)
{
	static const char *const titles[] = {
		[OUTCOME_REACHED] = "Gets through:",
		[OUTCOME_SOMETIMES] =
			("Gets through now and then, by some of the EIPs that a hash chooses "
			 "from:"),
		[OUTCOME_NOT_LISTENING] = "Open, but nothing listens:",
	};
	int title = -1;

	for (size_t i = 0; i < reach->n_row && reach->row[i].outcome[0].kind < OUTCOME_BLOCKED;) {
		const struct reach_row *row = &reach->row[i];
		const struct outcome *outcome = &row->outcome[0];
		auto_text line = { 0 };

		if (title != (int)outcome->kind) {
			text_addf(text, "%s%s\n", title >= 0 ? "\n" : "", titles[outcome->kind]);
			title = (int)outcome->kind;
		}
		i += add_packets(&line, reach, i);
		if (outcome->target) {
			text_add(&line, ", at ");
			add_target(&line, outcome, row);
		}
		text_add(&line, ", seen as ");
		add_seen_as(&line, reach->model[0], outcome, true);
		text_add(text, "  ");
		wrap_add_line(text, text_get(&line), 2, 4, width ? width : TERMINAL_WIDTH);
		add_witness(text, row);
	}
	if (title < 0 && !reach->given_up)
		text_add(text, "Nothing gets through.\n");
	add_given_up(text, reach);
}

void reach_add_offenders(struct text *text, const struct reach *reach, size_t most)
{
	for (size_t i = 0; i < reach->n_offender && i < most; i++) {
		const struct reach_row *row = &reach->row[i];

		text_add(text, "  ");
		add_ends(text, reach, row);
		text_addf(text, " %s ", protocol_word(row->protocol));
		reach_ports_add_text(text, &row->port);
		while (text->s[text->length - 1] == ' ')
			text_truncate(text, text->length - 1);
		text_add(text, ": ");
		add_outcome(text, reach->model[0], row, 0);
		text_add_char(text, '\n');
	}
	if (reach->n_offender > most)
		text_addf(text, "  and %zu more\n", reach->n_offender - most);
}

static void put_text(struct output *output, const char *key, const struct text *text)
{
	output_string(output, key, text->length ? text_get(text) : NULL);
}

static void put_outcome(struct output *output, const struct model *model,
			const struct reach_row *row, size_t i)
{
	const struct outcome *outcome = &row->outcome[i];
	auto_text seen = { 0 }, target = { 0 };

	add_seen_as(&seen, model, outcome, false);
	if (outcome->target)
		add_target(&target, outcome, row);
	output_string(output, "verdict", verdicts[outcome->kind]);
	output_string(output, "code", outcome->code ? code_word(outcome->code) : NULL);
	put_text(output, "seen_as", &seen);
	put_text(output, "target", &target);
}

static void put_flows(struct output *output, const struct reach *reach, const struct reach_row *row)
{
	auto_text from = { 0 }, to = { 0 }, ports = { 0 };

	reach_ends_add_text(&from, reach, &row->from, true, 0);
	reach_ends_add_text(&to, reach, &row->to, false, 0);
	reach_ports_add_text(&ports, &row->port);
	if (!ports.length && row->protocol != PROTOCOL_ICMP)
		text_add(&ports, "1-65535");
	output_string(output, "from", text_get(&from));
	output_string(output, "to", text_get(&to));
	output_string(output, "protocol", protocol_word(row->protocol));
	put_text(output, "ports", &ports);
}

static void put_witness(struct output *output, const struct reach_row *row)
{
	char flow[512];

	flow_format(&row->witness, flow, sizeof(flow));
	output_string(output, "witness", flow);
}

void reach_output(struct output *output, const struct reach *reach)
{
	output_begin_array(output, NULL);
	for (size_t i = 0; i < reach->n_row && reach->row[i].outcome[0].kind < OUTCOME_BLOCKED;
	     i++) {
		output_begin_object(output, NULL);
		put_flows(output, reach, &reach->row[i]);
		put_outcome(output, reach->model[0], &reach->row[i], 0);
		put_witness(output, &reach->row[i]);
		output_end(output);
	}
	output_end(output);
}

/* ---- with causes ---- */

void reach_add_causes(struct text *text, const struct reach *reach, unsigned width)
{
	for (size_t i = 0; i < reach->n_row;) {
		const struct reach_row *row = &reach->row[i];
		struct explanation x;
		auto_text line = { 0 }, why = { 0 };

		i += add_packets(&line, reach, i);
		text_add(&line, ": ");
		if (row->outcome[0].kind == OUTCOME_BLOCKED) {
			reach_explain(reach, row, 0, &x);
			explain_add_reason(&why, reach->model[0], &x);
			explanation_free(&x);
		} else {
			add_outcome(&why, reach->model[0], row, 0);
		}
		text_add(&line, text_get(&why));
		wrap_add_line(text, text_get(&line), 0, 4, width ? width : TERMINAL_WIDTH);
		add_witness(text, row);
	}
	add_given_up(text, reach);
}

void reach_output_causes(struct output *output, const struct reach *reach)
{
	output_begin_array(output, NULL);
	for (size_t i = 0; i < reach->n_row; i++) {
		struct explanation x;

		output_begin_object(output, NULL);
		put_flows(output, reach, &reach->row[i]);
		put_outcome(output, reach->model[0], &reach->row[i], 0);
		put_witness(output, &reach->row[i]);
		reach_explain(reach, &reach->row[i], 0, &x);
		if (x.code)
			explain_put_cause(output, reach->model[0], &x);
		explanation_free(&x);
		output_end(output);
	}
	output_end(output);
}

/* ---- changes ---- */

static const struct {
	const char *key, *title;
} changes[CHANGE_KINDS] = {
	[CHANGE_OPENED] = { "opened", "Opened:" },
	[CHANGE_CLOSED] = { "closed", "Closed:" },
	[CHANGE_RETRANSLATED] = { "retranslated", "Translated otherwise:" },
	[CHANGE_CUT] = { "cut", "Established connections that break:" },
};

size_t diff_count(const struct reach *reach)
{
	size_t n = 0;

	for (size_t i = 0; i < reach->n_row; i++)
		for (enum change_kind kind = 0; kind < CHANGE_KINDS; kind++)
			n += reach_row_is(&reach->row[i], kind);
	return n;
}

/* What decided in one model and not in the other: "; dnat1; SG2 rule 1: allow in tcp 80". */
static void add_decisions(struct text *text, const struct model *model, const struct explanation *x,
			  const char *but)
{
	const struct hops *ways[] = { &x->forward, &x->back };

	for (size_t w = 0; w < 2; w++) {
		for (size_t h = 0; h < ways[w]->n_hop; h++) {
			for (size_t d = 0; d < ways[w]->hop[h].n_decision; d++) {
				const struct decision *decision = &ways[w]->hop[h].decision[d];
				auto_text name = { 0 };

				/* A way, not a decision. */
				if (decision->kind == DECISION_LOCAL_ROUTE ||
				    decision->kind == DECISION_HOST_ROUTE ||
				    decision->kind == DECISION_EIP_ROUTE ||
				    decision->kind == DECISION_CONNECTION)
					continue;
				text_add(&name, "; ");
				decision_add_name(&name, model, decision);
				if (name.length > 2 && !strstr(text_get(text), text_get(&name)) &&
				    !strstr(but, text_get(&name)))
					text_add(text, text_get(&name));
			}
		}
	}
}

/* The outcome of each side, and by what that is not in the other. */
static void add_sides(struct text side[2], const struct reach *reach, const struct reach_row *row)
{
	struct text by[2] = { { 0 }, { 0 } }, only = { 0 };
	struct explanation x;

	for (size_t pass = 0; pass < 4; pass++) {
		const size_t i = pass % 2;

		if (row->outcome[i].kind == OUTCOME_ABSENT)
			continue;
		reach_explain(reach, row, i, &x);
		text_clear(&only);
		add_decisions(pass < 2 ? &by[i] : &only, reach->model[i], &x,
			      pass < 2 ? "" : text_get(&by[!i]));
		explanation_free(&x);
		if (pass < 2)
			continue;
		add_outcome(&side[i], reach->model[i], row, i);
		if (only.length)
			text_addf(&side[i], ", by %s", text_get(&only) + 2);
	}
	for (size_t i = 0; i < 2; i++) {
		if (row->outcome[i].kind == OUTCOME_ABSENT)
			add_outcome(&side[i], reach->model[i], row, i);
		text_free(&by[i]);
	}
	text_free(&only);
}

void diff_add_text(struct text *text, const struct reach *reach, unsigned width)
{
	static const char *const sides[] = { "before: ", "after:  " };

	for (enum change_kind kind = 0; kind < CHANGE_KINDS; kind++) {
		bool titled = false;

		for (size_t i = 0, n; i < reach->n_row; i += n) {
			struct text side[2] = { { 0 }, { 0 } };
			auto_text line = { 0 };

			n = add_packets(&line, reach, i);
			if (!reach_row_is(&reach->row[i], kind))
				continue;
			if (!titled)
				text_addf(text, "%s%s\n", text->length ? "\n" : "",
					  changes[kind].title);
			titled = true;
			text_add(text, "  ");
			wrap_add_line(text, text_get(&line), 2, 4, width ? width : TERMINAL_WIDTH);
			add_witness(text, &reach->row[i]);
			if (kind == CHANGE_CUT)
				continue;
			add_sides(side, reach, &reach->row[i]);
			for (size_t k = 0; k < 2; k++) {
				text_addf(text, "    %s", sides[k]);
				wrap_add_line(text, text_get(&side[k]), 12, 12,
					      width ? width : TERMINAL_WIDTH);
				text_free(&side[k]);
			}
		}
	}
	if (!text->length)
		text_add(text, reach->given_up ? "" : "No flow changes.\n");
	add_given_up(text, reach);
}

static void put_side(struct output *output, const char *key, const struct reach *reach,
		     const struct reach_row *row, size_t i)
{
	struct explanation x;

	output_begin_object(output, key);
	put_outcome(output, reach->model[i], row, i);
	output_begin_array(output, "decisions");
	if (row->outcome[i].kind != OUTCOME_ABSENT) {
		reach_explain(reach, row, i, &x);
		for (size_t h = 0; h < x.forward.n_hop + x.back.n_hop; h++) {
			const struct hop *hop = h < x.forward.n_hop
							? &x.forward.hop[h]
							: &x.back.hop[h - x.forward.n_hop];

			output_begin_object(output, NULL);
			output_string(output, "node", hop->node);
			output_string(output, "action", action_word(hop->action));
			hop_put_rule(output, reach->model[i], hop);
			output_end(output);
		}
		explanation_free(&x);
	}
	output_end(output);
	output_end(output);
}

void diff_output(struct output *output, const char *key, const struct reach *reach)
{
	output_begin_object(output, key);
	for (enum change_kind kind = 0; kind < CHANGE_KINDS; kind++) {
		output_begin_array(output, changes[kind].key);
		for (size_t i = 0; i < reach->n_row; i++) {
			if (!reach_row_is(&reach->row[i], kind))
				continue;
			output_begin_object(output, NULL);
			put_flows(output, reach, &reach->row[i]);
			put_side(output, "before", reach, &reach->row[i], 0);
			put_side(output, "after", reach, &reach->row[i], 1);
			put_witness(output, &reach->row[i]);
			output_end(output);
		}
		output_end(output);
	}
	output_bool(output, "complete", !reach->given_up);
	output_end(output);
}

void diff_put_counts(struct output *output, const struct reach *reach)
{
	for (enum change_kind kind = 0; kind < CHANGE_KINDS; kind++) {
		size_t n = 0;

		for (size_t i = 0; i < reach->n_row; i++)
			n += reach_row_is(&reach->row[i], kind);
		output_number(output, changes[kind].key, (int64_t)n);
	}
}

/* In a cell of a table. */
static void add_cell(struct text *text, const struct text *cell)
{
	text_add(text, text->length && text->s[text->length - 1] != '\n' ? " | " : "| ");
	for (const char *s = text_get(cell); *s; s++) {
		if (*s == '|' || *s == '<' || *s == '>' || *s == '`' || *s == '*' || *s == '_')
			text_add_char(text, '\\');
		text_add_char(text, *s);
	}
}

/* The rows of one kind as a table; returns how many there are. */
static size_t add_table(struct text *text, const struct reach *reach, enum change_kind kind)
{
	size_t n_row = 0;

	for (size_t i = 0, n; i < reach->n_row; i += n) {
		auto_text packets = { 0 };
		struct text side[2] = { { 0 }, { 0 } };
		char flow[512];

		n = add_packets(&packets, reach, i);
		if (!reach_row_is(&reach->row[i], kind))
			continue;
		if (n_row++ == 0)
			text_add(text, "| Flows | Before | After | For example |\n"
				       "| --- | --- | --- | --- |\n");
		add_cell(text, &packets);
		add_sides(side, reach, &reach->row[i]);
		for (size_t k = 0; k < 2; k++) {
			add_cell(text, &side[k]);
			text_free(&side[k]);
		}
		flow_format(&reach->row[i].witness, flow, sizeof(flow));
		text_addf(text, " | `%s` |\n", flow);
	}
	return n_row;
}

/* The numbers first, and only what is opened unfolded. */
void diff_add_markdown(struct text *text, const struct reach *reach)
{
	auto_text details = { 0 };

	for (enum change_kind kind = 0; kind < CHANGE_KINDS; kind++) {
		auto_text table = { 0 };
		const size_t n = add_table(&table, reach, kind);

		if (n == 0)
			continue;
		text_addf(text, "%s%zu %s", text->length ? ", " : "**", n, changes[kind].key);
		text_addf(&details, "\n<details%s><summary>%s %zu</summary>\n\n%s\n</details>\n",
			  kind == CHANGE_OPENED ? " open" : "", changes[kind].title, n,
			  text_get(&table));
	}
	if (text->length)
		text_addf(text, "**\n%s", text_get(&details));
	else if (!reach->given_up)
		text_add(text, "No flow changes.\n");
	add_given_up(text, reach);
}
