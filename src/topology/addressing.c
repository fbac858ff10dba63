// SPDX-License-Identifier: MIT
// Addresses for the interfaces that have none: subnets for segments, cut from those of the lab.
#include "topology/addressing.h"

#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "base/arena.h"
#include "topology/build.h"
#include "topology/cutting.h"
#include "topology/device.h"
#include "topology/network.h"
#include "topology/values.h"

/* Has the interface an address of the family that says something outside of its link? */
static bool has_address(const struct interface *interface, int family)
{
	for (size_t i = 0; i < interface->address_count; i++)
		if (interface->addresses[i].family == family &&
		    !address_is_link_local(&interface->addresses[i]))
			return true;
	return false;
}

static void add_address(struct build *build, struct interface *interface,
			const struct address *address)
{
	size_t places = interface->address_count;

	*array_push(build->arena, interface->address_places, places) = interface->place;
	*array_push(build->arena, interface->addresses, interface->address_count) = *address;
}

static bool may_have(const struct interface *interface, int family)
{
	bool fits = family == AF_INET ||
		    (interface->node->ipv6 && !(interface->mtu && interface->mtu < IPV6_MTU_LEAST));

	return fits && interface->numbering != NUMBERING_NONE && !has_address(interface, family);
}

/* Is the interface to get an address on its network? A stub, or a tunnel, has to ask for it. */
static bool wants(const struct cutting *cutting, const struct network *network,
		  const struct interface *interface)
{
	bool asks = interface->numbering == NUMBERING_AUTO;
	bool joins = !device_has(interface, DEVICE_TUNNEL) &&
		     !(interface->segment && interface->segment->kind == SEGMENT_STUB);

	if (!may_have(interface, cutting->family))
		return false;
	return asks ||
	       (joins && (cutting->space_count || network->given[family_place(cutting->family)]));
}

static size_t count_wants(const struct cutting *cutting, const struct network *network)
{
	size_t count = 0;

	for (size_t i = 0; i < network->end_count; i++)
		count += wants(cutting, network, network->ends[i]);
	return count;
}

/* An address that brings a subnet with others in it. */
static bool is_wide(const struct address *address, int family)
{
	return address->family == family && !address_is_link_local(address) &&
	       !address_is_alone(address);
}

/* Is the address of that very subnet? */
static bool is_of(const struct address *address, const struct address *subnet)
{
	return address->length == subnet->length && address_in(address, subnet);
}

/* The first subnet that ends of the network have in the file, or a further one but `other`. */
static const struct address *written_subnet(const struct network *network, int family,
					    const struct address *other,
					    const struct interface **whose)
{
	for (size_t i = 0; i < network->end_count; i++)
		for (size_t k = 0; k < network->ends[i]->address_count; k++) {
			const struct address *address = &network->ends[i]->addresses[k];

			if (!is_wide(address, family) || (other && is_of(address, other)))
				continue;
			*whose = network->ends[i];
			return address;
		}
	return NULL;
}

static void say_outside(struct cutting *cutting, const struct network *network,
			const struct interface *interface, const struct address *address)
{
	const struct segment_subnet *given = network->given[family_place(cutting->family)];
	struct build *build = cutting->build;

	report_fault(&build->report, interface->place,
		     "%s (%s) is outside of the subnet %s that %s has (line %d)",
		     interface_title(build, interface), address_title(build, address, false),
		     address_title(build, &given->prefix, false), network_title(build, network),
		     given->place.line);
}

/* Whoever has addresses in the file, on a segment with a subnet, has one in that. */
static void check_inside(struct cutting *cutting, const struct network *network)
{
	const struct address *subnet = &network->given[family_place(cutting->family)]->prefix;

	for (size_t i = 0; i < network->end_count; i++) {
		const struct interface *end = network->ends[i];
		const struct address *outside = NULL;
		bool inside = false;

		for (size_t k = 0; k < end->address_count; k++) {
			const struct address *address = &end->addresses[k];

			inside |= is_of(address, subnet);
			if (!outside && is_wide(address, cutting->family))
				outside = address;
		}
		if (outside && !inside)
			say_outside(cutting, network, end, outside);
	}
}

static void say_ambiguous(struct cutting *cutting, const struct network *network,
			  const struct interface *one, const struct address *first,
			  const struct interface *two, const struct address *second)
{
	struct build *build = cutting->build;

	for (size_t i = 0; i < network->end_count; i++) {
		if (!wants(cutting, network, network->ends[i]))
			continue;
		report_fault(&build->report, network->ends[i]->place,
			     "%s has no address, and %s has several subnets, of %s (%s) and %s "
			     "(%s); give it one, or write none",
			     interface_title(build, network->ends[i]),
			     network_title(build, network), interface_title(build, one),
			     address_title(build, first, false), interface_title(build, two),
			     address_title(build, second, false));
		return;
	}
}

/* Which subnet the network has: that of the file, else one of the lab's. False: none. */
static bool choose_subnet(struct cutting *cutting, const struct network *network,
			  struct address *subnet)
{
	const struct segment_subnet *given = network->given[family_place(cutting->family)];
	const struct interface *one = NULL, *two = NULL;
	const struct address *first, *second;

	if (given) {
		*subnet = given->prefix;
		return true;
	}
	first = written_subnet(network, cutting->family, NULL, &one);
	second = first ? written_subnet(network, cutting->family, first, &two) : NULL;
	if (second) {
		say_ambiguous(cutting, network, one, first, two, second);
		return false;
	}
	if (first) {
		*subnet = *first;
		address_mask(subnet);
		return true;
	}
	return cutting->space_count &&
	       cutting_subnet(cutting, network->end_count, network->wide,
			      network_title(cutting->build, network), subnet);
}

/* The address of that number in a subnet. */
static void put_number(struct address *address, const struct address *subnet, uint64_t number)
{
	*address = *subnet;
	for (unsigned i = address_bits(subnet->family) / 8; i-- > 0 && number; number >>= 8)
		address->bytes[i] |= (uint8_t)number;
}

/* The numbers that addresses of a subnet can have, but the network's own and broadcast. */
static void bounds_of(const struct address *subnet, uint64_t *low, uint64_t *high)
{
	unsigned bits = address_bits(subnet->family) - subnet->length;

	*low = bits > 1;
	*high = bits > 32 ? UINT32_MAX : (1ULL << bits) - 1;
	if (subnet->family == AF_INET && bits > 1)
		--*high;
}

/* The addresses that ends of a network have in the file, in their order. */
struct taken {
	struct address *list;
	size_t count;
	size_t next; /* the first that is not below what was asked for last */
};

static int by_bytes(const void *a, const void *b)
{
	const struct address *one = a, *two = b;

	return memcmp(one->bytes, two->bytes, sizeof(one->bytes));
}

static struct taken taken_of(const struct cutting *cutting, const struct network *network)
{
	struct taken taken = {0};

	for (size_t i = 0; i < network->end_count; i++)
		for (size_t k = 0; k < network->ends[i]->address_count; k++)
			if (network->ends[i]->addresses[k].family == cutting->family)
				*array_push(cutting->build->arena, taken.list, taken.count) =
					network->ends[i]->addresses[k];
	if (taken.count)
		qsort(taken.list, taken.count, sizeof(*taken.list), by_bytes);
	return taken;
}

/* Asked for one address after the other, upwards. */
static bool is_taken(struct taken *taken, const struct address *address)
{
	while (taken->next < taken->count && by_bytes(&taken->list[taken->next], address) < 0)
		taken->next++;
	return taken->next < taken->count && by_bytes(&taken->list[taken->next], address) == 0;
}

static void say_crowded(struct cutting *cutting, const struct network *network,
			const struct address *subnet)
{
	struct build *build = cutting->build;
	const struct segment_subnet *given = network->given[family_place(cutting->family)];
	uint64_t low, high;

	bounds_of(subnet, &low, &high);
	report_fault(&build->report, given ? given->place : network->ends[0]->place,
		     "%s: the subnet %s has room for %s addresses, and %s interfaces are on it",
		     network_title(build, network), address_title(build, subnet, false),
		     grouped(&build->report, high - low + 1),
		     grouped(&build->report, network->end_count));
}

/* In file order, so that one more at the end of the file leaves the others theirs. */
static void number_ends(struct cutting *cutting, struct network *network,
			const struct address *subnet)
{
	struct taken taken = taken_of(cutting, network);
	uint64_t number, high;

	bounds_of(subnet, &number, &high);
	for (size_t i = 0; i < network->end_count; i++) {
		struct address address;

		if (!wants(cutting, network, network->ends[i]))
			continue;
		do
			put_number(&address, subnet, number);
		while (number++ <= high && is_taken(&taken, &address));
		if (number > high + 1) {
			say_crowded(cutting, network, subnet);
			return;
		}
		add_address(cutting->build, network->ends[i], &address);
	}
}

static void number_network(struct cutting *cutting, struct network *network)
{
	struct address subnet;

	if (network->given[family_place(cutting->family)])
		check_inside(cutting, network);
	if (!count_wants(cutting, network))
		return;
	if (choose_subnet(cutting, network, &subnet))
		number_ends(cutting, network, &subnet);
}

static bool is_alone(const struct interface *interface)
{
	return interface->kind == INTERFACE_LOOPBACK || device_is(interface, DEVICE_DUMMY);
}

/* Does the interface have no network, but an address all the same if it asks for it? */
static bool stands_alone(const struct cutting *cutting, const struct interface *interface)
{
	return interface->numbering == NUMBERING_AUTO && may_have(interface, cutting->family) &&
	       is_alone(interface);
}

typedef void interface_visit(struct cutting *cutting, struct interface *interface);

static void visit_all(struct cutting *cutting, interface_visit *visit)
{
	const struct topology *topology = cutting->build->topology;

	for (size_t i = 0; i < topology->node_count; i++)
		for (size_t k = 0; k < topology->nodes[i].interface_count; k++)
			visit(cutting, &topology->nodes[i].interfaces[k]);
}

static void number_alone(struct cutting *cutting, struct interface *interface)
{
	struct address address;

	if (stands_alone(cutting, interface) && cutting->space_count &&
	    cutting_alone(cutting, interface_title(cutting->build, interface), &address))
		add_address(cutting->build, interface, &address);
}

static void use_written(struct cutting *cutting, struct interface *interface)
{
	for (size_t i = 0; i < interface->address_count; i++)
		if (interface->addresses[i].family == cutting->family)
			cutting_use(cutting, &interface->addresses[i]);
}

/* What the file gives is skipped, wherever in the lab it is. */
static void use_all(struct cutting *cutting, const struct networks *networks)
{
	visit_all(cutting, use_written);
	for (size_t i = 0; i < networks->count; i++) {
		const struct segment_subnet *given =
			networks->list[i]->given[family_place(cutting->family)];

		if (given)
			cutting_use(cutting, &given->prefix);
	}
}

/* What asks for an address and has got none, though there was room. */
static void check_auto(struct build *build, const struct interface *interface)
{
	const struct topology *topology = build->topology;
	const char *why = "it leads to no segment that its address could follow from";

	if (interface->numbering != NUMBERING_AUTO || interface->address_count)
		return;
	if (device_has(interface, DEVICE_TUNNEL))
		why = "a tunnel has no segment that its address could follow from";
	else if (!topology->pool_count && topology->pools_place.line)
		return; /* they were found wrong */
	else if (!topology->pool_count)
		why = "there is nothing to choose from; write addresses = PREFIX... in [lab]";
	report_fault(&build->report, interface->place, "%s: auto: %s",
		     interface_title(build, interface), why);
}

/* What the file asks of addresses. */
struct asked {
	bool any;   /* there are to be addresses that it does not give */
	bool alone; /* some of them without a subnet */
};

static struct asked what_is_asked(const struct topology *topology)
{
	struct asked asked = {.any = topology->pool_count > 0};

	for (size_t i = 0; i < topology->segment_count; i++)
		asked.any |= topology->segments[i].subnet_count > 0;
	for (size_t i = 0; i < topology->node_count; i++)
		for (size_t k = 0; k < topology->nodes[i].interface_count; k++) {
			const struct interface *interface = &topology->nodes[i].interfaces[k];
			bool is_auto = interface->numbering == NUMBERING_AUTO;

			asked.any |= is_auto;
			asked.alone |= is_auto && is_alone(interface);
		}
	return asked;
}

void settle_addresses(struct build *build)
{
	const struct topology *topology = build->topology;
	struct asked asked = what_is_asked(topology);
	const struct networks *networks = build->networks;
	bool missing = false;

	if (!asked.any)
		return;
	networks_give(build);
	for (int place = 0; place < 2; place++) {
		struct cutting cutting;

		cutting_start(&cutting, build, family_at(place), asked.alone);
		use_all(&cutting, networks);
		for (size_t i = 0; i < networks->count && !report_full(&build->report); i++)
			number_network(&cutting, networks->list[i]);
		visit_all(&cutting, number_alone);
		cutting_end(&cutting);
		missing |= cutting.missing != NULL;
	}
	for (size_t i = 0; i < topology->node_count && !missing && !report_full(&build->report);
	     i++)
		for (size_t k = 0; k < topology->nodes[i].interface_count; k++)
			check_auto(build, &topology->nodes[i].interfaces[k]);
}
