/* SPDX-License-Identifier: MIT */
/* The distributions of jitter as the tables that netem draws from. */
#ifndef KERNEL_DISTRIBUTION_H
#define KERNEL_DISTRIBUTION_H

#include <stdint.h>

#include "topology/impairment.h"

/* As many as tc(8) sends; the kernel takes up to 16,384. */
#define DISTRIBUTION_SIZE 4096

/*
 * The quantiles of a distribution of mean 0, in parts of 1/8192 of the jitter
 * (NETEM_DIST_SCALE): a packet's delay is the delay plus the jitter times one of them, picked at
 * random (tabledist() in net/sched/sch_netem.c). DISTRIBUTION_SIZE of them, computed once.
 */
const int16_t *distribution_table(enum distribution distribution);

#endif
