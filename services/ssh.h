/* SPDX-License-Identifier: GPL-3.0-only */
#pragma once

#include "services/service.h"

/*
 * The ssh server of the machine, if it has one, so that one can log in to a node; else a banner.
 * Not a kind of service of the language, but a program to start with `service start NODE exec name
 * ssh -- vpclab-service ssh --name NODE --port 22`.
 */
int ssh_run(const struct service *service);
