/* SPDX-License-Identifier: GPL-3.0-only */
/* Any words, a line each, as a call that the shell asks to complete. */
#include <string.h>

#include "fuzz.h"

int vpclab_main(int argc, char **argv); /* cli/main/main.c */

#define WORDS_MAX 32

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *text = strndup((const char *)data, size), *rest = text;
	static char program[] = "vpclab", subcommand[] = "complete";
	char *argv[WORDS_MAX + 3] = { program, subcommand };
	int argc = 2;

	while (rest && argc < WORDS_MAX + 2)
		argv[argc++] = strsep(&rest, "\n");
	must(vpclab_main(argc, argv) == 0, "completion never fails");
	free(text);
	return 0;
}
