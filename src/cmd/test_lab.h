/* SPDX-License-Identifier: MIT */
/* Which lab is tested, and by which tests. */
#ifndef CMD_TEST_LAB_H
#define CMD_TEST_LAB_H

#include <stddef.h>

struct arena;
struct topology;

/*
 * The running lab that the user means, and its model: with the tests of its file as it is now,
 * where that still is of the same network, else as it was at `up`. Returns STATUS_DONE, or another
 * after a message.
 */
int test_lab(const char *wanted, struct arena *arena, const char **name,
	     const struct topology **topology);

/* A name for the lab of a job that no other lab has. */
const char *test_lab_name(const char *name, size_t number, struct arena *arena);

#endif
