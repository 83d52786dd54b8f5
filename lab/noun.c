/* What the nouns are called, with each provider. Declared in model.h. */
#include "lab/model.h"

struct noun_text {
	const char *word; /* NULL: the provider has no such noun */
	const char *title;
	const char *with_article;
	const char *malformed; /* the code for a name that is none */
};

static const struct noun_text texts[PROVIDER_COUNT][NOUN_COUNT] = {
	[PROVIDER_ALIBABA] = {
		/* cloud-semantics 12: Name.Malformed codes; where none is documented (ECS, ENI, table, EIP), that of the entries is
		   likeliest. */
		[NOUN_VPC] = { "vpc", "VPC", "a VPC", "InvalidVpcName.Malformed" },
		[NOUN_VSWITCH] = { "vswitch", "vSwitch", "a vSwitch", "InvalidVSwitchName.Malformed" },
		[NOUN_SECURITY_GROUP] = { "security-group", "security group", "a security group", "InvalidSecurityGroupName.Malformed" },
		[NOUN_ECS] = { "ecs", "ECS", "an ECS", "InvalidParameter.Name.Malformed" },
		[NOUN_ENI] = { "eni", "ENI", "an ENI", "InvalidParameter.Name.Malformed" },
		[NOUN_ROUTE_TABLE] = { "route-table", "route table", "a route table", "InvalidParameter.Name.Malformed" },
		[NOUN_ROUTE] = { "route", "route", "a route", "InvalidRouteEntryName.Malformed" },
		[NOUN_NAT_GATEWAY] = { "nat-gateway", "NAT gateway", "a NAT gateway", "InvalidNatGatewayName.MalFormed" },
		[NOUN_EIP] = { "eip", "EIP", "an EIP", "InvalidParameter.Name.Malformed" },
		[NOUN_SNAT] = { "snat", "SNAT entry", "an SNAT entry", "InvalidParameter.Name.Malformed" },
		[NOUN_DNAT] = { "dnat", "DNAT entry", "a DNAT entry", "InvalidParameter.Name.Malformed" },
		[NOUN_INTERNET_HOST] = { "internet-host", "internet host", "an internet host", "InvalidParameter.Name.Malformed" },
		[NOUN_ACL] = { "acl", "network ACL", "a network ACL", "InvalidParameter.Name.Malformed" },
		[NOUN_SERVICE] = { "service", "service", "a service", "InvalidParameter.Name.Malformed" },
	},
	[PROVIDER_AWS] = {
		/* Names are tags in EC2, which takes nearly any; InvalidParameterValue is its code for a value that it does not take. */
		[NOUN_VPC] = { "vpc", "VPC", "a VPC", "InvalidParameterValue" },
		[NOUN_VSWITCH] = { "subnet", "subnet", "a subnet", "InvalidParameterValue" },
		[NOUN_SECURITY_GROUP] = { "security-group", "security group", "a security group", "InvalidParameterValue" },
		[NOUN_ECS] = { "instance", "instance", "an instance", "InvalidParameterValue" },
		[NOUN_ENI] = { "eni", "ENI", "an ENI", "InvalidParameterValue" },
		[NOUN_ROUTE_TABLE] = { "route-table", "route table", "a route table", "InvalidParameterValue" },
		[NOUN_ROUTE] = { "route", "route", "a route", "InvalidParameterValue" },
		[NOUN_INTERNET_GATEWAY] = { "internet-gateway", "internet gateway", "an internet gateway", "InvalidParameterValue" },
		[NOUN_NAT_GATEWAY] = { "nat-gateway", "NAT gateway", "a NAT gateway", "InvalidParameterValue" },
		[NOUN_EIP] = { "eip", "EIP", "an EIP", "InvalidParameterValue" },
		[NOUN_INTERNET_HOST] = { "internet-host", "internet host", "an internet host", "InvalidParameterValue" },
		[NOUN_SERVICE] = { "service", "service", "a service", "InvalidParameterValue" },
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
	static const char *const words[] = { [PROVIDER_ALIBABA] = "alibaba", [PROVIDER_AWS] = "aws" };

	return words[provider];
}
