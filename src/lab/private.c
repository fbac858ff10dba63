// SPDX-License-Identifier: MIT
// A node's own /etc, /var and /run: in memory of its own, over the lab's layers and the machine's.
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/error.h"
#include "base/file.h"
#include "kernel/overlay.h"
#include "lab/build.h"
#include "lab/files.h"
#include "lab/folder.h"

#define DISK_DEFAULT (512UL << 20) /* bytes that one node can write */

/* Each has a folder of its name in the node's memory, and another for the overlay to work in. */
struct private
{
	const char *path, *upper, *work;
	enum layer layer;
	const char *lowers[3]; /* to be tried in turn: a kernel may refuse the first */
	const char *lowers_of_users[3];
};

/* /run comes last: below it may lie the lab's folder, where the layers are. */
static const struct private privates[] = {
	{"/etc", "node/etc", "node/etc.work", LAYER_ETC, {"etc:/etc"}, {"etc"}},
	/* A user namespace may not uncover what is below mounts: then without the machine's. */
	{"/var",
	 "node/var",
	 "node/var.work",
	 LAYER_VAR,
	 {"var:var.hidden:/var"},
	 {"var:var.hidden:/var", "var"}},
	{"/run", "node/run", "node/run.work", LAYER_RUN, {"run"}, {"run"}},
};
#define PRIVATES (sizeof(privates) / sizeof(*privates))

/* Without overlays: a copy. */
static int copy(const struct build *build, const struct private *private, struct error *err)
{
	AUTO_CLOSE int folder = open(private->upper, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	int failed;

	if (folder < 0)
		return error_set(err, errno, "cannot open its own %s", private->path);
	failed = files_lay_layer(build, private->layer, folder, err);
	if (failed)
		return failed;
	failed = mount_bind(folder, private->path);
	return failed ? error_set(err, -failed, "cannot mount its own %s", private->path) : 0;
}

/* Is that how a kernel refuses an overlay that it has not got, or not here? */
static bool is_refused(int failed)
{
	return failed == -EINVAL || failed == -ENODEV || failed == -EPERM;
}

static int lay_over(const struct build *build, const struct private *private, struct error *err)
{
	const char *const *lowers = build->users ? private->lowers_of_users : private->lowers;
	int failed = -EINVAL;

	if (mkdir(private->upper, 0755) < 0 || mkdir(private->work, 0700) < 0)
		return error_set(err, errno, "cannot make a folder for its own %s", private->path);
	for (int i = 0; lowers[i] && is_refused(failed); i++)
		failed = mount_overlay(private->path, lowers[i], private->upper, private->work,
				       build->users);
	if (is_refused(failed))
		return copy(build, private, err);
	return failed ? error_set(err, -failed, "cannot mount its own %s", private->path) : 0;
}

static int mount_all(const struct build *build, struct error *err)
{
	int failed = mount_memory(FILES_OF_NODE, DISK_DEFAULT);

	if (failed)
		return error_set(err, -failed, "cannot mount memory for its files");
	for (size_t i = 0; i < PRIVATES; i++) {
		failed = lay_over(build, &privates[i], err);
		if (failed)
			return failed;
	}
	return 0;
}

static int write_hostname(const struct node *node, struct error *err)
{
	AUTO_CLOSE int fd =
		open("/etc/hostname", O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0644);

	if (fd < 0 || dprintf(fd, "%s\n", node->name) < 0)
		return error_set(err, errno, "cannot write its /etc/hostname");
	return 0;
}

int files_mount(const struct build *build, const struct node *node, struct error *err)
{
	char files[PATH_MAX];
	int failed;

	snprintf(files, sizeof(files), "%s/" FOLDER_FILES, build->folder_path);
	if (chdir(files) < 0)
		return error_set(err, errno, "cannot enter %s", files);
	failed = mount_all(build, err);
	if (!failed)
		failed = write_hostname(node, err);
	if (!failed && chdir("/") < 0)
		return error_set(err, errno, "cannot leave %s", files);
	return failed;
}
