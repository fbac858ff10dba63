// SPDX-License-Identifier: MIT
// Configuration files that nslab writes in a node.
#include "lab/config.h"

#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <grp.h>
#include <limits.h>
#include <pwd.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/error.h"
#include "base/file.h"
#include "topology/routing.h"

#define FILE_MODE   0640 /* as distributions have them: there may be passwords in there */
#define FOLDER_MODE 0750
#define OPEN_MOST   16 /* descriptors for folders within folders */

/* Root's where the machine has no such user, or the lab's user namespace no such id. */
static int give(int fd, const struct config *config)
{
	const struct passwd *user = getpwnam(config->user);
	const struct group *group = getgrnam(config->group);

	if (!user || !group || fchown(fd, user->pw_uid, group->gr_gid) == 0 || errno == EINVAL)
		return 0;
	return -errno;
}

static int remove_one(const char *path, const struct stat *st, int kind, struct FTW *place)
{
	(void)st;
	(void)kind;
	return place->level > 0 && remove(path) < 0 ? -1 : 0;
}

static int open_folder(const struct config *config)
{
	size_t length = (size_t)(strrchr(config->path, '/') - config->path);
	char path[PATH_MAX];
	bool is_new;
	int fd, failed;

	snprintf(path, sizeof(path), "%.*s", (int)length, config->path);
	is_new = mkdir(path, FOLDER_MODE) == 0;
	if (!is_new && errno != EEXIST)
		return -errno;
	if (config->replaces && nftw(path, remove_one, OPEN_MOST, FTW_DEPTH | FTW_PHYS) < 0)
		return -errno;
	fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (fd < 0)
		return -errno;
	failed = is_new ? give(fd, config) : 0;
	if (failed) {
		close(fd);
		return failed;
	}
	return fd;
}

static int write_file(int folder, const struct config *config)
{
	const char *name = strrchr(config->path, '/') + 1;
	AUTO_CLOSE int fd = -1;
	int failed;

	if (config->spares && faccessat(folder, name, F_OK, AT_SYMLINK_NOFOLLOW) == 0)
		return 0;
	if (unlinkat(folder, name, 0) < 0 && errno != ENOENT)
		return -errno;
	fd = openat(folder, name, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, FILE_MODE);
	if (fd < 0)
		return -errno;
	failed = write_all(fd, config->text, strlen(config->text));
	if (!failed && fchmod(fd, FILE_MODE) < 0)
		failed = -errno;
	return failed ? failed : give(fd, config);
}

int config_write(const struct config *config, struct error *err)
{
	AUTO_CLOSE int folder = open_folder(config);
	int failed = folder < 0 ? folder : write_file(folder, config);

	return failed ? error_set(err, -failed, "cannot write its %s", config->path) : 0;
}
