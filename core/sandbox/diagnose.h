/* SPDX-License-Identifier: GPL-3.0-only */
#pragma once

#include "core/base/error.h"

/*
 * A sandbox could not be made: adds to err, which says at what (without strerror()), why and, if
 * this machine forbids it, the command that allows it. r is the negative errno with which it
 * failed. To be called outside: the limits that count are those of the caller's namespaces.
 */
void sandbox_explain_cause(int r, struct error *err);
