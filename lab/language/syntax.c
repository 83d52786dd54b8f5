/* SPDX-License-Identifier: GPL-3.0-only */
#include "lab/language/syntax.h"

#include <stdbool.h>
#include <string.h>

static void add_words(struct text *text, const struct word *words)
{
	for (size_t i = 0; words[i].word; i++)
		text_addf(text, "%s%s", i ? "|" : "", words[i].word);
}

void syntax_add_value(struct text *text, const struct parameter *parameter)
{
	bool key = parameter_is_key(parameter);

	if (parameter->metavariable) {
		text_add(text, parameter->metavariable);
		return;
	}
	switch (parameter->kind) {
	case ARGUMENT_NEW_NAME:
		text_add(text, "NAME");
		break;
	case ARGUMENT_REFERENCE:
	case ARGUMENT_WORD:
	case ARGUMENT_JOB:
	case ARGUMENT_NODE:
		text_add_upper(text, parameter->name);
		break;
	case ARGUMENT_REFERENCES:
	case ARGUMENT_WORDS:
		text_add(text, "NAME[,NAME]...");
		break;
	case ARGUMENT_NODES:
		text_add(text, "NODE[,NODE]...");
		break;
	case ARGUMENT_TYPED:
		add_words(text, parameter->words);
		text_add(text, word_of(parameter->words, TYPED_CIDR) ? " NAME|CIDR" : " NAME");
		break;
	case ARGUMENT_CIDR:
		text_add(text, "CIDR");
		break;
	case ARGUMENT_CIDRS:
		text_add(text, "CIDR[,CIDR]...");
		break;
	case ARGUMENT_ADDRESS:
		text_add(text, "ADDRESS");
		break;
	case ARGUMENT_ADDRESS_OR_AUTO:
		text_add(text, "auto|ADDRESS");
		break;
	case ARGUMENT_TARGET:
		text_add(text, "ECS|ENI|ADDRESS");
		break;
	case ARGUMENT_PEER:
		text_add(text, "CIDR|GROUP|LIST");
		break;
	case ARGUMENT_PORT:
		text_add(text, parameter->flags & PARAMETER_SINGLE ? "PORT" : "PORT[-PORT]");
		break;
	case ARGUMENT_NUMBER:
		if (key)
			text_add(text, "N");
		else
			text_add_upper(text, parameter->name);
		break;
	case ARGUMENT_CHOICE:
		add_words(text, parameter->words);
		break;
	case ARGUMENT_FILE:
		text_add(text, "FILE");
		break;
	case ARGUMENT_FLOW:
		text_add(text, "FROM -> TO [tcp PORT|udp PORT|icmp]");
		break;
	case ARGUMENT_FLOWS:
		text_add(text, "FROM -> TO [tcp PORTS|udp PORTS|icmp|any]");
		break;
	case ARGUMENT_FILTER:
	case ARGUMENT_COMMAND:
		text_add(text, "COMMAND...");
		break;
	case ARGUMENT_REST:
		text_add_upper(text, parameter->name);
		text_add(text, "...");
		break;
	}
}

static void add_parameter(struct text *text, const struct parameter *parameter)
{
	if (parameter_is_key(parameter))
		text_add(text, parameter->name);
	if (parameter->flags & PARAMETER_FLAG)
		return;
	if (parameter_is_key(parameter))
		text_add_char(text, ' ');
	syntax_add_value(text, parameter);
}

void syntax_add(struct text *text, const struct command *command)
{
	bool required = false;

	text_add(text, command->words);
	for (size_t i = 0; i < command_n_parameter(command); i++) {
		const struct parameter *parameter = &command->parameter[i];
		const bool other = (parameter->flags & PARAMETER_OR) != 0;

		if (!other)
			required = (parameter->flags & PARAMETER_REQUIRED) != 0;
		text_add(text, other ? "|" : required ? " " : " [");
		add_parameter(text, parameter);
		if (!required && !(parameter[1].flags & PARAMETER_OR))
			text_add_char(text, ']');
	}
}
