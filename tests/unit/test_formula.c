// SPDX-License-Identifier: MIT
// Formulas in braces: what they come to, and what they leave alone.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <string.h>

#include "base/arena.h"
#include "topology/braces.h"
#include "topology/formula.h"

#define TEST cmocka_unit_test

static const struct loops loops = {.list = {{"n", 7}, {"row", 3}}, .count = 2};

static void check_value(const char *text, int64_t wanted)
{
	AUTO_ARENA struct arena *arena = arena_new();
	int64_t value = 0;
	const char *wrong = formula_value(text, strlen(text), &loops, arena, &value);

	if (wrong)
		fail_msg("%s %s", text, wrong);
	assert_int_equal(value, wanted);
}

static void check_text(const char *text, const char *wanted)
{
	AUTO_ARENA struct arena *arena = arena_new();
	struct bad_formula bad;
	const char *computed = formulas_computed(text, &loops, arena, &bad);

	if (!computed)
		fail_msg("%s: %s", text, bad.wrong);
	assert_string_equal(computed, wanted);
}

static void check_wrong(const char *text, const char *inner, const char *wrong)
{
	AUTO_ARENA struct arena *arena = arena_new();
	struct bad_formula bad;

	assert_null(formulas_computed(text, &loops, arena, &bad));
	assert_int_equal(bad.length, strlen(inner));
	assert_memory_equal(bad.text, inner, bad.length);
	assert_string_equal(bad.wrong, wrong);
}

static void a_formula_has_the_precedence_of_school(void **state)
{
	(void)state;
	check_value("n", 7);
	check_value("n+row*2", 13);
	check_value("(n + row) * 2", 20);
	check_value("n-row-1", 3);
	check_value("20/3/2", 3);
	check_value("n%4*10", 30);
	check_value("-n + --row", -4);
	check_value("-(n-8)", 1);
}

static void division_rounds_down_so_that_rings_close(void **state)
{
	(void)state;
	check_value("(n-8)%10+1", 10);
	check_value("(n-8)/10", -1);
	check_value("(n-17)%10", 0);
	check_value("n%-4", -1);
	check_value("n/-4", -2);
	check_value("n%-1", 0);
	check_value("n/-1", -7);
}

static void numbers_at_the_edge_do_not_overflow(void **state)
{
	(void)state;
	check_value("9223372036854775807", INT64_MAX);
	check_value("-9223372036854775807-1", INT64_MIN);
	check_wrong("{-(-9223372036854775807-1)}", "-(-9223372036854775807-1)",
		    "comes to a number that is too large");
	check_wrong("{(-9223372036854775807-1)/-1}", "(-9223372036854775807-1)/-1",
		    "comes to a number that is too large");
	check_wrong("{9223372036854775808}", "9223372036854775808",
		    "has a number that is too large");
	check_wrong("{9223372036854775807+1}", "9223372036854775807+1",
		    "comes to a number that is too large");
	check_wrong("{9223372036854775807*n}", "9223372036854775807*n",
		    "comes to a number that is too large");
}

static void a_text_gets_its_formulas_computed(void **state)
{
	(void)state;
	check_text("lan{n} 10.{n/256}.{n%256}.{row}/24", "lan7 10.0.7.3/24");
	check_text("r{n:03}-{row:01}", "r007-3");
	check_text("fd00:{n+100:x}::{n*3:04x}", "fd00:6b::0015");
	check_text("{ n + 1 }", "8");
	check_text("", "");
}

static void braces_around_anything_else_stay(void **state)
{
	(void)state;
	check_text("awk '{print $1}'", "awk '{print $1}'");
	check_text("echo ${n} ${HOME:-x}", "echo ${n} ${HOME:-x}");
	check_text("f() { sleep 1; }; f", "f() { sleep 1; }; f");
	check_text("{\"a\": {\"b\": 1}}", "{\"a\": {\"b\": 1}}");
	check_text("find -exec ls {} +", "find -exec ls {} +");
	check_text("} { {", "} { {");
	check_text("'{ if ($1 == {n}) print }'", "'{ if ($1 == 7) print }'");
}

static void doubled_braces_are_single_ones(void **state)
{
	(void)state;
	check_text("{{n}}", "{n}");
	check_text("a{{print}}b{n}", "a{print}b7");
	check_text("{{n}}{{n}}", "{n}{n}");
	check_text("{{n}", "{7");
	check_text("{n}}", "7}");
}

static void what_is_wrong_is_told(void **state)
{
	(void)state;
	check_wrong("a {k+1} b", "k+1",
		    "speaks of \"k\", but the ranges here are called n, row; double the braces to "
		    "keep them");
	check_wrong("{n+}", "n+", "ends where a number should be");
	check_wrong("{n+*2}", "n+*2", "has \"*\" where a number should be");
	check_wrong("{n row}", "n row", "has \"r\" where an operator should be");
	check_wrong("{(n}", "(n", "has a bracket that is not closed");
	check_wrong("{n)}", "n)", "has \")\" where an operator should be");
	check_wrong("{n/(n-7)}", "n/(n-7)", "divides by 0");
	check_wrong("{n%0}", "n%0", "divides by 0");
	check_wrong("{1..4}", "1..4",
		    "is a range; in a value there are only formulas, such as {n+1}");
	check_wrong("{n:5}", "n:5",
		    "has no form behind the colon that is known, such as :02 or :x");
	check_wrong("{n:099}", "n:099", "asks for too many digits");
	check_wrong("{0-n:x}", "0-n:x", "is negative, and hexadecimal");
}

static void brackets_without_end_do_not_take_the_stack(void **state)
{
	AUTO_ARENA struct arena *arena = arena_new();
	static char text[100000];
	int64_t value;

	(void)state;
	memset(text, '(', sizeof(text));
	assert_string_equal(formula_value(text, sizeof(text), &loops, arena, &value),
			    "has too many brackets");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(a_formula_has_the_precedence_of_school),
		TEST(division_rounds_down_so_that_rings_close),
		TEST(numbers_at_the_edge_do_not_overflow),
		TEST(a_text_gets_its_formulas_computed),
		TEST(braces_around_anything_else_stay),
		TEST(doubled_braces_are_single_ones),
		TEST(what_is_wrong_is_told),
		TEST(brackets_without_end_do_not_take_the_stack),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
