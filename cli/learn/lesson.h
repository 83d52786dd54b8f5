/* SPDX-License-Identifier: GPL-3.0-only */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "cli/session/script.h"
#include "cli/session/session.h"

/*
 * A topology file read as a lesson. Its first comment, if that stands alone, is the introduction,
 * whose first paragraph is the title. Every other comment is what its group of lines is for: the
 * lines up to the next comment. A group falls into parts. What changes the lab or works in a node
 * is a task for the learner, and each of those is a step of the lesson. What stands between is the
 * tutor's: expectations, which have to hold before the lesson goes on, and the rest (variables,
 * included files, answers to look at, and the settings that only begin a lab), which is done once.
 */
struct lesson_line {
	size_t offset, end; /* in the file */
	unsigned number;
	char *text;                    /* as it was written, in one line */
	const struct command *command; /* NULL: it runs a program in a node, and no model knows what
					  that changes */
};

enum lesson_part_kind { LESSON_TASK, LESSON_CHECK, LESSON_SHOWN };

struct lesson_part {
	enum lesson_part_kind kind;
	bool begins;      /* the first part of its group */
	const char *text; /* its group's comment: a paragraph a line, drawings begin with blanks;
			     "": there is none */
	unsigned step; /* tasks: counted from 1; others: that of the next task in its group, or 0 */
	struct lesson_line *line;
	size_t n_line; /* a comment without lines is a shown part of none */
	char *why; /* checks: "explain FLOW" for the first flow that is expected to be blocked; NULL
		    */
};

struct lesson {
	struct source source;       /* borrowed */
	char *title, *introduction; /* "": there is none */
	struct lesson_part *part;
	size_t n_part;
	unsigned n_step;
	char **comment; /* private: owns the texts */
	size_t n_comment;
	char **word; /* all words of its lines, sorted */
	size_t n_word;
};

/*
 * Read it with a session that only validates; its mistakes are printed, and -EINVAL is returned.
 * The script must outlive the lesson.
 */
int lesson_read(struct lesson *ret_lesson, struct session *reader, struct script *script);
void lesson_free(struct lesson *lesson);

/* Is it a word of one of its lines? */
bool lesson_has_word(const struct lesson *lesson, const char *word);
/* Some of its lines as a script: from the beginning of the first to the end of the last. */
void lesson_script(const struct lesson *lesson, const struct lesson_line *first,
		   const struct lesson_line *last, struct script *ret_script);
