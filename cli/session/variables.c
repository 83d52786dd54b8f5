/* SPDX-License-Identifier: GPL-3.0-only */
#include "cli/session/variables.h"

#include <errno.h>
#include <string.h>

#include "core/base/cleanup.h"
#include "core/base/hash.h"
#include "core/base/memory.h"

struct variable {
	UT_hash_handle hh;
	char *name;
	char *value;
	bool fixed;
};

struct variables {
	struct variable *by_name;
	struct variable **variable; /* in the order of their setting */
	size_t n_variable;
};

struct variables *variables_new(void)
{
	return xnew(struct variables);
}

void variables_free(struct variables *variables)
{
	if (!variables)
		return;
	HASH_CLEAR(hh, variables->by_name);
	for (size_t i = 0; i < variables->n_variable; i++) {
		free(variables->variable[i]->name);
		free(variables->variable[i]->value);
		free(variables->variable[i]);
	}
	free(variables->variable);
	free(variables);
}

static struct variable *find(const struct variables *variables, const char *name)
{
	struct variable *variable;

	HASH_FIND_STR(variables->by_name, name, variable);
	return variable;
}

static bool is_word_character(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
	       c == '_';
}

/* What the tokenizer reads as one name behind a $. */
static bool is_name(const char *name)
{
	if (!is_word_character(*name))
		return false;
	for (; *name; name++)
		if (!is_word_character(*name) &&
		    !((*name == '.' || *name == '-') && is_word_character(name[1])))
			return false;
	return true;
}

int variables_set(struct variables *variables, const char *name, const char *value, bool fixed,
		  struct error *err)
{
	struct variable *variable = find(variables, name);

	if (!is_name(name)) {
		error_set(err, -EINVAL, "\"%.64s\" cannot be the name of a variable", name);
		error_hint(err, "letters, digits and _, with . or - inside");
		return -EINVAL;
	}
	if (variable && variable->fixed && !fixed)
		return 0;
	if (!variable) {
		variable = xnew(struct variable);
		variable->name = xstrdup(name);
		HASH_ADD_KEYPTR(hh, variables->by_name, variable->name, strlen(name), variable);
		*ARRAY_PUSH(variables->variable, variables->n_variable) = variable;
	}
	free(variable->value);
	variable->value = xstrdup(value);
	variable->fixed = fixed;
	return 0;
}

int variables_assign(struct variables *variables, const char *assignment, struct error *err)
{
	const char *equals = strchr(assignment, '=');
	auto_free char *name = NULL;

	if (!equals) {
		error_set(err, -EINVAL, "--set %.64s has no value", assignment);
		error_hint(err, "--set NAME=VALUE");
		return -EINVAL;
	}
	name = xstrndup(assignment, (size_t)(equals - assignment));
	return variables_set(variables, name, equals + 1, true, err);
}

const char *variables_get(const struct variables *variables, const char *name)
{
	const struct variable *variable = find(variables, name);

	return variable ? variable->value : NULL;
}

void variables_copy(struct variables *variables, const struct variables *from)
{
	for (size_t i = 0; i < from->n_variable; i++) {
		const struct variable *variable = from->variable[i];

		(void)variables_set(variables, variable->name, variable->value, variable->fixed,
				    NULL);
	}
}

bool variables_each(const struct variables *variables, size_t i, const char **ret_name,
		    const char **ret_value)
{
	if (i >= variables->n_variable)
		return false;
	*ret_name = variables->variable[i]->name;
	*ret_value = variables->variable[i]->value;
	return true;
}
