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

/* Addresses that are reached the plain way come first, then lo's, then those behind a tunnel. */
static int rank(const struct interface *interface)
{
	if (interface->kind == INTERFACE_LOOPBACK || device_is(interface, DEVICE_DUMMY))
		return 1;
	return device_has(interface, DEVICE_TUNNEL) ? 2 : 0;
}

struct address *hosts_addresses(const struct node *node, struct arena *arena, size_t *count)
{
	struct address *list = NULL;

	*count = 0;
	for (int turn = 0; turn <= 2; turn++)
		for (size_t i = 0; i < node->interface_count; i++) {
			const struct interface *interface = &node->interfaces[i];

			for (size_t k = 0; k < interface->address_count && rank(interface) == turn;
			     k++)
				if (is_global(&interface->addresses[k]))
					*array_push(arena, list, *count) = interface->addresses[k];
		}
	return list;
}

/* The whole name first where there is one: that is what `hostname -f` and reverse look-ups give. */
static const char *names_of(const struct topology *topology, const struct node *node,
			    struct arena *arena)
{
	if (!topology->domain)
		return node->name;
	return arena_printf(arena, "%s.%s %s", node->name, topology->domain, node->name);
}

/* The lines of a node. */
static const char *node_text(const struct topology *topology, const struct node *node,
			     struct arena *arena)
{
	const char *names = names_of(topology, node, arena);
	struct address *list;
	size_t count, room = strlen(names) + ADDRESS_TEXT_SIZE + 2;
	char *text, *end;

	list = hosts_addresses(node, arena, &count);
	text = end = arena_alloc(arena, count * room + 1);
	for (size_t i = 0; i < count; i++) {
		char address[ADDRESS_TEXT_SIZE];

		end = stpcpy(end, address_text(&list[i], true, address));
		*end++ = ' ';
		end = stpcpy(end, names);
		*end++ = '\n';
	}
	return text;
}

const char *hosts_text(const struct topology *topology, struct arena *arena)
{
	const char **nodes = arena_alloc(arena, (topology->node_count + 1) * sizeof(*nodes));
	size_t size = sizeof(head);
	char *text, *end;

	for (size_t i = 0; i < topology->node_count; i++) {
		nodes[i] = node_text(topology, &topology->nodes[i], arena);
		size += strlen(nodes[i]);
	}
	text = arena_alloc(arena, size);
	end = stpcpy(text, head);
	for (size_t i = 0; i < topology->node_count; i++)
		end = stpcpy(end, nodes[i]);
	return text;
}

const char *hosts_own(const struct topology *topology, const struct node *node, struct arena *arena)
{
	size_t count;

	if (node->kind != NODE_HOST)
		return NULL;
	hosts_addresses(node, arena, &count);
	/* As Debian has it: not 127.0.0.1, which has a name. */
	return count ? NULL
		     : arena_printf(arena, "127.0.1.1 %s\n", names_of(topology, node, arena));
}
