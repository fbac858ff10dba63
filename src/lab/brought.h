/* SPDX-License-Identifier: MIT */
/* Files that the lab brings for a node: trees that are laid over its /. */
#ifndef LAB_BROUGHT_H
#define LAB_BROUGHT_H

#include "kernel/tree.h"

struct arena;
struct build;
struct error;
struct node;
struct private_files;

struct source {
	const char *path; /* absolute */
	int folder;	  /* opened before anything was mounted */
	struct tree tree;
};

struct brought {
	const struct build *build;
	const struct node *node;
	struct arena *arena;
	struct source sources[2]; /* of all nodes, then of this one */
	size_t count;
	bool root; /* they have something that / itself has to receive */
};

/*
 * Read the trees, and add what must be private to the list: the folders that the file names, and
 * for each entry of a tree the deepest folder of the machine's that receives it.
 */
int brought_open(struct brought *brought, struct private_files *files, struct error *err);

/* Whether / of this node is to have something of that name: for root_replace(). */
bool brought_in_root(void *brought, const char *name);

/* Lay them, when all is mounted. */
int brought_lay(struct brought *brought, struct error *err);

#endif
