// SPDX-License-Identifier: MIT
// The run folder: where labs keep what is on disk, one folder a lab.
#include "lab/folder.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>

#include "base/arena.h"
#include "base/cleanup.h"
#include "base/error.h"

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

static int make_with_parents(const char *path)
{
	char partial[4096];

	if (strlen(path) >= sizeof(partial))
		return -ENAMETOOLONG;
	for (size_t i = 1; path[i]; i++) {
		if (path[i] != '/')
			continue;
		memcpy(partial, path, i);
		partial[i] = '\0';
		if (mkdir(partial, 0755) < 0 && errno != EEXIST)
			return -errno;
	}
	return mkdir(path, 0700) < 0 && errno != EEXIST ? -errno : 0;
}

static int open_once(const char *path, bool create, struct error *err)
{
	int failed = create ? make_with_parents(path) : 0;
	int fd;

	if (failed)
		return error_set(err, -failed, "cannot make the run folder %s", path);
	fd = open(path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
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

int run_folder_lock(const char *path, bool create, struct error *err)
{
	for (;;) {
		AUTO_CLOSE int fd = open_once(path, create, err);
		int failed;

		if (fd == -ENOENT && create)
			continue; /* tidied away between the two calls */
		if (fd < 0)
			return fd;
		failed = refuse_foreign(fd, path, err);
		if (failed)
			return failed;
		failed = lock_whole(fd);
		if (failed)
			return error_set(err, -failed, "cannot lock the run folder %s", path);
		if (still_there(fd, path))
			return take_fd(&fd);
		if (!create)
			return -ENOENT;
	}
}

int folder_remove(int parent, const char *name)
{
	int fd = openat(parent, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	DIR *folder = fd < 0 ? NULL : fdopendir(fd);
	int failed = 0;
	struct dirent *entry;

	if (!folder) {
		failed = errno;
		if (fd >= 0)
			close(fd);
		return -failed;
	}
	while ((entry = readdir(folder))) {
		if (!strcmp(entry->d_name, ".") || !strcmp(entry->d_name, ".."))
			continue;
		if (unlinkat(fd, entry->d_name, 0) == 0)
			continue;
		if (errno == EISDIR)
			failed = folder_remove(fd, entry->d_name);
		else
			failed = -errno;
		if (failed)
			break;
	}
	closedir(folder);
	if (!failed && unlinkat(parent, name, AT_REMOVEDIR) < 0)
		failed = -errno;
	return failed;
}

void run_folder_tidy(const char *path)
{
	rmdir(path); /* refuses by itself what is not empty */
}
