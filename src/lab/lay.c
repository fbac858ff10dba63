// SPDX-License-Identifier: MIT
// Files that the lab brings for a node: laid over its /, with owners that daemons can work with.
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/cleanup.h"
#include "base/error.h"
#include "lab/brought.h"
#include "lab/build.h"
#include "lab/private.h"

#define UNKNOWN 65534 /* what the kernel shows for an owner that the lab's ids do not have */

static const char *place_of(const struct tree_entry *entry, char path[PATH_MAX])
{
	snprintf(path, PATH_MAX, "/%s", entry->path);
	return path;
}

/* The owner of what it takes the place of, else of the nearest folder there. */
static void find_owner(const struct build *build, struct tree_entry *entry)
{
	char path[PATH_MAX];
	struct stat st = {0};

	place_of(entry, path);
	if (lstat(path, &st) < 0)
		do
			*strrchr(path, '/') = '\0';
		while (*path && stat(path, &st) < 0);
	entry->uid = build->foreign && st.st_uid == UNKNOWN ? 0 : st.st_uid;
	entry->gid = build->foreign && st.st_gid == UNKNOWN ? 0 : st.st_gid;
}

static bool brings(const struct brought *brought, const char *folder)
{
	for (size_t i = 0; i < brought->count; i++)
		for (size_t k = 0; k < brought->sources[i].tree.count; k++)
			if (path_is_below(brought->sources[i].tree.entries[k].path, folder + 1))
				return true;
	return false;
}

static bool is_in(const struct paths *paths, const char *path)
{
	for (size_t i = 0; i < paths->count; i++)
		if (!strcmp(paths->list[i], path))
			return true;
	return false;
}

static int replace(const struct brought *brought, const char *folder, struct error *err)
{
	AUTO_CLOSE int fd = -1;
	int failed;

	if (!brings(brought, folder))
		return 0;
	fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (fd < 0)
		return errno == ENOENT || errno == ENOTDIR
			       ? 0
			       : error_set(err, errno, "cannot replace %s", folder);
	failed = tree_empty(fd);
	return failed ? error_set(err, -failed, "cannot replace %s", folder) : 0;
}

/* What the node says comes before what the lab says, and that before the default. */
static int replace_all(const struct brought *brought, struct error *err)
{
	const struct files *of_node = &brought->node->files;
	const struct files *of_lab = &brought->build->plan->topology->files;
	int failed = 0;

	for (size_t i = 0; files_replaced[i] && !failed; i++)
		if (!is_in(&of_node->over, files_replaced[i]) &&
		    !is_in(&of_lab->over, files_replaced[i]))
			failed = replace(brought, files_replaced[i], err);
	for (size_t i = 0; i < of_lab->replace.count && !failed; i++)
		if (!is_in(&of_node->over, of_lab->replace.list[i]))
			failed = replace(brought, of_lab->replace.list[i], err);
	for (size_t i = 0; i < of_node->replace.count && !failed; i++)
		failed = replace(brought, of_node->replace.list[i], err);
	return failed;
}

static int lay_folder(const struct tree_entry *entry, const char *path)
{
	struct stat st;

	if (stat(path, &st) == 0 && S_ISDIR(st.st_mode))
		return 0;
	if (unlink(path) < 0 && errno != ENOENT)
		return -errno;
	if (mkdir(path, 0700) < 0 || lchown(path, entry->uid, entry->gid) < 0 ||
	    chmod(path, entry->mode | 0755) < 0)
		return -errno;
	return 0;
}

static int lay_link(const struct tree_entry *entry, const char *path)
{
	if (unlink(path) < 0 && errno != ENOENT)
		return -errno;
	if (symlink(entry->link, path) < 0 || lchown(path, entry->uid, entry->gid) < 0)
		return -errno;
	return 0;
}

/* Returns 1 where the file could not be read: that is of the folder's, not of the node's. */
static int lay_file(const struct source *source, const struct tree_entry *entry, const char *path)
{
	AUTO_CLOSE int from =
		openat(source->folder, entry->path, O_RDONLY | O_NOFOLLOW | O_CLOEXEC);
	AUTO_CLOSE int to = -1;
	int failed;

	if (from < 0)
		return 1;
	if (unlink(path) < 0 && errno != ENOENT)
		return -errno;
	to = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	if (to < 0)
		return -errno;
	failed = tree_copy(from, to);
	if (!failed && (fchown(to, entry->uid, entry->gid) < 0 ||
			fchmod(to, (entry->mode & 07777) | S_IRUSR) < 0))
		failed = -errno;
	return failed;
}

static int lay_entry(const struct source *source, const struct tree_entry *entry, struct error *err)
{
	const char *slash = strrchr(entry->path, '/'), *name = slash ? slash + 1 : entry->path;
	char path[PATH_MAX];
	int failed;

	place_of(entry, path);
	if (!strcmp(name, TREE_PLACEHOLDER))
		return 0;
	if (S_ISDIR(entry->mode))
		failed = lay_folder(entry, path);
	else if (S_ISLNK(entry->mode))
		failed = lay_link(entry, path);
	else if (S_ISREG(entry->mode))
		failed = lay_file(source, entry, path);
	else
		return 0; /* a socket or the like: check has told */
	if (failed > 0)
		return error_set(err, errno, "cannot read %s/%s", source->path, entry->path);
	return failed ? error_set(err, -failed, "cannot lay %s/%s over %s", source->path,
				  entry->path, path)
		      : 0;
}

int brought_lay(struct brought *brought, struct error *err)
{
	int failed = 0;

	for (size_t i = 0; i < brought->count; i++)
		for (size_t k = 0; k < brought->sources[i].tree.count; k++)
			find_owner(brought->build, &brought->sources[i].tree.entries[k]);
	if (brought->count)
		failed = replace_all(brought, err);
	for (size_t i = 0; i < brought->count && !failed; i++) {
		const struct source *source = &brought->sources[i];

		for (size_t k = 0; k < source->tree.count && !failed; k++)
			failed = lay_entry(source, &source->tree.entries[k], err);
		close(source->folder);
	}
	return failed;
}
