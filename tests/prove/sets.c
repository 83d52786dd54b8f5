/* SPDX-License-Identifier: GPL-3.0-only */
/*
 * What reach and diff say of sets, by real packets: of each set that is taken its witness and a
 * random member are sent; of each set that a change makes a difference to its witness, before the
 * change and after it.
 */
#include <stdio.h>
#include <string.h>

#include "core/base/memory.h"
#include "core/base/text.h"
#include "lab/live/explain.h"
#include "lab/nouns/replay.h"
#include "lab/reach/internal.h"
#include "tests/prove/prove.h"

enum { SETS_PER_LAB = 30 };

struct sending {
	const struct lines *lines; /* the lab's */
	uint64_t seed;
	struct lines flows, also; /* lines that the lab needs besides */
	enum code code[2 * SETS_PER_LAB][2];
};

/* to: of a stranger, who has to be there to answer. */
static void add_flow(struct sending *sending, const char *from, const char *to, uint32_t stranger,
		     const struct reach_row *row, uint16_t port)
{
	const size_t n = sending->flows.n_line;
	const char *protocol = protocol_word(row->protocol);

	if (n == ARRAY_SIZE(sending->code))
		return;
	if (row->protocol == PROTOCOL_ICMP)
		lines_add(&sending->flows, "%s -> %s icmp", from, to);
	else
		lines_add(&sending->flows, "%s -> %s %s %u", from, to, protocol, port);
	for (size_t m = 0; m < 2; m++)
		sending->code[n][m] = row->outcome[m].code;
	if (!stranger)
		return;
	lines_add(&sending->also, "internet-host create s%08x ip %s", stranger, to);
	if (row->protocol != PROTOCOL_ICMP)
		lines_add(&sending->also, "service start s%08x echo protocol %s port %u", stranger,
			  protocol, port);
}

static void add_member(struct sending *sending, const struct reach *reach,
		       const struct reach_row *row)
{
	char stranger[ADDRESS_TEXT_SIZE], address[ADDRESS_TEXT_SIZE];
	const struct end *from, *to;
	struct taken taken;

	if (row->to_itself || !take_member(reach, row, &taken))
		return;
	from = taken.from;
	to = taken.to;
	address_format(taken.question.stranger, stranger);
	address_format(taken.question.destination, address);
	/* Out there, a host's name is its public address. */
	add_flow(sending, from ? from->name : stranger,
		 to && (to->kind != END_ENI || (from && from->kind == END_ENI)) ? to->name
										: address,
		 to ? 0 : taken.question.stranger, row, taken.question.port);
}

/* In the lab as it is with these lines: explain of the file says what the sets say, and so do the
 * packets. */
static bool send_all(struct lab *lab, const struct sending *sending, const struct lines *lines,
		     size_t model, enum state state)
{
	struct lab *file = make_lab(lines, true);
	const char *text[2 * SETS_PER_LAB];
	bool fine = true;
	size_t n = 0;

	for (size_t i = 0; fine && i < sending->flows.n_line; i++) {
		const char *line = sending->flows.line[i];
		struct explanation x;
		struct flow flow;

		if (parse_flow(file->model, line, &flow) < 0)
			continue;
		explain_in_lab(file, &flow, &x);
		fine = x.n_doubt || x.code == sending->code[i][model];
		if (!fine)
			printf("%s is %s by its set, %s by explain (lab seed %llu)\n", line,
			       code_word(sending->code[i][model]), code_word(x.code),
			       (unsigned long long)sending->seed);
		explanation_free(&x);
		text[n++] = line;
	}
	lab_close(file);
	if (!fine)
		return false;
	become(lab, lines);
	return prove_flows(lab, lines, text, n, state, sending->seed);
}

bool sets_prove(struct lab *lab, const struct lines *lines, uint64_t seed)
{
	static const char *const words[] = { "any", "->", "any,0.0.0.0/0" };
	struct lab *file = make_lab(lines, true);
	struct sending sending = { .lines = lines, .seed = seed };
	struct explainer explainer;
	struct error err = { 0 };
	struct lines all;
	struct flows flows;
	struct reach *reach;
	bool fine = flows_parse(file->model, words, 3, &flows, &err) == 0;

	explainer_begin(&explainer, file);
	reach = reach_new(file->model, explainer.index, &flows);
	for (size_t i = 0; fine && reach->n_row && i < SETS_PER_LAB; i++) {
		const struct reach_row *row = &reach->row[below((unsigned)reach->n_row)];
		const struct flow *witness = &row->witness;
		uint32_t address;

		add_flow(&sending, witness->from, witness->to,
			 address_parse(witness->to, &address) && address == witness->stranger
				 ? address
				 : 0,
			 row, witness->port);
		add_member(&sending, reach, row);
	}
	all = lines_joined(lines, &sending.also);
	fine = fine && send_all(lab, &sending, &all, 0, AS_SENT);
	lines_free(&all);
	lines_free(&sending.flows);
	lines_free(&sending.also);
	reach_free(reach);
	explainer_end(&explainer);
	lab_close(file);
	return fine;
}

/* *ret_sent: how many packets there are of what the change makes a difference to. */
static bool prove_one_change(struct lab *lab, const struct lines *lines, uint64_t seed,
			     size_t *ret_sent)
{
	struct lab *file = make_lab(lines, true);
	struct sending sending = { .lines = lines, .seed = seed };
	struct lines change = make_change(file->model), changed = lines_joined(lines, &change);
	struct lab *then = make_lab(&changed, true);
	struct explainer before, after;
	struct reach *reach;
	bool fine = true;

	explainer_begin(&before, file);
	explainer_begin(&after, then);
	reach = reach_diff(before.index, after.index);
	for (size_t i = 0; i < reach->n_row && i < SETS_PER_LAB; i++) {
		const struct reach_row *row = &reach->row[below((unsigned)reach->n_row)];
		const struct flow *witness = &row->witness;
		uint32_t address;

		if (row->outcome[0].kind != OUTCOME_ABSENT &&
		    row->outcome[1].kind != OUTCOME_ABSENT && !address_parse(witness->to, &address))
			add_flow(&sending, witness->from, witness->to, 0, row, witness->port);
	}
	if (sending.flows.n_line)
		fine = send_all(lab, &sending, lines, 0, AS_SENT) &&
		       send_all(lab, &sending, &changed, 1, AS_CHANGED);
	*ret_sent = sending.flows.n_line;
	lines_free(&sending.flows);
	lines_free(&change);
	lines_free(&changed);
	reach_free(reach);
	explainer_end(&before);
	explainer_end(&after);
	lab_close(file);
	lab_close(then);
	return fine;
}

bool change_prove(struct lab *lab, const struct lines *lines, uint64_t seed)
{
	size_t n_sent = 0;
	bool fine = true;

	/* Many change nothing. */
	for (unsigned tries = 0; fine && !n_sent && tries < 12; tries++)
		fine = prove_one_change(lab, lines, seed, &n_sent);
	return fine;
}
