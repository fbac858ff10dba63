// SPDX-License-Identifier: MIT
// What is at the far ends of interfaces: of cables, of tunnels, of what sits on others.
#include "lab/path_ends.h"

#include <string.h>

#include "base/arena.h"
#include "topology/device.h"

const struct observed_interface *path_observed(struct path_node *node, const struct interface *file)
{
	return path_interface(node, file->index);
}

const struct observed_interface *path_lower(struct path_node *node, const struct device *device)
{
	const struct observed_interface *found = NULL, *lower;

	for (size_t i = 0; i < device->lower_count; i++) {
		lower = path_observed(node, device->lower[i]);
		if (lower && (!found || (lower->up && lower->carrier && !found->carrier)))
			found = lower;
	}
	return found;
}

/* From a device that sits on others to what it sits on. False: no further (it may be a cable). */
bool path_descend(struct path_node *node, const struct observed_interface **interface,
		  uint16_t *tag)
{
	const struct interface *file = path_file(node, *interface);
	const struct observed_interface *lower;

	if (!file || !file->device || !strcmp((*interface)->kind, "bridge") ||
	    device_has(file, DEVICE_TUNNEL))
		return false;
	lower = path_lower(node, file->device);
	if (!lower)
		return false;
	if (device_is(file, DEVICE_VLAN))
		*tag = (uint16_t)file->device->id;
	*interface = lower;
	return true;
}

/* The device of a node that is the other end of an Ethernet tunnel. */
static bool tunnel_end(struct path *path, const struct device *device, const struct address *remote,
		       struct path_place *end)
{
	const struct node *file;

	if (!path_owners(path, remote, end, 1))
		return false;
	file = end->node->file;
	for (size_t i = 0; i < file->device_count; i++) {
		const struct device *other = file->devices[i]->device;

		if (other->kind != device->kind || other->id != device->id ||
		    other->key != device->key || other == device)
			continue;
		end->interface = path_observed(end->node, file->devices[i]);
		return end->interface != NULL;
	}
	return false;
}

/* Where what is sent by the interface comes out: of a cable one place, of a tunnel maybe many. */
size_t path_far_ends(struct path *path, const struct interface *file,
		     struct path_place ends[FAR_ENDS_MOST])
{
	size_t count = 0;

	if (file->peer) {
		ends->node = path_node_of(path, file->peer->node);
		if (!ends->node || !path_look(path, ends->node))
			return 0;
		ends->interface = path_observed(ends->node, file->peer);
		return ends->interface != NULL;
	}
	if (!device_has(file, DEVICE_TUNNEL) || !device_has(file, DEVICE_ETHERNET))
		return 0;
	for (size_t i = 0; i < file->device->remote_count && count < FAR_ENDS_MOST; i++)
		count += tunnel_end(path, file->device, &file->device->remotes[i].address,
				    &ends[count]);
	return count;
}

/* Is the interface on the way down from `to` to its cables? */
static bool carries(struct path_node *node, const struct observed_interface *port,
		    const struct observed_interface *to)
{
	uint16_t tag;

	if (to->index == port->index || port->master == to->index)
		return true;
	while (path_descend(node, &to, &tag))
		if (to->index == port->index || port->master == to->index)
			return true;
	return false;
}

/* Does a port lead to the place, through whatever other switches? `seen` holds nodes by number. */
bool path_leads(struct path *path, const struct interface *port, const struct path_place *to,
		bool *seen)
{
	struct path_place ends[FAR_ENDS_MOST];
	size_t count = path_far_ends(path, port, ends);

	for (size_t i = 0; i < count; i++)
		if (path_leads_on(path, &ends[i], to, seen))
			return true;
	return false;
}

/* The same from an interface that a frame has come to. */
bool path_leads_on(struct path *path, const struct path_place *at, const struct path_place *to,
		   bool *seen)
{
	const struct node *file = at->node->file;

	if (at->node == to->node && carries(at->node, at->interface, to->interface))
		return true;
	if (seen[file->number] || !at->interface->master)
		return false;
	seen[file->number] = true;
	for (size_t i = 0; i < file->interface_count; i++) {
		const struct interface *next = &file->interfaces[i];
		const struct observed_interface *view = path_observed(at->node, next);

		if (view && view != at->interface && view->master == at->interface->master &&
		    path_leads(path, next, to, seen))
			return true;
	}
	return false;
}

bool path_together(struct path *path, const struct path_place *a, const struct path_place *b)
{
	bool *seen = arena_alloc(path->arena, path->count + 2);

	for (size_t i = 0; i < a->node->file->interface_count; i++) {
		const struct interface *file = &a->node->file->interfaces[i];
		const struct observed_interface *port = path_observed(a->node, file);

		if (file->peer && port && carries(a->node, port, a->interface) &&
		    path_leads(path, file, b, seen))
			return true;
	}
	return false;
}
