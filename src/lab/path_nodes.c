// SPDX-License-Identifier: MIT
// The nodes of a lab while a way through them is followed: entered and looked at as it gets there.
#include "lab/path.h"

#include <errno.h>
#include <netinet/in.h>
#include <sched.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/error.h"

int path_open(struct path *path, const struct explain_request *request, struct arena *arena,
	      struct error *err)
{
	struct lab_node *nodes;
	size_t count;
	int failed = lab_nodes(request->lab, arena, &nodes, &count, err);

	*path = (struct path){.request = request, .arena = arena, .size = request->size};
	if (failed < 0)
		return failed;
	reach_descriptors();
	path->nodes = arena_alloc(arena, (count + 1) * sizeof(*path->nodes));
	path->count = count;
	for (size_t i = 0; i < count; i++)
		path->nodes[i] = (struct path_node){
			.file = &request->topology->nodes[i], .lab = &nodes[i], .netns = -1};
	return 0;
}

void path_close(struct path *path)
{
	for (size_t i = 0; i < path->count; i++)
		if (path->nodes[i].netns >= 0)
			close(path->nodes[i].netns);
}

bool path_enter(struct path *path, struct path_node *node)
{
	if (node->netns < 0 && !node->gone)
		node->netns = process_open(&node->lab->process);
	if (node->netns < 0 || (path->entered != node && setns(node->netns, CLONE_NEWNET) < 0)) {
		node->gone = true;
		return false;
	}
	path->entered = node;
	return true;
}

bool path_look(struct path *path, struct path_node *node)
{
	struct error err;

	if (!node->looked && !node->gone) {
		node->looked = true;
		if (!path_enter(path, node) ||
		    observe_interfaces(path->arena, &node->list, &node->count, &err) < 0)
			node->gone = true;
	}
	return !node->gone;
}

const struct observed_interface *path_interface(const struct path_node *node, uint32_t index)
{
	for (size_t i = 0; i < node->count; i++)
		if (node->list[i].index == index)
			return &node->list[i];
	return NULL;
}

struct path_node *path_dead_end(struct path *path, struct path_node *node,
				const struct interface *file)
{
	struct path_node *far = file->peer ? path_node_of(path, file->peer->node) : NULL;

	if (!far || !path_look(path, node) || path_interface(node, file->index))
		return NULL;
	return path_look(path, far) ? NULL : far;
}

const struct observed_interface *path_named(const struct path_node *node, const char *name)
{
	for (size_t i = 0; i < node->count; i++)
		if (!strcmp(node->list[i].name, name))
			return &node->list[i];
	return NULL;
}

const struct interface *path_file(const struct path_node *node,
				  const struct observed_interface *interface)
{
	const struct node *file = node->file;

	for (size_t i = 0; i < file->interface_count; i++)
		if (file->interfaces[i].index == interface->index)
			return &file->interfaces[i];
	return NULL;
}

struct path_node *path_node_of(const struct path *path, const struct node *file)
{
	return file->number - 1 < path->count ? &path->nodes[file->number - 1] : NULL;
}

static bool has_address(const struct observed_interface *interface, const struct address *address)
{
	for (size_t i = 0; i < interface->address_count; i++)
		if (interface->addresses[i].family == address->family &&
		    !memcmp(interface->addresses[i].bytes, address->bytes,
			    address->family == AF_INET ? 4 : 16))
			return true;
	return false;
}

size_t path_owners(struct path *path, const struct address *address, struct path_place *places,
		   size_t room)
{
	size_t count = 0;

	for (size_t i = 0; i < path->count; i++) {
		struct path_node *node = &path->nodes[i];

		if (!path_look(path, node))
			continue;
		for (size_t k = 0; k < node->count; k++) {
			if (!has_address(&node->list[k], address))
				continue;
			if (count < room)
				places[count] = (struct path_place){node, &node->list[k]};
			count++;
		}
	}
	return count;
}

bool path_file_gives(const struct interface *file, const struct address *address)
{
	for (size_t i = 0; file && i < file->address_count; i++)
		if (file->addresses[i].family == address->family &&
		    !memcmp(file->addresses[i].bytes, address->bytes, sizeof(address->bytes)))
			return true;
	return false;
}

const struct interface *path_file_owner(const struct path *path, const struct address *address,
					struct path_node **node)
{
	for (size_t i = 0; i < path->count; i++) {
		const struct node *file = path->nodes[i].file;

		*node = &path->nodes[i];
		for (size_t k = 0; k < file->interface_count; k++)
			if (path_file_gives(&file->interfaces[k], address))
				return &file->interfaces[k];
	}
	return NULL;
}

struct explain_step *path_step(struct path *path, const struct path_node *node,
			       const struct observed_interface *in)
{
	struct explain_way *way = path->way;
	struct explain_step *step = array_push(path->arena, way->steps, way->count);

	step->node = node->file->name;
	step->is_switch = node->file->kind == NODE_SWITCH;
	step->number = node->file->number;
	step->in = in ? in->name : NULL;
	step->in_index = in ? in->index : 0;
	return step;
}

struct explain_step *path_last(const struct path *path)
{
	return &path->way->steps[path->way->count - 1];
}

bool path_stop(struct path *path, enum explain_cause cause, const struct path_node *node,
	       const char *format, ...)
{
	char text[ERROR_TEXT_SIZE];
	va_list args;

	va_start(args, format);
	vsnprintf(text, sizeof(text), format, args);
	va_end(args);
	path->way->cause = cause;
	path->way->node = node->file->name;
	path->way->text = arena_strdup(path->arena, text);
	return false;
}

const char *path_title(const struct path *path, const struct path_place *place)
{
	return arena_printf(path->arena, "%s:%s", place->node->file->name, place->interface->name);
}

const char *path_address(const struct path *path, const struct address *address)
{
	char text[ADDRESS_TEXT_SIZE];

	return arena_strdup(path->arena, address_text(address, true, text));
}

const char *path_cable_title(const struct path *path, const struct interface *file)
{
	const struct interface *end =
		file->node->kind == NODE_SWITCH && file->peer ? file->peer : file;

	if (!file->segment)
		return end->name;
	if (file->segment->kind == SEGMENT_LINK)
		return arena_printf(path->arena, "link %s", file->segment->name);
	return arena_printf(path->arena, "the cable of %s:%s to %s", end->node->name, end->name,
			    end->peer ? end->peer->node->name : file->segment->name);
}
