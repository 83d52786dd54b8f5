/* SPDX-License-Identifier: GPL-3.0-only */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

#include "core/base/error.h"
#include "core/base/text.h"
#include "lab/language/tokenizer.h"
#include "lab/terraform/terraform.h"

/* A text that is being executed: a file, the -c commands, a line at the prompt. Includes make a
 * chain of them. */
struct script {
	struct source source;
	size_t offset;                 /* of the next line */
	unsigned line_number;          /* of the next line */
	const struct script *includer; /* NULL at the outermost */
	unsigned depth;
	struct text comment; /* the beginning of that which the line at hand stands below */
	enum { COMMENT_NONE, COMMENT_OPEN, COMMENT_FULL } comment_state;
	/* A file's own: */
	char *name, *text;
	bool foreign; /* the user did not name it: another file did, or a link leads to it */
	dev_t device;
	ino_t inode;
	struct terraform
		imported; /* a plan or state of Terraform, of which text is the translation */
};

#define SCRIPT_DEPTH_MAX 16
/* No topology is that long; what never ends is. */
#define SCRIPT_SIZE_MAX (64u << 20)

/* A text in the caller's hands; name and text must outlive it. */
void script_from_text(struct script *script, const char *name, const char *text);

/*
 * Read a file whole; "-" is standard input. includer: the script that asks for it, or NULL. A file
 * that includes itself, and more than SCRIPT_DEPTH_MAX of them in each other, are refused, and so
 * is what is no regular file: it may have no end, or never begin. The JSON of a plan or state of
 * Terraform is read as the lab that it describes.
 */
int script_open(struct script *script, const struct language *language, const char *path,
		const struct script *includer, struct error *err);
void script_close(struct script *script);
/* What messages call the file of that path: standard input has no name of its own. */
const char *script_shown_name(const char *path);
/* The path that a relative one is where it is meant from the script's folder; the caller frees. */
char *script_path_beside(const struct script *script, const char *path);

/*
 * A comment's first sentence is the title of the lines below it, up to the next comment: the line
 * that begins there, which has no words, may be one, and the title is taken once; NULL: there is
 * none. The caller frees.
 */
void script_note_comment(struct script *script, size_t offset);
char *script_take_title(struct script *script);

/* Read a descriptor to its end; the caller frees. */
int script_read(int fd, const char *name, char **ret_text, size_t *ret_length, struct error *err);
