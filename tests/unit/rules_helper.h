/* SPDX-License-Identifier: GPL-3.0-only */
#pragma once

/*
 * For tests of the rules: a model that was built by lines, and a line that is refused. Every
 * refusal has what was there, what was said, the code and the key at fault. A refused command must
 * change nothing, so the saved text is compared each time. Include after test.h.
 */
#include "core/base/cleanup.h"
#include "core/base/text.h"
#include "lab/model/model.h"
#include "lab/nouns/nouns.h"
#include "tests/unit/say.h"

static inline void check_refused(struct model *m, const char *line, const char *code,
				 const char *argument)
{
	auto_free char *before = model_save(m), *after = NULL;
	unsigned generation = m->generation, next_id = m->next_id;
	struct error err;

	memset(&err, 'x', sizeof(err));
	if (say(m, line, &err) >= 0)
		test_fail("accepted, not %s: %s", code, line);
	if (strcmp(err.code, code) != 0)
		test_fail("%s, not %s: %s (%s)", err.code, code, line, err.message);
	if (strcmp(err.argument, argument) != 0)
		test_fail("at \"%s\", not at \"%s\": %s (%s)", err.argument, argument, line,
			  err.message);
	if (!err.message[0] || strlen(err.message) >= sizeof(err.message) ||
	    err.message[strlen(err.message) - 1] == '.')
		test_fail("bad message \"%s\": %s", err.message, line);
	if (strlen(err.hint) >= sizeof(err.hint))
		test_fail("bad hint: %s", line);
	after = model_save(m);
	if (strcmp(before, after) != 0 || generation != m->generation || next_id != m->next_id)
		test_fail("refused, but the model changed: %s", line);
}

struct refusal {
	const char *setup, *line, *code, *argument;
};

static inline void check_table(const struct refusal *table, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		struct model *m = built(table[i].setup);

		check_refused(m, table[i].line, table[i].code, table[i].argument);
		model_free(m);
	}
}

/* Says a line for each number, which stands for every '#' in it. */
static inline void say_numbered(struct model *m, const char *pattern, int from, int to)
{
	for (int n = from; n <= to; n++) {
		auto_text line = { 0 };
		struct error err;

		for (const char *c = pattern; *c; c++) {
			if (*c == '#')
				text_addf(&line, "%d", n);
			else
				text_add_char(&line, *c);
		}
		if (say(m, text_get(&line), &err) < 0)
			test_fail("%s: %s: %s", text_get(&line), err.code, err.message);
	}
}

#define CHECK_HINT(m_, line_, hint_)                  \
	do {                                          \
		struct error err_;                    \
		CHECK(say((m_), (line_), &err_) < 0); \
		CHECK_STR(err_.hint, (hint_));        \
	} while (0)

#define CHECK_SAY(m_, line_)                                                       \
	do {                                                                       \
		struct error err_;                                                 \
		if (say((m_), (line_), &err_) < 0)                                 \
			test_fail("%s: %s: %s", (line_), err_.code, err_.message); \
	} while (0)

#define NET                                                  \
	"vpc create VPC1 cidr 192.168.0.0/16\n"              \
	"vswitch create VSW1 vpc VPC1 cidr 192.168.1.0/24\n" \
	"vswitch create VSW2 vpc VPC1 cidr 192.168.2.0/24\n"
#define OTHER                                             \
	"vpc create VPC2 cidr 10.0.0.0/8\n"               \
	"vswitch create VSW9 vpc VPC2 cidr 10.0.0.0/24\n" \
	"security-group create SG9 vpc VPC2\n"
#define HOSTS "ecs create ECS1 vswitch VSW1\necs create ECS2 vswitch VSW2\n"
#define NAT1  "nat-gateway create NAT1 vpc VPC1 vswitch VSW1\n"
#define NAT2  "nat-gateway create NAT2 vpc VPC1 vswitch VSW2\n"
#define OLD   "nat-gateway create OLD vpc VPC1 type standard\n"
#define EIPS  "eip create EIP1\neip create EIP2\neip create EIP3\n"
#define BOUND "eip associate EIP1 nat-gateway NAT1\neip associate EIP2 nat-gateway NAT1\n"
#define ALL   NET HOSTS NAT1 EIPS BOUND
#define OLD_ALL            \
	NET HOSTS OLD EIPS \
		"eip associate EIP1 nat-gateway OLD\neip associate EIP2 nat-gateway OLD\n"
