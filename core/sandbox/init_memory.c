/* SPDX-License-Identifier: GPL-3.0-only */
#include "core/sandbox/init_memory.h"

#include <errno.h>
#include <fcntl.h>
#include <gnu/libc-version.h>
#include <pthread.h>
#include <stdbool.h>
#include <stdint.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

/*
 * The theory: the pages are dropped (MADV_DONTNEED), the mappings stay, so whatever is touched by
 * mistake is zero or comes from its file again, as all code does. What has to stay as it is: the
 * program's and the C library's data, where the relocated addresses are; the stack; and the pages
 * around the thread pointer with errno and the stack protector's guard. Everything between these is
 * dropped, mapped or not.
 */

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define HAS_SANITIZER true
#elif defined(__has_feature)
#define HAS_SANITIZER (__has_feature(address_sanitizer) || __has_feature(thread_sanitizer))
#else
#define HAS_SANITIZER false
#endif

struct range {
	uintptr_t start, end;
};

#define KEPT_MAX 64

struct kept {
	struct range range[KEPT_MAX];
	size_t n;
};

/* The mappings come in order of address, but the thread's pages are put in between: so sorted in,
 * and joined. */
static void keep(struct kept *kept, uintptr_t start, uintptr_t end)
{
	size_t i = 0;

	while (i < kept->n && kept->range[i].end < start)
		i++;
	if (i < kept->n && kept->range[i].start <= end) {
		if (start < kept->range[i].start)
			kept->range[i].start = start;
		if (end > kept->range[i].end)
			kept->range[i].end = end;
		return;
	}
	if (kept->n == KEPT_MAX)
		return;
	memmove(&kept->range[i + 1], &kept->range[i], (kept->n - i) * sizeof(kept->range[0]));
	kept->range[i] = (struct range){ start, end };
	kept->n++;
}

/* One line of /proc/self/maps. */
struct mapping {
	struct range range;
	bool is_code;
	const char *path; /* "" for anonymous memory */
};

static const char *parse_hex(const char *s, uintptr_t *ret_value)
{
	uintptr_t value = 0;

	for (;; s++) {
		if (*s >= '0' && *s <= '9')
			value = value << 4 | (uintptr_t)(*s - '0');
		else if (*s >= 'a' && *s <= 'f')
			value = value << 4 | (uintptr_t)(*s - 'a' + 10);
		else
			break;
	}
	*ret_value = value;
	return s;
}

/* "start-end perms offset device inode      path" */
static void parse_mapping(const char *line, struct mapping *mapping)
{
	const char *s = parse_hex(line, &mapping->range.start);

	s = parse_hex(s + (*s == '-'), &mapping->range.end);
	mapping->is_code = strncmp(s, " r-x", 4) == 0;
	for (int field = 0; field < 4; field++) {
		s += strspn(s, " ");
		s += strcspn(s, " ");
	}
	mapping->path = s + strspn(s, " ");
}

static bool contains(const struct range *range, uintptr_t address)
{
	return address >= range->start && address < range->end;
}

#define LINE_SIZE 512

/* Calls for each mapping; with no memory but the stack. */
static bool for_each_mapping(void (*fn)(const struct mapping *mapping, void *arg), void *arg)
{
	char buffer[2048], line[LINE_SIZE];
	int fd = open("/proc/self/maps", O_RDONLY | O_CLOEXEC);
	size_t length = 0;
	ssize_t n;

	if (fd < 0)
		return false;
	while ((n = read(fd, buffer, sizeof(buffer))) > 0) {
		for (ssize_t i = 0; i < n; i++) {
			struct mapping mapping;

			if (buffer[i] != '\n') {
				/* A longer path is cut; two cut in the same place count as the
				 * same: kept, which is safe. */
				if (length < LINE_SIZE - 1)
					line[length++] = buffer[i];
				continue;
			}
			line[length] = '\0';
			length = 0;
			parse_mapping(line, &mapping);
			fn(&mapping, arg);
		}
	}
	close(fd);
	return n == 0;
}

struct search {
	char program[LINE_SIZE], library[LINE_SIZE];
	uintptr_t top;
	struct kept kept;
};

static void find_files(const struct mapping *mapping, void *arg)
{
	struct search *search = arg;

	if (contains(&mapping->range, (uintptr_t)&keeper_shed_memory))
		memcpy(search->program, mapping->path, strlen(mapping->path) + 1);
	if (contains(&mapping->range, (uintptr_t)gnu_get_libc_version()))
		memcpy(search->library, mapping->path, strlen(mapping->path) + 1);
}

static void find_kept(const struct mapping *mapping, void *arg)
{
	struct search *search = arg;
	const char *path = mapping->path;

	if ((*path == '[' && strcmp(path, "[heap]") != 0) ||
	    (*path && !mapping->is_code &&
	     (strcmp(path, search->program) == 0 || strcmp(path, search->library) == 0)) ||
	    contains(&mapping->range, (uintptr_t)__builtin_frame_address(0)))
		keep(&search->kept, mapping->range.start, mapping->range.end);
	if (mapping->range.end > search->top)
		search->top = mapping->range.end;
}

static void keep_thread_pages(struct kept *kept)
{
	const uintptr_t page = (uintptr_t)sysconf(_SC_PAGESIZE);
	uintptr_t self = (uintptr_t)pthread_self(), error = (uintptr_t)&errno;
	uintptr_t low = self < error ? self : error, high = self < error ? error : self;

	keep(kept, (low & ~(page - 1)) - page, (high & ~(page - 1)) + 2 * page);
}

void keeper_shed_memory(void)
{
	struct search search = { .top = 0 };
	uintptr_t start = 0;

	/* A sanitizer's runtime needs its memory for every access. */
	if (HAS_SANITIZER)
		return;
	if (!for_each_mapping(find_files, &search) || !*search.program || !*search.library ||
	    !for_each_mapping(find_kept, &search))
		return;
	keep_thread_pages(&search.kept);
	if (search.kept.n == KEPT_MAX)
		return;

	for (size_t i = 0; i < search.kept.n; i++) {
		if (search.kept.range[i].start > start)
			syscall(SYS_madvise, start, search.kept.range[i].start - start,
				MADV_DONTNEED);
		start = search.kept.range[i].end;
	}
	if (search.top > start)
		syscall(SYS_madvise, start, search.top - start, MADV_DONTNEED);
}
