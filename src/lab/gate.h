/* SPDX-License-Identifier: MIT */
/* Where processes wait for each other: words in memory that they share. */
#ifndef LAB_GATE_H
#define LAB_GATE_H

#include <stdbool.h>
#include <stdint.h>

/* A gate: shut until one process opens it for all that wait, and open from then on. */
struct gate {
	uint32_t open;
};

/* Returns 0 or -errno. */
int gate_open(struct gate *gate);

/* Open it without waking anybody, in no more than one store. */
void gate_unlatch(struct gate *gate);
bool gate_is_open(const struct gate *gate);

/* Wait until it is open, or until the moment `until` (0: for ever). Returns 0 or -errno. */
int gate_await(struct gate *gate, int64_t until);

/*
 * Turns: so many processes at a time may do what all of them have to, when it is time for that.
 * Who has had its turn passes it on.
 */
struct turns {
	uint32_t free;
};

/* Add turns, one that was had or the first ones. Returns 0 or -errno. */
int turns_give(struct turns *turns, uint32_t count);

/* Wait for one. Returns 0 or -errno. */
int turns_take(struct turns *turns);

#endif
