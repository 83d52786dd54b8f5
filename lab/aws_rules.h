#pragma once

/* What the files of AWS nouns do for each other, beside what rules.h has for both providers. */
#include "lab/aws.h"
#include "lab/rules.h"

/* Resources by name, with EC2's code where there is none. argument: NULL for the resource that the command is about. */
int aws_find_vpc(const struct model *m, const char *name, const char *argument, struct vpc **ret, struct error *err);
int aws_find_subnet(const struct model *m, const char *name, const char *argument, struct vswitch **ret, struct error *err);
int aws_find_instance(const struct model *m, const char *name, const char *argument, struct ecs **ret, struct error *err);
int aws_find_eni(const struct model *m, const char *name, const char *argument, struct eni **ret, struct error *err);
int aws_find_route_table(const struct model *m, const char *name, const char *argument, struct route_table **ret,
			 struct error *err);
int aws_find_eip(const struct model *m, const char *name, const char *argument, struct eip **ret, struct error *err);

/* DependencyViolation: it still has that user; the hint is the verb for it. */
int aws_refuse_used(const struct model *m, const struct resource *resource, const struct resource *user, const char *verb,
		    struct error *err);

/* aws_eni.c */
struct eni *aws_eni_make(struct model *m, struct eni_request *request, const char *name, bool primary);
int aws_eni_change(struct model *m, struct eni *eni, struct names groups, const char *source_dest_check, struct error *err);

/* aws_route.c: its routes stay, as blackholes. */
void aws_lose_routes(struct model *m, const struct resource *via);
/* All routes of a table go with it. */
void aws_remove_routes(struct model *m, const struct route_table *table);

/* aws_eip.c: a public address that only works by way of the VPC's internet gateway; NULL: there is none. */
const struct resource *aws_public_address_in(const struct model *m, const struct vpc *vpc);
