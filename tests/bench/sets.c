/* SPDX-License-Identifier: GPL-3.0-only */
/*
 * How long the questions about all packets take, in seconds of the processor, a line each: "reach",
 * what everybody reaches; "diff", what one rule changes that is taken away; "each", the same of
 * every rule and entry of the lab.
 * usage: sets FILE
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "core/base/cleanup.h"
#include "lab/nouns/replay.h"
#include "lab/reach/reach.h"

static double now(void)
{
	struct timespec at;

	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &at);
	return (double)at.tv_sec + (double)at.tv_nsec / 1e9;
}

static void print(const char *what, double since)
{
	printf("%s %.6f\n", what, now() - since);
}

/* As what-if does it. False: the command was refused. */
static bool try_command(const struct model *model, const struct explain_index *before,
			const char *command)
{
	struct model *after = model_copy(model);
	struct error refusal = { 0 };
	const bool done = replay_change(after, command, &refusal) >= 0;

	if (done) {
		struct explain_index *index = explain_index_new(after);

		reach_free(reach_diff(before, index));
		explain_index_free(index);
	}
	model_free(after);
	return done;
}

static void measure_reach(const struct model *model, const struct explain_index *index)
{
	static const char *const words[] = { "any", "->", "any" };
	const double since = now();
	struct error err = { 0 };
	struct flows flows;
	struct reach *reach;

	if (flows_parse(model, words, 3, &flows, &err) < 0)
		exit(2);
	reach = reach_new(model, index, &flows);
	print(reach->given_up ? "reach-given-up" : "reach", since);
	reach_free(reach);
}

static void measure_changes(const struct model *model, const struct explain_index *index)
{
	double since = now();
	size_t n = 0;

	model_each(model, NOUN_SECURITY_GROUP, const struct security_group, group) {
		for (size_t i = 0; i < group->n_rule; i++) {
			auto_free char *command = xprintf("security-group revoke %s rule %u",
							  group->resource.name,
							  group->rule[i].number);

			if (try_command(model, index, command) && n++ == 0)
				print("diff", since);
		}
	}
	model_each(model, NOUN_SNAT, const struct snat, snat) {
		auto_free char *command = xprintf("snat delete %s", snat->resource.name);

		n += try_command(model, index, command);
	}
	model_each(model, NOUN_DNAT, const struct dnat, dnat) {
		auto_free char *command = xprintf("dnat delete %s", dnat->resource.name);

		n += try_command(model, index, command);
	}
	print("each", since);
	printf("changes %zu\n", n);
}

int main(int argc, char **argv)
{
	FILE *file = argc == 2 ? fopen(argv[1], "re") : NULL;
	struct model *model = model_new();
	struct explain_index *index;
	struct error err = { 0 };
	char line[4096];

	if (!file)
		return 2;
	while (fgets(line, sizeof(line), file)) {
		line[strcspn(line, "\n")] = '\0';
		if (replay_change(model, line, &err) < 0) {
			fprintf(stderr, "%s: %s\n", line, err.message);
			return 2;
		}
	}
	fclose(file);
	index = explain_index_new(model);
	measure_reach(model, index);
	measure_changes(model, index);
	explain_index_free(index);
	model_free(model);
	return 0;
}
