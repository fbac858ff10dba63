// SPDX-License-Identifier: MIT
// Faults of a topology file in words: said once, bounded in number, safe for a terminal.
#include "topology/report.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/arena.h"
#include "base/map.h"
#include "base/text.h"

#define SHOWN_BYTES 80 /* of a user's text in a message */
#define TEXT_SIZE   1024

void report_start(struct report *report, const char *file, struct arena *arena,
		  struct faults *faults)
{
	*report = (struct report){
		.arena = arena,
		.faults = faults,
		.said = map_new(arena),
		.file = file,
	};
}

/* Has this been said of this line? Remembers it. */
static bool said_before(struct report *report, struct place place, const char *text)
{
	char *key = arena_printf(report->arena, "%d %s", place.line, text);

	return map_add(report->said, key, key) != NULL;
}

void report_fault(struct report *report, struct place place, const char *format, ...)
{
	char text[TEXT_SIZE];
	va_list args;

	report->calls++;
	if (report_full(report)) {
		report->dropped++;
		return;
	}
	va_start(args, format);
	vsnprintf(text, sizeof(text), format, args);
	va_end(args);
	if (said_before(report, place, text))
		return;
	report->kept++;
	fault_add(report->faults, place, "%s", text);
}

void report_warning(struct report *report, struct place place, const char *format, ...)
{
	char text[TEXT_SIZE];
	va_list args;

	if (report->warned == REPORT_LIMIT) {
		report->hushed++;
		return;
	}
	va_start(args, format);
	vsnprintf(text, sizeof(text), format, args);
	va_end(args);
	if (said_before(report, place, text))
		return;
	report->warned++;
	warning_add(report->faults, place, "%s", text);
}

bool report_full(const struct report *report)
{
	return report->kept == REPORT_LIMIT;
}

void report_end(struct report *report)
{
	struct place place = {.file = report->file};

	if (report->dropped)
		fault_add(report->faults, place, "%d faults are shown, more are not", REPORT_LIMIT);
	if (report->hushed)
		warning_add(report->faults, place, "%d warnings are shown, %s more are not",
			    REPORT_LIMIT, grouped(report, report->hushed));
}

const char *shown(struct report *report, const char *text)
{
	char *out, *next;
	size_t used = 0;

	if (report_full(report))
		return "";
	out = next = arena_alloc(report->arena, SHOWN_BYTES + 8);
	while (text[used] && next < out + SHOWN_BYTES) {
		size_t length = text_character(text + used, 4);

		if (!length) {
			next += sprintf(next, "\\x%02x", (unsigned char)text[used++]);
			continue;
		}
		/* Whole characters only: a cut one is not UTF-8. */
		memcpy(next, text + used, length);
		next += length;
		used += length;
	}
	strcpy(next, text[used] ? "..." : "");
	return out;
}

const char *did_you_mean(struct report *report, const char *word)
{
	if (!word || report_full(report))
		return "";
	return arena_printf(report->arena, "; did you mean \"%s\"?", shown(report, word));
}

const char *grouped(struct report *report, size_t number)
{
	char *text = arena_printf(report->arena, "%zu", number);
	size_t digits = strlen(text);
	char *out = arena_alloc(report->arena, digits + digits / 3 + 1), *next = out;

	for (size_t i = 0; i < digits; i++) {
		if (i && (digits - i) % 3 == 0)
			*next++ = ',';
		*next++ = text[i];
	}
	return out;
}
