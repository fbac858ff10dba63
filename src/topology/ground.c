// SPDX-License-Identifier: MIT
// What the checks of addresses and routes look up: networks of layer 2, keys of maps.
#include "topology/check.h"

#include <stdio.h>

#include "base/arena.h"
#include "base/map.h"
#include "topology/build.h"
#include "topology/values.h"

/* Segments are joined where a switch is plugged into another one. */
static size_t root_of(size_t *domains, size_t i)
{
	while (domains[i] != i)
		i = domains[i] = domains[domains[i]];
	return i;
}

static size_t number_of(const struct ground *ground, const struct segment *segment)
{
	return (size_t)(segment - ground->build->topology->segments);
}

void ground_find_domains(struct ground *ground)
{
	const struct topology *topology = ground->build->topology;
	size_t count = topology->segment_count;

	ground->domains = arena_alloc(ground->build->arena, count * sizeof(*ground->domains) + 1);
	for (size_t i = 0; i < count; i++)
		ground->domains[i] = i;
	for (size_t i = 0; i < count; i++) {
		const struct segment *segment = &topology->segments[i];

		for (size_t k = 0; k < segment->end_count && segment->kind != SEGMENT_STUB; k++) {
			const struct node *node = segment->ends[k]->node;
			const struct segment *own;

			if (node->kind != NODE_SWITCH)
				continue;
			own = map_get(ground->build->segments, node->name);
			ground->domains[root_of(ground->domains, number_of(ground, own))] =
				root_of(ground->domains, i);
		}
	}
}

size_t ground_domain(const struct ground *ground, const struct segment *segment)
{
	return root_of(ground->domains, number_of(ground, segment));
}

const char *ground_address_key(char buffer[GROUND_KEY_SIZE], size_t domain,
			       const struct address *address)
{
	char text[ADDRESS_TEXT_SIZE];

	snprintf(buffer, GROUND_KEY_SIZE, "%zu %s", domain, address_text(address, true, text));
	return buffer;
}

const char *ground_subnet_key(char buffer[GROUND_KEY_SIZE], const struct node *node, size_t index,
			      const struct address *address)
{
	struct address subnet = *address;
	char text[ADDRESS_TEXT_SIZE];

	address_mask(&subnet);
	snprintf(buffer, GROUND_KEY_SIZE, "%u.%zu %s", node->number, index,
		 address_text(&subnet, false, text));
	return buffer;
}
