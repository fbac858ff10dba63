/* SPDX-License-Identifier: MIT */
/* Shortest paths from one router to all others, with all ways of equal cost; knows no addresses. */
#ifndef TOPOLOGY_PATHS_H
#define TOPOLOGY_PATHS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct arena;

/* Where a router is on a subnet. */
struct graph_port {
	uint32_t router, net;
	uint32_t interface; /* a number for it: one that is on several subnets has it several times
			     */
	uint32_t metric;    /* of what the router sends there, at least 1 */
};

/* Routers and subnets, both by number from 0. */
struct graph {
	size_t router_count, net_count, port_count;
	const struct graph_port *ports; /* router by router, and interface by interface */
	const bool *passes;		/* by router: it passes on what is for others */
	/* The ports of router r are ports[of_router[r]] to before [of_router[r + 1]]; those of net
	   n ports[members[of_net[n]]] and so on. */
	uint32_t *of_router, *of_net, *members;
};

void graph_start(struct graph *graph, struct arena *arena);

/* A way out of the source: by a port of its own to that of a neighbour. */
struct path_hop {
	uint32_t own, far;
};

#define DISTANCE_NONE UINT32_MAX

/* The paths from one router to each vertex: nets by their number, then routers. */
struct shortest_paths {
	const struct graph *graph;
	uint32_t *distances;
	bool *own;	/* by net: the source is on it */
	uint64_t *sets; /* of hops, each `words` words with a bit for each hop */
	struct path_hop *hops;
	size_t hop_count, words;

	uint32_t *seen; /* by router: the last interface of the source that leads to it */
	uint64_t *heap; /* distance, then vertex */
	size_t heap_count;
};

void paths_find(struct shortest_paths *paths, const struct graph *graph, uint32_t source,
		struct arena *arena);

static inline uint32_t vertex_of_router(const struct graph *graph, uint32_t router)
{
	return (uint32_t)graph->net_count + router;
}

/* The hops by which the vertex is reached. */
static inline uint64_t *paths_set(const struct shortest_paths *paths, uint32_t vertex)
{
	return &paths->sets[vertex * paths->words];
}

#endif
