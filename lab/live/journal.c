/* SPDX-License-Identifier: GPL-3.0-only */
#include "lab/live/journal.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/base/cleanup.h"
#include "core/base/memory.h"
#include "core/base/text.h"

#define HEADER      "# committed "
#define HEADER_SIZE (sizeof(HEADER) - 1 + 20 + 1) /* a number of 20 digits and a newline */
#define BATCH_END   "# end\n"

static int failed(struct error *err, const char *what)
{
	int r = -errno;

	error_set(err, r, "cannot %s the lab's journal: %s", what, strerror(errno));
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

int journal_refresh(struct journal *journal, struct error *err)
{
	char header[HEADER_SIZE + 1] = "";
	ssize_t n = pread(journal->fd, header, HEADER_SIZE, 0);
	intmax_t committed;
	char *end;

	if (n < 0)
		return failed(err, "read");
	if (n == 0) { /* made, but its maker has not come to write yet */
		journal->committed = journal_start();
		return 0;
	}
	committed = strtoimax(header + strlen(HEADER), &end, 10);
	if (n != (ssize_t)HEADER_SIZE || strncmp(header, HEADER, strlen(HEADER)) != 0 ||
	    *end != '\n' || committed < (intmax_t)HEADER_SIZE)
		return error_set(err, -EIO, "the lab's journal is damaged");
	journal->committed = (off_t)committed;
	return 0;
}

int journal_open(struct journal *ret_journal, int directory, bool create, struct error *err)
{
	struct journal journal = JOURNAL_CLOSED;
	int r;

	journal.fd = openat(directory, "journal",
			    O_RDWR | (create ? O_CREAT : 0) | O_CLOEXEC | O_NOFOLLOW, 0600);
	if (journal.fd < 0 && errno == ENOENT)
		return error_set(err, -ENOENT,
				 "the lab has no journal: it is only just being made, or somebody "
				 "removed it from inside");
	if (journal.fd < 0)
		return failed(err, "open");
	r = journal_refresh(&journal, err);
	if (r < 0) {
		close(journal.fd);
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

int journal_lock(struct journal *journal, struct error *err)
{
	while (flock(journal->fd, LOCK_EX) < 0)
		if (errno != EINTR)
			return failed(err, "lock");
	return journal_refresh(journal, err);
}

void journal_unlock(struct journal *journal)
{
	(void)flock(journal->fd, LOCK_UN);
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
			return error_set(err, -EIO, "the lab's journal is shorter than it says");
		done += (size_t)n;
	}
	*ret_text = take_ptr(text);
	return 0;
}

int journal_append(struct journal *journal, const char *commands, struct error *err)
{
	auto_text batch = { 0 };
	size_t done = 0;

	text_add(&batch, commands);
	text_add(&batch, BATCH_END);
	while (done < batch.length) {
		ssize_t n = pwrite(journal->fd, batch.s + done, batch.length - done,
				   journal->committed + (off_t)done);

		if (n < 0) {
			int r = failed(err, "write");

			/* What there is of the batch has no end, so that it does not count even if
			 * it cannot be cut. */
			return ftruncate(journal->fd, journal->committed) < 0 ? -errno : r;
		}
		done += (size_t)n;
	}
	return 0;
}

int journal_commit(struct journal *journal, struct error *err)
{
	struct stat st;

	if (fstat(journal->fd, &st) < 0)
		return failed(err, "read");
	return write_header(journal, st.st_size, err);
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
