/* SPDX-License-Identifier: GPL-3.0-only */
#pragma once

/* What the rows of the nouns have in common; for the files of nouns only. */
#include <stddef.h>

#include "lab/language/request.h"

/* Where a value goes in its request. A list, a range of ports and a target take two members. */
#define IN(type_, member_) .offset = offsetof(type_, member_)
#define IN_BOTH(type_, member_, also_) \
	.offset = offsetof(type_, member_), .also = offsetof(type_, also_)
#define GIVEN(type_, member_) .given = offsetof(type_, member_)

/* A request of create begins with a struct resource, any other one with a pointer to its subject.
 */
#define NEW_NAME                                                                              \
	{                                                                                     \
		.name = "name", .kind = ARGUMENT_NEW_NAME, .flags = PARAMETER_REQUIRED,       \
		.offset = offsetof(struct resource, name), .help = "name of the new resource" \
	}

#define NAME_OF(noun_)                                                                   \
	{                                                                                \
		.name = "name", .kind = ARGUMENT_REFERENCE, .flags = PARAMETER_REQUIRED, \
		.nouns = NOUNS(noun_), .help = "which one"                               \
	}

/* The subject of a set command, and the copy of it that is to be changed. */
#define COPY_OF(noun_, type_, wanted_)                                                 \
	{                                                                              \
		.name = "name", .kind = ARGUMENT_REFERENCE,                            \
		.flags = PARAMETER_REQUIRED | PARAMETER_COPIED, .nouns = NOUNS(noun_), \
		.also = offsetof(type_, wanted_), .help = "which one"                  \
	}

/* What a row does; more flags may follow. */
#define CHANGES(type_, change_) .size = sizeof(type_), .change = (change_), .flags = COMMAND_CHANGES

/* KEY VALUE whose value is a resource. */
#define KEY_OF(key_, noun_, flags_, help_)                                             \
	.name = (key_), .kind = ARGUMENT_REFERENCE, .flags = PARAMETER_KEY | (flags_), \
	.nouns = NOUNS(noun_), .help = (help_)

#define KEY_CHOICE(key_, words_, help_)                                                     \
	.name = (key_), .kind = ARGUMENT_CHOICE, .flags = PARAMETER_KEY, .words = (words_), \
	.help = (help_)

#define KEY_SWITCH(key_, help_)                                                             \
	.name = (key_), .kind = ARGUMENT_CHOICE, .flags = PARAMETER_KEY | PARAMETER_SWITCH, \
	.words = switch_words, .help = (help_)

/* Then the keys that are shown, of both clouds, or of the one and the other. */
#define SHOW(word_, noun_, summary_, ...)                                       \
	.words = word_ " show",                                                 \
	.parameter = { { .name = "name",                                        \
			 .kind = ARGUMENT_REFERENCE,                            \
			 .nouns = NOUNS(noun_),                                 \
			 .help = "only this one" } },                           \
	.summary = (summary_), .example = word_ " show", .flags = COMMAND_SHOW, \
	.keys = { __VA_ARGS__ }

#define DELETE(word_, noun_, change_, summary_, example_)                                          \
	.words = word_ " delete", .parameter = { NAME_OF(noun_) }, .summary = (summary_),          \
	.example = word_ " delete " example_, .size = sizeof(struct subject), .change = (change_), \
	.flags = COMMAND_CHANGES | COMMAND_REMOVES

/* A request that says nothing but what it is about. */
struct subject {
	void *resource;
};
