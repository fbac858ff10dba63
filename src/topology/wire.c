// SPDX-License-Identifier: MIT
// Join the ends of all segments: peers, ports of switches, far ends of stubs, indexes, MACs.
#include "topology/build.h"

#include <stdio.h>
#include <string.h>

#include "base/arena.h"
#include "base/map.h"
#include "topology/device.h"
#include "topology/names.h"

/*
 * The first index behind lo. Below lie those that the kernel gives by itself, counting from 2:
 * while a module of tunnels is loaded, every network has its fallback devices (tunl0, gre0,
 * gretap0, erspan0, sit0, ip6tnl0, ip6gre0, ip_vti0, ip6_vti0), and gets them when it is loaded
 * meanwhile.
 */
#define FIRST_INDEX    16
#define LOOPBACK_INDEX 1

struct segment *build_segment(struct build *build, const char *name, struct place place)
{
	struct topology *topology = build->topology;
	struct segment *segment = map_get(build->segments, name);
	struct node *node = topology_node(topology, name);

	if (segment)
		return segment;
	segment = &topology->segments[topology->segment_count++];
	segment->name = name;
	segment->place = place;
	if (node && node->kind == NODE_SWITCH) {
		segment->kind = SEGMENT_SWITCH;
		segment->node = node;
		segment->place = node->place;
	} else if (!strcmp(name, STUB)) {
		segment->kind = SEGMENT_STUB;
	}
	map_add(build->segments, name, segment);
	return segment;
}

/* The node that holds the far ends of all stubs, last of all, if there is a stub. */
static void make_stubs(struct build *build)
{
	struct topology *topology = build->topology;
	struct segment *segment = map_get(build->segments, STUB);
	struct node *node = &topology->nodes[topology->node_count];

	if (!segment || !segment->end_count)
		return;
	topology->node_count++;
	*node = (struct node){
		.kind = NODE_STUBS,
		.name = STUB,
		.place = segment->place,
		.number = (uint32_t)topology->node_count,
		.isolate = ISOLATE_NET,
	};
	node->interfaces =
		arena_alloc(build->arena, (1 + segment->end_count) * sizeof(*node->interfaces));
	node->interfaces[node->interface_count++] = (struct interface){
		.kind = INTERFACE_LOOPBACK, .name = "lo", .place = segment->place, .node = node};
	segment->node = node;
}

/* Room for the ends of each segment, and for the ports of each switch beside its interfaces. */
static void make_room(struct build *build)
{
	struct topology *topology = build->topology;

	for (size_t i = 0; i < topology->segment_count; i++) {
		struct segment *segment = &topology->segments[i];
		struct node *node = segment->node;
		struct interface *old;

		segment->ends = arena_alloc(build->arena,
					    segment->end_count * sizeof(struct interface *) + 1);
		if (segment->kind == SEGMENT_SWITCH) {
			old = node->interfaces;
			node->interfaces = arena_alloc(
				build->arena, (node->interface_count + segment->end_count) *
						      sizeof(*node->interfaces));
			memcpy(node->interfaces, old, node->interface_count * sizeof(*old));
		}
		segment->end_count = 0;
	}
}

/*
 * "h1-eth0"; p7 where that is longer than the kernel takes, or where the switch has it already: "a"
 * with "b-c0" and "a-b" with "c0" come to the same.
 */
static void name_port(struct build *build, struct interface *port, const struct interface *end,
		      size_t number)
{
	const char *key = arena_printf(build->arena, "%s/%s-%s", port->node->name, end->node->name,
				       end->name);
	const char *name = key + strlen(port->node->name) + 1;
	bool taken = map_add(build->ports, key, port) != NULL;

	if (!taken && strlen(name) <= INTERFACE_LIMIT) {
		port->name = name;
		return;
	}
	port->long_name = taken ? NULL : name;
	port->name = arena_printf(build->arena, "p%zu", number);
}

/* The far end of an interface in the node of a switch, or of the stubs. */
static void add_far_end(struct build *build, struct segment *segment, struct interface *end)
{
	struct node *node = segment->node;
	struct interface *far = &node->interfaces[node->interface_count++];

	*far = (struct interface){
		.kind = INTERFACE_VETH,
		.place = end->place,
		.node = node,
		.segment = segment,
		.peer = end,
		/* A port that takes less than what is plugged in would drop in silence. */
		.mtu = end->mtu,
	};
	if (segment->kind == SEGMENT_STUB)
		far->name = arena_printf(build->arena, "s%zu", segment->end_count);
	else
		name_port(build, far, end, segment->end_count);
	end->peer = far;
}

static void plug(struct build *build, struct interface *interface)
{
	struct segment *segment = interface->segment;

	if (!segment)
		return;
	segment->ends[segment->end_count++] = interface;
	if (!interface->mtu)
		interface->mtu = segment->mtu;
	if (segment->kind != SEGMENT_LINK) {
		add_far_end(build, segment, interface);
	} else if (segment->end_count == 2) {
		interface->peer = segment->ends[0];
		segment->ends[0]->peer = interface;
	}
}

static void plug_all(struct build *build)
{
	struct topology *topology = build->topology;
	size_t *own = arena_alloc(build->arena, topology->node_count * sizeof(*own) + 1);

	/* Ports are added meanwhile: they are no ends themselves. */
	for (size_t i = 0; i < topology->node_count; i++)
		own[i] = topology->nodes[i].interface_count;
	for (size_t i = 0; i < topology->node_count; i++)
		for (size_t k = 0; k < own[i]; k++)
			plug(build, &topology->nodes[i].interfaces[k]);
}

/* Locally administered, and the same for the same file. */
static void choose_mac(uint8_t mac[6], const struct node *node, uint32_t index)
{
	static const uint8_t none[6];

	if (memcmp(mac, none, sizeof(none)) != 0)
		return;
	mac[0] = 0x02;
	mac[1] = (uint8_t)(node->number >> 16);
	mac[2] = (uint8_t)(node->number >> 8);
	mac[3] = (uint8_t)node->number;
	mac[4] = (uint8_t)(index >> 8);
	mac[5] = (uint8_t)index;
}

/*
 * The two ends of a cable never have the same index: the kernel takes an interface whose peer has
 * its own index for a device without one, and may then tell its addresses of the carrier up to a
 * second late (linkwatch_urgent_event() in net/core/link_watch.c): no link-local address until
 * then. So first ends have even indexes, second ends odd ones.
 */
static uint32_t next_index(const struct interface *interface, uint32_t index)
{
	bool second = interface->peer && interface->peer->index;

	if (interface->kind == INTERFACE_DEVICE)
		return index;
	return index + (index % 2 != (second ? 1 : 0));
}

static void number_interfaces(struct node *node)
{
	uint32_t index = FIRST_INDEX;

	node->interfaces[0].index = LOOPBACK_INDEX;
	if (node->kind == NODE_SWITCH) {
		node->bridge.index = index++;
		choose_mac(node->bridge.mac, node, node->bridge.index);
	}
	for (size_t i = 1; i < node->interface_count; i++, index++) {
		index = next_index(&node->interfaces[i], index);
		node->interfaces[i].index = index;
		if (node->interfaces[i].kind == INTERFACE_VETH ||
		    device_has(&node->interfaces[i], DEVICE_ETHERNET))
			choose_mac(node->interfaces[i].mac, node, index);
	}
}

void wire(struct build *build)
{
	struct topology *topology = build->topology;

	build->ports = map_new(build->arena);
	make_stubs(build);
	make_room(build);
	plug_all(build);
	for (size_t i = 0; i < topology->node_count; i++)
		number_interfaces(&topology->nodes[i]);
	for (size_t i = 0; i < topology->segment_count; i++) {
		const struct segment *segment = &topology->segments[i];

		if (segment->kind == SEGMENT_LINK)
			topology->link_count++;
		else if (segment->kind == SEGMENT_SWITCH)
			topology->link_count += segment->end_count;
	}
}

const char *interface_title(struct build *build, const struct interface *interface)
{
	return arena_printf(build->arena, "%s:%s", interface->node->name, interface->name);
}

const char *address_title(struct build *build, const struct address *address, bool bare)
{
	char buffer[ADDRESS_TEXT_SIZE];

	return arena_strdup(build->arena, address_text(address, bare, buffer));
}
