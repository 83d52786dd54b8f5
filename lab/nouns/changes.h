/* SPDX-License-Identifier: GPL-3.0-only */
#pragma once

/*
 * Everything that changes the model, a group a noun, as the command line has it. The rules (with
 * their sources) are in the .c file of the noun. Text arguments are names as the user typed them:
 * looking them up and refusing unknown ones is part of the rules. NULL or 0 means that the key was
 * not given. error.argument names the key at fault, in the words of the command ("vpc", "cidr",
 * "eip"; "" is the resource's own name).
 */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/base/error.h"
#include "lab/language/arguments.h"
#include "lab/model/model.h"

/* settings.c: all before the first resource */
int setting_provider(struct model *m,
		     const char *name /* alibaba, aws: what that one is changed by is in aws.h */,
		     struct error *err);
int setting_profile(struct model *m, const char *name /* 2021, today */, struct error *err);
int setting_authorization(struct model *m, const char *word /* required, granted */,
			  struct error *err);
int setting_authorize(struct model *m, const char *service /* nat-gateway */, struct error *err);

/* vpc.c */
int vpc_create(struct model *m, const char *name, const char *cidr, struct error *err);
int vpc_delete(struct model *m, const char *name, struct error *err);

/* vswitch.c */
int vswitch_create(struct model *m, const char *name, const char *vpc, const char *cidr,
		   const char *zone, struct error *err);
int vswitch_delete(struct model *m, const char *name, struct error *err);

/* ecs.c */
struct ecs_options {
	const char *vswitch;
	const char *ip;
	struct names security_groups;
	const char *public_ip;         /* "auto" or an address */
	const char *billing;           /* Alibaba */
	const char *source_dest_check; /* AWS: on, off; to be set only */
};
int ecs_create(struct model *m, const char *name, const struct ecs_options *options,
	       struct error *err);
int ecs_set(struct model *m, const char *name, const struct ecs_options *options,
	    struct error *err);
int ecs_convert_public_ip(struct model *m, const char *name, const char *eip, struct error *err);
int ecs_delete(struct model *m, const char *name, struct error *err);

/* eni.c */
int eni_create(struct model *m, const char *name, const char *vswitch, const char *ip,
	       struct names security_groups, struct error *err);
int eni_attach(struct model *m, const char *name, const char *ecs, struct error *err);
int eni_detach(struct model *m, const char *name, struct error *err);
int eni_set(struct model *m, const char *name, struct names security_groups,
	    const char *source_dest_check /* AWS */, struct error *err);
int eni_delete(struct model *m, const char *name, struct error *err);

/* What the rules of security groups and network ACLs are said with; all NULL that a noun does not
 * have. */
struct filter_rule_options {
	const char *number;    /* acl */
	const char *policy;    /* allow (acl: accept) or drop */
	const char *direction; /* in or out */
	const char *protocol;  /* tcp udp icmp gre all */
	const char *port;      /* "80", "8000-8010", NULL: all */
	const char *from;      /* with "in": CIDR, address or group (acl: no group) */
	const char *to;        /* with "out" */
	const char *priority;  /* security-group */
};

/* security_group.c */
int security_group_create(struct model *m, const char *name, const char *vpc, const char *type,
			  struct error *err);
int security_group_set(struct model *m, const char *name,
		       const char *inner_access /* accept|drop */, struct error *err);
int security_group_rule(struct model *m, const char *name,
			const struct filter_rule_options *options, struct error *err);
int security_group_revoke(struct model *m, const char *name, const char *rule_number,
			  struct error *err);
int security_group_delete(struct model *m, const char *name, struct error *err);

/* route_table.c */
int route_table_create(struct model *m, const char *name, const char *vpc, struct error *err);
int route_table_associate(struct model *m, const char *name, const char *vswitch,
			  struct error *err);
int route_table_disassociate(struct model *m, const char *name, const char *vswitch,
			     struct error *err);
int route_table_delete(struct model *m, const char *name, struct error *err);

/* route.c */
int route_create(struct model *m, const char *name, const char *table, const char *to,
		 const char *via_type, const char *via, struct error *err);
int route_delete(struct model *m, const char *name, struct error *err);

/* acl.c */
int acl_create(struct model *m, const char *name, const char *vpc, struct error *err);
int acl_add(struct model *m, const char *name, const struct filter_rule_options *options,
	    struct error *err);
int acl_remove(struct model *m, const char *name, const char *direction, const char *number,
	       struct error *err);
int acl_associate(struct model *m, const char *name, const char *vswitch, struct error *err);
int acl_disassociate(struct model *m, const char *name, const char *vswitch, struct error *err);
int acl_delete(struct model *m, const char *name, struct error *err);

/* nat_gateway.c */
struct nat_gateway_options {
	const char *vpc;
	const char *vswitch;
	const char *ip;
	const char *type;
	const char *size;
	const char *eip_bind_mode;
	const char *icmp_reply;
};
int nat_gateway_create(struct model *m, const char *name, const struct nat_gateway_options *options,
		       struct error *err);
int nat_gateway_set(struct model *m, const char *name, const char *size, const char *eip_bind_mode,
		    const char *icmp_reply, struct error *err);
int nat_gateway_delete(struct model *m, const char *name, bool force, struct error *err);

/* eip.c */
int eip_create(struct model *m, const char *name, const char *ip, struct error *err);
int eip_associate(struct model *m, const char *name, const char *type /* nat-gateway ecs eni */,
		  const char *resource, struct error *err);
int eip_disassociate(struct model *m, const char *name, bool force, struct error *err);
int eip_delete(struct model *m, const char *name, struct error *err);

/* snat.c */
int snat_create(struct model *m, const char *name, const char *nat_gateway, const char *source_type,
		const char *source, struct names eips, const char *affinity, struct error *err);
int snat_set(struct model *m, const char *name, struct names eips, const char *affinity,
	     struct error *err);
int snat_delete(struct model *m, const char *name, struct error *err);

/* dnat.c */
struct dnat_options {
	const char *nat_gateway;
	const char *eip;
	const char *protocol;
	const char *public_port;
	const char *to;
	const char *private_port;
	const char *port_break; /* on, off */
};
int dnat_create(struct model *m, const char *name, const struct dnat_options *options,
		struct error *err);
int dnat_set(struct model *m, const char *name,
	     const struct dnat_options *options /* nat_gateway NULL */, struct error *err);
int dnat_delete(struct model *m, const char *name, struct error *err);

/* internet_host.c */
int internet_host_create(struct model *m, const char *name, const char *ip, struct names dns,
			 struct error *err);
int internet_host_delete(struct model *m, const char *name, struct error *err);

/* service.c */
struct service_options {
	const char *kind; /* http https echo exec */
	const char *port;
	const char *protocol;
	const char *name;
	const char *const *argv; /* exec: NULL-terminated */
};
int service_start(struct model *m, const char *node, const struct service_options *options,
		  struct error *err);
int service_stop(struct model *m, const char *node, const char *name, struct error *err);
