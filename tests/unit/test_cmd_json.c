// SPDX-License-Identifier: MIT
// JSON documents are well-formed, whatever their texts hold.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdlib.h>
#include <string.h>

#include "cmd/json.h"

#define TEST cmocka_unit_test

struct document {
	struct json json;
	char *text;
	size_t size;
};

static void begin(struct document *document)
{
	*document = (struct document){0};
	document->json.out = open_memstream(&document->text, &document->size);
	assert_non_null(document->json.out);
}

static void end(struct document *document, const char *expected)
{
	fclose(document->json.out);
	assert_string_equal(document->text, expected);
	free(document->text);
}

/* The text as the only string of a document becomes `expected`. */
static void check_text(const char *text, const char *expected)
{
	struct document document;

	begin(&document);
	json_string(&document.json, NULL, text);
	end(&document, expected);
}

static void an_empty_object_and_array_have_no_lines_of_their_own(void **state)
{
	struct document document;

	(void)state;
	begin(&document);
	json_object(&document.json, NULL);
	json_array(&document.json, "list");
	json_end(&document.json);
	json_object(&document.json, "object");
	json_end(&document.json);
	json_end(&document.json);
	end(&document, "{\n  \"list\": [],\n  \"object\": {}\n}\n");
}

static void members_are_separated_and_indented(void **state)
{
	struct document document;

	(void)state;
	begin(&document);
	json_array(&document.json, NULL);
	json_number(&document.json, NULL, INT64_MIN);
	json_object(&document.json, NULL);
	json_bool(&document.json, "yes", true);
	json_string(&document.json, "nothing", NULL);
	json_end(&document.json);
	json_bool(&document.json, NULL, false);
	json_end(&document.json);
	end(&document, "[\n  -9223372036854775808,\n  {\n    \"yes\": true,\n"
		       "    \"nothing\": null\n  },\n  false\n]\n");
}

static void control_characters_and_quotes_are_escaped(void **state)
{
	(void)state;
	check_text("\"\\\b\f\n\r\t", "\"\\\"\\\\\\b\\f\\n\\r\\t\"");
	check_text("\001\033[31m\177", "\"\\u0001\\u001b[31m\\u007f\"");
	check_text("", "\"\"");
}

static void keys_are_escaped_too(void **state)
{
	struct document document;

	(void)state;
	begin(&document);
	json_object(&document.json, NULL);
	json_number(&document.json, "a\"b\n", 1);
	json_end(&document.json);
	end(&document, "{\n  \"a\\\"b\\n\": 1\n}\n");
}

static void utf8_is_kept(void **state)
{
	(void)state;
	check_text("\u00e9\u20ac\U0001f600", "\"\u00e9\u20ac\U0001f600\"");
	check_text("\xed\x9f\xbf\xf4\x8f\xbf\xbf", "\"\xed\x9f\xbf\xf4\x8f\xbf\xbf\"");
}

static void what_is_not_utf8_is_replaced_byte_by_byte(void **state)
{
	(void)state;
	check_text("a\xff"
		   "b",
		   "\"a\\ufffdb\"");
	check_text("\x80", "\"\\ufffd\"");
	check_text("\xc0\xaf", "\"\\ufffd\\ufffd\"");			    /* overlong */
	check_text("\xe0\x80\xaf", "\"\\ufffd\\ufffd\\ufffd\"");	    /* overlong */
	check_text("\xed\xa0\x80", "\"\\ufffd\\ufffd\\ufffd\"");	    /* a surrogate */
	check_text("\xf4\x90\x80\x80", "\"\\ufffd\\ufffd\\ufffd\\ufffd\""); /* too high */
	check_text("\xe2\x82", "\"\\ufffd\\ufffd\"");			    /* cut short */
	check_text("\xf0\x9f\x98\"", "\"\\ufffd\\ufffd\\ufffd\\\"\"");	    /* by a quote */
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(an_empty_object_and_array_have_no_lines_of_their_own),
		TEST(members_are_separated_and_indented),
		TEST(control_characters_and_quotes_are_escaped),
		TEST(keys_are_escaped_too),
		TEST(utf8_is_kept),
		TEST(what_is_not_utf8_is_replaced_byte_by_byte),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
