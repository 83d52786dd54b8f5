/* SPDX-License-Identifier: GPL-3.0-only */
/* The ways into a lab: the prompt, -c, standard input, exec. */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli/learn/tutor.h"
#include "cli/main/program.h"
#include "cli/prompt/prompt.h"
#include "cli/session/interrupt.h"
#include "cli/session/node_command.h"
#include "cli/session/report.h"
#include "cli/session/run.h"
#include "core/base/cleanup.h"
#include "core/base/memory.h"
#include "core/base/text.h"

/* ---- -c ---- */

static int run_commands(const struct options *options, struct session *session)
{
	auto_text text = { 0 };
	struct script script;

	for (size_t i = 0; i < options->n_command; i++) {
		text_add(&text, options->command[i]);
		text_add_char(&text, '\n');
	}
	script_from_text(&script, "-c", text_get(&text));
	session_run(session, &script);
	return session_exit_status(session);
}

/* ---- standard input ---- */

/* Where the last whole logical line ends that begins at or behind offset. */
static size_t whole_lines(const struct text *text, size_t offset)
{
	size_t end = offset;

	for (size_t i = offset; i < text->length; i++) {
		size_t before = i;
		size_t backslashes = 0;

		if (text->s[i] != '\n')
			continue;
		if (before > offset && text->s[before - 1] == '\r')
			before--;
		while (before > offset + backslashes && text->s[before - 1 - backslashes] == '\\')
			backslashes++;
		if (backslashes % 2 == 0)
			end = i + 1;
	}
	return end;
}

/* More into text; what was put off is done before we wait for it. Returns 0 at the end. */
static int read_more(struct session *session, struct text *text, struct error *err)
{
	struct pollfd input = { .fd = STDIN_FILENO, .events = POLLIN };
	char chunk[16384];
	ssize_t n;

	if (poll(&input, 1, 0) == 0 && session_flush(session))
		return 0;
	n = TEMP_FAILURE_RETRY(read(STDIN_FILENO, chunk, sizeof(chunk)));
	if (n < 0)
		return error_set(err, -errno, "cannot read standard input: %s", strerror(errno));
	text_add_n(text, chunk, (size_t)n);
	return n > 0;
}

/* Lines are executed as they come, so that a program on the other end can wait for the answers. */
static int run_input(const struct options *options, struct session *session, struct tutor *tutor)
{
	auto_fd int nothing = open("/dev/null", O_RDONLY | O_CLOEXEC);
	auto_text text = { 0 };
	struct script script;
	struct error err = { 0 };
	int more = 1;

	session->node_stdin = nothing; /* what is to come there are our commands */
	script_from_text(&script, "<stdin>", "");
	while (more > 0 && !session->stopped && !session->exit_asked) {
		size_t whole;

		more = read_more(session, &text, &err);
		if (more < 0)
			return program_error(options, EXIT_MACHINE, &err);
		whole = more ? whole_lines(&text, script.offset) : text.length;
		script.source.text = text_get(&text);
		script.source.length = whole;
		while (script.offset < whole && !session->stopped && !session->exit_asked &&
		       session_next(session, &script))
			if (tutor)
				tutor_look(tutor);
	}
	session_flush(session);
	return session_exit_status(session);
}

int program_converse(const struct options *options, struct session *session, struct tutor *tutor)
{
	if (!isatty(STDIN_FILENO))
		return run_input(options, session, tutor);
	prompt_open(session);
	while (prompt_next(session))
		if (tutor)
			tutor_look(tutor);
	prompt_close();
	return EXIT_OK;
}

/* ---- a lab and what is done in it ---- */

static int enter(const struct options *options, struct lab *lab)
{
	struct session *session = program_session(options, lab);
	bool prompt = !options->n_command && isatty(STDIN_FILENO);
	int status;

	session->report = program_report(options);
	if (!lab->name && !prompt)
		interrupt_ends_lab(lab);
	if (options->n_command) {
		status = run_commands(options, session);
	} else {
		if (prompt && !options->quiet)
			fprintf(stderr,
				"%s\n"
				"help lists the commands, `vpclab learn` teaches, Ctrl-D leaves\n",
				lab->name ? "A running lab, which stays"
					  : "A new lab, which ends with this prompt");
		status = program_converse(options, session, NULL);
	}
	interrupt_ends_lab(NULL);
	report_free(session->report);
	session_free(session);
	return status;
}

static int enter_named(const struct options *options, const char *name)
{
	struct error err = { 0 };
	struct lab *lab;
	int status, r = lab_open(name, &lab, &err);

	if (r < 0)
		return program_lab_error(options, r, &err);
	status = enter(options, lab);
	lab_close(lab);
	return status;
}

int program_prompt(const struct options *options)
{
	struct lab *lab;
	int status;

	if (options->lab)
		return enter_named(options, options->lab);
	lab = lab_new_private(false);
	lab->share = options->share;
	status = enter(options, lab);
	lab_close(lab);
	return status;
}

int program_shell(const struct options *options)
{
	return enter_named(options, options->word[0]);
}

/* ---- exec ---- */

int program_exec(const struct options *options)
{
	const char *node = options->word[1];
	struct error err = { 0 };
	struct nearest nearest = { .typed = node };
	struct lab *lab;
	int status, r = lab_attach(options->word[0], &lab, &err);

	if (r < 0)
		return program_lab_error(options, r, &err);
	/* What the kernel has is enough to start it. Where that does not go, the model knows. */
	status = node_exec(lab, node, options->word + 2, &err);
	if ((status == -ESRCH || status == -EINVAL) && lab_refresh(lab, &err) >= 0 &&
	    !model_is_node(lab->model, node)) {
		err = (struct error){ 0 };
		error_set(&err, -ENOENT, "the lab %s has no node %.128s", lab->name, node);
		model_offer(lab->model, NOUNS_NODE, &nearest);
		nearest_hint(&nearest, &err);
		status = program_error(options, EXIT_INPUT, &err);
	} else if (status < 0) {
		status = program_error(options, EXIT_MACHINE, &err);
	} else if (err.message[0]) {
		program_error(options, status, &err);
	}
	lab_close(lab);
	return status;
}
