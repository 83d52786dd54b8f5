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
/* Add a line, unless it is blank or the same as the last one. */
void history_add(const char *line);
/* Return the i-th line, the oldest first, or NULL behind the last. It is borrowed. */
const char *history_line(size_t i);
