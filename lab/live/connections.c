/* SPDX-License-Identifier: GPL-3.0-only */
#include "lab/live/connections.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/cleanup.h"
#include "core/base/memory.h"
#include "core/sandbox/sandbox.h"
#include "lab/explain/session.h"

struct settling {
	struct model *model; /* as it was before */
	struct explain_index *before, *after;
	const char *node;
	struct tuple *ended;
	size_t n_ended;
};

static struct packet packet_of(const struct tuple *tuple)
{
	return (struct packet){ .source = tuple->source,
				.destination = tuple->destination,
				.source_port = tuple->source_port,
				.destination_port = tuple->destination_port,
				.protocol = (enum protocol)tuple->protocol };
}

static void judge(const struct connection *connection, void *arg)
{
	struct settling *settling = arg;
	const struct open_connection open = { packet_of(&connection->in),
					      packet_of(&connection->out) };

	if (!connection->over &&
	    explain_change_ends(settling->before, settling->after, settling->node, &open))
		*ARRAY_PUSH(settling->ended, settling->n_ended) = connection->in;
}

static void tell(struct cut_connections *cut, const char *node, const struct tuple *in)
{
	if (!cut)
		return;
	if (cut->n < CONNECTIONS_TOLD) {
		snprintf(cut->told[cut->n].node, sizeof(cut->told[cut->n].node), "%s", node);
		cut->told[cut->n].in = *in;
	}
	cut->n++;
}

static int settle_node(struct settling *settling, struct cut_connections *cut, struct error *err)
{
	int r = conntrack_each(judge, settling, err);

	if (r >= 0)
		r = conntrack_delete(settling->ended, settling->n_ended, err);
	for (size_t i = 0; r >= 0 && i < settling->n_ended; i++)
		tell(cut, settling->node, &settling->ended[i]);
	free(settling->ended);
	settling->ended = NULL;
	settling->n_ended = 0;
	return r;
}

static bool is_of_nft(const struct object *object)
{
	return object->kind == OBJECT_NFT_SET || object->kind == OBJECT_NFT_CHAIN ||
	       object->kind == OBJECT_NFT_ELEMENT;
}

static int compare_keys(const void *a, const void *b)
{
	return object_compare_key(a, b);
}

static bool has_namespace(const struct wanted *wanted, const char *netns)
{
	const struct object key = { .kind = OBJECT_NETNS, .netns = netns };

	return bsearch(&key, wanted->object, wanted->n_object, sizeof(key), compare_keys);
}

/* Those that were there before and are still, and whose nftables the plan has changed. */
static size_t changed_namespaces(const struct plan *plan, const char ***ret_netns)
{
	size_t n = 0;

	for (size_t i = 0; i < plan->n_step; i++) {
		const struct object *object = step_object(&plan->step[i]);
		size_t k = 0;

		if (!is_of_nft(object))
			continue;
		while (k < n && strcmp((*ret_netns)[n - 1 - k], object->netns) != 0)
			k++;
		if (k == n && has_namespace(plan->from, object->netns) &&
		    has_namespace(plan->to, object->netns))
			*ARRAY_PUSH(*ret_netns, n) = object->netns;
	}
	return n;
}

static int settle_nodes(const struct lab *lab, struct settling *settling, const char *const *node,
			size_t n_node, struct cut_connections *cut, struct error *err)
{
	int r = 0;

	for (size_t i = 0; r >= 0 && i < n_node; i++) {
		uint64_t n;

		settling->node = node[i];
		r = netns_enter(node[i], err);
		if (r >= 0)
			r = conntrack_count(&n, err);
		if (r < 0 || n == 0)
			continue;
		if (!settling->after) {
			r = lab_committed_model(lab, &settling->model, err);
			if (r < 0)
				break;
			settling->before = explain_index_new(settling->model);
			settling->after = explain_index_new(lab->model);
		}
		r = settle_node(settling, cut, err);
	}
	return r;
}

int connections_settle(const struct lab *lab, const struct plan *plan, struct cut_connections *cut,
		       struct error *err)
{
	struct settling settling = { 0 };
	auto_free const char **node = NULL;
	size_t n_node;
	int r;

	if (!plan->from)
		return 0;
	n_node = changed_namespaces(plan, &node);
	r = settle_nodes(lab, &settling, node, n_node, cut, err);
	explain_index_free(settling.before);
	explain_index_free(settling.after);
	if (settling.model)
		model_free(settling.model);
	return r;
}
