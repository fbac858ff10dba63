// SPDX-License-Identifier: MIT
// The verb up: load, check, plan, build.
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "base/arena.h"
#include "base/error.h"
#include "cmd/cmd.h"
#include "cmd/faults.h"
#include "cmd/options.h"
#include "lab/lab.h"
#include "lab/needs.h"
#include "plan/plan.h"

static const char examples[] = "  nslab up                      the lab of lab.ini\n"
			       "  nslab up topologies/campus.ini\n"
			       "  generate | nslab up -         the file from standard input\n";

static double seconds_since(const struct timespec *then)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (double)(now.tv_sec - then->tv_sec) + (double)(now.tv_nsec - then->tv_nsec) / 1e9;
}

static size_t nodes_shown(const struct topology *topology)
{
	size_t count = 0;

	for (size_t i = 0; i < topology->node_count; i++)
		count += topology->nodes[i].kind != NODE_STUBS;
	return count;
}

static struct timespec begun;

/* To stderr: a message, and no result that could be lost on a full disk with the lab running. */
static bool print_success(void *data, const struct plan *plan)
{
	size_t nodes = nodes_shown(plan->topology), links = plan->topology->link_count;

	(void)data;
	fprintf(stderr, "%s is up: %zu node%s, %zu link%s (%.2f s)\n", plan->topology->name, nodes,
		nodes == 1 ? "" : "s", links, links == 1 ? "" : "s", seconds_since(&begun));
	return true;
}

static void warn(void *data, const char *warning)
{
	(void)data;
	complain("warning: %s", warning);
}

/* Like faults of the file, but the exit status is of what failed: elsewhere the lab may run. */
static bool kernel_suffices(const struct topology *topology, struct arena *arena)
{
	struct faults faults = {.arena = arena};
	bool met = needs_met(topology, &faults);

	faults_sort(&faults);
	faults_print(&faults);
	return met;
}

int cmd_up(const struct verb *verb, int argc, char **argv)
{
	AUTO_ARENA struct arena *arena = arena_new();
	const struct option_row options[] = {{0}};
	const struct up_listener listener = {.warn = warn, .ready = print_success};
	struct lab_source source = {.path = DEFAULT_FILE};
	const struct plan *plan;
	struct loaded loaded;
	struct error err;
	int status = options_read(verb, options, examples, &argc, &argv);

	if (status != OPTIONS_READ)
		return status;
	if (argc > 1)
		return misused(verb, "one file at a time, not also \"%s\"", argv[1]);
	clock_gettime(CLOCK_MONOTONIC, &begun);
	if (argc)
		source.path = arena_strdup(arena, argv[0]); /* the title of the lab goes to argv */
	load_file(source.path, arena, &loaded);
	faults_print(&loaded.faults);
	if (!loaded.topology)
		return load_status(&loaded);
	if (!kernel_suffices(loaded.topology, arena))
		return STATUS_FAILED;
	if (!strcmp(source.path, "-"))
		source.path = NULL;
	source.text = loaded.text;
	source.size = loaded.size;
	plan = plan_make(loaded.topology, arena);
	arena_settle(arena); /* each node's process is a copy of this one */
	lab_up(plan, &source, &listener, &err);
	return failed(&err);
}
