// SPDX-License-Identifier: MIT
// One JSON document, written as it is said; always well-formed, whatever the texts hold.
#include "cmd/json.h"

#include <assert.h>
#include <ctype.h>
#include <inttypes.h>
#include <string.h>

#include "base/text.h"

static void put_text(FILE *out, const char *text)
{
	static const char named[] = "\"\"\\\\\bb\ff\nn\rr\tt"; /* character, letter of its escape */
	const char *next = text, *end = text + strlen(text);

	fputc('"', out);
	while (*next) {
		size_t length = text_sequence(next, (size_t)(end - next));
		const char *escape = NULL;

		for (const char *pair = named; *pair && !escape; pair += 2)
			if (*pair == *next)
				escape = pair + 1;
		if (escape)
			fprintf(out, "\\%c", *escape);
		else if (!length)
			fputs("\\ufffd", out);
		else if (iscntrl((unsigned char)*next))
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
