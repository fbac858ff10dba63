// SPDX-License-Identifier: MIT
// Memory that is freed all at once, and lists that grow in it.
#include "base/arena.h"

#include <stdalign.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define CHUNK_SIZE ((size_t)64 * 1024)

struct chunk {
	struct chunk *next;
	size_t size;
	alignas(max_align_t) unsigned char bytes[];
};

struct arena {
	struct chunk *chunks;
	struct chunk *spare; /* that was in use before arena_clear() */
	unsigned char *next;
	size_t left;
};

static void out_of_memory(void)
{
	fputs("nslab: out of memory\n", stderr);
	exit(1);
}

struct arena *arena_new(void)
{
	struct arena *arena = calloc(1, sizeof(*arena));

	if (!arena)
		out_of_memory();
	return arena;
}

static void free_chunks(struct chunk *chunks)
{
	for (struct chunk *chunk = chunks, *next; chunk; chunk = next) {
		next = chunk->next;
		free(chunk);
	}
}

void arena_free(struct arena *arena)
{
	if (!arena)
		return;
	free_chunks(arena->chunks);
	free_chunks(arena->spare);
	free(arena);
}

void arena_clear(struct arena *arena)
{
	while (arena->chunks) {
		struct chunk *chunk = arena->chunks;

		arena->chunks = chunk->next;
		chunk->next = arena->spare;
		arena->spare = chunk;
	}
	arena->next = NULL;
	arena->left = 0;
}

/* Of those that were in use, the first in which there is room; NULL: none. */
static struct chunk *take_spare(struct arena *arena, size_t size)
{
	struct chunk **place = &arena->spare, *chunk;

	while (*place && (*place)->size < size)
		place = &(*place)->next;
	chunk = *place;
	if (!chunk)
		return NULL;
	*place = chunk->next;
	memset(chunk->bytes, 0, chunk->size);
	return chunk;
}

static void add_chunk(struct arena *arena, size_t size)
{
	struct chunk *chunk = take_spare(arena, size) ?: calloc(1, sizeof(*chunk) + size);

	if (!chunk)
		out_of_memory();
	if (!chunk->size)
		chunk->size = size;
	chunk->next = arena->chunks;
	arena->chunks = chunk;
	arena->next = chunk->bytes;
	arena->left = chunk->size;
}

void *arena_alloc(struct arena *arena, size_t size)
{
	const size_t unit = alignof(max_align_t);
	void *taken;

	if (size > SIZE_MAX / 2)
		out_of_memory();
	size = (size + unit - 1) / unit * unit;
	if (size > arena->left)
		add_chunk(arena, size > CHUNK_SIZE ? size : CHUNK_SIZE);
	taken = arena->next;
	arena->next += size;
	arena->left -= size;
	return taken;
}

char *arena_strndup(struct arena *arena, const char *text, size_t length)
{
	char *copy = arena_alloc(arena, length + 1);

	memcpy(copy, text, length);
	return copy;
}

char *arena_strdup(struct arena *arena, const char *text)
{
	return arena_strndup(arena, text, strlen(text));
}

char *arena_printf(struct arena *arena, const char *format, ...)
{
	va_list args;
	char *text;
	int n;

	va_start(args, format);
	n = vsnprintf(NULL, 0, format, args);
	va_end(args);
	if (n < 0)
		out_of_memory();
	text = arena_alloc(arena, (size_t)n + 1);
	va_start(args, format);
	vsnprintf(text, (size_t)n + 1, format, args);
	va_end(args);
	return text;
}

/* Lists double whenever their count is a power of two, so no capacity need be kept. */
void *array_grow(struct arena *arena, void *list, size_t count, size_t size)
{
	void *larger;

	if (count & (count - 1))
		return list;
	if (count == 1)
		return list;
	larger = arena_alloc(arena, (count ? count * 2 : 2) * size);
	if (count)
		memcpy(larger, list, count * size);
	return larger;
}
