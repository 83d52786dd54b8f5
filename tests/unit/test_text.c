/* SPDX-License-Identifier: GPL-3.0-only */
/* Texts, memory and errors: what everything else leans on. */
#include "test.h"

#include <errno.h>
#include <locale.h>

#include "core/base/error.h"
#include "core/base/memory.h"
#include "core/base/text.h"
#include "core/base/utf8.h"
#include "lab/language/tokenizer.h"

TEST(text_grows)
{
	auto_text text = { 0 };

	CHECK_STR(text_get(&text), "");
	for (int i = 0; i < 1000; i++)
		text_addf(&text, "%d,", i % 10);
	text_add_n(&text, "abc", 2);
	text_add_char(&text, '!');
	CHECK_INT(text.length, 2003);
	CHECK_INT(strlen(text_get(&text)), 2003);
	CHECK_STR(text_get(&text) + 1994, "7,8,9,ab!");

	text_clear(&text);
	CHECK_STR(text_get(&text), "");
}

TEST(text_formats_more_than_it_has_room_for)
{
	auto_text text = { 0 };
	char *long_word = xalloc(5000);

	memset(long_word, 'x', 4999);
	text_addf(&text, "<%s>", long_word);
	CHECK_INT(text.length, 5001);
	CHECK_INT(text_get(&text)[5000], '>');
	free(long_word);

	for (size_t n = 55; n < 75; n++) {
		text_free(&text);
		text_addf(&text, "%*s", (int)n, "y");
		CHECK_INT(strlen(text_get(&text)), n);
	}
}

TEST(text_take_leaves_it_empty)
{
	struct text text = { 0 };
	char *s = text_take(&text);

	CHECK_STR(s, "");
	free(s);
	text_add(&text, "word");
	s = text_take(&text);
	CHECK_STR(s, "word");
	CHECK(!text.s);
	free(s);
}

TEST(words_are_quoted_only_if_they_have_to_be)
{
	static const struct {
		const char *word, *want;
	} cases[] = {
		{ "ECS1", "ECS1" },
		{ "10.0.0.0/8", "10.0.0.0/8" },
		{ "EIP1,EIP2", "EIP1,EIP2" },
		{ "--", "--" },
		{ "->", "->" },
		{ "Forbidden.*", "Forbidden.*" },
		{ "http://h:80/a?b=c%20d", "http://h:80/a?b=c%20d" },
		{ "\xc3\xbc", "\xc3\xbc" },
		{ "", "''" },
		{ "two words", "'two words'" },
		{ "tab\there", "'tab\there'" },
		{ "#1", "'#1'" },
		{ "&", "'&'" },
		{ ">", "'>'" },
		{ "$EIP2", "'$EIP2'" },
		{ "a\\b", "'a\\b'" },
		{ "say \"hi\"", "'say \"hi\"'" },
		{ "it's", "\"it's\"" },
		{ "it's $5 \\ \"x\"", "\"it's \\$5 \\\\ \\\"x\\\"\"" },
	};

	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		auto_text text = { 0 };

		text_add_word(&text, cases[i].word);
		CHECK_STR(text_get(&text), cases[i].want);
	}
}

TEST(control_characters_never_come_out_raw)
{
	static const struct {
		const char *in, *want;
	} cases[] = {
		{ "plain text", "plain text" },
		{ "\x1b[31mred\n", "\\x1b[31mred\\x0a" },
		{ "\x7f\t", "\\x7f\\x09" },
		{ "gr\xc3\xbc\xc3\x9f", "gr\xc3\xbc\xc3\x9f" },
		{ "\xe2\x82\xac \xf0\x9f\x98\x80", "\xe2\x82\xac \xf0\x9f\x98\x80" },
		{ "\xc2\x9b", "\\xc2\\x9b" },                   /* C1: another way to say ESC [ */
		{ "\xc3", "\\xc3" },                            /* cut off */
		{ "\xc3(", "\\xc3(" },                          /* no continuation */
		{ "\xc0\xaf", "\\xc0\\xaf" },                   /* overlong */
		{ "\xe0\x80\xaf", "\\xe0\\x80\\xaf" },          /* overlong */
		{ "\xed\xa0\x80", "\\xed\\xa0\\x80" },          /* a surrogate */
		{ "\xf4\x90\x80\x80", "\\xf4\\x90\\x80\\x80" }, /* above U+10FFFF */
		{ "\xe2\x80\xae", "\\xe2\\x80\\xae" },          /* right-to-left override */
		{ "\xff\xfe", "\\xff\\xfe" },
	};

	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		auto_text text = { 0 };

		text_add_escaped(&text, cases[i].in, strlen(cases[i].in));
		CHECK_STR(text_get(&text), cases[i].want);
	}

	auto_text text = { 0 };

	text_add_escaped(&text, "a\0b", 3);
	CHECK_STR(text_get(&text), "a\\x00b");
}

TEST(case_is_ignored_as_in_dns)
{
	CHECK(text_equal_nocase("ECS1", "ecs1"));
	CHECK(text_equal_nocase("", ""));
	CHECK(!text_equal_nocase("ECS1", "ECS"));
	CHECK(!text_equal_nocase("ECS", "ECS1"));
	CHECK(!text_equal_nocase("[", "{"));
}

TEST(distance_counts_slips)
{
	static const struct {
		const char *a, *b;
		unsigned want;
	} cases[] = {
		{ "", "", 0 },
		{ "", "abc", 3 },
		{ "vswitch", "vswitch", 0 },
		{ "VSW1", "vsw1", 0 },
		{ "vswicth", "vswitch", 1 },
		{ "eip", "epi", 1 },
		{ "snat", "dnat", 1 },
		{ "route", "routes", 1 },
		{ "kitten", "sitting", 3 },
		{ "ca", "abc", 3 },
	};

	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		CHECK_INT(text_distance(cases[i].a, cases[i].b), cases[i].want);
		CHECK_INT(text_distance(cases[i].b, cases[i].a), cases[i].want);
	}

	/* Nobody's slip, and no reason to work for long. */
	char *huge = xalloc(1 << 20);

	memset(huge, 'a', (1 << 20) - 1);
	CHECK(text_distance(huge, "a") > 100);
	CHECK_INT(text_distance(huge, huge), 0);
	free(huge);
}

TEST(arrays_keep_what_was_pushed)
{
	int *numbers = NULL;
	size_t n_numbers = 0;

	for (int i = 0; i < 100; i++) {
		int *number = ARRAY_PUSH(numbers, n_numbers);

		CHECK_INT(*number, 0);
		*number = i;
	}
	CHECK_INT(n_numbers, 100);
	ARRAY_REMOVE(numbers, n_numbers, 0);
	ARRAY_REMOVE(numbers, n_numbers, 50);
	ARRAY_REMOVE(numbers, n_numbers, n_numbers - 1);
	CHECK_INT(n_numbers, 97);
	CHECK_INT(numbers[0], 1);
	CHECK_INT(numbers[49], 50);
	CHECK_INT(numbers[50], 52);
	CHECK_INT(numbers[96], 98);

	/* Shrunk, then grown again over a power of two. */
	while (n_numbers > 30)
		ARRAY_REMOVE(numbers, n_numbers, 0);
	for (int i = 0; i < 300; i++)
		*ARRAY_PUSH(numbers, n_numbers) = i;
	CHECK_INT(numbers[329], 299);
	free(numbers);
}

TEST(arena_gives_zeroed_aligned_memory)
{
	struct arena arena = { 0 };

	for (size_t i = 0; i < 2000; i++) {
		size_t size = i % 97 == 0 ? 5000 + i : i % 61;
		unsigned char *p = arena_alloc(&arena, size);

		CHECK_INT((uintptr_t)p % _Alignof(max_align_t), 0);
		for (size_t j = 0; j < size; j++)
			CHECK_INT(p[j], 0);
		memset(p, 0xff, size);
	}

	char *a = arena_strdup(&arena, "first"), *b = arena_printf(&arena, "%s-%d", "second", 2);

	CHECK_STR(a, "first");
	CHECK_STR(b, "second-2");
	arena_free(&arena);
	arena_free(&arena);
}

TEST(strings_are_copied)
{
	char *a = xstrdup("abc"), *b = xstrndup("abcdef", 4), *c = xstrndup("ab", 100),
	     *d = xprintf("%s/%u", "x", 7u);

	CHECK_STR(a, "abc");
	CHECK_STR(b, "abcd");
	CHECK_STR(c, "ab");
	CHECK_STR(d, "x/7");
	free(a);
	free(b);
	free(c);
	free(d);
}

TEST(errors_say_where_and_why)
{
	struct error err = { .code = "old", .hint = "old" };

	CHECK_INT(error_set(&err, -ENOENT, "%s does not exist", "EIP9"), -ENOENT);
	CHECK_STR(err.message, "EIP9 does not exist");
	CHECK_STR(err.code, "");
	CHECK_STR(err.hint, "");

	error_wrap(&err, "cannot create %s", "snat1");
	error_hint(&err, "eip create %s", "EIP9");
	CHECK_STR(err.message, "cannot create snat1: EIP9 does not exist");
	CHECK_STR(err.hint, "eip create EIP9");

	CHECK_INT(error_refuse(&err, "InvalidEip.NotFound", "eip", "no %s", err.message), -EINVAL);
	CHECK_STR(err.code, "InvalidEip.NotFound");
	CHECK_STR(err.argument, "eip");
	CHECK_STR(err.message, "no cannot create snat1: EIP9 does not exist");
	CHECK_STR(err.hint, "");

	error_refuse(&err, "X", NULL, "y");
	CHECK_STR(err.argument, "");
}

TEST(errors_of_any_length_fit)
{
	struct error err;
	char *huge = xalloc(10000);

	memset(huge, 'x', 9999);
	error_set(&err, -EIO, "%s", huge);
	CHECK_INT(strlen(err.message), sizeof(err.message) - 1);
	error_wrap(&err, "on ECS1");
	CHECK_INT(strlen(err.message), sizeof(err.message) - 1);
	CHECK(strncmp(err.message, "on ECS1: xxx", 12) == 0);
	error_wrap(&err, "%s", huge);
	CHECK_INT(strlen(err.message), sizeof(err.message) - 1);
	error_hint(&err, "%s", huge);
	CHECK_INT(strlen(err.hint), sizeof(err.hint) - 1);
	error_refuse(&err, huge, huge, "%s", huge);
	CHECK_INT(strlen(err.code), sizeof(err.code) - 1);
	CHECK_INT(strlen(err.argument), sizeof(err.argument) - 1);
	free(huge);

	CHECK_INT(error_set(NULL, -EIO, "nobody listens"), -EIO);
	CHECK_INT(error_refuse(NULL, "A", "b", "nobody listens"), -EINVAL);
	error_wrap(NULL, "x");
	error_hint(NULL, "x");
}

/* The one exception to "core never prints, never exits": one line, status 3. */
TEST(no_memory_ends_the_program_with_3)
{
	int status, out[2];
	char said[200] = "";
	pid_t pid;

	CHECK_INT(pipe(out), 0);
	pid = fork();
	if (pid == 0) {
		dup2(out[1], STDERR_FILENO);
		array_grow(NULL, SIZE_MAX / 4 + 1, 8);
		_exit(0);
	}
	CHECK_INT(waitpid(pid, &status, 0), pid);
	CHECK(WIFEXITED(status));
	CHECK_INT(WEXITSTATUS(status), 3);
	CHECK(read(out[0], said, sizeof(said) - 1) > 0);
	CHECK(strstr(said, "out of memory"));
}

/* The width of a character is the terminal's, not the locale's: many CI machines have none. */
TEST(columns_of_characters)
{
	CHECK_STR(setlocale(LC_ALL, "C"), "C");
	CHECK_INT(utf8_width('a'), 1);
	CHECK_INT(utf8_width(0xe9), 1);    /* e with acute */
	CHECK_INT(utf8_width(0x0301), 0);  /* the accent alone */
	CHECK_INT(utf8_width(0x200b), 0);  /* zero width space */
	CHECK_INT(utf8_width(0x4e2d), 2);  /* a Chinese character */
	CHECK_INT(utf8_width(0x1f600), 2); /* a smiling face */
	CHECK_INT(utf8_width(0x07), 1);    /* escaped before it is shown */
	CHECK_STR(setlocale(LC_ALL, NULL), "C");
}
