// SPDX-License-Identifier: MIT
// A sentence as words, some of them in quotes.
#include "topology/phrase.h"

#include <string.h>

#include "base/arena.h"

static bool is_blank(char c)
{
	return c == ' ' || c == '\t';
}

/* The part in quotes that begins at *text, copied to *to. False: it does not end. */
static bool take_quoted(const char **text, char **to)
{
	char quote = *(*text)++;

	while (**text && **text != quote) {
		if (quote == '"' && **text == '\\' && ((*text)[1] == '"' || (*text)[1] == '\\'))
			(*text)++;
		*(*to)++ = *(*text)++;
	}
	return *(*text)++ == quote;
}

const char *phrase_split(const char *text, struct arena *arena, struct word **words, size_t *count)
{
	const char *at = text;

	*words = NULL;
	*count = 0;
	while (*(at += strspn(at, " \t"))) {
		char *copy = arena_alloc(arena, strlen(at) + 1), *to = copy;
		struct word *word = array_push(arena, *words, *count);

		*word = (struct word){.text = copy, .start = (size_t)(at - text)};
		while (*at && !is_blank(*at)) {
			if (*at != '"' && *at != '\'') {
				*to++ = *at++;
				continue;
			}
			word->quoted = true;
			if (!take_quoted(&at, &to))
				return "has a quote that does not end";
		}
		word->end = (size_t)(at - text);
	}
	return NULL;
}
