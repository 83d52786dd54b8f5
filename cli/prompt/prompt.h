/* SPDX-License-Identifier: GPL-3.0-only */
#pragma once

#include "cli/session/session.h"

/*
 * The prompt: readline with history, completion from the command table, and job control. Ends with
 * Ctrl-D or exit; the lab is the caller's to close. Returns the exit status.
 */
int prompt_run(struct session *session);
