// SPDX-License-Identifier: MIT
// Settle the ends of tunnels: names of nodes become addresses, which both ends agree on.
#include <string.h>
#include <sys/socket.h>

#include "base/arena.h"
#include "base/text.h"
#include "topology/build.h"
#include "topology/device.h"
#include "topology/settle.h"
#include "topology/values.h"

/* An address that packets of a tunnel can have. */
static bool is_outer(const struct address *address, int family)
{
	return address->family == family && !address_is_link_local(address) &&
	       !(family == AF_INET && address->bytes[0] == 127);
}

/* The interface's first address of the family; NULL: none. Those of tunnels do not carry others. */
static const struct address *first_address(const struct interface *interface, int family)
{
	if (device_has(interface, DEVICE_TUNNEL))
		return NULL;
	for (size_t i = 0; i < interface->address_count; i++)
		if (is_outer(&interface->addresses[i], family))
			return &interface->addresses[i];
	return NULL;
}

/* The address that stands for a node: lo's, which no cable takes away, else the first one. */
static const struct address *address_of_node(const struct node *node, int family)
{
	for (size_t i = 0; i < node->interface_count; i++) {
		const struct address *address = first_address(&node->interfaces[i], family);

		if (address)
			return address;
	}
	return NULL;
}

/* The address of the interface in whose subnet the other one is. */
static const struct address *neighbour(const struct interface *interface,
				       const struct address *other)
{
	if (device_has(interface, DEVICE_TUNNEL) || !other)
		return NULL;
	for (size_t i = 0; i < interface->address_count; i++)
		if (is_outer(&interface->addresses[i], other->family) &&
		    address_in(other, &interface->addresses[i]))
			return &interface->addresses[i];
	return NULL;
}

/* An address of each of two nodes. */
struct pair {
	const struct address *near, *far;
};

/* What they have on a subnet in common. The same pair for both, whichever asks. */
static bool find_common(const struct node *a, const struct node *b, int family, struct pair *pair)
{
	struct pair turned;

	if (a->number > b->number) {
		if (!find_common(b, a, family, &turned))
			return false;
		*pair = (struct pair){turned.far, turned.near};
		return true;
	}
	for (size_t i = 1; i < a->interface_count; i++)
		for (size_t k = 1; k < b->interface_count; k++) {
			pair->far = first_address(&b->interfaces[k], family);
			pair->near = neighbour(&a->interfaces[i], pair->far);
			if (pair->near)
				return true;
		}
	return false;
}

/* Addresses by which the two nodes reach each other; far NULL: there are none. */
static struct pair find_pair(const struct node *a, const struct node *b, int family)
{
	struct pair pair;

	if (!find_common(a, b, family, &pair))
		pair = (struct pair){address_of_node(a, family), address_of_node(b, family)};
	return pair;
}

/* The families that a tunnel of that kind is carried by, the first one first. */
static size_t families_of(const struct device *device, int families[2])
{
	unsigned traits = device_rows[device->kind].traits;
	size_t count = 0;

	if (traits & DEVICE_OVER_IPV4)
		families[count++] = AF_INET;
	if (traits & DEVICE_OVER_IPV6)
		families[count++] = AF_INET6;
	return count;
}

static const char *family_text(const int *families, size_t count)
{
	return count == 2 ? "" : *families == AF_INET ? "IPv4 " : "IPv6 ";
}

static struct node *node_of(struct build *build, struct place place, const char *title,
			    const char *name)
{
	struct node *node = topology_node(build->topology, name);

	if (node && node->kind == NODE_HOST)
		return node;
	report_fault(&build->report, place, "%s: there is no node \"%s\"%s", title,
		     shown(&build->report, name),
		     did_you_mean(&build->report, near_node(build, place, name, NULL)));
	return NULL;
}

/* NODE:INTERFACE or, of `near` itself, INTERFACE. */
static const struct address *address_of_interface(struct build *build, const struct node *node,
						  const char *name, const int *families,
						  size_t count, const struct endpoint *end,
						  const char *title)
{
	const struct interface *interface = node_interface(node, name);
	const struct address *address = NULL;

	for (size_t i = 0; interface && i < count && !address; i++)
		address = first_address(interface, families[i]);
	if (!address)
		report_fault(&build->report, end->place,
			     interface ? "%s: %s:%s has no %saddress"
				       : "%s: %s has no interface \"%s\"",
			     title, node->name, shown(&build->report, name),
			     family_text(families, count));
	return address;
}

static void say_own(struct build *build, const struct device *device, const struct endpoint *remote)
{
	report_fault(&build->report, remote->place, "%s: its far end %s is %s itself",
		     interface_title(build, device->interface), shown(&build->report, remote->text),
		     device->interface->node->name);
}

static bool is_own(const struct node *node, const struct address *address)
{
	for (size_t i = 0; i < node->interface_count; i++)
		for (size_t k = 0; k < node->interfaces[i].address_count; k++) {
			const struct address *own = &node->interfaces[i].addresses[k];

			if (own->family == address->family &&
			    !memcmp(own->bytes, address->bytes, sizeof(own->bytes)))
				return true;
		}
	return false;
}

/* Find a far end, and set the near one where it follows from that and is not given. */
static void settle_remote(struct build *build, struct device *device, struct endpoint *remote,
			  const char *title)
{
	const struct node *own = device->interface->node, *other;
	struct endpoint *local = &device->local;
	const char *colon = strchr(remote->text, ':');
	const struct address *address = NULL;
	struct pair pair = {NULL, NULL};
	int families[2] = {0, 0};
	size_t count = families_of(device, families);

	other = node_of(
		build, remote->place, title,
		colon ? arena_strndup(build->arena, remote->text, (size_t)(colon - remote->text))
		      : remote->text);
	if (!other)
		return;
	if (other == own) {
		say_own(build, device, remote);
		return;
	}
	if (colon) {
		address = address_of_interface(build, other, colon + 1, families, count, remote,
					       title);
	} else {
		for (size_t i = 0; i < count && !pair.far; i++)
			if (!local->address.family || local->address.family == families[i])
				pair = find_pair(own, other, families[i]);
		address = pair.far;
		if (!address && !build->partial[other->number])
			report_fault(&build->report, remote->place,
				     "%s: %s has no %saddress that a tunnel can go to", title,
				     other->name, family_text(families, count));
	}
	if (!address)
		return;
	remote->address = *address;
	if (!local->text && !local->address.family && pair.near)
		local->address = *pair.near;
}

/* The near end that no key gives: on the subnet of the far one, else what stands for the node. */
static void choose_local(struct device *device, int family, const struct address *remote)
{
	const struct node *node = device->interface->node;
	const struct address *address = NULL;

	for (size_t i = 1; remote && i < node->interface_count && !address; i++)
		address = neighbour(&node->interfaces[i], remote);
	if (!address)
		address = address_of_node(node, family);
	if (address)
		device->local.address = *address;
}

static void settle_local(struct build *build, struct device *device, const char *title)
{
	struct endpoint *local = &device->local;
	const struct address *address;
	int families[2] = {0, 0};
	size_t count = families_of(device, families);

	if (!local->text || local->address.family)
		return;
	address = address_of_interface(build, device->interface->node, local->text, families, count,
				       local, title);
	if (address)
		local->address = *address;
}

static void check_family(struct build *build, const struct device *device,
			 const struct endpoint *end, int wanted)
{
	const char *title = interface_title(build, device->interface);
	int families[2] = {0, 0}, family = end->address.family;
	size_t count = families_of(device, families);

	if (!family)
		return;
	if (count == 1 && family != families[0])
		report_fault(&build->report, end->place, "%s: %s goes over %sonly, not to %s",
			     title, device_rows[device->kind].title, family_text(families, 1),
			     address_title(build, &end->address, true));
	else if (wanted && family != wanted)
		report_fault(&build->report, end->place,
			     "%s: its ends are of both families: %s and %s", title,
			     address_title(build, &device->local.address, true),
			     address_title(build, &end->address, true));
}

static void check_ends(struct build *build, const struct device *device)
{
	const char *title = interface_title(build, device->interface);

	if (!device->remote_count && device_has(device->interface, DEVICE_CALLS) &&
	    !build->partial[device->interface->node->number])
		report_fault(&build->report, device->interface->place,
			     "%s has no far end: %s.remote is missing", title,
			     device->interface->name);
	if (device->group.text && !device->lower_count)
		report_fault(&build->report, device->group.place,
			     "%s: a group is joined on an interface, as in \"vxlan eth0\"", title);
	if (device->group.text && device->remote_count)
		report_fault(&build->report, device->group.place,
			     "%s has a group and a remote; it takes one of them", title);
	check_family(build, device, &device->local, 0);
	for (size_t i = 0; i < device->remote_count; i++)
		check_family(build, device, &device->remotes[i], device->local.address.family);
}

void settle_ends(struct build *build, struct device *device)
{
	const char *title = interface_title(build, device->interface);
	const struct address *first;
	int families[2] = {0, 0};

	if (!device_has(device->interface, DEVICE_TUNNEL) || device->kind == DEVICE_WIREGUARD ||
	    device->kind == DEVICE_TUN)
		return;
	settle_local(build, device, title);
	for (size_t i = 0; i < device->remote_count; i++)
		if (!device->remotes[i].address.family)
			settle_remote(build, device, &device->remotes[i], title);
		else if (is_own(device->interface->node, &device->remotes[i].address))
			say_own(build, device, &device->remotes[i]);
	families_of(device, families);
	first = device->remote_count ? &device->remotes[0].address : NULL;
	if (!device->local.text && !device->local.address.family && !device->group.text)
		choose_local(device, first && first->family ? first->family : families[0],
			     first && first->family ? first : NULL);
	check_ends(build, device);
}

/* The wireguard device of the other node that speaks to this one. */
static struct interface *far_device(const struct node *other, const struct node *own)
{
	for (size_t i = 0; i < other->interface_count; i++) {
		struct interface *interface = &other->interfaces[i];

		if (device_is(interface, DEVICE_WIREGUARD) &&
		    device_peer(interface->device, own->name))
			return interface;
	}
	return NULL;
}

static void settle_endpoint(struct build *build, struct device *device, struct peer *peer,
			    const struct node *other, const char *title)
{
	static const int families[] = {AF_INET, AF_INET6};
	const struct address *address = NULL;

	if (peer->endpoint_text) {
		if (strcmp(peer->endpoint_text, "none") != 0 &&
		    value_address(peer->endpoint_text, ADDRESS_BARE, &peer->endpoint))
			report_fault(&build->report, peer->place,
				     "%s: \"%s\" is neither an address nor none", title,
				     shown(&build->report, peer->endpoint_text));
		return;
	}
	for (size_t i = 0; i < 2 && !address; i++)
		address = find_pair(device->interface->node, other, families[i]).far;
	if (address)
		peer->endpoint = *address;
	else if (!build->partial[other->number])
		report_fault(&build->report, peer->place,
			     "%s: %s has no address that a tunnel can go to; where it is the one "
			     "that calls, write endpoint none",
			     title, other->name);
}

/* What the far device itself has is always let through. */
static void allow_own(struct build *build, struct peer *peer)
{
	for (size_t i = 0; i < peer->interface->address_count; i++) {
		struct address *address =
			array_push(build->arena, peer->allowed, peer->allowed_count);

		*address = peer->interface->addresses[i];
		address->length = (uint8_t)address_bits(address->family);
	}
}

static void settle_peer(struct build *build, struct device *device, struct peer *peer)
{
	const struct node *own = device->interface->node;
	const char *title = interface_title(build, device->interface);
	const struct node *other = node_of(build, peer->place, title, peer->name);

	if (!other)
		return;
	peer->interface = far_device(other, own);
	if (other == own) {
		report_fault(&build->report, peer->place, "%s: %s is its own peer", title,
			     own->name);
	} else if (!peer->interface) {
		if (!build->partial[other->number])
			report_fault(&build->report, peer->place,
				     "%s: %s has no wireguard device with the peer %s", title,
				     other->name, own->name);
	} else {
		allow_own(build, peer);
		settle_endpoint(build, device, peer, other, title);
	}
}

void settle_peers(struct build *build, struct device *device)
{
	for (size_t i = 0; i < device->peer_count; i++)
		settle_peer(build, device, &device->peers[i]);
}
