/* SPDX-License-Identifier: GPL-3.0-only */
#pragma once

#include "lab/language/arguments.h"

/*
 * From the words of a change to its request: a struct of the change's own, zero at first, into
 * which each parameter puts its value at its offset. Names become resources here, and new names are
 * checked, in the order of the row; an unknown one is refused with the row's or the noun's code.
 * What is borrowed lives as long as the statement.
 *
 *   NEW_NAME, WORD, FILE     const char *
 *   REFERENCE                struct NOUN *; with PARAMETER_ASIDE the word
 *   REFERENCES, WORDS        struct NOUN **, const char **; how many: a size_t at `also`
 *   TYPED                    struct typed
 *   CIDR                     struct prefix
 *   CIDRS                    struct prefixes; with `also` a struct prefix *, and there a size_t
 *   ADDRESS, _OR_AUTO        uint32_t; never 0 when given, so 0 is: not given
 *   TARGET                   struct eni * (NULL for an address), the address: a uint32_t at `also`
 *   PEER                     struct peer
 *   PORT                     uint16_t, the last one of a range: at `also`; 0 is: not given
 *   NUMBER                   unsigned
 *   CHOICE                   the enum, or with PARAMETER_SWITCH a bool
 *   COMMAND                  char **, NULL-terminated
 *   a flag                   bool
 *
 * Where a zero cannot tell that nothing was given, `given` is the offset of a bool. The subject of
 * a set command, PARAMETER_COPIED, is copied to `also`, so that what is said changes the copy.
 */
struct typed {
	int type; /* of the parameter's words: a noun, or one of these */
	struct resource *resource;
	struct prefix prefix; /* TYPED_CIDR */
	const char *word;     /* TYPED_WORD */
};

struct peer {
	bool given;
	struct prefix prefix;
	struct resource *resource; /* instead, if not NULL: of one of the parameter's nouns */
};

int request_fill(const struct model *model, struct arguments *arguments, void *request,
		 struct error *err);

/*
 * Return the i-th word that says the value which stands in the request, or NULL behind the last:
 * what request_fill() would read again. Nothing is said where the value is that of nothing given,
 * but a switch always says how it is. A word that is not in the request is written into text.
 */
#define REQUEST_WORD_SIZE 32
const char *request_word(const struct parameter *parameter, const void *request, size_t i,
			 char text[static REQUEST_WORD_SIZE]);

/* A resource of one of those nouns by its name, for what a change looks up itself. code NULL: the
 * noun's own. The hint says the nearest name, or where they are listed. */
int request_find(const struct model *model, unsigned nouns, const char *name, const char *code,
		 const char *key, struct resource **ret_resource, struct error *err);
