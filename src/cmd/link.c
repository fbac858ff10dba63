// SPDX-License-Identifier: MIT
// The verb link: the cables of a running lab, shown; cut, mended and changed.
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "base/arena.h"
#include "base/cleanup.h"
#include "base/error.h"
#include "lab/choose.h"
#include "cmd/cmd.h"
#include "lab/link_change.h"
#include "cmd/link_show.h"
#include "cmd/options.h"
#include "lab/folder.h"
#include "lab/lab.h"

static const char examples[] =
	"  nslab link                           all links, with what passed\n"
	"  nslab link core down                 pull the cable; `up` plugs it in\n"
	"  nslab link core delay=50ms loss=1%   change these, keep the rest\n"
	"  nslab link core r1.rate=2mbit        what r1 sends alone; rate=none: any\n"
	"  nslab link 'core*' lan1 reset        as in the file\n"
	"  nslab link h1:eth0 down              the cable of one interface\n";

/* The first argument is always a link: one may be called "up". */
static int read_arguments(const struct verb *verb, int argc, char **argv, struct arena *arena,
			  struct words *words, struct link_change *change, const char **wanted)
{
	struct error err;

	for (int i = 0; i < argc; i++) {
		enum link_action action = link_action_of(argv[i]);

		if (i > 0 && (action != LINK_SHOW || change->action != LINK_SHOW)) {
			if (link_change_add(argv[i], change, arena, &err) < 0)
				return misused(verb, "%s", err.text);
		} else if (action == LINK_SET) {
			return misused(verb, "of which link? '*' for all");
		} else if (!words_add(words, argv[i], wanted, arena)) {
			return misused(verb, "links of one lab, not \"%s\" too", argv[i]);
		}
	}
	return STATUS_DONE;
}

/* What is no link may have been meant for what is done with one: "dwn", "rate 2mbit". */
static int no_such_link(const struct verb *verb, const struct words *words, const char *word,
			const struct error *err)
{
	const char *dot = strrchr(word, '.'), *key = dot ? dot + 1 : word;
	const char *near = link_action_near(word);

	if (!words->count || word == words->list[0])
		return failed(err);
	if (impair_find(key) != IMPAIR_COUNT)
		return misused(verb, "\"%s\" takes a value, as in %s=VALUE: %s", word, word,
			       impair_takes(impair_find(key)));
	if (!near)
		return failed(err);
	return misused(verb,
		       "\"%s\" is neither a link nor what to do with one; did you mean \"%s\"?",
		       word, near);
}

static int show(const struct cables *cables, bool json, struct arena *arena)
{
	if (json)
		link_json(cables, arena, stdout);
	else
		link_print(cables, arena, stdout);
	return STATUS_DONE;
}

/* Changes of one lab come one after the other: each is made of what was there before. */
static int run(struct cables *cables, const struct link_change *change, bool json,
	       struct arena *arena)
{
	AUTO_CLOSE int lock = -1;
	struct error err = {0};

	if (link_check_kernel(change, &err) < 0)
		return failed(&err);
	if (change->action != LINK_SHOW) {
		lock = run_folder_lock(run_folder(arena), false, &err);
		if (lock == -ENOENT)
			error_set(&err, ENOENT, "lab %s has ended", cables->lab->name);
		if (lock < 0)
			return failed(&err);
	}
	if (lab_enter_users(cables->lab, &err) < 0 || cables_observe(cables, arena, &err) < 0)
		return failed(&err);
	if (change->action == LINK_SHOW)
		return show(cables, json, arena);
	return link_apply(cables, change, arena, &err) < 0 ? failed(&err) : STATUS_DONE;
}

int cmd_link(const struct verb *verb, int argc, char **argv)
{
	AUTO_ARENA struct arena *arena = arena_new();
	bool json = false, names = false;
	const char *wanted = NULL, *unknown = NULL;
	const struct option_row options[] = {
		OPTION_LAB(&wanted),
		OPTION_JSON(&json),
		{0, "names", NULL, "only what links can be called", &names, NULL},
		{0}};
	struct link_change change = {0};
	struct words words = {0};
	struct cables cables;
	struct lab lab;
	struct error err;
	int status = options_read(verb, options, examples, &argc, &argv);

	if (status != OPTIONS_READ)
		return status;
	status = read_arguments(verb, argc, argv, arena, &words, &change, &wanted);
	if (status != STATUS_DONE)
		return status;
	if (change.action != LINK_SHOW && !words.count)
		return misused(verb, "of which link? '*' for all");
	if (change.action != LINK_SHOW && json)
		return misused(verb, "--json shows links, it does not change them");
	if (lab_find(wanted, arena, &lab, &err) < 0)
		return failed(&err);
	if (cables_choose(&lab, &words, arena, &cables, &unknown, &err) < 0)
		return unknown ? no_such_link(verb, &words, unknown, &err) : failed(&err);
	if (names) {
		link_names(&cables, arena, stdout);
		return STATUS_DONE;
	}
	return run(&cables, &change, json, arena);
}
