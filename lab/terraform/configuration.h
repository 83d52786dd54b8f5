/* SPDX-License-Identifier: GPL-3.0-only */
#pragma once

#include <jansson.h>

#include "lab/terraform/table.h"

/*
 * A configuration that is being written. Bodies are kept as the JSON that Terraform reads as well,
 * with "${TYPE.LABEL.ATTRIBUTE}" for a reference; HCL is another way to print that.
 */
struct tf_block {
	size_t line, number;   /* of the lab: its place; and of those there the how manieth it is */
	bool by_label, by_vpc; /* it is filed: see fit.h */
	const char *type, *label; /* "data.TYPE": what is only looked up */
	json_t *body;
	struct tf_block
		*apart;     /* another that it refers to, of a type that the lab does not know */
	const char *unsaid; /* words of its line that Terraform has none for, or NULL */
};

struct tf_configuration {
	const struct tf_provider *provider;
	struct tf_block **block;
	size_t n_block;
	struct text unsaid; /* lines that no row has a word for, as comments */
};

/* HCL as `terraform fmt` leaves it, and .tf.json. The caller frees. */
char *tf_write_hcl(const struct tf_configuration *configuration);
char *tf_write_json(const struct tf_configuration *configuration);
