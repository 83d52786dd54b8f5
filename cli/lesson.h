#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "cli/script.h"
#include "cli/session.h"

/*
 * A topology file read as a lesson. Its first comment, if that stands alone, is the introduction, whose first paragraph is
 * the title. Every other comment is what its group of lines is for: the lines up to the next comment. A group falls into
 * parts. What changes the lab or works in a node is for the learner to do, and each such part is a step of the lesson; what
 * stands between (expectations, above all) is the tutor's to do and to show, and so are the settings that only begin a lab.
 */
struct lesson_line {
	size_t offset, end; /* in the file */
	unsigned number;
	char *text;                    /* as it was written, in one line */
	const struct command *command; /* NULL: it runs a program in a node, and no model knows what that changes */
};

enum lesson_part_kind { LESSON_TASK, LESSON_SHOWN };

struct lesson_part {
	enum lesson_part_kind kind;
	bool begins;      /* the first part of its group */
	const char *text; /* its group's comment: a paragraph a line, drawings begin with blanks; "": there is none */
	unsigned step;    /* tasks: counted from 1; shown: that of the next task in its group, or 0 */
	struct lesson_line *line;
	size_t n_line; /* a comment without lines is a shown part of none */
	char *why;     /* shown: "explain FLOW" for the first flow that is expected to be blocked; NULL */
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
 * Reads it with a session that only validates; its mistakes are printed, and -EINVAL is returned. The script must outlive
 * the lesson.
 */
int lesson_read(struct lesson *ret_lesson, struct session *reader, struct script *script);
void lesson_free(struct lesson *lesson);

/* Is it a word of one of its lines? */
bool lesson_has_word(const struct lesson *lesson, const char *word);
/* Some of its lines as a script: from the beginning of the first to the end of the last. */
void lesson_script(const struct lesson *lesson, const struct lesson_line *first, const struct lesson_line *last,
		   struct script *ret_script);
