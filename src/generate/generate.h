/* SPDX-License-Identifier: MIT */
/* A topology file of a shape, and what it needs beside it. */
#ifndef GENERATE_GENERATE_H
#define GENERATE_GENERATE_H

#include <stdbool.h>
#include <stddef.h>

struct config_file;
struct faults;
struct shape;

struct generated {
	const char *text;
	struct config_file *configs; /* in the shape's folder */
	size_t config_count;
};

/*
 * `command`: how the user asked for it, for the file's first line. False where the file would have
 * faults, which go to `faults`: then something is wrong with nslab itself.
 */
bool generate(const struct shape *shape, const char *command, struct faults *faults,
	      struct generated *generated);

#endif
