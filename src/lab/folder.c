// SPDX-License-Identifier: MIT
// The run folder: where labs keep what is on disk, one folder a lab.
#include "lab/folder.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>

#include "base/arena.h"
#include "base/cleanup.h"
#include "base/error.h"
#include "base/file.h"
#include "lab/group.h"

/*
 * The bit marks a run folder that nslab has made, and so removes; one that was there before stays.
 * It is set in the instant in which the folder is made, and has no effect where nobody else may
 * write.
 */
#define MODE_OF_OURS (S_ISVTX | 0700)

static bool is_own_folder(const char *path)
{
	struct stat st;

	return stat(path, &st) == 0 && S_ISDIR(st.st_mode) && st.st_uid == geteuid();
}

/* Nodes and later commands may stand elsewhere. */
static const char *absolute(const char *path, struct arena *arena)
{
	AUTO_FREE char *here = *path == '/' ? NULL : getcwd(NULL, 0);

	return here ? arena_printf(arena, "%s/%s", here, path) : arena_strdup(arena, path);
}

const char *run_folder(struct arena *arena)
{
	const char *chosen = getenv("NSLAB_RUNDIR"), *session = getenv("XDG_RUNTIME_DIR");

	if (chosen && *chosen)
		return absolute(chosen, arena);
	if (!session || *session != '/')
		session = arena_printf(arena, "/run/user/%lu", (unsigned long)geteuid());
	if (is_own_folder(session))
		return arena_printf(arena, "%s/nslab", session);
	if (geteuid() == 0)
		return "/run/nslab";
	return arena_printf(arena, "/tmp/nslab-%lu", (unsigned long)geteuid());
}

/* In /tmp anybody may have made the folder first, to read along or to lead us astray. */
static int refuse_foreign(int fd, const char *path, struct error *err)
{
	struct stat st;

	if (fstat(fd, &st) < 0)
		return error_set(err, errno, "cannot use the run folder %s", path);
	if (st.st_uid != geteuid())
		return error_set(err, 0,
				 "cannot use the run folder %s: it is not yours (owner %lu); name "
				 "another in NSLAB_RUNDIR",
				 path, (unsigned long)st.st_uid);
	if (st.st_mode & (S_IWGRP | S_IWOTH))
		return error_set(
			err, 0,
			"cannot use the run folder %s: others may write to it; chmod 0700 it",
			path);
	return 0;
}

static int open_folder(const char *path, struct error *err)
{
	int fd = open(path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);

	if (fd < 0 && errno == ENOENT)
		return -ENOENT;
	if (fd < 0)
		return error_set(err, errno, "cannot open the run folder %s", path);
	return fd;
}

/* Is the folder behind the descriptor still the one of that path? */
static bool still_there(int fd, const char *path)
{
	struct stat ours, theirs;

	return fstat(fd, &ours) == 0 && stat(path, &theirs) == 0 && ours.st_dev == theirs.st_dev &&
	       ours.st_ino == theirs.st_ino;
}

static int lock_whole(int fd)
{
	int failed;

	do
		failed = flock(fd, LOCK_EX);
	while (failed < 0 && errno == EINTR);
	return failed < 0 ? -errno : 0;
}

/* Returns -ENOENT where the folder is not there, or was tidied away before it was locked. */
static int lock_once(const char *path, struct error *err)
{
	AUTO_CLOSE int fd = open_folder(path, err);
	int failed;

	if (fd < 0)
		return fd;
	failed = refuse_foreign(fd, path, err);
	if (failed)
		return failed;
	failed = lock_whole(fd);
	if (failed)
		return error_set(err, -failed, "cannot lock the run folder %s", path);
	return still_there(fd, path) ? take_fd(&fd) : -ENOENT;
}

int run_folder_lock(const char *path, bool create, struct error *err)
{
	int fd = -ENOENT;

	if (!create)
		return lock_once(path, err);
	/* Another nslab may tidy the folder away between the two calls, but not for ever. */
	for (int tries = 0; fd == -ENOENT && tries < 100; tries++) {
		if (mkdir(path, MODE_OF_OURS) < 0 && errno != EEXIST)
			return error_set(err, errno, "cannot make the run folder %s", path);
		fd = lock_once(path, err);
	}
	return fd == -ENOENT ? error_set(err, ENOENT, "cannot lock the run folder %s", path) : fd;
}

static bool is_dots(const char *name)
{
	return !strcmp(name, ".") || !strcmp(name, "..");
}

/* Files alone: what is a folder stays, and keeps the folder around it. */
static int remove_files(int folder)
{
	AUTO_CLOSE int fd = fcntl(folder, F_DUPFD_CLOEXEC, 0);
	DIR *listing = fd < 0 ? NULL : fdopendir(fd);
	struct dirent *entry;

	if (!listing)
		return -errno;
	(void)take_fd(&fd); /* the listing's now */
	while ((entry = readdir(listing)))
		if (!is_dots(entry->d_name))
			unlinkat(folder, entry->d_name, 0);
	closedir(listing);
	return 0;
}

static int remove_folder(int folder, const char *name)
{
	AUTO_CLOSE int inner =
		openat(folder, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	int failed;

	if (inner < 0)
		return errno == ENOENT ? 0 : -errno;
	failed = remove_files(inner);
	if (!failed && unlinkat(folder, name, AT_REMOVEDIR) < 0)
		failed = -errno;
	return failed;
}

static int remove_contents(int folder)
{
	static const char *const files[] = {
		FOLDER_TOPOLOGY, FILE_TEMPORARY(FOLDER_TOPOLOGY),
		FOLDER_HOSTS,	 FILE_TEMPORARY(FOLDER_HOSTS),
		FOLDER_RECORD,	 FILE_TEMPORARY(FOLDER_RECORD),
		FOLDER_GROUP,	 FILE_TEMPORARY(FOLDER_GROUP),
		FOLDER_SERVICES,
	};
	static const char *const folders[] = {FOLDER_LOG, FOLDER_CUT, FOLDER_ENV, FOLDER_FILES};
	int failed = group_remove(folder); /* first: the rest says where it is */

	for (size_t i = 0; !failed && i < sizeof(folders) / sizeof(*folders); i++)
		failed = remove_folder(folder, folders[i]);
	for (size_t i = 0; !failed && i < sizeof(files) / sizeof(*files); i++)
		if (unlinkat(folder, files[i], 0) < 0 && errno != ENOENT)
			failed = -errno;
	return failed;
}

static const char *partial_name(const char *name, char buffer[NAME_MAX + 1])
{
	snprintf(buffer, NAME_MAX + 1, FOLDER_PARTIAL "%s", name);
	return buffer;
}

int partial_folder_remove(int parent, const char *name)
{
	AUTO_CLOSE int folder = -1;
	char partial[NAME_MAX + 1];
	int failed;

	partial_name(name, partial);
	folder = openat(parent, partial, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	if (folder < 0)
		return -errno;
	failed = remove_contents(folder);
	if (!failed && unlinkat(parent, partial, AT_REMOVEDIR) < 0)
		failed = -errno;
	return failed;
}

int lab_folder_remove(int parent, const char *name)
{
	char partial[NAME_MAX + 1];

	/* Renamed first: should we be killed, what is left is known for what it is. */
	if (renameat(parent, name, parent, partial_name(name, partial)) < 0)
		return -errno;
	return partial_folder_remove(parent, name);
}

void run_folder_tidy(const char *path)
{
	struct stat st;

	if (lstat(path, &st) == 0 && st.st_mode & S_ISVTX)
		rmdir(path); /* refuses by itself what is not empty */
}
