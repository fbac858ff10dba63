/* SPDX-License-Identifier: MIT */
/* Folders in memory and folders laid over others: what private files are made of. */
#ifndef KERNEL_OVERLAY_H
#define KERNEL_OVERLAY_H

#include <stdbool.h>
#include <stdint.h>

/* A file system in memory, empty, of that many bytes at most. Returns 0 or -errno. */
int mount_memory(const char *target, uint64_t bytes);

/* From here on nothing can be written through this mount and those below it. Returns 0 or -errno.
 */
int mount_freeze(const char *target);

/*
 * `target` shows the folders `lower` ("a:b", the first on top), and what is written there goes to
 * `upper`; `work` is an empty folder beside that. `users`: in a user namespace. Returns 0 or
 * -errno.
 */
int mount_overlay(const char *target, const char *lower, const char *upper, const char *work,
		  bool users);

/* What is open as `fd` (O_PATH suffices) seen at `target` too. Returns 0 or -errno. */
int mount_bind(int fd, const char *target);

#endif
