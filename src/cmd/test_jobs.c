// SPDX-License-Identifier: MIT
// Jobs side by side: started, heard, ended.
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/signalfd.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/cleanup.h"
#include "cmd/cmd.h"
#include "cmd/test_job.h"

#define HEARING_SIZE 4096
#define TICK	     250 /* milliseconds: how often those who watch are shown that time passes */

struct jobs {
	struct job *list;
	size_t count, next, running;
	struct arena *arena;
	int signals;
	pid_t self;
};

bool test_done(const struct job *job, size_t test)
{
	const struct test *of = &job->topology->tests[test];

	return !of->count || job->results[test][of->count - 1].done;
}

bool test_held(const struct job *job, size_t test)
{
	for (size_t i = 0; i < job->topology->tests[test].count; i++)
		if (!job->results[test][i].done ||
		    job->results[test][i].outcome.verdict != VERDICT_HELD)
			return false;
	return true;
}

bool job_held(const struct job *job)
{
	if (job->hindered)
		return false;
	for (size_t i = 0; i < job->topology->test_count; i++)
		if (job->chosen[i] && !test_held(job, i))
			return false;
	return true;
}

static void start(struct jobs *jobs, struct job *job)
{
	int ends[2];

	job->state = JOB_DONE;
	if (pipe2(ends, O_CLOEXEC) < 0) {
		job->hindered = "no pipe can be made";
		return;
	}
	job->pid = fork();
	if (job->pid == 0) {
		/* It tidies up when it is told to end, as by our death. */
		prctl(PR_SET_PDEATHSIG, SIGTERM);
		if (getppid() != jobs->self)
			_exit(1);
		close(ends[0]);
		job_main(job, ends[1]);
	}
	close(ends[1]);
	if (job->pid < 0) {
		close(ends[0]);
		job->hindered = "no process can be started";
		return;
	}
	job->fd = ends[0];
	job->state = JOB_RUNNING;
	jobs->running++;
}

static void take(struct job *job, const struct message *message, const char *text,
		 struct arena *arena)
{
	struct result *result = NULL;

	if (message->kind == MESSAGE_BEGUN || message->kind == MESSAGE_DONE)
		result = &job->results[message->test][message->step];
	switch (message->kind) {
	case MESSAGE_UP: job->is_up = true; break;
	case MESSAGE_KEPT: job->kept = true; break;
	case MESSAGE_WARNING: complain("%s: warning: %s", job->title, text); break;
	case MESSAGE_HINDERED: job->hindered = arena_strdup(arena, text); break;
	case MESSAGE_BEGUN:
		job->at_test = message->test;
		job->at_step = message->step;
		break;
	case MESSAGE_DONE:
		result->done = true;
		result->outcome = (struct outcome){message->verdict, message->took, message->became,
						   arena_strdup(arena, text)};
		break;
	}
}

/* Take all whole messages that were read. */
static void take_all(struct job *job, struct arena *arena)
{
	size_t at = 0;

	while (job->used - at >= sizeof(struct message)) {
		struct message message;

		memcpy(&message, job->buffer + at, sizeof(message));
		if (job->used - at - sizeof(message) < message.size)
			break;
		at += sizeof(message);
		take(job, &message, arena_strndup(arena, job->buffer + at, message.size), arena);
		at += message.size;
	}
	memmove(job->buffer, job->buffer + at, job->used - at);
	job->used -= at;
}

static void finish(struct jobs *jobs, struct job *job)
{
	int status;

	close(job->fd);
	free(job->buffer);
	job->buffer = NULL;
	while (waitpid(job->pid, &status, 0) < 0 && errno == EINTR)
		;
	job->state = JOB_DONE;
	jobs->running--;
	if (!job->hindered && WIFSIGNALED(status))
		job->hindered = "the process that did the tests was killed";
}

static void hear(struct jobs *jobs, struct job *job)
{
	ssize_t n;

	if (job->room - job->used < HEARING_SIZE) {
		job->room += 2 * job->room + HEARING_SIZE;
		job->buffer = realloc(job->buffer, job->room);
		if (!job->buffer)
			abort();
	}
	n = read(job->fd, job->buffer + job->used, job->room - job->used);
	if (n < 0 && errno == EINTR)
		return;
	if (n <= 0) {
		finish(jobs, job);
		return;
	}
	job->used += (size_t)n;
	take_all(job, jobs->arena);
}

/* Tell all to end, and wait until they have: a lab is gone when its job is. */
static int interrupt(struct jobs *jobs)
{
	struct signalfd_siginfo info = {.ssi_signo = SIGTERM};

	(void)!read(jobs->signals, &info, sizeof(info));
	for (size_t i = 0; i < jobs->next; i++)
		if (jobs->list[i].state == JOB_RUNNING)
			kill(jobs->list[i].pid, SIGTERM);
	for (size_t i = 0; i < jobs->next; i++)
		if (jobs->list[i].state == JOB_RUNNING)
			finish(jobs, &jobs->list[i]);
	return (int)info.ssi_signo;
}

static int attend(struct jobs *jobs, size_t side_by_side,
		  void (*heard)(void *data, const struct job *job), void *data)
{
	struct pollfd *wait = arena_alloc(jobs->arena, (jobs->count + 1) * sizeof(*wait));

	for (;;) {
		while (jobs->running < side_by_side && jobs->next < jobs->count)
			start(jobs, &jobs->list[jobs->next++]);
		if (!jobs->running)
			return 0;
		for (size_t i = 0; i < jobs->next; i++)
			wait[i] = (struct pollfd){
				.fd = jobs->list[i].state == JOB_RUNNING ? jobs->list[i].fd : -1,
				.events = POLLIN};
		wait[jobs->next] = (struct pollfd){.fd = jobs->signals, .events = POLLIN};
		if (poll(wait, jobs->next + 1, TICK) == 0)
			heard(data, NULL);
		if (wait[jobs->next].revents)
			return interrupt(jobs);
		for (size_t i = 0, count = jobs->next; i < count; i++) {
			if (!wait[i].revents)
				continue;
			hear(jobs, &jobs->list[i]);
			heard(data, &jobs->list[i]);
		}
	}
}

int jobs_run(struct job *list, size_t count, size_t side_by_side, struct arena *arena,
	     void (*heard)(void *data, const struct job *job), void *data)
{
	static const int fatal[] = {SIGINT, SIGTERM, SIGHUP, SIGQUIT};
	struct jobs jobs = {.list = list, .count = count, .arena = arena, .self = getpid()};
	sigset_t set, before;
	int number;

	sigemptyset(&set);
	for (size_t i = 0; i < sizeof(fatal) / sizeof(*fatal); i++)
		sigaddset(&set, fatal[i]);
	sigprocmask(SIG_BLOCK, &set, &before);
	jobs.signals = signalfd(-1, &set, SFD_CLOEXEC);
	output_flush(); /* what is buffered is not for the children to write */
	number = attend(&jobs, side_by_side, heard, data);
	close(jobs.signals);
	sigprocmask(SIG_SETMASK, &before, NULL);
	return number;
}
