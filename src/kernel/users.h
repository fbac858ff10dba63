/* SPDX-License-Identifier: MIT */
/* User and group ids of a lab of an ordinary user: what its user namespace maps. */
#ifndef KERNEL_USERS_H
#define KERNEL_USERS_H

#include <stdbool.h>
#include <sys/types.h>

struct error;

/*
 * Map ids into the user namespace of `child`, made by this user and not mapped yet: root in it is
 * the caller; with newuidmap(1) and newgidmap(1) and subordinate ids (subuid(5)), these follow from
 * 1 on. Where any of that lacks, the one id alone is mapped.
 */
int users_map(pid_t child, struct error *err);

/* How many ids, from 0 on, the caller's user namespace has. */
struct ids {
	unsigned long users, groups;
};
void ids_read(struct ids *ids);

/* The same of another process, which /proc must show. */
void ids_of(pid_t pid, struct ids *ids);

/* Are these all there are, as in no user namespace but the machine's? */
bool ids_all(const struct ids *ids);

/* The id of that number if there is one inside, else root's. */
uid_t ids_user(const struct ids *ids, uid_t uid);
gid_t ids_group(const struct ids *ids, gid_t gid);

#endif
