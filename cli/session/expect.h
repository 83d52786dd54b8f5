/* SPDX-License-Identifier: GPL-3.0-only */
#pragma once

#include "lab/language/command.h"

/* Probe what has queued up and report it, in the order it was written. Negative errno with err:
 * it could not be tried. */
int expect_flush(struct session *session, struct error *err);

/* The rows of the table. */
int expect_ok(struct session *session, const struct arguments *arguments, struct error *err);
int expect_fail(struct session *session, const struct arguments *arguments, struct error *err);
int expect_output(struct session *session, const struct arguments *arguments, struct error *err);
int expect_reachable(struct session *session, const struct arguments *arguments, struct error *err);
int expect_blocked(struct session *session, const struct arguments *arguments, struct error *err);
int expect_never(struct session *session, const struct arguments *arguments, struct error *err);
int expect_always(struct session *session, const struct arguments *arguments, struct error *err);
int expect_error(struct session *session, const struct arguments *arguments, struct error *err);
/* `expect within SECONDS EXPECTATION` and `expect eventually [within SECONDS] EXPECTATION`: the
 * rest of the line, with a time limit, or until it holds. */
int expect_timed(struct session *session, const struct arguments *arguments, struct error *err);
