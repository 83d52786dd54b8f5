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

static bool needs_whole_table(const struct work *work, const struct site *site)
{
	if (work->tolerant)
		return true;
	for (size_t i = 0; i < site->n_step; i++)
		if (step_replaces_nft_table(site->step[i]))
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

/* Visit the objects of one kind before the next kind, so that what is referred to is there. */
typedef void (*visit_fn)(struct nft_batch *batch, const struct work *work, const struct step *step);

static void visit(struct nft_batch *batch, const struct work *work, const struct site *site,
		  enum object_kind kind, visit_fn fn)
{
	for (size_t i = 0; i < site->n_step; i++)
		if (step_object(site->step[i])->kind == kind)
			fn(batch, work, site->step[i]);
}

static void set_add(struct nft_batch *batch, const struct work *work, const struct step *step)
{
	(void)work;
	if (step->action == STEP_ADD)
		nft_batch_set_add(batch, &step->after->set);
}

static void set_delete(struct nft_batch *batch, const struct work *work, const struct step *step)
{
	(void)work;
	if (step->action == STEP_DELETE)
		nft_batch_set_delete(batch, &step->before->set);
}

static void chain_add(struct nft_batch *batch, const struct work *work, const struct step *step)
{
	(void)work;
	if (step->action == STEP_ADD)
		nft_batch_chain_add(batch, &step->after->chain);
}

static void chain_flush(struct nft_batch *batch, const struct work *work, const struct step *step)
{
	(void)work;
	if (step->before)
		nft_batch_chain_flush(batch, &step->before->chain);
}

static void chain_fill(struct nft_batch *batch, const struct work *work, const struct step *step)
{
	(void)work;
	if (step->after)
		nft_batch_rules_add(batch, &step->after->chain);
}

static void chain_delete(struct nft_batch *batch, const struct work *work, const struct step *step)
{
	(void)work;
	if (step->action == STEP_DELETE)
		nft_batch_chain_delete(batch, &step->before->chain);
}

static void element_delete(struct nft_batch *batch, const struct work *work,
			   const struct step *step)
{
	const struct nft_set *last = NULL,
			     *set = step->before ? find_set(work->plan->from, step->before, &last)
						 : NULL;

	if (set)
		nft_batch_element_delete(batch, set, &step->before->element);
}

static void element_add(struct nft_batch *batch, const struct work *work, const struct step *step)
{
	const struct nft_set *last = NULL,
			     *set = step->after ? find_set(work->plan->to, step->after, &last)
						: NULL;

	if (set)
		nft_batch_element_add(batch, set, &step->after->element);
}

static void change_table(struct nft_batch *batch, const struct work *work, const struct site *site)
{
	nft_batch_table_add(batch);
	visit(batch, work, site, OBJECT_NFT_SET, set_add);
	visit(batch, work, site, OBJECT_NFT_CHAIN, chain_add);
	visit(batch, work, site, OBJECT_NFT_ELEMENT, element_delete);
	visit(batch, work, site, OBJECT_NFT_CHAIN, chain_flush);
	visit(batch, work, site, OBJECT_NFT_CHAIN, chain_fill);
	visit(batch, work, site, OBJECT_NFT_ELEMENT, element_add);
	visit(batch, work, site, OBJECT_NFT_SET,
	      set_delete); /* maps refer to chains, so they go first */
	visit(batch, work, site, OBJECT_NFT_CHAIN, chain_delete);
}

int apply_nft(const struct work *work, const struct site *site, struct error *err)
{
	struct nft_batch *batch __attribute__((cleanup(batch_close))) = nft_batch_new();
	bool empty = is_empty(work->plan->to, site->netns);
	bool whole = empty || needs_whole_table(work, site);
	auto_fd int fd = nft_socket_open(err);

	if (fd < 0)
		return fd;
	if (whole)
		remove_table(batch);
	else
		change_table(batch, work, site);
	if (whole && !empty)
		apply_nft_table(batch, work->plan->to, site->netns);
	return nft_batch_commit(batch, fd, err);
}
