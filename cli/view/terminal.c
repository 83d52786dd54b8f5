/* SPDX-License-Identifier: GPL-3.0-only */
#include "cli/view/terminal.h"

#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "core/base/memory.h"
#include "core/sandbox/process.h"

unsigned terminal_width(int fd)
{
	struct winsize size;

	if (!isatty(fd))
		return 0;
	return ioctl(fd, TIOCGWINSZ, &size) == 0 && size.ws_col ? size.ws_col : TERMINAL_WIDTH;
}

bool terminal_is_utf8(void)
{
	static const char *const variables[] = { "LC_ALL", "LC_CTYPE", "LANG" };

	for (size_t i = 0; i < ARRAY_SIZE(variables); i++) {
		const char *locale = getenv(variables[i]);

		if (locale && *locale) /* the first that is set decides */
			return strcasestr(locale, "utf-8") || strcasestr(locale, "utf8");
	}
	return false;
}

void terminal_save(struct terminal *terminal)
{
	memset(terminal, 0, sizeof(*terminal));
	terminal->group = tcgetpgrp(STDIN_FILENO);
	terminal->there = terminal->group == getpgrp() &&
			  tcgetattr(STDIN_FILENO, &terminal->modes) == 0;
}

void terminal_give(const struct terminal *terminal, pid_t group)
{
	if (terminal->there)
		process_give_terminal(group);
}

void terminal_restore(const struct terminal *terminal, bool modes)
{
	if (!terminal->there)
		return;
	process_give_terminal(terminal->group);
	if (modes)
		(void)tcsetattr(STDIN_FILENO, TCSADRAIN, &terminal->modes);
}
