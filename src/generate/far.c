// SPDX-License-Identifier: MIT
// Two nodes of a topology that are far from each other.
#include "generate/far.h"

#include "base/arena.h"
#include "topology/model.h"

static bool any_host(const struct topology *topology)
{
	for (size_t i = 0; i < topology->node_count; i++)
		if (topology->nodes[i].kind == NODE_HOST && !topology->nodes[i].forward)
			return true;
	return false;
}

static bool is_end(const struct node *node, bool hosts)
{
	return node->kind == NODE_HOST && !(hosts && node->forward);
}

/* A search, one cable after the other. */
struct search {
	const struct topology *topology;
	bool hosts;   /* it is for these alone, and not for routers */
	bool routers; /* it goes on behind them */
	const struct node *last;
	const struct interface *at; /* where that was come to; NULL: it is the first */
};

static void search(struct search *search, struct arena *arena, const struct node *from)
{
	const struct node *nodes = search->topology->nodes;
	const struct node **queue =
		arena_alloc(arena, search->topology->node_count * sizeof(const struct node *));
	bool *seen = arena_alloc(arena, search->topology->node_count);
	size_t count = 0;

	search->last = queue[count++] = from;
	seen[from - nodes] = true;
	for (size_t next = 0; next < count; next++) {
		const struct node *node = queue[next];

		if (node != from && node->kind == NODE_HOST && !search->routers)
			continue;
		for (size_t i = 0; i < node->interface_count; i++) {
			const struct interface *peer = node->interfaces[i].peer;

			if (!peer || seen[peer->node - nodes])
				continue;
			seen[peer->node - nodes] = true;
			queue[count++] = peer->node;
			if (!is_end(peer->node, search->hosts))
				continue;
			search->last = peer->node;
			search->at = peer;
		}
	}
}

static const struct node *farthest(const struct topology *topology, struct arena *arena,
				   const struct node *from, bool hosts)
{
	struct search all = {.topology = topology, .hosts = hosts, .routers = true};

	search(&all, arena, from);
	return all.last;
}

const struct interface *far_neighbour(const struct topology *topology, struct arena *arena,
				      const struct node *from)
{
	struct search near = {.topology = topology};

	search(&near, arena, from);
	return near.at && near.at->address_count ? near.at : NULL;
}

/* Every kind has hosts or routers, so that one is found. */
void far_pair(const struct topology *topology, struct arena *arena, const struct node *pair[2])
{
	bool hosts = any_host(topology);
	const struct node *first = topology->nodes;

	while (!is_end(first, hosts))
		first++;
	pair[1] = farthest(topology, arena, first, hosts);
	pair[0] = farthest(topology, arena, pair[1], hosts);
}
