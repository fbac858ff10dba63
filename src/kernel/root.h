/* SPDX-License-Identifier: MIT */
/* A / of the caller's own, in which all that / has is seen, and more can be laid. */
#ifndef KERNEL_ROOT_H
#define KERNEL_ROOT_H

#include <stdbool.h>

/*
 * Bind all that is in / into `folder`, which is empty, and make that the caller's /; the working
 * directory is / then. What is no folder in / and `is_hidden` is left out. In the caller's mount
 * namespace, of which nothing must be shared with others. Returns 0 or -errno.
 */
int root_replace(const char *folder, bool (*is_hidden)(void *data, const char *name), void *data);

#endif
