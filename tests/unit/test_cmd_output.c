// SPDX-License-Identifier: MIT
// Output: lines with a name in front, aligned columns, nothing that steers a terminal.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "cmd/cmd.h"
#include "cmd/lines.h"
#include "cmd/table.h"

#define TEST cmocka_unit_test

struct sink {
	FILE *file;
	char *text;
	size_t size;
};

static FILE *begin(struct sink *sink)
{
	*sink = (struct sink){0};
	sink->file = open_memstream(&sink->text, &sink->size);
	assert_non_null(sink->file);
	return sink->file;
}

static void end(struct sink *sink, const char *expected)
{
	fclose(sink->file);
	assert_string_equal(sink->text, expected);
	free(sink->text);
}

static void add(struct lines *lines, const char *text)
{
	lines_add(lines, text, strlen(text));
}

static void a_line_that_comes_in_pieces_is_printed_once(void **state)
{
	struct sink sink;
	struct lines lines = {.name = "r1", .out = begin(&sink)};

	(void)state;
	add(&lines, "one\ntw");
	add(&lines, "o");
	add(&lines, "\n\nthree");
	add(&lines, "\n");
	lines_end(&lines);
	end(&sink, "r1 | one\nr1 | two\nr1 | \nr1 | three\n");
}

static void a_last_line_without_an_end_gets_one(void **state)
{
	struct sink sink;
	struct lines lines = {.name = "r1", .out = begin(&sink)};

	(void)state;
	add(&lines, "a\nb");
	lines_end(&lines);
	lines_end(&lines);
	end(&sink, "r1 | a\nr1 | b\n");
}

static void no_output_is_no_line(void **state)
{
	struct sink sink;
	struct lines lines = {.name = "r1", .out = begin(&sink)};

	(void)state;
	lines_end(&lines);
	end(&sink, "");
}

static void bytes_of_nul_are_kept(void **state)
{
	struct sink sink;
	struct lines lines = {.name = "r1", .out = begin(&sink)};

	(void)state;
	lines_add(&lines, "a\0b\n", 4);
	lines_end(&lines);
	fclose(sink.file);
	assert_int_equal(sink.size, 9);
	assert_memory_equal(sink.text, "r1 | a\0b\n", 9);
	free(sink.text);
}

/* Print `size` bytes without a newline, `step` at a time, and give the lengths of the lines. */
static size_t break_line(size_t size, size_t step, size_t lengths[8])
{
	char *data = malloc(step);
	struct sink sink;
	struct lines lines = {.name = "n", .out = begin(&sink)};
	size_t count = 0;

	memset(data, 'x', step);
	for (size_t done = 0; done < size; done += step)
		lines_add(&lines, data, step < size - done ? step : size - done);
	lines_end(&lines);
	fclose(sink.file);
	for (char *line = sink.text, *next; (next = strchr(line, '\n')); line = next + 1) {
		assert_true(count < 8);
		assert_memory_equal(line, "n | ", 4);
		lengths[count++] = (size_t)(next - line) - 4;
	}
	free(sink.text);
	free(data);
	return count;
}

static void a_line_without_bounds_is_broken_and_loses_nothing(void **state)
{
	static const size_t steps[] = {1, 1000, 65536, 200000};

	(void)state;
	for (size_t i = 0; i < sizeof(steps) / sizeof(steps[0]); i++) {
		size_t lengths[8] = {0};

		assert_int_equal(break_line(3 * LINE_MAX_BYTES + 7, steps[i], lengths), 4);
		assert_int_equal(lengths[0], LINE_MAX_BYTES);
		assert_int_equal(lengths[2], LINE_MAX_BYTES);
		assert_int_equal(lengths[3], 7);
	}
}

static void columns_are_as_wide_as_their_widest_cell(void **state)
{
	AUTO_ARENA struct arena *arena = arena_new();
	struct table table = {.arena = arena, .columns = 3};
	const char **row = table_row(&table);
	struct sink sink;

	(void)state;
	row[0] = "NAME", row[1] = "N", row[2] = "FILE";
	row = table_row(&table);
	row[0] = "a", row[1] = "1000", row[2] = "x";
	row = table_row(&table);
	row[1] = "5";
	begin(&sink);
	table_print(&table, sink.file);
	end(&sink, "NAME  N     FILE\na     1000  x\n      5\n");
}

static void an_empty_column_takes_no_room(void **state)
{
	AUTO_ARENA struct arena *arena = arena_new();
	struct table table = {.arena = arena, .columns = 3};
	const char **row = table_row(&table);
	struct sink sink;

	(void)state;
	row[0] = "a", row[2] = "c";
	begin(&sink);
	table_print(&table, sink.file);
	end(&sink, "a  c\n");
}

static void marks_and_characters_of_several_bytes_count_as_they_show(void **state)
{
	AUTO_ARENA struct arena *arena = arena_new();
	struct table table = {.arena = arena, .columns = 2};
	const char **row = table_row(&table);
	struct sink sink;

	(void)state;
	row[0] = TABLE_MARK "-\u00e9" TABLE_UNMARK, row[1] = "x";
	row = table_row(&table);
	row[0] = "abc", row[1] = "y";
	begin(&sink);
	table_print(&table, sink.file);
	end(&sink, "-\u00e9   x\nabc  y\n");
}

static void nothing_printed_steers_a_terminal(void **state)
{
	struct sink sink;

	(void)state;
	begin(&sink);
	put_printable(sink.file, "a\033[2Jb\r\b\177\tc\nd\u00e9");
	end(&sink, "a?[2Jb???\tc\nd\u00e9");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(a_line_that_comes_in_pieces_is_printed_once),
		TEST(a_last_line_without_an_end_gets_one),
		TEST(no_output_is_no_line),
		TEST(bytes_of_nul_are_kept),
		TEST(a_line_without_bounds_is_broken_and_loses_nothing),
		TEST(columns_are_as_wide_as_their_widest_cell),
		TEST(an_empty_column_takes_no_room),
		TEST(marks_and_characters_of_several_bytes_count_as_they_show),
		TEST(nothing_printed_steers_a_terminal),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
