// SPDX-License-Identifier: MIT
// Files out of a running node, to stay when it goes.
#include "lab/save.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/cleanup.h"
#include "base/error.h"
#include "kernel/tree.h"
#include "topology/path.h"

/* Into the folder `name` of `folder`, which is made if need be; never through a link. */
static int enter(int folder, const char *name)
{
	if (mkdirat(folder, name, 0777) < 0 && errno != EEXIST)
		return -errno;
	folder = openat(folder, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	return folder < 0 ? -errno : folder;
}

/* The folder that takes the last part of the path, *name; all above it are made. */
static int enter_all(int target, const char *path, const char **name)
{
	int folder = fcntl(target, F_DUPFD_CLOEXEC, 0);

	if (folder < 0)
		return -errno;
	for (const char *slash; (slash = strchr(path, '/')); path = slash + 1) {
		char part[NAME_MAX + 1];
		size_t length = (size_t)(slash - path);
		int inner;

		if (!length)
			continue;
		if (length >= sizeof(part)) {
			close(folder);
			return -ENAMETOOLONG;
		}
		memcpy(part, path, length);
		part[length] = '\0';
		inner = enter(folder, part);
		close(folder);
		if (inner < 0)
			return inner;
		folder = inner;
	}
	*name = path;
	return folder;
}

static bool same_contents(int a, int b)
{
	char here[16384], there[sizeof(here)];
	off_t at = 0;

	for (;;) {
		ssize_t n = pread(a, here, sizeof(here), at),
			m = pread(b, there, sizeof(there), at);

		if (n < 0 || n != m || memcmp(here, there, (size_t)n) != 0)
			return false;
		if (n == 0)
			return true;
		at += n;
	}
}

/* Make room for it. Returns 1 where what is there is the same. */
static int make_way(int folder, const char *name, int contents, bool replace)
{
	AUTO_CLOSE int there = openat(folder, name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);

	if (there < 0 && errno == ENOENT)
		return 0;
	if (there >= 0 && contents >= 0 && same_contents(there, contents))
		return 1;
	if (!replace)
		return -EEXIST;
	return unlinkat(folder, name, 0) < 0 ? -errno : 0;
}

static int save_file(const struct tree_entry *entry, int folder, const char *name, bool replace)
{
	AUTO_CLOSE int from = open(entry->path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
	AUTO_CLOSE int to = -1;
	int failed;

	if (from < 0)
		return -errno;
	failed = make_way(folder, name, from, replace);
	if (failed)
		return failed > 0 ? 0 : failed;
	to = openat(folder, name, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, entry->mode & 0777);
	if (to < 0)
		return -errno;
	failed = tree_copy(from, to);
	if (failed)
		unlinkat(folder, name, 0);
	return failed;
}

static int save_link(const struct tree_entry *entry, int folder, const char *name, bool replace)
{
	char there[PATH_MAX];
	ssize_t n = readlinkat(folder, name, there, sizeof(there) - 1);
	int failed;

	if (n >= 0) {
		there[n] = '\0';
		if (!strcmp(there, entry->link))
			return 0;
	}
	failed = make_way(folder, name, -1, replace);
	if (failed)
		return failed;
	return symlinkat(entry->link, folder, name) < 0 ? -errno : 0;
}

static int save_entry(const struct tree_entry *entry, int target, bool replace)
{
	const char *name = entry->path;
	AUTO_CLOSE int folder = enter_all(target, entry->path, &name);
	int inner;

	if (folder < 0)
		return folder;
	if (S_ISREG(entry->mode))
		return save_file(entry, folder, name, replace);
	if (S_ISLNK(entry->mode))
		return save_link(entry, folder, name, replace);
	if (!S_ISDIR(entry->mode))
		return 0; /* sockets and the like live with their process */
	inner = enter(folder, name);
	if (inner >= 0)
		close(inner);
	return inner < 0 ? inner : 0;
}

static int explain(int failed, const struct tree_entry *entry, struct error *err)
{
	if (failed == -EEXIST)
		return error_set(err, EEXIST,
				 "cannot save %s: the target has another one (-f replaces it)",
				 entry->path);
	if (failed == -ELOOP || failed == -ENOTDIR)
		return error_set(err, -failed,
				 "cannot save %s: the target has something else in the place of a "
				 "folder",
				 entry->path);
	return error_set(err, -failed, "cannot save %s", entry->path);
}

/* What the path leads to when links in it are followed, but not one at its end; "": unknown. */
static void resolve(const char *path, char real[PATH_MAX])
{
	const char *slash = strrchr(path, '/');
	char above[PATH_MAX];
	size_t length;

	snprintf(above, sizeof(above), "%.*s/", (int)(slash - path), path);
	if (!realpath(above, real)) {
		*real = '\0';
		return;
	}
	length = strlen(real);
	snprintf(real + length, PATH_MAX - length, "%s%s", length > 1 ? "/" : "", slash + 1);
}

static int refuse(const char *path, struct error *err)
{
	const char *kernels;
	char real[PATH_MAX];
	struct stat st;

	resolve(path, real);
	if (!path[1])
		return error_set(err, 0,
				 "cannot save /: that is all of the machine too; name what "
				 "the node has changed");
	kernels = path_of_kernel(path) ?: path_of_kernel(real); /* /proc/self is not there for us */
	if (kernels)
		return error_set(err, 0, "cannot save %s: %s is the kernel's", path, kernels);
	if (lstat(path, &st) < 0)
		return error_set(err, errno, "cannot save %s", path);
	if (!S_ISREG(st.st_mode) && !S_ISDIR(st.st_mode) && !S_ISLNK(st.st_mode))
		return error_set(err, 0, "cannot save %s: it is no file, folder or link", path);
	return 0;
}

int save_path(const char *path, int target, bool replace, struct error *err)
{
	AUTO_ARENA struct arena *arena = arena_new();
	struct tree tree;
	int refused = refuse(path, err);

	if (refused)
		return refused;
	tree_start(&tree, "", arena);
	if (!tree_read_path(&tree, path))
		return error_set(err, errno, "cannot save %s", path);
	if (tree.count >= TREE_MOST)
		return error_set(err, 0,
				 "cannot save %s: it has %d files and folders, or more; name "
				 "folders in it",
				 path, TREE_MOST);
	for (size_t i = 0; i < tree.count; i++) {
		const struct tree_entry *entry = &tree.entries[i];
		int failed = entry->closed ? -EACCES : save_entry(entry, target, replace);

		if (failed)
			return explain(failed, entry, err);
	}
	return 0;
}
