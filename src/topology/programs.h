/* SPDX-License-Identifier: MIT */
/* Programs that a topology is known to run, and that may not be on this machine. */
#ifndef TOPOLOGY_PROGRAMS_H
#define TOPOLOGY_PROGRAMS_H

#include <stdbool.h>

#include "base/fault.h"

struct topology;

/*
 * Say of each that is not there which node wants it, and what package to install: as a fault, or as
 * a warning. Returns whether all are there.
 */
bool programs_there(const struct topology *topology, struct faults *faults, enum severity severity);

#endif
