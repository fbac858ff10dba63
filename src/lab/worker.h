/* SPDX-License-Identifier: MIT */
/* The keeper's helpers: clone the nodes and configure their networks. */
#ifndef LAB_WORKER_H
#define LAB_WORKER_H

#include <stddef.h>

struct build;

/* How many are worth starting for so many nodes: one a processor, if there is enough to do. */
size_t workers_for(size_t nodes);

/* It does not return. */
void worker_main(struct build *build) __attribute__((noreturn));

#endif
