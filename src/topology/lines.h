/* SPDX-License-Identifier: MIT */
/* The lines of a text as an INI file has them: trimmed, continuations joined, bytes checked. */
#ifndef TOPOLOGY_LINES_H
#define TOPOLOGY_LINES_H

#include <stdbool.h>
#include <stddef.h>

struct report;

struct lines {
	struct report *report;
	const char *next, *end; /* what is not read yet */
	int number;		/* of the last line read */
};

struct line {
	const char *text; /* without white space at its ends; no NUL behind it */
	size_t length;
	int number;    /* of its first line */
	bool readable; /* false: something is wrong with its bytes, and that was said */
};

void lines_start(struct lines *lines, struct report *report, const char *text, size_t size);

/* The next line that is neither empty nor a comment. False at the end. */
bool lines_next(struct lines *lines, struct line *line);

/* Cut white space off both ends of a text. */
void trim(const char **text, size_t *length);

#endif
