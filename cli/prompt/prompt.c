/* SPDX-License-Identifier: GPL-3.0-only */
#include "cli/prompt/prompt.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <readline/readline.h>

#include "cli/prompt/complete.h"
#include "cli/prompt/history.h"
#include "cli/session/interrupt.h"
#include "cli/session/jobs.h"
#include "cli/session/run.h"
#include "core/base/cleanup.h"
#include "core/base/memory.h"
#include "core/base/text.h"

/* readline's functions take no argument of ours. */
static struct session *prompting;
static struct completions completions;
static size_t next_completion;
static bool abandoned; /* Ctrl-C while a line was typed */
static bool ends_keys; /* the same where more keys of one command are waited for */
static char *first_prompt;
static int terminal = -1; /* standard input, opened anew so that a read of it does not wait */
static char word_breaks[] = " \t";

/* ---- completion ---- */

static char *generate(const char *text, int state)
{
	if (state == 0)
		next_completion = 0;
	if (next_completion < completions.n)
		return strdup(completions.item[next_completion++].word);
	if (!completions.or_file)
		return NULL;
	rl_filename_completion_desired = 1;
	return rl_filename_completion_function(text, next_completion++ > completions.n);
}

static char **complete(const char *text, int start, int end)
{
	auto_free char *typed = xstrndup(rl_line_buffer, (size_t)start);
	struct source source = { .name = "", .text = typed };
	struct completion_source from;
	struct token fault;
	struct line before = { 0 };
	struct error err = { 0 };
	size_t offset = 0;
	unsigned number = 1;

	(void)end;
	rl_attempted_completion_over = 1;
	/* A quote that is open (text is what stands behind it) is no word before. */
	if (rl_completion_quote_character && start > 0)
		typed[start - 1] = '\0';
	if (tokenize_line(&source, &offset, &number, NULL, NULL, &before, &fault, &err) < 0)
		return NULL;
	(void)lab_refresh(prompting->lab, &err); /* other shells may have changed it */
	from = (struct completion_source){ prompting->language, prompting->lab->model,
					   prompting->variables, prompting->jobs };
	completions_free(&completions);
	complete_words(&from, before.token, before.n_token, text, &completions);
	line_free(&before);
	return rl_completion_matches(text, generate);
}

/* ---- lines ---- */

/* While readline waits for a key. It has gone to the last row of what it shows, which stays. */
static int after_signal(void)
{
	const bool searching = RL_ISSTATE(RL_STATE_ISEARCH | RL_STATE_NSEARCH) != 0;

	if (!interrupt_seen())
		return 0;
	abandoned = true;
	/* A search goes on until a key ends it, and Enter would carry out what it has found. What
	 * Esc or Ctrl-X has begun would take the first key of the next line. */
	ends_keys = searching || RL_ISSTATE(RL_STATE_MOREINPUT);
	rl_crlf();
	rl_on_new_line();
	if (searching)
		return 0;
	rl_replace_line("", 0);
	rl_set_prompt(first_prompt);
	rl_redisplay();
	return 0;
}

/* What work in the background says stands above the line that is being typed. */
static void print_notes(void)
{
	auto_text notes = { 0 };

	jobs_read_notes(prompting->jobs, &notes);
	if (!notes.length)
		return;
	rl_clear_visible_line();
	fputs(text_get(&notes), rl_outstream);
	rl_on_new_line();
	rl_redisplay();
}

/* Until a key, a signal or a note of the background comes. */
static void wait_for_input(struct pollfd inputs[2])
{
	sigset_t held, before;

	/* No signal may come between the look and the wait. */
	sigemptyset(&held);
	sigaddset(&held, SIGINT);
	sigprocmask(SIG_BLOCK, &held, &before);
	/* One may have come while the last key was at work. */
	rl_check_signals();
	(void)after_signal();
	inputs[0].revents = inputs[1].revents = 0;
	if (!ends_keys)
		(void)ppoll(inputs, 2, NULL, &before);
	sigprocmask(SIG_SETMASK, &before, NULL);
}

/*
 * Ctrl-C makes the terminal forget what was typed before it, so that a key that poll() has seen may
 * be gone when it is read: the read must not wait, or it would until the next key.
 */
static int get_key(FILE *stream)
{
	int keys = terminal >= 0 ? terminal : fileno(stream);
	struct pollfd inputs[] = { { .fd = keys, .events = POLLIN },
				   { .fd = jobs_notes(prompting->jobs), .events = POLLIN } };
	unsigned char key;
	ssize_t n;

	for (;;) {
		wait_for_input(inputs);
		if (ends_keys) {
			ends_keys = false;
			return ABORT_CHAR; /* leaves the line as it was before */
		}
		if (inputs[1].revents)
			print_notes();
		if (!inputs[0].revents)
			continue;
		n = read(keys, &key, 1);
		if (n == 1)
			return key;
		if (n == 0 || (errno != EAGAIN && errno != EINTR))
			return EOF;
	}
}

static bool continues(const char *line)
{
	size_t n = strlen(line), backslashes = 0;

	while (backslashes < n && line[n - 1 - backslashes] == '\\')
		backslashes++;
	return backslashes % 2 == 1;
}

/* With what a backslash at the end adds. NULL: Ctrl-D. */
static char *read_line(void)
{
	struct text text = { 0 };

	for (;;) {
		auto_free char *line = readline(text.length ? "> " : first_prompt);

		if (abandoned)
			text_clear(&text);
		abandoned = false;
		if (!line && !text.length) {
			text_free(&text);
			return NULL;
		}
		if (!line)
			break;
		text_add(&text, line);
		if (!continues(line))
			break;
		text_add_char(&text, '\n');
	}
	return text_take(&text);
}

/* In one line, as the history file has it. */
static void remember(const char *line)
{
	auto_text text = { 0 };

	for (; *line; line++) {
		if (line[0] == '\\' && line[1] == '\n') {
			text_add_char(&text, ' ');
			line++;
		} else {
			text_add_char(&text, *line);
		}
	}
	history_add(text_get(&text));
}

/*
 * Started in the background ("vpclab &"): stop as any program that reads the terminal, until the
 * shell's fg. Once the prompt ignores SIGTTIN that would look like the end of the input. A process
 * group that nobody can stop is not waited for.
 */
static void wait_for_foreground(void)
{
	for (int i = 0; i < 16; i++) {
		pid_t front = tcgetpgrp(STDIN_FILENO);

		if (front < 0 || front == getpgrp())
			return;
		(void)kill(0, SIGTTIN);
	}
}

static void set_up(struct session *session)
{
	const char *name = session->lab->name ? session->lab->name : "vpclab";

	prompting = session;
	/* \001 and \002 enclose what takes no room on the screen. */
	first_prompt = session->color_out ? xprintf("\001\033[1;36m\002%s>\001\033[0m\002 ", name)
					  : xprintf("%s> ", name);
	rl_readline_name = "vpclab";
	rl_attempted_completion_function = complete;
	rl_completer_word_break_characters = word_breaks;
	rl_completer_quote_characters = "'\"";
	rl_signal_event_hook = after_signal;
	rl_getc_function = get_key;
	terminal = open("/proc/self/fd/0", O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
	history_open();
	wait_for_foreground();
	interrupt_note_only();
}

void prompt_open(struct session *session)
{
	session->interactive = true;
	set_up(session);
}

static void print_waiting_notes(struct session *session)
{
	auto_text notes = { 0 };

	jobs_read_notes(session->jobs, &notes);
	fputs(text_get(&notes), stdout);
}

bool prompt_next(struct session *session)
{
	auto_free char *line = NULL;
	struct script script;

	if (session->exit_asked)
		return false;
	print_waiting_notes(session);
	jobs_reap(session->jobs, stderr);
	(void)interrupt_seen(); /* from here on it is for this line, or the command in it */
	line = read_line();
	/* A signal may have come between two halves of what readline draws; it has drawn it again.
	 */
	clearerr(stdout);
	if (!line) {
		fputc('\n', stderr);
		return false;
	}
	remember(line);
	script_from_text(&script, "", line);
	session->stopped = 0;
	session_run(session, &script);
	return true;
}

void prompt_close(void)
{
	completions_free(&completions);
	free(first_prompt);
	first_prompt = NULL;
	rl_signal_event_hook = NULL;
	rl_getc_function = rl_getc;
	if (terminal >= 0)
		(void)close(terminal);
	terminal = -1;
	prompting = NULL;
}
