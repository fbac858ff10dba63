// SPDX-License-Identifier: MIT
// Into a node: the caller's namespaces become the node's.
#include <errno.h>
#include <limits.h>
#include <sched.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/error.h"
#include "kernel/namespace.h"
#include "kernel/pretend.h"
#include "lab/group.h"
#include "lab/lab.h"

/* Root is allowed everything in a user namespace without being in it, and stays root. */
static uint64_t users_flag(const struct lab *lab)
{
	return lab->users && geteuid() != 0 ? CLONE_NEWUSER : 0;
}

int lab_enter(const struct lab *lab, const struct lab_node *node, enum enter what,
	      struct error *err)
{
	AUTO_CLOSE int pidfd = process_open(&node->process);
	/* What the node shares with the lab's first process is the lab's, never the host's. */
	uint64_t lab_wide = CLONE_NEWNS | CLONE_NEWPID;
	uint64_t flags = CLONE_NEWNET;
	char folder[PATH_MAX];
	int failed;

	if (pidfd == -ESRCH)
		return error_set(err, ESRCH, "cannot enter node %s: its first process is gone",
				 node->name);
	if (pidfd < 0)
		return error_set(err, -pidfd, "cannot enter node %s", node->name);
	if (what == ENTER_ALL)
		flags = namespace_flags(node->isolate) | lab_wide | users_flag(lab);
	if (what == ENTER_ALL && !getcwd(folder, sizeof(folder)))
		folder[0] = '\0';
	if (what == ENTER_ALL)
		group_join(lab->folder, node->name);
	failed = namespace_join(pidfd, flags);
	if (failed)
		return error_set(err, -failed, "cannot enter node %s", node->name);
	failed = what == ENTER_ALL ? process_forbid_reboot() : 0;
	if (failed)
		return error_set(err, -failed, "cannot forbid node %s to reboot", node->name);
	if (what == ENTER_ALL && node->isolate & ISOLATE_MOUNT && mount_sys_late(err) < 0) {
		error_prefix(err, "node %s: ", node->name);
		return -1;
	}
	if (what == ENTER_ALL && (!folder[0] || chdir(folder) < 0) && chdir("/") < 0)
		return error_set(err, errno, "cannot enter the root folder of node %s", node->name);
	return what == ENTER_ALL && lab->users ? pretend_users(err) : 0;
}

int lab_enter_users(const struct lab *lab, struct error *err)
{
	uint64_t flag = users_flag(lab);
	AUTO_CLOSE int pidfd = -1;
	int failed;

	if (!flag)
		return 0;
	pidfd = process_open(&lab->keeper);
	if (pidfd < 0)
		return error_set(err, -pidfd, "cannot enter lab %s", lab->name);
	failed = namespace_join(pidfd, flag);
	if (failed)
		return error_set(err, -failed, "cannot enter the user namespace of lab %s",
				 lab->name);
	return 0;
}
