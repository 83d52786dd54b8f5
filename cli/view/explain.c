/* SPDX-License-Identifier: GPL-3.0-only */
#include "cli/view/explain.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "cli/view/cause.h"
#include "cli/view/decision.h"
#include "cli/view/paid.h"
#include "cli/view/probe.h"
#include "cli/view/terminal.h"
#include "cli/view/wrap.h"
#include "core/base/cleanup.h"

#define WIDTH_MIN   40
#define CURES_SHOWN 3

#define BOLD_GREEN "\033[1;32m"
#define BOLD_RED   "\033[1;31m"
#define BOLD       "\033[1m"
#define YELLOW     "\033[33m"
#define RED        "\033[31m"
#define PLAIN      "\033[0m"

struct page {
	struct text *text;
	const struct model *model;
	unsigned width;
	bool color;
	bool times; /* a trace: in front of each hop, when it was */
};

static void paint(const struct page *page, const char *color)
{
	if (page->color)
		text_add(page->text, color);
}

static void wrap(const struct page *page, const char *s, unsigned at, unsigned indent)
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

static void add_packet(struct text *text, const struct packet *packet)
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
		       indent = before + 2 + names + 2 + ACTION_WIDTH;
	struct text *text = page->text;
	auto_text rule = { 0 };

	if (page->times)
		text_addf(text, "%8.3f ms ", hop->at * 1e3);
	paint(page, hop->end ? RED : hop->translated ? YELLOW : "");
	text_addf(text, "%s %-*s  ",
		  hop->end          ? "x"
		  : hop->translated ? "*"
				    : " ",
		  (int)names, hop->node);
	if (strlen(hop->node) > names)
		text_addf(text, "\n%*s", (int)(before + 2 + names + 2), "");
	text_addf(text, "%-*s", ACTION_WIDTH, action_word(hop->action));
	hop_add_text(&rule, page->model, hop);
	wrap(page, text_get(&rule), indent, indent);
	if (first || (hop->translated && page->times)) {
		text_addf(text, "\n%*s", (int)indent, "");
		add_packet(text, &hop->in);
	}
	if (hop->translated) {
		text_addf(text, "\n%*s", (int)indent, page->times ? "=> " : "");
		add_packet(text, &hop->out);
	}
	paint(page, hop->end || hop->translated ? PLAIN : "");
	text_add_char(text, '\n');
}

static void add_hops(const struct page *page, const char *title, const struct hops *hops,
		     unsigned names)
{
	if (!hops->n_hop)
		return;
	text_add_char(page->text, '\n');
	paint(page, BOLD);
	text_add(page->text, title);
	paint(page, PLAIN);
	text_add_char(page->text, '\n');
	for (size_t i = 0; i < hops->n_hop; i++)
		add_hop(page, &hops->hop[i], i == 0, names);
}

/* ---- the verdict ---- */

static void add_seen_as(struct text *text, const struct model *model, const struct explanation *x)
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
	wrap(page, text_get(&still), 24, 0);
	text_add_char(page->text, '\n');
}

static bool is_said(const char *const *said, size_t n, const char *words)
{
	for (size_t i = 0; i < n; i++)
		if (strcmp(said[i], words) == 0)
			return true;
	return false;
}

static void add_doubts(struct text *text, const char *title, const char *const *doubt, size_t n,
		       unsigned width)
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

	add_doubts(text, "\nNot understood, and taken for nothing:\n", doubt, n,
		   width ? width : TERMINAL_WIDTH);
}

static void add_verdict(const struct page *page, const struct explanation *x)
{
	struct text *text = page->text;
	auto_text cause = { 0 };
	char flow[512];

	flow_format(&x->flow, flow, sizeof(flow));
	text_addf(text, "%s: ", flow);
	paint(page, x->reachable ? BOLD_GREEN : BOLD_RED);
	text_add(text, x->reachable   ? "reachable"
		       : x->sometimes ? "blocked now and then"
				      : "blocked");
	paint(page, PLAIN);
	if (x->reachable)
		add_seen_as(text, page->model, x);
	else
		text_addf(text, " at %s, %s", x->hop, code_word(x->code));
	add_doubts(text, ",\nunless what is not understood says otherwise:\n", x->doubt, x->n_doubt,
		   page->width);
	if (!x->n_doubt)
		text_add_char(text, '\n');
	if (x->reachable)
		return;
	cause_add_text(&cause, page->model, &x->cause);
	wrap(page, text_get(&cause), 0, 0);
	text_add_char(text, '\n');
	add_cures(page, x);
}

static void add_ways(const struct page *page, const struct explanation *x)
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
	wrap(page, text_get(&list), 0, 0);
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
		wrap(page, text_get(&line), 0, 2);
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
		wrap(page, text_get(&line), 0, 2);
	}
}

static struct page page_of(struct text *text, const struct model *model, unsigned width, bool color)
{
	return (struct page){ .text = text,
			      .model = model,
			      .width = width == 0          ? TERMINAL_WIDTH
				       : width < WIDTH_MIN ? WIDTH_MIN
							   : width,
			      .color = color };
}

void explain_add_text(struct text *text, const struct model *model, const struct explanation *x,
		      unsigned width, bool color)
{
	const struct page page = page_of(text, model, width, color);

	add_verdict(&page, x);
	add_ways(&page, x);
	add_assumed(&page, x);
	add_notes(&page, x);
	add_paid(&page, x);
}

/* ---- a trace ---- */

static void add_sentence(const struct page *page, const char *sentence, const char *color)
{
	paint(page, color);
	wrap(page, sentence, 0, 0);
	paint(page, *color ? PLAIN : "");
	text_add_char(page->text, '\n');
}

static void add_agreement(const struct page *page, const struct explanation *expected)
{
	auto_text sentence = { 0 };

	text_add(&sentence, "Explain says the same");
	if (expected->code) {
		text_addf(&sentence, ": %s, ", code_word(expected->code));
		cause_add_text(&sentence, page->model, &expected->cause);
	}
	add_sentence(page, text_get(&sentence), "");
}

void trace_add_difference(struct text *text, const struct model *model, const struct trace *trace)
{
	const struct trace_difference *d = &trace->difference;
	const struct hop *seen = d->seen, *first = d->first, *last = d->last;
	const struct explanation *x = &trace->seen, *expected = &trace->expected;
	char tracked[ADDRESS_TEXT_SIZE], came_in[ADDRESS_TEXT_SIZE];

	if (d->kind < DIFFERENCE_VERDICT)
		text_addf(text, "On the way %s it ", d->back ? "back" : "there");
	switch (d->kind) {
	case DIFFERENCE_NONE:
		break;
	case DIFFERENCE_NODE:
		text_addf(text, "came to %s, where explain expects %s", seen->node, first->node);
		break;
	case DIFFERENCE_CAME_IN:
	case DIFFERENCE_WENT_OUT:
		text_addf(text, "%s %s as ", d->kind == DIFFERENCE_CAME_IN ? "came to" : "left",
			  seen->node);
		add_packet(text, d->kind == DIFFERENCE_CAME_IN ? &seen->in : &seen->out);
		text_add(text, ", and explain says ");
		add_packet(text, d->kind == DIFFERENCE_CAME_IN ? &first->in : &last->out);
		break;
	case DIFFERENCE_WENT_ON:
		text_addf(text, "went on from %s, where explain has it end", seen->node);
		break;
	case DIFFERENCE_ENDED:
		text_addf(text, "ended at %s, where explain has it go on (", seen->node);
		hop_add_text(text, model, last);
		text_add_char(text, ')');
		break;
	case DIFFERENCE_DECISION:
		text_addf(text, "was decided at %s by \"", seen->node);
		hop_add_text(text, model, seen);
		text_add(text, "\", and explain says \"");
		for (const struct hop *hop = first; hop <= last; hop++) {
			text_add(text, hop > first ? "; " : "");
			hop_add_text(text, model, hop);
		}
		text_add_char(text, '"');
		break;
	case DIFFERENCE_TOO_FAR:
		text_addf(text, "came to %s, where explain does not expect it", seen->node);
		break;
	case DIFFERENCE_NOT_SEEN:
		text_addf(text, "was not seen at %s, where explain expects it", first->node);
		break;
	case DIFFERENCE_VERDICT:
		text_addf(text, "It was %s, and explain says %s",
			  x->reachable ? "answered" : "not answered",
			  expected->reachable ? "reachable" : "blocked");
		break;
	case DIFFERENCE_END:
		text_addf(text, "It ended at %s, and explain says %s", x->hop, expected->hop);
		break;
	case DIFFERENCE_SEEN_AS:
		text_addf(text,
			  "It came to the far end from %s, and by connection tracking from %s",
			  address_format(x->seen_as, came_in),
			  address_format(trace->probe.seen_as, tracked));
		break;
	case DIFFERENCE_LEFT_NODE:
		text_addf(text, "It left %s, and explain has it stay there", x->flow.from);
		break;
	}
}

static void add_comparison(const struct page *page, const struct trace *trace)
{
	auto_text difference = { 0 };

	trace_add_difference(&difference, page->model, trace);
	if (trace->difference.kind) {
		add_sentence(page, text_get(&difference), BOLD_RED);
		add_sentence(page, "What was changed by hand in routers, verify tells.", "");
		add_doubts(page->text, "Not understood:\n", trace->expected.doubt,
			   trace->expected.n_doubt, page->width);
	} else if (trace->seen.code == CODE_LIMIT && trace->expected.code != CODE_LIMIT) {
		add_sentence(page,
			     "LIMIT: limit reached, of what the gateway carries at the moment. The "
			     "configuration lets it through.",
			     "");
	} else {
		add_agreement(page, &trace->expected);
	}
	if (trace->incomplete)
		add_sentence(page,
			     "Not all was seen: the kernel had more to tell than could be kept.",
			     "");
}

/* Why it ended there: what its last node did with it. */
static void add_end(struct text *text, const struct model *model, const struct explanation *seen)
{
	const struct hops *way = seen->back.n_hop ? &seen->back : &seen->forward;

	if (way->n_hop)
		hop_add_text(text, model, &way->hop[way->n_hop - 1]);
	else
		text_add(text, "no packet left the sender: its own kernel has no way for it");
}

static void add_trace(struct page *page, const struct trace *trace)
{
	const struct explanation *seen = &trace->seen;

	page->times = true;
	if (!seen->reachable) {
		auto_text end = { 0 };

		text_addf(&end, "It ended at %s: ", seen->hop);
		add_end(&end, page->model, seen);
		add_sentence(page, text_get(&end), "");
	}
	add_comparison(page, trace);
	add_ways(page, seen);
}

void trace_add_text(struct text *text, const struct model *model, const struct trace *trace,
		    unsigned width, bool color)
{
	struct page page = page_of(text, model, width, color);

	probe_add_sentence(text, model, &trace->probe);
	text_add_char(text, '\n');
	add_trace(&page, trace);
}

/* As ISO 8601 has it, in UTC, down to the microsecond. */
static void add_time(struct text *text, uint64_t nanoseconds)
{
	const time_t seconds = (time_t)(nanoseconds / 1000000000u);
	struct tm tm;
	char clock[32];

	gmtime_r(&seconds, &tm);
	strftime(clock, sizeof(clock), "%Y-%m-%dT%H:%M:%S", &tm);
	text_addf(text, "%s.%06uZ", clock, (unsigned)(nanoseconds % 1000000000u / 1000));
}

/* Of the user's own day. */
static void add_time_of_day(struct text *text, uint64_t nanoseconds)
{
	const time_t seconds = (time_t)(nanoseconds / 1000000000u);
	struct tm tm;

	localtime_r(&seconds, &tm);
	text_addf(text, "%02d:%02d:%02d.%06u ", tm.tm_hour, tm.tm_min, tm.tm_sec,
		  (unsigned)(nanoseconds % 1000000000u / 1000));
}

void trace_add_connection(struct text *text, const struct model *model, const struct trace *trace,
			  unsigned width, bool color)
{
	struct page page = page_of(text, model, width, color);
	auto_text sentence = { 0 };

	add_time_of_day(&sentence, trace->began);
	add_packet(&sentence, &trace->seen.forward.hop[0].in);
	if (trace->seen.reachable) {
		text_addf(&sentence, ": answered after %.3f ms", trace->probe.seconds * 1e3);
		add_seen_as(&sentence, model, &trace->seen);
	} else {
		text_add(&sentence,
			 trace->probe.verdict == PROBE_REFUSED ? ": refused" : ": not answered");
	}
	add_sentence(&page, text_get(&sentence), page.color ? BOLD : "");
	add_trace(&page, trace);
	text_add_char(text, '\n');
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

/* cause: as a sentence. */
static void put_explanation(struct output *output, const struct model *model,
			    const struct explanation *x, const struct text *cause, bool times)
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
	put_explanation(output, model, x, &cause, false);
	output_end(output);
}

static void put_time(struct output *output, const char *key, uint64_t nanoseconds)
{
	auto_text text = { 0 };

	add_time(&text, nanoseconds);
	output_string(output, key, nanoseconds ? text_get(&text) : NULL);
}

void trace_output(struct output *output, const struct model *model, const struct trace *trace)
{
	auto_text end = { 0 }, difference = { 0 };

	add_end(&end, model, &trace->seen);
	trace_add_difference(&difference, model, trace);
	output_begin_object(output, NULL);
	put_explanation(output, model, &trace->seen, &end, true);
	put_time(output, "began", trace->began);
	output_string(output, "answer", probe_verdict_key(trace->probe.verdict));
	output_real(output, "seconds", trace->probe.seconds);
	output_bool(output, "agrees", !trace->difference.kind);
	output_begin_array(output, "differences");
	if (trace->difference.kind)
		output_string(output, NULL, text_get(&difference));
	output_end(output);
	output_bool(output, "complete", !trace->incomplete);
	output_end(output);
}
