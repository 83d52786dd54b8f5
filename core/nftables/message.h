/* SPDX-License-Identifier: GPL-3.0-only */
#pragma once

#include <stdint.h>

struct error;
struct nftnl_rule;
struct nftnl_set;
struct nft_set;
struct nft_chain;
struct nft_element;

/*
 * nft descriptions (nft.h) as kernel messages: one batch is one transaction for one network
 * namespace. Calls only gather messages, in the order in which the kernel shall see them;
 * everything is copied. nft_batch_commit() sends them.
 */
struct nft_batch;

struct nft_batch *nft_batch_new(void); /* for our own table */
struct nft_batch *nft_batch_new_for(uint8_t family, const char *table);
void nft_batch_free(struct nft_batch *batch);

static inline void cleanup_batch(struct nft_batch **batch)
{
	nft_batch_free(*batch);
}
#define auto_batch __attribute__((cleanup(cleanup_batch))) struct nft_batch

#define NFT_TABLE_ATTRIBUTE 1 /* in the messages about tables, sets, elements, chains and rules */

void nft_batch_table_add(struct nft_batch *batch);    /* it may be there already */
void nft_batch_table_own(struct nft_batch *batch);    /* it goes when the socket is closed */
void nft_batch_table_delete(struct nft_batch *batch); /* it has to be there: add, then delete it */

/* It is an error to add what is there, and to delete what is not there or is still referred to. */
void nft_batch_set_add(struct nft_batch *batch, const struct nft_set *set);
void nft_batch_set_delete(struct nft_batch *batch, const struct nft_set *set);
void nft_batch_chain_add(struct nft_batch *batch,
			 const struct nft_chain *chain); /* without its rules */
void nft_batch_chain_flush(struct nft_batch *batch, const struct nft_chain *chain);
void nft_batch_chain_delete(struct nft_batch *batch, const struct nft_chain *chain);
void nft_batch_rules_add(struct nft_batch *batch,
			 const struct nft_chain *chain); /* all rules, at the end of the chain */

/* Neighbouring calls for one set share a message, so keep the elements of a set together. */
void nft_batch_element_add(struct nft_batch *batch, const struct nft_set *set,
			   const struct nft_element *element);
void nft_batch_element_delete(struct nft_batch *batch, const struct nft_set *set,
			      const struct nft_element *element);

/* What no description of ours can say: a set or rule of libnftnl's, without its table, and of a
 * rule without its chain, both of which are freed. Return the set's number in the transaction. */
uint32_t nft_batch_set_built(struct nft_batch *batch, struct nftnl_set *set, const char *noun,
			     const char *name);
void nft_batch_rule_built(struct nft_batch *batch, const char *chain, struct nftnl_rule *rule);

/*
 * Send the batch on a socket of nft_socket_open() and read every answer. It takes effect as a whole
 * or not at all, with one exception: a transaction has to fit into the socket's send buffer, which
 * net.core.wmem_max limits (208 KiB where nobody raised it, and the kernel allows twice that). A
 * larger one goes as several transactions, in order, split between messages; when a later one
 * fails, the earlier ones stay. The error is the first one, with its object ("cannot add rule 3 of
 * chain forward") and the kernel's reason. The batch can be committed again, in another namespace
 * for instance.
 */
int nft_batch_commit(struct nft_batch *batch, int fd, struct error *err);

/* Open a NETLINK_NETFILTER socket in the network namespace of the calling thread. */
int nft_socket_open(struct error *err);
