/* SPDX-License-Identifier: GPL-3.0-only */
#include "cli/view/probe.h"

#include <string.h>

#include "core/base/memory.h"

void probe_add_address(struct text *text, const struct model *model, uint32_t address)
{
	const char *name = model_address_owner(model, address);
	char ip[ADDRESS_TEXT_SIZE];

	text_add(text, address_format(address, ip));
	if (name)
		text_addf(text, " (%s)", name);
}

const char *probe_verdict_word(enum probe_verdict verdict)
{
	switch (verdict) {
	case PROBE_REACHED:
		return "reached";
	case PROBE_REFUSED:
		return "refused";
	case PROBE_TIMED_OUT:
		return "timed out";
	case PROBE_UNREACHABLE:
		return "unreachable";
	}
	return "";
}

static void add_seconds(struct text *text, double seconds)
{
	if (seconds < 1)
		text_addf(text, "%.1f ms", seconds * 1000);
	else
		text_addf(text, "%.1f s", seconds);
}

void probe_add_sentence(struct text *text, const struct model *model, const struct probe *probe)
{
	char flow[512];

	flow_format(&probe->flow, flow, sizeof(flow));
	text_addf(text, "%s: ", flow);
	text_add(text, probe_verdict_word(probe->verdict));
	switch (probe->verdict) {
	case PROBE_REACHED:
		text_add(text, " in ");
		add_seconds(text, probe->seconds);
		break;
	case PROBE_REFUSED:
		text_add(text, ": the far end answered that nothing listens there");
		break;
	case PROBE_TIMED_OUT:
		text_add(text, ": no answer came");
		break;
	case PROBE_UNREACHABLE:
		text_add(text, ": a router on the way sent it back");
		break;
	}
	if (probe->seen_as) {
		text_add(text, ", seen as ");
		probe_add_address(text, model, probe->seen_as);
	}
}

const char *probe_verdict_key(enum probe_verdict verdict)
{
	return verdict == PROBE_TIMED_OUT ? "timed_out" : probe_verdict_word(verdict);
}

void probe_put_flow(struct output *output, const struct flow *flow)
{
	output_begin_object(output, "flow");
	output_string(output, "from", flow->from);
	output_string(output, "to", flow->to);
	output_address(output, "destination", flow->destination);
	output_string(output, "protocol", protocol_word(flow->protocol));
	if (flow->port)
		output_number(output, "port", flow->port);
	output_end(output);
}

void probe_output(struct output *output, const struct probe *probe)
{
	output_begin_object(output, NULL);
	probe_put_flow(output, &probe->flow);
	output_string(output, "verdict", probe_verdict_key(probe->verdict));
	output_real(output, "seconds", probe->seconds);
	output_address(output, "seen_as", probe->seen_as);
	output_end(output);
}
