/* SPDX-License-Identifier: GPL-3.0-only */
#pragma once

#include <stdbool.h>
#include <sys/types.h>

#include "lab/live/lab.h"

/* What Ctrl-C and its kin do, which depends on what the program is at. */

/* The prompt: an interrupt is only noted, and job control is left to us. */
void interrupt_note_only(void);
/* Was there one since the last question? */
bool interrupt_seen(void);

/*
 * While a command waits that has something to take away when it ends: SIGINT, SIGTERM and SIGHUP,
 * where they would end the program at once, only interrupt system calls. interrupt_caught() says
 * which one came, 0: none has; behind interrupt_catch_end() they do again what they did before.
 */
void interrupt_catch(void);
int interrupt_caught(void);
void interrupt_catch_end(void);

/*
 * A lab that is to end with this process: SIGINT, SIGTERM and SIGHUP end the lab at once and
 * completely. With a private lab the process ends, too, with status 130 (128 + n). A named lab has
 * a name to be taken away, which is no work for a signal handler: interrupt_ended() tells, whatever
 * waits for the lab fails by itself, and a second signal ends all. The lab must outlive this; NULL:
 * the default again.
 */
void interrupt_ends_lab(const struct lab *lab);
/* The exit status for the signal that ended the lab, 0: none has. */
int interrupt_ended(void);

/*
 * While a child runs in front in our own process group: what the terminal sends has reached it
 * already; what others send to us (a supervisor's SIGTERM, kill) goes on to it. interrupt_hold()
 * comes before the child is made, so that nothing is lost in between; then interrupt_forward() with
 * its pid; at last with 0, when everything is as it was before.
 */
void interrupt_hold(void);
void interrupt_forward(pid_t child);
