// SPDX-License-Identifier: MIT
// One failure of an operation, in words that a user can act on.
#include "base/error.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

static int code_of(const struct error *err)
{
	return err->number > 0 ? -err->number : -1;
}

static void mark_if_cut(char *text, int wanted)
{
	if (wanted >= ERROR_TEXT_SIZE)
		memcpy(text + ERROR_TEXT_SIZE - 4, "...", 4);
}

int error_set(struct error *err, int number, const char *format, ...)
{
	va_list args;
	int n;

	err->number = number;
	va_start(args, format);
	n = vsnprintf(err->text, sizeof(err->text), format, args);
	va_end(args);
	if (number > 0 && n >= 0 && n < ERROR_TEXT_SIZE)
		n += snprintf(err->text + n, sizeof(err->text) - (size_t)n, ": %s",
			      strerror(number));
	mark_if_cut(err->text, n);
	return code_of(err);
}

int error_prefix(struct error *err, const char *format, ...)
{
	char old[ERROR_TEXT_SIZE];
	va_list args;
	int n;

	memcpy(old, err->text, sizeof(old));
	va_start(args, format);
	n = vsnprintf(err->text, sizeof(err->text), format, args);
	va_end(args);
	if (n >= 0 && n < ERROR_TEXT_SIZE)
		n += snprintf(err->text + n, sizeof(err->text) - (size_t)n, "%s", old);
	mark_if_cut(err->text, n);
	return code_of(err);
}
