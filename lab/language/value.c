/* SPDX-License-Identifier: GPL-3.0-only */
#include "lab/language/value.h"

#include <errno.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/address.h"
#include "core/base/memory.h"
#include "core/base/nearest.h"

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static bool is_choice(const char *choices, const char *word)
{
	size_t n = strlen(word);

	while (*choices) {
		size_t length = strcspn(choices, "|");

		if (length == n && memcmp(choices, word, n) == 0)
			return true;
		choices += length + (choices[length] == '|');
	}
	return false;
}

const char *value_find_choice(const char *choices, const char *word)
{
	const char *canonical = command_canonical_word(word);

	return is_choice(choices, word) ? word : is_choice(choices, canonical) ? canonical : NULL;
}

/* "tcp|udp|any" as "tcp, udp or any" */
static void format_choices(const char *choices, char *ret, size_t size)
{
	size_t at = 0;

	for (; *choices && at + 5 < size; choices++) {
		if (*choices != '|')
			ret[at++] = *choices;
		else if (strchr(choices + 1, '|'))
			at += (size_t)snprintf(ret + at, size - at, ", ");
		else
			at += (size_t)snprintf(ret + at, size - at, " or ");
	}
	ret[at] = '\0';
}

static int check_choice(const struct parameter *parameter, const char *word, struct error *err)
{
	struct nearest nearest = { .typed = word };
	char choices[256];

	if (value_find_choice(parameter->choices, word))
		return 0;
	format_choices(parameter->choices, choices, sizeof(choices));
	error_set(err, -EINVAL, "%.64s is not a value of %s, which is %s", word, parameter->name,
		  choices);
	nearest_offer_choices(&nearest, parameter->choices);
	for (size_t i = 0; command_alias(i); i++)
		if (value_find_choice(parameter->choices, command_alias(i)))
			nearest_offer(&nearest, command_alias(i));
	nearest_hint(&nearest, err);
	if (is_digit(word[0]) && is_choice(parameter->choices, "tcp"))
		error_hint(err, "the protocol stands before the port: tcp %.16s", word);
	else if (!nearest.best[0] && parameter->otherwise)
		error_hint(err, "%s", parameter->otherwise);
	return -EINVAL;
}

static int check_address(const char *word, struct error *err)
{
	uint32_t address;

	if (address_parse(word, &address))
		return 0;
	error_set(err, -EINVAL, "%.64s is not an IPv4 address", word);
	if (strchr(word, ':'))
		error_hint(err, "only IPv4 is supported");
	else if (strchr(word, '/'))
		error_hint(err, "%.*s", (int)strcspn(word, "/"), word);
	else
		error_hint(err, "an address has four numbers of 0 to 255, like 192.168.1.10");
	return -EINVAL;
}

static int check_prefix(const char *word, bool bare, struct error *err)
{
	char text[PREFIX_TEXT_SIZE];
	struct prefix prefix;
	uint32_t address;
	int r = prefix_parse(word, &prefix);

	if (r == 0 || (bare && address_parse(word, &address)))
		return 0;
	if (r == -ERANGE) {
		error_set(err, -EINVAL, "%.64s has host bits set", word);
		error_hint(err, "%s", prefix_format(prefix, text));
		return -EINVAL;
	}
	error_set(err, -EINVAL, "%.64s is not a CIDR block", word);
	if (address_parse(word, &address))
		error_hint(err, "%s/32", word);
	else
		error_hint(err,
			   "a block is an address and a length of 0 to 32, like 192.168.1.0/24");
	return -EINVAL;
}

/* A decimal number without sign, blank or leading zero; at most 4294967295. Returns what follows
 * it, NULL: none is there. */
static const char *read_number(const char *s, uint32_t *ret_number)
{
	uint64_t number = 0;

	if (!is_digit(*s) || (*s == '0' && is_digit(s[1])))
		return NULL;
	for (; is_digit(*s); s++) {
		number = number * 10 + (uint64_t)(*s - '0');
		if (number > UINT32_MAX)
			return NULL;
	}
	*ret_number = (uint32_t)number;
	return s;
}

static int check_port(const char *word, bool single, struct error *err)
{
	uint32_t first = 0, last;
	const char *behind = read_number(word, &first);

	last = first;
	if (behind && *behind == '-')
		behind = read_number(behind + 1, &last);
	if (!behind || *behind) {
		error_set(err, -EINVAL, "%.64s is not a port", word);
		error_hint(err, "a port is a number of 1 to 65535, a range is like 8000-8010");
		return -EINVAL;
	}
	if (first == 0 || first > UINT16_MAX || last == 0 || last > UINT16_MAX) {
		error_set(err, -EINVAL, "port %u is not between 1 and 65535",
			  first == 0 || first > UINT16_MAX ? first : last);
		error_hint(err,
			   single ? "a port is a number of 1 to 65535"
				  : "a port is a number of 1 to 65535, a range is like 8000-8010");
		return -EINVAL;
	}
	if (single && strchr(word, '-')) {
		error_set(err, -EINVAL, "%.64s is a range of ports, where one port is wanted",
			  word);
		error_hint(err, "%u", first);
		return -EINVAL;
	}
	if (last < first) {
		error_set(err, -EINVAL, "the port range %u-%u ends before it begins", first, last);
		error_hint(err, "%u-%u", last, first);
		return -EINVAL;
	}
	return 0;
}

static int check_number(const struct parameter *parameter, const char *word, struct error *err)
{
	uint32_t number;
	const char *behind = read_number(word, &number);

	if (behind && !*behind)
		return 0;
	if (is_digit(*word) && !word[strspn(word, "0123456789")])
		return error_set(
			err, -EINVAL,
			"%.64s is no number of 0 to %u without a zero in front, which %s has to be",
			word, UINT32_MAX, parameter->name);
	return error_set(err, -EINVAL, "%.64s is not a number, which %s has to be", word,
			 parameter->name);
}

static int check_list(const char *word, struct error *err)
{
	size_t length = strlen(word);

	if (length > 0 && word[0] != ',' && word[length - 1] != ',' && !strstr(word, ",,"))
		return 0;
	error_set(err, -EINVAL,
		  length == 0 ? "a name is empty" : "a name between the commas of %.64s is missing",
		  word);
	error_hint(err, "names are parted by a comma alone, without blanks: A,B");
	return -EINVAL;
}

static int check_flow(const struct token *token, size_t place, struct error *err)
{
	const char *word = token->word, *arrow;

	switch (place) {
	case 1:
		if (!token->quoted && strcmp(word, "->") == 0)
			return 0;
		error_set(err, -EINVAL,
			  "a flow is FROM -> TO, and %.64s stands where the arrow should be", word);
		error_hint(err, "%.64s -> %.64s", token[-1].word,
			   strcmp(word, "to") == 0 ? "TO" : word);
		return -EINVAL;
	case 0:
	case 2:
		arrow = strstr(word, "->");
		if (token->quoted || !arrow)
			return 0;
		error_set(err, -EINVAL, "the arrow of a flow is a word of its own");
		if (arrow > word && arrow[2])
			error_hint(err, "%.*s -> %.64s",
				   (int)(arrow - word > 64 ? 64 : arrow - word), word, arrow + 2);
		return -EINVAL;
	case 4:
		return check_port(word, true, err);
	default:
		return 0; /* the protocol: the walk takes no other */
	}
}

int value_check(const struct parameter *parameter, const struct token *first, size_t place,
		struct error *err)
{
	const char *word = first[place].word;

	switch (parameter->kind) {
	case ARGUMENT_CHOICE:
		return check_choice(parameter, word, err);
	case ARGUMENT_TYPED:
		if (place == 0)
			return check_choice(parameter, word, err);
		return strcmp(first[0].word, "cidr") == 0 ? check_prefix(word, true, err) : 0;
	case ARGUMENT_CIDR:
		return check_prefix(word, (parameter->flags & PARAMETER_BARE) != 0, err);
	case ARGUMENT_ADDRESS:
		return check_address(word, err);
	case ARGUMENT_ADDRESS_OR_AUTO:
		return strcmp(word, "auto") == 0 ? 0 : check_address(word, err);
	case ARGUMENT_TARGET: /* names begin with a letter */
		return is_digit(word[0]) ? check_address(word, err) : 0;
	case ARGUMENT_PEER:
		if (!is_digit(word[0]))
			return 0;
		return check_prefix(word, true, err);
	case ARGUMENT_PORT:
		return check_port(word, (parameter->flags & PARAMETER_SINGLE) != 0, err);
	case ARGUMENT_NUMBER:
		return check_number(parameter, word, err);
	case ARGUMENT_REFERENCES:
	case ARGUMENT_WORDS:
	case ARGUMENT_NODES:
		return check_list(word, err);
	case ARGUMENT_FLOW:
		return check_flow(&first[place], place, err);
	case ARGUMENT_NEW_NAME:
	case ARGUMENT_REFERENCE:
	case ARGUMENT_WORD:
	case ARGUMENT_FILE:
	case ARGUMENT_NODE:
	case ARGUMENT_FILTER:
	case ARGUMENT_COMMAND:
	case ARGUMENT_REST:
		break;
	}
	return 0;
}

char **value_split(const char *list, size_t *ret_n)
{
	size_t n = 1, length = strlen(list);
	char **part, *text;

	for (size_t i = 0; i < length; i++)
		n += list[i] == ',';
	part = xalloc((n + 1) * sizeof(*part) + length + 1);
	text = (char *)(part + n + 1);
	memcpy(text, list, length + 1);

	for (size_t i = 0; i < n; i++) {
		part[i] = text;
		text += strcspn(text, ",");
		*text++ = '\0';
	}
	*ret_n = n;
	return part;
}
