// SPDX-License-Identifier: MIT
// A map from strings to pointers: look-ups of names that stay fast with 100,000 of them.
#include "base/map.h"

#include <stdint.h>
#include <string.h>

#include "base/arena.h"

struct slot {
	const char *key;
	void *value;
	uint64_t hash;
};

struct map {
	struct arena *arena;
	struct slot *slots;
	size_t size; /* a power of two */
	size_t used;
};

/* FNV-1a, http://www.isthe.com/chongo/tech/comp/fnv/ */
static uint64_t hash_of(const char *key)
{
	uint64_t hash = 0xcbf29ce484222325;

	for (; *key; key++)
		hash = (hash ^ (unsigned char)*key) * 0x100000001b3;
	return hash;
}

struct map *map_new(struct arena *arena)
{
	struct map *map = arena_alloc(arena, sizeof(*map));

	map->arena = arena;
	map->size = 16;
	map->slots = arena_alloc(arena, map->size * sizeof(*map->slots));
	return map;
}

static struct slot *slot_of(struct slot *slots, size_t size, const char *key, uint64_t hash)
{
	size_t i = hash & (size - 1);

	while (slots[i].key && (slots[i].hash != hash || strcmp(slots[i].key, key) != 0))
		i = (i + 1) & (size - 1);
	return &slots[i];
}

void *map_get(const struct map *map, const char *key)
{
	return slot_of(map->slots, map->size, key, hash_of(key))->value;
}

static void grow(struct map *map)
{
	size_t size = map->size * 2;
	struct slot *slots = arena_alloc(map->arena, size * sizeof(*slots));

	for (size_t i = 0; i < map->size; i++) {
		const struct slot *old = &map->slots[i];

		if (old->key)
			*slot_of(slots, size, old->key, old->hash) = *old;
	}
	map->slots = slots;
	map->size = size;
}

void *map_add(struct map *map, const char *key, void *value)
{
	uint64_t hash = hash_of(key);
	struct slot *slot;

	if (map->used >= map->size / 2)
		grow(map);
	slot = slot_of(map->slots, map->size, key, hash);
	if (slot->key)
		return slot->value;
	*slot = (struct slot){.key = key, .value = value, .hash = hash};
	map->used++;
	return NULL;
}
