// SPDX-License-Identifier: MIT
// Which nodes of a lab the user's words mean.
#include "lab/choose.h"

#include <fnmatch.h>
#include <string.h>

#include "base/arena.h"
#include "base/error.h"
#include "base/map.h"
#include "lab/lab.h"

bool words_add(struct words *words, const char *text, const char **lab, struct arena *arena)
{
	char *rest = arena_strdup(arena, text), *word;

	while ((word = strsep(&rest, ","))) {
		char *slash = strrchr(word, '/');

		if (slash) {
			*slash = '\0';
			if (*lab && strcmp(word, *lab) != 0)
				return false;
			*lab = word;
			word = slash + 1;
		}
		if (*word)
			*array_push(arena, words->list, words->count) = word;
	}
	return true;
}

bool is_pattern(const char *word)
{
	return strpbrk(word, "*?[") != NULL;
}

/* A list of nodes that grows, and the names that are in it. */
struct chosen {
	struct arena *arena;
	struct map *names;
	struct lab_node *list;
	size_t count;
};

static void take(struct chosen *chosen, const struct lab_node *node)
{
	if (!map_add(chosen->names, node->name, chosen))
		*array_push(chosen->arena, chosen->list, chosen->count) = *node;
}

static int take_matching(struct chosen *chosen, const struct lab *lab, const struct lab_node *all,
			 size_t count, const char *pattern, struct error *err)
{
	bool any = false;

	for (size_t i = 0; i < count; i++) {
		if (fnmatch(pattern, all[i].name, 0) != 0)
			continue;
		any = true;
		take(chosen, &all[i]);
	}
	return any ? 0 : error_set(err, 0, "no node of %s matches \"%s\"", lab->name, pattern);
}

int choose_nodes(const struct lab *lab, const struct words *words, struct arena *arena,
		 struct lab_node **nodes, size_t *count, struct error *err)
{
	struct chosen chosen = {.arena = arena, .names = map_new(arena)};
	struct lab_node *all = NULL, one;
	size_t all_count = 0;
	int code = 0;

	if (!words->count)
		return lab_nodes(lab, arena, nodes, count, err);
	for (size_t i = 0; i < words->count && code >= 0; i++) {
		const char *word = words->list[i];

		if (!is_pattern(word)) {
			code = lab_node(lab, word, arena, &one, err);
			if (code >= 0)
				take(&chosen, &one);
			continue;
		}
		if (!all)
			code = lab_nodes(lab, arena, &all, &all_count, err);
		if (code >= 0)
			code = take_matching(&chosen, lab, all, all_count, word, err);
	}
	*nodes = chosen.list;
	*count = chosen.count;
	return code;
}
