#pragma once

#include "core/wanted.h"
#include "lab/model.h"

/*
 * From the cloud's model to the wanted kernel state. Pure: no kernel, no privilege, no failure; ret_wanted is sorted.
 * The parts: compile_internet.c, compile_vpc.c (router, public-address gateway), compile_vswitch.c (ports),
 * compile_security_group.c, compile_nat_gateway.c, compile_node.c (guests: ECS, internet hosts, services, names).
 */
void compile(const struct model *model, struct wanted *ret_wanted);

/* The network namespace of the VPC's public-address gateway, "VPC1@public". */
#define PUBLIC_GATEWAY_SUFFIX "@public"

/* The chain for a set of groups: "in.SG1", or by ids "in/12/15" where there are several ('/' is in no name of a user's). */
const char *group_chain_name(struct arena *arena, enum direction direction, const struct eni *eni);
#define GROUP_BASE_CHAIN "forward" /* which leads to them; its first rule lets answers pass */
/* Those for a network ACL. */
#define ACL_CHAIN_IN  "acl.in"
#define ACL_CHAIN_OUT "acl.out"
/* The chain for a SNAT entry is named after it. */
#define SNAT_CHAIN_PREFIX "snat."

/* Chains of a NAT gateway whose counters count what it refused, see gateway_counters.h. */
#define SIZE_LIMIT_CHAIN "size_limit"
#define PORT_LIMIT_CHAIN "port_limit"

/*
 * What an object is a part of, as compile() writes it into object->origin: the resources by noun and name, "EIP EIP1, NAT
 * gateway NAT1". The internet and the file of names have one, too, that is no resource's.
 */
#define ORIGIN_INTERNET "the internet"
#define ORIGIN_NAMES    "the names of all nodes"
bool origin_has(const struct model *model, const char *origin, const struct resource *resource);

/* Interface names: the resource's own name where the kernel takes it (<= 15 characters, not "lo"), else shortened + ~id. */
#define LINK_NAME_SIZE 16
const char *link_name(const struct resource *resource, char name[static LINK_NAME_SIZE]);
