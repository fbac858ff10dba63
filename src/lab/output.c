// SPDX-License-Identifier: MIT
// What programs of a node write: through a pipe into a file of bounded size.
#include "lab/output.h"

#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/error.h"
#include "base/file.h"
#include "lab/folder.h"

#define CHUNK	   65536
#define DRAIN_MOST (1 << 20) /* bytes: a program in the background may never stop writing */
#define LAST_LINES 10

void output_path(char path[160], const char *node, const char *service)
{
	snprintf(path, 160, FOLDER_LOG "/%s%s%s", node, service ? "." : "", service ? service : "");
}

static void open_file(struct output *output)
{
	off_t end;

	output->file = openat(output->folder, output->path,
			      O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC | O_NOFOLLOW, 0600);
	end = output->file < 0 ? 0 : lseek(output->file, 0, SEEK_END);
	output->size = end > 0 ? (size_t)end : 0;
}

int output_open(struct output *output, int folder, const char *node, const char *service,
		struct error *err)
{
	int ends[2];

	*output = (struct output){.read_end = -1, .write_end = -1, .file = -1, .folder = folder};
	if (node) {
		output_path(output->path, node, service);
		open_file(output);
		if (output->file < 0)
			return error_set(err, errno, "cannot open the log %s", output->path);
	}
	if (pipe2(ends, O_CLOEXEC) < 0)
		return error_set(err, errno, "cannot open a pipe for its output");
	output->read_end = ends[0];
	output->write_end = ends[1];
	if (fcntl(ends[0], F_SETFL, O_NONBLOCK) < 0)
		return error_set(err, errno, "cannot open a pipe for its output");
	return 0;
}

void output_begin(struct output *output)
{
	output->used = 0;
}

static void keep_tail(struct output *output, const char *data, size_t size)
{
	size_t kept = output->used;

	if (size > OUTPUT_TAIL) {
		data += size - OUTPUT_TAIL;
		size = OUTPUT_TAIL;
	}
	if (kept + size > OUTPUT_TAIL) {
		size_t surplus = kept + size - OUTPUT_TAIL;

		memmove(output->tail, output->tail + surplus, kept - surplus);
		kept -= surplus;
	}
	memcpy(output->tail + kept, data, size);
	output->used = kept + size;
}

/* The file of the earlier half goes, the present one takes its name. */
static void rotate(struct output *output)
{
	char older[sizeof(output->path) + 1];

	snprintf(older, sizeof(older), "%s" OUTPUT_OLDER, output->path);
	if (renameat(output->folder, output->path, output->folder, older) < 0) {
		if (ftruncate(output->file, 0) == 0)
			output->size = 0;
		return;
	}
	close(output->file);
	open_file(output);
}

/* Never blocks and never fails: what a full disk does not take is lost, and said once it does. */
static void keep(struct output *output, const char *data, size_t size)
{
	char note[80];
	int failed;

	output->midline = data[size - 1] != '\n';
	if (output->file < 0)
		open_file(output);
	if (output->lost && output->file >= 0) {
		int n = snprintf(note, sizeof(note), "[nslab: %zu bytes could not be kept]\n",
				 output->lost);

		if (write_all(output->file, note, (size_t)n) == 0)
			output->lost = 0;
	}
	failed = output->file < 0 ? -EBADF : write_all(output->file, data, size);
	if (failed)
		output->lost += size;
	else
		output->size += size;
	if (output->size >= OUTPUT_HALF)
		rotate(output);
}

void output_note(struct output *output, const char *format, ...)
{
	char text[1000] = "", line[sizeof(text) + 20];
	va_list args;
	int n;

	va_start(args, format);
	vsnprintf(text, sizeof(text), format, args);
	va_end(args);
	n = snprintf(line, sizeof(line), "%s[nslab: %s]\n", output->midline ? "\n" : "", text);
	if (*output->path && n > 0)
		keep(output, line, (size_t)n);
}

static ssize_t take(struct output *output)
{
	static char chunk[CHUNK]; /* one for all: nothing stays in it */
	ssize_t n;

	do
		n = read(output->read_end, chunk, sizeof(chunk));
	while (n < 0 && errno == EINTR);
	if (n <= 0)
		return n;
	keep_tail(output, chunk, (size_t)n);
	if (*output->path)
		keep(output, chunk, (size_t)n);
	return n;
}

bool output_take(struct output *output)
{
	ssize_t n = output->read_end < 0 ? 0 : take(output);

	return n > 0 || (n < 0 && errno == EAGAIN);
}

void output_drain(struct output *output)
{
	size_t taken = 0;
	ssize_t n;

	while (output->read_end >= 0 && taken < DRAIN_MOST && (n = take(output)) > 0)
		taken += (size_t)n;
}

const char *output_last(const struct output *output, char text[OUTPUT_TAIL + 1])
{
	size_t end = output->used, start;
	int lines = 0;

	while (end && strchr(" \t\r\n", output->tail[end - 1]))
		end--;
	for (start = end; start; start--)
		if (output->tail[start - 1] == '\n' && ++lines == LAST_LINES)
			break;
	memcpy(text, output->tail + start, end - start);
	text[end - start] = '\0';
	for (char *c = text; c < text + (end - start); c++)
		if (!*c)
			*c = '?';
	return text;
}

void output_close_writer(struct output *output)
{
	if (output->write_end >= 0)
		close(output->write_end);
	output->write_end = -1;
}

void output_close(struct output *output)
{
	output_close_writer(output);
	if (output->read_end >= 0)
		close(output->read_end);
	if (output->file >= 0)
		close(output->file);
	output->read_end = output->file = -1;
}
