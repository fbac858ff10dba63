/* SPDX-License-Identifier: MIT */
/* Absolute paths of nodes, as users write them. */
#ifndef TOPOLOGY_PATH_H
#define TOPOLOGY_PATH_H

#include <stdbool.h>

struct arena;

/*
 * An absolute path without doubled slashes, "." and a slash at its end. NULL: it has "..". One that
 * is not absolute stays as it is.
 */
const char *path_tidy(struct arena *arena, const char *path);

/* Is the absolute path, which is tidy, in /proc, /sys or /dev? Their name, or NULL. */
const char *path_of_kernel(const char *path);

#endif
