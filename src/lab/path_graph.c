// SPDX-License-Identifier: MIT
// The shortest way from node to node along cables, whatever is routed.
#include "base/arena.h"
#include "lab/path.h"

/* Is something plugged in at both ends, and up? */
static bool is_alive(struct path *path, const struct interface *file)
{
	const struct interface *ends[] = {file, file->peer};

	for (size_t i = 0; i < 2; i++) {
		struct path_node *node = path_node_of(path, ends[i]->node);
		const struct observed_interface *view;

		if (!node || !path_look(path, node))
			return false;
		view = path_interface(node, ends[i]->index);
		if (!view || !view->up)
			return false;
	}
	return true;
}

/* Visit the neighbours of a node; came[] gets the interface by which each was first reached. */
static void spread(struct path *path, const struct node *node, bool alive,
		   const struct interface **came, const struct node **queue, size_t *queued)
{
	for (size_t i = 0; i < node->interface_count; i++) {
		const struct interface *file = &node->interfaces[i];
		const struct node *next = file->peer ? file->peer->node : NULL;

		if (!next || !path_node_of(path, next) || came[next->number - 1] ||
		    (alive && !is_alive(path, file)))
			continue;
		came[next->number - 1] = file;
		queue[(*queued)++] = next;
	}
}

const struct interface **path_cables(struct path *path, const struct path_node *from,
				     const struct path_node *to, bool alive, size_t *count)
{
	size_t room = path->count + 1, queued = 0, next = 0;
	const struct interface **came = arena_alloc(path->arena, room * sizeof(void *)), **cables;
	const struct node **queue = arena_alloc(path->arena, room * sizeof(void *)), *node;

	queue[queued++] = from->file;
	while (next < queued && !came[to->file->number - 1])
		spread(path, queue[next++], alive, came, queue, &queued);
	*count = 0;
	if (from == to || !came[to->file->number - 1])
		return NULL;
	for (node = to->file; node != from->file; node = came[node->number - 1]->node)
		++*count;
	cables = arena_alloc(path->arena, *count * sizeof(void *));
	node = to->file;
	for (size_t i = *count; i-- > 0; node = cables[i]->node)
		cables[i] = came[node->number - 1];
	return cables;
}
