/* SPDX-License-Identifier: MIT */
/* A map from strings to pointers: look-ups of names that stay fast with 100,000 of them. */
#ifndef BASE_MAP_H
#define BASE_MAP_H

#include <stddef.h>

struct arena;
struct map;

/* A new, empty map in the arena. It keeps pointers to the keys, not copies. */
struct map *map_new(struct arena *arena);

/* The value under `key`, or NULL. */
void *map_get(const struct map *map, const char *key);

/* Put `value` (not NULL) under `key` where nothing is yet. Returns what was there, or NULL. */
void *map_add(struct map *map, const char *key, void *value);

#endif
