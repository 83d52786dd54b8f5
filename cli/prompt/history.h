/* SPDX-License-Identifier: GPL-3.0-only */
#pragma once

#include <stdbool.h>
#include <stddef.h>

/*
 * The prompt's history: in $XDG_STATE_HOME/vpclab/history (else ~/.local/state/vpclab/history), a
 * line at a time, so that nothing is lost when the prompt is killed, and several prompts can share
 * it. A file that cannot be written is said once, and the history is then kept in memory only.
 */
void history_open(void);
/* Not if it is blank or the same as the last one. */
void history_add(const char *line);
/* Oldest first; NULL behind the last. Borrowed. */
const char *history_line(size_t i);
