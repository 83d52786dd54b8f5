/* SPDX-License-Identifier: GPL-3.0-only */
#pragma once

#include <stdbool.h>

/*
 * Which build of the program has last written a lab's kernel: a file beside the journal holds the
 * linker's digest of it. Another build may compile the same model to other objects, so its plans
 * begin at what the kernel holds, not at what it would have put there.
 */
bool builder_is_this_program(int directory);
/* Where that cannot be noted, the next change looks again. */
void builder_note_this_program(int directory);
