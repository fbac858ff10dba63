/* SPDX-License-Identifier: MIT */
/* Settings below /proc/sys. */
#ifndef KERNEL_SYSCTL_H
#define KERNEL_SYSCTL_H

/*
 * Make the setting at `path` (below /proc/sys) be `value`. Reads first and writes only what
 * differs: writing ip_forward, even unchanged, takes the lock of all network configuration. Blanks
 * around and between numbers do not count. Returns 0 or -errno; -ENOENT: this kernel has no such
 * setting.
 */
int sysctl_set(const char *path, const char *value);

/*
 * From here on set what is in a new /proc that is mounted nowhere. For a few of many namespaces:
 * in one /proc for all of them a setting is found among those of all the others, name by name
 * (fs/proc/proc_sysctl.c, proc_sys_compare()), under one lock; a new one for each costs more than
 * it saves. The old one stays open until the process ends: to close it takes a grace period of all
 * processors (namespace_unlock() in fs/namespace.c). Where none may be had, the one that is mounted
 * goes on to do.
 */
void sysctl_renew_own(void);

/* The setting as a number; `otherwise` where there is no such one. */
long sysctl_number(const char *path, long otherwise);

#endif
