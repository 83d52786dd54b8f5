/* SPDX-License-Identifier: GPL-3.0-only */
#pragma once

/*
 * Unit tests: TEST(name) { ... } registers itself; each runs in a forked child with an alarm, so that a crash, a hang or
 * an unshare() stays inside. TAP on stdout. Exactly one file per program; this header holds main(). An argument,
 * a regular expression, chooses tests by their names.
 */
#include <inttypes.h>
#include <regex.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

typedef void (*test_fn)(void);

static struct test_case {
	const char *name;
	test_fn fn;
} test_cases[512];
static int n_test_cases;

#define TEST(name_)                                                                       \
	static void test_##name_(void);                                                   \
	__attribute__((constructor)) static void register_##name_(void)                   \
	{                                                                                 \
		test_cases[n_test_cases++] = (struct test_case){ #name_, test_##name_ };  \
	}                                                                                 \
	static void test_##name_(void)

#define TEST_SECONDS 60

#define test_fail(...)                                         \
	do {                                                   \
		printf("# %s:%d: ", __FILE__, __LINE__);       \
		printf(__VA_ARGS__);                           \
		printf("\n");                                  \
		fflush(stdout);                                \
		exit(1);                                       \
	} while (0)

#define CHECK(condition)                                   \
	do {                                               \
		if (!(condition))                          \
			test_fail("not so: %s", #condition); \
	} while (0)

#define CHECK_INT(got, want)                                                                                   \
	do {                                                                                                   \
		intmax_t got_ = (intmax_t)(got), want_ = (intmax_t)(want);                                     \
		if (got_ != want_)                                                                             \
			test_fail("%s is %" PRIdMAX ", not %" PRIdMAX " (%s)", #got, got_, want_, #want);      \
	} while (0)

#define CHECK_STR(got, want)                                                                     \
	do {                                                                                     \
		const char *got_ = (got), *want_ = (want);                                       \
		if (!got_ || strcmp(got_, want_) != 0)                                           \
			test_fail("%s is \"%s\", not \"%s\"", #got, got_ ? got_ : "(null)", want_); \
	} while (0)

/* Says that this machine lacks something the test needs; it counts as skipped, with the reason. */
#define test_skip(reason)                     \
	do {                                  \
		printf("# skip: %s\n", reason); \
		fflush(stdout);               \
		exit(77);                     \
	} while (0)

/* A test that fails may leave the processes of its sandboxes behind, which then are ours. */
static void end_what_was_left_behind(void)
{
	char path[64], line[32];

	snprintf(path, sizeof(path), "/proc/self/task/%d/children", getpid());
	for (;;) {
		FILE *children = fopen(path, "re");
		pid_t child = children && fgets(line, sizeof(line), children) ? atoi(line) : 0;

		if (children)
			fclose(children);
		if (child <= 0)
			return;
		kill(child, SIGKILL);
		waitpid(child, NULL, 0);
	}
}

int main(int argc, char **argv)
{
	int failed = 0, n = 0;

	prctl(PR_SET_CHILD_SUBREAPER, 1);

	if (argc > 1) {
		regex_t chosen;

		if (regcomp(&chosen, argv[1], REG_EXTENDED | REG_NOSUB) != 0)
			return 2;
		for (int i = 0; i < n_test_cases; i++)
			if (regexec(&chosen, test_cases[i].name, 0, NULL, 0) == 0)
				test_cases[n++] = test_cases[i];
		n_test_cases = n;
		regfree(&chosen);
	}
	setvbuf(stdout, NULL, _IOLBF, 0);
	printf("1..%d\n", n_test_cases);
	for (int i = 0; i < n_test_cases; i++) {
		int status;
		pid_t pid = fork();

		if (pid == 0) {
			alarm(TEST_SECONDS);
			test_cases[i].fn();
			exit(0);
		}
		if (waitpid(pid, &status, 0) != pid)
			return 2;
		end_what_was_left_behind();

		int ok = WIFEXITED(status) && WEXITSTATUS(status) == 0;
		int skipped = WIFEXITED(status) && WEXITSTATUS(status) == 77;

		printf("%s %d - %s%s\n", ok || skipped ? "ok" : "not ok", i + 1, test_cases[i].name, skipped ? " # SKIP" : "");
		failed += !ok && !skipped;
	}
	return failed != 0;
}
