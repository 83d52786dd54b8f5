/* SPDX-License-Identifier: GPL-3.0-only */
#include "lab/nouns/nouns.h"

#include <stddef.h>

static const struct command_family *const families[] = {
	&family_network,
	&family_compute,
	&family_security_group,
	&family_acl,
	&family_nat,
	&family_aws_network,
	&family_aws_compute,
	&family_aws_security_group,
	&family_aws_gateways,
	&family_hosts,
	&family_settings,
	NULL,
};

const struct language nouns_language = { .family = families };
