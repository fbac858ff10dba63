// SPDX-License-Identifier: MIT
// The lab as a graph of routers and subnets, for one family, and the prefixes at its vertices.
#include "topology/lab_graph.h"

#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "base/arena.h"
#include "topology/build.h"
#include "topology/check.h"
#include "topology/device.h"
#include "topology/values.h"

/* A prefix at a vertex: at a subnet, or at a router that has it for itself. */
struct placed {
	struct address prefix;
	uint32_t vertex;
};

/* An address by which a port is on a subnet, until subnets have numbers. */
struct joining {
	size_t domain;
	struct address subnet;
	uint32_t port;
};

/* A graph on its way. */
struct drawing {
	struct build *build;
	struct lab_graph *lab;
	int family;
	struct graph_port *ports;
	size_t port_count, lab_port_count;
	struct joining *joinings; /* as the ports */
	size_t joining_count;
	struct placed *own; /* prefixes that routers have for themselves; of routers by number */
	size_t own_count;
	uint32_t interface; /* number of the present one */
};

/* Does others' traffic come over the interface, so that its subnet joins routers? */
static bool joins(struct drawing *drawing, const struct interface *interface,
		  const struct address *address)
{
	return interface->kind != INTERFACE_LOOPBACK && !address_is_alone(address) &&
	       !device_has(interface, DEVICE_TUNNEL) &&
	       ground_domain(drawing->build->ground, interface) != GROUND_NONE;
}

static bool is_for_others(const struct address *address, int family)
{
	static const uint8_t one[16] = {[15] = 1};

	if (address->family != family || address_is_link_local(address))
		return false;
	return family == AF_INET ? address->bytes[0] != 127
				 : memcmp(address->bytes, one, sizeof(one)) != 0;
}

/* A host is of interest where it has something that its neighbours do not see. */
static bool takes_part(struct drawing *drawing, const struct node *node)
{
	if (node->kind != NODE_HOST || node->forward)
		return node->kind == NODE_HOST;
	for (size_t i = 0; i < node->interface_count; i++) {
		const struct interface *interface = &node->interfaces[i];

		for (size_t k = 0; k < interface->address_count; k++)
			if (is_for_others(&interface->addresses[k], drawing->family) &&
			    !joins(drawing, interface, &interface->addresses[k]) &&
			    !interface_vrf(interface))
				return true;
	}
	return false;
}

static void add_port(struct drawing *drawing, uint32_t router, struct interface *interface,
		     const struct address *address)
{
	struct arena *arena = drawing->build->arena;
	struct joining *joining = array_push(arena, drawing->joinings, drawing->joining_count);

	*joining = (struct joining){
		.domain = ground_domain(drawing->build->ground, interface),
		.subnet = *address,
		.port = (uint32_t)drawing->port_count,
	};
	address_mask(&joining->subnet);
	*array_push(arena, drawing->ports, drawing->port_count) = (struct graph_port){
		.router = router,
		.interface = drawing->interface,
		.metric = interface->metric ?: METRIC_DEFAULT,
	};
	*array_push(arena, drawing->lab->ports, drawing->lab_port_count) =
		(struct lab_port){interface, address};
}

static void add_own(struct drawing *drawing, uint32_t router, const struct address *address)
{
	struct placed *placed = array_push(drawing->build->arena, drawing->own, drawing->own_count);

	*placed = (struct placed){*address, router};
	address_mask(&placed->prefix);
}

static void add_interface(struct drawing *drawing, uint32_t router, struct interface *interface)
{
	if (interface_vrf(interface))
		return;
	drawing->interface++;
	for (size_t i = 0; i < interface->address_count; i++) {
		const struct address *address = &interface->addresses[i];

		if (!is_for_others(address, drawing->family))
			continue;
		if (joins(drawing, interface, address))
			add_port(drawing, router, interface, address);
		else
			add_own(drawing, router, address);
	}
}

static void add_routers(struct drawing *drawing)
{
	const struct topology *topology = drawing->build->topology;
	struct arena *arena = drawing->build->arena;
	struct graph *graph = &drawing->lab->graph;
	bool *passes = arena_alloc(arena, topology->node_count + 1);

	drawing->lab->routers =
		arena_alloc(arena, (topology->node_count + 1) * sizeof(struct node *));
	drawing->lab->numbers = arena_alloc(arena, (topology->node_count + 1) * sizeof(uint32_t));
	for (size_t i = 0; i < topology->node_count; i++) {
		struct node *node = &topology->nodes[i];
		uint32_t router = (uint32_t)graph->router_count;

		drawing->lab->numbers[node->number] = NO_ROUTER;
		if (!takes_part(drawing, node))
			continue;
		drawing->lab->routers[router] = node;
		drawing->lab->numbers[node->number] = router;
		passes[router] = node->forward;
		graph->router_count++;
		for (size_t k = 0; k < node->interface_count; k++)
			add_interface(drawing, router, &node->interfaces[k]);
	}
	graph->passes = passes;
}

static int by_subnet(const void *a, const void *b)
{
	const struct joining *x = a, *y = b;

	if (x->domain != y->domain)
		return x->domain < y->domain ? -1 : 1;
	if (x->subnet.length != y->subnet.length)
		return x->subnet.length < y->subnet.length ? -1 : 1;
	return memcmp(x->subnet.bytes, y->subnet.bytes, sizeof(x->subnet.bytes));
}

/* Number the subnets, and place the prefix of each. */
static struct placed *number_nets(struct drawing *drawing, size_t *count)
{
	struct graph *graph = &drawing->lab->graph;
	struct joining *list = drawing->joinings;
	struct placed *placed =
		arena_alloc(drawing->build->arena,
			    (drawing->joining_count + drawing->own_count + 1) * sizeof(*placed));

	if (drawing->joining_count)
		qsort(list, drawing->joining_count, sizeof(*list), by_subnet);
	for (size_t i = 0; i < drawing->joining_count; i++) {
		if (!i || by_subnet(&list[i - 1], &list[i]) != 0) {
			uint32_t net = (uint32_t)graph->net_count++;

			placed[net] = (struct placed){list[i].subnet, net};
		}
		drawing->ports[list[i].port].net = (uint32_t)graph->net_count - 1;
	}
	*count = graph->net_count;
	for (size_t i = 0; i < drawing->own_count; i++)
		placed[(*count)++] = (struct placed){
			drawing->own[i].prefix, vertex_of_router(graph, drawing->own[i].vertex)};
	return placed;
}

/* A prefix that is at several places is one destination. */
static void plant(struct lab_graph *lab, const struct placed *placed, size_t count,
		  struct arena *arena)
{
	struct address *list = arena_alloc(arena, (count + 1) * sizeof(*list));
	size_t unique = 0;
	uint32_t *next;

	for (size_t i = 0; i < count; i++)
		list[i] = placed[i].prefix;
	forest_sort(list, count);
	for (size_t i = 0; i < count; i++)
		if (!i || memcmp(&list[i], &list[unique - 1], sizeof(*list)) != 0)
			list[unique++] = list[i];
	forest_start(&lab->forest, list, unique, arena);
	lab->of_leaf = arena_alloc(arena, (unique + 2) * sizeof(uint32_t));
	lab->places = arena_alloc(arena, (count + 1) * sizeof(uint32_t));
	for (size_t i = 0; i < count; i++)
		lab->of_leaf[forest_find(&lab->forest, &placed[i].prefix) + 1]++;
	for (size_t i = 0; i < unique; i++)
		lab->of_leaf[i + 1] += lab->of_leaf[i];
	next = arena_alloc(arena, (unique + 1) * sizeof(uint32_t));
	memcpy(next, lab->of_leaf, unique * sizeof(uint32_t));
	for (size_t i = 0; i < count; i++)
		lab->places[next[forest_find(&lab->forest, &placed[i].prefix)]++] =
			placed[i].vertex;
}

void lab_graph_start(struct lab_graph *lab, struct build *build, int family)
{
	struct drawing drawing = {.build = build, .lab = lab, .family = family};
	struct placed *placed;
	size_t count;

	*lab = (struct lab_graph){0};
	add_routers(&drawing);
	lab->graph.ports = drawing.ports;
	lab->graph.port_count = drawing.port_count;
	placed = number_nets(&drawing, &count);
	graph_start(&lab->graph, build->arena);
	plant(lab, placed, count, build->arena);
}
