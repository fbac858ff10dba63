/* SPDX-License-Identifier: MIT */
/* Two nodes of a topology that are far from each other. */
#ifndef GENERATE_FAR_H
#define GENERATE_FAR_H

struct arena;
struct interface;
struct node;
struct topology;

/*
 * Two hosts, or where there is none two routers, with as many cables between them as an honest
 * search finds: the farthest from the first one, and the farthest from that.
 */
void far_pair(const struct topology *topology, struct arena *arena, const struct node *pair[2]);

/* The farthest interface with an address that a node reaches without a router between; or NULL. */
const struct interface *far_neighbour(const struct topology *topology, struct arena *arena,
				      const struct node *from);

#endif
