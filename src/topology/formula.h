/* SPDX-License-Identifier: MIT */
/* What stands in braces is computed: formulas of whole numbers and of the loops around them. */
#ifndef TOPOLOGY_FORMULA_H
#define TOPOLOGY_FORMULA_H

#include <stdbool.h>
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

/* Can the text be meant as a formula: is it words, numbers, operators, brackets alone? */
bool formula_meant(const char *text, size_t length);

/* A formula that is wrong, in a text, and why, as formula_value() says it. */
struct bad_formula {
	const char *text;
	size_t length;
	const char *wrong;
};

/*
 * A text with each {FORMULA} in it computed, also {FORMULA:02}, with zeros in front, and
 * {FORMULA:x}, in hexadecimal. ${NAME}, and braces around anything else, stay as they are; {{n}} is
 * {n}. NULL where a formula is wrong.
 */
const char *formulas_computed(const char *text, const struct loops *loops, struct arena *arena,
			      struct bad_formula *bad);

#endif
