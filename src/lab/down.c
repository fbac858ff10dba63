// SPDX-License-Identifier: MIT
// End a lab: its first process is killed, the kernel ends all the rest, its folder goes.
#include <errno.h>
#include <signal.h>
#include <string.h>

#include "base/arena.h"
#include "base/cleanup.h"
#include "base/error.h"
#include "lab/folder.h"
#include "lab/lab.h"

#define PATIENCE 5000 /* milliseconds that an `up` gets to end its own lab when asked to */

/*
 * An `up` that builds the lab is asked to stop, and cleans up behind itself. It may have been done
 * just before: then there is a lab that runs now, in *lab. Returns 1 where all is over.
 */
static int end_starting(struct lab *lab, int pidfd, struct arena *arena, struct error *err)
{
	struct lab *labs;
	size_t count;
	int failed;

	if (process_signal(pidfd, SIGTERM) == 0 && !process_wait_end(pidfd, PATIENCE))
		return 0;
	failed = lab_list(arena, &labs, &count, err);
	for (size_t i = 0; !failed && i < count; i++)
		if (!strcmp(labs[i].name, lab->name) && labs[i].state == LAB_RUNNING) {
			*lab = labs[i];
			return 0;
		}
	return failed ? failed : 1;
}

static int remove_folder(const struct lab *lab, const char *path, struct error *err)
{
	AUTO_CLOSE int run = run_folder_lock(path, false, err);
	int failed;

	if (run < 0)
		return run == -ENOENT ? 0 : run;
	failed = lab_folder_remove(run, lab->name);
	if (failed && failed != -ENOENT)
		return error_set(err, -failed, "lab %s has ended, but cannot remove %s", lab->name,
				 lab->folder);
	run_folder_tidy(path);
	return 0;
}

static int end_process(const struct lab *lab, int pidfd, struct error *err)
{
	int failed = process_signal(pidfd, SIGKILL);

	if (failed && failed != -ESRCH)
		return error_set(err, -failed, "cannot end lab %s", lab->name);
	process_wait_end(pidfd, -1);
	return 0;
}

static int open_process(const struct lab *lab, struct error *err)
{
	int pidfd = process_open(&lab->keeper);

	if (pidfd == -ESRCH)
		return error_set(err, 0, "lab %s has ended already", lab->name);
	if (pidfd < 0)
		return error_set(err, -pidfd, "cannot end lab %s", lab->name);
	return pidfd;
}

int lab_down(const struct lab *found, struct error *err)
{
	AUTO_ARENA struct arena *arena = arena_new();
	struct lab lab = *found;
	AUTO_CLOSE int pidfd = open_process(&lab, err);
	int failed;

	if (pidfd < 0)
		return pidfd;
	if (lab.state == LAB_STARTING) {
		failed = end_starting(&lab, pidfd, arena, err);
		if (failed)
			return failed > 0 ? 0 : failed;
		if (lab.state == LAB_RUNNING)
			return lab_down(&lab, err);
	}
	failed = end_process(&lab, pidfd, err);
	return failed ? failed : remove_folder(&lab, run_folder(arena), err);
}
