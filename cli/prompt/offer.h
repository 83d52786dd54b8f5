/* SPDX-License-Identifier: GPL-3.0-only */
#pragma once

#include "cli/prompt/complete.h"

/* What is offered so far at a cursor, and what that depends on. */
struct offers {
	const struct language *language;
	const struct model *model;
	const struct jobs *jobs;
	struct completion *item;
	size_t n;
	bool or_file;
	const char *beginning;
	size_t kept;  /* of the beginning: what stands before the last comma of a list */
	bool changes; /* only commands that change the lab may stand there */
	bool refused; /* what the cloud refuses may stand there, too */
};

/* If it begins as the word at the cursor does, and is not said already. */
void offer(struct offers *list, const char *word, const char *meaning);
void offer_resource(struct offers *list, const struct resource *resource);
void offer_nouns(struct offers *list, unsigned nouns);
void offer_nodes(struct offers *list);
void offer_dns(struct offers *list);
/* By its name on the node, or where no node was said, as NODE/NAME. */
void offer_services(struct offers *list, const char *node);
void offer_words(struct offers *list, const struct word *words, const char *meaning);
/* Those of the path, once their name is begun. */
void offer_programs(struct offers *list);
