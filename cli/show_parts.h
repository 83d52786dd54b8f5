#pragma once

/* What the files that show nouns have in common. Each put_x() writes a value under a key of the object at hand. */
#include "cli/output.h"
#include "lab/lab.h"
#include "lab/model.h"

/* The name of a resource that may not be there. */
#define NAME(pointer) ((pointer) ? (pointer)->resource.name : NULL)

void put_address(struct output *output, const char *key, uint32_t address); /* 0: null */
void put_prefix(struct output *output, const char *key, struct prefix prefix);
void put_typed(struct output *output, const char *key, const char *type, const char *name); /* {"type","name"} */
void put_reference(struct output *output, const char *key, const struct model *model, const struct resource *resource);
void put_ports(struct output *output, const char *key, uint16_t first, uint16_t last);
void put_counter(struct output *output, const char *key, bool known, uint64_t value);
void put_groups(struct output *output, const struct eni *eni);
const char *put_protocol_word(enum protocol protocol, const char *all);

/* show_aws.c: the keys of an AWS resource. False: it is one of those that are the same with every provider. */
bool put_aws_resource(struct output *output, const struct lab *lab, const struct resource *resource);
