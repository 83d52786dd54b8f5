/* SPDX-License-Identifier: GPL-3.0-only */
/* What the lab is in the kernel, in the words of ip, sysctl and nft: -v, show linux, verify. */
#include "cli/commands/linux.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lab/language/arguments.h"
#include "lab/language/command.h"
#include "cli/view/output.h"
#include "cli/commands/language.h"
#include "cli/session/redirect.h"
#include "cli/session/session.h"
#include "core/base/cleanup.h"
#include "core/base/memory.h"
#include "core/state/plan.h"
#include "core/script/script.h"
#include "lab/compile/compile.h"
#include "lab/live/connections.h"
#include "lab/live/verify.h"
#include "lab/model/decision.h"

/* ---- -v ---- */

void linux_show_changes(const struct plan *plan)
{
	auto_text text = { 0 };

	script_add_plan(&text, plan, SCRIPT_KERNEL);
	fflush(stdout);
	fputs(text_get(&text), stderr);
}

void linux_show_cut(const struct cut_connections *cut)
{
	char source[ADDRESS_TEXT_SIZE], destination[ADDRESS_TEXT_SIZE];

	for (size_t i = 0; i < cut->n && i < CONNECTIONS_TOLD; i++) {
		const struct tuple *in = &cut->told[i].in;

		fprintf(stderr, "ip netns exec %s conntrack -D -p %s -s %s -d %s", cut->told[i].node,
			protocol_word((enum protocol)in->protocol),
			address_format(in->source, source),
			address_format(in->destination, destination));
		if (in->protocol != PROTOCOL_ICMP)
			fprintf(stderr, " --sport %u --dport %u", in->source_port,
				in->destination_port);
		fputs(" || :\n", stderr); /* no matter if it has ended by itself */
	}
	if (cut->n)
		fprintf(stderr, "# %zu open %s cut, as the cloud does with this change\n", cut->n,
			cut->n == 1 ? "connection is" : "connections are");
}

/* ---- show linux ---- */

/* The plan that adds this resource's objects to all the others: what stands there already is spoken of by its name. */
static void add_commands(struct text *text, const struct model *model, const struct wanted *wanted,
			 const struct resource *resource)
{
	struct wanted others = { .object = xalloc(wanted->n_object * sizeof(*others.object)) };
	struct plan plan;

	for (size_t i = 0; i < wanted->n_object; i++)
		if (!cookie_has(model, wanted->object[i].cookie, resource))
			others.object[others.n_object++] = wanted->object[i];
	plan_make(&plan, &others, wanted);
	script_add_plan(text, &plan, SCRIPT_KERNEL);
	plan_free(&plan);
	free(others.object);
}

static void output_commands(struct output *output, const char *name, const char *commands)
{
	output_begin_object(output, NULL);
	output_string(output, "name", name);
	output_begin_array(output, "commands");
	while (*commands) {
		size_t length = strcspn(commands, "\n");
		auto_free char *line = xstrndup(commands, length);

		output_string(output, NULL, line);
		commands += length + (commands[length] == '\n');
	}
	output_end(output);
	output_end(output);
}

static int run_show_linux(struct session *session, const struct arguments *arguments, struct error *err)
{
	const char *name = arguments_get(arguments, "name");
	const struct model *model = session->lab->model;
	const struct resource *resource = model_find(model, name);
	auto_text text = { 0 };
	struct wanted wanted;

	if (!resource && strcmp(name, "internet") != 0) {
		struct nearest nearest = { .typed = name };

		error_set(err, -ENOENT, "there is no resource %.128s", name);
		model_offer(model, ~0U, &nearest);
		error_hint(err, "show lists what there is");
		nearest_hint(&nearest, err);
		return -ENOENT;
	}
	if (session->validate_only)
		return 0;
	compile(model, &wanted);
	add_commands(&text, model, &wanted, resource);
	wanted_free(&wanted);
	if (session->format == OUTPUT_JSON) {
		struct output *output = output_new();

		output_commands(output, name, text_get(&text));
		return session_write(session, output, err);
	}
	if (text.length)
		session_print(session, text_get(&text));
	else if (!session->quiet)
		session_say(session, "%s has made nothing in the kernel", name);
	return 0;
}

/* ---- verify ---- */

static const char *const kind_words[] = {
	[FINDING_MISSING] = "missing",
	[FINDING_DIFFERENT] = "different",
	[FINDING_EXTRA] = "extra",
};

static void output_findings(struct output *output, const struct findings *findings)
{
	output_begin_array(output, NULL);
	for (size_t i = 0; i < findings->n_finding; i++) {
		const struct finding *finding = &findings->finding[i];

		output_begin_object(output, NULL);
		output_string(output, "resource", *finding->origin ? finding->origin : NULL);
		output_string(output, "node", *finding->netns ? finding->netns : NULL);
		output_string(output, "object", finding->object);
		output_string(output, "problem", kind_words[finding->kind]);
		output_string(output, "detail", *finding->detail ? finding->detail : NULL);
		output_bool(output, "by_hand", finding->by_hand);
		output_bool(output, "repaired", finding->mended);
		output_end(output);
	}
	output_end(output);
}

/* One line: "NAT gateway NAT1: route default in NAT1 is missing (detail)". */
static void add_finding(struct text *text, const struct finding *finding, bool repair)
{
	static const char *const verbs[] = {
		[FINDING_MISSING] = "is missing",
		[FINDING_DIFFERENT] = "differs",
		[FINDING_EXTRA] = "does not belong here",
	};
	static const char *const by_hand[] = {
		[FINDING_MISSING] = "was removed by hand",
		[FINDING_DIFFERENT] = "was changed by hand",
		[FINDING_EXTRA] = "was added by hand",
	};
	static const char *const mended[] = {
		[FINDING_MISSING] = "was missing, is back",
		[FINDING_DIFFERENT] = "differed, is right again",
		[FINDING_EXTRA] = "did not belong here, is gone",
	};

	text_add_escaped(text, finding->origin, strlen(finding->origin));
	text_add(text, *finding->origin ? ": " : "");
	text_add_escaped(text, finding->object, strlen(finding->object));
	text_addf(text, " %s",
		  finding->mended    ? mended[finding->kind]
		  : finding->by_hand ? by_hand[finding->kind]
				     : verbs[finding->kind]);
	if (repair && !finding->mended && !finding->by_hand)
		text_add(text, " still");
	if (*finding->detail) {
		text_add(text, finding->kind == FINDING_MISSING ? ", " : ": ");
		text_add_escaped(text, finding->detail, strlen(finding->detail));
	}
	text_add_char(text, '\n');
}

/* What a host's user has changed is no fault. */
static size_t count_faults(const struct findings *findings, size_t *ret_mended)
{
	size_t n = 0;

	*ret_mended = 0;
	for (size_t i = 0; i < findings->n_finding; i++) {
		n += !findings->finding[i].by_hand && !findings->finding[i].mended;
		*ret_mended += findings->finding[i].mended;
	}
	return n;
}

static void print_findings(struct session *session, const struct findings *findings, bool repair)
{
	size_t mended, n = count_faults(findings, &mended);
	auto_text text = { 0 };

	for (size_t i = 0; i < findings->n_finding; i++)
		add_finding(&text, &findings->finding[i], repair);
	session_print(session, text_get(&text));
	if (session->quiet)
		return;
	fflush(session->out);
	if (mended || (repair && n))
		fprintf(stderr, "%zu mended, %zu left\n", mended, n);
	else if (n == 0)
		fprintf(stderr, "the kernel is as the lab has it%s\n",
			findings->n_finding ? "; what was changed by hand in a host is its user's" : "");
	else
		fprintf(stderr, "%zu difference%s; verify --repair puts %s right\n", n, n == 1 ? "" : "s",
			n == 1 ? "it" : "them");
}

#define ADOPTED_SHOWN 20

/* What somebody may have added or changed by hand stands before what was only missing. */
void linux_show_adoption(const struct findings *findings)
{
	size_t n = 0, shown = 0;
	auto_text text = { 0 };

	for (unsigned kind = ARRAY_SIZE(kind_words); kind-- > 0;) {
		for (size_t i = 0; i < findings->n_finding; i++) {
			const struct finding *finding = &findings->finding[i];

			if (finding->kind != (enum finding_kind)kind || finding->by_hand || n++ >= ADOPTED_SHOWN)
				continue;
			text_add(&text, "  ");
			add_finding(&text, finding, true);
			shown++;
		}
	}
	if (n == 0)
		return;
	if (n > shown)
		text_addf(&text, "  and %zu more\n", n - shown);
	fflush(stdout);
	fprintf(stderr,
		"vpclab: another version has built this lab: its kernel was first made what this one "
		"wants (%zu difference%s)\n%s",
		n, n == 1 ? "" : "s", text_get(&text));
}

static int run_verify(struct session *session, const struct arguments *arguments, struct error *err)
{
	bool repair = arguments_has(arguments, "--repair");
	struct findings findings;
	size_t left, mended;
	int r;

	if (session->validate_only)
		return 0;
	r = lab_verify(session->lab, repair, &findings, err);
	left = count_faults(&findings, &mended);
	if (r < 0) {
		session_machine(session, r);
	} else if (session->format == OUTPUT_JSON) {
		struct output *output = output_new();

		output_findings(output, &findings);
		r = session_write(session, output, err);
	} else {
		print_findings(session, &findings, repair);
	}
	findings_free(&findings);
	return r < 0 ? r : left ? EXIT_EXPECTATION : EXIT_OK;
}

static const struct command commands_linux[] = {
	{
		.words = "verify",
		.parameter = { { PARAMETER("--repair", WORD, PARAMETER_FLAG, "put it right") } },
		.summary = "compare the kernel with the lab, and name what differs",
		.example = "verify --repair",
		.flags = COMMAND_KERNEL,
		.run = run_verify,
	},
	{
		.words = "show linux",
		.parameter = { { PARAMETER("name", REFERENCE, PARAMETER_REQUIRED,
					   "of a resource, or internet"), .nouns = (1u << NOUN_COUNT) - 1 } },
		.summary = "print what a resource became in the kernel, as ip and nft commands",
		.example = "show linux NAT1",
		.run = run_show_linux,
	},
	{ .words = NULL },
};

const struct command_family family_linux = { "The lab", (const struct command *const[]){ commands_linux, NULL }, FOR_ALL };
