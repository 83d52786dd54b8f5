/* SPDX-License-Identifier: GPL-3.0-only */
#include "core/base/memory.h"

#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

/* This is the one place outside cli that prints and ends the program: nothing sensible can be
 * done any more. */
static _Noreturn void out_of_memory(void)
{
	static const char message[] =
		"vpclab: out of memory: this machine has no memory left for this process\n";

	if (write(STDERR_FILENO, message, sizeof(message) - 1) < 0)
		_exit(3);
	_exit(3);
}

void *xalloc(size_t size)
{
	void *p = calloc(1, size ? size : 1);

	if (!p)
		out_of_memory();
	return p;
}

void *xrealloc(void *p, size_t size)
{
	p = realloc(p, size ? size : 1);
	if (!p)
		out_of_memory();
	return p;
}

char *xstrndup(const char *s, size_t n)
{
	size_t length = strnlen(s, n);
	char *copy = xalloc(length + 1);

	memcpy(copy, s, length);
	return copy;
}

void *xmemdup(const void *p, size_t size)
{
	void *copy = xalloc(size);

	if (size)
		memcpy(copy, p, size);
	return copy;
}

char *xstrdup(const char *s)
{
	size_t size = strlen(s) + 1;

	return memcpy(xalloc(size), s, size);
}

char *xvprintf(const char *format, va_list ap)
{
	char *s;

	if (vasprintf(&s, format, ap) < 0)
		out_of_memory();
	return s;
}

char *xprintf(const char *format, ...)
{
	char *s = xprintf_own(format);
	return s;
}

void *array_grow(void *items, size_t count, size_t size)
{
	/* The array is full exactly when the count is 0, 1, 2, 4, 8 ... */
	if ((count & (count - 1)) == 0) {
		size_t bytes;

		if (__builtin_mul_overflow(count ? count * 2 : 1, size, &bytes))
			out_of_memory();
		items = xrealloc(items, bytes);
	}
	memset((char *)items + count * size, 0, size);
	return items;
}

void *array_copy(const void *items, size_t count, size_t size)
{
	size_t capacity = 1;
	void *copy;

	if (count == 0)
		return NULL;
	while (capacity < count)
		capacity *= 2;
	copy = xalloc(capacity * size);
	memcpy(copy, items, count * size);
	return copy;
}

struct arena_block {
	struct arena_block *next;
	size_t used, size;
	_Alignas(max_align_t) unsigned char data[];
};

/* The blocks of an arena that grows grow with it. */
#define ARENA_BLOCK_SIZE ((size_t)4096 - sizeof(struct arena_block))
#define HUGE_PAGE        ((size_t)2 << 20)
#define ARENA_BLOCK_MAX  (HUGE_PAGE - sizeof(struct arena_block))

/* What is as large as a huge page is one, where the kernel has them: the faults of 512 small ones
 * take longer than what is written there. */
static void *alloc_huge(void)
{
	void *p = NULL;

	if (posix_memalign(&p, HUGE_PAGE, HUGE_PAGE) != 0)
		out_of_memory();
	madvise(p, HUGE_PAGE, MADV_HUGEPAGE);
	return memset(p, 0, HUGE_PAGE);
}

static struct arena_block *arena_new_block(size_t size)
{
	size_t bytes;
	struct arena_block *block;

	if (__builtin_add_overflow(sizeof(*block), size, &bytes))
		out_of_memory();
	block = bytes == HUGE_PAGE ? alloc_huge() : xalloc(bytes);
	block->size = size;
	return block;
}

void *arena_alloc(struct arena *arena, size_t size)
{
	const size_t align = _Alignof(max_align_t);
	struct arena_block *block = arena->block;
	void *p;

	if (size > SIZE_MAX - align)
		out_of_memory();
	size = size ? (size + align - 1) / align * align : align;

	if (block && block->size - block->used >= size) {
		p = block->data + block->used;
		block->used += size;
		return p;
	}

	/* A large piece gets a block of its own behind the current one, whose rest stays in use. */
	if (size > ARENA_BLOCK_SIZE / 4) {
		struct arena_block **place = block ? &block->next : &arena->block;
		struct arena_block *own = arena_new_block(size);

		own->used = size;
		own->next = *place;
		*place = own;
		return own->data;
	}

	block = arena_new_block(!arena->block                              ? ARENA_BLOCK_SIZE
				: arena->block->size < ARENA_BLOCK_MAX / 2 ? arena->block->size * 2
									   : ARENA_BLOCK_MAX);
	block->used = size;
	block->next = arena->block;
	arena->block = block;
	return block->data;
}

char *arena_strdup(struct arena *arena, const char *s)
{
	size_t size = strlen(s) + 1;

	return memcpy(arena_alloc(arena, size), s, size);
}

char *arena_printf(struct arena *arena, const char *format, ...)
{
	char *s = xprintf_own(format), *copy;

	copy = arena_strdup(arena, s);
	free(s);
	return copy;
}

void arena_free(struct arena *arena)
{
	while (arena->block) {
		struct arena_block *next = arena->block->next;

		free(arena->block);
		arena->block = next;
	}
}
