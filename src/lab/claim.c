// SPDX-License-Identifier: MIT
// The name of a lab made an `up`'s own, against any other, and given up again: its folder.
#include "lab/claim.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "base/arena.h"
#include "base/cleanup.h"
#include "base/error.h"
#include "base/file.h"
#include "lab/folder.h"
#include "lab/record.h"

/* All that the lab's folder needs from the start; the run folder is locked. */
static int fill_folder(const struct claim *claim, const struct lab_source *source, int folder,
		       struct error *err)
{
	const char *hosts = claim->hosts;
	int failed;

	if (mkdirat(folder, FOLDER_LOG, 0700) < 0)
		return error_set(err, errno, "cannot make the folder %s/log", claim->lab->folder);
	if (mkdirat(folder, FOLDER_FILES, 0700) < 0)
		return error_set(err, errno, "cannot make the folder %s/files", claim->lab->folder);
	failed = file_replace(folder, FOLDER_TOPOLOGY, source->text, source->size, err);
	if (!failed)
		failed = file_replace(folder, FOLDER_HOSTS, hosts, strlen(hosts), err);
	/* The nodes' daemons run as other users too, and must be able to look up names. */
	if (!failed && fchmodat(folder, FOLDER_HOSTS, 0644, 0) < 0)
		failed = error_set(err, errno, "cannot open %s/hosts to all", claim->lab->folder);
	if (!failed)
		failed = record_write(folder, claim->lab, NULL, 0, err);
	return failed;
}

static int refuse_running(const struct claim *claim, struct error *err)
{
	const char *name = claim->lab->name;
	struct lab *labs;
	size_t count;
	int failed = lab_list(claim->arena, &labs, &count, err); /* and sweeps */

	for (size_t i = 0; !failed && i < count; i++)
		if (!strcmp(labs[i].name, name))
			failed = error_set(
				err, 0,
				labs[i].state == LAB_RUNNING
					? "lab %s is already running, from %s; end it first: "
					  "nslab down %s"
					: "lab %s is being built right now, from %s; to end "
					  "that: nslab down %s",
				name, labs[i].file, name);
	return failed;
}

static int publish(const struct claim *claim, int run, const char *partial, struct error *err)
{
	if (renameat2(run, partial, run, claim->lab->name, RENAME_NOREPLACE) == 0)
		return 0;
	if (errno == EEXIST)
		return -EEXIST;
	return error_set(err, errno, "cannot make the folder %s", claim->lab->folder);
}

/* Returns -EEXIST, without a text, where another `up` was quicker, or something is in the way. */
static int make_folder(const struct claim *claim, const struct lab_source *source, int *folder,
		       struct error *err)
{
	const char *partial = arena_printf(claim->arena, FOLDER_PARTIAL "%s", claim->lab->name);
	AUTO_CLOSE int run = run_folder_lock(claim->run, true, err);
	int failed = 0;

	if (run < 0)
		return run;
	if (mkdirat(run, partial, 0700) < 0)
		return error_set(err, errno, "cannot make the folder %s", claim->lab->folder);
	*folder = openat(run, partial, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	if (*folder < 0)
		failed = error_set(err, errno, "cannot open the folder %s", claim->lab->folder);
	if (!failed)
		failed = fill_folder(claim, source, *folder, err);
	if (!failed)
		failed = publish(claim, run, partial, err);
	if (failed)
		partial_folder_remove(run, claim->lab->name);
	return failed;
}

static int in_the_way(const struct claim *claim, struct error *err)
{
	return error_set(
		err, EEXIST,
		"cannot make the folder %s; what is there is not a lab's, and is left alone "
		"(NSLAB_RUNDIR names another run folder)",
		claim->lab->folder);
}

int claim_make(const struct claim *claim, const struct lab_source *source, int *folder,
	       struct error *err)
{
	int failed = -EEXIST;

	for (int tries = 0; failed == -EEXIST && tries < 3; tries++) {
		if (*folder >= 0)
			close(*folder);
		*folder = -1;
		failed = refuse_running(claim, err);
		if (!failed)
			failed = make_folder(claim, source, folder, err);
	}
	if (failed == -EEXIST)
		failed = in_the_way(claim, err);
	if (failed)
		run_folder_tidy(claim->run);
	return failed;
}

/* Another `up` may have swept our folder and made its own once our record's process was dead. */
static bool is_ours(const struct claim *claim, int run, int folder)
{
	struct stat ours, there;

	return fstat(folder, &ours) == 0 &&
	       fstatat(run, claim->lab->name, &there, AT_SYMLINK_NOFOLLOW) == 0 &&
	       ours.st_dev == there.st_dev && ours.st_ino == there.st_ino;
}

void claim_drop(const struct claim *claim, int folder)
{
	struct error ignored;
	AUTO_CLOSE int run = run_folder_lock(claim->run, false, &ignored);

	if (run >= 0 && is_ours(claim, run, folder))
		lab_folder_remove(run, claim->lab->name);
	run_folder_tidy(claim->run);
}
