/* SPDX-License-Identifier: MIT */
/* What programs of a node wrote, read back across the parts that lab/output.h makes. */
#ifndef LAB_JOURNAL_H
#define LAB_JOURNAL_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

struct arena;
struct lab;

struct journal {
	const char *path, *older; /* of the present part and the one before it */
	int file;		  /* the part that is being read; -1: none */
};

/* Of a service of the node, or of its commands (NULL). False: there is none. */
bool journal_open(struct journal *journal, const struct lab *lab, const char *node,
		  const char *service, struct arena *arena);

/* The next bytes: how many, 0 where there are no more by now, or -errno. */
ssize_t journal_read(struct journal *journal, char *buffer, size_t size);

/* Go to the last `lines` lines. Returns 0 or -errno. */
int journal_seek(struct journal *journal, size_t lines);

void journal_close(struct journal *journal);

/* The folder where all of a lab's are. */
const char *journal_folder(const struct lab *lab, struct arena *arena);

#endif
