// SPDX-License-Identifier: MIT
// What a node does about its files, in order: open, mount, show again, lay what the lab brings.
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/error.h"
#include "lab/build.h"
#include "lab/brought.h"
#include "lab/files.h"
#include "lab/folder.h"
#include "lab/kept.h"
#include "lab/private.h"

static int mount_all(const struct build *build, const struct node *node, struct arena *arena,
		     struct error *err)
{
	struct private_files files = {0};
	struct brought brought = {.build = build, .node = node, .arena = arena};
	struct kept_open kept;
	int failed = brought_open(&brought, &files, err);

	if (!failed)
		failed = kept_open(build, &files, arena, &kept, err);
	if (!failed)
		failed = private_mount(build, node, &files, err);
	for (size_t i = 0; i < files.count; i++)
		if (files.extras[i].folder >= 0)
			close(files.extras[i].folder);
	if (!failed)
		failed = kept_mount(build, &kept, err);
	return failed ? failed : brought_lay(&brought, err);
}

int files_mount(const struct build *build, const struct node *node, struct error *err)
{
	AUTO_ARENA struct arena *arena = arena_new();
	char files[PATH_MAX];
	mode_t mask = umask(022);
	int failed;

	snprintf(files, sizeof(files), "%s/" FOLDER_FILES, build->folder_path);
	if (chdir(files) < 0)
		return error_set(err, errno, "cannot enter %s", files);
	failed = mount_all(build, node, arena, err);
	if (!failed && chdir("/") < 0)
		return error_set(err, errno, "cannot leave %s", files);
	umask(mask);
	return failed;
}
