/* SPDX-License-Identifier: GPL-3.0-only */
#include "cli/view/explain_internal.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/view/cause.h"
#include "cli/view/decision.h"
#include "cli/view/paid.h"
#include "cli/view/probe.h"
#include "cli/view/terminal.h"
#include "cli/view/wrap.h"
#include "core/base/cleanup.h"

#define CURES_SHOWN 3

void page_paint(const struct page *page, const char *color)
{
	if (page->color)
		text_add(page->text, color);
}

void page_wrap(const struct page *page, const char *s, unsigned at, unsigned indent)
{
	wrap_add(page->text, s, at, indent, page->width);
}

static void add_command(const struct page *page, const char *command)
{
	text_add(page->text, "  ");
	wrap_add_command(page->text, command, 2, 6, page->width);
	text_add_char(page->text, '\n');
}

static void add_address(struct text *text, uint32_t ip, uint16_t port)
{
	char address[ADDRESS_TEXT_SIZE];

	text_add(text, address_format(ip, address));
	if (port)
		text_addf(text, ":%u", port);
}

void explain_add_packet(struct text *text, const struct packet *packet)
{
	text_addf(text, "%s ", protocol_word(packet->protocol));
	add_address(text, packet->source, packet->source_port);
	text_add(text, " -> ");
	add_address(text, packet->destination, packet->destination_port);
}

/* ---- hops ---- */

#define ACTION_WIDTH 11 /* "translate" and two blanks */
#define TIME_WIDTH   12 /* "   0.123 ms " */

static unsigned name_width(const struct explanation *x)
{
	const struct hops *both[] = { &x->forward, &x->back };
	unsigned longest = 0;

	for (size_t k = 0; k < ARRAY_SIZE(both); k++)
		for (size_t i = 0; i < both[k]->n_hop; i++)
			if (strlen(both[k]->hop[i].node) > longest)
				longest = (unsigned)strlen(both[k]->hop[i].node);
	return longest > 20 ? 20 : longest;
}

/* The packet is told where it sets out and where it changes; of a trace, as it was, too. */
static void add_hop(const struct page *page, const struct hop *hop, bool first, unsigned names)
{
	const unsigned before = page->times ? TIME_WIDTH : 0,
		       behind = before + 2 + names + 2 + ACTION_WIDTH,
		       indent = (unsigned)wrap_indent(behind, 2, page->width);
	struct text *text = page->text;
	auto_text rule = { 0 };

	if (page->times)
		text_addf(text, "%8.3f ms ", hop->at * 1e3);
	page_paint(page, hop->end ? RED : hop->translated ? YELLOW : "");
	text_addf(text, "%s %-*s  ",
		  hop->end          ? "x"
		  : hop->translated ? "*"
				    : " ",
		  (int)names, hop->node);
	if (strlen(hop->node) > names)
		text_addf(text, "\n%*s", (int)(before + 2 + names + 2), "");
	if (indent == behind)
		text_addf(text, "%-*s", ACTION_WIDTH, action_word(hop->action));
	else
		text_addf(text, "%s\n%*s", action_word(hop->action), (int)indent, "");
	hop_add_text(&rule, page->model, hop);
	page_wrap(page, text_get(&rule), indent, indent);
	if (first || (hop->translated && page->times)) {
		text_addf(text, "\n%*s", (int)indent, "");
		explain_add_packet(text, &hop->in);
	}
	if (hop->translated) {
		text_addf(text, "\n%*s", (int)indent, page->times ? "=> " : "");
		explain_add_packet(text, &hop->out);
	}
	page_paint(page, hop->end || hop->translated ? PLAIN : "");
	text_add_char(text, '\n');
}

static void add_hops(const struct page *page, const char *title, const struct hops *hops,
		     unsigned names)
{
	if (!hops->n_hop)
		return;
	text_add_char(page->text, '\n');
	page_paint(page, BOLD);
	text_add(page->text, title);
	page_paint(page, PLAIN);
	text_add_char(page->text, '\n');
	for (size_t i = 0; i < hops->n_hop; i++)
		add_hop(page, &hops->hop[i], i == 0, names);
}

/* ---- the verdict ---- */

void explain_add_seen_as(struct text *text, const struct model *model, const struct explanation *x)
{
	if (x->seen_as) {
		text_add(text, ", seen as ");
		probe_add_address(text, model, x->seen_as);
	}
	for (size_t i = 0; x->pool && i < x->pool->n_eip; i++)
		text_addf(text, "%s%s", i == 0 ? ", seen as one of " : ", ",
			  x->pool->eip[i]->resource.name);
}

/* "NO_ROUTE at VPC1: the system route table ... has no route to ..." */
static void add_blocked(struct text *text, const struct model *model, const struct explanation *x)
{
	text_addf(text, "%s at %s: ", code_word(x->code), x->hop);
	cause_add_text(text, model, &x->cause);
}

static void add_cures(const struct page *page, const struct explanation *x)
{
	auto_text still = { 0 };

	for (size_t i = 0; i < x->n_cure && i < CURES_SHOWN; i++) {
		text_add(page->text, i          ? "\nOr this:\n"
				     : x->still ? "\nThis would be a step:\n"
						: "\nThis would cure it:\n");
		for (size_t k = 0; k < x->cure[i].n_command; k++)
			add_command(page, x->cure[i].command[k]);
	}
	if (x->n_cure > CURES_SHOWN)
		text_addf(page->text, "\n%zu more ways would, see explain -j.\n",
			  x->n_cure - CURES_SHOWN);
	if (x->cures_cut)
		text_add(page->text,
			 "\nNot every way was tried: there may be more, and a better one.\n");
	if (!x->still)
		return;
	text_add(page->text, "and then there is still ");
	add_blocked(&still, x->still_model, x->still);
	page_wrap(page, text_get(&still), 24, 0);
	text_add_char(page->text, '\n');
}

static bool is_said(const char *const *said, size_t n, const char *words)
{
	for (size_t i = 0; i < n; i++)
		if (strcmp(said[i], words) == 0)
			return true;
	return false;
}

void explain_add_doubt_list(struct text *text, const char *title, const char *const *doubt,
			    size_t n, unsigned width)
{
	for (size_t i = 0; i < n; i++) {
		text_addf(text, "%s  ", i ? "" : title);
		wrap_add_command(text, doubt[i], 2, 6, width);
		text_add_char(text, '\n');
	}
}

/* Each once: two models have much in common. The caller frees the array. */
static size_t all_doubts(const struct explain_index *const *index, size_t n_index,
			 const char ***ret_doubt)
{
	size_t n = 0, n_kept = 0;

	*ret_doubt = NULL;
	for (size_t i = 0; i < n_index; i++)
		explain_index_doubts(index[i], ret_doubt, &n);
	for (size_t i = 0; i < n; i++)
		if (!is_said(*ret_doubt, n_kept, (*ret_doubt)[i]))
			(*ret_doubt)[n_kept++] = (*ret_doubt)[i];
	return n_kept;
}

void explain_add_doubts(struct text *text, const struct explain_index *const *index, size_t n_index,
			unsigned width)
{
	auto_free const char **doubt = NULL;
	const size_t n = all_doubts(index, n_index, &doubt);

	explain_add_doubt_list(text, "\nNot understood, and taken for nothing:\n", doubt, n,
			       width ? width : TERMINAL_WIDTH);
}

static void add_verdict(const struct page *page, const struct explanation *x)
{
	struct text *text = page->text;
	auto_text cause = { 0 };
	char flow[512];

	flow_format(&x->flow, flow, sizeof(flow));
	text_addf(text, "%s: ", flow);
	page_paint(page, x->reachable ? BOLD_GREEN : BOLD_RED);
	text_add(text, x->reachable   ? "reachable"
		       : x->sometimes ? "blocked now and then"
				      : "blocked");
	page_paint(page, PLAIN);
	if (x->reachable)
		explain_add_seen_as(text, page->model, x);
	else
		text_addf(text, " at %s, %s", x->hop, code_word(x->code));
	explain_add_doubt_list(text, ",\nunless what is not understood says otherwise:\n", x->doubt,
			       x->n_doubt, page->width);
	if (!x->n_doubt)
		text_add_char(text, '\n');
	if (x->reachable)
		return;
	cause_add_text(&cause, page->model, &x->cause);
	page_wrap(page, text_get(&cause), 0, 0);
	text_add_char(text, '\n');
	add_cures(page, x);
}

void page_add_ways(const struct page *page, const struct explanation *x)
{
	unsigned names = name_width(x);

	add_hops(page, "The way there", &x->forward, names);
	add_hops(page, "The way back", &x->back, names);
}

/* What nobody knows of the insides of hosts. */
static void add_assumed(const struct page *page, const struct explanation *x)
{
	auto_text list = { 0 };

	for (size_t i = 0; i < x->n_assumed; i++)
		text_addf(&list, "%s%s",
			  i == 0                 ? "\nAssumed, for nobody can be asked: "
			  : i + 1 < x->n_assumed ? ", "
						 : " and ",
			  x->assumed[i]);
	if (x->n_assumed)
		text_addf(&list, " %s as set up by the lab, and services run\n",
			  x->n_assumed == 1 ? "is" : "are");
	page_wrap(page, text_get(&list), 0, 0);
}

/* What is noted of the things that the flow comes by, each once. */
static size_t find_notes(const struct model *model, const struct explanation *x,
			 const struct resource **ret_noted, size_t max)
{
	const struct hops *const ways[] = { &x->forward, &x->back };
	size_t n = 0;

	for (size_t w = 0; w < ARRAY_SIZE(ways); w++)
		for (size_t h = 0; h < ways[w]->n_hop; h++) {
			const struct hop *hop = &ways[w]->hop[h];
			const struct resource *by[3 * HOP_DECISIONS_MAX + 1] = { model_find(
				model, hop->node) };
			size_t n_by = 1;

			for (unsigned d = 0; d < hop->n_decision; d++) {
				const struct resource *resource = hop->decision[d].resource;

				by[n_by++] = resource;
				by[n_by++] = hop->decision[d].other;
				if (resource && resource->noun == NOUN_ROUTE)
					by[n_by++] =
						&((const struct route *)resource)->table->resource;
			}
			for (size_t i = 0; i < n_by; i++) {
				size_t k = 0;

				while (k < n && ret_noted[k] != by[i])
					k++;
				if (by[i] && by[i]->note && k == n && n < max)
					ret_noted[n++] = by[i];
			}
		}
	return n;
}

enum { NOTES_MAX = 16 };

static void add_notes(const struct page *page, const struct explanation *x)
{
	const struct resource *noted[NOTES_MAX];
	const size_t n = find_notes(page->model, x, noted, NOTES_MAX);

	for (size_t i = 0; i < n; i++) {
		auto_text line = { 0 };

		text_addf(&line, "%sNote on %s: %s\n", i ? "" : "\n", noted[i]->name,
			  noted[i]->note);
		page_wrap(page, text_get(&line), 0, 2);
	}
}

static void add_paid(const struct page *page, const struct explanation *x)
{
	struct paid paid[PAID_MAX];
	const size_t n = explain_paid(page->model, x, paid);

	for (size_t i = 0; i < n; i++) {
		auto_text line = { 0 };

		text_add(&line, i ? "Pays: " : "\nPays: ");
		paid_add_sentence(&line, &paid[i]);
		text_add_char(&line, '\n');
		page_wrap(page, text_get(&line), 0, 2);
	}
}

struct page page_of(struct text *text, const struct model *model, unsigned width, bool color)
{
	return (struct page){ .text = text,
			      .model = model,
			      .width = width ? width : TERMINAL_WIDTH,
			      .color = color };
}

void explain_add_text(struct text *text, const struct model *model, const struct explanation *x,
		      unsigned width, bool color)
{
	const struct page page = page_of(text, model, width, color);

	add_verdict(&page, x);
	page_add_ways(&page, x);
	add_assumed(&page, x);
	add_notes(&page, x);
	add_paid(&page, x);
}

void explain_add_reason(struct text *text, const struct model *model, const struct explanation *x)
{
	if (x->reachable)
		text_add(text, "nothing in the configuration blocks it");
	else
		add_blocked(text, model, x);
	for (size_t i = 0; i < x->n_doubt; i++)
		text_addf(text, "%s%s", i ? ", " : "; not understood: ", x->doubt[i]);
}

/* ---- data ---- */

static void put_packet(struct output *output, const char *key, const struct packet *packet)
{
	output_begin_object(output, key);
	output_address(output, "src", packet->source);
	output_number_if(output, "sport", packet->source_port, packet->source_port);
	output_address(output, "dst", packet->destination);
	output_number_if(output, "dport", packet->destination_port, packet->destination_port);
	output_string(output, "protocol", protocol_word(packet->protocol));
	output_end(output);
}

static void put_hops(struct output *output, const struct model *model, const char *key,
		     const struct hops *hops, bool times)
{
	output_begin_array(output, key);
	for (size_t i = 0; i < hops->n_hop; i++) {
		const struct hop *hop = &hops->hop[i];

		output_begin_object(output, NULL);
		output_string(output, "node", hop->node);
		put_packet(output, "in", &hop->in);
		output_string(output, "action", action_word(hop->action));
		hop_put_rule(output, model, hop);
		if (hop->end)
			output_null(output, "out");
		else
			put_packet(output, "out", &hop->out);
		if (times)
			output_real(output, "at", hop->at);
		output_end(output);
	}
	output_end(output);
}

void explain_put_pool(struct output *output, const struct snat *pool)
{
	output_begin_array(output, "seen_as");
	for (size_t i = 0; i < pool->n_eip; i++)
		output_address(output, NULL, pool->eip[i]->ip);
	output_end(output);
}

/* The address; a list where a connection's hash chooses from several. */
static void put_seen_as(struct output *output, const struct explanation *x)
{
	if (!x->pool) {
		output_address(output, "seen_as", x->seen_as);
		return;
	}
	explain_put_pool(output, x->pool);
}

static void put_names(struct output *output, const char *key, const char *const *name, size_t n)
{
	if (!n)
		return;
	output_begin_array(output, key);
	for (size_t i = 0; i < n; i++)
		output_string(output, NULL, name[i]);
	output_end(output);
}

void explain_put_doubts(struct output *output, const char *const *doubt, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		if (i == 0)
			output_begin_array(output, "not_understood");
		if (!is_said(doubt, i, doubt[i]))
			output_string(output, NULL, doubt[i]);
		if (i + 1 == n)
			output_end(output);
	}
}

void explain_put_all_doubts(struct output *output, const struct explain_index *const *index,
			    size_t n_index)
{
	auto_free const char **doubt = NULL;
	const size_t n = all_doubts(index, n_index, &doubt);

	explain_put_doubts(output, doubt, n);
}

static void put_commands(struct output *output, const char *key, const struct cure *cure)
{
	output_begin_array(output, key);
	for (size_t i = 0; i < cure->n_command; i++)
		output_string(output, NULL, cure->command[i]);
	output_end(output);
}

/* Nothing where nothing is paid for that need not be. */
static void put_paid(struct output *output, const struct model *model, const struct explanation *x)
{
	struct paid paid[PAID_MAX];
	const size_t n = explain_paid(model, x, paid);

	if (n)
		output_begin_array(output, "pays");
	for (size_t i = 0; i < n; i++) {
		auto_text line = { 0 };

		paid_add_sentence(&line, &paid[i]);
		output_string(output, NULL, text_get(&line));
	}
	if (n)
		output_end(output);
}

void explain_put(struct output *output, const struct model *model, const struct explanation *x,
		 const struct text *cause, bool times)
{
	const struct resource *noted[NOTES_MAX];
	const size_t n_noted = find_notes(model, x, noted, NOTES_MAX),
		     n_cure = x->still ? 0 : x->n_cure; /* a step alone is no cure */

	probe_put_flow(output, &x->flow);
	output_string(output, "verdict", x->reachable ? "reachable" : "blocked");
	output_string(output, "code", x->code ? code_word(x->code) : NULL);
	if (model->provider == PROVIDER_AWS && explanation_aws_code(x))
		output_string(output, "aws_code", explanation_aws_code(x));
	output_string(output, "hop", x->reachable ? NULL : x->hop);
	output_string(output, "cause", x->reachable ? NULL : text_get(cause));
	put_commands(output, "cure", n_cure ? &x->cure[0] : &(struct cure){ 0 });
	output_begin_array(output, "cures");
	for (size_t i = 0; i < n_cure; i++)
		put_commands(output, NULL, &x->cure[i]);
	output_end(output);
	if (x->cures_cut)
		output_bool(output, "cures_complete", false);
	if (x->sometimes)
		output_bool(output, "sometimes", true);
	put_seen_as(output, x);
	put_hops(output, model, "forward", &x->forward, times);
	put_hops(output, model, "return", &x->back, times);
	put_names(output, "assumed", x->assumed, x->n_assumed);
	explain_put_doubts(output, x->doubt, x->n_doubt);
	put_paid(output, model, x);
	for (size_t i = 0; i < n_noted; i++) {
		if (i == 0)
			output_begin_array(output, "notes");
		output_begin_object(output, NULL);
		output_string(output, "name", noted[i]->name);
		output_string(output, "text", noted[i]->note);
		output_end(output);
		if (i + 1 == n_noted)
			output_end(output);
	}
}

void explain_put_cause(struct output *output, const struct model *model,
		       const struct explanation *x)
{
	auto_text cause = { 0 };

	cause_add_text(&cause, model, &x->cause);
	output_string(output, "hop", x->hop);
	output_string(output, "cause", text_get(&cause));
}

void explain_output(struct output *output, const struct model *model, const struct explanation *x)
{
	auto_text cause = { 0 };

	cause_add_text(&cause, model, &x->cause);
	output_begin_object(output, NULL);
	explain_put(output, model, x, &cause, false);
	output_end(output);
}
