/* SPDX-License-Identifier: GPL-3.0-only */
#include "cli/session/redirect.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "core/base/cleanup.h"
#include "core/base/memory.h"
#include "core/base/text.h"
#include "lab/language/statement.h"

/* ---- programs of the user's machine ---- */

int redirect_spawn(const struct spawn *spawn, pid_t *ret_pid, struct error *err)
{
	const int streams[3] = { spawn->stdin_fd, spawn->stdout_fd, spawn->stderr_fd };
	posix_spawn_file_actions_t actions;
	posix_spawnattr_t attributes;
	short flags = POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK;
	sigset_t all, none;
	int r;

	sigfillset(&all);
	sigemptyset(&none);
	if (!spawn->own_group) /* nobody would wake it again */
		sigdelset(&all, SIGTSTP);
	posix_spawn_file_actions_init(&actions);
	posix_spawnattr_init(&attributes);
	posix_spawnattr_setsigdefault(&attributes, &all);
	posix_spawnattr_setsigmask(&attributes, &none);
	if (spawn->own_group) {
		flags |= POSIX_SPAWN_SETPGROUP;
		posix_spawnattr_setpgroup(&attributes, 0);
		if (spawn->foreground && tcgetpgrp(STDIN_FILENO) == getpgrp())
			posix_spawn_file_actions_addtcsetpgrp_np(&actions, STDIN_FILENO);
	}
	posix_spawnattr_setflags(&attributes, flags);
	for (int i = 0; i < 3; i++)
		if (streams[i] >= 0)
			posix_spawn_file_actions_adddup2(&actions, streams[i], i);
	fflush(NULL);
	r = posix_spawnp(ret_pid, spawn->argv[0], &actions, &attributes, spawn->argv, environ);
	posix_spawn_file_actions_destroy(&actions);
	posix_spawnattr_destroy(&attributes);
	/* A directory of the path that may not be looked into gives EACCES for what is in none. */
	if (r == ENOENT || (r == EACCES && !strchr(spawn->argv[0], '/')))
		return error_set(err, -r, "there is no program %.200s on this machine",
				 spawn->argv[0]);
	return r ? error_set(err, -r, "cannot run %.200s: %s", spawn->argv[0], strerror(r)) : 0;
}

static int wait_for(pid_t pid)
{
	int status = 0;

	while (waitpid(pid, &status, 0) < 0)
		if (errno != EINTR)
			return 0;
	return WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
}

/* ---- | and > ---- */

static bool is_operator(const struct token *token)
{
	return !token->quoted && (strcmp(token->word, "|") == 0 || token->word[0] == '>');
}

static bool is_ampersand(const struct token *token)
{
	return !token->quoted && strcmp(token->word, "&") == 0;
}

static int refuse(struct session *session, const struct token *token, struct error *err,
		  const char *what)
{
	session->fault = token;
	error_set(err, -EINVAL, "%s", what);
	error_hint(err, "LINE | PROGRAM..., LINE > FILE, LINE >> FILE; as a word write '%s'",
		   token->word);
	return -EINVAL;
}

static int open_file(struct redirection *redirection, const struct token *token, const char *path,
		     struct session *session, struct error *err)
{
	const bool append = token->word[1] == '>';
	int fd = open(path,
		      O_WRONLY | O_CREAT | O_CLOEXEC | O_NOCTTY | (append ? O_APPEND : O_TRUNC),
		      0666);

	session->fault = token;
	if (fd < 0)
		return error_set(err, -errno, "cannot write %.512s: %s", path, strerror(errno));
	redirection->file = path;
	redirection->out = fdopen(fd, append ? "a" : "w");
	return 0;
}

/* The program reads what is to be written to the new pipe; *out is what it writes to. */
static int open_pipe(struct redirection *redirection, const struct token *token, size_t n,
		     struct session *session, struct error *err)
{
	auto_free char **argv = xalloc((n + 1) * sizeof(*argv));
	struct spawn spawn = { .argv = argv,
			       .stdout_fd = redirection->out ? fileno(redirection->out) : -1,
			       .stderr_fd = -1 };
	int ends[2], r;
	pid_t pid;

	for (size_t i = 0; i < n; i++)
		argv[i] = token[i].word;
	session->fault = token;
	if (pipe2(ends, O_CLOEXEC) < 0)
		return error_set(err, -errno, "cannot make a pipe: %s", strerror(errno));
	spawn.stdin_fd = ends[0];
	if (!redirection->out && session->out != stdout)
		spawn.stdout_fd = fileno(session->out);
	r = redirect_spawn(&spawn, &pid, err);
	close(ends[0]);
	if (r < 0) {
		close(ends[1]);
		return r;
	}
	if (redirection->out)
		fclose(redirection->out);
	redirection->out = fdopen(ends[1], "w");
	*ARRAY_PUSH(redirection->reader, redirection->n_reader) = pid;
	return 0;
}

/* From the last one on, so that each program finds its reader there. */
static int open_all(struct session *session, const struct token *token, size_t n,
		    struct redirection *redirection, struct error *err)
{
	for (size_t end = n, at = n; at-- > 0;) {
		const char *path = token[at].word;
		int r = 0;

		if (!is_operator(&token[at]))
			continue;
		if (*path == '|') {
			if (end - at < 2)
				return refuse(session, &token[at], err, "no program follows the |");
			if (!session->validate_only)
				r = open_pipe(redirection, &token[at + 1], end - at - 1, session,
					      err);
		} else {
			path += strspn(path, ">");
			if (path - token[at].word > 2 || end - at != (*path ? 1 : 2) || end < n)
				return refuse(session, &token[at], err,
					      "one file, and nothing else, follows a >");
			path = *path ? path : token[at + 1].word;
			if (!session->validate_only)
				r = open_file(redirection, &token[at], path, session, err);
		}
		if (r < 0)
			return r;
		end = at;
	}
	session->fault = NULL;
	return 0;
}

int redirect_begin(struct session *session, const struct line *line,
		   struct redirection *ret_redirection, struct error *err)
{
	const size_t at_operator = statement_redirection(session->language, session->lab->model,
							 line->token, line->n_token);
	struct redirection *redirection = ret_redirection;
	int r;

	*redirection = (struct redirection){ .is_open = true,
					     .before = session->out,
					     .color_before = session->color_out };
	if (!session->validate_only)
		(void)signal(SIGPIPE, SIG_IGN); /* a reader that has enough */
	fflush(session->out);
	if (at_operator && line->token[at_operator].word[0] == '|' &&
	    is_ampersand(&line->token[at_operator - 1]))
		r = refuse(session, &line->token[at_operator - 1], err,
			   "a line with a pipe cannot go to the background");
	else
		r = open_all(session, line->token + at_operator, line->n_token - at_operator,
			     redirection, err);
	if (r < 0) {
		const struct token *fault = session->fault;

		(void)redirect_end(session, redirection, NULL);
		session->fault = fault;
		return r;
	}
	if (redirection->out) {
		session->out = redirection->out;
		session->color_out = false;
		session->is_piped = redirection->n_reader > 0;
	}
	return 0;
}

int redirect_end(struct session *session, struct redirection *redirection, struct error *err)
{
	int status = 0, r = 0;

	if (!redirection->is_open)
		return 0;
	if (redirection->out) {
		bool failed = ferror(redirection->out);

		errno = 0;
		if ((fclose(redirection->out) != 0 || failed) && errno != EPIPE &&
		    !redirection->n_reader) {
			r = errno ? -errno : -ENOSPC;
			session_machine(session, r);
			error_set(err, r, "cannot write %.512s: %s", redirection->file,
				  strerror(-r));
		}
	}
	for (size_t i = 0; i < redirection->n_reader; i++) {
		int ended = wait_for(redirection->reader[i]);

		status = status ? status : ended;
	}
	if (!session->validate_only)
		(void)signal(SIGPIPE, SIG_DFL);
	free(redirection->reader);
	session->out = redirection->before;
	session->color_out = redirection->color_before;
	session->is_piped = false;
	*redirection = (struct redirection){ 0 };
	return r < 0 ? r : status;
}

/* ---- the pager ---- */

static unsigned terminal_rows(int fd)
{
	struct winsize size;

	return isatty(fd) && ioctl(fd, TIOCGWINSZ, &size) == 0 ? size.ws_row : 0;
}

void session_print(struct session *session, const char *text)
{
	const unsigned rows = session->interactive && isatty(STDIN_FILENO)
				      ? terminal_rows(fileno(session->out))
				      : 0;
	const char *pager = getenv("PAGER");
	auto_free char *words = xprintf("show | %s", pager ? pager : "less");
	const struct source source = { .name = "", .text = words };
	struct redirection redirection = { 0 };
	struct line line = { 0 };
	size_t lines = 0, offset = 0;
	unsigned number = 1;

	for (const char *s = text; (s = strchr(s, '\n')); s++)
		lines++;
	if (rows && lines >= rows && (!pager || (*pager && strcmp(pager, "cat") != 0)) &&
	    tokenize_line(&source, &offset, &number, NULL, NULL, &line, NULL, NULL) > 0) {
		bool color = session->color_out;
		bool set = !getenv("LESS");

		if (set)
			setenv("LESS", "FRX", 1);
		(void)redirect_begin(session, &line, &redirection, NULL); /* none: as it is */
		session->color_out = color;
		if (set)
			unsetenv("LESS");
	}
	fputs(text, session->out);
	(void)redirect_end(session, &redirection, NULL);
	session->fault = NULL;
	line_free(&line);
}
