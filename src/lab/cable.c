// SPDX-License-Identifier: MIT
// The cables of a running lab: which of them the user means, and what the kernel has at their ends.
#include "lab/cable.h"

#include <errno.h>
#include <fnmatch.h>
#include <string.h>

#include "base/arena.h"
#include "base/error.h"
#include "base/text.h"
#include "lab/choose.h"
#include "lab/kept.h"
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

static bool word_matches(const char *word, const char *name)
{
	return is_pattern(word) ? fnmatch(word, name, 0) == 0 : !strcmp(word, name);
}

static bool matches(const char *word, const struct cable *cable, struct arena *arena)
{
	if (word_matches(word, cable->segment->name))
		return true;
	if (!strchr(word, ':'))
		return false;
	return word_matches(word, cable_end_title(&cable->ends[0], arena)) ||
	       word_matches(word, cable_end_title(&cable->ends[1], arena));
}

static int none_matches(const struct cables *all, const char *word, struct arena *arena,
			struct error *err)
{
	struct near near = {.word = word};
	const char *best;

	for (size_t i = 0; i < all->count && !is_pattern(word); i++) {
		near_offer(&near, all->list[i].segment->name);
		if (strchr(word, ':'))
			near_offer(&near, cable_end_title(&all->list[i].ends[0], arena));
	}
	best = near_best(&near);
	if (best)
		return error_set(err, 0, "lab %s has no link \"%s\"; did you mean \"%s\"?",
				 all->lab->name, word, best);
	return error_set(err, 0, "no link of lab %s %s \"%s\" (nslab link lists them)",
			 all->lab->name, is_pattern(word) ? "matches" : "is called", word);
}

static int choose(const struct cables *all, const struct words *words, struct arena *arena,
		  struct cables *chosen, struct error *err)
{
	bool *wanted = arena_alloc(arena, all->count + 1);

	for (size_t w = 0; w < words->count; w++) {
		bool any = false;

		for (size_t i = 0; i < all->count; i++) {
			if (!matches(words->list[w], &all->list[i], arena))
				continue;
			wanted[i] = any = true;
		}
		if (!any)
			return none_matches(all, words->list[w], arena, err);
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
		  struct cables *cables, struct error *err)
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
	failed = choose(&all, words, arena, cables, err);
	if (failed < 0)
		return failed;
	touch(cables, arena);
	return 0;
}

/* The end's interface among those of its node; they are sorted by index, as in the file. */
static const struct observed_interface *find(const struct observed_interface *list, size_t count,
					     const struct interface *file)
{
	for (size_t low = 0, high = count; low < high;) {
		size_t middle = low + (high - low) / 2;

		if (list[middle].index == file->index)
			return &list[middle];
		if (list[middle].index < file->index)
			low = middle + 1;
		else
			high = middle;
	}
	return NULL;
}

int cables_observe(struct cables *cables, struct arena *arena, struct error *err)
{
	size_t nodes = cables->topology->node_count;
	struct observed_interface **lists =
		arena_alloc(arena, (nodes + 1) * sizeof(struct observed_interface *));
	size_t *counts = arena_alloc(arena, (nodes + 1) * sizeof(*counts));

	for (size_t i = 0; i < nodes; i++) {
		int failed;

		if (!cables->touched[i])
			continue;
		failed = lab_enter(cables->lab, &cables->nodes[i], ENTER_NETWORK, err);
		if (failed == -ESRCH)
			continue; /* a node that died: its ends are missing */
		if (failed >= 0)
			failed = observe_interfaces(arena, &lists[i], &counts[i], err);
		if (failed < 0)
			return failed;
	}
	for (size_t i = 0; i < cables->count; i++)
		for (int k = 0; k < 2; k++) {
			struct cable_end *end = &cables->list[i].ends[k];
			size_t node = end->file->node->number - 1;

			end->kernel = find(lists[node], counts[node], end->file);
		}
	return 0;
}
