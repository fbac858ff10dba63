/* SPDX-License-Identifier: MIT */
/* The folders that daemons expect to find, which the machine's own start would have made. */
#ifndef LAB_EXPECTED_H
#define LAB_EXPECTED_H

#include <sys/types.h>

struct arena;

/* One folder: its absolute path, and who is to own it. */
typedef void expected_folder(void *context, const char *path, mode_t mode, uid_t uid, gid_t gid);

/*
 * Name each: from tmpfiles.d(5), from the units of services (RuntimeDirectory= and its like in
 * systemd.exec(5)), and those few that only start scripts make. Folders of users that the machine
 * does not have are left out.
 */
void expected_each(struct arena *arena, expected_folder *each, void *context);

#endif
