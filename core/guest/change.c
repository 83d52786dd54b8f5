/* SPDX-License-Identifier: GPL-3.0-only */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/memory.h"
#include "core/guest/internal.h"

/* What ip, and sysctl, make of a namespace; nothing of it is done. */

/* ---- ip and its words ---- */

static const struct {
	const char *word;
	enum guest_action action;
} actions[] = {
	{ "unicast", GUEST_UNICAST },
	{ "local", GUEST_LOCAL },
	{ "broadcast", GUEST_BROADCAST },
	{ "blackhole", GUEST_BLACKHOLE },
	{ "unreachable", GUEST_UNREACHABLE },
	{ "prohibit", GUEST_PROHIBIT },
	{ "throw", GUEST_THROW },
};
static const char *const table_names[] = { "default", "main", "local" }; /* from 253 on */

static bool read_number(const char *word, uint32_t *ret_number)
{
	char *end;
	unsigned long number = strtoul(word, &end, 0);

	*ret_number = (uint32_t)number;
	return *word >= '0' && *word <= '9' && !*end && number <= UINT32_MAX;
}

static bool read_table(const char *word, uint32_t *ret_table)
{
	for (size_t i = 0; i < ARRAY_SIZE(table_names); i++) {
		*ret_table = (uint32_t)(TABLE_DEFAULT + i);
		if (strcmp(word, table_names[i]) == 0)
			return true;
	}
	return read_number(word, ret_table);
}

static bool read_prefix(const char *word, struct prefix *ret_prefix)
{
	struct prefix prefix = { 0, 32 };

	if (strcmp(word, "default") == 0 || strcmp(word, "all") == 0)
		prefix = DEFAULT_ROUTE;
	else if (!address_parse(word, &prefix.address) && prefix_parse(word, &prefix) < 0)
		return false;
	*ret_prefix = prefix;
	return true;
}

static bool read_action(const char *word, enum guest_action *ret_action)
{
	for (size_t i = 0; i < ARRAY_SIZE(actions); i++) {
		if (strcmp(word, actions[i].word) == 0) {
			*ret_action = actions[i].action;
			return true;
		}
	}
	return false;
}

/* All that a line of ip may say of an address, a route or a rule, behind the verb. */
struct ip_words {
	struct guest_address address;
	struct guest_route route;
	struct guest_rule rule;
	bool action, metric, priority, table; /* was it said? */
};

/* Of "to" and words alone it depends on the object what they mean. */
static bool read_word(const char *object, char *const **words, struct ip_words *said)
{
	const char *word = *(*words)++, *value = **words;
	const bool rule = object[1] == 'u';
	uint32_t number;
	struct prefix own;

	if (strcmp(word, "not") == 0 && rule)
		return said->rule.not = true;
	if (strcmp(word, "onlink") == 0 && !rule)
		return true;
	if (object[0] == 'a' && word[0] >= '0' && word[0] <= '9') {
		const char *slash = strchr(word, '/');
		char text[PREFIX_TEXT_SIZE];

		snprintf(text, sizeof(text), "%.*s", (int)(slash ? slash - word : 16), word);
		said->address.length = 32;
		if (slash && prefix_parse(word, &own) != -EINVAL)
			said->address.length = own.length;
		return address_parse(text, &said->address.address);
	}
	if (read_action(word, rule ? &said->rule.action : &said->route.action))
		return said->action = true;
	if (!rule && read_prefix(word, &said->route.to))
		return true;
	if (!value)
		return false;
	(*words)++;
	if (strcmp(word, "dev") == 0 || strcmp(word, "iif") == 0) {
		put_name(said->address.link, value);
		put_name(said->route.link, value);
		put_name(said->rule.iif, value);
		return true;
	}
	if (strcmp(word, "from") == 0)
		return read_prefix(value, &said->rule.from);
	if (strcmp(word, "to") == 0)
		return read_prefix(value, rule ? &said->rule.to : &said->route.to);
	if (strcmp(word, "via") == 0)
		return address_parse(value, &said->route.via);
	if (strcmp(word, "src") == 0)
		return address_parse(value, &said->route.source);
	if (strcmp(word, "metric") == 0)
		return said->metric = read_number(value, &said->route.metric);
	if (strcmp(word, "table") == 0 || strcmp(word, "lookup") == 0) {
		said->table = read_table(value, &number);
		said->route.table = said->rule.table = number;
		return said->table;
	}
	if (strcmp(word, "pref") == 0 || strcmp(word, "priority") == 0)
		return said->priority = read_number(value, &said->rule.priority);
	/* These change no packet's way. */
	return strcmp(word, "scope") == 0 || strcmp(word, "proto") == 0 || strcmp(word, "brd") == 0;
}

/* ---- ip address, route, rule; 1: done, or refused as ip would be ---- */

static int change_address(struct guest *guest, const char *verb, const struct ip_words *said)
{
	if (!guest_find_link(guest, said->address.link) || !said->address.address)
		return -ENOTSUP;
	for (size_t i = guest->n_address; i-- > 0;) {
		const struct guest_address *is = &guest->address[i];
		/* What is deleted without a length may have any. */
		const bool any_length = verb[0] == 'd' && said->address.length == 32;

		if (is->address != said->address.address ||
		    (is->length != said->address.length && !any_length) ||
		    strcmp(is->link, said->address.link) != 0)
			continue;
		if (verb[0] == 'd')
			guest_delete_address(guest, i);
		return 1;
	}
	if (verb[0] != 'd')
		guest_add_address(guest, said->address.link, said->address.address,
				  said->address.length);
	return 1;
}

/* Does a delete mean it; or an add, is it in its place? */
static bool is_meant(const struct guest_route *route, const struct ip_words *said, bool add)
{
	const struct guest_route *wanted = &said->route;

	if (route->table != wanted->table || !prefix_equal(route->to, wanted->to))
		return false;
	if (add || said->metric)
		return route->metric == wanted->metric;
	return (!said->action || route->action == wanted->action) &&
	       (!wanted->via || route->via == wanted->via) &&
	       (!*wanted->link || strcmp(route->link, wanted->link) == 0);
}

static int change_route(struct guest *guest, const char *verb, struct ip_words *said)
{
	const bool add = verb[0] != 'd';
	struct guest_decision hop;

	if (add && *said->route.link && !guest_find_link(guest, said->route.link))
		return 1;
	if (add && said->route.via && !*said->route.link) {
		hop = guest_route_of(guest, "lo", 0, said->route.via);
		if (hop.action != GUEST_UNICAST)
			return 1;
		put_name(said->route.link, hop.route->link);
	}
	if (add && *said->route.link && !guest_find_link(guest, said->route.link))
		return -ENOTSUP;
	for (size_t i = 0; i < guest->n_route; i++) {
		if (!is_meant(&guest->route[i], said, add))
			continue;
		if (!add)
			ARRAY_REMOVE(guest->route, guest->n_route, i);
		else if (verb[0] == 'r')
			guest->route[i] = said->route;
		return 1;
	}
	if (add)
		guest_add_route(guest, &said->route);
	return 1;
}

/* Does a delete mean it? What it does not say it does not ask for, and "from all" says nothing. */
static bool is_meant_rule(const struct guest_rule *rule, const struct ip_words *said)
{
	const struct guest_rule *wanted = &said->rule;

	return (!said->priority || rule->priority == wanted->priority) &&
	       (!said->table || (rule->action == GUEST_LOOKUP && rule->table == wanted->table)) &&
	       (!said->action || rule->action == wanted->action) &&
	       (!wanted->from.length || prefix_equal(rule->from, wanted->from)) &&
	       (!wanted->to.length || prefix_equal(rule->to, wanted->to)) &&
	       (!*wanted->iif || strcmp(rule->iif, wanted->iif) == 0);
}

static int change_rule(struct guest *guest, const char *verb, struct ip_words *said)
{
	struct guest_rule *rule = &said->rule;

	for (size_t i = 0; verb[0] == 'd' && i < guest->n_rule; i++) {
		if (!is_meant_rule(&guest->rule[i], said))
			continue;
		ARRAY_REMOVE(guest->rule, guest->n_rule, i);
		return 1;
	}
	if (verb[0] == 'd')
		return 1;
	/* In front of the second one, as the kernel has it. */
	if (!said->priority && guest->n_rule > 1 && guest->rule[1].priority)
		rule->priority = guest->rule[1].priority - 1;
	guest_add_rule(guest, rule);
	return 1;
}

static int change_by_ip(struct guest *guest, char *const *words)
{
	static const char *const verbs[] = { "add", "del", "delete", "replace", NULL };
	const char *object = *words ? *words++ : "", *verb = *words ? *words++ : "show";
	struct ip_words said = { .route = { .table = TABLE_MAIN, .action = GUEST_UNICAST },
				 .rule = { .table = TABLE_MAIN, .suppress = -1 } };
	size_t known = 0;

	if (strncmp(verb, "sh", 2) == 0 || verb[0] == 'l' || strcmp(verb, "get") == 0)
		return 0;
	while (verbs[known] && strcmp(verb, verbs[known]) != 0)
		known++;
	if (!verbs[known] || !(strcmp(object, "a") == 0 || strncmp(object, "addr", 4) == 0 ||
			       strcmp(object, "r") == 0 || strncmp(object, "ro", 2) == 0 ||
			       strncmp(object, "ru", 2) == 0))
		return -ENOTSUP;
	while (*words)
		if (!read_word(object, &words, &said))
			return -ENOTSUP;
	return object[0] == 'a'   ? change_address(guest, verb, &said)
	       : object[1] == 'u' ? change_rule(guest, verb, &said)
				  : change_route(guest, verb, &said);
}

int guest_change(struct guest *guest, char *const *argv)
{
	static const char *const others[] = { "nft", "iptables", "ifconfig", "route", "tc" };
	const char *program = argv[0] ? argv[0] : "", *setting;
	int r = 0;

	if (strcmp(program, "ip") == 0)
		return change_by_ip(guest, argv + (argv[1] && strcmp(argv[1], "-4") == 0 ? 2 : 1));
	for (size_t i = 0; i < ARRAY_SIZE(others); i++)
		if (strncmp(program, others[i], strlen(others[i])) == 0) /* iptables-legacy */
			return -ENOTSUP;
	for (size_t i = 1; strcmp(program, "sysctl") == 0 && argv[i]; i++) {
		setting = strchr(argv[i], '=');
		if (!setting)
			continue;
		if (strncmp(argv[i], "net.ipv4.ip_forward=", 20) != 0)
			return -ENOTSUP;
		for (size_t k = 0; k < guest->n_link; k++)
			guest->link[k].forwarding = strcmp(setting, "=0") != 0;
		r = 1;
	}
	return r;
}

/* ---- in ip's words ---- */

static void add_table(struct text *text, const char *word, uint32_t table)
{
	if (table >= TABLE_DEFAULT && table <= TABLE_LOCAL)
		text_addf(text, " %s %s", word, table_names[table - TABLE_DEFAULT]);
	else
		text_addf(text, " %s %u", word, table);
}

static void add_prefix(struct text *text, const char *word, struct prefix prefix)
{
	char buffer[PREFIX_TEXT_SIZE];

	text_add(text, word);
	if (prefix.length == 0)
		text_add(text, *word ? "all" : "default");
	else if (prefix.length == 32)
		text_add(text, address_format(prefix.address, buffer));
	else
		text_add(text, prefix_format(prefix, buffer));
}

static const char *action_word(enum guest_action action)
{
	for (size_t i = 0; i < ARRAY_SIZE(actions); i++)
		if (actions[i].action == action)
			return actions[i].word;
	return "";
}

void guest_format_route(struct text *text, const struct guest_route *route)
{
	char address[ADDRESS_TEXT_SIZE];

	if (route->action != GUEST_UNICAST)
		text_addf(text, "%s ", action_word(route->action));
	add_prefix(text, "", route->to);
	if (route->via)
		text_addf(text, " via %s", address_format(route->via, address));
	if (*route->link)
		text_addf(text, " dev %s", route->link);
	if (route->table != TABLE_MAIN)
		add_table(text, "table", route->table);
	if (route->source && !route->kernels)
		text_addf(text, " src %s", address_format(route->source, address));
	if (route->metric)
		text_addf(text, " metric %u", route->metric);
}

void guest_format_rule(struct text *text, const struct guest_rule *rule)
{
	if (rule->not )
		text_add(text, "not ");
	add_prefix(text, "from ", rule->from);
	if (rule->to.length)
		add_prefix(text, " to ", rule->to);
	if (*rule->iif)
		text_addf(text, " iif %s", rule->iif);
	if (*rule->oif)
		text_addf(text, " oif %s", rule->oif);
	if (rule->mark || rule->mask)
		text_addf(text, " fwmark 0x%x", rule->mark);
	if (rule->action == GUEST_LOOKUP)
		add_table(text, "lookup", rule->table);
	else
		text_addf(text, " %s", action_word(rule->action));
}
