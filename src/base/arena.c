// SPDX-License-Identifier: MIT
// Memory that is freed all at once, and lists that grow in it.
#include "base/arena.h"

#include <stdalign.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "base/cleanup.h"

/* Each chunk is as large as all before it, so that there are few of them. */
#define CHUNK_SIZE_MIN	((size_t)64 * 1024)
#define CHUNK_SIZE_MAX	((size_t)64 * 1024 * 1024)
#define CHUNK_SIZE_HUGE ((size_t)8 * 1024 * 1024)

struct chunk {
	struct chunk *next;
	size_t size; /* with this header */
	bool mapped; /* mapped for itself, not from malloc */
	alignas(max_align_t) unsigned char bytes[];
};

struct arena {
	struct chunk *chunks; /* the last first */
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
		if (chunk->mapped)
			munmap(chunk, chunk->size);
		else
			free(chunk);
	}
}

void arena_free(struct arena *arena)
{
	if (!arena)
		return;
	free_chunks(arena->chunks);
	free(arena);
}

/* The last chunk is larger than what is before it together, if there is any. */
void arena_clear(struct arena *arena)
{
	struct chunk *last = arena->chunks;

	if (!last)
		return;
	free_chunks(last->next);
	last->next = NULL;
	memset(last->bytes, 0, (size_t)(arena->next - last->bytes));
	arena->next = last->bytes;
	arena->left = last->size - sizeof(*last);
}

/* `size` zeroed bytes; the first chunk of an arena is small, and all that most ever have. */
static struct chunk *new_chunk(size_t size, bool mapped)
{
	struct chunk *chunk;

	if (mapped) {
		chunk = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1,
			     0);
		if (chunk == MAP_FAILED)
			out_of_memory();
		if (size >= CHUNK_SIZE_HUGE) /* a hint: fewer and larger pages */
			madvise(chunk, size, MADV_HUGEPAGE);
	} else {
		chunk = calloc(1, size);
		if (!chunk)
			out_of_memory();
	}
	chunk->size = size;
	chunk->mapped = mapped;
	return chunk;
}

static void add_chunk(struct arena *arena, size_t wanted)
{
	size_t size = arena->chunks ? arena->chunks->size * 2 : CHUNK_SIZE_MIN;
	struct chunk *chunk;

	if (size > CHUNK_SIZE_MAX)
		size = CHUNK_SIZE_MAX;
	if (size < wanted + sizeof(*chunk))
		size = wanted + sizeof(*chunk);
	chunk = new_chunk(size, arena->chunks != NULL);
	chunk->next = arena->chunks;
	arena->chunks = chunk;
	arena->next = chunk->bytes;
	arena->left = size - sizeof(*chunk);
}

void *arena_alloc(struct arena *arena, size_t size)
{
	const size_t unit = alignof(max_align_t);
	void *taken;

	if (size > SIZE_MAX / 2)
		out_of_memory();
	size = (size + unit - 1) / unit * unit;
	if (size > arena->left)
		add_chunk(arena, size);
	taken = arena->next;
	arena->next += size;
	arena->left -= size;
	return taken;
}

/* The file keeps the pages; they are the process's own again when it writes to them. */
static bool settle(const struct arena *arena, struct chunk *chunk, int file, off_t offset)
{
	size_t used = chunk == arena->chunks ? (size_t)(arena->next - (unsigned char *)chunk)
					     : chunk->size;

	if (pwrite(file, chunk, used, offset) != (ssize_t)used)
		return false;
	/* If that fails the chunk may be gone. */
	if (mmap(chunk, chunk->size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_FIXED, file,
		 offset) == MAP_FAILED)
		out_of_memory();
	return true;
}

void arena_settle(struct arena *arena)
{
	size_t page = (size_t)sysconf(_SC_PAGESIZE);
	AUTO_CLOSE int file = memfd_create("nslab", MFD_CLOEXEC);
	off_t end = 0;

	if (file < 0)
		return;
	for (struct chunk *chunk = arena->chunks; chunk; chunk = chunk->next) {
		off_t begin = end;

		if (!chunk->mapped)
			continue;
		end += (off_t)((chunk->size + page - 1) / page * page);
		if (ftruncate(file, end) < 0 || !settle(arena, chunk, file, begin))
			return;
	}
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
