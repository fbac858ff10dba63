// SPDX-License-Identifier: MIT
// Faults of routes: out of reach, to the node itself, given twice, where the kernel has its own.
#include "topology/check.h"

#include <stdio.h>
#include <string.h>
#include <sys/socket.h>

#include "base/arena.h"
#include "base/map.h"
#include "topology/build.h"
#include "topology/device.h"
#include "topology/reach.h"
#include "topology/values.h"

#define IPV6_METRIC 1024 /* the kernel's default */

static const char *route_title(struct reach *reach, const struct route *route)
{
	struct report *report = &reach->ground->build->report;

	return strcmp(route->name, "gateway")
		       ? arena_printf(report->arena, "route.%s", shown(report, route->name))
		       : "gateway";
}

/* A link-local way says nothing about its link; a node with one interface leaves no doubt. */
static void settle_link_local(struct reach *reach, const struct route *route, struct next_hop *hop)
{
	struct build *build = reach->ground->build;

	if (hop->interface)
		return;
	if (reach->node->interface_count == 2)
		hop->interface = &reach->node->interfaces[1];
	else
		report_fault(&build->report, route->place,
			     "%s: %s is link-local; write a route.NAME with dev INTERFACE",
			     route_title(reach, route), address_title(build, &hop->via, true));
}

static void check_owner(struct reach *reach, const struct route *route, const struct next_hop *hop,
			const struct interface *through)
{
	struct build *build = reach->ground->build;
	size_t domain = ground_domain(reach->ground, through);
	char key[GROUND_KEY_SIZE];

	if (domain == GROUND_NONE || reach->ground->open ||
	    report_full_of_warnings(&build->report) ||
	    map_get(reach->ground->addresses, ground_address_key(key, domain, &hop->via)))
		return;
	report_warning(&build->report, route->place, "%s: no node has the address %s on segment %s",
		       route_title(reach, route), address_title(build, &hop->via, true),
		       ground_segment(through));
}

static void out_of_reach(struct reach *reach, const struct route *route, const struct next_hop *hop)
{
	struct build *build = reach->ground->build;

	report_fault(&build->report, route->place, "%s: no subnet of %s reaches %s; %s",
		     route_title(reach, route),
		     hop->interface ? interface_title(build, hop->interface) : reach->node->name,
		     address_title(build, &hop->via, true), reach_text(reach, &hop->via));
}

static void check_hop(struct reach *reach, const struct route *route, struct next_hop *hop)
{
	struct build *build = reach->ground->build;
	const struct interface *through, *from = hop->interface ? hop->interface : route->vrf;
	size_t own = ground_node(from ? from : &reach->node->interfaces[0]);
	char key[GROUND_KEY_SIZE];

	if (!hop->via.family)
		return;
	if (hop->via.family == AF_INET6 && address_is_link_local(&hop->via)) {
		settle_link_local(reach, route, hop);
		return;
	}
	through = reach_find(reach, hop->interface ? hop->interface->index : ground_any(route->vrf),
			     &hop->via, address_bits(hop->via.family));
	if (map_get(reach->ground->of_nodes, ground_address_key(key, own, &hop->via)))
		report_fault(&build->report, route->place, "%s: %s is an address of %s itself",
			     route_title(reach, route), address_title(build, &hop->via, true),
			     reach->node->name);
	else if (!through)
		out_of_reach(reach, route, hop);
	else
		check_owner(reach, route, hop, through);
}

/* Is a subnet of one of the interface's own addresses the destination? */
static bool brings_route(const struct interface *interface, const struct address *destination)
{
	for (size_t i = 0; i < interface->address_count; i++)
		if (interface->addresses[i].length == destination->length &&
		    address_in(&interface->addresses[i], destination))
			return true;
	return false;
}

static void check_once(struct reach *reach, struct route *route)
{
	struct build *build = reach->ground->build;
	bool v6 = route->destination.family == AF_INET6;
	char text[ADDRESS_TEXT_SIZE], key[GROUND_KEY_SIZE];
	const struct route *first;
	const struct interface *direct;
	uint32_t metric = route->metric || !v6 ? route->metric : IPV6_METRIC;

	address_text(&route->destination, false, text);
	first = map_add(reach->ground->routes,
			arena_printf(build->arena, "%u.%zu %s %u", reach->node->number,
				     ground_any(route->vrf), text, metric),
			route);
	if (first) {
		report_fault(&build->report, route->place,
			     "%s: %s has a route of the same metric already, %s in line %d",
			     route_title(reach, route), text, route_title(reach, first),
			     first->place.line);
		return;
	}
	/* An address brings its IPv4 subnet's route, of metric 0; IPv6's has metric 256. */
	ground_subnet_key(key, reach->node, ground_any(route->vrf), &route->destination);
	direct = v6 || metric ? NULL : map_get(reach->ground->subnets, key);
	if (direct && reach_is_wide(&route->destination) &&
	    brings_route(direct, &route->destination))
		report_fault(&build->report, route->place,
			     "%s: %s is the subnet of %s, which brings its route",
			     route_title(reach, route), text, interface_title(build, direct));
}

/* A route is in the vrf of the interfaces that it goes over; one that says so goes over no other.
 */
static void settle_vrf(struct reach *reach, struct route *route)
{
	struct build *build = reach->ground->build;

	for (size_t i = 0; i < route->hop_count; i++) {
		struct interface *interface = route->hops[i].interface;
		struct interface *vrf = interface ? interface_vrf(interface) : NULL;

		/* Out of a vrf into the rest of the node is what `vrf` and `dev` together say. */
		if (interface && !route->vrf)
			route->vrf = vrf;
	}
	if (route->vrf && !device_is(route->vrf, DEVICE_VRF)) {
		report_fault(&build->report, route->place, "%s: %s is no vrf",
			     route_title(reach, route), route->vrf->name);
		route->vrf = NULL;
	}
}

static void check_route(struct reach *reach, struct route *route)
{
	struct build *build = reach->ground->build;

	if (route->destination.family == AF_INET6 && !reach->node->ipv6) {
		report_fault(&build->report, route->place, "%s is of IPv6, but %s has ipv6 = no",
			     route_title(reach, route), reach->node->name);
		return;
	}
	check_once(reach, route);
	for (size_t i = 0; i < route->hop_count; i++)
		check_hop(reach, route, &route->hops[i]);
}

/* What is directly on an interface is reached too: the plan has these routes before the others. */
static void learn_direct(struct reach *reach, const struct route *route)
{
	for (size_t i = 0; i < route->hop_count; i++)
		if (!route->hops[i].via.family && !route->path)
			reach_add(reach, route->hops[i].interface, &route->destination);
}

void check_routes(struct ground *ground, struct node *node)
{
	struct reach reach = {.ground = ground, .node = node};

	for (size_t i = 0; i < node->route_count; i++)
		settle_vrf(&reach, &node->routes[i]);
	for (size_t i = 0; i < node->route_count; i++)
		settle_path(&reach, &node->routes[i]);
	reach_learn(&reach);
	for (size_t i = 0; i < node->route_count; i++)
		learn_direct(&reach, &node->routes[i]);
	for (size_t i = 0; i < node->route_count; i++)
		check_route(&reach, &node->routes[i]);
	check_labels(&reach);
	check_sids(&reach);
}
