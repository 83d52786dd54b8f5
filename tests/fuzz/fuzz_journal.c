/* SPDX-License-Identifier: GPL-3.0-only */
/* Any bytes as a lab's journal, to which the programs in a lab can write: what counts of it is read
 * and made again, or it is said to be damaged. */
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "fuzz.h"

#include "core/base/cleanup.h"
#include "lab/live/journal.h"
#include "lab/nouns/replay.h"

static int directory = -1;

static void replay(char *text)
{
	struct model *model = model_new();

	for (char *line; (line = strsep(&text, "\n"));)
		if (*line && *line != '#') {
			struct error err = { 0 };

			if (replay_change(model, line, &err) < 0)
				must(err.message[0] != '\0', "an error has a message");
		}
	model_free(model);
}

static void read_all(struct journal *journal)
{
	struct error err = { 0 };
	auto_free char *text = NULL;
	bool whole;
	off_t end;

	must(journal_has_batch(journal, &whole, &end, &err) == 0 || err.message[0],
	     "an error has a message");
	if (journal_read(journal, journal_start(), journal->committed, &text, &err) == 0)
		replay(text);
	else
		must(err.message[0] != '\0', "an error has a message");
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct journal journal = JOURNAL_CLOSED;
	struct error err = { 0 };
	char path[] = "/tmp/vpclab-fuzz-XXXXXX";
	int fd;

	if (directory < 0) {
		must(mkdtemp(path) != NULL, "there is a directory");
		directory = open(path, O_PATH | O_DIRECTORY | O_CLOEXEC);
	}
	fd = openat(directory, "journal", O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
	must(fd >= 0 && write(fd, data, size) == (ssize_t)size, "a file is written");
	close(fd);
	if (journal_open(&journal, directory, false, &err) == 0 &&
	    journal_refresh(&journal, &err) == 0)
		read_all(&journal);
	else
		must(err.message[0] != '\0', "an error has a message");
	journal_close(&journal);
	return 0;
}
