/* SPDX-License-Identifier: GPL-3.0-only */
#include "cli/session/script.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "core/base/cleanup.h"
#include "core/base/memory.h"
#include "core/base/nearest.h"
#include "core/base/text.h"

void script_from_text(struct script *script, const char *name, const char *text)
{
	*script = (struct script){
		.source = { .name = name, .text = text, .length = strlen(text) },
		.line_number = 1,
	};
}

int script_read(int fd, const char *name, char **ret_text, size_t *ret_length, struct error *err)
{
	auto_text text = { 0 };
	char chunk[65536];

	for (;;) {
		ssize_t n = read(fd, chunk, sizeof(chunk));

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return error_set(err, -errno, "cannot read %s: %s", name, strerror(errno));
		if (n == 0)
			break;
		text_add_n(&text, chunk, (size_t)n);
		if (text.length > SCRIPT_SIZE_MAX)
			return error_set(err, -EFBIG, "cannot read %s: it is longer than 64 MiB",
					 name);
	}
	*ret_length = text.length;
	*ret_text = text_take(&text);
	return 0;
}

char *script_path_beside(const struct script *script, const char *path)
{
	const char *slash = strrchr(script->source.name, '/');

	if (path[0] == '/' || !slash)
		return xstrdup(path);
	return xprintf("%.*s%s", (int)(slash - script->source.name + 1), script->source.name, path);
}

static int refuse_cycle(const struct script *script, struct error *err)
{
	for (const struct script *outer = script->includer; outer; outer = outer->includer)
		if (outer->name && outer->device == script->device && outer->inode == script->inode)
			return error_set(err, -ELOOP, "%s includes itself%s%s", script->name,
					 outer == script->includer ? "" : ", by way of ",
					 outer == script->includer ? ""
								   : script->includer->source.name);
	if (script->depth > SCRIPT_DEPTH_MAX)
		return error_set(err, -ELOOP, "%s would be file number %u that includes another",
				 script->name, script->depth);
	return 0;
}

/* What Terraform says of a network becomes the lab's own language before anybody reads it. */
static int import_json(struct script *script, const struct language *language, struct error *err)
{
	static const char zip[] = "PK\3\4";
	int r;

	if (script->source.length >= strlen(zip) && memcmp(script->text, zip, strlen(zip)) == 0) {
		error_set(err, -EINVAL, "%s is a saved plan, which only Terraform itself can read",
			  script->name);
		return error_hint(err, "terraform show -json %s > plan.json", script->name);
	}
	if (!terraform_is_json(script->text, script->source.length))
		return 0;
	r = terraform_import(script->text, script->source.length, language, &script->imported, err);
	script->text = NULL;
	if (r < 0) {
		error_wrap(err, "cannot import %s", script->name);
		return r;
	}
	script->text = xstrdup(script->imported.text);
	script->source.length = strlen(script->text);
	return 0;
}

/* A file that another file names may be any that the user can read, and so may a link. */
static bool is_foreign(const struct script *script)
{
	struct stat st;

	return (script->includer && script->includer->name) ||
	       (lstat(script->name, &st) == 0 && S_ISLNK(st.st_mode));
}

static int refuse_special(const struct script *script, mode_t mode, struct error *err)
{
	const char *what = S_ISDIR(mode)                    ? "a directory"
			   : S_ISFIFO(mode)                 ? "a pipe"
			   : S_ISCHR(mode) || S_ISBLK(mode) ? "a device"
							    : "a socket";

	error_set(err, S_ISDIR(mode) ? -EISDIR : -EINVAL, "cannot read %s: it is %s, no file",
		  script->name, what);
	if (S_ISFIFO(mode))
		error_hint(err, "- is standard input, which may be a pipe");
	else if (S_ISDIR(mode))
		error_hint(err, "for all labs in it: %s/*.lab", script->name);
	else
		error_hint(err, "- is standard input");
	return S_ISDIR(mode) ? -EISDIR : -EINVAL;
}

/*
 * The descriptor that the caller has opened for us, which may be a pipe: "-", or what a shell
 * writes for <(COMMAND). -1: it is the name of a file.
 */
static int given_descriptor(const struct script *script)
{
	static const char prefix[] = "/dev/fd/";
	const char *digits = script->name + sizeof(prefix) - 1;
	char *end;
	long fd;

	if (script->includer)
		return -1;
	if (strcmp(script->name, "-") == 0)
		return STDIN_FILENO;
	if (strncmp(script->name, prefix, sizeof(prefix) - 1) != 0)
		return -1;
	fd = strtol(digits, &end, 10);
	return end > digits && !*end && fd >= 0 && fd <= INT_MAX ? (int)fd : -1;
}

const char *script_shown_name(const char *path)
{
	return strcmp(path, "-") == 0 ? "<stdin>" : path;
}

/* For a file that the user has named: the one that he meant, or where it was looked for. What
 * another file names says nothing of the user's folders. */
static void hint_missing(const struct script *script, struct error *err)
{
	const char *slash = strrchr(script->name, '/'), *base = slash ? slash + 1 : script->name;
	const int n_folder = (int)(base - script->name);
	auto_free char *folder = n_folder ? xstrndup(script->name, (size_t)n_folder) : xstrdup("."),
		       *whole = realpath(folder, NULL);
	auto_dir DIR *directory = opendir(folder);
	struct nearest nearest = { .typed = base };
	const struct dirent *entry;

	if (script->includer && script->includer->name)
		return;
	while (directory && (entry = readdir(directory)))
		nearest_offer(&nearest, entry->d_name);
	if (nearest.best[0])
		error_hint(err, "did you mean %.*s%s?", n_folder, script->name, nearest.best);
	else if (whole)
		error_hint(err, "it was looked for in %s", whole);
	else
		error_hint(err, "there is no folder %s", folder);
}

static int open_file(struct script *script, struct error *err)
{
	const int given = given_descriptor(script);
	const bool is_stdin = given == STDIN_FILENO;
	auto_fd int fd = -1;
	struct stat st;

	fd = given >= 0 ? fcntl(given, F_DUPFD_CLOEXEC, 3)
			: open(script->name, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
	if (fd < 0 || fstat(fd, &st) < 0) {
		int r = error_set(err, -errno, "cannot read %s: %s", script->name, strerror(errno));

		if (r == -ENOENT)
			hint_missing(script, err);
		return r;
	}
	if (!S_ISREG(st.st_mode) && (given < 0 || S_ISDIR(st.st_mode)))
		return refuse_special(script, st.st_mode, err);
	script->foreign = given < 0 && is_foreign(script);
	script->device = st.st_dev;
	script->inode = st.st_ino;
	/* A pipe or terminal that is read twice is at its end, not in a cycle. */
	if (S_ISREG(st.st_mode)) {
		int r = refuse_cycle(script, err);

		if (r < 0)
			return r;
	}
	if (is_stdin) {
		free(script->name);
		script->name = xstrdup(script_shown_name("-"));
	}
	return script_read(fd, script->name, &script->text, &script->source.length, err);
}

int script_open(struct script *script, const struct language *language, const char *path,
		const struct script *includer, struct error *err)
{
	int r;

	*script = (struct script){
		.name = xstrdup(path),
		.line_number = 1,
		.includer = includer,
		.depth = includer ? includer->depth + 1 : 0,
	};
	r = open_file(script, err);
	if (r >= 0)
		r = import_json(script, language, err);
	if (r < 0) {
		script_close(script);
		return r;
	}
	script->source.name = script->name;
	script->source.text = script->text;
	script->source.origin = script->imported.origin;
	script->source.n_origin = script->imported.n_origin;
	return 0;
}

void script_note_comment(struct script *script, size_t offset)
{
	const char *s = script->source.text + offset;
	size_t length;

	s += offset == 0 && strncmp(s, "\xef\xbb\xbf", 3) == 0 ? 3 : 0;
	s += strspn(s, " \t");
	if (*s != '#' || strncmp(s, "#!", 2) == 0) {
		script->comment_state = COMMENT_NONE;
		return;
	}
	if (script->comment_state == COMMENT_NONE) {
		text_clear(&script->comment);
		script->comment_state = COMMENT_OPEN;
	}
	s += strspn(s, "# \t");
	length = strcspn(s, "\r\n");
	if (!length && script->comment.length)
		script->comment_state = COMMENT_FULL;
	if (script->comment_state == COMMENT_OPEN)
		text_addf(&script->comment, "%s%.*s", script->comment.length ? " " : "",
			  (int)length, s);
}

char *script_take_title(struct script *script)
{
	const char *comment = text_get(&script->comment), *end = strstr(comment, ". ");
	size_t length = end ? (size_t)(end - comment) : script->comment.length;
	char *title = length ? xstrndup(comment, length - (!end && comment[length - 1] == '.'))
			     : NULL;

	text_clear(&script->comment);
	script->comment_state = COMMENT_NONE;
	return title;
}

void script_close(struct script *script)
{
	free(script->name);
	free(script->text);
	text_free(&script->comment);
	terraform_free(&script->imported);
	*script = (struct script){ 0 };
}
