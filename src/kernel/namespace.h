/* SPDX-License-Identifier: MIT */
/* Processes with namespaces of their own: cloned into them, moved into them, their mounts. */
#ifndef KERNEL_NAMESPACE_H
#define KERNEL_NAMESPACE_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

struct error;

/* CLONE_NEW... flags of a set of enum isolation. */
uint64_t namespace_flags(unsigned isolation);

/*
 * fork(2) with clone flags: CLONE_NEW... for namespaces of the child's own, CLONE_PARENT for a
 * sibling instead of a child. Returns the pid, 0 in the child, or -errno. `pid`, if not NULL, is
 * memory that has the pid before the child does its first step.
 */
pid_t namespace_clone(uint64_t flags, pid_t *pid);

/* What to say when namespace_clone() failed: the cause and, where there is one, the remedy. */
int namespace_explain(int number, uint64_t flags, struct error *err, const char *object);

/*
 * How many namespaces of a kind (one of enum isolation) this user may have; `name` is then that of
 * the sysctl, below "user.". -1: nothing limits them.
 */
long namespace_limit(unsigned isolation, const char **name);

/* Join the namespaces `flags` (CLONE_NEW...) of the process of a pidfd. Returns 0 or -errno. */
int namespace_join(int pidfd, uint64_t flags);

/* The same of a process that cannot have ended unseen, as a child that was not waited for. */
int namespace_enter(pid_t pid, uint64_t flags);

/* Keep what is mounted here from now on out of the host, but see what the host unmounts. */
int mount_separate(struct error *err);

/* A /proc of the caller's PID namespace. */
int mount_proc(struct error *err);

/*
 * A /sys of the caller's network namespace. To mount one the kernel compares it with that of each
 * other network namespace (fs/kernfs/mount.c, kernfs_test_super()), under the lock of all mounts:
 * so that most nodes of a large lab had better do without. mount_sys_late() does nothing where /sys
 * has been mounted, and is for where `empty`, a folder, is shown in its place.
 */
int mount_sys(struct error *err);
int mount_no_sys(const char *empty, struct error *err);
int mount_sys_late(struct error *err);

/* The file `source` in the place of `target`, read-only. */
int mount_file(const char *source, const char *target, struct error *err);

#endif
