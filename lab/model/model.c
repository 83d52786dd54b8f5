/* SPDX-License-Identifier: GPL-3.0-only */
#include "lab/model/model.h"

#include <stdlib.h>
#include <string.h>

#include "core/base/cleanup.h"
#include "core/base/hash.h"
#include "core/base/memory.h"
#include "core/base/nearest.h"
#include "core/base/text.h"
#include "lab/model/internal.h"
#include "lab/model/profile.h"

/* One name, lower case: a resource's own, NODE/NAME of a service, or a DNS name of an internet
 * host. */
struct name_index {
	UT_hash_handle hh;
	struct resource *resource;
	bool dns;
	char key[];
};

/* One address in use. */
struct holder {
	UT_hash_handle hh;
	uint64_t key;
	struct resource *resource;
};

/* ---- names ---- */

/* Lower case into a buffer; names that are too long for it are nobody's. */
#define KEY_SIZE (2 * RESOURCE_NAME_MAX + 2)

static bool name_key(const char *name, char key[static KEY_SIZE])
{
	size_t i;

	for (i = 0; name[i]; i++) {
		if (i == KEY_SIZE - 1)
			return false;
		key[i] = name[i] >= 'A' && name[i] <= 'Z' ? (char)(name[i] - 'A' + 'a') : name[i];
	}
	key[i] = '\0';
	return true;
}

static struct name_index *name_lookup(const struct model *model, const char *name)
{
	struct name_index *entry;
	char key[KEY_SIZE] = "";

	if (!name_key(name, key))
		return NULL;
	HASH_FIND_STR(model->names, key, entry);
	return entry;
}

static void name_add(struct model *model, const char *name, struct resource *resource, bool dns)
{
	struct name_index *entry;
	char key[KEY_SIZE] = "";

	if (!name_key(name, key))
		abort(); /* every name was checked before */
	entry = xalloc(sizeof(*entry) + strlen(key) + 1);
	memcpy(entry->key, key, strlen(key) + 1);
	entry->resource = resource;
	entry->dns = dns;
	HASH_ADD_STR(model->names, key, entry);
}

static void name_delete(struct model *model, const char *name)
{
	struct name_index *entry = name_lookup(model, name);

	if (!entry)
		return;
	HASH_DEL(model->names, entry);
	free(entry);
}

/* The name under which it is found: services are NODE/NAME. The caller frees. */
static char *full_name(const struct resource *resource)
{
	const struct service *service = (const struct service *)resource;

	if (resource->noun != NOUN_SERVICE)
		return xstrdup(resource->name);
	return xprintf("%s/%s", service->node->name, resource->name);
}

struct resource *model_find(const struct model *model, const char *name)
{
	const struct name_index *entry = name ? name_lookup(model, name) : NULL;
	const char *own_name;

	if (!entry || entry->dns)
		return NULL;
	/* A service's node may be written in any case: its name is found by the key alone. */
	own_name = entry->resource->name;
	if (entry->resource->noun != NOUN_SERVICE && strcmp(own_name, name) != 0)
		return NULL;
	return entry->resource;
}

struct resource *model_find_noun(const struct model *model, unsigned nouns, const char *name)
{
	struct resource *resource = model_find(model, name);

	return resource && (nouns & NOUNS(resource->noun)) ? resource : NULL;
}

struct resource *model_find_dns(const struct model *model, const char *dns)
{
	const struct name_index *entry = name_lookup(model, dns);

	return entry && entry->dns ? entry->resource : NULL;
}

struct resource *model_name_taken(const struct model *model, const char *name)
{
	const struct name_index *entry = name_lookup(model, name);

	return entry ? entry->resource : NULL;
}

void model_offer(const struct model *model, unsigned nouns, struct nearest *nearest)
{
	for (unsigned noun = 0; noun < NOUN_COUNT; noun++)
		for (size_t i = 0; (nouns & NOUNS(noun)) && i < model->list[noun].n_item; i++)
			nearest_offer(nearest, model->list[noun].item[i]->name);
}

static bool is_letter(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

bool model_is_name(const char *name)
{
	size_t i;

	if (!is_letter(name[0]))
		return false;
	for (i = 1; name[i]; i++)
		if (!is_letter(name[i]) && !(name[i] >= '0' && name[i] <= '9') &&
		    !strchr("._-", name[i]))
			return false;
	return i >= 2 && i <= RESOURCE_NAME_MAX;
}

/* ---- lists ---- */

struct model *model_new(void)
{
	struct model *model = xnew(struct model);

	model->next_id = 1;
	model->profile = &profile_2021;
	return model;
}

void model_touch(struct model *model)
{
	model->generation++;
}

void model_init_resource(struct model *model, struct resource *resource, enum noun noun,
			 const char *name)
{
	resource->noun = noun;
	resource->id = model->next_id++;
	resource->name = xstrdup(name);
}

void model_add(struct model *model, struct resource *resource, enum noun noun, const char *name)
{
	struct resource_list *list = &model->list[noun];
	auto_free char *key = NULL;

	model_init_resource(model, resource, noun, name);
	resource->place = (unsigned)list->n_item;
	*ARRAY_PUSH(list->item, list->n_item) = resource;
	key = full_name(resource);
	name_add(model, key, resource, false);
	model_touch(model);
}

void *model_make(struct model *model, enum noun noun, const void *wanted)
{
	size_t size = resource_size(noun);
	struct resource *resource = xalloc(size);
	const char *name = ((const struct resource *)wanted)->name;

	memcpy(resource, wanted, size);
	model_add(model, resource, noun, name);
	return resource;
}

void model_add_dns(struct model *model, struct resource *resource, const char *dns)
{
	struct internet_host *host = (struct internet_host *)resource;
	struct eip *eip = (struct eip *)resource;

	if (resource->noun == NOUN_EIP)
		*ARRAY_PUSH(eip->dns, eip->n_dns) = xstrdup(dns);
	else
		*ARRAY_PUSH(host->dns, host->n_dns) = xstrdup(dns);
	name_add(model, dns, resource, true);
}

/* Ids grow along a list, so its place is found by halving. */
static size_t list_place(const struct resource_list *list, unsigned id)
{
	size_t low = 0, high = list->n_item;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (list->item[middle]->id < id)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

struct resource *model_find_id(const struct model *model, unsigned id)
{
	for (enum noun noun = 0; noun < NOUN_COUNT; noun++) {
		const struct resource_list *list = &model->list[noun];
		const size_t place = list_place(list, id);

		if (place < list->n_item && list->item[place]->id == id)
			return list->item[place];
	}
	return NULL;
}

void model_remove(struct model *model, struct resource *resource)
{
	struct resource_list *list = &model->list[resource->noun];
	auto_free char *key = full_name(resource);
	size_t i = resource->place, n_dns;
	char *const *dns;

	name_delete(model, key);
	dns = resource_dns(resource, &n_dns);
	for (size_t k = 0; k < n_dns; k++)
		name_delete(model, dns[k]);
	ARRAY_REMOVE(list->item, list->n_item, i);
	for (; i < list->n_item; i++)
		list->item[i]->place = (unsigned)i;
	model_free_resource(resource);
	model_touch(model);
}

static int compare_ids(const void *a, const void *b)
{
	unsigned first = (*(struct resource *const *)a)->id;
	unsigned second = (*(struct resource *const *)b)->id;

	return (first > second) - (first < second);
}

void model_sort(struct model *model)
{
	for (unsigned noun = 0; noun < NOUN_COUNT; noun++) {
		struct resource_list *list = &model->list[noun];

		if (list->n_item)
			qsort(list->item, list->n_item, sizeof(*list->item), compare_ids);
		for (size_t i = 0; i < list->n_item; i++)
			list->item[i]->place = (unsigned)i;
	}
}

static void free_indexes(struct name_index *name, struct holder *holder)
{
	struct name_index *names = name;
	struct holder *holders = holder;

	/* This frees the tables only; the items stay linked with each other. */
	HASH_CLEAR(hh, names);
	HASH_CLEAR(hh, holders);
	while (name) {
		struct name_index *next = name->hh.next;

		free(name);
		name = next;
	}
	while (holder) {
		struct holder *next = holder->hh.next;

		free(holder);
		holder = next;
	}
}

void model_free(struct model *model)
{
	if (!model)
		return;
	free_indexes(model->names, model->holders);
	for (unsigned noun = 0; noun < NOUN_COUNT; noun++) {
		struct resource_list *list = &model->list[noun];

		for (size_t i = 0; i < list->n_item; i++)
			model_free_resource(list->item[i]);
		free(list->item);
	}
	free(model);
}

void model_copy_indexes(struct model *copy, const struct model *model,
			struct resource *const *by_id)
{
	copy->names = NULL;
	copy->holders = NULL;
	for (const struct name_index *name = model->names; name; name = name->hh.next)
		name_add(copy, name->key, by_id[name->resource->id], name->dns);
	for (const struct holder *other = model->holders; other; other = other->hh.next) {
		struct holder *holder = xnew(struct holder);

		holder->key = other->key;
		holder->resource = by_id[other->resource->id];
		HASH_ADD(hh, copy->holders, key, sizeof(holder->key), holder);
	}
}

size_t model_count(const struct model *model, enum noun noun)
{
	return model->list[noun].n_item;
}

void *model_get(const struct model *model, enum noun noun, size_t i)
{
	return i < model->list[noun].n_item ? model->list[noun].item[i] : NULL;
}

void *model_next(const struct model *model, const void *resource)
{
	const struct resource *before = resource;

	return model_get(model, before->noun, before->place + 1);
}

/* ---- addresses ---- */

/* A VPC's id is never 0, so 0 is free for the Internet. */
static uint64_t holder_key(const struct vpc *vpc, uint32_t ip)
{
	return (uint64_t)(vpc ? vpc->resource.id : 0) << 32 | ip;
}

static struct holder *holder_find(const struct model *model, const struct vpc *vpc, uint32_t ip)
{
	uint64_t key = holder_key(vpc, ip);
	struct holder *holder;

	HASH_FIND(hh, model->holders, &key, sizeof(key), holder);
	return holder;
}

struct resource *model_holder(const struct model *model, const struct vpc *vpc, uint32_t ip)
{
	const struct holder *holder = holder_find(model, vpc, ip);

	return holder ? holder->resource : NULL;
}

void model_hold(struct model *model, const struct vpc *vpc, uint32_t ip, struct resource *resource)
{
	struct holder *holder = holder_find(model, vpc, ip);

	if (holder) { /* it changes hands: a static public address becomes an EIP */
		holder->resource = resource;
		return;
	}
	holder = xnew(struct holder);
	holder->key = holder_key(vpc, ip);
	holder->resource = resource;
	HASH_ADD(hh, model->holders, key, sizeof(holder->key), holder);
}

void model_release(struct model *model, const struct vpc *vpc, uint32_t ip)
{
	struct holder *holder = holder_find(model, vpc, ip);

	if (!holder)
		return;
	HASH_DEL(model->holders, holder);
	free(holder);
}

struct eni *model_eni_by_ip(const struct model *model, const struct vpc *vpc, uint32_t ip)
{
	struct resource *holder = vpc ? model_holder(model, vpc, ip) : NULL;

	return holder && holder->noun == NOUN_ENI ? (struct eni *)holder : NULL;
}

struct eni *model_next_eni(const struct model *model, size_t *cursor)
{
	const struct resource_list *ecs = &model->list[NOUN_ECS], *eni = &model->list[NOUN_ENI];
	size_t i = (*cursor)++;

	if (i < ecs->n_item)
		return ((struct ecs *)ecs->item[i])->eni[0];
	i -= ecs->n_item;
	return i < eni->n_item ? (struct eni *)eni->item[i] : NULL;
}

bool model_next_address(const struct model *model, struct eni_address *address)
{
	if (address->eni)
		address->ip = eni_address(address->eni, ++address->cursor);
	if (!address->ip) {
		address->eni = model_next_eni(model, &address->eni_cursor);
		if (!address->eni)
			return false;
		address->cursor = 0;
		address->ip = address->eni->ip;
	}
	address->eip = eni_eip(address->eni, address->ip);
	address->public_ip = eni_public_ip_of(address->eni, address->ip);
	return true;
}

/* ---- nodes ---- */

bool model_is_node(const struct model *model, const char *name)
{
	return strcmp(name, "internet") == 0 || model_find_noun(model, NOUNS_NODE, name);
}

bool model_address(const struct model *model, const char *name, uint32_t *ret_address)
{
	static const char public[] = ".public";
	const size_t length = strlen(name), ending = sizeof(public) - 1;
	const struct resource *resource = model_find(model, name);
	uint32_t address = 0;

	if (!resource)
		resource = model_find_dns(model, name);
	if (resource) {
		address = resource_address(resource);
	} else if (length > ending && strcmp(name + length - ending, public) == 0) {
		auto_free char *host = xstrndup(name, length - ending);

		resource = model_find_noun(model, NOUNS_ADDRESSED, host);
		address = resource ? resource_public_address(resource) : 0;
	}
	if (address == 0)
		return false;
	*ret_address = address;
	return true;
}

const char *model_address_owner(const struct model *model, uint32_t address)
{
	uint32_t other;

	nouns_each(NOUNS_ADDRESSED, noun)
	{
		model_each(model, noun, const struct resource, resource) {
			if (model_address(model, resource->name, &other) && other == address)
				return resource->name;
			if (noun == NOUN_ECS &&
			    ((const struct ecs *)resource)->public_ip == address)
				return resource->name;
		}
	}
	return NULL;
}
