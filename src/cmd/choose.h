/* SPDX-License-Identifier: MIT */
/* Which nodes of a lab the user's words mean. */
#ifndef CMD_CHOOSE_H
#define CMD_CHOOSE_H

#include <stddef.h>

#include "lab/lab.h"

struct arena;
struct error;

/* "LAB/NODE" (LAB may be a path), or "NODE": the lab, or NULL, and the node. */
struct target {
	const char *lab;
	const char *node;
};

struct target target_split(const char *text, struct arena *arena);

/* Is it more than a name: does it hold what fnmatch(3) makes a pattern of? */
bool is_pattern(const char *word);

/*
 * The nodes of the lab that the words name: each a name or a pattern, none more than once, in the
 * order of the words. No words: all nodes. A word that no node matches is an error.
 */
int choose_nodes(const struct lab *lab, char *const *words, size_t word_count, struct arena *arena,
		 struct lab_node **nodes, size_t *count, struct error *err);

#endif
