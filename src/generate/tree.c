// SPDX-License-Identifier: MIT
// Switches below switches, with hosts at the lowest, as in Mininet's trees; or the same of routers.
#include <inttypes.h>

#include "generate/kinds.h"
#include "generate/pieces.h"
#include "generate/shape.h"

/* What a switch's bridge takes, less its own way up. */
#define FAN_MOST       1022
#define HOSTS_OF_ALL   60000 /* in one /16 */
#define ROUTERS_OF_ALL 30000 /* a /24 each */

/* The branch taken at each level is called a, b, c, ... */
static const char *letter(const struct shape *shape, uint32_t level)
{
	return text_of(shape, "%c", (int)('a' + level));
}

static uint32_t leaves_of(const struct shape *shape, uint32_t depth)
{
	uint64_t count = 1;

	for (uint32_t i = 0; i < depth && count < UINT32_MAX; i++)
		count *= shape->size[1];
	return count < UINT32_MAX ? (uint32_t)count : UINT32_MAX;
}

uint32_t tree_hosts(const struct shape *shape)
{
	return shape->size[1];
}

const char *refuse_tree(const struct shape *shape)
{
	uint64_t lowest = leaves_of(shape, shape->size[0] - 1);

	if (shape->ways == WAYS_NONE && !shape->hosts)
		return "of switches needs hosts: they are what is at its ends";
	if (shape->ways == WAYS_NONE && shape->hosts > FAN_MOST)
		return "of switches has 1,022 hosts at each at most";
	if (shape->ways == WAYS_NONE && lowest * shape->hosts > HOSTS_OF_ALL)
		return "of that size has more than 60,000 hosts";
	if (shape->ways != WAYS_NONE && lowest > ROUTERS_OF_ALL)
		return "of that size has more than 30,000 routers at its lowest level";
	return shape->ways != WAYS_NONE && shape->hosts > HOSTS_MOST
		       ? "of routers has 125 hosts at each at most; say --hosts"
		       : NULL;
}

/* "{a=1..4}-{b=1..4}" for two levels, or "{a}-{b}". */
static const char *path(const struct shape *shape, uint32_t levels, bool ranges)
{
	const char *text = "";

	for (uint32_t i = 0; i < levels; i++)
		text = text_of(shape, "%s%s%s", text, i ? "-" : "",
			       ranges ? range_of(shape, letter(shape, i), 1, shape->size[1])
				      : text_of(shape, "{%s}", letter(shape, i)));
	return text;
}

/* "a+1", "a-1", "a". */
static const char *plus(const struct shape *shape, const char *text, int64_t number)
{
	return number ? text_of(shape, "%s%+" PRId64, text, number) : text;
}

/* The number of a path among those of its level, the first one being `first`: "(a-1)*4+b". */
static const char *number(const struct shape *shape, uint32_t levels, uint32_t first)
{
	const char *text = letter(shape, 0);

	for (uint32_t i = 1; i < levels; i++)
		text = text_of(shape, "(%s-1)*%" PRIu32 "+%s", text, shape->size[1],
			       letter(shape, i));
	return plus(shape, text, (int64_t)first - 1);
}

/* "root", or "s1-2". */
static const char *switch_name(const struct shape *shape, uint32_t level, bool ranges)
{
	return level ? text_of(shape, "s%s", path(shape, level, ranges)) : "root";
}

static const char *host_address(const struct shape *shape, uint32_t hosts)
{
	uint32_t depth = shape->size[0];
	const char *place;

	if (depth == 1 && hosts <= 254)
		return "10.0.0.{a}";
	if (depth == 2 && shape->size[1] <= 254 && hosts <= 254)
		return "10.0.{a}.{b}";
	place = depth == 1 ? "a"
			   : text_of(shape, "(%s)*%" PRIu32 "+%s", number(shape, depth - 1, 0),
				     hosts, letter(shape, depth - 1));
	return text_of(shape, "10.0.{(%s)/256}.{(%s)%%256}", place, place);
}

static void write_switches(const struct shape *shape, FILE *out)
{
	uint32_t depth = shape->size[0], hosts = shape->hosts;
	const char *above = depth > 1 ? text_of(shape, "%s-", path(shape, depth - 1, true)) : "";

	for (uint32_t level = 0; level < depth; level++) {
		fprintf(out, "\n[switch %s]\n", switch_name(shape, level, true));
		if (level)
			fprintf(out, "eth0 = %s\n", switch_name(shape, level - 1, false));
	}
	fprintf(out, "\n[node h%s%s]\neth0 = %s %s/16\n", above,
		range_of(shape, letter(shape, depth - 1), 1, hosts),
		switch_name(shape, depth - 1, false), host_address(shape, hosts));
}

/* The routers have numbers, level by level, and each the network of its own. */
static const char *network_at(const struct shape *shape, uint32_t level)
{
	uint32_t first = 1;

	if (!level)
		return "10.0.1";
	for (uint32_t i = 0; i < level; i++)
		first += leaves_of(shape, i);
	return network_of(shape, number(shape, level, first), first + leaves_of(shape, level) - 1);
}

static void write_routers(const struct shape *shape, FILE *out)
{
	uint32_t depth = shape->size[0];
	const char *lowest = depth > 1 ? path(shape, depth - 1, false) : "1";

	write_router_template(shape, out);
	for (uint32_t level = 0; level < depth; level++) {
		write_router(shape, out, switch_name(shape, level, true),
			     switch_name(shape, level, false), "");
		if (level)
			fprintf(out, "up0 = c%s %s.2/30\n", path(shape, level, false),
				network_at(shape, level));
		if (level + 1 < depth)
			fprintf(out, "down%s = c%s %s.1/30\n",
				range_of(shape, letter(shape, level), 1, shape->size[1]),
				path(shape, level + 1, false), network_at(shape, level + 1));
	}
	write_lan(shape, out, lowest, network_at(shape, depth - 1));
	write_hosts(shape, out, depth > 1 ? path(shape, depth - 1, true) : "1", lowest,
		    network_at(shape, depth - 1));
}

void write_tree(const struct shape *shape, FILE *out)
{
	if (shape->ways == WAYS_NONE)
		write_switches(shape, out);
	else
		write_routers(shape, out);
}
