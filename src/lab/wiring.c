// SPDX-License-Identifier: MIT
// Lay the cables of a lab.
#include "lab/wiring.h"

#include <errno.h>
#include <unistd.h>

#include "base/error.h"
#include "kernel/apply.h"
#include "lab/build.h"

static int await_workers(struct build *build, struct error *err)
{
	char bytes[64];
	size_t prepared = 0;

	build_close(build, CHANNEL_PREPARED, SIDE_WRITE);
	while (prepared < build->worker_count) {
		ssize_t n =
			read(build->channels[CHANNEL_PREPARED][SIDE_READ], bytes, sizeof(bytes));

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return error_set(err, errno, "cannot wait for the nodes");
		if (n == 0)
			return error_set(err, 0, "a process of the lab died while it was built");
		prepared += (size_t)n;
	}
	build_close(build, CHANNEL_PREPARED, SIDE_READ);
	return 0;
}

/* Nodes have waited with their mounts; one processor is free while cables are laid. */
static int let_mount(const struct build *build, struct error *err)
{
	long processors = sysconf(_SC_NPROCESSORS_ONLN);
	int failed =
		turns_give(&build->shared->mounting, processors > 1 ? (uint32_t)processors : 1);

	return failed ? error_set(err, -failed, "cannot tell the nodes to mount") : 0;
}

int wiring_lay(struct build *build, struct error *err)
{
	const struct plan *plan = build->plan;
	int failed = await_workers(build, err);

	if (!failed)
		failed = let_mount(build, err);
	return failed ? failed
		      : apply_ops(plan->ops + plan->wiring.first, plan->wiring.count,
				  build->shared->pids, err);
}
