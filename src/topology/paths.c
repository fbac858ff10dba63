// SPDX-License-Identifier: MIT
// Shortest paths from one router to all others, with all ways of equal cost: Dijkstra's algorithm.
#include "topology/paths.h"

#include <string.h>

#include "base/arena.h"

#define BITS 64

void graph_start(struct graph *graph, struct arena *arena)
{
	uint32_t *next;

	graph->of_router = arena_alloc(arena, (graph->router_count + 1) * sizeof(uint32_t));
	graph->of_net = arena_alloc(arena, (graph->net_count + 1) * sizeof(uint32_t));
	graph->members = arena_alloc(arena, (graph->port_count + 1) * sizeof(uint32_t));
	for (size_t i = 0; i < graph->port_count; i++) {
		graph->of_router[graph->ports[i].router + 1]++;
		graph->of_net[graph->ports[i].net + 1]++;
	}
	for (size_t i = 0; i < graph->router_count; i++)
		graph->of_router[i + 1] += graph->of_router[i];
	for (size_t i = 0; i < graph->net_count; i++)
		graph->of_net[i + 1] += graph->of_net[i];
	next = arena_alloc(arena, (graph->net_count + 1) * sizeof(uint32_t));
	memcpy(next, graph->of_net, (graph->net_count + 1) * sizeof(uint32_t));
	for (size_t i = 0; i < graph->port_count; i++)
		graph->members[next[graph->ports[i].net]++] = (uint32_t)i;
}

/* How many hops the router can have at most: a neighbour for each member of its subnets. */
static size_t most_hops(const struct graph *graph, uint32_t router)
{
	size_t count = 0;

	for (uint32_t i = graph->of_router[router]; i < graph->of_router[router + 1]; i++) {
		uint32_t net = graph->ports[i].net;

		count += graph->of_net[net + 1] - graph->of_net[net];
	}
	return count;
}

static void push(struct shortest_paths *paths, uint32_t distance, uint32_t vertex)
{
	uint64_t item = (uint64_t)distance << 32 | vertex;
	size_t at = paths->heap_count++;

	for (; at && paths->heap[(at - 1) / 2] > item; at = (at - 1) / 2)
		paths->heap[at] = paths->heap[(at - 1) / 2];
	paths->heap[at] = item;
}

static uint64_t pop(struct shortest_paths *paths)
{
	uint64_t top = paths->heap[0], last = paths->heap[--paths->heap_count];
	size_t at = 0, child;

	while ((child = 2 * at + 1) < paths->heap_count) {
		if (child + 1 < paths->heap_count && paths->heap[child + 1] < paths->heap[child])
			child++;
		if (paths->heap[child] >= last)
			break;
		paths->heap[at] = paths->heap[child];
		at = child;
	}
	paths->heap[at] = last;
	return top;
}

/* One more way to a vertex, by those hops: a shorter one, or one as good, or of no use. */
static void reach(struct shortest_paths *paths, uint32_t vertex, uint32_t distance,
		  const uint64_t *by)
{
	uint64_t *set = paths_set(paths, vertex);

	if (distance > paths->distances[vertex])
		return;
	if (distance < paths->distances[vertex]) {
		memcpy(set, by, paths->words * sizeof(*set));
		paths->distances[vertex] = distance;
		push(paths, distance, vertex);
		return;
	}
	for (size_t i = 0; i < paths->words; i++)
		set[i] |= by[i];
}

/* The neighbours on all subnets of the source; two subnets of an interface are one way. */
static void find_hops(struct shortest_paths *paths, uint32_t source)
{
	const struct graph *graph = paths->graph;

	paths->hop_count = 0;
	for (uint32_t own = graph->of_router[source]; own < graph->of_router[source + 1]; own++) {
		uint32_t net = graph->ports[own].net;

		paths->own[net] = true;
		for (uint32_t i = graph->of_net[net]; i < graph->of_net[net + 1]; i++) {
			uint32_t far = graph->members[i], router = graph->ports[far].router;

			if (router == source ||
			    paths->seen[router] == graph->ports[own].interface + 1)
				continue;
			paths->seen[router] = graph->ports[own].interface + 1;
			paths->hops[paths->hop_count++] = (struct path_hop){own, far};
		}
	}
}

static void make_room(struct shortest_paths *paths, uint32_t source, struct arena *arena)
{
	const struct graph *graph = paths->graph;
	size_t vertices = graph->net_count + graph->router_count;
	size_t hops = most_hops(graph, source);

	paths->distances = arena_alloc(arena, (vertices + 1) * sizeof(uint32_t));
	memset(paths->distances, 0xff, vertices * sizeof(uint32_t));
	paths->own = arena_alloc(arena, graph->net_count + 1);
	paths->seen = arena_alloc(arena, (graph->router_count + 1) * sizeof(uint32_t));
	paths->hops = arena_alloc(arena, (hops + 1) * sizeof(*paths->hops));
	/* What is nearer than before is pushed again: once for each port, and each hop. */
	paths->heap = arena_alloc(arena, (2 * graph->port_count + hops + 1) * sizeof(uint64_t));
}

static void start(struct shortest_paths *paths, uint32_t source, struct arena *arena)
{
	const struct graph *graph = paths->graph;
	size_t vertices = graph->net_count + graph->router_count;
	uint64_t *set;

	make_room(paths, source, arena);
	find_hops(paths, source);
	paths->distances[vertex_of_router(graph, source)] = 0;
	paths->words = (paths->hop_count + BITS - 1) / BITS;
	paths->sets = arena_alloc(arena, (vertices * paths->words + 1) * sizeof(uint64_t));
	set = arena_alloc(arena, (paths->words + 1) * sizeof(uint64_t));
	for (size_t i = 0; i < paths->hop_count; i++) {
		const struct path_hop *hop = &paths->hops[i];

		set[i / BITS] = 1ULL << i % BITS;
		reach(paths, vertex_of_router(graph, graph->ports[hop->far].router),
		      graph->ports[hop->own].metric, set);
		set[i / BITS] = 0;
	}
}

static void leave_net(struct shortest_paths *paths, uint32_t net, uint32_t distance)
{
	const struct graph *graph = paths->graph;

	for (uint32_t i = graph->of_net[net]; i < graph->of_net[net + 1]; i++)
		reach(paths, vertex_of_router(graph, graph->ports[graph->members[i]].router),
		      distance, paths_set(paths, net));
}

static void leave_router(struct shortest_paths *paths, uint32_t router, uint32_t distance)
{
	const struct graph *graph = paths->graph;

	for (uint32_t i = graph->of_router[router];
	     graph->passes[router] && i < graph->of_router[router + 1]; i++)
		reach(paths, graph->ports[i].net, distance + graph->ports[i].metric,
		      paths_set(paths, vertex_of_router(graph, router)));
}

/*
 * Of equal distances nets come before the routers on them, so that all ways to a vertex are known
 * when it is left.
 */
void paths_find(struct shortest_paths *paths, const struct graph *graph, uint32_t source,
		struct arena *arena)
{
	*paths = (struct shortest_paths){.graph = graph};
	start(paths, source, arena);
	while (paths->heap_count) {
		uint64_t item = pop(paths);
		uint32_t vertex = (uint32_t)item, distance = (uint32_t)(item >> 32);

		if (distance != paths->distances[vertex])
			continue;
		if (vertex < paths->graph->net_count)
			leave_net(paths, vertex, distance);
		else
			leave_router(paths, vertex - (uint32_t)paths->graph->net_count, distance);
	}
}
