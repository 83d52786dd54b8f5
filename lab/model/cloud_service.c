/* SPDX-License-Identifier: GPL-3.0-only */
#include "lab/model/cloud_service.h"

#include <stdio.h>

/*
 * Of Alibaba's, groups let the metadata pass, and no page says so of the resolver. AWS has its
 * resolver also at the primary CIDR's base plus two.
 * cloud-semantics: sg-9, acl-6, dns-1, dns-5, dns-13, dns-14
 */
static const struct cloud_service services[PROVIDER_COUNT][CLOUD_SERVICES_MAX] = {
	[PROVIDER_ALIBABA] = { { 0x64640288, true, false },   /* 100.100.2.136 */
			       { 0x6464028a, true, false },   /* 100.100.2.138 */
			       { 0x646464c8, false, true } }, /* 100.100.100.200 */
	[PROVIDER_AWS] = { { 2, true, true },
			   { 0xa9fea9fd, true, true },    /* 169.254.169.253 */
			   { 0xa9fea9fe, false, true } }, /* 169.254.169.254 */
};

size_t cloud_services(const struct model *model, const struct vpc *vpc,
		      struct cloud_service ret_service[static CLOUD_SERVICES_MAX])
{
	for (size_t i = 0; i < CLOUD_SERVICES_MAX; i++) {
		ret_service[i] = services[model->provider][i];
		if (ret_service[i].ip == 2)
			ret_service[i].ip += vpc->cidr.item[0].address;
	}
	return CLOUD_SERVICES_MAX;
}

bool cloud_service_at(const struct model *model, const struct vpc *vpc, uint32_t ip,
		      struct cloud_service *ret_service)
{
	struct cloud_service service[CLOUD_SERVICES_MAX];
	size_t n = cloud_services(model, vpc, service);

	while (n > 0 && service[n - 1].ip != ip)
		n--;
	if (n > 0)
		*ret_service = service[n - 1];
	return n > 0;
}

bool cloud_service_takes(const struct cloud_service *service, enum protocol protocol, uint16_t port)
{
	return service->resolver ? port == RESOLVER_PORT &&
					   (protocol == PROTOCOL_TCP || protocol == PROTOCOL_UDP)
				 : port == METADATA_PORT && protocol == PROTOCOL_TCP;
}

bool host_private_name(const struct model *model, const struct vpc *vpc, uint32_t ip,
		       char name[static HOST_NAME_SIZE])
{
	snprintf(name, HOST_NAME_SIZE, "ip-%u-%u-%u-%u.ec2.internal", ip >> 24, ip >> 16 & 255,
		 ip >> 8 & 255, ip & 255);
	return model->provider == PROVIDER_AWS && vpc->dns_support;
}

bool host_public_name(const struct model *model, const struct vpc *vpc, uint32_t ip,
		      char name[static HOST_NAME_SIZE])
{
	snprintf(name, HOST_NAME_SIZE, "ec2-%u-%u-%u-%u.compute-1.amazonaws.com", ip >> 24,
		 ip >> 16 & 255, ip >> 8 & 255, ip & 255);
	return model->provider == PROVIDER_AWS && vpc->dns_support && vpc->dns_hostnames;
}
