// SPDX-License-Identifier: MIT
// The first process of a node: configures itself in its own namespaces, reports, and stays.
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/cleanup.h"
#include "kernel/apply.h"
#include "kernel/carrier.h"
#include "kernel/namespace.h"
#include "kernel/process.h"
#include "kernel/sysctl.h"
#include "lab/build.h"
#include "lab/environment.h"
#include "lab/files.h"
#include "lab/folder.h"
#include "lab/group.h"
#include "lab/supervise.h"

static void __attribute__((noreturn))
give_up(const struct build *build, uint32_t node, const struct error *err)
{
	build_report(build, REPORT_FAILED, node, err->text);
	_exit(1);
}

static int apply_span(const struct build *build, const struct span *span, struct error *err)
{
	return apply_ops_in_node(build->plan->ops + span->first, span->count, build->keys, err);
}

bool node_has_proc(const struct node *node)
{
	return node->isolate & ISOLATE_MOUNT && node->isolate & ISOLATE_PID;
}

/* Until something is started in the node that may look there. */
static int hide_sys(const struct build *build, struct error *err)
{
	char none[PATH_MAX];

	snprintf(none, sizeof(none), "%s/" FOLDER_FILES "/" FILES_NONE, build->folder_path);
	return mount_no_sys(none, err);
}

/* All that does not need the cables. */
static int prepare(const struct build *build, const struct node *node, struct error *err)
{
	int failed = group_enter(build->folder, node, err); /* before /sys is the node's own */

	if (failed)
		return failed;
	if (node->isolate & ISOLATE_UTS && sethostname(node->name, strlen(node->name)) < 0)
		return error_set(err, errno, "cannot set the host name");
	failed = process_forbid_reboot();
	if (failed)
		return error_set(err, -failed, "cannot forbid it to reboot");
	if (node_has_proc(node)) {
		sysctl_close_own();
		failed = mount_proc(err);
	}
	if (!failed && node->isolate & ISOLATE_MOUNT)
		failed = hide_sys(build, err);
	if (!failed && node->isolate & ISOLATE_MOUNT)
		failed = files_mount(build, node, err);
	if (!failed)
		failed = environment_keep(build->folder, node, err);
	if (!failed)
		failed = apply_span(build, &build->plan->prepare[node->number - 1], err);
	return failed;
}

/* All that needs the cables; last what no process but this one has ever found out. */
static int configure(const struct build *build, const struct node *node, struct error *err)
{
	AUTO_ARENA struct arena *arena = NULL;
	const struct op *computed;
	size_t count;
	int failed = apply_span(build, &build->plan->configure[node->number - 1], err);

	if (failed || !build->plan->topology->computed)
		return failed;
	arena = arena_new();
	computed = plan_computed(build->plan, node, arena, &count);
	return apply_ops_in_node(computed, count, build->keys, err);
}

/* Tell the keeper that this node is ready for its cables, and wait until they are laid. */
static int await_cables(struct build *build, uint32_t number, struct error *err)
{
	int failed;
	ssize_t n;

	do
		n = write(build->channels[CHANNEL_PREPARED][SIDE_WRITE], &number, sizeof(number));
	while (n < 0 && errno == EINTR);
	if (n < 0)
		return error_set(err, errno, "cannot tell that it is ready for its cables");
	build_close(build, CHANNEL_PREPARED, SIDE_WRITE);
	failed = gate_await(&build->shared->wired, 0);
	return failed ? error_set(err, -failed, "cannot wait for its cables") : 0;
}

static int await_start(struct build *build, struct error *err)
{
	int failed = gate_await(&build->shared->started, 0);

	return failed ? error_set(err, -failed, "cannot wait for the other nodes") : 0;
}

/* What all that it starts finds: the folder of the file, and the environment. */
static int set_the_scene(const struct build *build, const struct node *node, struct error *err)
{
	if (node->isolate & ISOLATE_MOUNT && mount_sys_late(err) < 0)
		return -1;
	if (chdir(build->work) < 0 && chdir("/") < 0)
		return error_set(err, errno, "cannot enter the folder %s", build->work);
	environment_set(node);
	process_path_of_root();
	setenv("NSLAB", build->plan->topology->name, 1);
	setenv("NSLAB_NODE", node->name, 1);
	return 0;
}

static int live(struct build *build, const struct node *node, struct supervisor *supervisor,
		struct error *err)
{
	const struct span *start = &build->plan->start[node->number - 1];
	uint32_t index = node->number - 1;
	int failed = prepare(build, node, err);

	if (!failed)
		failed = await_cables(build, node->number, err);
	if (!failed)
		failed = configure(build, node, err);
	sysctl_close_own();
	if (!failed && build_report(build, REPORT_CONFIGURED, index, NULL) < 0)
		failed = error_set(err, errno, "cannot report that it is configured");
	if (!failed)
		failed = await_start(build, err);
	if (failed)
		return failed;
	carriers_settle(node); /* now that both ends of each cable are up */
	if (start->count)
		failed = set_the_scene(build, node, err);
	if (!failed && start->count)
		failed = node_start(build, node, supervisor, err);
	if (!failed && build_report(build, REPORT_STARTED, index, NULL) < 0)
		failed = error_set(err, errno, "cannot report that all of it is ready");
	return failed;
}

void node_main(struct build *build, uint32_t index)
{
	static const struct channel_end mine[] = {{CHANNEL_REPORT, SIDE_WRITE},
						  {CHANNEL_PREPARED, SIDE_WRITE}};
	const struct node *node = &build->plan->topology->nodes[index];
	struct supervisor supervisor = {0};
	struct error err = {0};

	build_keep(build, mine, sizeof(mine) / sizeof(*mine));
	process_title("nslab: %s/%s", build->plan->topology->name, node->name);
	if (live(build, node, &supervisor, &err) < 0) {
		error_prefix(&err, "node %s: ", node->name);
		give_up(build, index, &err);
	}
	build_keep(build, NULL, 0);
	if (build->plan->start[index].count) {
		supervisor_stay(&supervisor);
		supervisor_close(&supervisor);
	}
	build_close_folder(build);
	reap_for_ever();
}
