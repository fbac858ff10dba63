/* SPDX-License-Identifier: MIT */
/* Something tried in a throw-away child, as a lab of this user would do it. */
#ifndef KERNEL_TRIAL_H
#define KERNEL_TRIAL_H

/* Returns 0 or -errno. Runs in the child alone: what it changes is gone with it. */
typedef int (*trial_fn)(const void *data);

/*
 * Try `step` in a child; an ordinary user's is root of a user namespace of its own. Returns what
 * `step` does; -EIO where it did not return; or, without having tried it, TRIAL_NO_USERS where
 * that user namespace cannot be made, with -errno in *users (may be NULL).
 */
#define TRIAL_NO_USERS 1
int trial_run(trial_fn step, const void *data, int *users);

#endif
