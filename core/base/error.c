/* SPDX-License-Identifier: GPL-3.0-only */
#include "core/base/error.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

/* The way out where the errno is about a limit of the machine, whatever met it; "": there is none.
 */
static const char *limit_hint(int r)
{
	switch (-r) {
	case EMFILE:
		return "allow this user more open files: ulimit -n, or nofile in "
		       "/etc/security/limits.conf";
	case ENFILE:
		return "let the machine open more files: sudo sysctl -w fs.file-max=2000000";
	case ENOMEM:
	case ENOBUFS:
		return "the kernel has no memory left for it: free some, or make the lab smaller";
	default:
		return "";
	}
}

int error_set(struct error *err, int r, const char *format, ...)
{
	/* The arguments may point into *err, so the new text is made aside. */
	char message[sizeof(err->message)];
	va_list ap;

	if (!err)
		return r;

	va_start(ap, format);
	vsnprintf(message, sizeof(message), format, ap);
	va_end(ap);

	*err = (struct error){ 0 };
	memcpy(err->message, message, strlen(message) + 1);
	strcpy(err->hint, limit_hint(r));
	err->kind = format;
	return r;
}

int error_refuse(struct error *err, const char *code, const char *argument, const char *format, ...)
{
	struct error made = { .kind = format };
	va_list ap;

	if (!err)
		return -EINVAL;

	va_start(ap, format);
	vsnprintf(made.message, sizeof(made.message), format, ap);
	va_end(ap);
	snprintf(made.code, sizeof(made.code), "%s", code);
	if (argument)
		snprintf(made.argument, sizeof(made.argument), "%s", argument);

	*err = made;
	return -EINVAL;
}

int error_hint(struct error *err, const char *format, ...)
{
	char hint[sizeof(err->hint)];
	va_list ap;

	if (!err)
		return -EINVAL;

	va_start(ap, format);
	vsnprintf(hint, sizeof(hint), format, ap);
	va_end(ap);
	memcpy(err->hint, hint, strlen(hint) + 1);
	return -EINVAL;
}

void error_wrap(struct error *err, const char *format, ...)
{
	/* The buffer is larger than the message, whose end is cut: the reader needs the
	 * outermost object most. */
	char message[2 * sizeof(err->message) + 2];
	size_t length;
	va_list ap;

	if (!err)
		return;

	va_start(ap, format);
	vsnprintf(message, sizeof(err->message), format, ap);
	va_end(ap);

	length = strlen(message);
	snprintf(message + length, sizeof(err->message) + 2, "%s%s", err->message[0] ? ": " : "",
		 err->message);
	message[sizeof(err->message) - 1] = '\0';
	memcpy(err->message, message, strlen(message) + 1);
}
