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
#include "lab/record.h"

#define PATIENCE 5000 /* milliseconds that an `up` gets to end its own lab when asked to */

/*
 * An `up` that builds the lab is asked to stop, were it stopped by job control too, and cleans up
 * behind itself. It may have been done just before: then there is a lab that runs now, in *lab.
 * Returns 1 where all is over.
 */
static int end_starting(struct lab *lab, int pidfd, struct arena *arena, struct error *err)
{
	struct lab *labs;
	size_t count;
	int failed;

	if (process_signal(pidfd, SIGTERM) == 0 && process_signal(pidfd, SIGCONT) == 0 &&
	    !process_wait_end(pidfd, PATIENCE))
		return 0;
	failed = lab_list(arena, &labs, &count, err);
	for (size_t i = 0; !failed && i < count; i++)
		if (!strcmp(labs[i].name, lab->name) && labs[i].state == LAB_RUNNING) {
			*lab = labs[i];
			return 0;
		}
	return failed ? failed : 1;
}

/* A lab of the same name may have come up since the process of this one ended. */
static bool is_of(int run, const char *path, const struct lab *lab, struct arena *arena)
{
	struct lab now;

	return record_read(run, path, lab->name, arena, &now) == 0 &&
	       process_same(&now.keeper, &lab->keeper);
}

static int remove_folder(const struct lab *lab, struct arena *arena, struct error *err)
{
	const char *path = run_folder(arena);
	AUTO_CLOSE int run = run_folder_lock(path, false, err);
	int failed;

	if (run < 0)
		return run == -ENOENT ? 0 : run;
	if (!is_of(run, path, lab, arena))
		return 0;
	failed = lab_folder_remove(run, lab->name);
	if (failed && failed != -ENOENT)
		return error_set(err, -failed, "lab %s has ended, but cannot remove %s", lab->name,
				 lab->folder);
	run_folder_tidy(path);
	return 0;
}

/*
 * Kill the lab's first process, or the `up` that still builds it: with that dies the first process,
 * its child, for which we wait too.
 */
static int end_process(const struct lab *lab, int pidfd, struct error *err)
{
	AUTO_CLOSE int child =
		lab->state == LAB_STARTING ? process_open_child(&lab->keeper) : -ESRCH;
	int failed = process_signal(pidfd, SIGKILL);

	if (failed && failed != -ESRCH)
		return error_set(err, -failed, "cannot end lab %s", lab->name);
	process_wait_end(pidfd, -1);
	if (child >= 0)
		process_wait_end(child, -1);
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
	return failed ? failed : remove_folder(&lab, arena, err);
}
