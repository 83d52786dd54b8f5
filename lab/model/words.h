/* SPDX-License-Identifier: GPL-3.0-only */
#pragma once

/*
 * The words of an enum, in the order in which they are shown: what is typed, saved, shown, offered
 * and said to be possible. A NULL word ends a table.
 */
struct word {
	const char *word;
	int value;
};

extern const struct word switch_words[]; /* on, off: a bool */
extern const struct word direction_words[], policy_words[], aws_policy_words[], allow_words[];
/* Protocols by number. */
extern const struct word protocol_number_words[];
extern const struct word protocol_words[], aws_protocol_words[], dnat_protocol_words[],
	service_protocol_words[], flow_protocol_words[];
extern const struct word group_type_words[], inner_access_words[]; /* the latter: isolated? */
extern const struct word billing_words[];
extern const struct word record_type_words[], http_tokens_words[], http_endpoint_words[];
extern const struct word nat_type_words[], aws_nat_type_words[], nat_size_words[],
	bind_mode_words[], eip_mode_words[];
extern const struct word service_kind_words[];
extern const struct word price_words[], aws_price_words[];
extern const struct word quota_words[], aws_quota_words[]; /* their places in a profile */

const char *word_of(const struct word *words, int value);
/* NULL: it is none of them. */
const struct word *word_find(const struct word *words, const char *word);
