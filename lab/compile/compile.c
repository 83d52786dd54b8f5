/* SPDX-License-Identifier: GPL-3.0-only */
#include "lab/compile/compile.h"

#include <string.h>

#include "lab/compile/internal.h"

static void compile_alibaba(const struct compiler *c)
{
	compile_public_addresses(c);
	model_each(c->model, NOUN_VPC, const struct vpc, vpc)
		if (!vpc_is_controlled(vpc))
			compile_public_gateway(c, vpc);
		else if (!vpc_gateway(vpc))
			compile_unreached_addresses(c, vpc);
	model_each(c->model, NOUN_INTERNET_GATEWAY, const struct internet_gateway, gateway)
		compile_internet_gateway(c, gateway);
	model_each(c->model, NOUN_EIP, const struct eip, eip)
		if (eip_is_cut_through(eip))
			compile_cut_through(c, eip);
	model_each(c->model, NOUN_NAT_GATEWAY, const struct nat_gateway, gateway)
		compile_nat_gateway(c, gateway);
}

static void compile_aws(const struct compiler *c)
{
	model_each(c->model, NOUN_VPC, const struct vpc, vpc)
		compile_aws_vpc(c, vpc);
	model_each(c->model, NOUN_INTERNET_GATEWAY, const struct internet_gateway, gateway)
		compile_internet_gateway(c, gateway);
	model_each(c->model, NOUN_NAT_GATEWAY, const struct nat_gateway, gateway)
		compile_aws_nat_gateway(c, gateway);
	model_each(c->model, NOUN_VSWITCH, const struct vswitch, vswitch)
		compile_aws_subnet(c, vswitch);
}

static void (*const compile_cloud[PROVIDER_COUNT])(const struct compiler *c) = {
	[PROVIDER_ALIBABA] = compile_alibaba,
	[PROVIDER_AWS] = compile_aws,
};

void compile(const struct model *model, struct wanted *ret_wanted)
{
	const struct compiler c = { .model = model, .wanted = ret_wanted };

	memset(ret_wanted, 0, sizeof(*ret_wanted));
	compile_internet(&c);
	model_each(model, NOUN_VPC, const struct vpc, vpc) {
		compile_vpc(&c, vpc);
		compile_cloud_services(&c, vpc);
	}
	model_each(model, NOUN_TRANSIT_ROUTER, const struct transit_router, router)
		compile_transit(&c, router);
	model_each(model, NOUN_LOAD_BALANCER, const struct load_balancer, balancer)
		compile_load_balancer(&c, balancer);
	compile_cloud[model->provider](&c);
	model_each(model, NOUN_VSWITCH, const struct vswitch, vswitch) {
		compile_vswitch(&c, vswitch);
		compile_security_groups(&c, vswitch);
		compile_answers_to_balancers(&c, vswitch);
	}
	model_each(model, NOUN_VPC, const struct vpc, vpc)
		compile_acls(&c, vpc);
	compile_guests(&c);
	wanted_sort(ret_wanted);
}
