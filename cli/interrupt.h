#pragma once

#include <stdbool.h>
#include <sys/types.h>

#include "lab/lab.h"

/* What Ctrl-C and its kin do, which depends on what the program is at. */

/* The prompt: an interrupt is only noted, and job control is left to us. */
void interrupt_note_only(void);
/* Was there one since the last question? */
bool interrupt_seen(void);

/*
 * A lab that is to end with this process: SIGINT, SIGTERM, SIGHUP end the lab first, at once and completely, and then the
 * process, with status 130 (128 + n). The lab must outlive this; NULL: the default again.
 */
void interrupt_ends_lab(const struct lab *lab);

/*
 * While a child runs in front in our own process group: what the terminal sends has reached it already; what others send
 * to us (a supervisor's SIGTERM, kill) goes on to it. Ends with pid 0, when everything is as it was before.
 */
void interrupt_forward(pid_t child);
