/* SPDX-License-Identifier: GPL-3.0-only */
/* `vpclab manual`: the manual page, from the same tables as --help and help. */
#include <stdio.h>
#include <string.h>

#include "cli/commands/language.h"
#include "cli/main/program.h"
#include "cli/prompt/help.h"
#include "core/base/memory.h"
#include "core/base/text.h"
#include "lab/model/profile.h"
#include "lab/model/words.h"

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

/* Lines of an example or a grammar, as they stand. */
static void add_lines(struct text *text, const char *const *line, size_t n)
{
	text_add(text, ".EX\n");
	for (size_t i = 0; i < n; i++) {
		add_roff(text, line[i]);
		text_add_char(text, '\n');
	}
	text_add(text, ".EE\n");
}

static const char *const grammar[] = {
	"file        = { line } ;",
	"line        = [ statement ] [ \"#\" comment ] newline ;",
	"statement   = change | expectation | ( query | program ) [ redirection ]",
	"            | program \"&\" [ output ] ;",
	"change      = command                (* a row of COMMANDS that changes the lab *) ;",
	"query       = command                (* one that does not *) ;",
	"expectation = \"expect\" [ \"eventually\" ] [ \"within\" seconds ] check",
	"                                      (* check: such a row without \"expect\" *) ;",
	"command     = word { word } ;",
	"program     = ( node | node \"--\" | \"!\" ) word { word } ;",
	"redirection = \"|\" word { word } [ redirection ] | output ;",
	"output      = ( \">\" | \">>\" ) word ;",
	"flow        = node \"->\" target [ \"tcp\" port | \"udp\" port | \"icmp\" ] ;",
	"target      = name | name \".public\" | address ;",
	"word        = part { part }          (* parts touch; blanks stand between words *) ;",
	"part        = character | \"'\" text \"'\" | '\"' text '\"' | \"\\\" character",
	"            | \"$\" name | \"${\" name \"}\" | braces ;",
	"braces      = \"{\" text \",\" text { \",\" text } \"}\"",
	"            | \"{\" end \"..\" end [ \"..\" step ] \"}\"   (* end: number or letter *) ;",
	"name        = letter { letter | digit | \".\" | \"_\" | \"-\" } ;",
};

static const char *const examples[] = {
	"#!/usr/bin/env vpclab",
	"# Two hosts behind one address",
	"",
	"# Build a network in two zones, and a host in each.",
	"vpc create VPC1 cidr 10.0.0.0/16",
	"vswitch create VSW{1..2} vpc VPC1 cidr 10.0.{1..2}.0/24 zone {a,b}",
	"ecs create web{1..2} vswitch VSW{1..2}",
	"nat-gateway create NAT1 vpc VPC1 vswitch VSW1",
	"eip create EIP1 dns www.example.com",
	"eip associate EIP1 nat-gateway NAT1",
	"snat create out nat-gateway NAT1 source vpc VPC1 eip EIP1",
	"internet-host create site dns site.example.org",
	"service start site http",
	"",
	"# Both leave by EIP1, and nobody comes in.",
	"expect reachable web{1..2} -> site seen-as EIP1",
	"expect blocked site -> EIP1 because NO_DNAT_ENTRY",
	"expect eventually within 10 output EIP1 web1 curl -s http://site.example.org",
	"try web1 ping -c 1 web2",
	"web1 curl -s http://site | grep client > seen.txt",
};

static void add_language(struct text *text)
{
	text_add(text,
		 ".SH LANGUAGE\nOne language for the prompt, \\fB\\-c\\fR, standard input and "
		 "topology files: one command a line, in any of which a backslash at the end "
		 "goes on with the next.\n");
	add_lines(text, grammar, ARRAY_SIZE(grammar));
	text_add(
		text,
		".PP\n$NAME is a variable, or the address of a resource. Braces make many lines of "
		"one, all groups advancing together; those in the words of a program are left "
		"alone. What a line prints goes through programs of the user's machine, or into a "
		"file; changes and expectations print nothing that could. The comment above a "
		"group of lines is its title in reports. In a file a program that fails, or is "
		"not there, is a failed check, unless the line begins with \\fBtry\\fR.\n"
		".PP\nLimits: a name has 2 to 128 characters and is nobody else's, whatever the "
		"case; a line's names stand for 1 MiB at most; braces make 100,000 lines and 64 "
		"MiB at most; a file has 64 MiB at most, and files include each other 16 deep, "
		"10,000 in all. A program in an expectation may take 30 seconds, "
		"\\fBeventually\\fR tries for 30, and \\fBwithin\\fR says another number, up to "
		"3600. A vSwitch without a zone is in zone\\-a; a flow without a protocol is "
		"tcp 80.\n.PP\nA file as an example:\n");
	add_lines(text, examples, ARRAY_SIZE(examples));
}

static void add_quotas_of(struct text *text, const struct word *word,
			  const struct profile *const *profile, size_t n)
{
	for (; word->word; word++) {
		text_add(text, ".TP\n.B ");
		add_roff(text, word->word);
		for (size_t i = 0; i < n; i++)
			text_addf(text, "%s%u", i ? ", " : "\n",
				  profile_quota_of(profile[i], word->value));
		text_add_char(text, '\n');
	}
}

static void add_quotas(struct text *text)
{
	static const struct profile *const alibaba[] = { &profile_2021, &profile_today },
					   *const aws[] = { &profile_aws };

	text_add(text, ".SH QUOTAS\nAs \\fBquota\\fR calls them, which raises them for the "
		       "account of a lab.\n.SS Of the profiles 2021 and today\n");
	add_quotas_of(text, quota_words, alibaba, ARRAY_SIZE(alibaba));
	text_add(text, ".SS Of AWS\n");
	add_quotas_of(text, aws_quota_words, aws, ARRAY_SIZE(aws));
}

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
	"lab has come to what they would make of it, whatever was typed, and whatever the learner "
	"calls what he makes: what is the lesson's but for its name counts, and the lesson goes on "
	"in that name. Expectations are then "
	"checked with real packets. "
	"Variables, "
	"included files and settings such as \\fBprovider\\fR are seen to by the tutor.\n"
	".SH EXIT STATUS\n"
	".TP\n.B 0\nall well\n"
	".TP\n.B 1\nan expectation failed; of \\fBdiff\\fR and \\fBwhat\\-if\\fR: some flow "
	"changes, "
	"whichever way; of \\fBlint\\fR: there is a warning\n"
	".TP\n.B 2\nthe input is wrong; the refused command changed nothing, and of a file with a "
	"mistake nothing was done\n"
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
	".TP\n.B PAGER\nwhat shows answers that are longer than the screen, at the prompt "
	"(less); cat or nothing: no pager\n"
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
	add_language(&text);
	help_manual(&text, &cli_language);
	add_quotas(&text);
	text_add(&text, tail);
	fputs(text_get(&text), stdout);
	return EXIT_OK;
}
