/* SPDX-License-Identifier: MIT */
/* Network namespaces that a test makes for itself and throws away. */
#ifndef NETNS_H
#define NETNS_H

#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

static inline void netns_write(const char *path, const char *text)
{
	int fd = open(path, O_WRONLY | O_CLOEXEC);

	assert_true(fd >= 0);
	assert_int_equal(write(fd, text, strlen(text)), strlen(text));
	close(fd);
}

/* A user namespace in which the caller is root, so that programs it starts are so too. */
static inline bool netns_enter_users(void)
{
	char users[32], groups[32];

	snprintf(users, sizeof(users), "0 %d 1", (int)getuid());
	snprintf(groups, sizeof(groups), "0 %d 1", (int)getgid());
	if (unshare(CLONE_NEWUSER | CLONE_NEWNET) < 0)
		return false;
	netns_write("/proc/self/uid_map", users);
	netns_write("/proc/self/setgroups", "deny");
	netns_write("/proc/self/gid_map", groups);
	return true;
}

/*
 * Go into a new, empty network namespace, as an ordinary user by way of a user namespace. Where it
 * cannot be had the test is skipped, and fails with MUST_WORK=1.
 */
static inline void netns_enter(void)
{
	if (unshare(CLONE_NEWNET) == 0 || netns_enter_users())
		return;
	print_message("cannot have a network namespace: %s\n", strerror(errno));
	if (getenv("MUST_WORK"))
		fail();
	skip();
}

/* A process with a network namespace of its own; netns_end() it. */
static inline pid_t netns_start(void)
{
	int ready[2];
	char byte;
	pid_t pid;

	assert_int_equal(pipe(ready), 0);
	pid = fork();
	assert_true(pid >= 0);
	if (pid == 0) {
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		if (unshare(CLONE_NEWNET) < 0 || write(ready[1], "", 1) < 0)
			_exit(1);
		for (;;)
			pause();
	}
	close(ready[1]);
	assert_int_equal(read(ready[0], &byte, 1), 1);
	close(ready[0]);
	return pid;
}

static inline void netns_end(pid_t pid)
{
	kill(pid, SIGKILL);
	waitpid(pid, NULL, 0);
}

#endif
