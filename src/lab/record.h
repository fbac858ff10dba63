/* SPDX-License-Identifier: MIT */
/* The record of a lab on disk: what is running, as text that a person can read too. */
#ifndef LAB_RECORD_H
#define LAB_RECORD_H

#include <stddef.h>

#include "lab/lab.h"

/* Write the record of `lab` with its nodes into the lab's folder, whole or not at all. */
int record_write(int folder, const struct lab *lab, const struct lab_node *nodes, size_t count,
		 struct error *err);

/*
 * Read the record in the folder `name` below `parent` into *lab; name, file and folder live in the
 * arena. Returns 0, or -errno: -ENOENT none there, -EPROTO not one of ours. The record stays mapped
 * for record_node() until the process ends.
 */
int record_read(int parent, const char *parent_path, const char *name, struct arena *arena,
		struct lab *lab);

/* The node of that name by bisection, its name in the arena. Returns 0 or -ENOENT. */
int record_node(const struct lab *lab, const char *name, struct arena *arena,
		struct lab_node *node);

/* All nodes in the order of the file, the stubs' too. */
int record_nodes(const struct lab *lab, struct arena *arena, struct lab_node **nodes,
		 size_t *count);

#endif
