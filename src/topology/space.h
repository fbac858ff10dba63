/* SPDX-License-Identifier: MIT */
/* The space of a prefix, from which smaller ones are taken. */
#ifndef TOPOLOGY_SPACE_H
#define TOPOLOGY_SPACE_H

#include <stdbool.h>

#include "topology/model.h"

struct arena;
struct cell;

struct space {
	struct arena *arena;
	struct address prefix;
	struct cell *root;
};

/* All of the prefix is free. */
void space_start(struct space *space, const struct address *prefix, struct arena *arena);

/* Nothing of the prefix, which may be outside or reach beyond the space, is free any more. */
void space_use(struct space *space, const struct address *prefix);

/* Take the lowest free prefix of that length. False: there is none. */
bool space_take(struct space *space, unsigned length, struct address *prefix);

#endif
