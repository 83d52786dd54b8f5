/* SPDX-License-Identifier: GPL-3.0-only */
/* `vpclab diff A B`: the command diff, in a session on A's lab. */
#include <errno.h>
#include <string.h>

#include "cli/main/program.h"
#include "cli/session/run.h"
#include "cli/view/diff.h"
#include "core/base/cleanup.h"
#include "core/base/text.h"

int program_diff(const struct options *options)
{
	int status;
	struct lab *lab = program_find_lab(options, options->word[0], &status);
	auto_text line = { 0 };
	struct session *session;
	struct script script;

	if (!lab)
		return status;
	session = program_session(options, lab);
	text_addf(&line, "diff '%s'%s", options->word[1],
		  options->format_choice == DIFF_MARKDOWN ? " --format github" : "");
	script_from_text(&script, "", text_get(&line));
	status = session_run(session, &script);
	if (status == EXIT_OK)
		status = session_exit_status(session);
	session_free(session);
	lab_close(lab);
	return status;
}
