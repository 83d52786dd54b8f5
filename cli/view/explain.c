/* SPDX-License-Identifier: GPL-3.0-only */
#include "cli/view/explain.h"

#include <stdio.h>
#include <string.h>
#include <time.h>

#include "cli/view/probe.h"
#include "cli/view/terminal.h"
#include "cli/view/wrap.h"

#define WIDTH_MIN 40

#define BOLD_GREEN "\033[1;32m"
#define BOLD_RED   "\033[1;31m"
#define BOLD       "\033[1m"
#define YELLOW     "\033[33m"
#define RED        "\033[31m"
#define PLAIN      "\033[0m"

struct page {
	struct text *text;
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

static void add_end(struct text *text, uint32_t ip, uint16_t port)
{
	char address[ADDRESS_TEXT_SIZE];

	text_add(text, address_format(ip, address));
	if (port)
		text_addf(text, ":%u", port);
}

static void add_packet(struct text *text, const struct packet *packet)
{
	text_addf(text, "%s ", protocol_word(packet->protocol));
	add_end(text, packet->source, packet->source_port);
	text_add(text, " -> ");
	add_end(text, packet->destination, packet->destination_port);
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
	text_addf(text, "%-*s", ACTION_WIDTH, hop->action);
	wrap(page, hop->rule, indent, indent);
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

static void add_verdict(const struct page *page, const struct model *model,
			const struct explanation *x)
{
	struct text *text = page->text;
	char flow[512];

	flow_format(&x->flow, flow, sizeof(flow));
	text_addf(text, "%s: ", flow);
	paint(page, x->reachable ? BOLD_GREEN : BOLD_RED);
	text_add(text, x->reachable   ? "reachable"
		       : x->sometimes ? "blocked now and then"
				      : "blocked");
	paint(page, PLAIN);
	if (x->reachable)
		add_seen_as(text, model, x);
	else
		text_addf(text, " at %s, %s", x->hop, code_word(x->code));
	text_add_char(text, '\n');
	if (x->reachable)
		return;
	wrap(page, x->cause, 0, 0);
	text_add_char(text, '\n');
	if (x->n_cure)
		text_add(text, x->still ? "\nThis would be a step:\n" : "\nThis would cure it:\n");
	for (size_t i = 0; i < x->n_cure; i++)
		add_command(page, x->cure[i]);
	if (x->n_cure && x->still) {
		text_add(text, "and then there is still ");
		wrap(page, x->still, 24, 0);
		text_add_char(text, '\n');
	}
}

static void add_ways(const struct page *page, const struct explanation *x)
{
	unsigned names = name_width(x);

	add_hops(page, "The way there", &x->forward, names);
	add_hops(page, "The way back", &x->back, names);
}

static struct page page_of(struct text *text, unsigned width, bool color)
{
	return (struct page){ .text = text,
			      .width = width == 0          ? TERMINAL_WIDTH
				       : width < WIDTH_MIN ? WIDTH_MIN
							   : width,
			      .color = color };
}

void explain_add_text(struct text *text, const struct model *model, const struct explanation *x,
		      unsigned width, bool color)
{
	const struct page page = page_of(text, width, color);

	add_verdict(&page, model, x);
	add_ways(&page, x);
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
	if (expected->code)
		text_addf(&sentence, ": %s, %s", code_word(expected->code), expected->cause);
	add_sentence(page, text_get(&sentence), "");
}

static void add_comparison(const struct page *page, const struct trace *trace)
{
	for (size_t i = 0; i < trace->n_difference; i++)
		add_sentence(page, trace->difference[i], BOLD_RED);
	if (trace->n_difference)
		add_sentence(page,
			     "Explain knows the configuration only: verify tells what was changed "
			     "by hand.",
			     "");
	else if (trace->seen.code == CODE_LIMIT && trace->expected.code != CODE_LIMIT)
		add_sentence(page,
			     "LIMIT: limit reached, of what the gateway carries at the moment. The "
			     "configuration lets it through.",
			     "");
	else
		add_agreement(page, &trace->expected);
	if (trace->incomplete)
		add_sentence(page,
			     "Not all was seen: the kernel had more to tell than could be kept.",
			     "");
}

static void add_trace(struct page *page, const struct trace *trace)
{
	const struct explanation *seen = &trace->seen;

	page->times = true;
	if (!seen->reachable) {
		auto_text end = { 0 };

		text_addf(&end, "It ended at %s: %s", seen->hop, seen->cause);
		add_sentence(page, text_get(&end), "");
	}
	add_comparison(page, trace);
	add_ways(page, seen);
}

void trace_add_text(struct text *text, const struct model *model, const struct trace *trace,
		    unsigned width, bool color)
{
	struct page page = page_of(text, width, color);

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
	struct page page = page_of(text, width, color);
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

void explain_add_reason(struct text *text, const struct explanation *x)
{
	if (x->reachable)
		text_add(text, "nothing in the configuration blocks it");
	else
		text_addf(text, "%s at %s: %s", code_word(x->code), x->hop, x->cause);
}

/* ---- data ---- */

static void put_address(struct output *output, const char *key, uint32_t ip)
{
	char address[ADDRESS_TEXT_SIZE];

	output_string(output, key, ip ? address_format(ip, address) : NULL);
}

static void put_port(struct output *output, const char *key, uint16_t port)
{
	if (port)
		output_number(output, key, port);
	else
		output_null(output, key);
}

static void put_packet(struct output *output, const char *key, const struct packet *packet)
{
	output_begin_object(output, key);
	put_address(output, "src", packet->source);
	put_port(output, "sport", packet->source_port);
	put_address(output, "dst", packet->destination);
	put_port(output, "dport", packet->destination_port);
	output_string(output, "protocol", protocol_word(packet->protocol));
	output_end(output);
}

static void put_hops(struct output *output, const char *key, const struct hops *hops, bool times)
{
	output_begin_array(output, key);
	for (size_t i = 0; i < hops->n_hop; i++) {
		const struct hop *hop = &hops->hop[i];

		output_begin_object(output, NULL);
		output_string(output, "node", hop->node);
		put_packet(output, "in", &hop->in);
		output_string(output, "action", hop->action);
		output_string(output, "rule", hop->rule);
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

static void put_explanation(struct output *output, const struct explanation *x, bool times)
{
	probe_put_flow(output, &x->flow);
	output_string(output, "verdict", x->reachable ? "reachable" : "blocked");
	output_string(output, "code", x->code ? code_word(x->code) : NULL);
	output_string(output, "hop", x->reachable ? NULL : x->hop);
	output_string(output, "cause", x->reachable ? NULL : x->cause);
	output_begin_array(output, "cure");
	for (size_t i = 0; !x->still && i < x->n_cure; i++) /* a step alone is no cure */
		output_string(output, NULL, x->cure[i]);
	output_end(output);
	put_address(output, "seen_as", x->seen_as);
	put_hops(output, "forward", &x->forward, times);
	put_hops(output, "return", &x->back, times);
}

void explain_output(struct output *output, const struct explanation *x)
{
	output_begin_object(output, NULL);
	put_explanation(output, x, false);
	output_end(output);
}

static void put_time(struct output *output, const char *key, uint64_t nanoseconds)
{
	auto_text text = { 0 };

	add_time(&text, nanoseconds);
	output_string(output, key, nanoseconds ? text_get(&text) : NULL);
}

void trace_output(struct output *output, const struct trace *trace)
{
	output_begin_object(output, NULL);
	put_explanation(output, &trace->seen, true);
	put_time(output, "began", trace->began);
	output_string(output, "answer", probe_verdict_key(trace->probe.verdict));
	output_real(output, "seconds", trace->probe.seconds);
	output_bool(output, "agrees", trace->n_difference == 0);
	output_begin_array(output, "differences");
	for (size_t i = 0; i < trace->n_difference; i++)
		output_string(output, NULL, trace->difference[i]);
	output_end(output);
	output_bool(output, "complete", !trace->incomplete);
	output_end(output);
}
