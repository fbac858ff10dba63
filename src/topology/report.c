// SPDX-License-Identifier: MIT
// Faults of a topology file in words: said once, bounded in number, safe for a terminal.
#include "topology/report.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/arena.h"
#include "base/map.h"
#include "base/text.h"
#include "topology/repeat.h"

#define SHOWN_BYTES 80 /* of a user's text in a message */
#define TEXT_SIZE   1024
/* Products of the lengths of words that are compared: some 0.3 s on a machine of today. */
#define SEARCH_LIMIT 100000000

void report_start(struct report *report, const char *file, struct arena *arena,
		  struct faults *faults)
{
	*report = (struct report){
		.arena = arena,
		.faults = faults,
		.said = map_new(arena),
		.repeats = repeats_new(arena),
		.file = file,
	};
}

/*
 * Keep the text, unless it has been said of this line. Where the line stands for many sections,
 * what has been said in the same words of another of them is counted there.
 */
static bool __attribute__((format(printf, 4, 0)))
keep(struct report *report, struct place place, enum severity severity, const char *format,
     va_list args)
{
	char text[TEXT_SIZE];
	const char *key;

	if (place.of && repeats_count(report->repeats, place, format))
		return false;
	vsnprintf(text, sizeof(text), format, args);
	key = arena_printf(report->arena, "%s:%d %s", place.file, place.line, text);
	if (map_add(report->said, key, report))
		return false;
	if (place.of)
		repeats_begin(report->repeats, place, format, report->faults->count);
	(severity == SEVERITY_FAULT ? fault_add : warning_add)(report->faults, place, "%s", text);
	return true;
}

void report_fault(struct report *report, struct place place, const char *format, ...)
{
	va_list args;

	report->calls++;
	if (report_full(report))
		return;
	va_start(args, format);
	report->kept += keep(report, place, SEVERITY_FAULT, format, args);
	va_end(args);
}

void report_warning(struct report *report, struct place place, const char *format, ...)
{
	va_list args;

	if (report_full_of_warnings(report))
		return;
	va_start(args, format);
	report->warned += keep(report, place, SEVERITY_WARNING, format, args);
	va_end(args);
}

bool report_full(const struct report *report)
{
	return report->kept == REPORT_LIMIT;
}

bool report_full_of_warnings(const struct report *report)
{
	return report->warned == REPORT_LIMIT;
}

bool report_repeats(const struct report *report, struct place place)
{
	return place.of && repeats_told(report->repeats, place);
}

void report_end(struct report *report)
{
	struct place place = {.file = report->file};

	repeats_tell(report);
	/* The search for faults ends where no more are kept. */
	if (report_full(report))
		fault_add(report->faults, place, "%d faults are shown; there may be more",
			  REPORT_LIMIT);
	if (report_full_of_warnings(report))
		warning_add(report->faults, place, "%d warnings are shown; there may be more",
			    REPORT_LIMIT);
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
	if (text[used])
		memcpy(next, "...", 4);
	return out;
}

bool report_offer(struct report *report, struct near *near, const char *candidate)
{
	if (report->searched > SEARCH_LIMIT)
		return false;
	report->searched += strlen(near->word) * strlen(candidate);
	near_offer(near, candidate);
	return true;
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
