/* SPDX-License-Identifier: GPL-3.0-only */
#pragma once

#include <stdarg.h>
#include <stddef.h>

/* Allocation that does not fail: without memory this process ends with one clear line and exit
 * status 3. */
void *xalloc(size_t size); /* zeroed */
void *xrealloc(void *p, size_t size);
void *xmemdup(const void *p, size_t size);
char *xstrdup(const char *s);
char *xstrndup(const char *s, size_t n);
char *xvprintf(const char *format, va_list ap) __attribute__((format(printf, 1, 0)));
char *xprintf(const char *format, ...) __attribute__((format(printf, 1, 2)));
/* In a function that takes a format and its arguments at its end: the text they make. The caller
 * frees. */
#define xprintf_own(format_)                             \
	({                                               \
		va_list arguments_;                      \
		char *text_;                             \
                                                         \
		va_start(arguments_, format_);           \
		text_ = xvprintf((format_), arguments_); \
		va_end(arguments_);                      \
		text_;                                   \
	})

#define xnew(type) ((type *)xalloc(sizeof(type)))

/*
 * A growing array is a pointer and a count side by side: struct x *items; size_t n_items.
 * ARRAY_PUSH(items, n_items) returns a pointer to a new, zeroed last element. The capacity is the
 * next power of two, so no third field is needed.
 */
void *array_grow(void *items, size_t count, size_t size);
#define ARRAY_PUSH(items, count) \
	((items) = array_grow((items), (count), sizeof(*(items))), &(items)[(count)++])
/* A copy that can grow like the other. */
void *array_copy(const void *items, size_t count, size_t size);
/* Remove element i and keep the order. */
#define ARRAY_REMOVE(items, count, i) \
	(memmove(&(items)[i], &(items)[(i) + 1], ((count) - (i)-1) * sizeof(*(items))), (count)--)
#define ARRAY_SIZE(a) (sizeof(a) / sizeof((a)[0]))

/* An arena: many small allocations that are freed together. All zero is empty. */
struct arena {
	struct arena_block *block;
};
void *arena_alloc(struct arena *arena, size_t size); /* zeroed, aligned for anything */
char *arena_strdup(struct arena *arena, const char *s);
char *arena_printf(struct arena *arena, const char *format, ...)
	__attribute__((format(printf, 2, 3)));
void arena_free(struct arena *arena);
