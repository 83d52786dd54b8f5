/* SPDX-License-Identifier: GPL-3.0-only */
#include "lab/model/cloud.h"

#include <stddef.h>

#include "lab/model/words.h"

static const struct cloud clouds[PROVIDER_COUNT] = {
	[PROVIDER_ALIBABA] = {
		.word = "alibaba",
		.profile = &profile_2021,
		.bad_value = "InvalidParameter",
		.system_table = "system",
		.table_stem = "VTB",
		.acl_policies = policy_words,
		.group_type = GROUP_BASIC,
		/* The first and the last three are reserved; the router is the third-last.
		 * cloud-semantics: vpc-6, vpc-7, vpc-8 */
		.reserved_first = 1,
		.reserved_last = 3,
		.longest_mask = 29,
		.mtu = 1500,
		.gateway_mtu = 1500,
		.available = "Available",
		.in_use = "InUse",
		.running = "Running",
		.route_status = "Available",
		.system_type = "System",
		.vswitches = "vswitches",
		.peering_states = { "Activated" },
		.noun = {
		/*
		 * Where no code for a malformed name is documented (ECS, ENI, table, EIP), that of
		 * the entries is the likeliest.
		 * cloud-semantics: op-1, op-4, op-9, op-18, op-20, op-22
		 */
		[NOUN_VPC] = { "vpc", "VPC", "a VPC", "InvalidVpcName.Malformed", "InvalidVpcId.NotFound", NULL },
		[NOUN_VSWITCH] = { "vswitch", "vSwitch", "a vSwitch", "InvalidVSwitchName.Malformed", "InvalidVSwitchId.NotFound", NULL },
		[NOUN_PREFIX_LIST] = { "prefix-list", "prefix list", "a prefix list", "InvalidParameter.PrefixListName", "InvalidPrefixListId.NotFound", NULL },
		[NOUN_SECURITY_GROUP] = { "security-group", "security group", "a security group", "InvalidSecurityGroupName.Malformed", "InvalidSecurityGroupId.NotFound", NULL },
		[NOUN_ECS] = { "ecs", "ECS", "an ECS", "InvalidParameter.Name.Malformed", "InvalidInstanceId.NotFound", NULL },
		[NOUN_ENI] = { "eni", "ENI", "an ENI", "InvalidParameter.Name.Malformed", "InvalidEniId.NotFound", NULL },
		[NOUN_ROUTE_TABLE] = { "route-table", "route table", "a route table", "InvalidParameter.Name.Malformed", "InvalidRouteTableId.NotFound", NULL },
		[NOUN_ROUTE] = { "route", "route", "a route", "InvalidRouteEntryName.Malformed", "InvalidRouteEntry.NotFound", NULL },
		[NOUN_INTERNET_GATEWAY] = { "ipv4-gateway", "IPv4 gateway", "an IPv4 gateway", "InvalidParameter.Name.Malformed", "ResourceNotFound.Ipv4Gateway", NULL },
		[NOUN_VPC_PEERING] = { "vpc-peer-connection", "VPC peering connection", "a VPC peering connection", "InvalidParameter.Name.Malformed", "ResourceNotFound.InstanceId", NULL },
		[NOUN_TRANSIT_ROUTER] = { "transit-router", "transit router", "a transit router", "InvalidParameter.Name.Malformed", "InvalidTransitRouterId.NotFound", NULL },
		[NOUN_TRANSIT_TABLE] = { "transit-route-table", "route table of a transit router", "a route table of a transit router", "InvalidParameter.Name.Malformed", "InvalidTransitRouterRouteTableId.NotFound", NULL },
		[NOUN_TRANSIT_ATTACHMENT] = { "attachment", "attachment", "an attachment", "InvalidParameter.Name.Malformed", "InvalidTransitRouterAttachmentId.NotFound", NULL },
		[NOUN_TRANSIT_ROUTE] = { "transit-route", "route of a transit router", "a route of a transit router", "InvalidParameter.Name.Malformed", "InvalidTransitRouterRouteEntryId.NotFound", NULL },
		[NOUN_NAT_GATEWAY] = { "nat-gateway", "NAT gateway", "a NAT gateway", "InvalidNatGatewayName.MalFormed", "InvalidNatGatewayId.NotFound", NULL },
		/* The codes of CreateNatIp are not listed. */
		[NOUN_NAT_IP] = { "nat-ip", "NAT IP", "a NAT IP", "InvalidParameter.Name.Malformed", "ResourceNotFound.NatIp", NULL },
		[NOUN_EIP] = { "eip", "EIP", "an EIP", "InvalidParameter.Name.Malformed", "InvalidAllocationId.NotFound", NULL },
		[NOUN_SNAT] = { "snat", "SNAT entry", "an SNAT entry", "InvalidParameter.Name.Malformed", "InvalidSnatEntryId.NotFound", NULL },
		[NOUN_DNAT] = { "dnat", "DNAT entry", "a DNAT entry", "InvalidParameter.Name.Malformed", "InvalidForwardEntryId.NotFound", NULL },
		[NOUN_INTERNET_HOST] = { "internet-host", "internet host", "an internet host", "InvalidParameter.Name.Malformed", "InvalidInternetHost.NotFound", NULL },
		[NOUN_ACL] = { "acl", "network ACL", "a network ACL", "InvalidParameter.Name.Malformed", "InvalidNetworkAcl.NotFound", NULL },
		/* cloud-semantics: dns-15 */
		[NOUN_PRIVATE_ZONE] = { "private-zone", "private zone", "a private zone", "Zone.Invalid.Name", "Zone.NotExists", NULL },
		[NOUN_ZONE_RECORD] = { "zone-record", "record of a private zone", "a record of a private zone", "InvalidParameter.Name.Malformed", "Record.NotExists", NULL },
		[NOUN_LOAD_BALANCER] = { "load-balancer", "CLB instance", "a CLB instance", "InvalidParameter.Name.Malformed", "InvalidLoadBalancerId.NotFound", NULL },
		[NOUN_TARGET_GROUP] = { "vserver-group", "vServer group", "a vServer group", "InvalidParameter.Name.Malformed", "InvalidParameter.VServerGroupId.NotFound", NULL },
		[NOUN_LISTENER] = { "listener", "listener", "a listener", "InvalidParameter.Name.Malformed", "InvalidParameter.ListenerPort.NotFound", NULL },
		[NOUN_SERVICE] = { "service", "service", "a service", "InvalidParameter.Name.Malformed", "InvalidService.NotFound", NULL },
		},
	},
	[PROVIDER_AWS] = {
		.word = "aws",
		.profile = &profile_aws,
		.bad_value = "InvalidParameterValue",
		.system_table = "main",
		.default_acl = "default-acl",
		.acl_rest = "*",
		.acl_policies = aws_policy_words,
		.group_type = GROUP_EC2,
		.guest_has_secondary = true, /* cloud-semantics: eni-8 */
		.source_dest_check = true,
		.routes_stay = true,
		.routes_inside = true,
		.explicit_association = true,
		/* The first four (network, router, DNS, future use) and the last one are
		 * reserved. cloud-semantics: aws-4 */
		.reserved_first = 4,
		.reserved_last = 1,
		.router_is_first = true,
		.longest_mask = 28,
		.mtu = 9001,
		.gateway_mtu = 8500,
		.groups_see_too_big = true, /* cloud-semantics: mtu-6 */
		.gateway_has_eip = true,
		.internet_gateways = true,
		.acl_at_router = true,
		.gateway_beside_router = true,
		.table_stem = "RTB",
		.one_local_route = true,
		.peerings_wait = true, /* cloud-semantics: peer-21 */
		.available = "available",
		.in_use = "in-use",
		.running = "running",
		.route_status = "active",
		.system_type = "Main",
		.vswitches = "subnets",
		.peering_states = { "active", "pending-acceptance", "failed" },
		.noun = {
		/* Names are tags in EC2, which takes nearly any; InvalidParameterValue is its code for a value that it does not take. */
		[NOUN_VPC] = { "vpc", "VPC", "a VPC", "InvalidParameterValue", "InvalidVpcID.NotFound", NULL },
		[NOUN_VSWITCH] = { "subnet", "subnet", "a subnet", "InvalidParameterValue", "InvalidSubnetID.NotFound", NULL },
		[NOUN_PREFIX_LIST] = { "prefix-list", "prefix list", "a prefix list", "InvalidParameterValue", "InvalidPrefixListID.NotFound", NULL },
		[NOUN_SECURITY_GROUP] = { "security-group", "security group", "a security group", "InvalidParameterValue", "InvalidGroup.NotFound", "InvalidGroup.Duplicate" },
		[NOUN_ECS] = { "instance", "instance", "an instance", "InvalidParameterValue", "InvalidInstanceID.NotFound", NULL },
		[NOUN_ENI] = { "eni", "ENI", "an ENI", "InvalidParameterValue", "InvalidNetworkInterfaceID.NotFound", NULL },
		[NOUN_ROUTE_TABLE] = { "route-table", "route table", "a route table", "InvalidParameterValue", "InvalidRouteTableID.NotFound", NULL },
		[NOUN_ROUTE] = { "route", "route", "a route", "InvalidParameterValue", "InvalidRoute.NotFound", NULL },
		[NOUN_INTERNET_GATEWAY] = { "internet-gateway", "internet gateway", "an internet gateway", "InvalidParameterValue", "InvalidInternetGatewayID.NotFound", NULL },
		[NOUN_VPC_PEERING] = { "vpc-peering-connection", "VPC peering connection", "a VPC peering connection", "InvalidParameterValue", "InvalidVpcPeeringConnectionID.NotFound", NULL },
		[NOUN_VPC_ENDPOINT] = { "vpc-endpoint", "gateway endpoint", "a gateway endpoint", "InvalidParameterValue", "InvalidVpcEndpointId.NotFound", NULL },
		[NOUN_TRANSIT_ROUTER] = { "transit-gateway", "transit gateway", "a transit gateway", "InvalidParameterValue", "InvalidTransitGatewayID.NotFound", NULL },
		[NOUN_TRANSIT_TABLE] = { "transit-route-table", "route table of a transit gateway", "a route table of a transit gateway", "InvalidParameterValue", "InvalidRouteTableID.NotFound", NULL },
		[NOUN_TRANSIT_ATTACHMENT] = { "attachment", "attachment", "an attachment", "InvalidParameterValue", "InvalidTransitGatewayAttachmentID.NotFound", NULL },
		[NOUN_TRANSIT_ROUTE] = { "transit-route", "route of a transit gateway", "a route of a transit gateway", "InvalidParameterValue", "InvalidRoute.NotFound", NULL },
		[NOUN_NAT_GATEWAY] = { "nat-gateway", "NAT gateway", "a NAT gateway", "InvalidParameterValue", "NatGatewayNotFound", NULL },
		[NOUN_EIP] = { "eip", "EIP", "an EIP", "InvalidParameterValue", "InvalidAllocationID.NotFound", NULL },
		[NOUN_INTERNET_HOST] = { "internet-host", "internet host", "an internet host", "InvalidParameterValue", "InvalidInternetHost.NotFound", NULL },
		[NOUN_ACL] = { "network-acl", "network ACL", "a network ACL", "InvalidParameterValue", "InvalidNetworkAclID.NotFound", NULL },
		[NOUN_PRIVATE_ZONE] = { "hosted-zone", "hosted zone", "a hosted zone", "InvalidInput", "NoSuchHostedZone", NULL },
		[NOUN_ZONE_RECORD] = { "record-set", "record of a hosted zone", "a record of a hosted zone", "InvalidInput", "InvalidChangeBatch", NULL },
		[NOUN_LOAD_BALANCER] = { "load-balancer", "Network Load Balancer", "a Network Load Balancer", "ValidationError", "LoadBalancerNotFound", "DuplicateLoadBalancerName" },
		[NOUN_TARGET_GROUP] = { "target-group", "target group", "a target group", "ValidationError", "TargetGroupNotFound", "DuplicateTargetGroupName" },
		[NOUN_LISTENER] = { "listener", "listener", "a listener", "ValidationError", "ListenerNotFound", NULL },
		[NOUN_SERVICE] = { "service", "service", "a service", "InvalidParameterValue", "InvalidService.NotFound", NULL },
		},
	},
};

const struct cloud *cloud_of(enum provider provider)
{
	return &clouds[provider];
}

const struct noun_words *model_noun_words(const struct model *model, enum noun noun)
{
	const struct noun_words *words = &clouds[model->provider].noun[noun];

	for (unsigned other = 0; !words->word && other < PROVIDER_COUNT; other++)
		words = &clouds[other].noun[noun];
	return words;
}

const char *model_noun_word(const struct model *model, enum noun noun)
{
	return model_noun_words(model, noun)->word;
}

const char *model_noun_title(const struct model *model, enum noun noun)
{
	return model_noun_words(model, noun)->title;
}

const char *model_noun_a(const struct model *model, enum noun noun)
{
	return model_noun_words(model, noun)->with_article;
}

bool model_has_noun(const struct model *model, enum noun noun)
{
	return cloud_of(model->provider)->noun[noun].word;
}

const char *provider_word(enum provider provider)
{
	return clouds[provider].word;
}
