// SPDX-License-Identifier: MIT
// What can be asked of the links of a running lab, from text.
#include "topology/change.h"

#include <string.h>

#include "base/arena.h"
#include "base/error.h"
#include "base/text.h"

enum link_action link_action_of(const char *word)
{
	static const struct {
		const char *word;
		enum link_action action;
	} actions[] = {{"down", LINK_DOWN}, {"up", LINK_UP}, {"reset", LINK_RESET}};

	if (strchr(word, '='))
		return LINK_SET;
	for (size_t i = 0; i < sizeof(actions) / sizeof(actions[0]); i++)
		if (!strcmp(word, actions[i].word))
			return actions[i].action;
	return LINK_SHOW;
}

static int add_setting(const char *word, struct link_change *change, struct arena *arena,
		       struct error *err)
{
	const char *equals = strchr(word, '=');
	const char *key = arena_strndup(arena, word, (size_t)(equals - word));
	const char *dot = strrchr(key, '.'), *wrong;
	const char *name = dot ? dot + 1 : key;
	enum impair which = impair_find(name);
	struct near near = {.word = name};
	struct setting *setting;

	for (int i = 0; i < IMPAIR_COUNT; i++)
		near_offer(&near, impair_word((enum impair)i));
	if (which == IMPAIR_COUNT && near_best(&near))
		return error_set(err, 0, "a link has no \"%s\"; did you mean \"%s\"?", name,
				 near_best(&near));
	if (which == IMPAIR_COUNT)
		return error_set(err, 0, "a link has no \"%s\"", name);
	setting = array_push(arena, change->settings, change->count);
	setting->text = word;
	setting->node = dot ? arena_strndup(arena, key, (size_t)(dot - key)) : NULL;
	wrong = impair_parse(which, equals + 1, &setting->values);
	if (wrong)
		return error_set(err, 0, "%s: \"%s\" %s; it takes %s", key, equals + 1, wrong,
				 impair_takes(which));
	return 0;
}

int link_change_add(const char *word, struct link_change *change, struct arena *arena,
		    struct error *err)
{
	enum link_action action = link_action_of(word);

	if (change->action != LINK_SHOW && (change->action != LINK_SET || action != LINK_SET))
		return error_set(err, 0, "one thing at a time, not also \"%s\"", word);
	change->action = action;
	return action == LINK_SET ? add_setting(word, change, arena, err) : 0;
}
