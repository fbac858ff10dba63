/* SPDX-License-Identifier: MIT */
/* The control group of a lab that has limits, with one in it for each node that has any. */
#ifndef LAB_GROUP_H
#define LAB_GROUP_H

struct error;
struct node;
struct topology;

/*
 * Make it, and note in the lab's folder where, before it is there: whoever removes the folder
 * removes it. Nothing where no node has limits.
 */
int group_make(int folder, const struct topology *topology, struct error *err);

/* Move the calling process of the node into the node's. */
int group_enter(int folder, const struct node *node, struct error *err);

/* Move the calling process, which is to run in the node, likewise where it has one and may. */
void group_join(const char *folder, const char *node);

/* Remove it. Returns 0 or -errno: -EBUSY while a process of the lab lives. */
int group_remove(int folder);

#endif
