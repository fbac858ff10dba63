// SPDX-License-Identifier: MIT
// User and group ids of a lab of an ordinary user: what its user namespace maps.
#include "kernel/users.h"

#include <errno.h>
#include <fcntl.h>
#include <pwd.h>
#include <spawn.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>

#include "base/cleanup.h"
#include "base/error.h"
#include "base/file.h"

struct range {
	unsigned long first, count;
};

/* The user's first range in a file such as /etc/subuid: lines "name-or-uid:first:count". */
static bool find_range(const char *path, struct range *range)
{
	AUTO_FCLOSE FILE *file = fopen(path, "re");
	const struct passwd *entry = getpwuid(getuid());
	AUTO_FREE char *line = NULL;
	char number[24];
	size_t size = 0;

	if (!file)
		return false;
	snprintf(number, sizeof(number), "%lu", (unsigned long)getuid());
	while (getline(&line, &size, file) > 0) {
		char *colon = strchr(line, ':');

		if (!colon)
			continue;
		*colon = '\0';
		if (strcmp(line, number) != 0 && (!entry || strcmp(line, entry->pw_name) != 0))
			continue;
		if (sscanf(colon + 1, "%lu:%lu", &range->first, &range->count) == 2 && range->count)
			return true;
	}
	return false;
}

/* newuidmap CHILD 0 OWN 1 1 FIRST COUNT: the set-user-id helper that may map more than one id. */
static bool map_range(const char *helper, pid_t child, unsigned long own, const char *file)
{
	char texts[4][24];
	struct range range;
	const char *argv[] = {helper, texts[0], "0", texts[1], "1", "1", texts[2], texts[3], NULL};
	posix_spawn_file_actions_t quiet;
	pid_t pid;
	int status = -1;

	if (!find_range(file, &range))
		return false;
	snprintf(texts[0], sizeof(texts[0]), "%ld", (long)child);
	snprintf(texts[1], sizeof(texts[1]), "%lu", own);
	snprintf(texts[2], sizeof(texts[2]), "%lu", range.first);
	snprintf(texts[3], sizeof(texts[3]), "%lu", range.count);
	posix_spawn_file_actions_init(&quiet);
	posix_spawn_file_actions_addopen(&quiet, STDERR_FILENO, "/dev/null", O_WRONLY, 0);
	if (posix_spawnp(&pid, helper, &quiet, NULL, (char *const *)argv, environ) != 0)
		pid = -1;
	posix_spawn_file_actions_destroy(&quiet);
	if (pid < 0)
		return false;
	while (waitpid(pid, &status, 0) < 0 && errno == EINTR)
		;
	return status == 0;
}

static int write_proc(pid_t child, const char *name, const char *text, struct error *err)
{
	AUTO_CLOSE int fd = -1;
	char path[64];
	int failed;

	snprintf(path, sizeof(path), "/proc/%ld/%s", (long)child, name);
	fd = open(path, O_WRONLY | O_CLOEXEC);
	failed = fd < 0 ? -errno : write_all(fd, text, strlen(text));
	if (failed)
		return error_set(err, -failed, "cannot map ids into the user namespace (%s)", name);
	return 0;
}

static int map_one(pid_t child, const char *map, unsigned long own, struct error *err)
{
	char text[48];

	snprintf(text, sizeof(text), "0 %lu 1\n", own);
	return write_proc(child, map, text, err);
}

int users_map(pid_t child, struct error *err)
{
	int failed = 0;

	if (!map_range("newuidmap", child, getuid(), "/etc/subuid"))
		failed = map_one(child, "uid_map", getuid(), err);
	if (!failed && !map_range("newgidmap", child, getgid(), "/etc/subgid")) {
		/* Without CAP_SETGID outside, groups must be given up first: user_namespaces(7). */
		failed = write_proc(child, "setgroups", "deny\n", err);
		if (!failed)
			failed = map_one(child, "gid_map", getgid(), err);
	}
	return failed;
}

/* Ranges follow each other without a gap: users_map() made them so, or the machine. */
static unsigned long count_ids(const char *path)
{
	AUTO_FCLOSE FILE *file = fopen(path, "re");
	unsigned long first, outside, count, all = 0;

	while (file && fscanf(file, "%lu %lu %lu", &first, &outside, &count) == 3)
		if (first == all)
			all += count;
	return all;
}

void ids_read(struct ids *ids)
{
	ids->users = count_ids("/proc/self/uid_map");
	ids->groups = count_ids("/proc/self/gid_map");
}

void ids_of(pid_t pid, struct ids *ids)
{
	char path[40];

	snprintf(path, sizeof(path), "/proc/%ld/uid_map", (long)pid);
	ids->users = count_ids(path);
	snprintf(path, sizeof(path), "/proc/%ld/gid_map", (long)pid);
	ids->groups = count_ids(path);
}

bool ids_all(const struct ids *ids)
{
	return ids->users >= UINT32_MAX && ids->groups >= UINT32_MAX;
}

uid_t ids_user(const struct ids *ids, uid_t uid)
{
	return uid < ids->users ? uid : 0;
}

gid_t ids_group(const struct ids *ids, gid_t gid)
{
	return gid < ids->groups ? gid : 0;
}
