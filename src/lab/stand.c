// SPDX-License-Identifier: MIT
// What a node does about its files, in order: open, mount, show again, lay what the lab brings.
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/error.h"
#include "kernel/namespace.h"
#include "kernel/root.h"
#include "lab/build.h"
#include "lab/brought.h"
#include "lab/files.h"
#include "lab/folder.h"
#include "lab/kept.h"
#include "lab/private.h"

static int mount_all(const struct build *build, const struct node *node,
		     const struct private_files *files, struct error *err)
{
	struct kept_open kept;
	int failed = kept_open(build, files, &kept, err);

	if (!failed)
		failed = private_mount(build, node, files, err);
	for (size_t i = 0; i < files->count; i++)
		if (files->extras[i].folder >= 0)
			close(files->extras[i].folder);
	return failed ? failed : kept_mount(build, &kept, err);
}

/* New folders of / cannot be made in that of the machine. */
static int take_root(struct brought *brought, struct error *err)
{
	static const char folder[] = FILES_OF_NODE "/root";
	int failed = mkdir(folder, 0755) < 0 ? -errno : 0;

	if (!failed)
		failed = root_replace(folder, brought_in_root, brought);
	return failed ? error_set(err, -failed, "cannot make a / of its own") : 0;
}

static int mount_and_lay(const struct build *build, const struct node *node, struct error *err)
{
	AUTO_ARENA struct arena *arena = arena_new();
	struct private_files files = {0};
	struct brought brought = {.build = build, .node = node, .arena = arena};
	int failed = brought_open(&brought, &files, err);

	if (!failed)
		failed = mount_all(build, node, &files, err);
	/*
	 * Behind what hides it the machine's /sys would stay behind, and an ordinary user may mount
	 * one only where there is one already.
	 */
	if (!failed && brought.root)
		failed = mount_sys_late(err);
	if (!failed && brought.root)
		failed = take_root(&brought, err);
	return failed ? failed : brought_lay(&brought, err);
}

/* Most nodes bring nothing, and an arena is more memory than all else that they have. */
static bool brings(const struct build *build, const struct node *node)
{
	return build->plan->topology->files.folder || node->files.folder || node->privates.count;
}

int files_mount(const struct build *build, const struct node *node, struct error *err)
{
	const struct private_files none = {0};
	char files[PATH_MAX];
	mode_t mask = umask(022);
	int failed;

	snprintf(files, sizeof(files), "%s/" FOLDER_FILES, build->folder_path);
	if (chdir(files) < 0)
		return error_set(err, errno, "cannot enter %s", files);
	failed = brings(build, node) ? mount_and_lay(build, node, err)
				     : mount_all(build, node, &none, err);
	if (!failed && chdir("/") < 0)
		return error_set(err, errno, "cannot leave %s", files);
	umask(mask);
	return failed;
}
