/* SPDX-License-Identifier: GPL-3.0-only */
#pragma once

struct plan;

/* -v: an observer of lab.h. Says each change on standard error, in the words of ip and nft. */
void linux_show_changes(const struct plan *plan);
