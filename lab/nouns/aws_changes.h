/* SPDX-License-Identifier: GPL-3.0-only */
#pragma once

/*
 * What changes an AWS model, a group a noun: commands.h for `provider aws`. security-group,
 * internet-host and service are the same there. The codes are those of EC2's list of errors (Amazon
 * EC2 API Reference, "Error codes"); where the list does not say which of them a rule gives, the
 * likeliest is taken and marked. Names and NULLs as in commands.h.
 *
 * The structs are those of the model: a subnet is a struct vswitch, an instance a struct ecs,
 * VPC1/main the system table.
 */
#include "lab/nouns/changes.h"

/* aws_vpc.c */
int aws_vpc_create(struct model *m, const char *name, const char *cidr, struct error *err);
int aws_vpc_delete(struct model *m, const char *name, struct error *err);

/* aws_internet_gateway.c */
int aws_internet_gateway_create(struct model *m, const char *name, struct error *err);
int aws_internet_gateway_attach(struct model *m, const char *name, const char *vpc,
				struct error *err);
int aws_internet_gateway_detach(struct model *m, const char *name, struct error *err);
int aws_internet_gateway_delete(struct model *m, const char *name, struct error *err);

/* aws_route_table.c */
int aws_route_table_create(struct model *m, const char *name, const char *vpc, struct error *err);
int aws_route_table_associate(struct model *m, const char *name, const char *subnet,
			      struct error *err);
int aws_route_table_disassociate(struct model *m, const char *name, const char *subnet,
				 struct error *err);
int aws_route_table_delete(struct model *m, const char *name, struct error *err);

/*
 * aws_route.c. via_type is internet-gateway, nat-gateway, instance or eni. Or blackhole: then via
 * is TYPE/NAME, a next hop that was deleted; only a saved lab says so.
 */
int aws_route_create(struct model *m, const char *name, const char *table, const char *to,
		     const char *via_type, const char *via, struct error *err);
/* aws_nat_gateway.c */
struct aws_nat_gateway_options {
	const char *subnet;
	const char *eip;
	const char *type; /* public private */
	const char *ip;
	const char *idle_timeout; /* the lab's own: 350 seconds are long for a test */
};
int aws_nat_gateway_create(struct model *m, const char *name,
			   const struct aws_nat_gateway_options *options, struct error *err);
int aws_nat_gateway_delete(struct model *m, const char *name, struct error *err);

/* aws_eip.c */
int aws_eip_associate(struct model *m, const char *name, const char *type /* instance eni */,
		      const char *resource, struct error *err);
int aws_eip_disassociate(struct model *m, const char *name, struct error *err);
