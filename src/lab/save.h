/* SPDX-License-Identifier: MIT */
/* Files out of a running node, to stay when it goes. */
#ifndef LAB_SAVE_H
#define LAB_SAVE_H

#include <stdbool.h>

struct error;

/*
 * Copy `path` (absolute), and all below it, from the node that the caller has entered into the
 * folder `target`, opened before that: /etc/frr becomes etc/frr there. Links are copied as links.
 * The copies are the caller's own. What is there already and differs is an error, but `replace`.
 */
int save_path(const char *path, int target, bool replace, struct error *err);

#endif
