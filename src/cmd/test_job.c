// SPDX-License-Identifier: MIT
// The process of a job: the lab brought up, or found, and its tests done one after the other.
#include "cmd/test_job.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/signalfd.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/cleanup.h"
#include "base/error.h"
#include "base/fault.h"
#include "base/file.h"
#include "kernel/process.h"
#include "lab/lab.h"
#include "lab/needs.h"
#include "plan/plan.h"

/* What lab_up() hands back to us. */
struct worker {
	const struct job *job;
	int fd;
	struct arena *arena;
};

/* Who hears us is gone where this fails: then there is nobody left to do it for. */
static void say(const struct worker *worker, struct message message, const char *text)
{
	message.size = (uint32_t)strlen(text);
	if (write_all(worker->fd, &message, sizeof(message)) < 0 ||
	    write_all(worker->fd, text, message.size) < 0)
		_exit(1);
}

static void hindered(const struct worker *worker, const char *text)
{
	say(worker, (struct message){.kind = MESSAGE_HINDERED}, text);
}

/* One failed step makes the others no less worth knowing. Returns whether all held. */
static bool do_test(const struct worker *worker, const struct run *run, uint32_t number)
{
	const struct test *test = &worker->job->topology->tests[number];
	bool held = true;

	for (uint32_t i = 0; i < test->count; i++) {
		AUTO_ARENA struct arena *arena = arena_new();
		struct message message = {.kind = MESSAGE_BEGUN, .test = number, .step = i};
		struct outcome outcome;

		say(worker, message, "");
		run_step(run, &test->steps[i], arena, &outcome);
		message.kind = MESSAGE_DONE;
		message.verdict = outcome.verdict;
		message.took = outcome.took;
		message.became = outcome.became;
		say(worker, message, outcome.why);
		held &= outcome.verdict == VERDICT_HELD;
	}
	return held;
}

/* Do the tests in the running lab. Returns the exit status: 0 where all held. */
static int do_tests(const struct worker *worker)
{
	const struct job *job = worker->job;
	struct run run;
	struct lab lab;
	struct error err;
	bool held = true;

	if (lab_find(job->name, worker->arena, &lab, &err) < 0 ||
	    run_start(&run, &lab, job->topology, worker->arena, &err) < 0) {
		hindered(worker, err.text);
		return 1;
	}
	prctl(PR_SET_PDEATHSIG, SIGKILL); /* which the change of credentials has cleared */
	for (uint32_t i = 0; i < job->topology->test_count; i++)
		if (job->chosen[i])
			held &= do_test(worker, &run, i);
	return held ? 0 : 1;
}

/* The tests move from namespace to namespace: that is for a process which has nothing to tidy up.
 */
static pid_t start_tests(const struct worker *worker)
{
	pid_t parent = getpid(), child = fork();

	if (child != 0)
		return child;
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	if (getppid() != parent)
		_exit(1);
	process_default_signals();
	_exit(do_tests(worker));
}

/* Wait for the process, or for a signal that wants us to end. False: that came. */
static bool wait_for(pid_t child, int *status)
{
	static const int fatal[] = {SIGINT, SIGTERM, SIGHUP, SIGQUIT};
	AUTO_CLOSE int end = (int)syscall(SYS_pidfd_open, child, 0), signals = -1;
	struct pollfd wait[2];
	bool ended;
	sigset_t set;

	sigemptyset(&set);
	for (size_t i = 0; i < sizeof(fatal) / sizeof(*fatal); i++)
		sigaddset(&set, fatal[i]);
	signals = signalfd(-1, &set, SFD_CLOEXEC);
	wait[0] = (struct pollfd){.fd = end, .events = POLLIN};
	wait[1] = (struct pollfd){.fd = signals, .events = POLLIN};
	while (poll(wait, 2, -1) < 0 && errno == EINTR)
		;
	ended = wait[0].revents != 0;
	if (!ended)
		kill(child, SIGKILL);
	while (waitpid(child, status, 0) < 0 && errno == EINTR)
		;
	return ended;
}

static bool test_while_up(void *data, const struct plan *plan)
{
	const struct worker *worker = data;
	int status = 1;
	pid_t child;

	(void)plan;
	say(worker, (struct message){.kind = MESSAGE_UP}, "");
	child = start_tests(worker);
	if (child < 0) {
		hindered(worker, "no process can be started to do the tests");
		return false;
	}
	if (!wait_for(child, &status) || status == 0)
		return false;
	if (WIFSIGNALED(status))
		hindered(worker, "the process that did the tests was killed");
	if (!worker->job->keep)
		return false;
	say(worker, (struct message){.kind = MESSAGE_KEPT}, "");
	return true;
}

static void warn(void *data, const char *warning)
{
	say(data, (struct message){.kind = MESSAGE_WARNING}, warning);
}

static bool kernel_suffices(const struct worker *worker)
{
	struct faults faults = {.arena = worker->arena};
	const char *text = "";

	if (needs_met(worker->job->topology, &faults))
		return true;
	faults_sort(&faults);
	for (size_t i = 0; i < faults.count; i++)
		text = arena_printf(worker->arena, "%s%s%s:%d: %s", text, i ? "\n" : "",
				    faults.list[i].place.file, faults.list[i].place.line,
				    faults.list[i].text);
	hindered(worker, text);
	return false;
}

/* As `up` does, but the lab is called so that no other has its name. */
static int bring_up(struct worker *worker)
{
	const struct job *job = worker->job;
	const struct up_listener listener = {warn, test_while_up, worker};
	struct lab_source source = {job->path, job->text, job->size};
	struct topology *topology = arena_alloc(worker->arena, sizeof(*topology));
	const struct plan *plan;
	struct error err;

	*topology = *job->topology;
	topology->name = job->name;
	if (!kernel_suffices(worker))
		return 1;
	plan = plan_make(topology, worker->arena);
	arena_settle(worker->arena); /* each node's process is a copy of this one */
	if (lab_up(plan, &source, &listener, &err) < 0) {
		hindered(worker, err.text);
		return 1;
	}
	return 0;
}

void job_main(const struct job *job, int fd)
{
	struct worker worker = {job, fd, arena_new()};

	if (job->up)
		_exit(bring_up(&worker));
	process_default_signals();
	_exit(do_tests(&worker));
}
