/* SPDX-License-Identifier: GPL-3.0-only */
#include "lab/language/value.h"

#include <errno.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/address.h"
#include "core/base/cleanup.h"
#include "core/base/memory.h"
#include "core/base/nearest.h"

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

/* A number that is a port where it stands alone; the protocols of these nobody speaks. */
static bool is_port(const char *word)
{
	static const char *const ports[] = { "22", "25", "53", "80" };

	for (size_t i = 0; i < ARRAY_SIZE(ports); i++)
		if (strcmp(word, ports[i]) == 0)
			return true;
	return false;
}

const struct word *value_find_word(const struct parameter *parameter, const char *word)
{
	const struct word *found = word_find(parameter->words, word);

	if (!found)
		found = word_find(parameter->words, command_canonical_word(word));
	return found || !parameter->also_words || is_port(word)
		       ? found
		       : word_find(parameter->also_words, word);
}

void value_format_words(const struct word *words, char *ret, size_t size)
{
	size_t at = 0;

	ret[0] = '\0';
	for (size_t i = 0; words[i].word && at < size; i++)
		at += (size_t)snprintf(ret + at, size - at, "%s%s",
				       i == 0              ? ""
				       : words[i + 1].word ? ", "
							   : " or ",
				       words[i].word);
}

static int check_choice(const struct parameter *parameter, const char *word, struct error *err)
{
	struct nearest nearest = { .typed = word };
	char choices[512];

	if (value_find_word(parameter, word))
		return 0;
	value_format_words(parameter->words, choices, sizeof(choices));
	error_set(err, -EINVAL, "%s is %s%s, not %.64s", parameter->name, choices,
		  parameter->also_words ? ", or a protocol's number" : "", word);
	for (const struct word *offer = parameter->words; offer->word; offer++)
		nearest_offer(&nearest, offer->word);
	for (size_t i = 0; command_alias(i); i++)
		if (value_find_word(parameter, command_alias(i)))
			nearest_offer(&nearest, command_alias(i));
	nearest_hint(&nearest, err);
	if (strcmp(word, "0") == 0 && parameter->also_words)
		error_hint(err, "all is every protocol; no packet has the number 0");
	else if (is_digit(word[0]) && word_find(parameter->words, "tcp"))
		error_hint(err, "the protocol stands before the port: tcp %.16s", word);
	else if (!nearest.best[0] && parameter->otherwise)
		error_hint(err, "%s", parameter->otherwise);
	return -EINVAL;
}

static int parse_address(const char *word, uint32_t *ret_address, struct error *err)
{
	if (address_parse(word, ret_address)) {
		if (*ret_address && *ret_address != UINT32_MAX)
			return 0;
		/* In a request these two stand for no address and for any. */
		error_set(err, -EINVAL, "no host can have the address %.64s", word);
		error_hint(err, "leave it out to get one");
		return -EINVAL;
	}
	error_set(err, -EINVAL, "%.64s is not an IPv4 address", word);
	if (strchr(word, ':'))
		error_hint(err, "only IPv4 is supported");
	else if (strchr(word, '/'))
		error_hint(err, "%.*s", (int)strcspn(word, "/"), word);
	else
		error_hint(err, "an address has four numbers of 0 to 255, like 192.168.1.10");
	return -EINVAL;
}

static int parse_prefix(const char *word, bool bare, bool host_bits, struct prefix *ret_prefix,
			struct error *err)
{
	char text[PREFIX_TEXT_SIZE];
	struct prefix prefix;
	uint32_t address;
	int r = prefix_parse(word, &prefix);

	if (r == 0 || (r == -ERANGE && host_bits)) {
		*ret_prefix = prefix;
		return 0;
	}
	if (bare && address_parse(word, &address)) {
		*ret_prefix = HOST_PREFIX(address);
		return 0;
	}
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

static int parse_prefixes(const char *word, struct error *err)
{
	struct prefix prefix;
	size_t n;
	auto_free char **part = value_split(word, &n);
	int r = check_list(word, err);

	for (size_t i = 0; i < n && r == 0; i++)
		r = parse_prefix(part[i], false, false, &prefix, err);
	return r;
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

int value_parse_ports(const char *word, bool single, struct port_range *ret_ports,
		      struct error *err)
{
	uint32_t first = 0, last;
	const char *behind = read_number(word, &first);

	last = first;
	if (behind && (*behind == '-' || *behind == '/')) /* Alibaba Cloud's 8000/8010 */
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
	if (single && strpbrk(word, "-/")) {
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
	*ret_ports = (struct port_range){ (uint16_t)first, (uint16_t)last };
	return 0;
}

static int parse_number(const struct parameter *parameter, const char *word, unsigned *ret_number,
			struct error *err)
{
	uint32_t number = 0;
	const char *behind = read_number(word, &number);

	if (behind && !*behind &&
	    (!parameter->max || (number >= parameter->min && number <= parameter->max))) {
		*ret_number = number;
		return 0;
	}
	if (behind && !*behind) {
		error_set(err, -EINVAL, "%s is a number from %u to %u, not %u", parameter->name,
			  parameter->min, parameter->max, number);
		number = number > parameter->max ? parameter->max : parameter->min;
		return parameter_is_key(parameter)
			       ? error_hint(err, "%s %u", parameter->name, number)
			       : error_hint(err, "the nearest is %u", number);
	}
	if (is_digit(*word) && !word[strspn(word, "0123456789")])
		return error_set(err, -EINVAL,
				 "%s takes a number of 0 to %u without a zero in front, not %.64s",
				 parameter->name, UINT32_MAX, word);
	return error_set(err, -EINVAL, "%s takes a number, not %.64s", parameter->name, word);
}

static int check_flow(const struct token *token, size_t place, struct port_range *ret_ports,
		      struct error *err)
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
		return value_parse_ports(word, true, ret_ports, err);
	default:
		return 0; /* the protocol: the grammar takes no other */
	}
}

int value_parse(const struct parameter *parameter, const struct token *first, size_t place,
		union value *ret_value, struct error *err)
{
	const char *word = first[place].word;

	switch (parameter->kind) {
	case ARGUMENT_CHOICE:
		return check_choice(parameter, word, err);
	case ARGUMENT_TYPED:
		if (place == 0)
			return check_choice(parameter, word, err);
		if (value_find_word(parameter, first[0].word)->value == TYPED_CIDR)
			return parse_prefix(word, true, false, &ret_value->prefix, err);
		return 0;
	case ARGUMENT_CIDR:
		return parse_prefix(word, (parameter->flags & PARAMETER_BARE) != 0, false,
				    &ret_value->prefix, err);
	case ARGUMENT_CIDRS:
		return parse_prefixes(word, err);
	case ARGUMENT_ADDRESS:
		return parse_address(word, &ret_value->address, err);
	case ARGUMENT_ADDRESS_OR_AUTO:
		ret_value->address = ADDRESS_AUTO;
		return strcmp(word, "auto") == 0 ? 0
						 : parse_address(word, &ret_value->address, err);
	case ARGUMENT_TARGET: /* names begin with a letter */
		return is_digit(word[0]) ? parse_address(word, &ret_value->address, err) : 0;
	case ARGUMENT_PEER:
		if (!is_digit(word[0]) && parameter->nouns)
			return 0;
		return parse_prefix(word, true, (parameter->flags & PARAMETER_HOST_BITS) != 0,
				    &ret_value->prefix, err);
	case ARGUMENT_PORT:
		return value_parse_ports(word, (parameter->flags & PARAMETER_SINGLE) != 0,
					 &ret_value->ports, err);
	case ARGUMENT_NUMBER:
		return parse_number(parameter, word, &ret_value->number, err);
	case ARGUMENT_REFERENCES:
	case ARGUMENT_WORDS:
	case ARGUMENT_NODES:
		return check_list(word, err);
	case ARGUMENT_FLOW:
		return check_flow(&first[place], place, &ret_value->ports, err);
	case ARGUMENT_NEW_NAME:
	case ARGUMENT_REFERENCE:
	case ARGUMENT_WORD:
	case ARGUMENT_FILE:
	case ARGUMENT_JOB:
	case ARGUMENT_NODE:
	case ARGUMENT_FLOWS:
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
