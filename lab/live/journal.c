/* SPDX-License-Identifier: GPL-3.0-only */
#include "lab/live/journal.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/base/cleanup.h"
#include "core/base/memory.h"
#include "core/base/text.h"
#include "core/base/write.h"

#define HEADER      "# committed "
#define HEADER_SIZE (sizeof(HEADER) - 1 + 20 + 1) /* a number of 20 digits and a newline */
#define BATCH_END   "# end\n"

/* A lab's journal is replaced long before that, but programs in the lab can write to it. */
#define JOURNAL_SIZE_MAX (256 << 20)

static int failed(struct error *err, const char *what)
{
	int r = error_number();

	error_set(err, r, "cannot %s the lab's journal: %s", what, strerror(-r));
	if (r == -ENOSPC)
		error_hint(err, "the lab's memory is used up: make room inside it (/run), or end "
				"it with vpclab down");
	return r;
}

off_t journal_start(void)
{
	return HEADER_SIZE;
}

bool journal_is_new(const struct journal *journal)
{
	return journal->committed == journal_start();
}

/* One write of 33 bytes in memory: it is there whole or not at all. */
static int write_header(struct journal *journal, off_t committed, struct error *err)
{
	char header[HEADER_SIZE + 1];

	snprintf(header, sizeof(header), HEADER "%020" PRIdMAX "\n", (intmax_t)committed);
	if (pwrite(journal->fd, header, HEADER_SIZE, 0) != (ssize_t)HEADER_SIZE)
		return failed(err, "write");
	journal->committed = committed;
	return 0;
}

static int damaged(struct error *err, const char *how)
{
	error_set(err, -EIO, "the lab's journal is damaged: %s", how);
	error_hint(err, "a program in the lab has written to it; vpclab down ends the lab");
	return -EIO;
}

static int read_header(struct journal *journal, const struct stat *st, struct error *err)
{
	char header[HEADER_SIZE + 1] = "";
	ssize_t n = pread(journal->fd, header, HEADER_SIZE, 0);
	intmax_t committed;
	char *end;

	if (n < 0)
		return failed(err, "read");
	if (!header[0]) { /* Nothing counts yet, though a first batch may stand behind. */
		journal->committed = journal_start();
		return 0;
	}
	committed = strtoimax(header + strlen(HEADER), &end, 10);
	if (n != (ssize_t)HEADER_SIZE || strncmp(header, HEADER, strlen(HEADER)) != 0 ||
	    *end != '\n' || committed < (intmax_t)HEADER_SIZE)
		return damaged(err, "its first line is not what it should be");
	if (committed > JOURNAL_SIZE_MAX)
		return damaged(err, "it is longer than 256 MiB");
	if (committed > (intmax_t)HEADER_SIZE && committed > st->st_size)
		return damaged(err, "it is shorter than it says");
	journal->committed = (off_t)committed;
	return 0;
}

static int open_file(struct journal *journal, int flags, struct error *err)
{
	journal->fd = openat(journal->directory, "journal",
			     O_RDWR | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK | flags, 0600);
	if (journal->fd < 0 && errno == ENOENT)
		return error_set(err, -ENOENT,
				 "the lab has no journal: it is only just being made, or somebody "
				 "removed it from inside");
	return journal->fd < 0 ? failed(err, "open") : 0;
}

int journal_refresh(struct journal *journal, struct error *err)
{
	struct journal again = { .directory = journal->directory };
	struct stat st;
	int r, replaced;

	if (fstat(journal->fd, &st) < 0)
		return failed(err, "read");
	replaced = st.st_nlink == 0;
	if (replaced) {
		if ((r = open_file(&again, 0, err)) < 0)
			return r;
		close(journal->fd);
		*journal = again;
		if (fstat(journal->fd, &st) < 0)
			return failed(err, "read");
	}
	r = read_header(journal, &st, err);
	return r < 0 ? r : replaced;
}

int journal_open(struct journal *ret_journal, int directory, bool create, struct error *err)
{
	struct journal journal = { .directory = directory };
	int r = open_file(&journal, create ? O_CREAT : 0, err);

	if (r >= 0)
		r = journal_refresh(&journal, err);
	if (r < 0) {
		journal_close(&journal);
		return r;
	}
	*ret_journal = journal;
	return 0;
}

void journal_close(struct journal *journal)
{
	if (journal->fd >= 0)
		close(journal->fd);
	*journal = JOURNAL_CLOSED;
}

int journal_read(const struct journal *journal, off_t from, off_t to, char **ret_text,
		 struct error *err)
{
	size_t size = (size_t)(to - from), done = 0;
	auto_free char *text = xalloc(size + 1);

	while (done < size) {
		ssize_t n = pread(journal->fd, text + done, size - done, from + (off_t)done);

		if (n < 0)
			return failed(err, "read");
		if (n == 0)
			return damaged(err, "it is shorter than it says");
		done += (size_t)n;
	}
	if (memchr(text, '\0', size))
		return damaged(err, "it holds other things than text");
	*ret_text = take_ptr(text);
	return 0;
}

/* What there is of a batch without an end does not count, even if it cannot be cut. */
int journal_append(struct journal *journal, const char *commands, struct error *err)
{
	journal->appended = journal->committed + (off_t)strlen(commands);
	if (write_all(journal->fd, commands, strlen(commands), journal->committed) < 0) {
		int r = failed(err, "write");

		return ftruncate(journal->fd, journal->committed) < 0 ? -errno : r;
	}
	return 0;
}

int journal_begin(struct journal *journal, struct error *err)
{
	return write_all(journal->fd, BATCH_END, strlen(BATCH_END), journal->appended) < 0
		       ? failed(err, "write")
		       : 0;
}

int journal_commit(struct journal *journal, struct error *err)
{
	struct stat st;

	if (fstat(journal->fd, &st) < 0)
		return failed(err, "read");
	return write_header(journal, st.st_size, err);
}

off_t journal_batch_end(const struct journal *journal)
{
	return journal->appended + (off_t)strlen(BATCH_END);
}

/* The rename makes it happen at once, or not at all. */
int journal_replace(struct journal *journal, const char *commands, struct error *err)
{
	static const char beside[] = "journal.new";
	struct journal other = { .directory = journal->directory, .committed = HEADER_SIZE };
	int r;

	other.fd = openat(other.directory, beside,
			  O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK, 0600);
	if (other.fd < 0)
		return failed(err, "replace");
	r = journal_append(&other, commands, err);
	if (r >= 0)
		r = journal_begin(&other, err);
	if (r >= 0)
		r = journal_commit(&other, err);
	if (r >= 0 && renameat(other.directory, beside, other.directory, "journal") < 0)
		r = failed(err, "replace");
	if (r < 0) {
		(void)unlinkat(other.directory, beside, 0);
		close(other.fd);
		return r;
	}
	close(journal->fd);
	*journal = other;
	return 0;
}

int journal_cut(struct journal *journal, struct error *err)
{
	if (ftruncate(journal->fd, journal->committed) < 0)
		return failed(err, "cut");
	return 0;
}

int journal_has_batch(const struct journal *journal, bool *ret_whole, off_t *ret_end,
		      struct error *err)
{
	auto_free char *end = NULL;
	struct stat st;
	int r;

	if (fstat(journal->fd, &st) < 0)
		return failed(err, "read");
	*ret_whole = false;
	*ret_end = journal->committed;
	if (st.st_size < journal->committed + (off_t)strlen(BATCH_END))
		return 0;
	r = journal_read(journal, st.st_size - (off_t)strlen(BATCH_END), st.st_size, &end, err);
	if (r < 0)
		return r;
	*ret_whole = strcmp(end, BATCH_END) == 0;
	*ret_end = st.st_size;
	return 0;
}
