/* SPDX-License-Identifier: GPL-3.0-only */
#include "cli/view/reach.h"

#include "cli/view/explain.h"
#include "cli/view/packets.h"
#include "cli/view/terminal.h"
#include "cli/view/wrap.h"

void reach_add_text(struct text *text, const struct reach *reach, unsigned width)
{
	static const char *const titles[] = {
		[OUTCOME_REACHED] = "Gets through:",
		[OUTCOME_SOMETIMES] =
			("Gets through now and then, by some of the EIPs or ports that a gateway "
			 "chooses from:"),
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
		i += rows_add_packets(&line, reach, i);
		if (outcome->target) {
			text_add(&line, ", at ");
			row_add_target(&line, outcome, row);
		}
		text_add(&line, ", seen as ");
		outcome_add_seen_as(&line, reach->model[0], outcome, true);
		text_add(text, "  ");
		wrap_add_line(text, text_get(&line), 2, 4, width ? width : TERMINAL_WIDTH);
		row_add_witness(text, row);
	}
	if (title < 0 && !reach->given_up)
		text_add(text, "Nothing gets through.\n");
	explain_add_doubts(text, reach->index, reach->n_model, width);
	reach_add_given_up(text, reach);
}

void reach_add_offenders(struct text *text, const struct reach *reach, size_t most)
{
	for (size_t i = 0; i < reach->n_offender && i < most; i++) {
		const struct reach_row *row = &reach->row[i];

		text_add(text, "  ");
		row_add_ends(text, reach, row);
		text_addf(text, " %s ", protocol_word(row->protocol));
		reach_ports_add_text(text, &row->port);
		while (text->s[text->length - 1] == ' ')
			text_truncate(text, text->length - 1);
		text_add(text, ": ");
		row_add_outcome(text, reach->model[0], row, 0);
		text_add_char(text, '\n');
	}
	if (reach->n_offender > most)
		text_addf(text, "  and %zu more\n", reach->n_offender - most);
}

void reach_output(struct output *output, const struct reach *reach)
{
	output_begin_array(output, NULL);
	for (size_t i = 0; i < reach->n_row && reach->row[i].outcome[0].kind < OUTCOME_BLOCKED;
	     i++) {
		output_begin_object(output, NULL);
		row_put_flows(output, reach, &reach->row[i]);
		row_put_outcome(output, reach->model[0], &reach->row[i], 0);
		row_put_witness(output, &reach->row[i]);
		row_put_doubts(output, reach, &reach->row[i]);
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

		i += rows_add_packets(&line, reach, i);
		text_add(&line, ": ");
		if (row->outcome[0].kind == OUTCOME_BLOCKED) {
			reach_explain(reach, row, 0, &x);
			explain_add_reason(&why, reach->model[0], &x);
			explanation_free(&x);
		} else {
			row_add_outcome(&why, reach->model[0], row, 0);
		}
		text_add(&line, text_get(&why));
		wrap_add_line(text, text_get(&line), 0, 4, width ? width : TERMINAL_WIDTH);
		row_add_witness(text, row);
	}
	explain_add_doubts(text, reach->index, reach->n_model, width);
	reach_add_given_up(text, reach);
}

void reach_output_causes(struct output *output, const struct reach *reach)
{
	output_begin_array(output, NULL);
	for (size_t i = 0; i < reach->n_row; i++) {
		struct explanation x;

		output_begin_object(output, NULL);
		row_put_flows(output, reach, &reach->row[i]);
		row_put_outcome(output, reach->model[0], &reach->row[i], 0);
		row_put_witness(output, &reach->row[i]);
		reach_explain(reach, &reach->row[i], 0, &x);
		if (x.code)
			explain_put_cause(output, reach->model[0], &x);
		row_put_doubts(output, reach, &reach->row[i]);
		explanation_free(&x);
		output_end(output);
	}
	output_end(output);
}
