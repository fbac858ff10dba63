/* SPDX-License-Identifier: MIT */
/* Texts with formulas in braces: "lan{n} 10.0.{n+1}.1/24". */
#ifndef TOPOLOGY_BRACES_H
#define TOPOLOGY_BRACES_H

#include <stddef.h>

struct arena;
struct loops;

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
