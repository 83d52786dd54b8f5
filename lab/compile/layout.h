/* SPDX-License-Identifier: GPL-3.0-only */
#pragma once

#include "core/base/memory.h"
#include "lab/model/model.h"

/*
 * What the compiler makes of a lab, as far as those have to know it who predict it (explain) or
 * recognize it (trace, show linux): addresses, names in the kernel and ports. The frame:
 *
 *     ECS -eth0- vSwitch -VPC- VPC router -NAT- NAT gateway -internet- internet -eth0- host
 *                                    \--- VPC@public (own public addresses) ---/
 *
 *     ECS -eth1- EIP -internet- internet   an ENI whose EIP is in cut-through mode
 *     VPC router -PCC- VPC router          a peering connection
 *     VPC router -ATT- TR -ATT- VPC router a transit router
 *     VPC router -VPCE- internet           a gateway endpoint
 *     VPC router -LB- load balancer
 *     VPC router -NAT- NAT gateway -translated- VPC router    an intranet one
 *
 * A link is named after what is behind it. The router nearer to the internet owns the veth object;
 * the peer is the node nearer to the guest. Nobody resolves neighbours (wanted.h), so a next hop
 * only has to name the link: NEXT_HOP is one address for all of them. 169.254.0.0/16 cannot be
 * inside any VPC.
 */
#define NEXT_HOP 0xA9FE0001u /* 169.254.0.1: the other end of any transit link */
/* 169.254.0.2: what a router calls itself that has no address of the user's. */
#define ROUTER_ADDRESS 0xA9FE0002u
/* 169.254.0.3: an internet gateway to the VPC's router, which takes nothing from its own address.
 */
#define INTERNET_GATEWAY_ADDRESS 0xA9FE0003u
/* The address that a NAT gateway calls itself by, and answers pings to an EIP with. A standard
 * one has no address in the VPC. cloud-semantics: nat-1, nat-15 */
uint32_t gateway_address(const struct nat_gateway *nat);
#define INTERNET_NETNS "internet"
#define INTERNET_LINK  "internet"
#define PUBLIC_LINK    "public" /* in a VPC router: to the public-address gateway */
/* In an intranet NAT gateway: back to the VPC's router, where it is "nat~NAT1". */
#define TRANSLATED_LINK "translated"

/* The network namespace of the VPC's public-address gateway, "VPC1@public". */
#define PUBLIC_GATEWAY_SUFFIX "@public"

/* The interface towards a resource: its own name where the kernel takes that (15 characters at
 * most, and not taken, like "lo" or "default"), else shortened + ~id; '~' is in no name. */
#define LINK_NAME_SIZE 16
const char *link_name(const struct resource *resource, char name[static LINK_NAME_SIZE]);
/* The guest's interface of an attached ENI: eth0, eth1, ... */
const char *eni_guest_link(const struct eni *eni, char name[static LINK_NAME_SIZE]);
/* Of the guest's default route by it: what does not say otherwise leaves by eth0.
 * cloud-semantics: eni-6 */
uint32_t eni_default_metric(const struct eni *eni);
/*
 * An interface that a route leads to, while attached, has a link of its own between VPC router and
 * vSwitch router, because on a plain link the VPC router could not say by which guest to go; what
 * comes out of it goes to that interface's port. "via~ECS3", at both ends; '~' is in no name.
 */
const char *translated_link(const struct nat_gateway *nat, char name[static LINK_NAME_SIZE]);
const char *next_hop_link(const struct eni *eni, char name[static LINK_NAME_SIZE]);

/* Chains of a NAT gateway whose counters count what it refused, see lab/live/usage.h. */
#define SIZE_LIMIT_CHAIN "size_limit"
#define PORT_LIMIT_CHAIN "port_limit"

/* AWS: of a VPC's router, what goes from one zone to another, see lab/live/bill.h. */
#define ZONES_CHAIN "zones"

#define INTERNET_MTU 1500

/* Of TCP, closed towards the internet. */
#define SMTP_PORT 25

/* To a load balancer's own loopback: what came of a health check, see load_balancer.c; and a
 * question that is answered when all have been made once more. */
enum { BALANCER_HEALTHY = 1, BALANCER_UNHEALTHY = 2, BALANCER_CHECK = 3 };
/* cloud-semantics: lb-3 */
#define BALANCER_IDLE 350
/* Where the health checks come from: on Alibaba Cloud a service of the cloud's own.
 * cloud-semantics: lb-5 */
uint32_t balancer_check_address(const struct model *model, const struct load_balancer *balancer);

/* SNAT gives source ports from there on; one that is among them stays.
 * cloud-semantics: nat-11, aws-5 */
enum { NAT_PORT_FIRST = 1025, AWS_NAT_PORT_FIRST = 1024 };
