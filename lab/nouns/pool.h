/* SPDX-License-Identifier: GPL-3.0-only */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "core/base/error.h"
#include "lab/model/model.h"

/*
 * Which addresses may be had. Choosing is not taking: a choose function names the address (the one
 * that is wanted, or with 0 the lowest free one) or refuses; the noun takes it with
 * model_hold() once all its rules have said yes. Always the lowest free one: the same commands give
 * the same addresses.
 */

/* In a vSwitch. full_code is the code for "no address left". error.argument is "ip". */
int pool_choose_private(struct model *model, struct vswitch *vswitch, uint32_t wanted,
			const char *full_code, uint32_t *ret_ip, struct error *err);
/* For EIPs and static public addresses: 203.0.113.0/24, then 198.18.0.0/15; any public unicast
 * address by name. */
int pool_choose_public(struct model *model, uint32_t wanted, const char *argument, uint32_t *ret_ip,
		       struct error *err);
/* For internet hosts: 198.51.100.0/24; any public unicast address by name. */
int pool_choose_internet(struct model *model, uint32_t wanted, uint32_t *ret_ip, struct error *err);

void pool_release_private(struct model *model, struct vswitch *vswitch, uint32_t ip);
void pool_release_public(struct model *model, uint32_t ip);
