// SPDX-License-Identifier: MIT
// What between two nodes keeps routing daemons from speaking: a cut cable, a daemon that has ended.
#include <string.h>
#include <sys/wait.h>

#include "base/arena.h"
#include "base/error.h"
#include "lab/path_obstacle.h"
#include "topology/start.h"

#define CUTS_MOST 4 /* that are named */

/* One end of a cable that should be up, and is not. */
static bool is_cut(struct path *path, const struct interface *cable, const struct interface *end,
		   struct obstacle *obstacle)
{
	struct path_node *node = path_node_of(path, end->node);
	const struct observed_interface *view = path_interface(node, end->index);

	if (view && view->up)
		return false;
	obstacle->node = node->file->name;
	if (!path_look(path, node)) {
		obstacle->cause = CAUSE_NODE;
		obstacle->text = arena_printf(path->arena, "node %s is dead", node->file->name);
	} else {
		obstacle->cause = CAUSE_LINK_DOWN;
		obstacle->text =
			arena_printf(path->arena, "%s is cut: %s:%s is down",
				     path_cable_title(path, cable), node->file->name, end->name);
	}
	return true;
}

static bool reaches(struct path *path, const struct path_node *from, const struct path_node *to)
{
	size_t count;

	return from == to || path_cables(path, from, to, true, &count);
}

/* The others of which one alone would do, too: somebody may have cut the first one on purpose. */
static void add_other_cuts(struct path *path, const struct path_node *from,
			   const struct path_node *to, struct obstacle *obstacle)
{
	struct obstacle other;
	size_t named = 1;

	for (size_t i = 0; i < path->count; i++)
		for (size_t k = 0; k < path->nodes[i].file->interface_count; k++) {
			const struct interface *end = &path->nodes[i].file->interfaces[k];

			if (!end->peer || named >= CUTS_MOST ||
			    !(is_cut(path, end, end, &other) ||
			      is_cut(path, end, end->peer, &other)) ||
			    strstr(obstacle->text, other.text) ||
			    !reaches(path, from, &path->nodes[i]) ||
			    !reaches(path, path_node_of(path, end->peer->node), to))
				continue;
			named++;
			obstacle->text =
				arena_printf(path->arena, "%s, and %s", obstacle->text, other.text);
		}
}

/* Would there be a way along cables, were one not cut? */
static bool find_cut(struct path *path, const struct path_node *from, const struct path_node *to,
		     struct obstacle *obstacle)
{
	size_t count;
	const struct interface **cables = path_cables(path, from, to, true, &count);

	if (cables)
		return false;
	cables = path_cables(path, from, to, false, &count);
	for (size_t i = 0; cables && i < count; i++)
		if (is_cut(path, cables[i], cables[i], obstacle) ||
		    is_cut(path, cables[i], cables[i]->peer, obstacle)) {
			add_other_cuts(path, from, to, obstacle);
			return true;
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

const char *path_ended_service(const struct path *path, const struct path_node *node, bool routing)
{
	struct arena *arena = path->arena;
	struct lab_service *services;
	struct error err;
	size_t count;

	if (lab_services(path->request->lab, node->lab, arena, &services, &count, &err) < 0)
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

/* On the shortest way between the two. */
static bool find_ended(struct path *path, struct path_node *from, struct path_node *to,
		       struct obstacle *obstacle)
{
	struct path_node *node = from;
	size_t count = 0;
	const struct interface **cables = path_cables(path, from, to, true, &count);

	for (size_t i = 0; i <= count && node; i++) {
		obstacle->text = path_ended_service(path, node, true);
		if (obstacle->text) {
			obstacle->cause = CAUSE_SERVICE;
			obstacle->node = node->file->name;
			return true;
		}
		node = i < count ? path_node_of(path, cables[i]->peer->node) : NULL;
	}
	return false;
}

bool path_cut_beside(struct path *path, const struct path_node *from, const struct path_node *to,
		     struct obstacle *obstacle)
{
	for (size_t i = 0; i < from->file->interface_count; i++) {
		const struct interface *end = &from->file->interfaces[i];

		if (end->peer && end->peer->node == to->file &&
		    (is_cut(path, end, end, obstacle) || is_cut(path, end, end->peer, obstacle)))
			return true;
	}
	return false;
}

bool path_obstacle(struct path *path, struct path_node *from, struct path_node *to,
		   struct obstacle *obstacle)
{
	return find_cut(path, from, to, obstacle) || find_ended(path, from, to, obstacle);
}
