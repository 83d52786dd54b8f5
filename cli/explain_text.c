#include "cli/explain_text.h"

#include <stdio.h>
#include <string.h>

#include "cli/probe_text.h"

#define WIDTH     80
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
};

static void paint(const struct page *page, const char *color)
{
	if (page->color)
		text_add(page->text, color);
}

/* Words from column `at` on, in lines that begin in column indent. */
static void wrap(const struct page *page, const char *s, unsigned at, unsigned indent)
{
	for (bool first = true; *s; first = false) {
		unsigned length = (unsigned)strcspn(s, " ");

		if (!first && at + 1 + length > page->width) {
			text_addf(page->text, "\n%*s", (int)indent, "");
			at = indent;
		} else if (!first) {
			text_add_char(page->text, ' ');
			at++;
		}
		text_add_n(page->text, s, length);
		at += length;
		s += length;
		s += strspn(s, " ");
	}
}

static void add_end(struct text *text, uint32_t ip, uint16_t port)
{
	char address[ADDRESS_TEXT_SIZE];

	text_add(text, address_format(ip, address));
	if (port)
		text_addf(text, ":%u", port);
}

static const char *protocol_word(enum protocol protocol)
{
	return protocol == PROTOCOL_UDP ? "udp" : protocol == PROTOCOL_ICMP ? "icmp" : "tcp";
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

/* The packet is told where it sets out and where it changes. */
static void add_hop(const struct page *page, const struct hop *hop, bool first, unsigned names)
{
	unsigned indent = 2 + names + 2 + ACTION_WIDTH;
	struct text *text = page->text;

	paint(page, hop->end ? RED : hop->translated ? YELLOW : "");
	text_addf(text, "%s %-*s  ", hop->end ? "x" : hop->translated ? "*" : " ", (int)names, hop->node);
	if (strlen(hop->node) > names)
		text_addf(text, "\n%*s", (int)(2 + names + 2), "");
	text_addf(text, "%-*s", ACTION_WIDTH, hop->action);
	wrap(page, hop->rule, indent, indent);
	if (first || hop->translated) {
		text_addf(text, "\n%*s", (int)indent, "");
		add_packet(text, hop->translated ? &hop->out : &hop->in);
	}
	paint(page, hop->end || hop->translated ? PLAIN : "");
	text_add_char(text, '\n');
}

static void add_hops(const struct page *page, const char *title, const struct hops *hops, unsigned names)
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
		text_addf(text, "%s%s", i == 0 ? ", seen as one of " : ", ", x->pool->eip[i]->resource.name);
}

static void add_verdict(const struct page *page, const struct model *model, const struct explanation *x)
{
	struct text *text = page->text;
	char flow[512];

	flow_format(&x->flow, flow, sizeof(flow));
	text_addf(text, "%s: ", flow);
	paint(page, x->reachable ? BOLD_GREEN : BOLD_RED);
	text_add(text, x->reachable ? "reachable" : x->sometimes ? "blocked now and then" : "blocked");
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
		text_add(text, "\nThis would cure it:\n");
	for (size_t i = 0; i < x->n_cure; i++)
		text_addf(text, "  %s\n", x->cure[i]);
}

void explain_add_text(struct text *text, const struct model *model, const struct explanation *x, unsigned width, bool color)
{
	struct page page = { .text = text, .width = width == 0 ? WIDTH : width < WIDTH_MIN ? WIDTH_MIN : width, .color = color };
	unsigned names = name_width(x);

	add_verdict(&page, model, x);
	add_hops(&page, "The way there", &x->forward, names);
	add_hops(&page, "The way back", &x->back, names);
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

static void put_hops(struct output *output, const char *key, const struct hops *hops)
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
		output_end(output);
	}
	output_end(output);
}

void explain_output(struct output *output, const struct explanation *x)
{
	output_begin_object(output, NULL);
	probe_put_flow(output, &x->flow);
	output_string(output, "verdict", x->reachable ? "reachable" : "blocked");
	output_string(output, "code", x->reachable ? NULL : code_word(x->code));
	output_string(output, "hop", x->reachable ? NULL : x->hop);
	output_string(output, "cause", x->reachable ? NULL : x->cause);
	output_begin_array(output, "cure");
	for (size_t i = 0; i < x->n_cure; i++)
		output_string(output, NULL, x->cure[i]);
	output_end(output);
	put_address(output, "seen_as", x->seen_as);
	put_hops(output, "forward", &x->forward);
	put_hops(output, "return", &x->back);
	output_end(output);
}
