/* SPDX-License-Identifier: GPL-3.0-only */
#pragma once

#include "lab/model/model.h"

/*
 * The cloud's own services that a lab has: a resolver and the metadata of hosts. The router of each
 * VPC answers at their addresses, before any route and without a gateway, and no ACL filters them.
 * cloud-semantics: vpc-10, dns-1, dns-5, dns-9, dns-11
 */
struct cloud_service {
	uint32_t ip;
	bool resolver;    /* UDP and TCP 53; else the metadata, TCP 80 */
	bool past_groups; /* security groups do not filter it either */
};

enum { CLOUD_SERVICES_MAX = 3 };
enum { RESOLVER_PORT = 53, METADATA_PORT = 80 };

/* Those of a VPC, in ret_service; returns how many. */
size_t cloud_services(const struct model *model, const struct vpc *vpc,
		      struct cloud_service ret_service[static CLOUD_SERVICES_MAX]);
/* What a VPC has at the address. False: nothing. */
bool cloud_service_at(const struct model *model, const struct vpc *vpc, uint32_t ip,
		      struct cloud_service *ret_service);
/* Does it take such packets? */
bool cloud_service_takes(const struct cloud_service *service, enum protocol protocol,
			 uint16_t port);

/* AWS: the names in the DNS that a private and a public address of an instance have; those of
 * us-east-1, since a lab has no region. False: none. cloud-semantics: dns-6, dns-7 */
enum { HOST_NAME_SIZE = 64 };
bool host_private_name(const struct model *model, const struct vpc *vpc, uint32_t ip,
		       char name[static HOST_NAME_SIZE]);
bool host_public_name(const struct model *model, const struct vpc *vpc, uint32_t ip,
		      char name[static HOST_NAME_SIZE]);
