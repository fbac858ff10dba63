// SPDX-License-Identifier: MIT
// Prefixes, and those that consist of nothing but them: few routes for many destinations.
#include "topology/forest.h"

#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "topology/values.h"

#define BITS	  64
#define LABEL_OUT UINT32_MAX /* no route above covers it */

/* Longer ones first, then by their bits. */
static int compare(const struct address *a, const struct address *b)
{
	if (a->length != b->length)
		return a->length > b->length ? -1 : 1;
	return memcmp(a->bytes, b->bytes, sizeof(a->bytes));
}

static int by_length(const void *a, const void *b)
{
	return compare(a, b);
}

/* Within a sorted part of the nodes. */
static size_t find_in(const struct forest *forest, size_t low, size_t high,
		      const struct address *prefix)
{
	size_t end = high;

	while (low < high) {
		size_t middle = (low + high) / 2;

		if (compare(&forest->nodes[middle], prefix) < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return low < end && !compare(&forest->nodes[low], prefix) ? low : forest->count;
}

size_t forest_find(const struct forest *forest, const struct address *prefix)
{
	size_t found = find_in(forest, 0, forest->leaf_count, prefix);

	return found < forest->count ? found
				     : find_in(forest, forest->leaf_count, forest->count, prefix);
}

static struct address half_of(const struct address *prefix)
{
	struct address whole = *prefix;

	whole.length--;
	address_mask(&whole);
	return whole;
}

/* The next of two sorted runs of nodes: leaves, and what joins. */
struct runs {
	size_t leaf, leaf_end, join, join_end;
};

static size_t next_node(const struct forest *forest, struct runs *runs)
{
	if (runs->join == runs->join_end)
		return runs->leaf++;
	if (runs->leaf == runs->leaf_end)
		return runs->join++;
	return compare(&forest->nodes[runs->leaf], &forest->nodes[runs->join]) < 0 ? runs->leaf++
										   : runs->join++;
}

/* Join the halves of one length; those that are so long already are `runs`. */
static void join_level(struct forest *forest, struct runs runs)
{
	size_t last = SIZE_MAX;
	struct address whole = {0};

	while (runs.leaf < runs.leaf_end || runs.join < runs.join_end) {
		size_t node = next_node(forest, &runs);
		struct address half = half_of(&forest->nodes[node]);
		bool fits = last != SIZE_MAX && !compare(&half, &whole);

		if (fits && find_in(forest, 0, forest->leaf_count, &half) == forest->count) {
			uint32_t *halves = forest->halves[forest->count - forest->leaf_count];

			halves[0] = (uint32_t)last;
			halves[1] = (uint32_t)node;
			forest->nodes[forest->count++] = half;
		}
		last = fits ? SIZE_MAX : node;
		whole = half;
	}
}

void forest_sort(struct address *list, size_t count)
{
	if (count)
		qsort(list, count, sizeof(*list), by_length);
}

void forest_start(struct forest *forest, const struct address *list, size_t count,
		  struct arena *arena)
{
	struct runs runs = {0};

	*forest = (struct forest){.leaf_count = count, .count = count};
	if (!count)
		return;
	forest->nodes = arena_alloc(arena, 2 * count * sizeof(*forest->nodes));
	forest->halves = arena_alloc(arena, count * sizeof(*forest->halves));
	memcpy(forest->nodes, list, count * sizeof(*list));
	runs.join = count;
	/* A route to everything says more than that all halves are there. */
	for (unsigned length = address_bits(list[0].family); length > 1; length--) {
		for (runs.leaf = runs.leaf_end;
		     runs.leaf_end < count && forest->nodes[runs.leaf_end].length == length;)
			runs.leaf_end++;
		runs.join_end = forest->count;
		join_level(forest, runs);
		runs.join = runs.join_end;
	}
}

/*
 * By which labels a node can be reached at the least cost. The first 64 are bits of a mask, all of
 * them where any will do; of the others a node has one, and needs a route of its own.
 */
struct cover_state {
	uint64_t mask;
	uint32_t rare;	    /* LABEL_ANY: none */
	uint32_t inherited; /* the label of the route that covers it from above, or LABEL_OUT */
	bool barred;	    /* nothing covers it, or leads to just it */
};

struct cover_state *forest_state(const struct forest *forest, struct arena *arena)
{
	return arena_alloc(arena, (forest->count + 1) * sizeof(struct cover_state));
}

static struct cover_state state_of_leaf(uint32_t label, bool barred)
{
	struct cover_state state = {.mask = UINT64_MAX, .rare = LABEL_ANY};

	state.barred = barred || label == LABEL_NONE;
	if (label < BITS)
		state.mask = 1ULL << label;
	else if (label < LABEL_NONE)
		state.rare = label;
	return state;
}

/* Can be covered by anything. */
static bool takes_any(const struct cover_state *state)
{
	return state->mask == UINT64_MAX && state->rare == LABEL_ANY;
}

static struct cover_state state_of_both(const struct cover_state *a, const struct cover_state *b,
					bool barred)
{
	struct cover_state state = {.mask = a->mask & b->mask ?: a->mask | b->mask,
				    .rare = LABEL_ANY,
				    .barred = barred || a->barred || b->barred};

	if (a->rare == b->rare || takes_any(b))
		state.rare = a->rare;
	else if (takes_any(a))
		state.rare = b->rare;
	return state;
}

/* The label of the route to the node, or LABEL_ANY: it needs none, and hands on what covers it. */
static uint32_t choose(const struct cover_state *state)
{
	if (state->barred)
		return LABEL_ANY;
	if (state->rare != LABEL_ANY)
		return state->rare;
	if (state->mask == UINT64_MAX ||
	    (state->inherited < BITS && state->mask & 1ULL << state->inherited))
		return LABEL_ANY;
	return (uint32_t)__builtin_ctzll(state->mask);
}

static void hand_down(const struct forest *forest, size_t node, struct cover_state *state,
		      uint32_t label)
{
	for (int i = 0; node >= forest->leaf_count && i < 2; i++)
		state[forest->halves[node - forest->leaf_count][i]].inherited = label;
}

size_t forest_cover(const struct forest *forest, const uint32_t *labels, const bool *barred,
		    struct cover_state *state, struct cover *covers)
{
	size_t count = 0;

	for (size_t i = 0; i < forest->count; i++) {
		bool bar = barred && barred[i];

		if (i < forest->leaf_count) {
			state[i] = state_of_leaf(labels[i], bar);
		} else {
			const uint32_t *halves = forest->halves[i - forest->leaf_count];

			state[i] = state_of_both(&state[halves[0]], &state[halves[1]], bar);
		}
		state[i].inherited = LABEL_OUT;
	}
	for (size_t i = forest->count; i-- > 0;) {
		uint32_t label = choose(&state[i]);

		if (label != LABEL_ANY && label != state[i].inherited)
			covers[count++] = (struct cover){(uint32_t)i, label};
		hand_down(forest, i, state, label == LABEL_ANY ? state[i].inherited : label);
	}
	return count;
}
