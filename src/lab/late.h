/* SPDX-License-Identifier: MIT */
/* What an `up` is still waiting for, in words: when it is interrupted, and when time is over. */
#ifndef LAB_LATE_H
#define LAB_LATE_H

#include <stddef.h>
#include <stdint.h>

#include "base/clock.h"

struct arena;
struct build;
struct error;

/* How long after the deadline the nodes have to say what they are at. */
#define LATE_PATIENCE (2 * SECOND)

/* What they said; starts with {.arena = arena}. */
struct late {
	struct arena *arena;
	struct late_node {
		uint32_t node; /* its index in the model */
		const char *text;
	} * list;
	size_t count;
	int64_t until; /* when no more is waited for; 0: the deadline is not over */
};

void late_add(struct late *late, uint32_t node, const char *text);

/* The failure: each that is not ready, with the last lines it wrote as far as there is room. */
int late_error(const struct late *late, const struct build *build, struct error *err);

/* "while r1 was waiting for service.web (lab.ini:4), and 3 more" */
#define LATE_TEXT_SIZE 800
void late_waiting(const struct build *build, char text[LATE_TEXT_SIZE]);

#endif
