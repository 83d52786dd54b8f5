/* SPDX-License-Identifier: GPL-3.0-only */
#include "lab/terraform/thin.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/cleanup.h"

/* The text on its way to jansson. */
struct thinning {
	const char *at, *end;
	const struct tf_words *words;
	uint64_t types;         /* what is wanted of the resource in hand, */
	size_t depth, level;    /* whose own keys are that deep */
	bool is_data;           /* and which was only looked at */
	bool is_plan, is_prior; /* of what a plan starts from, only that is wanted */
	const char *kept;       /* what jansson gets next */
	size_t n_kept;
	char last; /* that it got */
	bool needs_comma;
};

static bool is_space(char c)
{
	return c == ' ' || c == '\n' || c == '\t' || c == '\r';
}

static bool is_sign(char c)
{
	return c == '{' || c == '}' || c == '[' || c == ']' || c == ',' || c == ':';
}

static void skip_space(struct thinning *t)
{
	while (t->at < t->end && is_space(*t->at))
		t->at++;
}

/* Behind the string that begins there. */
static const char *end_of_string(const char *at, const char *end)
{
	while ((at = memchr(at + 1, '"', (size_t)(end - at) - 1))) {
		const char *escape = at;

		while (escape[-1] == '\\')
			escape--;
		if ((at - escape) % 2 == 0)
			return at + 1;
	}
	return end;
}

/* A string, a number or a word, or one character. */
static void skip_token(struct thinning *t)
{
	const char *at = t->at + 1;

	if (*t->at == '"') {
		at = end_of_string(t->at, t->end);
	} else if (!is_sign(*t->at)) {
		while (at < t->end && !is_space(*at) && !is_sign(*at) && *at != '"')
			at++;
	}
	t->at = at;
}

static void skip_value(struct thinning *t)
{
	size_t depth = 0;

	do {
		skip_space(t);
		if (t->at == t->end)
			return;
		depth += *t->at == '{' || *t->at == '[';
		depth -= depth > 0 && (*t->at == '}' || *t->at == ']');
		skip_token(t);
	} while (depth > 0);
}

/* Commas are set anew, since members go. */
static void keep(struct thinning *t, const char *from)
{
	t->kept = from;
	t->n_kept = (size_t)(t->at - from);
	t->needs_comma = t->last && !strchr("{[:", t->last) && !strchr("}]:", *from);
	t->last = t->at[-1];
}

static bool is_key(const char *token, size_t length, const char *key)
{
	return length == strlen(key) + 2 && memcmp(token + 1, key, length - 2) == 0;
}

/* Is it this key, before a value in which that stands somewhere? */
static bool is_key_with(struct thinning t, const char *token, size_t length, const char *key,
			const char *within)
{
	const char *value = t.at;

	if (!is_key(token, length, key))
		return false;
	skip_value(&t);
	return memmem(value, (size_t)(t.at - value), within, strlen(within));
}

/* In a plan, an empty value is one that refers to nothing. */
static bool says_nothing(const struct thinning *t)
{
	const char *const nothing[] = { "null", "{}", "\"\"", "[]" };

	for (size_t i = 0; i < (t->is_plan ? 2 : ARRAY_SIZE(nothing)); i++)
		if ((size_t)(t->end - t->at) >= strlen(nothing[i]) &&
		    memcmp(t->at, nothing[i], strlen(nothing[i])) == 0)
			return true;
	return false;
}

static uint64_t types_of(const struct thinning *t, const char *type, size_t length)
{
	auto_free char *data = t->is_data ? xprintf(TF_DATA "%.*s", (int)length, type) : NULL;
	const uint64_t types =
		tf_types_of(t->words, data ? data : type, data ? strlen(data) : length);

	return data && types == TF_ANY_TYPE ? 0 : types;
}

/* A resource begins with its address and its mode, and its type comes before its values: if it does
 * not, all is wanted. What was only looked at (mode "data") has types of its own. */
static void note_type(struct thinning *t, const char *key, size_t length)
{
	struct thinning value = *t;

	if (is_key(key, length, "address")) {
		t->level = t->depth;
		t->is_data = false;
		t->types = TF_ANY_TYPE;
	} else if (t->level == t->depth && t->types && is_key(key, length, "type")) {
		skip_token(&value);
		if (value.at - t->at >= 2)
			t->types = types_of(t, t->at + 1, (size_t)(value.at - t->at) - 2);
	} else if (t->level == t->depth && is_key(key, length, "mode")) {
		skip_token(&value);
		t->is_data = is_key(t->at, (size_t)(value.at - t->at), "data");
		if (t->is_prior && !t->is_data)
			t->types = 0;
	} else if (t->depth == 1) {
		t->is_prior = is_key(key, length, "prior_state");
	}
}

/* Find the next token or member that is kept; false: the text ends. */
static bool next_kept(struct thinning *t)
{
	for (skip_space(t); t->at < t->end; skip_space(t)) {
		const char *begins = t->at, *colon;
		size_t length;

		skip_token(t);
		length = (size_t)(t->at - begins);
		if (*begins == ',')
			continue;
		skip_space(t);
		colon = *begins == '"' && t->at < t->end && *t->at == ':' ? t->at : NULL;
		if (!colon) {
			t->at = begins + length;
			t->depth += *begins == '{' || *begins == '[';
			t->depth -= *begins == '}' || *begins == ']';
			if (t->depth < t->level)
				t->types = TF_ANY_TYPE;
			keep(t, begins);
			return true;
		}
		t->at++;
		skip_space(t);
		if (t->at < t->end)
			note_type(t, begins, length);
		/* A value that is missing is jansson's to refuse. */
		if (t->at == t->end || strchr("}],:", *t->at) ||
		    (tf_is_wanted(t->words, t->types, begins + 1, length - 2) &&
		     !says_nothing(t)) ||
		    is_key_with(*t, begins, length, "sensitive_values", "true")) {
			t->at = colon + 1;
			keep(t, begins);
			return true;
		}
		skip_value(t);
		if (is_key(begins, length, "configuration")) {
			keep(t, begins);
			return true;
		}
	}
	return false;
}

/* For json_load_callback(). */
static size_t read_thinned(void *buffer, size_t size, void *data)
{
	struct thinning *t = data;
	char *out = buffer;
	size_t n = 0;

	while (n < size && (t->n_kept > 0 || next_kept(t))) {
		size_t part = t->n_kept < size - n ? t->n_kept : size - n;

		if (t->needs_comma) {
			out[n++] = ',';
			t->needs_comma = false;
			continue;
		}
		memcpy(out + n, t->kept, part);
		t->kept += part;
		t->n_kept -= part;
		n += part;
	}
	return n;
}

/* Tell the place in the whole text. jansson quotes what it stumbles over, which may be secret. */
static int refuse(struct thinning t, const json_error_t *fault, struct error *err)
{
	const char *near = strstr(fault->text, " near "), *what = fault->text, *begins = t.at,
		   *place;
	size_t length = near ? (size_t)(near - what) : strlen(what), line = 1;
	char chunk[1024];

	/* Up to the last character that jansson got, which may be a comma of ours. */
	for (size_t left = (size_t)fault->position, n; left > 1; left -= n) {
		n = read_thinned(chunk, left <= sizeof(chunk) ? left - 1 : sizeof(chunk), &t);
		if (n == 0)
			break;
	}
	place = json_error_code(fault) == json_error_premature_end_of_input ? t.end
		: t.n_kept > 0                                              ? t.kept
									    : t.at;
	for (const char *end; (end = memchr(begins, '\n', (size_t)(place - begins)));
	     begins = end + 1)
		line++;
	if (json_error_code(fault) == json_error_null_character)
		what = "a text holds the character NUL", length = strlen(what);
	error_set(err, -EINVAL, "line %zu, column %zu of the JSON: %.*s", line,
		  (size_t)(place - begins) + 1, (int)length, what);
	if (json_error_code(fault) == json_error_stack_overflow)
		error_hint(err, "no plan and no state is nested that deep");
	return -EINVAL;
}

int tf_load_thin(char *json, size_t length, const struct tf_words *words, json_t **ret_root,
		 struct error *err)
{
	const size_t mark = length >= 3 && memcmp(json, "\xef\xbb\xbf", 3) == 0 ? 3 : 0;
	struct thinning t = { .at = json + mark,
			      .end = json + length,
			      .words = words,
			      .types = TF_ANY_TYPE },
			whole;
	json_error_t fault;

	t.is_plan = memmem(json, length, "\"planned_values\"", 16) != NULL;
	whole = t;
	*ret_root = json_load_callback(read_thinned, &t, JSON_REJECT_DUPLICATES, &fault);
	if (!*ret_root)
		refuse(whole, &fault, err);
	free(json);
	return *ret_root ? 0 : -EINVAL;
}
