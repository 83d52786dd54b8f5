/* SPDX-License-Identifier: GPL-3.0-only */
/* `vpclab manual`: the manual page, from the same tables as --help and help. */
#include <stdio.h>
#include <string.h>

#include "cli/commands/language.h"
#include "cli/main/program.h"
#include "cli/prompt/help.h"
#include "core/base/text.h"

/* What is a macro or an escape to roff is neither in what we quote. */
static void add_roff(struct text *text, const char *s)
{
	if (*s == '.' || *s == '\'')
		text_add(text, "\\&");
	for (; *s; s++) {
		if (*s == '\\')
			text_add(text, "\\e");
		else if (*s == '-')
			text_add(text, "\\-");
		else
			text_add_char(text, *s);
	}
}

static void add_subcommands(struct text *text)
{
	text_add(text, ".SH SUBCOMMANDS\n");
	for (const struct subcommand *subcommand = subcommands; subcommand->name; subcommand++) {
		if (subcommand->hidden)
			continue;
		text_add(text, ".TP\n.B ");
		add_roff(text, subcommand->name);
		if (*subcommand->arguments) {
			text_add_char(text, ' ');
			add_roff(text, subcommand->arguments);
		}
		text_add_char(text, '\n');
		add_roff(text, subcommand->summary);
		text_add_char(text, '\n');
	}
}

static void add_options(struct text *text)
{
	text_add(text, ".SH OPTIONS\n");
	for (const struct option_row *row = option_rows; row->name; row++) {
		auto_text syntax = { 0 };
		const char *s;

		options_syntax(&syntax, row);
		s = text_get(&syntax);
		text_add(text, ".TP\n.B ");
		add_roff(text, s + strspn(s, " "));
		text_add_char(text, '\n');
		add_roff(text, row->help);
		text_add_char(text, '\n');
	}
}

static const char head[] =
	".TH VPCLAB 1 \"\" \"vpclab " VERSION "\" \"User Commands\"\n"
	".ad l\n"
	".SH NAME\nvpclab \\- a cloud VPC on one Linux machine\n"
	".SH SYNOPSIS\n"
	".B vpclab\n[\\fIoptions\\fR] [\\fIsubcommand\\fR] [\\fIwords\\fR]\n"
	".br\n.B vpclab\n[\\fB\\-n\\fR \\fILAB\\fR] \\fB\\-c\\fR \\fICOMMAND\\fR...\n"
	".SH DESCRIPTION\n"
	"vpclab builds a cloud VPC out of network namespaces, veth pairs, policy routing and "
	"nftables, and lets packets decide. "
	"It needs no root, and a lab leaves nothing behind.\n";

static const char tail[] =
	".SH TUTORIALS\n"
	"Every topology file is a tutorial. Its first comment, if a blank line follows, introduces "
	"it, and the first paragraph "
	"of "
	"that is the title. Every other comment is read out as a step: it says what the lines "
	"below it, up to the next comment, "
	"are for. Those that change the lab or run a program in a node are for the learner to "
	"find, and the step is done when "
	"the "
	"lab has come to what they would make of it, whatever was typed. Expectations are then "
	"checked with real packets. "
	"Variables, "
	"included files and settings such as \\fBprovider\\fR are seen to by the tutor.\n"
	".SH EXIT STATUS\n"
	".TP\n.B 0\nall well\n"
	".TP\n.B 1\nan expectation failed\n"
	".TP\n.B 2\nthe input is wrong; the refused command changed nothing\n"
	".TP\n.B 3\nthis machine cannot do it\n"
	".TP\n.B 130\ninterrupted, everything removed\n"
	".PP\n\\fBlearn\\fR exits with 0 when all steps are done and with 1 when it is left "
	"before, or a check that failed was "
	"skipped; what the learner mistyped on the way does not count.\n"
	".PP\n\\fBexec\\fR passes the program's own status. Several \\fB\\-c\\fR, and lines on "
	"standard input, end at the first "
	"one "
	"that is refused, with 2 or 3. A check that failed among them (\\fBexpect\\fR, "
	"\\fBprobe\\fR, \\fBtrace\\fR, "
	"\\fBmatrix \\-\\-live\\fR, \\fBverify\\fR) makes the status 1, whatever follows it. Else "
	"it is that of the last one, as "
	"in a "
	"shell: a program in a node passes its own.\n"
	".SH DIAGNOSTICS\n"
	"What is refused is told on standard error. With \\fB\\-o json\\fR each refusal there is "
	"one line, an object with the "
	"keys "
	"code (of the cloud), file, line, column, message and hint, null where there is none; "
	"other lines there are talk, which "
	"\\fB\\-q\\fR leaves out.\n"
	".SH ENVIRONMENT\n"
	".TP\n.B GITHUB_WORKSPACE\nwhat the paths of \\fB\\-\\-format github\\fR and \\fBsarif\\fR "
	"begin below; else the working directory\n"
	".TP\n.B NO_COLOR\nno colours\n"
	".TP\n.B SHELL\nwhat runs where a node is named alone; it finds VPCLAB_LAB and VPCLAB_NODE "
	"in its environment\n"
	".TP\n.B XDG_RUNTIME_DIR\nholds the names of the running labs\n"
	".TP\n.B XDG_STATE_HOME\nholds vpclab/history, what was typed at the prompt\n";

int program_manual(const struct options *options)
{
	auto_text text = { 0 };

	(void)options;
	text_add(&text, head);
	add_subcommands(&text);
	add_options(&text);
	help_manual(&text, &cli_language);
	text_add(&text, tail);
	fputs(text_get(&text), stdout);
	return EXIT_OK;
}
