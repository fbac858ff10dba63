// SPDX-License-Identifier: MIT
// Whom nodes ask for names: the /etc/resolv.conf of a node, and of one without `dns`.
#include "plan/resolver.h"

#include "base/arena.h"
#include "plan/hosts.h"
#include "topology/values.h"

static const char *head(const struct topology *topology, struct arena *arena)
{
	return topology->domain ? arena_printf(arena, "search %s\n", topology->domain) : "";
}

const char *resolver_default(const struct topology *topology, struct arena *arena)
{
	return arena_printf(arena, "# This node asks nobody for names: it has no `dns`.\n%s",
			    head(topology, arena));
}

static bool has_family(const struct node *node, int family)
{
	for (size_t i = 0; i < node->interface_count; i++)
		for (size_t k = 0; k < node->interfaces[i].address_count; k++)
			if (node->interfaces[i].addresses[k].family == family)
				return true;
	return false;
}

struct server {
	struct address *addresses;
	size_t count;
};

static struct server find_server(const struct topology *topology, const struct node *node,
				 const struct name_server *wanted, struct arena *arena)
{
	const struct node *other = topology_node(topology, wanted->word);
	struct server all = {0}, server = {0};

	if (!other) {
		server.addresses = arena_alloc(arena, sizeof(*server.addresses));
		server.count = 1;
		value_address(wanted->word, ADDRESS_BARE, server.addresses);
		return server;
	}
	all.addresses = hosts_addresses(other, arena, &all.count);
	for (size_t i = 0; i < all.count; i++)
		if (has_family(node, all.addresses[i].family))
			*array_push(arena, server.addresses, server.count) = all.addresses[i];
	return server.count ? server : all;
}

const char *resolver_text(const struct topology *topology, const struct node *node,
			  struct arena *arena)
{
	struct server *servers = arena_alloc(arena, node->server_count * sizeof(*servers) + 1);
	const char *text = head(topology, arena);
	size_t most = 0;

	for (size_t i = 0; i < node->server_count; i++) {
		servers[i] = find_server(topology, node, &node->servers[i], arena);
		if (servers[i].count > most)
			most = servers[i].count;
	}
	for (size_t turn = 0; turn < most; turn++)
		for (size_t i = 0; i < node->server_count; i++) {
			char address[ADDRESS_TEXT_SIZE];

			if (turn < servers[i].count)
				text = arena_printf(
					arena, "%snameserver %s\n", text,
					address_text(&servers[i].addresses[turn], true, address));
		}
	return text;
}
