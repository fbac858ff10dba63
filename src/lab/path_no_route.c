// SPDX-License-Identifier: MIT
// Why a router has no route: what the file gives it, and what became of that.
#include <netinet/in.h>
#include <string.h>

#include "base/arena.h"
#include "lab/path_hop.h"
#include "topology/static_routing.h"
#include "topology/values.h"

/* Is the interface one of the ways of the route? */
static bool goes_by(const struct route *route, const struct interface *interface)
{
	for (size_t i = 0; i < route->hop_count; i++) {
		const struct next_hop *hop = &route->hops[i];

		if (hop->interface == interface)
			return true;
		for (size_t k = 0; k < interface->address_count && !hop->interface; k++)
			if (address_in(&hop->via, &interface->addresses[k]))
				return true;
	}
	return false;
}

static bool route_leads(const struct packet *packet, const struct interface *interface,
			const struct route *routes, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (address_in(&packet->to, &routes[i].destination) &&
		    goes_by(&routes[i], interface))
			return true;
	return false;
}

/* Would the file's addresses or routes of the interface lead to where the packet goes? */
static bool leads(const struct packet *packet, const struct interface *interface,
		  const struct route *computed, size_t count)
{
	const struct node *file = packet->at.node->file;

	for (size_t i = 0; i < interface->address_count; i++)
		if (address_in(&packet->to, &interface->addresses[i]))
			return true;
	return route_leads(packet, interface, file->routes, file->route_count) ||
	       route_leads(packet, interface, computed, count);
}

static bool stop(struct packet *packet, enum explain_cause cause, struct path_node *guilty,
		 const char *why)
{
	return path_stop(packet->path, cause, guilty, "%s has no route to %s%s%s",
			 packet_node(packet), path_address(packet->path, &packet->to),
			 *why ? ", as " : "", why);
}

/* Its interface is down, or it is gone together with the node at its far end. */
static bool is_cut(struct packet *packet, const struct interface *file)
{
	struct path *path = packet->path;
	const struct observed_interface *view = path_interface(packet->at.node, file->index);
	struct path_node *far = path_dead_end(path, packet->at.node, file);

	if (far)
		stop(packet, CAUSE_NODE, far,
		     arena_printf(path->arena, "node %s is dead, and %s with it", far->file->name,
				  file->name));
	else if (!view)
		stop(packet, CAUSE_LINK_DOWN, packet->at.node,
		     arena_printf(path->arena, "%s is gone", file->name));
	else if (!view->up)
		stop(packet, CAUSE_LINK_DOWN, packet->at.node,
		     file->segment ? arena_printf(path->arena, "%s is down: link %s is cut",
						  file->name, file->segment->name)
				   : arena_printf(path->arena, "%s is down", file->name));
	return !view || !view->up;
}

static bool has(const struct observed_interface *view, const struct address *wanted, bool length)
{
	for (size_t i = 0; i < view->address_count; i++)
		if (view->addresses[i].family == wanted->family &&
		    !memcmp(view->addresses[i].bytes, wanted->bytes, sizeof(wanted->bytes)) &&
		    (!length || view->addresses[i].length == wanted->length))
			return true;
	return false;
}

/* It has not got the address that the file gives it, or with another length. */
static bool is_bare(struct packet *packet, const struct interface *file)
{
	struct path *path = packet->path;
	const struct observed_interface *view = path_interface(packet->at.node, file->index);
	char text[ADDRESS_TEXT_SIZE];

	for (size_t i = 0; i < file->address_count; i++) {
		const struct address *address = &file->addresses[i];

		if (address->family != packet->to.family || has(view, address, true))
			continue;
		stop(packet, CAUSE_NO_ADDRESS, packet->at.node,
		     arena_printf(path->arena, "%s:%s has not got %s, which the file gives it%s",
				  packet_node(packet), file->name,
				  address_text(address, false, text),
				  has(view, address, false) ? ", but with another length" : ""));
		return true;
	}
	return false;
}

static const char *subnets_of(struct path *path, const struct observed_interface *view, int family)
{
	const char *text = "";
	char word[ADDRESS_TEXT_SIZE];

	for (size_t i = 0; i < view->address_count; i++)
		if (view->addresses[i].family == family &&
		    !address_is_link_local(&view->addresses[i]))
			text = arena_printf(path->arena, "%s%s%s", text, *text ? " and " : "",
					    address_text(&view->addresses[i], false, word));
	return *text ? text : "no address";
}

/* Who has the address is on a segment of the node, whose own subnet there is another. */
static bool is_beside(struct packet *packet)
{
	struct path *path = packet->path;
	struct path_node *node = packet->at.node;
	struct path_place owner;

	if (!path_owners(path, &packet->to, &owner, 1) || owner.node == node)
		return false;
	for (size_t i = 0; i < node->count; i++) {
		struct path_place own = {node, &node->list[i]};

		if (!path_file(node, own.interface) || !path_together(path, &own, &owner))
			continue;
		stop(packet, CAUSE_NO_ROUTE, node,
		     arena_printf(path->arena, "%s has %s, and %s, on the same segment, has %s",
				  path_title(path, &own),
				  subnets_of(path, own.interface, packet->to.family),
				  path_title(path, &owner),
				  subnets_of(path, owner.interface, packet->to.family)));
		return true;
	}
	return false;
}

bool path_no_route(struct packet *packet)
{
	const struct node *file = packet->at.node->file;
	size_t count;
	const struct route *computed =
		static_routes(packet->path->request->topology, file, packet->path->arena, &count);

	for (size_t i = 0; i < file->interface_count; i++) {
		const struct interface *interface = &file->interfaces[i];

		if (interface->kind != INTERFACE_LOOPBACK &&
		    leads(packet, interface, computed, count) &&
		    (is_cut(packet, interface) || is_bare(packet, interface)))
			return false;
	}
	return !is_beside(packet) && stop(packet, CAUSE_NO_ROUTE, packet->at.node, "");
}
