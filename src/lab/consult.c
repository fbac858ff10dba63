// SPDX-License-Identifier: MIT
// Routing daemons asked why a route is missing: which neighbours are none, and what differs.
#include "lab/consult_run.h"

#include <errno.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/error.h"
#include "kernel/capture.h"

#define ANSWER_WAIT 5000 /* ms */
#define NODES_MOST  200	 /* that are asked, the nearest first */

struct finding *consult_add(struct consulting *consulting, const struct path_node *node,
			    const struct path_node *other, const char *text)
{
	struct finding *finding =
		array_push(consulting->path->arena, consulting->list, consulting->count);

	finding->node = node->file->name;
	finding->text = text;
	finding->on_way = consulting->near[node->file->number - 1] &&
			  consulting->near[other->file->number - 1];
	return finding;
}

/* --- asking ----------------------------------------------------------------------------------- */

/* What the child needs to get into the node: its own files, where the daemon's socket is. */
struct entrance {
	const struct path *path;
	const struct path_node *node;
	const char *socket;
};

static int enter(void *data)
{
	const struct entrance *entrance = data;
	struct error err;

	if (lab_enter(entrance->path->request->lab, entrance->node->lab, ENTER_ALL, &err) < 0)
		return -1;
	return access(entrance->socket, F_OK);
}

const char *consult_ask(struct path *path, const struct path_node *node, const char *socket,
			const char *const argv[])
{
	struct entrance entrance = {path, node, socket};

	return capture(argv, ANSWER_WAIT, enter, &entrance, path->arena);
}

static const char *ask_row(struct path *path, const struct path_node *node,
			   const struct consultant *row, const char *const command[])
{
	return row->channel ? consult_ask_bird(path, node, row, command)
			    : consult_ask(path, node, row->socket, command);
}

/* How many neighbours there are at each interface, where another command tells. */
static void count_neighbours(struct consulting *consulting, const struct consultant *row,
			     struct path_node *node, struct speaker *speaker)
{
	const char *text = row->neighbour_command[0]
				   ? ask_row(consulting->path, node, row, row->neighbour_command)
				   : NULL;

	for (size_t i = 0; text && i < speaker->count; i++)
		speaker->list[i].neighbours =
			consult_count_lines(text, row->neighbour_state, speaker->list[i].name);
}

static void ask(struct consulting *consulting, const struct consultant *row, struct path_node *node)
{
	struct speaker *speaker = &consulting->speakers[node->file->number - 1];
	const char *text;

	if (speaker->runs)
		return; /* another daemon does, of the same protocol */
	speaker->node = node;
	text = ask_row(consulting->path, node, row, row->command);
	if (text)
		speaker->list = consult_parse(row, text, consulting->path->arena, &speaker->count);
	/* One that has nothing of this protocol does not speak it. */
	speaker->runs = speaker->count > 0;
	count_neighbours(consulting, row, node, speaker);
}

const struct consult_record *consult_record_of(const struct speaker *speaker, const char *name)
{
	for (size_t i = 0; i < speaker->count; i++)
		if (!strcmp(speaker->list[i].name, name))
			return &speaker->list[i];
	return NULL;
}

/* --- all of them ------------------------------------------------------------------------------ */

static void ask_all(struct consulting *consulting, const struct consultant *row)
{
	struct path *path = consulting->path;

	for (size_t i = 0; i < path->count && i < NODES_MOST; i++)
		if (path->nodes[i].file->kind == NODE_HOST && path_look(path, &path->nodes[i]))
			ask(consulting, row, &path->nodes[i]);
}

static void run(struct consulting *consulting)
{
	struct path *path = consulting->path;

	consulting->speakers = arena_alloc(path->arena, (path->count + 1) * sizeof(struct speaker));
	for (const struct consultant *row = consulting->row;
	     row < consultants + consultant_count &&
	     !strcmp(row->protocol, consulting->row->protocol);
	     row++)
		ask_all(consulting, row);
	if (!consulting->row->by_address) {
		for (size_t i = 0; i < path->request->topology->segment_count; i++)
			consult_segment(consulting, &path->request->topology->segments[i]);
		consult_identifiers(consulting);
		for (size_t i = 0; consulting->row->got && i < path->count; i++)
			consult_bad(consulting, &consulting->speakers[i]);
		return;
	}
	for (size_t i = 0; i < path->count; i++)
		for (size_t k = 0; k < consulting->speakers[i].count; k++)
			consult_session(consulting, &consulting->speakers[i],
					&consulting->speakers[i].list[k]);
}

static bool knows_better(const struct consulting *consulting)
{
	for (size_t i = 0; i < consulting->count; i++)
		if (!consulting->list[i].weak && consulting->list[i].on_way)
			return true;
	return false;
}

static void drop_borders(struct consulting *consulting)
{
	size_t kept = 0;

	for (size_t i = 0; i < consulting->count; i++)
		if (!consulting->list[i].border)
			consulting->list[kept++] = consulting->list[i];
	consulting->count = kept;
}

struct finding *consult(struct path *path, struct path_node *from, struct path_node *to,
			const struct address *address, size_t *count)
{
	bool *near = arena_alloc(path->arena, path->count + 1);
	struct consulting consulting = {.path = path, .near = near};
	size_t cables = 0;
	const struct interface **way = path_cables(path, from, to, true, &cables);
	struct borders borders = {0};

	near[from->file->number - 1] = true;
	for (size_t i = 0; i < cables; i++)
		near[way[i]->peer->node->number - 1] = true;
	if (address) {
		consult_borders(path, from, to, address, &borders);
		consult_known(&consulting, &borders, address);
	}
	for (size_t i = 0; i < consultant_count; i++) {
		if (i && !strcmp(consultants[i].protocol, consultants[i - 1].protocol))
			continue; /* asked together */
		consulting.row = &consultants[i];
		run(&consulting);
		if (address)
			consult_border(&consulting, &borders, address);
	}
	if (knows_better(&consulting))
		drop_borders(&consulting);
	*count = consulting.count;
	return consulting.list;
}
