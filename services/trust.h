/* SPDX-License-Identifier: GPL-3.0-only */
#pragma once

#include "services/service.h"

/*
 * Make every node of the lab trust the lab's certificate authority beside those that the machine
 * trusts: in the lab's file system tree, a bundle of all of them takes the place of the machine's.
 * The first service that needs it does it, with the directory of certificates locked, so a lab
 * without TLS pays nothing. -1: the reason has been told.
 */
int trust_authority(const struct server *service);
