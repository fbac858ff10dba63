/* SPDX-License-Identifier: MIT */
/* Trees of files: read from the machine with their true owners, laid elsewhere. */
#ifndef KERNEL_TREE_H
#define KERNEL_TREE_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

#include "topology/files.h"

struct arena;
struct error;
struct ids;

struct tree_entry {
	const char *path; /* below the root of the tree; a folder comes before what is in it */
	mode_t mode;	  /* kind and permissions */
	uid_t uid;
	gid_t gid;
	const char *link; /* of a symbolic link: where it points */
	bool closed;	  /* a folder that we cannot read: empty in the tree, and open to all */
};

/* Folders, symbolic links, regular files; and whiteouts, which are character devices 0:0. */
struct tree {
	const char *root; /* on the machine, whence the contents of files come; NULL: it has none */
	struct tree_entry *entries;
	size_t count;
	struct arena *arena;
};

enum tree_kinds {
	TREE_FOLDERS,	 /* nothing else */
	TREE_ALL,	 /* and links and regular files */
	TREE_EVERYTHING, /* and what no tree can have, for the caller to see */
};

#define TREE_MOST FILES_MOST /* entries that are read */

#define TREE_PLACEHOLDER ".gitkeep" /* keeps an empty folder in git, and is nothing else */

void tree_start(struct tree *tree, const char *root, struct arena *arena);

/* Add what is in `path` below the root ("": all), and below it on the same file system. */
void tree_read(struct tree *tree, const char *path, enum tree_kinds kinds);

/* Add what the absolute path leads to, and all below it. False, with errno: there is nothing. */
bool tree_read_path(struct tree *tree, const char *path);

/* Add one folder; those above it that are not there yet are root's, mode 0755. */
void tree_add_folder(struct tree *tree, const char *path, mode_t mode, uid_t uid, gid_t gid);

/* Add a whiteout, by which an overlay hides what the layers below it have there. */
void tree_hide(struct tree *tree, const char *path);

/* Copy what is left to read of a file. Returns 0 or -errno. */
int tree_copy(int from, int to);

/* Remove all that is in the folder, but for empty folders where no overlay can. Returns 0 or
 * -errno. */
int tree_empty(int folder);

/*
 * Lay the tree in the folder `target`: owners as their numbers are inside (those without one become
 * root), contents read from the tree's root. What is gone or cannot be read is left out.
 */
int tree_lay(const struct tree *tree, int target, const struct ids *ids, struct error *err);

#endif
