/* SPDX-License-Identifier: GPL-3.0-only */
#include "core/script/internal.h"

#include <string.h>

#include "core/base/cleanup.h"
#include "core/base/memory.h"
#include "core/netlink/sysctl.h"

#define LINE_LENGTH 100 /* at which a list of settings is broken */

/* Add words for sh, each behind a space unless it begins the line. */
#define words(text_, ...) add_words((text_), (const char *const[]){ __VA_ARGS__, NULL })

static void add_words(struct text *text, const char *const *word)
{
	for (; *word; word++) {
		if (text->length && !strchr(" \t\n", text->s[text->length - 1]))
			text_add_char(text, ' ');
		script_add_word(text, *word);
	}
}

/* ---- namespaces and links ---- */

static void sysctls(struct writer *script, const struct object *object, bool is_new, bool conntrack)
{
	struct text *text = script->text;
	struct sysctl list[SYSCTLS_MAX];
	size_t n = sysctls_wanted(&object->netns_, list), begin = text->length;
	bool any = false;

	for (size_t i = 0; i < n; i++) {
		if (list[i].conntrack != conntrack || (list[i].at_first && !is_new))
			continue;
		if (!any) {
			words(text, "ip", "netns", "exec", object->netns, "sysctl", "-eqw");
			any = true;
		}
		if (text->length - begin + strlen(list[i].name) > LINE_LENGTH) {
			text_add(text, " \\\n\t");
			begin = text->length;
		} else {
			text_add_char(text, ' ');
		}
		text_addf(text, "%s=%u", list[i].name, list[i].value);
	}
	if (any)
		text_add_char(text, '\n');
}

/* Dots separate the words of a sysctl, so a dot in a name is a slash. */
static void link_sysctls(struct text *text, const char *netns, const char *link, bool rp_filter)
{
	auto_free char *name = xstrdup(link);

	for (char *dot = strchr(name, '.'); dot; dot = strchr(dot, '.'))
		*dot = '/';
	words(text, "ip", "netns", "exec", netns, "sysctl", "-eqw");
	text_addf(text, " net.ipv6.conf.%s.addr_gen_mode=1", name);
	if (rp_filter)
		text_addf(text, " net.ipv4.conf.%s.rp_filter=0", name);
	text_add_char(text, '\n');
}

static void netns_line(struct writer *script, const struct object *object, const char *verb)
{
	words(script->text, "ip", "netns", verb, object->netns);
	script_end_line(script, object);
}

static void netns_add(struct writer *script, const struct step *step)
{
	if (step->action == STEP_ADD)
		netns_line(script, step->after, "add");
	sysctls(script, step->after, step->action == STEP_ADD, false);
	if (step->action == STEP_ADD) {
		words(script->text, "ip", "-n", step->after->netns, "link", "set", "dev", "lo",
		      "up");
		text_add_char(script->text, '\n');
	}
}

static void veth_end(struct text *text, const struct veth_object *veth)
{
	text_addf(
		text,
		" arp off address %02x:%02x:%02x:%02x:%02x:%02x mtu %u numtxqueues 1 numrxqueues 1",
		veth->mac[0], veth->mac[1], veth->mac[2], veth->mac[3], veth->mac[4], veth->mac[5],
		veth->mtu);
}

static void veth_add(struct writer *script, const struct object *object)
{
	const struct veth_object *veth = &object->veth;
	struct text *text = script->text;

	words(text, "ip", "-n", object->netns, "link", "add", "dev", veth->link, "up");
	veth_end(text, veth);
	text_add(text, " \\\n\t");
	words(text, "type", "veth", "peer", "name", veth->peer_link, "netns", veth->peer_netns);
	veth_end(text, veth);
	script_end_line(script, object);
	link_sysctls(text, object->netns, veth->link, false);
	link_sysctls(text, veth->peer_netns, veth->peer_link, true);
	words(text, "ip", "-n", veth->peer_netns, "link", "set", "dev", veth->peer_link, "up");
	text_add_char(text, '\n');
}

/* ---- addresses, routes, rules ---- */

static void address_line(struct writer *script, const struct object *object, const char *verb)
{
	char address[ADDRESS_TEXT_SIZE];

	words(script->text, "ip", "-n", object->netns, "addr", verb,
	      address_format(object->address.address, address));
	text_addf(script->text, "/%u", object->address.length);
	words(script->text, "dev", object->address.link);
	if (object->address.never_source)
		words(script->text, "scope", "host");
	script_end_line(script, object);
}

static void route_line(struct writer *script, const struct object *object, const char *verb)
{
	const struct route_object *route = &object->route;
	struct text *text = script->text;
	char to[PREFIX_TEXT_SIZE], via[ADDRESS_TEXT_SIZE];

	words(text, "ip", "-n", object->netns, "route", verb);
	if (route->type != ROUTE_UNICAST)
		words(text, route->type == ROUTE_THROW ? "throw" : "blackhole");
	words(text, route->to.length == 0    ? "default"
		    : route->to.length == 32 ? address_format(route->to.address, to)
					     : prefix_format(route->to, to));
	if (route->via)
		words(text, "via", address_format(route->via, via));
	if (route->link)
		words(text, "dev", route->link);
	if (route->onlink)
		words(text, "onlink");
	if (route->table != TABLE_MAIN)
		text_addf(text, " table %u", route->table);
	if (route->metric)
		text_addf(text, " metric %u", route->metric);
	script_end_line(script, object);
}

static void rule_line(struct writer *script, const struct object *object, const char *verb)
{
	const struct rule_object *rule = &object->rule;
	struct text *text = script->text;

	words(text, "ip", "-n", object->netns, "rule", verb);
	text_addf(text, " pref %u", rule->priority);
	if (rule->iif)
		words(text, "iif", rule->iif);
	if (rule->mark)
		text_addf(text, " fwmark 0x%x", rule->mark);
	if (rule->table == TABLE_MAIN)
		words(text, "lookup", "main");
	else
		text_addf(text, " lookup %u", rule->table);
	script_end_line(script, object);
}

/* ---- files and programs ---- */

/* Write a file as a here-document. No file of ours has the word that ends it as a line. */
static void file_write(struct writer *script, const struct object *object)
{
	struct text *text = script->text;
	size_t length = strlen(object->file.content);

	text_add(text, "cat >");
	script_add_word(text, object->file.path);
	text_add(text, " <<'END'");
	script_end_line(script, object);
	text_add(text, object->file.content);
	if (length && object->file.content[length - 1] != '\n')
		text_add_char(text, '\n');
	text_add(text, "END\n");
}

static void file_line(struct writer *script, const struct step *step)
{
	if (step->after) {
		file_write(script, step->after);
		return;
	}
	words(script->text, "rm", "-f", step->before->file.path);
	script_end_line(script, step->before);
}

/* See core/apply/daemon.h. */
static char *process_file(const struct object *object, const char *ending)
{
	return xprintf("/run/vpclab/service/%s/%s.%s", object->netns, object->process.name, ending);
}

static void process_start(struct writer *script, const struct object *object)
{
	auto_free char *directory = xprintf("/run/vpclab/service/%s", object->netns);
	auto_free char *log = process_file(object, "log"), *pid = process_file(object, "pid");
	struct text *text = script->text;

	words(text, "mkdir", "-p", directory);
	text_add_char(text, '\n');
	words(text, "ip", "netns", "exec", object->netns, "setsid");
	add_words(text, object->process.argv);
	text_add(text, " </dev/null >>");
	script_add_word(text, log);
	text_add(text, " 2>&1 3>&- & echo $! >"); /* services report on 3, see daemon.h */
	script_add_word(text, pid);
	script_end_line(script, object);
}

static void process_stop(struct writer *script, const struct object *object)
{
	auto_free char *pid = process_file(object, "pid");

	text_add(script->text, "kill \"$(cat ");
	script_add_word(script->text, pid);
	text_add(script->text, ")\"");
	script_end_line(script, object);
}

/* ---- any object ---- */

/* A script does not wait for anybody. */
bool script_leaves_out(const struct object *object)
{
	return object->kind == OBJECT_PROCESS
		       ? object->process.n_socket > 0
		       : object->kind == OBJECT_FILE && object->file.for_waiting;
}

void script_make(struct writer *script, const struct step *step)
{
	enum object_kind kind = step_object(step)->kind;

	if (kind == OBJECT_NETNS)
		netns_add(script, step);
	else if (kind == OBJECT_VETH)
		veth_add(script, step->after);
	else if (kind == OBJECT_FILE)
		file_line(script, step);
	else if (kind == OBJECT_PROCESS)
		process_start(script, step->after);
}

void script_configure(struct writer *script, const struct step *step)
{
	const char *verb = step->action == STEP_CHANGE ? "replace" : "add";

	if (step->after->kind == OBJECT_ADDRESS)
		address_line(script, step->after, verb);
	else if (step->after->kind == OBJECT_ROUTE)
		route_line(script, step->after, verb);
	else if (step->after->kind == OBJECT_RULE)
		rule_line(script, step->after, verb);
}

void script_conntrack(struct writer *script, const struct object *netns)
{
	sysctls(script, netns, false, true);
}

void script_delete(struct writer *script, const struct object *object)
{
	switch (object->kind) {
	case OBJECT_NETNS:
		netns_line(script, object, "del");
		break;
	case OBJECT_VETH:
		words(script->text, "ip", "-n", object->netns, "link", "del", "dev",
		      object->veth.link);
		script_end_line(script, object);
		break;
	case OBJECT_ADDRESS:
		address_line(script, object, "del");
		break;
	case OBJECT_ROUTE:
		route_line(script, object, "del");
		break;
	case OBJECT_RULE:
		rule_line(script, object, "del");
		break;
	case OBJECT_FILE:
		file_line(script, &(struct step){ .action = STEP_DELETE, .before = object });
		break;
	case OBJECT_PROCESS:
		process_stop(script, object);
		break;
	case OBJECT_NFT_SET:
	case OBJECT_NFT_CHAIN:
	case OBJECT_NFT_ELEMENT:
		break; /* written in the transaction of its namespace */
	}
}
