/* SPDX-License-Identifier: GPL-3.0-only */
/* `vpclab capture LAB NODE...`: the lab's own capture, as a call of its own for a pipe. */
#include "cli/main/program.h"

#include "core/base/text.h"
#include "lab/language/tokenizer.h"

int program_capture(const struct options *options)
{
	struct options call = *options;
	auto_text command = { 0 };
	const char *line;

	text_add(&command, "capture");
	for (size_t i = 1; i < options->n_word; i++) {
		text_add_char(&command, ' ');
		text_add_word(&command, options->word[i]);
	}
	line = text_get(&command);
	call.lab = options->word[0];
	call.command = &line;
	call.n_command = 1;
	return program_prompt(&call);
}
