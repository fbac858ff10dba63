/* SPDX-License-Identifier: MIT */
/* One command in many nodes at once, their output told apart by line. */
#ifndef CMD_MANY_H
#define CMD_MANY_H

#include <stddef.h>

struct arena;
struct lab;
struct lab_node;

/*
 * Run the command in all the nodes at once, as far as descriptors allow, and wait for all. Each
 * line of output gets "NODE | " in front. Returns STATUS_DONE, or STATUS_FAILED after a message
 * that lists the nodes where it failed. An interrupt that a command ignores for a second is
 * followed by SIGTERM, then by SIGKILL.
 */
int many_run(const struct lab *lab, const struct lab_node *nodes, size_t count, char *const *argv,
	     struct arena *arena);

#endif
