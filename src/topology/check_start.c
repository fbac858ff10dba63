// SPDX-License-Identifier: MIT
// Faults of what nodes run: those that wait for each other in a circle, scripts that are not there.
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>

#include "base/arena.h"
#include "base/cleanup.h"
#include "topology/build.h"
#include "topology/check.h"
#include "topology/start.h"

enum visit { VISIT_NEW, VISIT_OPEN, VISIT_DONE };

/* A walk along `after`, with a stack of its own: a chain may be as long as there are nodes. */
struct walk {
	struct build *build;
	uint8_t *visits;	   /* enum visit, by node number - 1 */
	const struct node **stack; /* nodes that are open, each waiting for the next */
	size_t *edges;		   /* of each of these, the next to follow */
	size_t depth;
};

static void enter(struct walk *walk, const struct node *node)
{
	walk->visits[node->number - 1] = VISIT_OPEN;
	walk->edges[walk->depth] = 0;
	walk->stack[walk->depth++] = node;
}

#define SHOWN_WAITING 8

/* `after` closes a circle with those on the stack from its node on. */
static void say_circle(struct walk *walk, const struct after *after)
{
	struct report *report = &walk->build->report;
	const char *text = "";
	size_t from = walk->depth, shown_nodes = 0;

	if (report_full(report))
		return;
	while (walk->stack[from - 1] != after->node)
		from--;
	for (size_t i = from - 1; i < walk->depth && shown_nodes < SHOWN_WAITING; i++)
		text = arena_printf(report->arena, "%s%s%s", text, shown_nodes++ ? ", " : "",
				    walk->stack[i]->name);
	if (walk->depth - from + 1 > SHOWN_WAITING)
		text = arena_printf(report->arena, "%s, ...", text);
	report_fault(report, after->place, "after: these wait for each other in a circle: %s",
		     text);
}

static void step(struct walk *walk)
{
	const struct node *node = walk->stack[walk->depth - 1];
	size_t edge = walk->edges[walk->depth - 1]++;
	const struct after *after = &node->afters[edge];

	if (edge == node->after_count) {
		walk->visits[node->number - 1] = VISIT_DONE;
		walk->depth--;
		return;
	}
	switch ((enum visit)walk->visits[after->node->number - 1]) {
	case VISIT_NEW: enter(walk, after->node); break;
	case VISIT_OPEN: say_circle(walk, after); break;
	case VISIT_DONE: break;
	}
}

void check_start(struct build *build)
{
	const struct topology *topology = build->topology;
	size_t count = topology->node_count;
	struct walk walk = {.build = build};
	bool waits = false;

	for (size_t i = 0; i < count; i++)
		waits |= topology->nodes[i].after_count > 0;
	if (!waits)
		return;
	walk.visits = arena_alloc(build->arena, count);
	walk.stack = arena_alloc(build->arena, count * sizeof(const struct node *));
	walk.edges = arena_alloc(build->arena, count * sizeof(*walk.edges));
	for (size_t i = 0; i < count; i++) {
		if (walk.visits[i] == VISIT_NEW)
			enter(&walk, &topology->nodes[i]);
		while (walk.depth)
			step(&walk);
	}
}

bool is_machines(int number)
{
	return number == EIO || number == EMFILE || number == ENFILE || number == ENOMEM;
}

/* Returns 0 or an errno. */
static int look_at(const char *path)
{
	AUTO_CLOSE int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
	struct stat st;

	if (fd < 0 || fstat(fd, &st) < 0)
		return errno;
	return S_ISDIR(st.st_mode) ? EISDIR : 0;
}

static void check_script(struct build *build, const struct command *script)
{
	struct report *report = &build->report;
	int number = look_at(build_beside(build, script->text));

	if (!number)
		return;
	report->faults->machine |= is_machines(number);
	(script->may_fail ? report_warning : report_fault)(
		report, script->place, "%s: cannot read %s: %s", script->key,
		shown(report, script->text), strerror(number));
}

void check_scripts(struct build *build)
{
	for (size_t i = 0; i < build->topology->node_count; i++) {
		const struct node *node = &build->topology->nodes[i];

		for (size_t k = 0; k < node->command_count && !report_full(&build->report); k++)
			if (node->commands[k].kind == COMMAND_SCRIPT)
				check_script(build, &node->commands[k]);
	}
}
