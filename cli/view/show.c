/* SPDX-License-Identifier: GPL-3.0-only */
#include "cli/view/show.h"

#include <stdlib.h>
#include <string.h>

#include "cli/view/service_state.h"
#include "cli/view/show_resource.h"
#include "core/base/cleanup.h"
#include "core/base/memory.h"
#include "lab/model/cloud.h"
#include "lab/model/profile.h"
#include "lab/model/query.h"
#include "lab/model/system_route.h"
#include "lab/model/words.h"

static void put_system_route(struct output *output, const struct model *model, const char *name,
			     const struct route_table *table, struct prefix to)
{
	output_begin_object(output, NULL);
	output_string(output, "name", name);
	output_string(output, "table", table->resource.name);
	output_prefix(output, "to", to);
	output_string(output, "type", "System");
	output_null(output, "via");
	output_string(output, "status", model_cloud(model)->route_status);
	output_end(output);
}

/* only: that one; NULL: all. The entries of a table stand together: the system's, then its own. */
static void put_routes(struct output *output, const struct lab *lab, const char *only)
{
	const struct model *model = lab->model;

	model_each(model, NOUN_ROUTE_TABLE, const struct route_table, table) {
		struct system_route system;
		size_t cursor = 0;

		while (system_route_next(model, table->vpc, &cursor, &system)) {
			auto_free char *name = system_route_name(model, table, &system);

			if (system.vswitch && route_find(model, table, system.to))
				continue;
			if (!only || strcmp(only, name) == 0)
				put_system_route(output, model, name, table, system.to);
		}
		model_each(model, NOUN_ROUTE, const struct route, route) {
			if (route->table == table &&
			    (!only || strcmp(only, route->resource.name) == 0))
				put_resource(output, lab, &route->resource);
		}
	}
}

bool show_has(const struct model *model, enum noun noun, const char *name)
{
	if (!name)
		return model_count(model, noun == NOUN_ROUTE ? NOUN_VPC : noun) > 0;
	if (noun == NOUN_SERVICE) {
		model_each(model, noun, const struct service, service)
			if (strcmp(service->resource.name, name) == 0 ||
			    strcmp(service_own_name(service), name) == 0)
				return true;
		return false;
	}
	return (noun == NOUN_ROUTE && system_route_exists(model, name)) ||
	       model_find_noun(model, NOUNS(noun), name);
}

void show_noun(struct output *output, const char *key, const struct lab *lab, enum noun noun,
	       const char *name)
{
	output_begin_array(output, key);
	if (noun == NOUN_ROUTE) {
		put_routes(output, lab, name);
	} else {
		for (size_t i = 0; i < model_count(lab->model, noun); i++) {
			const struct resource *resource = model_get(lab->model, noun, i);
			bool own = noun == NOUN_SERVICE && name &&
				   strcmp(service_own_name((const struct service *)resource),
					  name) == 0;

			if (!name || own || strcmp(resource->name, name) == 0)
				put_resource(output, lab, resource);
		}
	}
	output_end(output);
}

static char *snake_case(const char *word)
{
	char *key = xstrdup(word);

	for (char *p = key; *p; p++)
		if (*p == '-')
			*p = '_';
	return key;
}

static const struct word *words_of(const struct model *model, const struct word *alibaba,
				   const struct word *aws)
{
	return model->provider == PROVIDER_AWS ? aws : alibaba;
}

void show_quotas(struct output *output, const struct model *model)
{
	const struct profile *base = model->profile->raised ? model->profile->raised
							    : model->profile;

	output_begin_array(output, NULL);
	for (const struct word *word = words_of(model, quota_words, aws_quota_words); word->word;
	     word++) {
		output_begin_object(output, NULL);
		output_string(output, "name", word->word);
		output_number(output, "number", profile_quota_of(model->profile, word->value));
		output_number(output, "default", profile_quota_of(base, word->value));
		output_end(output);
	}
	output_end(output);
}

void show_prices(struct output *output, const struct model *model)
{
	output_begin_array(output, NULL);
	for (const struct word *word = words_of(model, price_words, aws_price_words); word->word;
	     word++) {
		output_begin_object(output, NULL);
		output_string(output, "name", word->word);
		if (model->has_price[word->value])
			output_real(output, "amount",
				    (double)model->price[word->value] / PRICE_UNIT);
		else
			output_null(output, "amount");
		output_end(output);
	}
	output_end(output);
}

/* An array like the nouns', of one object. */
static void put_settings(struct output *output, const struct model *model)
{
	bool granted = !model->authorization_required || model->authorized;
	const struct profile *base = model->profile->raised;

	output_begin_array(output, "settings");
	output_begin_object(output, NULL);
	output_string(output, "provider", provider_word(model->provider));
	if (model->provider == PROVIDER_ALIBABA) {
		output_string(output, "profile", model->profile->name);
		output_string(output, "authorization", granted ? "granted" : "required");
	}
	for (const struct word *word = words_of(model, quota_words, aws_quota_words);
	     base && word->word; word++) {
		auto_free char *key = snake_case(word->word);

		if (profile_quota_of(model->profile, word->value) !=
		    profile_quota_of(base, word->value))
			output_number(output, key, profile_quota_of(model->profile, word->value));
	}
	output_end(output);
	output_end(output);
}

void show_lab(struct output *output, const struct lab *lab)
{
	output_begin_object(output, NULL);
	put_settings(output, lab->model);
	for (enum noun noun = 0; noun < NOUN_COUNT; noun++) {
		auto_free char *key = snake_case(model_noun_word(lab->model, noun));

		if (model_has_noun(lab->model, noun))
			show_noun(output, key, lab, noun, NULL);
	}
	output_end(output);
}

void show_add_meaning(struct text *text, const struct model *model, const struct resource *resource)
{
	char word[PREFIXES_TEXT_SIZE];
	const uint32_t address = resource_address(resource),
		       public = resource_public_address(resource);

	text_add(text, model_noun_title(model, resource->noun));
	if (resource->noun == NOUN_VPC)
		text_addf(text, " %s",
			  prefixes_format(&((const struct vpc *)resource)->cidr, word));
	else if (resource->noun == NOUN_VSWITCH)
		text_addf(text, " %s",
			  prefix_format(((const struct vswitch *)resource)->cidr, word));
	else if (address)
		text_addf(text, " %s", address_format(address, word));
	if (resource->noun == NOUN_SERVICE) {
		const struct service *service = (const struct service *)resource;

		text_addf(text, " on %s", service->node->name);
		if (service->port)
			text_addf(text, ", %s %u", protocol_word(service->protocol), service->port);
	}
	if (resource->noun == NOUN_VPC_PEERING) {
		const struct vpc_peering *peering = (const struct vpc_peering *)resource;

		if (peering->state == PEERING_FAILED)
			text_addf(text, ", failed, for %s and %s overlap",
				  peering->vpc->resource.name, peering->peer->resource.name);
	}
	if (public && public != address)
		text_addf(text, ", public %s", address_format(public, word));
}
