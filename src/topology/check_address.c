// SPDX-License-Identifier: MIT
// Faults of addresses: given twice, or meaning something else than an interface.
#include "topology/check.h"

#include <stdio.h>
#include <string.h>
#include <sys/socket.h>

#include "base/arena.h"
#include "base/map.h"
#include "topology/build.h"
#include "topology/values.h"

/* Put under a key of its own; returns the interface that is there already. */
static const struct interface *note(struct ground *ground, struct map *map, const char *key,
				    struct interface *interface)
{
	struct interface *first = map_get(map, key);

	if (!first)
		map_add(map, arena_strdup(ground->build->arena, key), interface);
	return first;
}

/*
 * Are they the same virtual router, which several routers stand for? Its MAC address is one that is
 * set aside for that (RFC 5798, 7.3), by its number, for IPv4 or IPv6.
 */
static bool are_one_router(const struct interface *a, const struct interface *b)
{
	static const uint8_t prefix[] = {0x00, 0x00, 0x5e, 0x00};

	return a->node != b->node && !memcmp(a->mac, prefix, sizeof(prefix)) &&
	       (a->mac[4] == 1 || a->mac[4] == 2) && !memcmp(a->mac, b->mac, sizeof(a->mac));
}

/* An address of an interface, by its number in the list. */
struct given {
	struct interface *interface;
	size_t number;
};

static const struct address *address_of(struct given given)
{
	return &given.interface->addresses[given.number];
}

static struct place place_of(struct given given)
{
	return given.interface->address_places[given.number];
}

static void say_twice(struct ground *ground, struct given given, const struct interface *first)
{
	struct build *build = ground->build;
	const char *where, *text;

	if (report_full(&build->report))
		return;
	where = interface_title(build, given.interface);
	text = address_title(build, address_of(given), true);
	if (given.interface == first)
		report_fault(&build->report, place_of(given), "%s has the address %s twice", where,
			     text);
	else
		report_fault(&build->report, place_of(given),
			     "%s has the address %s, which %s has (line %d)", where, text,
			     interface_title(build, first), first->place.line);
}

static void warn_of_twice(struct ground *ground, struct given given, const struct interface *first)
{
	struct build *build = ground->build;

	if (report_full_of_warnings(&build->report))
		return;
	report_warning(&build->report, place_of(given),
		       "%s has the address %s, which %s has on another segment (line %d)",
		       interface_title(build, given.interface),
		       address_title(build, address_of(given), true), interface_title(build, first),
		       first->place.line);
}

/*
 * Twice on one network or one node is a fault; but unnumbered interfaces share a /32 with others
 * of their node, and link-local addresses mean something on their own link alone.
 */
static void check_twice(struct ground *ground, struct given given)
{
	struct interface *interface = given.interface;
	const struct address *address = address_of(given);
	const struct interface *first = NULL;
	size_t domain = ground_domain(ground, interface);
	char key[GROUND_KEY_SIZE];

	if (domain != GROUND_NONE)
		first = note(ground, ground->addresses, ground_address_key(key, domain, address),
			     interface);
	if (!first && !address_is_link_local(address)) {
		first = note(ground, ground->of_nodes,
			     ground_address_key(key, ground_node(interface), address), interface);
		if (first && first != interface && address_is_alone(address))
			return;
	}
	if (first && are_one_router(first, interface))
		return;
	if (first) {
		say_twice(ground, given, first);
		return;
	}
	if (interface->kind == INTERFACE_LOOPBACK || address_is_link_local(address) || ground->vrfs)
		return;
	first = note(ground, ground->anywhere, ground_address_key(key, 0, address), interface);
	if (first)
		warn_of_twice(ground, given, first);
}

static void check_edges(struct ground *ground, struct given given)
{
	const struct interface *interface = given.interface;
	const struct address *address = address_of(given);
	struct build *build = ground->build;
	struct address lowest = *address, highest = *address;
	unsigned bits = address_bits(address->family);

	if (interface->kind == INTERFACE_LOOPBACK || address->length + 1U >= bits)
		return;
	address_mask(&lowest);
	for (unsigned i = address->length; i < bits; i++)
		highest.bytes[i / 8] |= (uint8_t)(0x80 >> (i % 8));
	if (address->family == AF_INET6) {
		if (!memcmp(&lowest, address, sizeof(lowest)))
			report_warning(&build->report, place_of(given),
				       "%s: %s is the address that all routers of the subnet share",
				       interface_title(build, interface),
				       address_title(build, address, false));
	} else if (!memcmp(&lowest, address, sizeof(lowest))) {
		report_fault(&build->report, place_of(given),
			     "%s: %s is the address of the network itself",
			     interface_title(build, interface),
			     address_title(build, address, false));
	} else if (!memcmp(&highest, address, sizeof(highest))) {
		report_fault(&build->report, place_of(given),
			     "%s: %s is the broadcast address of its network",
			     interface_title(build, interface),
			     address_title(build, address, false));
	}
}

static void check_mac(struct ground *ground, struct map *macs, size_t domain,
		      struct interface *interface, const uint8_t mac[6])
{
	struct build *build = ground->build;
	const struct interface *first;
	char key[GROUND_KEY_SIZE], text[MAC_TEXT_SIZE];

	snprintf(key, sizeof(key), "%zu %s", domain, mac_text(mac, text));
	first = note(ground, macs, key, interface);
	if (first && !are_one_router(first, interface))
		report_fault(&build->report, interface->place,
			     "%s has the MAC address %s, which %s has (line %d)",
			     interface_title(build, interface), text, interface_title(build, first),
			     first->place.line);
}

static void check_macs(struct ground *ground)
{
	static const uint8_t none[6]; /* of a device that has the one of what it sits on */
	const struct topology *topology = ground->build->topology;
	struct map *macs = map_new(ground->build->arena);

	for (size_t i = 0; i < topology->node_count; i++) {
		const struct node *node = &topology->nodes[i];

		for (size_t k = 1; k < node->interface_count; k++) {
			struct interface *interface = &node->interfaces[k];

			size_t domain = ground_domain(ground, interface);

			if (domain != GROUND_NONE && memcmp(interface->mac, none, 6) != 0)
				check_mac(ground, macs, domain, interface, interface->mac);
		}
	}
}

static void check_node_addresses(struct ground *ground, struct node *node)
{
	for (size_t i = 0; i < node->interface_count; i++) {
		struct interface *interface = &node->interfaces[i];

		for (size_t k = 0; k < interface->address_count; k++) {
			struct given given = {interface, k};

			check_twice(ground, given);
			check_edges(ground, given);
		}
	}
}

void check_addresses(struct build *build)
{
	struct topology *topology = build->topology;
	struct ground *ground = build->ground;

	for (size_t i = 0; i < topology->node_count; i++)
		check_node_addresses(ground, &topology->nodes[i]);
	check_subnets(ground);
	if (build->macs_given)
		check_macs(ground);
	for (size_t i = 0; i < topology->node_count && !report_full(&build->report); i++)
		if (!build->partial[topology->nodes[i].number])
			check_routes(ground, &topology->nodes[i]);
}
