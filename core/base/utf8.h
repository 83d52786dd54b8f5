/* SPDX-License-Identifier: GPL-3.0-only */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Return the length of the UTF-8 sequence at s, of which n bytes may be read; 0: it is none
 * (overlong forms and surrogates are none). */
size_t utf8_decode(const char *s, size_t n, uint32_t *ret_character);
/* Is it a control character (C0, DEL or C1), which a terminal would obey? */
bool utf8_is_control(uint32_t character);
/* Return the columns that it takes on a terminal, whatever the locale: 0 (combining), 1, or 2
 * (wide). */
unsigned utf8_width(uint32_t character);
