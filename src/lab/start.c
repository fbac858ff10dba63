// SPDX-License-Identifier: MIT
// What a node starts when its network is complete: one after the other, each when the one before
// has ended or is ready.
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/clock.h"
#include "base/error.h"
#include "kernel/process.h"
#include "lab/build.h"
#include "lab/config.h"
#include "lab/ended.h"
#include "lab/script.h"
#include "lab/slot.h"
#include "lab/supervise.h"
#include "topology/start.h"

#define STRUGGLES 3 /* ends in a row before a service is ready, of which the user hears */

/* The start of one node. */
struct start {
	struct build *build;
	const struct node *node;
	struct supervisor *supervisor;
	bool late; /* the deadline has passed, and that was said */
};

/* For what programs print that have met a limit without naming it; dnsmasq, for one. */
static const char *limit_hint(const char *printed)
{
	return strstr(printed, "inotify") && strstr(printed, "Too many open files")
		       ? "\n(a user's programs together have as many inotify instances as "
			 "fs.inotify.max_user_instances says; raise it: sysctl -w "
			 "fs.inotify.max_user_instances=8192)"
		       : "";
}

/* "lab.ini:3: run.x (false) WHAT and printed:\nTAIL" */
static int describe(const struct command *command, const struct output *output, struct error *err,
		    const char *format, ...) __attribute__((format(printf, 4, 5)));

static int describe(const struct command *command, const struct output *output, struct error *err,
		    const char *format, ...)
{
	char what[OUTPUT_TAIL + 1600], last[OUTPUT_TAIL + 1];
	const char *joint;
	va_list args;
	int n;

	va_start(args, format);
	n = vsnprintf(what, sizeof(what), format, args);
	va_end(args);
	joint = n > 0 && strchr(what, '\n') ? "it" : " and";
	output_last(output, last);
	return error_set(err, 0, "%s:%d: %s (%s) %s%s printed%s%s%s", command->place.file,
			 command->place.line, command->key, command->text, what, joint,
			 *last ? ":\n" : " nothing", last, limit_hint(last));
}

/* The deadline has passed: say so, once, and go on until `up` ends it all. */
static int say_late(struct start *start, struct error *err)
{
	start->late = true;
	if (build_report(start->build, REPORT_LATE, start->node->number - 1, err->text) < 0)
		return error_set(err, errno, "cannot report");
	return 0;
}

static int64_t deadline(const struct start *start)
{
	return start->late ? 0 : start->build->shared->deadline;
}

static bool is_late(const struct start *start)
{
	return deadline(start) && clock_now() >= deadline(start);
}

static int warn(const struct start *start, struct error *err)
{
	error_prefix(err, "node %s: ", start->node->name);
	if (build_report(start->build, REPORT_WARNING, start->node->number - 1, err->text) < 0)
		return error_set(err, errno, "cannot report");
	return 0;
}

/* *err has a failure: is it one, or a warning? */
static int judge(const struct start *start, const struct command *command, struct error *err)
{
	return command->may_fail ? warn(start, err) : -1;
}

static int await_node(struct start *start, const struct after *after, struct error *err)
{
	uint32_t other = after->node->number - 1;
	struct gate *gate = &start->build->progress[other].ready;
	int failed;

	if (!start->build->plan->start[other].count)
		return 0; /* its network is there, as everybody's */
	failed = gate_await(gate, deadline(start));
	if (failed == -ETIMEDOUT) {
		error_set(err, 0, "%s:%d: it waits for %s", after->place.file, after->place.line,
			  after->node->name);
		failed = say_late(start, err);
		if (!failed)
			failed = gate_await(gate, 0);
	}
	return failed ? error_set(err, -failed, "cannot wait for node %s", after->node->name) : 0;
}

static int open_commands(struct start *start, struct error *err)
{
	struct supervisor *supervisor = start->supervisor;

	if (supervisor->has_commands)
		return 0;
	supervisor->has_commands = true;
	return output_open(&supervisor->commands, start->build->folder, start->node->name, NULL,
			   err);
}

/* Wait for the end of the command that runs. */
static int await_end(struct start *start, const struct command *command, struct error *err)
{
	struct supervisor *supervisor = start->supervisor;

	while (supervisor->command) {
		if (supervisor_step(supervisor, deadline(start), err) < 0)
			return -1;
		if (!supervisor->command || !is_late(start))
			continue;
		describe(command, &supervisor->commands, err, "has not ended");
		if (say_late(start, err) < 0)
			return -1;
	}
	return 0;
}

static int run_command(struct start *start, const struct command *command, struct error *err)
{
	const char *const argv[] = {"/bin/sh", "-c", command->text, NULL};
	struct supervisor *supervisor = start->supervisor;
	pid_t child = process_start(argv, supervisor->commands.write_end, NULL, 0);
	char how[ENDED_TEXT_SIZE];

	if (child < 0)
		return error_set(err, -child, "cannot start %s", command->key);
	supervisor->command = child;
	if (await_end(start, command, err) < 0)
		return -1;
	if (supervisor->status == 0)
		return 0;
	ended_text(supervisor->status, how);
	describe(command, &supervisor->commands, err, "%s", how);
	output_note(&supervisor->commands, "%s (%s) %s", command->key, command->text, how);
	return judge(start, command, err);
}

/* In the log too, a note for each of the lines. */
static void note_lines(struct output *output, const char *lines)
{
	while (*lines) {
		int length = (int)strcspn(++lines, "\n"); /* each begins with the end of a line */

		output_note(output, "%.*s", length, lines);
		lines += length;
	}
}

/* For scripts that were written for machines with systemd. */
static const char *hint(const char *lines)
{
	return strstr(lines, "systemctl")
		       ? "\n(systemctl has nobody to speak to in a node: service(8) works, and "
			 "nslab-topology(5) has a wrapper)"
		       : "";
}

static int judge_script(struct start *start, const struct command *command, struct script *script,
			struct error *err)
{
	size_t count;
	const char *lines = script_failures(script, &count);
	struct output *output = &start->supervisor->commands;
	int status = start->supervisor->status;
	char how[ENDED_TEXT_SIZE];

	if (!count && !status)
		return 0;
	if (count) {
		describe(command, output, err, "had %zu line%s that failed:%s%s\n", count,
			 count == 1 ? "" : "s", lines, hint(lines));
		note_lines(output, lines);
	} else {
		describe(command, output, err, "%s", ended_text(status, how));
		output_note(output, "%s %s", command->text, how);
	}
	return judge(start, command, err);
}

static int run_script(struct start *start, const struct command *command, struct error *err)
{
	AUTO_ARENA struct arena *arena = arena_new();
	struct supervisor *supervisor = start->supervisor;
	struct script script;
	pid_t child;
	int failed = script_open(&script, command->text, arena, err);

	if (failed) {
		error_prefix(err, "%s:%d: %s: ", command->place.file, command->place.line,
			     command->key);
		failed = judge(start, command, err);
		script_close(&script);
		return failed;
	}
	child = script_start(&script, supervisor->commands.write_end);
	if (child < 0)
		failed = error_set(err, -child, "cannot start %s", command->key);
	else
		supervisor->command = child;
	if (!failed)
		failed = await_end(start, command, err);
	if (!failed)
		failed = judge_script(start, command, &script, err);
	script_close(&script);
	return failed;
}

/* It has ended, and that was not expected. */
static int service_failed(struct start *start, const struct service *service, const char *when,
			  struct error *err)
{
	const char *hint = service->status == 0
				   ? " (should it have gone into the background: a service stays "
				     "in the foreground, for which daemons have an option)"
				   : "";
	char how[ENDED_TEXT_SIZE];

	describe(service->command, &service->output, err, "%s %s%s",
		 ended_text(service->status, how), when, hint);
	return judge(start, service->command, err);
}

static int service_late(struct start *start, const struct service *service, struct error *err)
{
	uint32_t ends = service->restarts + (service->pid == 0);
	char lacks[SERVICE_TEXT_SIZE], how[ENDED_TEXT_SIZE];

	if (ends)
		describe(service->command, &service->output, err,
			 "is not ready: it has ended %u time%s, and %s last", ends,
			 ends == 1 ? "" : "s", ended_text(service->status, how));
	else
		describe(service->command, &service->output, err, "is not ready: %s; it runs",
			 service_lacks(service, lacks));
	return say_late(start, err);
}

/* It may be waiting for something that others do, and come up yet; or be a typing error. */
static int service_struggles(struct start *start, const struct service *service, struct error *err)
{
	char how[ENDED_TEXT_SIZE];

	describe(service->command, &service->output, err,
		 "has ended %d times before it was ready (it is started again until [lab] "
		 "timeout), %s last",
		 STRUGGLES, ended_text(service->status, how));
	return warn(start, err);
}

static int start_service(struct start *start, const struct command *command, struct error *err)
{
	struct supervisor *supervisor = start->supervisor;
	struct service *service = &supervisor->services[supervisor->count];
	struct slot *slot =
		&start->build->slots[start->build->progress[start->node->number - 1].slot +
				     supervisor->count];
	bool told = false;

	if (service_open(service, command, slot, start->build->folder, start->node->name, err) < 0)
		return -1;
	supervisor->count++;
	while (service->state != SERVICE_READY) {
		if (supervisor_step(supervisor, deadline(start), err) < 0)
			return -1;
		if (service->state == SERVICE_ENDED)
			return service_failed(start, service, "before it was ready", err);
		if (!told && service->state == SERVICE_RESTARTING &&
		    service->restarts + 1 == STRUGGLES) {
			told = true;
			if (service_struggles(start, service, err) < 0)
				return -1;
		}
		if (service->state != SERVICE_READY && is_late(start) &&
		    service_late(start, service, err) < 0)
			return -1;
	}
	return 0;
}

static int carry_out(struct start *start, const struct op *op, struct error *err)
{
	int failed = 0;

	if (op->kind == OP_CONFIG)
		return config_write(op->config, err);
	if (op->kind == OP_AWAIT)
		return await_node(start, op->after, err);
	if (op->kind == OP_SERVICE)
		return start_service(start, op->command, err);
	failed = open_commands(start, err);
	if (failed)
		return failed;
	output_begin(&start->supervisor->commands);
	if (op->kind == OP_SCRIPT)
		return run_script(start, op->command, err);
	return run_command(start, op->command, err);
}

/* One that was ready may have failed while others were started. */
static int look_at_services(struct start *start, struct error *err)
{
	for (size_t i = 0; i < start->supervisor->count; i++) {
		const struct service *service = &start->supervisor->services[i];

		if (service->state == SERVICE_ENDED && service->status &&
		    !service->command->may_fail &&
		    service_failed(start, service, "soon after it was ready", err) < 0)
			return -1;
	}
	return 0;
}

int node_start(struct build *build, const struct node *node, struct supervisor *supervisor,
	       struct error *err)
{
	const struct span *span = &build->plan->start[node->number - 1];
	struct progress *progress = &build->progress[node->number - 1];
	struct start start = {.build = build, .node = node, .supervisor = supervisor};
	int failed = supervisor_open(supervisor, span->count, err);

	for (size_t i = 0; i < span->count && !failed; i++) {
		__atomic_store_n(&progress->at, (uint32_t)i + 1, __ATOMIC_RELAXED);
		failed = carry_out(&start, &build->plan->ops[span->first + i], err);
	}
	if (!failed)
		failed = look_at_services(&start, err);
	if (failed)
		return failed;
	output_close_writer(&supervisor->commands);
	failed = gate_open(&progress->ready);
	return failed ? error_set(err, -failed, "cannot tell the nodes that wait for it") : 0;
}
