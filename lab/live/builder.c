/* SPDX-License-Identifier: GPL-3.0-only */
#include "lab/live/builder.h"

#include <fcntl.h>
#include <link.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "core/base/cleanup.h"
#include "core/base/write.h"

#define DIGEST_SIZE 64
#define ALIGNED(n)  (((n) + 3u) & ~3u)

struct digest {
	unsigned char byte[DIGEST_SIZE];
	size_t n;
};

static void read_notes(const unsigned char *at, size_t size, struct digest *digest)
{
	ElfW(Nhdr) note;

	for (size_t rest = size; rest >= sizeof(note);) {
		const unsigned char *name = at + (size - rest) + sizeof(note);
		size_t length;

		memcpy(&note, name - sizeof(note), sizeof(note));
		length = sizeof(note) + ALIGNED(note.n_namesz) + ALIGNED(note.n_descsz);
		if (length > rest)
			return;
		if (note.n_type == NT_GNU_BUILD_ID && note.n_namesz == sizeof(ELF_NOTE_GNU) &&
		    memcmp(name, ELF_NOTE_GNU, sizeof(ELF_NOTE_GNU)) == 0 &&
		    note.n_descsz <= DIGEST_SIZE) {
			memcpy(digest->byte, name + ALIGNED(note.n_namesz), note.n_descsz);
			digest->n = note.n_descsz;
		}
		rest -= length;
	}
}

/* The first object is the program. */
static int read_program(struct dl_phdr_info *info, size_t size, void *arg)
{
	(void)size;
	for (unsigned i = 0; i < info->dlpi_phnum; i++)
		if (info->dlpi_phdr[i].p_type == PT_NOTE)
			read_notes((const unsigned char *)info->dlpi_addr +
					   info->dlpi_phdr[i].p_vaddr,
				   info->dlpi_phdr[i].p_memsz, arg);
	return 1;
}

static struct digest of_this_program(void)
{
	struct digest digest = { .n = 0 };

	dl_iterate_phdr(read_program, &digest);
	return digest;
}

static int open_note(int directory, int flags)
{
	return openat(directory, "builder", flags | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK, 0600);
}

bool builder_is_this_program(int directory)
{
	const struct digest ours = of_this_program();
	auto_fd int fd = open_note(directory, O_RDONLY);
	unsigned char byte[DIGEST_SIZE + 1];

	return fd >= 0 && ours.n && read(fd, byte, sizeof(byte)) == (ssize_t)ours.n &&
	       memcmp(byte, ours.byte, ours.n) == 0;
}

void builder_note_this_program(int directory)
{
	const struct digest ours = of_this_program();
	auto_fd int fd = open_note(directory, O_WRONLY | O_CREAT | O_TRUNC);

	if (fd >= 0)
		(void)write_all(fd, (const char *)ours.byte, ours.n, 0);
}
