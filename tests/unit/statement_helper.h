/* SPDX-License-Identifier: GPL-3.0-only */
#pragma once

/* For tests of the language: a line's tokens, and a small lab. Include after test.h. */
#include "lab/language/statement.h"
#include "lab/nouns/replay.h"

static inline struct line tokenize(const char *text)
{
	struct source source = { .name = "t", .text = text };
	struct line line = { 0 };
	struct error err = { 0 };
	size_t offset = 0;
	unsigned number = 1;

	if (tokenize_line(&source, &offset, &number, NULL, NULL, &line, NULL, &err) != 1)
		test_fail("\"%s\": %s", text, err.message);
	return line;
}

static inline struct model *small_model(void)
{
	static const char *const lines[] = {
		"vpc create VPC1 cidr 192.168.0.0/16",
		"vswitch create VSW1 vpc VPC1 cidr 192.168.1.0/24",
		"ecs create ECS1 vswitch VSW1",
		"eip create EIP1",
	};
	struct model *model = model_new();
	struct error err = { 0 };

	for (size_t i = 0; i < sizeof(lines) / sizeof(lines[0]); i++)
		if (replay_change(model, lines[i], &err) < 0)
			test_fail("%s: %s", lines[i], err.message);
	return model;
}
