/* SPDX-License-Identifier: GPL-3.0-only */
#pragma once

#include <linux/filter.h>

#include "core/base/error.h"

enum { CAPTURE_LENGTH = 262144 }; /* bytes kept of a packet: all of any */

/*
 * Compile an expression of libpcap's language (pcap-filter(7); NULL: every packet) to a program
 * for a packet socket. It takes packets of Ethernet ports only, so never those of lo. Names of
 * hosts are looked up by the C library: inside a lab these are the lab's own. -EINVAL with
 * libpcap's own words: the expression is wrong; -ENOSYS: libpcap is not there. The caller frees
 * program.filter.
 */
int filter_compile(const char *expression, struct sock_fprog *ret_program, struct error *err);
