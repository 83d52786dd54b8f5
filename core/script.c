#include "core/script.h"

#include <stdlib.h>
#include <string.h>

#include "core/cleanup.h"
#include "core/memory.h"
#include "core/script_parts.h"
#include "core/sysctl.h"

#define TABLE_MAIN  254
#define LINE_LENGTH 100 /* where a list of settings is broken */

/*
 * The order: what goes (but nft's), then namespaces and links, then namespace by namespace what is in them, then files and
 * programs, which find everything in place.
 */

/* ---- words ---- */

static bool is_plain(const char *word)
{
	if (!*word || *word == '~' || *word == '#')
		return false;
	for (; *word; word++)
		if (!((*word >= 'a' && *word <= 'z') || (*word >= 'A' && *word <= 'Z') || (*word >= '0' && *word <= '9') ||
		      strchr("@%+=:,./_-~", *word)))
			return false;
	return true;
}

void script_add_word(struct text *text, const char *word)
{
	if (is_plain(word)) {
		text_add(text, word);
		return;
	}
	text_add_char(text, '\'');
	for (; *word; word++) {
		if (*word == '\'')
			text_add(text, "'\\''");
		else
			text_add_char(text, *word);
	}
	text_add_char(text, '\'');
}

void script_end_line(struct script *script, const struct object *object)
{
	if (object->origin && !(script->section && strcmp(script->section, object->origin) == 0))
		text_addf(script->text, "  # %s", object->origin);
	text_add_char(script->text, '\n');
}

static void heading(struct script *script, unsigned parts, const char *text)
{
	if (parts & SCRIPT_HEADINGS)
		text_addf(script->text, "\n# %s\n", text);
}

/* "ip -n VPC1 " */
static void ip_in(struct text *text, const char *netns)
{
	text_add(text, "ip -n ");
	script_add_word(text, netns);
	text_add_char(text, ' ');
}

/* "dev eth0" */
static void device(struct text *text, const char *link)
{
	text_add(text, "dev ");
	script_add_word(text, link);
}

static void exec_in(struct text *text, const char *netns)
{
	text_add(text, "ip netns exec ");
	script_add_word(text, netns);
	text_add_char(text, ' ');
}

/* ---- namespaces and links ---- */

static void sysctls(struct script *script, const struct object *object, bool is_new, bool conntrack)
{
	struct text *text = script->text;
	struct sysctl_wanted wanted;
	size_t begin = text->length;
	bool any = false;

	for (size_t i = 0; sysctl_wanted(&object->netns_, i, &wanted); i++) {
		if (wanted.conntrack != conntrack || (wanted.at_first && !is_new))
			continue;
		if (!any) {
			exec_in(text, object->netns);
			text_add(text, "sysctl -eqw");
			any = true;
		}
		if (text->length - begin + strlen(wanted.name) > LINE_LENGTH) {
			text_add(text, " \\\n\t");
			begin = text->length;
		} else {
			text_add_char(text, ' ');
		}
		text_addf(text, "%s=%s", wanted.name, wanted.value);
	}
	if (any)
		text_add_char(text, '\n');
}

/* In the name of a sysctl dots part its words, and a dot is a slash. */
static void link_sysctls(struct text *text, const char *netns, const char *link, bool rp_filter)
{
	auto_free char *name = xstrdup(link);

	for (char *dot = strchr(name, '.'); dot; dot = strchr(dot, '.'))
		*dot = '/';
	exec_in(text, netns);
	text_addf(text, "sysctl -eqw net.ipv6.conf.%s.addr_gen_mode=1", name);
	if (rp_filter)
		text_addf(text, " net.ipv4.conf.%s.rp_filter=0", name);
	text_add_char(text, '\n');
}

static void netns_line(struct script *script, const struct object *object, const char *verb)
{
	text_addf(script->text, "ip netns %s ", verb);
	script_add_word(script->text, object->netns);
	script_end_line(script, object);
}

static void netns_add(struct script *script, const struct step *step)
{
	if (step->action == STEP_ADD)
		netns_line(script, step->after, "add");
	sysctls(script, step->after, step->action == STEP_ADD, false);
	if (step->action == STEP_ADD) {
		ip_in(script->text, step->after->netns);
		text_add(script->text, "link set dev lo up\n");
	}
}

static void veth_end(struct text *text, const struct veth_object *veth)
{
	text_addf(text, " arp off address %02x:%02x:%02x:%02x:%02x:%02x numtxqueues 1 numrxqueues 1", veth->mac[0], veth->mac[1],
		  veth->mac[2], veth->mac[3], veth->mac[4], veth->mac[5]);
}

static void veth_add(struct script *script, const struct object *object)
{
	const struct veth_object *veth = &object->veth;
	struct text *text = script->text;

	ip_in(text, object->netns);
	text_add(text, "link add ");
	device(text, veth->link);
	text_add(text, " up");
	veth_end(text, veth);
	text_add(text, " \\\n\ttype veth peer name ");
	script_add_word(text, veth->peer_link);
	text_add(text, " netns ");
	script_add_word(text, veth->peer_netns);
	veth_end(text, veth);
	script_end_line(script, object);
	link_sysctls(text, object->netns, veth->link, false);
	link_sysctls(text, veth->peer_netns, veth->peer_link, true);
	ip_in(text, veth->peer_netns);
	text_add(text, "link set ");
	device(text, veth->peer_link);
	text_add(text, " up\n");
}

/* ---- addresses, routes, rules ---- */

static void address_line(struct script *script, const struct object *object, const char *verb)
{
	char address[ADDRESS_TEXT_SIZE];

	ip_in(script->text, object->netns);
	text_addf(script->text, "addr %s %s/%u ", verb, address_format(object->address.address, address), object->address.length);
	device(script->text, object->address.link);
	script_end_line(script, object);
}

static void add_table(struct text *text, uint32_t table)
{
	if (table == TABLE_MAIN)
		text_add(text, "main");
	else
		text_addf(text, "%u", table);
}

static void add_prefix(struct text *text, struct prefix prefix)
{
	char buffer[PREFIX_TEXT_SIZE];

	if (prefix.length == 0)
		text_add(text, "default");
	else if (prefix.length == 32)
		text_add(text, address_format(prefix.address, buffer));
	else
		text_add(text, prefix_format(prefix, buffer));
}

static void route_line(struct script *script, const struct object *object, const char *verb)
{
	const struct route_object *route = &object->route;
	struct text *text = script->text;
	char via[ADDRESS_TEXT_SIZE];

	ip_in(text, object->netns);
	text_addf(text, "route %s %s", verb, route->type == ROUTE_BLACKHOLE ? "blackhole " : "");
	add_prefix(text, route->to);
	if (route->via)
		text_addf(text, " via %s", address_format(route->via, via));
	if (route->link) {
		text_add_char(text, ' ');
		device(text, route->link);
	}
	if (route->onlink)
		text_add(text, " onlink");
	if (route->table != TABLE_MAIN)
		text_addf(text, " table %u", route->table);
	script_end_line(script, object);
}

static void rule_line(struct script *script, const struct object *object, const char *verb)
{
	const struct rule_object *rule = &object->rule;
	struct text *text = script->text;

	ip_in(text, object->netns);
	text_addf(text, "rule %s pref %u", verb, rule->priority);
	if (rule->iif) {
		text_add(text, " iif ");
		script_add_word(text, rule->iif);
	}
	if (rule->mark)
		text_addf(text, " fwmark 0x%x", rule->mark);
	text_add(text, " lookup ");
	add_table(text, rule->table);
	if (rule->ignore_default)
		text_add(text, " suppress_prefixlength 0");
	script_end_line(script, object);
}

/* ---- files and programs ---- */

/* Its lines as they are; none of ours is the word that ends it. */
static void file_write(struct script *script, const struct object *object)
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

static void file_line(struct script *script, const struct step *step)
{
	if (step->after) {
		file_write(script, step->after);
		return;
	}
	text_add(script->text, "rm -f ");
	script_add_word(script->text, step->before->file.path);
	script_end_line(script, step->before);
}

/* See daemon.h. */
static char *process_file(const struct object *object, const char *ending)
{
	return xprintf("/run/vpclab/service/%s/%s.%s", object->netns, object->process.name, ending);
}

static void process_start(struct script *script, const struct object *object)
{
	auto_free char *directory = xprintf("/run/vpclab/service/%s", object->netns);
	auto_free char *log = process_file(object, "log"), *pid = process_file(object, "pid");
	struct text *text = script->text;

	text_add(text, "mkdir -p ");
	script_add_word(text, directory);
	text_add_char(text, '\n');
	exec_in(text, object->netns);
	text_add(text, "setsid");
	for (size_t i = 0; object->process.argv[i]; i++) {
		text_add_char(text, ' ');
		script_add_word(text, object->process.argv[i]);
	}
	text_add(text, " </dev/null >>");
	script_add_word(text, log);
	text_add(text, " 2>&1 3>&- & echo $! >"); /* 3 is where a service says that it is ready, see daemon.h */
	script_add_word(text, pid);
	script_end_line(script, object);
}

static void process_stop(struct script *script, const struct object *object)
{
	auto_free char *pid = process_file(object, "pid");

	text_add(script->text, "kill \"$(cat ");
	script_add_word(script->text, pid);
	text_add(script->text, ")\"");
	script_end_line(script, object);
}

/* ---- the order of it all ---- */

static void delete_one(struct script *script, const struct object *object, unsigned parts)
{
	switch (object->kind) {
	case OBJECT_NETNS:
		netns_line(script, object, "del");
		break;
	case OBJECT_VETH:
		ip_in(script->text, object->netns);
		text_add(script->text, "link del ");
		device(script->text, object->veth.link);
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
		if (parts & SCRIPT_FILES)
			file_line(script, &(struct step){ .action = STEP_DELETE, .before = object });
		break;
	case OBJECT_PROCESS:
		process_stop(script, object);
		break;
	case OBJECT_NFT_SET:
	case OBJECT_NFT_CHAIN:
	case OBJECT_NFT_ELEMENT:
		break; /* in the transaction of its namespace */
	}
}

/* Routes with a next hop come last, which may be reached by another. */
static bool has_next_hop(const struct object *object)
{
	return object->kind == OBJECT_ROUTE && object->route.via && !object->route.onlink;
}

static void configure_one(struct script *script, const struct step *step)
{
	const char *verb = step->action == STEP_CHANGE ? "replace" : "add";

	if (step->after->kind == OBJECT_ADDRESS)
		address_line(script, step->after, verb);
	else if (step->after->kind == OBJECT_ROUTE)
		route_line(script, step->after, verb);
	else if (step->after->kind == OBJECT_RULE)
		rule_line(script, step->after, verb);
}

/* What is in one namespace. */
static void site(struct script *script, const struct step *const *step, size_t n_step, unsigned parts)
{
	const char *netns = step_object(step[0])->netns;
	size_t n;
	const struct object *settings = wanted_range(script->plan->to, OBJECT_NETNS, netns, &n);
	size_t before = script->text->length;
	bool changed = step_object(step[0])->kind == OBJECT_NETNS && step[0]->after;

	if (changed && settings && (parts & SCRIPT_HEADINGS)) {
		script->section = settings->origin;
		text_addf(script->text, "\n# In %s%s%s\n", netns, settings->origin ? ": " : "",
			  settings->origin ? settings->origin : "");
	}
	size_t headed = script->text->length;

	for (int late = 0; late < 2; late++)
		for (size_t i = 0; i < n_step; i++)
			if (step[i]->after && has_next_hop(step[i]->after) == (late == 1))
				configure_one(script, step[i]);
	script_nft(script, netns, step, n_step);
	if (changed)
		sysctls(script, step[0]->after, false, true);
	if (script->text->length == headed) { /* nothing came of the heading */
		script->text->length = before;
		if (script->text->s)
			script->text->s[before] = '\0';
	}
	script->section = NULL;
}

struct numbered {
	const struct step *step;
	size_t number;
};

static int compare_numbered(const void *p, const void *q)
{
	const struct numbered *a = p, *b = q;
	int order = strcmp(step_object(a->step)->netns, step_object(b->step)->netns);

	return order ? order : (a->number > b->number) - (a->number < b->number);
}

static bool is_inside(const struct step *step)
{
	enum object_kind kind = step_object(step)->kind;
	bool nft = kind == OBJECT_NFT_SET || kind == OBJECT_NFT_CHAIN || kind == OBJECT_NFT_ELEMENT;

	return nft ||
	       (step->after && (kind == OBJECT_NETNS || kind == OBJECT_ADDRESS || kind == OBJECT_ROUTE || kind == OBJECT_RULE));
}

static void sites(struct script *script, unsigned parts)
{
	const struct plan *plan = script->plan;
	auto_free struct numbered *sorted = xalloc(plan->n_step * sizeof(*sorted));
	auto_free const struct step **step = xalloc(plan->n_step * sizeof(void *));
	size_t n = 0;

	for (size_t i = 0; i < plan->n_step; i++)
		if (is_inside(&plan->step[i]))
			sorted[n++] = (struct numbered){ &plan->step[i], i };
	qsort(sorted, n, sizeof(*sorted), compare_numbered);
	for (size_t i = 0; i < n; i++)
		step[i] = sorted[i].step;
	for (size_t i = 0, next; i < n; i = next) {
		for (next = i + 1; next < n; next++)
			if (strcmp(step_object(step[next])->netns, step_object(step[i])->netns) != 0)
				break;
		site(script, step + i, next - i, parts);
	}
}

/* What is made, of one kind. */
static void made(struct script *script, enum object_kind kind, const char *title, unsigned parts)
{
	const struct plan *plan = script->plan;
	bool any = false;

	for (size_t i = plan->n_delete; i < plan->n_step; i++) {
		const struct step *step = &plan->step[i];

		if (step_object(step)->kind != kind)
			continue;
		if (!any)
			heading(script, parts, title);
		any = true;
		if (kind == OBJECT_NETNS)
			netns_add(script, step);
		else if (kind == OBJECT_VETH)
			veth_add(script, step->after);
		else if (kind == OBJECT_FILE)
			file_line(script, step);
		else
			process_start(script, step->after);
	}
}

void script_add_plan(struct text *text, const struct plan *plan, unsigned parts)
{
	struct script script = { .text = text, .plan = plan };

	for (size_t i = 0; i < plan->n_delete; i++)
		delete_one(&script, plan->step[i].before, parts);
	made(&script, OBJECT_NETNS, "The nodes: a network namespace each.", parts);
	made(&script, OBJECT_VETH,
	     "The links. Both ends have one MAC address and no ARP: nobody has to look for a neighbour. Nor is there IPv6.",
	     parts);
	sites(&script, parts);
	if (parts & SCRIPT_FILES)
		made(&script, OBJECT_FILE, "The names.", parts);
	made(&script, OBJECT_PROCESS, "The services.", parts);
}

/* ---- a whole script ---- */

void script_begin(struct text *text, const char *title, const char *service_directory)
{
	text_add(text, "#!/bin/sh\n");
	text_addf(text, "# %s\n", title);
	text_add(text, "#\n"
		       "#     unshare -Urnmpf --mount-proc sh SCRIPT [COMMAND...]\n"
		       "#\n"
		       "# builds it in namespaces of its own, without being root, and runs the command or a shell there;\n"
		       "# `ip netns exec NODE COMMAND` works in it. All of it ends with the command.\n"
		       "set -e\n");
	if (service_directory) {
		text_add(text, "PATH=$PATH:");
		script_add_word(text, service_directory);
		text_add(text, " # vpclab-service\n");
	}
	text_add(text, "\n# A /run of our own, for `ip netns`; names come from our own hosts file alone.\n"
		       "mount -t tmpfs -o mode=0755 tmpfs /run\n"
		       "[ -L /var/run ] || mount --bind /run /var/run\n"
		       "mkdir /run/vpclab\n"
		       "echo '127.0.0.1 localhost' >/run/vpclab/hosts\n"
		       "sed 's/^[[:space:]]*hosts[[:space:]]*:.*/hosts: files/' /etc/nsswitch.conf >/run/vpclab/nsswitch.conf\n"
		       "mount --bind /run/vpclab/hosts /etc/hosts\n"
		       "mount --bind /run/vpclab/nsswitch.conf /etc/nsswitch.conf\n");
}

void script_end(struct text *text)
{
	text_add(text, "\n[ $# -gt 0 ] || set -- \"${SHELL:-/bin/sh}\"\n"
		       "exec \"$@\"\n");
}
