/* SPDX-License-Identifier: GPL-3.0-only */
#include "lab/reach/lint.h"

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/cleanup.h"
#include "lab/model/query.h"
#include "lab/model/words.h"
#include "lab/reach/internal.h"

const struct word finding_words[] = {
	{ "rule-shadowed", LINT_RULE_SHADOWED },
	{ "rule-redundant", LINT_RULE_REDUNDANT },
	{ "unused", LINT_UNUSED },
	{ "entry-unused", LINT_ENTRY_UNUSED },
	{ "two-ways-out", LINT_TWO_WAYS_OUT },
	{ "dnat-nowhere", LINT_DNAT_NOWHERE },
	{ "dnat-shut", LINT_DNAT_SHUT },
	{ "answer-lost", LINT_ANSWER_LOST },
	{ "admin-open", LINT_ADMIN_OPEN },
	{ "acl-ephemeral", LINT_ACL_EPHEMERAL },
	{ "route-nowhere", LINT_ROUTE_NOWHERE },
	{ 0 },
};

struct lint_finding *lint_add(struct lint *lint, enum finding_id id, const struct resource *object,
			      const char *format, ...)
{
	struct lint_finding *finding = ARRAY_PUSH(lint->finding, lint->n_finding);
	auto_free char *message = xprintf_own(format);
	*finding = (struct lint_finding){ .id = id,
					  .object = object,
					  .message = arena_strdup(&lint->arena, message) };
	return finding;
}

/* ---- objects ---- */

static void unused(struct lint *lint, const struct model *model, const struct resource *object,
		   const char *why)
{
	struct lint_finding *finding =
		lint_add(lint, LINT_UNUSED, object, "%s %s is used by nothing: %s",
			 model_noun_title(model, object->noun), object->name, why);

	finding->cure = arena_printf(&lint->arena, "%s delete %s",
				     model_noun_word(model, object->noun), object->name);
}

static bool is_peer(const struct model *model, const struct security_group *group)
{
	model_each(model, NOUN_SECURITY_GROUP, const struct security_group, other) {
		for (size_t k = 0; k < other->n_rule; k++)
			if (other->rule[k].peer_group == group)
				return true;
	}
	return false;
}

static void lint_objects(struct lint *lint, const struct model *model)
{
	model_each(model, NOUN_EIP, const struct eip, eip) {
		if (!eip->associated)
			unused(lint, model, &eip->resource, "it is associated with nothing");
	}
	model_each(model, NOUN_SECURITY_GROUP, const struct security_group, group) {
		if (!group->is_default && !group->n_member && !is_peer(model, group))
			unused(lint, model, &group->resource,
			       "no interface is in it, no rule names it");
	}
	model_each(model, NOUN_ROUTE_TABLE, const struct route_table, table) {
		if (!table->system && !model_count_users(model, NOUN_VSWITCH, table))
			unused(lint, model, &table->resource, "it is associated with nothing");
	}
	model_each(model, NOUN_ACL, const struct acl, acl) {
		if (acl != acl->vpc->default_acl && !model_count_users(model, NOUN_VSWITCH, acl))
			unused(lint, model, &acl->resource, "it is associated with nothing");
	}
	model_each(model, NOUN_ENI, const struct eni, eni) {
		if (!eni->ecs)
			unused(lint, model, &eni->resource, "it is attached to nothing");
	}
	model_each(model, NOUN_NAT_GATEWAY, const struct nat_gateway, nat) {
		if (!model_count_users(model, NOUN_ROUTE, nat) &&
		    !model_count_users(model, NOUN_DNAT, nat))
			unused(lint, model, &nat->resource,
			       "no route leads to it, and it publishes nothing");
	}
	model_each(model, NOUN_ROUTE, const struct route, route) {
		const struct eni *eni = route_interface(route);

		if (!route_is_blackhole(route) && !(eni && !eni->ecs))
			continue;
		lint_add(lint, LINT_ROUTE_NOWHERE, &route->resource,
			 "route %s leads nowhere: its next hop is %s", route->resource.name,
			 eni ? "attached to nothing" : "gone, or detached")
			->cure =
			arena_printf(&lint->arena, "route delete %s", route->resource.name);
	}
}

/* ---- packets ---- */

struct look { /* at all cells */
	struct lint *lint;
	const struct model *model;
	const struct explain_index *index;
	bool *decided;   /* by id */
	bool *through;   /* of entries: something gets to the host behind it */
	enum code *code; /* of entries: what the first that does not dies of */
	struct flow *first;
};

static const struct resource *named(const struct look *look, const char *name)
{
	return *name ? model_find(look->model, name) : NULL;
}

static bool starts_outside(const struct model *model, const struct flow *flow)
{
	return flow->stranger
		       ? model_find_noun(model, NOUNS_NODE, flow->from) == NULL
		       : model_find_noun(model, NOUNS(NOUN_INTERNET_HOST), flow->from) != NULL;
}

/* Of answers: one finding for all flows to one host that die at one node, by an ACL one for each
 * direction. */
static void lint_answer(struct look *look, const struct explanation *x)
{
	const bool outward = x->code == CODE_ACL_EGRESS,
		   acl = outward || x->code == CODE_ACL_INGRESS;
	const struct resource *object = named(look, x->hop);
	const struct hop *last = x->back.n_hop ? &x->back.hop[x->back.n_hop - 1] : NULL;
	struct lint_finding *finding;

	if (!last || (!acl && x->code != CODE_RETURN_PATH))
		return;
	if (acl && last->n_decision)
		object = last->decision[last->n_decision - 1].resource;
	for (size_t i = 0; i < look->lint->n_finding; i++)
		if (look->lint->finding[i].object == object &&
		    look->lint->finding[i].id == (acl ? LINT_ACL_EPHEMERAL : LINT_ANSWER_LOST) &&
		    (!acl || look->lint->finding[i].outward == outward))
			return;
	if (!object)
		return;
	if (acl)
		finding = lint_add(look->lint, LINT_ACL_EPHEMERAL, object,
				   "ACL %s lets requests %s and drops their answers, which %s to a "
				   "port of %s",
				   object->name, outward ? "in" : "out",
				   outward ? "go out" : "come in",
				   x->drawn ? "the NAT gateway's own choice, 1024 to 65535"
					    : "the sender's own choice, 32768 to 60999");
	else
		finding = lint_add(look->lint, LINT_ANSWER_LOST, object,
				   "requests from %s reach %s, but the answers are lost at %s",
				   starts_outside(look->model, &x->flow) ? "the internet"
									 : x->flow.from,
				   x->flow.to, x->hop);
	finding->outward = outward;
	finding->witness = x->flow;
	finding->cure = lint_cure_to_open(look->lint, look->model, x);
}

static const uint16_t admin_ports[] = { 22, 23, 3389, 5900, 5985, 5986 };

static void lint_admin(struct look *look, const struct reach_row *row, const struct explanation *x)
{
	const struct resource *object = named(look, row->witness.to);
	size_t most = 0;

	if (row->protocol != PROTOCOL_TCP || !outcome_gets_through(&row->outcome[0]) ||
	    row->witness.stranger == 0 || row->outcome[0].seen != SEEN_ITSELF)
		return;
	if (!object) /* "ECS1.public" */
		object = x->forward.n_hop ? named(look, x->forward.hop[x->forward.n_hop - 1].node)
					  : NULL;
	if (!object || object->noun == NOUN_INTERNET_HOST)
		return;
	/* The most of the internet that there is in one piece: below 10.0.0.0, and above. */
	for (size_t i = 0; i < row->from.n; i++)
		if (row->from.range[i].last - row->from.range[i].first > most)
			most = row->from.range[i].last - row->from.range[i].first;
	for (size_t p = 0; p < ARRAY_SIZE(admin_ports); p++) {
		bool open = false, known = false;
		struct lint_finding *finding;
		struct explanation open_x;

		for (size_t i = 0; i < row->port.n; i++)
			open = open || (row->port.range[i].first <= admin_ports[p] &&
					row->port.range[i].last >= admin_ports[p]);
		for (size_t i = 0; i < look->lint->n_finding; i++)
			known = known || (look->lint->finding[i].id == LINT_ADMIN_OPEN &&
					  look->lint->finding[i].object == object &&
					  look->lint->finding[i].witness.port == admin_ports[p]);
		if (!open || known || most < 1u << 24)
			continue;
		finding = lint_add(look->lint, LINT_ADMIN_OPEN, object,
				   "port %u, of administration, of %s is open to the internet%s",
				   admin_ports[p], row->witness.to,
				   row->outcome[0].kind == OUTCOME_NOT_LISTENING
					   ? ", though nothing listens now"
					   : "");
		finding->doubtful = row->outcome[0].kind == OUTCOME_NOT_LISTENING;
		finding->witness = row->witness;
		finding->witness.port = admin_ports[p];
		explain(look->index, &finding->witness, &open_x);
		finding->cure = lint_cure_to_shut(look->lint, look->model, &open_x);
		explanation_free(&open_x);
	}
}

static void note_decisions(struct look *look, const struct explanation *x)
{
	const struct hops *ways[] = { &x->forward, &x->back };

	for (size_t w = 0; w < 2; w++) {
		for (size_t h = 0; h < ways[w]->n_hop; h++) {
			for (size_t d = 0; d < ways[w]->hop[h].n_decision; d++) {
				const struct resource *by = ways[w]->hop[h].decision[d].resource;

				if (!by)
					continue;
				look->decided[by->id] = true;
				if (by->noun != NOUN_DNAT || w != 0)
					continue;
				if (!x->code || x->code == CODE_NOT_LISTENING) {
					look->through[by->id] = true;
				} else if (!look->code[by->id]) {
					look->code[by->id] = x->code;
					look->first[by->id] = x->flow;
				}
			}
		}
	}
}

/* Has each host that an SNAT entry is for a public address of its own? */
static bool hosts_are_public(const struct model *model, const struct snat *snat)
{
	struct eni_address own = { 0 };
	size_t n = 0;

	while (model_next_address(model, &own)) {
		if (own.eni->vswitch->vpc != snat->nat_gateway->vpc ||
		    !prefix_contains(snat->cidr, own.ip))
			continue;
		if (!own.public_ip)
			return false;
		n++;
	}
	return n > 0;
}

static bool has_hosts(const struct model *model, const struct snat *snat)
{
	struct eni_address own = { 0 };

	while (model_next_address(model, &own))
		if (own.eni->vswitch->vpc == snat->nat_gateway->vpc &&
		    prefix_contains(snat->cidr, own.ip))
			return true;
	return false;
}

static void lint_entries(struct look *look)
{
	const struct model *model = look->model;

	model_each(model, NOUN_SNAT, const struct snat, snat) {
		const bool public = hosts_are_public(model, snat);

		if (look->decided[snat->resource.id])
			continue;
		lint_add(look->lint, public ? LINT_TWO_WAYS_OUT : LINT_ENTRY_UNUSED,
			 &snat->resource,
			 public ? "hosts of SNAT entry %s have public addresses and leave by "
				  "those: it "
				  "is never used"
			 : has_hosts(model, snat) ? "no packet is translated by SNAT entry %s: its "
						    "hosts have another "
						    "way out, or none"
						  : "no packet is translated by SNAT entry %s: "
						    "there is no host for it",
			 snat->resource.name)
			->cure =
			arena_printf(&look->lint->arena, "snat delete %s", snat->resource.name);
	}
	model_each(model, NOUN_DNAT, const struct dnat, dnat) {
		const unsigned id = dnat->resource.id;
		struct lint_finding *finding = NULL;

		if (!dnat_takes_effect(model, dnat))
			finding = lint_add(look->lint, LINT_DNAT_NOWHERE, &dnat->resource,
					   "DNAT entry %s leads to an address that no host has",
					   dnat->resource.name);
		else if (!look->decided[id])
			finding = lint_add(look->lint, LINT_ENTRY_UNUSED, &dnat->resource,
					   "no packet comes by DNAT entry %s", dnat->resource.name);
		else if (!look->through[id] &&
			 (look->code[id] == CODE_SG_INGRESS || look->code[id] == CODE_ACL_INGRESS))
			finding = lint_add(
				look->lint, LINT_DNAT_SHUT, &dnat->resource,
				"nothing gets through DNAT entry %s: the %s of its host lets "
				"none of it in",
				dnat->resource.name,
				look->code[id] == CODE_SG_INGRESS ? "security group"
								  : "network ACL");
		if (finding && finding->id == LINT_DNAT_SHUT) {
			struct explanation x;

			finding->witness = look->first[id];
			explain(look->index, &finding->witness, &x);
			finding->cure = lint_cure_to_open(look->lint, look->model, &x);
			explanation_free(&x);
		} else if (finding) {
			finding->cure = arena_printf(&look->lint->arena, "dnat delete %s",
						     dnat->resource.name);
		}
	}
}

/* What is found first is the witness: first what comes from the internet, and last what strangers
 * send or get who have no address that a reader knows. */
static unsigned turn_of(const struct model *model, const struct flow *flow)
{
	if (flow->stranger && !address_is_example(flow->stranger))
		return 2;
	return starts_outside(model, flow) ? 0 : 1;
}

static void lint_packets(struct lint *lint, const struct model *model,
			 const struct explain_index *index)
{
	const size_t n = model->next_id + 1;
	struct reach *reach = reach_cells(model, index);
	struct look look = { .lint = lint,
			     .model = model,
			     .index = reach->index[0],
			     .decided = xalloc(n),
			     .through = xalloc(n),
			     .code = xalloc(n * sizeof(*look.code)),
			     .first = xalloc(n * sizeof(*look.first)) };

	lint->given_up = reach->given_up;
	for (unsigned pass = 0; !reach->given_up && pass < 3; pass++) {
		for (size_t i = 0; i < reach->n_row; i++) {
			struct explanation x;

			if (turn_of(model, &reach->row[i].witness) != pass)
				continue;
			explain(look.index, &reach->row[i].witness, &x);
			note_decisions(&look, &x);
			lint_answer(&look, &x);
			lint_admin(&look, &reach->row[i], &x);
			explanation_free(&x);
		}
	}
	if (!reach->given_up)
		lint_entries(&look);
	free(look.decided);
	free(look.through);
	free(look.code);
	free(look.first);
	reach_free(reach);
}

void lint_run(const struct model *model, const struct explain_index *index, struct lint *ret_lint)
{
	*ret_lint = (struct lint){ 0 };
	lint_rules(ret_lint, model);
	lint_objects(ret_lint, model);
	lint_packets(ret_lint, model, index);
}

void lint_free(struct lint *lint)
{
	free(lint->finding);
	arena_free(&lint->arena);
}
