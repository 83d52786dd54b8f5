/* SPDX-License-Identifier: GPL-3.0-only */
#pragma once

#include "cli/view/output.h"
#include "core/base/text.h"
#include "core/capture/capture.h"
#include "lab/model/model.h"

/*
 * A captured packet for people and for programs: addresses by the lab's names where it has some.
 * since: the time from which it is counted, nanoseconds of the wall clock.
 */
void packet_add_line(struct text *text, const struct model *model,
		     const struct capture_packet *packet, uint64_t since);
void packet_output(struct output *output, const struct model *model,
		   const struct capture_packet *packet, uint64_t since);
