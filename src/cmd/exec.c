// SPDX-License-Identifier: MIT
// The verb exec: a command in one node as if it ran here, or in many at once.
#include <string.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/error.h"
#include "lab/choose.h"
#include "cmd/cmd.h"
#include "cmd/many.h"
#include "cmd/options.h"
#include "cmd/run.h"
#include "lab/lab.h"

static const char examples[] =
	"  nslab exec h1 -- ping -c 1 h2    exits as ping does\n"
	"  nslab exec campus/r1 ip route\n"
	"  nslab exec 'r*,h1' -- ip -br address    output prefixed \"r1 | \"\n";

static int not_run(const struct error *err)
{
	failed(err);
	return STATUS_NOT_RUN;
}

static int exec_in_one(const char *wanted, const char *name, char *const *command,
		       struct arena *arena)
{
	bool terminal = isatty(STDIN_FILENO) && isatty(STDOUT_FILENO);
	struct lab lab;
	struct lab_node node;
	struct error err;

	if (lab_find_starting(wanted, arena, &lab, &err) < 0 ||
	    lab_node(&lab, name, arena, &node, &err) < 0)
		return not_run(&err);
	if (run_enter(&lab, &node) != STATUS_DONE)
		return STATUS_NOT_RUN;
	return run_command(&lab, &node, command, terminal);
}

static int exec_in_many(const char *wanted, const struct words *words, char *const *command,
			struct arena *arena)
{
	struct lab lab;
	struct lab_node *nodes;
	struct error err;
	size_t count;

	if (lab_find_starting(wanted, arena, &lab, &err) < 0 ||
	    choose_nodes(&lab, words, arena, &nodes, &count, &err) < 0)
		return not_run(&err);
	return many_run(&lab, nodes, count, command, arena);
}

int cmd_exec(const struct verb *verb, int argc, char **argv)
{
	AUTO_ARENA struct arena *arena = arena_new();
	const char *wanted = NULL, *list;
	const struct option_row options[] = {OPTION_LAB(&wanted), {0}};
	struct words words = {0};
	int status = options_read_leading(verb, options, examples, &argc, &argv);

	if (status != OPTIONS_READ)
		return status;
	if (argc == 0)
		return misused(verb, "in which node?");
	list = argv[0];
	/* Once more behind NODE, which stands where a program's name would. */
	status = options_read_leading(verb, options, examples, &argc, &argv);
	if (status != OPTIONS_READ)
		return status;
	if (argc == 0)
		return misused(verb, "which command?");
	if (!words_add(&words, list, &wanted, arena))
		return misused(verb, "\"%s\" names more than one lab", list);
	if (words.count == 0)
		return misused(verb, "in which node?");
	if (words.count == 1 && !strchr(list, ',') && !is_pattern(words.list[0]))
		return exec_in_one(wanted, words.list[0], argv, arena);
	return exec_in_many(wanted, &words, argv, arena);
}
