/* SPDX-License-Identifier: MIT */
/* The two ends of a way that is explained: what a user's words mean. Private to explain*.c. */
#ifndef LAB_EXPLAIN_ENDS_H
#define LAB_EXPLAIN_ENDS_H

#include "lab/path.h"

struct explain_end {
	struct path_node *node; /* NULL: nobody has the address */
	struct address address; /* AF_UNSPEC: any of the node's */
};

/* Those of path->request, of which the far one has an address then; 0, or less with *err. */
int explain_ends(struct path *path, struct explain_end *from, struct explain_end *to,
		 struct error *err);

#endif
