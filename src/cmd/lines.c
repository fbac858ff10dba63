// SPDX-License-Identifier: MIT
// A stream of bytes as lines with a name in front.
#include "cmd/lines.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

static void print(struct lines *lines, const char *tail, size_t size)
{
	fputs(lines->name, lines->out);
	fputs(" | ", lines->out);
	if (lines->used)
		fwrite(lines->held, 1, lines->used, lines->out);
	fwrite(tail, 1, size, lines->out);
	fputc('\n', lines->out);
	lines->used = 0;
}

/* Keep `size` bytes more, of which there is room for at LINE_MAX_BYTES. False: no memory for them.
 */
static bool hold(struct lines *lines, const char *data, size_t size)
{
	size_t wanted = lines->used + size;

	if (wanted > lines->room) {
		size_t room = wanted < 256 ? 256 : wanted * 2;
		char *larger = realloc(lines->held, room);

		if (!larger)
			return false;
		lines->held = larger;
		lines->room = room;
	}
	memcpy(lines->held + lines->used, data, size);
	lines->used = wanted;
	return true;
}

void lines_add(struct lines *lines, const char *data, size_t size)
{
	while (size) {
		const char *end = memchr(data, '\n', size);
		size_t part = end ? (size_t)(end - data) : size;
		size_t free_bytes = LINE_MAX_BYTES - lines->used;

		if (part > free_bytes) { /* too long: broken here */
			end = NULL;
			part = free_bytes;
		}
		if (end || part == free_bytes || !hold(lines, data, part))
			print(lines, data, part);
		part += end ? 1 : 0;
		data += part;
		size -= part;
	}
}

void lines_end(struct lines *lines)
{
	if (lines->used)
		print(lines, "", 0);
	free(lines->held);
	lines->held = NULL;
	lines->room = 0;
}
