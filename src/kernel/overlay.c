// SPDX-License-Identifier: MIT
// Folders in memory and folders laid over others: what private files are made of.
#include "kernel/overlay.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <sys/mount.h>

#define BYTES_PER_INODE 4096

int mount_memory(const char *target, uint64_t bytes)
{
	char options[96];

	snprintf(options, sizeof(options), "mode=0755,size=%" PRIu64 ",nr_inodes=%" PRIu64, bytes,
		 bytes / BYTES_PER_INODE);
	return mount("nslab", target, "tmpfs", 0, options) < 0 ? -errno : 0;
}

int mount_freeze(const char *target)
{
	struct mount_attr read_only = {.attr_set = MOUNT_ATTR_RDONLY};

	return mount_setattr(AT_FDCWD, target, AT_RECURSIVE, &read_only, sizeof(read_only)) < 0
		       ? -errno
		       : 0;
}

int mount_overlay(const char *target, const char *lower, const char *upper, const char *work,
		  bool users)
{
	char options[512];
	int n = snprintf(options, sizeof(options), "lowerdir=%s,upperdir=%s,workdir=%s%s", lower,
			 upper, work, users ? ",userxattr" : "");

	if (n < 0 || (size_t)n >= sizeof(options))
		return -ENAMETOOLONG;
	return mount("nslab", target, "overlay", 0, options) < 0 ? -errno : 0;
}

int mount_bind(int fd, const char *target)
{
	char source[40];

	snprintf(source, sizeof(source), "/proc/self/fd/%d", fd);
	return mount(source, target, NULL, MS_BIND | MS_REC, NULL) < 0 ? -errno : 0;
}
