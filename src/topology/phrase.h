/* SPDX-License-Identifier: MIT */
/* A sentence as words, some of them in quotes. */
#ifndef TOPOLOGY_PHRASE_H
#define TOPOLOGY_PHRASE_H

#include <stdbool.h>
#include <stddef.h>

struct arena;

struct word {
	const char *text;  /* without its quotes */
	size_t start, end; /* where it stands in the sentence, with them */
	bool quoted;	   /* any of it: then it is no keyword */
};

/*
 * Split at blanks; '...' and "..." keep them, and in the latter \" and \\ stand for " and \.
 * Returns NULL, or what is wrong, as words that follow the text.
 */
const char *phrase_split(const char *text, struct arena *arena, struct word **words, size_t *count);

#endif
