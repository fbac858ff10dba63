/* SPDX-License-Identifier: MIT */
/* One JSON document, written as it is said; always well-formed, whatever the texts hold. */
#ifndef CMD_JSON_H
#define CMD_JSON_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#define JSON_DEPTH_MAX 16

/* Start with {.out = stream}; nothing to free. The writer indents by two spaces. */
struct json {
	FILE *out;
	unsigned depth;
	char closing[JSON_DEPTH_MAX]; /* of what is open */
	bool filled;		      /* the innermost has a member */
};

/* `key` is the member's name in an object; NULL in an array, and for the whole document. */
void json_object(struct json *json, const char *key);
void json_array(struct json *json, const char *key);

/* Close the innermost object or array; behind the outermost a line ends. */
void json_end(struct json *json);

/* A string; NULL becomes null. What is not UTF-8 is replaced by U+FFFD. */
void json_string(struct json *json, const char *key, const char *text);
void json_number(struct json *json, const char *key, int64_t number);
void json_bool(struct json *json, const char *key, bool value);

#endif
