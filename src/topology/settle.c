// SPDX-License-Identifier: MIT
// Settle what devices of a node say of its other interfaces: ports, what they sit on, their order.
#include <string.h>
#include <sys/socket.h>

#include "base/arena.h"
#include "topology/build.h"
#include "topology/device.h"
#include "topology/settle.h"
#include "topology/values.h"

#define NEST_MOST 7 /* devices on an end of a cable: the kernel's MAX_NEST_DEV, less that */

/* A port of a bridge or a bond is heard by that alone: its own addresses would not answer. */
static void check_port(struct build *build, const struct device *device,
		       const struct interface *port)
{
	struct report *report = &build->report;

	if (device->kind == DEVICE_VRF || !port->address_count)
		return;
	report_fault(report, port->place,
		     "%s has addresses, but is a port of %s (line %d); they belong to %s",
		     interface_title(build, port), device->interface->name,
		     device->interface->place.line, device->interface->name);
}

static void take_ports(struct build *build, struct device *device)
{
	if (!device_has(device->interface, DEVICE_HAS_PORTS))
		return;
	for (size_t i = 0; i < device->lower_count; i++) {
		struct interface *port = device->lower[i];

		if (port->master) {
			report_fault(&build->report, device->interface->place,
				     "%s: %s is a port of %s (line %d)",
				     interface_title(build, device->interface), port->name,
				     port->master->name, port->master->place.line);
			continue;
		}
		port->master = device->interface;
		check_port(build, device, port);
	}
}

/* A device on its way into the order: each comes behind what it sits on. */
struct order {
	struct build *build;
	struct node *node;
	int *heights; /* by interface: 0 not placed yet, OPEN, or how many devices it is on top of
		       */
};
#define OPEN (-1)

static bool refuse(struct order *order, const struct interface *interface, bool circle)
{
	const char *title = interface_title(order->build, interface);

	if (circle)
		report_fault(&order->build->report, interface->place, "%s would sit on itself",
			     title);
	else
		report_fault(&order->build->report, interface->place,
			     "%s sits on devices that sit on others in turn; the kernel takes %d",
			     title, NEST_MOST);
	return false;
}

static bool place_device(struct order *order, struct interface *interface, int depth)
{
	int *height = &order->heights[interface - order->node->interfaces], highest = 0;

	if (!interface->device || *height > 0)
		return true;
	if (*height == OPEN)
		return refuse(order, interface, true);
	*height = OPEN;
	for (size_t k = 0; k < interface->device->lower_count && depth <= NEST_MOST; k++) {
		struct interface *lower = interface->device->lower[k];

		if (!place_device(order, lower, depth + 1))
			return false;
		if (order->heights[lower - order->node->interfaces] > highest)
			highest = order->heights[lower - order->node->interfaces];
	}
	*height = highest + 1;
	if (*height > NEST_MOST || depth > NEST_MOST)
		return refuse(order, interface, false);
	order->node->devices[order->node->device_count++] = interface;
	return true;
}

static bool has_devices(const struct node *node)
{
	for (size_t i = 1; i < node->interface_count; i++)
		if (node->interfaces[i].device)
			return true;
	return false;
}

/* What has no order sits on nothing, so that nobody walks down it for ever: it was refused. */
static void flatten(struct node *node)
{
	for (size_t i = 1; i < node->interface_count; i++)
		if (node->interfaces[i].device)
			node->interfaces[i].device->lower_count = 0;
}

static void order_devices(struct build *build, struct node *node)
{
	struct order order = {.build = build, .node = node};

	if (!has_devices(node))
		return;
	order.heights = arena_alloc(build->arena, node->interface_count * sizeof(*order.heights));
	node->devices =
		arena_alloc(build->arena, node->interface_count * sizeof(struct interface *));
	for (size_t i = 1; i < node->interface_count; i++)
		if (!place_device(&order, &node->interfaces[i], 1)) {
			flatten(node);
			return;
		}
}

static void settle_device(struct build *build, struct device *device)
{
	settle_ends(build, device);
	settle_peers(build, device);
}

void settle_layers(struct build *build)
{
	struct topology *topology = build->topology;

	for (size_t i = 0; i < topology->node_count && !report_full(&build->report); i++) {
		struct node *node = &topology->nodes[i];

		for (size_t k = 1; k < node->interface_count; k++)
			if (node->interfaces[k].device)
				take_ports(build, node->interfaces[k].device);
		order_devices(build, node);
	}
	settle_ports(build);
}

void settle(struct build *build)
{
	struct topology *topology = build->topology;

	settle_files(build);
	for (size_t i = 0; i < topology->node_count; i++) {
		struct node *node = &topology->nodes[i];

		for (size_t k = 0; k < node->device_count && !report_full(&build->report); k++)
			settle_device(build, node->devices[k]->device);
		if (node->device_count && !report_full(&build->report))
			check_devices(build, node);
	}
}
