// SPDX-License-Identifier: MIT
// A line on the terminal that tells what goes on, for work that takes its time.
#include "cmd/progress.h"

#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "cmd/cmd.h"

#define CLEAR	 "\r\033[K"
#define TEXT_MAX 256

static bool shown;

static size_t width(void)
{
	struct winsize size;

	return ioctl(STDERR_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 1 ? size.ws_col - 1U
									       : 79;
}

void progress_show(const char *format, ...)
{
	char text[TEXT_MAX];
	size_t limit;
	va_list args;

	if (!isatty(STDERR_FILENO))
		return;
	va_start(args, format);
	vsnprintf(text, sizeof(text), format, args);
	va_end(args);
	limit = width();
	if (limit < sizeof(text))
		text[limit] = '\0';
	fputs(CLEAR, stderr);
	put_printable(stderr, text);
	fflush(stderr);
	shown = true;
}

void progress_clear(void)
{
	if (!shown)
		return;
	fputs(CLEAR, stderr);
	fflush(stderr);
	shown = false;
}
