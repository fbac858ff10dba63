/* SPDX-License-Identifier: MIT */
/* The files that a file includes, with `include` in its [lab]. */
#ifndef TOPOLOGY_INCLUDE_H
#define TOPOLOGY_INCLUDE_H

#include <stdbool.h>
#include <stddef.h>

struct ini;
struct report;

#define FILE_LIMIT (32UL << 20) /* bytes, over all files of a lab */

/*
 * Put the sections of all files that are included in front of those of the file, whose folder is
 * `folder` and whose text has `size` bytes; each file once. Their [lab] sections become one, in
 * which the later one wins, and the file's own over all. Returns whether there is any.
 */
bool include_files(struct report *report, const char *folder, size_t size, struct ini *ini);

#endif
