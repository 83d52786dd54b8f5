/* SPDX-License-Identifier: GPL-3.0-only */
/* The words of the lab itself: looking at it, trying it, expecting, saving, variables, files, the prompt. */
#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "lab/language/arguments.h"
#include "lab/language/command.h"
#include "cli/session/expect.h"
#include "cli/session/file.h"
#include "cli/prompt/help.h"
#include "cli/prompt/history.h"
#include "cli/session/jobs.h"
#include "cli/session/node_command.h"
#include "cli/session/redirect.h"
#include "cli/view/output.h"
#include "cli/view/explain.h"
#include "cli/view/probe.h"
#include "cli/session/run.h"
#include "cli/session/script.h"
#include "cli/commands/language.h"
#include "cli/session/session.h"
#include "cli/view/show.h"
#include "cli/view/terminal.h"
#include "cli/view/wrap.h"
#include "cli/session/variables.h"
#include "core/base/cleanup.h"
#include "core/base/memory.h"
#include "lab/explain/explain.h"
#include "lab/live/explain.h"
#include "lab/nouns/nouns.h"
#include "lab/terraform/terraform.h"

/* ---- looking ---- */

static int run_show(struct session *session, const struct arguments *arguments, struct error *err)
{
	struct output *output;

	(void)arguments;
	if (session->validate_only)
		return 0;
	output = output_new();
	show_lab(output, session->lab);
	return session_write(session, output, err);
}

/* ---- trying ---- */

/* Why it does not get through, by the configuration. */
static void add_predicted(struct text *text, const struct lab *lab, const struct flow *flow, unsigned width)
{
	struct explanation x;
	auto_text reason = { 0 };

	explain_in_lab(lab, flow, &x);
	if (!x.reachable) {
		explain_add_reason(&reason, lab->model, &x);
		if (width)
			wrap_add_line(text, text_get(&reason), 0, 2, width);
		else
			text_addf(text, "%s\n", text_get(&reason));
	}
	explanation_free(&x);
}

static int run_probe(struct session *session, const struct arguments *arguments, struct error *err)
{
	size_t n;
	auto_free char **words = arguments_vector(arguments, "flow", &n);
	struct probe probe = { 0 };
	struct reply reply;
	int r = flow_parse(session->lab->model, (const char *const *)words, n, &probe.flow, err);

	if (r < 0 || session->validate_only)
		return r;
	r = session_build(session, err);
	if (r < 0)
		return r;
	r = probe_run(session->lab, &probe, 1, err);
	if (r < 0)
		return session_machine(session, r);
	reply = session_reply(session);
	if (reply.output) {
		probe_output(reply.output, &probe);
	} else {
		probe_add_sentence(&reply.text, session->lab->model, &probe);
		text_add_char(&reply.text, '\n');
		if (probe.verdict != PROBE_REACHED)
			add_predicted(&reply.text, session->lab, &probe.flow, reply.width);
	}
	r = session_tell(session, &reply, err);
	return r < 0 ? r : probe.verdict == PROBE_REACHED ? EXIT_OK : EXIT_EXPECTATION;
}

/* In a file, a program that fails is a check that failed, but for this. */
static int run_try(struct session *session, const struct arguments *arguments, struct error *err)
{
	const char *node = arguments_get(arguments, "node");
	auto_free char **argv = arguments_vector(arguments, "command", NULL);
	int r = session_enter(session, node, argv, err);

	if (r > 0)
		r = node_run(session, node, argv, err);
	return r < 0 ? r : EXIT_OK;
}

/* ---- saving ---- */

static int run_save(struct session *session, const struct arguments *arguments, struct error *err)
{
	const char *path = arguments_get(arguments, "file");
	auto_free char *text = NULL;
	int r;

	if (session->validate_only)
		return 0;
	text = model_save(session->lab->model);
	if (!path) {
		session_print(session, text);
		return 0;
	}
	r = file_save(path, text);
	if (r >= 0)
		return 0;
	error_set(err, r, "cannot save to %s: %s", path, strerror(-r));
	/* A wrong path is the user's; a full disk is not. */
	return r == -ENOENT || r == -ENOTDIR || r == -EISDIR || r == -EACCES ? r : session_machine(session, r);
}

static int run_export(struct session *session, const struct arguments *arguments, struct error *err)
{
	auto_free char *text = NULL;

	(void)arguments;
	(void)err;
	if (session->validate_only)
		return 0;
	text = terraform_export(session->lab->model, session->format == OUTPUT_JSON ? TERRAFORM_JSON : TERRAFORM_HCL);
	session_print(session, text);
	return 0;
}

/* ---- variables and files ---- */

static int run_set(struct session *session, const struct arguments *arguments, struct error *err)
{
	return variables_set(session->variables, arguments_get(arguments, "name"), arguments_get(arguments, "value"), false, err);
}

/* A file knows what lies beside it, wherever it is called from. */
static int run_include(struct session *session, const struct arguments *arguments, struct error *err)
{
	auto_free char *path = script_path_beside(session->script, arguments_get(arguments, "file"));

	return session_include(session, path, err);
}

/* As in a shell: from where the user is. */
static int run_source(struct session *session, const struct arguments *arguments, struct error *err)
{
	return session_include(session, arguments_get(arguments, "file"), err);
}

/* ---- the prompt's own ---- */

static int run_help(struct session *session, const struct arguments *arguments, struct error *err)
{
	size_t n;
	auto_free char **words = arguments_vector(arguments, "word", &n);
	auto_text text = { 0 };
	int r = help_format(&text, command_rows(session->language, session->lab->model), (const char *const *)words, n,
			    terminal_width(fileno(session->out)), err);

	if (r >= 0 && !session->validate_only)
		session_print(session, text_get(&text));
	return r < 0 ? r : 0;
}

static int run_history(struct session *session, const struct arguments *arguments, struct error *err)
{
	auto_text text = { 0 };
	const char *line;

	(void)arguments;
	(void)err;
	for (size_t i = 0; (line = history_line(i)); i++) {
		text_addf(&text, "%5zu  ", i + 1);
		text_add_escaped(&text, line, strlen(line));
		text_add_char(&text, '\n');
	}
	session_print(session, text_get(&text));
	return 0;
}

static int run_jobs(struct session *session, const struct arguments *arguments, struct error *err)
{
	struct output *output = output_new();
	int r;

	(void)arguments;
	jobs_output(session->jobs, output);
	r = session_write(session, output, err);
	jobs_reap(session->jobs, NULL);
	return r;
}

#define JOB_DIGITS_MAX 9 /* what is longer is no number of a job, and may be none of a machine either */

/* "1" or, as in a shell, "%1"; none: the last one. NULL with err: there is no such job. */
static struct job *find_job(struct session *session, const struct arguments *arguments, struct error *err)
{
	const char *word = arguments_get(arguments, "job");
	const char *digits = word && *word == '%' ? word + 1 : word;
	struct job *last = jobs_last(session->jobs);

	if (!word && last)
		return last;
	if (!word) {
		error_set(err, -ESRCH, "there is no job");
		return NULL;
	}
	if (!*digits || digits[strspn(digits, "0123456789")] || strlen(digits) > JOB_DIGITS_MAX) {
		error_refuse(err, "", "job", "%.32s is no number of a job", word);
		error_hint(err, "jobs lists them");
		return NULL;
	}
	return jobs_find(session->jobs, (unsigned)strtoul(digits, NULL, 10), err);
}

static int run_kill(struct session *session, const struct arguments *arguments, struct error *err)
{
	const struct job *job = session->validate_only ? NULL : find_job(session, arguments, err);

	return job ? jobs_kill(session->jobs, job->number, err) : session->validate_only ? 0 : -ESRCH;
}

static int run_bg(struct session *session, const struct arguments *arguments, struct error *err)
{
	struct job *job = session->validate_only ? NULL : find_job(session, arguments, err);

	if (!job)
		return session->validate_only ? 0 : -ESRCH;
	(void)kill(-job->pid, SIGCONT);
	job->stopped = false;
	session_say(session, "[%u] %s &", job->number, job->text);
	return 0;
}

static int run_fg(struct session *session, const struct arguments *arguments, struct error *err)
{
	const struct job *job = session->validate_only ? NULL : find_job(session, arguments, err);

	return job ? node_resume(session, job->number, err) : session->validate_only ? 0 : -ESRCH;
}

static int run_exit(struct session *session, const struct arguments *arguments, struct error *err)
{
	(void)arguments;
	(void)err;
	/* validate reads on: what stands behind is to be right, too */
	session->exit_asked = !session->validate_only;
	return 0;
}

#define FLOW                                                                                                      \
	{                                                                                                         \
		.name = "flow", .kind = ARGUMENT_FLOW, .flags = PARAMETER_REQUIRED, .help = "from where to where" \
	}
#define FLOWS                                                                                                         \
	{                                                                                                             \
		.name = "flows", .kind = ARGUMENT_FLOWS, .flags = PARAMETER_REQUIRED, .help = "from where to where, as sets" \
	}
#define EXCEPT                                                                                                         \
	{                                                                                                              \
		.name = "except", .kind = ARGUMENT_FLOWS, .flags = PARAMETER_KEY, .help = "what may be otherwise, with commas between" \
	}
#define NODE                                                                                                \
	{                                                                                                   \
		.name = "node", .kind = ARGUMENT_NODE, .flags = PARAMETER_REQUIRED, .help = "where it runs" \
	}
#define PROGRAM                                                                           \
	{                                                                                 \
		.name = "command", .kind = ARGUMENT_COMMAND, .flags = PARAMETER_REQUIRED, \
		.help = "the program and its arguments"                                   \
	}
#define SEEN_AS                                                                                              \
	{                                                                                                    \
		.name = "seen-as", .kind = ARGUMENT_WORD, .flags = PARAMETER_KEY, .metavariable = "ADDRESS", \
		.nouns = NOUNS_ADDRESSED, .help = "source at the far end: an address, or the name of one"    \
	}
#define BECAUSE                                                                                            \
	{                                                                                                  \
		.name = "because", .kind = ARGUMENT_CHOICE, .flags = PARAMETER_KEY, .words = code_words,   \
		.metavariable = "CODE", .help = "the code that explain names"                              \
	}
#define FILE_REQUIRED(meaning)                                                                        \
	{                                                                                             \
		.name = "file", .kind = ARGUMENT_FILE, .flags = PARAMETER_REQUIRED, .help = (meaning) \
	}

static const struct command commands_lab[] = {
	{
		.words = "show",
		.summary = "print the whole lab",
		.example = "show",
		.run = run_show,
	},
	{
		.words = "probe",
		.parameter = { FLOW },
		.summary = "try a flow with a real packet",
		.example = "probe ECS1 -> EIP2 tcp 80",
		.flags = COMMAND_KERNEL,
		.run = run_probe,
	},
	{
		.words = "expect ok",
		.parameter = { NODE, PROGRAM },
		.summary = "a command in a node exits with status 0",
		.example = "expect ok internet true",
		.flags = COMMAND_EXPECTS,
		.run = expect_ok,
	},
	{
		.words = "expect fail",
		.parameter = { NODE, PROGRAM },
		.summary = "a command in a node exits with another status than 0",
		.example = "expect fail internet false",
		.flags = COMMAND_EXPECTS,
		.run = expect_fail,
	},
	{
		.words = "expect output",
		.parameter = { { PARAMETER("text", WORD, PARAMETER_REQUIRED,
					   "what its standard output contains, or the name of an address in it"),
				 .nouns = NOUNS_ADDRESSED },
			       NODE,
			       PROGRAM },
		.summary = "a command in a node prints a text, or the address of a name",
		.example = "expect output EIP1 ECS2 curl -s http://client/",
		.flags = COMMAND_EXPECTS,
		.run = expect_output,
	},
	{
		.words = "expect reachable",
		.parameter = { FLOW, SEEN_AS },
		.summary = "a real packet gets an answer",
		.example = "expect reachable ECS1 -> EIP2 tcp 80 seen-as EIP1",
		.flags = COMMAND_EXPECTS | COMMAND_GATHERS,
		.run = expect_reachable,
	},
	{
		.words = "expect blocked",
		.parameter = { FLOW, BECAUSE },
		.summary = "a real packet gets none, or a refusal",
		.example = "expect blocked client -> EIP2 tcp 22 because NO_DNAT_ENTRY",
		.flags = COMMAND_EXPECTS | COMMAND_GATHERS,
		.run = expect_blocked,
	},
	{
		.words = "expect never",
		.parameter = { FLOWS, EXCEPT },
		.summary = "of all these packets none gets through, by the configuration",
		.example = "expect never internet -> VPC1 except internet -> EIP2 tcp 80",
		.flags = COMMAND_EXPECTS,
		.run = expect_never,
	},
	{
		.words = "expect always",
		.parameter = { FLOWS, EXCEPT },
		.summary = "of all these packets each gets through, by the configuration",
		.example = "expect always VPC1 -> internet tcp 443",
		.flags = COMMAND_EXPECTS,
		.run = expect_always,
	},
	{
		.words = "expect error",
		.parameter = { { PARAMETER("code", WORD, PARAMETER_REQUIRED,
					   "the cloud's code; may end in *") },
			       { PARAMETER("command", REST, PARAMETER_REQUIRED,
					   "a command that would change the lab") } },
		.summary = "the cloud refuses a command with a code",
		.example = "expect error InvalidSnatIp.NotFound snat create snat1 nat-gateway NAT1 source vswitch VSW1 eip EIP1",
		.flags = COMMAND_EXPECTS,
		.run = expect_error,
	},
	{
		.words = "expect within",
		.parameter = { { PARAMETER("seconds", WORD, PARAMETER_REQUIRED,
					   "how long it may take") },
			       { PARAMETER("expectation", REST, PARAMETER_REQUIRED,
					   "ok, fail, output, reachable, blocked") } },
		.summary = "an expectation with a time limit of its own",
		.example = "expect within 5 reachable ECS1 -> EIP2 tcp 80",
		.flags = COMMAND_EXPECTS | COMMAND_GATHERS,
		.run = expect_timed,
	},
	{
		.words = "expect eventually",
		.parameter = { { PARAMETER("expectation", REST, PARAMETER_REQUIRED,
					   "[within SECONDS] ok, fail, output, reachable, blocked") } },
		.summary = "an expectation that is tried again until it holds, at most 30 s",
		.example = "expect eventually within 5 reachable ECS1 -> EIP2 tcp 80",
		.flags = COMMAND_EXPECTS,
		.run = expect_timed,
	},
	{
		.words = "try",
		.parameter = { NODE, PROGRAM },
		.summary = "run a command in a node, and do not mind if it fails",
		.example = "try internet false",
		.run = run_try,
	},
	{
		.words = "save",
		.parameter = { { PARAMETER("file", FILE, 0, "standard output if not given") } },
		.summary = "write the lab as a file that builds it again",
		.example = "save mine.lab",
		.run = run_save,
	},
	{
		.words = "export terraform",
		.summary = "print the lab as the Terraform that would build it in its cloud",
		.example = "export terraform",
		.run = run_export,
	},
	{
		.words = "set",
		.parameter = { { PARAMETER("name", WORD, PARAMETER_REQUIRED, "of the variable") },
			       { PARAMETER("value", WORD, PARAMETER_REQUIRED,
					   "what $NAME stands for") } },
		.summary = "set a variable, unless --set did",
		.example = "set PORT 8080",
		.run = run_set,
	},
	{
		.words = "include",
		.parameter = { FILE_REQUIRED("relative to the file that says so") },
		.summary = "execute the commands of a file, or none if one of them is refused",
		.example = "include base.lab",
		.run = run_include,
	},
	{
		.words = "source",
		.parameter = { FILE_REQUIRED("relative to the current directory") },
		.summary = "execute the commands of a file, or none if one of them is refused",
		.example = "source base.lab",
		.run = run_source,
	},
	{
		.words = "jobs",
		.summary = "list the commands in the background",
		.example = "jobs",
		.run = run_jobs,
	},
	{
		.words = "kill",
		.parameter = { { PARAMETER("job", JOB, PARAMETER_REQUIRED,
					   "its number in jobs, 1 or %1") } },
		.summary = "end a command in the background",
		.example = "kill 1",
		.run = run_kill,
	},
	{
		.words = "fg",
		.parameter = { { PARAMETER("job", JOB, 0,
					   "its number in jobs; the last one if not given") } },
		.summary = "bring a stopped or background command to the front",
		.example = "fg %1",
		.flags = COMMAND_PROMPT,
		.run = run_fg,
	},
	{
		.words = "bg",
		.parameter = { { PARAMETER("job", JOB, 0,
					   "its number in jobs; the last one if not given") } },
		.summary = "let a stopped command go on in the background",
		.example = "bg %1",
		.flags = COMMAND_PROMPT,
		.run = run_bg,
	},
	{
		.words = "history",
		.summary = "list the lines typed so far",
		.example = "history",
		.flags = COMMAND_PROMPT | COMMAND_ENDED,
		.run = run_history,
	},
	{
		.words = "help",
		.parameter = { { PARAMETER("word", REST, 0, "the beginning of a command") } },
		.summary = "list the commands, or explain one; help all lists each",
		.example = "help nat-gateway",
		.flags = COMMAND_ENDED,
		.run = run_help,
	},
	{
		.words = "exit",
		.summary = "leave; a private lab ends",
		.example = "exit",
		.flags = COMMAND_ENDED,
		.run = run_exit,
	},
	{ .words = NULL },
};

const struct command_family family_lab = { "The lab", (const struct command *const[]){ commands_lab, NULL }, FOR_ALL };
