/* SPDX-License-Identifier: MIT */
/* A node's own /etc, /var and /run: in memory of its own, over the lab's layers and the machine's.
 */
#ifndef LAB_PRIVATE_H
#define LAB_PRIVATE_H

#include <stdbool.h>
#include <stddef.h>

struct build;
struct error;
struct node;

/* A folder of the machine's that this node has for itself, beside those that all have. */
struct extra {
	const char *path;
	int folder;  /* opened before anything was mounted */
	bool closed; /* this user cannot read it */
};

struct private_files {
	struct extra *extras; /* a folder comes before one in it */
	size_t count;
};

bool path_is_below(const char *path, const char *folder);

/* Is the folder, or one above it, the node's own? */
bool path_is_private(const struct private_files *files, const char *path);

/* Mount them; the working folder is that of the layers. */
int private_mount(const struct build *build, const struct node *node,
		  const struct private_files *files, struct error *err);

#endif
