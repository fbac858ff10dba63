// SPDX-License-Identifier: MIT
// What a node is directly connected to: its subnets, and which of them holds an address.
#include "topology/reach.h"

#include <sys/socket.h>

#include "base/arena.h"
#include "base/map.h"
#include "topology/build.h"
#include "topology/check.h"
#include "topology/device.h"
#include "topology/values.h"

void reach_add(struct reach *reach, struct interface *interface, const struct address *address)
{
	struct arena *arena = reach->ground->build->arena;
	struct map *subnets = reach->ground->subnets;
	char key[GROUND_KEY_SIZE];

	reach->lengths[address->family == AF_INET6][address->length] = true;
	ground_subnet_key(key, reach->node, interface->index, address);
	if (!map_get(subnets, key))
		map_add(subnets, arena_strdup(arena, key), interface);
	ground_subnet_key(key, reach->node, ground_any(interface_vrf(interface)), address);
	if (!map_get(subnets, key))
		map_add(subnets, arena_strdup(arena, key), interface);
}

/* The interface of the longest subnet that holds the address; `index` as in ground_subnet_key(). */
struct interface *reach_find(struct reach *reach, size_t index, const struct address *address,
			     unsigned longest)
{
	const bool *lengths = reach->lengths[address->family == AF_INET6];
	char key[GROUND_KEY_SIZE];

	for (unsigned length = longest + 1; length-- > 0;) {
		struct address subnet = *address;
		struct interface *found;

		subnet.length = (uint8_t)length;
		if (!lengths[length])
			continue;
		found = map_get(reach->ground->subnets,
				ground_subnet_key(key, reach->node, index, &subnet));
		if (found)
			return found;
	}
	return NULL;
}

static void say_overlap(struct reach *reach, const struct interface *interface,
			const struct address *address, const struct interface *other)
{
	struct build *build = reach->ground->build;

	if (report_full_of_warnings(&build->report))
		return;
	report_warning(&build->report, interface->place,
		       "%s: the subnet of %s is also on %s (line %d)",
		       interface_title(build, interface), address_title(build, address, false),
		       interface_title(build, other), other->place.line);
}

bool reach_is_wide(const struct address *address)
{
	return !address_is_link_local(address) && !address_is_alone(address);
}

/* All subnets first, then which of them lies in another. */
void reach_learn(struct reach *reach)
{
	struct node *node = reach->node;

	for (size_t i = 1; i < node->interface_count; i++)
		for (size_t k = 0; k < node->interfaces[i].address_count; k++)
			reach_add(reach, &node->interfaces[i], &node->interfaces[i].addresses[k]);
	for (size_t i = 1; i < node->interface_count; i++) {
		struct interface *interface = &node->interfaces[i];
		size_t any = ground_any(interface_vrf(interface));

		for (size_t k = 0; k < interface->address_count; k++) {
			const struct address *address = &interface->addresses[k];
			const struct interface *other;

			if (!reach_is_wide(address))
				continue;
			other = reach_find(reach, any, address, address->length);
			if (other == interface)
				other = reach_find(reach, any, address, address->length - 1U);
			if (other && other != interface)
				say_overlap(reach, interface, address, other);
		}
	}
}

/* For "gateway 10.0.9.1: no subnet of h1 reaches it; eth0 has 10.0.1.10/24". */
const char *reach_text(struct reach *reach, const struct address *address)
{
	struct build *build = reach->ground->build;
	const struct node *node = reach->node;

	if (report_full(&build->report))
		return "";
	for (size_t i = 1; i < node->interface_count; i++)
		for (size_t k = 0; k < node->interfaces[i].address_count; k++)
			if (node->interfaces[i].addresses[k].family == address->family)
				return arena_printf(
					build->arena, "%s has %s", node->interfaces[i].name,
					address_title(build, &node->interfaces[i].addresses[k],
						      false));
	return address->family == AF_INET ? "it has no IPv4 address" : "it has no IPv6 address";
}
