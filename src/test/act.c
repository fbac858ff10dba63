// SPDX-License-Identifier: MIT
// Sentences that do something: links cut, mended and changed, nodes cut off, services stopped, time
// let pass.
#include <libgen.h>
#include <string.h>
#include <time.h>

#include "base/arena.h"
#include "base/cleanup.h"
#include "base/error.h"
#include "lab/choose.h"
#include "lab/folder.h"
#include "lab/lab.h"
#include "lab/link_change.h"
#include "test/command.h"
#include "test/look.h"
#include "test/trial.h"
#include "topology/daemon.h"

/* As the verb link does: one change of a lab after the other. */
static int change_links(struct trial *trial, char *word, const struct link_change *change,
			struct error *err)
{
	const char *run = dirname(arena_strdup(trial->arena, trial->run->lab->folder));
	struct words words = {.list = &word, .count = 1};
	AUTO_CLOSE int lock = -1;
	const char *unknown = NULL;
	struct cables cables;

	if (link_check_kernel(change, err) < 0)
		return -1;
	lock = run_folder_lock(run, false, err);
	if (lock < 0 ||
	    cables_choose(trial->run->lab, &words, trial->arena, &cables, &unknown, err) < 0 ||
	    cables_observe(&cables, trial->arena, err) < 0)
		return -1;
	return link_apply(&cables, change, trial->arena, err);
}

int act_link(struct trial *trial, struct error *err)
{
	return change_links(trial, arena_strdup(trial->arena, trial->step->link),
			    &trial->step->change, err);
}

static bool has_cables(const struct node *node)
{
	for (size_t i = 0; i < node->interface_count; i++)
		if (node->interfaces[i].peer && node->interfaces[i].segment->kind != SEGMENT_STUB)
			return true;
	return false;
}

static int change_nodes(struct trial *trial, enum link_action action, struct error *err)
{
	for (size_t i = 0; i < trial->step->from.count; i++) {
		const struct node *node = trial->step->from.nodes[i];
		struct link_change change = {.action = action, .at = node->name};
		char *ends = arena_printf(trial->arena, "%s:*", node->name);

		if (has_cables(node) && change_links(trial, ends, &change, err) < 0)
			return -1;
	}
	return 0;
}

static bool has_service(const struct lab_service *services, size_t count, const char *name)
{
	for (size_t i = 0; i < count; i++)
		if (!strcmp(services[i].name, name))
			return true;
	return false;
}

/* FRR reads its configuration through vtysh, once all daemons run: one that is new has none. */
static int configure(struct trial *trial, const struct node *node, const struct lab_node *lab_node,
		     int64_t until, struct error *err)
{
	static const char *const argv[] = {"vtysh", "-b", NULL};
	struct command_run command = {.node = lab_node, .argv = (char *const *)argv};

	if (!node->routing[SUITE_FRR].key || !strcmp(trial->step->service, "bird") ||
	    !daemon_may_run(node, trial->step->service))
		return 0;
	if (commands_run(trial->run, &command, 1, until, trial->arena, err) < 0)
		return -1;
	return command.status ? error_set(err, 0, "vtysh -b in node %s ended with status %d",
					  node->name, command.status)
			      : 0;
}

/* Of many nodes, those that have the service. */
static int set_services(struct trial *trial, bool run, struct error *err)
{
	const struct step *step = trial->step;
	int64_t until = clock_now() + trial->run->topology->timeout * SECOND;
	size_t done = 0;

	for (size_t i = 0; i < step->from.count; i++) {
		const struct lab_node *node = &trial->run->nodes[step->from.nodes[i]->number - 1];
		struct lab_service *services;
		size_t count;

		if (lab_services(trial->run->lab, node, trial->arena, &services, &count, err) < 0)
			return -1;
		if (step->from.many && !has_service(services, count, step->service))
			continue;
		if (lab_service_set(trial->run->lab, node, step->service, run, until, err) < 0 ||
		    (run && configure(trial, step->from.nodes[i], node, until, err) < 0))
			return -1;
		done++;
	}
	return done ? 0 : error_set(err, 0, "no node has a service %s", step->service);
}

int act_stop(struct trial *trial, struct error *err)
{
	return trial->step->service ? set_services(trial, false, err)
				    : change_nodes(trial, LINK_DOWN, err);
}

int act_start(struct trial *trial, struct error *err)
{
	return trial->step->service ? set_services(trial, true, err)
				    : change_nodes(trial, LINK_UP, err);
}

int act_wait(struct trial *trial, struct error *err)
{
	struct timespec time = {trial->step->pause / SECOND, trial->step->pause % SECOND};

	(void)err;
	while (nanosleep(&time, &time) < 0)
		;
	return 0;
}
