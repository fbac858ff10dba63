/* SPDX-License-Identifier: MIT */
/* The machine's /sys, which shows its interfaces: out of sight of the nodes. */
#ifndef LAB_HIDE_SYS_H
#define LAB_HIDE_SYS_H

#include <stdbool.h>

struct build;
struct error;
struct topology;

/*
 * In the caller's mounts /sys is an empty folder from here on, until something is started in a node
 * that may look there (mount_sys_late()).
 */
int sys_hide(const struct build *build, struct error *err);

/*
 * May the keeper hide it, for all nodes at once? Not where one needs the machine's: then each that
 * has mounts of its own hides it for itself.
 */
bool sys_hides_once(const struct topology *topology);

#endif
