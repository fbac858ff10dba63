/* SPDX-License-Identifier: MIT */
/* Why packets of an item do not get on. */
#ifndef TEST_WHY_H
#define TEST_WHY_H

struct arena;
struct item;
struct trial;

/* Lines, each with a line's end and blanks in front of it; "" where there is nothing to tell. */
const char *item_why(const struct trial *trial, const struct item *item, struct arena *arena);

#endif
