/* SPDX-License-Identifier: GPL-3.0-only */
#include "cli/learn/tutorials.h"

#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/cleanup.h"
#include "core/base/memory.h"
#include "core/base/nearest.h"
#include "core/base/text.h"
#include "core/sandbox/exec_setup.h"

#define ENDING ".lab"

/* The caller frees; NULL: there is none. */
static char *find_directory(void)
{
	/* installed; build/; build/clang/ and its like */
	static const char *const places[] = { "../share/vpclab/topologies", "../topologies",
					      "../../topologies" };
	auto_free char *self = program_directory();

	for (size_t i = 0; self && i < ARRAY_SIZE(places); i++) {
		auto_free char *path = xprintf("%s/%s", self, places[i]);
		char *whole = realpath(path, NULL);

		if (whole)
			return whole;
	}
	return NULL;
}

static bool has_ending(const char *name)
{
	size_t length = strlen(name);

	return length > strlen(ENDING) && strcmp(name + length - strlen(ENDING), ENDING) == 0;
}

static int refuse_none(struct error *err)
{
	error_set(err, -ENOENT, "the tutorials are not where they should be");
	error_hint(
		err,
		"make install puts them beside the program; vpclab learn FILE takes any topology");
	return -ENOENT;
}

/* Where they are, in that directory: the documents', and those of single questions. */
static const char *const folders[] = { "", "questions/" };

static void add_names(char ***names, size_t *n, const char *path)
{
	auto_dir DIR *directory = opendir(path);
	const struct dirent *entry;

	while (directory && (entry = readdir(directory)))
		if (has_ending(entry->d_name) && entry->d_name[0] != '.')
			*ARRAY_PUSH(*names, *n) =
				xstrndup(entry->d_name, strlen(entry->d_name) - strlen(ENDING));
}

int tutorials_list(char ***ret_names, size_t *ret_n, struct error *err)
{
	auto_free char *directory = find_directory();
	char **names = NULL;
	size_t n = 0;

	for (size_t i = 0; directory && i < ARRAY_SIZE(folders); i++) {
		auto_free char *path = xprintf("%s/%s", directory, folders[i]);

		add_names(&names, &n, path);
	}
	if (!n)
		return refuse_none(err);
	strings_sort(names, n);
	*ret_names = names;
	*ret_n = n;
	return 0;
}

static int refuse_unknown(const char *word, struct error *err)
{
	struct nearest nearest = { .typed = word };
	char **names;
	size_t n;
	int r = tutorials_list(&names, &n, err);

	if (r < 0)
		return r;
	error_set(err, -ENOENT, "there is no tutorial %.128s", word);
	error_hint(err, "vpclab learn lists them");
	for (size_t i = 0; i < n; i++)
		nearest_offer(&nearest, names[i]);
	nearest_hint(&nearest, err);
	strings_free(names, n);
	return -ENOENT;
}

int tutorials_find(const char *word, char **ret_path, struct error *err)
{
	auto_free char *directory = NULL;

	if (strchr(word, '/') || has_ending(word)) {
		*ret_path = xstrdup(word);
		return 0;
	}
	directory = find_directory();
	for (size_t i = 0; directory && i < ARRAY_SIZE(folders); i++) {
		char *path = xprintf("%s/%s%s" ENDING, directory, folders[i], word);

		if (access(path, F_OK) == 0) {
			*ret_path = path;
			return 0;
		}
		free(path);
	}
	return refuse_unknown(word, err);
}
