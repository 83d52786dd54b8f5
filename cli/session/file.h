/* SPDX-License-Identifier: GPL-3.0-only */
#pragma once

/* The text becomes what is in that file, or nothing has changed; a pipe or a terminal is written
 * to. Negative errno. */
int file_save(const char *path, const char *text);
