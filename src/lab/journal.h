/* SPDX-License-Identifier: MIT */
/* What programs of a node wrote, read back across the parts that lab/output.h makes. */
#ifndef LAB_JOURNAL_H
#define LAB_JOURNAL_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

struct arena;
struct lab;

/* What is to be read of one part: what is written behind `end` later is not seen. */
struct part {
	int file;
	off_t at, end;
};

/*
 * The part that was read last, and two that have followed it meanwhile. The last of them stays open
 * for what is written next.
 */
#define JOURNAL_PARTS 3

struct journal {
	const char *path, *older; /* of the present part and the one before it */
	struct part parts[JOURNAL_PARTS];
	size_t count;
	bool gap; /* parts may have come and gone since it was renewed */
};

/* Of a service of the node, or of its commands (NULL). False: there is none, or see errno. */
bool journal_open(struct journal *journal, const struct lab *lab, const char *node,
		  const char *service, struct arena *arena);

/*
 * The next bytes of what was there when it was opened, or renewed: how many, 0 where there are no
 * more, or -errno. A service that writes without end is read no further than that.
 */
ssize_t journal_read(struct journal *journal, char *buffer, size_t size);

/* Let what was written since be read too. Returns 0 or -errno. */
int journal_renew(struct journal *journal);

/* Before anything is read: go to the last `lines` lines. Returns 0 or -errno. */
int journal_seek(struct journal *journal, size_t lines);

void journal_close(struct journal *journal);

/* The folder where all of a lab's are. */
const char *journal_folder(const struct lab *lab, struct arena *arena);

#endif
