/* SPDX-License-Identifier: MIT */
/* A list of entries under construction, in which each key is once. */
#ifndef TOPOLOGY_MERGE_H
#define TOPOLOGY_MERGE_H

#include <stddef.h>

#include "topology/template.h"

struct arena;
struct entry;
struct map;

struct merge {
	struct arena *arena;
	struct expansion to;
	struct map *slots; /* key -> place in the list, once it is long */
};

/* An empty list with room for so many entries. */
struct merge merge_start(struct arena *arena, size_t room);

/* Where an entry of that key is, or the end of the list. */
const struct entry **merge_slot(struct merge *merge, const struct entry *entry);

/* Put an entry where one of the same key is, else at the end. */
void merge_add(struct merge *merge, const struct entry *entry);

#endif
