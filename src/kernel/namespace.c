// SPDX-License-Identifier: MIT
// Processes with namespaces of their own: cloned into them, moved into them, their mounts.
#include "kernel/namespace.h"

#include <errno.h>
#include <linux/magic.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <sys/mount.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/vfs.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/error.h"
#include "topology/model.h"

static const struct {
	unsigned isolation; /* 0: the user namespace, which no key names */
	uint64_t flag;
	const char *limit; /* below /proc/sys/user */
} kinds[] = {
	{ISOLATE_NET, CLONE_NEWNET, "max_net_namespaces"},
	{ISOLATE_UTS, CLONE_NEWUTS, "max_uts_namespaces"},
	{ISOLATE_MOUNT, CLONE_NEWNS, "max_mnt_namespaces"},
	{ISOLATE_PID, CLONE_NEWPID, "max_pid_namespaces"},
	{ISOLATE_IPC, CLONE_NEWIPC, "max_ipc_namespaces"},
	{ISOLATE_CGROUP, CLONE_NEWCGROUP, "max_cgroup_namespaces"},
	{0, CLONE_NEWUSER, "max_user_namespaces"},
};
#define KINDS (sizeof(kinds) / sizeof(*kinds))

uint64_t namespace_flags(unsigned isolation)
{
	uint64_t flags = 0;

	for (size_t i = 0; i < KINDS; i++)
		if (isolation & kinds[i].isolation)
			flags |= kinds[i].flag;
	return flags;
}

pid_t namespace_clone(uint64_t flags, pid_t *pid)
{
	unsigned long all = (unsigned long)flags | SIGCHLD | (pid ? CLONE_PARENT_SETTID : 0);
	/* The raw call, as glibc has no fork(3) that takes flags. Nothing here has threads. */
	long child = syscall(SYS_clone, all, NULL, pid, NULL, NULL);

	return child < 0 ? -errno : (pid_t)child;
}

static long read_limit(const char *name)
{
	char path[64];
	long value = -1;
	FILE *file;

	snprintf(path, sizeof(path), "/proc/sys/user/%s", name);
	file = fopen(path, "re");
	if (!file)
		return -1;
	if (fscanf(file, "%ld", &value) != 1)
		value = -1;
	fclose(file);
	return value;
}

long namespace_limit(unsigned isolation, const char **name)
{
	for (size_t i = 0; i < KINDS; i++)
		if (kinds[i].isolation == isolation)
			return read_limit(*name = kinds[i].limit);
	return -1;
}

/* The kinds of namespace wanted that have a limit, the lowest first: the likely one to be full. */
static int explain_full(uint64_t flags, struct error *err, const char *object)
{
	const char *lowest = NULL;
	long least = -1;

	for (size_t i = 0; i < KINDS; i++) {
		long limit = flags & kinds[i].flag ? read_limit(kinds[i].limit) : -1;

		if (limit >= 0 && (!lowest || limit < least)) {
			lowest = kinds[i].limit;
			least = limit;
		}
	}
	if (!lowest)
		return error_set(err, ENOSPC, "cannot clone %s", object);
	return error_set(err, 0,
			 "cannot clone %s: this user's limit of namespaces is reached "
			 "(user.%s = %ld); raise it: sysctl -w user.%s=N",
			 object, lowest, least, lowest);
}

int namespace_explain(int number, uint64_t flags, struct error *err, const char *object)
{
	struct rlimit limit = {0};

	switch (number) {
	case ENOSPC:
	case EUSERS: return explain_full(flags, err, object);
	case EAGAIN:
		getrlimit(RLIMIT_NPROC, &limit);
		return error_set(
			err, EAGAIN,
			"cannot clone %s: no more processes for this user (ulimit -u = %lu), "
			"its control group (pids.max) or this machine (kernel.pid_max)",
			object, (unsigned long)limit.rlim_cur);
	case EPERM:
		return error_set(err, EPERM,
				 "cannot clone %s: namespaces are not allowed here; "
				 "`nslab doctor` tells why",
				 object);
	default: return error_set(err, number, "cannot clone %s", object);
	}
}

int namespace_enter(pid_t pid, uint64_t flags)
{
	AUTO_CLOSE int fd = (int)syscall(SYS_pidfd_open, pid, 0);

	return fd < 0 ? -errno : namespace_join(fd, flags);
}

int namespace_join(int pidfd, uint64_t flags)
{
	return setns(pidfd, (int)flags) < 0 ? -errno : 0;
}

int mount_separate(struct error *err)
{
	/* Slaves, not private: a disk that the host unmounts must not stay in use by the lab. */
	if (mount(NULL, "/", NULL, MS_REC | MS_SLAVE, NULL) < 0)
		return error_set(err, errno, "cannot separate the lab's mounts from the host's");
	return 0;
}

int mount_proc(struct error *err)
{
	if (mount("proc", "/proc", "proc", MS_NOSUID | MS_NODEV | MS_NOEXEC, NULL) < 0)
		return error_set(err, errno,
				 errno == EPERM
					 ? "cannot mount /proc: parts of the host's /proc are "
					   "hidden, as containers do (`nslab doctor`)"
					 : "cannot mount /proc");
	return 0;
}

int mount_sys(struct error *err)
{
	unsigned long flags = MS_NOSUID | MS_NODEV | MS_NOEXEC;

	if (mount("sysfs", "/sys", "sysfs", flags, NULL) == 0)
		return 0;
	/* In a user namespace no mount may show more than the host's: where that is read-only... */
	if (errno == EPERM && mount("sysfs", "/sys", "sysfs", flags | MS_RDONLY, NULL) == 0)
		return 0;
	return error_set(err, errno, "cannot mount /sys");
}

int mount_no_sys(const char *empty, struct error *err)
{
	if (mount(empty, "/sys", NULL, MS_BIND, NULL) < 0)
		return error_set(err, errno, "cannot hide the host's /sys");
	return 0;
}

int mount_sys_late(struct error *err)
{
	struct statfs now;

	if (statfs("/sys", &now) < 0)
		return error_set(err, errno, "cannot look at /sys");
	return now.f_type == SYSFS_MAGIC ? 0 : mount_sys(err);
}

int mount_file(const char *source, const char *target, struct error *err)
{
	/* A bind mount ignores all other flags until it is remounted: mount(2). */
	if (mount(source, target, NULL, MS_BIND, NULL) < 0 ||
	    mount(NULL, target, NULL, MS_BIND | MS_REMOUNT | MS_RDONLY | MS_NOSUID | MS_NODEV,
		  NULL) < 0)
		return error_set(err, errno, "cannot mount %s over %s", source, target);
	return 0;
}
