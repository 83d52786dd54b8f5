/* SPDX-License-Identifier: GPL-3.0-only */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/base/error.h"
#include "lab/model/model.h"
#include "lab/model/words.h"

struct session; /* session.h */

/*
 * The one table of the language. Parser, completion, help, the manual and the README's list come
 * from it.
 *
 * Kinds say what a word means: how it is checked, what completion offers for it, and what it is
 * called in help.
 */
enum argument_kind {
	ARGUMENT_NEW_NAME,   /* a resource that is about to be made */
	ARGUMENT_REFERENCE,  /* an existing resource of one of parameter.nouns */
	ARGUMENT_REFERENCES, /* NAME[,NAME]... */
	ARGUMENT_TYPED, /* two words: one of words, then a resource of that noun, or what the word
			   asks for */
	ARGUMENT_CIDR,
	ARGUMENT_CIDRS, /* CIDR[,CIDR]... */
	ARGUMENT_ADDRESS,
	ARGUMENT_ADDRESS_OR_AUTO,
	ARGUMENT_TARGET, /* ECS, ENI, or an address */
	ARGUMENT_PEER,   /* CIDR, address, or security group */
	ARGUMENT_PORT,   /* P or P-Q */
	ARGUMENT_NUMBER,
	ARGUMENT_CHOICE, /* one of words */
	ARGUMENT_WORD,   /* free text, one word */
	ARGUMENT_WORDS,  /* NAME[,NAME]: free */
	ARGUMENT_FILE,
	ARGUMENT_JOB, /* the number of a command in the background */
	ARGUMENT_NODE,
	ARGUMENT_NODES,   /* NODE[,NODE]... */
	ARGUMENT_FLOW,    /* FROM -> TO [PROTOCOL [PORT]], ends at a known key */
	ARGUMENT_FLOWS,   /* FROM -> TO [PROTOCOL [PORTS]] of sets, up to a known key */
	ARGUMENT_FILTER,  /* words of libpcap's language, up to a known key */
	ARGUMENT_COMMAND, /* all the rest of the line, after "--" or as it stands: a program and its
			     arguments */
	ARGUMENT_REST, /* all the rest of the line, words of our own language (expect error, help)
			*/
};

/* The values of a TYPED parameter's words that are no noun: a prefix, any word. */
enum { TYPED_CIDR = NOUN_COUNT, TYPED_WORD };
/* An address that the cloud is to choose. */
#define ADDRESS_AUTO UINT32_MAX

enum parameter_flags {
	PARAMETER_REQUIRED = 1 << 0,
	PARAMETER_KEY = 1 << 1,       /* KEY VALUE in any order; without it: positional */
	PARAMETER_FLAG = 1 << 2,      /* the key alone, no value ("force") */
	PARAMETER_BARE = 1 << 3,      /* CIDR: an address alone is that one host, a /32 */
	PARAMETER_HOST_BITS = 1 << 8, /* PEER: a block's host bits are cut off, not refused */
	PARAMETER_SINGLE = 1 << 4,    /* PORT: no range */
	PARAMETER_SWITCH = 1 << 5,    /* CHOICE: its values are a bool's */
	PARAMETER_COPIED = 1 << 7,    /* REFERENCE: a set command's subject */
	PARAMETER_OR = 1 << 9,        /* another way to say what the one before says: one of them */
	PARAMETER_ASIDE =
		1 << 6, /* REFERENCE: looked up by the change itself, which gets the word */
};

struct parameter {
	const char *name; /* the key ("--" for a COMMAND that is one), or what a positional one is
			     called; help shows it in capitals */
	enum argument_kind kind;
	unsigned flags;
	unsigned nouns;      /* references: which nouns */
	unsigned also_nouns; /* references: taken, too, but never offered: the rule says why not */
	const struct word *words;      /* CHOICE and TYPED: which there are */
	const struct word *also_words; /* CHOICE: taken, too, but never offered */
	unsigned min, max;             /* NUMBER; max 0: any. CIDRS: max how many */
	unsigned fits; /* a key: of which values of the CHOICE before it, a bit each; 0: of all */
	const char *otherwise;    /* words: what to do with one that is like none of them; NULL: see
				     the syntax */
	const char *metavariable; /* what help calls its value; NULL: what its kind says */
	const char *help;         /* a few words, no full stop */
	const char *code; /* the cloud's code for a value of the wrong form; NULL: its plain one */
	const char *not_found; /* and for a name that is nobody's; NULL: the noun's own */
	const struct word *not_found_by_noun; /* TYPED: instead, for some nouns, each a code */
	size_t limit;         /* REFERENCES: how many at most, a member of the profile; 0: any */
	const char *too_many; /* REFERENCES and CIDRS: the code for more; NUMBER: for one that is
				 outside of min and max, NULL: as for no number */
	/* A change: where in its request the value goes, see request.h. */
	size_t offset, also, given;
};

/* What each parameter says of itself; the rest follows by name. */
#define PARAMETER(name_, kind_, flags_, help_) \
	.name = (name_), .kind = ARGUMENT_##kind_, .flags = (flags_), .help = (help_)

#define PARAMETERS_MAX 12

enum command_flags {
	COMMAND_CHANGES = 1 << 0, /* changes the model: recorded in the journal, allowed under
				     expect error and validate */
	COMMAND_KERNEL = 1 << 1,  /* needs the lab to be built: what is pending is applied first */
	COMMAND_PROMPT = 1 << 2,  /* makes sense at the prompt only */
	COMMAND_SETTING = 1 << 3, /* changes what cloud it is, not what is in it: a tutorial does it
				     by itself */
	COMMAND_REMOVES = 1 << 4, /* takes away what a later change of the same batch could make
				     again under the same name */
	COMMAND_EXPECTS = 1 << 5, /* an expectation */
	COMMAND_GATHERS = 1 << 6, /* waits for others of its kind, to be probed side by side */
	COMMAND_ENDED = 1 << 7,   /* works in a lab that has ended, too */
	COMMAND_SETS = 1 << 9,    /* changes what is given, so something has to be */
	COMMAND_TRIED = 1 << 10, /* takes away what leads packets somewhere: what-if --each tries it
				    on each that there is */
	COMMAND_SHOW = 1 << 8,   /* lists a noun's resources, or a setting's values; its first word
				    alone is this one */
};

struct arguments; /* what was given: arguments.h */

struct command {
	const char *words; /* "vpc create" */
	struct parameter parameter[PARAMETERS_MAX];
	const char *summary; /* one line, no full stop */
	const char *example; /* a whole command that parses */
	unsigned flags;
	unsigned providers; /* FOR_*; 0: all those of its family */
	/* COMMAND_CHANGES: what was said, as typed values in a struct of that size. It changes the
	 * model, or refuses and leaves it as it was. */
	size_t size;
	int (*change)(struct model *model, void *request, struct error *err);
	/* Of a noun's first row, the one that makes it: fill the request that would make that
	 * resource again. NULL: the request begins as the resource does. */
	void (*describe)(const struct model *model, const void *resource, void *request);
	/* SHOW: the keys that a resource has in tables and JSON, in that order. Each is a parameter
	 * of the noun's first row, and shown as it would be typed, or one of the extra ones of
	 * cli/view/show_resource.c. One text for each provider; NULL: that of the first. */
	const char *keys[PROVIDER_COUNT];
	/* The others but SHOW, cli's: returns an exit status, or a negative errno with err. */
	int (*run)(struct session *session, const struct arguments *arguments, struct error *err);
};

/* Whose words they are. A lab knows those of its provider only. */
enum command_providers {
	FOR_ALIBABA = 1 << PROVIDER_ALIBABA,
	FOR_AWS = 1 << PROVIDER_AWS,
	FOR_ALL = FOR_ALIBABA | FOR_AWS
};

/* The commands of one matter, under one title in help: arrays of rows, each ended by NULL words;
 * NULL ends them. Of the rows only those of the family's providers are in it. */
struct command_family {
	const char *title;
	const struct command *const *rows;
	unsigned providers;
};

/*
 * A table as a whole: its families, in the order in which help shows them; NULL ends. The nouns
 * have one (lab/nouns/nouns.h), which is enough to replay a journal; cli has one with its own
 * commands besides. Everything that reads a table gets it as an argument.
 */
struct language {
	const struct command_family *const *family;
};

/* All rows of a provider: for (struct command_cursor at = command_rows(language, model);
 * command_next(&at);) ... at.command ... */
struct command_cursor {
	const struct language *language;
	enum provider provider;
	const char *first; /* only rows whose name begins with this word; NULL: all */
	size_t i_family, i_rows;
	const struct command_family *family;
	const struct command *command;
};
bool command_next(struct command_cursor *cursor);
/* Those of a lab that may not be there (yet). */
struct command_cursor command_rows(const struct language *language, const struct model *model);
/* What stands behind that word at the beginning of a row's name, "" at its end; NULL: it begins
 * otherwise. */
const char *command_skip_word(const char *words, const char *word);
/* The provider of a lab that may not be there (yet). */
enum provider command_provider(const struct model *model);
/* The noun that a row is about, by its first word; NOUN_COUNT: none. */
enum noun command_noun(const struct model *model, const struct command *command);

/*
 * The words that no resource may be named: all first words of commands, second ones where a name
 * could stand (trace watch), noun words and their aliases, keys, "internet"; those of all
 * providers, so that what a name may be does not hang on where it is. An ARGUMENT_NEW_NAME that is
 * one is refused by statement_change().
 */
bool command_is_reserved(const struct language *language, const char *word);
/* "sg" is "security-group", "nat" is "nat-gateway", wherever a noun is named; any other word is
 * itself. */
const char *command_canonical_word(const char *word);
/* The short words, one by one; NULL behind the last. */
const char *command_alias(size_t i);

/* for (size_t i = 0; i < command_n_parameter(command); i++) */
size_t command_n_parameter(const struct command *command);
/* The i-th word of a row's name, cut at its end; false: it has fewer. */
bool command_path_word(const struct command *command, size_t i, char *ret_word, size_t size);

static inline bool parameter_is_key(const struct parameter *parameter)
{
	return (parameter->flags & (PARAMETER_KEY | PARAMETER_FLAG)) != 0;
}
