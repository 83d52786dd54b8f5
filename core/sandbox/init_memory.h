/* SPDX-License-Identifier: GPL-3.0-only */
#pragma once

/*
 * Gives all memory back but what a loop of plain system calls needs: a keeper is forked from a
 * program of any size and would hold a copy of all of it for as long as the lab lives. Afterwards
 * only syscall() may be called, which has to have been called before (lazy binding needs memory
 * that is gone).
 */
void keeper_shed_memory(void);
