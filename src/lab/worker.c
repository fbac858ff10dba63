// SPDX-License-Identifier: MIT
// A helper of the keeper's: clones nodes, and configures their networks from within these; node by
// node, each next one as soon as it is done with one.
#include "lab/worker.h"

#include <errno.h>
#include <sched.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/cleanup.h"
#include "base/error.h"
#include "base/file.h"
#include "kernel/apply.h"
#include "kernel/carrier.h"
#include "kernel/namespace.h"
#include "kernel/process.h"
#include "kernel/processor.h"
#include "kernel/sysctl.h"
#include "lab/build.h"

/* A process is worth starting for at least this many nodes. */
#define NODES_PER_WORKER 16

/* The sysctls of so many nodes are set in one /proc, or of more where that makes too many. */
#define NODES_PER_PROC 16
#define PROCS_MOST     100

struct worker {
	struct build *build;
	uint32_t *cloned; /* indexes of the nodes that it cloned */
	size_t count;
	size_t entered; /* nodes, some more than once */
};

size_t workers_for(size_t nodes)
{
	size_t processors = processor_count();
	size_t count = nodes / NODES_PER_WORKER;

	if (count > processors)
		count = processors;
	if (count > WORKERS_MAX)
		count = WORKERS_MAX;
	return count ? count : 1;
}

static int clone_node(struct build *build, size_t index, struct error *err)
{
	const struct node *node = &build->plan->topology->nodes[index];
	/* One with limits sees its own group as the root: once it is in it. */
	unsigned later = limits_given(&node->limits) ? ISOLATE_CGROUP : 0;
	uint64_t own = namespace_flags(node->isolate & ~later);
	char object[80];
	pid_t pid;

	/* It is born with its title, which spares it a fifth of the pages that it touches. */
	process_title("nslab: %s/%s", build->plan->topology->name, node->name);
	pid = namespace_clone(own | CLONE_PARENT, &build->shared->pids[index]);
	if (pid == 0)
		node_main(build, (uint32_t)index);
	if (pid > 0)
		return 0;
	snprintf(object, sizeof(object), "node %s", node->name);
	return namespace_explain(-pid, own, err, object);
}

/* The next node of which nobody has begun `stage` yet; false: there is none. */
static bool take_node(const struct build *build, enum stage stage, size_t *index)
{
	*index = __atomic_fetch_add(&build->shared->taken[stage], 1, __ATOMIC_RELAXED);
	return *index < build->plan->topology->node_count;
}

static int clone_nodes(struct worker *worker, struct error *err)
{
	struct build *build = worker->build;
	size_t index;
	int failed = 0;

	while (!failed && take_node(build, STAGE_CLONE, &index)) {
		failed = clone_node(build, index, err);
		worker->cloned[worker->count++] = (uint32_t)index;
	}
	process_title("nslab: %s", build->plan->topology->name);
	return failed;
}

static int apply_span(const struct build *build, const struct span *span, struct error *err)
{
	return apply_ops_in_node(build->plan->ops + span->first, span->count, build->keys, err);
}

/* All that does not need the cables; the name first, which a sysctl may change. */
static int prepare(const struct build *build, const struct node *node, struct error *err)
{
	if (node->isolate & ISOLATE_UTS && sethostname(node->name, strlen(node->name)) < 0)
		return error_set(err, errno, "cannot set the host name");
	return apply_span(build, &build->plan->prepare[node->number - 1], err);
}

/* All that needs the cables; last what nobody has found out before. */
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

static int settle(const struct build *build, const struct node *node, struct error *err)
{
	(void)build;
	(void)err;
	carriers_settle(node);
	return 0;
}

/*
 * The network, and what else has sysctls. Where this node has no namespace of a kind the worker
 * stays in that of the node before: none but what a node isolates is ever set (kernel/apply.c).
 */
static int enter(struct worker *worker, const struct node *node, struct error *err)
{
	const struct build *build = worker->build;
	unsigned isolate = node->isolate & (ISOLATE_NET | ISOLATE_UTS | ISOLATE_IPC);
	size_t nodes = build->plan->topology->node_count;
	size_t nodes_per_proc =
		nodes / PROCS_MOST > NODES_PER_PROC ? nodes / PROCS_MOST : NODES_PER_PROC;
	int failed;

	if (worker->entered++ % nodes_per_proc == 0)
		sysctl_renew_own();
	failed = namespace_enter(build->shared->pids[node->number - 1], namespace_flags(isolate));
	if (failed == -ESRCH)
		return error_set(err, 0, "its first process is gone");
	return failed ? error_set(err, -failed, "cannot enter its network") : 0;
}

typedef int (*act_fn)(const struct build *build, const struct node *node, struct error *err);

static int act_in(struct worker *worker, size_t index, act_fn act, struct error *err)
{
	const struct node *node = &worker->build->plan->topology->nodes[index];
	int failed = enter(worker, node, err);

	if (!failed)
		failed = act(worker->build, node, err);
	if (failed)
		error_prefix(err, "node %s: ", node->name);
	return failed;
}

/* In those that it has cloned: others may not be there yet. */
static int act_in_own(struct worker *worker, act_fn act, struct error *err)
{
	int failed = 0;

	for (size_t i = 0; i < worker->count && !failed; i++)
		failed = act_in(worker, worker->cloned[i], act, err);
	return failed;
}

static int forward(const struct build *build, const struct node *node, struct error *err)
{
	int failed = apply_span(build, &build->plan->forward[node->number - 1], err);

	return failed ? failed : settle(build, node, err);
}

/* Is there anything to do in that stage? Else no namespace need be entered. */
static bool concerns(enum stage stage, const struct build *build, size_t index)
{
	bool forwards = build->plan->forward[index].count > 0;

	if (stage == STAGE_SETTLE)
		return !forwards;
	return stage != STAGE_FORWARD || forwards;
}

static int act_in_next(struct worker *worker, enum stage stage, act_fn act, struct error *err)
{
	size_t index;
	int failed = 0;

	while (!failed && take_node(worker->build, stage, &index))
		if (concerns(stage, worker->build, index))
			failed = act_in(worker, index, act, err);
	return failed;
}

static int tell_keeper(struct build *build, struct error *err)
{
	int failed = write_all(build->channels[CHANNEL_PREPARED][SIDE_WRITE], "", 1);

	build_close(build, CHANNEL_PREPARED, SIDE_WRITE);
	return failed ? error_set(err, -failed, "cannot tell that nodes are ready for their cables")
		      : 0;
}

static int await(struct gate *gate, struct error *err)
{
	int failed = gate_await(gate, 0);

	return failed ? error_set(err, -failed, "cannot wait for the other nodes") : 0;
}

/* Both ends of a cable are up when all workers have come this far. */
static int await_others(struct shared *shared, struct error *err)
{
	int failed = 0;

	if (__atomic_sub_fetch(&shared->configuring, 1, __ATOMIC_ACQ_REL) == 0)
		failed = gate_open(&shared->configured);
	if (failed)
		return error_set(err, -failed, "cannot tell that nodes are configured");
	return await(&shared->configured, err);
}

static int work(struct worker *worker, struct error *err)
{
	struct shared *shared = worker->build->shared;
	int failed = clone_nodes(worker, err);

	if (!failed)
		failed = act_in_own(worker, prepare, err);
	if (!failed)
		failed = tell_keeper(worker->build, err);
	if (!failed)
		failed = await(&shared->wired, err);
	if (!failed)
		failed = act_in_next(worker, STAGE_CONFIGURE, configure, err);
	if (!failed)
		failed = await_others(shared, err);
	if (!failed)
		failed = act_in_next(worker, STAGE_SETTLE, settle, err);
	if (!failed)
		failed = act_in_next(worker, STAGE_FORWARD, forward, err);
	if (!failed && build_report(worker->build, REPORT_CONFIGURED, 0, NULL) < 0)
		failed = error_set(err, errno, "cannot report that nodes are configured");
	return failed;
}

void worker_main(struct build *build)
{
	static const struct channel_end mine[] = {{CHANNEL_REPORT, SIDE_WRITE},
						  {CHANNEL_PREPARED, SIDE_WRITE}};
	struct worker worker = {.build = build};
	struct error err = {0};

	build_keep(build, mine, sizeof(mine) / sizeof(*mine));
	worker.cloned = calloc(build->plan->topology->node_count + 1, sizeof(*worker.cloned));
	if (!worker.cloned)
		error_set(&err, ENOMEM, "cannot clone the nodes");
	else if (work(&worker, &err) == 0)
		_exit(0);
	build_report(build, REPORT_FAILED, 0, err.text);
	_exit(1);
}
