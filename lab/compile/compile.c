/* SPDX-License-Identifier: GPL-3.0-only */
#include "lab/compile/compile.h"

#include <string.h>

#include "lab/compile/internal.h"

static void compile_alibaba(const struct compiler *c)
{
	compile_public_addresses(c);
	for (size_t i = 0; i < model_count(c->model, NOUN_VPC); i++) {
		compile_vpc(c, model_get(c->model, NOUN_VPC, i));
		compile_public_gateway(c, model_get(c->model, NOUN_VPC, i));
	}
	for (size_t i = 0; i < model_count(c->model, NOUN_NAT_GATEWAY); i++)
		compile_nat_gateway(c, model_get(c->model, NOUN_NAT_GATEWAY, i));
}

static void compile_aws(const struct compiler *c)
{
	for (size_t i = 0; i < model_count(c->model, NOUN_VPC); i++)
		compile_aws_vpc(c, model_get(c->model, NOUN_VPC, i));
	for (size_t i = 0; i < model_count(c->model, NOUN_INTERNET_GATEWAY); i++)
		compile_aws_internet_gateway(c, model_get(c->model, NOUN_INTERNET_GATEWAY, i));
	for (size_t i = 0; i < model_count(c->model, NOUN_NAT_GATEWAY); i++)
		compile_aws_nat_gateway(c, model_get(c->model, NOUN_NAT_GATEWAY, i));
	for (size_t i = 0; i < model_count(c->model, NOUN_VSWITCH); i++)
		compile_aws_subnet(c, model_get(c->model, NOUN_VSWITCH, i));
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
	compile_cloud[model->provider](&c);
	for (size_t i = 0; i < model_count(model, NOUN_VSWITCH); i++) {
		compile_vswitch(&c, model_get(model, NOUN_VSWITCH, i));
		compile_security_groups(&c, model_get(model, NOUN_VSWITCH, i));
	}
	for (size_t i = 0; i < model_count(model, NOUN_VPC); i++)
		compile_acls(&c, model_get(model, NOUN_VPC, i));
	compile_guests(&c);
	wanted_sort(ret_wanted);
}
