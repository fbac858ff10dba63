// SPDX-License-Identifier: MIT
// Shortest paths, and few routes for many destinations, against what trying all of them gives.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <arpa/inet.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "topology/forest.h"
#include "topology/paths.h"
#include "topology/values.h"

#define ROUTERS 24
#define ROUNDS	60
#define FAR	1000000 /* more than any distance here */

/* The same numbers in each run. */
static uint32_t seed;

static uint32_t below(uint32_t limit)
{
	seed = seed * 1664525 + 1013904223;
	return (seed >> 8) % limit;
}

static int begin(void **state)
{
	*state = arena_new();
	seed = 1;
	return 0;
}

static int end(void **state)
{
	arena_free(*state);
	return 0;
}

/* A graph of routers on subnets with two to four of them, some of which do not pass things on. */
static void draw(struct graph *graph, struct arena *arena)
{
	struct graph_port *ports = arena_alloc(arena, 4096 * sizeof(*ports));
	bool *passes = arena_alloc(arena, ROUTERS);
	bool on[64][ROUTERS] = {{false}};
	size_t nets = ROUTERS / 2 + below(ROUTERS), count = 0;

	for (size_t net = 0; net < nets; net++)
		for (uint32_t i = below(3) ? 2 : 4; i > 0; i--)
			on[net][below(ROUTERS)] = true;
	for (uint32_t router = 0; router < ROUTERS; router++) {
		passes[router] = below(8) > 0;
		for (uint32_t net = 0; net < nets; net++)
			if (on[net][router]) {
				ports[count] = (struct graph_port){router, net, (uint32_t)count,
								   1 + below(3)};
				count++;
			}
	}
	*graph = (struct graph){.router_count = ROUTERS,
				.net_count = nets,
				.port_count = count,
				.ports = ports,
				.passes = passes};
	graph_start(graph, arena);
}

/* All distances between routers by Floyd and Warshall; through those that pass things on. */
static void count_all(const struct graph *graph, uint32_t distances[ROUTERS][ROUTERS])
{
	for (size_t a = 0; a < ROUTERS; a++)
		for (size_t b = 0; b < ROUTERS; b++)
			distances[a][b] = a == b ? 0 : FAR;
	for (size_t i = 0; i < graph->port_count; i++)
		for (size_t k = 0; k < graph->port_count; k++) {
			const struct graph_port *a = &graph->ports[i], *b = &graph->ports[k];

			if (a->net == b->net && a->router != b->router &&
			    a->metric < distances[a->router][b->router])
				distances[a->router][b->router] = a->metric;
		}
	for (size_t by = 0; by < ROUTERS; by++)
		for (size_t a = 0; a < ROUTERS && graph->passes[by]; a++)
			for (size_t b = 0; b < ROUTERS; b++)
				if (distances[a][by] + distances[by][b] < distances[a][b])
					distances[a][b] = distances[a][by] + distances[by][b];
}

/* A neighbour is a way to a router if the rest of the way from it is as short as can be. */
static bool is_way(const struct graph *graph, uint32_t distances[ROUTERS][ROUTERS],
		   const struct path_hop *hop, uint32_t to)
{
	const struct graph_port *own = &graph->ports[hop->own], *far = &graph->ports[hop->far];

	return distances[own->router][to] < FAR &&
	       own->metric + distances[far->router][to] == distances[own->router][to] &&
	       (far->router == to || graph->passes[far->router]);
}

static void check_source(const struct shortest_paths *paths, uint32_t source,
			 uint32_t distances[ROUTERS][ROUTERS])
{
	const struct graph *graph = paths->graph;

	for (uint32_t to = 0; to < ROUTERS; to++) {
		uint32_t vertex = vertex_of_router(graph, to);
		uint32_t distance = distances[source][to];

		assert_int_equal(paths->distances[vertex],
				 distance < FAR ? distance : DISTANCE_NONE);
		for (size_t i = 0; to != source && distance < FAR && i < paths->hop_count; i++)
			assert_int_equal(paths_set(paths, vertex)[i / 64] >> i % 64 & 1,
					 is_way(graph, distances, &paths->hops[i], to));
	}
}

static void paths_are_the_shortest_with_all_equal_ways(void **state)
{
	for (int round = 0; round < ROUNDS; round++) {
		uint32_t distances[ROUTERS][ROUTERS];
		struct shortest_paths paths;
		struct graph graph;

		draw(&graph, *state);
		count_all(&graph, distances);
		for (uint32_t source = 0; source < ROUTERS; source++) {
			paths_find(&paths, &graph, source, *state);
			check_source(&paths, source, distances);
		}
	}
}

/* A set of hops has more than one word when a router has more than 64 neighbours. */
static void a_router_with_many_neighbours_has_a_way_to_each(void **state)
{
	enum { NEIGHBOURS = 150 };
	struct graph_port *ports = arena_alloc(*state, (size_t)NEIGHBOURS * 2 * sizeof(*ports));
	bool *passes = arena_alloc(*state, NEIGHBOURS + 1);
	struct graph graph = {.router_count = NEIGHBOURS + 1,
			      .net_count = NEIGHBOURS,
			      .port_count = (size_t)NEIGHBOURS * 2,
			      .ports = ports,
			      .passes = passes};
	struct shortest_paths paths;

	for (uint32_t i = 0; i < NEIGHBOURS; i++) {
		ports[i] = (struct graph_port){0, i, i, 1};
		ports[NEIGHBOURS + i] = (struct graph_port){i + 1, i, NEIGHBOURS + i, 1};
	}
	graph_start(&graph, *state);
	paths_find(&paths, &graph, 0, *state);
	assert_int_equal(paths.hop_count, NEIGHBOURS);
	for (uint32_t i = 0; i < NEIGHBOURS; i++) {
		const uint64_t *set = paths_set(&paths, vertex_of_router(&graph, i + 1));
		unsigned bits = 0;

		for (size_t k = 0; k < paths.words; k++)
			bits += (unsigned)__builtin_popcountll(set[k]);
		assert_int_equal(bits, 1);
		assert_true(set[i / 64] >> i % 64 & 1);
	}
}

static struct address prefix_of(uint32_t bits, unsigned length)
{
	struct address prefix = {.family = AF_INET, .length = (uint8_t)length};

	bits = htonl(bits);
	memcpy(prefix.bytes, &bits, sizeof(bits));
	address_mask(&prefix);
	return prefix;
}

/* By the longest route that holds the prefix; LABEL_NONE: by none. */
static uint32_t looked_up(const struct forest *forest, const struct cover *covers, size_t count,
			  const struct address *prefix)
{
	uint32_t label = LABEL_NONE;
	unsigned longest = 0;

	for (size_t i = 0; i < count; i++) {
		const struct address *node = &forest->nodes[covers[i].node];

		if (node->length <= prefix->length && node->length > longest &&
		    address_in(prefix, node)) {
			longest = node->length;
			label = covers[i].label;
		}
	}
	return label;
}

/* Prefixes close together, some of which lie in others. */
static size_t some_prefixes(struct address *list, size_t most)
{
	size_t count = 0;

	for (size_t i = 0; i < most; i++)
		list[i] = prefix_of(0x0a000000 + below(256) * 4, 30 - (below(8) ? 0 : below(4)));
	forest_sort(list, most);
	for (size_t i = 0; i < most; i++)
		if (!count || memcmp(&list[i], &list[count - 1], sizeof(*list)) != 0)
			list[count++] = list[i];
	return count;
}

/* What is not reached must not be covered, unless it is part of what is. */
static bool is_inner(const struct forest *forest, size_t leaf)
{
	for (size_t i = 0; i < forest->leaf_count; i++)
		if (i != leaf && forest->nodes[i].length < forest->nodes[leaf].length &&
		    address_in(&forest->nodes[leaf], &forest->nodes[i]))
			return true;
	return false;
}

static void check_covers(const struct forest *forest, const uint32_t *labels, const bool *barred,
			 const struct cover *covers, size_t count)
{
	for (size_t i = 0; i < count; i++)
		assert_false(barred[covers[i].node]);
	for (size_t i = 0; i < forest->leaf_count; i++)
		if (!barred[i] && labels[i] < LABEL_NONE)
			assert_int_equal(looked_up(forest, covers, count, &forest->nodes[i]),
					 labels[i]);
		else if (labels[i] == LABEL_NONE && !is_inner(forest, i))
			assert_int_equal(looked_up(forest, covers, count, &forest->nodes[i]),
					 LABEL_NONE);
}

static void few_routes_lead_where_many_would(void **state)
{
	size_t all = 0, few = 0;

	for (int round = 0; round < ROUNDS; round++) {
		struct address list[200];
		size_t leaves = some_prefixes(list, 200), count;
		uint32_t labels[200], most = round % 2 ? 3 : 100;
		struct forest forest;
		struct cover covers[200];
		bool *barred;

		forest_start(&forest, list, leaves, *state);
		barred = arena_alloc(*state, forest.count);
		for (size_t i = 0; i < leaves; i++)
			labels[i] = !below(10) ? LABEL_ANY : !below(20) ? LABEL_NONE : below(most);
		for (size_t i = 0; i < forest.count; i++)
			barred[i] = !below(30);
		count = forest_cover(&forest, labels, barred, forest_state(&forest, *state),
				     covers);
		check_covers(&forest, labels, barred, covers, count);
		all += leaves;
		few += count;
	}
	assert_true(few < all);
}

static void what_is_reached_alike_and_complete_takes_one_route(void **state)
{
	struct address list[64];
	uint32_t labels[64];
	struct forest forest;
	struct cover covers[64];

	for (uint32_t i = 0; i < 64; i++) {
		list[i] = prefix_of(0x0a000000 + i * 4, 30);
		labels[i] = 70; /* beyond those that are bits of a mask */
	}
	forest_sort(list, 64);
	forest_start(&forest, list, 64, *state);
	assert_int_equal(forest_cover(&forest, labels, NULL, forest_state(&forest, *state), covers),
			 1);
	assert_int_equal(forest.nodes[covers[0].node].length, 24);
	labels[5] = LABEL_ANY;
	labels[9] = 1;
	assert_int_equal(forest_cover(&forest, labels, NULL, forest_state(&forest, *state), covers),
			 7);
}

int main(void)
{
#define IN_ARENA(test) cmocka_unit_test_setup_teardown(test, begin, end)
	const struct CMUnitTest tests[] = {
		IN_ARENA(paths_are_the_shortest_with_all_equal_ways),
		IN_ARENA(a_router_with_many_neighbours_has_a_way_to_each),
		IN_ARENA(few_routes_lead_where_many_would),
		IN_ARENA(what_is_reached_alike_and_complete_takes_one_route),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
