// SPDX-License-Identifier: MIT
// The cables of a running lab: which of them the user means, and what the kernel has at their ends.
#include "lab/cable.h"

#include <errno.h>
#include <fnmatch.h>
#include <string.h>

#include "base/arena.h"
#include "base/error.h"
#include "base/map.h"
#include "base/text.h"
#include "lab/choose.h"
#include "lab/lab_topology.h"
#include "lab/lab.h"

const char *cable_end_title(const struct cable_end *end, struct arena *arena)
{
	return arena_printf(arena, "%s:%s", end->file->node->name, end->file->name);
}

bool cable_is_down(const struct cable *cable)
{
	for (int i = 0; i < 2; i++)
		if (!cable->ends[i].kernel || !cable->ends[i].kernel->up)
			return true;
	return false;
}

static void add_segment(struct cables *all, const struct segment *segment, struct arena *arena)
{
	/* Of a switch or a stub each end is a cable by itself. */
	size_t count = segment->kind == SEGMENT_LINK ? 1 : segment->end_count;

	for (size_t i = 0; i < count && segment->kind != SEGMENT_STUB; i++) {
		struct cable *cable = array_push(arena, all->list, all->count);

		cable->segment = segment;
		cable->ends[0].file = segment->ends[i];
		cable->ends[1].file = segment->ends[i]->peer;
	}
}

/* All cables by their names and those of their ends. */
struct index {
	struct map *segments; /* name -> the first cable of it, behind which are all others */
	struct map *ends;     /* "h1:eth0" -> cable */
	const char **titles;  /* of both ends of each cable */
};

static struct index index_of(struct cables *all, struct arena *arena)
{
	struct index index = {map_new(arena), map_new(arena), NULL};

	index.titles = arena_alloc(arena, (2 * all->count + 1) * sizeof(const char *));
	for (size_t i = 0; i < all->count; i++) {
		struct cable *cable = &all->list[i];

		map_add(index.segments, cable->segment->name, cable);
		for (size_t k = 0; k < 2; k++) {
			index.titles[2 * i + k] = cable_end_title(&cable->ends[k], arena);
			map_add(index.ends, index.titles[2 * i + k], cable);
		}
	}
	return index;
}

static bool choose_pattern(const struct cables *all, const struct index *index, const char *word,
			   bool *wanted)
{
	bool of_ends = strchr(word, ':'), any = false;

	for (size_t i = 0; i < all->count; i++) {
		bool fits = fnmatch(word, all->list[i].segment->name, 0) == 0;

		for (size_t k = 0; k < 2 && of_ends && !fits; k++)
			fits = fnmatch(word, index->titles[2 * i + k], 0) == 0;
		wanted[i] |= fits;
		any |= fits;
	}
	return any;
}

static bool choose_name(const struct cables *all, const struct index *index, const char *word,
			bool *wanted)
{
	const struct cable *cable = map_get(index->segments, word);

	if (!cable) {
		cable = map_get(index->ends, word);
		if (cable)
			wanted[cable - all->list] = true;
		return cable != NULL;
	}
	for (size_t i = (size_t)(cable - all->list); i < all->count; i++) {
		if (all->list[i].segment != cable->segment)
			break;
		wanted[i] = true;
	}
	return true;
}

/* A word that is near to none, or to the wrong thing. */
static int none_matches(const struct cables *all, const char *word, struct arena *arena,
			struct error *err)
{
	struct near near = {.word = word};
	const struct node *node = topology_node(all->topology, word);

	if (node)
		return error_set(err, 0,
				 "%s is a node of lab %s, not a link; '%s:*' are its cables", word,
				 all->lab->name, word);
	for (size_t i = 0; i < all->count && !is_pattern(word); i++) {
		near_offer(&near, all->list[i].segment->name);
		if (strchr(word, ':'))
			near_offer(&near, cable_end_title(&all->list[i].ends[0], arena));
	}
	if (near_best(&near))
		return error_set(err, 0, "lab %s has no link \"%s\"; did you mean \"%s\"?",
				 all->lab->name, word, near_best(&near));
	return error_set(err, 0, "no link of lab %s %s \"%s\" (nslab link lists them)",
			 all->lab->name, is_pattern(word) ? "matches" : "is called", word);
}

static int choose(struct cables *all, const struct words *words, struct arena *arena,
		  struct cables *chosen, const char **unknown, struct error *err)
{
	bool *wanted = arena_alloc(arena, all->count + 1);
	struct index index = {0};

	if (words->count)
		index = index_of(all, arena);
	for (size_t w = 0; w < words->count; w++) {
		const char *word = words->list[w];

		if (is_pattern(word) ? choose_pattern(all, &index, word, wanted)
				     : choose_name(all, &index, word, wanted))
			continue;
		*unknown = word;
		return none_matches(all, word, arena, err);
	}
	for (size_t i = 0; i < all->count; i++)
		if (wanted[i] || !words->count)
			*array_push(arena, chosen->list, chosen->count) = all->list[i];
	return 0;
}

static void touch(struct cables *cables, struct arena *arena)
{
	cables->touched = arena_alloc(arena, cables->topology->node_count + 1);
	for (size_t i = 0; i < cables->count; i++)
		for (int k = 0; k < 2; k++)
			cables->touched[cables->list[i].ends[k].file->node->number - 1] = true;
}

int cables_choose(const struct lab *lab, const struct words *words, struct arena *arena,
		  struct cables *cables, const char **unknown, struct error *err)
{
	struct cables all = {.lab = lab};
	size_t nodes;
	int failed;

	all.topology = kept_topology(lab, arena, err);
	if (!all.topology)
		return error_prefix(err, "cannot know the links of lab %s: ", lab->name);
	failed = lab_nodes(lab, arena, &all.nodes, &nodes, err);
	if (failed < 0)
		return failed;
	for (size_t i = 0; i < all.topology->segment_count; i++)
		add_segment(&all, &all.topology->segments[i], arena);
	*cables = (struct cables){.lab = lab, .topology = all.topology, .nodes = all.nodes};
	failed = choose(&all, words, arena, cables, unknown, err);
	if (failed < 0)
		return failed;
	touch(cables, arena);
	return 0;
}

int cables_observe(struct cables *cables, struct arena *arena, struct error *err)
{
	size_t nodes = cables->topology->node_count;
	struct observed_interface **lists =
		arena_alloc(arena, (nodes + 1) * sizeof(struct observed_interface *));
	size_t *counts = arena_alloc(arena, (nodes + 1) * sizeof(*counts));

	cables->dead = arena_alloc(arena, nodes + 1);

	for (size_t i = 0; i < nodes; i++) {
		int failed;

		if (!cables->touched[i])
			continue;
		failed = lab_enter(cables->lab, &cables->nodes[i], ENTER_NETWORK, err);
		cables->dead[i] = failed == -ESRCH;
		if (cables->dead[i])
			continue; /* its ends are missing */
		if (failed >= 0)
			failed = observe_interfaces(arena, &lists[i], &counts[i], err);
		if (failed < 0)
			return failed;
	}
	for (size_t i = 0; i < cables->count; i++)
		for (int k = 0; k < 2; k++) {
			struct cable_end *end = &cables->list[i].ends[k];
			size_t node = end->file->node->number - 1;

			end->kernel = observed_find(lists[node], counts[node], end->file->index);
		}
	return 0;
}
