// SPDX-License-Identifier: MIT
// A / of the caller's own, in which all that / has is seen, and more can be laid.
#include "kernel/root.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "kernel/overlay.h"

static int copy_link(int from, int to, const char *name)
{
	char target[PATH_MAX];
	ssize_t n = readlinkat(from, name, target, sizeof(target) - 1);

	if (n < 0)
		return -errno;
	target[n] = '\0';
	return symlinkat(target, to, name) < 0 ? -errno : 0;
}

/* `name` is that of a folder, or of a file, in both. */
static int bind(int from, int to, const char *name)
{
	AUTO_CLOSE int there = openat(from, name, O_PATH | O_NOFOLLOW | O_CLOEXEC);
	AUTO_CLOSE int here = openat(to, name, O_PATH | O_NOFOLLOW | O_CLOEXEC);
	char target[40];

	if (there < 0 || here < 0)
		return -errno;
	snprintf(target, sizeof(target), "/proc/self/fd/%d", here);
	return mount_bind(there, target);
}

static int show_file(int from, int to, const char *name)
{
	AUTO_CLOSE int fd = openat(to, name, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);

	return fd < 0 ? -errno : bind(from, to, name);
}

static int show_folder(int from, int to, const char *name)
{
	return mkdirat(to, name, 0755) < 0 ? -errno : bind(from, to, name);
}

/* Sockets and the like are left out: nothing that is looked for stands in /. */
static int show(int from, int to, const char *name, bool (*is_hidden)(void *data, const char *name),
		void *data)
{
	struct stat st;

	if (!strcmp(name, ".") || !strcmp(name, ".."))
		return 0;
	if (fstatat(from, name, &st, AT_SYMLINK_NOFOLLOW) < 0)
		return errno == ENOENT ? 0 : -errno;
	if (S_ISDIR(st.st_mode))
		return show_folder(from, to, name);
	if (is_hidden(data, name))
		return 0;
	if (S_ISLNK(st.st_mode))
		return copy_link(from, to, name);
	return S_ISREG(st.st_mode) ? show_file(from, to, name) : 0;
}

static int show_all(int to, bool (*is_hidden)(void *data, const char *name), void *data)
{
	DIR *listing = opendir("/");
	struct dirent *entry;
	int failed = 0;

	if (!listing)
		return -errno;
	while (!failed && (entry = readdir(listing)))
		failed = show(dirfd(listing), to, entry->d_name, is_hidden, data);
	closedir(listing);
	return failed;
}

/*
 * Only a mount can be /. As it may lie below a folder of / that is bound with all that is mounted
 * there, it must not be bound itself, into itself.
 */
static int make_mount(const char *folder)
{
	if (mount(folder, folder, NULL, MS_BIND, NULL) < 0 ||
	    mount(NULL, folder, NULL, MS_UNBINDABLE, NULL) < 0)
		return -errno;
	return 0;
}

/* The old / comes to lie over the new one, and is taken off: pivot_root(2) knows this as ".", ".".
 */
static int enter(int folder)
{
	if (fchdir(folder) < 0 || syscall(SYS_pivot_root, ".", ".") < 0 ||
	    umount2(".", MNT_DETACH) < 0 || chdir("/") < 0)
		return -errno;
	/* What the node's programs do is their own business: they may bind /. */
	return mount(NULL, "/", NULL, MS_PRIVATE, NULL) < 0 ? -errno : 0;
}

int root_replace(const char *folder, bool (*is_hidden)(void *data, const char *name), void *data)
{
	AUTO_CLOSE int fd = -1;
	int failed = make_mount(folder);

	if (failed)
		return failed;
	fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (fd < 0)
		return -errno;
	failed = show_all(fd, is_hidden, data);
	return failed ? failed : enter(fd);
}
