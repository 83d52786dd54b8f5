/* SPDX-License-Identifier: GPL-3.0-only */
#include "lab/language/command.h"

#include <ctype.h>
#include <string.h>

#include "core/base/memory.h"
#include "core/base/text.h"

const char *command_skip_word(const char *words, const char *word)
{
	while (*word && *word != ' ' && *word == *words) {
		word++;
		words++;
	}
	if (*word || (*words && *words != ' '))
		return NULL;
	return *words ? words + 1 : words;
}

/* Is the row one of the provider's, in that family? */
static bool is_of(const struct command *command, const struct command_family *family,
		  enum provider provider)
{
	unsigned providers = command->providers ? command->providers : FOR_ALL;

	return (providers & family->providers & 1u << provider) != 0;
}

bool command_next(struct command_cursor *cursor)
{
	for (;; cursor->i_family++, cursor->i_rows = 0) {
		const struct command_family *family = cursor->language->family[cursor->i_family];

		if (!family)
			return false;
		cursor->family = family;
		for (; family->rows[cursor->i_rows]; cursor->i_rows++, cursor->command = NULL) {
			cursor->command = cursor->command ? cursor->command + 1
							  : family->rows[cursor->i_rows];
			for (; cursor->command->words; cursor->command++)
				if (is_of(cursor->command, cursor->family, cursor->provider) &&
				    (!cursor->first ||
				     command_skip_word(cursor->command->words, cursor->first)))
					return true;
		}
	}
}

struct command_cursor command_rows(const struct language *language, const struct model *model)
{
	return (struct command_cursor){ .language = language, .provider = command_provider(model) };
}

enum provider command_provider(const struct model *model)
{
	return model ? model->provider : PROVIDER_ALIBABA;
}

enum noun command_noun(const struct model *model, const struct command *command)
{
	enum noun noun = 0;

	while (noun < NOUN_COUNT &&
	       !command_skip_word(command->words, model_noun_word(model, noun)))
		noun++;
	return noun;
}

size_t command_n_parameter(const struct command *command)
{
	size_t n = 0;

	while (n < PARAMETERS_MAX && command->parameter[n].name)
		n++;
	return n;
}

bool command_path_word(const struct command *command, size_t i, char *ret_word, size_t size)
{
	const char *word = command->words;
	size_t length;

	while (i-- > 0) {
		word += strcspn(word, " ");
		if (!*word)
			return false;
		word++;
	}
	length = strcspn(word, " ");
	if (length >= size)
		length = size - 1;
	memcpy(ret_word, word, length);
	ret_word[length] = '\0';
	return true;
}

static const struct {
	const char *alias;
	const char *word;
} aliases[] = {
	{ "sg", "security-group" },
	{ "nat", "nat-gateway" },
};

const char *command_alias(size_t i)
{
	return i < ARRAY_SIZE(aliases) ? aliases[i].alias : NULL;
}

const char *command_canonical_word(const char *word)
{
	for (size_t i = 0; i < ARRAY_SIZE(aliases); i++)
		if (strcmp(aliases[i].alias, word) == 0)
			return aliases[i].word;
	return word;
}

/*
 * A first word would hide a node of that name. A key cannot be a value: that is how "vpc
 * cidr 10.0.0.0/8" is known to lack the VPC's name and not its cidr. The program's own words (not
 * the cloud's) go without regard to nothing but case: the language is lower case, so a gateway may
 * be called NAT; but "internet" is a name of the lab's DNS, which has no case.
 */
static bool is_row(const struct language *language, enum provider provider, const char *words)
{
	for (struct command_cursor at = { .language = language, .provider = provider };
	     command_next(&at);)
		if (strcmp(at.command->words, words) == 0)
			return true;
	return false;
}

/* Is it a word that stands where a name could: the first one, a key, the second one of a row whose
 * first word is a row by itself? */
static bool is_word_of(const struct language *language, enum provider provider,
		       const struct command *command, const char *word)
{
	const char *second = strchr(command->words, ' ');
	char first[32];

	if (command_skip_word(command->words, word))
		return true;
	if (second && command_skip_word(second + 1, word) &&
	    command_path_word(command, 0, first, sizeof(first)) &&
	    is_row(language, provider, first))
		return true;
	for (size_t i = 0; i < command_n_parameter(command); i++)
		if (parameter_is_key(&command->parameter[i]) &&
		    strcmp(command->parameter[i].name, word) == 0)
			return true;
	return false;
}

bool command_is_reserved(const struct language *language, const char *word)
{
	if (text_equal_nocase(word, "internet") || strcmp(command_canonical_word(word), word) != 0)
		return true;
	if (!*word)
		return false;
	if (word[strspn(word, "abcdefghijklmnopqrstuvwxyz-0123456789")] ||
	    isdigit((unsigned char)word[strlen(word) - 1]))
		return false; /* as most names: no word of the language is written so */
	for (unsigned provider = 0; provider < PROVIDER_COUNT; provider++)
		for (struct command_cursor at = { .language = language,
						  .provider = (enum provider)provider };
		     command_next(&at);)
			if (is_word_of(language, (enum provider)provider, at.command, word))
				return true;
	return false;
}
