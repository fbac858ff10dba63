/* SPDX-License-Identifier: MIT */
/* Lay the cables of a lab. */
#ifndef LAB_WIRING_H
#define LAB_WIRING_H

struct build;
struct error;

/*
 * Wait at CHANNEL_PREPARED until all nodes are ready for their cables, let them mount their files
 * meanwhile, and lay them. One process does it, and no sooner: cables are made under the one lock
 * of all network configuration, and while namespaces are still being made both take longer than one
 * after the other. Returns 0 or a negative code with *err set.
 */
int wiring_lay(struct build *build, struct error *err);

#endif
