// SPDX-License-Identifier: MIT
// What the lab's layers of /etc, /var and /run will be, as `up` finds the machine.
#include <string.h>
#include <sys/stat.h>

#include "base/arena.h"
#include "lab/expected.h"
#include "lab/files.h"

/* Prefixes of what daemons expect, and the layers that take it. */
static const struct {
	const char *prefix;
	enum layer layer;
} places[] = {
	{"/run/", LAYER_RUN},
	{"/var/run/", LAYER_RUN},
	{"/var/lock/", LAYER_RUN},
	{"/var/", LAYER_VAR},
};

static void take_expected(void *context, const char *path, mode_t mode, uid_t uid, gid_t gid)
{
	struct survey *survey = context;
	struct stat st;

	for (size_t i = 0; i < sizeof(places) / sizeof(*places); i++) {
		size_t length = strlen(places[i].prefix);

		if (strncmp(path, places[i].prefix, length) != 0)
			continue;
		/* What the machine has is as its administrator wants it. */
		if (places[i].layer != LAYER_VAR || lstat(path, &st) < 0)
			tree_add_folder(&survey->trees[places[i].layer], path + length, mode, uid,
					gid);
		return;
	}
}

/*
 * A whiteout in the layer below hides what the machine has there: the folder in the layer on top
 * is all there is then. (The kernel has an attribute for that, but a tmpfs has user attributes only
 * since Linux 6.6.)
 */
static void hide_closed(struct survey *survey)
{
	const struct tree *var = &survey->trees[LAYER_VAR];

	for (size_t i = 0; i < var->count; i++)
		if (var->entries[i].closed && strncmp(var->entries[i].path, "log/", 4) != 0)
			tree_hide(&survey->trees[LAYER_VAR_HIDDEN], var->entries[i].path);
}

const struct survey *files_survey(bool users, const char *work, struct arena *arena)
{
	static const char *const roots[LAYERS] = {[LAYER_ETC] = "/etc", [LAYER_VAR] = "/var"};
	struct survey *survey = arena_alloc(arena, sizeof(*survey));

	for (int layer = 0; layer < LAYERS; layer++)
		tree_start(&survey->trees[layer], roots[layer], arena);
	if (users) {
		tree_read(&survey->trees[LAYER_ETC], "", TREE_ALL);
		tree_read(&survey->trees[LAYER_VAR], "", TREE_FOLDERS);
		hide_closed(survey);
	} else {
		tree_read(&survey->trees[LAYER_VAR], "log", TREE_FOLDERS);
	}
	tree_hide(&survey->trees[LAYER_VAR_HIDDEN], "log");
	kept_find(&survey->kept, work, arena);
	expected_each(arena, take_expected, survey);
	return survey;
}
