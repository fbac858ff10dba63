// SPDX-License-Identifier: MIT
// What stays the machine's in a node though it lies below a private path.
#include "lab/kept.h"

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
#include "kernel/overlay.h"
#include "lab/build.h"
#include "lab/files.h"
#include "lab/private.h"

static void keep(struct kept *kept, const char *path, struct arena *arena)
{
	char real[PATH_MAX];

	if (!path || *path != '/' || !realpath(path, real) || !real[1])
		return;
	for (size_t i = 0; i < kept->count; i++)
		if (!strcmp(real, kept->folders[i]))
			return;
	if (kept->count < KEPT_MOST)
		kept->folders[kept->count++] = arena_strdup(arena, real);
}

static const char *session_of_user(struct arena *arena)
{
	const char *path = getenv("XDG_RUNTIME_DIR");
	struct stat st;

	if (!path || !path_is_below(path, "/run"))
		path = arena_printf(arena, "/run/user/%lu", (unsigned long)geteuid());
	if (stat(path, &st) < 0 || !S_ISDIR(st.st_mode) || st.st_uid != geteuid())
		return NULL;
	return arena_strdup(arena, path); /* the environment moves: process_title() */
}

void kept_find(struct kept *kept, const char *work, struct arena *arena)
{
	char here[PATH_MAX];

	keep(kept, "/home", arena);
	keep(kept, "/root", arena);
	keep(kept, "/tmp", arena);
	keep(kept, getenv("HOME"), arena);
	keep(kept, work, arena);
	if (getcwd(here, sizeof(here)) && path_is_below(here, "/var/tmp"))
		keep(kept, here, arena);
	kept->session = session_of_user(arena);
}

static int open_folder(const char *path)
{
	return open(path, O_PATH | O_DIRECTORY | O_CLOEXEC);
}

/* Below a private path, which is not the folder itself: that was asked for. */
static bool is_hidden(const struct private_files *files, const char *path)
{
	char above[PATH_MAX];

	snprintf(above, sizeof(above), "%s", path);
	*strrchr(above, '/') = '\0';
	return *above && path_is_private(files, above);
}

int kept_open(const struct build *build, const struct private_files *files,
	      struct kept_open *opened, struct error *err)
{
	const struct kept *kept = &build->survey->kept;

	opened->session = kept->session ? open_folder(kept->session) : -1;
	for (size_t i = 0; i < kept->count; i++) {
		opened->folders[i] = -1;
		if (!is_hidden(files, kept->folders[i]))
			continue;
		opened->folders[i] = open_folder(kept->folders[i]);
		if (opened->folders[i] < 0 && errno != EACCES && errno != ENOENT)
			return error_set(err, errno, "cannot open %s", kept->folders[i]);
	}
	return 0;
}

/* mkdir -p */
static int make_path(const char *path)
{
	char part[PATH_MAX];

	for (const char *slash = strchr(path + 1, '/');; slash = strchr(slash + 1, '/')) {
		size_t length = slash ? (size_t)(slash - path) : strlen(path);

		if (length >= sizeof(part))
			return -ENAMETOOLONG;
		memcpy(part, path, length);
		part[length] = '\0';
		if (mkdir(part, 0755) < 0 && errno != EEXIST)
			return -errno;
		if (!slash)
			return 0;
	}
}

static int show(int folder, const char *path, struct error *err)
{
	int failed = make_path(path);

	if (!failed)
		failed = mount_bind(folder, path);
	close(folder);
	return failed ? error_set(err, -failed, "cannot show %s below a private folder", path) : 0;
}

static int show_session(const struct build *build, int folder, struct error *err)
{
	const char *path = build->survey->kept.session;
	char lower[40];
	int failed = make_path(path);

	if (!failed && (mkdir(FILES_OF_NODE "/session", 0700) < 0 ||
			mkdir(FILES_OF_NODE "/session.work", 0700) < 0))
		failed = -errno;
	snprintf(lower, sizeof(lower), "/proc/self/fd/%d", folder);
	if (!failed)
		failed = mount_overlay(path, lower, FILES_OF_NODE "/session",
				       FILES_OF_NODE "/session.work", build->foreign);
	if (failed == -EINVAL || failed == -ENODEV || failed == -EPERM) {
		failed = mount_bind(folder, path);
		if (!failed)
			failed = mount_freeze(path);
	}
	close(folder);
	return failed ? error_set(err, -failed, "cannot show %s", path) : 0;
}

/* `nslab` in a node would sweep away all labs, as no process of theirs is to be seen there. */
static int cover_labs(const struct build *build, struct error *err)
{
	AUTO_CLOSE int empty = -1;
	char run[PATH_MAX];
	int failed;

	snprintf(run, sizeof(run), "%s", build->folder_path);
	*strrchr(run, '/') = '\0';
	if (access(run, F_OK) < 0)
		return 0;
	if (mkdir(FILES_OF_NODE "/labs", 0700) < 0)
		return error_set(err, errno, "cannot make a run folder of its own");
	empty = open_folder(FILES_OF_NODE "/labs");
	if (empty < 0)
		return error_set(err, errno, "cannot open a run folder of its own");
	failed = mount_bind(empty, run);
	return failed ? error_set(err, -failed, "cannot cover the run folder %s", run) : 0;
}

int kept_mount(const struct build *build, const struct kept_open *opened, struct error *err)
{
	const struct kept *kept = &build->survey->kept;
	int failed = 0;

	if (opened->session >= 0)
		failed = show_session(build, opened->session, err);
	for (size_t i = 0; i < kept->count && !failed; i++)
		if (opened->folders[i] >= 0)
			failed = show(opened->folders[i], kept->folders[i], err);
	return failed ? failed : cover_labs(build, err);
}
