/* SPDX-License-Identifier: GPL-3.0-only */
#include "lab/model/words.h"

#include <stdbool.h>
#include <stddef.h>
#include <string.h>

#include "lab/model/model.h"
#include "lab/model/profile.h"

const struct word switch_words[] = { { "on", true }, { "off", false }, { 0 } };
const struct word direction_words[] = { { "in", DIRECTION_IN }, { "out", DIRECTION_OUT }, { 0 } };
const struct word policy_words[] = { { "accept", POLICY_ACCEPT }, { "drop", POLICY_DROP }, { 0 } };
const struct word aws_policy_words[] = { { "allow", POLICY_ACCEPT },
					 { "deny", POLICY_DROP },
					 { 0 } };
const struct word allow_words[] = { { "allow", POLICY_ACCEPT }, { "drop", POLICY_DROP }, { 0 } };
const struct word protocol_words[] = { { "tcp", PROTOCOL_TCP },   { "udp", PROTOCOL_UDP },
				       { "icmp", PROTOCOL_ICMP }, { "gre", PROTOCOL_GRE },
				       { "all", PROTOCOL_ALL },   { 0 } };
/* From 1 on, for no packet of a host has 0. */
/* clang-format off */
#define NUMBER(n) { #n, n }
#define TEN(tens) NUMBER(tens##0), NUMBER(tens##1), NUMBER(tens##2), NUMBER(tens##3), NUMBER(tens##4), \
		  NUMBER(tens##5), NUMBER(tens##6), NUMBER(tens##7), NUMBER(tens##8), NUMBER(tens##9)
const struct word protocol_number_words[] = {
	NUMBER(1), NUMBER(2), NUMBER(3), NUMBER(4), NUMBER(5), NUMBER(6), NUMBER(7), NUMBER(8), NUMBER(9),
	TEN(1), TEN(2), TEN(3), TEN(4), TEN(5), TEN(6), TEN(7), TEN(8), TEN(9), TEN(10), TEN(11), TEN(12),
	TEN(13), TEN(14), TEN(15), TEN(16), TEN(17), TEN(18), TEN(19), TEN(20), TEN(21), TEN(22), TEN(23),
	TEN(24), NUMBER(250), NUMBER(251), NUMBER(252), NUMBER(253), NUMBER(254), NUMBER(255),
	{ "-1", PROTOCOL_ALL }, { 0 }
};
#undef NUMBER
#undef TEN
/* clang-format on */
const struct word aws_protocol_words[] = { { "tcp", PROTOCOL_TCP },   { "udp", PROTOCOL_UDP },
					   { "icmp", PROTOCOL_ICMP }, { "gre", PROTOCOL_GRE },
					   { "all", PROTOCOL_ALL },   { 0 } };
const struct word dnat_protocol_words[] = {
	{ "tcp", PROTOCOL_TCP }, { "udp", PROTOCOL_UDP }, { "any", PROTOCOL_ALL }, { 0 }
};
const struct word service_protocol_words[] = { { "tcp", PROTOCOL_TCP },
					       { "udp", PROTOCOL_UDP },
					       { 0 } };
const struct word flow_protocol_words[] = {
	{ "tcp", PROTOCOL_TCP }, { "udp", PROTOCOL_UDP }, { "icmp", PROTOCOL_ICMP }, { 0 }
};
const struct word group_type_words[] = { { "basic", GROUP_BASIC },
					 { "enterprise", GROUP_ENTERPRISE },
					 { 0 } };
const struct word inner_access_words[] = { { "accept", false }, { "drop", true }, { 0 } };
const struct word billing_words[] = { { "pay-as-you-go", BILLING_PAY_AS_YOU_GO },
				      { "subscription", BILLING_SUBSCRIPTION },
				      { 0 } };
const struct word nat_type_words[] = { { "enhanced", NAT_ENHANCED },
				       { "standard", NAT_STANDARD },
				       { "intranet", NAT_INTRANET },
				       { 0 } };
const struct word aws_nat_type_words[] = { { "public", NAT_PUBLIC },
					   { "private", NAT_PRIVATE },
					   { 0 } };
const struct word nat_size_words[] = {
	{ "small", NAT_SMALL },           { "medium", NAT_MEDIUM },
	{ "large", NAT_LARGE },           { "super-large-1", NAT_SUPER_LARGE_1 },
	{ "pay-by-usage", NAT_BY_USAGE }, { 0 }
};
const struct word bind_mode_words[] = { { "multi-binded", BIND_MULTI_BINDED },
					{ "nat", BIND_NAT },
					{ 0 } };
const struct word eip_mode_words[] = { { "nat", EIP_NAT }, { "binded", EIP_BINDED }, { 0 } };
const struct word http_tokens_words[] = { { "optional", false }, { "required", true }, { 0 } };
const struct word http_endpoint_words[] = { { "enabled", false }, { "disabled", true }, { 0 } };
const struct word record_type_words[] = { { "a", RECORD_A }, { "cname", RECORD_CNAME }, { 0 } };
const struct word service_kind_words[] = { { "http", SERVICE_HTTP }, { "https", SERVICE_HTTPS },
					   { "ssh", SERVICE_SSH },   { "echo", SERVICE_ECHO },
					   { "exec", SERVICE_EXEC }, { 0 } };

const struct word price_words[] = {
	{ "nat-gateway-hour", PRICE_GATEWAY_HOUR },   { "nat-gateway-cu", PRICE_GATEWAY_CU },
	{ "eip-hour", PRICE_ADDRESS_HOUR },           { "internet-gb", PRICE_INTERNET_GB },
	{ "attachment-hour", PRICE_ATTACHMENT_HOUR }, { "transit-router-gb", PRICE_TRANSIT_GB },
	{ "ecs-hour", PRICE_INSTANCE_HOUR },          { "load-balancer-hour", PRICE_BALANCER_HOUR },
	{ "load-balancer-gb", PRICE_BALANCER_GB },    { 0 }
};
const struct word aws_price_words[] = { { "nat-gateway-hour", PRICE_GATEWAY_HOUR },
					{ "nat-gateway-gb", PRICE_GATEWAY_GB },
					{ "public-ipv4-hour", PRICE_ADDRESS_HOUR },
					{ "internet-gb", PRICE_INTERNET_GB },
					{ "attachment-hour", PRICE_ATTACHMENT_HOUR },
					{ "transit-gateway-gb", PRICE_TRANSIT_GB },
					{ "zone-gb", PRICE_ZONE_GB },
					{ "instance-hour", PRICE_INSTANCE_HOUR },
					{ "load-balancer-hour", PRICE_BALANCER_HOUR },
					{ "load-balancer-gb", PRICE_BALANCER_GB },
					{ 0 } };
#define QUOTA(word_, member_)                                   \
	{                                                       \
		(word_), (int)offsetof(struct profile, member_) \
	}
const struct word quota_words[] = { QUOTA("vpcs", vpcs),
				    QUOTA("vswitches-per-vpc", vswitches_per_vpc),
				    QUOTA("route-tables-per-vpc", custom_tables_per_vpc),
				    QUOTA("routes-per-route-table", routes_per_table),
				    QUOTA("nat-gateways-per-vpc", enhanced_per_vpc),
				    QUOTA("standard-nat-gateways-per-vpc", standard_per_vpc),
				    QUOTA("eips", eips),
				    QUOTA("eips-per-nat-gateway", eips_per_gateway),
				    QUOTA("nat-ips-per-nat-gateway", nat_ips_per_gateway),
				    QUOTA("snat-entries-per-nat-gateway", snat_per_gateway),
				    QUOTA("dnat-entries-per-nat-gateway", dnat_per_gateway),
				    QUOTA("security-groups", security_groups),
				    QUOTA("rules-per-security-group", rules_per_group),
				    QUOTA("group-rules-per-security-group", group_rules_per_group),
				    QUOTA("addresses-per-basic-group", ips_per_basic_group),
				    QUOTA("addresses-per-enterprise-group",
					  ips_per_enterprise_group),
				    QUOTA("prefix-lists", prefix_lists),
				    QUOTA("entries-per-prefix-list", entries_per_prefix_list),
				    QUOTA("enis-per-ecs", enis_per_ecs),
				    QUOTA("security-groups-per-eni", groups_per_eni),
				    QUOTA("enis", enis),
				    QUOTA("secondary-ips-per-eni", secondary_per_eni),
				    QUOTA("acls-per-vpc", acls_per_vpc),
				    QUOTA("rules-per-acl", rules_per_acl),
				    { 0 } };
const struct word aws_quota_words[] = { QUOTA("vpcs", vpcs),
					QUOTA("subnets-per-vpc", vswitches_per_vpc),
					QUOTA("route-tables-per-vpc", custom_tables_per_vpc),
					QUOTA("routes-per-route-table", routes_per_table),
					QUOTA("nat-gateways-per-zone", gateways_per_zone),
					QUOTA("eips", eips),
					QUOTA("internet-gateways", internet_gateways),
					QUOTA("security-groups", security_groups),
					QUOTA("secondary-cidrs-per-vpc", secondary_cidrs_per_vpc),
					QUOTA("eips-per-nat-gateway", eips_per_gateway),
					QUOTA("rules-per-security-group", rules_per_group),
					QUOTA("prefix-lists", prefix_lists),
					QUOTA("entries-per-prefix-list", entries_per_prefix_list),
					QUOTA("enis-per-instance", enis_per_ecs),
					QUOTA("security-groups-per-eni", groups_per_eni),
					QUOTA("enis", enis),
					QUOTA("secondary-ips-per-eni", secondary_per_eni),
					QUOTA("network-acls-per-vpc", acls_per_vpc),
					QUOTA("rules-per-network-acl", rules_per_acl),
					{ 0 } };
#undef QUOTA

const char *word_of(const struct word *words, int value)
{
	while (words->word && words->value != value)
		words++;
	return words->word;
}

const struct word *word_find(const struct word *words, const char *word)
{
	while (words->word && strcmp(words->word, word) != 0)
		words++;
	return words->word ? words : NULL;
}
