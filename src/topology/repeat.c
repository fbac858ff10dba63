// SPDX-License-Identifier: MIT
// Faults that a line has in many sections of its range: told of the first, counted for the rest.
#include "topology/repeat.h"

#include <string.h>

#include "base/arena.h"
#include "base/fault.h"
#include "base/map.h"
#include "topology/report.h"

/* The words in which one line is wrong. */
struct repeat {
	const char *of;	    /* the section that is told */
	size_t index;	    /* of the first that is told, in the list of faults */
	struct map *others; /* sections in which it is wrong too */
	size_t count;	    /* of them */
	struct repeat *next;
};

struct repeats {
	struct arena *arena;
	struct map *by_line;  /* the first of each line */
	struct map *by_words; /* and of each line and its words */
	struct repeat *all;
};

struct repeats *repeats_new(struct arena *arena)
{
	struct repeats *repeats = arena_alloc(arena, sizeof(*repeats));

	repeats->arena = arena;
	repeats->by_line = map_new(arena);
	repeats->by_words = map_new(arena);
	return repeats;
}

static const char *words(struct repeats *repeats, struct place place, const char *format)
{
	return arena_printf(repeats->arena, "%s:%d %p", place.file, place.line,
			    (const void *)format);
}

bool repeats_count(struct repeats *repeats, struct place place, const char *format)
{
	struct repeat *repeat = map_get(repeats->by_words, words(repeats, place, format));

	if (!repeat || !strcmp(repeat->of, place.of))
		return false;
	repeat->count += !map_add(repeat->others, place.of, repeat);
	return true;
}

static const char *line(struct repeats *repeats, struct place place)
{
	return arena_printf(repeats->arena, "%s:%d", place.file, place.line);
}

bool repeats_told(struct repeats *repeats, struct place place)
{
	const struct repeat *repeat = map_get(repeats->by_line, line(repeats, place));

	return repeat && strcmp(repeat->of, place.of) != 0;
}

void repeats_begin(struct repeats *repeats, struct place place, const char *format, size_t index)
{
	struct repeat *repeat = arena_alloc(repeats->arena, sizeof(*repeat));

	if (map_add(repeats->by_words, words(repeats, place, format), repeat))
		return;
	repeat->of = place.of;
	repeat->index = index;
	repeat->others = map_new(repeats->arena);
	repeat->next = repeats->all;
	repeats->all = repeat;
	map_add(repeats->by_line, line(repeats, place), repeat);
}

static const char *tail(struct report *report, const struct fault *fault, size_t others)
{
	const char *more = others ? arena_printf(report->arena, "in %s more of its range",
						 grouped(report, others))
				  : NULL;

	if (!strstr(fault->text, fault->place.of))
		return arena_printf(report->arena, " (in %s%s%s)", fault->place.of,
				    more ? ", and " : "", more ? more : "");
	return more ? arena_printf(report->arena, " (and %s)", more) : "";
}

void repeats_tell(struct report *report)
{
	struct faults *faults = report->faults;
	size_t *others = arena_alloc(report->arena, (faults->count + 1) * sizeof(*others));

	for (const struct repeat *repeat = report->repeats->all; repeat; repeat = repeat->next)
		others[repeat->index] = repeat->count;
	for (size_t i = 0; i < faults->count; i++) {
		struct fault *fault = &faults->list[i];

		if (fault->place.of)
			fault->text = arena_printf(report->arena, "%s%s", fault->text,
						   tail(report, fault, others[i]));
	}
}
