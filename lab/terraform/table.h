/* SPDX-License-Identifier: GPL-3.0-only */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "core/base/text.h"
#include "lab/terraform/document.h"

/*
 * One table says what a resource type of Terraform is in the lab's language. Read one way it makes
 * lines of arguments (import.c), read the other way arguments of lines (export.c).
 */

/* What a link may lead to. */
struct tf_target {
	const char *type;
	const char *attribute; /* by which a link names it */
	const char *suffix;    /* behind its name in the lab: "/system" */
	const char *kind;      /* what the field's `kind` says for it: "NatGateway" */
	const char *noun;      /* typed: of a part, which is something else than the whole */
	const char *form;      /* behind its attribute: "/32" */
	const char *besides; /* an argument that repeats an attribute of it: a vSwitch's zone_id */
};

enum tf_form {
	TF_TEXT = 1,
	TF_ADDRESS, /* an IPv4 address or block; anything else counts as not known */
	TF_NUMBER,
	TF_PORTS, /* "22/22", "80", or two numbers, the second in `older`; "-1/-1" is nothing */
	TF_WORD,  /* one of `words`; another is nothing */
	TF_LINK,  /* the name of what it refers to, one of `to` */
	TF_TYPED, /* the same behind its noun: nat-gateway NAT1; several behind that of the first */
	TF_CIDR,  /* cidr 10.0.0.0/8 */
	TF_AUTO,  /* a number above 0 or true: auto */
	TF_SELF,  /* the resource's own name; with an argument, only where that is true */
	TF_SAYS,  /* the key alone; with an argument, only where that is the first of `words` */
	TF_PLACE, /* its number in the list that it stands in, from 1 */
	TF_CONSTANT, /* only written: the first of `words` */
	TF_UNSAID,   /* a key of the lab that Terraform leaves to the cloud */
};

enum tf_flags {
	TF_MUST = 1 << 0,     /* without it there is no line */
	TF_OR = 1 << 1,       /* another way to say what the field before says */
	TF_EACH = 1 << 2,     /* one line for each value, and of each of the ways */
	TF_LIST = 1 << 3,     /* the argument is a list; in the lab all of it, with commas */
	TF_COMMAS = 1 << 4,   /* the same, but the argument is one string */
	TF_COMPUTED = 1 << 5, /* never written: the provider fills it in */
	TF_BARE = 1 << 6,     /* a number or bool to Terraform */
	TF_ALWAYS = 1 << 7,   /* written, too, where it is what the cloud takes anyway */
	TF_OUTER = 1 << 8,    /* of the resource, not of the block in it */
	TF_BOTH = 1 << 9,     /* PORTS: 22/22, never 22 */
	TF_WRITTEN = 1 << 11, /* never read */
	TF_FIRST = 1 << 12,   /* of a list the lab has the first */
	TF_DIGITS = 1 << 13,  /* WORD: a number stands for itself */
};

struct tf_field {
	enum tf_form form;
	const char *key;              /* of the lab's language; "": a word without a key */
	const char *argument, *older; /* and its deprecated name */
	unsigned flags;
	const struct tf_target *to;
	const char *const (*words)[2]; /* pairs of Terraform's word and ours, up to a NULL */
	const char *otherwise; /* our word that need not be said; PORTS: Terraform's for none */
	const char *written;   /* TEXT: around it, where one is written */
	const char *kind;      /* links: the argument that says what is linked to */
	const char *block;     /* links: each is in a block of that name */
	const char *chosen;    /* what the lab decides where it is not known: "its address" */
	const char *assumed;   /* and what that is, where the lab could not know */
};

#define TO(type_, attribute_, ...)                                      \
	{                                                               \
		.type = (type_), .attribute = (attribute_), __VA_ARGS__ \
	}
#define TYPES(...) ((const struct tf_target[]){ __VA_ARGS__, { .type = NULL } })
#define WORDS(...) ((const char *const[][2]){ __VA_ARGS__, { NULL, NULL } })
#define FIELD(form_, key_, argument_, ...)                                              \
	{                                                                               \
		.form = TF_##form_, .key = (key_), .argument = (argument_), __VA_ARGS__ \
	}
/* The lab's zones are none of the cloud's. */
#define ZONE                             .written = "${var.zones[\"%s\"]}"
#define LINK(key_, argument_, to_, ...)  FIELD(LINK, key_, argument_, .to = (to_), __VA_ARGS__)
#define TYPED(key_, argument_, to_, ...) FIELD(TYPED, key_, argument_, .to = (to_), __VA_ARGS__)
#define WORD(key_, argument_, words_, ...) \
	FIELD(WORD, key_, argument_, .words = (words_), __VA_ARGS__)
#define SELF                               \
	{                                  \
		.form = TF_SELF, .key = "" \
	}
#define SAYS(key_)                             \
	{                                      \
		.form = TF_SAYS, .key = (key_) \
	}
#define UNSAID(key_)                             \
	{                                        \
		.form = TF_UNSAID, .key = (key_) \
	}
#define CONSTANT(argument_, value_, ...)                                                        \
	{                                                                                       \
		.form = TF_CONSTANT, .argument = (argument_), .words = WORDS({ value_, NULL }), \
		__VA_ARGS__                                                                     \
	}
#define MUST .flags = TF_MUST
#define OR   .flags = (TF_MUST | TF_OR)

/*
 * What the lab makes by itself with a resource, as a command, and how it goes away again: by
 * another command, or by a key of the one that makes the resource. %s is the resource's name, and
 * <KEY> what its line says there.
 */
struct tf_given {
	const char *comes, *goes;
	const char *off; /* "association": by association off */
};

struct tf_import;
struct tf_row;

#define TF_TAG "vpclab"

enum { TF_FIELDS_MAX = 14 };

/* What is only looked at is a type of this beginning, as it is in references. */
#define TF_DATA "data."

/* Rows stand in the order in which the lab takes them. Of those with one type and command the
 * first is written, the others are read, too. */
struct tf_row {
	const char *type;
	const char *command;  /* "vswitch create"; NULL: nothing is written, it has a name only */
	const char *block;    /* it has a line for each of these blocks, and is named after it */
	const char *title[2]; /* arguments that hold a display name; "tags": their Name */
	struct tf_field field[TF_FIELDS_MAX];
	const struct tf_target *is; /* it stands for a part of that: VPC1/main */
	const char *is_argument;    /* which it names by this argument */
	const char
		*tag; /* only of a resource whose tag "vpclab" says so; before that without one */
	struct tf_given given[4];
	/* A resource of Terraform's that has to be there, too, and is nothing to the lab: its type,
	 * and the argument that refers to it. */
	const char *apart, *apart_argument;
	struct {
		const char *argument, *word;
		const char *why; /* NULL: the row is not for it, and another one may be */
	} unless;
	const char *needs; /* a type that is made before, of what this one links to */
	bool optional;     /* no line, no loss */
	bool joins; /* no line of its own: the second field is more of what the first leads to */
	bool takes_address;  /* in a vSwitch or subnet, given or any */
	const char *profile; /* only in that one */
	/* Look at the line before it is written, and at what else it needs. false: no line. */
	bool (*adjust)(struct tf_import *import, struct tf_resource *resource, struct text *line);
};

/* What the cloud needs to know and the lab does not. */
struct tf_variable {
	const char *name, *description;
	bool is_map;
};
#define ZONES                                                                                 \
	{                                                                                     \
		"zones", "The cloud's zone for each zone of the lab, all of one region", true \
	}

struct tf_provider {
	const char *prefix;                        /* of its types */
	const char *source;                        /* where Terraform finds it */
	const struct tf_row *rows;                 /* type NULL ends */
	void (*prepare)(struct tf_import *import); /* once, before the first line */
	struct tf_variable variables[5];           /* name NULL ends */
};
extern const struct tf_provider tf_alicloud, tf_aws;
extern const struct tf_provider *const tf_providers[]; /* up to a NULL */

/* The row that makes what a type is, or NULL; and the noun, the first word of its command. */
const struct tf_row *tf_maker(const struct tf_row *rows, const char *type, const char *tag);
bool tf_is_maker(const struct tf_row *row);
/* The first row of a type, or NULL. */
const struct tf_row *tf_row_of(const struct tf_row *rows, const char *type);
/* What a given says of a resource of that name, whose line that is, or NULL. */
void tf_given_text(struct text *text, const char *form, const char *name, const char *line);

/* The words that the tables and the format ask for: all else in a file is passed over. */
struct tf_words;
struct tf_words *tf_words_new(void);
void tf_words_free(struct tf_words *words);
/* A resource of the type is asked for fewer: a bit for each type, all where none is known. */
#define TF_ANY_TYPE UINT64_MAX
uint64_t tf_types_of(const struct tf_words *words, const char *type, size_t length);
bool tf_is_wanted(const struct tf_words *words, uint64_t types, const char *text, size_t length);
/* Is it what a link names a resource of these types by? */
bool tf_is_identity(const struct tf_words *words, uint64_t types, const char *attribute);
