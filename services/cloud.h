/* SPDX-License-Identifier: GPL-3.0-only */
#pragma once

#include <microhttpd.h>

#include "services/service.h"

/*
 * The cloud's own services in the router of a VPC. vpclab starts the program when somebody asks for
 * the first time, with its sockets open from descriptor 4 on: UDP and TCP 53 are the resolver's,
 * TCP 80 the metadata's. What they answer is in files that vpclab keeps.
 */
#define CLOUD_DIRECTORY "/run/vpclab/cloud"

enum metadata_style { METADATA_ALIBABA, METADATA_AWS };

/* Serve the metadata of the VPC's hosts on a listening socket, in a thread of its own. NULL: it
 * cannot, and errno says why. */
struct MHD_Daemon *metadata_start(const char *vpc, enum metadata_style style, int fd);
