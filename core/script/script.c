/* SPDX-License-Identifier: GPL-3.0-only */
#include "core/script/script.h"

#include <stdlib.h>
#include <string.h>

#include "core/base/cleanup.h"
#include "core/base/memory.h"
#include "core/script/internal.h"

/* The order is: what is deleted, except by nft; namespaces and links; the contents of each
 * namespace; files and programs, which find everything in place. */

static void heading(struct writer *script, unsigned parts, const char *text)
{
	if (parts & SCRIPT_HEADINGS)
		text_addf(script->text, "\n# %s\n", text);
}

/* Write the contents of one namespace. */
static void contents(struct writer *script, const struct step *const *step, size_t n_step,
		     unsigned parts)
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
			if (step[i]->after && object_has_next_hop(step[i]->after) == (late == 1))
				script_configure(script, step[i]);
	script_nft(script, netns, step, n_step);
	if (changed)
		script_conntrack(script, step[0]->after);
	if (script->text->length == headed) { /* no line followed the heading */
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

	return nft || (step->after && (kind == OBJECT_NETNS || kind == OBJECT_ADDRESS ||
				       kind == OBJECT_ROUTE || kind == OBJECT_RULE));
}

static void all_contents(struct writer *script, unsigned parts)
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
			if (strcmp(step_object(step[next])->netns, step_object(step[i])->netns) !=
			    0)
				break;
		contents(script, step + i, next - i, parts);
	}
}

/* Write the new objects of one kind. */
static void made(struct writer *script, enum object_kind kind, const char *title, unsigned parts)
{
	const struct plan *plan = script->plan;
	bool any = false;

	for (size_t i = plan->n_delete; i < plan->n_step; i++) {
		const struct step *step = &plan->step[i];

		if (step_object(step)->kind != kind || script_leaves_out(step_object(step)))
			continue;
		if (!any)
			heading(script, parts, title);
		any = true;
		script_make(script, step);
	}
}

void script_add_plan(struct text *text, const struct plan *plan, unsigned parts)
{
	struct writer script = { .text = text, .plan = plan };

	for (size_t i = 0; i < plan->n_delete; i++)
		if (!script_leaves_out(plan->step[i].before) &&
		    (plan->step[i].before->kind != OBJECT_FILE || (parts & SCRIPT_FILES)))
			script_delete(&script, plan->step[i].before);
	made(&script, OBJECT_NETNS, "The nodes, each of which is a network namespace.", parts);
	made(&script, OBJECT_VETH,
	     "The links. Both ends have the same MAC address and no ARP, so that nobody looks for "
	     "a neighbour, and no IPv6.",
	     parts);
	all_contents(&script, parts);
	if (parts & SCRIPT_FILES)
		made(&script, OBJECT_FILE, "The names of the hosts.", parts);
	made(&script, OBJECT_PROCESS, "The services.", parts);
}

/* ---- the head and the end of a script ---- */

void script_begin(struct text *text, const char *title, const char *service_directory)
{
	text_add(text, "#!/bin/sh\n");
	text_addf(text, "# %s\n", title);
	text_add(text, "#\n"
		       "#     unshare -Urnmpf --mount-proc sh SCRIPT [COMMAND...]\n"
		       "#\n"
		       "# builds it in namespaces of its own, for which nobody has to be root, and "
		       "runs the\n"
		       "# command or a shell there; `ip netns exec NODE COMMAND` works in it. The "
		       "lab ends\n"
		       "# with the command.\n"
		       "set -e\n");
	if (service_directory) {
		text_add(text, "PATH=$PATH:");
		script_add_word(text, service_directory);
		text_add(text, " # vpclab-service\n");
	}
	text_add(
		text,
		"\n# Give the lab a /run of its own, for `ip netns`, and a hosts file of its own.\n"
		"mount -t tmpfs -o mode=0755 tmpfs /run\n"
		"[ -L /var/run ] || mount --bind /run /var/run\n"
		"mkdir -p /run/vpclab/outside/etc /run/vpclab/names /run/vpclab/hosts\n"
		"echo '127.0.0.1 localhost' >/run/vpclab/hosts/nodes\n"
		"sed 's/^[[:space:]]*hosts[[:space:]]*:.*/hosts: files/' /etc/nsswitch.conf "
		">/run/vpclab/nsswitch.conf\n"
		"mount --bind /run/vpclab/hosts/nodes /etc/hosts\n"
		"mount --bind /run/vpclab/nsswitch.conf /etc/nsswitch.conf\n");
}

void script_end(struct text *text)
{
	text_add(text, "\n[ $# -gt 0 ] || set -- \"${SHELL:-/bin/sh}\"\n"
		       "exec \"$@\"\n");
}
