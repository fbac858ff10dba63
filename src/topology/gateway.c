// SPDX-License-Identifier: MIT
// Gateways that follow from the lab: the first router on a segment of the node.
#include <sys/socket.h>

#include "base/arena.h"
#include "topology/addressing.h"
#include "topology/build.h"
#include "topology/device.h"
#include "topology/network.h"
#include "topology/values.h"

/* By which interface, and to which address. */
struct way {
	const struct interface *interface; /* NULL: none is found */
	const struct address *router;
};

/* The ways of a node: IPv4, IPv6. */
struct ways {
	struct way of[2];
};

/* With computed routes, what is no router leaves all to one. */
static bool wants(const struct build *build, const struct node *node, int family)
{
	return (node->auto_gateway || (build->topology->static_routing && !node->forward)) &&
	       !node_has_default(node, family);
}

static const struct address *shared(const struct interface *own, const struct interface *other,
				    int family)
{
	for (size_t i = 0; i < other->address_count; i++)
		for (size_t k = 0; k < own->address_count; k++)
			if (other->addresses[i].family == family &&
			    !address_is_link_local(&other->addresses[i]) &&
			    !address_is_alone(&own->addresses[k]) &&
			    address_in(&other->addresses[i], &own->addresses[k]))
				return &other->addresses[i];
	return NULL;
}

/* The ends of routers in a network, in file order. */
struct routers {
	const struct interface **ends;
	size_t count;
};

static struct routers list_routers(const struct network *network, struct arena *arena)
{
	struct routers routers = {
		.ends = arena_alloc(arena, network->end_count * sizeof(struct interface *)),
	};

	for (size_t i = 0; i < network->end_count; i++)
		if (network->ends[i]->node->forward && !interface_vrf(network->ends[i]))
			routers.ends[routers.count++] = network->ends[i];
	return routers;
}

/* The first router with an address in a subnet of the interface. */
static const struct address *find_router(const struct routers *routers, const struct interface *own,
					 int family)
{
	for (size_t i = 0; i < routers->count; i++) {
		const struct interface *other = routers->ends[i];
		const struct address *address = NULL;

		if (other->node != own->node)
			address = shared(own, other, family);
		if (address)
			return address;
	}
	return NULL;
}

/* An interface that comes first in its node's section wins. */
static void look(const struct routers *routers, const struct interface *own, int family,
		 struct way *way)
{
	const struct address *router;

	if ((way->interface && way->interface->index < own->index) || interface_vrf(own))
		return;
	router = find_router(routers, own, family);
	if (router)
		*way = (struct way){own, router};
}

static void look_around(const struct build *build, const struct network *network, struct ways *ways)
{
	struct routers routers = list_routers(network, build->arena);

	for (size_t i = 0; i < network->end_count; i++) {
		const struct interface *own = network->ends[i];

		for (int place = 0; place < 2; place++)
			if (wants(build, own->node, family_at(place)))
				look(&routers, own, family_at(place),
				     &ways[own->node->number - 1].of[place]);
	}
}

static void add_gateway(struct build *build, struct node *node, const struct way *way)
{
	struct route *route;

	if (!way->interface)
		return;
	route = array_push(build->arena, node->routes, node->route_count);
	*route = (struct route){
		.name = "gateway",
		.place = node->auto_gateway ? node->gateway_place : node->place,
		.destination = {.family = way->router->family},
	};
	array_push(build->arena, route->hops, route->hop_count)->via = *way->router;
}

static void check_found(struct build *build, const struct node *node, const struct ways *ways)
{
	if (!node->auto_gateway || build->partial[node->number] || ways->of[0].interface ||
	    ways->of[1].interface || node_has_default(node, AF_INET) ||
	    node_has_default(node, AF_INET6))
		return;
	report_fault(&build->report, node->gateway_place,
		     "gateway: auto: no router (forward = yes) has an address in a subnet of %s",
		     node->name);
}

void settle_gateways(struct build *build)
{
	const struct topology *topology = build->topology;
	bool asked = topology->static_routing;
	struct ways *ways;

	for (size_t i = 0; i < topology->node_count; i++)
		asked |= topology->nodes[i].auto_gateway;
	if (!asked)
		return;
	ways = arena_alloc(build->arena, topology->node_count * sizeof(*ways) + 1);
	for (size_t i = 0; i < build->networks->count; i++)
		look_around(build, build->networks->list[i], ways);
	for (size_t i = 0; i < topology->node_count && !report_full(&build->report); i++) {
		struct node *node = &topology->nodes[i];

		check_found(build, node, &ways[i]);
		for (int place = 0; place < 2; place++)
			add_gateway(build, node, &ways[i].of[place]);
	}
}
