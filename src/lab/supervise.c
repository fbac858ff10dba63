// SPDX-License-Identifier: MIT
// The first process of a node as the one that looks after its services.
#include "lab/supervise.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/signalfd.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/error.h"

/* A wait that fails is tried again, not at once. */
#define RECOVERY (100 * 1000) /* microseconds */
#define TRIES	 10

int supervisor_open(struct supervisor *supervisor, size_t services, struct error *err)
{
	sigset_t awaited;

	*supervisor = (struct supervisor){.signals = -1};
	supervisor->commands.read_end = supervisor->commands.write_end = supervisor->commands.file =
		-1;
	/* Of each service its output and that of its probe. */
	supervisor->wait = calloc(2 * services + 2, sizeof(*supervisor->wait));
	supervisor->outputs = calloc(2 * services + 1, sizeof(struct output *));
	supervisor->services = calloc(services + 1, sizeof(*supervisor->services));
	if (!supervisor->wait || !supervisor->outputs || !supervisor->services)
		return error_set(err, ENOMEM, "cannot look after its services");
	sigemptyset(&awaited);
	sigaddset(&awaited, SIGCHLD);
	sigaddset(&awaited, SERVICE_SIGNAL);
	if (sigprocmask(SIG_BLOCK, &awaited, NULL) == 0)
		supervisor->signals = signalfd(-1, &awaited, SFD_CLOEXEC | SFD_NONBLOCK);
	if (supervisor->signals < 0)
		return error_set(err, errno, "cannot look after its services");
	return 0;
}

static void child_ended(struct supervisor *supervisor, pid_t pid, int status, int64_t now)
{
	if (pid == supervisor->command) {
		output_drain(&supervisor->commands);
		supervisor->command = 0;
		supervisor->status = status;
		return;
	}
	for (size_t i = 0; i < supervisor->count; i++)
		if (service_child(&supervisor->services[i], pid, status, now))
			return;
}

/* Somebody outside wants a service to stop or start: by its number, and which of both. */
static void take_order(struct supervisor *supervisor, int order, int64_t now)
{
	size_t number = (size_t)order / SERVICE_ORDERS;

	if (order < 0 || number >= supervisor->count)
		return;
	if (order % SERVICE_ORDERS == SERVICE_STOP)
		service_stop(&supervisor->services[number], now);
	else
		service_start(&supervisor->services[number], now);
}

/* The children of ours, and what they left behind, which is ours too. */
static void reap(struct supervisor *supervisor, int64_t now)
{
	struct signalfd_siginfo info;
	int status, tries = 0;
	pid_t pid;

	while (read(supervisor->signals, &info, sizeof(info)) > 0)
		/* From outside the PID namespace, which shows as 0: not from a process of the node.
		 */
		if ((int)info.ssi_signo == SERVICE_SIGNAL && info.ssi_code == SI_QUEUE &&
		    info.ssi_pid == 0)
			take_order(supervisor, info.ssi_int, now);
	/* No other signal will tell of those that are waiting: a call that fails is tried again. */
	while ((pid = waitpid(-1, &status, WNOHANG)) != 0)
		if (pid > 0)
			child_ended(supervisor, pid, status, now);
		else if (errno == ECHILD || ++tries == TRIES)
			break;
}

/* The outputs that can say something, in the order in which they are waited for. */
static size_t list_outputs(struct supervisor *supervisor)
{
	struct output **outputs = supervisor->outputs;
	size_t count = 0;

	if (supervisor->commands.read_end >= 0)
		outputs[count++] = &supervisor->commands;
	for (size_t i = 0; i < supervisor->count; i++) {
		struct service *service = &supervisor->services[i];

		if (service->output.read_end >= 0)
			outputs[count++] = &service->output;
		if (service->answer.read_end >= 0)
			outputs[count++] = &service->answer;
	}
	return count;
}

static int64_t earliest(int64_t a, int64_t b)
{
	return !a || (b && b < a) ? b : a;
}

static void see_to(struct supervisor *supervisor, size_t count)
{
	struct output **outputs = supervisor->outputs;

	for (size_t i = 0; i < count; i++)
		if (supervisor->wait[1 + i].revents && !output_take(outputs[i]))
			output_close(outputs[i]);
	if (supervisor->wait[0].revents)
		reap(supervisor, clock_now());
	for (size_t i = 0; i < supervisor->count; i++)
		service_tick(&supervisor->services[i], clock_now());
}

int supervisor_step(struct supervisor *supervisor, int64_t until, struct error *err)
{
	size_t count = list_outputs(supervisor);
	struct pollfd *wait = supervisor->wait;

	wait[0] = (struct pollfd){.fd = supervisor->signals, .events = POLLIN};
	for (size_t i = 0; i < count; i++)
		wait[1 + i] =
			(struct pollfd){.fd = supervisor->outputs[i]->read_end, .events = POLLIN};
	for (size_t i = 0; i < supervisor->count; i++)
		until = earliest(until, supervisor->services[i].next);
	if (poll(wait, 1 + count, clock_left(until)) < 0 && errno != EINTR)
		return error_set(err, errno, "cannot look after its services");
	see_to(supervisor, count);
	return 0;
}

bool supervisor_busy(struct supervisor *supervisor)
{
	/* What commands left in the background may go on to write. */
	if (supervisor->commands.read_end >= 0 && supervisor->commands.write_end < 0 &&
	    !output_take(&supervisor->commands))
		output_close(&supervisor->commands);
	return supervisor->count > 0 || supervisor->commands.read_end >= 0;
}

void supervisor_close(struct supervisor *supervisor)
{
	output_close(&supervisor->commands);
	if (supervisor->signals >= 0)
		close(supervisor->signals);
	free(supervisor->wait);
	free(supervisor->outputs);
	free(supervisor->services);
	*supervisor = (struct supervisor){.signals = -1};
}

void supervisor_stay(struct supervisor *supervisor)
{
	struct error ignored;

	while (supervisor_busy(supervisor))
		if (supervisor_step(supervisor, 0, &ignored) < 0)
			usleep(RECOVERY);
}
