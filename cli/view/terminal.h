/* SPDX-License-Identifier: GPL-3.0-only */
#pragma once

#include <stdbool.h>
#include <sys/types.h>
#include <termios.h>

/* The terminal that standard input is, and how it is lent to the programs in nodes. */

/* Return the columns of the terminal that the descriptor is; 0: it is none. */
unsigned terminal_width(int fd);
/* The width to write for where there is no terminal. */
#define TERMINAL_WIDTH 80

/* Does the user's locale, by its name, show UTF-8? */
bool terminal_is_utf8(void);

struct terminal {
	bool there;  /* standard input is a terminal and belongs to us at the moment */
	pid_t group; /* the process group to which it belongs */
	struct termios modes;
};

/* Remember to whom it belongs, and its modes. */
void terminal_save(struct terminal *terminal);
/* Give it to a process group. */
void terminal_give(const struct terminal *terminal, pid_t group);
/* Give it back to whom it belonged; with `modes`, restore its modes as well. */
void terminal_restore(const struct terminal *terminal, bool modes);
