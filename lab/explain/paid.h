/* SPDX-License-Identifier: GPL-3.0-only */
#pragma once

#include "lab/explain/explain.h"

/*
 * AWS: where a flow that gets through pays for what it need not. A NAT gateway of another zone than
 * the sender's: what crosses is paid for; and a NAT gateway at all, on the way to S3 or DynamoDB.
 * cloud-semantics: end-1, end-3, end-11
 */
enum paid_kind { PAID_ZONE, PAID_SERVICE };
struct paid {
	enum paid_kind kind;
	const struct nat_gateway *gateway;
	const struct eni *sender;
	const struct route *route;         /* ZONE: that leads to the gateway */
	const struct nat_gateway *instead; /* ZONE: one of the sender's zone; NULL: there is none */
	const struct internet_host *service; /* SERVICE */
};
#define PAID_MAX 2

/* How many. */
size_t explain_paid(const struct model *model, const struct explanation *x,
		    struct paid ret_paid[static PAID_MAX]);
