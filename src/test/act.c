// SPDX-License-Identifier: MIT
// Sentences that do something: links cut, mended and changed, nodes cut off, time let pass.
#include <libgen.h>
#include <string.h>
#include <time.h>

#include "base/arena.h"
#include "base/cleanup.h"
#include "base/error.h"
#include "lab/choose.h"
#include "lab/folder.h"
#include "lab/lab.h"
#include "lab/link_change.h"
#include "test/look.h"
#include "test/trial.h"

/* As the verb link does: one change of a lab after the other. */
static int change_links(struct trial *trial, char *word, const struct link_change *change,
			struct error *err)
{
	const char *run = dirname(arena_strdup(trial->arena, trial->run->lab->folder));
	struct words words = {.list = &word, .count = 1};
	AUTO_CLOSE int lock = -1;
	const char *unknown = NULL;
	struct cables cables;

	if (link_check_kernel(change, err) < 0)
		return -1;
	lock = run_folder_lock(run, false, err);
	if (lock < 0 ||
	    cables_choose(trial->run->lab, &words, trial->arena, &cables, &unknown, err) < 0 ||
	    cables_observe(&cables, trial->arena, err) < 0)
		return -1;
	return link_apply(&cables, change, trial->arena, err);
}

int act_link(struct trial *trial, struct error *err)
{
	return change_links(trial, arena_strdup(trial->arena, trial->step->link),
			    &trial->step->change, err);
}

static bool has_cables(const struct node *node)
{
	for (size_t i = 0; i < node->interface_count; i++)
		if (node->interfaces[i].peer && node->interfaces[i].segment->kind != SEGMENT_STUB)
			return true;
	return false;
}

static int change_nodes(struct trial *trial, enum link_action action, struct error *err)
{
	for (size_t i = 0; i < trial->step->from.count; i++) {
		const struct node *node = trial->step->from.nodes[i];
		struct link_change change = {.action = action, .at = node->name};
		char *ends = arena_printf(trial->arena, "%s:*", node->name);

		if (has_cables(node) && change_links(trial, ends, &change, err) < 0)
			return -1;
	}
	return 0;
}

int act_stop(struct trial *trial, struct error *err)
{
	return change_nodes(trial, LINK_DOWN, err);
}

int act_start(struct trial *trial, struct error *err)
{
	return change_nodes(trial, LINK_UP, err);
}

int act_wait(struct trial *trial, struct error *err)
{
	struct timespec time = {trial->step->pause / SECOND, trial->step->pause % SECOND};

	(void)err;
	while (nanosleep(&time, &time) < 0)
		;
	return 0;
}
