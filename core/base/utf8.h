/* SPDX-License-Identifier: GPL-3.0-only */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* The length of the UTF-8 sequence at s, of which n bytes may be read; 0: none (overlong forms and
 * surrogates are none). */
size_t utf8_decode(const char *s, size_t n, uint32_t *ret_character);
/* C0, DEL and C1: what a terminal would obey. */
bool utf8_is_control(uint32_t character);
/* Columns on a terminal: 0 (combining), 1, or 2 (wide). Does not depend on the locale. */
unsigned utf8_width(uint32_t character);
