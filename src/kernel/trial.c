// SPDX-License-Identifier: MIT
// Something tried in a throw-away child, as a lab of this user would do it.
#include "kernel/trial.h"

#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/file.h"

/* In memory that the child shares with us. */
struct outcome {
	int users, step;
};

static int write_own(const char *path, const char *text)
{
	AUTO_CLOSE int fd = open(path, O_WRONLY | O_CLOEXEC);

	return fd < 0 ? -errno : write_all(fd, text, strlen(text));
}

static int become_root(void)
{
	unsigned long uid = geteuid(), gid = getegid();
	char text[48];
	int failed;

	if (unshare(CLONE_NEWUSER) < 0)
		return -errno;
	failed = write_own("/proc/self/setgroups", "deny");
	if (failed && failed != -ENOENT)
		return failed;
	snprintf(text, sizeof(text), "0 %lu 1\n", uid);
	failed = write_own("/proc/self/uid_map", text);
	snprintf(text, sizeof(text), "0 %lu 1\n", gid);
	if (!failed)
		failed = write_own("/proc/self/gid_map", text);
	/* AppArmor may let the namespace be, and take from its root all that root can do. */
	if (!failed && unshare(CLONE_NEWUTS) < 0)
		failed = -errno;
	return failed;
}

int trial_run(trial_fn step, const void *data, int *users)
{
	struct outcome *outcome = mmap(NULL, sizeof(*outcome), PROT_READ | PROT_WRITE,
				       MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	int result;
	pid_t child;

	if (outcome == MAP_FAILED)
		return -errno;
	outcome->step = -EIO;
	child = fork();
	if (child == 0) {
		outcome->users = geteuid() ? become_root() : 0;
		if (!outcome->users)
			outcome->step = step(data);
		_exit(0);
	}
	if (child < 0)
		outcome->step = -errno;
	while (child > 0 && waitpid(child, NULL, 0) < 0 && errno == EINTR)
		;
	result = outcome->users ? TRIAL_NO_USERS : outcome->step;
	if (users)
		*users = outcome->users;
	munmap(outcome, sizeof(*outcome));
	return result;
}
