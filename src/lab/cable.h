/* SPDX-License-Identifier: MIT */
/* The cables of a running lab: which of them the user means, and what the kernel has at their ends.
 */
#ifndef LAB_CABLE_H
#define LAB_CABLE_H

#include <stdbool.h>
#include <stddef.h>

#include "kernel/observe.h"
#include "topology/model.h"

struct arena;
struct error;
struct lab;
struct lab_node;
struct words;

struct cable_end {
	const struct interface *file;
	const struct observed_interface *kernel; /* NULL: not there, or not looked at */
};

struct cable {
	const struct segment *segment;
	struct cable_end ends[2]; /* a switch's port is the second */
};

/* The cables of a lab that are meant, and the nodes at their ends. */
struct cables {
	const struct lab *lab;
	const struct topology *topology;
	struct lab_node *nodes; /* by node->number - 1 */
	bool *touched;		/* likewise: has an end of one of them */
	bool *dead; /* likewise: was found dead, with all its ends, as they were looked at */
	struct cable *list;
	size_t count;
};

/*
 * The cables that the words name, in the order of the file; no words: all. A word is the name of a
 * link or of a switch, which stands for all cables of it, or an end, as NODE:INTERFACE; or a
 * pattern of either. One that names none is an error, -ENOENT, and goes to *unknown.
 */
int cables_choose(const struct lab *lab, const struct words *words, struct arena *arena,
		  struct cables *cables, const char **unknown, struct error *err);

/* Look at all ends of the cables, entering each of their nodes; after lab_enter_users(). */
int cables_observe(struct cables *cables, struct arena *arena, struct error *err);

/* Is it cut: is one of its ends set down, or not there? */
bool cable_is_down(const struct cable *cable);

/* "r1:eth1" */
const char *cable_end_title(const struct cable_end *end, struct arena *arena);

#endif
