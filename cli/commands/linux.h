/* SPDX-License-Identifier: GPL-3.0-only */
#pragma once

struct cut_connections;
struct findings;
struct plan;

/* -v: an observer of lab.h. Says each change on standard error, in the words of ip and nft. */
void linux_show_changes(const struct plan *plan);
/* The same of what the change did to open connections. */
void linux_show_cut(const struct cut_connections *cut);
/* Without being asked: what was put right in a lab that another vpclab had made. */
void linux_show_adoption(const struct findings *findings);
