/* SPDX-License-Identifier: GPL-3.0-only */
/* `vpclab learn`: a topology as a tutorial; and which ones there are. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli/commands/language.h"
#include "cli/learn/lesson.h"
#include "cli/learn/tutor.h"
#include "cli/learn/tutorials.h"
#include "cli/main/program.h"
#include "cli/session/interrupt.h"
#include "cli/session/report.h"
#include "cli/view/terminal.h"
#include "cli/view/wrap.h"
#include "core/base/cleanup.h"
#include "core/base/memory.h"
#include "core/base/text.h"

/* A lesson, and the file that it borrows from. */
struct tutorial {
	char *name;
	struct script script;
	struct lesson lesson;
};

static void tutorial_free(struct tutorial *tutorial)
{
	lesson_free(&tutorial->lesson);
	script_close(&tutorial->script);
	free(tutorial->name);
}

/* By a tutorial's name or a file's. Returns an exit status; what is wrong is printed. */
static int open_tutorial(const struct options *options, const char *word,
			 struct tutorial *ret_tutorial)
{
	auto_free char *path = NULL;
	struct session *reader;
	struct error err = { 0 };
	int r;

	*ret_tutorial = (struct tutorial){ 0 };
	if (tutorials_find(word, &path, &err) < 0 ||
	    script_open(&ret_tutorial->script, &cli_language, path, NULL, &err) < 0)
		return program_error(options, EXIT_INPUT, &err);
	reader = program_reader(options);
	r = lesson_read(&ret_tutorial->lesson, reader, &ret_tutorial->script);
	program_reader_free(reader);
	if (r < 0) {
		script_close(&ret_tutorial->script);
		return EXIT_INPUT;
	}
	ret_tutorial->name = xstrdup(word);
	return EXIT_OK;
}

/* ---- the list ---- */

/* Those with fewer steps first: the easiest to begin with. */
static int compare_tutorials(const void *a, const void *b)
{
	const struct tutorial *first = a, *second = b;
	unsigned n_first = first->lesson.n_step, n_second = second->lesson.n_step;

	return n_first != n_second ? (n_first > n_second) - (n_first < n_second)
				   : strcmp(first->name, second->name);
}

/* All of them that can be read, in that order. */
static int open_all(const struct options *options, struct tutorial **ret_tutorials, size_t *ret_n,
		    struct error *err)
{
	struct tutorial *tutorials = NULL;
	char **names;
	size_t n_names, n = 0;
	int r = tutorials_list(&names, &n_names, err);

	if (r < 0)
		return r;
	for (size_t i = 0; i < n_names; i++) {
		struct tutorial tutorial;

		if (open_tutorial(options, names[i], &tutorial) == EXIT_OK)
			*ARRAY_PUSH(tutorials, n) = tutorial;
	}
	strings_free(names, n_names);
	if (n)
		qsort(tutorials, n, sizeof(*tutorials), compare_tutorials);
	*ret_tutorials = tutorials;
	*ret_n = n;
	return 0;
}

static void free_all(struct tutorial *tutorials, size_t n)
{
	for (size_t i = 0; i < n; i++)
		tutorial_free(&tutorials[i]);
	free(tutorials);
}

static void write_data(const struct options *options, const struct tutorial *tutorials, size_t n)
{
	struct output *output = output_new();

	output_begin_array(output, NULL);
	for (size_t i = 0; i < n; i++) {
		output_begin_object(output, NULL);
		output_string(output, "name", tutorials[i].name);
		output_number(output, "steps", tutorials[i].lesson.n_step);
		output_string(output, "title", tutorials[i].lesson.title);
		output_end(output);
	}
	output_end(output);
	(void)program_write(options, output);
}

/* The introduction up to its drawing. */
static void add_prose(struct text *text, const char *introduction, size_t width)
{
	while (*introduction && *introduction != ' ') {
		size_t length = strcspn(introduction, "\n");
		auto_free char *paragraph = xstrndup(introduction, length);

		text_add(text, "    ");
		wrap_add_line(text, paragraph, 4, 4, width);
		introduction += length + (introduction[length] == '\n');
	}
}

static void write_list(const struct options *options, const struct tutorial *tutorials, size_t n)
{
	const bool color = program_color(options, stdout);
	const unsigned columns = terminal_width(STDOUT_FILENO);
	auto_text text = { 0 };

	for (size_t i = 0; i < n; i++) {
		const struct lesson *lesson = &tutorials[i].lesson;

		text_addf(&text, "%s%s%s  %s (%u steps)\n", color ? "\033[1m" : "",
			  tutorials[i].name, color ? "\033[0m" : "", lesson->title, lesson->n_step);
		if (!options->quiet)
			add_prose(&text, lesson->introduction, columns ? columns : TERMINAL_WIDTH);
	}
	fputs(text_get(&text), stdout);
	if (!options->quiet)
		fprintf(stderr,
			"vpclab learn NAME begins one; vpclab learn FILE takes any topology.\n");
}

static int list(const struct options *options)
{
	struct tutorial *tutorials;
	struct error err = { 0 };
	size_t n;

	if (open_all(options, &tutorials, &n, &err) < 0)
		return program_error(options, EXIT_MACHINE, &err);
	if (options->format == OUTPUT_JSON)
		write_data(options, tutorials, n);
	else
		write_list(options, tutorials, n);
	free_all(tutorials, n);
	return EXIT_OK;
}

/* ---- a lesson ---- */

/* The one behind it in the list. The caller frees; NULL: it is the last, or not from there. */
static char *find_next(const struct options *options, const char *name)
{
	struct tutorial *tutorials;
	char *next = NULL;
	size_t n;

	if (open_all(options, &tutorials, &n, &(struct error){ 0 }) < 0)
		return NULL;
	for (size_t i = 0; i + 1 < n; i++)
		if (strcmp(tutorials[i].name, name) == 0)
			next = xstrdup(tutorials[i + 1].name);
	free_all(tutorials, n);
	return next;
}

static struct session *begin_reader(const void *options)
{
	return program_reader(options);
}

static int learn(const struct options *options, const struct tutorial *tutorial)
{
	const struct reader_maker readers = { begin_reader, program_reader_free, options };
	auto_free char *next = find_next(options, tutorial->name);
	struct lab *lab = lab_new_private(false);
	struct session *session = program_session(options, lab);
	struct tutor *tutor = tutor_new(&tutorial->lesson, session, &readers, next);
	int status;

	if (!isatty(STDIN_FILENO))
		interrupt_ends_lab(lab);
	session->report = program_report(options);
	tutor_begin(tutor);
	status = program_converse(options, session, tutor);
	/* What the learner's last command came to is not what the lesson came to. */
	if (session->stopped != EXIT_MACHINE && session->stopped != EXIT_INTERRUPTED)
		status = tutor_end(tutor);
	interrupt_ends_lab(NULL);
	tutor_free(tutor);
	report_free(session->report);
	session_free(session);
	lab_close(lab);
	return status;
}

static int refuse_empty(const struct options *options, const struct tutorial *tutorial)
{
	struct error err;

	error_set(&err, -EINVAL, "there is nothing to do in %s: no line of it changes the lab",
		  tutorial->script.name);
	return program_error(options, EXIT_INPUT, &err);
}

int program_learn(const struct options *options)
{
	struct tutorial tutorial;
	int status;

	if (!options->n_word)
		return list(options);
	status = open_tutorial(options, options->word[0], &tutorial);
	if (status)
		return status;
	status = tutorial.lesson.n_step ? learn(options, &tutorial)
					: refuse_empty(options, &tutorial);
	tutorial_free(&tutorial);
	return status;
}
