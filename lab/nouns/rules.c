/* SPDX-License-Identifier: GPL-3.0-only */
#include "lab/nouns/rules.h"

#include <errno.h>
#include <string.h>

#include "core/base/memory.h"

int rule_given(const char *word, const char *argument, struct error *err)
{
	if (word && word[0])
		return 0;
	return error_refuse(err, "MissingParameter", argument, "%s is missing", argument);
}

int rule_find(const struct model *model, enum noun noun, const char *name, const char *argument,
	      void *ret_resource, struct error *err)
{
	return rule_find_coded(model, noun, name, model_not_found_code(model, noun), argument,
			       ret_resource, err);
}

int rule_find_coded(const struct model *model, enum noun noun, const char *name, const char *code,
		    const char *argument, void *ret_resource, struct error *err)
{
	struct resource *resource;
	const char *near;
	int r;

	if (!name || !name[0])
		return error_refuse(err, "MissingParameter", argument, "the name of %s is missing",
				    model_noun_a(model, noun));
	resource = model_find(model, name);
	if (resource && resource->noun == noun) {
		/* A pointer to any noun's struct: copied, because its type is not that of a struct
		 * resource pointer. */
		memcpy(ret_resource, &resource, sizeof(resource));
		return 0;
	}
	if (resource) {
		error_refuse(err, code, argument, "%s is %s, not %s", name,
			     model_noun_a(model, resource->noun), model_noun_a(model, noun));
		error_hint(err, "%s show", model_noun_word(model, noun));
		return -EINVAL;
	}
	r = error_refuse(err, code, argument, "there is no %s named %.140s",
			 model_noun_title(model, noun), name);
	near = model_nearest(model, NOUNS(noun), name);
	if (near)
		error_hint(err, "did you mean %s?", near);
	else if (model_count(model, noun) == 0)
		error_hint(err, "there is no %s at all yet; see: help %s",
			   model_noun_title(model, noun), model_noun_word(model, noun));
	else
		error_hint(err, "%s show", model_noun_word(model, noun));
	return r;
}

int rule_prefix(const char *word, bool bare, const char *code, const char *argument,
		struct prefix *ret_prefix, struct error *err)
{
	struct prefix prefix;
	uint32_t address;
	char right[PREFIX_TEXT_SIZE];
	int r;

	r = rule_given(word, argument, err);
	if (r < 0)
		return r;
	if (bare && address_parse(word, &address)) {
		*ret_prefix = HOST_PREFIX(address);
		return 0;
	}
	r = prefix_parse(word, &prefix);
	if (r == 0) {
		*ret_prefix = prefix;
		return 0;
	}
	if (r == -ERANGE) {
		prefix_format(prefix, right);
		r = error_refuse(err, code, argument, "%s has bits set behind its mask", word);
		error_hint(err, "%s %s", argument, right);
		return r;
	}
	r = error_refuse(err, code, argument, "%.64s is not a CIDR block", word);
	error_hint(err, "write it as an address and a mask length, for example 192.168.0.0/16");
	return r;
}

int rule_choice(const char *word, const char *const *choices, unsigned fallback, const char *code,
		const char *argument, unsigned *ret_choice, struct error *err)
{
	char list[128] = "";

	if (!word) {
		*ret_choice = fallback;
		return 0;
	}
	for (unsigned i = 0; choices[i]; i++) {
		if (strcmp(word, choices[i]) == 0) {
			*ret_choice = i;
			return 0;
		}
		if (i > 0)
			strncat(list, choices[i + 1] ? ", " : " or ",
				sizeof(list) - strlen(list) - 1);
		strncat(list, choices[i], sizeof(list) - strlen(list) - 1);
	}
	return error_refuse(err, code, argument, "%s is %s, not %.64s", argument, list, word);
}

/* Digits only, no sign, no leading zero; false as well when it is too large. */
static bool parse_number(const char *word, size_t length, unsigned *ret)
{
	unsigned n = 0;

	if (length == 0 || length > 9 || (word[0] == '0' && length > 1))
		return false;
	for (size_t i = 0; i < length; i++) {
		if (word[i] < '0' || word[i] > '9')
			return false;
		n = n * 10 + (unsigned)(word[i] - '0');
	}
	*ret = n;
	return true;
}

int rule_ports(const char *word, const char *code, const char *argument, uint16_t *ret_first,
	       uint16_t *ret_last, struct error *err)
{
	const char *dash = strchr(word, '-');
	size_t length = dash ? (size_t)(dash - word) : strlen(word);
	unsigned first, last;
	int r;

	if (!parse_number(word, length, &first) || first < 1 || first > 65535 ||
	    (dash &&
	     (!parse_number(dash + 1, strlen(dash + 1), &last) || last < 1 || last > 65535))) {
		r = error_refuse(err, code, argument, "%.64s is not a port", word);
		error_hint(err, "ports go from 1 to 65535; a range is written 8000-8010");
		return r;
	}
	if (!dash)
		last = first;
	if (last < first) {
		r = error_refuse(err, code, argument, "the port range %s ends before it begins",
				 word);
		error_hint(err, "%s %u-%u", argument, last, first);
		return r;
	}
	*ret_first = (uint16_t)first;
	*ret_last = (uint16_t)last;
	return 0;
}

int rule_number(const char *word, unsigned min, unsigned max, const char *code,
		const char *argument, unsigned *ret_number, struct error *err)
{
	unsigned number;

	if (!parse_number(word, strlen(word), &number) || number < min || number > max) {
		error_refuse(err, code, argument, "%s is a number from %u to %u, not %.64s",
			     argument, min, max, word);
		error_hint(err, "%s %u", argument, min);
		return -EINVAL;
	}
	*ret_number = number;
	return 0;
}

bool rule_unusable(struct prefix prefix,
		   bool (*relation)(struct prefix unusable, struct prefix prefix))
{
	static const struct prefix ranges[] = {
		{ 0x00000000, 8 }, { 0x7f000000, 8 }, { 0xa9fe0000, 16 },
		{ 0xe0000000, 4 }, { 0xf0000000, 4 },
	};

	for (size_t i = 0; i < ARRAY_SIZE(ranges); i++)
		if (relation(ranges[i], prefix))
			return true;
	return false;
}

int rule_zone(const char *word, const char *code, struct error *err)
{
	size_t length = word ? strlen(word) : 0;

	if (!word ||
	    (length > 0 && length <= 64 &&
	     strspn(word, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_.") ==
		     length))
		return 0;
	error_refuse(err, code, "zone", "%.64s is no zone: letters, digits, '.', '_' and '-' only",
		     word);
	error_hint(err, "zone zone-a");
	return -EINVAL;
}

const char *plural(size_t n)
{
	return n == 1 ? "" : "s";
}
