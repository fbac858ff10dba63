/* SPDX-License-Identifier: MIT */
/* Memory that is freed all at once, and lists that grow in it. */
#ifndef BASE_ARENA_H
#define BASE_ARENA_H

#include <stddef.h>

struct arena;

/* A new, empty arena. Running out of memory ends the process with status 1 and a message. */
struct arena *arena_new(void);

/* Free the arena and all that was taken from it. NULL is allowed. */
void arena_free(struct arena *arena);

/* `size` zeroed bytes, aligned for any type. Never NULL. */
void *arena_alloc(struct arena *arena, size_t size);

/*
 * What is in the arena is complete, but for a little: put it into a file in memory that is mapped
 * in its place. It stays as it was, at its addresses, and can be written to. But fork(2) copies all
 * that a process has written to, page by page, and nothing of what comes from a file: for one that
 * forks 10,000 times that is the larger part of its work.
 */
void arena_settle(struct arena *arena);

char *arena_strdup(struct arena *arena, const char *text);
char *arena_strndup(struct arena *arena, const char *text, size_t length);
char *arena_printf(struct arena *arena, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

/* Room for one more item behind `count` items of `size` bytes: `list` itself or a larger copy. */
void *array_grow(struct arena *arena, void *list, size_t count, size_t size);

/*
 * Append a zeroed item to `list`, a pointer to `count` items in the arena, and give its address.
 * Addresses of items move while the list grows: take lasting pointers only when it is complete.
 */
#define array_push(arena, list, count)                                                             \
	((list) = array_grow((arena), (list), (count), sizeof(*(list))), &(list)[(count)++])

static inline void cleanup_arena(struct arena **arena)
{
	arena_free(*arena);
}

#define AUTO_ARENA __attribute__((cleanup(cleanup_arena)))

#endif
