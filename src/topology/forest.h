/* SPDX-License-Identifier: MIT */
/* Prefixes, and those that consist of nothing but them: few routes for many destinations. */
#ifndef TOPOLOGY_FOREST_H
#define TOPOLOGY_FOREST_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "topology/model.h"

struct arena;

/*
 * The leaves are the destinations; what joins two halves that are both there is a node too, if it
 * is not a destination itself. Nodes come behind their halves.
 */
struct forest {
	struct address *nodes;
	uint32_t (*halves)[2]; /* of what joins, by node less leaf_count */
	size_t leaf_count, count;
};

/* Put prefixes of one family into the order of leaves. */
void forest_sort(struct address *list, size_t count);

/* The list is in that order, with each prefix once. */
void forest_start(struct forest *forest, const struct address *list, size_t count,
		  struct arena *arena);

/* The node of that very prefix; `count`: there is none. */
size_t forest_find(const struct forest *forest, const struct address *prefix);

/* How a destination is reached: a number from 0, or */
#define LABEL_ANY  (UINT32_MAX - 1) /* by something longer than any route here: covered or not */
#define LABEL_NONE (UINT32_MAX - 2) /* not at all, or as others say: no route may cover it */

/* A route to a node of the forest. */
struct cover {
	uint32_t node, label;
};

/* What is computed for each node on the way. */
struct cover_state;

/* Room for the next. */
struct cover_state *forest_state(const struct forest *forest, struct arena *arena);

/*
 * Few routes that lead to each leaf by its label (R. Draves et al., Constructing Optimal IP Routing
 * Tables, 1999; but nothing is covered that is no leaf). There is to be none to a node that is
 * `barred`. `covers` has room for one a leaf. Returns their number.
 */
size_t forest_cover(const struct forest *forest, const uint32_t *labels, const bool *barred,
		    struct cover_state *state, struct cover *covers);

#endif
