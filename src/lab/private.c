// SPDX-License-Identifier: MIT
// A node's own /etc, /var and /run: in memory of its own, over the lab's layers and the machine's.
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
#include "base/file.h"
#include "kernel/overlay.h"
#include "lab/build.h"
#include "lab/files.h"
#include "lab/folder.h"
#include "lab/private.h"

/* Those that every node has; each has folders of its name in the node's memory. */
static const struct standard {
	const char *path, *name;
	enum layer layer;
	const char *lowers[3];		/* to be tried in turn: a kernel may refuse the first */
	const char *lowers_of_users[3]; /* where files of the machine are foreign */
} standards[] = {
	{"/etc", "etc", LAYER_ETC, {"etc:/etc"}, {"etc"}},
	/* A user namespace may not uncover what is below mounts: then without the machine's. */
	{"/var",
	 "var",
	 LAYER_VAR,
	 {"var:var.hidden:/var"},
	 {"var:var.hidden:/var", "var:var.hidden"}},
	/*
	 * On a tmpfs without user attributes, as before Linux 6.6, an overlay of a user namespace
	 * cannot remove a folder of its lower layers (EIO). Daemons do that here: so it has none.
	 */
	{"/run", "run", LAYER_RUN, {"run"}, {NULL}},
};
#define STANDARDS (sizeof(standards) / sizeof(*standards))

bool path_is_below(const char *path, const char *folder)
{
	size_t length = strlen(folder);

	return !strncmp(path, folder, length) && path[length] == '/';
}

bool path_is_private(const struct private_files *files, const char *path)
{
	for (size_t i = 0; i < STANDARDS; i++)
		if (!strcmp(path, standards[i].path) || path_is_below(path, standards[i].path))
			return true;
	for (size_t i = 0; i < files->count; i++)
		if (!strcmp(path, files->extras[i].path) ||
		    path_is_below(path, files->extras[i].path))
			return true;
	return false;
}

static const char *upper_of(const char *name, char path[64])
{
	snprintf(path, 64, FILES_OF_NODE "/%s", name);
	return path;
}

static const char *work_of(const char *name, char path[64])
{
	snprintf(path, 64, FILES_OF_NODE "/%s.work", name);
	return path;
}

static int make_folders(const char *name, mode_t mode)
{
	char path[64];

	if (mkdir(upper_of(name, path), mode) < 0)
		return -errno;
	if (mode & ~(mode_t)0755 && chmod(path, mode) < 0) /* those are not for mkdir(2) alone */
		return -errno;
	return mkdir(work_of(name, path), 0700) < 0 ? -errno : 0;
}

static int overlay(const struct build *build, const char *path, const char *name, const char *lower)
{
	char upper[64], work[64];

	return mount_overlay(path, lower, upper_of(name, upper), work_of(name, work),
			     build->foreign);
}

static int bind_upper(const char *path, const char *name)
{
	char upper[64];
	AUTO_CLOSE int folder = open(upper_of(name, upper), O_PATH | O_DIRECTORY | O_CLOEXEC);

	return folder < 0 ? -errno : mount_bind(folder, path);
}

/* Without overlays: a copy of what the layers have, and of all of /etc. */
static int copy(const struct build *build, const struct standard *standard, struct error *err)
{
	AUTO_ARENA struct arena *arena = arena_new();
	struct build copied = *build;
	char upper[64];
	AUTO_CLOSE int folder =
		open(upper_of(standard->name, upper), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	int failed;

	if (folder < 0)
		return error_set(err, errno, "cannot open its own %s", standard->path);
	if (!build->foreign && standard->layer != LAYER_RUN) /* else the survey has all of it */
		copied.survey = files_survey(true, build->work, arena);
	failed = files_lay_layer(&copied, standard->layer, folder, err);
	if (failed)
		return failed;
	failed = mount_bind(folder, standard->path);
	return failed ? error_set(err, -failed, "cannot mount its own %s", standard->path) : 0;
}

/* Is that how a kernel refuses an overlay that it has not got, or not here? */
static bool is_refused(int failed)
{
	return failed == -EINVAL || failed == -ENODEV || failed == -EPERM;
}

static int mount_standard(const struct build *build, const struct standard *standard,
			  struct error *err)
{
	const char *const *lowers = build->foreign ? standard->lowers_of_users : standard->lowers;
	int failed = make_folders(standard->name, 0755);

	if (failed)
		return error_set(err, -failed, "cannot make a folder for its own %s",
				 standard->path);
	failed = -EINVAL;
	for (int i = 0; lowers[i] && is_refused(failed); i++)
		failed = overlay(build, standard->path, standard->name, lowers[i]);
	if (is_refused(failed))
		return copy(build, standard, err);
	return failed ? error_set(err, -failed, "cannot mount its own %s", standard->path) : 0;
}

/*
 * One that the file names, or that a tree of files is laid over. A folder that this user cannot
 * read is empty here.
 */
static int mount_extra(const struct build *build, const struct extra *extra, size_t number,
		       struct error *err)
{
	char name[24], lower[40];
	struct stat st;
	int failed;

	snprintf(name, sizeof(name), "%zu", number);
	snprintf(lower, sizeof(lower), "/proc/self/fd/%d", extra->folder);
	if (fstat(extra->folder, &st) < 0)
		return error_set(err, errno, "cannot look at %s", extra->path);
	failed = make_folders(name, extra->closed ? 0755 : st.st_mode & 07777);
	if (!failed)
		failed = extra->closed ? bind_upper(extra->path, name)
				       : overlay(build, extra->path, name, lower);
	if (is_refused(failed))
		return error_set(err, -failed,
				 "cannot make %s private: this kernel, or what is mounted there, "
				 "does not allow an overlay",
				 extra->path);
	return failed ? error_set(err, -failed, "cannot make %s private", extra->path) : 0;
}

static int mount_extras(const struct build *build, const struct private_files *files,
			struct error *err)
{
	for (size_t i = 0; i < files->count; i++) {
		int failed = mount_extra(build, &files->extras[i], i, err);

		if (failed)
			return failed;
	}
	return 0;
}

static int append(const char *path, const char *text)
{
	AUTO_CLOSE int fd = open(path, O_WRONLY | O_APPEND | O_CLOEXEC);

	return fd < 0 ? -errno : write_all(fd, text, strlen(text));
}

static int write_names(const struct build *build, const struct node *node, struct error *err)
{
	const char *resolver = build->plan->resolvers[node->number - 1];
	const char *own = build->plan->own_hosts[node->number - 1];
	char name[NAME_MAX + 1];
	int failed;

	snprintf(name, sizeof(name), "%s\n", node->name);
	failed = files_write(AT_FDCWD, "/etc/hostname", name);
	if (failed)
		return error_set(err, -failed, "cannot write its /etc/hostname");
	failed = own ? append("/etc/hosts", own) : 0;
	if (failed)
		return error_set(err, -failed, "cannot write its /etc/hosts");
	failed = resolver ? files_write(AT_FDCWD, "/etc/resolv.conf", resolver) : 0;
	return failed ? error_set(err, -failed, "cannot write its /etc/resolv.conf") : 0;
}

int private_mount(const struct build *build, const struct node *node,
		  const struct private_files *files, struct error *err)
{
	int failed = mount_memory(FILES_OF_NODE, node->disk ? node->disk : DISK_DEFAULT);

	if (failed)
		return error_set(err, -failed, "cannot mount memory for its files");
	for (size_t i = 0; i < STANDARDS; i++) {
		failed = mount_standard(build, &standards[i], err);
		if (failed)
			return failed;
	}
	failed = mount_extras(build, files, err);
	return failed ? failed : write_names(build, node, err);
}
