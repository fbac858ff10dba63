// SPDX-License-Identifier: MIT
// Faults of routes of MPLS labels: given twice, out of reach.
#include "base/arena.h"
#include "base/map.h"
#include "topology/build.h"
#include "topology/check.h"
#include "topology/reach.h"
#include "topology/values.h"

static void check_label_route(struct reach *reach, const struct label_route *route)
{
	struct build *build = reach->ground->build;

	if (!route->hop.via.family || address_is_link_local(&route->hop.via) ||
	    reach_find(reach, route->hop.interface->index, &route->hop.via,
		       address_bits(route->hop.via.family)))
		return;
	report_fault(&build->report, route->place, "mpls.%s: no subnet of %s reaches %s",
		     route->name, interface_title(build, route->hop.interface),
		     address_title(build, &route->hop.via, true));
}

static void check_label(struct reach *reach, struct label_route *route)
{
	struct build *build = reach->ground->build;
	const struct label_route *first = map_add(
		reach->ground->routes,
		arena_printf(build->arena, "%u label %u", reach->node->number, route->label),
		route);

	if (first)
		report_fault(&build->report, route->place,
			     "mpls.%s: the label %u has mpls.%s already (line %d)", route->name,
			     route->label, first->name, first->place.line);
	check_label_route(reach, route);
}

void check_labels(struct reach *reach)
{
	const struct node *node = reach->node;

	for (size_t i = 0; i < node->label_count; i++)
		check_label(reach, &node->labels[i]);
}
