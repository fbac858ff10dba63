// SPDX-License-Identifier: MIT
// Networks of layer 2, with the interfaces of nodes that are on each.
#include "topology/network.h"

#include <stdlib.h>
#include <sys/socket.h>

#include "base/arena.h"
#include "topology/build.h"
#include "topology/check.h"
#include "topology/device.h"

int family_place(int family)
{
	return family == AF_INET6;
}

int family_at(int place)
{
	return place ? AF_INET6 : AF_INET;
}

static file_order order_of(const struct interface *interface)
{
	return (file_order)interface->node->number << 32 |
	       (file_order)(interface - interface->node->interfaces);
}

/* A port of a bridge or a bond leaves it to that to have addresses. */
static bool is_port(const struct interface *interface)
{
	return interface->master && !device_is(interface->master, DEVICE_VRF);
}

/* Its switch drops what has no tag: only VLANs on it are on a network. */
static bool is_mute(const struct interface *interface)
{
	const struct interface *port = interface->device ? NULL : interface->peer;

	return port && port->node->kind == NODE_SWITCH && port->node->bridge.vlans && port->port &&
	       !port->port->native;
}

/* What the interface is plugged into, itself or through what it sits on. */
static const struct segment *segment_of(const struct interface *interface)
{
	while (!interface->segment && interface->device && interface->device->lower_count)
		interface = interface->device->lower[0];
	return interface->segment;
}

static void add_end(struct build *build, struct network *network, struct interface *interface)
{
	const struct segment *segment = segment_of(interface);
	const struct node *node = segment && segment->kind == SEGMENT_SWITCH ? segment->node : NULL;

	if (node && (!network->lowest || node->number < network->lowest->number))
		network->lowest = node;
	network->wide |= segment && segment->kind != SEGMENT_LINK;
	/* NOLINTNEXTLINE(bugprone-sizeof-expression): a list of pointers */
	*array_push(build->arena, network->ends, network->end_count) = interface;
}

/* A cable is one when its second end is there: until then it is no use to anybody. */
static void find_order(struct network *network)
{
	file_order first = order_of(network->ends[0]);
	file_order lowest = network->lowest ? (file_order)network->lowest->number << 32 : 0;

	network->order = lowest > first ? lowest : first;
	for (size_t i = 1; !network->lowest && i < network->end_count; i++)
		if (network->ends[i]->node != network->ends[0]->node) {
			network->order = order_of(network->ends[i]);
			return;
		}
}

static int by_order(const void *a, const void *b)
{
	const struct network *x = *(struct network *const *)a, *y = *(struct network *const *)b;

	if (x->order != y->order)
		return x->order < y->order ? -1 : 1;
	return order_of(x->ends[0]) < order_of(y->ends[0]) ? -1 : 1;
}

/* The place of the network for that interface in `by_domain`; NULL: it is on none. */
static struct network *network_of(struct build *build, struct network *by_domain,
				  struct interface *interface)
{
	size_t domain;

	if (is_port(interface) || is_mute(interface))
		return NULL;
	domain = ground_domain(build->ground, interface);
	if (domain != GROUND_NONE)
		return &by_domain[domain];
	/* Each stub is a network by itself. */
	return interface->segment ? arena_alloc(build->arena, sizeof(*by_domain)) : NULL;
}

static const char *vlan_text(struct build *build, uint32_t vlan)
{
	return vlan ? arena_printf(build->arena, "VLAN %u of ", vlan) : "";
}

/* Of one switch, or of one that is joined with it; VLAN 1 is that of ports that say nothing. */
static void give(struct build *build, struct network *by_domain, const struct segment *segment,
		 const struct segment_subnet *subnet)
{
	size_t domain = ground_vlan_domain(build->ground, segment, subnet->vlan);
	int place = family_place(subnet->prefix.family);
	struct network *network;

	if (domain == GROUND_NONE && !subnet->vlan && segment->node && segment->node->bridge.vlans)
		domain = ground_vlan_domain(build->ground, segment, VLAN_DEFAULT);
	network = domain == GROUND_NONE ? NULL : &by_domain[domain];
	if (!network || !network->end_count)
		report_fault(&build->report, subnet->place,
			     "subnet: no interface of a node is on %ssegment %s",
			     vlan_text(build, subnet->vlan), segment->name);
	else if (network->given[place])
		report_fault(&build->report, subnet->place,
			     "subnet: segment %s has the subnet %s already (line %d)",
			     segment->name,
			     address_title(build, &network->given[place]->prefix, false),
			     network->given[place]->place.line);
	else
		network->given[place] = subnet;
}

void networks_give(struct build *build)
{
	const struct topology *topology = build->topology;

	for (size_t i = 0; i < topology->segment_count; i++)
		for (size_t k = 0; k < topology->segments[i].subnet_count; k++)
			give(build, build->networks->by_domain, &topology->segments[i],
			     &topology->segments[i].subnets[k]);
}

struct networks *networks_find(struct build *build)
{
	const struct topology *topology = build->topology;
	struct networks *networks = arena_alloc(build->arena, sizeof(*networks));

	networks->by_domain = arena_alloc(build->arena, (build->ground->domain_count + 1) *
								sizeof(*networks->by_domain));
	for (size_t i = 0; i < topology->node_count; i++)
		for (size_t k = 1; k < topology->nodes[i].interface_count; k++) {
			struct interface *interface = &topology->nodes[i].interfaces[k];
			struct network *network =
				topology->nodes[i].kind == NODE_HOST
					? network_of(build, networks->by_domain, interface)
					: NULL;

			if (network && !network->end_count)
				/* NOLINTNEXTLINE(bugprone-sizeof-expression): a list of pointers */
				*array_push(build->arena, networks->list, networks->count) =
					network;
			if (network)
				add_end(build, network, interface);
		}
	for (size_t i = 0; i < networks->count; i++)
		find_order(networks->list[i]);
	if (networks->count)
		qsort(networks->list, networks->count, sizeof(struct network *), by_order);
	return networks;
}

const char *network_title(struct build *build, const struct network *network)
{
	const struct segment *segment = network->ends[0]->segment;

	if (segment && segment->kind == SEGMENT_STUB)
		return interface_title(build, network->ends[0]);
	return arena_printf(build->arena, "segment %s", ground_segment(network->ends[0]));
}
