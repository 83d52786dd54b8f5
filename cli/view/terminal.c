/* SPDX-License-Identifier: GPL-3.0-only */
#include "cli/view/terminal.h"

#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "core/base/memory.h"

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

/* We are in the background at that moment, in which changing the terminal would stop us. */
static void set_group(pid_t group)
{
	sigset_t block, before;

	sigemptyset(&block);
	sigaddset(&block, SIGTTOU);
	sigprocmask(SIG_BLOCK, &block, &before);
	(void)tcsetpgrp(STDIN_FILENO, group);
	sigprocmask(SIG_SETMASK, &before, NULL);
}

void terminal_give(const struct terminal *terminal, pid_t group)
{
	if (terminal->there)
		set_group(group);
}

void terminal_restore(const struct terminal *terminal, bool modes)
{
	if (!terminal->there)
		return;
	set_group(terminal->group);
	if (modes)
		(void)tcsetattr(STDIN_FILENO, TCSADRAIN, &terminal->modes);
}
