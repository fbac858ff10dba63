// SPDX-License-Identifier: MIT
// Warnings of interfaces that share a segment with others, but no subnet.
#include "topology/check.h"

#include <stdio.h>
#include <sys/socket.h>

#include "base/arena.h"
#include "base/map.h"
#include "topology/build.h"
#include "topology/values.h"

/* One subnet on a network of layer 2. */
struct subnet {
	const struct interface *first; /* that is in it */
	bool shared;		       /* others are too */
};

/* What a network of layer 2 has in one family. */
struct presence {
	const struct interface *first, *shared; /* any; one whose subnet others are in */
	const struct address *first_address, *shared_address;
};

struct subnets {
	struct ground *ground;
	struct map *by_key;	    /* "DOMAIN SUBNET" -> struct subnet */
	struct presence *presences; /* two for each segment: IPv4, IPv6 */
};

static bool joins_subnet(struct subnets *subnets, const struct interface *interface,
			 const struct address *address)
{
	return ground_domain(subnets->ground, interface) != GROUND_NONE &&
	       !address_is_link_local(address) && !address_is_alone(address);
}

static const char *domain_key(char buffer[GROUND_KEY_SIZE], size_t domain,
			      const struct address *address)
{
	struct address subnet = *address;
	char text[ADDRESS_TEXT_SIZE];

	address_mask(&subnet);
	snprintf(buffer, GROUND_KEY_SIZE, "%zu %s", domain, address_text(&subnet, false, text));
	return buffer;
}

static void note_subnets(struct subnets *subnets, const struct interface *interface)
{
	struct arena *arena = subnets->ground->build->arena;
	char key[GROUND_KEY_SIZE];

	for (size_t i = 0; i < interface->address_count; i++) {
		const struct address *address = &interface->addresses[i];
		struct subnet *subnet;
		size_t domain;

		if (!joins_subnet(subnets, interface, address))
			continue;
		domain = ground_domain(subnets->ground, interface);
		subnet = map_get(subnets->by_key, domain_key(key, domain, address));
		if (subnet) {
			subnet->shared |= subnet->first != interface;
			continue;
		}
		subnet = arena_alloc(arena, sizeof(*subnet));
		subnet->first = interface;
		map_add(subnets->by_key, arena_strdup(arena, key), subnet);
	}
}

/* The interface's address of that family whose subnet others are in too; else its first one. */
static const struct address *
best_address(struct subnets *subnets, const struct interface *interface, int family, bool *shared)
{
	const struct address *best = NULL;
	char key[GROUND_KEY_SIZE];

	*shared = false;
	for (size_t i = 0; i < interface->address_count && !*shared; i++) {
		const struct address *address = &interface->addresses[i];
		const struct subnet *subnet;

		if (address->family != family || !joins_subnet(subnets, interface, address))
			continue;
		subnet = map_get(
			subnets->by_key,
			domain_key(key, ground_domain(subnets->ground, interface), address));
		*shared = subnet->shared;
		if (!best || *shared)
			best = address;
	}
	return best;
}

static struct presence *presence_of(struct subnets *subnets, const struct interface *interface,
				    int family)
{
	return &subnets->presences[2 * ground_domain(subnets->ground, interface) +
				   (family == AF_INET6)];
}

static void note_presence(struct subnets *subnets, const struct interface *interface, int family)
{
	struct presence *presence;
	const struct address *address;
	bool shared;

	address = best_address(subnets, interface, family, &shared);
	if (!address)
		return;
	presence = presence_of(subnets, interface, family);
	if (!presence->first) {
		presence->first = interface;
		presence->first_address = address;
	}
	if (shared && !presence->shared) {
		presence->shared = interface;
		presence->shared_address = address;
	}
}

/* An interface that nobody on its segment can talk to is compared with one that others can. */
static void check_subnet(struct subnets *subnets, const struct interface *interface, int family)
{
	struct build *build = subnets->ground->build;
	const struct presence *presence;
	const struct interface *other;
	const struct address *address;
	bool shared;

	address = best_address(subnets, interface, family, &shared);
	if (!address || shared)
		return;
	presence = presence_of(subnets, interface, family);
	other = presence->shared ? presence->shared : presence->first;
	if (other == interface || report_full_of_warnings(&build->report))
		return;
	report_warning(
		&build->report, interface->place,
		"%s (%s) and %s (%s, line %d) are on segment %s in different subnets",
		interface_title(build, interface), address_title(build, address, false),
		interface_title(build, other),
		address_title(build,
			      presence->shared ? presence->shared_address : presence->first_address,
			      false),
		other->place.line, ground_segment(interface));
}

typedef void interface_visit(struct subnets *subnets, const struct interface *interface);

static void note_both(struct subnets *subnets, const struct interface *interface)
{
	note_presence(subnets, interface, AF_INET);
	note_presence(subnets, interface, AF_INET6);
}

static void check_both(struct subnets *subnets, const struct interface *interface)
{
	check_subnet(subnets, interface, AF_INET);
	check_subnet(subnets, interface, AF_INET6);
}

void check_subnets(struct ground *ground)
{
	static interface_visit *const steps[] = {note_subnets, note_both, check_both};
	const struct topology *topology = ground->build->topology;
	struct subnets subnets = {.ground = ground, .by_key = map_new(ground->build->arena)};

	subnets.presences = arena_alloc(ground->build->arena,
					2 * ground->domain_count * sizeof(struct presence) + 1);
	for (size_t step = 0; step < sizeof(steps) / sizeof(*steps); step++)
		for (size_t i = 0; i < topology->node_count; i++)
			for (size_t k = 0; k < topology->nodes[i].interface_count; k++)
				steps[step](&subnets, &topology->nodes[i].interfaces[k]);
}
