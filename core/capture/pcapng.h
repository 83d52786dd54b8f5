/* SPDX-License-Identifier: GPL-3.0-only */
#pragma once

#include "core/base/text.h"
#include "core/capture/capture.h"

/*
 * The blocks of a pcapng file (draft-ietf-opsawg-pcapng) in the byte order of this machine, added
 * to a text. An interface goes by the number of its port, so ports are added in the order of their
 * numbers; its name is "NETNS:LINK".
 */
void pcapng_add_section(struct text *text, const char *program);
void pcapng_add_interface(struct text *text, const struct capture_port *port, const char *filter);
void pcapng_add_packet(struct text *text, const struct capture_packet *packet);
/* What came of an interface; dropped: for want of room in the kernel. */
void pcapng_add_statistics(struct text *text, const struct capture_port *port, uint64_t begin,
			   uint64_t end, uint64_t dropped);
