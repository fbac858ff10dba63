// SPDX-License-Identifier: MIT
// A list of entries under construction, in which each key is once.
#include "topology/merge.h"

#include <string.h>

#include "base/arena.h"
#include "base/map.h"
#include "topology/ini.h"

/* Up to so many entries, one is found by looking at each. */
#define SMALL_LIST 16

struct merge merge_start(struct arena *arena, size_t room)
{
	struct merge merge = {.arena = arena};

	merge.to.list = arena_alloc(arena, (room + 1) * sizeof(const struct entry *));
	return merge;
}

const struct entry **merge_slot(struct merge *merge, const struct entry *entry)
{
	const struct entry **next = &merge->to.list[merge->to.count];

	if (merge->to.count < SMALL_LIST) {
		for (size_t i = 0; i < merge->to.count; i++)
			if (!strcmp(merge->to.list[i]->key, entry->key))
				return &merge->to.list[i];
		return next;
	}
	if (!merge->slots) {
		merge->slots = map_new(merge->arena);
		for (size_t i = 0; i < merge->to.count; i++)
			map_add(merge->slots, merge->to.list[i]->key, &merge->to.list[i]);
	}
	return map_add(merge->slots, entry->key, next) ?: next;
}

void merge_add(struct merge *merge, const struct entry *entry)
{
	const struct entry **slot = merge_slot(merge, entry);

	merge->to.count += slot == &merge->to.list[merge->to.count];
	*slot = entry;
}
