/* SPDX-License-Identifier: GPL-3.0-only */
#include "lab/model/words.h"

#include <stdbool.h>
#include <stddef.h>
#include <string.h>

#include "lab/model/model.h"

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
const struct word protocol_number_words[] = { { "1", PROTOCOL_ICMP },
					      { "2", 2 },
					      { "4", 4 },
					      { "6", PROTOCOL_TCP },
					      { "17", PROTOCOL_UDP },
					      { "41", 41 },
					      { "47", PROTOCOL_GRE },
					      { "50", 50 },
					      { "51", 51 },
					      { "89", 89 },
					      { "103", 103 },
					      { "112", 112 },
					      { "115", 115 },
					      { "132", 132 },
					      { 0 } };
const struct word aws_protocol_words[] = { { "tcp", PROTOCOL_TCP },
					   { "udp", PROTOCOL_UDP },
					   { "icmp", PROTOCOL_ICMP },
					   { "all", PROTOCOL_ALL },
					   { 0 } };
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
const struct word service_kind_words[] = { { "http", SERVICE_HTTP }, { "https", SERVICE_HTTPS },
					   { "ssh", SERVICE_SSH },   { "echo", SERVICE_ECHO },
					   { "exec", SERVICE_EXEC }, { 0 } };

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
