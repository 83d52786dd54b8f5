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

static void batch_close(struct nft_batch **batch)
{
	nft_batch_free(*batch);
}

static bool needs_whole_table(const struct work *work, const struct target *target)
{
	if (work->tolerant)
		return true;
	for (size_t i = 0; i < target->n_step; i++)
		if (step_replaces_nft_table(target->step[i]))
			return true;
	return false;
}

/* Return the declaration of the set of an element. Neighbours mostly have the same one, which
 * *last remembers. */
static const struct nft_set *find_set(const struct wanted *wanted, const struct object *element,
				      const struct nft_set **last)
{
	size_t n;
	const struct object *sets;

	if (*last && strcmp((*last)->name, element->element.set) == 0)
		return *last;
	sets = wanted_range(wanted, OBJECT_NFT_SET, element->netns, &n);
	for (size_t i = 0; i < n; i++) {
		if (strcmp(sets[i].set.name, element->element.set) == 0) {
			*last = &sets[i].set;
			return *last;
		}
	}
	return NULL;
}

/* Is the table to be empty? */
static bool is_empty(const struct wanted *wanted, const char *netns)
{
	size_t n_set, n_chain;

	wanted_range(wanted, OBJECT_NFT_SET, netns, &n_set);
	wanted_range(wanted, OBJECT_NFT_CHAIN, netns, &n_chain);
	return n_set + n_chain == 0;
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
	for (size_t i = 0; i < n_element; i++)
		if (find_set(wanted, &element[i], &of))
			nft_batch_element_add(batch, of, &element[i].element);
}

/* What one change does, in this order: what is referred to has to be there. */
enum pass {
	ADD_SETS,
	ADD_CHAINS,
	DELETE_ELEMENTS,
	FLUSH_CHAINS,
	ADD_RULES,
	ADD_ELEMENTS,
	DELETE_SETS, /* before the chains that a map leads to */
	DELETE_CHAINS,
	PASSES
};

static void change(struct nft_batch *batch, const struct plan *plan, const struct step *step,
		   enum pass pass)
{
	static const enum object_kind kind[PASSES] = {
		OBJECT_NFT_SET,   OBJECT_NFT_CHAIN,   OBJECT_NFT_ELEMENT, OBJECT_NFT_CHAIN,
		OBJECT_NFT_CHAIN, OBJECT_NFT_ELEMENT, OBJECT_NFT_SET,     OBJECT_NFT_CHAIN,
	};
	const struct object *before = step->before, *after = step->after;
	const struct nft_set *set = NULL;

	if (step_object(step)->kind != kind[pass])
		return;
	if (pass == ADD_SETS && !before)
		nft_batch_set_add(batch, &after->set);
	else if (pass == ADD_CHAINS && !before)
		nft_batch_chain_add(batch, &after->chain);
	else if (pass == DELETE_ELEMENTS && before && find_set(plan->from, before, &set))
		nft_batch_element_delete(batch, set, &before->element);
	else if (pass == FLUSH_CHAINS && before)
		nft_batch_chain_flush(batch, &before->chain);
	else if (pass == ADD_RULES && after)
		nft_batch_rules_add(batch, &after->chain);
	else if (pass == ADD_ELEMENTS && after && find_set(plan->to, after, &set))
		nft_batch_element_add(batch, set, &after->element);
	else if (pass == DELETE_SETS && !after)
		nft_batch_set_delete(batch, &before->set);
	else if (pass == DELETE_CHAINS && !after)
		nft_batch_chain_delete(batch, &before->chain);
}

static void change_table(struct nft_batch *batch, const struct plan *plan,
			 const struct target *target)
{
	nft_batch_table_add(batch);
	for (enum pass pass = 0; pass < PASSES; pass++)
		for (size_t i = 0; i < target->n_step; i++)
			change(batch, plan, target->step[i], pass);
}

int apply_nft(const struct work *work, const struct target *target, struct error *err)
{
	struct nft_batch *batch __attribute__((cleanup(batch_close))) = nft_batch_new();
	bool empty = is_empty(work->plan->to, target->netns);
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
