/* SPDX-License-Identifier: MIT */
/* What a topology needs of the kernel and of the machine, tried before anything is built. */
#ifndef LAB_NEEDS_H
#define LAB_NEEDS_H

#include <stdbool.h>

struct faults;
struct topology;

/*
 * Does the kernel have what the topology needs, the machine the programs, and both the room? What
 * they lack is added to `faults`, with the place that asks for it, the cause and the remedy. A lab
 * that needs only what the building of any lab tries as well costs nothing here.
 */
bool needs_met(const struct topology *topology, struct faults *faults);

#endif
