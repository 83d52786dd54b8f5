/* SPDX-License-Identifier: GPL-3.0-only */
#pragma once

#include <errno.h>

/*
 * What went wrong, on which object, why, and what to do about it.
 *
 * The caller owns the object and passes it last, or NULL if nobody wants to know. It is of fixed
 * size, so that failing never allocates. The lowest function that knows why sets it, each level
 * that knows the object may wrap it, and only cli prints it, once. Functions that take one return 0
 * or a negative errno.
 */
struct error {
	char code[64];     /* machine-readable: the cloud's code, or "" */
	char argument[64]; /* key of the command at fault ("eip"), "" for the name */
	char message[512]; /* one sentence without a full stop */
	char hint[256];    /* what to do: a command or a sentence; "" when there is none */
	const char *kind;  /* the format of the message: equal for one sentence about two objects */
};

/* Set the message and clear the rest, but for the hint where r is about a limit of the machine.
 * Return r, a negative errno. */
int error_set(struct error *err, int r, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

/* Set a refusal by a rule of the cloud: its code and the argument at fault (NULL: the name).
 * Return -EINVAL. */
int error_refuse(struct error *err, const char *code, const char *argument, const char *format, ...)
	__attribute__((format(printf, 4, 5)));

/* Set the way out. Return -EINVAL, so that a refusal can end with it. */
int error_hint(struct error *err, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* The number of a call that has just failed: below 0 in any case, which analyzers cannot know of
 * -errno. */
static inline int error_number(void)
{
	const int number = errno;

	return number > 0 ? -number : -EIO;
}

/* Put context before the message: "cannot create ECS1: " + message. */
void error_wrap(struct error *err, const char *format, ...) __attribute__((format(printf, 2, 3)));
