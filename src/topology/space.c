// SPDX-License-Identifier: MIT
// The space of a prefix, from which smaller ones are taken: halves of halves, each free or not.
#include "topology/space.h"

#include "base/arena.h"
#include "topology/values.h"

#define FULL 255 /* longer than any prefix */

struct cell {
	struct cell *halves[2]; /* none: it is free or used as a whole */
	uint8_t room;		/* the length of the largest free prefix in it; FULL: none */
};

static struct cell *new_cell(struct space *space, unsigned length)
{
	struct cell *cell = arena_alloc(space->arena, sizeof(*cell));

	cell->room = (uint8_t)length;
	return cell;
}

void space_start(struct space *space, const struct address *prefix, struct arena *arena)
{
	*space = (struct space){.arena = arena, .prefix = *prefix};
	space->root = new_cell(space, prefix->length);
}

static void halve(struct space *space, struct cell *cell, unsigned length)
{
	if (cell->halves[0])
		return;
	for (int i = 0; i < 2; i++)
		cell->halves[i] = new_cell(space, length + 1);
}

static void sum_up(struct cell *cell)
{
	uint8_t low = cell->halves[0]->room, high = cell->halves[1]->room;

	cell->room = low < high ? low : high;
}

static bool bit_of(const struct address *address, unsigned bit)
{
	return address->bytes[bit / 8] & 0x80 >> bit % 8;
}

static void use(struct space *space, struct cell *cell, unsigned length,
		const struct address *prefix)
{
	if (cell->room == FULL)
		return;
	if (length >= prefix->length) {
		*cell = (struct cell){.room = FULL};
		return;
	}
	halve(space, cell, length);
	use(space, cell->halves[bit_of(prefix, length)], length + 1, prefix);
	sum_up(cell);
}

void space_use(struct space *space, const struct address *prefix)
{
	if (address_in(prefix, &space->prefix) || address_in(&space->prefix, prefix))
		use(space, space->root, space->prefix.length, prefix);
}

static void take(struct space *space, struct cell *cell, unsigned length, struct address *prefix)
{
	bool high;

	if (length == prefix->length) {
		cell->room = FULL;
		return;
	}
	halve(space, cell, length);
	high = cell->halves[0]->room > prefix->length;
	if (high)
		prefix->bytes[length / 8] |= (uint8_t)(0x80 >> length % 8);
	take(space, cell->halves[high], length + 1, prefix);
	sum_up(cell);
}

bool space_take(struct space *space, unsigned length, struct address *prefix)
{
	if (space->root->room > length)
		return false;
	*prefix = space->prefix;
	prefix->length = (uint8_t)length;
	take(space, space->root, space->prefix.length, prefix);
	return true;
}
