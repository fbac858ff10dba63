/* SPDX-License-Identifier: MIT */
/* Limits of the machine and the user that a large lab meets, seen before anything is built. */
#ifndef KERNEL_ROOM_H
#define KERNEL_ROOM_H

#include <stddef.h>

struct error;

/*
 * May so many processes be added to those that there are? Refused is only what is sure to fail.
 * Returns 0, or a negative code and the limit with its remedy in `err`.
 */
int room_for_processes(size_t count, struct error *err);

/* May this user have so many namespaces of a kind (enum isolation)? As above. */
int room_for_namespaces(unsigned isolation, size_t count, struct error *err);

/*
 * Does the kernel's table of neighbours, one for all namespaces together, take an entry for each of
 * so many interfaces with addresses of the family? Above its size the kernel throws away entries
 * that are older than five seconds, and packets where there are none (net/core/neighbour.c,
 * neigh_alloc()): a lab can be built all the same. As above.
 */
int room_for_neighbours(int family, size_t count, struct error *err);

#endif
