// SPDX-License-Identifier: MIT
// The verb exec: a command in one node as if it ran here, or in many at once.
#include <string.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/error.h"
#include "cmd/choose.h"
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

	if (lab_find(wanted, arena, &lab, &err) < 0 || lab_node(&lab, name, arena, &node, &err) < 0)
		return not_run(&err);
	if (run_enter(&lab, &node) != STATUS_DONE)
		return STATUS_NOT_RUN;
	return run_command(&lab, &node, command, terminal);
}

static int exec_in_many(const char *wanted, char *const *words, size_t word_count,
			char *const *command, struct arena *arena)
{
	struct lab lab;
	struct lab_node *nodes;
	struct error err;
	size_t count;

	if (lab_find(wanted, arena, &lab, &err) < 0 ||
	    choose_nodes(&lab, words, word_count, arena, &nodes, &count, &err) < 0)
		return not_run(&err);
	return many_run(&lab, nodes, count, command, arena);
}

/* Split "LAB/NODE,NODE": the words, and in *lab the lab that one of them names. False: two labs. */
static bool split_list(const char *list, const char **lab, char ***words, size_t *count,
		       struct arena *arena)
{
	char *rest = arena_strdup(arena, list), *word;

	*words = NULL;
	*count = 0;
	while ((word = strsep(&rest, ","))) {
		struct target target = target_split(word, arena);

		if (target.lab && *lab && strcmp(target.lab, *lab) != 0)
			return false;
		if (target.lab)
			*lab = target.lab;
		if (*target.node)
			*array_push(arena, *words, *count) = arena_strdup(arena, target.node);
	}
	return true;
}

int cmd_exec(const struct verb *verb, int argc, char **argv)
{
	AUTO_ARENA struct arena *arena = arena_new();
	const char *wanted = NULL, *list;
	const struct option_row options[] = {OPTION_LAB(&wanted), {0}};
	char **words;
	size_t count;
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
	if (!split_list(list, &wanted, &words, &count, arena))
		return misused(verb, "\"%s\" names more than one lab", list);
	if (count == 0)
		return misused(verb, "in which node?");
	if (count == 1 && !strchr(list, ',') && !is_pattern(words[0]))
		return exec_in_one(wanted, words[0], argv, arena);
	return exec_in_many(wanted, words, count, argv, arena);
}
