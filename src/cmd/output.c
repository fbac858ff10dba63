// SPDX-License-Identifier: MIT
// Messages to stderr, and the end of the output to stdout.
#include "cmd/cmd.h"

#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/error.h"

void put_printable(FILE *out, const char *text)
{
	for (; *text; text++) {
		unsigned char c = (unsigned char)*text;

		fputc((c < 0x20 && c != '\n' && c != '\t') || c == 0x7f ? '?' : c, out);
	}
}

void complain(const char *format, ...)
{
	char text[ERROR_TEXT_SIZE + 256];
	va_list args;

	va_start(args, format);
	vsnprintf(text, sizeof(text), format, args);
	va_end(args);
	fputs("nslab: ", stderr);
	put_printable(stderr, text);
	fputc('\n', stderr);
}

int failed(const struct error *err)
{
	complain("%s", err->text);
	return STATUS_FAILED;
}

int misused(const struct verb *verb, const char *format, ...)
{
	va_list args;

	fprintf(stderr, "nslab: %s: ", verb->name);
	va_start(args, format);
	vfprintf(stderr, format, args);
	va_end(args);
	fprintf(stderr, "\nusage: nslab %s%s%s   (nslab %s -h says more)\n", verb->name,
		*verb->arguments ? " " : "", verb->arguments, verb->name);
	return STATUS_WRONG;
}

static int lost_why; /* some of the output could not be written: an errno, or 0 */

void output_flush(void)
{
	if (fflush(stdout) == EOF && !lost_why)
		lost_why = errno;
}

int output_end(int status)
{
	/* A stream that nothing was written to may be closed: that is no loss. */
	output_flush();
	/* A full buffer was written out in between, and why it failed is forgotten. */
	if (!lost_why && ferror(stdout))
		lost_why = fcntl(STDOUT_FILENO, F_GETFD) < 0 ? errno : EIO;
	if (fclose(stdout) == EOF && errno != EBADF)
		lost_why = errno;
	if (lost_why && status == STATUS_DONE) {
		complain("cannot write the output: %s", strerror(lost_why));
		return STATUS_FAILED;
	}
	return status;
}

bool output_coloured(void)
{
	const char *refused = getenv("NO_COLOR");

	return isatty(STDOUT_FILENO) && !(refused && *refused);
}
