// SPDX-License-Identifier: MIT
// Routers joined at random: the same for the same seed, on every machine.
#include <inttypes.h>
#include <stdlib.h>

#include "base/arena.h"
#include "base/map.h"
#include "generate/kinds.h"
#include "generate/pieces.h"
#include "generate/shape.h"

struct cable {
	uint32_t a, b; /* routers from 1; a < b */
};

/* SplitMix64: no library's generator is the same everywhere. */
static uint64_t next_number(uint64_t *state)
{
	uint64_t z = (*state += 0x9e3779b97f4a7c15);

	z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9;
	z = (z ^ (z >> 27)) * 0x94d049bb133111eb;
	return z ^ (z >> 31);
}

static uint32_t below(uint64_t *state, uint32_t bound)
{
	uint64_t number = next_number(state);

	return bound > 1 ? (uint32_t)(number % bound) : 0;
}

const char *refuse_random(const struct shape *shape)
{
	uint64_t routers = shape->size[0], links = shape->size[1];

	if (links == UINT32_MAX)
		return NULL;
	if (links < routers - 1)
		return "takes more links: with fewer than one less than routers, not all are "
		       "connected";
	return links > routers * (routers - 1) / 2
		       ? "takes fewer links: each pair of routers has one"
		       : NULL;
}

/* By default half as many links more than routers, where there are as many pairs. */
static uint32_t link_count(const struct shape *shape)
{
	uint64_t routers = shape->size[0], pairs = routers * (routers - 1) / 2;

	if (shape->size[1] != UINT32_MAX)
		return shape->size[1];
	return (uint32_t)(routers * 3 / 2 < pairs ? routers * 3 / 2 : pairs);
}

static bool add_cable(const struct shape *shape, struct map *taken, struct cable *cable, uint32_t a,
		      uint32_t b)
{
	*cable = (struct cable){a < b ? a : b, a < b ? b : a};
	return a != b &&
	       !map_add(taken, text_of(shape, "%" PRIu32 "-%" PRIu32, cable->a, cable->b), cable);
}

/* A tree first, in which each router is joined to an earlier one; then any pairs. */
static struct cable *draw(const struct shape *shape, uint32_t count)
{
	struct cable *cables = arena_alloc(shape->arena, (count + 1) * sizeof(*cables));
	struct map *taken = map_new(shape->arena);
	uint64_t state = shape->seed;
	uint32_t routers = shape->size[0], made = 0;

	for (uint32_t i = 2; i <= routers; i++)
		made += add_cable(shape, taken, &cables[made], i, below(&state, i - 1) + 1);
	while (made < count)
		made += add_cable(shape, taken, &cables[made], below(&state, routers) + 1,
				  below(&state, routers) + 1);
	return cables;
}

/* The ends of all cables, those of a router together. */
struct end {
	uint32_t router, cable;
	bool second;
};

static int by_router(const void *a, const void *b)
{
	const struct end *x = a, *y = b;

	if (x->router != y->router)
		return x->router < y->router ? -1 : 1;
	return x->cable < y->cable ? -1 : x->cable > y->cable;
}

static struct end *sort_ends(const struct shape *shape, const struct cable *cables, uint32_t count)
{
	struct end *ends = arena_alloc(shape->arena, 2 * (size_t)count * sizeof(*ends));

	for (size_t i = 0; i < count; i++) {
		ends[2 * i] = (struct end){cables[i].a, (uint32_t)i, false};
		ends[2 * i + 1] = (struct end){cables[i].b, (uint32_t)i, true};
	}
	qsort(ends, 2 * (size_t)count, sizeof(*ends), by_router);
	return ends;
}

/* Cables have the upper half of 10.0.0.0/8, four addresses each. */
static void write_end(FILE *out, uint32_t number, const struct end *end, const struct cable *cable)
{
	uint32_t address =
		(UINT32_C(10) << 24 | UINT32_C(128) << 16) + 4 * end->cable + 1 + end->second;

	fprintf(out,
		"eth%" PRIu32 " = r%" PRIu32 "-r%" PRIu32 " %" PRIu32 ".%" PRIu32 ".%" PRIu32
		".%" PRIu32 "/30\n",
		number, cable->a, cable->b, address >> 24, address >> 16 & 255, address >> 8 & 255,
		address & 255);
}

void write_random(const struct shape *shape, FILE *out)
{
	uint32_t count = link_count(shape), routers = shape->size[0], next = 0;
	const struct cable *cables = draw(shape, count);
	const struct end *ends = sort_ends(shape, cables, count);

	write_router_template(shape, out);
	for (uint32_t i = 1; i <= routers; i++) {
		const char *name = text_of(shape, "r%" PRIu32, i);
		const char *network = text_of(shape, "10.%" PRIu32 ".%" PRIu32, i / 256, i % 256);
		uint32_t first = next;

		write_router(shape, out, name, name, "");
		for (; next < 2 * count && ends[next].router == i; next++)
			write_end(out, next - first, &ends[next], &cables[ends[next].cable]);
		write_lan(shape, out, name + 1, network);
	}
	write_hosts(shape, out, range_of(shape, "n", 1, routers), "{n}",
		    network_of(shape, "n", routers));
}
