// SPDX-License-Identifier: MIT
// Settle ports of switches: what is set of them moves there from what is plugged in.
#include "base/arena.h"
#include "topology/build.h"
#include "topology/device.h"
#include "topology/settle.h"

static void misplaced(struct build *build, const struct interface *interface)
{
	const struct segment *segment = interface->segment;

	if (interface->port->suppress)
		report_fault(&build->report, interface->port->place,
			     "%s is no port of a bridge of its node, which neigh-suppress is for",
			     interface_title(build, interface));
	else if (segment)
		report_fault(&build->report, interface->port->place,
			     "%s is plugged into %s, which is no switch: VLANs, cost, priority and "
			     "isolation are for ports of switches",
			     interface_title(build, interface), segment->name);
	else
		report_fault(&build->report, interface->port->place,
			     "%s is no port of a switch, which VLANs are for",
			     interface_title(build, interface));
}

/* A port of a bridge in a node has no VLANs: a switch has them. */
static void settle_inside(struct build *build, const struct interface *interface)
{
	bool in_bridge = interface->master && device_is(interface->master, DEVICE_BRIDGE);

	if (interface->port->vlans || !in_bridge)
		misplaced(build, interface);
}

/* Both ends of a cable between two switches are ports; the VLANs on it are the same for both. */
static void share_vlans(struct build *build, const struct interface *interface)
{
	struct port *port = arena_alloc(build->arena, sizeof(*port));

	if (!interface->port->vlans)
		return;
	*port = *interface->port;
	port->cost = 0;
	port->priority = PORT_PRIORITY;
	port->isolated = false;
	interface->peer->port = port;
}

/* An access port is in one VLAN, a trunk in several, of which `native` is one. */
static void check_keys(struct build *build, const struct interface *interface)
{
	const struct port *port = interface->port;
	const char *title = interface_title(build, interface);

	if ((port->keys & PORT_VLAN) && (port->keys & (PORT_TRUNK | PORT_NATIVE)))
		report_fault(
			&build->report, port->place,
			"%s is an access port by `vlan` and a trunk by `%s`; the VLAN of frames "
			"without a tag on a trunk is `native`",
			title, port->keys & PORT_TRUNK ? "trunk" : "native");
	else if (port->keys == PORT_NATIVE)
		report_fault(&build->report, port->place,
			     "%s has `native`, which is of a trunk, but no `trunk`; a port in one "
			     "VLAN has `vlan`",
			     title);
}

static void settle_port(struct build *build, struct interface *interface)
{
	const struct segment *segment = interface->segment;
	bool at_switch = segment && segment->kind == SEGMENT_SWITCH;

	if (at_switch && !build->partial[interface->node->number])
		check_keys(build, interface);
	if (interface->node->kind == NODE_SWITCH) {
		if (at_switch && segment->node != interface->node && interface->peer)
			share_vlans(build, interface);
		return;
	}
	if (interface->port->suppress || !at_switch) {
		settle_inside(build, interface);
		return;
	}
	if (interface->peer)
		interface->peer->port = interface->port;
	interface->port = NULL;
}

/* A switch has VLANs as soon as one of its ports has. */
static void settle_switch(struct build *build, struct node *node)
{
	for (size_t i = 1; i < node->interface_count; i++)
		node->bridge.vlans |= node->interfaces[i].port && node->interfaces[i].port->vlans;
	for (size_t i = 1; i < node->interface_count; i++) {
		struct interface *interface = &node->interfaces[i];

		if (!interface->port && (node->bridge.vlans || node->bridge.groups)) {
			interface->port = arena_alloc(build->arena, sizeof(*interface->port));
			interface->port->priority = PORT_PRIORITY;
		}
		if (node->bridge.vlans && !interface->port->vlans)
			interface->port->native = VLAN_DEFAULT;
	}
}

void settle_ports(struct build *build)
{
	struct topology *topology = build->topology;

	for (size_t i = 0; i < topology->node_count; i++)
		for (size_t k = 1; k < topology->nodes[i].interface_count; k++) {
			struct interface *interface = &topology->nodes[i].interfaces[k];

			if (interface->port && interface->port->place.line)
				settle_port(build, interface);
		}
	for (size_t i = 0; i < topology->node_count; i++)
		if (topology->nodes[i].kind == NODE_SWITCH)
			settle_switch(build, &topology->nodes[i]);
}
