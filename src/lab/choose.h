/* SPDX-License-Identifier: MIT */
/* Which nodes of a lab the user's words mean. */
#ifndef LAB_CHOOSE_H
#define LAB_CHOOSE_H

#include <stdbool.h>
#include <stddef.h>

struct arena;
struct error;
struct lab;
struct lab_node;

/* Names and patterns of nodes; starts zeroed. */
struct words {
	char **list;
	size_t count;
};

/*
 * Add the words of "NODE,NODE": each may be written LAB/NODE, where LAB, a name or a path, goes to
 * *lab. False: *lab was another one.
 */
bool words_add(struct words *words, const char *text, const char **lab, struct arena *arena);

/* Is it more than a name: does it hold what fnmatch(3) makes a pattern of? */
bool is_pattern(const char *word);

/*
 * The nodes of the lab that the words name, none more than once, in the order of the words. No
 * words: all nodes. A word that no node matches is an error.
 */
int choose_nodes(const struct lab *lab, const struct words *words, struct arena *arena,
		 struct lab_node **nodes, size_t *count, struct error *err);

#endif
