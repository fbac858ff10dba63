// SPDX-License-Identifier: MIT
// Commands in nodes, many at once, with what they print and how they end.
#include "test/command.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/cleanup.h"
#include "base/error.h"
#include "kernel/process.h"
#include "lab/lab.h"
#include "test/run.h"
#include "test/trial.h"

#define SIDE_BY_SIDE 32
#define PRINTED_MOST ((size_t)64 << 10)

/* As env(1) has them. */
#define STATUS_NSLAB	      125
#define STATUS_NOT_EXECUTABLE 126
#define STATUS_NOT_FOUND      127
#define STATUS_SIGNAL	      128

_Noreturn static void become(const struct command_run *command)
{
	int number;

	prctl(PR_SET_PDEATHSIG, SIGKILL);
	process_default_signals();
	if (command->work)
		_exit(command->work(command->data));
	execvp(command->argv[0], command->argv);
	number = errno;
	dprintf(STDERR_FILENO, "cannot run %s: %s\n", command->argv[0], strerror(number));
	_exit(number == ENOENT ? STATUS_NOT_FOUND : STATUS_NOT_EXECUTABLE);
}

/* Not itself, but its child is in the node's PID namespace; both are in one process group. */
_Noreturn static void be_command(const struct run *run, const struct command_run *command, int out)
{
	int null = open("/dev/null", O_RDONLY), status;
	struct error err;
	pid_t child;

	setpgid(0, 0);
	if (null < 0 || dup2(null, STDIN_FILENO) < 0 || dup2(out, STDOUT_FILENO) < 0 ||
	    dup2(out, STDERR_FILENO) < 0)
		_exit(STATUS_NSLAB);
	close_range(STDERR_FILENO + 1, ~0U, 0);
	if (lab_enter(run->lab, command->node, ENTER_ALL, &err) < 0) {
		dprintf(STDERR_FILENO, "%s\n", err.text);
		_exit(STATUS_NSLAB);
	}
	process_path_of_root();
	setenv("NSLAB", run->lab->name, 1);
	setenv("NSLAB_NODE", command->node->name, 1);
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	child = fork();
	if (child == 0)
		become(command);
	/* What is read ends with the command, not with us. */
	dup2(null, STDOUT_FILENO);
	dup2(null, STDERR_FILENO);
	if (child < 0)
		_exit(STATUS_NSLAB);
	while (waitpid(child, &status, 0) < 0 && errno == EINTR)
		;
	_exit(WIFSIGNALED(status) ? STATUS_SIGNAL + WTERMSIG(status) : WEXITSTATUS(status));
}

static int start(const struct run *run, struct command_run *command, struct arena *arena,
		 struct error *err)
{
	int ends[2];

	command->printed = arena_alloc(arena, PRINTED_MOST + 1);
	command->size = 0;
	command->status = -1;
	if (pipe2(ends, O_CLOEXEC) < 0)
		return error_set(err, errno, "cannot make a pipe");
	fcntl(ends[0], F_SETFL, O_NONBLOCK);
	command->out = ends[0];
	command->pid = fork();
	if (command->pid == 0)
		be_command(run, command, ends[1]);
	close(ends[1]);
	if (command->pid < 0)
		return error_set(err, errno, "cannot start a process");
	setpgid(command->pid, command->pid);
	return 0;
}

/* Take what there is; what is too much is read and forgotten, so that the writer does not wait. */
static void take_output(struct command_run *command)
{
	char data[4096];
	ssize_t n;

	while ((n = read(command->out, data, sizeof(data))) > 0) {
		size_t room = PRINTED_MOST - command->size;
		size_t taken = (size_t)n < room ? (size_t)n : room;

		memcpy(command->printed + command->size, data, taken);
		command->size += taken;
	}
}

static void finish(struct command_run *command, bool kill_it)
{
	int status;

	if (kill_it)
		kill(-command->pid, SIGKILL);
	while (waitpid(command->pid, &status, 0) < 0 && errno == EINTR)
		;
	command->status = kill_it ? -1 : WEXITSTATUS(status);
	take_output(command);
	close(command->out);
}

/* Wait for the ends of commands that were started, side by side. */
static int attend(struct command_run *list, size_t count, int64_t until, struct error *err)
{
	struct pollfd wait[2 * SIDE_BY_SIDE];
	size_t left = count;

	for (size_t i = 0; i < count; i++) {
		wait[2 * i] = (struct pollfd){.fd = list[i].out, .events = POLLIN};
		wait[2 * i + 1] = (struct pollfd){
			.fd = (int)syscall(SYS_pidfd_open, list[i].pid, 0), .events = POLLIN};
	}
	while (left) {
		int64_t time = until - clock_now();
		struct timespec timeout = {time > 0 ? time / SECOND : 0,
					   time > 0 ? time % SECOND : 0};
		int n = ppoll(wait, 2 * count, &timeout, NULL);

		if (n < 0 && errno != EINTR)
			return error_set(err, errno, "cannot wait for commands");
		for (size_t i = 0; i < count; i++) {
			if (wait[2 * i].revents & POLLIN)
				take_output(&list[i]);
			else if (wait[2 * i].revents)
				wait[2 * i].fd = -1; /* all has been written */
			if (wait[2 * i + 1].fd < 0 || (n && !wait[2 * i + 1].revents))
				continue;
			finish(&list[i], !wait[2 * i + 1].revents);
			close(wait[2 * i + 1].fd);
			wait[2 * i].fd = wait[2 * i + 1].fd = -1;
			left--;
		}
	}
	return 0;
}

int commands_run(const struct run *run, struct command_run *list, size_t count, int64_t until,
		 struct arena *arena, struct error *err)
{
	for (size_t first = 0; first < count; first += SIDE_BY_SIDE) {
		size_t some = count - first < SIDE_BY_SIDE ? count - first : SIDE_BY_SIDE;

		for (size_t i = 0; i < some; i++)
			if (start(run, &list[first + i], arena, err) < 0)
				return -1;
		if (attend(list + first, some, until, err) < 0)
			return -1;
	}
	return 0;
}
