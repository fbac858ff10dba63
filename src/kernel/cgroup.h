/* SPDX-License-Identifier: MIT */
/* Control groups, of version 2: made where the caller may, with limits, entered, removed. */
#ifndef KERNEL_CGROUP_H
#define KERNEL_CGROUP_H

#include <stdbool.h>

struct error;
struct limits;

#define CGROUP_PATH_SIZE 1024

/*
 * Where groups with limits of these kinds can be made: in the root of all for root, else in the
 * nearest of the groups around the caller's that is an ordinary user's. The error says what is in
 * the way, and the remedy.
 */
int cgroup_find(const struct limits *kinds, char path[CGROUP_PATH_SIZE], struct error *err);

/* Make a group for groups with such limits. */
int cgroup_make(const char *path, const struct limits *kinds, struct error *err);

/* Make the group `name` with the limits in the one at `parent`. */
int cgroup_add(const char *parent, const char *name, const struct limits *limits,
	       struct error *err);

/*
 * Move the caller into the group `name` of the one at `parent`, and let that be the root of all
 * that it sees if `isolate`. Returns 0 or -errno.
 */
int cgroup_enter(const char *parent, const char *name, bool isolate);

/*
 * For how many more processes the caller's group and those around it have room, and in `path` which
 * of them has the least; -1: they have no limit, or none of version 2.
 */
long cgroup_room(char path[CGROUP_PATH_SIZE]);

/* Remove the group at `path` and all in it. Returns 0 or -errno: -EBUSY while a process lives. */
int cgroup_remove(const char *path);

#endif
