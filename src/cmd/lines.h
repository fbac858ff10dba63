/* SPDX-License-Identifier: MIT */
/* A stream of bytes as lines with a name in front. */
#ifndef CMD_LINES_H
#define CMD_LINES_H

#include <stddef.h>
#include <stdio.h>

/* A longer line is broken. */
#define LINE_MAX_BYTES ((size_t)64 << 10)

/* Start with {.name = ..., .out = ...}; lines_end() frees. */
struct lines {
	const char *name;
	FILE *out;
	char *held; /* the beginning of a line that has not ended yet */
	size_t used, room;
};

/* Print the lines that these bytes complete; hold the rest. */
void lines_add(struct lines *lines, const char *data, size_t size);

/* Print what is held as a last line; start again. */
void lines_end(struct lines *lines);

#endif
