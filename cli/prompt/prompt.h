/* SPDX-License-Identifier: GPL-3.0-only */
#pragma once

#include "cli/session/session.h"

/*
 * The prompt: readline with history, completion from the command table, and job control.
 *
 *     prompt_open(session);
 *     while (prompt_next(session))
 *             ...                        a line was executed
 *     prompt_close();
 */
void prompt_open(struct session *session);
/* Read a line and execute it. False: Ctrl-D, or exit was asked for. */
bool prompt_next(struct session *session);
void prompt_close(void);
