/* SPDX-License-Identifier: GPL-3.0-only */
#pragma once

#include <libmnl/libmnl.h>

#include "core/guest/guest.h"

/* filter.c: one message each, chains and sets before elements, and these before rules. */
void guest_read_chain(struct guest *guest, const struct nlmsghdr *message);
void guest_read_set(struct guest *guest, const struct nlmsghdr *message);
void guest_read_elements(struct guest *guest, const struct nlmsghdr *message);
void guest_read_filter_rule(struct guest *guest, const struct nlmsghdr *message);
/* One user less. */
void guest_filter_free(struct guest_filter *filter);
