// SPDX-License-Identifier: MIT
// Control groups, of version 2: made where the caller may, with limits, entered, removed.
#include "kernel/cgroup.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <limits.h>
#include <mntent.h>
#include <sched.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/error.h"
#include "base/file.h"
#include "kernel/refusal.h"
#include "topology/model.h"

#define PERIOD	   100000 /* microseconds, in which processor time is counted: the kernel's default */
#define DEPTH_MOST 16	  /* of groups that a node has made within its own */

static const char *const controllers[] = {"memory", "cpu", "pids"};
#define CONTROLLERS (sizeof(controllers) / sizeof(*controllers))

static bool is_limited(const struct limits *limits, size_t controller)
{
	const bool limited[CONTROLLERS] = {limits->memory > 0, limits->cpus > 0, limits->pids > 0};

	return limited[controller];
}

/* Where the hierarchy is mounted. */
static bool find_mount(char path[CGROUP_PATH_SIZE])
{
	FILE *mounts = setmntent("/proc/self/mounts", "re");
	struct mntent *mount;
	bool found = false;

	while (mounts && !found && (mount = getmntent(mounts)))
		if (!strcmp(mount->mnt_type, "cgroup2")) {
			snprintf(path, CGROUP_PATH_SIZE, "%s", mount->mnt_dir);
			found = true;
		}
	if (mounts)
		endmntent(mounts);
	return found;
}

/* The group that the caller is in, as the line "0::PATH" has it. */
static void find_own(char path[CGROUP_PATH_SIZE])
{
	AUTO_FCLOSE FILE *file = fopen("/proc/self/cgroup", "re");
	char line[CGROUP_PATH_SIZE];

	path[0] = '\0'; /* the root */
	while (file && fgets(line, sizeof(line), file))
		if (!strncmp(line, "0::/", 4)) {
			line[strcspn(line, "\n")] = '\0';
			snprintf(path, CGROUP_PATH_SIZE, "%s",
				 strcmp(line + 3, "/") != 0 ? line + 3 : "");
		}
}

/* Returns 0 or -errno. */
static int write_file(const char *folder, const char *name, const char *text)
{
	AUTO_CLOSE int fd = -1;
	char path[CGROUP_PATH_SIZE + 300];

	snprintf(path, sizeof(path), "%s/%s", folder, name);
	fd = open(path, O_WRONLY | O_CLOEXEC);
	return fd < 0 ? -errno : write_all(fd, text, strlen(text));
}

/* Is the word among those of the file? */
static bool has_word(const char *folder, const char *name, const char *word)
{
	AUTO_FCLOSE FILE *file = NULL;
	char path[CGROUP_PATH_SIZE + 300], found[64];

	snprintf(path, sizeof(path), "%s/%s", folder, name);
	file = fopen(path, "re");
	while (file && fscanf(file, "%63s", found) == 1)
		if (!strcmp(found, word))
			return true;
	return false;
}

/* Let groups in this one have such limits. */
static int enable(const char *group, const struct limits *kinds, struct error *err)
{
	char order[32];

	for (size_t i = 0; i < CONTROLLERS; i++) {
		int failed;

		if (!is_limited(kinds, i) ||
		    has_word(group, "cgroup.subtree_control", controllers[i]))
			continue;
		if (!has_word(group, "cgroup.controllers", controllers[i]))
			return error_set(err, 0,
					 "the controller \"%s\" is not to be had in %s (a machine "
					 "that has it in control groups of version 1 needs "
					 "systemd.unified_cgroup_hierarchy=1; a user's session "
					 "needs Delegate=yes)",
					 controllers[i], group);
		snprintf(order, sizeof(order), "+%s", controllers[i]);
		failed = write_file(group, "cgroup.subtree_control", order);
		if (failed)
			return error_set(err, -failed,
					 "the controller \"%s\" cannot be had for groups in %s",
					 controllers[i], group);
	}
	return 0;
}

/* Can groups with such limits be made in that one? */
static int suits(const char *group, const struct limits *kinds, struct error *err)
{
	if (access(group, W_OK) < 0)
		return error_set(err, errno,
				 "the control group %s is not this user's (systemd-run --user "
				 "--scope -p Delegate=yes gives one)",
				 group);
	return enable(group, kinds, err);
}

int cgroup_find(const struct limits *kinds, char path[CGROUP_PATH_SIZE], struct error *err)
{
	char top[CGROUP_PATH_SIZE], own[CGROUP_PATH_SIZE];
	struct error later, *first = err;

	if (!find_mount(top))
		return error_set(err, 0, "no control groups of version 2 are mounted here");
	find_own(own);
	if (geteuid() == 0)
		own[0] = '\0';
	/* A group with processes in it cannot have limited ones: then one around it may. */
	for (;;) {
		if (snprintf(path, CGROUP_PATH_SIZE, "%s%s", top, own) >= CGROUP_PATH_SIZE)
			return error_set(err, ENAMETOOLONG, "cannot find a control group");
		if (suits(path, kinds, first) == 0)
			return 0;
		first = &later;
		if (!own[0])
			return err->number ? -err->number : -1;
		*strrchr(own, '/') = '\0';
	}
}

/* Of this group alone. */
static long room_in(const char *group)
{
	char path[CGROUP_PATH_SIZE + 16];
	long most, now;

	snprintf(path, sizeof(path), "%s/pids.max", group);
	most = read_number(path, -1); /* or "max" */
	snprintf(path, sizeof(path), "%s/pids.current", group);
	now = read_number(path, 0);
	return most < 0 ? -1 : most > now ? most - now : 0;
}

long cgroup_room(char path[CGROUP_PATH_SIZE])
{
	char top[CGROUP_PATH_SIZE], own[CGROUP_PATH_SIZE], group[CGROUP_PATH_SIZE];
	long least = -1;

	if (!find_mount(top))
		return -1;
	for (find_own(own); own[0]; *strrchr(own, '/') = '\0') {
		long room;

		if (snprintf(group, sizeof(group), "%s%s", top, own) >= (int)sizeof(group))
			return -1;
		room = room_in(group);
		if (room >= 0 && (least < 0 || room < least)) {
			least = room;
			memcpy(path, group, sizeof(group));
		}
	}
	return least;
}

int cgroup_make(const char *path, const struct limits *kinds, struct error *err)
{
	cgroup_remove(path); /* of an earlier process of the same number */
	if (mkdir(path, 0700) < 0)
		return error_set(err, errno, "cannot make the control group %s", path);
	return enable(path, kinds, err);
}

static int write_limit(const char *group, const char *file, const char *text, struct error *err)
{
	int failed = write_file(group, file, text);

	return failed ? error_set(err, -failed, "cannot set %s to %s", file, text) : 0;
}

int cgroup_add(const char *parent, const char *name, const struct limits *limits, struct error *err)
{
	char path[CGROUP_PATH_SIZE + 70], text[64];
	int failed = 0;

	snprintf(path, sizeof(path), "%s/%.63s", parent, name);
	if (mkdir(path, 0700) < 0)
		return error_set(err, errno, "cannot make the control group %s", path);
	if (limits->memory) {
		snprintf(text, sizeof(text), "%" PRIu64, limits->memory);
		failed = write_limit(path, "memory.max", text, err);
	}
	if (limits->cpus && !failed) {
		snprintf(text, sizeof(text), "%" PRIu64 " %d",
			 (uint64_t)limits->cpus * PERIOD / 1000, PERIOD);
		failed = write_limit(path, "cpu.max", text, err);
	}
	if (limits->pids && !failed) {
		snprintf(text, sizeof(text), "%u", limits->pids);
		failed = write_limit(path, "pids.max", text, err);
	}
	return failed;
}

int cgroup_enter(const char *parent, const char *name, bool isolate)
{
	int failed;

	char path[CGROUP_PATH_SIZE + 70];

	snprintf(path, sizeof(path), "%s/%.63s", parent, name);
	failed = write_file(path, "cgroup.procs", "0");
	if (!failed && isolate && unshare(CLONE_NEWCGROUP) < 0)
		failed = -errno;
	return failed;
}

/* Folders alone: what else is there is the kernel's, and goes with them. */
static int remove_tree(const char *path, int depth)
{
	DIR *listing = depth ? opendir(path) : NULL;
	struct dirent *entry;
	char inner[2 * CGROUP_PATH_SIZE];

	while (listing && (entry = readdir(listing)))
		if (entry->d_type == DT_DIR && strcmp(entry->d_name, ".") != 0 &&
		    strcmp(entry->d_name, "..") != 0 &&
		    snprintf(inner, sizeof(inner), "%s/%s", path, entry->d_name) <
			    (int)sizeof(inner))
			remove_tree(inner, depth - 1);
	if (listing)
		closedir(listing);
	return rmdir(path) < 0 && errno != ENOENT ? -errno : 0;
}

int cgroup_remove(const char *path)
{
	return remove_tree(path, DEPTH_MOST);
}
