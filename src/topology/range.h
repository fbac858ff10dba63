/* SPDX-License-Identifier: MIT */
/* Ranges in names, "leaf{1..8}-{x=1..4}": what they stand for, one name after the other. */
#ifndef TOPOLOGY_RANGE_H
#define TOPOLOGY_RANGE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/fault.h"
#include "topology/formula.h"

struct arena;
struct report;

struct range {
	const char *name; /* of its loop */
	int64_t first, last, step;
	int width; /* of its numbers in the name, with zeros in front */
};

/* A name with ranges in it, each between two pieces of text. */
struct pattern {
	const char *text;   /* the whole */
	const char **piece; /* count + 1 */
	struct range *ranges;
	size_t count;
	size_t total; /* how many names it stands for */
};

/* What all ranges of a file can come to, in sections and in the keys of one. */
#define SECTIONS_MOST 200000
#define KEYS_MOST     4096

/* Does the text have braces, so that it may be a pattern? */
bool pattern_possible(const char *text);

/*
 * Understand the ranges of a text; loops around it have their names already. With `formulas`,
 * braces that hold no range are left in the pieces. What is wrong is said: false.
 */
bool pattern_read(struct report *report, struct place place, const char *text,
		  const struct loops *around, bool formulas, struct pattern *pattern);

/* The name at a place of the order, the last range going fastest; adds its loops. */
const char *pattern_at(const struct pattern *pattern, size_t at, struct loops *loops,
		       struct arena *arena);

#endif
