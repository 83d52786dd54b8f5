/* SPDX-License-Identifier: GPL-3.0-only */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "core/base/error.h"
#include "lab/explain/flow.h"
#include "lab/live/lab.h"

enum probe_verdict {
	PROBE_REACHED,
	PROBE_REFUSED,
	PROBE_TIMED_OUT,
	PROBE_UNREACHABLE /* an ICMP error came back */
};

struct probe {
	struct flow flow;
	double within;        /* seconds it may take; 0: the default */
	bool expect_blocked;  /* picks the default: PROBE_WITHIN_BLOCKED instead of PROBE_WITHIN */
	uint16_t source_port; /* to send from, a ping's id; 0: whatever is free */
	/* results */
	enum probe_verdict verdict;
	double seconds;   /* until the answer (or until it was given up) */
	uint32_t seen_as; /* the source address as the packet arrived at the far end; 0: it was not
			     seen there */
};

#define PROBE_WITHIN         3.0
#define PROBE_WITHIN_BLOCKED 1.0

/*
 * Tries all of them side by side with real packets: a TCP connection (answered by SYN-ACK; a
 * refusal is tried again until the time is up unless expect_blocked), a UDP datagram that wants an
 * answer, an ICMP echo. A TCP or ICMP probe that expects to be blocked is decided as soon as the
 * network has settled. Always ends within the longest `within`; -EINTR where the terminal's Ctrl-C
 * came before.
 */
int probe_run(struct lab *lab, struct probe *probe, size_t n_probe, struct error *err);

/* ---- for those who are in a child inside the sandbox, as trace is ---- */

/* Keep packets and programs in order, so that a probe can tell when the network has settled. */
void probe_stay_on_this_processor(void);
/* Let Ctrl-C end the wait for an answer, with -EINTR: nothing is half done. */
void probe_stop_when_interrupted(void);
/*
 * Send a few probes side by side. The thread is then in another network namespace. after_each, if
 * not NULL, is called whenever the packet of a probe has come as far as it can without a program's
 * help.
 */
typedef int probe_after_each(void *arg, struct error *err);
int probe_group(const struct model *model, struct probe *probe, size_t n,
		probe_after_each *after_each, void *arg, struct error *err);
