// SPDX-License-Identifier: MIT
// One service of a node: started, looked at until it is ready, started again when it has ended.
#include "lab/service.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/error.h"
#include "kernel/port.h"
#include "kernel/process.h"
#include "lab/ended.h"
#include "lab/slot.h"
#include "topology/start.h"

#define GRACE (200 * MILLISECOND) /* what lives so long has not failed to start */
/* On a busy machine a program may not have come so far by then: it is given until it waits. */
#define GRACE_MOST  (2 * SECOND)
#define LOOK_FIRST  (5 * MILLISECOND)
#define LOOK_MOST   (500 * MILLISECOND)
#define DELAY_FIRST (100 * MILLISECOND)
#define DELAY_MOST  (10 * SECOND)
/* What has run so long did not fail at once: its next delay is the first again. */
#define RAN_WELL (10 * SECOND)
/* From SIGTERM to SIGKILL. */
#define LEAVE (5 * SECOND)

static void change(struct service *service, enum service_state state)
{
	service->state = state;
	slot_set(service->slot, state, service->pid, service->status, service->restarts);
}

static pid_t start_shell(const char *text, int output)
{
	const char *const argv[] = {"/bin/sh", "-c", text, NULL};

	return process_start(argv, output, NULL, 0);
}

static void first_look(struct service *service)
{
	const struct ready *ready = &service->command->ready;

	service->pause = LOOK_FIRST;
	service->next = service->started + LOOK_FIRST;
	if (ready->kind == READY_ALIVE)
		service->next = service->started + GRACE;
	if (ready->kind == READY_TIME)
		service->next = service->started + ready->time;
}

/* Returns 0 or -errno. */
static int start(struct service *service, int64_t now)
{
	pid_t pid = start_shell(service->command->text, service->output.write_end);

	if (pid < 0)
		return pid;
	service->pid = pid;
	service->started = now;
	output_begin(&service->output);
	first_look(service);
	change(service, SERVICE_STARTING);
	return 0;
}

int service_open(struct service *service, const struct command *command, struct slot *slot,
		 int folder, const char *node, struct error *err)
{
	int failed;

	*service = (struct service){.command = command, .slot = slot, .delay = DELAY_FIRST};
	service->answer.read_end = service->answer.write_end = service->answer.file = -1;
	failed = output_open(&service->output, folder, node, command->name, err);
	if (!failed && command->ready.kind == READY_COMMAND)
		failed = output_open(&service->answer, -1, NULL, NULL, err);
	if (failed)
		return failed;
	failed = start(service, clock_now());
	return failed ? error_set(err, -failed, "cannot start %s", command->key) : 0;
}

/* Ask: the answer comes with the end of the command. */
static void probe(struct service *service)
{
	if (service->probe > 0)
		return;
	output_begin(&service->answer);
	service->probe = start_shell(service->command->ready.text, service->answer.write_end);
	if (service->probe < 0)
		service->probe = 0; /* no more processes now, perhaps later */
}

static bool is_ready(struct service *service)
{
	const struct ready *ready = &service->command->ready;

	switch (ready->kind) {
	case READY_ALIVE:
		return process_waits(service->pid) || clock_now() > service->started + GRACE_MOST;
	case READY_TIME: return true; /* at the time that was set for the first look */
	case READY_TCP: return port_is_open(false, ready->port);
	case READY_UDP: return port_is_open(true, ready->port);
	case READY_FILE: return path_is_served(ready->text);
	case READY_COMMAND: probe(service); return false;
	}
	return false;
}

static void set_ready(struct service *service)
{
	service->next = 0;
	service->was_ready = true;
	change(service, SERVICE_READY);
}

static void look_later(struct service *service, int64_t now)
{
	service->next = now + service->pause;
	service->pause += service->pause / 2;
	if (service->pause > LOOK_MOST)
		service->pause = LOOK_MOST;
}

static void start_later(struct service *service, int64_t now)
{
	service->next = now + service->delay;
	service->delay *= 2;
	if (service->delay > DELAY_MOST)
		service->delay = DELAY_MOST;
}

void service_tick(struct service *service, int64_t now)
{
	if (!service->next || service->next > now)
		return;
	if (service->stopped) {
		service->next = 0;
		if (service->pid)
			kill(-service->pid, SIGKILL);
	} else if (service->state == SERVICE_RESTARTING) {
		service->restarts++;
		if (start(service, now) < 0)
			start_later(service, now);
	} else if (is_ready(service)) {
		set_ready(service);
	} else {
		look_later(service, now);
	}
}

/* What sh(1) ends with for a program that is not there, or is none: to start it again is vain. */
static bool is_no_program(int status)
{
	return WIFEXITED(status) && (WEXITSTATUS(status) == 126 || WEXITSTATUS(status) == 127);
}

static bool starts_again(const struct service *service, int status)
{
	switch (service->command->restart) {
	case RESTART_NO: return false;
	case RESTART_ON_FAILURE:
		if (!status)
			return false;
		break;
	case RESTART_ALWAYS: break;
	}
	return service->was_ready || !is_no_program(status);
}

static void ended(struct service *service, int status, int64_t now)
{
	char how[ENDED_TEXT_SIZE];
	bool again = !service->stopped && starts_again(service, status);

	output_note(&service->output, "%s %s%s", service->command->key, ended_text(status, how),
		    again ? ", and is started again" : "");
	service->pid = 0;
	service->status = status;
	service->next = 0;
	if (now - service->started > RAN_WELL)
		service->delay = DELAY_FIRST;
	if (again) {
		start_later(service, now);
		change(service, SERVICE_RESTARTING);
	} else {
		change(service, SERVICE_ENDED);
	}
}

void service_stop(struct service *service, int64_t now)
{
	service->stopped = true;
	service->next = service->pid ? now + LEAVE : 0;
	if (service->pid)
		kill(-service->pid, SIGTERM); /* it has a session of its own */
	else
		change(service, SERVICE_ENDED);
}

void service_start(struct service *service, int64_t now)
{
	service->stopped = false;
	service->delay = DELAY_FIRST;
	if (service->pid)
		return;
	if (start(service, now) < 0) {
		start_later(service, now);
		change(service, SERVICE_RESTARTING);
	}
}

static void answered(struct service *service, int status)
{
	service->probe = 0;
	output_drain(&service->answer);
	if (status == 0 && service->state == SERVICE_STARTING && !service->stopped)
		set_ready(service);
}

bool service_child(struct service *service, pid_t pid, int status, int64_t now)
{
	if (pid == service->pid) {
		output_drain(&service->output);
		ended(service, status, now);
	} else if (pid == service->probe) {
		answered(service, status);
	} else {
		return false;
	}
	return true;
}

const char *service_lacks(const struct service *service, char text[SERVICE_TEXT_SIZE])
{
	const struct ready *ready = &service->command->ready;
	char said[OUTPUT_TAIL + 1] = "";

	switch (ready->kind) {
	case READY_ALIVE:
	case READY_TIME: snprintf(text, SERVICE_TEXT_SIZE, "it does not stay alive"); break;
	case READY_TCP:
		snprintf(text, SERVICE_TEXT_SIZE, "nothing listens on port %u (TCP)", ready->port);
		break;
	case READY_UDP:
		snprintf(text, SERVICE_TEXT_SIZE, "nothing is bound to port %u (UDP)", ready->port);
		break;
	case READY_FILE:
		snprintf(text, SERVICE_TEXT_SIZE, "there is no file %.200s", ready->text);
		break;
	case READY_COMMAND:
		output_last(&service->answer, said);
		snprintf(text, SERVICE_TEXT_SIZE, "its command (%.200s) %s%s%s", ready->text,
			 service->probe ? "has not ended" : "does not succeed",
			 *said ? ", printing " : "", said);
		for (char *c = text; *c; c++)
			if (*c == '\n')
				*c = ' ';
		break;
	}
	return text;
}
