// SPDX-License-Identifier: MIT
// `routing = static`: routes of every router to all prefixes of the lab, by the shortest ways.
#include "topology/static_routing.h"

#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "base/arena.h"
#include "topology/build.h"
#include "topology/lab_graph.h"
#include "topology/network.h"
#include "topology/values.h"

#define HOPS_MOST 64 /* of one route: what is beyond is left out */
#define BITS	  64

struct static_routing {
	struct lab_graph labs[2]; /* IPv4, IPv6 */
	bool *by_default[2];	  /* by router: what it does not know goes to its one neighbour */
};

/* Sets of hops, each with a number: the label of what is reached by them. */
struct labels {
	uint64_t *sets; /* by label, `words` words each */
	size_t count, words;
	uint32_t *slots; /* of a hash table: labels; LABEL_ANY: empty */
	size_t size;	 /* a power of two */
};

/* What is needed for the routes of one router and family. */
struct search {
	struct arena *arena;
	const struct lab_graph *lab;
	struct shortest_paths paths;
	struct labels labels;
	uint64_t *set; /* the union of several */
};

static uint64_t hash_of(const uint64_t *set, size_t words)
{
	uint64_t hash = 0;

	for (size_t i = 0; i < words; i++)
		hash = (hash ^ set[i]) * 0x9e3779b97f4a7c15;
	return hash ^ hash >> 32;
}

/* The label of the set, a new one where it was not met before. */
static uint32_t label_of(struct labels *labels, const uint64_t *set)
{
	size_t size = labels->words * sizeof(*set);
	size_t slot = hash_of(set, labels->words) & (labels->size - 1);

	while (labels->slots[slot] != LABEL_ANY) {
		if (!memcmp(&labels->sets[labels->slots[slot] * labels->words], set, size))
			return labels->slots[slot];
		slot = (slot + 1) & (labels->size - 1);
	}
	memcpy(&labels->sets[labels->count * labels->words], set, size);
	labels->slots[slot] = (uint32_t)labels->count;
	return (uint32_t)labels->count++;
}

/* How the source reaches a leaf: by the ways to the nearest of the vertices where it is. */
static uint32_t label_leaf(struct search *search, size_t leaf)
{
	const struct shortest_paths *paths = &search->paths;
	const uint64_t *best = NULL;
	uint32_t distance = DISTANCE_NONE;

	for (size_t i = search->lab->of_leaf[leaf]; i < search->lab->of_leaf[leaf + 1]; i++) {
		uint32_t vertex = search->lab->places[i];
		const uint64_t *set = paths_set(paths, vertex);

		if (!paths->distances[vertex] ||
		    (vertex < paths->graph->net_count && paths->own[vertex]))
			return LABEL_ANY;
		if (paths->distances[vertex] < distance) {
			distance = paths->distances[vertex];
			best = set;
		} else if (best && paths->distances[vertex] == distance) {
			for (size_t k = 0; k < paths->words; k++)
				search->set[k] = best[k] | set[k];
			best = search->set;
		}
	}
	return best ? label_of(&search->labels, best) : LABEL_NONE;
}

static void start_labels(struct search *search)
{
	struct labels *labels = &search->labels;
	size_t leaves = search->lab->forest.leaf_count;

	labels->words = search->paths.words;
	labels->size = 16;
	while (labels->size < 2 * leaves)
		labels->size *= 2;
	labels->slots = arena_alloc(search->arena, labels->size * sizeof(uint32_t));
	for (size_t i = 0; i < labels->size; i++)
		labels->slots[i] = LABEL_ANY;
	labels->sets = arena_alloc(search->arena, (leaves * labels->words + 1) * sizeof(uint64_t));
	search->set = arena_alloc(search->arena, (labels->words + 1) * sizeof(uint64_t));
}

static uint32_t *label_leaves(struct search *search)
{
	size_t leaves = search->lab->forest.leaf_count;
	uint32_t *labels = arena_alloc(search->arena, (leaves + 1) * sizeof(*labels));

	start_labels(search);
	for (size_t i = 0; i < leaves; i++)
		labels[i] = label_leaf(search, i);
	return labels;
}

/* The nodes of the forest of which the file says how they are reached: that is left to it. */
static bool *left_to_file(struct search *search, const struct node *node, int family)
{
	const struct forest *forest = &search->lab->forest;
	bool *barred = arena_alloc(search->arena, forest->count + 1);

	for (size_t i = 0; i < node->route_count; i++) {
		const struct route *route = &node->routes[i];

		if (route->destination.family == family && !route->vrf)
			barred[forest_find(forest, &route->destination)] = true;
	}
	return barred;
}

/* The hops of a label, one behind the other. */
static struct next_hop *hops_of(const struct search *search, uint32_t label, size_t *count)
{
	const uint64_t *set = search->labels.sets + label * search->labels.words;
	struct next_hop *hops = NULL;

	*count = 0;
	for (size_t word = 0; word < search->labels.words; word++)
		for (uint64_t left = set[word]; left && *count < HOPS_MOST; left &= left - 1) {
			size_t bit = word * BITS + (size_t)__builtin_ctzll(left);
			const struct path_hop *way = &search->paths.hops[bit];
			struct next_hop *hop = array_push(search->arena, hops, *count);

			hop->via = *search->lab->ports[way->far].address;
			hop->via.length = (uint8_t)address_bits(hop->via.family);
			hop->interface = search->lab->ports[way->own].interface;
		}
	return hops;
}

/* The routes that are being made. */
struct list {
	const struct node *node;
	struct route *routes;
	size_t count;
};

/* As ip(8) shows them. */
static int by_destination(const void *a, const void *b)
{
	const struct address *x = &((const struct route *)a)->destination;
	const struct address *y = &((const struct route *)b)->destination;
	int order = memcmp(x->bytes, y->bytes, sizeof(x->bytes));

	return order ? order : x->length - y->length;
}

static void add_routes(struct search *search, const struct cover *covers, size_t count,
		       struct list *list)
{
	struct {
		struct next_hop *hops;
		size_t count;
	} *ways = arena_alloc(search->arena, (search->labels.count + 1) * sizeof(*ways));
	struct route *routes =
		arena_alloc(search->arena, (list->count + count + 1) * sizeof(*routes));

	if (list->count)
		memcpy(routes, list->routes, list->count * sizeof(*routes));
	list->routes = routes;
	for (size_t i = 0; i < count; i++) {
		uint32_t label = covers[i].label;

		if (!ways[label].hops)
			ways[label].hops = hops_of(search, label, &ways[label].count);
		routes[list->count++] = (struct route){
			.name = "static",
			.place = list->node->place,
			.destination = search->lab->forest.nodes[covers[i].node],
			.hops = ways[label].hops,
			.hop_count = ways[label].count,
		};
	}
	if (count)
		qsort(&routes[list->count - count], count, sizeof(*routes), by_destination);
}

static void find_routes(struct search *search, uint32_t router, bool by_default, int family,
			struct list *list)
{
	const struct forest *forest = &search->lab->forest;
	struct cover *covers =
		arena_alloc(search->arena, (forest->leaf_count + 1) * sizeof(*covers));
	uint32_t *labels;
	size_t count;

	paths_find(&search->paths, &search->lab->graph, router, search->arena);
	labels = label_leaves(search);
	count = forest_cover(forest, labels, left_to_file(search, list->node, family),
			     forest_state(forest, search->arena), covers);
	if (!by_default || search->labels.count != 1 || count < 2) {
		add_routes(search, covers, count, list);
		return;
	}
	add_routes(search, covers, 1, list);
	list->routes[list->count - 1].destination = (struct address){.family = (uint8_t)family};
}

struct route *static_routes(const struct topology *topology, const struct node *node,
			    struct arena *arena, size_t *count)
{
	const struct static_routing *routing = topology->computed;
	struct list list = {.node = node};

	for (int place = 0; place < 2 && routing && node->forward; place++) {
		struct search search = {.arena = arena, .lab = &routing->labs[place]};
		uint32_t router = search.lab->numbers[node->number];

		find_routes(&search, router, routing->by_default[place][router], family_at(place),
			    &list);
	}
	*count = list.count;
	return list.routes;
}

/* The one neighbour that a router has, by however many ways; NO_ROUTER: none, or several. */
static uint32_t only_neighbour(const struct graph *graph, uint32_t router)
{
	uint32_t found = NO_ROUTER;

	for (uint32_t i = graph->of_router[router]; i < graph->of_router[router + 1]; i++) {
		uint32_t net = graph->ports[i].net;

		for (uint32_t k = graph->of_net[net]; k < graph->of_net[net + 1]; k++) {
			uint32_t other = graph->ports[graph->members[k]].router;

			if (other != router && found != NO_ROUTER && other != found)
				return NO_ROUTER;
			if (other != router)
				found = other;
		}
	}
	return found;
}

/*
 * Where there is one way out, a default route does. But what nobody has would go back and forth
 * between two routers with one: so not where the neighbour has one too.
 */
static bool *find_defaults(const struct lab_graph *lab, struct arena *arena, int family)
{
	const struct graph *graph = &lab->graph;
	bool *by_default = arena_alloc(arena, graph->router_count + 1);
	bool *given = arena_alloc(arena, graph->router_count + 1);

	for (uint32_t i = 0; i < graph->router_count; i++)
		given[i] = node_has_default(lab->routers[i], family);
	for (uint32_t i = 0; i < graph->router_count; i++) {
		uint32_t neighbour =
			graph->passes[i] && !given[i] ? only_neighbour(graph, i) : NO_ROUTER;

		by_default[i] =
			neighbour != NO_ROUTER && !given[neighbour] && !by_default[neighbour];
	}
	return by_default;
}

void static_routing_start(struct build *build)
{
	struct static_routing *routing;

	if (!build->topology->static_routing)
		return;
	routing = arena_alloc(build->arena, sizeof(*routing));
	for (int place = 0; place < 2; place++) {
		lab_graph_start(&routing->labs[place], build, family_at(place));
		routing->by_default[place] =
			find_defaults(&routing->labs[place], build->arena, family_at(place));
	}
	build->topology->computed = routing;
}
