// SPDX-License-Identifier: MIT
// What programs write, on its way to a bounded file, and read back across its parts.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/error.h"
#include "base/file.h"
#include "lab/journal.h"
#include "lab/lab.h"
#include "lab/output.h"

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

/* A lab's folder with an output and its journal. */
struct site {
	char path[64];
	int folder;
	struct arena *arena;
	struct lab lab;
	struct output output;
};

static int setup(void **state)
{
	struct site *site = calloc(1, sizeof(*site));
	struct error err;

	site->arena = arena_new();
	strcpy(site->path, "/tmp/nslab-output.XXXXXX");
	assert_non_null(mkdtemp(site->path));
	site->folder = open(site->path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	assert_int_equal(mkdirat(site->folder, "log", 0700), 0);
	site->lab.folder = site->path;
	assert_int_equal(output_open(&site->output, site->folder, "r1", "web", &err), 0);
	*state = site;
	return 0;
}

static int teardown(void **state)
{
	struct site *site = *state;

	output_close(&site->output);
	unlinkat(site->folder, "log/r1.web", 0);
	unlinkat(site->folder, "log/r1.web~", 0);
	unlinkat(site->folder, "log", AT_REMOVEDIR);
	close(site->folder);
	rmdir(site->path);
	arena_free(site->arena);
	free(site);
	return 0;
}

/* Write through the pipe, as a service does. */
static void say(struct site *site, const char *text, size_t size)
{
	assert_int_equal(write_all(site->output.write_end, text, size), 0);
	output_drain(&site->output);
}

static void say_lines(struct site *site, int first, int last)
{
	char line[64];

	for (int i = first; i <= last; i++)
		say(site, line, (size_t)snprintf(line, sizeof(line), "line %06d\n", i));
}

static char *read_all(struct site *site, struct journal *journal)
{
	size_t room = (size_t)4 * OUTPUT_HALF, used = 0;
	char *text = arena_alloc(site->arena, room);
	ssize_t n;

	while ((n = journal_read(journal, text + used, room - used - 1)) > 0)
		used += (size_t)n;
	assert_int_equal(n, 0);
	return text;
}

static void the_tail_is_of_the_last_that_began(void **state)
{
	struct site *site = *state;
	char text[OUTPUT_TAIL + 1];

	say(site, "of another\n", 11);
	output_begin(&site->output);
	assert_string_equal(output_last(&site->output, text), "");
	say(site, "one\ntwo\n\n", 9);
	assert_string_equal(output_last(&site->output, text), "one\ntwo");
}

static void the_tail_has_no_more_than_the_last_lines(void **state)
{
	struct site *site = *state;
	char text[OUTPUT_TAIL + 1];

	say_lines(site, 1, 1000);
	assert_int_equal(strncmp(output_last(&site->output, text), "line 000991\n", 12), 0);
	assert_string_equal(text + strlen(text) - 11, "line 001000");
}

static void a_log_is_begun_anew_and_the_part_before_is_kept(void **state)
{
	const int lines = 3 * OUTPUT_HALF / 12;
	struct site *site = *state;
	struct journal journal;
	struct stat st;
	char *text;
	int first;

	say_lines(site, 1, lines);
	assert_int_equal(fstatat(site->folder, "log/r1.web", &st, 0), 0);
	assert_true(st.st_size < OUTPUT_HALF);
	assert_int_equal(fstatat(site->folder, "log/r1.web~", &st, 0), 0);
	assert_true(st.st_size >= OUTPUT_HALF && st.st_size < 2 * OUTPUT_HALF);
	assert_true(journal_open(&journal, &site->lab, "r1", "web", site->arena));
	text = read_all(site, &journal);
	assert_int_equal(sscanf(text, "line %d", &first), 1);
	for (; first <= lines; first++, text += 12)
		assert_int_equal(strtol(text + 5, NULL, 10), first);
	assert_string_equal(text, "");
	journal_close(&journal);
}

static void a_reader_goes_on_across_the_parts(void **state)
{
	const int lines = 5 * OUTPUT_HALF / 48; /* a part and a quarter */
	struct site *site = *state;
	struct journal journal;
	char *text;

	say_lines(site, 1, 10);
	assert_true(journal_open(&journal, &site->lab, "r1", "web", site->arena));
	assert_int_equal(strlen(read_all(site, &journal)), 120);
	say_lines(site, 11, lines);
	assert_int_equal(journal_renew(&journal), 0);
	assert_false(journal.gap);
	text = read_all(site, &journal);
	for (int i = 11; i <= lines; i++, text += 12)
		assert_int_equal(strtol(text + 5, NULL, 10), i);
	assert_string_equal(text, "");
	journal_close(&journal);
}

/* As one service does that writes faster than anybody reads. */
static void a_reader_sees_what_was_there_when_it_began(void **state)
{
	const int first = 3 * OUTPUT_HALF / 24, more = 5 * OUTPUT_HALF / 12;
	struct site *site = *state;
	struct journal journal, last;
	char *text, line[16];

	say_lines(site, 1, first); /* a part and a half */
	assert_true(journal_open(&journal, &site->lab, "r1", "web", site->arena));
	assert_true(journal_open(&last, &site->lab, "r1", "web", site->arena));
	say_lines(site, first + 1, first + more); /* both parts are gone by now */
	text = read_all(site, &journal);
	assert_int_equal(strlen(text), 12 * first);
	snprintf(line, sizeof(line), "line %06d\n", first);
	assert_string_equal(text + 12 * (first - 1), line);
	assert_int_equal(journal_seek(&last, 1), 0);
	assert_string_equal(read_all(site, &last), line);
	journal_close(&journal);
	journal_close(&last);
}

static void a_reader_that_was_overtaken_is_told(void **state)
{
	const int more = 5 * OUTPUT_HALF / 12;
	struct site *site = *state;
	struct journal journal;
	char *text;

	say_lines(site, 1, 10);
	assert_true(journal_open(&journal, &site->lab, "r1", "web", site->arena));
	assert_int_equal(strlen(read_all(site, &journal)), 120);
	say_lines(site, 11, more);
	assert_int_equal(journal_renew(&journal), 0);
	assert_true(journal.gap);
	text = read_all(site, &journal);
	assert_true(strlen(text) < (size_t)12 * (more - 10));
	assert_int_equal(strtol(text + strlen(text) - 7, NULL, 10), more);
	journal_close(&journal);
}

/* The last lines of a log, in one reading. */
static char *read_last(struct site *site, size_t lines)
{
	struct journal journal;
	char *text;

	assert_true(journal_open(&journal, &site->lab, "r1", "web", site->arena));
	assert_int_equal(journal_seek(&journal, lines), 0);
	text = read_all(site, &journal);
	journal_close(&journal);
	return text;
}

static void the_last_lines_may_be_asked_for(void **state)
{
	struct site *site = *state;

	say_lines(site, 1, 3);
	assert_string_equal(read_last(site, 1), "line 000003\n");
	say(site, "no end", 6);
	assert_string_equal(read_last(site, 2), "line 000003\nno end");
	assert_string_equal(read_last(site, 4), "line 000001\nline 000002\nline 000003\nno end");
	assert_string_equal(read_last(site, 9), "line 000001\nline 000002\nline 000003\nno end");
	assert_string_equal(read_last(site, 0), "");
}

static void the_last_lines_may_lie_in_both_parts(void **state)
{
	const int part = (OUTPUT_HALF + 11) / 12; /* its last line begins the log anew */
	struct site *site = *state;
	char expected[64];

	say_lines(site, 1, part + 1);
	snprintf(expected, sizeof(expected), "line %06d\nline %06d\nline %06d\n", part - 1, part,
		 part + 1);
	assert_string_equal(read_last(site, 3), expected);
}

static void what_nobody_can_write_any_more_is_known(void **state)
{
	struct site *site = *state;

	assert_true(output_take(&site->output));
	output_close_writer(&site->output);
	assert_false(output_take(&site->output));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(the_tail_is_of_the_last_that_began),
		TEST(the_tail_has_no_more_than_the_last_lines),
		TEST(a_log_is_begun_anew_and_the_part_before_is_kept),
		TEST(a_reader_goes_on_across_the_parts),
		TEST(a_reader_sees_what_was_there_when_it_began),
		TEST(a_reader_that_was_overtaken_is_told),
		TEST(the_last_lines_may_be_asked_for),
		TEST(the_last_lines_may_lie_in_both_parts),
		TEST(what_nobody_can_write_any_more_is_known),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
