// SPDX-License-Identifier: MIT
// Arguments: options wherever they stand, a command's left alone, LAB/NODE taken apart.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <string.h>

#include "base/arena.h"
#include "lab/choose.h"
#include "cmd/cmd.h"
#include "cmd/options.h"

#define TEST	  cmocka_unit_test
#define WORDS_MAX 12

static const struct verb verb = {"verb", NULL, "[ARGUMENT...]", "does nothing"};

/* What an argument list was read as. */
struct reading {
	bool json;
	const char *lab;
	int status, argc;
	char **argv;
	char *words[WORDS_MAX];
	char text[256];
};

static void split(struct reading *reading, const char *line)
{
	char *rest = reading->text, *word;

	*reading = (struct reading){0};
	snprintf(reading->text, sizeof(reading->text), "%s", line);
	while ((word = strsep(&rest, " ")))
		reading->words[reading->argc++] = word;
	reading->argv = reading->words;
}

static void go_on(struct reading *reading, bool leading)
{
	const struct option_row rows[] = {
		OPTION_LAB(&reading->lab), OPTION_JSON(&reading->json), {0}};

	reading->status = (leading ? options_read_leading
				   : options_read)(&verb, rows, "", &reading->argc, &reading->argv);
}

static void options_stand_before_and_behind_arguments(void **state)
{
	struct reading reading;

	(void)state;
	split(&reading, "verb h1 --json h2 -l campus");
	go_on(&reading, false);
	assert_int_equal(reading.status, OPTIONS_READ);
	assert_true(reading.json);
	assert_string_equal(reading.lab, "campus");
	assert_int_equal(reading.argc, 2);
	assert_string_equal(reading.argv[0], "h1");
	assert_string_equal(reading.argv[1], "h2");
}

static void two_dashes_end_the_options(void **state)
{
	struct reading reading;

	(void)state;
	split(&reading, "verb -- --json -l");
	go_on(&reading, false);
	assert_int_equal(reading.status, OPTIONS_READ);
	assert_false(reading.json);
	assert_int_equal(reading.argc, 2);
}

static void the_long_form_takes_its_value_either_way(void **state)
{
	static const char *const lines[] = {"verb --lab campus", "verb --lab=campus",
					    "verb -lcampus"};
	struct reading reading;

	(void)state;
	for (size_t i = 0; i < 3; i++) {
		split(&reading, lines[i]);
		go_on(&reading, false);
		assert_int_equal(reading.status, OPTIONS_READ);
		assert_string_equal(reading.lab, "campus");
	}
}

static void the_options_of_a_command_are_its_own(void **state)
{
	static const char *const lines[] = {"exec -l campus h1 ping -l 5",
					    "exec -l campus h1 -- ping -l 5",
					    "exec h1 -l campus -- ping -l 5"};
	struct reading reading;

	(void)state;
	for (size_t i = 0; i < 3; i++) {
		split(&reading, lines[i]);
		go_on(&reading, true);
		assert_string_equal(reading.argv[0], "h1");
		go_on(&reading, true);
		assert_int_equal(reading.status, OPTIONS_READ);
		assert_string_equal(reading.lab, "campus");
		assert_int_equal(reading.argc, 3);
		assert_string_equal(reading.argv[0], "ping");
		assert_string_equal(reading.argv[1], "-l");
	}
}

/* The status of reading that line. */
static int status_of(struct reading *reading, const char *line, bool leading)
{
	split(reading, line);
	go_on(reading, leading);
	return reading->status;
}

static void wrong_options_are_wrong_usage(void **state)
{
	static const char *const lines[] = {"verb -x",	     "verb --jsno", "verb --json=1",
					    "verb --lab",    "verb -l",	    "verb h1 --nonsense",
					    "verb --json -x"};
	struct reading reading;

	(void)state;
	for (size_t i = 0; i < sizeof(lines) / sizeof(lines[0]); i++)
		assert_int_equal(status_of(&reading, lines[i], false), STATUS_WRONG);
}

/* "down --al" must not end all labs. */
static void a_long_option_is_written_in_full(void **state)
{
	static const char *const lines[] = {"verb --j",		"verb --jso",
					    "verb h1 --jso h2", "verb --la campus",
					    "verb --la=campus", "verb --he"};
	struct reading reading;

	(void)state;
	for (size_t i = 0; i < sizeof(lines) / sizeof(lines[0]); i++) {
		assert_int_equal(status_of(&reading, lines[i], false), STATUS_WRONG);
		assert_false(reading.json);
		assert_null(reading.lab);
		assert_int_not_equal(status_of(&reading, lines[i], true), STATUS_DONE);
		assert_false(reading.json);
		assert_null(reading.lab);
	}
}

static void check_words(const char *text, const char *lab, const char *first, const char *last,
			size_t count)
{
	AUTO_ARENA struct arena *arena = arena_new();
	struct words words = {0};
	const char *found = NULL;

	assert_true(words_add(&words, text, &found, arena));
	assert_int_equal(words.count, count);
	if (lab)
		assert_string_equal(found, lab);
	else
		assert_null(found);
	if (!count)
		return;
	assert_string_equal(words.list[0], first);
	assert_string_equal(words.list[count - 1], last);
}

static void a_node_may_name_its_lab(void **state)
{
	(void)state;
	check_words("h1", NULL, "h1", "h1", 1);
	check_words("campus/h1", "campus", "h1", "h1", 1);
	check_words("../topologies/campus.ini/h1", "../topologies/campus.ini", "h1", "h1", 1);
	check_words("campus/h1,h2,campus/h3", "campus", "h1", "h3", 3);
	check_words("h*,r[12]", NULL, "h*", "r[12]", 2);
}

static void empty_words_are_none(void **state)
{
	(void)state;
	check_words("", NULL, NULL, NULL, 0);
	check_words(",h1,,", NULL, "h1", "h1", 1);
	check_words("campus/", "campus", NULL, NULL, 0);
}

static void nodes_of_two_labs_are_refused(void **state)
{
	AUTO_ARENA struct arena *arena = arena_new();
	struct words words = {0};
	const char *lab = "ring";

	(void)state;
	assert_false(words_add(&words, "campus/h1", &lab, arena));
	lab = NULL;
	assert_false(words_add(&words, "campus/h1,ring/h1", &lab, arena));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(options_stand_before_and_behind_arguments),
		TEST(two_dashes_end_the_options),
		TEST(the_long_form_takes_its_value_either_way),
		TEST(the_options_of_a_command_are_its_own),
		TEST(wrong_options_are_wrong_usage),
		TEST(a_long_option_is_written_in_full),
		TEST(a_node_may_name_its_lab),
		TEST(empty_words_are_none),
		TEST(nodes_of_two_labs_are_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
