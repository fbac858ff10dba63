// SPDX-License-Identifier: MIT
// INI text: sections, keys, values and their lines, and iniparser's traps that do not reach anyone.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <string.h>

#include "base/arena.h"
#include "topology/ini.h"
#include "topology/report.h"

#define TEST cmocka_unit_test

/* A text that has been read. */
struct read {
	struct arena *arena;
	struct faults faults;
	struct report report;
	struct ini ini;
};

static void read_bytes(struct read *read, const char *text, size_t size)
{
	*read = (struct read){.arena = arena_new()};
	read->faults.arena = read->arena;
	report_start(&read->report, "lab.ini", read->arena, &read->faults);
	ini_parse(&read->report, text, size, &read->ini);
}

static void read_text(struct read *read, const char *text)
{
	read_bytes(read, text, strlen(text));
}

static void end(struct read *read)
{
	arena_free(read->arena);
}

/* The one fault is at that line and has these words. */
static void end_with_fault(struct read *read, int line, const char *words)
{
	assert_int_equal(read->faults.count, 1);
	assert_int_equal(read->faults.list[0].place.line, line);
	assert_string_equal(read->faults.list[0].place.file, "lab.ini");
	assert_string_equal(read->faults.list[0].text, words);
	assert_false(read->faults.machine);
	end(read);
}

static void check_value(const struct read *read, size_t section, const char *key, int line,
			const char *value)
{
	const struct entry *entry = section_entry(&read->ini.sections[section], key);

	assert_non_null(entry);
	assert_int_equal(entry->place.line, line);
	assert_non_null(entry->value);
	assert_string_equal(entry->value, value);
}

static void sections_and_keys_are_kept_in_order_with_their_lines(void **state)
{
	struct read read;

	(void)state;
	read_text(&read, "; a comment\n"
			 "[node r1]\n"
			 "eth0 = lan1 10.0.0.1/24\n"
			 "\n"
			 "  forward=yes  \n"
			 "[switch lan1] # another\n"
			 "[lab]\n"
			 "name = x\n");
	assert_int_equal(read.faults.count, 0);
	assert_int_equal(read.ini.count, 3);
	assert_string_equal(read.ini.sections[0].kind, "node");
	assert_string_equal(read.ini.sections[0].name, "r1");
	assert_int_equal(read.ini.sections[0].place.line, 2);
	assert_int_equal(read.ini.sections[0].count, 2);
	assert_string_equal(read.ini.sections[0].entries[0].key, "eth0");
	assert_int_equal(read.ini.sections[1].count, 0);
	assert_string_equal(read.ini.sections[2].kind, "lab");
	assert_string_equal(read.ini.sections[2].name, "");
	check_value(&read, 0, "eth0", 3, "lan1 10.0.0.1/24");
	check_value(&read, 0, "forward", 5, "yes");
	check_value(&read, 2, "name", 8, "x");
	end(&read);
}

static void names_and_keys_keep_their_case(void **state)
{
	struct read read;

	(void)state;
	read_text(&read, "[Node R1]\nEth0 = LAN1\neth0 = lan1\n");
	assert_int_equal(read.faults.count, 0);
	assert_string_equal(read.ini.sections[0].kind, "Node");
	assert_string_equal(read.ini.sections[0].name, "R1");
	check_value(&read, 0, "Eth0", 2, "LAN1");
	check_value(&read, 0, "eth0", 3, "lan1");
	end(&read);
}

static void a_colon_hides_neither_section_nor_key(void **state)
{
	struct read read;

	(void)state;
	read_text(&read, "[node a:b]\nc:d = e:f\n");
	assert_int_equal(read.faults.count, 0);
	assert_string_equal(read.ini.sections[0].name, "a:b");
	check_value(&read, 0, "c:d", 2, "e:f");
	end(&read);
}

static void a_key_given_twice_is_a_fault_that_names_both_lines(void **state)
{
	struct read read;

	(void)state;
	read_text(&read, "[node r1]\nmtu = 1\n\nmtu = 2\n");
	assert_int_equal(read.ini.sections[0].count, 1);
	check_value(&read, 0, "mtu", 2, "1");
	end_with_fault(&read, 4, "mtu given twice; first in line 2");
}

static void a_key_given_twice_is_found_in_a_large_section_too(void **state)
{
	struct read read;
	char text[4096];
	size_t used = (size_t)sprintf(text, "[node r1]\n");

	(void)state;
	for (int i = 0; i < 100; i++)
		used += (size_t)sprintf(text + used, "k%d = %d\n", i, i);
	sprintf(text + used, "k7 = again\n");
	read_text(&read, text);
	assert_int_equal(read.ini.sections[0].count, 100);
	check_value(&read, 0, "k99", 101, "99");
	end_with_fault(&read, 102, "k7 given twice; first in line 9");
}

static void the_same_key_in_two_sections_is_no_fault(void **state)
{
	struct read read;

	(void)state;
	read_text(&read, "[node a]\nmtu = 1\n[node b]\nmtu = 2\n[node a]\nmtu = 3\n");
	assert_int_equal(read.faults.count, 0);
	check_value(&read, 0, "mtu", 2, "1");
	check_value(&read, 1, "mtu", 4, "2");
	check_value(&read, 2, "mtu", 6, "3");
	end(&read);
}

static void more_values_than_one_batch_holds_stay_with_their_keys(void **state)
{
	struct read read;
	char text[32768], key[16], value[16];
	size_t used = 0;

	(void)state;
	for (int i = 0; i < 1000; i++) {
		if (i % 10 == 0)
			used += (size_t)sprintf(text + used, "[node n%d]\n", i / 10);
		used += (size_t)sprintf(text + used, "k%d = v%d\n", i, i);
	}
	read_text(&read, text);
	assert_int_equal(read.faults.count, 0);
	assert_int_equal(read.ini.count, 100);
	for (int i = 0; i < 1000; i++) {
		sprintf(key, "k%d", i);
		sprintf(value, "v%d", i);
		check_value(&read, (size_t)i / 10, key, i + i / 10 + 2, value);
	}
	end(&read);
}

static void quotes_keep_what_would_be_a_comment(void **state)
{
	struct read read;

	(void)state;
	read_text(&read, "[node r1]\n"
			 "run.a = \"echo a; echo b # c\"\n"
			 "run.b = 'echo a; echo b'  ; a comment\n");
	assert_int_equal(read.faults.count, 0);
	check_value(&read, 0, "run.a", 2, "echo a; echo b # c");
	check_value(&read, 0, "run.b", 3, "echo a; echo b");
	assert_null(read.ini.sections[0].entries[0].comment);
	end(&read);
}

static void a_value_remembers_what_a_comment_took_off(void **state)
{
	struct read read;

	(void)state;
	read_text(&read, "[node r1]\nrun.a = echo a; echo b\nrun.b = echo #c\nrun.c = echo\n");
	check_value(&read, 0, "run.a", 2, "echo a");
	assert_string_equal(read.ini.sections[0].entries[0].comment, "; echo b");
	check_value(&read, 0, "run.b", 3, "echo");
	assert_string_equal(read.ini.sections[0].entries[1].comment, "#c");
	assert_null(read.ini.sections[0].entries[2].comment);
	end(&read);
}

static void a_quote_that_is_not_closed_is_a_fault(void **state)
{
	struct read read;

	(void)state;
	read_text(&read, "[node r1]\nrun.a = \"echo\n");
	assert_null(read.ini.sections[0].entries[0].value);
	end_with_fault(&read, 2, "run.a: the quote \" is not closed");
}

static void text_behind_a_closing_quote_is_a_fault(void **state)
{
	struct read read;

	(void)state;
	read_text(&read, "[node r1]\nrun.a = \"echo\" more\n");
	end_with_fault(&read, 2, "run.a: \"more\" stands behind the closing quote");
}

static void an_empty_value_is_a_value(void **state)
{
	struct read read;

	(void)state;
	read_text(&read, "[node r1]\na =\nb = \"\"\nc = ; nothing\n");
	assert_int_equal(read.faults.count, 0);
	check_value(&read, 0, "a", 2, "");
	check_value(&read, 0, "b", 3, "");
	check_value(&read, 0, "c", 4, "");
	end(&read);
}

static void lines_may_go_on_and_keep_the_number_of_their_first(void **state)
{
	struct read read;

	(void)state;
	read_text(&read, "[node r1]\na = one \\\ntwo\nb = three\n");
	assert_int_equal(read.faults.count, 0);
	check_value(&read, 0, "a", 2, "one two");
	check_value(&read, 0, "b", 4, "three");
	end(&read);
}

static void a_comment_does_not_go_on(void **state)
{
	struct read read;

	(void)state;
	read_text(&read, "[node r1]\n; see C:\\\na = 1\n");
	assert_int_equal(read.faults.count, 0);
	check_value(&read, 0, "a", 3, "1");
	end(&read);
}

static void a_line_that_goes_on_past_the_end_is_a_fault(void **state)
{
	struct read read;

	(void)state;
	read_text(&read, "[node r1]\na = one \\\n");
	end_with_fault(&read, 2, "the line goes on (\\), but the file ends");
}

static void lines_may_end_as_in_windows_and_start_with_a_byte_order_mark(void **state)
{
	struct read read;

	(void)state;
	read_text(&read, "\xef\xbb\xbf[node r1]\r\na = 1\r\n");
	assert_int_equal(read.faults.count, 0);
	assert_string_equal(read.ini.sections[0].name, "r1");
	check_value(&read, 0, "a", 2, "1");
	end(&read);
}

static void the_last_line_needs_no_end(void **state)
{
	struct read read;

	(void)state;
	read_text(&read, "[node r1]\na = 1");
	assert_int_equal(read.faults.count, 0);
	check_value(&read, 0, "a", 2, "1");
	end(&read);
}

static void the_longest_line_is_taken_whole_and_one_byte_more_is_left_out(void **state)
{
	struct read read;
	char text[2 * INI_LINE_LIMIT], expected[INI_LINE_LIMIT];
	int most = INI_LINE_LIMIT - (int)strlen("a = ");

	(void)state;
	memset(expected, 'x', sizeof(expected));
	expected[most] = '\0';
	sprintf(text, "[node r1]\na = %s\n", expected);
	read_text(&read, text);
	check_value(&read, 0, "a", 2, expected);
	end(&read);
	sprintf(text, "[node r1]\na = x%s\nb = 1\n", expected);
	read_text(&read, text);
	assert_null(read.ini.sections[0].entries[0].value);
	assert_int_equal(read.ini.sections[0].entries[0].length, INI_LINE_LIMIT + 1);
	check_value(&read, 0, "b", 3, "1");
	end(&read);
}

static void what_is_no_line_of_a_file_is_a_fault(void **state)
{
	static const struct {
		const char *text;
		int line;
		const char *words;
	} rows[] = {
		{"[node r1]\nhello\n", 2, "\"hello\" is neither [section] nor KEY = VALUE"},
		{"[node r1]\nhello ; = 1\n", 2,
		 "\"hello ; = 1\" is neither [section] nor KEY = VALUE"},
		{"[node r1]\n= 1\n", 2, "no key stands before the \"=\""},
		{"a = 1\nb = 2\n[node r1]\n", 1, "a stands before the first [section]"},
		{"[node r1\n", 1, "\"[node r1\" has no closing \"]\""},
		{"[node r1] x\n", 1, "\"x\" stands behind the \"]\""},
		{"[node r1]\na = \xff\n", 2, "byte 0xff is not UTF-8"},
		{"[node r1]\na = \x1b[2J\n", 2, "byte 0x1b is a control character"},
	};
	struct read read;

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		read_text(&read, rows[i].text);
		end_with_fault(&read, rows[i].line, rows[i].words);
	}
}

static void a_nul_ends_no_file(void **state)
{
	static const char text[] = "[node r1]\na = 1\0 2\nb = 3\n";
	struct read read;

	(void)state;
	read_bytes(&read, text, sizeof(text) - 1);
	check_value(&read, 0, "b", 3, "3");
	end_with_fault(&read, 2, "byte 0x00 is a control character");
}

static void nothing_is_a_file_without_sections(void **state)
{
	struct read read;

	(void)state;
	read_text(&read, "");
	assert_int_equal(read.ini.count, 0);
	assert_int_equal(read.faults.count, 0);
	end(&read);
}

static void reading_ends_when_no_more_faults_are_kept(void **state)
{
	struct read read;
	char text[16384];
	size_t used = (size_t)sprintf(text, "[node r1]\n");

	(void)state;
	for (int i = 0; i < 1000; i++)
		used += (size_t)sprintf(text + used, "bad%d\n", i);
	read_text(&read, text);
	assert_int_equal(read.faults.count, REPORT_LIMIT);
	assert_true(report_full(&read.report));
	end(&read);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(sections_and_keys_are_kept_in_order_with_their_lines),
		TEST(names_and_keys_keep_their_case),
		TEST(a_colon_hides_neither_section_nor_key),
		TEST(a_key_given_twice_is_a_fault_that_names_both_lines),
		TEST(a_key_given_twice_is_found_in_a_large_section_too),
		TEST(the_same_key_in_two_sections_is_no_fault),
		TEST(more_values_than_one_batch_holds_stay_with_their_keys),
		TEST(quotes_keep_what_would_be_a_comment),
		TEST(a_value_remembers_what_a_comment_took_off),
		TEST(a_quote_that_is_not_closed_is_a_fault),
		TEST(text_behind_a_closing_quote_is_a_fault),
		TEST(an_empty_value_is_a_value),
		TEST(lines_may_go_on_and_keep_the_number_of_their_first),
		TEST(a_comment_does_not_go_on),
		TEST(a_line_that_goes_on_past_the_end_is_a_fault),
		TEST(lines_may_end_as_in_windows_and_start_with_a_byte_order_mark),
		TEST(the_last_line_needs_no_end),
		TEST(the_longest_line_is_taken_whole_and_one_byte_more_is_left_out),
		TEST(what_is_no_line_of_a_file_is_a_fault),
		TEST(a_nul_ends_no_file),
		TEST(nothing_is_a_file_without_sections),
		TEST(reading_ends_when_no_more_faults_are_kept),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
