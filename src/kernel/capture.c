// SPDX-License-Identifier: MIT
// What a program prints, caught.
#include "kernel/capture.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/cleanup.h"
#include "kernel/process.h"

#define OUTPUT_MOST (1 << 20)

static int64_t now_ms(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static void run_child(const char *const *argv, int output, int (*enter)(void *data), void *data)
{
	int nothing = open("/dev/null", O_RDWR);

	prctl(PR_SET_PDEATHSIG, SIGKILL);
	process_default_signals();
	if (nothing < 0 || dup2(nothing, STDIN_FILENO) < 0 || dup2(output, STDOUT_FILENO) < 0 ||
	    dup2(nothing, STDERR_FILENO) < 0 || (enter && enter(data) < 0))
		_exit(127);
	execvp(argv[0], (char *const *)argv);
	_exit(127);
}

/* Until its end. False: it takes too long, or too much. */
static bool read_all(int input, char *text, size_t room, int milliseconds, size_t *size)
{
	int64_t end = now_ms() + milliseconds;

	*size = 0;
	while (*size < room) {
		struct pollfd poll_in = {input, POLLIN, 0};
		int64_t left = end - now_ms();
		ssize_t got;

		if (left <= 0 || (poll(&poll_in, 1, (int)left) <= 0 && errno != EINTR))
			return false;
		got = read(input, text + *size, room - *size);
		if (got == 0)
			return true;
		if (got > 0)
			*size += (size_t)got;
		else if (errno != EINTR && errno != EAGAIN)
			return false;
	}
	return false;
}

const char *capture(const char *const *argv, int milliseconds, int (*enter)(void *data), void *data,
		    struct arena *arena)
{
	static char text[OUTPUT_MOST];
	AUTO_CLOSE int input = -1;
	int ends[2], status = 0;
	bool whole;
	size_t size;
	pid_t pid;

	if (pipe2(ends, O_CLOEXEC) < 0)
		return NULL;
	input = ends[0];
	pid = fork();
	if (pid == 0)
		run_child(argv, ends[1], enter, data);
	close(ends[1]);
	if (pid < 0)
		return NULL;
	whole = read_all(input, text, OUTPUT_MOST, milliseconds, &size);
	if (!whole)
		kill(pid, SIGKILL);
	while (waitpid(pid, &status, 0) < 0 && errno == EINTR)
		;
	if (!whole || !WIFEXITED(status) || WEXITSTATUS(status) != 0)
		return NULL;
	return arena_strndup(arena, text, size);
}
