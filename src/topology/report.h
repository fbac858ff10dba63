/* SPDX-License-Identifier: MIT */
/* Faults of a topology file in words: said once, bounded in number, safe for a terminal. */
#ifndef TOPOLOGY_REPORT_H
#define TOPOLOGY_REPORT_H

#include <stdbool.h>
#include <stddef.h>

#include "base/fault.h"

struct arena;
struct map;
struct near;
struct repeats;

/* What is kept of each kind; of the rest only the number is told. */
#define REPORT_LIMIT 100

struct report {
	struct arena *arena;
	struct faults *faults;
	struct map *said;	 /* "line text" of what was said: a template's faults come once */
	struct repeats *repeats; /* what is wrong alike in many sections of a range: once */
	const char *file;	 /* whose faults these are */
	size_t searched;	 /* what the searches for near names have cost */
	size_t calls;		 /* of report_fault(): grows though nothing new is kept */
	size_t kept;		 /* faults */
	size_t warned;		 /* warnings */
};

void report_start(struct report *report, const char *file, struct arena *arena,
		  struct faults *faults);

void report_fault(struct report *report, struct place place, const char *format, ...)
	__attribute__((format(printf, 3, 4)));
void report_warning(struct report *report, struct place place, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

/* Are there so many faults that no more will be kept? Then work on their words is wasted. */
bool report_full(const struct report *report);
bool report_full_of_warnings(const struct report *report);

/* Is what will be said of the line told of another section of its range? Words are wasted on it. */
bool report_repeats(const struct report *report, struct place place);

/* Say that there are more than those kept. */
void report_end(struct report *report);

/*
 * Text of the user as it may go to a terminal: control characters and what is not UTF-8 written
 * out as \x1b, and cut to a readable length.
 */
const char *shown(struct report *report, const char *text);

/*
 * Offer a candidate for what the user meant, near_offer() of base/text.h; not any more once all
 * the searches for this file have cost too much: false.
 */
bool report_offer(struct report *report, struct near *near, const char *candidate);

/* "; did you mean "WORD"?", or "" if word is NULL. */
const char *did_you_mean(struct report *report, const char *word);

/* 60012 as "60,012". */
const char *grouped(struct report *report, size_t number);

#endif
