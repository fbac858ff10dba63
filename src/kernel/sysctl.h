/* SPDX-License-Identifier: MIT */
/* Settings below /proc/sys. */
#ifndef KERNEL_SYSCTL_H
#define KERNEL_SYSCTL_H

#include <stdbool.h>

/*
 * Is the setting the node's own, with this set of enum isolation? All others are the machine's, and
 * as root they could be written.
 */
bool sysctl_is_own(const char *path, unsigned isolate);

/*
 * Make the setting at `path` (below /proc/sys) be `value`. Reads first and writes only what
 * differs: writing ip_forward, even unchanged, takes the lock of all network configuration. Blanks
 * around and between numbers do not count. Returns 0 or -errno; -ENOENT: this kernel has no such
 * setting.
 */
int sysctl_set(const char *path, const char *value);

#endif
