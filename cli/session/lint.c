/* SPDX-License-Identifier: GPL-3.0-only */
#include "cli/session/lint.h"

#include "lab/model/words.h"

static void add_cure(struct text *text, const char *commands)
{
	text_add(text, "  cure: ");
	for (; *commands; commands++)
		text_addf(text, *commands == '\n' ? "\n        " : "%c", *commands);
	text_add_char(text, '\n');
}

/* "FILE:4:1: warning: MESSAGE [ID]", the witness and the cure below it. */
static void add_text(struct text *text, const struct lint_finding *finding,
		     const struct remark *remark)
{
	char flow[512];

	if (remark->address)
		text_addf(text, "%s: %s: ", remark->file, remark->address);
	else if (remark->file)
		text_addf(text, "%s:%u:%u: ", remark->file, remark->line, remark->column);
	text_addf(text, "%s: %s [%s]\n", finding->doubtful ? "note" : "warning", remark->message,
		  remark->code);
	if (*finding->witness.from) {
		flow_format(&finding->witness, flow, sizeof(flow));
		text_addf(text, "  witness: %s\n", flow);
	}
	if (finding->cure)
		add_cure(text, finding->cure);
}

/* {"id","severity","file","line","column","object","message","witness","cure"} */
static void put_finding(struct output *output, const struct lint_finding *finding,
			const struct remark *remark)
{
	char flow[512];

	flow_format(&finding->witness, flow, sizeof(flow));
	output_begin_object(output, NULL);
	output_string(output, "id", remark->code);
	output_string(output, "severity", finding->doubtful ? "note" : "warning");
	output_string(output, "file", remark->file);
	if (remark->address)
		output_string(output, "address", remark->address);
	output_number_if(output, "line", remark->line, remark->line);
	output_number_if(output, "column", remark->line, remark->column);
	output_string(output, "object", finding->object->name);
	output_string(output, "message", remark->message);
	output_string(output, "witness", *finding->witness.from ? flow : NULL);
	output_string(output, "cure", finding->cure);
	output_end(output);
}

static int report_finding(const struct lint_report *report, const struct lint_finding *finding)
{
	const struct place *place = report->places ? places_find(report->places, finding) : NULL;
	struct remark remark = { .file = place ? place->file : report->path,
				 .address = place ? place->address : NULL,
				 .line = place ? place->line : 0,
				 .column = place ? place->column : 0,
				 .code = word_of(finding_words, (int)finding->id),
				 .severity = finding->doubtful ? SEVERITY_NOTE : SEVERITY_WARNING,
				 .message = finding->message,
				 .hint = finding->cure ? finding->cure : "" };

	if (place && place_ignores(place, remark.code))
		return EXIT_OK;
	if (report->output)
		put_finding(report->output, finding, &remark);
	add_text(report->text, finding, &remark);
	if (report->remarks)
		remarks_add(report->remarks, &remark);
	return finding->doubtful ? EXIT_OK : EXIT_EXPECTATION;
}

int lint_report(const struct lint_report *report, const struct lint *lint)
{
	int status = EXIT_OK;

	for (size_t i = 0; i < lint->n_finding; i++)
		if (report_finding(report, &lint->finding[i]) != EXIT_OK)
			status = EXIT_EXPECTATION;
	if (!lint->given_up)
		return status;
	text_add(report->text, "There are too many cells to look at them all: what a flow shows is "
			       "not said.\n");
	return EXIT_EXPECTATION;
}
