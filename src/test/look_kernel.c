// SPDX-License-Identifier: MIT
// What sentences look at in the kernels of nodes: routes, neighbours, addresses, links, sockets.
#include <net/if.h>
#include <stdbool.h>
#include <string.h>
#include <sys/socket.h>

#include "base/arena.h"
#include "base/error.h"
#include "kernel/forwarding.h"
#include "kernel/listening.h"
#include "kernel/observe.h"
#include "test/look.h"
#include "test/station.h"
#include "test/trial.h"
#include "topology/protocol.h"
#include "topology/values.h"

/* Look at each item that is due, from inside its node; what is read lives as long as the look. */
static int each(struct trial *trial,
		int (*look)(struct trial *, struct item *, struct arena *, struct error *),
		struct error *err)
{
	for (size_t i = 0; i < trial->count; i++) {
		AUTO_ARENA struct arena *arena = NULL;
		struct item *item = &trial->items[i];

		if (!item->due)
			continue;
		arena = arena_new();
		if (trial_enter(trial, item->from, err) < 0 || look(trial, item, arena, err) < 0)
			return -1;
	}
	return 0;
}

static bool same_address(const struct address *a, const struct address *b)
{
	return a->family == b->family && !memcmp(a->bytes, b->bytes, address_bits(a->family) / 8);
}

static const char *interface_name(uint32_t index, char buffer[IF_NAMESIZE])
{
	return if_indextoname(index, buffer) ? buffer : "?";
}

/* Is that the interface that the step names, if it names one? */
static bool is_interface(const struct step *step, uint32_t index)
{
	return !step->interface || if_nametoindex(step->interface) == index;
}

static const char *route_text(const struct forwarding_route *route, struct arena *arena)
{
	char text[ADDRESS_TEXT_SIZE], name[IF_NAMESIZE];
	const char *protocol = protocol_name(route->protocol);
	const char *words = route->destination.length
				    ? address_text(&route->destination, false, text)
				    : "default";

	words = arena_strdup(arena, words);
	for (size_t i = 0; i < route->hop_count; i++) {
		const struct forwarding_hop *hop = &route->hops[i];

		if (hop->via.family)
			words = arena_printf(arena, "%s via %s", words,
					     address_text(&hop->via, true, text));
		if (hop->index)
			words = arena_printf(arena, "%s dev %s", words,
					     interface_name(hop->index, name));
	}
	words = protocol ? arena_printf(arena, "%s proto %s", words, protocol)
			 : arena_printf(arena, "%s proto %u", words, route->protocol);
	return route->metric ? arena_printf(arena, "%s metric %u", words, route->metric) : words;
}

static bool is_destination(const struct step *step, const struct forwarding_route *route)
{
	unsigned bit = route->destination.family == AF_INET ? FAMILY_IPV4 : FAMILY_IPV6;

	if (step->any_family)
		return !route->destination.length && (step->families & bit);
	return route->destination.length == step->address.length &&
	       same_address(&route->destination, &step->address);
}

/* An address, or one that any of the nodes has. */
static bool is_party(const struct party *party, const struct address *address)
{
	if (party->address.family)
		return same_address(&party->address, address);
	for (size_t i = 0; i < party->count; i++)
		if (node_has_address(party->nodes[i], address))
			return true;
	return false;
}

static bool is_hop(const struct step *step, const struct forwarding_route *route)
{
	for (size_t i = 0; i < route->hop_count; i++) {
		const struct forwarding_hop *hop = &route->hops[i];

		if (step->gateway.text &&
		    (!hop->via.family || !is_party(&step->gateway, &hop->via)))
			continue;
		if (is_interface(step, hop->index))
			return true;
	}
	return !route->hop_count && !step->gateway.text && !step->interface;
}

static int look_at_routes(struct trial *trial, struct item *item, struct arena *arena,
			  struct error *err)
{
	const struct step *step = trial->step;
	const char *others = "";
	struct forwarding_route *routes;
	size_t count;

	if (forwarding_routes(arena, &routes, &count, err) < 0)
		return -1;
	item->is = false;
	for (size_t i = 0; i < count; i++) {
		const struct forwarding_route *route = &routes[i];
		const char *text;

		if (!is_destination(step, route))
			continue;
		text = route_text(route, arena);
		others = arena_printf(arena, "%s%s%s", others, *others ? ", " : "", text);
		if (is_hop(step, route) &&
		    (!step->protocol_given || step->protocol == route->protocol) &&
		    (!step->metric_given || step->metric == route->metric)) {
			item->is = true;
			item_say(item, "there is %s", text);
			return 0;
		}
	}
	if (*others)
		item_say(item, "there is only %s", others);
	else
		item_say(item, "there is no route to exactly that");
	return 0;
}

int look_route(struct trial *trial, int64_t until, struct error *err)
{
	(void)until;
	return each(trial, look_at_routes, err);
}

static int look_at_neighbours(struct trial *trial, struct item *item, struct arena *arena,
			      struct error *err)
{
	const struct step *step = trial->step;
	struct forwarding_neighbour *list;
	char text[MAC_TEXT_SIZE], name[IF_NAMESIZE];
	size_t count;

	if (forwarding_neighbours(arena, &list, &count, err) < 0)
		return -1;
	item->is = false;
	item_say(item, "it is not known");
	for (size_t i = 0; i < count && !item->is; i++) {
		const struct forwarding_neighbour *neighbour = &list[i];

		if (!is_party(&step->to, &neighbour->address))
			continue;
		item->is =
			is_interface(step, neighbour->index) &&
			(!step->mac_given || !memcmp(neighbour->mac, step->mac, sizeof(step->mac)));
		item_say(item, "it is %s at %s", mac_text(neighbour->mac, text),
			 interface_name(neighbour->index, name));
	}
	return 0;
}

int look_neighbour(struct trial *trial, int64_t until, struct error *err)
{
	(void)until;
	return each(trial, look_at_neighbours, err);
}

/* "10.0.1.0/24": any address of that subnet. */
static bool is_subnet(const struct address *address)
{
	unsigned bits = address_bits(address->family);

	if (!address->length || address->length >= bits - 1)
		return false;
	for (unsigned bit = address->length; bit < bits; bit++)
		if (address->bytes[bit / 8] >> (7 - bit % 8) & 1)
			return false;
	return true;
}

/* ", but eth0 has 10.0.7.3/24": those of the family that others can speak to; "" without any. */
static const char *addresses_text(const struct observed_interface *list, size_t count, int family,
				  struct arena *arena)
{
	const char *words = "";
	char text[ADDRESS_TEXT_SIZE];

	for (size_t i = 0; i < count; i++)
		for (size_t k = 0; k < list[i].address_count; k++) {
			const struct address *address = &list[i].addresses[k];

			if (address->family == family && strcmp(list[i].name, "lo") != 0 &&
			    (family == AF_INET || !address_is_link_local(address)))
				words = arena_printf(arena, "%s%s %s has %s", words,
						     *words ? "," : ", but", list[i].name,
						     address_text(address, false, text));
		}
	return words;
}

static int look_at_addresses(struct trial *trial, struct item *item, struct arena *arena,
			     struct error *err)
{
	const struct step *step = trial->step;
	struct observed_interface *list;
	bool subnet = is_subnet(&step->address);
	char text[ADDRESS_TEXT_SIZE];
	size_t count;

	if (observe_interfaces(arena, &list, &count, err) < 0)
		return -1;
	item->is = false;
	item_say(item, "%s%s", subnet ? "no interface has an address of it" : "no interface has it",
		 addresses_text(list, count, step->address.family, arena));
	for (size_t i = 0; i < count; i++)
		for (size_t k = 0; k < list[i].address_count && !item->is; k++) {
			const struct address *address = &list[i].addresses[k];

			if (subnet ? !address_in(address, &step->address)
				   : !same_address(address, &step->address))
				continue;
			item->is = is_interface(step, list[i].index) &&
				   (subnet || !step->address.length ||
				    step->address.length == address->length);
			item_say(item, "there is %s at %s", address_text(address, false, text),
				 list[i].name);
		}
	return 0;
}

int look_address(struct trial *trial, int64_t until, struct error *err)
{
	(void)until;
	return each(trial, look_at_addresses, err);
}

static int look_at_interface(struct trial *trial, struct item *item, struct arena *arena,
			     struct error *err)
{
	const struct step *step = trial->step;
	struct observed_interface *list;
	size_t count;

	if (observe_interfaces(arena, &list, &count, err) < 0)
		return -1;
	item->is = false;
	item_say(item, "there is no interface %s", step->interface);
	for (size_t i = 0; i < count; i++) {
		if (strcmp(list[i].name, step->interface) != 0)
			continue;
		item->is = (list[i].up && list[i].carrier) == step->up;
		item_say(item, "%s is %s", step->interface,
			 !list[i].up	   ? "set down"
			 : list[i].carrier ? "up"
					   : "up, but has no carrier");
	}
	return 0;
}

int look_interface(struct trial *trial, int64_t until, struct error *err)
{
	(void)until;
	return each(trial, look_at_interface, err);
}

static int look_at_port(struct trial *trial, struct item *item, struct arena *arena,
			struct error *err)
{
	const struct step *step = trial->step;
	int found = listening(AF_UNSPEC, step->port, step->udp, err);

	(void)arena;
	if (found < 0)
		return found;
	item->is = found > 0;
	item_say(item, found ? "a program listens on %s port %u" : "nothing listens on %s port %u",
		 step->udp ? "UDP" : "TCP", step->port);
	return 0;
}

int look_listens(struct trial *trial, int64_t until, struct error *err)
{
	(void)until;
	return each(trial, look_at_port, err);
}
