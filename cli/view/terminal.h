/* SPDX-License-Identifier: GPL-3.0-only */
#pragma once

#include <stdbool.h>
#include <sys/types.h>
#include <termios.h>

/* The terminal that standard input is, for lending it to the programs in nodes. */

/* Columns of the terminal that the descriptor is; 0: it is none. */
unsigned terminal_width(int fd);
/* What to write for where there is none. */
#define TERMINAL_WIDTH 80

/* Does the user's locale, by its name, show UTF-8? */
bool terminal_is_utf8(void);

struct terminal {
	bool there;  /* standard input is a terminal, and ours at the moment */
	pid_t group; /* who has it */
	struct termios modes;
};

/* Remembers who has it, and its modes. */
void terminal_save(struct terminal *terminal);
/* To a process group. */
void terminal_give(const struct terminal *terminal, pid_t group);
/* Back to who had it; modes: and with the modes it had. */
void terminal_restore(const struct terminal *terminal, bool modes);
