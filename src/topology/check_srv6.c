// SPDX-License-Identifier: MIT
// Faults of segments: given twice, out of reach, of a node that takes none; where the kernel keeps
// them.
#include <sys/socket.h>

#include "base/arena.h"
#include "base/map.h"
#include "topology/build.h"
#include "topology/check.h"
#include "topology/device.h"
#include "topology/reach.h"
#include "topology/srv6.h"
#include "topology/values.h"

/*
 * The kernel keeps a route on an interface even where that has no part in it. One that stays up
 * whatever is cut is best: a dummy; then the first cable that is in no vrf.
 */
static struct interface *keeper_of(const struct node *node)
{
	struct interface *first = NULL;

	for (size_t i = 1; i < node->interface_count; i++) {
		struct interface *interface = &node->interfaces[i];

		if (interface_vrf(interface) || device_is(interface, DEVICE_VRF))
			continue;
		if (device_is(interface, DEVICE_DUMMY))
			return interface;
		if (!first)
			first = interface;
	}
	return first;
}

void settle_path(struct reach *reach, struct route *route)
{
	struct build *build = reach->ground->build;
	struct next_hop *hop = &route->hops[0];

	if (!route->path)
		return;
	if (!reach->node->ipv6)
		report_fault(&build->report, route->place,
			     "route.%s: segments are of IPv6, but %s has ipv6 = no", route->name,
			     reach->node->name);
	if (hop->via.family || hop->interface)
		return;
	hop->interface = keeper_of(reach->node);
	if (!hop->interface)
		report_fault(&build->report, route->place,
			     "route.%s: %s has no interface that segments could leave by",
			     route->name, reach->node->name);
}

static void check_sid_way(struct reach *reach, const struct sid *sid)
{
	struct build *build = reach->ground->build;

	if (!sid->via.family)
		return;
	if (address_is_link_local(&sid->via))
		report_fault(&build->report, sid->place,
			     "sid.%s: %s is link-local; the next hop is looked up in the routes",
			     sid->name, address_title(build, &sid->via, true));
	else if (!reach_find(reach, ground_any(NULL), &sid->via, address_bits(sid->via.family)))
		report_fault(&build->report, sid->place, "sid.%s: no subnet of %s reaches %s; %s",
			     sid->name, reach->node->name, address_title(build, &sid->via, true),
			     reach_text(reach, &sid->via));
}

/* The table of local addresses comes before all others. */
static void check_sid_address(struct reach *reach, struct sid *sid)
{
	struct build *build = reach->ground->build;
	char key[GROUND_KEY_SIZE], text[ADDRESS_TEXT_SIZE];
	const struct sid *first;

	first = map_add(reach->ground->routes,
			arena_printf(build->arena, "%u sid %s", reach->node->number,
				     address_text(&sid->address, false, text)),
			sid);
	if (first)
		report_fault(&build->report, sid->place,
			     "sid.%s: the segment %s has sid.%s already (line %d)", sid->name, text,
			     first->name, first->place.line);
	ground_address_key(key, ground_node(&reach->node->interfaces[0]), &sid->address);
	if (address_is_alone(&sid->address) && map_get(reach->ground->of_nodes, key))
		report_fault(&build->report, sid->place,
			     "sid.%s: %s is an address of %s itself, which comes first", sid->name,
			     address_title(build, &sid->address, true), reach->node->name);
}

static void check_sid(struct reach *reach, struct sid *sid)
{
	struct build *build = reach->ground->build;

	check_sid_address(reach, sid);
	check_sid_way(reach, sid);
	if (sid->vrf && !device_is(sid->vrf, DEVICE_VRF))
		report_fault(&build->report, sid->place, "sid.%s: %s is no vrf", sid->name,
			     sid->vrf->name);
	if (!reach->node->ipv6)
		report_fault(&build->report, sid->place, "sid.%s is of IPv6, but %s has ipv6 = no",
			     sid->name, reach->node->name);
	if ((sid_rows[sid->action].takes & SID_PASSES_IPV6) && !reach->node->forward)
		report_warning(&build->report, sid->place,
			       "sid.%s: %s has no forward = yes, so that packets end there",
			       sid->name, reach->node->name);
	if (!sid->interface)
		sid->interface = sid->vrf ? sid->vrf : keeper_of(reach->node);
	if (!sid->interface || sid->interface == &reach->node->interfaces[0])
		report_fault(&build->report, sid->place,
			     "sid.%s: the kernel keeps segments on interfaces other than lo; %s",
			     sid->name, "a dummy would do, such as sr0 = dummy");
}

void check_sids(struct reach *reach)
{
	struct node *node = reach->node;

	for (size_t i = 0; i < node->interface_count; i++)
		if (node->interfaces[i].srv6 && !node->ipv6)
			report_fault(&reach->ground->build->report, node->interfaces[i].place,
				     "%s has srv6 = yes, but %s has ipv6 = no",
				     interface_title(reach->ground->build, &node->interfaces[i]),
				     node->name);
	for (size_t i = 0; i < node->sid_count; i++)
		check_sid(reach, &node->sids[i]);
}
