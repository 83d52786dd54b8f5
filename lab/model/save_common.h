/* SPDX-License-Identifier: GPL-3.0-only */
#pragma once

/* What writing a model as commands has in common for all providers. */
#include "core/base/text.h"
#include "lab/model/model.h"

/* Says one resource, if it has to be said at this point. */
typedef void (*save_fn)(struct text *text, const struct model *model, const void *resource);
void save_each(struct text *text, const struct model *model, enum noun noun, save_fn save);

/* " KEY VALUE" */
void save_address(struct text *text, const char *key, uint32_t address);
void save_prefix(struct text *text, const char *key, struct prefix prefix);

/* The nouns that all providers have, in the words of the model's. */
void save_vpc(struct text *text, const struct model *model, const void *resource);
void save_vswitch(struct text *text, const struct model *model, const void *resource);
void save_table(struct text *text, const struct model *model, const void *resource);
void save_table_of(struct text *text, const struct model *model,
		   const void *resource); /* of a vSwitch */
void save_groups(struct text *text, const struct model *model);
void save_ecs(struct text *text, const struct model *model, const void *resource);
void save_eni(struct text *text, const struct model *model, const void *resource);
void save_attachments(struct text *text, const struct model *model, const void *resource);
void save_eip(struct text *text, const struct model *model, const void *resource);
void save_gateway_eip(struct text *text, const struct model *model, const void *resource);
void save_instance_eip(struct text *text, const struct model *model, const void *resource);
void save_internet_host(struct text *text, const struct model *model, const void *resource);
void save_service(struct text *text, const struct model *model, const void *resource);

/* save_aws.c: all of it */
void save_aws(struct text *text, const struct model *model);
