#pragma once

#include "core/error.h"

/*
 * A world could not be made: adds to err, which says at what (without strerror()), why and, if this machine forbids it,
 * the command that allows it. r is the negative errno with which it failed. To be called outside: the limits that count
 * are those of the caller's namespaces.
 */
void world_explain_cause(int r, struct error *err);
