/* SPDX-License-Identifier: GPL-3.0-only */
#pragma once

#include "services/service.h"

/*
 * Makes every node of the lab trust the lab's certificate authority besides those that the machine
 * trusts: within the lab's file system tree, a bundle of all of them takes the place of the
 * machine's. Done by the first that needs it, so a lab without TLS pays nothing; the second finds
 * it done. -1: it told who waits for the service why.
 */
int trust_authority(const struct service *service);
