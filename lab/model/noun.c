/* SPDX-License-Identifier: GPL-3.0-only */
/* What the nouns are called, with each provider. Declared in model.h. */
#include "lab/model/model.h"

struct noun_text {
	const char *word; /* NULL: the provider has no such noun */
	const char *title;
	const char *with_article;
	const char *malformed; /* the code for a name that is none */
	const char *not_found; /* the code for a name that no such resource has */
};

static const struct noun_text texts[PROVIDER_COUNT][NOUN_COUNT] = {
	[PROVIDER_ALIBABA] = {
		/* cloud-semantics 12: Name.Malformed codes; where none is documented (ECS, ENI, table, EIP), that of the entries is
		   likeliest. */
		[NOUN_VPC] = { "vpc", "VPC", "a VPC", "InvalidVpcName.Malformed", "InvalidVpcId.NotFound" },
		[NOUN_VSWITCH] = { "vswitch", "vSwitch", "a vSwitch", "InvalidVSwitchName.Malformed", "InvalidVSwitchId.NotFound" },
		[NOUN_SECURITY_GROUP] = { "security-group", "security group", "a security group", "InvalidSecurityGroupName.Malformed", "InvalidSecurityGroupId.NotFound" },
		[NOUN_ECS] = { "ecs", "ECS", "an ECS", "InvalidParameter.Name.Malformed", "InvalidInstanceId.NotFound" },
		[NOUN_ENI] = { "eni", "ENI", "an ENI", "InvalidParameter.Name.Malformed", "InvalidEniId.NotFound" },
		[NOUN_ROUTE_TABLE] = { "route-table", "route table", "a route table", "InvalidParameter.Name.Malformed", "InvalidRouteTableId.NotFound" },
		[NOUN_ROUTE] = { "route", "route", "a route", "InvalidRouteEntryName.Malformed", "InvalidRouteEntry.NotFound" },
		[NOUN_NAT_GATEWAY] = { "nat-gateway", "NAT gateway", "a NAT gateway", "InvalidNatGatewayName.MalFormed", "InvalidNatGatewayId.NotFound" },
		[NOUN_EIP] = { "eip", "EIP", "an EIP", "InvalidParameter.Name.Malformed", "InvalidAllocationId.NotFound" },
		[NOUN_SNAT] = { "snat", "SNAT entry", "an SNAT entry", "InvalidParameter.Name.Malformed", "InvalidSnatEntryId.NotFound" },
		[NOUN_DNAT] = { "dnat", "DNAT entry", "a DNAT entry", "InvalidParameter.Name.Malformed", "InvalidForwardEntryId.NotFound" },
		[NOUN_INTERNET_HOST] = { "internet-host", "internet host", "an internet host", "InvalidParameter.Name.Malformed", "InvalidInternetHost.NotFound" },
		[NOUN_ACL] = { "acl", "network ACL", "a network ACL", "InvalidParameter.Name.Malformed", "InvalidNetworkAcl.NotFound" },
		[NOUN_SERVICE] = { "service", "service", "a service", "InvalidParameter.Name.Malformed", "InvalidService.NotFound" },
	},
	[PROVIDER_AWS] = {
		/* Names are tags in EC2, which takes nearly any; InvalidParameterValue is its code for a value that it does not take. */
		[NOUN_VPC] = { "vpc", "VPC", "a VPC", "InvalidParameterValue", "InvalidVpcID.NotFound" },
		[NOUN_VSWITCH] = { "subnet", "subnet", "a subnet", "InvalidParameterValue", "InvalidSubnetID.NotFound" },
		[NOUN_SECURITY_GROUP] = { "security-group", "security group", "a security group", "InvalidParameterValue", "InvalidGroup.NotFound" },
		[NOUN_ECS] = { "instance", "instance", "an instance", "InvalidParameterValue", "InvalidInstanceID.NotFound" },
		[NOUN_ENI] = { "eni", "ENI", "an ENI", "InvalidParameterValue", "InvalidNetworkInterfaceID.NotFound" },
		[NOUN_ROUTE_TABLE] = { "route-table", "route table", "a route table", "InvalidParameterValue", "InvalidRouteTableID.NotFound" },
		[NOUN_ROUTE] = { "route", "route", "a route", "InvalidParameterValue", "InvalidRoute.NotFound" },
		[NOUN_INTERNET_GATEWAY] = { "internet-gateway", "internet gateway", "an internet gateway", "InvalidParameterValue", "InvalidInternetGatewayID.NotFound" },
		[NOUN_NAT_GATEWAY] = { "nat-gateway", "NAT gateway", "a NAT gateway", "InvalidParameterValue", "NatGatewayNotFound" },
		[NOUN_EIP] = { "eip", "EIP", "an EIP", "InvalidParameterValue", "InvalidAllocationID.NotFound" },
		[NOUN_INTERNET_HOST] = { "internet-host", "internet host", "an internet host", "InvalidParameterValue", "InvalidInternetHost.NotFound" },
		[NOUN_SERVICE] = { "service", "service", "a service", "InvalidParameterValue", "InvalidService.NotFound" },
	},
};

static const struct noun_text *text_of(enum provider provider, enum noun noun)
{
	for (unsigned other = 0; !texts[provider][noun].word && other < PROVIDER_COUNT; other++)
		if (texts[other][noun].word)
			return &texts[other][noun];
	return &texts[provider][noun];
}

const char *model_noun_word(const struct model *model, enum noun noun)
{
	return text_of(model->provider, noun)->word;
}

const char *model_noun_title(const struct model *model, enum noun noun)
{
	return text_of(model->provider, noun)->title;
}

const char *model_noun_a(const struct model *model, enum noun noun)
{
	return text_of(model->provider, noun)->with_article;
}

const char *model_malformed_name_code(const struct model *model, enum noun noun)
{
	return text_of(model->provider, noun)->malformed;
}

const char *model_not_found_code(const struct model *model, enum noun noun)
{
	return text_of(model->provider, noun)->not_found;
}

bool model_has_noun(const struct model *model, enum noun noun)
{
	return texts[model->provider][noun].word;
}

const char *noun_word(enum noun noun)
{
	return text_of(PROVIDER_ALIBABA, noun)->word;
}

const char *noun_title(enum noun noun)
{
	return text_of(PROVIDER_ALIBABA, noun)->title;
}

const char *noun_a(enum noun noun)
{
	return text_of(PROVIDER_ALIBABA, noun)->with_article;
}

const char *provider_word(enum provider provider)
{
	static const char *const words[] = {
		[PROVIDER_ALIBABA] = "alibaba", [PROVIDER_AWS] = "aws"
	};

	return words[provider];
}
