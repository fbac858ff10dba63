// SPDX-License-Identifier: MIT
// Subnets and single addresses of one family, cut from the prefixes of the lab.
#include "topology/cutting.h"

#include <sys/socket.h>

#include "base/arena.h"
#include "topology/build.h"
#include "topology/values.h"

#define LENGTH_CABLE 30 /* of IPv4: two addresses */
#define LENGTH_WIDE  24 /* of a switch, where the lab's prefix has room for many of them */
#define LENGTH_LARGE 16 /* so large is such a prefix at least */
#define LENGTH_IPV6  64

/* The length of a subnet with room for all ends. */
static unsigned length_for(const struct cutting *cutting, size_t addresses, bool wide)
{
	unsigned length = LENGTH_CABLE;

	if (cutting->family == AF_INET6)
		return LENGTH_IPV6;
	while (length > 1 && (1ULL << (32 - length)) - 2 < addresses)
		length--;
	if (wide && cutting->spaces[0].prefix.length <= LENGTH_LARGE && length > LENGTH_WIDE)
		return LENGTH_WIDE;
	return length;
}

/* Note what finds no room. */
static bool lacks(struct cutting *cutting, const char *title, unsigned length)
{
	if (!cutting->missing)
		cutting->missing = arena_printf(cutting->build->arena, "%s, a /%u", title, length);
	return false;
}

bool cutting_subnet(struct cutting *cutting, size_t addresses, bool wide, const char *title,
		    struct address *subnet)
{
	unsigned length = length_for(cutting, addresses, wide);

	cutting->taken[length]++;
	for (size_t i = 0; i < cutting->space_count; i++)
		if (space_take(&cutting->spaces[i], length, subnet))
			return true;
	return lacks(cutting, title, length);
}

bool cutting_alone(struct cutting *cutting, const char *title, struct address *address)
{
	unsigned bits = address_bits(cutting->family);

	cutting->taken[bits]++;
	return space_take(&cutting->alone, bits, address) || lacks(cutting, title, bits);
}

void cutting_use(struct cutting *cutting, const struct address *address)
{
	struct address subnet = *address;

	address_mask(&subnet);
	for (size_t i = 0; i < cutting->space_count; i++) {
		cutting->given |= address_in(&subnet, &cutting->spaces[i].prefix) ||
				  address_in(&cutting->spaces[i].prefix, &subnet);
		space_use(&cutting->spaces[i], &subnet);
	}
	if (cutting->space_count)
		space_use(&cutting->alone, &subnet);
}

/* Addresses without a subnet come from the end of the lab's first prefix: 10.255.0.1 of 10/8. */
static void set_apart(struct cutting *cutting, bool alone)
{
	struct address part = cutting->spaces[0].prefix;
	unsigned whole = part.length, bits = address_bits(cutting->family);
	unsigned deep = cutting->family == AF_INET ? LENGTH_LARGE : LENGTH_IPV6 - 8;
	unsigned length = whole + (whole <= deep ? 8 : 2);
	struct address first;

	part.length = (uint8_t)(length < bits ? length : bits);
	for (unsigned bit = whole; bit < part.length; bit++)
		part.bytes[bit / 8] |= (uint8_t)(0x80 >> bit % 8);
	space_start(&cutting->alone, &part, cutting->build->arena);
	if (alone)
		space_use(&cutting->spaces[0], &part);
	first = part;
	first.length = (uint8_t)bits;
	space_use(&cutting->alone, &first);
}

void cutting_start(struct cutting *cutting, struct build *build, int family, bool alone)
{
	const struct topology *topology = build->topology;

	*cutting = (struct cutting){.build = build, .family = family};
	cutting->spaces =
		arena_alloc(build->arena, topology->pool_count * sizeof(*cutting->spaces) + 1);
	for (size_t i = 0; i < topology->pool_count; i++)
		if (topology->pools[i].family == family)
			space_start(&cutting->spaces[cutting->space_count++], &topology->pools[i],
				    build->arena);
	if (cutting->space_count)
		set_apart(cutting, alone);
}

/* "2 x /24, 12 x /30" */
static const char *sizes_text(const struct cutting *cutting)
{
	struct report *report = &cutting->build->report;
	const char *text = "";

	for (unsigned length = 0; length <= 128; length++)
		if (cutting->taken[length])
			text = arena_printf(report->arena, "%s%s%s x /%u", text, *text ? ", " : "",
					    grouped(report, cutting->taken[length]), length);
	return text;
}

void cutting_end(const struct cutting *cutting)
{
	struct build *build = cutting->build;
	const char *pools = "";

	if (!cutting->missing)
		return;
	for (size_t i = 0; i < cutting->space_count; i++)
		pools = arena_printf(build->arena, "%s%s%s", pools, i ? " " : "",
				     address_title(build, &cutting->spaces[i].prefix, false));
	report_fault(
		&build->report, build->topology->pools_place,
		"addresses: %s is too small: the lab takes %s of it%s; there is no room for %s",
		pools, sizes_text(cutting), cutting->given ? ", beside what the file gives" : "",
		cutting->missing);
}
