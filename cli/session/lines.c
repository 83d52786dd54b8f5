/* SPDX-License-Identifier: GPL-3.0-only */
/* The lines of a script, one after the other. */
#include "cli/session/run.h"

#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli/session/expect.h"
#include "cli/session/file.h"
#include "cli/session/interrupt.h"
#include "cli/session/jobs.h"
#include "cli/session/redirect.h"
#include "cli/session/report.h"
#include "cli/session/suppress.h"
#include "cli/session/variables.h"
#include "cli/view/terraform.h"
#include "core/base/cleanup.h"
#include "core/base/memory.h"
#include "core/base/text.h"
#include "lab/language/braces.h"
#include "lab/live/registry.h"

#define INCLUDES_MAX 10000

/* Does the mistake stand for itself, and not follow from an earlier one? In validate, what the line
 * was about is in doubt from now on. */
static bool is_news(struct session *session, const struct line *line,
		    const struct statement *statement, const struct token *token)
{
	bool explained =
		suppress_covers(session->suppress, session->lab->model, line, statement, token);

	if (session->validate_only && statement)
		suppress_statement(session->suppress, statement);
	else if (session->validate_only)
		suppress_line(session->suppress, session->language, session->line_text,
			      strlen(session->line_text));
	return !explained;
}

/* At a $NAME that stands for nothing. */
static void suppress_name(struct session *session, const char *dollar, size_t length)
{
	const char *name = dollar + (length > 1 && dollar[1] == '{' ? 2 : 1),
		   *end = dollar + length;

	if (end > name && end[-1] == '}')
		end--;
	if (end > name) {
		auto_free char *copy = xstrndup(name, (size_t)(end - name));

		suppress_add(session->suppress, copy);
	}
}

/* The same of a line that could not be read into words, and ended at `end`. A name that nobody
 * knows is news once. */
static bool is_news_of_text(struct session *session, const struct source *source, size_t offset,
			    size_t end, const struct token *fault)
{
	if (!session->validate_only)
		return true;
	suppress_line(session->suppress, session->language, source->text + offset, end - offset);
	if (source->text[fault->offset] == '$')
		suppress_name(session, source->text + fault->offset, fault->length);
	return !session->in_doubt;
}

static void execute_line(struct session *session, const struct line *line)
{
	const struct token *token = NULL;
	struct statement statement = { 0 };
	struct error err = { 0 };
	int r = statement_parse(session->language, session->lab->model, line, &statement, &token,
				&err);

	session->fault = NULL;
	if (session->lost && !(r >= 0 && statement.kind == STATEMENT_COMMAND &&
			       statement.arguments.command->flags & COMMAND_ENDED)) {
		statement_free(&statement);
		session_machine(session, -ESRCH);
		session_complain(session, NULL, session->lost);
		return;
	}
	if (r < 0) {
		if (is_news(session, line, NULL, token))
			session_complain(session, token, &err);
		return;
	}
	r = session_execute(session, &statement, &err);
	/* A program's own 1 says nothing about the lab. */
	if (statement.kind == STATEMENT_COMMAND && r == EXIT_EXPECTATION)
		session->check_failed = true;
	if (statement.kind == STATEMENT_NODE)
		session_judge(session, r);
	if (r < 0 && !session->machine_fault && statement.kind == STATEMENT_COMMAND)
		command_hint(statement.arguments.command, &err);
	if (r >= 0)
		session->last_status = r;
	else if (is_news(session, line, &statement, session->fault))
		session_complain(session, session->fault, &err);
	statement_free(&statement);
}

/* A node, or the first of those that braces make of the word. */
static bool begins_with_node(const struct session *session, const char *word)
{
	struct source source = { .name = "", .text = word };
	struct line line = { 0 };
	struct braces braces;
	struct token fault;
	auto_free char *text = NULL;
	bool is = braces_find(&source, 0, 1, session->language, session->lab->model, NULL, NULL,
			      &braces, &fault, NULL) >= 0 &&
		  braces_line(&braces, 0, NULL, NULL, &line, &text, &fault, NULL) > 0 &&
		  model_is_node(session->lab->model, line.token[0].word);

	line_free(&line);
	braces_free(&braces);
	return is;
}

/*
 * Is this something else than a line of a lab? What of a foreign file does not begin with a word of
 * the language, or with a node, may be anything that the user can read, and is not shown.
 */
static bool is_no_line(const struct session *session, const struct script *script)
{
	const char *word = script->source.text + script->offset;
	size_t length;
	auto_free char *first = NULL;

	if (script->offset >= script->source.length)
		return false;
	word += script->offset == 0 && strncmp(word, "\xef\xbb\xbf", 3) == 0 ? 3 : 0;
	word += strspn(word, " \t\r");
	if (*word == '\n' || *word == '#' || word == script->source.text + script->source.length)
		return false;
	length = strcspn(word, " \t\r\n\\");
	first = xstrndup(word, length);
	/* A word of shells, too, in whose files it stands before secrets. */
	if (strcmp(first, "export") == 0)
		return strncmp(word, "export terraform", strlen("export terraform")) != 0;
	return !command_is_reserved(session->language, first) && !begins_with_node(session, first);
}

static void refuse_foreign(struct session *session, struct script *script)
{
	struct error err = { 0 };

	error_set(&err, -EINVAL, "line %u begins with no command and no node: is this a lab?",
		  script->line_number);
	error_hint(&err, "its text is not shown, because the file was not named by you");
	session_complain(session, NULL, &err);
	script->offset = script->source.length;
}

/* `LINE > FILE &` is the line in the background: its & comes to stand before the redirection. */
static void move_ampersand(struct line *line, size_t at_operator)
{
	struct token last = line->token[line->n_token - 1];

	if (last.quoted || strcmp(last.word, "&") != 0)
		return;
	memmove(&line->token[at_operator + 1], &line->token[at_operator],
		(line->n_token - 1 - at_operator) * sizeof(last));
	line->token[at_operator] = last;
}

/* False: it cannot be, and the line is not carried out. */
static bool begin_redirection(struct session *session, struct line *line,
			      struct redirection *redirection)
{
	size_t at_operator = statement_redirection(session->language, session->lab->model,
						   line->token, line->n_token);
	struct error err = { 0 };
	int r;

	session->fault = NULL;
	if (at_operator == line->n_token)
		return true;
	move_ampersand(line, at_operator);
	r = redirect_begin(session, line, redirection, &err);
	if (r < 0)
		session_complain(session, session->fault, &err);
	return r >= 0;
}

/* What the programs say in the end is what the line says, where that is worse. */
static void end_redirection(struct session *session, struct redirection *redirection)
{
	const bool piped = session->is_piped;
	struct error err = { 0 };
	int r = redirect_end(session, redirection, &err);

	if (r < 0) {
		session_complain(session, NULL, &err);
	} else if (piped) {
		session->last_status = r;
		session_judge(session, r);
	}
}

/* `trace watch FLOW &`: of our own work, what goes on by itself. */
static bool watches_behind(const struct line *line)
{
	const struct token *last = &line->token[line->n_token - 1];

	return line->n_token > 2 && !last->quoted && strcmp(last->word, "&") == 0 &&
	       strcmp(line->token[0].word, "trace") == 0 &&
	       strcmp(line->token[1].word, "watch") == 0;
}

/* In a child of ours, which has the lab as it is now. At the prompt what it prints is a note. */
static void watch_behind(struct session *session, struct line *line)
{
	struct error err = { 0 };
	const struct token *token = NULL;
	struct statement statement = { 0 };
	unsigned number;
	int out, status, r;
	pid_t pid;

	line->n_token--;
	session->fault = NULL;
	/* What is wrong with it is said here, and no job is made. */
	r = statement_parse(session->language, session->lab->model, line, &statement, &token, &err);
	if (r >= 0) {
		session->validate_only = true;
		r = session_execute(session, &statement, &err);
		session->validate_only = false;
		token = session->fault;
	}
	statement_free(&statement);
	if (r < 0 || session_build(session, &err) < 0) {
		session_complain(session, r < 0 ? token : NULL, &err);
		return;
	}
	out = session->interactive && session->out == stdout ? jobs_note_writer(session->jobs)
							     : fileno(session->out);
	fflush(NULL);
	pid = fork();
	if (pid == 0) {
		(void)setpgid(0, 0);
		(void)signal(SIGINT, SIG_DFL);
		if (session->interactive && dup2(out, STDERR_FILENO) < 0)
			_exit(EXIT_MACHINE);
		session->out = fdopen(dup(out), "w");
		session->interactive = false;
		session->job = jobs_next(session->jobs);
		session->color_err = session->color_err && isatty(STDERR_FILENO);
		execute_line(session, line);
		status = session_exit_status(session);
		if (session->out)
			fflush(session->out);
		_exit(status);
	}
	if (pid < 0) {
		session_machine(session, error_set(&err, -errno, "cannot start a process: %s",
						   strerror(errno)));
		session_complain(session, NULL, &err);
		return;
	}
	(void)setpgid(pid, pid);
	number = jobs_add(session->jobs, pid, session->line_text, false);
	jobs_last(session->jobs)->ends_with_session = true;
	if (session->interactive)
		fprintf(stderr, "[%u] %d\n", number, (int)pid);
	session->last_status = EXIT_OK;
}

/* The line without what it is redirected to. */
static void execute_head(struct session *session, const struct line *line)
{
	struct line head = { .token = line->token,
			     .n_token = statement_redirection(session->language,
							      session->lab->model, line->token,
							      line->n_token),
			     .number = line->number };

	session->line = &head;
	if (!session->validate_only && watches_behind(&head))
		watch_behind(session, &head);
	else
		execute_line(session, &head);
	session->line = line;
}

/* At the prompt, each line is a batch of its own. */
static void commit_typed(struct session *session)
{
	struct error err = { 0 };

	if (session_commit(session, &err) < 0)
		session_complain(session, NULL, &err);
}

bool session_next(struct session *session, struct script *script)
{
	const struct script *outer_script = session->script;
	const struct line *outer_line = session->line;
	const char *outer_text = session->line_text;
	size_t offset = script->offset;
	struct error err = { 0 }, lost = { 0 };
	struct redirection redirection = { 0 };
	struct token fault = { 0 };
	struct braces braces;
	bool begun = true;
	int r;

	session->script = script;
	session->in_doubt = false;
	session->lost = lab_refresh(session->lab, &lost) < 0 ? &lost : NULL;
	if (script->foreign && is_no_line(session, script)) {
		refuse_foreign(session, script);
		session->script = outer_script;
		return false;
	}
	session->told = false;
	r = braces_find(&script->source, offset, script->line_number, session->language,
			session->lab->model, session_expand, session, &braces, &fault, &err);
	for (size_t i = 0; r >= 0 && i < braces.n_line && !session->stopped; i++) {
		struct line line = { 0 };
		auto_free char *text = NULL, *written = NULL, *title = NULL;

		r = braces_line(&braces, i, session_expand, session, &line, &text, &fault, &err);
		script->offset = braces.next;
		script->line_number = braces.next_number;
		if (r > 0 && line.n_token) {
			session->line = &line;
			session->line_text = text;
			if (i == 0) {
				title = script_take_title(script);
				if (title && session->steps && session->report)
					report_title(session->report, title);
				written = braces_text(&braces);
				session->written = written;
				begun = begin_redirection(session, &line, &redirection);
			}
			if (begun)
				execute_head(session, &line);
			if (i + 1 == braces.n_line || session->stopped)
				end_redirection(session, &redirection);
		} else if (r > 0) {
			script_note_comment(script, offset);
		}
		session->written = NULL;
		line_free(&line);
	}
	script->offset = braces.next;
	script->line_number = braces.next_number;
	if (r < 0 && is_news_of_text(session, &script->source, offset, script->offset, &fault))
		session_complain(session, &fault, &err);
	else if (r > 0 && session->interactive && script->depth == 0)
		commit_typed(session);
	braces_free(&braces);
	session->script = outer_script;
	session->line = outer_line;
	session->line_text = outer_text;
	session->lost = NULL;
	return r != 0;
}

int session_flush(struct session *session)
{
	struct error err = { 0 };
	int r = expect_flush(session, &err);

	if (r < 0)
		session_machine(session, r);
	else
		r = session_commit(session, &err);
	if (r < 0)
		session_complain(session, NULL, &err);
	return session->stopped;
}

/* A session that only validates, with all variables of this one, which stay as they are. */
static struct session *new_reader(const struct session *session)
{
	struct session *reader = session_new(lab_new_private(true), session->language);

	reader->validate_only = true;
	reader->color_err = session->color_err;
	variables_copy(reader->variables, session->variables);
	return reader;
}

int session_read_ahead(struct session *session, const struct script *script)
{
	struct session *reader = new_reader(session);
	struct lab *lab = reader->lab;
	struct script ahead = *script;
	int status;

	ahead.comment = (struct text){ 0 };
	model_free(lab->model);
	lab->model = model_copy(session->lab->model);
	reader->format = session->format;
	reader->remarks = session->remarks;
	reader->reads_ahead = true;
	reader->quiet = true; /* what is left out of a plan of Terraform is told when it counts */
	reader->n_included = session->n_included;
	reader->included_bytes = session->included_bytes;
	status = session_run(reader, &ahead);
	if (script->includer)
		repeats_write(stderr, &reader->repeats, &script->source);
	status = reader->n_mistake && !status ? EXIT_INPUT : status;
	if (status) {
		session->n_mistake += reader->n_mistake;
		session->last_status = session->stopped = status;
		free(session->stopped_why);
		session->stopped_why = take_ptr(reader->stopped_why);
	}
	text_free(&ahead.comment);
	session_free(reader);
	lab_close(lab);
	return status;
}

/* Nobody has looked at the file yet: what was typed names it, not a file that was read ahead. */
static bool is_typed(const struct session *session)
{
	return !session->validate_only && !session->script->name;
}

int session_include(struct session *session, const char *path, struct error *err)
{
	struct script script;
	size_t group;
	int r;

	if (session->interactive && session->script->depth == 0) {
		session->n_included = 0;
		session->included_bytes = 0;
	}
	if (session->n_included >= INCLUDES_MAX)
		return error_set(err, -E2BIG, "more than %d files are included", INCLUDES_MAX);
	session->n_included++;
	r = script_open(&script, session->language, path, session->script, err);
	if (r < 0)
		return file_fault_is_machines(r) ? session_machine(session, r) : r;
	session->included_bytes += script.source.length;
	group = session->report ? report_group(session->report) : 0;
	if (session->included_bytes > SCRIPT_SIZE_MAX)
		r = error_set(err, -E2BIG, "the included files are longer than 64 MiB");
	else if (!is_typed(session) || !(r = session_read_ahead(session, &script)))
		r = session_run(session, &script);
	if (session->report)
		report_resume(session->report, group);
	script_close(&script);
	return r;
}

int session_run(struct session *session, struct script *script)
{
	if (script->imported.n_note && !session->quiet)
		terraform_notes_write(stderr, script->source.name, &script->imported);
	while (!session->stopped && !session->exit_asked && session_next(session, script)) {
		if (interrupt_ended())
			session->stopped = interrupt_ended();
		else if (session->interactive && interrupt_seen())
			session->stopped = EXIT_INTERRUPTED;
	}
	/* What was accepted before a mistake stays. What a file includes gathers with what stands
	 * behind it. */
	if (!script->includer || session->interactive) {
		session_flush(session);
		repeats_write(stderr, &session->repeats, &script->source);
	}
	return session->stopped;
}

int session_other_lab(const struct session *session, const char *word, struct lab **ret_lab,
		      struct error *err)
{
	struct error no_lab = { 0 };
	struct session *reader;
	struct script script;
	unsigned n_mistake;
	pid_t keeper;
	int r;

	if (registry_find(word, &keeper, &no_lab) >= 0)
		return lab_open(word, ret_lab, err);
	r = script_open(&script, session->language, word, NULL, err);
	if (r < 0) {
		if (r == -ENOENT && *no_lab.hint && !strchr(word, '/'))
			error_hint(err, "%s", no_lab.hint);
		return r;
	}
	reader = new_reader(session);
	session_run(reader, &script);
	n_mistake = reader->n_mistake;
	*ret_lab = reader->lab;
	session_free(reader);
	script_close(&script);
	if (!n_mistake)
		return 0;
	lab_close(*ret_lab);
	return error_set(err, -EINVAL, "%.128s is no lab: %u mistake%s", word, n_mistake,
			 n_mistake == 1 ? "" : "s");
}
