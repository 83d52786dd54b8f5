/* SPDX-License-Identifier: GPL-3.0-only */
#pragma once

#include "lab/probe/probe.h"

/* Between probe.c and trace.c only, in a child inside the sandbox. */

/* Packets then go hop by hop in order, and a probe can tell when the network has settled. */
void probe_stay_on_this_processor(void);
/* Ctrl-C ends the wait for an answer, with -EINTR: nothing is half done. */
void probe_stop_when_interrupted(void);
/*
 * A few probes side by side. The thread is then in some other network namespace. after_each, if not
 * NULL: whenever the packet of a probe has been sent and has come as far as it can without a
 * program's help.
 */
typedef int probe_after_each(void *arg, struct error *err);
int probe_group(const struct model *model, struct probe *probe, size_t n,
		probe_after_each *after_each, void *arg, struct error *err);
