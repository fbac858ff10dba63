// SPDX-License-Identifier: MIT
// The layers of /etc, /var and /run that all nodes of a lab share, laid once by its first process.
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/error.h"
#include "base/file.h"
#include "kernel/overlay.h"
#include "kernel/users.h"
#include "lab/build.h"
#include "lab/files.h"
#include "lab/folder.h"

#define LAYERS_BYTES (1UL << 30) /* no more than a bound: what they take is what they hold */

static const char *const layer_names[LAYERS] = {
	[LAYER_ETC] = "etc",
	[LAYER_VAR] = "var",
	[LAYER_VAR_HIDDEN] = "var.hidden",
	[LAYER_RUN] = "run",
};

int files_write(int folder, const char *name, const char *text)
{
	AUTO_CLOSE int fd = -1;
	int failed;

	if (unlinkat(folder, name, 0) < 0 && errno != ENOENT)
		return -errno;
	fd = openat(folder, name, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0644);
	if (fd < 0)
		return -errno;
	failed = write_all(fd, text, strlen(text));
	return !failed && fchmod(fd, 0644) < 0 ? -errno : failed;
}

/*
 * Each node writes its own /etc/hostname, and to make a file is less than half the work of
 * replacing one of a lower layer: a whiteout hides the machine's.
 */
static int hide_hostname(int etc)
{
	if (unlinkat(etc, "hostname", 0) < 0 && errno != ENOENT)
		return -errno;
	/* Where that is forbidden there is no harm: a file that is there is replaced. */
	(void)!mknodat(etc, "hostname", S_IFCHR, 0);
	return 0;
}

/* What /etc has to say of names in every node, in the place of what the machine has. */
static int write_names(const struct build *build, int etc, struct error *err)
{
	int failed = files_write(etc, "hosts", build->plan->hosts);

	if (!failed)
		failed = files_write(etc, "resolv.conf", build->plan->resolver);
	if (!failed)
		failed = hide_hostname(etc);
	return failed ? error_set(err, -failed, "cannot write the names in /etc for the nodes") : 0;
}

int files_lay_layer(const struct build *build, enum layer layer, int folder, struct error *err)
{
	struct ids ids;
	int failed;

	ids_read(&ids);
	failed = tree_lay(&build->survey->trees[layer], folder, &ids, err);
	return !failed && layer == LAYER_ETC ? write_names(build, folder, err) : failed;
}

static int lay(const struct build *build, struct error *err)
{
	AUTO_CLOSE int files = open(FOLDER_FILES, O_PATH | O_DIRECTORY | O_CLOEXEC);

	for (int layer = 0; layer < LAYERS; layer++) {
		AUTO_CLOSE int folder = -1;
		int failed;

		if (mkdirat(files, layer_names[layer], 0755) < 0)
			return error_set(err, errno, "cannot make a folder for the files of nodes");
		folder = openat(files, layer_names[layer], O_RDONLY | O_DIRECTORY | O_CLOEXEC);
		if (folder < 0)
			return error_set(err, errno, "cannot open the files of nodes");
		failed = files_lay_layer(build, (enum layer)layer, folder, err);
		if (failed)
			return failed;
	}
	if (mkdirat(files, FILES_OF_NODE, 0755) < 0 || mkdirat(files, FILES_NONE, 0755) < 0)
		return error_set(err, errno, "cannot make a folder for the files of nodes");
	return 0;
}

/* The lab's folder is entered, so that the names of layers are short and have no odd characters. */
int files_lay(const struct build *build, struct error *err)
{
	mode_t mask = umask(0);
	int failed;

	if (chdir(build->folder_path) < 0)
		return error_set(err, errno, "cannot enter %s", build->folder_path);
	failed = mount_memory(FOLDER_FILES, LAYERS_BYTES);
	if (failed)
		return error_set(err, -failed, "cannot mount memory for the files of nodes");
	failed = lay(build, err);
	if (failed)
		return failed;
	failed = mount_freeze(FOLDER_FILES);
	if (failed)
		return error_set(err, -failed, "cannot protect the files of nodes");
	umask(mask);
	return chdir("/") < 0 ? error_set(err, errno, "cannot leave %s", build->folder_path) : 0;
}
