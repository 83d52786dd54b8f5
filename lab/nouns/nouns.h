/* SPDX-License-Identifier: GPL-3.0-only */
#pragma once

#include "lab/language/command.h"

/*
 * The nouns: what can be said about each, and every rule about it with its source. One file a noun;
 * its rows stand with its rules. Nothing here prints, and nothing knows of a kernel.
 */

/* The families of the cloud's nouns, for a whole table to name in its order. */
extern const struct command_family family_network, family_compute, family_security_group,
	family_acl, family_nat;
extern const struct command_family family_aws_network, family_aws_compute,
	family_aws_security_group, family_aws_gateways;
extern const struct command_family family_hosts, family_settings;

/* All of them, and nothing else: enough for what a journal says. */
extern const struct language nouns_language;
