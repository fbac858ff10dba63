// SPDX-License-Identifier: MIT
// The lines of a text as an INI file has them: trimmed, continuations joined, bytes checked.
#include "topology/lines.h"

#include <string.h>

#include "base/arena.h"
#include "base/text.h"
#include "topology/report.h"

#define BYTE_ORDER_MARK "\xef\xbb\xbf"

void lines_start(struct lines *lines, struct report *report, const char *text, size_t size)
{
	*lines = (struct lines){.report = report, .next = text, .end = text + size};
	if (size >= 3 && !memcmp(text, BYTE_ORDER_MARK, 3))
		lines->next += 3;
}

/* isspace(3) of the C locale, whatever the user's is. */
static bool is_space(char c)
{
	return c == ' ' || (c >= '\t' && c <= '\r');
}

void trim(const char **text, size_t *length)
{
	while (*length && is_space((*text)[*length - 1]))
		--*length;
	while (*length && is_space(**text)) {
		++*text;
		--*length;
	}
}

static bool read_physical(struct lines *lines, const char **text, size_t *length)
{
	const char *feed;

	if (lines->next == lines->end)
		return false;
	feed = memchr(lines->next, '\n', (size_t)(lines->end - lines->next));
	*text = lines->next;
	*length = (size_t)((feed ? feed : lines->end) - lines->next);
	lines->next = feed ? feed + 1 : lines->end;
	lines->number++;
	return true;
}

/* Where white space ends on the right, as iniparser looks for the backslash of a continuation. */
static size_t right_end(const char *text, size_t length)
{
	while (length && is_space(text[length - 1]))
		length--;
	return length;
}

static bool continues(const char *text, size_t length)
{
	length = right_end(text, length);
	return length && text[length - 1] == '\\';
}

/*
 * Lines that end in a backslash, joined to one. What follows is taken as it stands, with its white
 * space, as iniparser does. The pieces are joined in one go: a million of them cost no more.
 */
static void join(struct lines *lines, struct line *line)
{
	const char *piece = line->text, *start = lines->next;
	struct place place = {.file = lines->report->file, .line = line->number};
	size_t length = line->length, room = length, used = 0;
	const struct lines rewind = *lines;
	bool more = true;
	char *joined;

	while (more && read_physical(lines, &piece, &length))
		more = continues(piece, length);
	room += (size_t)(lines->next - start);
	if (more) {
		report_fault(lines->report, place, "the line goes on (\\), but the file ends");
		line->readable = false;
	}
	joined = arena_alloc(lines->report->arena, room + 1);
	*lines = rewind;
	piece = line->text;
	length = line->length;
	do {
		more = continues(piece, length);
		length = right_end(piece, length) - more;
		memcpy(joined + used, piece, length);
		used += length;
	} while (more && read_physical(lines, &piece, &length));
	line->text = joined;
	line->length = used;
	trim(&line->text, &line->length);
}

/* Nothing that a terminal would act on, and nothing that another program would read differently. */
static void check_bytes(struct lines *lines, struct line *line)
{
	struct place place = {.file = lines->report->file, .line = line->number};
	size_t at = 0;

	while (at < line->length) {
		size_t taken = line->text[at] == '\t'
				       ? 1
				       : text_character(line->text + at, line->length - at);
		unsigned char byte = (unsigned char)line->text[at];

		if (!taken) {
			report_fault(lines->report, place, "byte 0x%02x is %s", byte,
				     byte < 0x20 || byte == 0x7f ? "a control character"
								 : "not UTF-8");
			line->readable = false;
			return;
		}
		at += taken;
	}
}

bool lines_next(struct lines *lines, struct line *line)
{
	*line = (struct line){.readable = true};
	/* Once no fault will be kept any more, a hostile file has had its answer. */
	while (!report_full(lines->report) && read_physical(lines, &line->text, &line->length)) {
		bool more = continues(line->text, line->length);

		trim(&line->text, &line->length);
		/* iniparser continues comments too, and so loses the line behind one: not here. */
		if (!line->length || *line->text == ';' || *line->text == '#')
			continue;
		line->number = lines->number;
		if (more)
			join(lines, line);
		check_bytes(lines, line);
		return true;
	}
	return false;
}
