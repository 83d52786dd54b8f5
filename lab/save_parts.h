#pragma once

/* What writing a model as commands has in common for all providers. */
#include "core/text.h"
#include "lab/model.h"

/* Says one resource, if it has to be said at this point. */
typedef void (*save_fn)(struct text *text, const struct model *model, const void *resource);
void save_each(struct text *text, const struct model *model, enum noun noun, save_fn save);

/* " KEY VALUE" */
void save_address(struct text *text, const char *key, uint32_t address);
void save_prefix(struct text *text, const char *key, struct prefix prefix);
void save_ports(struct text *text, const char *key, uint16_t first, uint16_t last); /* key may be "" */

void save_internet_host(struct text *text, const struct model *model, const void *resource);
void save_service(struct text *text, const struct model *model, const void *resource);

/* save_aws.c: all of it */
void save_aws(struct text *text, const struct model *model);
