/* SPDX-License-Identifier: MIT */
/* Whole files, read and written. */
#ifndef BASE_FILE_H
#define BASE_FILE_H

#include <stddef.h>
#include <sys/types.h>

struct arena;
struct error;

/*
 * Read the file at `path` ("-" is standard input) into the arena, with a NUL behind it, at most
 * `limit` bytes. Refuses a folder.
 */
int file_read(const char *path, size_t limit, struct arena *arena, char **data, size_t *size,
	      struct error *err);

/* Write all of `data`, going on after short writes and signals. Returns 0 or -errno. */
int write_all(int fd, const void *data, size_t size);

/*
 * Make the file `name` in the folder `dir` hold `data`, whole or not at all: written to a temporary
 * name in the same folder, then renamed over; one process at a time. Mode 0600.
 */
#define FILE_TEMPORARY(name) "." name ".new"
int file_replace(int dir, const char *name, const void *data, size_t size, struct error *err);

#endif
