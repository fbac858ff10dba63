// SPDX-License-Identifier: MIT
// One JSON document, written as it is said; always well-formed, whatever the texts hold.
#include "cmd/json.h"

#include <assert.h>
#include <inttypes.h>
#include <string.h>

/* How long the UTF-8 sequence at `text` is; 0 where it is none: cut short, overlong, a surrogate.
 */
static size_t sequence(const unsigned char *text)
{
	static const struct {
		unsigned char first, last, low, high; /* of byte one, and the bounds of byte two */
		size_t length;
	} kinds[] = {
		{0x00, 0x7f, 0x00, 0x00, 1}, {0xc2, 0xdf, 0x80, 0xbf, 2},
		{0xe0, 0xe0, 0xa0, 0xbf, 3}, {0xe1, 0xec, 0x80, 0xbf, 3},
		{0xed, 0xed, 0x80, 0x9f, 3}, {0xee, 0xef, 0x80, 0xbf, 3},
		{0xf0, 0xf0, 0x90, 0xbf, 4}, {0xf1, 0xf3, 0x80, 0xbf, 4},
		{0xf4, 0xf4, 0x80, 0x8f, 4},
	};

	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
		if (text[0] < kinds[i].first || text[0] > kinds[i].last)
			continue;
		if (kinds[i].length > 1 && (text[1] < kinds[i].low || text[1] > kinds[i].high))
			return 0;
		for (size_t k = 2; k < kinds[i].length; k++)
			if (text[k] < 0x80 || text[k] > 0xbf)
				return 0;
		return kinds[i].length;
	}
	return 0;
}

static void put_text(FILE *out, const char *text)
{
	static const char named[] = "\"\"\\\\\bb\ff\nn\rr\tt"; /* character, letter of its escape */
	const unsigned char *next = (const unsigned char *)text;

	fputc('"', out);
	while (*next) {
		size_t length = sequence(next);
		const char *escape = NULL;

		for (const char *pair = named; *pair && !escape; pair += 2)
			if (*pair == (char)*next)
				escape = pair + 1;
		if (escape)
			fprintf(out, "\\%c", *escape);
		else if (!length)
			fputs("\\ufffd", out);
		else if (*next < 0x20 || *next == 0x7f)
			fprintf(out, "\\u%04x", (unsigned)*next);
		else
			fwrite(next, 1, length, out);
		next += length ? length : 1;
	}
	fputc('"', out);
}

static void start_line(struct json *json)
{
	fprintf(json->out, "\n%*s", (int)json->depth * 2, "");
}

/* What stands before a value: the comma behind the last one, its line, its key. */
static void start_value(struct json *json, const char *key)
{
	if (json->filled)
		fputc(',', json->out);
	if (json->depth)
		start_line(json);
	json->filled = true;
	if (!key)
		return;
	put_text(json->out, key);
	fputs(": ", json->out);
}

static void open_value(struct json *json, const char *key, char opening, char closing)
{
	start_value(json, key);
	assert(json->depth < JSON_DEPTH_MAX);
	json->closing[json->depth++] = closing;
	json->filled = false;
	fputc(opening, json->out);
}

void json_object(struct json *json, const char *key)
{
	open_value(json, key, '{', '}');
}

void json_array(struct json *json, const char *key)
{
	open_value(json, key, '[', ']');
}

void json_end(struct json *json)
{
	assert(json->depth > 0);
	json->depth--;
	if (json->filled)
		start_line(json);
	json->filled = true;
	fputc(json->closing[json->depth], json->out);
	if (!json->depth)
		fputc('\n', json->out);
}

void json_string(struct json *json, const char *key, const char *text)
{
	start_value(json, key);
	if (text)
		put_text(json->out, text);
	else
		fputs("null", json->out);
}

void json_number(struct json *json, const char *key, int64_t number)
{
	start_value(json, key);
	fprintf(json->out, "%" PRId64, number);
}

void json_bool(struct json *json, const char *key, bool value)
{
	start_value(json, key);
	fputs(value ? "true" : "false", json->out);
}
