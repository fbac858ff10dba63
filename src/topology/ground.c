// SPDX-License-Identifier: MIT
// What the checks of addresses and routes look up: networks of layer 2, keys of maps.
#include <stdio.h>

#include "base/arena.h"
#include "base/map.h"
#include "topology/build.h"
#include "topology/check.h"
#include "topology/device.h"
#include "topology/values.h"

/* Keys that stand for any interface of a vrf lie above those of interfaces. */
#define ANY_OF_VRF 1000000
#define NODES_MOST 10000000 /* above every number of a node */

static size_t root_of(size_t *list, size_t i)
{
	while (list[i] != i)
		i = list[i] = list[list[i]];
	return i;
}

static size_t number_of(const struct ground *ground, const struct segment *segment)
{
	return (size_t)(segment - ground->build->topology->segments);
}

/* Segments are joined where a switch is plugged into another one. */
static void join_switches(struct ground *ground)
{
	const struct topology *topology = ground->build->topology;
	size_t count = topology->segment_count;

	ground->roots = arena_alloc(ground->build->arena, count * sizeof(*ground->roots) + 1);
	for (size_t i = 0; i < count; i++)
		ground->roots[i] = i;
	for (size_t i = 0; i < count; i++) {
		const struct segment *segment = &topology->segments[i];

		for (size_t k = 0; k < segment->end_count && segment->kind != SEGMENT_STUB; k++) {
			const struct node *node = segment->ends[k]->node;
			const struct segment *own;

			if (node->kind != NODE_SWITCH)
				continue;
			own = map_get(ground->build->segments, node->name);
			ground->roots[root_of(ground->roots, number_of(ground, own))] =
				root_of(ground->roots, i);
		}
	}
}

/* The VLAN that a switch puts untagged frames of the interface into; 0: it has none. */
static uint32_t native_vlan(const struct interface *interface)
{
	const struct interface *port = interface->peer;

	if (!port || port->node->kind != NODE_SWITCH || !port->node->bridge.vlans)
		return 0;
	return port->port->native;
}

static void segment_key(const struct ground *ground, const struct segment *segment, uint32_t vlan,
			char key[GROUND_KEY_SIZE])
{
	snprintf(key, GROUND_KEY_SIZE, "%zu.%u", root_of(ground->roots, number_of(ground, segment)),
		 vlan);
}

/* What of layer 2 an interface leads to, as the key of a map; false: to nothing in common. */
static bool domain_key(const struct ground *ground, const struct interface *interface,
		       char key[GROUND_KEY_SIZE])
{
	uint32_t vlan = 0;

	/* Devices do not sit on themselves (settle.c), nor many on one another. */
	while (interface->device && interface->device->lower_count) {
		const struct device *device = interface->device;

		if (device->kind == DEVICE_VXLAN || device->kind == DEVICE_VRF ||
		    device_has(interface, DEVICE_CALLS))
			break;
		if (device->kind == DEVICE_VLAN)
			vlan = device->id;
		interface = device->lower[0];
	}
	if (interface->device && interface->device->kind == DEVICE_VXLAN) {
		snprintf(key, GROUND_KEY_SIZE, "vxlan %u.%u", interface->device->id, vlan);
		return true;
	}
	if (!interface->segment || interface->segment->kind == SEGMENT_STUB)
		return false;
	if (!vlan)
		vlan = native_vlan(interface);
	segment_key(ground, interface->segment, vlan, key);
	return true;
}

static size_t domain_of(struct ground *ground, const struct interface *interface)
{
	struct arena *arena = ground->build->arena;
	char key[GROUND_KEY_SIZE];
	size_t *place;

	if (!domain_key(ground, interface, key))
		return GROUND_NONE;
	place = map_get(ground->numbers, key);
	if (!place) {
		place = arena_alloc(arena, sizeof(*place));
		*place = ground->domain_count;
		map_add(ground->numbers, arena_strdup(arena, key), place);
		*array_push(arena, ground->domains, ground->domain_count) = *place;
		ground->domains[*place] = *place;
	}
	return *place;
}

/* A bridge or a bond of a node joins what its ports lead to; a tap may lead anywhere. */
static void join_ports(struct ground *ground, const struct device *device)
{
	size_t first = domain_of(ground, device->interface);

	if ((device->kind != DEVICE_BRIDGE && device->kind != DEVICE_BOND) || first == GROUND_NONE)
		return;
	for (size_t i = 1; i < device->lower_count; i++) {
		size_t other = domain_of(ground, device->lower[i]);

		/* A number is a place there; clang-tidy does not see that. */
		if (other != GROUND_NONE && ground->domains)
			ground->domains[root_of(ground->domains, other)] =
				root_of(ground->domains, first);
		else
			ground->open = true;
	}
}

static void find_domains(struct ground *ground)
{
	const struct topology *topology = ground->build->topology;

	ground->numbers = map_new(ground->build->arena);
	join_switches(ground);
	for (size_t i = 0; i < topology->node_count; i++) {
		const struct node *node = &topology->nodes[i];

		for (size_t k = 1; k < node->interface_count; k++) {
			domain_of(ground, &node->interfaces[k]);
			ground->vrfs |= device_is(&node->interfaces[k], DEVICE_VRF);
		}
		for (size_t k = 0; k < node->device_count; k++)
			join_ports(ground, node->devices[k]->device);
	}
}

struct ground *ground_new(struct build *build)
{
	struct ground *ground = arena_alloc(build->arena, sizeof(*ground));

	*ground = (struct ground){
		.build = build,
		.addresses = map_new(build->arena),
		.of_nodes = map_new(build->arena),
		.anywhere = map_new(build->arena),
		.subnets = map_new(build->arena),
		.routes = map_new(build->arena),
	};
	find_domains(ground);
	return ground;
}

size_t ground_domain(struct ground *ground, const struct interface *interface)
{
	size_t number = domain_of(ground, interface);

	return number == GROUND_NONE ? number : root_of(ground->domains, number);
}

size_t ground_vlan_domain(struct ground *ground, const struct segment *segment, uint32_t vlan)
{
	char key[GROUND_KEY_SIZE];
	const size_t *place;

	segment_key(ground, segment, vlan, key);
	place = map_get(ground->numbers, key);
	return place ? root_of(ground->domains, *place) : GROUND_NONE;
}

const char *ground_segment(const struct interface *interface)
{
	while (!interface->segment && interface->device && interface->device->lower_count)
		interface = interface->device->lower[0];
	return interface->segment ? interface->segment->name : interface->name;
}

size_t ground_node(const struct interface *interface)
{
	const struct interface *vrf = interface_vrf(interface);

	return interface->node->number + (vrf ? (size_t)vrf->index * NODES_MOST : 0);
}

size_t ground_any(const struct interface *vrf)
{
	return vrf ? ANY_OF_VRF + vrf->index : 0;
}

const char *ground_address_key(char buffer[GROUND_KEY_SIZE], size_t domain,
			       const struct address *address)
{
	char text[ADDRESS_TEXT_SIZE];

	snprintf(buffer, GROUND_KEY_SIZE, "%zu %s", domain, address_text(address, true, text));
	return buffer;
}

const char *ground_subnet_key(char buffer[GROUND_KEY_SIZE], const struct node *node, size_t index,
			      const struct address *address)
{
	struct address subnet = *address;
	char text[ADDRESS_TEXT_SIZE];

	address_mask(&subnet);
	snprintf(buffer, GROUND_KEY_SIZE, "%u.%zu %s", node->number, index,
		 address_text(&subnet, false, text));
	return buffer;
}
