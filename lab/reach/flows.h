/* SPDX-License-Identifier: GPL-3.0-only */
#pragma once

#include "core/base/error.h"
#include "lab/explain/explain.h"
#include "lab/model/model.h"

/*
 * FROM -> TO [tcp PORTS | udp PORTS | icmp | any], where the ends and the ports are sets: one or
 * more terms, with commas between them. Without ports all of them are meant, without a protocol
 * every one that explain knows.
 */
enum term_kind {
	TERM_ANY,
	TERM_INTERNET, /* the internet hosts, and every public address that nobody in the lab has */
	TERM_RESOURCE, /* as sender: the hosts in it; as target: whatever leads to it or into it */
	TERM_RANGE,    /* an address, a CIDR, or FIRST-LAST */
};

struct term {
	enum term_kind kind;
	const struct resource *resource;
	struct interval address;
};

#define FLOWS_TERMS_MAX 64
struct flows {
	struct term from[FLOWS_TERMS_MAX], to[FLOWS_TERMS_MAX];
	size_t n_from, n_to;
	bool tcp, udp, icmp;
	bool no_strangers; /* only those who have a name */
	struct interval port[FLOWS_TERMS_MAX];
	size_t n_port;
};

struct flows_list {
	struct flows *flows;
	size_t n;
};
/* FLOWS[, FLOWS]...: a word that ends with a comma is the last of one. The caller frees the array.
 */
int flows_parse_list(const struct model *model, const char *const *word, size_t n_word,
		     struct flows_list *ret_list, struct error *err);

/* From words, as flow_parse() does, with the same names for the argument at fault. The model must
 * stay as it is for as long as the flows are used. */
int flows_parse(const struct model *model, const char *const *word, size_t n_word,
		struct flows *ret_flows, struct error *err);
