/* SPDX-License-Identifier: MIT */
/* Small questions about strings. */
#ifndef BASE_TEXT_H
#define BASE_TEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* A decimal number of digits alone, from `low` to `high`, into *number. False where it is not. */
bool text_number(const char *text, uint64_t low, uint64_t high, uint64_t *number);

/* The bytes of the UTF-8 sequence that `text`, of at most `size` bytes, starts with; 0: none. */
size_t text_sequence(const char *text, size_t size);

/*
 * The bytes of the printable UTF-8 character that `text`, of at most `size` bytes, starts with; 0
 * where it starts with none: a control character (C0, DEL, C1) or bytes that are not UTF-8.
 */
size_t text_character(const char *text, size_t size);

/*
 * The candidate for the nearest to a mistyped word: start with {.word = w}, offer each candidate
 * with near_offer(), then ask near_best(): NULL where none is near enough to be meant (more than
 * a third of the word would have to change).
 */
struct near {
	const char *word;
	const char *best;
	size_t distance;
};

void near_offer(struct near *near, const char *candidate);
const char *near_best(const struct near *near);

#endif
