/* SPDX-License-Identifier: GPL-3.0-only */
#include "cli/view/lint.h"

#include "lab/model/words.h"

void finding_remark(const struct lint_finding *finding, struct remark *remark)
{
	remark->code = word_of(finding_words, (int)finding->id);
	remark->severity = finding->doubtful ? SEVERITY_NOTE : SEVERITY_WARNING;
	remark->message = finding->message;
	remark->hint = finding->cure ? finding->cure : "";
}

void finding_add_text(struct text *text, const struct lint_finding *finding,
		      const struct remark *remark)
{
	char flow[512];

	if (remark->file)
		text_addf(text, "%s:%u:%u: ", remark->file, remark->line, remark->column);
	text_addf(text, "%s: %s [%s]\n", finding->doubtful ? "note" : "warning", remark->message,
		  remark->code);
	if (*finding->witness.from) {
		flow_format(&finding->witness, flow, sizeof(flow));
		text_addf(text, "  witness: %s\n", flow);
	}
	if (finding->cure)
		text_addf(text, "  cure: %s\n", finding->cure);
}

void finding_output(struct output *output, const struct lint_finding *finding,
		    const struct remark *remark)
{
	char flow[512];

	flow_format(&finding->witness, flow, sizeof(flow));
	output_begin_object(output, NULL);
	output_string(output, "id", remark->code);
	output_string(output, "severity", finding->doubtful ? "note" : "warning");
	output_string(output, "file", remark->file);
	output_number_if(output, "line", remark->line, remark->line);
	output_number_if(output, "column", remark->line, remark->column);
	output_string(output, "object", finding->object->name);
	output_string(output, "message", remark->message);
	output_string(output, "witness", *finding->witness.from ? flow : NULL);
	output_string(output, "cure", finding->cure);
	output_end(output);
}
