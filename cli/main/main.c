/* SPDX-License-Identifier: GPL-3.0-only */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "cli/commands/language.h"
#include "cli/main/options.h"
#include "cli/main/program.h"
#include "cli/prompt/help.h"
#include "cli/view/terminal.h"
#include "core/base/text.h"
#include "lab/language/command.h"
#include "lab/live/lab.h"
#include "lab/model/model.h"
#include "lab/nouns/replay.h"

#define ANY_NUMBER ((size_t)-1)

static int program_help(const struct options *options);

const struct subcommand no_subcommand = {
	.name = NULL,
	.arguments = "",
	.summary = "the prompt, on a new lab that ends with it",
	.options = OPTION_LAB | OPTION_COMMAND | OPTION_SET | OPTION_SHARE | OPTION_WAIT,
	.run = program_prompt,
};

const struct subcommand subcommands[] = {
	{ "run", "FILE...", "build each file's lab, execute every line, report, remove it",
	  OPTION_TAP | OPTION_JUNIT | OPTION_KEEP | OPTION_SET | OPTION_SHARE | OPTION_FORMAT, 1,
	  ANY_NUMBER, ANY_NUMBER, false, program_run },
	{ "validate", "FILE...", "check every rule and reference, without building anything",
	  OPTION_SET | OPTION_FORMAT, 1, ANY_NUMBER, ANY_NUMBER, false, program_validate },
	{ "explain", "FILE FLOW",
	  "what will happen to FROM -> TO [tcp PORT | udp PORT | icmp] in the file's lab, without "
	  "building it",
	  OPTION_SET, 2, ANY_NUMBER, ANY_NUMBER, false, program_explain },
	{ "reach", "FILE FLOWS",
	  "all packets of FROM -> TO [tcp PORTS | udp PORTS | icmp | any] that get through in the "
	  "file's lab; the ends and the ports may be sets",
	  OPTION_SET, 2, ANY_NUMBER, ANY_NUMBER, false, program_explain },
	{ "diff", "FILE|LAB FILE|LAB",
	  "which flows one lab lets through and the other does not, or translates otherwise: "
	  "files, "
	  "plans of Terraform, running labs",
	  OPTION_SET | OPTION_FORMAT | OPTION_DIFF, 2, 2, ANY_NUMBER, false, program_diff },
	{ "lint", "FILE...",
	  "what is wrong, dead or doubtful in files, each with its place, a flow that shows it and "
	  "a "
	  "cure",
	  OPTION_SET | OPTION_FORMAT, 1, ANY_NUMBER, ANY_NUMBER, false, program_lint },
	{ "plan", "FILE",
	  "print the lab as a script of ip, sysctl and nft commands that builds it by hand",
	  OPTION_SET, 1, 1, ANY_NUMBER, false, program_plan },
	{ "import", "terraform FILE",
	  "print what terraform show -json printed of a plan or a state as a topology file",
	  OPTION_STRICT, 2, 2, ANY_NUMBER, false, program_import },
	{ "export", "terraform FILE|LAB",
	  "print a lab as a configuration of Terraform, in HCL or with -o json as .tf.json",
	  OPTION_SET, 2, 2, ANY_NUMBER, false, program_export },
	{ "graph", "FILE|LAB", "draw the topology, of a file or of a running lab",
	  OPTION_FORMAT | OPTION_PICTURE | OPTION_SET, 1, 1, ANY_NUMBER, false, program_graph },
	{ "up", "LAB FILE", "build a lab that stays until down", OPTION_SET | OPTION_SHARE, 2, 2,
	  ANY_NUMBER, false, program_up },
	{ "down", "LAB...|--all", "remove labs", OPTION_ALL, 0, ANY_NUMBER, ANY_NUMBER, false,
	  program_down },
	{ "ls", "", "list the running labs", 0, 0, 0, ANY_NUMBER, false, program_ls },
	{ "shell", "LAB", "the prompt on a running lab", OPTION_COMMAND | OPTION_SET | OPTION_WAIT,
	  1, 1, ANY_NUMBER, false, program_shell },
	{ "exec", "LAB NODE -- COMMAND...", "run a program in a node, as if it were run directly",
	  0, 2, ANY_NUMBER, 2, false, program_exec },
	{ "capture", "LAB NODE[,NODE...]",
	  "the packets of several nodes, as pcapng for | wireshark -k -i - and | tcpdump -nr -", 0,
	  2, ANY_NUMBER, ANY_NUMBER, false, program_capture },
	{ "learn", "[TUTORIAL|FILE]",
	  "be led through a tutorial, every step checked; or list them all", OPTION_SET, 0, 1,
	  ANY_NUMBER, false, program_learn },
	{ "doctor", "", "what this machine can and cannot do, each no with its cure", 0, 0, 0,
	  ANY_NUMBER, false, program_doctor },
	{ "complete", "WORDS...",
	  "what may stand where the last word begins, for the shells' completion", 0, 0, ANY_NUMBER,
	  0, false, program_complete },
	{ "help", "[SUBCOMMAND|all]", "print what --help prints, or all commands of a lab", 0, 0, 1,
	  ANY_NUMBER, true, program_help },
	{ "manual", "", "print the manual page", 0, 0, 0, ANY_NUMBER, true, program_manual },
	{ .name = NULL },
};

static int print_text(struct text *text)
{
	fputs(text_get(text), stdout);
	return EXIT_OK;
}

static int program_help(const struct options *options)
{
	const struct subcommand *subcommand = options->n_word ? subcommand_find(options->word[0])
							      : NULL;
	auto_text text = { 0 };
	struct error err;

	if (options->n_word && strcmp(options->word[0], "all") == 0) {
		const struct command_cursor rows = { .language = &cli_language,
						     .provider = PROVIDER_ALIBABA };

		if (help_format(&text, rows, (const char *const *)options->word, options->n_word,
				terminal_width(STDOUT_FILENO), &err) < 0)
			return program_error(options, EXIT_INPUT, &err);
		return print_text(&text);
	}
	if (options->n_word && !subcommand) {
		error_set(&err, -EINVAL, "there is no subcommand %.64s", options->word[0]);
		error_hint(&err,
			   "the lab's commands are explained at its prompt, and by vpclab -c 'help "
			   "%.64s'",
			   options->word[0]);
		return program_error(options, EXIT_INPUT, &err);
	}
	options_help(&text, subcommand);
	return print_text(&text);
}

static int dispatch(const struct options *options)
{
	auto_text text = { 0 };

	if (options->version) {
		text_add(&text, "vpclab " VERSION "\n");
		return print_text(&text);
	}
	if (options->help) {
		options_help(&text, options->subcommand);
		return print_text(&text);
	}
	return (options->subcommand ? options->subcommand : &no_subcommand)->run(options);
}

/* Whatever was to be said has been said, or the status tells that it was not. */
static int finish(const struct options *options, int status)
{
	struct error err;

	errno = 0;
	/* lint's own data says more. */
	if (options->remarks &&
	    !(options->subcommand->run == program_lint && options->format_choice == REMARKS_JSON))
		(void)remarks_write(options->remarks, stdout, options->format_choice);
	if (fflush(stdout) == 0 && !ferror(stdout))
		return status;
	if (errno)
		error_set(&err, -errno, "cannot write to standard output: %s", strerror(errno));
	else /* an earlier write failed, and its reason is gone */
		error_set(&err, -EIO, "cannot write to standard output");
	return program_error(options, status ? status : EXIT_MACHINE, &err);
}

/*
 * What we open would take the place of a standard stream that is closed, and get what is said
 * there: the lab's journal, at worst. So something takes it that refuses to be read or written, as
 * the closed stream would.
 */
static void fill_streams(void)
{
	for (int fd = STDIN_FILENO; fd <= STDERR_FILENO; fd++)
		if (fcntl(fd, F_GETFD) < 0)
			(void)!open("/dev/null", fd == STDIN_FILENO ? O_WRONLY : O_RDONLY);
}

int main(int argc, char **argv)
{
	struct options options;
	struct error err = { 0 };
	int status;

	fill_streams();
	(void)signal(SIGXFSZ, SIG_IGN); /* What is too long a file is said where it is written. */
	setvbuf(stdout, NULL, _IOLBF, 0);

	if (options_parse(argc, argv, &options, &err) < 0)
		status = program_error(&options, EXIT_INPUT, &err);
	else
		status = finish(&options, dispatch(&options));
	options_free(&options);
	return status;
}
