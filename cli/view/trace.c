/* SPDX-License-Identifier: GPL-3.0-only */
#include "cli/view/trace.h"

#include <time.h>

#include "cli/view/cause.h"
#include "cli/view/decision.h"
#include "cli/view/explain_internal.h"
#include "cli/view/probe.h"
#include "core/base/cleanup.h"

static void add_sentence(const struct page *page, const char *sentence, const char *color)
{
	page_paint(page, color);
	page_wrap(page, sentence, 0, 0);
	page_paint(page, *color ? PLAIN : "");
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
		explain_add_packet(text, d->kind == DIFFERENCE_CAME_IN ? &seen->in : &seen->out);
		text_add(text, ", and explain says ");
		explain_add_packet(text, d->kind == DIFFERENCE_CAME_IN ? &first->in : &last->out);
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
		explain_add_doubt_list(page->text, "Not understood:\n", trace->expected.doubt,
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
	page_add_ways(page, seen);
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
	explain_add_packet(&sentence, &trace->seen.forward.hop[0].in);
	if (trace->seen.reachable) {
		text_addf(&sentence, ": answered after %.3f ms", trace->probe.seconds * 1e3);
		explain_add_seen_as(&sentence, model, &trace->seen);
	} else {
		text_add(&sentence,
			 trace->probe.verdict == PROBE_REFUSED ? ": refused" : ": not answered");
	}
	add_sentence(&page, text_get(&sentence), page.color ? BOLD : "");
	add_trace(&page, trace);
	text_add_char(text, '\n');
}

/* ---- data ---- */

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
	explain_put(output, model, &trace->seen, &end, true);
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
