/* SPDX-License-Identifier: GPL-3.0-only */
#pragma once

#include "core/base/text.h"
#include "lab/language/command.h"

/* "route create NAME table TABLE to CIDR via nat-gateway|ecs|eni NAME" */
void syntax_add(struct text *text, const struct command *command);
/* What stands for the value of a parameter: "CIDR", "tcp|udp|any", "ECS|ENI|ADDRESS". */
void syntax_add_value(struct text *text, const struct parameter *parameter);
