/* SPDX-License-Identifier: GPL-3.0-only */
#pragma once

#include "core/base/error.h"
#include "core/base/text.h"
#include "lab/live/lab.h"

/* What became of a service: read from the lab's own files,
 * /run/vpclab/service/<node>/<name>.{pid,log} in its sandbox. */

/* "web", not "ECS2/web". */
const char *service_own_name(const struct service *service);
/* "Running", "Exited", or "Pending" while the lab is not built yet. */
const char *service_state(const struct lab *lab, const struct service *service);
/* What it wrote so far. */
int service_read_log(const struct lab *lab, const struct service *service, struct text *ret_log,
		     struct error *err);
