/* SPDX-License-Identifier: GPL-3.0-only */
#include "cli/prompt/offer.h"

#include <dirent.h>
#include <stdlib.h>
#include <string.h>

#include "cli/view/show.h"
#include "core/base/address.h"
#include "core/base/cleanup.h"
#include "core/base/memory.h"
#include "core/base/text.h"

/* Is it one of the parts of the list that stand before the one at the cursor? */
static bool is_said(const struct offers *list, const char *word)
{
	const size_t length = strlen(word);

	for (const char *s = list->beginning; s < list->beginning + list->kept; s++) {
		const size_t part = strcspn(s, ",");

		if (part == length && strncmp(s, word, length) == 0)
			return true;
		s += part;
	}
	return false;
}

void offer(struct offers *list, const char *word, const char *meaning)
{
	const char *typed = list->beginning + list->kept;

	if (strncmp(word, typed, strlen(typed)) != 0 || is_said(list, word))
		return;
	*ARRAY_PUSH(list->item, list->n) = (struct completion){
		.word = xprintf("%.*s%s", (int)list->kept, list->beginning, word),
		.meaning = xstrdup(meaning),
	};
}

void offer_resource(struct offers *list, const struct resource *resource)
{
	auto_text meaning = { 0 };

	show_add_meaning(&meaning, list->model, resource);
	offer(list, resource->name, meaning.s);
}

void offer_nouns(struct offers *list, unsigned nouns)
{
	const struct model *model = list->model;

	for (unsigned noun = 0; model && noun < NOUN_COUNT; noun++)
		for (size_t i = 0; (nouns & 1u << noun) && i < model_count(model, (enum noun)noun);
		     i++)
			offer_resource(list, model_get(model, (enum noun)noun, i));
}

void offer_nodes(struct offers *list)
{
	offer(list, "internet", "node");
	offer_nouns(list, NOUNS_NODE);
}

/* NAME.public, where that is another address than the name's own. */
static void offer_public(struct offers *list)
{
	nouns_each(NOUNS_ADDRESSED, noun)
	{
		model_each(list->model, noun, const struct resource, resource) {
			const uint32_t address = resource_public_address(resource);
			auto_free char *name = xprintf("%s.public", resource->name);
			char text[ADDRESS_TEXT_SIZE];

			if (address && address != resource_address(resource))
				offer(list, name, address_format(address, text));
		}
	}
}

void offer_dns(struct offers *list)
{
	static const enum noun nouns[] = { NOUN_INTERNET_HOST, NOUN_EIP };

	for (size_t k = 0; list->model && k < ARRAY_SIZE(nouns); k++) {
		for (size_t i = 0; i < model_count(list->model, nouns[k]); i++) {
			const struct resource *resource = model_get(list->model, nouns[k], i);
			size_t n;
			char *const *dns = resource_dns(resource, &n);

			while (n-- > 0)
				offer(list, dns[n], resource->name);
		}
	}
	if (list->model)
		offer_public(list);
}

void offer_services(struct offers *list, const char *node)
{
	const struct model *model = list->model;

	for (size_t i = 0; model && i < model_count(model, NOUN_SERVICE); i++) {
		const struct service *service = model_get(model, NOUN_SERVICE, i);
		auto_text full = { 0 };

		if (node && strcmp(service->node->name, node) != 0)
			continue;
		text_addf(&full, "%s%s%s", node ? "" : service->node->name, node ? "" : "/",
			  service->resource.name);
		offer(list, full.s, model_noun_title(model, NOUN_SERVICE));
	}
}

void offer_words(struct offers *list, const struct word *words, const char *meaning)
{
	for (; words->word; words++)
		offer(list, words->word, meaning);
}

void offer_programs(struct offers *list)
{
	const char *path = getenv("PATH");
	auto_free char *folders = xstrdup(path ? path : "/usr/bin:/bin");
	char *rest = folders;

	if (!list->beginning[list->kept])
		return;
	for (const char *folder; (folder = strsep(&rest, ":"));) {
		auto_dir DIR *directory = opendir(folder);
		const struct dirent *entry;

		while (directory && (entry = readdir(directory)))
			if (entry->d_name[0] != '.')
				offer(list, entry->d_name, "program");
	}
}
