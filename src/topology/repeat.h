/* SPDX-License-Identifier: MIT */
/* Faults that a line has in many sections of its range: told of the first, counted for the rest. */
#ifndef TOPOLOGY_REPEAT_H
#define TOPOLOGY_REPEAT_H

#include <stdbool.h>
#include <stddef.h>

struct arena;
struct place;
struct repeats;
struct report;

struct repeats *repeats_new(struct arena *arena);

/*
 * Has that line been told of another section in these words? `format`, the place of the words in
 * the program, knows them. Then it is counted.
 */
bool repeats_count(struct repeats *repeats, struct place place, const char *format);

/* Has the line been told of another section, in whatever words? */
bool repeats_told(struct repeats *repeats, struct place place);

/* What comes at `index` of the list of faults may be the first in its words. */
void repeats_begin(struct repeats *repeats, struct place place, const char *format, size_t index);

/* Put behind each text of which section it is, and how many more there are. */
void repeats_tell(struct report *report);

#endif
