/* SPDX-License-Identifier: GPL-3.0-only */
#include "test.h"

#include <errno.h>

#include "core/base/text.h"
#include "lab/language/tokenizer.h"

/* All words of all lines as "[word][word]" with | between lines, "!" for a fault with its place. */
static char *read_all(const char *text, size_t length, token_expand_fn expand)
{
	struct source source = { .name = "t", .text = text, .length = length };
	struct text out = { 0 };
	size_t offset = 0, rounds = 0;
	unsigned number = 1;

	for (;;) {
		struct line line = { 0 };
		struct token fault = { 0 };
		struct error err = { 0 };
		size_t before = offset;
		int r = tokenize_line(&source, &offset, &number, expand, NULL, &line, &fault, &err);

		CHECK(++rounds < 1000);
		if (r == 0)
			break;
		CHECK(offset > before);
		if (before > 0)
			text_add_char(&out, '|');
		if (r < 0) {
			CHECK_INT(r, -EINVAL);
			CHECK(err.message[0]);
			CHECK(fault.length > 0);
			text_addf(&out, "!%u:%u", fault.line, fault.column);
			continue;
		}
		for (size_t i = 0; i < line.n_token; i++)
			text_addf(&out, "[%s]", line.token[i].word);
		line_free(&line);
	}
	return text_take(&out);
}

static int expand(void *arg, const char *name, struct text *text, struct error *err)
{
	(void)arg;
	if (strcmp(name, "EIP1") == 0)
		text_add(text, "203.0.113.1");
	else if (strcmp(name, "a-b") == 0)
		text_add(text, "with dash");
	else if (strcmp(name, "a") == 0)
		text_add(text, "A");
	else if (strcmp(name, "empty") == 0)
		text_add(text, "");
	else if (strcmp(name, "evil") == 0)
		text_add(text, "x\ny");
	else
		return error_set(err, -ENOENT, "no %s", name);
	return 0;
}

static void check_words(const char *text, const char *want)
{
	char *got = read_all(text, 0, expand);

	CHECK_STR(got, want);
	free(got);
	got = read_all(text, strlen(text), expand);
	CHECK_STR(got, want);
	free(got);
}

TEST(words_and_lines)
{
	check_words("", "");
	check_words("a", "[a]");
	check_words("a b\tc  ", "[a][b][c]");
	check_words("a\nb\n", "[a]|[b]");
	check_words("a\r\n\r\nb\r\n", "[a]||[b]");
	check_words("\n\n", "|");
	check_words("  # only a comment", "");
	check_words("a #b", "[a]");
	check_words("a#b c", "[a#b][c]");
	check_words("a '#b' \\#c", "[a][#b][#c]");
	check_words("ECS1 -> EIP2", "[ECS1][->][EIP2]");
	check_words("\xef\xbb\xbfvpc", "[vpc]");
	check_words("gr\xc3\xbc\xc3\x9f", "[gr\xc3\xbc\xc3\x9f]");
}

TEST(continuation)
{
	check_words("a \\\n b", "[a][b]");
	check_words("a \\\r\n b\nc", "[a][b]|[c]");
	check_words("a\\\nb", "[ab]");
	check_words("a \\", "[a]");
	check_words("\\\n\\\n", "");
	check_words("# a \\\nb", "|[b]");
	check_words("\"a\\\nb\"", "[ab]");
	check_words("a \\  \nb", "!1:3|[b]");
	check_words("a\\ b", "[a b]");
}

TEST(quotes)
{
	check_words("'a b' \"c d\"", "[a b][c d]");
	check_words("a'b'\"c\"d", "[abcd]");
	check_words("'' \"\"", "[][]");
	check_words("'a\\n\"$EIP1'", "[a\\n\"$EIP1]");
	check_words("\"a\\\"b\\\\c\\$d\\e\"", "[a\"b\\c$d\\e]");
	check_words("\\'a\\\"", "['a\"]");
	check_words("x 'abc\ny", "!1:3|[y]");
	check_words("x \"abc\ny", "!1:3|[y]");
	check_words("x \"abc", "!1:3");
	check_words("don't", "!1:4");
}

TEST(names)
{
	check_words("$EIP1", "[203.0.113.1]");
	check_words("${EIP1}", "[203.0.113.1]");
	check_words("http://$EIP1/ $EIP1:80 $EIP1. $EIP1-",
		    "[http://203.0.113.1/][203.0.113.1:80][203.0.113.1.][203.0.113.1-]");
	check_words("\"<$EIP1>\"", "[<203.0.113.1>]");
	check_words("$a-b ${a}-b", "[with dash][A-b]");
	check_words("x$empty $empty", "[x][]");
	check_words("cost$ \"$\" '$EIP1' \\$EIP1", "[cost$][$][$EIP1][$EIP1]");
	check_words("a $nobody b\nc", "!1:3|[c]");
	check_words("a ${EIP1 b", "!1:3");
	check_words("a ${}", "!1:3");
	check_words("a ${", "!1:3");
	check_words("a $(b)", "!1:3");
	check_words("a $evil", "!1:3");
}

TEST(names_stay_without_expansion)
{
	char *got = read_all("a $b ${c $(d)", 0, NULL);

	CHECK_STR(got, "[a][$b][${c][$(d)]");
	free(got);
}

TEST(unknown_longer_name_hints_at_braces)
{
	struct source source = { .name = "t", .text = "$EIP1.example" };
	struct line line;
	struct token fault;
	struct error err = { 0 };
	size_t offset = 0;
	unsigned number = 1;

	CHECK_INT(tokenize_line(&source, &offset, &number, expand, NULL, &line, &fault, &err),
		  -EINVAL);
	CHECK_STR(err.hint, "did you mean ${EIP1}.example?");
}

TEST(bad_bytes)
{
	char *got = read_all("a\0b\nc", 5, NULL);

	CHECK_STR(got, "!1:2|[c]");
	free(got);
	check_words("a \x1b[2J\nc", "!1:3|[c]");
	check_words("a\rb\nc", "!1:2|[c]");
	check_words("ab\xff\nc", "!1:3|[c]");
	check_words("\xc0\x80", "!1:1");
	check_words("\xed\xa0\x80", "!1:1");
	check_words("\xe2\x82", "!1:1");
	check_words("\xc2\x85", "!1:1");
	check_words("# \xff is not looked at", "");
}

TEST(places)
{
	struct source source = { .name = "t",
				 .text = "# first\n  ab \\\n\t'c d' \"$EIP1\"e x\\\ny # end\n" };
	static const struct {
		const char *word;
		unsigned line, column, length;
		int quoted;
	} want[] = {
		{ "ab", 2, 3, 2, 0 },
		{ "c d", 3, 2, 5, 1 },
		{ "203.0.113.1e", 3, 8, 8, 1 },
		{ "xy", 3, 17, 4, 0 },
	};
	struct line line = { 0 };
	struct token fault;
	struct error err;
	size_t offset = 0;
	unsigned number = 1;

	CHECK_INT(tokenize_line(&source, &offset, &number, expand, NULL, &line, &fault, &err), 1);
	CHECK_INT(line.n_token, 0);
	CHECK_INT(number, 2);
	CHECK_INT(tokenize_line(&source, &offset, &number, expand, NULL, &line, &fault, &err), 1);
	CHECK_INT(line.number, 2);
	CHECK_INT(number, 5);
	CHECK_INT(line.n_token, 4);
	for (size_t i = 0; i < 4; i++) {
		CHECK_STR(line.token[i].word, want[i].word);
		CHECK_INT(line.token[i].line, want[i].line);
		CHECK_INT(line.token[i].column, want[i].column);
		CHECK_INT(line.token[i].length, want[i].length);
		CHECK_INT(line.token[i].quoted, want[i].quoted);
	}
	line_free(&line);
	CHECK_INT(tokenize_line(&source, &offset, &number, expand, NULL, &line, &fault, &err), 0);
}

/* What text_add_word writes comes back as the same word. */
TEST(words_written_come_back)
{
	static const char *const words[] = {
		"",
		"a",
		"a b",
		"it's",
		"\"",
		"'\"$x\\",
		"$EIP1",
		"#a",
		"&",
		"->",
		"\\",
		"tab\there",
		"gr\xc3\xbc\xc3\x9f",
		"*",
		";",
		"a\\\\'",
	};

	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
		struct text text = { 0 };
		struct source source = { .name = "t" };
		struct line line = { 0 };
		struct error err = { 0 };
		size_t offset = 0;
		unsigned number = 1;

		text_add(&text, "x ");
		text_add_word(&text, words[i]);
		source.text = text_get(&text);
		CHECK_INT(tokenize_line(&source, &offset, &number, expand, NULL, &line, NULL, &err),
			  1);
		CHECK_INT(line.n_token, 2);
		CHECK_STR(line.token[1].word, words[i]);
		line_free(&line);
		text_free(&text);
	}
}

static int expand_long(void *arg, const char *name, struct text *text, struct error *err)
{
	(void)arg;
	(void)name;
	(void)err;
	for (int i = 0; i < TOKEN_EXPANDED_MAX / 2; i++)
		text_add_char(text, 'x');
	return 0;
}

/* A short line must not stand for all the memory there is. */
TEST(names_stand_for_so_much_and_no_more)
{
	struct source source = { .name = "t", .text = "$a $b\n$c $d$e f\n$g" };
	struct line line = { 0 };
	struct token fault = { 0 };
	struct error err = { 0 };
	size_t offset = 0;
	unsigned number = 1;

	CHECK_INT(tokenize_line(&source, &offset, &number, expand_long, NULL, &line, &fault, &err),
		  1);
	line_free(&line);
	CHECK_INT(tokenize_line(&source, &offset, &number, expand_long, NULL, &line, &fault, &err),
		  -EINVAL);
	CHECK_INT(fault.column, 6);
	CHECK_INT(tokenize_line(&source, &offset, &number, expand_long, NULL, &line, &fault, &err),
		  1);
	line_free(&line);
}
