/* SPDX-License-Identifier: GPL-3.0-only */
#include "lab/language/command.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/memory.h"
#include "core/base/text.h"

const struct command_family command_table[] = {
	{ "Network", commands_network, FOR_ALIBABA },
	{ "Compute", commands_compute, FOR_ALIBABA },
	{ "Security groups", commands_security_group, FOR_ALIBABA },
	{ "Network ACLs", commands_acl, FOR_ALIBABA },
	{ "NAT and public addresses", commands_nat, FOR_ALIBABA },
	{ "Network of AWS", commands_aws_network, FOR_AWS },
	{ "Compute of AWS", commands_aws_compute, FOR_AWS },
	{ "Security groups of AWS", commands_aws_security_group, FOR_AWS },
	{ "Gateways and public addresses of AWS", commands_aws_gateways, FOR_AWS },
	{ "Internet hosts and services", commands_hosts, FOR_ALL },
	{ "Why", commands_explain, FOR_ALL },
	{ "Settings of the lab", commands_settings, FOR_ALL },
	{ "The lab", commands_lab, FOR_ALL },
	{ "The kernel", commands_linux, FOR_ALL },
	{ "Tutorials (vpclab learn)", commands_learn, FOR_ALL },
	{ NULL, NULL, 0 },
};

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

bool command_next(struct command_cursor *cursor)
{
	const struct command_family *family = cursor->family ? cursor->family : command_table;
	const struct command *command = cursor->command ? cursor->command + 1 : family->commands;

	for (; family->title; command = (++family)->commands) {
		for (; command->words; command++) {
			unsigned providers = command->providers ? command->providers
								: family->providers;

			if (!(providers & 1u << cursor->provider))
				continue;
			if (cursor->first && !command_skip_word(command->words, cursor->first))
				continue;
			cursor->family = family;
			cursor->command = command;
			return true;
		}
	}
	cursor->family = family;
	cursor->command = NULL;
	return false;
}

enum provider command_provider(const struct model *model)
{
	return model ? model->provider : PROVIDER_ALIBABA;
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
static int compare_words(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* All first words and keys of both providers' languages, sorted; made once, for a lab of thousands
 * of names. */
static bool is_row(enum provider provider, const char *words)
{
	for (struct command_cursor at = { .provider = provider }; command_next(&at);)
		if (strcmp(at.command->words, words) == 0)
			return true;
	return false;
}

static const char *const *reserved_words(size_t *ret_n)
{
	static const char **words;
	static size_t n_word;
	char word[32];

	*ret_n = n_word;
	if (words)
		return words;
	for (unsigned provider = 0; provider < PROVIDER_COUNT; provider++) {
		for (struct command_cursor at = { .provider = (enum provider)provider };
		     command_next(&at);) {
			if (command_path_word(at.command, 0, word, sizeof(word)))
				*ARRAY_PUSH(words, n_word) = xstrdup(word);
			if (is_row((enum provider)provider, word) &&
			    command_path_word(at.command, 1, word, sizeof(word)))
				*ARRAY_PUSH(words, n_word) = xstrdup(word);
			for (size_t i = 0; i < command_n_parameter(at.command); i++)
				if (parameter_is_key(&at.command->parameter[i]))
					*ARRAY_PUSH(words, n_word) = at.command->parameter[i].name;
		}
	}
	qsort(words, n_word, sizeof(*words), compare_words);
	*ret_n = n_word;
	return words;
}

bool command_is_reserved(const char *word)
{
	size_t n;
	const char *const *words = reserved_words(&n);

	return text_equal_nocase(word, "internet") ||
	       strcmp(command_canonical_word(word), word) != 0 ||
	       bsearch(&word, words, n, sizeof(*words), compare_words);
}
