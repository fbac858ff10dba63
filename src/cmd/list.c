// SPDX-License-Identifier: MIT
// The verb list: the running labs of this user.
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "base/arena.h"
#include "base/error.h"
#include "cmd/cmd.h"
#include "cmd/json.h"
#include "cmd/options.h"
#include "cmd/table.h"
#include "lab/lab.h"

static const char examples[] = "  nslab list\n"
			       "  nslab list --json\n";

static const char *const state_names[] = {
	[LAB_STARTING] = "starting",
	[LAB_RUNNING] = "running",
};

/* Its two largest units: "3d4h", "2h5m", "5m12s", "8s". */
static const char *age_text(uint64_t seconds, struct arena *arena)
{
	static const struct {
		uint64_t seconds;
		char letter;
	} units[] = {{86400, 'd'}, {3600, 'h'}, {60, 'm'}, {1, 's'}};

	for (size_t i = 0; i + 1 < sizeof(units) / sizeof(units[0]); i++)
		if (seconds >= units[i].seconds)
			return arena_printf(arena, "%" PRIu64 "%c%" PRIu64 "%c",
					    seconds / units[i].seconds, units[i].letter,
					    seconds % units[i].seconds / units[i + 1].seconds,
					    units[i + 1].letter);
	return arena_printf(arena, "%" PRIu64 "s", seconds);
}

static uint64_t age_of(const struct lab *lab)
{
	uint64_t now = (uint64_t)time(NULL);

	return now > lab->started ? now - lab->started : 0; /* the clock may have been set back */
}

static void print_names(const struct lab *labs, size_t count)
{
	for (size_t i = 0; i < count; i++)
		puts(labs[i].name);
}

static void print_json(const struct lab *labs, size_t count)
{
	struct json json = {.out = stdout};

	json_array(&json, NULL);
	for (size_t i = 0; i < count; i++) {
		json_object(&json, NULL);
		json_string(&json, "name", labs[i].name);
		json_string(&json, "state", state_names[labs[i].state]);
		json_number(&json, "nodes", (int64_t)labs[i].node_count);
		json_number(&json, "links", (int64_t)labs[i].link_count);
		json_number(&json, "age", (int64_t)age_of(&labs[i]));
		json_string(&json, "file", labs[i].file);
		json_number(&json, "pid", labs[i].keeper.pid);
		json_end(&json);
	}
	json_end(&json);
}

static void print_table(const struct lab *labs, size_t count, struct arena *arena)
{
	static const char *const titles[] = {"NAME", "NODES", "LINKS", "AGE", "FILE"};
	struct table table = {.arena = arena, .columns = 5};
	const char **row = table_row(&table);

	memcpy(row, titles, sizeof(titles));
	for (size_t i = 0; i < count; i++) {
		row = table_row(&table);
		row[0] = labs[i].name;
		row[1] = arena_printf(arena, "%zu", labs[i].node_count);
		row[2] = arena_printf(arena, "%zu", labs[i].link_count);
		row[3] = labs[i].state == LAB_RUNNING ? age_text(age_of(&labs[i]), arena)
						      : state_names[labs[i].state];
		row[4] = labs[i].file;
	}
	table_print(&table, stdout);
}

int cmd_list(const struct verb *verb, int argc, char **argv)
{
	AUTO_ARENA struct arena *arena = arena_new();
	bool json = false, names = false;
	const struct option_row options[] = {
		OPTION_JSON(&json), {0, "names", NULL, "only the names", &names, NULL}, {0}};
	struct lab *labs;
	struct error err;
	size_t count;
	int status = options_read(verb, options, examples, &argc, &argv);

	if (status != OPTIONS_READ)
		return status;
	if (argc)
		return misused(verb, "unexpected argument \"%s\"", argv[0]);
	if (lab_list(arena, &labs, &count, &err) < 0)
		return failed(&err);
	if (json)
		print_json(labs, count);
	else if (names)
		print_names(labs, count);
	else
		print_table(labs, count, arena);
	return STATUS_DONE;
}
