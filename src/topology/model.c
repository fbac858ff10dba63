// SPDX-License-Identifier: MIT
// Questions about a model, and its addresses as text.
#include "topology/model.h"

#include <arpa/inet.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>

#include "base/map.h"
#include "topology/values.h"

bool limits_given(const struct limits *limits)
{
	return limits->memory || limits->cpus || limits->pids;
}

struct node *topology_node(const struct topology *topology, const char *name)
{
	return map_get(topology->nodes_by_name, name);
}

bool node_has_default(const struct node *node, int family)
{
	for (size_t i = 0; i < node->route_count; i++) {
		const struct address *to = &node->routes[i].destination;

		if (to->family == family && !to->length && !node->routes[i].vrf)
			return true;
	}
	return false;
}

struct interface *node_interface(const struct node *node, const char *name)
{
	for (size_t i = 0; i < node->interface_count; i++) {
		struct interface *interface = &node->interfaces[i];

		if (!strcmp(interface->name, name) ||
		    (interface->long_name && !strcmp(interface->long_name, name)))
			return interface;
	}
	return NULL;
}

const char *address_text(const struct address *address, bool bare, char buffer[ADDRESS_TEXT_SIZE])
{
	size_t length;

	if (!inet_ntop(address->family, address->bytes, buffer, ADDRESS_TEXT_SIZE))
		snprintf(buffer, ADDRESS_TEXT_SIZE, "none");
	length = strlen(buffer);
	if (!bare)
		snprintf(buffer + length, ADDRESS_TEXT_SIZE - length, "/%u", address->length);
	return buffer;
}

bool address_in(const struct address *inner, const struct address *network)
{
	struct address a = *inner, b = *network;

	if (a.family != b.family)
		return false;
	a.length = b.length;
	address_mask(&a);
	address_mask(&b);
	return !memcmp(a.bytes, b.bytes, sizeof(a.bytes));
}

const char *mac_text(const uint8_t mac[6], char buffer[MAC_TEXT_SIZE])
{
	snprintf(buffer, MAC_TEXT_SIZE, "%02x:%02x:%02x:%02x:%02x:%02x", mac[0], mac[1], mac[2],
		 mac[3], mac[4], mac[5]);
	return buffer;
}

static void add_vlan(struct vlan_set *set, unsigned vlan)
{
	set->members[vlan / 32] |= 1U << vlan % 32;
}

void port_vlans(const struct port *port, struct vlan_set *set)
{
	*set = (struct vlan_set){.native = (uint16_t)port->native};
	if (port->native)
		add_vlan(set, port->native);
	for (size_t i = 0; i < port->tagged_count; i++)
		for (unsigned vlan = port->tagged[i].first; vlan <= port->tagged[i].last; vlan++)
			add_vlan(set, vlan);
}
