// SPDX-License-Identifier: MIT
// The control group of a lab that has limits, with one in it for each node that has any.
#include "lab/group.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/error.h"
#include "base/file.h"
#include "kernel/cgroup.h"
#include "lab/folder.h"
#include "topology/model.h"

/* Which kinds of limits there are at all, and the first node that has any. */
static const struct node *kinds_of(const struct topology *topology, struct limits *kinds)
{
	const struct node *first = NULL;

	for (size_t i = 0; i < topology->node_count; i++) {
		const struct limits *limits = &topology->nodes[i].limits;

		kinds->memory |= limits->memory;
		kinds->cpus |= limits->cpus;
		kinds->pids |= limits->pids;
		if (!first && limits_given(limits))
			first = &topology->nodes[i];
	}
	return first;
}

static int make_all(int folder, const struct topology *topology, const struct limits *kinds,
		    struct error *err)
{
	char path[CGROUP_PATH_SIZE];
	size_t used;
	int failed = cgroup_find(kinds, path, err);

	if (failed)
		return failed;
	used = strlen(path);
	if (snprintf(path + used, sizeof(path) - used, "/nslab.%s.%ld", topology->name,
		     (long)getpid()) >= (int)(sizeof(path) - used))
		return error_set(err, ENAMETOOLONG, "cannot name a control group");
	failed = file_replace(folder, FOLDER_GROUP, path, strlen(path), err);
	if (!failed)
		failed = cgroup_make(path, kinds, err);
	for (size_t i = 0; i < topology->node_count && !failed; i++)
		if (limits_given(&topology->nodes[i].limits))
			failed = cgroup_add(path, topology->nodes[i].name,
					    &topology->nodes[i].limits, err);
	return failed;
}

int group_make(int folder, const struct topology *topology, struct error *err)
{
	struct limits kinds = {0};
	const struct node *first = kinds_of(topology, &kinds);
	int failed = first ? make_all(folder, topology, &kinds, err) : 0;

	if (failed)
		error_prefix(err, "%s:%d: node %s cannot be limited: ", first->limits.place.file,
			     first->limits.place.line, first->name);
	return failed;
}

/* False: there is none. */
static bool read_path(int folder, char path[CGROUP_PATH_SIZE])
{
	AUTO_CLOSE int fd = openat(folder, FOLDER_GROUP, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
	ssize_t n = fd < 0 ? -1 : read(fd, path, CGROUP_PATH_SIZE - 1);

	if (n <= 0)
		return false;
	path[n] = '\0';
	return *path == '/' && strstr(path, "/nslab.") != NULL;
}

int group_enter(int folder, const struct node *node, struct error *err)
{
	char path[CGROUP_PATH_SIZE];
	int failed = -ENOENT;

	if (!limits_given(&node->limits))
		return 0;
	if (read_path(folder, path))
		failed = cgroup_enter(path, node->name, node->isolate & ISOLATE_CGROUP);
	return failed ? error_set(err, -failed, "cannot enter its control group") : 0;
}

void group_join(const char *folder, const char *node)
{
	AUTO_CLOSE int fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	char path[CGROUP_PATH_SIZE];

	if (fd >= 0 && read_path(fd, path))
		(void)cgroup_enter(path, node, false);
}

int group_remove(int folder)
{
	char path[CGROUP_PATH_SIZE];

	return read_path(folder, path) ? cgroup_remove(path) : 0;
}
