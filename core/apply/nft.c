/* SPDX-License-Identifier: GPL-3.0-only */
#include "core/apply/internal.h"

#include <string.h>

#include "core/apply/apply.h"
#include "core/base/cleanup.h"
#include "core/nftables/message.h"

/*
 * Only what changes goes to the kernel: an entry more in a gateway with hundreds is one element. In
 * two cases the whole table is replaced, still in one transaction: if nobody knows what is there,
 * and if something changes to which the rest refers.
 */

static bool needs_whole_table(const struct work *work, const struct target *target)
{
	if (work->tolerant)
		return true;
	for (size_t i = 0; i < target->n_step; i++)
		if (step_replaces_nft_table(target->step[i]))
			return true;
	return false;
}

static void remove_table(struct nft_batch *batch)
{
	nft_batch_table_add(batch); /* so that there is a table to delete */
	nft_batch_table_delete(batch);
}

void apply_nft_table(struct nft_batch *batch, const struct wanted *wanted, const char *netns)
{
	size_t n_set, n_chain, n_element;
	const struct object *set = wanted_range(wanted, OBJECT_NFT_SET, netns, &n_set);
	const struct object *chain = wanted_range(wanted, OBJECT_NFT_CHAIN, netns, &n_chain);
	const struct object *element = wanted_range(wanted, OBJECT_NFT_ELEMENT, netns, &n_element);
	const struct nft_set *of = NULL;

	nft_batch_table_add(batch);
	for (size_t i = 0; i < n_set; i++)
		nft_batch_set_add(batch, &set[i].set);
	for (size_t i = 0; i < n_chain; i++)
		nft_batch_chain_add(batch, &chain[i].chain);
	for (size_t i = 0; i < n_chain; i++)
		nft_batch_rules_add(batch, &chain[i].chain);
	for (size_t i = 0; i < n_element; i++) {
		if (!of || strcmp(of->name, element[i].element.set) != 0)
			of = wanted_set_of(wanted, &element[i]);
		if (of)
			nft_batch_element_add(batch, of, &element[i].element);
	}
}

static void change(struct nft_batch *batch, const struct plan *plan, const struct step *step,
		   enum nft_pass pass)
{
	const struct object *before = step->before, *after = step->after;
	const struct nft_set *set;

	switch (pass) {
	case NFT_ADD_SETS:
		nft_batch_set_add(batch, &after->set);
		break;
	case NFT_ADD_CHAINS:
		nft_batch_chain_add(batch, &after->chain);
		break;
	case NFT_DELETE_ELEMENTS:
		if ((set = wanted_set_of(plan->from, before)))
			nft_batch_element_delete(batch, set, &before->element);
		break;
	case NFT_FLUSH_CHAINS:
		nft_batch_chain_flush(batch, &before->chain);
		break;
	case NFT_ADD_RULES:
		nft_batch_rules_add(batch, &after->chain);
		break;
	case NFT_ADD_ELEMENTS:
		if ((set = wanted_set_of(plan->to, after)))
			nft_batch_element_add(batch, set, &after->element);
		break;
	case NFT_DELETE_SETS:
		nft_batch_set_delete(batch, &before->set);
		break;
	case NFT_DELETE_CHAINS:
		nft_batch_chain_delete(batch, &before->chain);
		break;
	case NFT_PASSES:
		break;
	}
}

static void change_table(struct nft_batch *batch, const struct plan *plan,
			 const struct target *target)
{
	nft_batch_table_add(batch);
	for (enum nft_pass pass = 0; pass < NFT_PASSES; pass++)
		for (size_t i = 0; i < target->n_step; i++)
			if (step_is_in_pass(target->step[i], pass))
				change(batch, plan, target->step[i], pass);
}

int apply_nft(const struct work *work, const struct target *target, struct error *err)
{
	auto_batch *batch = nft_batch_new();
	bool empty = !wanted_has_table(work->plan->to, target->netns);
	bool whole = empty || needs_whole_table(work, target);
	auto_fd int fd = nft_socket_open(err);

	if (fd < 0)
		return fd;
	if (whole)
		remove_table(batch);
	else
		change_table(batch, work->plan, target);
	if (whole && !empty)
		apply_nft_table(batch, work->plan->to, target->netns);
	return nft_batch_commit(batch, fd, err);
}
