/* SPDX-License-Identifier: GPL-3.0-only */
#include <string.h>

#include "core/base/cleanup.h"
#include "core/base/memory.h"
#include "lab/nouns/internal.h"
#include "lab/nouns/nouns.h"

/* Blocks of addresses that rules of groups and, on AWS, routes name as one; network ACLs do not.
 * cloud-semantics: pl-1, pl-5 */
static const struct prefix_list_codes {
	const char *too_many, *too_many_entries, *twice, *absent, *used;
} codes_of[PROVIDER_COUNT] = {
	/* What is said of an entry that is not there is the lab's own. cloud-semantics: pl-3 */
	[PROVIDER_ALIBABA] = {
		.too_many = "LimitExceed.PrefixListPerRegion",
		.too_many_entries = "LimitExceed.MaxEntries",
		.twice = "InvalidParameter.CidrDuplicated",
		.absent = "InvalidParameter",
		.used = "NotAllowed.AssociationExist",
	},
	/* All but the second are the likeliest. cloud-semantics: pl-7 */
	[PROVIDER_AWS] = {
		.too_many = "PrefixListLimitExceeded",
		.too_many_entries = "PrefixListMaxEntriesExceeded",
		.twice = "InvalidPrefixListModification",
		.absent = "InvalidPrefixListModification",
		.used = "DependencyViolation",
	},
};

struct entries_request {
	struct prefix_list *list;
	struct prefix *entry;
	size_t n_entry;
};

static int check_room(const struct model *m, unsigned max_entries, size_t n, struct error *err)
{
	if (n <= max_entries)
		return 0;
	error_refuse(err, codes_of[m->provider].too_many_entries, "cidr",
		     "that makes %zu entries, and the list takes %u", n, max_entries);
	return error_hint(err, "how many it takes stays as it was made: prefix-list create NAME "
			       "max-entries N");
}

static int check_twice(const struct model *m, const struct prefix *entry, size_t n,
		       struct error *err)
{
	char text[PREFIX_TEXT_SIZE];

	for (size_t i = 0; i < n; i++)
		for (size_t k = 0; k < i; k++) {
			if (!prefix_equal(entry[i], entry[k]))
				continue;
			error_refuse(err, codes_of[m->provider].twice, "cidr", "%s is given twice",
				     prefix_format(entry[i], text));
			return error_hint(err, "name it once");
		}
	return 0;
}

/* cloud-semantics: pl-2, pl-3, pl-6 */
static int prefix_list_create(struct model *m, void *request, struct error *err)
{
	struct prefix_list *wanted = request;
	const unsigned lists = (unsigned)model_count(m, NOUN_PREFIX_LIST),
		       limit = m->profile->entries_per_prefix_list;
	int r = check_twice(m, wanted->entry, wanted->n_entry, err);

	if (!wanted->max_entries)
		wanted->max_entries = wanted->n_entry ? (unsigned)wanted->n_entry : 1;
	if (r == 0)
		r = check_room(m, wanted->max_entries, wanted->n_entry, err);
	if (r < 0)
		return r;
	if (wanted->max_entries > limit) {
		error_refuse(err, model_cloud(m)->bad_value, "max-entries",
			     "a prefix list takes %u entries at most, not %u", limit,
			     wanted->max_entries);
		return error_hint(err, "max-entries %u", limit);
	}
	if (lists >= m->profile->prefix_lists) {
		error_refuse(err, codes_of[m->provider].too_many, NULL,
			     "a region holds %u prefix lists at most", lists);
		return error_hint(err, "prefix-list show, then prefix-list delete one that no "
				       "rule or route names");
	}
	wanted = model_make(m, NOUN_PREFIX_LIST, wanted);
	wanted->entry = array_copy(wanted->entry, wanted->n_entry, sizeof(*wanted->entry));
	return 0;
}

/* Its entries are said by themselves: save.c. */
static void prefix_list_describe(const struct model *m, const void *resource, void *request)
{
	struct prefix_list *wanted = request;

	(void)m;
	*wanted = *(const struct prefix_list *)resource;
	wanted->entry = NULL;
	wanted->n_entry = 0;
}

static int prefix_list_add(struct model *m, void *request, struct error *err)
{
	struct entries_request *wanted = request;
	struct prefix_list *list = wanted->list;
	const char *name = list->resource.name;
	char text[PREFIX_TEXT_SIZE];
	int r = check_twice(m, wanted->entry, wanted->n_entry, err);

	for (size_t i = 0; r == 0 && i < wanted->n_entry; i++) {
		if (prefix_list_has(list, wanted->entry[i])) {
			error_refuse(err, codes_of[m->provider].twice, "cidr",
				     "%s has the entry %s already", name,
				     prefix_format(wanted->entry[i], text));
			return error_hint(err, "prefix-list show %s", name);
		}
		model_each_user(m, NOUN_ROUTE, list, const struct route, route)
			if (r == 0)
				r = route_check_entry(m, route->table, wanted->entry[i], err);
	}
	if (r == 0)
		r = check_room(m, list->max_entries, list->n_entry + wanted->n_entry, err);
	for (size_t i = 0; r == 0 && i < wanted->n_entry; i++)
		*ARRAY_PUSH(list->entry, list->n_entry) = wanted->entry[i];
	if (r == 0)
		model_touch(m);
	return r;
}

static int prefix_list_remove(struct model *m, void *request, struct error *err)
{
	const struct entries_request *wanted = request;
	struct prefix_list *list = wanted->list;
	const char *name = list->resource.name;
	char text[PREFIX_TEXT_SIZE];
	int r = check_twice(m, wanted->entry, wanted->n_entry, err);

	for (size_t i = 0; r == 0 && i < wanted->n_entry; i++) {
		if (prefix_list_has(list, wanted->entry[i]))
			continue;
		error_refuse(err, codes_of[m->provider].absent, "cidr", "%s has no entry %s", name,
			     prefix_format(wanted->entry[i], text));
		return error_hint(err, "prefix-list show %s", name);
	}
	if (r < 0)
		return r;
	for (size_t i = 0; i < wanted->n_entry; i++)
		for (size_t k = list->n_entry; k-- > 0;)
			if (prefix_equal(list->entry[k], wanted->entry[i]))
				ARRAY_REMOVE(list->entry, list->n_entry, k);
	model_touch(m);
	return 0;
}

/* cloud-semantics: pl-4, pl-7 */
static int prefix_list_delete(struct model *m, void *request, struct error *err)
{
	struct prefix_list *list = ((struct subject *)request)->resource;
	const char *code = codes_of[m->provider].used, *name = list->resource.name;
	const struct route *route = model_user(m, NOUN_ROUTE, list, NULL);

	if (route) {
		error_refuse(err, code, NULL, "the route %s still leads to %s",
			     route->resource.name, name);
		return error_hint(err, "route delete %s", route->resource.name);
	}
	model_each(m, NOUN_SECURITY_GROUP, const struct security_group, group) {
		for (size_t i = 0; i < group->n_rule; i++) {
			if (group->rule[i].peer_list != list)
				continue;
			error_refuse(err, code, NULL, "rule %u of %s still names %s",
				     group->rule[i].number, group->resource.name, name);
			return error_hint(err, "security-group revoke %s rule %u",
					  group->resource.name, group->rule[i].number);
		}
	}
	model_remove(m, &list->resource);
	return 0;
}

#define CIDRS(type_, flags_)                                                               \
	{                                                                                  \
		.name = "cidr", .kind = ARGUMENT_CIDRS, .flags = PARAMETER_KEY | (flags_), \
		.help = "blocks of addresses", .code = "InvalidParameter.CidrMalformed",   \
		IN_BOTH(type_, entry, n_entry)                                             \
	}
#define ENTRIES                                                                              \
	{                                                                                    \
		NAME_OF(NOUN_PREFIX_LIST), CIDRS(struct entries_request, PARAMETER_REQUIRED) \
	}

const struct command prefix_list_rows[] = {
	{
		.words = "prefix-list create",
		.parameter = { NEW_NAME,
			       CIDRS(struct prefix_list, 0),
			       { .name = "max-entries",
				 .kind = ARGUMENT_NUMBER,
				 .flags = PARAMETER_KEY,
				 .min = 1,
				 .max = 1000,
				 .help = "what it counts for; as many as are given, if not said",
				 IN(struct prefix_list, max_entries) } },
		.summary = "make a prefix list: blocks that rules, and routes of AWS, name as one",
		.example = "prefix-list create PL1 cidr 198.51.100.0/24,203.0.113.0/24",
		.describe = prefix_list_describe,
		CHANGES(struct prefix_list, prefix_list_create),
	},
	{
		.words = "prefix-list add",
		.parameter = ENTRIES,
		.summary = "add entries to a prefix list",
		.example = "prefix-list add PL1 cidr 192.0.2.0/24",
		CHANGES(struct entries_request, prefix_list_add),
	},
	{
		.words = "prefix-list remove",
		.parameter = ENTRIES,
		.summary = "remove entries from a prefix list",
		.example = "prefix-list remove PL1 cidr 192.0.2.0/24",
		CHANGES(struct entries_request, prefix_list_remove),
	},
	{ DELETE("prefix-list", NOUN_PREFIX_LIST, prefix_list_delete,
		 "remove a prefix list that nothing names", "PL1") },
	{ SHOW("prefix-list", NOUN_PREFIX_LIST, "list prefix lists and their entries",
	       "cidr max_entries status") },
	{ .words = NULL },
};
