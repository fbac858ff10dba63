// SPDX-License-Identifier: MIT
// The verb down: end labs, running or starting.
#include <string.h>

#include "base/arena.h"
#include "base/error.h"
#include "cmd/cmd.h"
#include "cmd/options.h"
#include "lab/lab.h"

static const char examples[] =
	"  nslab down                    the lab of lab.ini, or the only one\n"
	"  nslab down campus ring\n"
	"  nslab down --all\n";

static int end(const struct lab *lab)
{
	struct error err;

	return lab_down(lab, &err) < 0 ? failed(&err) : STATUS_DONE;
}

struct choice {
	struct lab *labs; /* all there are */
	size_t count;
	struct lab *chosen;
	size_t chosen_count;
};

static int end_all(const struct lab *labs, size_t count)
{
	int status = STATUS_DONE;

	for (size_t i = 0; i < count; i++)
		status |= end(&labs[i]);
	return status;
}

static bool has(const struct lab *labs, size_t count, const struct lab *lab)
{
	for (size_t i = 0; i < count; i++)
		if (!strcmp(labs[i].name, lab->name))
			return true;
	return false;
}

/* What the words mean, each lab once; all of them first, while all of them run. */
static int choose(struct choice *choice, const char *wanted, struct arena *arena)
{
	struct error err;
	struct lab lab;

	if (lab_select(wanted, choice->labs, choice->count, arena, &lab, &err) < 0)
		return failed(&err);
	if (!has(choice->chosen, choice->chosen_count, &lab))
		*array_push(arena, choice->chosen, choice->chosen_count) = lab;
	return STATUS_DONE;
}

int cmd_down(const struct verb *verb, int argc, char **argv)
{
	AUTO_ARENA struct arena *arena = arena_new();
	bool all = false;
	const char *wanted = NULL;
	const struct option_row options[] = {
		{'a', "all", NULL, "every lab of yours", &all, NULL}, OPTION_LAB(&wanted), {0}};
	struct choice choice = {0};
	struct error err;
	int status = options_read(verb, options, examples, &argc, &argv);

	if (status != OPTIONS_READ)
		return status;
	if (all && (argc || wanted))
		return misused(verb, "--all or a lab's name, not both");
	if (lab_list(arena, &choice.labs, &choice.count, &err) < 0)
		return failed(&err);
	if (all && !choice.count) {
		complain("no lab is running");
		return STATUS_FAILED;
	}
	if (all)
		return end_all(choice.labs, choice.count);
	status = wanted || !argc ? choose(&choice, wanted, arena) : STATUS_DONE;
	for (int i = 0; i < argc; i++)
		status |= choose(&choice, argv[i], arena);
	return status | end_all(choice.chosen, choice.chosen_count);
}
