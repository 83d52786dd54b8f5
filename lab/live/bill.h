/* SPDX-License-Identifier: GPL-3.0-only */
#pragma once

#include <stdbool.h>

#include "lab/live/lab.h"

/*
 * What a lab would cost in the cloud: what is there by the hour, and what really passed, by the
 * counters of the kernel. A capacity unit of Alibaba's is the most of 1 GB in both directions and
 * 10,000 connections at once; new ones a second, which count as well, are not known.
 * cloud-semantics: end-9, end-11
 */
struct bill_line {
	const struct resource *resource; /* of the lab's model */
	enum price price;
	double quantity; /* hours, GB of 10^9 bytes, capacity units */
	bool known;      /* false: the kernel could not be asked */
	/* Private to bill.c: where the kernel counts it. */
	struct bill_source {
		const char *suffix; /* of the namespace, after the resource's name */
		char link[16];      /* "": the chain for what goes between zones */
		bool in, out;
		bool connections; /* those count, too */
	} source;
};

struct bill {
	struct bill_line *line;
	size_t n_line;
};

/* times: as if all traffic had run so many times. */
void bill_read(const struct lab *lab, unsigned hours, unsigned long times, struct bill *ret_bill);
void bill_free(struct bill *bill);
