// SPDX-License-Identifier: MIT
// Names for all nodes: the /etc/hosts of a lab.
#include "plan/hosts.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <string.h>

#include "base/arena.h"
#include "topology/device.h"

static const char head[] = "127.0.0.1 localhost\n"
			   "::1 localhost ip6-localhost ip6-loopback\n";

/* Does the address mean the same in every node? */
static bool is_global(const struct address *address)
{
	struct in6_addr ipv6;

	if (address->family == AF_INET)
		return address->bytes[0] != IN_LOOPBACKNET;
	memcpy(&ipv6, address->bytes, sizeof(ipv6));
	return !IN6_IS_ADDR_LOOPBACK(&ipv6) && !IN6_IS_ADDR_LINKLOCAL(&ipv6);
}

/* An upper bound of what the node's lines take. */
static size_t node_size(const struct node *node)
{
	size_t addresses = 0;

	for (size_t i = 0; i < node->interface_count; i++)
		addresses += node->interfaces[i].address_count;
	return addresses * (INET6_ADDRSTRLEN + strlen(node->name) + 2);
}

static char *write_interface(char *end, const struct interface *interface)
{
	char text[ADDRESS_TEXT_SIZE];

	for (size_t i = 0; i < interface->address_count; i++) {
		if (!is_global(&interface->addresses[i]))
			continue;
		end = stpcpy(end, address_text(&interface->addresses[i], true, text));
		*end++ = ' ';
		end = stpcpy(end, interface->node->name);
		*end++ = '\n';
	}
	return end;
}

static char *write_node(char *end, const struct node *node)
{
	for (int turn = 0; turn <= 2; turn++)
		for (size_t i = 0; i < node->interface_count; i++)
			if (interface_rank(&node->interfaces[i]) == turn)
				end = write_interface(end, &node->interfaces[i]);
	return end;
}

const char *hosts_text(const struct topology *topology, struct arena *arena)
{
	size_t size = sizeof(head);
	char *text, *end;

	for (size_t i = 0; i < topology->node_count; i++)
		size += node_size(&topology->nodes[i]);
	text = arena_alloc(arena, size);
	end = stpcpy(text, head);
	for (size_t i = 0; i < topology->node_count; i++)
		end = write_node(end, &topology->nodes[i]);
	*end = '\0';
	return text;
}
