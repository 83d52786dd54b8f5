/* SPDX-License-Identifier: GPL-3.0-only */
#include "cli/view/diff.h"

#include <stdio.h>
#include <string.h>

#include "cli/view/decision.h"
#include "cli/view/explain.h"
#include "cli/view/packets.h"
#include "cli/view/terminal.h"
#include "cli/view/wrap.h"

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
		row_add_outcome(&side[i], reach->model[i], row, i);
		if (only.length)
			text_addf(&side[i], ", by %s", text_get(&only) + 2);
	}
	for (size_t i = 0; i < 2; i++) {
		if (row->outcome[i].kind == OUTCOME_ABSENT)
			row_add_outcome(&side[i], reach->model[i], row, i);
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

			n = rows_add_packets(&line, reach, i);
			if (!reach_row_is(&reach->row[i], kind))
				continue;
			if (!titled)
				text_addf(text, "%s%s\n", text->length ? "\n" : "",
					  changes[kind].title);
			titled = true;
			text_add(text, "  ");
			wrap_add_line(text, text_get(&line), 2, 4, width ? width : TERMINAL_WIDTH);
			row_add_witness(text, &reach->row[i]);
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
	explain_add_doubts(text, reach->index, reach->n_model, width);
	reach_add_given_up(text, reach);
}

static void put_side(struct output *output, const char *key, const struct reach *reach,
		     const struct reach_row *row, size_t i)
{
	struct explanation x;

	output_begin_object(output, key);
	row_put_outcome(output, reach->model[i], row, i);
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
			row_put_flows(output, reach, &reach->row[i]);
			put_side(output, "before", reach, &reach->row[i], 0);
			put_side(output, "after", reach, &reach->row[i], 1);
			row_put_witness(output, &reach->row[i]);
			output_end(output);
		}
		output_end(output);
	}
	output_bool(output, "complete", !reach->given_up);
	explain_put_all_doubts(output, reach->index, reach->n_model);
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

		n = rows_add_packets(&packets, reach, i);
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

/* Each a line of code, whatever it holds. */
static void add_doubts_as_list(struct text *text, const struct reach *reach)
{
	auto_text doubts = { 0 };

	explain_add_doubts(&doubts, reach->index, reach->n_model, UINT16_MAX);
	if (doubts.length)
		text_addf(text, "\n```text%s```\n", text_get(&doubts));
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
	add_doubts_as_list(text, reach);
	reach_add_given_up(text, reach);
}
