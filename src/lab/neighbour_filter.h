/* SPDX-License-Identifier: MIT */
/* Filters of a node that can keep it from answering for its address (ARP, neighbour discovery). */
#ifndef LAB_NEIGHBOUR_FILTER_H
#define LAB_NEIGHBOUR_FILTER_H

struct arena;
struct filter_drop;

/*
 * In the network namespace that the caller is in: what can drop the question for an address of that
 * family, or else the answer to it. NULL: nothing that is known of.
 */
const struct filter_drop *neighbour_filter(int family, struct arena *arena);

#endif
