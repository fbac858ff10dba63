// SPDX-License-Identifier: MIT
// What is behind a missing route that daemons would make: a cable, a daemon, or their neighbours.
#include <sys/wait.h>
#include <string.h>

#include "base/arena.h"
#include "base/error.h"
#include "lab/blame.h"
#include "lab/consult.h"
#include "topology/start.h"

/* Would a daemon's route be there, were a cable not cut? */
static bool blame_cable(struct blame *blame, struct path_node *at, struct path_node *goal)
{
	struct path *path = blame->path;
	size_t alive, count;
	const struct interface **cables;

	if (path_cables(path, at, goal, true, &alive))
		return false;
	cables = path_cables(path, at, goal, false, &count);
	for (size_t i = 0; cables && i < count; i++) {
		const struct interface *ends[] = {cables[i], cables[i]->peer};

		for (size_t k = 0; k < 2; k++) {
			struct path_node *node = path_node_of(path, ends[k]->node);
			const struct observed_interface *view =
				path_interface(node, ends[k]->index);

			if (view && view->up)
				continue;
			if (!path_look(path, node)) {
				blame_on(blame, CAUSE_NODE, node->file->name,
					 "%s, as node %s is dead", blame->result->verdict,
					 node->file->name);
				return true;
			}
			blame_on(blame, CAUSE_LINK_DOWN, node->file->name,
				 "%s, as %s is cut: %s:%s is down", blame->result->verdict,
				 path_cable_title(path, cables[i]), node->file->name,
				 ends[k]->name);
			return true;
		}
	}
	return false;
}

static bool runs(const struct lab_service *service)
{
	switch (service->state) {
	case SERVICE_WAITING:
	case SERVICE_STARTING:
	case SERVICE_READY: return true;
	case SERVICE_ENDED:
	case SERVICE_RESTARTING:
	case SERVICE_GONE: return false;
	}
	return false;
}

/* A service of the node that has ended, in words; of routing daemons alone if so wished. */
const char *blame_service(const struct blame *blame, const struct path_node *node, bool routing)
{
	struct arena *arena = blame->path->arena;
	struct lab_service *services;
	struct error err;
	size_t count;

	if (lab_services(blame->path->request->lab, node->lab, arena, &services, &count, &err) < 0)
		return NULL;
	for (size_t i = 0; i < count; i++) {
		const struct command *command = node_service(node->file, services[i].name);
		int status = services[i].status;
		const char *how;

		/* What is not in the file itself comes of its `frr` and `bird`. */
		if (runs(&services[i]) || (routing && command && !command->program))
			continue;
		how = services[i].state == SERVICE_GONE ? ""
		      : WIFSIGNALED(status)
			      ? arena_printf(arena, " (%s)", strsignal(WTERMSIG(status)))
			      : arena_printf(arena, " (status %d)", WEXITSTATUS(status));
		return arena_printf(arena, "the service %s of %s has ended%s", services[i].name,
				    node->file->name, how);
	}
	return NULL;
}

/* A routing daemon that has ended, on the shortest way between the two. */
static bool blame_daemon(struct blame *blame, struct path_node *at, struct path_node *goal)
{
	struct path *path = blame->path;
	struct path_node *node = at;
	size_t count = 0;
	const struct interface **cables = path_cables(path, at, goal, true, &count);

	for (size_t i = 0; i <= count && node; i++) {
		const char *ended = blame_service(blame, node, true);

		if (ended) {
			blame_on(blame, CAUSE_SERVICE, node->file->name, "%s: %s",
				 blame->result->verdict, ended);
			return true;
		}
		node = i < count ? path_node_of(path, cables[i]->peer->node) : NULL;
	}
	return false;
}

static int weight(const struct finding *finding)
{
	return (finding->weak ? 0 : 2) + finding->on_way;
}

/* A missing route is a symptom where daemons make routes: what do they say? */
void blame_routing(struct blame *blame)
{
	struct explanation *result = blame->result;
	bool there = !result->there.arrived;
	const struct explain_way *way = there ? &result->there : &result->back;
	struct path_node *goal = there ? blame->to : blame->from, *at;
	const struct finding *list, *best = NULL;
	size_t count;

	if (result->cause != CAUSE_NO_ROUTE || !goal)
		return;
	at = &blame->path->nodes[way->steps[way->count - 1].number - 1];
	if (blame_cable(blame, at, goal) || blame_daemon(blame, at, goal))
		return;
	list = consult(blame->path, at, goal, there ? &result->destination : &result->source,
		       &count);
	for (size_t i = 0; i < count; i++)
		if (!best || weight(&list[i]) > weight(best))
			best = &list[i];
	if (!best)
		return;
	for (size_t i = 0; i < count; i++)
		if (&list[i] != best)
			blame_note(blame, "%s", list[i].text);
	blame_on(blame, CAUSE_ROUTING, best->node, "%s: %s", result->verdict, best->text);
}
