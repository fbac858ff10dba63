// SPDX-License-Identifier: MIT
// Arenas: large and small pieces, and what settling does to them and does not.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/arena.h"

#define PIECES 3000

/* More than a chunk or two, in pieces of which some are larger than any chunk so far. */
static char **fill(struct arena *arena)
{
	char **pieces = arena_alloc(arena, PIECES * sizeof(*pieces));

	for (size_t i = 0; i < PIECES; i++) {
		size_t size = i % 100 == 99 ? i * 100 : 40;

		pieces[i] = arena_alloc(arena, size);
		for (size_t k = 0; k < size; k++)
			assert_int_equal(pieces[i][k], 0);
		snprintf(pieces[i], size, "piece %zu", i);
	}
	return pieces;
}

static void assert_filled(char *const *pieces)
{
	for (size_t i = 0; i < PIECES; i++) {
		char expected[40];

		snprintf(expected, sizeof(expected), "piece %zu", i);
		assert_string_equal(pieces[i], expected);
	}
}

static void pieces_are_zeroed_and_apart(void **state)
{
	AUTO_ARENA struct arena *arena = arena_new();

	(void)state;
	assert_filled(fill(arena));
}

static void a_settled_arena_is_as_it_was_and_goes_on(void **state)
{
	AUTO_ARENA struct arena *arena = arena_new();
	char **pieces = fill(arena);

	(void)state;
	arena_settle(arena);
	assert_filled(pieces);
	for (size_t size = 8; size < 1000000; size *= 2) {
		char *more = arena_alloc(arena, size);

		assert_int_equal(more[size - 1], 0);
		memset(more, 'x', size);
	}
	assert_filled(pieces);
	strcpy(pieces[7], "other");
	assert_string_equal(pieces[7], "other");
}

/* Bytes of the process that the kernel copies for a fork. */
static long own_memory(void)
{
	FILE *file = fopen("/proc/self/smaps_rollup", "re");
	char line[128];
	long kib = -1;

	assert_non_null(file);
	while (fgets(line, sizeof(line), file))
		if (sscanf(line, "Anonymous: %ld", &kib) == 1)
			break;
	fclose(file);
	return kib * 1024;
}

static void what_is_settled_is_not_copied_by_forks(void **state)
{
	AUTO_ARENA struct arena *arena = arena_new();
	const size_t size = 8 << 20;
	long before;
	char *large;

	(void)state;
	arena_strdup(arena, "the first chunk is small");
	large = arena_alloc(arena, size);
	memset(large, 'x', size);
	before = own_memory();
	arena_settle(arena);
	assert_true(own_memory() <= before - (long)size / 2);
}

static void a_fork_writes_to_its_own_copy(void **state)
{
	AUTO_ARENA struct arena *arena = arena_new();
	char **pieces = fill(arena);
	int status;
	pid_t child;

	(void)state;
	arena_settle(arena);
	child = fork();
	if (child == 0) {
		strcpy(pieces[PIECES - 1], "child");
		_exit(strcmp(pieces[PIECES - 1], "child") != 0);
	}
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_int_equal(status, 0);
	assert_filled(pieces);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(pieces_are_zeroed_and_apart),
		cmocka_unit_test(a_settled_arena_is_as_it_was_and_goes_on),
		cmocka_unit_test(what_is_settled_is_not_copied_by_forks),
		cmocka_unit_test(a_fork_writes_to_its_own_copy),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
