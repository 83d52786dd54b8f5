/* SPDX-License-Identifier: GPL-3.0-only */
#pragma once

#include "cli/view/output.h"
#include "core/base/text.h"
#include "lab/probe/probe.h"

/* The result of a probe in words and as data. */

/* "203.0.113.1 (EIP1)": with the name of whose address it is, if there is one. */
void probe_add_address(struct text *text, const struct model *model, uint32_t address);
/* "reached", "refused", "timed out", "unreachable" */
const char *probe_verdict_word(enum probe_verdict verdict);
/* The same as data: "timed_out" */
const char *probe_verdict_key(enum probe_verdict verdict);
/* "ECS1 -> EIP2 tcp 80: reached in 0.4 ms, seen as 203.0.113.1 (EIP1)" */
void probe_add_sentence(struct text *text, const struct model *model, const struct probe *probe);
/* {"flow": {"from","to","destination","protocol","port"}, "verdict", "seconds", "seen_as"} */
void probe_output(struct output *output, const struct probe *probe);
/* "flow": {"from","to","destination","protocol","port"} */
void probe_put_flow(struct output *output, const struct flow *flow);
