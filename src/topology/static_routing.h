/* SPDX-License-Identifier: MIT */
/* `routing = static`: routes of every router to all prefixes of the lab, by the shortest ways. */
#ifndef TOPOLOGY_STATIC_ROUTING_H
#define TOPOLOGY_STATIC_ROUTING_H

#include <stddef.h>

struct arena;
struct build;
struct node;
struct route;
struct topology;

/* Draw the lab as a graph, if the file asks for it: when all addresses and gateways are there. */
void static_routing_start(struct build *build);

/*
 * The computed routes of a node, beside those of the file. They are in the arena, with some 100
 * bytes for each vertex of the lab that are of no use afterwards. They are no part of the
 * model, for there are up to some hundred in each of a thousand nodes, and those of a node are
 * found when it is configured.
 */
struct route *static_routes(const struct topology *topology, const struct node *node,
			    struct arena *arena, size_t *count);

#endif
