// SPDX-License-Identifier: MIT
// The first process of a node: mounts its files, starts what it has, and stays.
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "kernel/namespace.h"
#include "kernel/process.h"
#include "lab/build.h"
#include "lab/environment.h"
#include "lab/files.h"
#include "lab/group.h"
#include "lab/hide_sys.h"
#include "lab/supervise.h"

static void __attribute__((noreturn))
give_up(const struct build *build, uint32_t node, const struct error *err)
{
	build_report(build, REPORT_FAILED, node, err->text);
	_exit(1);
}

static int mount_own(const struct build *build, const struct node *node, struct error *err)
{
	int failed = node->isolate & ISOLATE_PID ? mount_proc(err) : 0;

	if (!failed && !build->sys_hidden)
		failed = sys_hide(build, err);
	return failed ? failed : files_mount(build, node, err);
}

/* Mounts are made under one lock, which those who clone mount namespaces need too. */
static int mount_in_turn(const struct build *build, const struct node *node, struct error *err)
{
	struct turns *turns = &build->shared->mounting;
	int failed = turns_take(turns);

	if (failed)
		return error_set(err, -failed, "cannot wait for its turn");
	if (mount_own(build, node, err) < 0)
		return -1;
	failed = turns_give(turns, 1);
	return failed ? error_set(err, -failed, "cannot pass its turn on") : 0;
}

/* All but its network. */
static int prepare(const struct build *build, const struct node *node, struct error *err)
{
	int failed = group_enter(build->folder, node, err); /* before /sys is the node's own */

	if (failed)
		return failed;
	failed = process_forbid_reboot();
	if (failed)
		return error_set(err, -failed, "cannot forbid it to reboot");
	if (node->isolate & ISOLATE_MOUNT)
		failed = mount_in_turn(build, node, err);
	if (!failed)
		failed = environment_keep(build->folder, node, err);
	return failed;
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

static int start(struct build *build, const struct node *node, struct supervisor *supervisor,
		 struct error *err)
{
	int failed = await_start(build, err);

	if (!failed)
		failed = set_the_scene(build, node, err);
	if (!failed)
		failed = node_start(build, node, supervisor, err);
	if (!failed && build_report(build, REPORT_STARTED, node->number - 1, NULL) < 0)
		failed = error_set(err, errno, "cannot report that all of it is ready");
	return failed;
}

static int start_and_stay(struct build *build, const struct node *node, struct error *err)
{
	struct supervisor supervisor = {0};
	int failed = start(build, node, &supervisor, err);

	if (failed)
		return failed;
	build_keep(build, NULL, 0);
	supervisor_stay(&supervisor);
	supervisor_close(&supervisor);
	return 0;
}

static int live(struct build *build, const struct node *node, struct error *err)
{
	uint32_t index = node->number - 1;
	int failed = prepare(build, node, err);

	if (!failed && build_report(build, REPORT_MOUNTED, index, NULL) < 0)
		failed = error_set(err, errno, "cannot report that its files are mounted");
	if (!failed && build->plan->start[index].count)
		failed = start_and_stay(build, node, err);
	return failed;
}

void node_main(struct build *build, uint32_t index)
{
	static const struct channel_end mine[] = {{CHANNEL_REPORT, SIDE_WRITE}};
	const struct node *node = &build->plan->topology->nodes[index];
	struct error err;

	build_keep(build, mine, sizeof(mine) / sizeof(*mine));
	if (live(build, node, &err) < 0) {
		error_prefix(&err, "node %s: ", node->name);
		give_up(build, index, &err);
	}
	build_keep(build, NULL, 0);
	build_close_folder(build);
	reap_for_ever();
}
