/* SPDX-License-Identifier: MIT */
/* Formulas of whole numbers and of the loops around them, computed. */
#ifndef TOPOLOGY_FORMULA_H
#define TOPOLOGY_FORMULA_H

#include <stddef.h>
#include <stdint.h>

struct arena;

#define LOOPS_MOST 16

/* A range and where it is just now. */
struct loop {
	const char *name;
	int64_t value;
};

/* All that a formula can speak of. */
struct loops {
	struct loop list[LOOPS_MOST];
	size_t count;
};

/* The loop of that name, or NULL. */
const struct loop *loops_find(const struct loops *loops, const char *name, size_t length);

/*
 * Compute "(n+1)%32", with + - * / % and brackets. Division rounds down, so that % is never
 * negative for a positive divisor. Returns NULL or what is wrong, as words that follow the formula.
 */
const char *formula_value(const char *text, size_t length, const struct loops *loops,
			  struct arena *arena, int64_t *value);

#endif
