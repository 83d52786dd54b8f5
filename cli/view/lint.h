/* SPDX-License-Identifier: GPL-3.0-only */
#pragma once

#include "cli/view/output.h"
#include "cli/view/remarks.h"
#include "core/base/text.h"
#include "lab/reach/lint.h"

/* What lint finds, at its places. remark: its file, line and column, the rest is filled in. */
void finding_remark(const struct lint_finding *finding, struct remark *remark);
/* "FILE:4:1: warning: MESSAGE [ID]", the witness and the cure below it. */
void finding_add_text(struct text *text, const struct lint_finding *finding,
		      const struct remark *remark);
/* {"id","severity","file","line","column","object","message","witness","cure"} */
void finding_output(struct output *output, const struct lint_finding *finding,
		    const struct remark *remark);
