/* SPDX-License-Identifier: MIT */
/* Lay the cables of a lab, each as soon as both its nodes are there. */
#ifndef LAB_WIRING_H
#define LAB_WIRING_H

struct build;
struct error;

/*
 * While nodes are still cloned and prepare themselves: wait for them at CHANNEL_PREPARED, and lay
 * the cables meanwhile. Returns 0 when all are laid, so all nodes are prepared, or a negative code
 * with *err set.
 */
int wiring_lay(struct build *build, struct error *err);

#endif
