/* SPDX-License-Identifier: GPL-3.0-only */
#include "test.h"

#include "cli/session/diagnostic.h"
#include "core/base/error.h"

static struct error make(const char *code, const char *message, const char *hint)
{
	struct error err = { 0 };

	snprintf(err.code, sizeof(err.code), "%s", code);
	snprintf(err.message, sizeof(err.message), "%s", message);
	snprintf(err.hint, sizeof(err.hint), "%s", hint);
	return err;
}

static void check(const char *name, const char *source_text, unsigned line, unsigned column,
		  unsigned length, const char *want)
{
	struct source source = { .name = name, .text = source_text };
	struct token token = { .line = line, .column = column, .length = length };
	struct error err = make("", "wrong", "");
	struct text text = { 0 };

	diagnostic_format(&text, &source, &token, &err, false, 0);
	CHECK_STR(text.s, want);
	text_free(&text);
}

TEST(as_the_contract_shows_it)
{
	struct source source = { .name = "nat.lab",
				 .text = "\n\n\n\n\n\n\n\n\n\n\n\n\nsnat create snat1 nat-gateway "
					 "NAT1 source vswitch VSW1 eip EIP1\n" };
	struct token token = { .line = 14, .column = 60, .length = 4 };
	struct error err = make("InvalidSnatIp.NotFound", "EIP1 is not associated with NAT1",
				"eip associate EIP1 nat-gateway NAT1");
	struct text text = { 0 };

	diagnostic_format(&text, &source, &token, &err, false, 0);
	CHECK_STR(text.s,
		  "nat.lab:14:60: error: InvalidSnatIp.NotFound: EIP1 is not associated with NAT1\n"
		  "  14 | snat create snat1 nat-gateway NAT1 source vswitch VSW1 eip EIP1\n"
		  "     |                                                            ^^^^\n"
		  "  hint: eip associate EIP1 nat-gateway NAT1\n");
	text_free(&text);
}

TEST(no_place)
{
	struct source source = { .name = "a.lab", .text = "x" };
	struct error err = make("", "wrong", "do it right");
	struct text text = { 0 };

	diagnostic_format(&text, &source, NULL, &err, false, 0);
	CHECK_STR(text.s, "a.lab: error: wrong\n  hint: do it right\n");
	text_clear(&text);
	diagnostic_format(&text, NULL, NULL, &err, false, 0);
	CHECK_STR(text.s, "error: wrong\n  hint: do it right\n");
	text_free(&text);
}

TEST(at_the_prompt)
{
	check("", "vcp show", 1, 1, 3, "error: wrong\n   1 | vcp show\n     | ^^^\n");
}

TEST(tabs_and_wide_characters)
{
	check("f", "\tab\tcd", 1, 5, 2,
	      "f:1:5: error: wrong\n   1 |         ab      cd\n     |                 ^^\n");
	check("f", "gr\xc3\xbc\xc3\x9f x", 1, 8, 1,
	      "f:1:8: error: wrong\n   1 | gr\xc3\xbc\xc3\x9f x\n     |      ^\n");
	check("f", "\xe6\x97\xa5 x", 1, 5, 1,
	      "f:1:5: error: wrong\n   1 | \xe6\x97\xa5 x\n     |    ^\n");
	check("f", "\xe6\x97\xa5 x", 1, 1, 3,
	      "f:1:1: error: wrong\n   1 | \xe6\x97\xa5 x\n     | ^^\n");
}

TEST(nothing_raw_reaches_the_terminal)
{
	struct source source = { .name = "f\033[2J", .text = "a \033]0;x\007 \xff\xe2\x80\xae b" };
	struct token token = { .line = 1, .column = 3, .length = 6 };
	struct error err = make("C\033", "m\033[2J\n", "h\r\033");
	struct text text = { 0 };

	diagnostic_format(&text, &source, &token, &err, false, 0);
	for (size_t i = 0; i < text.length; i++)
		CHECK(text.s[i] == '\n' || (text.s[i] >= ' ' && text.s[i] < 0x7f));
	CHECK(strstr(text.s, "a \\x1b]0;x\\x07 \\xff\\xe2\\x80\\xae b\n     |   ^^^^^^^^^^^^\n"));
	text_free(&text);
}

TEST(behind_the_end)
{
	check("f", "ab", 1, 3, 1, "f:1:3: error: wrong\n   1 | ab\n     |   ^\n");
	check("f", "ab\r\n", 1, 1, 2, "f:1:1: error: wrong\n   1 | ab\n     | ^^\n");
	check("f", "ab", 9, 1, 1, "f:9:1: error: wrong\n");
	check("f", "ab", 1, 90, 1, "f:1:90: error: wrong\n");
	check("f", "", 1, 1, 1, "f:1:1: error: wrong\n   1 |\n     | ^\n");
}

static void check_clip(size_t before, size_t after)
{
	size_t n = before + 4 + after;
	char *line = malloc(n + 1);
	struct source source = { .name = "f", .text = line };
	struct token token = { .line = 1, .column = (unsigned)before + 1, .length = 4 };
	struct error err = make("", "wrong", "");
	struct text text = { 0 };
	char *shown, *carets;

	memset(line, 'x', n);
	memcpy(line + before, "HERE", 4);
	line[n] = '\0';
	diagnostic_format(&text, &source, &token, &err, false, 0);
	shown = strchr(text.s, '\n') + 1;
	carets = strchr(shown, '\n') + 1;
	CHECK(carets - shown <= 80);
	CHECK_INT(strstr(shown, "HERE") - shown, strstr(carets, "^^^^") - carets);
	CHECK_INT(strspn(strstr(carets, "^"), "^"), 4);
	CHECK_INT(strstr(shown, "...") != NULL, n > 66);
	text_free(&text);
	free(line);
}

TEST(long_lines_are_clipped)
{
	check_clip(0, 5);
	check_clip(40, 40);
	check_clip(0, 5000);
	check_clip(5000, 0);
	check_clip(5000, 5000);
	check_clip(61, 30);
}

TEST(sentences_are_wrapped_on_a_terminal)
{
	struct source source = { .name = "", .text = "x" };
	struct error err = make("Code", "one two three four five six seven eight nine ten",
				"noun verb NAME [key VALUE] [other OTHER]");
	struct text text = { 0 };

	diagnostic_format(&text, &source, NULL, &err, false, 30);
	CHECK_STR(text.s, "error: Code: one two three\n  four five six seven eight\n  nine ten\n"
			  "  hint: noun verb NAME\n        [key VALUE]\n        [other OTHER]\n");
	text_free(&text);
}

TEST(colours_only_on_demand)
{
	struct source source = { .name = "f", .text = "ab" };
	struct token token = { .line = 1, .column = 1, .length = 2 };
	struct error err = make("", "wrong", "hint");
	struct text text = { 0 };

	diagnostic_format(&text, &source, &token, &err, true, 0);
	CHECK(strstr(text.s, "\033[1;31merror:\033[0m wrong"));
	CHECK(strstr(text.s, "\033[1;32m^^\033[0m"));
	text_free(&text);
}

TEST(as_json_it_is_one_object_on_a_line_with_null_for_nothing)
{
	struct source source = { .name = "nat.lab", .text = "vpc\n" };
	struct token token = { .line = 1, .column = 2, .length = 1 };
	struct error err = make("Some.Code", "a \"bad\" \033 name", "");
	char *json = NULL;
	size_t size = 0;
	FILE *file = open_memstream(&json, &size);

	diagnostic_write(file, OUTPUT_JSON, &source, &token, &err, true);
	diagnostic_write(file, OUTPUT_JSON, NULL, NULL, &err, true);
	fclose(file);
	CHECK_STR(json, "{\"code\":\"Some.Code\",\"file\":\"nat.lab\",\"line\":1,\"column\":2,"
			"\"message\":\"a \\\"bad\\\" \\u001B name\",\"hint\":null}\n"
			"{\"code\":\"Some.Code\",\"file\":null,\"line\":null,\"column\":null,"
			"\"message\":\"a \\\"bad\\\" \\u001B name\",\"hint\":null}\n");
	free(json);
}
