// SPDX-License-Identifier: MIT
// What can be asked of the links of a running lab, from text.
#include "topology/change.h"

#include <string.h>

#include "base/arena.h"
#include "base/error.h"
#include "base/text.h"

static const struct {
	const char *word;
	enum link_action action;
} actions[] = {{"down", LINK_DOWN}, {"up", LINK_UP}, {"reset", LINK_RESET}};
#define ACTIONS (sizeof(actions) / sizeof(*actions))

enum link_action link_action_of(const char *word)
{
	if (strchr(word, '='))
		return LINK_SET;
	for (size_t i = 0; i < ACTIONS; i++)
		if (!strcmp(word, actions[i].word))
			return actions[i].action;
	return LINK_SHOW;
}

const char *link_action_near(const char *word)
{
	struct near near = {.word = word};

	for (size_t i = 0; i < ACTIONS; i++)
		near_offer(&near, actions[i].word);
	return near_best(&near);
}

/* Is there a setting before this one of the same key? */
static bool is_given(const struct link_change *change, const struct setting *setting)
{
	size_t length = (size_t)(strchr(setting->text, '=') - setting->text) + 1;

	for (const struct setting *other = change->settings; other != setting; other++)
		if (!strncmp(other->text, setting->text, length))
			return true;
	return false;
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

	if (!*name)
		return error_set(err, 0,
				 "\"%s\" has nothing before the \"=\"; a setting is such as "
				 "delay=40ms or r1.delay=40ms",
				 word);
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
	if (is_given(change, setting))
		return error_set(err, 0, "%s is given twice", key);
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
